"""Arguments of the formulas: judged, and brought to one shape."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import InputError
from simcenter.messages import Message

__all__ = ["LEAST_RATE", "shaped"]

Floats = NDArray[np.float64]

LEAST_RATE = 1e-250
"""Stands for no contacts at all: the limit of the formulas as the volume vanishes."""

_ALLOWED = {
    "arrival_rate": (0.0, Message("a finite number, 0 or more (contacts a second)")),
    "load": (0.0, Message("a finite number, 0 or more (erlangs)")),
    "agents": (0.0, Message("a finite number, 0 or more")),
    "patience": (0.0, Message("0 or more seconds (infinite: never abandon)")),
    "within": (0.0, Message("a finite number of seconds, 0 or more")),
    "short": (0.0, Message("a finite number of seconds, 0 or more")),
    "lines": (0.0, Message("a finite number, 0 or more")),
    "redial": (0.0, Message("a share from 0 to below 1")),
    "answer_rate": (0.0, Message("a share from 0 to 1")),
    "occupancy": (0.0, Message("a share above 0, at most 1")),
    "aht": (0.0, Message("a finite number of seconds above 0")),
    "interval": (0.0, Message("a finite number of seconds above 0")),
    "probability_of_wait": (0.0, Message("a share above 0 and below 1")),
}
_ABOVE_ZERO = {"aht", "interval", "occupancy", "probability_of_wait"}
_AT_MOST_ONE = {"answer_rate", "occupancy"}
_BELOW_ONE = {"redial", "probability_of_wait"}


def shaped(**given: Any) -> list[Floats]:
    """Return the arguments as arrays of one shape, in the order given.

    Raises
    ------
    InputError
        When a number is impossible, or the shapes do not go together.

    Examples
    --------
    >>> [array.shape for array in shaped(load=[1.0, 2.0], agents=3)]
    [(2,), (2,)]
    """
    arrays = [_judged(name, value) for name, value in given.items()]
    try:
        return [np.array(array) for array in np.broadcast_arrays(*arrays)]
    except ValueError:
        told = ", ".join(f"{n} {a.shape}" for n, a in zip(given, arrays, strict=True))
        raise InputError("erlang: the shapes do not go together: {told}", told=told) from None


def _judged(name: str, value: Any) -> Floats:
    array = np.asarray(value, dtype=float)
    least, allowed = _ALLOWED[name]
    fine = array >= least
    if name != "patience":
        fine &= np.isfinite(array)
    if name in _ABOVE_ZERO:
        fine &= array > 0
    if name in _AT_MOST_ONE:
        fine &= array <= 1
    if name in _BELOW_ONE:
        fine &= array < 1
    if not np.all(fine):
        first = array[~fine].flat[0]
        raise InputError(
            "erlang: {name}: got {first:g}; must be {allowed}",
            name=name,
            first=first,
            allowed=allowed,
        )
    return array
