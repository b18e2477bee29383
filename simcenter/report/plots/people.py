"""One simulated day person by person: what agents did, and what callers met."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from numpy.typing import NDArray

from simcenter.floor.records import HANDLING, ActivityTable, ContactTable, Outcome
from simcenter.model.timeline import DayClock
from simcenter.report.plots.axes import clock_axis, nothing
from simcenter.report.plots.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    LIGHT,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    Canvas,
    Plot,
    brief,
)

__all__ = ["plot_agents", "plot_callers"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_AGENTS = 40
"""Agents of one chart."""

MOST_CALLERS = 60
"""Callers of one chart."""

WINDOW = 1800.0
"""Seconds of the callers' chart where nobody says which."""

LATE = 60.0
"""Seconds by which a break must start late to be marked."""


KINDS = (
    ("handling", BLUE, ""),
    ("wrap", SKY, ""),
    ("available", LIGHT, ""),
    ("pause", ORANGE, "////"),
    ("other_activity", PURPLE, "...."),
    ("not_there", "white", "xxxx"),
)
"""Kinds of states: words, colour, hatching."""

PAUSES = ("break", "lunch")


def _kind(state: str) -> str | None:
    """Return to which of `KINDS` a state belongs, None for being off."""
    if state == "off":
        return None
    if state in ("wrap", "available"):
        return state
    if state in HANDLING:
        return "handling"
    if state in PAUSES:
        return "pause"
    return "not_there" if state in ("late", "absent", "away", "recover") else "other_activity"


@dataclass(frozen=True)
class _Late:
    """A break that began after its time."""

    agent: int
    planned: float
    start: float


