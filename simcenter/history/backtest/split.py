"""The error of a backtest, split by taking one input after the other as it really was.

Same seed, same replications: what changes is the one input. The parts need not add up to
the whole, since inputs act together; what is left has other causes, chance among them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from simcenter.floor.records import Floats
from simcenter.history.backtest.crowds import NO_CROWD, with_crowds
from simcenter.history.backtest.inputs import refitted
from simcenter.history.backtest.pace import EVEN
from simcenter.history.backtest.recorded import as_recorded
from simcenter.history.backtest.replay import COUNTED, MEASURED, Ratios, observe
from simcenter.history.backtest.stretch import Stretch

__all__ = ["PARTS", "Errors", "split_error"]

PARTS = ("volume", "handle", "agents", "patience")


@dataclass(frozen=True)
class Errors:
    """By how much a measure is off over all held-out days, and what is behind it.

    ``total`` is simulated - observed; a part is by how much the simulated number changes back
    when that input alone is taken as it really was. None: it already is so.
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
    stretches: Sequence[Stretch], replications: int, done: Callable[[], None]
) -> tuple[tuple[Errors, ...], ...]:
    """Return the errors of every measure over all stretches together, then over each.

    Parameters
    ----------
    replications
        How many are made of each stretch for each part.
    """
    numbers = range(1, replications + 1)
    taken = {"volume": stretches[0].volumes is None, "agents": stretches[0].staffing is None}
    observed = [
        observe(one.days.contacts, one.scenario(), one.columns, one.frame.answer_within).totals(
            one.columns
        )
        for one in stretches
    ]
    found = {
        part: [_replayed(one, part, numbers, done).totals(one.columns) for one in stretches]
        for part in (None, *PARTS)
        if part is None or not taken.get(part)
    }
    every = [slice(None), *(slice(place, place + 1) for place in range(len(stretches)))]
    return tuple(
        _errors(_pooled(observed[some]), {part: _pooled(one[some]) for part, one in found.items()})
        for some in every
    )


def _errors(observed: Floats, found: dict[str | None, Floats]) -> tuple[Errors, ...]:
    shown = found[None]
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
    )


def _replayed(
    stretch: Stretch, part: str | None, numbers: Sequence[int], done: Callable[[], None]
) -> Ratios:
    """Return replications of a stretch with one input as it really was."""
    scenario, change, paced = stretch.scenario(), None, True
    if part == "volume":
        scenario = stretch.scenario(volumes=None)
    elif part == "agents":
        scenario = stretch.scenario(staffing=None)
    elif part is not None and stretch.volumes is None:
        if part == "handle":  # what was recorded is as long as that agent took
            scenario, paced = stretch.scenario(pace=EVEN), False
        change = as_recorded(stretch.days, scenario, **{part: True})
    elif part is not None:
        callers = refitted(stretch.callers, stretch.days.contacts, **{part: True})
        if part == "patience":
            crowd = max((one.load.crowd for one in callers), default=NO_CROWD)
            callers = with_crowds(callers, stretch.days.contacts, crowd)
        scenario = stretch.scenario(callers=callers)
    return stretch.replayed(scenario, numbers, done, change, paced=paced)


def _pooled(found: Sequence[tuple[Floats, Floats]]) -> Floats:
    """Return every measure over all stretches: numbers added up, ratios of totals."""
    above = np.sum([one[0] for one in found], axis=0)
    below = np.sum([one[1] for one in found], axis=0)
    return np.asarray(above / np.where(COUNTED, found[0][1], below))
