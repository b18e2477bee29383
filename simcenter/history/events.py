"""The events of an Asterisk ``queue_log``: as the file has them, or a table of them.

A line of the file is ``time|call|queue|agent|event|parameters``; what the parameters of each
event are is documented by Asterisk ("Queue Logs", docs.asterisk.org). Some tables have waits
and talk times in columns of their own; both forms become the same events here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import RecordError
from simcenter.files.records import decoded, record_bytes
from simcenter.floor.records import Floats
from simcenter.history import clocks
from simcenter.history.event_mapping import QueueLogMapping
from simcenter.history.layouts import FileLayout
from simcenter.history.ledger import Ledger
from simcenter.history.raw import Records, read_records
from simcenter.messages import Message
from simcenter.model.grid import to_grid

__all__ = ["EVENTS", "Event", "EventLog", "agent_of", "read_events"]

TRANSFERS = ("TRANSFER", "BLINDTRANSFER", "ATTENDEDTRANSFER")
ENDS = ("COMPLETEAGENT", "COMPLETECALLER", *TRANSFERS)
EXITS = ("ABANDON", "EXITWITHTIMEOUT", "EXITEMPTY", "EXITWITHKEY", "SYSCOMPAT")
REFUSED = ("JOINEMPTY", "JOINUNAVAIL", "FULL", "CLOSED")
SIGN_ON = ("ADDMEMBER", "AGENTLOGIN", "AGENTCALLBACKLOGIN")
SIGN_OFF = ("REMOVEMEMBER", "AGENTLOGOFF", "AGENTCALLBACKLOGOFF")
PAUSES = ("PAUSE", "PAUSEALL", "PAUSEREASON", "UNPAUSE", "UNPAUSEALL")
SILENT = ("CONFIGRELOAD", "DID", "INFO", "PENALTY", "AGENTDUMP")
OUTBOUND = re.compile(r"OUT[A-Z]+")
FOLLOWING = frozenset(("CONNECT", *ENDS, *EXITS))
"""What can only follow ENTERQUEUE."""
EVENTS = (
    *("ENTERQUEUE", "CONNECT", "RINGNOANSWER", "RINGCANCELED", "QUEUESTART"),
    *(*ENDS, *EXITS, *REFUSED, *SIGN_ON, *SIGN_OFF, *PAUSES, *SILENT),
)
"""Every event with a meaning here; outbound calls (``OUT…``, of some exporters) are told."""

PLACES: dict[str, tuple[int, int]] = {
    "CONNECT": (0, -1),
    "COMPLETEAGENT": (0, 1),
    "COMPLETECALLER": (0, 1),
    "TRANSFER": (2, 3),
    "BLINDTRANSFER": (2, 3),
    "ABANDON": (2, -1),
    "EXITWITHTIMEOUT": (2, -1),
    "EXITEMPTY": (2, -1),
    "EXITWITHKEY": (3, -1),
}
"""Where the wait and the talk time stand among the parameters of an event; -1: nowhere."""

METHODS = {"BRIDGE": 2, "APP": 2, "LINK": 3}
"""Where the wait stands among the parameters of an attended transfer, by its method."""

CHANNEL = re.compile(r"(?:[A-Za-z0-9]+/)([^/@;]+?)(?:@[^/]*)?(?:-[0-9a-f]{8})?(?:/n)?")
Objects = NDArray[np.object_]
NOBODY = ("", "NONE")


@dataclass(frozen=True)
class Event:
    """One line: seconds since 1970, who and what, and the times that it tells (NaN: none)."""

    row: int
    time: float
    call: str
    queue: str
    agent: str
    name: str
    parameters: tuple[str, ...]
    wait: float
    talk: float
    ring: float
    caller: str


@dataclass(frozen=True, eq=False)
class EventLog:
    """All events that could be read, and the ledger of the lines.

    ``absolute`` says whether the instants are those of UTC, not clocks on a wall.
    """

    events: list[Event]
    ledger: Ledger
    files: tuple[tuple[str, int], ...]
    absolute: bool = True


def agent_of(channel: str) -> str:
    """Return the agent behind a member's channel: an agent has several in one log.

    Examples
    --------
    >>> agent_of("Agent/1127"), agent_of("Local/1127@callback-agent"), agent_of("Ann Lee")
    ('1127', '1127', 'Ann Lee')
    """
    found = CHANNEL.fullmatch(channel)
    return "" if channel in NOBODY else found[1] if found else channel


def read_events(paths: Sequence[str | Path], mapping: QueueLogMapping) -> EventLog:
    """Read the events of a log.

    Raises
    ------
    RecordError
        A file cannot be read, or holds no event.
    """
    log = _of_table(paths, mapping) if mapping.columns else _of_files(paths, mapping)
    if not any(event.name in EVENTS for event in log.events):
        names = ", ".join(name for name, _ in log.files)
        raise RecordError("{names}: holds no event of a queue_log", names=names)
    ledger = log.ledger
    for name in sorted({event.name for event in log.events} - set(EVENTS)):
        rows = np.zeros(len(ledger.kept), dtype=bool)
        rows[[event.row for event in log.events if event.name == name]] = True
        meaning = Message(" (a call that an agent made)") if OUTBOUND.fullmatch(name) else ""
        ledger.unknown(rows, Message("{name}{meaning}", name=name, meaning=meaning))
    backwards = np.zeros(len(ledger.kept), dtype=bool)
    latest = -np.inf
    for event in log.events:
        backwards[event.row] = event.time < latest - 2.0
        latest = max(latest, event.time)
    ledger.odd(backwards, Message("the clock runs backwards by more than 2 s"))
    return replace(log, events=_in_order(log.events, ledger))


def _in_order(events: list[Event], ledger: Ledger) -> list[Event]:
    """Return the events in the order in which they came to be.

    The order of a log is right even where its clock was set back; it is not where a call ends or
    is answered before it enters its queue, with a later instant: lines of an unsorted table, or
    files in another order.
    """
    entered = {
        (event.call, event.queue): event.time for event in events if event.name == "ENTERQUEUE"
    }
    seen: set[tuple[str, str]] = set()
    early = np.zeros(len(ledger.kept), dtype=bool)
    for event in events:
        key = (event.call, event.queue)
        if event.name == "ENTERQUEUE":
            seen.add(key)
        elif event.name in FOLLOWING and key not in seen and entered.get(key, np.inf) < event.time:
            early[event.row] = True
    if not early.any():
        by_file = [list(part) for _, part in groupby(events, lambda one: ledger.places[one.row][0])]
        by_file.sort(key=lambda part: part[0].time)
        return [event for part in by_file for event in part]
    ledger.odd(early, Message("stands before the line by which its call enters: lines are sorted"))
    return sorted(events, key=lambda one: (one.time, one.name in FOLLOWING, one.name != "CONNECT"))


def _of_files(paths: Sequence[str | Path], mapping: QueueLogMapping) -> EventLog:
    places: list[tuple[str, int]] = []
    lines: list[str] = []
    files: list[tuple[str, int]] = []
    for path in map(Path, paths):
        text = decoded(path, record_bytes(path), mapping.file.encoding).splitlines()
        numbered = [(n, line) for n, line in enumerate(text, 1) if line.strip()]
        places += [(path.name, n) for n, _ in numbered]
        lines += [line for _, line in numbered]
        files.append((path.name, len(numbered)))
    ledger = Ledger(places)
    split = [line.split("|") for line in lines]
    ledger.drop(
        np.array([len(parts) < 5 for parts in split]), Message("fewer than five parts: cut off")
    )
    ledger.drop(np.array(["\ufffd" in line for line in lines]), Message("signs that are not text"))
    ledger.drop(
        _again(lines, [len(parts) > 1 and parts[1] not in NOBODY for parts in split]), AGAIN
    )
    stamps = clocks.instants([parts[0] for parts in split], mapping.time_format, None)
    ledger.drop(
        np.isnan(stamps), Message("the time is not {time_format}", time_format=mapping.time_format)
    )
    times = np.asarray(to_grid(stamps), dtype=np.float64).tolist()
    events = []
    for row in np.flatnonzero(ledger.kept).tolist():
        _, call, queue, agent, name, *parameters = (part.strip() for part in split[row])
        wait, talk, ring = _told(name, parameters)
        caller = parameters[1] if name == "ENTERQUEUE" and len(parameters) > 1 else ""
        values = (wait, talk, ring, caller)
        events.append(Event(row, times[row], call, queue, agent, name, tuple(parameters), *values))
    zoned = clocks.absolute([parts[0] for parts in split], mapping.time_format)
    return EventLog(events, ledger, tuple(files), bool(zoned.mean() > 0.5))


AGAIN = Message("the same line of a call again: files that overlap?")


def _again(lines: Sequence[str], of_calls: Sequence[bool]) -> NDArray[np.bool_]:
    """Say which lines of a call stand in the log before, sign for sign."""
    seen: set[str] = set()
    again = np.zeros(len(lines), dtype=bool)
    for row, (line, of_call) in enumerate(zip(lines, of_calls, strict=True)):
        again[row] = of_call and line in seen
        seen.add(line)
    return again


def _told(name: str, parameters: Sequence[str]) -> tuple[float, float, float]:
    """Return the wait, the talk time and the ringing that an event's parameters tell."""
    given = list(parameters)
    while given and not given[-1]:
        given.pop()
    numbers = clocks.numbers(given) if given else np.zeros(0)

    def at(place: int) -> float:
        return float(numbers[place]) if 0 <= place < len(numbers) else float("nan")

    if name == "ATTENDEDTRANSFER":  # its method has one parameter before the times, or two
        place = METHODS.get(given[0] if given else "", len(numbers) - 3)
        return at(place), at(place + 1), float("nan")
    wait, talk = PLACES.get(name, (-1, -1))
    ring = at(2) if name == "CONNECT" else float("nan")
    if name in ("RINGNOANSWER", "RINGCANCELED"):
        ring = at(0) / 1000.0
    return at(wait), at(talk), ring


