"""``simcenter import``: records of other systems in, tables and a report out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from simcenter.cli.output import check_outputs, emit, wrote
from simcenter.errors import InputError, OutputError
from simcenter.files.intervals import write_intervals
from simcenter.floor.tables import write_activities, write_contacts
from simcenter.history import (
    Imported,
    accepting,
    guess_mapping,
    import_history,
    in_timezone,
    read_mapping,
    replay_scenario,
    save_mapping,
    with_guess,
)
from simcenter.history.mapping_files import AnyMapping
from simcenter.history.own_tables import holds_contacts, imported_as_it_is
from simcenter.report.language import language_of

__all__ = ["Wanted", "import_files"]


@dataclass(frozen=True)
class Wanted:
    """The files that an import is to write; None: not asked for."""

    output: str | None
    activities: str | None
    intervals: str | None
    mapping: str | None
    day: str | None
    scenario: str | None

    def check(self, json_file: str | None, *, force: bool, read: Sequence[Path]) -> None:
        """Refuse, before any work is done, what does not fit together or cannot be written."""
        if not (self.output or self.scenario or self.mapping):
            raise InputError(
                "import: give -o FILE for the table, or --save-mapping FILE, "
                "or --day DATE --scenario DIR"
            )
        if (self.day is None) != (self.scenario is None):
            raise InputError("import: --day and --scenario go together")
        files = (self.output, self.activities, self.intervals, self.mapping, json_file)
        check_outputs(*files, force=force, read=read)
        for name in (self.output, self.activities, self.intervals):
            if name is not None and Path(name).suffix.lower() not in (".csv", ".parquet", ".xlsx"):
                raise OutputError("{name}: the name must end in .csv or .parquet", name=name)
        if self.scenario is not None and Path(self.scenario).is_file():
            raise OutputError(
                "{scenario}: is a file; --scenario needs a folder", scenario=self.scenario
            )


def import_files(
    records: Sequence[str],
    *,
    mapping: str | None,
    timezone: str | None,
    date_order: str | None,
    accept: Sequence[str],
    bulk: bool,
    wanted: Wanted,
    language: str | None,
    json_file: str | None,
    quiet: bool,
    force: bool,
) -> None:
    """Do what ``simcenter import`` does; see its help for the parameters.

    Raises
    ------
    InputError
        For whatever of the input cannot be used; nothing is written then.
    """
    spoken = language_of(language)
    paths = [Path(path) for path in records]
    wanted.check(json_file, force=force, read=paths)
    date = None if wanted.day is None else _date(wanted.day)
    if mapping is not None and date_order is not None:
        raise InputError("import: --date-order is for a guess; a --mapping says its own")
    if wanted.intervals is not None and not bulk:
        raise InputError("import: --intervals goes with --bulk")
    written: list[Path] = []
    if mapping is None and not bulk and len(paths) == 1 and holds_contacts(paths[0]):
        if wanted.mapping is not None:
            raise InputError("import: --save-mapping: a contact table needs no mapping")
        imported = imported_as_it_is(paths[0])
        written += _write(imported, wanted, date, spoken, force=force)
        _tell(imported, written, spoken, json_file, quiet=quiet, force=force)
        return
    used, told = _mapping(paths, mapping, timezone, date_order, accept)
    if bulk:
        imported = _bulk(paths, used, wanted, force=force)
        written += [Path(name) for name in (wanted.output, wanted.intervals) if name is not None]
    else:
        imported = import_history(paths, used)
        written += _write(imported, wanted, date, spoken, force=force)
    if wanted.mapping is not None:
        save_mapping(Path(wanted.mapping), used, force=force)
        written.append(Path(wanted.mapping))
    _tell(with_guess(imported, told), written, spoken, json_file, quiet=quiet, force=force)


def _tell(
    imported: Imported,
    written: Sequence[Path],
    spoken: str,
    json_file: str | None,
    *,
    quiet: bool,
    force: bool,
) -> None:
    """Print the report of an import and the files written, and write them as JSON."""
    report = imported.report
    text = "\n".join([report.text(spoken), *(wrote(path, spoken) for path in written)])
    content = {**report.to_json_dict(), "written": [str(path) for path in written]}
    emit(text, content, json_file, quiet=quiet, force=force)


def _mapping(
    paths: Sequence[Path],
    given: str | None,
    timezone: str | None,
    date_order: str | None,
    accept: Sequence[str],
) -> tuple[AnyMapping, list[str]]:
    """Return the mapping to use, and what was guessed where none is given."""
    if given is None:
        guess = guess_mapping(paths, timezone=timezone, date_order=date_order, accept=accept)
        mapping, lines = guess.mapping, guess.lines()
    else:
        mapping, lines = read_mapping(given), []
    mapping = in_timezone(mapping, timezone) if timezone else mapping
    return accepting(mapping, accept), lines


def _write(
    imported: Imported, wanted: Wanted, date: dt.date | None, language: str, *, force: bool
) -> list[Path]:
    """Write what was asked for; refuse what the records do not hold before writing anything."""
    contacts, intervals = imported.contacts, imported.intervals
    if wanted.activities is not None and imported.activities is None:
        raise InputError("import: --activities: these records do not tell what agents did")
    if date is not None and contacts is None:
        raise InputError("import: --day needs single contacts; these records hold intervals")
    written = []
    if date is not None and contacts is not None and wanted.scenario is not None:
        written += replay_scenario(
            contacts, date, Path(wanted.scenario), force=force, language=language
        )
    if wanted.output is not None:
        if contacts is not None:
            write_contacts(wanted.output, contacts, force=force)
        elif intervals is not None:
            write_intervals(wanted.output, intervals, force=force)
        written.append(Path(wanted.output))
    if wanted.activities is not None and imported.activities is not None:
        write_activities(wanted.activities, imported.activities, force=force)
        written.append(Path(wanted.activities))
    return written


def _bulk(paths: Sequence[Path], mapping: AnyMapping, wanted: Wanted, *, force: bool) -> Imported:
    from simcenter.history.bulk import import_bulk

    if wanted.output is None or wanted.scenario is not None or wanted.activities is not None:
        raise InputError("import: --bulk writes one contact table: give -o FILE.parquet")
    report = import_bulk(
        paths, mapping, Path(wanted.output), intervals=wanted.intervals, force=force
    )
    return Imported(report)


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(
            "--day: got '{text}'; must be a date such as 1999-01-04", text=text
        ) from None
