"""The tree of errors: every one says where, what was given and what is allowed.

::

    SimcenterError
    ├── InputError            what the user gave is at fault (exit code 2)
    │   ├── ScenarioError     a scenario, an overlay or a ``--set``
    │   ├── RosterError       a roster or a table of agents
    │   ├── RecordError       records, a mapping, a contact or activity table
    │   └── OutputError       a file that cannot be written, or would be overwritten
    └── InvariantError        the simulator broke a rule of its own (exit code 70)
"""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable

from simcenter.messages import Message, joined

__all__ = [
    "InputError",
    "InvariantError",
    "OutputError",
    "RecordError",
    "RosterError",
    "ScenarioError",
    "SimcenterError",
    "reason_of",
    "unknown",
]

_REASONS = {
    errno.EACCES: Message("Permission denied"),
    errno.EPERM: Message("Operation not permitted"),
    errno.ENOENT: Message("No such file or directory"),
    errno.EISDIR: Message("Is a directory"),
    errno.ENOTDIR: Message("Not a directory"),
    errno.EEXIST: Message("File exists"),
    errno.ENOSPC: Message("No space left on device"),
    errno.EDQUOT: Message("Disk quota exceeded"),
    errno.EROFS: Message("Read-only file system"),
    errno.ENAMETOOLONG: Message("File name too long"),
    errno.ELOOP: Message("Too many levels of symbolic links"),
    errno.EMFILE: Message("Too many open files"),
    errno.EIO: Message("Input/output error"),
    errno.EADDRINUSE: Message("Address already in use"),
    errno.EADDRNOTAVAIL: Message("Cannot assign requested address"),
}
"""What the operating system says, so that it can be said in other languages."""


class SimcenterError(Exception):
    """Whatever this package raises on purpose."""


class InputError(SimcenterError):
    """What the user gave is at fault; the message is one sentence for the user.

    Parameters
    ----------
    template
        The sentence in English with its values in braces, or a message made before.
    values
        What stands in the braces; see `simcenter.messages`.

    Examples
    --------
    >>> InputError("{path}: is empty", path="day.csv")
    InputError('day.csv: is empty')
    """

    def __init__(self, template: str, /, **values: object) -> None:
        super().__init__(Message(template, **values))


class ScenarioError(InputError):
    """A scenario, an overlay or a ``--set`` is at fault."""


class RosterError(InputError):
    """A roster or a table of agents is at fault."""


class RecordError(InputError):
    """Records, a mapping, or a contact or activity table are at fault."""


class OutputError(InputError):
    """A file cannot be written, or would be overwritten without leave."""


class InvariantError(SimcenterError):
    """A rule that every run keeps was broken: the fault is ours."""


def reason_of(fault: BaseException) -> str:
    """Return why the operating system refused, in its own words, as a message where it is known.

    Examples
    --------
    >>> reason_of(FileNotFoundError(2, "No such file or directory", "day.csv"))
    'No such file or directory'
    """
    if isinstance(fault, OSError) and fault.errno in _REASONS:
        return _REASONS[fault.errno]
    return getattr(fault, "strerror", None) or str(fault)


def unknown(
    what: str,
    given: object,
    known: Iterable[object],
    *,
    denied: str = "unknown",
    listed: str = "known",
) -> Message:
    """Return "unknown <what> '<given>'; did you mean …; known: …".

    Parameters
    ----------
    what
        The kind of thing that was named, such as ``"contact type"``.
    given
        The name that was given.
    known
        The names that are allowed, in the order in which to show them.
    denied, listed
        How the message begins, and what it calls the list of names.

    Examples
    --------
    >>> unknown("contact type", "billling", ["billing", "sales"])
    "unknown contact type 'billling'; did you mean 'billing'? known: billing, sales"
    """
    names = [str(name) for name in known]
    near = difflib.get_close_matches(str(given), names, n=1, cutoff=0.6)
    values = {
        "denied": Message(denied),
        "what": Message(what),
        "given": given,
        "listed": Message(listed),
        "known": joined(", ", names) if names else Message("none"),
    }
    if near:
        return Message(
            "{denied} {what} '{given}'; did you mean '{near}'? {listed}: {known}",
            near=near[0],
            **values,
        )
    return Message("{denied} {what} '{given}'; {listed}: {known}", **values)
