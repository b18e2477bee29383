"""Columns of a table as the page gets them: whole hundredths of a second, from one to the next.

Three forms stand for the numbers of a column (the page has one function that reads them):

* a list: the numbers themselves;
* ``{"d": [...], "per": p, "none": [...]}``: each number is the sum of the ``d`` so far,
  divided by ``p``; the places in ``none`` take no part in it, and are missing (-1);
* ``{"over": [above, below]}``: the first column divided by the second, place by place, missing
  where the second is zero. So a rate keeps its two counts, and is exact to the last digit.

Small numbers make a small file: the next instant differs from the last by less than the clock
of the day, and a count by one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["PER", "Column", "instants", "numbers", "over", "values"]

PER = 100
"""Parts of a second that are told apart on the page."""

Column = dict[str, Any]
Array = NDArray[Any]


def instants(seconds: Array, per: int = PER) -> Column:
    """Return instants or durations, NaN where they never came.

    Examples
    --------
    >>> instants(np.array([1.0, np.nan, 1.25]))
    {'d': [100, 0, 25], 'per': 100, 'none': [1]}
    """
    missing = np.isnan(seconds)
    return _differences(np.rint(np.where(missing, 0.0, seconds) * per), per, missing)


def numbers(codes: Array) -> Column:
    """Return whole numbers.

    Examples
    --------
    >>> numbers(np.array([4, 4, 5]))
    {'d': [4, 0, 1], 'per': 1}
    """
    return _differences(codes, 1, np.zeros(len(codes), dtype=bool))


def over(above: Column, below: Column) -> Column:
    """Return the quotients of two columns."""
    return {"over": [above, below]}


def _differences(whole: Array, per: int, missing: Array) -> Column:
    known = whole[~missing].astype(np.int64)
    steps = np.zeros(len(whole), dtype=np.int64)
    steps[~missing] = np.diff(known, prepend=0)
    column: Column = {"d": steps.tolist(), "per": per}
    places = np.flatnonzero(missing).tolist()
    return {**column, "none": places} if places else column


def values(column: Column | list[Any]) -> Array:
    """Return the numbers that a column stands for, NaN where they are missing.

    This is what the page does; it is here so that tests can read what is sent.

    Examples
    --------
    >>> values(over(numbers(np.array([1, 1])), numbers(np.array([0, 2]))))
    array([nan, 0.5])
    """
    if isinstance(column, list):
        return np.array(column, dtype=float)
    if "over" in column:
        above, below = (values(part) for part in column["over"])
        quotient = np.full(len(above), np.nan)
        np.divide(above, below, out=quotient, where=below != 0)
        return quotient
    found: Array = np.cumsum(column["d"]) / column["per"]
    found[column.get("none", [])] = np.nan
    return found