def plot_agents(
    activities: ActivityTable,
    plan: ActivityTable | None = None,
    *,
    name: str = "",
    day: int = 1,
    language: str | None = None,
) -> Plot:
    """Return who did what over one day: a line per agent, late breaks marked.

    Parameters
    ----------
    activities
        Of one replication; the first `MOST_AGENTS` agents that come on that day are shown.
    plan
        Where breaks were to begin; None: late breaks are not known.
    name
        What is shown, in small print.
    day
        Which one (1 = first).
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    on_day = _rows_of_day(activities, day)
    there = np.unique(activities.agent[on_day])
    shown = there[:MOST_AGENTS]
    with Canvas(language, (12.0, 2.9 + 0.27 * max(len(shown), 6))) as canvas:
        (axes,) = canvas.panels()
        axes.grid(visible=False)
        if not len(shown):
            return nothing(canvas, axes, name, "nobody_there")
        lines = {int(agent): place for place, agent in enumerate(shown)}
        midnight = activities.timeline.midnight(day)
        first, last = _draw_activities(canvas, axes, activities, on_day, lines)
        late, breaks = ([], 0) if plan is None else _late_breaks(activities, plan, day)
        _draw_late(canvas, axes, [one for one in late if one.agent in lines], lines, midnight)
        axes.set_yticks(range(len(shown)), [brief(activities.agents[a], 24) for a in shown])
        axes.set_ylim(len(shown) - 0.4, -0.6)
        clock = DayClock(day, activities.timeline)
        clock_axis(canvas, axes, first - midnight, last - midnight, clock)
        more = len(there) - len(shown)
        about = canvas.say("first_agents", name=name, count=len(shown)) if more else name
        canvas.title(_punctuality(canvas, activities, late, breaks, plan is not None, day), about)
        canvas.legend()
        return canvas.figure


def _rows_of_day(activities: ActivityTable, day: int) -> NDArray[np.bool_]:
    states = np.array([_kind(state) is not None for state in activities.states])
    return np.asarray((activities.day == day) & states[activities.state], dtype=bool)


def _draw_activities(
    canvas: Canvas,
    axes: Axes,
    activities: ActivityTable,
    rows: NDArray[np.bool_],
    lines: dict[int, int],
) -> tuple[float, float]:
    """Draw the stretches of each kind; return when the first begins and the last ends."""
    rows = rows & np.isin(activities.agent, list(lines))
    kinds = [_kind(state) for state in activities.states]
    midnight = activities.timeline.midnight(int(activities.day[rows][0]))
    for kind, color, hatch in KINDS:
        states = [place for place, found in enumerate(kinds) if found == kind]
        chosen = rows & np.isin(activities.state, states)
        if chosen.any():
            places = np.array([lines[int(agent)] for agent in activities.agent[chosen]])
            start, end = activities.start[chosen] - midnight, activities.end[chosen] - midnight
            axes.add_collection(
                PolyCollection(
                    _bars(places, start, end), fc=color, hatch=hatch, ec=BLACK if hatch else color,
                    lw=0.4 if hatch else 0, label=canvas.say(kind),
                )
            )  # fmt: skip
    return float(activities.start[rows].min()), float(activities.end[rows].max())


def _bars(places: Ints, start: Floats, end: Floats) -> list[Floats]:
    """Return the corners of a bar per stretch; as one collection they are drawn fast."""
    low, high = places - 0.39, places + 0.39
    corners = [[start, low], [end, low], [end, high], [start, high]]
    return list(np.array(corners, dtype=np.float64).transpose(2, 0, 1))


def _late_breaks(
    activities: ActivityTable, plan: ActivityTable, day: int
) -> tuple[list[_Late], int]:
    """Return the breaks that began late, and how many were planned."""
    late, planned = [], 0
    for state in PAUSES:
        if state not in plan.states:
            continue
        due_rows = (plan.state == plan.states.index(state)) & (plan.day == day)
        code = activities.states.index(state) if state in activities.states else -1
        for agent in np.unique(plan.agent[due_rows]):
            due = np.sort(plan.start[due_rows & (plan.agent == agent)])
            own = (activities.agent == agent) & (activities.state == code)
            begun = np.sort(activities.start[own])
            planned += len(due)
            for one, following in zip(due, np.append(due[1:], np.inf), strict=True):
                found = begun[(begun >= one) & (begun < following)]
                if len(found) and found[0] - one > LATE:
                    late.append(_Late(int(agent), float(one), float(found[0])))
    return late, planned


def _draw_late(
    canvas: Canvas, axes: Axes, late: list[_Late], lines: dict[int, int], midnight: float
) -> None:
    """Draw how long each late break was waited for."""
    if not late:
        return
    places = [lines[one.agent] for one in late]
    planned = [one.planned - midnight for one in late]
    start = [one.start - midnight for one in late]
    axes.hlines(places, planned, start, color=RED, lw=4)
    axes.plot(
        planned, places, ls="", marker="v", color=RED, mec=BLACK, ms=9, label=canvas.say("late")
    )


def _punctuality(
    canvas: Canvas,
    activities: ActivityTable,
    late: list[_Late],
    breaks: int,
    known: bool,
    day: int,
) -> str:
    if not known or not breaks:
        rows = _rows_of_day(activities, day)
        return canvas.say("agents_there", count=len(np.unique(activities.agent[rows])))
    if not late:
        return canvas.say("breaks_on_time", count=breaks)
    worst = max(late, key=lambda one: one.start - one.planned)
    return canvas.say(
        "breaks_late",
        count=len(late),
        of=breaks,
        minutes=f"{(worst.start - worst.planned) / 60:.0f}",
        agent=brief(activities.agents[worst.agent], 24),
        at=activities.timeline.label(day, worst.planned),
    )


def plot_callers(
    contacts: ContactTable,
    *,
    start: float | None = None,
    end: float | None = None,
    name: str = "",
    language: str | None = None,
) -> Plot:
    """Return each caller as a line: arrival, wait, answer or abandonment, and handling.

    Parameters
    ----------
    contacts
        Of one replication; the first `MOST_CALLERS` that enter a queue are shown.
    start, end
        Seconds since midnight of day 1; by default the `WINDOW` in which most time is waited.
    name
        What is shown, in small print.
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    queued = np.flatnonzero(~np.isnan(contacts.queue_entry))
    if start is None:
        start = _busiest(contacts, queued)
    end = start + WINDOW if end is None else end
    entry = contacts.queue_entry
    rows = queued[(entry[queued] >= start) & (entry[queued] < end)]
    rows = rows[np.argsort(entry[rows], kind="stable")][:MOST_CALLERS]
    with Canvas(language, (12.0, 3.0 + 0.11 * max(len(rows), 30))) as canvas:
        (axes,) = canvas.panels()
        axes.grid(visible=False)
        if not len(rows):
            return nothing(canvas, axes, name, "nothing_came")
        answered = contacts.outcome[rows] == Outcome.answered
        left = contacts.outcome[rows] == Outcome.abandoned
        _draw_callers(canvas, axes, contacts, rows, answered, left)
        axes.set_ylabel(canvas.say("callers_axis"))
        axes.set_ylim(len(rows) + 0.5, 0.5)
        _callers_clock(canvas, axes, contacts, rows, answered)
        longest = float(contacts.wait_s[rows].max())
        key = "callers" if left.any() else "callers_none_left"
        told = {"count": len(rows), "left": int(left.sum()), "longest": f"{longest:.0f}"}
        waited = int((contacts.wait_s[rows] > 0).sum())
        canvas.title(canvas.say(key, waited=waited, **told), name)
        canvas.legend()
        return canvas.figure


