"""Handling of a contact type: talk, hold and wrap, by agent group and by time of day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from simcenter.floor.records import ContactTable, Floats, Ints, Outcome
from simcenter.history.calibration.durations import ENOUGH, DurationFit, fit_durations
from simcenter.history.calibration.estimate import CONFIDENCE, Estimate, mean_of

__all__ = ["ByTime", "GroupFactor", "HandleFit", "fit_handle", "group_factors"]

LEAST_FACTOR = 0.05
"""A group whose mean is nearer to that of all than this share has no factor of its own."""

Mask = np.ndarray


@dataclass(frozen=True, eq=False)
class ByTime:
    """Mean handle time by interval of the answer, with 95 % intervals; NaN: too few.

    ``p_value`` is of the test that it is the same all day (one-way analysis of variance
    of the logarithms); ``explained`` the share of their variance that the time of day
    explains.
    """

    starts: Floats
    mean: Floats
    low: Floats
    high: Floats
    sample: Ints
    p_value: float
    explained: float


@dataclass(frozen=True, eq=False)
class HandleFit:
    """Handling of one contact type.

    ``hold`` and ``wrap`` are None where none was recorded. ``aht`` is the mean of the three
    together over answered contacts, values beyond belief left out. ``pooled`` says that too
    few were answered, so that all types together stand for this one.
    """

    talk: DurationFit
    hold: DurationFit | None
    wrap: DurationFit | None
    aht: Estimate
    by_time: ByTime
    pooled: bool


@dataclass(frozen=True)
class GroupFactor:
    """Mean handle time of a type in a group over that in all groups."""

    group: str
    contact_type: str
    factor: Estimate
    written: bool


def fit_handle(
    where: str, table: ContactTable, kind: int, starts: Floats, step: float
) -> HandleFit | None:
    """Estimate handling; None where nothing at all was answered."""
    answered = table.outcome == Outcome.answered
    mine = answered & (table.contact_type == kind)
    pooled = int(mine.sum()) < ENOUGH
    rows = np.flatnonzero(answered if pooled else mine)
    if len(rows) == 0:
        return None
    parts = {part: np.nan_to_num(getattr(table, f"{part}_s")[rows]) for part in _PARTS}
    fits = {
        part: fit_durations(values)
        for part, values in parts.items()
        if part == "talk" or values.max() > 0
    }
    total = np.sum(list(parts.values()), axis=0)
    kept = parts["talk"] <= fits["talk"].limit
    aht = mean_of(f"{where}.handle.aht", total[kept], "mean over answered contacts")
    by_time = _by_time(total[kept], table.answer[rows][kept], starts, step)
    return HandleFit(fits["talk"], fits.get("hold"), fits.get("wrap"), aht, by_time, pooled)


_PARTS = ("talk", "hold", "wrap")


def _by_time(total: Floats, answer: Floats, starts: Floats, step: float) -> ByTime:
    place = np.floor((answer % 86400.0 - starts[0]) / step).astype(np.int64)
    count = len(starts)
    inside = (place >= 0) & (place < count)
    place, total = place[inside], total[inside]
    number = np.bincount(place, minlength=count)
    safe = np.maximum(number, 1)
    mean = np.bincount(place, total, count) / safe
    square = np.bincount(place, total**2, count) / safe - mean**2
    enough = number >= 10
    reach = stats.norm.ppf(0.5 + CONFIDENCE / 2) * np.sqrt(np.maximum(square, 0.0) / safe)
    nothing = np.full(count, np.nan)
    p_value, explained = _analysis(np.log(np.maximum(total, 1.0)), place, enough)
    return ByTime(
        starts=starts,
        mean=np.where(enough, mean, nothing),
        low=np.where(enough, mean - reach, nothing),
        high=np.where(enough, mean + reach, nothing),
        sample=number,
        p_value=p_value,
        explained=explained,
    )


def _analysis(logs: Floats, place: Ints, enough: Mask) -> tuple[float, float]:
    """Return the p-value and the explained share of a one-way analysis of variance."""
    used = enough[place]
    logs, place = logs[used], np.unique(place[used], return_inverse=True)[1]
    groups = int(place.max()) + 1 if len(place) else 0
    if groups < 2 or len(logs) <= groups or float(np.ptp(logs)) == 0:
        return 1.0, 0.0
    mean = np.bincount(place, logs) / np.bincount(place)
    within = float(np.sum((logs - mean[place]) ** 2))
    whole = float(np.sum((logs - logs.mean()) ** 2))
    between = whole - within
    ratio = (between / (groups - 1)) / max(within / (len(logs) - groups), 1e-300)
    return float(stats.f.sf(ratio, groups - 1, len(logs) - groups)), between / whole


def group_factors(
    table: ContactTable, groups: Sequence[tuple[str, Sequence[int]]]
) -> tuple[GroupFactor, ...]:
    """Compare groups that share a type.

    Parameters
    ----------
    groups
        Name and codes of agents of each.
    """
    answered = table.outcome == Outcome.answered
    total = np.nan_to_num(table.talk_s) + np.nan_to_num(table.hold_s) + np.nan_to_num(table.wrap_s)
    home = np.full(len(table.agents) + 1, -1)
    for number, (_, agents) in enumerate(groups):
        home[list(agents)] = number
    found = []
    for kind in np.unique(table.contact_type[answered]):
        mine = answered & (table.contact_type == kind) & (home[table.agent] >= 0)
        values, at = total[mine], home[table.agent][mine]
        numbers = [n for n in range(len(groups)) if (at == n).sum() >= ENOUGH]
        if len(numbers) < 2:
            continue
        overall = float(values[np.isin(at, numbers)].mean())
        for number in numbers:
            name = f"agent_groups.{groups[number][0]}.handle_factor.{table.types[kind]}"
            ratio = mean_of(name, values[at == number] / overall, "mean over that of all", "")
            apart = ratio.low is not None and ratio.high is not None
            differs = apart and not ratio.low <= 1.0 <= ratio.high  # type: ignore[operator]
            written = differs and abs(ratio.value - 1.0) >= LEAST_FACTOR
            found.append(GroupFactor(groups[number][0], table.types[kind], ratio, bool(written)))
    return tuple(found)
