"""One sentence on why a day differs from what was promised, from what is known of the day.

A formula knows the mean volume, the mean handle time and the agents rostered. Whatever of the
day was otherwise and large enough to be seen is a reason; those that point the way in which
the floor differs are told, the largest first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simcenter.classroom.day import Day
from simcenter.classroom.promise import DayPromise
from simcenter.floor.records import Outcome
from simcenter.model.scenario import Scenario
from simcenter.report.class_sentences import REASONS

__all__ = ["Reason", "reasons_of", "why_sentence"]

SEEN = 0.02
"""A share of the volume, of the handle time or of paid time from which on it is told."""

ALIKE = 0.02
"""Service levels that differ by no more are called alike."""

MOST_TOLD = 3


@dataclass(frozen=True)
class Reason:
    """Something that the formula does not know of the day.

    Attributes
    ----------
    key
        Of its words.
    better
        Whether the floor gains by it.
    size
        By which reasons are ordered: about what share of the day's work it is.
    found
        The numbers in its words.
    """

    key: str
    better: bool
    size: float
    found: Mapping[str, object]


def why_sentence(day: Day, promise: DayPromise) -> dict[str, str]:
    """Return the sentence by language.

    Parameters
    ----------
    day
        As it was played.
    promise
        From `simcenter.classroom.promise.promise_of`.
    """
    floor = day.figures["service_level"]
    formula = "erlang_a" if _impatient(day.scenario) else "erlang_c"
    promised = promise.values[formula]["service_level"]
    if floor is None or np.isnan(promised):
        return {name: words["nothing"] for name, words in REASONS.items()}
    gap = floor - promised
    told = [r for r in reasons_of(day, promise, formula) if r.better == (gap > 0)]
    told = sorted(told, key=lambda reason: -reason.size)[:MOST_TOLD]
    alike = abs(gap) <= ALIKE
    sentences = {}
    for name, words in REASONS.items():
        parts = [words[reason.key].format(**reason.found) for reason in told]
        sentences[name] = words["alike" if alike else "differs"].format(
            c=_promised(promise, "erlang_c", words),
            a=_promised(promise, "erlang_a", words),
            gave_up=_gave_up(day, promise, words),
            formula="Erlang A" if formula == "erlang_a" else "Erlang C",
            floor=words["percent"].format(share=100 * floor),
            reasons=words["and"].join(parts or [words["chance"]]),
        )
    return sentences


def _promised(promise: DayPromise, formula: str, words: Mapping[str, str]) -> str:
    values = promise.values[formula]
    key = "percent_no_end" if np.isposinf(values["asa"]) else "percent"
    return words[key].format(share=100 * values["service_level"])


def _gave_up(day: Day, promise: DayPromise, words: Mapping[str, str]) -> str:
    """Return what Erlang C did not know of callers who give up, where it made a difference."""
    gone = day.figures["abandoned"] or 0.0
    levels = [promise.values[formula]["service_level"] for formula in ("erlang_c", "erlang_a")]
    if not gone or abs(levels[1] - levels[0]) <= ALIKE:
        return ""
    return words["gave_up"].format(count=f"{gone:.0f}")


def _impatient(scenario: Scenario) -> bool:
    return any(kind.patience is not None for kind in scenario.types)


def reasons_of(day: Day, promise: DayPromise, formula: str) -> list[Reason]:
    """Return what of a day the formula did not know, in no order."""
    found = [
        _volume(day, promise),
        _handling(day, promise),
        _away(day),
        _overload(promise, formula),
        _variation(day),
        _skills(day.scenario),
    ]
    return [reason for reason in found if reason is not None]


def _volume(day: Day, promise: DayPromise) -> Reason | None:
    came = day.figures["offered"] or 0.0
    more = came / promise.expected - 1.0 if promise.expected > 0 else 0.0
    if abs(more) < SEEN:
        return None
    found = {"count": f"{came:.0f}", "percent": f"{100 * abs(more):.0f}"}
    return Reason("fewer" if more < 0 else "more", more < 0, abs(more), found)


def _handling(day: Day, promise: DayPromise) -> Reason | None:
    took = day.figures["aht"]
    if took is None or not promise.aht > 0:
        return None
    more = took / promise.aht - 1.0
    if abs(more) < SEEN:
        return None
    found = {"aht": f"{took:.0f}", "expected": f"{promise.aht:.0f}"}
    return Reason("shorter" if more < 0 else "longer", more < 0, abs(more), found)


def _away(day: Day) -> Reason | None:
    """Return the time for which agents were late or absent."""
    table, (first, last) = day.activities, day.measured
    length = np.clip(table.end, first, last) - np.clip(table.start, first, last)
    states = np.array(table.states)[table.state]
    away = float(length[np.isin(states, ["late", "absent"])].sum())
    paid = float(length[states != "off"].sum())
    if paid <= 0 or away < SEEN / 2 * paid:
        return None
    return Reason("away", False, away / paid, {"hours": f"{away / 3600:.1f}"})


def _overload(promise: DayPromise, formula: str) -> Reason | None:
    if not promise.overloaded:
        return None
    found = {"count": promise.overloaded, "all": promise.intervals}
    better = formula == "erlang_c"
    share = promise.overloaded / max(promise.intervals, 1)
    return Reason("overload_better" if better else "overload_worse", better, share, found)


def _variation(day: Day) -> Reason | None:
    """Return whether handle times vary more or less than the formula's exponential ones."""
    table = day.contacts
    answered = table.outcome == Outcome.answered
    if answered.sum() < 30:
        return None
    took = (table.wrap_end - table.answer)[answered]
    cv = float(took.std() / took.mean()) if took.mean() > 0 else 1.0
    if 0.7 <= cv <= 1.3:
        return None
    # the wait grows with (1 + cv²) / 2 (Pollaczek and Khinchine)
    size = abs(cv * cv - 1.0) / 20.0
    return Reason("steady" if cv < 1 else "varied", cv < 1, size, {"cv": f"{cv:.1f}"})


def _skills(scenario: Scenario) -> Reason | None:
    """Return whether agents of one pool differ in what they can serve."""
    sets = {tuple(level > 0 for level in agent.levels) for agent in scenario.agents}
    shared = any(
        one != other and any(a and b for a, b in zip(one, other, strict=True))
        for one in sets
        for other in sets
    )
    return Reason("skills", False, 0.03, {}) if shared else None
