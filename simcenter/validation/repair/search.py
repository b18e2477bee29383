"""The search for a repair: propose by an integer program, try on common callers, look anew.

From the roster as it stands, plans of 1, 2, 4, … moves are proposed and tried on the same
callers. If one of them holds, the smallest that does is sought between it and the next
smaller; if none does, the best of them becomes the roster to start from, and so on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simcenter.experiment.deadline import Deadline
from simcenter.validation.repair.moves import Move, Permitted, State, extra_moves, permitted_moves
from simcenter.validation.repair.pressure import Pressure, looks_of, pressure_of
from simcenter.validation.repair.program import Program, program_of
from simcenter.validation.repair.score import Aim, Score
from simcenter.validation.repair.trials import FAR, Trials

__all__ = ["Found", "Search"]

SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
"""Moves of a plan; later ones are proposed only while they gain."""

ROUNDS = 4
"""Rosters to start from, one after the other."""

BETWEEN = 4
"""Most halvings between a plan that holds and the next smaller one."""


@dataclass(frozen=True, eq=False)
class Found:
    """A roster that was tried.

    Attributes
    ----------
    state
        The changes.
    score
        What the callers of the search gave.
    aim
        How sure it is to be.
    """

    state: State
    score: Score
    aim: Aim

    @property
    def holds(self) -> bool:
        """Whether it does on the callers of the search."""
        return self.score.total_shortfall(self.aim) == 0.0

    @property
    def distance(self) -> float:
        """How far it is from holding, on the way there."""
        return self.score.total_shortfall(self.aim, smooth=True)


class Search:
    """Looks for rosters that hold.

    Parameters
    ----------
    base
        The roster as it stands.
    trials
        Who runs them.
    replications
        Of the search; far from those that judge in the end.
    future
        Replications that will judge.
    day
        Only what belongs to this day is changed; None: any.
    deadline
        By which a plan is to be found.
    """

    def __init__(
        self,
        base: State,
        trials: Trials,
        replications: int,
        future: int,
        day: int | None = None,
        deadline: Deadline | None = None,
    ) -> None:
        self.day = day
        self.deadline = deadline or Deadline(None)
        self.base = base
        self.trials = trials
        self.numbers = range(FAR + 1, FAR + 1 + replications)
        self.future = future
        self.looks = looks_of(base.base)
        self._scores: dict[tuple[object, ...], Score] = {}
        self._pressures: dict[tuple[object, ...], Pressure] = {}

    def pressure(self, state: State) -> Pressure:
        """Return what runs of a state show about the worth of agents."""
        if state.key not in self._pressures:
            score = self._tried([state], Aim(self.future))[0].score
            seen = self.trials.watched(state.scenario, self.numbers, self.looks)
            self._pressures[state.key] = pressure_of(state.scenario, self.looks, score, seen)
        return self._pressures[state.key]

    def score(self, state: State) -> Score:
        """Return what a state gives on the callers of the search."""
        return self._tried([state], Aim(self.future))[0].score

    def repair(self, permitted: Permitted, caution: float = 0.0) -> Found:
        """Return the cheapest roster found that holds, or else the best.

        Parameters
        ----------
        permitted
            Kinds of moves.
        caution
            As of `Aim`.
        """
        aim = Aim(self.future, caution)
        return self._improve(
            lambda state: permitted_moves(state, permitted), permitted.more_hours, aim
        )

    def fewest(self, held: Found) -> Found:
        """Return a roster that holds in which fewer people are touched, where that is enough."""
        keys = self.by_person(held.state)
        if len(keys) < 2:
            return held
        alone = self._tried([held.state.without(own) for own in keys.values()], held.aim)
        order = sorted(zip(alone, keys.values(), strict=True), key=lambda pair: pair[0].distance)
        for one, own in order:
            if not one.holds:
                break
            found = self._tried([held.state.without(own)], held.aim)[0]
            held = found if found.holds else held
        return held

    def by_person(self, state: State) -> dict[int, list[tuple[int, int]]]:
        """Return the changed shifts of each agent."""
        found: dict[int, list[tuple[int, int]]] = {}
        for key in sorted(state.shifts):
            found.setdefault(key[0], []).append(key)
        return found

    def steps(self, found: Found) -> list[Found]:
        """Return the rosters on the way to one, person by person, who helps most first.

        Changes of counts stand at the end, all together.
        """
        keys = self.by_person(found.state)
        shifts = found.state.shifts
        singles = [
            State(self.base.base, {key: shifts[key] for key in own}) for own in keys.values()
        ]
        order = sorted(self._tried(singles, found.aim), key=lambda one: one.distance)
        states, state = [], State(self.base.base)
        for one in order:
            state = state.joined(one.state)
            states.append(state)
        if found.state.counts:
            states.append(found.state)
        return self._tried(states, found.aim)

    def staff(self) -> Found:
        """Return the roster with agents beside it, wherever they are missing."""
        return self._improve(lambda state: extra_moves(state, self.day), True, Aim(self.future))

    def _improve(
        self, moves_of: Callable[[State], list[Move]], more_hours: bool, aim: Aim
    ) -> Found:
        best = self._tried([self.base], aim)[0]
        for _ in range(ROUNDS):
            pressure = self.pressure(best.state)
            program = program_of(best.state, moves_of(best.state), pressure)
            plans = _Plans(best.state, program, more_hours, self.deadline)
            states = plans.growing()
            found = dict(zip(states, self._tried(list(states.values()), aim), strict=True))
            held = [size for size, one in found.items() if one.holds]
            if held:
                least = max([size for size in found if size < held[0]], default=0)
                return self._smallest(plans, least, held[0], found[held[0]])
            better = min(found.values(), key=lambda one: one.distance, default=best)
            if not better.distance < best.distance:
                break
            best = better
        return best

    def _smallest(self, plans: _Plans, low: int, high: int, held: Found) -> Found:
        """Halve between a plan that falls short and one that holds."""
        for _ in range(BETWEEN):
            if high - low <= 1:
                break
            size = (low + high) // 2
            found = self._tried([plans.state(size)], held.aim)[0]
            if found.holds:
                held, high = found, size
            else:
                low = size
        return held

    def _tried(self, states: Sequence[State], aim: Aim) -> list[Found]:
        """Return what states give; what was tried before is not run again."""
        new = {s.key: s for s in states if s.key not in self._scores}
        if new:
            scores = self.trials.scores([s.scenario for s in new.values()], self.numbers)
            self._scores.update(zip(new, scores, strict=True))
        return [Found(state, self._scores[state.key], aim) for state in states]


@dataclass(frozen=True, eq=False)
class _Plans:
    """The plans that a program proposes from a state."""

    start: State
    program: Program
    more_hours: bool
    deadline: Deadline

    def state(self, size: int) -> State:
        """Return the roster that so many moves make."""
        self.deadline.check()
        left = self.deadline.left()
        return self.start.made(self.program.plan(size, more_hours=self.more_hours, seconds=left))

    def growing(self) -> dict[int, State]:
        """Return plans by size, as long as a larger one is another."""
        found: dict[int, State] = {}
        last = self.start.key
        for size in SIZES:
            made = self.state(size)
            if made.key == last:
                break
            found[size] = made
            last = made.key
        return found
