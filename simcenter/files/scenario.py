"""From a TOML file, overlays and settings to a scenario that runs."""

from __future__ import annotations

import gc
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simcenter.errors import InputError, RosterError, ScenarioError, unknown
from simcenter.files.arrivals import grid_windows, open_windows, resolve_arrivals
from simcenter.files.changes import Roster, apply_changes
from simcenter.files.day_roster import Desk
from simcenter.files.odd_shifts import odd_shifts
from simcenter.files.overlay import (
    PATH_KEYS,
    anchor,
    apply_setting,
    lay_over,
    named_setting,
    refuse_depth,
    refuse_long_keys,
)
from simcenter.files.people import Skills, read_agents, resolve_people
from simcenter.files.problems import sentence
from simcenter.files.roster import Row, read_roster_file
from simcenter.files.roster_rules import resolve_rules
from simcenter.files.shift_codes import legend_of_scenario
from simcenter.files.text import read_sheet, read_text
from simcenter.files.zone import in_zone
from simcenter.messages import Message
from simcenter.model.distributions import (
    ZERO,
    Distribution,
    Empirical,
    Lognormal,
    Mixture,
    Shape,
)
from simcenter.model.grid import to_grid
from simcenter.model.patience import PatienceFrom, PatienceKeys, Sought
from simcenter.model.scenario import Clock, ContactType, Ivr, Scenario
from simcenter.model.specification import (
    ContactTypeSpec,
    HandleSpec,
    ScenarioFile,
)
from simcenter.model.words import one_line

__all__ = ["lay", "load", "loads", "read_toml", "resolve"]

Table = dict[str, Any]

ACTIVITIES = ("break", "lunch", "meeting", "training", "leave")
"""The activities of FORMATS that a roster need not use to be named."""

CHANNEL_TABLES = {
    "chat": "[contact_types.chat]",
    "email": "[contact_types.deferred]",
    "task": "[contact_types.deferred]",
    "outbound": "[[campaigns]]",
}
"""Channels whose contacts are handled otherwise than calls, and the table that would say how."""

TEXT = "the scenario's text"
"""Where a fault lies when there is no file."""

MOST_BLOCKS = 2_000_000
"""Days times intervals times contact types in one replication."""


def load(
    path: str | Path, overlays: Sequence[str | Path] = (), settings: Sequence[str] = ()
) -> Scenario:
    """Read a scenario, lay what-ifs over it, and resolve it.

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
        With where, what was given and what is allowed.
    """
    with _faults_on_one_line():
        scenario = resolve(*_lay(Path(path), overlays, settings))
    named = (Path(path), *map(Path, overlays))
    return replace(scenario, sources=(*named, *scenario.sources))


def loads(text: str, settings: Sequence[str] = (), folder: str | Path = ".") -> Scenario:
    """Resolve a scenario that is a text, with what-ifs laid over it.

    Parameters
    ----------
    text
        What would stand in the scenario file (TOML).
    settings
        As of `load`.
    folder
        The one from which the files that the text names are looked for.

    Raises
    ------
    InputError
        As `load`.
    """
    with _faults_on_one_line():
        table = anchor(_table(text, TEXT), Path(folder).absolute())
        _validate(table, TEXT)
        return resolve(_with_settings(table, settings), TEXT)


def lay(
    path: str | Path, overlays: Sequence[str | Path] = (), settings: Sequence[str] = ()
) -> tuple[Table, str]:
    """Return the table of a scenario with what-ifs laid over it, and where it is from.

    `resolve` makes a scenario of the two; more can be laid over the table before.

    Parameters
    ----------
    path, overlays, settings
        As of `load`.

    Raises
    ------
    InputError
        As `load`; what needs another file to be judged is judged by `resolve`.
    """
    with _faults_on_one_line():
        return _lay(Path(path), overlays, settings)


@contextmanager
def _faults_on_one_line() -> Iterator[None]:
    try:
        yield
    except InputError as fault:
        if (line := one_line(fault, most=4000)) == str(fault):
            raise
        raise type(fault)(line) from None


