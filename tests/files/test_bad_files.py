"""Every file that a scenario names: absent, no text, half a table, or with any cell at all."""

from __future__ import annotations

import csv
import io

import pytest

from simcenter.errors import InputError
from simcenter.files.scenario import load
from tests.files.desk import FILES, put, put_everything

CELLS = {
    "empty": "",
    "text": "x",
    "minus": "-1",
    "zero": "0",
    "half": "0.5",
    "huge": "1e308",
    "nan": "nan",
    "inf": "-inf",
    "digits": "9" * 400,
    "superscript": "²",
    "no clock": "24:60",
    "late clock": "999:59",
    "no date": "2026-02-30",
    "first date": "0001-01-01",
    "last date": "9999-12-31",
    "lines": "a\nb",
    "null": "a\0b",
    "long": "x" * 5000,
    "quotes": 'a"b',
    "surrogate": "\U0001f600",
}
CONTENTS = {
    "empty": b"",
    "blanks": b"\n \n,,\n",
    "not UTF-8": "Zürich,Genève\n".encode("latin-1"),
    "UTF-16": "one,two\n1,2\n".encode("utf-16"),
    "nulls": b"\0" * 1000,
    "another table": b"one,two\n1,2\n",
    "one quote": b'"',
}


@pytest.fixture
def path(tmp_path):
    return put_everything(tmp_path)


def refusal(path):
    """Return the message with which a scenario is refused, None if it loads."""
    try:
        load(path)
    except InputError as fault:
        message = str(fault)
    else:
        return None
    assert message.isprintable()
    assert len(message) < 1000
    assert str(path.parent) in message
    return message


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_there_or_a_folder(path, name):
    (path.parent / name).unlink()
    assert f"{name}: no such file" in refusal(path)
    (path.parent / name).mkdir()
    assert f"{name}: is a directory; a file is needed" in refusal(path)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("case", CONTENTS)
def test_a_file_that_is_no_such_table(path, name, case):
    put(path.parent, name, CONTENTS[case])
    message = refusal(path)
    assert message is not None
    assert name in message


@pytest.mark.parametrize("name", FILES)
def test_a_header_alone(path, name):
    put(path.parent, name, FILES[name].splitlines()[0] + "\n")
    message = refusal(path)
    assert name in message
    assert "rows" in message or "is empty" in message


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("saved", ["bom", "crlf", "semicolon", "tab", "blank lines"])
def test_how_a_file_was_saved_does_not_matter(path, name, saved):
    before = load(path)
    text = FILES[name]
    put(
        path.parent,
        name,
        {
            "bom": "\ufeff" + text,
            "crlf": text.replace("\n", "\r\n"),
            "semicolon": text.replace(",", ";"),
            "tab": text.replace(",", "\t"),
            "blank lines": text.replace("\n", "\n\n"),
        }[saved],
    )
    after = load(path)
    assert after.agents == before.agents
    assert after.groups == before.groups
    for one, other in zip(before.types, after.types, strict=True):
        assert one.arrivals.expected.tolist() == other.arrivals.expected.tolist()
        assert one.wrap == other.wrap


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("cell", CELLS)
def test_no_cell_anywhere_gives_more_than_one_sentence(path, name, cell):
    rows = list(csv.reader(io.StringIO(FILES[name])))
    refused = 0
    for line in {1, len(rows) - 1}:
        for column in range(len(rows[0])):
            changed = [list(row) for row in rows]
            changed[line][column] = CELLS[cell]
            text = io.StringIO()
            csv.writer(text).writerows(changed)
            put(path.parent, name, text.getvalue())
            refused += refusal(path) is not None
    assert refused > 0 or cell in {"zero", "half", "empty"}


@pytest.mark.parametrize("name", FILES)
def test_a_misspelt_column_is_answered_with_the_nearest_one(path, name):
    header, _, rest = FILES[name].partition("\n")
    optional = {"day", "service aht"} if name == "monday.csv" else set()
    for column in set(header.split(",")) - optional:
        wrong = ",".join(cell + cell[-1] if cell == column else cell for cell in header.split(","))
        put(path.parent, name, f"{wrong}\n{rest}")
        message = refusal(path)
        assert f"{name}: unknown column" in message
        assert "did you mean" in message


@pytest.mark.parametrize("name", FILES)
def test_a_row_of_too_few_or_too_many_cells(path, name):
    columns = FILES[name].splitlines()[0].count(",") + 1
    for cells in {columns + 1, max(columns - 1, 1)} - {columns}:
        put(path.parent, name, FILES[name] + ",".join("x" * cells) + "\n")
        assert f"has {cells} cells; the header has {columns}" in refusal(path)
