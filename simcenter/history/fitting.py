"""What one contact type needs to be drawn again: IVR, patience, handling, from records.

The day's own records are used where they are enough; else those of the type in the whole
table; else, for handling and patience, those of all types. Which it was is kept, so that
the scenario can say so.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import RecordError
from simcenter.floor.records import ContactTable, Floats, Outcome
from simcenter.history.survival import PatienceFit, fit_patience
from simcenter.messages import Message
from simcenter.model.grid import to_grid

__all__ = ["ENOUGH", "ENOUGH_EVENTS", "MOST_VALUES", "Fitted", "fit_type"]

ENOUGH = 50
"""So many answered contacts (or IVR times) of a day are enough for a distribution."""

ENOUGH_EVENTS = 30
"""So many abandoned waits are enough for a curve of patience."""

MOST_VALUES = 2000
"""More values than these are thinned to the means of so many equal blocks."""

Mask = NDArray[np.bool_]


@dataclass
class Fitted:
    """What was found for one contact type.

    ``sources`` tells for each part which records it comes from; ``columns`` holds the
    values of the empirical distributions by part (``ivr``, ``talk``, ``hold``, ``wrap``,
    ``patience``).
    """

    name: str
    file: str
    channel: str
    contacts: int
    priority: int
    priority_share: float | None
    self_service: float = 0.0
    ivr_abandon: float = 0.0
    patience: PatienceFit | None = None
    columns: dict[str, Floats] = field(default_factory=dict)
    sources: dict[str, Message] = field(default_factory=dict)

    def file_of(self, part: str) -> str:
        """Return the name of the file that holds a part's values."""
        return f"{part}_{self.file}.csv"

    def files(self) -> dict[str, str]:
        """Return the text of every file of values, by name."""
        return {
            self.file_of(part): "seconds\n"
            + "".join(f"{repr(value).removesuffix('.0')}\n" for value in values.tolist())
            for part, values in self.columns.items()
        }


def fit_type(table: ContactTable, today: ContactTable, kind: int, file: str) -> Fitted:
    """Estimate what one contact type needs.

    Parameters
    ----------
    table, today
        All records, and those of the day to be replayed.
    kind
        Code of the contact type.
    file
        Its name as part of names of files.

    Raises
    ------
    RecordError
        Not one answered contact in the whole table.
    """
    mine = today.contact_type == kind
    priority, share = _priority(today, mine)
    fitted = Fitted(
        name=table.types[kind],
        file=file,
        channel=table.channels[kind],
        contacts=int(mine.sum()),
        priority=priority,
        priority_share=share,
    )
    _fit_ivr(fitted, table, today, kind)
    _fit_handle(fitted, table, today, kind)
    _fit_patience(fitted, table, today, kind)
    return fitted


def _priority(today: ContactTable, mine: Mask) -> tuple[int, float | None]:
    """Return the most common priority of who queued, and its share."""
    given = today.priority[mine & (today.wait_s > 0) & (today.priority >= 0)]
    if len(given) == 0:
        given = today.priority[mine & (today.priority >= 0)]
    if len(given) == 0:
        return 1, None
    values, counts = np.unique(given, return_counts=True)
    best = int(np.argmax(counts))
    return int(values[best]), float(counts[best] / counts.sum())


def _fit_ivr(fitted: Fitted, table: ContactTable, today: ContactTable, kind: int) -> None:
    mine = (today.contact_type == kind) & (today.outcome != Outcome.blocked)
    if not mine.any():
        return
    fitted.self_service = float((today.outcome[mine] == Outcome.self_served).mean())
    fitted.ivr_abandon = float((today.outcome[mine] == Outcome.ivr_abandoned).mean())
    for source, what in ((today, Message("the day")), (table, Message("the whole table"))):
        known = (source.contact_type == kind) & ~np.isnan(source.ivr_s)
        if known.sum() >= ENOUGH or (source is table and known.any()):
            values = source.ivr_s[known]
            if values.max() > 0 or fitted.self_service + fitted.ivr_abandon > 0:
                fitted.columns["ivr"] = thinned(values)
                fitted.sources["ivr"] = Message(
                    "{count} contacts of {what}", count=len(values), what=what
                )
            return
    if fitted.self_service + fitted.ivr_abandon > 0:
        fitted.columns["ivr"] = np.zeros(1)
        fitted.sources["ivr"] = Message("no IVR time is recorded, so it takes none")


def _fit_handle(fitted: Fitted, table: ContactTable, today: ContactTable, kind: int) -> None:
    for source, kinds, what in (
        (today, kind, Message("the day")),
        (table, kind, Message("the whole table")),
        (today, None, Message("all types of the day")),
        (table, None, Message("all types of the whole table")),
    ):
        rows = source.outcome == Outcome.answered
        if kinds is not None:
            rows &= source.contact_type == kinds
        if rows.sum() >= ENOUGH or (source is table and kinds is None and rows.any()):
            for part in ("talk", "hold", "wrap"):
                values = np.nan_to_num(getattr(source, f"{part}_s")[rows])
                if part == "talk" or values.max() > 0:
                    fitted.columns[part] = thinned(values)
                    fitted.sources[part] = Message(
                        "{count} answered contacts of {what}", count=len(values), what=what
                    )
            return
    raise RecordError("not one answered contact in the table: no handling times to draw from")


def _fit_patience(fitted: Fitted, table: ContactTable, today: ContactTable, kind: int) -> None:
    for source, kinds, least, what in (
        (today, kind, ENOUGH_EVENTS, Message("the day")),
        (table, kind, ENOUGH_EVENTS, Message("the whole table")),
        (today, None, ENOUGH_EVENTS, Message("all types of the day")),
        (table, None, 1, Message("all types of the whole table")),
    ):
        rows = ~np.isnan(source.wait_s)
        if kinds is not None:
            rows &= source.contact_type == kinds
        abandoned = source.outcome[rows] == Outcome.abandoned
        fit = fit_patience(source.wait_s[rows], np.asarray(abandoned), least)
        if fit is not None:
            fitted.patience = fit
            fitted.columns["patience"] = fit.values
            fitted.sources["patience"] = what
            return


def thinned(values: Floats, most: int = MOST_VALUES) -> Floats:
    """Return sorted values, so many at most: beyond, the means of equal blocks of them.

    A value on the edge of two blocks counts in both by its share, so that every block holds
    as much of the distribution and the mean stays; the very largest values do not.

    Examples
    --------
    >>> thinned(np.array([1.0, 2.0, 6.0]), 2).tolist()  # 1 and half of 2; the rest
    [1.3333282470703125, 4.6666717529296875]
    """
    ordered = np.sort(values)
    if len(ordered) > most:
        total = np.concatenate([[0.0], np.cumsum(ordered)])
        edges = np.linspace(0.0, len(ordered), most + 1)
        upto = np.interp(edges, np.arange(len(ordered) + 1), total)
        ordered = np.diff(upto) / np.diff(edges)
    return np.asarray(to_grid(ordered), dtype=np.float64)
