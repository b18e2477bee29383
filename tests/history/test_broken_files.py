"""Files broken at random end in a report that adds up or in one sentence, never in a traceback."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simcenter.errors import InputError
from simcenter.history import guess_mapping, import_history

from .test_connect import record
from .test_guess import CHINESE, ENGLISH, INTERVALS
from .test_queue_log import TABLE, T

LOG = "".join(
    f"{T + 60 * k}|{T + 60 * k}.{k}|q|NONE|ENTERQUEUE||{k}|1\n"
    f"{T + 60 * k + 9}|{T + 60 * k}.{k}|q|SIP/1|CONNECT|9|x|3\n"
    f"{T + 60 * k + 40}|{T + 60 * k}.{k}|q|SIP/1|COMPLETEAGENT|9|31|1\n"
    for k in range(6)
)
GOOD = {
    "contacts": ENGLISH.encode() + b"".join(
        b"%d,Ann,2021-01-%d,1%d:00:00,Sales,Y,1%d,00:01:00\n" % (k, 10 + k, k % 9, k)
        for k in range(15)
    ),
    "chinese": CHINESE.encode("gb18030"),
    "intervals": INTERVALS.encode(),
    "log": LOG.encode(),
    "table": TABLE.format(*(T + s for s in (0, 10, 20, 80, 85))).encode(),
    "connect": "".join(json.dumps(record(f"c{k}")) + "\n" for k in range(3)).encode(),
}  # fmt: skip


def checked(path):
    """Import a file; whatever is kept must hang together."""
    told = ""
    try:
        found = import_history([path], guess_mapping([path]).mapping)
    except InputError as error:
        told = str(error)
    if told:
        assert "\n" not in told
        assert path.name in told
        return None
    report = found.report
    assert report.text()
    json.dumps(report.to_json_dict(), allow_nan=False)
    if report.kind in ("contacts", "amazon-connect", "intervals"):
        assert report.rows == report.kept + sum(finding.count for finding in report.dropped)
    if found.contacts is not None:
        table = found.contacts
        answered = table.outcome == 0
        queued = ~np.isnan(table.queue_entry)
        assert (queued | ~answered).all()
        assert not (table.wait_s < 0).any()
        assert not (table.talk_s < 0).any()
        assert np.isnan(table.talk_s[~answered]).all()
        assert (table.arrival[queued] <= table.queue_entry[queued]).all()
        assert (table.day == np.floor(table.arrival / 86400) + 1).all()
    if found.intervals is not None:
        for name in ("offered", "answered", "abandoned", "talk_s", "wait_answered_s"):
            assert not (getattr(found.intervals, name) < 0).any()
        assert (found.intervals.minutes > 0).all()
    return found


@pytest.mark.parametrize("kind", GOOD)
def test_the_good_files_are_read(tmp_path, kind):
    path = tmp_path / "records"
    path.write_bytes(GOOD[kind])
    assert checked(path) is not None


@pytest.mark.parametrize("kind", GOOD)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_is_broken(tmp_path_factory, kind, data):
    good = GOOD[kind]
    lines = good.split(b"\n")
    for _ in range(data.draw(st.integers(1, 3))):
        what = data.draw(
            st.sampled_from(["cut", "byte", "line", "swap", "delimiter", "drop", "junk"])
        )
        place = data.draw(st.integers(0, len(lines) - 1))
        match what:
            case "cut":
                lines[-2:] = [lines[-2][: data.draw(st.integers(0, len(lines[-2])))], b""]
            case "byte" if lines[place]:
                at = data.draw(st.integers(0, len(lines[place]) - 1))
                byte = bytes([data.draw(st.integers(0, 255))])
                lines[place] = lines[place][:at] + byte + lines[place][at + 1 :]
            case "line":
                lines.insert(place, lines[data.draw(st.integers(0, len(lines) - 1))])
            case "swap":
                lines[place], lines[0] = lines[0], lines[place]
            case "delimiter":
                lines[place] = lines[place].replace(b",", b";")
            case "drop" if len(lines) > 3:
                del lines[place]
            case _:
                lines.insert(place, data.draw(st.binary(max_size=20)).replace(b"\n", b""))
    path = tmp_path_factory.mktemp("broken") / "records"
    path.write_bytes(b"\n".join(lines))
    checked(path)


@pytest.mark.parametrize("kind", GOOD)
def test_a_gzip_file_that_is_cut_off(tmp_path, kind):
    path = tmp_path / "records.gz"
    path.write_bytes(gzip.compress(GOOD[kind])[:-9])
    with pytest.raises(InputError, match="damaged or cut off"):
        guess_mapping([path])


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.csv", b"", "is empty"),
        ("blank.csv", b"\n \n", "is empty"),
        ("book.xlsx", b"PK\x03\x04nothing", "cannot be read as a workbook"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, ""),
        ("open.csv", b'Date,Calls offered\n2026-01-02,"5\n2026-01-03,6\n', ""),
        ("words.txt", b"Dear all,\nplease find the numbers below.\n", ""),
    ],
)
def test_files_that_are_no_records(tmp_path, name, data, words):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError) as error:
        import_history([path], guess_mapping([path]).mapping)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_no_such_file(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        guess_mapping([tmp_path / "none.csv"])
    with pytest.raises(InputError, match="is a folder"):
        guess_mapping([tmp_path])
    with pytest.raises(InputError, match="no file of records"):
        guess_mapping([])


def test_a_file_that_is_too_large(tmp_path, monkeypatch):
    (tmp_path / "c.csv").write_bytes(GOOD["contacts"])
    monkeypatch.setattr("simcenter.files.records.LARGEST", 100)
    with pytest.raises(InputError, match="too many to hold at once; use --bulk"):
        guess_mapping([tmp_path / "c.csv"])
