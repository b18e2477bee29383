"""``simcenter run``: simulate, report, and set observed contacts beside."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from simcenter.cli.output import Progress, check_outputs, emit
from simcenter.errors import InputError, RecordError, unknown
from simcenter.experiment.replications import Interrupted, Simulation, simulate
from simcenter.files.scenario import load
from simcenter.floor.compiled import compiles_first
from simcenter.floor.records import ContactTable
from simcenter.floor.run import run
from simcenter.floor.tables import read_contacts, write_activities, write_contacts
from simcenter.measures import measure, setting_for_scenario
from simcenter.model.scenario import Scenario
from simcenter.report.document import document
from simcenter.report.text import against_text, results_text

__all__ = ["run_scenario"]


def run_scenario(
    path: str,
    *,
    overlays: Sequence[str],
    settings: Sequence[str],
    engine: str,
    at_least: bool,
    workers: str | None,
    precision: str | None,
    max_replications: int | None,
    max_seconds: float | None,
    store: str | None,
    against: str | None,
    explain: str | None,
    json_file: str | None,
    contacts: str | None,
    activities: str | None,
    quiet: bool,
    force: bool,
) -> None:
    """Do what ``simcenter run`` does; see its help for the parameters.

    With a precision, the replications of the scenario count only where ``at_least`` says
    that they were asked for.

    Raises
    ------
    InputError
        For whatever of the input cannot be used; nothing is written then.
    KeyboardInterrupt
        On Ctrl-C, after what is known so far was printed and written.
    """
    scenario = load(path, overlays, settings)
    read = [*scenario.sources, *([] if against is None else [Path(against)])]
    check_outputs(json_file, contacts, activities, force=force, read=read)
    observed = None if against is None else _observed(Path(against), scenario)
    if explain is not None:
        if json_file or contacts or activities or against:
            raise InputError(
                "--explain prints sentences only; give no output file and no --against with it"
            )
        if not explain.strip().isdigit():
            raise InputError(f"--explain: got '{explain}'; must be the number of a contact, from 1")
        print(run(scenario, 1, engine).explain(int(explain)))
        return
    if engine == "compiled" and not quiet and compiles_first():
        print("simcenter: compiling the engine; this happens once", file=sys.stderr)
    with Progress(quiet=quiet) as progress:
        ask = partial(
            simulate,
            scenario,
            scenario.run.replications if at_least else None,
            engine=engine,
            keep=contacts is not None or activities is not None,
            progress=progress,
            workers=workers,
            precision=precision,
            max_replications=max_replications,
            max_seconds=max_seconds,
            store=store,
        )
        simulation = _as_far_as_it_goes(ask)
    content = document(simulation)
    text = results_text(content)
    if observed is not None:
        content["observed"] = observed
        text = f"{against_text(content, observed)}\n\n{text}"
    if contacts is not None:
        write_contacts(contacts, simulation.contacts, force=force)
    if activities is not None:
        write_activities(activities, simulation.activities, force=force)
    emit(text, content, json_file, quiet=quiet, force=force)
    if simulation.stopped.by == "interrupted":
        raise KeyboardInterrupt


def _as_far_as_it_goes(ask: Callable[[], Simulation]) -> Simulation:
    """Return what was asked for, or after Ctrl-C what is known of it."""
    try:
        return ask()
    except Interrupted as interrupted:
        return interrupted.simulation


def _observed(path: Path, scenario: Scenario) -> dict[str, Any]:
    """Measure observed contacts by the scenario's own hours, targets and definitions."""
    tables = read_contacts(path)
    if len(tables) != 1:
        raise RecordError(f"{path}: holds {len(tables)} replications; observed contacts have one")
    table = _on_scenario_days(path, tables[0], scenario)
    known = [kind.name for kind in scenario.types]
    for name in table.types:
        if name not in known:
            raise RecordError(f"{path}: {unknown('contact type', name, known)}")
    nobody = np.full(len(table), -1, dtype=np.int64)
    alone = dataclasses.replace(table, agents=(), groups=(), agent=nobody, group=nobody)
    parts = measure(alone, setting=setting_for_scenario(scenario)).to_json_dict()
    return {key: parts[key] for key in ("total", "contact_types", "days", "intervals")}


def _on_scenario_days(path: Path, table: ContactTable, scenario: Scenario) -> ContactTable:
    """Return the contacts of the scenario's days, by date where both have dates."""
    shift = 0
    if table.first_date is not None and scenario.clock.first_day is not None:
        shift = (table.first_date - scenario.clock.first_day).days
    day = table.day + shift
    kept = (day >= 1) & (day <= scenario.clock.days)
    if not kept.any():
        raise InputError(f"{path}: has no contacts on the scenario's {scenario.clock.days} day(s)")
    instants = ("arrival", "queue_entry", "answer", "release", "wrap_end")
    columns = {
        field.name: getattr(table, field.name)[kept]
        for field in dataclasses.fields(table)
        if isinstance(getattr(table, field.name), np.ndarray)
    }
    for name in instants:
        columns[name] = columns[name] + shift * 86400.0
    columns["day"] = columns["day"] + shift
    return dataclasses.replace(table, first_date=scenario.clock.first_day, **columns)
