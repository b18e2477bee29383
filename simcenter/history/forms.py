"""Tables that are not columns of text: dumps of databases, and records in JSON."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from simcenter.errors import RecordError, unknown
from simcenter.files.delimited import Rows
from simcenter.history.dumps import dump_form, read_dump
from simcenter.history.json_text import flat_rows, is_json
from simcenter.messages import Message, joined

__all__ = ["Formed", "find_form", "formed_rows"]

FORM_WORDS = {
    "psql": Message("a table as psql prints it"),
    "psql-unaligned": Message("a table as psql prints it, unaligned"),
    "psql-expanded": Message("records as psql prints them, one below the other"),
    "mysql": Message("a table as mysql prints it"),
    "mysql-vertical": Message("records as mysql prints them, one below the other"),
    "copy": Message("a dump by COPY"),
    "inserts": Message("a dump by INSERT"),
}


@dataclass(frozen=True)
class Formed:
    """What was found in a text that is no columns of text.

    ``named`` says whether its first row are the names of the columns.
    """

    rows: Rows
    form: str
    table: str | None
    named: bool
    told: Message


def find_form(path: Path, text: str) -> Formed | None:
    """Return the rows of a dump or of records in JSON, None for any other text.

    Raises
    ------
    RecordError
        It is such a text, but holds no rows.
    """
    if is_json(text[:200].encode()):
        rows, told = flat_rows(path, text)
        return Formed(rows, "json", None, True, told)
    form = dump_form(text)
    if form is None:
        return None
    dump = read_dump(text, form)
    if dump is None:
        raise RecordError("{path}: is {form}, but holds no row", path=path, form=FORM_WORDS[form])
    sentences = [FORM_WORDS[form]]
    if dump.tables > 1:
        sentences.append(Message("table '{name}' of {count}", name=dump.table, count=dump.tables))
    if not dump.whole:
        sentences.append(Message("its end is missing: cut off?"))
    several = dump.table if dump.tables > 1 else None
    return Formed(dump.rows(), form, several, dump.names is not None, joined("; ", sentences))


def formed_rows(path: Path, text: str, form: str, table: str | None) -> Rows:
    """Return the rows of a text in a form that a mapping names.

    Raises
    ------
    RecordError
        It is not in that form, or has no such table.
    """
    if form == "json":
        return flat_rows(path, text)[0]
    dump = read_dump(text, form, table)
    if dump is None and table is not None:
        dump = read_dump(text, form)
        if dump is not None:
            wrong = unknown("table", table, [dump.table])
            raise RecordError("{path}: {unknown}", path=path, unknown=wrong)
    if dump is None:
        raise RecordError(
            "{path}: file.form is '{form}', but it is not {words}",
            path=path,
            form=form,
            words=FORM_WORDS[form],
        )
    return dump.rows()
