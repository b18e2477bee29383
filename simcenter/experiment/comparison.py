"""What-ifs on the same callers: base and others on one seed, compared replication by replication.

Every draw has an address that does not depend on what else is in the scenario, so a caller
is the same person in the base and in the what-if. What differs between the two is what was
changed, and the interval of a paired difference is that much narrower.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import simcenter
from simcenter.errors import InputError, unknown
from simcenter.experiment.contrast import Contrast, contrast_of
from simcenter.floor.run import check_engine, run
from simcenter.measures import (
    MEASURES,
    Accumulator,
    Results,
    paired_differences,
    setting_for_scenario,
    tally,
)
from simcenter.measures.cells import foldings_of_day, standard_foldings
from simcenter.messages import Message
from simcenter.model.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "DEFAULT_MEASURES",
    "Comparison",
    "WhatIf",
    "compare",
    "known_measures",
]

Progress = Callable[[int, int], None]

DEFAULT_MEASURES = (
    "offered", "answer_rate", "abandonment_rate", "service_level", "asa", "wait_p90", "aht",
    "on_floor", "occupancy", "cost",
)  # fmt: skip
"""What is compared where nothing else is asked for."""

_OF_THE_BASE = ("seed", "replications", "confidence")
"""What of ``[run]`` the base decides for all."""


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
    day
        The day that is compared; None: all together.
    """

    base: Scenario
    engine: str
    replications: int
    measures: tuple[str, ...]
    results: Results
    what_ifs: tuple[WhatIf, ...]
    notes: tuple[str, ...]
    day: int | None = None

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

    def frame(
        self,
        *by: str,
        measures: str | Sequence[str] | None = None,
        wide: str | None = None,
    ) -> pd.DataFrame:
        """Return what differs as a pandas frame.

        Parameters
        ----------
        *by
            ``"contact_type"``: of the types that both scenarios have; nothing: over all.
        measures
            Some of those compared; one alone is left out of the index. By default all.
        wide
            None: a row per what-if and measure, with the columns ``base`` and ``value`` (of
            the base and of the what-if), ``mean``, ``half_width``, ``low``, ``high`` and
            ``variance_ratio`` (of the paired difference) and ``verdict``. One of these: a row
            per what-if, a column per measure.

        Returns
        -------
        pandas.DataFrame
            The index has the levels ``what_if``, ``contact_type`` and ``measure``, as asked
            for. NaN stands where there are no data, or no interval.

        Raises
        ------
        InputError
            If a grouping, a measure or a column is unknown.

        Examples
        --------
        >>> import simcenter
        >>> path = "scenarios/clinic/scenario.toml"
        >>> ill = simcenter.load(path, settings=["agent_groups.desk.absent=1"])
        >>> found = simcenter.compare(simcenter.load(path), {"one ill": ill}, 20)
        >>> found.frame().loc[("one ill", "asa"), "verdict"]
        'worse'
        >>> found.frame(measures=["asa", "occupancy"], wide="verdict")
        measure    asa occupancy
        what_if
        one ill  worse    higher
        """
        from simcenter.experiment.comparison_frame import comparison_frame

        return comparison_frame(self, by, measures, wide)

    @property
    def plot(self) -> Any:
        """Plots by name, such as ``comparison.plot.differences()``; see ``ComparisonPlots`` in `simcenter.report.plots`."""
        return simcenter.plots_of(self)


def compare(
    base: Scenario,
    others: Mapping[str, Scenario],
    replications: int | None = None,
    *,
    measures: Sequence[str] | None = None,
    engine: str = "compiled",
    progress: Progress | None = None,
    day: int | None = None,
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
    day
        All days are simulated, and this one (1 = first) is compared; None: all together.

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
    first = _measured(base, count, engine, told, day)
    what_ifs = []
    for name, scenario in others.items():
        other = _measured(_on_the_same_callers(scenario, base), count, engine, told, day)
        what_ifs.append(_what_if(name, scenario, first, other, keys))
    return Comparison(
        base=base,
        engine=engine,
        replications=count,
        measures=keys,
        results=first.results(),
        what_ifs=tuple(what_ifs),
        day=day,
        notes=tuple(note for name, other in others.items() for note in _notes(name, base, other)),
    )


def _refuse_nothing(others: Mapping[str, Scenario], count: int) -> None:
    if not others:
        raise InputError("compare: there is no what-if to set beside the base")
    if count < 1:
        raise InputError("compare: got {count} replications; must be at least 1", count=count)


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


def _measured(
    scenario: Scenario, count: int, engine: str, told: _Told, day: int | None
) -> Accumulator:
    """Run replications 1 to ``count`` and measure them, or one day of them."""
    setting = setting_for_scenario(scenario)
    foldings = standard_foldings if day is None else partial(foldings_of_day, day=day)
    found = Accumulator(setting, foldings=foldings)
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
    def row(contact_type: str | None) -> dict[str, Contrast | None]:
        found = paired_differences(first, other, keys, contact_type=contact_type)
        return {key: contrast_of(key, difference) for key, difference in found.items()}

    both = [kind for kind in first.setting.types if kind in other.setting.types]
    return WhatIf(name, scenario, other.results(), row(None), {kind: row(kind) for kind in both})


def _notes(name: str, base: Scenario, other: Scenario) -> list[str]:
    """Say what makes a what-if harder to compare than its numbers look."""
    notes: list[str] = []
    own = [key for key in _OF_THE_BASE if getattr(other.run, key) != getattr(base.run, key)]
    if own:
        given = ", ".join(f"{key} {getattr(other.run, key)}" for key in own)
        notes.append(
            Message(
                "{name}: {given} passed over; that of the base holds for all",
                name=name,
                given=given,
            )
        )
    for one, two, words in (
        (base, other, Message("lacks")),
        (other, base, Message("has beside the base's")),
    ):
        theirs = {kind.name for kind in two.types}
        missing = [kind.name for kind in one.types if kind.name not in theirs]
        if missing:
            notes.append(
                Message(
                    "{name}: {words} the contact types {missing}",
                    name=name,
                    words=words,
                    missing=", ".join(missing),
                )
            )
    definitions = ("service_level", "abandonment_rate", "answer_rate", "short_abandon_seconds",
                   "booking", "unpaid")  # fmt: skip
    different = [d for d in definitions if getattr(base.report, d) != getattr(other.report, d)]
    if different:
        notes.append(
            Message(
                "{name}: measures by other definitions ({different})",
                name=name,
                different=", ".join(different),
            )
        )
    never = [line for line in other.assumed if ".patience: " in line and line not in base.assumed]
    return [*notes, *(Message("{name}: assumed: {line}", name=name, line=line) for line in never)]