def _busiest(contacts: ContactTable, queued: Ints) -> float:
    """Return the start of the window in which those who enter wait longest in sum."""
    if not len(queued):
        return 0.0
    window = contacts.queue_entry[queued] // WINDOW
    waited = np.nan_to_num(contacts.wait_s[queued])
    values, place = np.unique(window, return_inverse=True)
    return float(values[np.argmax(np.bincount(place, waited))] * WINDOW)


def _draw_callers(
    canvas: Canvas,
    axes: Axes,
    contacts: ContactTable,
    rows: Ints,
    answered: NDArray[np.bool_],
    left: NDArray[np.bool_],
) -> None:
    midnight = _midnight(contacts, rows)
    entry = contacts.queue_entry[rows] - midnight
    ended = entry + np.nan_to_num(contacts.wait_s[rows])
    place = np.arange(1, len(rows) + 1)
    done = np.where(answered, contacts.release[rows] - midnight, np.nan)
    axes.hlines(
        place[answered],
        ended[answered],
        done[answered],
        color=SKY,
        lw=2.2,
        label=canvas.say("talking"),
    )
    axes.hlines(place, entry, ended, color=BLACK, lw=2.2, label=canvas.say("waiting"))
    axes.plot(entry, place, "|", color=BLACK, ms=6, mew=1.6, label=canvas.say("arrival"))
    marks = (
        (answered, "o", GREEN, "answer"),
        (left, "X", RED, "gave_up"),
        (~answered & ~left, "s", GREY, "otherwise_lost"),
    )
    for chosen, marker, color, word in marks:
        if chosen.any():
            axes.plot(
                ended[chosen], place[chosen], ls="", marker=marker, color=color, mec=BLACK,
                mew=0.6, ms=6.5, label=canvas.say(word),
            )  # fmt: skip


def _callers_clock(
    canvas: Canvas,
    axes: Axes,
    contacts: ContactTable,
    rows: Ints,
    answered: NDArray[np.bool_],
) -> None:
    midnight = _midnight(contacts, rows)
    entry = contacts.queue_entry[rows]
    ends = entry + np.nan_to_num(contacts.wait_s[rows])
    if answered.any():
        talked = np.quantile(contacts.release[rows][answered], 0.9)
        ends = np.append(ends, talked)
    first, last = float(entry.min()), float(ends.max())
    clock = DayClock(int(contacts.day[rows[0]]), contacts.timeline)
    clock_axis(canvas, axes, first - midnight, last - midnight + 30.0, clock)


def _midnight(contacts: ContactTable, rows: Ints) -> float:
    return contacts.timeline.midnight(int(contacts.day[rows[0]]))