def _lay(base: Path, overlays: Sequence[str | Path], settings: Sequence[str]) -> tuple[Table, str]:
    table = anchor(read_toml(base), base.parent)
    names = base.name
    _validate(table, str(base))
    for overlay in map(Path, overlays):
        over = anchor(read_toml(overlay), overlay.parent)
        try:
            table = lay_over(table, over)
        except ScenarioError as fault:
            raise ScenarioError("{overlay}: {fault}", overlay=overlay, fault=fault) from None
        names = f"{names} with {overlay.name}"
        _validate(table, names)
    return _with_settings(table, settings), names if overlays else str(base)


def _with_settings(table: Table, settings: Sequence[str]) -> Table:
    """Lay settings on a valid table; they need to be valid together, not one by one."""
    result, blamed = table, ""
    for setting in settings:
        result = apply_setting(result, setting)
        try:
            ScenarioFile.model_validate(result)
            blamed = ""
        except ValidationError:
            blamed = blamed or named_setting(setting)
    if blamed:
        _validate(result, blamed)
    return result


def read_toml(path: Path) -> Table:
    """Return the table of a TOML file as it stands there.

    Raises
    ------
    ScenarioError
        When there is no such file, or it is no TOML.
    """
    return _table(read_text(path, ScenarioError), str(path))


def _table(text: str, where: str) -> Table:
    if not text.strip():
        raise ScenarioError(
            "{where}: is empty; `simcenter new` writes a scenario to start from", where=where
        )
    refuse_long_keys(text, where, ScenarioError)
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as fault:
        raise ScenarioError(
            "{where}: is not valid TOML: {fault}{hint}",
            where=where,
            fault=one_line(fault),
            hint=_toml_hint(text, str(fault)),
        ) from None
    refuse_depth(table, where)
    return table


def _toml_hint(text: str, fault: str) -> str:
    """Say how a decimal and a date are written, where the faulty line has another form of one."""
    place = re.search(r"at line (\d+)", fault)
    line = text.splitlines()[int(place[1]) - 1] if place else ""
    value = line.partition("=")[2].partition("#")[0].strip()
    if re.fullmatch(r"[+-]?\d+,\d+\s*%?", value):
        return Message(
            "; a decimal is written with a point, such as {text}", text=value.replace(",", ".")
        )
    if re.fullmatch(
        r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./]\d{1,2}[./]\d{1,2}|\d{4}-\d{1,2}-\d{1,2}", value
    ):
        return Message("; a date is written year first, such as 2026-03-02")
    if re.fullmatch(r"[+-]?\d+(\.\d+)?\s*%", value):
        return Message("; a share is written as a decimal, such as 0.8 for 80 %")
    if re.fullmatch(r"\d{1,2}:\d{2}", value):
        return Message('; a clock stands in quotes, such as "08:30"')
    return ""


def _validate(table: Table, where: str) -> ScenarioFile:
    try:
        return ScenarioFile.model_validate(table)
    except ValidationError as fault:
        raise ScenarioError(
            "{where}: {fault}", where=where, fault=sentence(fault, ScenarioFile, table)
        ) from None


