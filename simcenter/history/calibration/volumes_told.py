"""The table of contacts a day: a row for each contact type, a column for each kind of day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simcenter.messages import Message, worded
from simcenter.messages.lines import padded, width

if TYPE_CHECKING:
    from simcenter.history.calibration.results import Calibration

__all__ = ["volume_lines"]

NAME = 22
CELL = 8
A_BLOCK = 7
"""Kinds of day beside each other."""


def volume_lines(calibration: Calibration, language: str) -> Iterator[str]:
    """Yield the lines of the table, at most 80 columns wide."""
    keys = list(enumerate(calibration.total.keys))
    title = worded(Message("contacts a day"), language)
    for first in range(0, len(keys), A_BLOCK):
        block = keys[first : first + A_BLOCK]
        heads = [padded(worded(Message(key), language), CELL, right=True) for _, key in block]
        yield padded(title, NAME) + "".join(heads)
        for fit in calibration.types:
            cells = [f"{fit.arrivals.expected[number].sum():{CELL},.1f}" for number, _ in block]
            yield "  " + padded(_cut(fit.name), NAME - 2) + "".join(cells)


def _cut(name: str) -> str:
    if width(name) <= NAME - 3:
        return name
    while width(name) > NAME - 4:
        name = name[:-1]
    return name + "…"
