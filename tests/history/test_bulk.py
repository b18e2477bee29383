"""The bulk import gives what the row-by-row import gives: the same table, the same findings."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from simcenter.errors import InputError, RecordError
from simcenter.files.intervals import read_intervals
from simcenter.floor.tables import CONTACT_COLUMNS, read_contacts
from simcenter.history import import_records, read_mapping
from simcenter.history.bulk import import_bulk
from simcenter.measures import measure, setting_for_observed
from simcenter.measures.interval_measures import measure_intervals

DURATIONS = """
name = "year"
accept = ["aht-out-of-range", "wrong-unit", "clocks-disagree", "impossible-times",
          "calls-at-once", "lost-with-talk"]
[file]
empty = ["-"]
[clock]
format = "iso"
[[skip]]
when = { queue = "TOTAL" }
reason = "a total"
[[outcomes]]
when = { result = ["answered", "xfer"], wait = { not_equals = "never" } }
outcome = "answered"
[[outcomes]]
when = { result = "test" }
drop = "a test call"
[[outcomes]]
when = { result = "ivr" }
outcome = "self_served"
[[outcomes]]
when = { result = { in = ["abandoned"], not_in = ["x"] } }
outcome = "abandoned"
[contact_type]
column = "queue"
map = { srv = "service" }
default = "other"
[agent]
column = "agent"
missing = ["0"]
[caller_id]
column = "caller"
[priority]
column = "prio"
[instants]
arrival = "start"
[durations]
ivr_s = "ivr"
wait_s = "wait"
talk_s = { column = "talk", unit = "clock" }
wrap_s = { column = "wrap", unit = "minutes" }
"""
CLOCKS = """
name = "clocks"
[file]
delimiter = ";"
decimal_comma = true
[date]
column = "day"
order = "dmy"
[[outcomes]]
when = { state = { at_most = 0.5 } }
outcome = "abandoned"
[[outcomes]]
when = { state = { above = 0.5 } }
outcome = "answered"
[contact_type]
value = "service"
[instants]
arrival = "in"
queue_entry = { column = "queued", missing_when = { queued = { zero = true } }, otherwise = "in" }
answer = "answered"
ended = "out"
"""


def compared(tmp_path, mapping_text, files):
    """Import both ways; return both tables and both reports."""
    (tmp_path / "m.toml").write_text(mapping_text, encoding="utf-8")
    mapping = read_mapping(tmp_path / "m.toml")
    paths = []
    for name, text in files.items():
        path = tmp_path / name
        data = text.encode()
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        paths.append(path)
    table, report = import_records(paths, mapping)
    told = import_bulk(paths, mapping, tmp_path / "bulk.parquet", intervals=tmp_path / "i.csv")
    (bulk,) = read_contacts(
        tmp_path / "bulk.parquet", types=table.types, groups=table.groups, agents=table.agents
    )
    return table, report, bulk, told


def callers(table):
    names = table.callers
    return ["" if c < 0 else str(c) if names is None else names[c] for c in table.caller_id]


def assert_same(table, report, bulk, told):
    for name in CONTACT_COLUMNS:
        if name in ("replication", "channel", "date", "caller_id"):
            continue
        np.testing.assert_array_equal(getattr(bulk, name), getattr(table, name), err_msg=name)
    assert callers(bulk) == callers(table)
    assert bulk.first_date == table.first_date
    assert bulk.channels == table.channels
    assert (told.rows, told.kept, told.outcomes) == (report.rows, report.kept, report.outcomes)
    assert (told.first_date, told.last_date) == (report.first_date, report.last_date)
    assert {(f.reason, f.count, f.rows) for f in told.dropped} == {
        (f.reason, f.count, f.rows) for f in report.dropped
    }
    assert {(f.reason, f.count, f.rows) for f in told.odd} == {
        (f.reason, f.count, f.rows) for f in report.odd
    }
    assert {(f.reason, f.count) for f in told.repaired} == {
        (f.reason, f.count) for f in report.repaired
    }


def messy(rng, size):
    """Return rows with all that can be wrong in them."""
    rows = ["start,queue,result,ivr,wait,talk,wrap,agent,caller,prio"]
    for _ in range(size):
        stamp = np.datetime64("2026-03-02T08:00:00") + int(rng.integers(0, 200000))
        cells = [
            rng.choice([str(stamp), str(stamp) + ".5", str(stamp).replace("T", " "), "x", ""],
                       p=[0.6, 0.15, 0.15, 0.05, 0.05]),
            rng.choice(["sales", "srv", "TOTAL", "", " sales "], p=[0.5, 0.3, 0.05, 0.1, 0.05]),
            rng.choice(["answered", "xfer", "abandoned", "ivr", "test"],
                       p=[0.5, 0.1, 0.2, 0.1, 0.1]),
            rng.choice(["", "0", "5", "7.25"]),
            rng.choice(["0", "12", "30.5", "", "-3", "y", "-"], p=[0.3, 0.3, 0.3, *[0.025] * 4]),
            rng.choice(["0:01:00", "0:00:00", "1:30:00", "100:00:00", "0.0007", "", "soon"],
                       p=[0.5, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05]),
            rng.choice(["", "1", "0.5"]),
            rng.choice(["ann", "bob", "0", "cid"]),
            rng.choice(["", "+1 555", "12"]),
            rng.choice(["1", "2"]),
        ]  # fmt: skip
        rows.append(",".join(map(str, cells)))
    return rows


@pytest.mark.parametrize("seed", range(12))
def test_durations_of_messy_records(tmp_path, seed):
    rng = np.random.default_rng(seed)
    first, second = messy(rng, 150), messy(rng, 60)
    first.insert(40, "2026-03-02T08:00:00,sales")
    first.insert(80, first[79] + ",1,2")
    files = {"a.csv": "\n".join(first) + "\n", "b.csv.gz": "\r\n".join(second) + "\r\n"}
    found = compared(tmp_path, DURATIONS + "[checks]\n", files)
    table, report, bulk, told = found
    odd = [f for f in report.odd if "cell for cell" not in f.reason]
    assert_same(table, report.__class__(**{**report.__dict__, "odd": tuple(odd)}), bulk, told)


@pytest.mark.parametrize("seed", range(6))
def test_clocks_that_wrap_at_midnight(tmp_path, seed):
    rng = np.random.default_rng(100 + seed)

    def clock(seconds):
        seconds = int(seconds) % 86400
        return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"

    rows = ["day;in;queued;answered;out;state"]
    for number in range(150):
        at = number * 570 + 5
        entry, wait, talk = at + rng.integers(-2, 20), rng.integers(0, 90), rng.integers(0, 400)
        queued = rng.choice([clock(entry), "0:00:00"], p=[0.8, 0.2])
        cells = [rng.choice(["02.03.2026", "2-3-2026", "31/02/2026"], p=[0.6, 0.35, 0.05]),
                 clock(at), queued, clock(entry + wait), clock(entry + wait + talk),
                 rng.choice(["0", "0,5", "0,75", "1"])]  # fmt: skip
        rows.append(";".join(map(str, cells)))
    table, report, bulk, told = compared(tmp_path, CLOCKS, {"a.csv": "\n".join(rows) + "\n"})
    assert [f.count for f in told.dropped] == [f.count for f in report.dropped]
    for name in ("arrival", "queue_entry", "answer", "release", "wait_s", "talk_s", "ivr_s"):
        np.testing.assert_array_equal(getattr(bulk, name), getattr(table, name), err_msg=name)


def test_a_zone_and_epochs(tmp_path):
    mapping = DURATIONS.replace(
        'format = "iso"', 'format = "epoch-seconds"\ntimezone = "America/New_York"'
    )
    rows = messy(np.random.default_rng(3), 30)
    body = [rows[0]] + [
        f"{1772438400 + 977.25 * n}," + r.split(",", 1)[1] for n, r in enumerate(rows[1:])
    ]
    assert_same(*compared(tmp_path, mapping, {"a.csv": "\n".join(body) + "\n"}))
    zoned = DURATIONS.replace('format = "iso"', 'format = "iso"\ntimezone = "Asia/Shanghai"')
    (tmp_path / "z").mkdir()
    body = [rows[0]] + [
        f"2026-03-02T08:{n:02d}:00+02:00," + r.split(",", 1)[1] for n, r in enumerate(rows[1:])
    ]
    assert_same(*compared(tmp_path / "z", zoned, {"a.csv": "\n".join(body) + "\n"}))


def test_instants_beyond_all_reason(tmp_path):
    mapping = DURATIONS.replace('format = "iso"', 'format = "epoch-seconds"\ntimezone = "UTC"')
    rows = messy(np.random.default_rng(4), 8)
    stamps = ["1772438400", "1e300", "-1e12", "9e14", "0", "nan", "1772438400.25", "4e9"]
    body = [rows[0]] + [f"{t}," + r.split(",", 1)[1] for t, r in zip(stamps, rows[1:], strict=True)]
    assert_same(*compared(tmp_path, mapping, {"a.csv": "\n".join(body) + "\n"}))


def test_the_intervals_have_the_measures_of_the_contacts(tmp_path):
    rows = messy(np.random.default_rng(9), 300)
    rows = [row for row in rows if row.split(",")[4] not in ("", "-")]  # every wait is known
    _, _, bulk, _ = compared(tmp_path, DURATIONS, {"a.csv": "\n".join(rows) + "\n"})
    single = measure(bulk, setting=setting_for_observed(bulk, answer_within=20.0)).to_json_dict()
    totals = measure_intervals(read_intervals(tmp_path / "i.csv"))
    for key in ("offered", "answered", "abandoned", "answer_rate", "asa", "service_level", "aht"):
        for part in (lambda found: found["total"], lambda found: found["contact_types"]["service"]):
            assert part(totals)[key]["mean"] == pytest.approx(part(single)[key]["mean"])


BOTH = """
name = "both"
[date]
column = "day"
order = "ymd"
[[outcomes]]
when = { who = { empty = false } }
outcome = "answered"
[[outcomes]]
when = { who = "" }
outcome = "abandoned"
[contact_type]
value = "service"
[agent]
column = "who"
[instants]
arrival = "in"
answer = "picked"
ended = "out"
[durations]
wait_s = "wait"
talk_s = "talk"
hold_s = "hold"
"""


def test_durations_beside_clocks(tmp_path):
    rows = [
        "day,in,picked,out,who,wait,talk,hold",
        "2026-03-02,8:00:00,8:00:10,8:01:10,a,10,60,0",
        "2026-03-02,8:02:00,8:02:10,8:03:10,a,15,65,0",  # clocks that differ
        "2026-03-02,8:04:00,8:04:10,8:05:10,a,,,5",  # durations from the clocks
        "2026-03-02,8:06:00,,8:06:30,,,,",
        "2026-03-02,23:59:50,0:00:10,0:01:00,a,20,50,",
        "2026-03-02,8:08:00,8:07:00,,b,,,",  # answered before it came
        "2026-03-02,8:09:00,8:09:30,8:08:30,b,30,,",  # over before it was answered
    ]
    assert_same(*compared(tmp_path, BOTH, {"a.csv": "\n".join(rows) + "\n"}))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[file]", '[file]\nduplicates = "drop"', "file.duplicates = 'drop'"),
        ("[file]", '[file]\nencoding = "gb18030"', "write the records in UTF-8"),
        ('map = { srv = "service" }', 'map = { srv = "service" }\nstrict = true', "strict names"),
    ],
)
def test_what_it_cannot_do_is_refused_before_it_reads(tmp_path, old, new, words):
    (tmp_path / "m.toml").write_text(DURATIONS.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as error:
        import_bulk(
            [tmp_path / "no.csv"], read_mapping(tmp_path / "m.toml"), tmp_path / "o.parquet"
        )
    assert words in str(error.value)


def test_files_at_fault_are_told(tmp_path):
    (tmp_path / "m.toml").write_text(DURATIONS, encoding="utf-8")
    mapping, out = read_mapping(tmp_path / "m.toml"), tmp_path / "o.parquet"
    header = messy(np.random.default_rng(1), 0)[0]
    cases = {
        "none.csv": (None, "no such file"),
        "head.csv": (header.encode() + b"\n", "holds no row"),
        "lacks.csv": (b"start,queue\n1,2\n", "needs an unknown column"),
        "bad.csv": (f"{header}\nx,a,answered,,1,0:01:00,,ann,,1\n".encode(), "not one of 1 rows"),
        "cut.csv.gz": (gzip.compress((header + "\n" + "x" * 9999).encode())[:-9], ""),
    }
    for name, (data, words) in cases.items():
        if data is not None:
            (tmp_path / name).write_bytes(data)
        with pytest.raises(RecordError) as error:
            import_bulk([tmp_path / name], mapping, out)
        assert words in str(error.value)
        assert not out.exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(
        ["m.toml", *(name for name, (data, _) in cases.items() if data is not None)]
    )
    with pytest.raises(InputError, match=r"must end in \.parquet"):
        import_bulk([], mapping, tmp_path / "o.csv")
    with pytest.raises(InputError, match="not queue-log"):
        import_bulk([], read_mapping("asterisk-queue-log"), out)
