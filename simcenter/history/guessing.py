"""A mapping guessed from column names and values: what it is, and how sure of it one can be.

Guessing never decides silently. Every column that is used is told with its confidence, what
could be two things is refused with the rows that show it, and the mapping can be saved, read
and mended by whoever knows better.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from simcenter.errors import RecordError
from simcenter.history.cells import Kind, Look, look_at, reads
from simcenter.history.headings import Heading, Roles, headings, rated
from simcenter.history.sniff import Sheet
from simcenter.history.titles import is_sum
from simcenter.messages import Message, joined
from simcenter.messages.lines import padded

__all__ = ["Candidates", "Choice", "candidates", "date_format"]

MEANT = {
    "dmy": Message("day-month-year"),
    "mdy": Message("month-day-year"),
    "ymd": Message("year-month-day"),
}


FEW_COLUMNS = 3
"""In a wider table a row with one filled cell is a line of text."""


@dataclass(frozen=True)
class Choice:
    """What one column was taken for, why, and how sure that is (0 to 1)."""

    role: str
    column: str
    confidence: float
    note: str = ""

    def line(self) -> Message:
        """Return the choice as one line of a report."""
        return Message(
            "  {role} {column} {confidence:>4.0%}{gap}{note}",
            role=padded(self.role, 20),
            column=padded(self.column, 28),
            confidence=self.confidence,
            gap="  " if self.note else "",
            note=self.note,
        )


def read_as(first: str, then: str) -> str:
    """Return two notes on a column as one; the second may be empty."""
    return joined("; ", (first, then)) if then else first


@dataclass(frozen=True)
class Candidates:
    """The columns of a sheet: their names in plain words, and the look of their cells."""

    sheet: Sheet
    headings: dict[str, Heading]
    looks: dict[str, Look]

    def assign(
        self,
        roles: Roles,
        kinds: dict[str, tuple[Kind, ...]],
        taken: Sequence[str] = (),
        fits: Callable[[str, str], bool] | None = None,
    ) -> dict[str, tuple[str, float]]:
        """Give each role the column that fits best: name, then place from the left.

        A column has one role; one whose cells cannot be what the role needs has none, nor has
        one of which ``fits`` (of the role and the column) is false.
        """
        rated_pairs = [
            (rated(heading.plain, patterns), -place, role, name)
            for role, patterns in roles.items()
            for place, (name, heading) in enumerate(self.headings.items())
            if self.looks[name].kind in kinds[role]
            and name not in taken
            and (fits is None or fits(role, name))
        ]
        found: dict[str, tuple[str, float]] = {}
        used: set[str] = set()
        for sure, _, role, name in sorted(rated_pairs, key=lambda pair: (-pair[0], -pair[1])):
            if sure > 0 and role not in found and name not in used:
                found[role] = (name, sure)
                used.add(name)
        return found


def candidates(sheet: Sheet) -> Candidates:
    """Look at every named column of a sheet.

    Raises
    ------
    RecordError
        Two columns have one name: which is meant cannot be told.
    """
    names = [name for name in sheet.header if name]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise RecordError(
            "{path}: column '{twice}' stands twice in the header", path=sheet.path, twice=twice
        )
    plain = dict(zip(names, headings(names), strict=True))
    rows = [row for row in sheet.rows if _is_row(row, sheet.header)]
    clean = replace(sheet, rows=rows)
    return Candidates(sheet, plain, {name: look_at(clean.column(name)) for name in names})


def _is_row(row: list[str], header: list[str]) -> bool:
    """Say whether a row is one of the table: no header again, no row of sums, no foot note."""
    cells = [cell.strip() for cell in row]
    filled = [cell for cell in cells if cell]
    if cells == header or not filled or is_sum(filled[0]):
        return False
    return len(filled) > 1 or len(header) <= FEW_COLUMNS


def date_format(found: Candidates, name: str, order: str | None) -> tuple[str, str]:
    """Return the format of a column of dates or instants, and a word on how it was found.

    Parameters
    ----------
    found
        The columns.
    name
        The column.
    order
        The order that the user gave (``dmy``, ``mdy``, ``ymd``), if any.

    Raises
    ------
    RecordError
        The dates read in two orders, or some only in one and some only in another; the
        message names the rows.
    """
    formats = found.looks[name].formats
    if order is not None:
        fitting = [form for form in formats if _order_of(form) in (order, None)]
        if not fitting:
            what = Message(
                "column '{name}' is not {meant} (--date-order {order})",
                name=name,
                meant=MEANT[order],
                order=order,
            )
            raise RecordError(
                "{path}: {what}; it looks like {formats}",
                path=found.sheet.path,
                what=what,
                formats=_told(formats),
            )
        given = Message("{meant}, as given", meant=MEANT[order])
        return fitting[0], given if _order_of(fitting[0]) else ""
    orders = {_order_of(form) for form in formats}
    if len(orders) > 1:
        text = found.looks[name].values[0]
        row = found.sheet.lines[found.sheet.column(name).index(text)]
        raise RecordError(
            "{path}: column '{name}': row {row} ('{text}') and all others read as "
            "{formats}; say which by --date-order",
            path=found.sheet.path,
            name=name,
            row=row,
            text=text,
            formats=_told(formats),
        )
    if not formats or _of_another_order(found, name, formats[0]):
        raise RecordError(_two_orders(found.sheet, name))
    return formats[0], ""


def _of_another_order(found: Candidates, name: str, form: str) -> bool:
    """Say whether some cells that a format does not read are dates in another order."""
    if _order_of(form) is None:
        return False
    texts = list(dict.fromkeys(cell.strip() for cell in found.sheet.column(name)))
    left = [text for text in texts if text and not reads(text, form)]
    return any(_order_of(other) for text in left for other in look_at([text]).formats)


def _order_of(form: str) -> str | None:
    """Return the order of a numeric date format; None where nothing can be confused."""
    if form in MEANT:
        return form
    if form in ("mmddyyyy", "ddmmyyyy"):
        return form[0] + form[2] + form[-1]
    letters = [letter for letter in form if letter in "Yymd"]
    named = any(sign in form for sign in ("%b", "%B", "年"))
    return "".join(letters).lower() if len(letters) == 3 and not named else None


def _told(formats: Sequence[str]) -> Message:
    names = dict.fromkeys(MEANT.get(_order_of(form) or "", form) for form in formats)
    return joined(" or as ", names) if names else Message("no date that is known")


def _two_orders(sheet: Sheet, name: str) -> Message:
    """Say which rows read in one order only, and which in another only."""
    cells = sheet.column(name)
    alone: dict[str, tuple[int, str]] = {}
    unread: tuple[int, str] | None = None
    for line, cell in zip(sheet.lines, cells, strict=True):
        text = cell.strip()
        orders = {_order_of(form) for form in look_at([text]).formats} - {None} if text else set()
        if len(orders) == 1:
            alone.setdefault(str(orders.pop()), (line, text))
        elif text and not orders and unread is None:
            unread = (line, text)
    if len(alone) > 1:
        rows = joined(
            "; ",
            (
                Message("row {row} ('{cell}') is {meant}", row=row, cell=cell, meant=MEANT[order])
                for order, (row, cell) in alone.items()
            ),
        )
        return Message(
            "{path}: column '{name}' holds two date orders: {rows}; mend the file",
            path=sheet.path,
            name=name,
            rows=rows,
        )
    why = Message("no one format reads all")
    if unread:
        why = Message("row {row} ('{cell}') is none", row=unread[0], cell=unread[1])
    return Message(
        "{path}: column '{name}' looks like dates, but {why}; name the format in a mapping",
        path=sheet.path,
        name=name,
        why=why,
    )
