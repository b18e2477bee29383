"""Patience that totals do not show, sought by simulation.

More patience means fewer abandoned and longer waits; more agents mean fewer of both. So
two numbers that most reports hold, abandonment and average speed of answer, determine the
mean patience (taken as exponential) and, where no agents are told, how many there were:
the offered load and a multiple of its root, the same all day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import optimize, stats

from simcenter.floor.records import ContactTable, Floats, Ints, Outcome
from simcenter.history.calibration.agents import GroupFit
from simcenter.history.calibration.estimate import CONFIDENCE, Estimate
from simcenter.history.calibration.matching import Observed, agreement, measured
from simcenter.history.calibration.patience import (
    Hazard,
    PatienceCandidate,
    PatienceFit,
    SurvivalCurve,
)
from simcenter.history.calibration.playback import playback
from simcenter.history.calibration.results import Agreement, Calibration, Matching, TypeFit
from simcenter.history.calibration.steps import staffing_of, staying
from simcenter.model.distributions import Exponential
from simcenter.model.grid import DAY, to_grid
from simcenter.model.scenario import Scenario

if TYPE_CHECKING:
    from simcenter.history.calibration.queues import Totals

__all__ = ["patience_of_waits", "seek_patience"]

LEAST_PATIENCE, MOST_PATIENCE = 5.0, 20_000.0  # s
LEAST_SURPLUS, MOST_SURPLUS = -3.0, 6.0  # roots of the offered load
MOST_DAYS = 28
MOST_CONTACTS = 60_000
REPLICATIONS = 2
STEPS = 12

FOR_NOISE = 24
"""Replications that tell how much two such numbers of the same days stray by chance."""

STEP_OF_LOG, STEP_OF_SURPLUS = 0.15, 0.5

Sought = tuple[float, float | None]
Play = Callable[[float, float | None, int], list[Observed]]


def seek_patience(calibration: Calibration, queues: Sequence[Totals], *, seed: int) -> Calibration:
    """Return the calibration with the patience (and agents) that agree with the totals.

    Parameters
    ----------
    calibration
        From totals, without patience.
    queues
        The totals, one per contact type.
    seed
        Of the simulation.
    """
    chosen = _days(calibration)
    types, groups, found = [], [], []
    for number, (fit, one) in enumerate(zip(calibration.types, queues, strict=True)):
        seen = _seen(one, chosen)
        if seen is None:
            types.append(fit)
            groups.append(calibration.groups[number])
            continue
        alone = replace(calibration, types=(fit,), groups=(calibration.groups[number],))
        play = _player(alone, one, chosen, seed)
        mean, surplus = _sought(play, seen, told=one.told("agents"))
        error = _error_of_log(play, (mean, surplus), seen)
        types.append(replace(fit, patience=_patience(fit.name, mean, error, one)))
        groups.append(_staffed(alone, surplus))
        played = play(mean, surplus, REPLICATIONS)
        found.append(agreement(fit.name, "exponential", seen, played))
    dates = calibration.days.dates
    matching = Matching(
        dates[chosen[0]], dates[chosen[-1]], REPLICATIONS, tuple(found), tuple(found)
    )
    return replace(
        calibration,
        types=tuple(types),
        groups=tuple(groups),
        matching=matching if found else None,
    )


def _days(calibration: Calibration) -> Ints:
    """Return the last ordinary days, as rows of the book, not too many contacts in all."""
    rows = np.flatnonzero(calibration.days.used)[-MOST_DAYS:]
    totals = calibration.days.totals[rows][::-1]
    kept = max(int(np.searchsorted(np.cumsum(totals), MOST_CONTACTS, side="right")), 1)
    return np.asarray(rows[-kept:])


def _seen(one: Totals, chosen: Ints) -> Observed | None:
    """Return abandonment and ASA of the days; None where either is not told."""
    offered, abandoned = one.offered[chosen], one.abandoned[chosen]
    answered, wait = one.answered[chosen], one.wait_answered[chosen]
    known = np.isfinite(offered) & np.isfinite(abandoned)
    heard = np.isfinite(answered) & np.isfinite(wait)
    if not (offered[known].sum() > 0 and abandoned[known].sum() > 0 and answered[heard].sum() > 0):
        return None
    return Observed(
        offered=round(float(offered[known].sum())),
        abandonment=float(abandoned[known].sum() / offered[known].sum()),
        asa=float(wait[heard].sum() / answered[heard].sum()),
    )


def _player(alone: Calibration, one: Totals, chosen: Ints, seed: int) -> Play:
    """Return a function of patience, surplus and how often, that plays the days again."""
    (fit,) = alone.types
    offered = np.nan_to_num(one.offered[chosen])
    step = alone.interval_minutes * 60.0
    load = offered * fit.handle.aht.value / step
    told = staying(one.agents[chosen].ravel(), offered.ravel()).reshape(offered.shape)
    first = dt.date(2001, 1, 1)  # the days stand side by side, whatever their dates
    last = first + dt.timedelta(days=len(chosen) - 1)
    contacts = _made_up(fit, offered, alone.opens, step, first, seed)

    def play(mean: float, surplus: float | None, often: int) -> list[Observed]:
        agents = told if surplus is None else staffed(load, surplus).astype(np.float64)
        patience = _patience(fit.name, mean, 0.0, one)
        scenario = playback(
            *(alone, contacts, first, last),
            counts=np.ceil(agents).astype(np.int64)[None],
            patience={fit.name: patience},
            seed=seed,
        )
        scenario = _with_agents(scenario, agents)
        return [measured(scenario, number + 1)[fit.name] for number in range(often)]

    return play


def _with_agents(scenario: Scenario, agents: Floats) -> Scenario:
    """Return the scenario with agents of its one group as these means tell."""
    (group,) = scenario.groups
    return replace(scenario, groups=(replace(group, staffing=staffing_of(agents, scenario.clock)),))


def staffed(load: Floats, surplus: float) -> Ints:
    """Return whole agents: the offered load and so many times its root, at least one.

    Examples
    --------
    >>> staffed(np.array([0.0, 4.0, 100.0]), 0.5).tolist()
    [0, 5, 105]
    """
    wanted = np.floor(load + surplus * np.sqrt(load) + 0.5)
    return np.where(load > 0, np.maximum(wanted, 1.0), 0.0).astype(np.int64)


def _made_up(
    fit: TypeFit, offered: Floats, opens: float, step: float, first: dt.date, seed: int
) -> ContactTable:
    """Return contacts that arrive at even chance within the intervals in which they came."""
    counts = np.rint(offered).astype(np.int64)
    day = np.repeat(np.arange(counts.shape[0]), counts.sum(axis=1))
    starts = opens + step * np.arange(counts.shape[1])
    start = np.repeat(np.broadcast_to(starts, counts.shape).ravel(), counts.ravel())
    size = len(day)
    within = np.random.default_rng(seed).random(size) * step
    arrival = to_grid(day * DAY + start + np.minimum(within, step - 0.001))
    nothing, missing = np.full(size, np.nan), np.full(size, -1, dtype=np.int64)
    columns: dict[str, Any] = dict.fromkeys(
        ("queue_entry", "answer", "release", "wrap_end"), nothing
    )
    columns |= dict.fromkeys(("ivr_s", "wait_s", "ring_s", "talk_s", "hold_s", "wrap_s"), nothing)
    columns |= dict.fromkeys(
        ("agent", "group", "priority", "attempt", "parent_id", "caller_id"), missing
    )
    return ContactTable(
        types=(fit.name,),
        channels=("",),
        groups=(),
        agents=(),
        contact_id=np.arange(1, size + 1),
        contact_type=np.zeros(size, dtype=np.int64),
        day=day + 1,
        arrival=arrival,
        outcome=np.full(size, Outcome.waiting, dtype=np.int64),
        **columns,
        first_date=first,
    )


def _sought(play: Play, seen: Observed, *, told: bool) -> Sought:
    """Return the patience, and the surplus of agents where they are not told."""
    if told:
        return _nearest(lambda mean: _off(play(mean, None, REPLICATIONS), seen)), None

    def surplus_for(mean: float) -> float:
        """Return the surplus at which as many abandon as did."""
        return _bisect(
            lambda surplus: seen.abandonment - _mean(play(mean, surplus, REPLICATIONS))[0],
            LEAST_SURPLUS,
            MOST_SURPLUS,
        )

    def too_long(log: float) -> float:
        mean = float(np.exp(log))
        return _mean(play(mean, surplus_for(mean), REPLICATIONS))[1] - seen.asa

    mean = float(np.exp(_bisect(too_long, np.log(LEAST_PATIENCE), np.log(MOST_PATIENCE))))
    return mean, surplus_for(mean)


def _error_of_log(play: Play, sought: Sought, seen: Observed) -> float:
    """Return the standard error of the logarithm of the patience that was found.

    What was observed is one of many days that the same centre could have had. How far the
    two numbers stray over replications, divided by how fast they move with what was sought
    (least squares; Gauss-Newton), is how far the answer strays; the replications that were
    matched stray too.
    """
    mean, surplus = sought

    def numbers(played: list[Observed]) -> Floats:
        scale = max(seen.abandonment, 0.01), max(seen.asa, 1.0)
        return np.array([(one.abandonment, one.asa) for one in played]) / scale

    noise = np.cov(numbers(play(mean, surplus, FOR_NOISE)).T) * (1.0 + 1.0 / REPLICATIONS)

    def slope(above: Sought, below: Sought, step: float) -> Floats:
        ends = [numbers(play(*end, FOR_NOISE // 4)).mean(axis=0) for end in (above, below)]
        return np.asarray((ends[0] - ends[1]) / (2.0 * step))

    factor = float(np.exp(STEP_OF_LOG))
    slopes = [slope((mean * factor, surplus), (mean / factor, surplus), STEP_OF_LOG)]
    if surplus is not None:
        step = STEP_OF_SURPLUS
        slopes.append(slope((mean, surplus + step), (mean, surplus - step), step))
    moves = np.linalg.pinv(np.stack(slopes, axis=1))
    return float(np.sqrt((moves @ noise @ moves.T)[0, 0]))


def _bisect(rising: Callable[[float], float], low: float, high: float) -> float:
    """Return where a rising function, known with noise, passes 0."""
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        if rising(middle) > 0:
            high = middle
        else:
            low = middle
    return 0.5 * (low + high)


def _nearest(off: Callable[[float], float]) -> float:
    """Return the patience at which simulated and observed are nearest."""
    logs = np.linspace(np.log(LEAST_PATIENCE), np.log(MOST_PATIENCE), STEPS)
    values = [off(float(np.exp(log))) for log in logs]
    place = int(np.argmin(values))
    ends = float(logs[max(place - 1, 0)]), float(logs[min(place + 1, STEPS - 1)])
    found = optimize.minimize_scalar(
        lambda log: off(float(np.exp(log))),
        bounds=ends,
        method="bounded",
        options={"maxiter": STEPS, "xatol": 0.005},
    )
    return float(np.exp(found.x))


def _mean(played: list[Observed]) -> tuple[float, float]:
    return (
        float(np.mean([one.abandonment for one in played])),
        float(np.mean([one.asa for one in played])),
    )


def _off(played: list[Observed], seen: Observed) -> float:
    found: Agreement = agreement("", "", seen, played)
    return found.distance


def patience_of_waits(one: Totals) -> PatienceFit | None:
    """Return exponential patience as the time waited over those who gave up.

    Where the waits of the abandoned are not told they are taken to be as long as those of the
    answered. None where nobody gave up, or no wait is told.
    """
    gone = np.isfinite(one.abandoned) & np.isfinite(one.wait_answered)
    events = float(one.abandoned[gone].sum())
    waited = float(one.wait_answered[gone].sum())
    if one.told("wait_abandoned"):
        waited += float(np.nansum(one.wait_abandoned[gone]))
    else:
        waited += events * (one.rate("wait_answered", "answered") or 0.0)
    if events <= 0 or waited <= 0:
        return None
    how = "time waited over those who gave up"
    return _patience(one.name, waited / events, 1.0 / np.sqrt(events), one, how)


def _patience(
    name: str,
    mean: float,
    error: float,
    one: Totals,
    how: str = "abandonment and ASA matched by simulation",
) -> PatienceFit:
    where = f"contact_types.{name}.patience"
    events = round(float(np.nansum(one.abandoned)))
    size = round(float(np.nansum(one.offered)))
    reach = float(np.exp(stats.norm.ppf(0.5 + CONFIDENCE / 2) * min(error, 10.0)))
    low, high = mean / reach, mean * reach
    distribution = Exponential(mean=mean)
    half = float(np.log(2.0))
    nothing, none = np.zeros(0), np.zeros(0, dtype=np.int64)
    return PatienceFit(
        name="exponential",
        distribution=distribution,
        balk=Estimate(f"{where}.balk", 0.0, None, None, 0, "not told by totals", "share"),
        events=events,
        censored=size - events,
        mean=Estimate(f"{where}.mean", mean, low, high, events, how, "s"),
        median=Estimate(f"{where}.median", mean * half, low * half, high * half, events, how, "s"),
        pooled=False,
        curve=SurvivalCurve(nothing, nothing, nothing, nothing, none),
        hazard=Hazard(nothing, nothing, nothing, nothing, none, nothing),
        candidates=(
            PatienceCandidate(
                "exponential",
                distribution,
                float("nan"),
                float("nan"),
                mean * half,
                {"mean": (low, high)},
            ),
        ),
    )


def _staffed(alone: Calibration, surplus: float | None) -> GroupFit:
    """Return the group with the surplus that was found."""
    (fit,), (group,) = alone.types, alone.groups
    if surplus is None:
        return group
    step = alone.interval_minutes * 60.0
    load = fit.arrivals.expected * fit.handle.aht.value / step
    mean = staffed(load, surplus).astype(float)
    rows = [group.keys.index(key) for key in alone.days.keys if key in group.keys]
    return replace(group, mean=mean, hours=float(mean[rows].sum()) * step / 3600.0)
