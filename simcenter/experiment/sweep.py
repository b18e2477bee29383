"""Sweeps: one key of a scenario at several values, or a grid of two keys."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from simcenter.errors import InputError
from simcenter.files.what_if import Axis
from simcenter.messages import changed
from simcenter.model.scenario import Scenario

__all__ = ["MOST_POINTS", "Point", "points_of"]

MOST_POINTS = 1000
"""Points of one sweep."""


@dataclass(frozen=True, eq=False)
class Point:
    """One point of a sweep: a name, its value on each axis, and the scenario there."""

    name: str
    values: Mapping[str, str]
    scenario: Scenario


def points_of(axes: Sequence[Axis], load: Callable[[Sequence[str]], Scenario]) -> tuple[Point, ...]:
    """Return the points of one axis, or of the grid of two.

    Parameters
    ----------
    axes
        One or two; the last varies fastest.
    load
        Gives the base with ``KEY=VALUE`` settings laid over it.

    Raises
    ------
    InputError
        If there are more than two axes, a key stands on both, or the points are too many;
        and what ``load`` raises.
    """
    if len(axes) > 2:
        raise InputError(
            "--vary: given {count} times; one key is a table, two are a grid", count=len(axes)
        )
    keys = [axis.key for axis in axes]
    if len(set(keys)) < len(keys):
        raise InputError(
            "--vary {keys}: stands twice; a grid needs two different keys", keys=keys[0]
        )
    combinations = list(itertools.product(*(axis.values for axis in axes)))
    if len(combinations) > MOST_POINTS:
        raise InputError(
            "--vary: {count} points; at most {most_points} are run",
            count=len(combinations),
            most_points=MOST_POINTS,
        )
    points = []
    for values in combinations:
        settings = [f"{key}={value}" for key, value in zip(keys, values, strict=True)]
        try:
            scenario = load(settings)
        except InputError as fault:
            raise type(fault)(changed(fault, option="--vary")) from None
        points.append(Point(", ".join(settings), dict(zip(keys, values, strict=True)), scenario))
    return tuple(points)
