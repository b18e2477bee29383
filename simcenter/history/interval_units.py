"""Units of durations by interval: from the heading, the way of writing, or the size.

Who talks with callers needs between a few seconds and two hours for one. The unit in which the
handling of one contact comes out so is the unit of all durations of the export that tell none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from simcenter.floor.records import Floats
from simcenter.history.clocks import durations, numbers
from simcenter.history.guess_contacts import duration_unit
from simcenter.history.guessing import Candidates
from simcenter.history.plain import plain_texts
from simcenter.messages import Message

__all__ = ["SHORTEST_MEAN", "goes_with", "per_contact", "unit_by_size", "unit_of"]

SHORTEST_MEAN = 5.0
"""Seconds of handling per contact below which a "total" must be a mean."""
LONGEST_MEAN = 7200.0
LONGEST_WAIT = 3600.0
FEWEST = 6
"""Rows that must have contacts before their times tell totals from means."""
LEAST_WAIT = 0.3
PLAUSIBLE = 20.0
"""Seconds of talk or handling that two-part clocks must at least come to."""


def per_contact(found: Candidates, name: str, unit: str, over: Floats | None) -> float:
    """Return the mean of a column in seconds: of its cells, or of a total over a count.

    NaN where there is nothing to go by.
    """
    comma = found.looks[name].decimal_comma
    values = durations(found.sheet.column(name), unit, comma)
    if over is None:
        values = values[values > 0]
        return float(np.mean(values)) if len(values) else float("nan")
    both = (over > 0) & (values > 0)
    return float(values[both].sum() / over[both].sum()) if both.any() else float("nan")


def goes_with(found: Candidates, name: str, unit: str, count: Floats) -> bool | None:
    """Say whether times grow with a count, as totals do; None: the rows do not tell.

    Of totals, the part of one contact varies less than the total; of means it varies more.
    """
    values = durations(found.sheet.column(name), unit, found.looks[name].decimal_comma)
    both = (count > 0) & (values > 0)
    one, many = values[both], count[both]
    if len(one) < FEWEST or np.std(many) < 0.05 * np.mean(many):
        return None
    total, share = np.std(one) / np.mean(one), np.std(one / many) / np.mean(one / many)
    if min(total, share) > 0.6 * max(total, share):
        return None
    return bool(share < total)


def unit_by_size(found: Candidates, columns: list[tuple[str, Floats | None, bool]]) -> str:
    """Return the unit of numbers without one: by the first column that can tell.

    Parameters
    ----------
    found
        The columns.
    columns
        Name, count that a total is over (None: a mean), and whether it is handling.
    """
    for name, over, handling in columns:
        if found.looks[name].kind != "number" or found.headings[name].unit is not None:
            continue
        mean = per_contact(found, name, "seconds", over)
        if np.isnan(mean):
            continue
        if mean > (LONGEST_MEAN if handling else LONGEST_WAIT):
            return "milliseconds"
        if mean < 0.1 and numbers(found.looks[name].values).max() < 1:
            return "days"
        if handling and over is None and mean < SHORTEST_MEAN:
            return "minutes"
        if handling:
            return "seconds"
    return "seconds"


def unit_of(
    found: Candidates, name: str, by_size: str, over: Floats | None, *, handling: bool
) -> tuple[str, str]:
    """Return the unit of a column of durations, and a word on how it was found."""
    look, named = found.looks[name], found.headings[name].unit
    look = replace(look, values=tuple(plain_texts(look.values)))
    unit, note = duration_unit(look, named)
    mixed = {text.count(":") for text in look.values} >= {1, 2}
    if unit == "clock" and mixed:
        note = Message("clocks of two parts taken for minutes and seconds")
    if unit == "m:ss" or (unit == "clock" and mixed):
        return _of_two_parts(lambda one: per_contact(found, name, one, over), handling, note)
    if by_size == "milliseconds" and not handling and _so_small(found, name):
        by_size = "seconds"  # a wait of a hundredth of a second is none
    if look.kind == "number" and named is None and by_size != "seconds":
        return by_size, Message("unit {unit}: else the lengths could not be", unit=Message(by_size))
    return unit, note


def _so_small(found: Candidates, name: str) -> bool:
    """Say whether numbers would be next to nothing in milliseconds."""
    mean = per_contact(found, name, "milliseconds", None)
    return 0 < mean < LEAST_WAIT


def _of_two_parts(mean: Callable[[str], float], handling: bool, note: str) -> tuple[str, str]:
    """Tell m:ss from h:mm by what a contact then takes."""
    short, long = mean("m:ss"), mean("clock")
    least = PLAUSIBLE if handling else 1.0
    if short < least and least <= long <= LONGEST_MEAN / 2 and handling:
        return "clock", Message("clocks of two parts taken for hours and minutes")
    return "m:ss", note
