"""When an activity does least harm: the same people off the floor in one slot after the other.

Each slot is simulated on the same callers as the roster as it stands, so what differs is what
the activity did. Nobody is taken out of a break, a lunch or anything else but work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from simcenter.errors import InputError, unknown
from simcenter.experiment.replicate import Replicate
from simcenter.experiment.workers import workers_for
from simcenter.floor.run import ENGINES
from simcenter.measures import (
    Accumulator,
    Difference,
    Tally,
    Value,
    paired_differences,
    setting_for_scenario,
)
from simcenter.model.clock import clock_text
from simcenter.model.scenario import Scenario
from simcenter.validation.many import each
from simcenter.validation.places import Asked, Place

__all__ = ["WHEN_MEASURES", "Slot", "When", "when"]

Progress = Callable[[int, int], None]

WHEN_MEASURES = ("service_level", "abandoned", "asa")
"""What is compared: contacts answered in time, callers lost, and the wait."""


@dataclass(frozen=True, eq=False)
class Slot:
    """One place for the activity.

    Attributes
    ----------
    day, start, end
        When; seconds since midnight of that day.
    agents
        Who would go; empty for groups that are staffed by count.
    differences
        By measure over all contacts, against the roster as it stands; None without data.
    contact_types
        The same by contact type.
    told_apart
        Whether the slot of least harm is shown to do less: of all slots that are told apart from
        it, with the confidence of the run, none does less.
    """

    day: int
    start: float
    end: float
    agents: tuple[str, ...]
    differences: Mapping[str, Difference | None]
    contact_types: Mapping[str, Mapping[str, Difference | None]]
    told_apart: bool = False

    @property
    def harm(self) -> tuple[float, float, float]:
        """What slots are ranked by: service level lost, callers lost, longer ASA."""
        level, lost, wait = (
            0.0 if found is None else found.difference.mean
            for found in (self.differences[key] for key in WHEN_MEASURES)
        )
        return -level, lost, wait

    def to_json_dict(self) -> dict[str, object]:
        """Return the slot as data."""
        return {
            "day": self.day,
            "start": clock_text(self.start),
            "end": clock_text(self.end),
            "agents": list(self.agents),
            "told_apart": self.told_apart,
            "differences": _shown(self.differences),
            "contact_types": {name: _shown(row) for name, row in self.contact_types.items()},
        }


def _shown(row: Mapping[str, Difference | None]) -> dict[str, object]:
    return {key: None if found is None else found.to_json_dict() for key, found in row.items()}


@dataclass(frozen=True, eq=False)
class When:
    """Places for an activity, the least harm first.

    Attributes
    ----------
    scenario, activity, group, count, minutes
        What was asked; group None: of any group with a roster.
    engine, replications
        How it was simulated, and how often.
    base
        The measures of the roster as it stands.
    slots
        Where so many are free, the least harm first.
    full
        (day, start, how many are free) where fewer are.
    """

    scenario: Scenario
    activity: str
    group: str | None
    count: int
    minutes: float
    engine: str
    replications: int
    base: Mapping[str, Value | None]
    slots: tuple[Slot, ...]
    full: tuple[tuple[int, float, int], ...]

    def to_json_dict(self) -> dict[str, object]:
        """Return all as data."""
        run = self.scenario.run
        return {
            "scenario": self.scenario.name,
            "scenario_hash": self.scenario.hash,
            "engine": self.engine,
            "seed": run.seed,
            "replications": self.replications,
            "confidence": run.confidence,
            "activity": self.activity,
            "group": self.group,
            "count": self.count,
            "minutes": self.minutes,
            "base": {k: None if v is None else v.to_json_dict() for k, v in self.base.items()},
            "slots": [slot.to_json_dict() for slot in self.slots],
            "full": [
                {"day": day, "start": clock_text(start), "free": free}
                for day, start, free in self.full
            ],
        }


def when(
    scenario: Scenario,
    *,
    count: int,
    minutes: float,
    activity: str = "training",
    group: str | None = None,
    step: float | None = None,
    start: float | None = None,
    end: float | None = None,
    day: int | None = None,
    replications: int | None = None,
    engine: str = "compiled",
    workers: int | str | None = 1,
    progress: Progress | None = None,
) -> When:
    """Find out when so many agents can be taken off the floor.

    In each slot the first of the roster go who are at work throughout, as the change
    ``insert`` takes them; who is locked by the rules stays.

    Parameters
    ----------
    scenario
        From `simcenter.load`.
    count, minutes
        How many agents, for how long.
    activity
        Its name, such as ``training`` or ``meeting``.
    group
        Of this group; None: of any that has a roster.
    step
        Minutes from one slot to the next; None: an interval.
    start, end
        Seconds after midnight between which it must lie; None: the opening hours.
    day
        On this day (1 = first); None: on any.
    replications
        How many days to simulate for each slot; by default as the scenario says.
    engine
        One of `simcenter.floor.run.ENGINES`.
    workers
        As of `simcenter.simulate`; the result does not depend on it.
    progress
        Called with (done, of) after each replication.

    Raises
    ------
    InputError
        When what is asked is impossible, or nowhere are so many free.

    Examples
    --------
    >>> import simcenter
    >>> scenario = simcenter.load("scenarios/clinic/scenario.toml")
    >>> found = when(scenario, count=1, minutes=30, start=9 * 3600, end=11 * 3600, replications=5)
    >>> sorted(clock_text(slot.start) for slot in found.slots)
    ['09:00', '09:30', '10:00', '10:30']
    """
    asked = Asked(scenario, activity, group, count, minutes, step, start, end, day)
    if engine not in ENGINES:
        raise InputError(unknown("engine", engine, ENGINES))
    runs = scenario.run.replications if replications is None else replications
    if runs < 1:
        raise InputError("when: got {runs} replications; must be at least 1", runs=runs)
    places, full = asked.places()
    of, done = (1 + len(places)) * runs, 0

    def told() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, of)

    scenarios = [scenario, *(place.scenario for place in places)]
    made = each(scenarios, range(1, runs + 1), _tally, engine, workers_for(workers), told)
    base = _measured(scenario, next(made))
    slots = []
    for place, tallies in zip(places, made, strict=True):
        other = _measured(place.scenario, tallies)
        slots.append((_slot(place, base, other), other))
    slots.sort(key=lambda one: (one[0].harm, one[0].day, one[0].start))
    results = base.results()
    return When(
        scenario=scenario,
        activity=asked.activity,
        group=group,
        count=count,
        minutes=minutes,
        engine=engine,
        replications=runs,
        base={key: results.value(key) for key in WHEN_MEASURES},
        slots=tuple(_told_apart(slots)),
        full=full,
    )


def _tally(task: Replicate, number: int) -> Tally:
    return task(number).tally


def _measured(scenario: Scenario, tallies: Sequence[Tally]) -> Accumulator:
    found = Accumulator(setting_for_scenario(scenario))
    for one in tallies:
        found.add(one)
    return found


def _told_apart(slots: Sequence[tuple[Slot, Accumulator]]) -> Iterator[Slot]:
    """Say of each slot whether the first does less harm: by service level, else callers lost.

    So many slots are compared with the first that each comparison has its share of the error.
    """
    best, first = slots[0]
    yield best
    error = (1.0 - first.setting.confidence) / max(len(slots) - 1, 1)
    for slot, other in slots[1:]:
        found = paired_differences(first, other, WHEN_MEASURES, confidence=1.0 - error)
        level, lost, _ = (found[key] for key in WHEN_MEASURES)
        worse = lost is not None and lost.sign > 0 if level is None else level.sign < 0
        yield replace(slot, told_apart=worse)


def _slot(place: Place, base: Accumulator, other: Accumulator) -> Slot:
    return Slot(
        place.day,
        place.start,
        place.end,
        place.agents,
        paired_differences(base, other, WHEN_MEASURES),
        {
            name: paired_differences(base, other, WHEN_MEASURES, contact_type=name)
            for name in base.setting.types
        },
    )
