"""The error of a backtest, split by taking one input after the other as it really was.

Same seed, same replications: what changes is the one input. The parts need not add up to
the whole, since inputs act together; what is left has other causes, chance among them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from simcenter.floor.records import Floats
from simcenter.history.backtest.held import PARTS, HeldOut
from simcenter.history.backtest.replay import COUNTED, MEASURED

__all__ = ["PARTS", "Errors", "split_error"]

Sides = tuple[Floats, Floats]


@dataclass(frozen=True)
class Errors:
    """By how much a measure is off over all held-out days, and what is behind it.

    ``total`` is simulated - observed; a part is by how much the simulated number changes back
    when that input alone is taken as it really was. None: it already is so, or nobody knows
    how it really was.
    """

    measure: str
    total: float
    volume: float | None
    handle: float | None
    agents: float | None
    patience: float | None

    def to_json_dict(self) -> dict[str, float | None]:
        """Return the fields without the measure's key."""
        return {name: value for name, value in vars(self).items() if name != "measure"}


def split_error(
    stretches: Sequence[HeldOut], replications: int, done: Callable[[], None]
) -> tuple[tuple[Errors, ...], ...]:
    """Return the errors of every measure over all stretches together, then over each.

    A measure that was not observed has none.

    Parameters
    ----------
    replications
        How many are made of each stretch for each part.
    """
    numbers = range(1, replications + 1)
    observed = [one.observed().totals(one.columns) for one in stretches]
    shown = [one.replayed(None, numbers, done).totals(one.columns) for one in stretches]
    found = {
        part: [
            same if part in one.taken else one.replayed(part, numbers, done).totals(one.columns)
            for one, same in zip(stretches, shown, strict=True)
        ]
        for part in PARTS
        if not all(part in one.taken for one in stretches)
    }
    every = [slice(None), *(slice(place, place + 1) for place in range(len(stretches)))]
    return tuple(
        _errors(
            _pooled(observed[some]),
            _pooled(shown[some]),
            {part: _pooled(sides[some]) for part, sides in found.items()},
        )
        for some in every
    )


def _errors(observed: Floats, shown: Floats, found: dict[str, Floats]) -> tuple[Errors, ...]:
    return tuple(
        Errors(
            measure=key,
            total=float(shown[place] - observed[place]),
            **{
                part: float(shown[place] - found[part][place]) if part in found else None
                for part in PARTS
            },
        )
        for place, key in enumerate(MEASURED)
        if np.isfinite(observed[place])
    )


def _pooled(found: Sequence[Sides]) -> Floats:
    """Return every measure over all stretches: numbers added up, ratios of totals."""
    above = np.sum([one[0] for one in found], axis=0)
    below = np.sum([one[1] for one in found], axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(above / np.where(COUNTED, found[0][1], below))