def resolve(table: Table, where: str) -> Scenario:
    """Resolve a table of FORMATS §1 whose paths are absolute.

    Raises
    ------
    InputError
        As `load`.
    """
    spec = _validate(table, where)
    try:
        with _collector_paused():
            return _resolve(spec, table)
    except InputError as fault:
        if any(str(fault).startswith(f"{path}:") for path in _files(table)):
            raise
        raise type(fault)("{where}: {fault}", where=where, fault=fault) from None


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from walking a million rows again and again (half the time)."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _resolve(spec: ScenarioFile, table: Table) -> Scenario:
    assumed: list[str] = []
    clock = _clock(spec, assumed)
    if clock.days * clock.intervals * len(spec.contact_types) > MOST_BLOCKS:
        raise ScenarioError(
            "clock.days: got {days}; {days} days of {intervals} intervals for {count} "
            "contact types are more than {most_blocks} to simulate",
            days=clock.days,
            intervals=clock.intervals,
            count=len(spec.contact_types),
            most_blocks=MOST_BLOCKS,
        )
    _refuse_doubles("contact_types", [kind.name for kind in spec.contact_types])
    _refuse_doubles("agent_groups", [group.name for group in spec.agent_groups])
    types = tuple(_contact_type(kind, clock, spec, assumed) for kind in spec.contact_types)
    names = tuple(kind.name for kind in types)
    skills = Skills(names, {group.name: group.skills for group in spec.agent_groups})
    for group in spec.agent_groups:
        if group.agents is not None:
            read_agents(Path(group.agents), skills, only=group.name)
    if spec.agents is not None:
        read_agents(Path(spec.agents), skills)
    warnings: list[str] = list(_foreign_channels(spec))
    homes = {person.name: person.group for person in skills.people.values()}
    roster, split = _roster(spec, clock, names, homes, assumed, warnings)
    apply_changes(roster, spec.changes)
    groups, agents = resolve_people(spec, clock, roster, skills, assumed)
    warnings += odd_shifts(agents, types, clock, split)
    _check_unpaid(spec, roster)
    rules = resolve_rules(spec.rules, roster, ACTIVITIES)
    _assume_uncovered(types, agents, assumed)
    scenario = Scenario(
        name=spec.name,
        clock=clock,
        lines=None if spec.trunks is None else spec.trunks.lines,
        types=types,
        groups=groups,
        agents=agents,
        routing=spec.routing,
        report=spec.report,
        run=spec.run,
        assumed=tuple(assumed),
        hash=_hash(table),
        sources=tuple(dict.fromkeys(_files(table))),
        roster_rules=rules,
        warnings=tuple(warnings),
    )
    return scenario if spec.clock.timezone is None else in_zone(scenario, spec.clock.timezone)


def _check_unpaid(spec: ScenarioFile, roster: Roster) -> None:
    """Refuse an activity that is neither in the roster nor one that every centre knows."""
    if "unpaid" not in spec.report.model_fields_set:
        return
    known = dict.fromkeys((*(row.activity for row in roster.rows), *ACTIVITIES))
    for name in spec.report.unpaid:
        if name not in known:
            raise ScenarioError(
                "report.unpaid: {unknown}", unknown=unknown("activity", one_line(name), known)
            )


def _clock(spec: ScenarioFile, assumed: list[str]) -> Clock:
    clock = spec.clock
    if "interval_minutes" not in clock.model_fields_set:
        assumed.append(
            Message(
                "clock.interval_minutes: not given; {interval_minutes}",
                interval_minutes=clock.interval_minutes,
            )
        )
    if "at_close" not in clock.model_fields_set:
        assumed.append(Message("clock.at_close: not given; '{at_close}'", at_close=clock.at_close))
    return Clock(
        opens=clock.opens,
        closes=clock.closes,
        interval=clock.interval_minutes * 60.0,
        days=clock.days,
        first_day=clock.first_day,
        warm_up=float(to_grid(clock.warm_up_minutes * 60.0)),
        at_close=clock.at_close,
    )


def _refuse_doubles(where: str, names: list[str]) -> None:
    known: set[str] = set()
    for name in names:
        if name in known:
            raise ScenarioError("{where}: the name '{name}' stands twice", where=where, name=name)
        known.add(name)


def _contact_type(
    spec: ContactTypeSpec, clock: Clock, whole: ScenarioFile, assumed: list[str]
) -> ContactType:
    where = f"contact_types.{spec.name}"
    talk, hold, wrap = _handle(spec.handle, f"{where}.handle", assumed)
    mean = talk.mean_value() + hold.mean_value() + wrap.mean_value()
    windows = open_windows(spec, clock, where)
    arrivals, notes = resolve_arrivals(spec, clock, windows, mean, f"{where}.arrivals")
    shared = whole.uncertainty.day_factor_cv
    arrivals = replace(arrivals, shared_day_factor_cv=shared)
    assumed.extend(notes)
    _assume_defaults(spec, where, assumed, known=shared == 0)
    patience = spec.patience
    target = spec.target
    return ContactType(
        name=spec.name,
        channel=spec.channel,
        priority=spec.priority,
        windows=grid_windows(windows),
        arrivals=arrivals,
        ivr=None
        if spec.ivr is None
        else Ivr(
            _loaded(spec.ivr.duration, f"{where}.ivr.duration"),
            spec.ivr.self_service,
            spec.ivr.abandon,
        ),
        patience=_patience(spec, where),
        patience_factor=1.0 if patience is None else patience.factor,
        balk=patience.balk if isinstance(patience, PatienceKeys) else 0.0,
        talk=talk,
        hold=hold,
        wrap=wrap,
        handle_factor=spec.handle.factor,
        target=target,
    )


