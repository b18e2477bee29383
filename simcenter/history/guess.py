"""What kind of records these are, and the mapping that reads them, guessed and told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from simcenter.errors import InputError, RecordError, unknown
from simcenter.files.disguise import GZIP_MARK
from simcenter.files.records import is_workbook, record_bytes
from simcenter.floor.columns import CONTACT_COLUMNS
from simcenter.history.accounting import Unused, account_for
from simcenter.history.cells import Kind
from simcenter.history.gate import Gate
from simcenter.history.guess_contacts import KINDS as CONTACT_KINDS
from simcenter.history.guess_contacts import guess_contacts
from simcenter.history.guess_intervals import KINDS as INTERVAL_KINDS
from simcenter.history.guess_intervals import (
    completed,
    fits,
    guess_intervals,
    holds_volumes,
    not_known,
)
from simcenter.history.guess_queue_log import guess_queue_log, is_queue_log_table
from simcenter.history.guessing import MEANT, Candidates, Choice, candidates
from simcenter.history.headings import CONTACT_ROLES, Roles
from simcenter.history.interval_headings import INTERVAL_ROLES
from simcenter.history.known_records import known_records
from simcenter.history.mapping import Mapping
from simcenter.history.mapping_files import AnyMapping, read_mapping, shipped_mappings
from simcenter.history.sniff import Sheet, sniff
from simcenter.messages import Message, joined
from simcenter.model.zones import known_zone

__all__ = ["Guess", "guess_mapping"]

SHOWN = 12
KIND_WORDS = {
    "contacts": Message("one row per contact"),
    "intervals": Message("one row per interval"),
    "queue-log": Message("an Asterisk queue_log"),
    "amazon-connect": Message("Amazon Connect contact records"),
    "genesys-cloud": Message("Genesys Cloud conversation details"),
}


@dataclass(frozen=True)
class Guess:
    """A guessed mapping and the reasons for it.

    Attributes
    ----------
    mapping
        It can be used as it is, or saved and mended.
    choices
        What each column was taken for.
    told
        What was found out about the file.
    unused
        Columns that are not used, and why.
    """

    mapping: AnyMapping
    choices: tuple[Choice, ...]
    told: tuple[str, ...]
    unused: tuple[Unused, ...]

    def lines(self) -> list[str]:
        """Return the guess as lines of text."""
        kind = KIND_WORDS[self.mapping.kind]
        lines: list[str] = [
            Message("guessed: {kind}; {told}", kind=kind, told=joined("; ", self.told))
        ]
        lines += [choice.line() for choice in self.choices]
        by_reason: dict[str, list[str]] = {}
        for column in self.unused:
            by_reason.setdefault(column.why, []).append(column.column)
        for why, names in by_reason.items():
            listed, more = ", ".join(names[:SHOWN]), len(names) - SHOWN
            lines.append(
                Message(
                    "  not used: {names} and {more} more: {why}", names=listed, more=more, why=why
                )
                if more > 0
                else Message("  not used: {names}: {why}", names=listed, why=why)
            )
        return lines


def guess_mapping(
    paths: Sequence[str | Path],
    *,
    timezone: str | None = None,
    date_order: str | None = None,
    accept: Sequence[str] = (),
) -> Guess:
    """Guess how records are to be read, from the first file's names and values.

    Parameters
    ----------
    paths
        Files of one kind.
    timezone
        The zone of the centre, for instants that hold one of their own.
    date_order
        ``dmy``, ``mdy`` or ``ymd``, where the dates themselves leave it open.
    accept
        Names of oddities that are right all the same (`simcenter.history.gate`).

    Raises
    ------
    RecordError
        The file cannot be read, or it reads in two ways; the message names the rows.
    """
    if not paths:
        raise RecordError("no file of records given")
    if date_order is not None and date_order not in MEANT:
        raise InputError(
            "--date-order: {unknown}", unknown=unknown("date order", date_order, MEANT)
        )
    try:
        known_zone(timezone)
    except ValueError as fault:
        raise InputError("--timezone: {fault}", fault=fault) from None
    path = Path(paths[0])
    gate = Gate(path.name, accept)
    data = record_bytes(path)
    if not is_workbook(data):
        documented = known_records(path, data, timezone)
        if documented is not None:
            return Guess(documented[0], (), (documented[1],), ())
    sheet = sniff(path)
    _refuse_ours(sheet)
    found = candidates(sheet)
    shipped = _shipped(sheet.header)
    if shipped is not None:
        told = Message("the columns are those of the shipped mapping {name}", name=shipped.name)
        return Guess(shipped, (), (told,), ())
    choices: list[Choice]
    mapping_found: AnyMapping
    roles: Roles
    kinds: dict[str, tuple[Kind, ...]]
    able: Callable[[str, str], bool] | None = None
    if is_queue_log_table(found):
        mapping_found, choices = guess_queue_log(found, timezone, date_order)
        roles, kinds = {}, {}
    elif holds_volumes(found):
        found = completed(found)
        mapping_found, choices = guess_intervals(found, timezone, date_order)
        roles, kinds = INTERVAL_ROLES, INTERVAL_KINDS
        able = partial(fits, found)
    else:
        mapping_found, choices = _contacts(found, timezone, date_order)
        roles, kinds = CONTACT_ROLES, CONTACT_KINDS
    used = {choice.column: choice.role for choice in choices}
    unused = account_for(found, used, roles, kinds, gate, able)
    return Guess(mapping_found, tuple(choices), found.sheet.told, unused)


def _contacts(
    found: Candidates, timezone: str | None, date_order: str | None
) -> tuple[AnyMapping, list[Choice]]:
    """Guess contacts; rows that seem to be intervals are refused as what they seem to be."""
    try:
        return guess_contacts(found, timezone, date_order)
    except RecordError:
        what = not_known(found)
        if what is None:
            raise
        raise RecordError("{path}: {what}", path=found.sheet.path, what=what) from None


def _refuse_ours(sheet: Sheet) -> None:
    """Refuse a contact table of our own, which is no record of another system."""
    if not set(CONTACT_COLUMNS) <= set(sheet.header):
        return
    layout, ending = sheet.layout, sheet.path.suffix.lower()
    with sheet.path.open("rb") as source:
        packed = source.read(2) == GZIP_MARK
    plain = layout.encoding == "utf-8" and layout.delimiter == "," and ending == ".csv"
    if not packed and (plain or (layout.sheet is not None and ending == ".xlsx")):
        what = Message("no import is needed; measure, calibrate, backtest and forecast read it")
    else:
        what = Message("save it as .csv in UTF-8 with commas, or as .xlsx, to have it read")
    raise RecordError("{path}: is a contact table already: {what}", path=sheet.path, what=what)


def _shipped(header: Sequence[str]) -> AnyMapping | None:
    """Return the shipped mapping of contacts whose columns are all there."""
    for name in shipped_mappings():
        mapping = read_mapping(name)
        if isinstance(mapping, Mapping) and set(mapping.columns()) <= set(header):
            return mapping
    return None