class _TableMapping:
    """What `read_records` needs to know of a table of events."""

    def __init__(self, mapping: QueueLogMapping) -> None:
        self.name, self.file = mapping.name, mapping.file
        self.mapping = mapping

    name: str
    file: FileLayout

    def columns(self) -> list[str]:
        given = self.mapping.columns
        if given is None:
            return []
        extra = (given.hold, given.talk, given.caller)
        named = (given.time, given.call, given.queue, given.agent, given.event, *given.data)
        return list(dict.fromkeys((*named, *(name for name in extra if name is not None))))


def _of_table(paths: Sequence[str | Path], mapping: QueueLogMapping) -> EventLog:
    columns = mapping.columns
    if columns is None:
        raise AssertionError("a table of events has columns")
    records = read_records(paths, _TableMapping(mapping))
    ledger = records.ledger
    stamps = records.columns[columns.time]
    seconds = stamps.spread(clocks.instants(stamps.texts, mapping.time_format, None))
    ledger.drop(
        np.isnan(seconds),
        Message("{time} is not {time_format}", time=columns.time, time_format=mapping.time_format),
    )
    ledger.drop(_cells(records, columns.event) == "", Message("no event"))
    times = np.asarray(to_grid(seconds), dtype=np.float64).tolist()
    named = [_cells(records, n) for n in (columns.call, columns.queue, columns.agent)]
    names = _cells(records, columns.event)
    data = [_cells(records, name) for name in columns.data]
    rows = list(zip(times, *named, names, *data, strict=True))
    ledger.drop(_again([repr(row) for row in rows], [row[1] not in NOBODY for row in rows]), AGAIN)
    hold, talk = (_numbers(records, name) for name in (columns.hold, columns.talk))
    caller = None if columns.caller is None else _cells(records, columns.caller)
    events = []
    for row in np.flatnonzero(ledger.kept).tolist():
        parameters = tuple(str(cells[row]) for cells in data)
        if len(parameters) == 1:  # the old column of all parameters, with bars between them
            parameters = tuple(parameters[0].split("|"))
        name = str(names[row])
        wait, length, ring = _told(name, parameters)
        if hold is not None:  # the exporter has put the times into columns of their own
            wait, ring = _own_hold(name, float(hold[row]), ring)
        if talk is not None:
            length = float(talk[row]) if name in ENDS else float("nan")
        who = str(caller[row]) if caller is not None else (parameters[1:2] and parameters[1]) or ""
        who = who if name == "ENTERQUEUE" else ""
        call, queue, agent = (str(cells[row]) for cells in named)
        values = (wait, length, ring, who)
        events.append(Event(row, times[row], call, queue, agent, name, parameters, *values))
    zoned = stamps.spread(clocks.absolute(stamps.texts, mapping.time_format))
    return EventLog(events, ledger, records.files, bool(zoned.mean() > 0.5))


def _own_hold(name: str, hold: float, ring: float) -> tuple[float, float]:
    if name in ("RINGNOANSWER", "RINGCANCELED"):
        return float("nan"), hold / 1000.0
    known = name == "CONNECT" or name in ENDS or name in EXITS
    return (hold if known else float("nan")), ring


def _cells(records: Records, name: str) -> Objects:
    column = records.columns[name]
    return np.array([*column.texts, ""], dtype=object)[column.codes]


def _numbers(records: Records, name: str | None) -> Floats | None:
    if name is None:
        return None
    column = records.columns[name]
    return np.asarray(column.spread(clocks.numbers(column.texts)), dtype=np.float64)
