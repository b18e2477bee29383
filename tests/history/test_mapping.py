"""Mappings: faults are named with their place, and other layouts than the bank's are read."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simcenter.errors import RecordError
from simcenter.floor.tables import read_contacts
from simcenter.history import import_records, read_mapping
from simcenter.history.bulk import import_bulk
from simcenter.history.clocks import dates, instants, numbers, zero

from .bank import busy_day, write

MINIMAL = """
name = "acd"
[[outcomes]]
when = { disposition = ["ANS", "XFER"] }
outcome = "answered"
[[outcomes]]
when = { disposition = { not_equals = "IVR" } }
outcome = "abandoned"
[[outcomes]]
when = { disposition = "IVR" }
outcome = "self_served"
[contact_type]
column = "skill"
[clock]
format = "iso"
[instants]
arrival = { column = "start" }
[durations]
wait_s = { column = "wait" }
talk_s = { column = "talk" }
"""


def mapping_of(tmp_path, text):
    path = tmp_path / "m.toml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('name = "acd"', 'nam = "acd"', "unknown key 'nam'; did you mean 'name'?"),
        ("[clock]", "[clokc]", "clokc: unknown key 'clokc'; did you mean 'clock'? known: name"),
        ("[clock]", "[clock]\nformt = 1", "clock.formt: unknown key 'formt'; did you mean 'format"),
        ('"iso"', '"ios"', "clock.format: unknown clock format 'ios'; did you mean 'iso'? known"),
        ('outcome = "abandoned"', 'outcome = "abandonned"', "outcomes[2]: unknown outcome 'aband"),
        ('outcome = "abandoned"', "", "outcomes[2]: exactly one of outcome and drop"),
        ("not_equals", "not_equal", "outcomes[2].when.disposition.not_equal: unknown key"),
        ('{ not_equals = "IVR" }', "{}", "outcomes[2].when.disposition: a condition is void"),
        ('column = "skill"', "", "contact_type: exactly one of column and value"),
        ('wait_s = { column = "wait" }', "", "durations.wait_s or instants.answer is needed"),
        ('talk_s = { column = "talk" }', "", "durations.talk_s or instants.ended is needed"),
        ('"iso"', '"h:mm:ss"', "date is needed: the clock format 'h:mm:ss' holds none"),
        ("[clock]", '[clock]\ntimezone = "Asia/Shangai"', "clock.timezone: unknown time zone"),
        (
            "[clock]",
            '[file]\ndelimiter = "||"\n[clock]',
            "file.delimiter: got '||'; may have at most 1",
        ),
        ("[clock]", "[file]\nheader = false\n[clock]", "file: columns are missing"),
        ("[clock]", '[file]\nencoding = "utf8000"\n[clock]', "file.encoding: unknown encoding"),
        ("[clock]", '[date]\ncolumn = "d"\norder = "dym"\n[clock]', "date.order: unknown date"),
        (
            "[clock]",
            "[checks]\ntalk_limit_s = 0\n[clock]",
            "checks.talk_limit_s: got 0; must be above 0",
        ),
        ("[clock]", "[clock", "not a mapping in TOML"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path, old, new, sentence):
    assert old in MINIMAL
    with pytest.raises(RecordError) as error:
        mapping_of(tmp_path, MINIMAL.replace(old, new, 1))
    assert sentence in str(error.value)
    assert str(error.value).startswith(str(tmp_path / "m.toml"))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["a = " + "[" * 50_000, "a" + ".a" * 50_000 + " = 1"])
def test_a_mapping_too_deep_is_refused_in_a_sentence(tmp_path, text):
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    with pytest.raises(
        RecordError, match=r"m\.toml: (not a mapping in TOML|tables stand in tables)"
    ):
        read_mapping(tmp_path / "m.toml")


def test_a_name_that_is_not_shipped(tmp_path):
    with pytest.raises(RecordError, match=r"did you mean 'technion-bank'\?.*TOML file"):
        read_mapping("technion-bnak")
    with pytest.raises(RecordError, match=r"is a folder"):
        read_mapping(tmp_path)


def test_iso_instants_conditions_and_maps(tmp_path):
    text = MINIMAL.replace(
        'column = "skill"', 'column = "skill"\nmap = { 7 = "billing" }\ndefault = "other"'
    )
    text += 'caller_id = { column = "ani" }\n'.replace("caller_id", "hold_s", 0)
    text += 'hold_s = "hold"\n[caller_id]\ncolumn = "ani"\nmissing = ["anonymous"]\n'
    text += '[group]\nvalue = "front"\n[[skip]]\nwhen = { skill = "TOTAL" }\nreason = "a total"\n'
    text = text.replace('caller_id = { column = "ani" }\n', "")
    mapping = mapping_of(tmp_path, text)
    path = tmp_path / "r.csv"
    path.write_text(
        "start,skill,disposition,wait,talk,hold,ani\n"
        '2026-03-02T08:00:00.5,7,ANS,10,100,,"a, b"\n'
        "2026-03-02 23:59:50,,ABD,20,,,anonymous\n"
        "2026-03-02 08:00:00,TOTAL,ANS,99,,,\n"
        "2026-03-01T10:00:00+02:00,sales,IVR,,,,c\n",
        encoding="utf-8",
    )
    table, report = import_records(path, mapping)
    assert table.first_date == dt.date(2026, 3, 1)
    assert table.arrival.tolist() == [36000.0, 86400 + 28800.5, 2 * 86400 - 10.0]
    assert table.types == ("billing", "other", "sales")
    assert table.contact_type.tolist() == [2, 0, 1]
    assert table.outcome.tolist() == [4, 0, 1]
    assert table.queue_entry[1] == table.arrival[1]
    assert table.hold_s[1] == 0
    assert table.callers == ("a, b", "c")
    assert table.groups == ("front",)
    assert table.group.tolist() == [-1, 0, -1]
    assert [finding.reason for finding in report.dropped] == ["a total"]
    assert [finding.reason for finding in report.repaired] == ["no hold_s recorded: 0"]


CLOCKS = """
name = "clocks"
[file]
delimiter = ";"
encoding = "cp1252"
header = false
columns = ["day", "in", "queued", "answered", "out", "ivr", "state", "prio"]
decimal_comma = true
empty = ["-"]
[date]
column = "day"
order = "dmy"
[[outcomes]]
when = { state = { zero = true } }
outcome = "abandoned"
[[outcomes]]
when = { state = { above = 0, at_most = 1.5 } }
outcome = "answered"
[contact_type]
value = "service"
[priority]
column = "prio"
[instants]
arrival = "in"
queue_entry = "queued"
answer = "answered"
ended = "out"
"""


def test_clocks_without_durations_and_without_a_header(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(
        "02.03.2026;23:59:00;23:59:30;0:00:10;0:05:00;-;1,5;3\n"
        "02.03.2026;9:00;9:01;-;9:03:00,5;-;0;x\n"
        "02.03.2026;9:00;9:02;9:01;9:03;-;1;\n"
        "02.03.2026;9:00;9:02;9:02;9:01;-;1;\n"
        "02.03.2026;9:00;9:02;-;9:03;-;1;\n"
        "02.03.2026;9:00;-;9:02;9:03;-;1;\n"
        "2.13.2026;9:00;9:00;9:02;9:03;-;1;\n"
        "03.30.2026;9:00;9:00;9:02;9:03;-;1;\n"
        "2.3.26;9:00;9:00;9:02;9:03;-;7;\n",
        encoding="cp1252",
    )
    table, report = import_records(path, mapping_of(tmp_path, CLOCKS))
    assert table.arrival.tolist() == [32400.0, 86340.0]
    assert table.wait_s.tolist() == [120.5, 40.0]
    assert table.priority.tolist() == [-1, 3]
    np.testing.assert_array_equal(table.talk_s, [np.nan, 290.0])
    assert table.release[1] == 86400 + 300
    reasons = {finding.reason: finding.rows for finding in report.dropped}
    assert reasons == {
        "date: day is not day-month-year but month-day-year: two date orders?": (
            "r.csv:7",
            "r.csv:8",
        ),
        "no queue entry for who was in the queue": ("r.csv:6",),
        "the wait ends before it begins": ("r.csv:3",),
        "answered, but neither a wait nor an answer": ("r.csv:5",),
        "ends before it was answered": ("r.csv:4",),
        "no rule for the outcome: state is '7'": ("r.csv:9",),
    }
    assert [finding.reason for finding in report.odd if "reads as" in finding.reason] == [
        "a date that reads as day-month-year and as month-day-year"
    ]
    assert [finding.rows for finding in report.repaired] == [("r.csv:2",)]


def test_talk_beyond_the_limit_and_late_arrivals_are_dropped_where_asked(tmp_path):
    text = MINIMAL + '[checks]\ntalk_limit_s = 50\ntalk_beyond_limit = "drop"\n'
    text += 'arrival_after_queue_entry = "drop"\n'
    text = text.replace("[durations]", 'queue_entry = "q"\n[durations]')
    path = tmp_path / "r.csv"
    rows = ["08:00:00,08:00:05,5", "08:00:00,07:59:59,5", "08:00:00,08:00:00,51"]
    body = "".join(f"2026-03-02T{row.replace(',', ',2026-03-02T', 1)},s,ANS,1\n" for row in rows)
    path.write_text("start,q,talk,skill,disposition,wait\n" + body, encoding="utf-8")
    table, report = import_records(path, mapping_of(tmp_path, text))
    assert len(table) == 1
    assert {f.reason: f.rows for f in report.dropped} == {
        "arrival after queue entry": ("r.csv:3",),
        "talk beyond 50 s": ("r.csv:4",),
    }


def test_one_type_in_two_channels_is_refused(tmp_path):
    path = tmp_path / "r.csv"
    lines = [f"2026-03-02T08:00:0{k},s,ANS,1,1,{way}\n" for k, way in enumerate(["chat", "voice"])]
    path.write_text("start,skill,disposition,wait,talk,via\n" + "".join(lines), encoding="utf-8")
    with pytest.raises(RecordError, match=r"'s' stands in the channels chat, voice"):
        import_records(path, mapping_of(tmp_path, MINIMAL + '[channel]\ncolumn = "via"\n'))


def test_a_strict_map_drops_other_names(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(
        "start,skill,disposition,wait,talk\n2026-03-02T08:00:00,s,ANS,1,1\n"
        "2026-03-02T08:00:00,t,ANS,1,1\n",
        encoding="utf-8",
    )
    text = MINIMAL.replace('"skill"', '"skill"\nmap = { s = "sales" }\nstrict = true')
    table, report = import_records(path, mapping_of(tmp_path, text))
    assert table.types == ("sales",)
    assert report.dropped[0].rows == ("r.csv:3",)


def test_clock_formats():
    assert instants(["0:00:01.5", "23:59", "47:00", "48:00", "9"], "h:mm:ss", None).tolist()[
        :3
    ] == [1.5, 86340.0, 169200.0]
    assert np.isnan(instants(["48:00", "9", "24h", ""], "hh:mm", None)).all()
    assert instants(["3600.5"], "seconds", None).tolist() == [3600.5]
    assert instants(["08.30"], "%H.%M", None).tolist() == [30600.0]
    stamp = dt.datetime(2026, 3, 2, tzinfo=dt.UTC).timestamp()
    assert instants(["02/03/26 01h"], "%d/%m/%y %Hh", None).tolist() == [stamp + 3600]
    assert instants([str(stamp), "?"], "epoch-seconds", None)[0] == stamp
    shanghai = instants([f"{stamp * 1000:.0f}", ""], "epoch-milliseconds", "Asia/Shanghai")
    assert shanghai[0] == stamp + 8 * 3600
    assert np.isnan(shanghai[1])
    zoned = instants(["2026-03-02T00:00:00Z", "2026-03-02", "x"], "iso", "Asia/Shanghai")
    assert zoned[:2].tolist() == [stamp + 8 * 3600, stamp]
    assert zero(["0", "0:00:00", "0.00", "", ":", "10", "00:00"]).tolist() == [
        *(True, True, True, False, False, False, True),
    ]
    zoned = instants(["2026-03-02T02+05", "2026-03-02T020000+0500"], "iso", "UTC")
    assert zoned.tolist() == [stamp - 3 * 3600] * 2
    assert np.isnan(instants(["1e11", "1e308"], "epoch-seconds", "UTC")).all()
    assert np.isnan(instants(["172800", "-1"], "seconds", None)).all()
    assert np.isnan(dates(["1/1/1066", "1/1/9999"], "dmy")).all()
    assert np.isnan(numbers(["1e300", "1_000", "nan", "inf", "1,5", "0x1"])).all()


@settings(max_examples=200, deadline=None)
@given(day=st.dates(dt.date(1970, 1, 1), dt.date(2068, 12, 31)), order=st.permutations("dmy"))
def test_dates_in_every_order(day, order):
    since = (day - dt.date(1970, 1, 1)).days
    assert dates([day.strftime("%y%m%d")], "yymmdd") == [since]
    assert dates([day.isoformat().replace("-", "")], "yyyymmdd") == [since]
    if "".join(order) in ("dmy", "mdy", "ymd"):
        parts = {"d": str(day.day), "m": f"{day.month:02d}", "y": str(day.year)}
        assert dates(["/".join(parts[letter] for letter in order)], "".join(order)) == [since]
    assert dates([day.strftime("%d %b %Y")], "%d %b %Y") == [since]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_row_is_accounted_for_whatever_is_wrong(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("rows")
    rows = busy_day(seed=3, calls=12)
    for _ in range(data.draw(st.integers(0, 12))):
        row = data.draw(st.integers(0, len(rows) - 1))
        if data.draw(st.booleans()) and rows[row]:
            column = data.draw(st.integers(0, len(rows[row]) - 1))
            text = st.sampled_from(
                ["", "x", "0", "-5", "0:00:00", "23:59:59", "AGENT", "HANG", "99"]
            )
            rows[row] = [*rows[row][:column], data.draw(text), *rows[row][column + 1 :]]
        else:
            rows[row] = rows[row][: data.draw(st.integers(0, 17))]
    path = write(folder / "r.txt", rows)
    try:
        table, report = import_records([path], read_mapping("technion-bank"))
    except RecordError as error:
        told = str(error)
    else:
        told = ""
    if told:
        assert "not one of" in told
        return
    assert report.rows == report.kept + sum(finding.count for finding in report.dropped)
    assert len(table) == report.kept == sum(report.outcomes.values())
    queued = ~np.isnan(table.queue_entry)
    answered = table.outcome == 0
    assert (queued | ~answered).all()
    assert (table.wait_s[queued] >= 0).all()
    assert (table.arrival[queued] <= table.queue_entry[queued]).all()
    np.testing.assert_array_equal(
        table.queue_entry + table.wait_s,
        np.where(answered, table.answer, table.queue_entry + table.wait_s),
    )
    assert (table.talk_s[answered] >= 0).all()
    assert np.isnan(table.talk_s[~answered]).all()
    assert (table.day == np.floor(table.arrival / 86400) + 1).all()
    assert table.day.min() == 1


ZONED = """
name = "zoned"
[clock]
format = "{form}"
timezone = "America/New_York"
[[outcomes]]
when = {{ who = {{ empty = false }} }}
outcome = "answered"
[[outcomes]]
when = {{ who = "" }}
outcome = "abandoned"
[contact_type]
value = "service"
[instants]
arrival = "in"
queue_entry = "queued"
answer = "picked"
ended = "out"
"""


@pytest.mark.parametrize("form", ["epoch-seconds", "iso"])
@pytest.mark.parametrize("change", ["2026-11-01T06:00", "2026-03-08T07:00"])
def test_a_change_of_the_clocks_is_in_no_duration(tmp_path, form, change):
    instant = np.datetime64(change)
    written = []
    for shift, who in ((-30, "ann"), (-3600, "ann"), (90, ""), (-10, "")):
        times = [instant + np.timedelta64(shift + add, "s") for add in (0, 20, 60, 200)]
        cells = [str(t.astype(int)) if form != "iso" else f"{t}Z" for t in times]
        cells = [*cells[:2], cells[2] if who else "", cells[3]]
        written.append(",".join([*cells, who]))
    path = tmp_path / "r.csv"
    path.write_text("in,queued,picked,out,who\n" + "\n".join(written) + "\n")
    mapping = mapping_of(tmp_path, ZONED.format(form=form))
    table, report = import_records(path, mapping)
    answered = table.outcome == 0
    assert table.ivr_s.tolist() == [20] * 4
    assert set(table.wait_s[answered]) == {40}
    assert set(table.talk_s[answered]) == {140}
    assert set(table.wait_s[~answered]) == {180}
    assert len(report.daylight) == 1
    import_bulk([path], mapping, tmp_path / "bulk.parquet")
    (bulk,) = read_contacts(tmp_path / "bulk.parquet")
    for name in ("arrival", "queue_entry", "answer", "release", "ivr_s", "wait_s", "talk_s"):
        np.testing.assert_array_equal(getattr(bulk, name), getattr(table, name), err_msg=name)
