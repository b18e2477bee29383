"""Records in JSON: found in every shape, as a table where they are flat, refused with a reason."""

from __future__ import annotations

import gzip
import json

import pytest

from simcenter.errors import RecordError
from simcenter.floor.records import Outcome
from simcenter.history import guess_mapping, import_history, read_mapping, save_mapping
from simcenter.history.json_text import json_records

CALLS = [
    {
        "id": number,
        "created_at": f"2026-03-02T08:{number:02d}:00Z",
        "wait_time": 10 * number,
        "talk_time": 100 * (number % 2),
        "agent": {"id": 7 if number % 2 else None},
        "queue": "支持",
        "recorded": True,
        "legs": [{"type": "agent"}],
        "tags": ["a", "b"],
    }
    for number in range(1, 5)
]
SHAPES = {
    "list": json.dumps(CALLS),
    "indented": json.dumps(CALLS, indent=2, ensure_ascii=False),
    "lines": "\n".join(json.dumps(call) for call in CALLS),
    "wrapped": json.dumps({"calls": CALLS, "count": 4, "next_page": None}, indent=1),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_flat_records_read_as_a_table(tmp_path, shape):
    path = tmp_path / "calls.json.gz"
    path.write_bytes(gzip.compress(SHAPES[shape].encode()))
    guess = guess_mapping([path])
    table = import_history([path], guess.mapping).contacts
    assert [Outcome(code).name for code in table.outcome] == ["answered", "abandoned"] * 2
    assert table.wait_s.tolist() == [10, 20, 30, 40]
    assert "lists within them are left out (legs)" in str(guess.told[0])
    saved = tmp_path / "mapping.toml"
    save_mapping(saved, guess.mapping)
    again = import_history([path], read_mapping(saved)).contacts
    assert again.wait_s.tolist() == [10, 20, 30, 40]


def test_every_record_has_its_line():
    text = '{"count": 2, "calls": [\n{"a": 1},\n{"a": {"calls": [1]}}\n]}'
    assert [line for line, _ in json_records(text)] == [2, 3]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[{"a": 1}, {"a": 2}, {"a"', [{"a": 1}, {"a": 2}, None]),
        ('{"n": 3, "calls": [{"a": 1}, {"a": 2, "legs": [{"b"', [{"a": 1}, None]),
        ('[\n  {\n    "a": [\n      {"b": 1}\n', [None]),
        ('{"a": 1}\n{"a": \n{"a": 3}\n', [{"a": 1}, None, {"a": 3}]),
        ("[1, 2]", [None, None]),
    ],
)
def test_what_is_damaged_costs_itself_alone(text, found):
    assert [record for _, record in json_records(text)] == found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[1, 2, 3]", "is JSON, but it is a list without objects"),
        ('{"a": [1, 2', "is JSON, but it is damaged or cut off at line 1"),
        ('{"summary": {"offered": 10}, "by": {"day": 3}}', "the columns are summary.offered"),
    ],
)
def test_json_without_records_says_what_it_seems_to_be(tmp_path, text, why):
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(RecordError, match=why):
        guess_mapping([path])
