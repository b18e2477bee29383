"""Whether a run has the memory that it needs, estimated before anything is taken.

What counts is the number of contacts expected, that of those whose tables are kept, and for how
long handling goes on after the last day closes: every interval until then is measured. The
estimates are low; for how long handling went on is looked at again after the run.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from weakref import WeakKeyDictionary

from simcenter.errors import InputError
from simcenter.messages import Message
from simcenter.model.clock import DAY
from simcenter.model.scenario import ContactType, Scenario

if sys.platform != "win32":
    import resource

__all__ = ["free_memory", "refuse_excess", "refuse_intervals"]

CONTACT = 170
"""Bytes of a contact in a run without tables (measured: 2.7 million contacts)."""
KEPT = 250
"""Bytes of a contact whose tables are kept (measured: 4 times 540,000 contacts)."""
INTERVAL = 8 * 150
"""Bytes of an interval for each contact type, each group, and all together: sixty numbers in a
tally, as many in the sums over replications, and what is needed in passing."""
SMALL = 3e8
"""Bytes for which nobody looks whether they are free."""

_FOUND: WeakKeyDictionary[Scenario, tuple[float, float]] = WeakKeyDictionary()


def refuse_excess(scenario: Scenario, kept: int = 0) -> None:
    """Refuse a run that needs more memory than is free.

    Parameters
    ----------
    scenario
        What is run.
    kept
        Number of replications whose tables are kept.

    Raises
    ------
    InputError
        With what needs so much.
    """
    found = _FOUND.get(scenario)
    if found is None:
        found = _FOUND[scenario] = _contacts(scenario), _carried_over(scenario)
    contacts, after = found
    what = Message("{contacts:,.0f} contacts in one replication", contacts=contacts)
    _refuse(what, contacts * CONTACT, Message("simulate fewer days or contacts"))
    rows = 1 + len(scenario.types) + len(scenario.groups)
    refuse_intervals(after, scenario.clock.interval, rows)
    if kept:
        what = Message(
            "the tables of {contacts:,.0f} contacts in {kept:,} replications",
            contacts=contacts,
            kept=kept,
        )
        _refuse(what, contacts * (CONTACT + kept * KEPT), Message("keep those of fewer"))


def refuse_intervals(seconds: float, interval: float, rows: int = 3) -> None:
    """Refuse to measure intervals for so long after the end of the last day.

    Raises
    ------
    InputError
        When they need more memory than is free.
    """
    what = Message("{days:,.0f} days of handling after the last one closes", days=seconds / DAY)
    needed = max(seconds, 0.0) / interval * rows * INTERVAL
    _refuse(what, needed, Message("let handling be shorter, or more agents be there"))


def _refuse(what: Message, needed: float, hint: Message) -> None:
    if needed > SMALL and needed > (free := free_memory()):
        raise InputError(
            "memory: {what} need about {needed:,.1f} GB, and {free:,.1f} GB are free; {hint}",
            what=what,
            needed=needed / 1e9,
            free=free / 1e9,
            hint=hint,
        )


def _contacts(scenario: Scenario) -> float:
    return sum(map(_contacts_of, scenario.types))


def _contacts_of(kind: ContactType) -> float:
    arrivals = kind.arrivals
    return float(arrivals.expected.sum() if arrivals.recorded is None else len(arrivals.recorded))


def _carried_over(scenario: Scenario) -> float:
    """Return seconds for which handling goes on after the last day, at least.

    One contact that is being handled then takes its mean time. Where all who wait are served and
    nobody gives up, all agents together cannot have done everything before.
    """
    times = [
        (kind.talk.mean_value() + kind.hold.mean_value() + kind.wrap.mean_value())
        * kind.handle_factor
        for kind in scenario.types
    ]
    counts = [_contacts_of(kind) for kind in scenario.types]
    longest = max(
        (time for time, count in zip(times, counts, strict=True) if count >= 1), default=0.0
    )
    clock, agents = scenario.clock, len(scenario.agents)
    patient = scenario.lines is None and all(kind.patience is None for kind in scenario.types)
    if clock.at_close != "serve" or not patient or agents == 0:
        return longest
    work = sum(time * count for time, count in zip(times, counts, strict=True))
    there = clock.opening(clock.days)[1] - clock.opening(1)[0]
    return max(longest, work / agents - there)


def free_memory() -> float:
    """Return the bytes of memory that this process may still take; infinite where unknown."""
    return max(min(_limits(), default=math.inf), 0.0)


def _limits() -> Iterator[float]:
    yield from _of_the_computer()
    yield from _of_the_container(Path("/sys/fs/cgroup"))
    if sys.platform != "win32":
        most = resource.getrlimit(resource.RLIMIT_AS)[0]
        if most != resource.RLIM_INFINITY:
            pages = _number(Path("/proc/self/statm"))
            yield float(most) - (0.0 if pages is None else pages * resource.getpagesize())


def _of_the_computer() -> Iterator[float]:
    text = _text(Path("/proc/meminfo"))
    for line in text.splitlines():
        if line.startswith("MemAvailable:"):
            yield float(line.split()[1]) * 1024.0
            return
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        yield float(os.sysconf("SC_PHYS_PAGES")) * os.sysconf("SC_PAGE_SIZE")


def _of_the_container(root: Path) -> Iterator[float]:
    """Yield what control groups, of either version, leave; cached files give way."""
    for line in _text(Path("/proc/self/cgroup")).splitlines():
        _, names, path = line.split(":", 2)
        if names == "":
            places, limit, used, cached = [root], "memory.max", "memory.current", "inactive_file"
        elif "memory" in names.split(","):
            places, limit, used = (
                [root / "memory"],
                "memory.limit_in_bytes",
                "memory.usage_in_bytes",
            )
            cached = "total_inactive_file"
        else:
            continue
        places.append(places[0] / path.lstrip("/"))
        for place in places:
            most, taken = _number(place / limit), _number(place / used)
            if most is not None and taken is not None and most < 2**60:
                words = _text(place / "memory.stat").split()
                files = float(words[words.index(cached) + 1]) if cached in words else 0.0
                yield most - taken + files


def _number(path: Path) -> float | None:
    """Return the first word of a file as a number."""
    try:
        return float(_text(path).split()[0])
    except (IndexError, ValueError):
        return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
