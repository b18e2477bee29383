"""Patience from what a centre shows: the abandonment rate and the ASA that it has today.

Neither is patience, for most callers are answered before theirs ends. So it is sought by
simulation: exponential patience, and a share who leave at once (balk), are moved until the
floor shows both numbers with the people and the volumes of the scenario. For any share who
balk, the mean is found at which the abandonment rate is right; the more of those who leave do
so at once, the shorter the others wait, so the share is then found at which the ASA is right.
All is tried on the same callers.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from functools import lru_cache

from scipy.optimize import brentq

from simcenter.errors import InputError
from simcenter.experiment.replications import simulate
from simcenter.model.distributions import Exponential
from simcenter.model.patience import Seen, Sought
from simcenter.model.scenario import ContactType, Scenario

__all__ = ["with_patience"]

DAYS = 40
"""Replications on which a patience is tried."""

SHORTEST, LONGEST = 1.0, 20_000.0
"""Seconds of mean patience between which it is sought."""

FINE = 0.01
"""How close the logarithm of the mean, and the share who balk, are found."""

RATE_TOLERANCE = 0.005
"""So far off may the abandonment rate be."""

ASA_TOLERANCE = 0.10
"""So far off may the ASA be, as a share of it; a second in any case."""

SWEEPS = 2
"""How often every type is gone through, where several share agents."""


@dataclass(frozen=True)
class _Tried:
    """A patience, and what the floor shows with it."""

    mean: float
    balk: float
    rate: float
    asa: float

    def fits(self, seen: Seen) -> bool:
        """Say whether both numbers are near enough."""
        apart = abs(self.asa - seen.asa) <= max(ASA_TOLERANCE * seen.asa, 1.0)
        return apart and abs(self.rate - seen.abandonment_rate) <= RATE_TOLERANCE


def with_patience(scenario: Scenario) -> Scenario:
    """Return the scenario with every patience found that is given as ``from``.

    Its ``assumed`` tells what was found, and what the floor shows with it. A scenario that
    was asked for before is not sought again.

    Raises
    ------
    InputError
        When no patience shows what was given.

    Examples
    --------
    >>> import simcenter
    >>> seen = "contact_types.calls.patience={from={abandonment_rate=0.031, asa=3.6}}"
    >>> found = simcenter.load("scenarios/classic/scenario.toml", settings=[seen])
    >>> 100 < found.types[0].patience.mean < 140
    True
    """
    if not any(isinstance(kind.patience, Sought) for kind in scenario.types):
        return scenario
    return _found(_Asked(scenario))


@dataclass(frozen=True, eq=False)
class _Asked:
    """A scenario that is the same as another if its content and its seed are."""

    scenario: Scenario

    def __hash__(self) -> int:
        return hash((self.scenario.hash, self.scenario.run.seed))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and (
            (self.scenario.hash, self.scenario.run.seed)
            == (other.scenario.hash, other.scenario.run.seed)
        )


@lru_cache(maxsize=16)
def _found(asked: _Asked) -> Scenario:
    scenario = asked.scenario
    seen = {
        number: kind.patience.seen
        for number, kind in enumerate(scenario.types)
        if isinstance(kind.patience, Sought)
    }
    for number, one in seen.items():  # until its turn comes: as many give up per second of wait
        scenario = _put(scenario, number, max(one.asa, 5.0) / one.abandonment_rate, 0.0)
    for _ in range(SWEEPS if len(seen) > 1 else 1):
        for number, one in seen.items():
            best = _Search(scenario, number, one).best()
            scenario = _put(scenario, number, best.mean, best.balk)
    notes = []
    for number, one in seen.items():
        tried = _try(scenario, number)
        _refuse_misfit(scenario.types[number], one, tried)
        notes.append(_note(scenario.types[number], one, tried))
    return dataclasses.replace(scenario, assumed=(*scenario.assumed, *notes))


class _Search:
    """The search for one type; all others stay as they are."""

    def __init__(self, scenario: Scenario, number: int, seen: Seen) -> None:
        self.scenario, self.number, self.seen = scenario, number, seen

    def best(self) -> _Tried:
        """Return the patience that comes nearest to both numbers."""
        plain = self.right_rate(0.0)
        if plain.fits(self.seen) or plain.asa < self.seen.asa:
            return plain
        most = self.all_at_once()
        if most.asa > self.seen.asa:
            return most
        balk = brentq(
            lambda share: self.right_rate(share).asa - self.seen.asa, 0.0, most.balk, xtol=FINE
        )
        return self.right_rate(float(balk))

    def right_rate(self, balk: float) -> _Tried:
        """Return the mean at which as many abandon as are seen to, with such a share who balk."""

        def apart(logarithm: float) -> float:
            return self.tried(math.exp(logarithm), balk).rate - self.seen.abandonment_rate

        low, high = math.log(SHORTEST), math.log(LONGEST)
        if apart(low) <= 0.0:
            return self.tried(SHORTEST, balk)
        if apart(high) >= 0.0:
            return self.tried(LONGEST, balk)
        return self.tried(math.exp(float(brentq(apart, low, high, xtol=FINE))), balk)

    def all_at_once(self) -> _Tried:
        """Return the share who balk at which as many abandon, though nobody else ever does."""

        def apart(balk: float) -> float:
            return self.tried(LONGEST, balk).rate - self.seen.abandonment_rate

        if apart(1.0) <= 0.0:
            return self.tried(LONGEST, 1.0)
        if apart(0.0) >= 0.0:
            return self.tried(LONGEST, 0.0)
        return self.tried(LONGEST, float(brentq(apart, 0.0, 1.0, xtol=FINE / 10)))

    def tried(self, mean: float, balk: float) -> _Tried:
        return _try(_put(self.scenario, self.number, mean, balk), self.number)


def _put(scenario: Scenario, number: int, mean: float, balk: float) -> Scenario:
    types = list(scenario.types)
    types[number] = dataclasses.replace(types[number], patience=Exponential(mean=mean), balk=balk)
    return dataclasses.replace(scenario, types=tuple(types))


def _try(scenario: Scenario, number: int) -> _Tried:
    """Return what the floor shows of a type."""
    kind = scenario.types[number]
    results = simulate(scenario, DAYS, workers=1).results
    values = [results.value(key, contact_type=kind.name) for key in ("abandonment_rate", "asa")]
    rate, asa = (math.nan if value is None else value.mean for value in values)
    if math.isnan(rate):
        raise InputError(
            f"contact_types.{kind.name}.patience.from: no contact of this type enters a queue, "
            "so no patience can be found"
        )
    mean = kind.patience.mean_value() if kind.patience is not None else math.inf
    return _Tried(mean, kind.balk, rate, 0.0 if math.isnan(asa) else asa)


def _refuse_misfit(kind: ContactType, seen: Seen, tried: _Tried) -> None:
    if not tried.fits(seen):
        raise InputError(
            f"contact_types.{kind.name}.patience.from: no patience gives {_told(seen)} with the "
            f"volumes, handle times and people of this scenario; the nearest "
            f"({_patience(tried)}) gives {_shown(tried)}; check those, or give a distribution"
        )


def _note(kind: ContactType, seen: Seen, tried: _Tried) -> str:
    return (
        f"contact_types.{kind.name}.patience: found from {_told(seen)}: {_patience(tried)}, "
        f"which gives {_shown(tried)}"
    )


def _told(seen: Seen) -> str:
    return f"abandonment {100 * seen.abandonment_rate:.3g} % and ASA {seen.asa:.3g} s"


def _shown(tried: _Tried) -> str:
    return f"abandonment {100 * tried.rate:.2f} % and ASA {tried.asa:.1f} s"


def _patience(tried: _Tried) -> str:
    return f"exponential, mean {tried.mean:.4g} s, balk {100 * tried.balk:.2g} %"
