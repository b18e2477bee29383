"""Exports by interval as switches write them: read without help, or refused in one sentence."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import xlsxwriter

from simcenter.errors import RecordError
from simcenter.files.intervals import write_intervals
from simcenter.history import guess_mapping, import_history, read_mapping, save_mapping
from simcenter.history.importing import accepting
from simcenter.history.reading import read_history

ROWS = [(8, 38, 36), (9, 34, 29), (10, 43, 40), (11, 35, 35), (12, 47, 41), (13, 31, 30)]
"""Hour, offered, answered."""
OFFERED, ANSWERED = sum(row[1] for row in ROWS), sum(row[2] for row in ROWS)

HSPLIT = (
    "row_date,starttime,intrvl,acd,split,callsoffered,acdcalls,abncalls,acceptable,acdtime,"
    "acwtime,holdtime,anstime,abntime,i_stafftime,i_availtime\n"
    + "".join(
        f"03/{day}/2026,{100 * (half // 2) + 30 * (half % 2)},30,1,52,44,40,4,32,8000,1200,200,600,"
        "160,21600,12200\n"
        for day in (12, 13)
        for half in range(48)
    )
)
BCMS_CSV = """                            BCMS SPLIT REPORT
Switch Name: Demo                                Date: 03/13/2026
Split: 52   Split Name: Service                  Acceptable Service Level: 20
TIME,ACD CALLS,AVG SPEED ANS,ABAND CALLS,AVG ABAND TIME,AVG TALK TIME,TOTAL AFTER CALL,AVG STAFF,% IN SERV LEVL
8:00- 8:30,40,:25,4,:40,5:30,20:00,12.0,78
8:30- 9:00,38,1:05,6,1:15,5:10,19:00,12.0,61
9:00- 9:30,42,:18,2,:20,5:05,21:00,13.0,83
9:30-10:00,41,:09,1,:11,5:15,20:30,13.0,90
SUMMARY,161,:29,13,:54,5:15,80:30,12.5,78
"""
BCMS_PRINTED = """                        BCMS SPLIT REPORT

Switch Name: Demonstration                       Date: 12:53 pm  WED MAY 13, 2026
Split: 52
Split Name: Service                              Acceptable Service Level: 20

              ACD   AVG    ABAND  AVG    AVG    TOTAL              TOTAL    AVG    % IN
TIME          CALLS SPEED  CALLS  ABAND  TALK   AFTER  FLOW FLOW   AUX/     STAFF  SERV
                    ANS           TIME   TIME   CALL   IN   OUT    OTHER           LEVL
------------- ----- ------ ----- ------- ------ ------ ---- ----  -------- ------ ------
 8:00- 9:00     32    :25     4     :32   5:15  24:30    1    3     30:00    5.1     85
 9:00-10:00     38   1:05     2    1:32   5:10  23:30    0    0   1:30:00    6.0     75
