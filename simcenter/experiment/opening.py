"""Opening a scenario: reading its files, and finding what they tell by its effects only."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from simcenter.experiment.patience_from import with_patience
from simcenter.files import scenario as files
from simcenter.model.patience import Sought
from simcenter.model.scenario import Scenario

__all__ = ["load", "loads", "same_patience"]


def load(
    path: str | Path, overlays: Sequence[str | Path] = (), settings: Sequence[str] = ()
) -> Scenario:
    """Read a scenario, lay what-ifs over it, and find patience given as ``from``.

    What a centre shows is what it shows today. So patience is found in the scenario of the
    file, and the what-ifs that are laid over it meet the same callers; only numbers that a
    what-if itself gives are looked for in the what-if.

    Parameters
    ----------
    path
        The scenario file (TOML).
    overlays
        Files laid over it, in order.
    settings
        ``KEY=VALUE`` settings laid over that, in order.

    Raises
    ------
    InputError
        With where, what was given and what is allowed; and when no patience shows what was
        given.
    """
    scenario = files.load(path, overlays, settings)
    if (overlays or settings) and any(isinstance(k.patience, Sought) for k in scenario.types):
        scenario = _as_today(scenario, files.load(path))
    return with_patience(scenario)


def loads(text: str, settings: Sequence[str] = (), folder: str | Path = ".") -> Scenario:
    """Read a scenario from a text, as `load` does from a file.

    Parameters
    ----------
    text
        What would stand in the scenario file (TOML).
    settings
        ``KEY=VALUE`` settings laid over it, in order.
    folder
        The one from which the files that the text names are looked for; by default the
        current one.

    Raises
    ------
    InputError
        As `load`.

    Examples
    --------
    >>> import simcenter
    >>> text = '''
    ... name = "A desk"
    ... clock = { opens = "08:00", closes = "12:00" }
    ... contact_types = [
    ...     { name = "calls", arrivals = { rate_per_hour = 60 }, handle = { aht = 240 } },
    ... ]
    ... agent_groups = [{ name = "desk", skills = { calls = 1 }, staffing = 5 }]
    ... '''
    >>> scenario = simcenter.loads(text, settings=["agent_groups.desk.staffing=6"])
    >>> scenario.name, len(scenario.agents)
    ('A desk', 6)
    """
    scenario = files.loads(text, settings, folder)
    if settings and any(isinstance(k.patience, Sought) for k in scenario.types):
        scenario = _as_today(scenario, files.loads(text, folder=folder))
    return with_patience(scenario)


def _as_today(scenario: Scenario, today: Scenario) -> Scenario:
    """Return the scenario with the patience that is found for the same numbers today."""
    asked = {kind.name: kind.patience for kind in today.types if isinstance(kind.patience, Sought)}
    same = [k.name for k in scenario.types if k.name in asked and k.patience == asked[k.name]]
    return same_patience(scenario, with_patience(today), same) if same else scenario


def same_patience(
    scenario: Scenario, found: Scenario, names: Sequence[str] | None = None
) -> Scenario:
    """Return a scenario whose patience, where it is still to be found, is that of another.

    Parameters
    ----------
    scenario
        Of `simcenter.files.scenario.resolve`, say a what-if.
    found
        In which the patience of these types was found.
    names
        Of the contact types; None: of all that both have.
    """
    known = {kind.name: kind for kind in found.types if names is None or kind.name in names}
    sought = {k.name for k in scenario.types if isinstance(k.patience, Sought) and k.name in known}
    types = tuple(
        dataclasses.replace(kind, patience=known[kind.name].patience, balk=known[kind.name].balk)
        if kind.name in sought
        else kind
        for kind in scenario.types
    )
    heads = tuple(f"contact_types.{name}.patience: found from" for name in sorted(sought))
    notes = tuple(line for line in found.assumed if line.startswith(heads)) if heads else ()
    return dataclasses.replace(scenario, types=types, assumed=(*scenario.assumed, *notes))