def _assume_defaults(spec: ContactTypeSpec, where: str, assumed: list[str], *, known: bool) -> None:
    """Say what is not given; ``known``: no factor that all types share moves the volumes."""
    if spec.patience is None:
        assumed.append(Message("{where}.patience: not given; callers never abandon", where=where))
    if spec.ivr is None:
        assumed.append(
            Message("{where}.ivr: not given; contacts enter the queue at once", where=where)
        )
    if spec.target.answer_within_seconds is None:
        assumed.append(
            Message("{where}.target.answer_within_seconds: not given; 20 s", where=where)
        )
    if spec.arrivals.times is None:
        if known and "day_factor_cv" not in spec.arrivals.model_fields_set:
            assumed.append(
                Message(
                    "{where}.arrivals.day_factor_cv: not given; 0 (volumes are known)", where=where
                )
            )
        if "interval_factor_cv" not in spec.arrivals.model_fields_set:
            assumed.append(
                Message(
                    "{where}.arrivals.interval_factor_cv: not given; 0 (Poisson arrivals)",
                    where=where,
                )
            )


def _patience(spec: ContactTypeSpec, where: str) -> Any:
    """Return the distribution of patience, None without; one to be found stands for itself."""
    if spec.patience is None:
        return None
    if isinstance(spec.patience, PatienceFrom):
        return Sought(seen=spec.patience.from_)
    return _loaded(_alone(spec.patience), f"{where}.patience")


def _alone(patience: PatienceKeys) -> Any:
    """Return the distribution of patience without the keys beside it."""
    base: Any = next(model for model in type(patience).__mro__[1:] if issubclass(model, Shape))
    return base.model_construct(**{key: getattr(patience, key) for key in base.model_fields})


def _handle(
    spec: HandleSpec, where: str, assumed: list[str]
) -> tuple[Distribution, Distribution, Distribution]:
    if spec.aht is not None:
        wrap_mean = float(spec.wrap) if isinstance(spec.wrap, int | float) else 0.0
        assumed.append(
            Message(
                "{where}: talk and wrap are lognormal with cv 1; only aht was given", where=where
            )
        )
        talk_mean = spec.aht - wrap_mean
        return _lognormal(talk_mean), ZERO, _lognormal(wrap_mean)
    assert spec.talk is not None
    parts = []
    for name in ("talk", "hold", "wrap"):
        part = getattr(spec, name)
        if part is None:
            assumed.append(Message("{where}.{name}: not given; 0 s", where=where, name=name))
        parts.append(ZERO if part is None else _loaded(part, f"{where}.{name}"))
    return parts[0], parts[1], parts[2]


def _lognormal(mean: float) -> Distribution:
    return Lognormal(mean=mean, cv=1.0) if mean >= 0.001 else ZERO


def _loaded(distribution: Any, where: str) -> Any:
    """Return the distribution with the values of its files read in."""
    if isinstance(distribution, Mixture):
        parts = tuple(
            _loaded(part, f"{where}.parts[{place}]")
            for place, part in enumerate(distribution.parts, 1)
        )
        return Mixture.model_construct(
            distribution="mixture", weights=distribution.weights, parts=parts
        )
    if isinstance(distribution, Empirical) and distribution.file is not None:
        sheet = read_sheet(distribution.file, ScenarioError)
        column = sheet.index(str(distribution.column))
        filled = [row for row in range(len(sheet.rows)) if sheet.rows[row][column].strip()]
        values = tuple(sheet.number(row, column) for row in filled)
        if not values:
            raise ScenarioError(
                "{file}: column {column} is empty ({where})",
                file=distribution.file,
                column=distribution.column,
                where=where,
            )
        return Empirical.model_construct(
            distribution="empirical", values=values, file=None, column=None
        )
    return distribution


