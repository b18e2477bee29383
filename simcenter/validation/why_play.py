"""One replication of every world that an explanation needs, on the same callers.

Worlds that draw alike share the draws, and what is kept of each is no more than the
numerators and denominators of the measures over the periods asked for.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.assemble import contact_table
from simcenter.floor.compiled import play
from simcenter.floor.lean import LeanRun
from simcenter.floor.run import ENGINES
from simcenter.measures import Setting, Tally, find_measure, formula_of, setting_for_scenario, tally
from simcenter.measures.contact_tally import CONTACT_COUNTS, CONTACT_SECONDS
from simcenter.measures.lattice import Lattice, lattice_for
from simcenter.measures.lean import lean_tally
from simcenter.model.scenario import ContactType, Scenario
from simcenter.validation.why_steps import FEATURES
from simcenter.validation.why_worlds import World, Worlds
from simcenter.workload.agents import draw_agents
from simcenter.workload.draws import Workload, draw

__all__ = ["ALONE", "ALONG", "Period", "Play"]

Floats = NDArray[np.float64]

ALONG = tuple(FEATURES[:count] for count in range(len(FEATURES) + 1))
"""Worlds along the way: the Erlang day, then one feature more each time."""

ALONE = tuple((feature,) for feature in FEATURES)
"""Worlds with one feature alone."""

TERMS = {"short_offered": "offered"}
"""Terms of measures that for simulated contacts, whose waits are all known, are others."""


@dataclass(frozen=True)
class Period:
    """A contact type over some time: the whole, one day, or intervals of one day.

    Attributes
    ----------
    contact_type
        Its name.
    day
        1 = first; None: the whole.
    start, end
        Clocks such as ``"08:30"`` and ``"10:00"`` at edges of intervals; None: the whole day.
    """

    contact_type: str
    day: int | None = None
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, eq=False)
class Span:
    """A period as the code of its type and its time in seconds since midnight of day 1.

    ``day`` is 0 for the whole; ``start`` and ``end`` are None for a whole day.
    """

    kind: int
    day: int
    start: float | None = None
    end: float | None = None

    def cells(self, lattice: Lattice) -> NDArray[np.bool_]:
        """Return which cells of a lattice belong to it."""
        if self.start is None or self.end is None:
            return np.asarray((lattice.day == self.day) | (self.day == 0))
        start = lattice.edges[:-1]
        return np.asarray(lattice.opening & (start >= self.start) & (start < self.end))


@dataclass(frozen=True, eq=False, repr=False)
class Play:
    """Plays one replication in all worlds; sent to another process, it is built there once.

    Attributes
    ----------
    scenario
        The real one.
    patient
        As in `simcenter.validation.why_worlds.Worlds`.
    spans, measures
        What is kept.
    engine
        One of `simcenter.floor.run.ENGINES`.
    """

    scenario: Scenario
    patient: bool
    spans: tuple[Span, ...]
    measures: tuple[str, ...]
    engine: str

    @cached_property
    def worlds(self) -> Worlds:
        """The worlds of the scenario."""
        return Worlds(self.scenario, patient=self.patient)

    @cached_property
    def _plan(self) -> tuple[tuple[World, ...], tuple[Setting, ...], NDArray[np.int64]]:
        """Return the different worlds, their settings, and which one each asked for is."""
        asked = [self.worlds.world(features) for features in (*ALONG, *ALONE)]
        different = tuple(dict.fromkeys(asked))
        places = np.array([different.index(world) for world in asked])
        return different, tuple(setting_for_scenario(w.scenario) for w in different), places

    def __call__(self, number: int) -> Floats:
        """Return numerators and denominators, [world, span, measure, 2].

        Worlds stand as in `ALONG`, then as in `ALONE`.
        """
        worlds, settings, places = self._plan
        drawn = _Drawn(number)
        tallies = (
            self._played(world, setting, drawn)
            for world, setting in zip(worlds, settings, strict=True)
        )
        pairs = [self._pairs(one, setting) for one, setting in zip(tallies, settings, strict=True)]
        return np.array(pairs)[places]

    def _played(self, world: World, setting: Setting, drawn: _Drawn) -> Tally:
        workload = world.contacts(drawn.of(world.scenario))
        agents = draw_agents(world.scenario, drawn.number)
        if self.engine == "compiled":
            played = play(world.scenario, workload, agents)
            counted = lean_tally(LeanRun(world.scenario, drawn.number, agents, played), setting)
            played.leave()
            return counted
        trace = ENGINES[self.engine](world.scenario, workload, agents)
        return tally(contact_table(world.scenario, workload, trace), None, None, setting)

    def _pairs(self, one: Tally, setting: Setting) -> Floats:
        """Return the pairs of one world, [span, measure, 2]."""
        lattice = lattice_for(setting)
        more = one.cells - len(lattice)
        lattice = lattice.until(float(lattice.edges[-1]) + more * lattice.interval)
        found = np.zeros((len(self.spans), len(self.measures), 2))
        for row, span in enumerate(self.spans):
            cells = span.cells(lattice)
            for column, key in enumerate(self.measures):
                formula = formula_of(find_measure(key), setting.definitions)
                for side, terms in enumerate((formula.numerator, formula.denominator)):
                    found[row, column, side] = _sum(one, terms, span.kind, cells)
        return found

    @cached_property
    def _parcel(self) -> bytes:
        return pickle.dumps(self.scenario, protocol=pickle.HIGHEST_PROTOCOL)

    def __reduce__(self) -> tuple[Any, ...]:
        """Send the scenario as bytes, by which the receiver knows it again."""
        rest = pickle.dumps((self.patient, self.spans, self.measures, self.engine))
        return _rebuilt, (self._parcel, rest)


@lru_cache(maxsize=2)
def _rebuilt(parcel: bytes, rest: bytes) -> Play:
    return Play(pickle.loads(parcel), *pickle.loads(rest))


class _Drawn:
    """The draws of one replication, made once for scenarios that draw alike."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._made: list[tuple[tuple[ContactType, ...], bool, Workload]] = []

    def of(self, scenario: Scenario) -> Workload:
        """Return the contacts drawn for a scenario."""
        routing = scenario.routing
        chance = "random" in (*routing.agent, *routing.contact)
        for types, random, workload in self._made:
            if types is scenario.types and random == chance:
                return workload
        workload = draw(scenario, self.number)
        self._made.append((scenario.types, chance, workload))
        return workload


def _sum(one: Tally, terms: Sequence[str], kind: int, cells: NDArray[np.bool_]) -> float:
    """Return the sum of signed terms of a measure over some cells."""
    return float(sum(sign * row[kind, cells].sum() for sign, row in _signed(one, terms)))


def _signed(one: Tally, terms: Sequence[str]) -> Iterator[tuple[int, NDArray[Any]]]:
    for term in terms:
        sign, name = (-1, term[1:]) if term.startswith("-") else (1, term)
        name = TERMS.get(name, name)
        if name in CONTACT_COUNTS:
            yield sign, one.counts[CONTACT_COUNTS.index(name)]
        else:
            yield sign, one.seconds[CONTACT_SECONDS.index(name)]
