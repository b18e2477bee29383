"""From the four ways to write a volume to blocks of time with expected contacts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import ScenarioError, unknown
from simcenter.files.days import days_named
from simcenter.files.volumes import Curve, per_day_or_all, read_curve, read_times
from simcenter.messages import Message
from simcenter.model.clock import DAY, WEEKDAYS, clock_text, seconds_of
from simcenter.model.grid import to_grid
from simcenter.model.scenario import Arrivals, Clock
from simcenter.model.specification import ContactTypeSpec, PartOfDay
from simcenter.model.words import one_line

__all__ = ["grid_windows", "open_windows", "resolve_arrivals"]


MOST_CONTACTS = 100_000_000
"""Of one type, in one replication."""


class Block(NamedTuple):
    """One block of one day: its start in the input, its open stretch, and its volume."""

    day: int
    key: float
    start: float
    end: float
    expected: float
    scale: float


def open_windows(spec: ContactTypeSpec, clock: Clock, where: str) -> NDArray[np.float64]:
    """Return the open stretches of a type, (start, end) in seconds, one row per day it opens.

    Raises
    ------
    ScenarioError
        For hours that are no hours, name no days, or lie outside the clock.
    """
    by_weekday = _hours(spec, clock, where)
    rows = []
    for day in range(1, clock.days + 1):
        opens, closes = clock.opening(day)
        if by_weekday is not None:
            hours = by_weekday.get(clock.weekday(day) if clock.first_day else -1)
            if hours is None:
                continue
            midnight = (day - 1) * DAY
            opens, closes = midnight + hours[0], midnight + hours[1]
        if closes > opens:
            rows.append((day, opens, closes))
    return np.array(rows, dtype=float).reshape(-1, 3)


def _hours(
    spec: ContactTypeSpec, clock: Clock, where: str
) -> dict[int | None, tuple[float, float] | None] | None:
    """Return the hours by weekday (-1: every day, where no dates are known)."""
    if spec.hours is None:
        return None
    if not spec.hours:
        raise ScenarioError(
            '{where}.hours: names no days, such as mon-fri = "08:00-20:00"', where=where
        )
    result: dict[int | None, tuple[float, float] | None] = {}
    for days, text in spec.hours.items():
        place = f"{where}.hours.{one_line(days)}"
        hours = _span(text, clock, place)
        if not days.strip():
            raise ScenarioError(
                "{place}: {unknown}", place=place, unknown=unknown("weekday", "", WEEKDAYS)
            )
        for weekday in _weekdays(days, clock, place):
            if weekday in result:
                raise ScenarioError(
                    "{place}: {weekdays} stands twice", place=place, weekdays=WEEKDAYS[weekday]
                )
            result[weekday] = hours
    return result


def _weekdays(days: str, clock: Clock, place: str) -> list[int]:
    if days.lower() == "daily":
        return [-1] if clock.first_day is None else list(range(7))
    if clock.first_day is None:
        raise ScenarioError(
            "{place}: weekdays need clock.first_day (or write daily = …)", place=place
        )
    result: list[int] = []
    for part in days.lower().split(","):
        first, _, last = part.strip().partition("-")
        for name in (first, last or first):
            if name not in WEEKDAYS:
                raise ScenarioError(
                    "{place}: {unknown}",
                    place=place,
                    unknown=unknown("weekday", one_line(name), WEEKDAYS),
                )
        begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        result += [(begin + step) % 7 for step in range((end - begin) % 7 + 1)]
    return result


def _span(text: str, clock: Clock, place: str) -> tuple[float, float] | None:
    if text.strip().lower() == "closed":
        return None
    first, dash, last = text.partition("-")
    try:
        opens, closes = seconds_of(first), seconds_of(last if dash else "")
    except ValueError:
        raise ScenarioError(
            "{place}: got '{text}'; must be such as '08:00-20:00' or 'closed'",
            place=place,
            text=one_line(text),
        ) from None
    if not clock.opens <= opens <= closes <= clock.closes:
        inside = f"{clock_text(clock.opens)}-{clock_text(clock.closes)}"
        raise ScenarioError(
            "{place}: got '{text}'; must lie inside the clock's {inside}",
            place=place,
            text=text,
            inside=inside,
        )
    return opens, closes


def resolve_arrivals(
    spec: ContactTypeSpec,
    clock: Clock,
    windows: NDArray[np.float64],
    mean_handle: float,
    where: str,
) -> tuple[Arrivals, list[str]]:
    """Return the arrivals of one type and what was assumed about them.

    Parameters
    ----------
    windows
        From `open_windows`.
    mean_handle
        Mean handling time in seconds, which a profile's "<type> aht" scales.
    where
        Place in the scenario, for messages.
    """
    volume = spec.arrivals
    assumed: list[str] = []
    recorded = recorded_block = None
    if volume.profile is not None:
        seconds = (f"{spec.name} aht", f"{volume.profile.column} aht")
        curve = read_curve(Path(volume.profile.file), volume.profile.column, clock, seconds)
        blocks = _curve_blocks(curve, clock, windows, mean_handle, f"{where}.profile", assumed)
    elif volume.times is not None:
        recorded = read_times(Path(volume.times.file), volume.times, clock)
        blocks = _even_blocks(clock, windows, lambda _day, _place, _share: 1.0)
        recorded_block = _block_of(recorded, blocks, where)
    elif volume.expected is not None:
        blocks = _listed_blocks(volume.expected, clock, windows, where)
    else:
        rate = (volume.rate_per_hour or 0.0) / 3600.0
        blocks = _even_blocks(
            clock, windows, lambda _day, _place, share: rate * share * clock.interval
        )
    blocks = [block._replace(expected=block.expected * volume.factor) for block in blocks]
    for part in volume.parts_of_day:
        blocks = _change_part(blocks, part, clock, recorded is not None, where)
    _limit(blocks, recorded_block, where)
    columns = list(zip(*blocks, strict=True)) or [()] * 6
    arrivals = Arrivals(
        day=np.array(columns[0], dtype=np.int64),
        key=np.array(columns[1], dtype=float),
        start=np.array(columns[2], dtype=float),
        end=np.array(columns[3], dtype=float),
        expected=np.array(columns[4], dtype=float),
        handle_scale=np.array(columns[5], dtype=float),
        recorded=recorded,
        recorded_block=recorded_block,
        day_factor_cv=volume.day_factor_cv,
        interval_factor_cv=volume.interval_factor_cv,
    )
    return arrivals, assumed


def _limit(blocks: list[Block], recorded_block: NDArray[np.int64] | None, where: str) -> None:
    """Refuse a volume that no computer could hold."""
    expected = np.array([block.expected for block in blocks], dtype=float)
    total = expected.sum() if recorded_block is None else expected[recorded_block].sum()
    if total > MOST_CONTACTS:
        raise ScenarioError(
            "{where}: {total:.3g} contacts are expected in one replication; at most "
            "{most_contacts} can be simulated",
            where=where,
            total=total,
            most_contacts=MOST_CONTACTS,
        )


def _even_blocks(
    clock: Clock, windows: NDArray[np.float64], expected: Callable[[int, int, float], float]
) -> list[Block]:
    """Cut every window at the clock's intervals; ``expected(day, place, open share)``."""
    blocks = []
    for day, opens, closes in windows:
        first = clock.opening(int(day))[0]
        for place in range(clock.intervals):
            begin = first + place * clock.interval
            start, end = max(begin, opens), min(begin + clock.interval, closes)
            if start < end:
                share = (end - start) / clock.interval
                key = begin - (day - 1) * DAY
                blocks.append(
                    Block(int(day), key, start, end, expected(int(day), place, share), 1.0)
                )
    return blocks


