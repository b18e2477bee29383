"""What a page starts from: the scenario of a file, or that of a lesson; and it with changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from simcenter.classroom.changing import changed
from simcenter.classroom.limits import check_size
from simcenter.classroom.refusal import RefusedError, refused
from simcenter.classroom.sliders import Slider, Value, judged, sliders_of
from simcenter.errors import InputError
from simcenter.experiment.opening import load, same_patience
from simcenter.files.days import one_day_named
from simcenter.files.scenario import lay, resolve
from simcenter.model.scenario import Scenario

__all__ = ["MOST_SEED", "Base", "base_of", "base_of_file", "seed_of", "with_seed"]

MOST_SEED = 2**31 - 1
"""Seeds that an address of the page may name."""


@dataclass(frozen=True, eq=False)
class Base:
    """A scenario that can be changed by sliders.

    Attributes
    ----------
    key
        Its name in requests: ``scenario``, or ``lesson:`` and the lesson's.
    table, where
        Of `simcenter.files.scenario.lay`.
    scenario
        What they resolve to.
    day
        The day that is shown, from 1.
    sliders
        By key, in the order in which they are shown.
    """

    key: str
    table: dict[str, Any]
    where: str
    scenario: Scenario
    day: int
    sliders: Mapping[str, Slider]

    @property
    def seed(self) -> int:
        """The seed that the scenario itself has, as far as addresses can name it."""
        return self.scenario.run.seed % (MOST_SEED + 1)

    def changed(self, changes: object, seed: int) -> Scenario:
        """Return the scenario with changes and a seed.

        Parameters
        ----------
        changes
            Values by slider; judged here.
        seed
            From `seed_of`.

        Raises
        ------
        RefusedError
            When a slider or its value is not known, or the day would be too large.
        InputError
            When the scenario does not hold together with the changes.
        """
        return self.with_values(judged(self.sliders, changes), seed)

    def with_values(self, values: Mapping[str, Value], seed: int) -> Scenario:
        """Return the scenario with values that were judged."""
        scenario = self.scenario
        if values:
            table = changed(self.table, scenario, values)
            found = same_patience(resolve(table, self.where), scenario)
            check_size(found, self.day)
            scenario = _with_known_tables(found, scenario)
        return with_seed(scenario, seed)


def _with_known_tables(scenario: Scenario, known: Scenario) -> Scenario:
    """Return a scenario whose distributions, where equal, are those of another.

    A distribution keeps a table of its quantile from its first draw on, which takes longer to
    make than a day to play.
    """
    kept = [
        {
            name: getattr(old, name)
            for name in ("talk", "hold", "wrap", "patience")
            if getattr(kind, name) == getattr(old, name)
        }
        for kind, old in zip(scenario.types, known.types, strict=True)
    ]
    types = tuple(replace(kind, **same) for kind, same in zip(scenario.types, kept, strict=True))
    return replace(scenario, types=types)


def with_seed(scenario: Scenario, seed: int) -> Scenario:
    """Return a scenario that draws other callers."""
    return replace(scenario, run=scenario.run.model_copy(update={"seed": seed}))


def seed_of(given: object) -> int:
    """Return a seed that was asked for.

    Raises
    ------
    RefusedError
        When it is none.
    """
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= MOST_SEED:
        raise refused("seed", most=MOST_SEED)
    return given


def base_of_file(
    path: str | Path,
    overlays: Sequence[str | Path] = (),
    settings: Sequence[str] = (),
    *,
    key: str = "scenario",
    day: int | str = 1,
) -> Base:
    """Read the scenario that a page starts from.

    Parameters
    ----------
    path, overlays, settings
        As `simcenter.load`.
    key
        Its name in requests.
    day
        Which of its days is shown: a number, a date or a weekday.

    Raises
    ------
    InputError
        When it cannot be read, has no such day, or is too large for a page.
    """
    scenario = load(path, overlays, settings)
    table, where = lay(path, overlays, settings)
    try:
        number = one_day_named(day, scenario.clock, "--day")
        return base_of(scenario, table, where, key=key, day=number)
    except RefusedError as fault:
        raise InputError("{path}: {fault}", path=path, fault=fault) from None


def base_of(
    scenario: Scenario, table: dict[str, Any], where: str, *, key: str = "scenario", day: int = 1
) -> Base:
    """Return a base from a scenario and the table that it was resolved from.

    Raises
    ------
    InputError
        When the scenario has no such day, or is too large for a page.
    """
    if not 1 <= day <= scenario.clock.days:
        raise InputError(
            "--day: got {day}; days are 1 to {days}", day=day, days=scenario.clock.days
        )
    check_size(scenario, day)
    fixed = {group["name"] for group in table.get("agent_groups", ()) if "agents" in group}
    if "agents" in table:
        fixed |= {group.name for group in scenario.groups}
    return Base(key, table, where, scenario, day, sliders_of(scenario, frozenset(fixed)))
