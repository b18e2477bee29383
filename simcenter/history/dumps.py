"""Tables as the clients of PostgreSQL and MySQL print and dump them, as rows under their names.

Read are the ruled and the boxed output, one record below the other, ``COPY … FROM stdin`` and
``INSERT INTO … VALUES``. Of several tables in a dump one is read. A row that is cut off is left
as one cell, so that whoever reads the rows books it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from simcenter.files.delimited import Rows

__all__ = ["DUMP_FORMS", "Dump", "dump_form", "read_dump"]

LINES_OF_BOXES = str.maketrans("│┃─━┼╋┌┬┐├┤└┴┘", "||--++++++++++")
RULED = re.compile(r"[ -]*-(?:\+-+)+\s*")
BOXED = re.compile(r"\s*\+(?:-+\+)+\s*")
FOOTER = re.compile(r"\(\d+ [^\W\d]+[^)]*\)\s*")
VERTICAL = re.compile(r"\*{5,} *\d+\. row *\*{5,}\s*")
EXPANDED = re.compile(r"[-+]?-*\[ \w+ \d+ \][-+]*\s*")
NAME = r"[`\"\[]?[\w$-]+[`\"\]]?"
TABLE = rf"{NAME}(?:\.{NAME})*"
COPY = re.compile(rf"^COPY\s+({TABLE})\s*(?:\(([^)]*)\))?\s+FROM\s+stdin", re.M | re.I)
INSERT = re.compile(
    rf"^\s*(?:INSERT|REPLACE)\s+(?:(?:IGNORE|DELAYED|LOW_PRIORITY)\s+)*INTO\s+({TABLE})"
    r"\s*(?:\(([^)]*)\))?\s*(?:OVERRIDING\s+\w+\s+VALUE\s+)?VALUES\s*",
    re.M | re.I,
)
CREATE = re.compile(
    rf"^\s*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?({TABLE})\s*\((.*?)^\s*\)", re.M | re.I | re.S
)
NO_COLUMN = re.compile(r"(PRIMARY|UNIQUE|KEY|CONSTRAINT|INDEX|FULLTEXT|CHECK|FOREIGN)\b", re.I)
PLAIN_VALUE = r"[^,()'\"]*"
ENDING = r"(?:::[\w ]+(?:\(\d+\))?)?\s*([,)])"
STANDARD = re.compile(
    rf"\s*(?:N?'((?:[^']|'')*)'|[Ee]'((?:[^'\\]|\\.|'')*)'|({PLAIN_VALUE})){ENDING}"
)
ESCAPED = re.compile(
    rf"\s*(?:(?:_\w+ +)?'((?:[^'\\]|\\.|'')*)'|\"((?:[^\"\\]|\\.)*)\"|({PLAIN_VALUE})){ENDING}"
)
ESCAPE = re.compile(r"\\(.)", re.S)
SIGNS = {"t": "\t", "n": "\n", "r": "\r", "0": "", "Z": "", "b": ""}
TOLD_APART = "queue_log"
"""The table that is read of a dump of a whole switch, where it has rows."""


@dataclass
class Dump:
    """The rows of one table of a dump.

    Attributes
    ----------
    names
        Names of its columns; None: the dump does not tell them.
    cells, lines
        The rows, and the line on which each begins.
    table
        Its name, "" where the form has none.
    tables
        How many tables the dump has.
    whole
        Whether the dump ends as such dumps do.
    """

    names: list[str] | None = None
    cells: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    table: str = ""
    tables: int = 1
    whole: bool = True

    def add(self, cells: list[str], line: int) -> None:
        """Add a row."""
        self.cells.append(cells)
        self.lines.append(line)

    def cut_off(self) -> None:
        """Say that the end is missing: the last row may be a part of one."""
        self.whole = False
        if self.cells:
            self.cells[-1] = ["\t".join(self.cells[-1])]

    def rows(self) -> Rows:
        """Return the rows, below their names where these are told."""
        if self.names is None:
            return Rows(self.cells, self.lines)
        return Rows([self.names, *self.cells], [0, *self.lines])


def dump_form(text: str) -> str | None:
    r"""Return the form of a dump (of `DUMP_FORMS`), None for any other text.

    Examples
    --------
    >>> dump_form(" a | b \n---+---\n 1 | 2 \n(1 row)\n"), dump_form("a,b\n1,2\n")
    ('psql', None)
    """
    top = text[:50_000].translate(LINES_OF_BOXES).splitlines()[:200]
    for line in top:
        for form, pattern in FIRST_LINES.items():
            if pattern.fullmatch(line):
                return form
    if COPY.search(text):
        return "copy"
    if INSERT.search(text):
        return "inserts"
    filled = [line for line in text.splitlines() if line.strip()]
    if len(filled) > 1 and "|" in filled[0] and FOOTER.fullmatch(filled[-1]):
        return "psql-unaligned"
    return None


def read_dump(text: str, form: str, table: str | None = None) -> Dump | None:
    """Return the rows of a dump: of the table that is named, else of ``queue_log`` or the longest.

    None: there is no such table, or no row.
    """
    return DUMP_FORMS[form](text, table)


def _ruled(text: str, _: str | None) -> Dump | None:
    """Read what psql prints: names, a ruled line, rows, the number of rows."""
    found = Dump(whole=False)
    marks: list[int] = []
    above, inside = "", False
    for number, line in enumerate(text.translate(LINES_OF_BOXES).splitlines(), 1):
        if RULED.fullmatch(line):
            marks = [place for place, sign in enumerate(line) if sign == "+"]
            if found.names is None:
                found.names = [cell.strip() for cell in above.split("|")]
            inside = True
        elif inside and (FOOTER.fullmatch(line) or not line.strip()):
            found.whole = found.whole or bool(line.strip())
            inside = False
        elif inside:
            found.add([cell.strip() for cell in _cut(line, marks)], number)
        above = line
    return found if found.names and found.cells else None


def _cut(line: str, marks: list[int]) -> list[str]:
    """Cut a line below the crosses of the ruled line; where they do not fit, at its bars."""
    if all(len(line) > mark and line[mark] == "|" for mark in marks):
        edges = [-1, *marks, len(line)]
        return [line[low + 1 : high] for low, high in pairwise(edges)]
    return line.split("|")


def _boxed(text: str, _: str | None) -> Dump | None:
    r"""Read what mysql prints: boxes of bars; psql prints them too with ``\pset border 2``."""
    found = Dump()
    marks: list[int] = []
    border = False
    for number, line in enumerate(text.translate(LINES_OF_BOXES).splitlines(), 1):
        if BOXED.fullmatch(line):
            marks = [place for place, sign in enumerate(line) if sign == "+"][1:-1]
            border = True
        elif line.lstrip().startswith("|"):
            inner = line.strip()[1:].removesuffix("|")
            begin = line.index("|") + 1
            cells = [cell.strip() for cell in _cut(inner, [mark - begin for mark in marks])]
            cells = ["" if cell == "NULL" else cell for cell in cells]
            if found.names is None:
                found.names = cells
            elif cells != found.names:
                found.add(cells, number)
            border = False
    if not border:
        found.cut_off()
    return found if found.names and found.cells else None


def _records(separator: re.Pattern[str], sign: str) -> Callable[[str, str | None], Dump | None]:
    def read(text: str, _: str | None) -> Dump | None:
        """Read records one below the other, each line a name and a value."""
        found = Dump()
        records: list[tuple[int, dict[str, str]]] = []
        for number, line in enumerate(text.translate(LINES_OF_BOXES).splitlines(), 1):
            if separator.fullmatch(line):
                records.append((number, {}))
            elif records and sign in line:
                name, _, value = line.partition(sign)
                value = value.strip()
                records[-1][1][name.strip(" |")] = "" if value == "NULL" else value
        found.names = list(records[0][1]) if records else None
        for number, record in records:
            cells = [record[name] for name in found.names or () if name in record]
            found.add(cells, number)
        return found if found.names else None

    return read


def _copied(text: str, wanted: str | None) -> Dump | None:
    r"""Read the ``COPY … FROM stdin`` of pg_dump: tabs between, ``\N`` for nothing."""
    created = _created(text)
    tables: dict[str, Dump] = {}
    for start in COPY.finditer(text):
        table = _bare(start[1])
        found = tables.setdefault(table, Dump(_names(start[2]) or created.get(table), table=table))
        first = text.find("\n", start.end()) + 1
        end = text.find("\n\\.", first - 1) + 1 if first else 0
        body = text[first : end or None] if first else ""
        number = text.count("\n", 0, first) + 1
        for line in body.splitlines():
            found.add([_unescaped(cell) for cell in line.split("\t")], number)
            number += 1
        if not end:
            found.cut_off()
    return _chosen(tables, wanted)


def _unescaped(cell: str) -> str:
    return "" if cell == "\\N" else ESCAPE.sub(_sign, cell) if "\\" in cell else cell


def _sign(found: re.Match[str]) -> str:
    return SIGNS.get(found[1], found[1])


def _inserted(text: str, wanted: str | None) -> Dump | None:
    """Read the ``INSERT INTO … VALUES`` of mysqldump and of pg_dump."""
    created = _created(text)
    tables: dict[str, Dump] = {}
    number, counted = 1, 0
    for start in INSERT.finditer(text):
        table = _bare(start[1])
        found = tables.setdefault(table, Dump(_names(start[2]) or created.get(table), table=table))
        mysql = "`" in start[0] or "MySQL" in text[:500] or "MariaDB" in text[:500]
        number, counted = number + text.count("\n", counted, start.end()), start.end()
        _values(text, start.end(), ESCAPED if mysql else STANDARD, mysql, found, number)
    return _chosen(tables, wanted)


def _values(
    text: str, place: int, value: re.Pattern[str], mysql: bool, found: Dump, number: int
) -> None:
    """Read the rows of one statement."""
    begun = place
    while place < len(text) and text[place] == "(":
        line, begun = number + text.count("\n", begun, place), place
        number = line
        cells: list[str] = []
        place += 1
        while True:
            match = value.match(text, place)
            if match is None:  # cut off within the row
                found.add([text[begun : begun + 80]], line)
                found.whole = False
                return
            cells.append(_value(match, mysql))
            place = match.end()
            if match[4] == ")":
                break
        found.add(cells, line)
        following = re.compile(r"\s*,\s*(?=\()").match(text, place)
        place = following.end() if following else len(text)


def _value(match: re.Match[str], mysql: bool) -> str:
    plain, other, bare = match[1], match[2], match[3]
    if plain is not None:
        text = plain.replace("''", "'")
        return ESCAPE.sub(_sign, text) if mysql and "\\" in text else text
    if other is not None:
        return ESCAPE.sub(_sign, other.replace("''", "'"))
    text = bare.strip()
    return "" if text.upper() in ("NULL", "DEFAULT") else text


def _created(text: str) -> dict[str, list[str]]:
    """Return the columns of every table that is made in a dump."""
    found: dict[str, list[str]] = {}
    for made in CREATE.finditer(text):
        lines = [line.strip() for line in made[2].splitlines()]
        found[_bare(made[1])] = [
            _bare(line.split()[0]) for line in lines if line and not NO_COLUMN.match(line)
        ]
    return found


def _bare(name: str) -> str:
    """Return a name without its schema and its quotes."""
    return name.rsplit(".", 1)[-1].strip('`"[] ')


def _names(columns: str | None) -> list[str] | None:
    return [_bare(name.strip()) for name in columns.split(",")] if columns else None


def _chosen(tables: dict[str, Dump], wanted: str | None) -> Dump | None:
    filled = {name: dump for name, dump in tables.items() if dump.cells}
    if not filled or (wanted is not None and wanted not in filled):
        return None
    longest = max(filled, key=lambda name: len(filled[name].cells))
    found = filled[wanted or (TOLD_APART if TOLD_APART in filled else longest)]
    found.tables = len(tables)
    return found


def _unaligned(text: str, _: str | None) -> Dump | None:
    """Read what ``psql -A`` prints: bars between, the number of rows below."""
    found = Dump()
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not FOOTER.fullmatch(line):
            found.add(line.split("|"), number)
    return found if found.cells else None


FIRST_LINES = {
    "mysql": BOXED,
    "psql": RULED,
    "mysql-vertical": VERTICAL,
    "psql-expanded": EXPANDED,
}
DUMP_FORMS: dict[str, Callable[[str, str | None], Dump | None]] = {
    "psql": _ruled,
    "psql-unaligned": _unaligned,
    "psql-expanded": _records(EXPANDED, "|"),
    "mysql": _boxed,
    "mysql-vertical": _records(VERTICAL, ":"),
    "copy": _copied,
    "inserts": _inserted,
}
"""How each form of a dump is read."""
