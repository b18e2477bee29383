"""What-ifs on the same callers: base and others on one seed, compared replication by replication.

Every draw has an address that does not depend on what else is in the scenario, so a caller
is the same person in the base and in the what-if. What differs between the two is what was
changed, and the interval of a paired difference is that much narrower.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from simcenter.errors import InputError, unknown
from simcenter.floor.run import check_engine, run
from simcenter.measures import (
    MEASURES,
    Accumulator,
    Difference,
    Results,
    paired_differences,
    setting_for_scenario,
    tally,
)
from simcenter.model.scenario import Scenario

__all__ = [
    "BETTER",
    "DEFAULT_MEASURES",
    "Comparison",
    "Contrast",
    "WhatIf",
    "compare",
    "known_measures",
    "verdict",
]

Progress = Callable[[int, int], None]

DEFAULT_MEASURES = (
    "offered", "answer_rate", "abandonment_rate", "service_level", "asa", "wait_p90", "aht",
    "on_floor", "occupancy", "cost",
)  # fmt: skip
"""What is compared where nothing else is asked for."""

BETTER: Mapping[str, str] = MappingProxyType({
    "arrived": "", "blocked": "lower", "self_served": "", "ivr_abandoned": "lower",
    "offered": "", "answered": "", "abandoned": "lower", "short_abandoned": "lower",
    "overflowed": "lower", "dropped": "lower", "redialled": "lower",
    "answer_rate": "higher", "abandonment_rate": "lower", "queue_loss_rate": "lower",
    "blocking_rate": "lower", "asa": "lower", "mean_wait": "lower", "wait_p50": "lower",
    "wait_p90": "lower", "wait_p99": "lower", "wait_max": "lower", "mean_wait_abandoned": "",
    "service_level": "higher", "aht": "", "mean_talk": "", "mean_hold": "", "mean_wrap": "",
    "queue_length_mean": "lower", "queue_length_max": "lower", "offered_load": "",
    "carried_load": "", "lost_load": "lower", "first_contact_resolution": "higher",
    "rostered": "", "staffed": "", "on_floor": "", "occupancy": "", "utilisation": "",
    "shrinkage": "", "adherence": "higher", "conformance": "", "cost": "lower",
})  # fmt: skip
"""Which way a measure is better; empty: neither, it is only higher or lower."""

_OF_THE_BASE = ("seed", "replications", "confidence")
"""What of ``[run]`` the base decides for all."""

NOISE = 1e-9
"""A difference below this share of the two values is rounding, and nothing else."""


@dataclass(frozen=True)
class Contrast:
    """A paired difference and what it shows.

    Attributes
    ----------
    difference
        The what-if less the base.
    verdict
        ``better``, ``worse``, ``higher``, ``lower`` or ``no difference shown``.
    """

    difference: Difference
    verdict: str

    def to_json_dict(self) -> dict[str, float | str | None]:
        """Return the fields of a value, ``variance_ratio`` and ``verdict``."""
        return {**self.difference.to_json_dict(), "verdict": self.verdict}


@dataclass(frozen=True, eq=False)
class WhatIf:
    """One what-if beside the base.

    Attributes
    ----------
    name, scenario, results
        What it is called, what was run, and every measure of it.
    total
        By measure what differs from the base over all contacts; None without data.
    contact_types
        The same by contact type, for the types that both scenarios have.
    """

    name: str
    scenario: Scenario
    results: Results
    total: Mapping[str, Contrast | None]
    contact_types: Mapping[str, Mapping[str, Contrast | None]]

    def contrast(self, key: str, *, contact_type: str | None = None) -> Contrast | None:
        """Return what differs in one measure, None where either scenario has no data.

        Raises
        ------
        InputError
            If the measure was not compared, or the contact type is not in both scenarios.
        """
        if contact_type is not None and contact_type not in self.contact_types:
            raise InputError(unknown("contact type", contact_type, self.contact_types))
        row = self.total if contact_type is None else self.contact_types[contact_type]
        if key not in row:
            raise InputError(unknown("measure", key, row))
        return row[key]


@dataclass(frozen=True, eq=False)
class Comparison:
    """A base and its what-ifs on the same callers.

    Attributes
    ----------
    base, engine, replications
        What was run, how, and how often.
    measures
        The measures compared.
    results
        Every measure of the base.
    what_ifs
        In the order given.
    notes
        What to know before reading the differences, one sentence each.
    """

    base: Scenario
    engine: str
    replications: int
    measures: tuple[str, ...]
    results: Results
    what_ifs: tuple[WhatIf, ...]
    notes: tuple[str, ...]

    def what_if(self, name: str) -> WhatIf:
        """Return a what-if by its name.

        Raises
        ------
        InputError
            If there is none of that name.
        """
        for item in self.what_ifs:
            if item.name == name:
                return item
        raise InputError(unknown("what-if", name, [item.name for item in self.what_ifs]))


def compare(
    base: Scenario,
    others: Mapping[str, Scenario],
    replications: int | None = None,
    *,
    measures: Sequence[str] | None = None,
    engine: str = "compiled",
    progress: Progress | None = None,
) -> Comparison:
    """Run a base and what-ifs on the same callers, and tell what differs.

    Parameters
    ----------
    base
        From `simcenter.load`. Its seed and its confidence hold for all.
    others
        What-ifs by name.
    replications
        How many; by default as the base says.
    measures
        Keys of `simcenter.measures.MEASURES`; by default `DEFAULT_MEASURES`.
    engine
        One of `simcenter.floor.run.ENGINES`.
    progress
        Called with (done, of) after each replication of any scenario.

    Raises
    ------
    InputError
        If there is no what-if, a measure is unknown, or the engine cannot run a scenario.

    Examples
    --------
    >>> from simcenter.files.scenario import load
    >>> path = "scenarios/clinic/scenario.toml"
    >>> ill = load(path, settings=["agent_groups.desk.absent=1"])
    >>> found = compare(load(path), {"one ill": ill}, replications=20, measures=["asa"])
    >>> found.what_if("one ill").contrast("asa").verdict
    'worse'
    """
    keys = known_measures(DEFAULT_MEASURES if measures is None else measures)
    count = base.run.replications if replications is None else replications
    _refuse_nothing(others, count)
    for scenario in (base, *others.values()):
        check_engine(engine, scenario)
    told = _Told(progress, (1 + len(others)) * count)
    first = _measured(base, count, engine, told)
    what_ifs = []
    for name, scenario in others.items():
        other = _measured(_on_the_same_callers(scenario, base), count, engine, told)
        what_ifs.append(_what_if(name, scenario, first, other, keys))
    return Comparison(
        base=base,
        engine=engine,
        replications=count,
        measures=keys,
        results=first.results(),
        what_ifs=tuple(what_ifs),
        notes=tuple(note for name, other in others.items() for note in _notes(name, base, other)),
    )


def _refuse_nothing(others: Mapping[str, Scenario], count: int) -> None:
    if not others:
        raise InputError("compare: there is no what-if to set beside the base")
    if count < 1:
        raise InputError(f"compare: got {count} replications; must be at least 1")


@dataclass
class _Told:
    """Tells the progress over all scenarios."""

    progress: Progress | None
    of: int
    done: int = 0

    def one_more(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.of)


def _measured(scenario: Scenario, count: int, engine: str, told: _Told) -> Accumulator:
    """Run replications 1 to ``count`` and measure them."""
    setting = setting_for_scenario(scenario)
    found = Accumulator(setting)
    for number in range(1, count + 1):
        made = run(scenario, number, engine)
        found.add(tally(made.contacts, made.activities, made.plan, setting))
        told.one_more()
    return found


def known_measures(keys: Sequence[str]) -> tuple[str, ...]:
    """Return the keys, each once, in order.

    Raises
    ------
    InputError
        If one is no measure of the list, or is not estimated from runs, or there is none.
    """
    known = [item.key for item in MEASURES if item.statistic != "none"]
    for key in keys:
        if key not in known:
            raise InputError(unknown("measure", key, known))
    if not keys:
        raise InputError("measures: at least one is needed, such as asa")
    return tuple(dict.fromkeys(keys))


def _on_the_same_callers(scenario: Scenario, base: Scenario) -> Scenario:
    """Return a scenario with the seed and the confidence of the base."""
    same = {"seed": base.run.seed, "confidence": base.run.confidence}
    return dataclasses.replace(scenario, run=scenario.run.model_copy(update=same))


def _what_if(
    name: str, scenario: Scenario, first: Accumulator, other: Accumulator, keys: Sequence[str]
) -> WhatIf:
    results = other.results()
    base = first.results()

    def row(contact_type: str | None) -> dict[str, Contrast | None]:
        found = paired_differences(first, other, keys, contact_type=contact_type)
        return {
            key: _contrast(key, difference, base, results, contact_type)
            for key, difference in found.items()
        }

    both = [kind for kind in first.setting.types if kind in other.setting.types]
    return WhatIf(name, scenario, results, row(None), {kind: row(kind) for kind in both})


def _contrast(
    key: str, found: Difference | None, base: Results, other: Results, contact_type: str | None
) -> Contrast | None:
    if found is None:
        return None
    values = [side.value(key, contact_type=contact_type) for side in (base, other)]
    largest = max((abs(value.mean) for value in values if value is not None), default=0.0)
    return Contrast(found, verdict(key, found, largest))


def verdict(key: str, found: Difference, largest: float = 0.0) -> str:
    """Say in words what a difference shows.

    Parameters
    ----------
    key
        The measure; `BETTER` says which way is better.
    found
        Its paired difference.
    largest
        The larger of the two values, to tell rounding from a difference.

    Returns
    -------
    str
        ``no difference shown`` where the interval holds zero or there is none (one
        replication); else ``better`` or ``worse``, or ``higher`` or ``lower`` for a measure
        of which neither way is better.
    """
    value = found.difference
    if value.low is None or value.high is None or not abs(value.mean) > NOISE * largest:
        return "no difference shown"
    if value.low <= 0.0 <= value.high or math.isnan(value.mean):
        return "no difference shown"
    way = "higher" if value.mean > 0 else "lower"
    if not BETTER[key]:
        return way
    return "better" if way == BETTER[key] else "worse"


def _notes(name: str, base: Scenario, other: Scenario) -> list[str]:
    """Say what makes a what-if harder to compare than its numbers look."""
    notes = []
    own = [key for key in _OF_THE_BASE if getattr(other.run, key) != getattr(base.run, key)]
    if own:
        given = ", ".join(f"{key} {getattr(other.run, key)}" for key in own)
        notes.append(f"{name}: {given} passed over; that of the base holds for all")
    for one, two, words in ((base, other, "lacks"), (other, base, "has beside the base's")):
        theirs = {kind.name for kind in two.types}
        missing = [kind.name for kind in one.types if kind.name not in theirs]
        if missing:
            notes.append(f"{name}: {words} the contact types {', '.join(missing)}")
    definitions = ("service_level", "abandonment_rate", "answer_rate", "short_abandon_seconds",
                   "booking", "unpaid")  # fmt: skip
    different = [d for d in definitions if getattr(base.report, d) != getattr(other.report, d)]
    if different:
        notes.append(f"{name}: measures by other definitions ({', '.join(different)})")
    never = [line for line in other.assumed if ".patience: " in line and line not in base.assumed]
    return [*notes, *(f"{name}: assumed: {line}" for line in never)]
