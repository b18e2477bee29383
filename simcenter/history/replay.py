"""A scenario that replays one recorded day.

Arrivals come at their recorded instants; IVR, patience and handling are drawn from what
was recorded; agents are as many as the contacts show. What was not recorded is inferred
by rules that the scenario's own comments and its README state.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from simcenter.errors import OutputError, RecordError, reason_of
from simcenter.files.text import check_writable, write_text
from simcenter.files.together import folder_made, together
from simcenter.floor.records import ContactTable, Ints, Outcome
from simcenter.floor.tables import write_contacts
from simcenter.history.fitting import fit_type
from simcenter.history.presence import distinct, find_groups, present, stretches_of
from simcenter.history.wording import Group, Plan, readme_text, scenario_text
from simcenter.messages import Message
from simcenter.model.grid import DAY

__all__ = ["replay_scenario"]

INTERVALS = (5, 10, 15, 20, 30, 60)


def replay_scenario(
    table: ContactTable,
    day: dt.date,
    directory: str | Path,
    *,
    force: bool = False,
    interval_minutes: int = 30,
    gap_minutes: float = 20.0,
    language: str = "en",
) -> list[Path]:
    """Write a folder with a scenario that replays one day of an observed contact table.

    The folder holds ``scenario.toml``, ``calls.csv`` (arrivals, one column per contact
    type), ``staff.csv`` (agents per interval), one file per empirical distribution,
    ``observed.csv`` (the day's contacts, to be set beside the simulated ones) and
    ``README.md``, which states every rule by which something was inferred.

    Parameters
    ----------
    table
        Observed contacts with dates; days beside the one replayed are used where the day
        itself holds too little.
    day
        The date to replay.
    directory
        The folder; it is made if need be.
    force
        Replace files that exist.
    interval_minutes
        Length of the scenario's intervals: 5, 10, 15, 20, 30 or 60.
    gap_minutes
        Agents without a contact for longer count as absent in between; so do those without
        one while somebody waited for more than two minutes.
    language
        Of the comments and the README: ``en`` or ``zh``.

    Returns
    -------
    list of Path
        The files written, the scenario first.

    Raises
    ------
    RecordError
        The table has no dates, no contact on that day, or nothing to estimate from.
    OutputError
        A file exists and ``force`` is false, or cannot be written; nothing is left behind.
    """
    if interval_minutes not in INTERVALS:
        allowed = ", ".join(map(str, INTERVALS))
        raise RecordError(
            "interval_minutes: {interval_minutes} given; allowed: {allowed}",
            interval_minutes=interval_minutes,
            allowed=allowed,
        )
    number = _number_of(table, day)
    today = _day_of(table, number)
    step = interval_minutes * 60
    kinds = [int(code) for code in np.unique(today.contact_type)]
    files = distinct([table.types[code] for code in kinds])
    fitted = [fit_type(table, today, k, name) for k, name in zip(kinds, files, strict=True)]
    opens, closes = _hours(today, step)
    edges = np.arange(opens, closes, step)
    groups, counts = _staff(table, today, number, edges, step, gap_minutes)
    plan = Plan(day, opens, closes, interval_minutes, gap_minutes, fitted, groups, counts)
    observed = _with_groups(today, groups)
    texts = {
        "scenario.toml": scenario_text(plan, language),
        "calls.csv": _calls_text(observed, kinds, files),
        "staff.csv": _staff_text(edges, groups, counts),
        **{name: text for one in fitted for name, text in one.files().items()},
        "README.md": readme_text(plan, observed, language),
    }
    return _write_folder(Path(directory), texts, observed, force)


def _number_of(table: ContactTable, day: dt.date) -> int:
    if table.first_date is None:
        raise RecordError("the contact table holds no dates, so no day of it can be named")
    number = (day - table.first_date).days + 1
    days = np.unique(table.day)
    if number not in days:
        first, last = (table.first_date + dt.timedelta(days=int(days[k]) - 1) for k in (0, -1))
        near = table.first_date + dt.timedelta(int(days[np.argmin(np.abs(days - number))]) - 1)
        what = Message(
            "no contact on {day}; the table runs from {first} to {last}",
            day=day,
            first=first,
            last=last,
        )
        raise RecordError("{what}, the nearest day with contacts is {near}", what=what, near=near)
    return number


def _day_of(table: ContactTable, number: int) -> ContactTable:
    """Return the contacts of one day as a table of its own, its day being day 1."""
    rows = np.flatnonzero(table.day == number)
    columns: dict[str, Any] = {name: getattr(table, name)[rows] for name in _columns(table)}
    for name in ("arrival", "queue_entry", "answer", "release", "wrap_end"):
        columns[name] = columns[name] - (number - 1) * DAY
    numbers = {int(old): new for new, old in enumerate(columns["contact_id"], start=1)}
    columns["parent_id"] = np.array(
        [numbers.get(int(parent), -1) for parent in columns["parent_id"]], dtype=np.int64
    )
    columns["contact_id"] = np.arange(1, len(rows) + 1, dtype=np.int64)
    columns["day"] = np.ones(len(rows), dtype=np.int64)
    first = None if table.first_date is None else table.first_date + dt.timedelta(number - 1)
    return dataclasses.replace(table, **columns, first_date=first, replication=1)


def _columns(table: ContactTable) -> list[str]:
    fields = dataclasses.fields(table)
    return [f.name for f in fields if isinstance(getattr(table, f.name), np.ndarray)]


def _hours(today: ContactTable, step: int) -> tuple[int, int]:
    """Return whole intervals that hold all arrivals."""
    opens = math.floor(float(today.arrival.min()) / step) * step
    closes = math.floor(float(today.arrival.max()) / step + 1) * step
    return opens, closes


def _staff(
    table: ContactTable,
    today: ContactTable,
    number: int,
    edges: Ints,
    step: int,
    gap_minutes: float,
) -> tuple[list[Group], Ints]:
    """Return the groups and their agents per interval."""
    found = find_groups(today)
    if not found:
        everybody = [int(code) for code in np.unique(today.contact_type)]
        found = [(everybody, [])]
    numbers = range(1, len(found) + 1)
    names = ["agents"] if len(found) == 1 else [f"agents_{k}" for k in numbers]
    midnight = (number - 1) * DAY
    opens = float(edges[0]) + midnight
    rows = []
    for kinds, agents in found:
        stretches = stretches_of(table, gap_minutes, kinds)
        mean = present(stretches, np.array(agents, dtype=np.int64), opens, step, len(edges))
        rows.append(np.floor(mean + 0.5).astype(np.int64))
    busy = _anybody(today, float(edges[0]), step, len(edges))
    rows[0] = np.where((np.sum(rows, axis=0) == 0) & busy, 1, rows[0])
    groups = [
        Group(name, [table.types[k] for k in kinds], agents)
        for name, (kinds, agents) in zip(names, found, strict=True)
    ]
    return groups, np.stack(rows)


def _anybody(today: ContactTable, opens: float, step: int, count: int) -> Any:
    """Say in which intervals a contact was answered; after closing counts as the last one."""
    answer = today.answer[today.outcome == Outcome.answered]
    place = np.minimum(np.floor((answer - opens) / step), count - 1).astype(np.int64)
    return np.bincount(place, minlength=count) > 0


def _with_groups(today: ContactTable, groups: Sequence[Group]) -> ContactTable:
    """Return the observed contacts with the groups that the scenario names."""
    home = np.full(len(today.agents) + 1, -1, dtype=np.int64)
    for place, group in enumerate(groups):
        home[group.agents] = place
    return dataclasses.replace(
        today, group=home[today.agent], groups=tuple(group.name for group in groups)
    )


def _calls_text(today: ContactTable, kinds: Sequence[int], files: Sequence[str]) -> str:
    came_in = today.outcome != Outcome.blocked  # how many lines there were is not known
    columns = [np.sort(today.arrival[(today.contact_type == k) & came_in]).tolist() for k in kinds]
    rows = [
        [_number(column[place]) if place < len(column) else "" for column in columns]
        for place in range(max(map(len, columns)))
    ]
    return _csv(list(files), rows)


def _staff_text(edges: Ints, groups: Sequence[Group], counts: Ints) -> str:
    rows = [
        [_clock(int(start)), *(str(count) for count in counts[:, place].tolist())]
        for place, start in enumerate(edges)
    ]
    return _csv(["start", *(group.name for group in groups)], rows)


def _csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def _number(value: float) -> str:
    return repr(value).removesuffix(".0")


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def _write_folder(
    directory: Path, texts: dict[str, str], observed: ContactTable, force: bool
) -> list[Path]:
    """Write all files, or none."""
    if directory.exists() and not directory.is_dir():
        raise OutputError("{directory}: is a file; give the name of a folder", directory=directory)
    targets = [directory / name for name in (*texts, "observed.csv")]
    if directory.is_dir():
        for target in targets:
            check_writable(target, force=force)
    try:
        with together():
            folder_made(directory)
            write_contacts(directory / "observed.csv", observed, force=force)
            for name in reversed(texts):  # the scenario, which names the others, at the end
                write_text(directory / name, texts[name], force=force)
    except OSError as fault:
        what = reason_of(fault)
        raise OutputError(
            "{directory}: cannot be written: {what}", directory=directory, what=what
        ) from None
    return targets
