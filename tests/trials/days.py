# ruff: noqa: NPY002 -- numba knows the old generator alone
"""Days of one queue: many at once by simulation, and their expectation exactly.

Contacts come by a Poisson process, are handled and lose patience exponentially; the agents stay
until all are served. A day may be busier or quieter as a whole. The simulation follows contacts
in order (the workload of each agent, J. Kiefer and J. Wolfowitz, 1955) and shares no code with
the package; the expectations solve Kolmogorov's equations for the number of contacts present,
and put `tests.oracles.waiting` behind each state that an arrival can meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.linalg import expm

from tests.oracles import waiting

Floats = NDArray[np.float64]

COLUMNS = ("offered", "answered", "abandoned", "within", "wait_answered", "wait", "handle")
"""What is counted of a day, by the interval in which a contact came."""

PLACES = {name: place for place, name in enumerate(COLUMNS)}


@dataclass(frozen=True)
class Model:
    """A day: contacts by interval, minutes of one, agents, mean seconds, and day factors."""

    name: str
    contacts: tuple[float, ...]
    agents: int
    handle: float
    patience: float
    factors: tuple[tuple[float, float], ...] = ((1.0, 1.0),)
    within: float = 20.0
    minutes: float = 30.0

    @property
    def rates(self) -> Floats:
        """Contacts a second, by interval."""
        return np.array(self.contacts) / (60.0 * self.minutes)


@dataclass(frozen=True, eq=False)
class Days:
    """Simulated days: counts [day, interval, column], and waits above zero with their days."""

    counts: Floats
    waits: Floats
    first: NDArray[np.int64]
    """Where the waits of each day begin; one more at the end."""

    @property
    def whole(self) -> Floats:
        """Counts of whole days."""
        return np.asarray(self.counts.sum(axis=1))


@njit(cache=True)  # type: ignore[untyped-decorator]
def _simulated(seed, days, rates, less, length, agents, handle, patience, within, factors, chances):
    """Of each contact every number is drawn in order, so a what-if meets the same callers.

    Of what comes at ``rates``, the share ``less`` does not come.
    """
    counts = np.zeros((days, len(rates), 7))
    waits, waited = np.zeros(1024), 0
    first = np.zeros(days + 1, np.int64)
    for day in range(days):
        np.random.seed((seed * 1_000_003 + day) * 2_654_435_761 % 4_294_967_296)  # scattered
        factor = factors[np.searchsorted(chances, np.random.random())]
        free = np.zeros(agents)
        for interval in range(len(rates)):
            now, end = interval * length, (interval + 1) * length
            while True:
                now += np.random.exponential(1.0 / (rates[interval] * factor))
                gives_up = np.random.exponential(patience)
                takes = np.random.exponential(handle)
                stays_away = np.random.random() < less
                if now >= end:
                    break
                if stays_away:
                    continue
                agent = np.argmin(free)
                wait = max(free[agent] - now, 0.0)
                row = counts[day, interval]
                row[0] += 1
                if wait > gives_up:
                    row[2] += 1
                    row[5] += gives_up
                    continue
                free[agent] = now + wait + takes
                row[1] += 1
                row[3] += wait <= within
                row[4] += wait
                row[5] += wait
                row[6] += takes
                if wait > 0:
                    if waited == len(waits):
                        longer = np.zeros(2 * waited)
                        longer[:waited] = waits
                        waits = longer
                    waits[waited] = wait
                    waited += 1
        first[day + 1] = waited
    return counts, waits[:waited], first


def simulated(
    model: Model, days: int, seed: int = 1, *, less: float = 0.0, agents: int | None = None
) -> Days:
    """Return days of a model; the same seed gives the same callers, of whom some stay away."""
    chances = np.cumsum([chance for _, chance in model.factors])
    chances[-1] = 1.0
    counts, waits, first = _simulated(
        seed,
        days,
        model.rates,
        less,
        60.0 * model.minutes,
        model.agents if agents is None else agents,
        model.handle,
        model.patience,
        model.within,
        np.array([factor for factor, _ in model.factors]),
        chances,
    )
    return Days(counts, waits, first)


@lru_cache(maxsize=64)
def expected(model: Model, most_waiting: int = 80) -> Any:
    """Return the expected counts, [interval, the first six of `COLUMNS`]."""
    agents, length = model.agents, 60.0 * model.minutes
    case = (most_waiting - 1, agents, model.handle, model.patience)
    size = agents + most_waiting + 1
    present = np.arange(size)
    gains = np.zeros((size, 4))  # answered, within, wait of the answered, wait
    gains[:agents, :2] = 1.0
    answered = waiting.answered_probability(*case)
    gains[agents:-1, 0] = answered
    gains[agents:-1, 1] = waiting.answered_within(model.within, *case)
    gains[agents:-1, 2] = answered * waiting.mean_wait_if_answered(*case)
    gains[agents:-1, 3] = waiting.mean_wait(*case)
    leaving = np.minimum(present, agents) / model.handle
    leaving = leaving + np.maximum(present - agents, 0) / model.patience
    found = np.zeros((len(model.contacts), 6))
    for factor, chance in model.factors:
        state = np.zeros(size)
        state[0] = 1.0
        for interval, rate in enumerate(model.rates * factor):
            moves = np.diag(np.full(size - 1, rate), 1) + np.diag(leaving[1:], -1)
            moves -= np.diag(moves.sum(axis=1))
            both = np.zeros((2 * size, 2 * size))
            both[:size, :size], both[:size, size:] = moves, np.eye(size)
            solved = expm(both * length)
            state, time = state @ solved[:size, :size], state @ solved[:size, size:]
            one = rate * (time @ gains)
            offered = rate * length
            found[interval] += chance * np.array(
                [offered, one[0], offered - one[0], one[1], one[2], one[3]]
            )
    return found