10:00-11:00     41    :15     0     :00   5:25  21:30    0    0     30:00    6.2     92
------------- ----- ------ ----- ------- ------ ------ ---- ----  -------- ------ ------
SUMMARY        111    :36     6     :52   5:17  69:30    1    3   2:30:00    5.8     84
"""
GENESYS = (
    "Interval Start,Interval End,Media Type,Queue Name,Offer,Answer,Answer %,Abandon,ASA,Avg Wait,"
    "Service Level %,Avg Handle,Avg Talk,Avg Hold,Avg ACW,Total Handle\n"
    "3/2/26 8:00 AM,3/2/26 8:30 AM,voice,Service,44,40,0.909,4,25000,26364,0.70,330000,270000,15000,45000,13200000\n"
    "3/2/26 8:30 AM,3/2/26 9:00 AM,voice,Service,50,42,0.84,8,41000,42000,0.55,335000,275000,15000,45000,14070000\n"
    "3/14/26 1:00 PM,3/14/26 1:30 PM,voice,Service,30,30,1,0,5000,5000,0.97,320000,265000,10000,45000,9600000\n"
    "3/2/26 8:00 AM,3/2/26 8:30 AM,chat,Service,12,12,1,0,2000,2000,1,600000,580000,0,20000,7200000\n"
)
UCCX = """Contact Service Queue Activity Report by Interval,,,,,,,,,
Report Start: 3/2/2026 8:00:00 AM,,Report End: 3/2/2026 10:00:00 AM,,,,,,,
,,,,,,,,,
CSQ Name,Call Skills,Interval Start Time,Interval End Time,Service Level (sec),Calls Handled < Service Level,Calls Presented,Calls Handled,Percentage of Calls Handled,Calls Abandoned
Service,Service(5),3/2/2026 8:00:00 AM,3/2/2026 8:30:00 AM,15,30,44,40,90.91%,4
Service,Service(5),3/13/2026 8:30:00 AM,3/13/2026 9:00:00 AM,15,25,46,38,82.61%,6
Sales,Sales(5),3/2/2026 8:00:00 AM,3/2/2026 8:30:00 AM,30,35,44,42,95.45%,2
Subtotal,,,,,90,134,120,89.55%,12
Grand Total,,,,,90,134,120,89.55%,12
"""
CONNECT = """Queue,StartInterval,EndInterval,Contacts queued,Contacts handled incoming,Contacts abandoned,Average queue answer time,Average queue abandon time,Service level 20 seconds,Average handle time,Average customer hold time,After contact work time
Service,2026-03-02T08:00:00Z,2026-03-02T08:30:00Z,44,40,4,00:00:25,00:00:40,70.45%,00:05:30,00:00:15,00:00:45
Service,2026-03-02T08:30:00Z,2026-03-02T09:00:00Z,50,42,6,00:00:41,00:01:10,55.00%,00:05:35,00:00:15,00:00:45
Billing,2026-03-02T08:00:00Z,2026-03-02T08:30:00Z,12,12,0,00:00:05,,100.00%,00:04:00,00:00:05,00:00:30
"""


def written(tmp_path, text, name="x.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def imported(path, **given):
    """Import by a guess, and by the same mapping saved and read again."""
    guess = guess_mapping([path], **given)
    found = import_history([path], guess.mapping)
    save_mapping(path.parent / "saved.toml", guess.mapping, force=True)
    again = import_history([path], read_mapping(path.parent / "saved.toml")).intervals
    for field in dataclasses.fields(again):
        np.testing.assert_array_equal(
            getattr(found.intervals, field.name), getattr(again, field.name)
        )
    return found.intervals, found.report, guess


def table(head, line, rows=ROWS):
    return head + "\n" + "".join(line(hour, o, a) + "\n" for hour, o, a in rows)


def test_avaya_names_and_hours_times_hundred(tmp_path):
    found, _, _ = imported(written(tmp_path, HSPLIT))
    assert len(found) == 96
    assert [str(found.start[n])[11:16] for n in (0, 1, 2, 3, 47)] == [
        *("00:00", "00:30", "01:00", "01:30", "23:30"),
    ]
    assert found.queues == ("52",)
    assert set(found.wait_answered_s) == {600}
    assert set(found.staffed_s) == {21600}
    assert set(found.minutes) == {30}


def test_a_strptime_format_reads_clocks_without_a_sign(tmp_path):
    mapping = guess_mapping([written(tmp_path, HSPLIT)]).mapping
    start = mapping.start.model_copy(update={"time_format": "%H%M"})
    found = import_history([tmp_path / "x.csv"], mapping.model_copy(update={"start": start}))
    assert len(found.intervals) == 96
    assert str(found.intervals.start[1])[11:16] == "00:30"


def test_bcms_takes_date_queue_and_threshold_from_its_titles(tmp_path):
    found, report, _ = imported(written(tmp_path, BCMS_CSV), date_order="mdy")
    assert found.queues == ("Service",)
    assert str(found.start[3]) == "2026-03-13T09:30:00"
    assert report.outcomes["offered"] == 174
    assert found.target_seconds.tolist() == [20] * 4
    assert found.wait_answered_s.tolist() == [1000, 2470, 756, 369]
    assert found.wrap_s.tolist() == [1200, 1140, 1260, 1230]
    assert found.staffed_s.tolist() == [21600, 21600, 23400, 23400]
    assert [finding.reason for finding in report.dropped] == ["a row of sums"]


@pytest.mark.parametrize("ruled", [True, False])
def test_bcms_as_printed(tmp_path, ruled):
    lines = BCMS_PRINTED.splitlines(keepends=True)
    text = "".join(line for line in lines if ruled or not line.startswith("---"))
    found, report, _ = imported(written(tmp_path, text, "bcms.txt"))
    assert report.outcomes["offered"] == 117
    assert found.minutes.tolist() == [60] * 3
    assert str(found.start[0]) == "2026-05-13T08:00:00"
    assert found.wait_abandoned_s.tolist() == [128, 184, 0]
    assert found.talk_s.tolist() == [32 * 315, 38 * 310, 41 * 325]
    assert found.queues == ("Service",)


def test_genesys_in_milliseconds_by_queue_and_channel(tmp_path):
    found, report, guess = imported(written(tmp_path, GENESYS))
    assert found.queues == ("Service", "Service (chat)")
    assert report.outcomes["offered"] == 136
    assert found.talk_s[0] == 40 * 270
    assert found.wait_answered_s[0] == 1000
    assert round(found.wait_abandoned_s[0]) == 160
    assert guess.mapping.start.end == "Interval End"
    assert "Answer % agrees with the counts: answered / offered" in report.assumed


def test_uccx_has_a_threshold_of_its_own_in_each_row(tmp_path):
    found, report, _ = imported(written(tmp_path, UCCX))
    assert sorted(found.target_seconds.tolist()) == [15, 15, 30]
    assert report.outcomes["answered_in_target"] == 90
    assert found.queues == ("Sales", "Service")


def test_connect_historical_metrics(tmp_path):
    found, report, _ = imported(written(tmp_path, CONNECT))
    assert (report.outcomes["offered"], report.outcomes["answered"]) == (106, 94)
    assert found.target_seconds.tolist() == [20] * 3
    service = found.queue == found.queues.index("Service")
    assert found.wrap_s[service].tolist() == [40 * 45, 42 * 45]
    assert found.talk_s[service].tolist() == [40 * (330 - 60), 42 * (335 - 60)]


def test_five_languages_and_windows_1252(tmp_path):
    german = (
        "Datum;Intervall;Warteschlange;Angebotene Anrufe;Angenommene Anrufe;Verlorene Anrufe;"
        "Ø Gesprächszeit;Servicelevel (20 s);Angemeldete Agenten"
    )
    text = table(
        german,
        lambda h, o, a: f"13.03.2026;{h}:00-{h}:30;Störung;{o};{a};{o - a};00:04:00;80,5 %;12,0",
    )
    found, _, _ = imported(written(tmp_path, text + "Gesamt;;;9;9;9;;;\n", "d.csv", "cp1252"))
    assert found.queues == ("Störung",)
    assert found.offered.sum() == OFFERED
    assert set(found.talk_s / found.answered) == {240}
    assert set(found.target_seconds) == {20}
    assert set(found.staffed_s) == {21600}
    spanish = "Fecha,Hora,Cola,Llamadas ofrecidas,Llamadas atendidas,Llamadas abandonadas,TMO"
    text = table(spanish, lambda h, o, a: f"13/03/2026,{h}:00,Ventas,{o},{a},{o - a},240")
    assert imported(written(tmp_path, text))[0].talk_s.sum() == 240 * ANSWERED
    french = "Date;Tranche horaire;File;Appels entrants;Appels répondus;Appels abandonnés;DMT"
    text = table(french, lambda h, o, a: f"13/03/2026;{h}h00-{h}h30;SAV;{o};{a};{o - a};00:04:00")
    found = imported(written(tmp_path, text))[0]
    assert (found.talk_s.sum(), found.minutes[0]) == (240 * ANSWERED, 30)


def test_chinese_report_with_its_date_above_and_a_rate_of_the_answered(tmp_path):
    head = (
        "话务报表\n统计日期：2026-03-02\n"
        "时段,人工请求量,接通量,放弃量,20秒接通率,接通率,平均通话时长,平均话后处理时长,在线坐席数"
    )
    text = table(
        head,
        lambda h, o, a: (
            f"{h}点00分-{h}点30分,{o},{a},{o - a},{(a - 5) / a:.2%},{a / o:.2%},00:03:20,00:00:40,14"
        ),
    )
    path = written(tmp_path, text + f"合计,{OFFERED},{ANSWERED},,,,,,\n", "z.csv", "gb18030")
    found, report, guess = imported(path)
    np.testing.assert_allclose(found.answered_in_target, found.answered - 5, atol=0.01)
    assert guess.mapping.amounts["answered_in_target"].mean_over == "answered"
    assert set(found.staffed_s) == {14 * 1800}
    assert str(found.start[0]) == "2026-03-02T08:00:00"
    assert "接通率 agrees with the counts: answered / offered" in report.assumed


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("date|period|queue|contactsReceived|contactsHandled", "20260302|{h:02d}:00|Sales|{o}|{a}"),
        ("DateTime,CallTypeID,CallsOffered,CallsHandled", "2026-03-02 {h:02d}:00:00.000,51,{o},{a}"),
        ("interval,nOffered,nAnswered", "2026-03-02T{h:02d}:00:00Z/2026-03-02T{h:02d}:30:00Z,{o},{a}"),
        ("Date,Hour,Offered,Answered", "2026-03-02,{h},{o},{a}"),
        ("Date,Time,Offered,Answered", "2026-03-02,{h}:00 am,{o},{a}"),
        ("Date,Start Time,Offered,Answered", "2026-03-02,{h:02d}00,{o},{a}"),
        ("Date,Interval,Offered,Answered", "2026-03-02,{h:02d}00-{h:02d}30,{o},{a}"),
        ("Date,Interval,Offered,Answered", "2026-03-02,{h}:00 AM - {h}:30 AM,{o},{a}"),
        ("Date,Interval,Offered,Answered", "2026-03-02,{h}-{h}:30,{o},{a}"),
        ("Date,Time,Offered,Answered", "2026-03-02,{h:02d}h00,{o},{a}"),
        ("Date,Time,Offered,Answered", "2-Mar-26,{h}点,{o},{a}"),
        ("Day,Time,Offered,Answered", '"Monday, March 2, 2026",{h}:00,{o},{a}'),
        ("日期,时间,呼入量,接通量", "2026年3月2日,{h}:00,{o},{a}"),
        ("Date,Start Time,End Time,Offered,Answered", "2026-03-02,{h}:00,{h}:30,{o},{a}"),
    ],
)  # fmt: skip
def test_clocks_and_dates_in_many_forms(tmp_path, head, line):
    rows = ROWS[:4]
    found, _, _ = imported(
        written(tmp_path, table(head, lambda h, o, a: line.format(h=h, o=o, a=a), rows))
    )
    assert [str(start) for start in found.start] == [
        f"2026-03-02T{hour:02d}:00:00" for hour, _, _ in rows
    ]
    assert found.offered.tolist() == [row[1] for row in rows]
    assert found.minutes[0] in (30, 60)


def test_a_mark_before_the_first_name_of_a_header(tmp_path):
    text = table("#fields:date|period|queue|contactsReceived|contactsHandled",
                 lambda h, o, a: f"20260302|{h:02d}:00|Sales|{o}|{a}")  # fmt: skip
    assert imported(written(tmp_path, text, "iex.txt"))[0].offered.sum() == OFFERED


def test_dates_without_signs_that_lost_their_first_zero(tmp_path):
    lines = [f"3{day:02d}2026,{h}00,{o},{a}" for day in (2, 13) for h, o, a in ROWS]
    text = "Date,Time,Calls Offered,Calls Answered\n" + "\n".join(lines)
    found, report, _ = imported(written(tmp_path, text))
    assert (str(report.first_date), str(report.last_date)) == ("2026-03-02", "2026-03-13")
    assert len(found) == 12


def test_hours_with_a_point_and_fractions_of_a_day(tmp_path):
    quarters = [f"2026-03-02,{h}.{m},{o}" for h, o, _ in ROWS for m in ("00", "15", "30", "45")]
    found, _, _ = imported(written(tmp_path, "Date,Time,Calls Offered\n" + "\n".join(quarters)))
    assert str(found.start[1]) == "2026-03-02T08:15:00"
    text = table("Date,Time,Offered,Answered,AHT",
                 lambda h, o, a: f"2026-03-02,{h / 24:.9f},{o},{a},{300 / 86400:.9f}")  # fmt: skip
    found, _, guess = imported(written(tmp_path, text))
    assert str(found.start[1]) == "2026-03-02T09:00:00"
    np.testing.assert_allclose(found.talk_s / found.answered, 300, rtol=1e-6)
    assert guess.mapping.amounts["handle_s"].unit == "days"


def test_hours_from_1_to_24_tell_the_end(tmp_path):
    lines = [f"2026-03-02,{hour},{20 + hour % 7},{18 + hour % 7}" for hour in range(1, 25)]
    found, _, guess = imported(written(tmp_path, "Date,Hour,Offered,Answered\n" + "\n".join(lines)))
    assert (str(found.start[0])[11:], str(found.start[23])[11:]) == ("00:00:00", "23:00:00")
    assert guess.mapping.start.labels == "end"
    lines.append("2026-03-02,0,1,1")
    with pytest.raises(RecordError, match=r"hours from 0 to 24.*--accept hour-24"):
        imported(written(tmp_path, "Date,Hour,Offered,Answered\n" + "\n".join(lines)))


def test_a_date_that_stands_once_for_its_block(tmp_path):
    lines = [
        f"{date if hour == 8 else ''},{hour}:00-{hour}:30,{o},{a}"
        for date in ("2026-03-02", "2026-03-03")
        for hour, o, a in ROWS
    ]
    found, _, _ = imported(written(tmp_path, "Date,Interval,Offered,Answered\n" + "\n".join(lines)))
    assert [str(start)[:10] for start in found.start[[0, 5, 6, 11]]] == [
        *("2026-03-02", "2026-03-02", "2026-03-03", "2026-03-03"),
    ]


def test_merged_cells_of_a_workbook(tmp_path):
    path = tmp_path / "m.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Queue", "Date", "Time", "Offered", "Answered"])
    for place, (hour, o, a) in enumerate(ROWS, 1):
        sheet.write_row(place, 2, [f"{hour:02d}:00", o, a])
    sheet.merge_range(1, 0, len(ROWS), 0, "Sales")
    sheet.merge_range(1, 1, len(ROWS), 1, "2026-03-02")
    book.close()
    found, _, _ = imported(path)
    assert found.queues == ("Sales",)
    assert found.offered.sum() == OFFERED


def test_foot_notes_and_rows_of_sums_are_no_rows(tmp_path):
    text = table("Date,Time,Offered,Answered,AHT", lambda h, o, a: f"2026-03-02,{h}:00,{o},{a},300")
    text += f"Sub-total,,{OFFERED},{ANSWERED},\n小计,,{OFFERED},{ANSWERED},\n"
    text += '"Report generated on 2026-03-03",,,,\n'
    found, _, _ = imported(written(tmp_path, text))
    assert found.offered.sum() == OFFERED


def test_a_row_that_is_the_sum_of_the_others(tmp_path):
    text = table("Date,Time,Offered,Answered", lambda h, o, a: f"2026-03-02,{h}:00,{o},{a}")
    found, report, _ = imported(
        written(tmp_path, text + f"2026-03-02,18:00,{OFFERED},{ANSWERED}\n")
    )
    assert found.offered.sum() == OFFERED
    assert report.dropped[0].reason == "a row that is the sum of all others"


def test_a_queue_of_sums_among_others_and_alone(tmp_path):
    def line(h, o, a):
        one = f"2026-03-02,{h}:00"
        return f"{one},Sales,{o},{a}\n{one},Service,{o + 3},{a}\n{one},Total,{2 * o + 3},{2 * a}"

    found, _, _ = imported(written(tmp_path, table("Date,Time,Queue,Offered,Answered", line)))
    assert found.queues == ("Sales", "Service")
    text = table("Date,Time,Queue,Offered,Answered",
                 lambda h, o, a: f"2026-03-02,{h}:00,Total,{o},{a}")  # fmt: skip
    found, _, _ = imported(written(tmp_path, text))
    assert found.offered.sum() == OFFERED


def test_sums_that_differ_from_their_rows_are_told(tmp_path):
    text = table("Date,Time,Offered,Answered", lambda h, o, a: f"2026-03-02,{h}:00,{o},{a}")
    _, report, _ = imported(written(tmp_path, text + "Total,,999,1\n"))
    assert any("says 999 offered" in line for line in report.assumed)


def test_running_totals_become_differences(tmp_path):
    lines, last = [], {}
    for day in (2, 3):
        count = 0
        for five in range(24):
            count += 7 + (five * 5) % 4
            lines.append(
                f"2026-03-0{day} {8 + five // 12:02d}:{five % 12 * 5:02d}:00,{count},{count - 1}"
            )
        last[day] = count
    text = "时间,转人工量,接通量\n" + "\n".join(lines)
    _, report, guess = imported(written(tmp_path, text))
    assert report.outcomes["offered"] == sum(last.values())
    assert any(choice.role == "running_totals" for choice in guess.choices)
    plain = guess.mapping.model_copy(update={"running_totals": False})
    with pytest.raises(RecordError, match="running totals"):
        import_history([tmp_path / "x.csv"], plain)
    kept = import_history([tmp_path / "x.csv"], accepting(plain, ["running-totals"]))
    assert any("accepted (running-totals)" in line for line in kept.report.assumed)


@pytest.mark.parametrize(
    ("head", "line", "name"),
    [
        ("Date,Time,Answered,Offered", "2026-03-02,{h}:00,{o},{a}", "answered-above-offered"),
        ("Date,Time,Offered,Answered,AHT (s)", "2026-03-02,{h}:00,{o},{a},{t}", "aht-out-of-range"),
        ("Date,Time,Offered,Answered,AHT (h)", "2026-03-02,{h}:00,{o},{a},300", "aht-out-of-range"),
        ("Date,Time,Offered,Answered,ASA (s)", "2026-03-02,{h}:00,{o},{a},{t}", "wait-out-of-range"),
        ("Date,Time,Answered,Offered", "2026-03-02,{h}:00,0.9{h},{o}", "counts-not-whole"),
        ("Date,Shift,Offered,Answered", "2026-03-02,Early,{o},{a}", "rows-without-time"),
        ("Date,Interval,Offered,Answered", "2026-03-02,Early {h},{o},{a}", "unread-column"),
        ("Date,Start Time,Offered,Answered", "2026-03-02,{h}99,{o},{a}", "unread-column"),
        ("Date,Time,Offered,Answered,Answer Rate", "2026-03-02,{h}:00,{o},{a},5{h}%", "rates-disagree"),
        ("Date,Time,Offered,Answered,AHT,Agents", "2026-03-02,{h}:00,{o},{a},600,1", "work-beyond-staffed"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_name(tmp_path, head, line, name):
    path = written(
        tmp_path, table(head, lambda h, o, a: line.format(h=f"{h:02d}", o=o, a=a, t=a * 300))
    )
    with pytest.raises(RecordError, match=f"--accept {name}"):
        imported(path)


def test_rows_that_cover_the_same_time(tmp_path):
    def line(h, o, a):
        return "\n".join(f"2026-03-02,{h}:00,A{k},{o + k},{a}" for k in range(3))

    path = written(tmp_path, table("Date,Time,Operator site,Offered,Answered", line))
    with pytest.raises(RecordError, match=r"67% of the rows.*--accept colliding-rows"):
        imported(path)


def test_the_same_rows_again_count_once(tmp_path):
    text = table("Date,Time,Offered,Answered", lambda h, o, a: f"2026-03-02,{h}:00,{o},{a}")
    (tmp_path / "y.csv").write_text(text, encoding="utf-8")
    path = written(tmp_path, text)
    found = import_history([path, tmp_path / "y.csv"], guess_mapping([path]).mapping)
    assert found.intervals.offered.sum() == OFFERED


def test_means_that_are_named_as_totals(tmp_path):
    head = "Interval Start,Queue Name,Offer,Answer,ASA,Handle,Talk,Hold,ACW"
    text = table(head, lambda h, o, a: (
        f"2026-03-02T{h:02d}:00:00Z,Sales,{o},{a},21000,{a * 310000},{a * 250000},{a * 10000},{a * 50000}"
    ))  # fmt: skip
    found, _, _ = imported(written(tmp_path, text))
    assert set(np.rint(found.talk_s / found.answered)) == {250}
    text = table(head, lambda h, o, a: (
        f"2026-03-02T{h:02d}:00:00Z,Sales,{o},{a},21000,{310000 + h},{250000 + h},10000,50000"
    ))  # fmt: skip
    found, _, _ = imported(written(tmp_path, text))
    assert set(np.rint(found.talk_s / found.answered)) == {250}


def test_numbers_of_minutes_are_told_by_their_size(tmp_path):
    text = table("Date,Time,Offered,Answered,AHT,ASA",
                 lambda h, o, a: f"2026-03-02,{h}:00,{o},{a},4.{h % 10},0.5")  # fmt: skip
    found, _, _ = imported(written(tmp_path, text))
    assert set(found.wait_answered_s / found.answered) == {30}
    assert 240 < found.talk_s.sum() / ANSWERED < 300


def test_a_mean_wait_is_no_asa_where_nobody_was_answered(tmp_path):
    text = "Date,Time,Offered,Answered,Abandoned,Avg Wait\n2026-03-02,8:00,4,0,4,30\n"
    text += table("", lambda h, o, a: f"2026-03-02,{h + 1}:00,{o},{a},{o - a},20")[1:]
    found, report, guess = imported(written(tmp_path, text))
    assert guess.mapping.amounts["wait_s"].mean_over == "offered"
    assert np.isnan(found.wait_answered_s).all()
    assert any("whose they are is not told" in line for line in report.assumed)


def test_a_table_without_counts_says_what_it_seems_to_be(tmp_path):
    lines = [f"2026-03-02,{hour}:00-{hour}:30,80%,300,20" for hour, _, _ in ROWS]
    text = "Date,Interval,Service Level,AHT,ASA\n" + "\n".join(lines)
    with pytest.raises(
        RecordError, match=r"seems to hold totals by interval .* offered / answered"
    ):
        imported(written(tmp_path, text))


def test_a_pattern_of_titles_needs_a_group(tmp_path):
    text = 'kind = "intervals"\nname = "x"\n[file]\nabove = { date = "Date:" }\n'
    text += '[start]\ncolumn = "date"\nformat = "ymd"\n[amounts]\noffered = "n"\n'
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RecordError, match="no regular expression with a group"):
        read_mapping(tmp_path / "m.toml")


def test_several_interval_tables_of_ours_are_one_history(tmp_path):
    names = []
    for place, month in enumerate(("03", "04")):
        text = table("Date,Time,Queue,Offered,Answered",
                     lambda h, o, a, m=month: f"2026-{m}-02,{h}:00,Sales,{o},{a}")  # fmt: skip
        found, _, _ = imported(written(tmp_path, text))
        names.append(tmp_path / f"{place}.csv")
        write_intervals(names[-1], found)
    history = read_history(names).intervals
    assert history.offered.sum() == 2 * OFFERED
    assert history.queues == ("Sales",)
    assert str(history.start[0])[:7] == "2026-03"
    with pytest.raises(RecordError, match="two of the interval tables hold queue 'Sales'"):
        read_history([names[0], names[0]])


def test_outbound_rows_are_left_out(tmp_path):
    def line(h, o, a):
        return f"2026-03-02,{h}:00,Inbound,{o},{a}\n2026-03-02,{h}:00,Outbound,{o + 9},{a}"

    found, report, _ = imported(
        written(tmp_path, table("Date,Time,Direction,Calls,Answered", line))
    )
    assert found.offered.sum() == OFFERED
    assert [(one.reason, one.count) for one in report.dropped] == [("outbound", len(ROWS))]


def test_long_and_short_abandoned_add_up(tmp_path):
    head = "Date,Time,Offered,Answered,Abandoned (Long),Abandoned (Short)"
    text = table(head, lambda h, o, a: f"2026-03-02,{h}:00,{o + 1},{a},{o - a},1")
    found, report, _ = imported(written(tmp_path, text))
    assert found.abandoned.sum() == OFFERED - ANSWERED + len(ROWS)
    assert found.short_abandoned.sum() == len(ROWS)
    assert report.odd == ()


def test_durations_in_words(tmp_path):
    text = table("Date,Time,Offered,Answered,Average Handle Time",
                 lambda h, o, a: f"2026-03-02,{h}:00,{o},{a},5m 12s")  # fmt: skip
    assert imported(written(tmp_path, text))[0].talk_s.sum() == 312 * ANSWERED


def test_months_are_no_spans_and_indexes_no_clocks(tmp_path):
    lines = "\n".join(f"2026-{month:02d},{9000 + month},{8500 + month}" for month in range(1, 7))
    found, _, _ = imported(written(tmp_path, "Month,Offered,Answered\n" + lines))
    assert found.minutes[1] == 28 * 1440
    text = table("Date,Interval,Offered,Answered", lambda h, o, a: f"2026-03-02,{2 * h},{o},{a}",
                 [(hour + half / 2, o, a) for hour, o, a in ROWS for half in (0, 1)])  # fmt: skip
    with pytest.raises(RecordError, match="claims to be start"):
        imported(written(tmp_path, text.replace(".0,", ",")))


def test_points_between_thousands_are_refused_with_a_way_out(tmp_path):
    text = table("Datum;Uhrzeit;Angeboten;Angenommen",
                 lambda h, o, a: f"13.03.2026;{h}:00;1.{o:03d};{a}")  # fmt: skip
    path = written(tmp_path, text)
    with pytest.raises(RecordError, match="a point that parts thousands"):
        imported(path)
    mapping = guess_mapping([path]).mapping
    layout = mapping.file.model_copy(update={"decimal_comma": True})
    found = import_history([path], mapping.model_copy(update={"file": layout}))
    assert found.intervals.offered.sum() == OFFERED + 1000 * len(ROWS)


def test_clocks_among_the_cells_do_not_make_a_grid(tmp_path):
    head = "时段,人工请求量,接通量,平均通话时长,平均话后处理时长,平均排队时长"
    lines = [f"{h}:00-{h}:30,{o},{a},00:03:2{h % 10},00:00:40,00:00:1{h % 10}" for h, o, a in ROWS]
    text = "日期：2026-03-02\n" + head + "\n" + "\n".join(lines)
    assert imported(written(tmp_path, text))[0].offered.sum() == OFFERED


def test_a_queue_that_is_the_sum_of_the_others(tmp_path):
    def line(h, o, a):
        one = f"2026-03-02,{h}:00"
        return f"{one},Sales,{o},{a}\n{one},Everything,{2 * o + 3},{2 * a}\n{one},Help,{o + 3},{a}"

    found, report, _ = imported(written(tmp_path, table("Date,Time,Queue,Offered,Answered", line)))
    assert found.queues == ("Help", "Sales")
    assert report.dropped[0].reason == "queue 'Everything' is the sum of all others"


def test_an_end_alone_tells_when_rows_begin(tmp_path):
    text = table("Date,Interval End,Offered,Answered",
                 lambda h, o, a: f"2026-03-02,{h}:00,{o},{a}")  # fmt: skip
    assert str(imported(written(tmp_path, text))[0].start[0]) == "2026-03-02T07:00:00"


def test_clocks_that_lost_their_half_of_the_day(tmp_path):
    text = table("Date,Time,Offered,Answered",
                 lambda h, o, a: f"2026-03-02,{(h + 1) % 12 + 1}:00,{o},{a}")  # fmt: skip
    with pytest.raises(RecordError, match=r"clocks fall from 12 to 1 .*--accept half-day-lost"):
        imported(written(tmp_path, text))


def test_fractions_and_percent_in_one_column(tmp_path):
    text = table("Date,Time,Offered,Answered,Service Level",
                 lambda h, o, a: f"2026-03-02,{h}:00,{o},{a},{0.85 if h < 11 else 85}")  # fmt: skip
    with pytest.raises(RecordError, match=r"3 numbers are up to 1 and 3 above"):
        imported(written(tmp_path, text))


def test_waits_in_seconds_beside_handling_in_milliseconds(tmp_path):
    text = table("Date,Time,Offered,Answered,ASA,AHT",
                 lambda h, o, a: f"2026-03-02,{h}:00,{o},{a},21,310000")  # fmt: skip
    found, _, _ = imported(written(tmp_path, text))
    assert set(found.wait_answered_s / found.answered) == {21}
    assert set(found.talk_s / found.answered) == {310}


def test_traditional_chinese_and_blanks_between_thousands(tmp_path):
    text = table("日期,時間,來電量,接聽量,放棄量,平均通話時長",
                 lambda h, o, a: f"2026-03-02,{h}:00,1 0{o},1 0{a},{o - a},200")  # fmt: skip
    found, _, _ = imported(written(tmp_path, text))
    assert found.offered.sum() == OFFERED + 1000 * len(ROWS)
    assert found.talk_s.sum() == 200 * found.answered.sum()


def test_a_date_with_a_span_in_one_cell(tmp_path):
    text = table("Interval,Offered,Answered",
                 lambda h, o, a: f"2026-03-02 {h:02d}:00 - {h:02d}:30,{o},{a}")  # fmt: skip
    found, _, _ = imported(written(tmp_path, text))
    assert (str(found.start[0]), found.minutes[0]) == ("2026-03-02T08:00:00", 30)


def test_a_mapping_that_takes_a_threshold_for_a_share(tmp_path):
    path = written(tmp_path, UCCX)
    mapping = guess_mapping([path]).mapping
    share = {"column": "Service Level (sec)", "unit": "percent", "mean_over": "offered"}
    content = mapping.model_dump(by_alias=True, exclude_defaults=True)
    content["amounts"]["answered_in_target"] = share
    with pytest.raises(RecordError, match=r"is in seconds by its name .*--accept unit-disagrees"):
        import_history([path], type(mapping).model_validate(content))


def test_two_parts_of_a_count_are_not_passed_over(tmp_path):
    path = tmp_path / "cola.csv"
    path.write_text(
        "Fecha,Período,Llamadas ofrecidas,Llamadas atendidas,Abandonadas (corta),Abandonadas (larga)\n"
        "16/03/2026,0800-0830,13,11,1,1\n16/03/2026,0830-0900,16,12,1,3\n"
    )
    with pytest.raises(RecordError, match="both claim to be abandoned"):
        guess_mapping([path])
    assert guess_mapping([path], accept=["two-columns"]).mapping.kind == "intervals"


def test_hours_of_the_day_in_german(tmp_path):
    path = tmp_path / "stunden.csv"
    offered = [10 + 7 * hour % 11 for hour in range(1, 25)]
    rows = [f"16.03.2026;{h};{n};{n - h % 3};{h % 3}" for h, n in enumerate(offered, 1)]
    path.write_text("\n".join(["Datum;Stunde;Anrufe gesamt;Angenommen;Verloren", *rows, ""]))
    table = import_history([path], guess_mapping([path]).mapping).intervals
    assert table is not None
    assert str(table.start[0]) == "2026-03-16T00:00:00"
    assert table.offered.tolist() == offered