def _listed_blocks(
    expected: tuple[float, ...], clock: Clock, windows: NDArray[np.float64], where: str
) -> list[Block]:
    one, every = clock.intervals, clock.intervals * clock.days
    if len(expected) not in {one, every}:
        allowed = per_day_or_all(one, clock.days)
        raise ScenarioError(
            "{where}.expected: has {count} numbers; must be {allowed}",
            where=where,
            count=len(expected),
            allowed=allowed,
        )

    def volume(day: int, place: int, share: float) -> float:
        del share  # what is expected of an interval comes in the open part of it
        return expected[(day - 1) * one + place if len(expected) == every else place]

    blocks = _even_blocks(clock, windows, volume)
    open_places = {(block.day, block.key) for block in blocks}
    for day in range(1, clock.days + 1):
        for place in range(one):
            key = clock.opens + place * clock.interval
            if (day, key) not in open_places and volume(day, place, 1.0) > 0:
                raise ScenarioError(
                    "{where}.expected: {volume:g} contacts are expected at {key} of day {day}, when "
                    "the type is closed",
                    where=where,
                    volume=volume(day, place, 1.0),
                    key=clock_text(key),
                    day=day,
                )
    return blocks


def _curve_blocks(
    curve: Curve,
    clock: Clock,
    windows: NDArray[np.float64],
    mean_handle: float,
    where: str,
    assumed: list[str],
) -> list[Block]:
    blocks: list[Block] = []
    hours = {int(day): (opens, closes) for day, opens, closes in windows}
    for day in range(1, clock.days + 1):
        table = curve.by_day.get(day, {})
        midnight = (day - 1) * DAY
        opens, closes = hours.get(day, (midnight, midnight))
        covered = 0.0
        for key in sorted(table):
            begin = midnight + key
            start, end = max(begin, opens), min(begin + curve.step, closes)
            if start >= end:
                if table[key] > 0:
                    raise ScenarioError(
                        "{where}: {table:g} contacts at {key} of day {day}, when the type is closed",
                        where=where,
                        table=table[key],
                        key=clock_text(key),
                        day=day,
                    )
                continue
            covered += end - start
            scale = 1.0
            if key in curve.second.get(day, {}):
                scale = _scale(curve.second[day][key], mean_handle, where)
            blocks.append(Block(day, begin - midnight, start, end, table[key], scale))
        if covered < closes - opens:
            missing = (closes - opens - covered) / 60
            assumed.append(
                Message(
                    "{where}: day {day}: no rows for {missing:g} open minutes; taken as no contacts",
                    where=where,
                    day=day,
                    missing=missing,
                )
            )
    return blocks