def _foreign_channels(spec: ScenarioFile) -> Iterator[Message]:
    """Tell the channels that run as voice; refuse those of which more would have to be said."""
    for kind in spec.contact_types:
        table = CHANNEL_TABLES.get(kind.channel.lower())
        if table is not None:
            raise ScenarioError(
                "contact_types.{name}.channel: '{channel}' needs its table {table}, which cannot be "
                'simulated yet; only channel = "voice" can',
                name=kind.name,
                channel=kind.channel,
                table=table,
            )
        if kind.channel != "voice":
            yield Message(
                "contact_types.{name}.channel: '{channel}' is run as voice: one contact at a time, "
                "and its callers wait on the line",
                name=kind.name,
                channel=kind.channel,
            )


def _roster(
    spec: ScenarioFile,
    clock: Clock,
    types: tuple[str, ...],
    homes: Mapping[str, str],
    assumed: list[str],
    warnings: list[str],
) -> tuple[Roster, set[tuple[str, int]]]:
    """Read every roster file once; each group takes its own rows from its own file.

    Returns also the agents and days whose shift has holes by plan.
    """
    names = [group.name for group in spec.agent_groups]
    for code in spec.shift_codes:
        if code.group is not None and code.group not in names:
            raise ScenarioError(
                "shift_codes.{code}.group: {unknown}",
                code=one_line(code.code),
                unknown=unknown("group", one_line(code.group), names),
            )
    files: dict[str, list[str]] = {}
    for group in spec.agent_groups:
        if group.roster is not None:
            files.setdefault(group.roster, []).append(group.name)
    codes = legend_of_scenario(spec.shift_codes)
    rows: list[Row] = []
    split: set[tuple[str, int]] = set()
    rostered = [owner for owners in files.values() for owner in owners]
    if spec.before is not None:
        if not rostered:
            raise ScenarioError(
                "before: no group has a roster, so nobody works before the first day"
            )
        desk = Desk(clock, names, rostered, homes, codes, before=True)
        found = read_roster_file(Path(spec.before), desk)
        assumed += found.notes
        rows += [row for row in found.rows if row.group in rostered]
    for file, owners in files.items():
        found = read_roster_file(
            Path(file), Desk(clock, names, owners, homes, codes, night=spec.before is not None)
        )
        own = [row for row in found.rows if row.group in owners]
        for owner in owners:
            if not any(row.group == owner for row in own):
                raise RosterError("{file}: has no rows of group '{owner}'", file=file, owner=owner)
        rows += own
        assumed += found.notes
        split |= found.split
        warnings += found.warnings
    counted = [group.name for group in spec.agent_groups if group.roster is None]
    roster = Roster(
        rows=rows,
        clock=clock,
        groups=tuple(names),
        counted=frozenset(counted),
        types=types,
        absent={group.name: [group.absent] * clock.days for group in spec.agent_groups},
        away={name: [] for name in counted},
    )
    return roster, split


def _assume_uncovered(types: tuple[ContactType, ...], agents: Any, assumed: list[str]) -> None:
    for place, kind in enumerate(types):
        if not any(agent.levels[place] for agent in agents):
            assumed.append(
                Message(
                    "contact_types.{name}: no agent has this skill; nobody will answer",
                    name=kind.name,
                )
            )


def _files(table: Any) -> list[Path]:
    """Return every file that a table names, in order."""
    if isinstance(table, list):
        return [path for item in table for path in _files(item)]
    if not isinstance(table, dict):
        return []
    found = []
    for key, value in table.items():
        if key in PATH_KEYS and isinstance(value, str):
            found.append(Path(value))
        elif key != "changes":
            found += _files(value)
    return found


def _hash(table: Table) -> str:
    """Return the SHA-256 of the scenario and the content of all files it names.

    The ``[run]`` table is left out: seed and replications are named beside the hash. So is
    ``[rules]``: no run looks at what a repair may change.
    """
    table = {key: value for key, value in table.items() if key not in ("run", "rules")}
    contents = {
        str(path): f"sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in _files(table)
    }
    text = json.dumps(_with_contents(table, contents), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _with_contents(table: Any, contents: dict[str, str]) -> Any:
    """Return a table in which every file stands for its content, wherever it lies."""
    if isinstance(table, list):
        return [_with_contents(item, contents) for item in table]
    if not isinstance(table, dict):
        return table
    return {
        key: contents[value]
        if key in PATH_KEYS and isinstance(value, str)
        else value
        if key == "changes"
        else _with_contents(value, contents)
        for key, value in table.items()
    }
