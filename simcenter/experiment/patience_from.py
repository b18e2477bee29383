"""Patience from what a centre shows: the abandonment rate and the ASA that it has today.

Neither is patience, for most callers are answered before theirs ends. So it is sought by
simulation, with the people and the volumes of the scenario, on the same callers throughout.
Begun with is exponential patience, whose mean is wait over abandonment rate. The later callers
give up, the more they relieve the longest queues, and the shorter the wait of those who stay;
so beside the mean a second number is moved: in one direction Weibull patience gets more alike
from caller to caller, in the other a growing share leave at once (balk). Least squares find
where both numbers are as seen.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from functools import lru_cache

from simcenter.errors import InputError
from simcenter.experiment.replications import simulate
from simcenter.measures import Value
from simcenter.messages import Message
from simcenter.model.distributions import Exponential, Weibull
from simcenter.model.patience import Seen, Sought
from simcenter.model.scenario import ContactType, Scenario

__all__ = ["with_patience"]

DAYS = 60
"""Replications on which a patience is tried."""

SHORTEST, LONGEST = 1.0, 20_000.0
"""Seconds of mean patience between which it is sought."""

STEEPEST = 8.0
"""Shape of Weibull patience that is next to the same for all."""

BALKING = 5.0
"""At most so many times the abandonment rate may balk: only who must wait can."""

RATE_TOLERANCE = 0.05
"""So far off may the abandonment rate be, as a share of it."""

ASA_TOLERANCE = 0.10
"""So far off may the ASA be, as a share of it; a second in any case."""

STEP = 0.1
"""Of the logarithm of the mean and of the second number, to see what they do."""

MOST = 12
"""Most rounds of least squares for one type; each tries three patiences."""

SWEEPS = 2
"""How often every type is gone through, where several share agents."""


@dataclass(frozen=True)
class _Tried:
    """A patience, and what the floor shows with it."""

    mean: float
    shape: float
    balk: float
    rate: Value
    asa: Value

    def misfit(self, seen: Seen) -> tuple[float, float]:
        """Return how far off both numbers are, in what is tolerated; noise of the days is."""
        rate = max(RATE_TOLERANCE * seen.abandonment_rate, self.rate.half_width or 0.0)
        asa = max(ASA_TOLERANCE * seen.asa, 1.0, self.asa.half_width or 0.0)
        return (
            (self.rate.mean - seen.abandonment_rate) / rate,
            (self.asa.mean - seen.asa) / asa,
        )

    def fits(self, seen: Seen) -> bool:
        """Say whether both numbers are near enough."""
        return max(map(abs, self.misfit(seen))) <= 1.0


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
    >>> seen = "contact_types.patients.patience={from={abandonment_rate=0.046, asa=14.3}}"
    >>> found = simcenter.load("scenarios/clinic/scenario.toml", settings=[seen])
    >>> 200 < found.types[0].patience.mean < 240
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
        scenario = _put(scenario, number, max(one.asa, 5.0) / one.abandonment_rate, 1.0, 0.0)
    found: dict[int, _Tried] = {}
    for _ in range(SWEEPS if len(seen) > 1 else 1):
        for number, one in seen.items():
            found[number] = _Search(scenario, number, one).best()
            best = found[number]
            scenario = _put(scenario, number, best.mean, best.shape, best.balk)
    notes = []
    for number, one in seen.items():
        tried = _try(scenario, number, found[number].shape)
        _refuse_misfit(scenario.types[number], one, tried)
        notes.append(_note(scenario.types[number], one, tried))
    return dataclasses.replace(scenario, assumed=(*scenario.assumed, *notes))


class _Search:
    """The search for one type; all others stay as they are."""

    def __init__(self, scenario: Scenario, number: int, seen: Seen) -> None:
        self.scenario, self.number, self.seen = scenario, number, seen
        self.known: dict[tuple[float, float], _Tried] = {}

    def best(self) -> _Tried:
        """Return the patience that comes nearest to both numbers."""
        from scipy.optimize import least_squares

        start = math.log(max(self.seen.asa, 5.0) / self.seen.abandonment_rate)
        low, high = math.log(SHORTEST), math.log(LONGEST)
        least_squares(
            lambda x: self._off(float(x[0]), float(x[1]) - 1.0),
            [min(max(start, low + STEP), high - STEP), 1.0],  # steps are relative: not from 0
            bounds=([low, 0.0], [high, 2.0]),
            diff_step=[STEP / max(abs(start), 1.0), STEP],
            xtol=STEP / 10,
            ftol=None,
            gtol=1e-9,  # where nothing that is moved does anything
            max_nfev=MOST,
        )
        return min(self.known.values(), key=lambda tried: math.hypot(*tried.misfit(self.seen)))

    def _off(self, logarithm: float, other: float) -> tuple[float, float]:
        """Return how far off a patience is: its mean, and the second number from -1 to 1."""
        if (logarithm, other) not in self.known:
            shape = math.exp(max(-other, 0.0) * math.log(STEEPEST))
            most = min(BALKING * self.seen.abandonment_rate, 1.0)
            laid = _put(
                self.scenario, self.number, math.exp(logarithm), shape, max(other, 0.0) * most
            )
            self.known[logarithm, other] = _try(laid, self.number, shape)
        tried = self.known[logarithm, other]
        wanted, wait = self.seen.abandonment_rate, max(self.seen.asa, 1.0)
        return (
            (tried.rate.mean - wanted) / (RATE_TOLERANCE * wanted),
            (tried.asa.mean - self.seen.asa) / (ASA_TOLERANCE * wait),
        )


def _put(scenario: Scenario, number: int, mean: float, shape: float, balk: float) -> Scenario:
    patience = Exponential(mean=mean) if shape == 1.0 else Weibull(mean=mean, shape=shape)
    types = list(scenario.types)
    types[number] = dataclasses.replace(types[number], patience=patience, balk=balk)
    return dataclasses.replace(scenario, types=tuple(types))


def _try(scenario: Scenario, number: int, shape: float) -> _Tried:
    """Return what the floor shows of a type."""
    kind = scenario.types[number]
    results = simulate(scenario, DAYS, workers=1).results
    rate, asa = (results.value(k, contact_type=kind.name) for k in ("abandonment_rate", "asa"))
    if rate is None:
        raise InputError(
            "contact_types.{name}.patience.from: no contact of this type enters a queue, so "
            "no patience can be found",
            name=kind.name,
        )
    mean = kind.patience.mean_value() if kind.patience is not None else math.inf
    return _Tried(mean, shape, kind.balk, rate, asa or Value(0.0, None, None, None))


def _refuse_misfit(kind: ContactType, seen: Seen, tried: _Tried) -> None:
    if not tried.fits(seen):
        raise InputError(
            "contact_types.{name}.patience.from: no patience gives {seen} with the volumes, "
            "handle times and people of this scenario; the nearest ({tried}) gives "
            "{reached}; check those, or give a distribution",
            name=kind.name,
            seen=_told(seen),
            tried=_patience(tried),
            reached=_shown(tried),
        )


def _note(kind: ContactType, seen: Seen, tried: _Tried) -> Message:
    return Message(
        "contact_types.{type}.patience: found from {seen}: {patience}, which gives {given}",
        type=kind.name,
        seen=_told(seen),
        patience=_patience(tried),
        given=_shown(tried),
    )


def _told(seen: Seen) -> Message:
    return Message(
        "abandonment {percent:.3g} % and ASA {asa:.3g} s",
        percent=100 * seen.abandonment_rate,
        asa=seen.asa,
    )


def _shown(tried: _Tried) -> Message:
    return Message(
        "abandonment {percent:.2f} % and ASA {asa:.1f} s",
        percent=100 * tried.rate.mean,
        asa=tried.asa.mean,
    )


def _patience(tried: _Tried) -> Message:
    weibull = Message("Weibull with shape {shape:.2f}", shape=tried.shape)
    return Message(
        "{family}, mean {mean:.4g} s, balk {percent:.2g} %",
        family=Message("exponential") if tried.shape == 1.0 else weibull,
        mean=tried.mean,
        percent=100 * tried.balk,
    )