def _scale(aht: float, mean_handle: float, where: str) -> float:
    """Return the factor that makes the mean handling time ``aht`` seconds."""
    if aht > 1000 * mean_handle:
        raise ScenarioError(
            "{where}: an aht of {aht:g} s cannot be had by scaling a handle of "
            "{mean_handle:g} s; the factor may be at most 1000",
            where=where,
            aht=aht,
            mean_handle=mean_handle,
        )
    return aht / mean_handle if mean_handle > 0 else 1.0


def _block_of(recorded: NDArray[np.float64], blocks: list[Block], where: str) -> NDArray[np.int64]:
    starts = np.array([block.start for block in blocks])
    ends = np.array([block.end for block in blocks])
    place = np.searchsorted(starts, recorded, side="right") - 1
    if len(recorded) and (not len(blocks) or np.any(place < 0) or np.any(recorded >= ends[place])):
        raise ScenarioError(
            "{where}.times: an arrival lies outside the hours of the type", where=where
        )
    return place.astype(np.int64)


def _change_part(
    blocks: list[Block], part: PartOfDay, clock: Clock, recorded: bool, where: str
) -> list[Block]:
    """Change the volume of the blocks inside a part of the day, of one day or of all."""
    on = "" if part.day is None else f"{one_line(str(part.day))}/"
    place = f"{where}@{on}{clock_text(part.start)}-{clock_text(part.end)}"
    days = range(1, clock.days + 1) if part.day is None else days_named(part.day, clock, place)
    sign, amount = part.change.strip()[0], float(part.change.strip()[1:])
    if recorded and sign != "*":
        raise ScenarioError("{place}: recorded arrivals can only be multiplied", place=place)
    if part.end <= part.start:
        raise ScenarioError("{place}: a part of the day must end after it starts", place=place)
    changed = []
    hit = False
    for block in blocks:
        midnight = (block.day - 1) * DAY
        start, end = midnight + part.start, midnight + part.end
        if block.day not in days or end <= block.start or block.end <= start:
            changed.append(block)
            continue
        if start > block.start or block.end > end:
            edge = f"{clock_text(block.key)}-{clock_text(block.end - midnight)}"
            raise ScenarioError(
                "{place}: must begin and end at the edges of intervals; it cuts {edge}",
                place=place,
                edge=edge,
            )
        hit = True
        hours = (block.end - block.start) / 3600.0
        new = {
            "*": block.expected * amount,
            "+": block.expected + amount * hours,
            "=": amount * hours,
        }
        changed.append(block._replace(expected=max(new[sign], 0.0)))
    if not hit:
        raise ScenarioError("{place}: no arrivals in that part of the day", place=place)
    return changed


def grid_windows(windows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (start, end) rows on the time grid, abutting stretches joined."""
    joined: list[list[float]] = []
    for start, end in to_grid(windows[:, 1:]):
        if joined and joined[-1][1] == start:
            joined[-1][1] = end
        else:
            joined.append([start, end])
    return np.array(joined, dtype=float).reshape(-1, 2)
