"""The columns of a table of queue_log events that has no header: known by where the events stand.

Every such table has its columns in the order in which Asterisk writes them: instant, call, queue,
agent, event, parameters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["TELLING", "event_columns"]

TELLING = frozenset({"ENTERQUEUE", "CONNECT", "ABANDON", "COMPLETEAGENT", "COMPLETECALLER"})
INSTANT = re.compile(r"\d{9,10}(\.\d+)?|\d{13}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?.*")
LOOKED_AT = 500
BEFORE = ("call", "queue", "agent")
PARAMETERS = 5


def event_columns(rows: Sequence[Sequence[str]]) -> list[str] | None:
    """Return names for the columns of rows of events, None where they are none.

    Examples
    --------
    >>> event_columns([["1772438400", "c", "q", "NONE", "ENTERQUEUE", "", "5551"],
    ...                ["1772438410", "c", "q", "NONE", "ABANDON", "1", "1"]])
    ['time', 'call', 'queue', 'agent', 'event', 'data1', 'data2']
    """
    some = [[cell.strip() for cell in row] for row in rows[:LOOKED_AT] if any(row)]
    width = max(map(len, some), default=0)
    event = next((place for place in range(width) if _holds_events(some, place)), None)
    if event is None or event < len(BEFORE) + 1:
        return None
    time = next((place for place in range(event) if _holds_instants(some, place)), None)
    if time is None or event - time < len(BEFORE) + 1:
        return None
    names = [f"column{place + 1}" for place in range(width)]
    names[time], names[time + 1], names[time + 2] = "time", "call", "queue"
    names[event - 1], names[event] = "agent", "event"
    given = list(range(event + 1, width))
    if len(given) > PARAMETERS and not any(row[event + 1] for row in some if len(row) > event + 1):
        given = given[1:]  # the old column of all parameters, which newer versions leave empty
    for number, place in enumerate(given[:PARAMETERS], 1):
        names[place] = f"data{number}"
    return names


def _holds_events(rows: Sequence[Sequence[str]], place: int) -> bool:
    return len(TELLING & {row[place] for row in rows if len(row) > place}) > 1


def _holds_instants(rows: Sequence[Sequence[str]], place: int) -> bool:
    cells = [row[place] for row in rows if len(row) > place]
    return sum(1 for cell in cells if INSTANT.fullmatch(cell)) > 0.8 * len(cells)
