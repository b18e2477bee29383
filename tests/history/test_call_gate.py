"""Single contacts that cannot be so: refused by name with a figure, or mended where that is sure."""

from __future__ import annotations

import numpy as np
import pytest

from simcenter.errors import RecordError
from simcenter.floor.records import Outcome
from simcenter.history import guess_mapping, import_history
from simcenter.history.meanings import direction_of, outcome_of

CLOCK = "2026-03-02 {:02d}:{:02d}:{:02d}"


def clock(seconds):
    return CLOCK.format(int(seconds) // 3600, int(seconds) % 3600 // 60, int(seconds) % 60)


def calls(count=12, *, wait=lambda n: 10 + n, talk=lambda n: 120 + 5 * n, agents=4):
    """Return rows of answered and (every fourth) abandoned calls: what truly happened."""
    rows = []
    for n in range(count):
        arrival = 28800 + 240 * n
        lost = n % 4 == 3
        rows.append(
            {
                "arrival": arrival,
                "answer": None if lost else arrival + wait(n),
                "end": arrival + wait(n) + (0 if lost else talk(n)),
                "wait": wait(n),
                "talk": 0 if lost else talk(n),
                "agent": "" if lost else f"a{n % agents}",
                "result": "abandoned" if lost else "answered",
                "queue": "service",
                "id": f"c{n}",
            }
        )
    return rows


def table_of(rows, *, wait=str, talk=str, instants=True, result=True, ids=False):
    head = ["call start", "queue", "agent", "wait time", "talk time"]
    head += ["answer time", "end time"] * instants + ["result"] * result + ["call id"] * ids
    lines = [",".join(head)]
    for n, row in enumerate(rows):
        cells = [clock(row["arrival"]), row["queue"], row["agent"]]
        cells += [wait(row["wait"]), talk(row["talk"])]
        if instants:
            cells += ["" if row["answer"] is None else clock(row["answer"]), clock(row["end"])]
        lines.append(",".join(cells + [row["result"]] * result + [row.get("id", f"c{n}")] * ids))
    return "\n".join(lines) + "\n"


def imported(tmp_path, text, **given):
    path = tmp_path / "calls.csv"
    path.write_text(text, encoding="utf-8")
    guess = guess_mapping([path], **given)
    return import_history([path], guess.mapping), guess


def refused(tmp_path, text, **given):
    with pytest.raises(RecordError) as error:
        imported(tmp_path, text, **given)
    assert "\n" not in str(error.value)
    return str(error.value)


def accepted(tmp_path, text, name):
    """Import what is refused under one name by accepting that name; it is told."""
    assert f"--accept {name}" in refused(tmp_path, text)
    found, guess = imported(tmp_path, text, accept=[name])
    told = [*found.report.assumed, *guess.told]
    assert any(line.startswith(f"accepted ({name})") for line in told)
    return found


def two(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        (lambda s: str(int(s * 1000)), "milliseconds"),
        (lambda s: f"{s / 60:.4f}", "minutes"),
        (lambda s: f"{s / 3600:.6f}", "hours"),
        (two, "m:ss"),
        (str, "seconds"),
    ],
)
def test_the_instants_tell_the_unit(tmp_path, written, unit):
    found, guess = imported(tmp_path, table_of(calls(), wait=written, talk=written))
    np.testing.assert_allclose(found.contacts.wait_s, [10 + n for n in range(12)], atol=0.01)
    np.testing.assert_allclose(found.contacts.talk_s[:3], [120, 125, 130], atol=0.01)
    assert guess.mapping.durations.talk_s.unit == unit


def test_hours_and_minutes_that_look_like_minutes_and_seconds(tmp_path):
    rows = calls(wait=lambda n: 60 * (1 + n % 3), talk=lambda n: 60 * (3 + n), agents=6)
    found, guess = imported(
        tmp_path,
        table_of(rows, wait=lambda s: f"0:{s // 60:02d}", talk=lambda s: f"0:{s // 60:02d}"),
    )
    assert found.contacts.talk_s[0] == 180
    assert guess.mapping.durations.talk_s.unit == "clock"


def test_two_units_in_a_column_are_refused(tmp_path):
    rows = calls(20)
    for row in rows[::5]:
        row["talk"] *= 1000
    assert "holds two units" in refused(tmp_path, table_of(rows))


def test_milliseconds_without_instants(tmp_path):
    text = table_of(
        calls(), wait=lambda s: str(s * 1000), talk=lambda s: str(s * 1000), instants=False
    )
    found, _ = imported(tmp_path, text)
    assert found.contacts.talk_s[0] == 120
    assert found.contacts.wait_s[0] == 10


def test_minutes_without_instants_are_refused(tmp_path):
    text = table_of(calls(), talk=lambda s: f"{s / 60:.2f}", instants=False)
    assert "mean handle time of 9 answered contacts is 2." in refused(tmp_path, text)
    accepted(tmp_path, text, "aht-out-of-range")


def test_another_time_zone_in_one_column(tmp_path):
    rows = calls()
    for row in rows:
        row["answer"] = None if row["answer"] is None else row["answer"] + 7200
        row["end"] += 7200
    assert "lie +2 h apart" in refused(tmp_path, table_of(rows))


def test_dates_without_a_clock(tmp_path):
    lines = [line.replace(line.split(",")[0], "2026-03-02 00:00:00") if n else line
             for n, line in enumerate(table_of(calls(), instants=False).splitlines())]  # fmt: skip
    assert "12 of 12 contacts arrive at 00:00:00" in refused(tmp_path, "\n".join(lines) + "\n")


def test_a_time_column_that_cannot_be_read(tmp_path):
    text = "date,start time,wait time,talk time,result\n"
    text += "".join(f"2026-03-02,{word},5,60,answered\n" for word in ("Morning", "Noon", "Night"))
    assert "column 'start time' claims to be arrival" in refused(tmp_path, text)


def test_agents_in_two_calls_at_once(tmp_path):
    rows = calls(16, talk=lambda _: 1500, agents=1)
    assert "begin while their agent still talks" in refused(tmp_path, table_of(rows))
    accepted(tmp_path, table_of(rows), "calls-at-once")


def test_nobody_answered_and_no_talk(tmp_path):
    rows = calls()
    for row in rows:
        row["result"] = "abandoned"
    assert "not one of 12 contacts was answered" in refused(
        tmp_path, table_of(rows, instants=False)
    )
    rows = calls()
    for row in rows:
        row["talk"] = 0
    assert "have no talk time" in refused(tmp_path, table_of(rows, instants=False))


def test_waits_of_hours(tmp_path):
    text = table_of(calls(wait=lambda n: 100_000 + n), instants=False)
    assert "the mean wait of 12 calls is 100,006 s" in refused(tmp_path, text)


def test_an_answer_before_the_arrival(tmp_path):
    rows = calls(20)
    for row in rows[:8]:
        row["answer"] = None if row["answer"] is None else row["arrival"] - 30
    text = table_of(rows).replace("wait time", "nothing")
    assert "6 of 20 contacts run backwards in time" in refused(tmp_path, text)


def test_all_answered_is_told(tmp_path):
    rows = [row for row in calls(20) if row["result"] == "answered"]
    found, _ = imported(tmp_path, table_of(rows))
    assert any("all 15 contacts were answered" in line for line in found.report.assumed)


def test_rows_twice(tmp_path):
    rows = calls(12)
    text = table_of(rows, instants=False)
    again = text + "\n".join(text.splitlines()[1:]) + "\n"
    assert "12 of 24 rows repeat another one" in refused(tmp_path, again)
    text = table_of(rows, ids=True)
    found, _ = imported(tmp_path, text + "\n".join(text.splitlines()[1:]) + "\n")
    assert len(found.contacts) == 12
    assert found.report.dropped[0].count == 12


LEGS = """call id,call start,queue,agent,result,wait time,talk time
1,2026-03-02 08:00:00,service,ann,no answer,20,0
1,2026-03-02 08:00:00,service,bob,no answer,40,0
1,2026-03-02 08:00:00,service,cid,answered,45,180
2,2026-03-02 08:02:00,service,ann,no answer,20,0
2,2026-03-02 08:02:20,service,bob,no answer,15,0
3,2026-03-02 08:05:00,service,ann,no answer,20,0
3,2026-03-02 08:05:20,service,bob,answered,6,90
4,2026-03-02 08:09:00,service,ann,answered,5,60
4,2026-03-02 08:10:05,billing,bob,answered,12,60
"""


def test_a_row_for_each_agent_rung_is_one_contact(tmp_path):
    found, _ = imported(tmp_path, LEGS)
    table = found.contacts
    names = [Outcome(code).name for code in table.outcome]
    assert names == ["answered", "abandoned", "answered", "answered", "answered"]
    assert table.wait_s.tolist() == [45, 35, 26, 5, 12]
    assert [table.agents[code] if code >= 0 else "" for code in table.agent] == [
        *("cid", "", "bob", "ann", "bob")
    ]
    assert table.parent_id.tolist() == [-1, -1, -1, -1, 4]
    assert sum(one.count for one in found.report.dropped) == 4


def test_waits_of_legs_that_are_not_the_callers_are_refused(tmp_path):
    text = LEGS.replace("cid,answered,45", "cid,answered,5")
    assert "1 contact ids stand in several rows that cannot be told apart" in refused(
        tmp_path, text
    )
    found = accepted(tmp_path, text, "repeated-ids")
    assert len(found.contacts) == 7


def test_two_agents_on_one_call_are_refused(tmp_path):
    text = LEGS.replace("bob,no answer,40,0", "bob,answered,40,30")
    assert "('1', calls.csv:2)" in refused(tmp_path, text)


def test_numbers_that_are_used_again_are_no_legs(tmp_path):
    text = LEGS + "4,2026-03-03 08:09:00,service,ann,answered,5,60\n"
    found, _ = imported(tmp_path, text)
    assert len(found.contacts) == 6
    assert found.contacts.parent_id[-1] == -1


def test_words_of_outcomes_that_are_not_known_are_asked_for(tmp_path):
    rows = calls()
    rows[0]["result"] = "zonk"
    told = refused(tmp_path, table_of(rows))
    assert "column 'result' tells outcomes, and 'zonk' are none that is known" in told
    found, guess = imported(tmp_path, table_of(rows), accept=["unknown-outcome"])
    assert len(found.contacts) == 11
    assert any("accepted (unknown-outcome)" in line for line in guess.told)


def test_a_talk_is_no_silent_stand_in_for_an_outcome(tmp_path):
    text = table_of(calls()).replace("result", "how it ended").replace(",abandoned", ",voicemail")
    found, _ = imported(tmp_path, text)
    assert set(found.report.outcomes) == {"answered", "overflowed"}


@pytest.mark.parametrize("words", [("IN", "OUT"), ("entrante", "saliente"), ("呼入", "呼出")])
def test_directions_are_found_by_their_words(tmp_path, words):
    lines = table_of(calls()).splitlines()
    text = "\n".join(
        [lines[0] + ",x", *(f"{line},{words[n % 2]}" for n, line in enumerate(lines[1:]))]
    )
    found, _ = imported(tmp_path, text + "\n")
    assert {one.reason: one.count for one in found.report.dropped} == {"outbound: left out": 6}


def test_a_direction_that_is_not_known_is_asked_for(tmp_path):
    lines = table_of(calls()).splitlines()
    words = ["inbound", "sideways"]
    text = "\n".join(
        [lines[0] + ",direction", *(f"{line},{words[n % 2]}" for n, line in enumerate(lines[1:]))]
    )
    assert "'sideways' are none that is known" in refused(tmp_path, text + "\n")


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("answered", "Answered|Agent Answered Call|接通|Angenommen|Contestada|Répondu|COMPLETECALLER"),
        ("abandoned", "No Answer|abandoned in queue|Short Abandon|排队放弃|未接通|Sin respuesta|Non répondu"),
        ("ivr_abandoned", "IVR hang-up|Abandoned in IVR|IVR放弃|abandoned_in_ivr"),
        ("overflowed", "Voicemail|Overflown|Timed Out|语音留言|溢出|pending_voicemail|EXITWITHTIMEOUT"),
        ("blocked", "Busy|FAILED|遇忙|Besetzt"),
        ("transferred", "Transferred|转接|Blind transfer"),
        ("callback", "Callback requested|预约回拨"),
        ("None", "Sale|purple|张三"),
    ],
)  # fmt: skip
def test_words_of_outcomes(outcome, words):
    assert {word: str(outcome_of(word)) for word in words.split("|")} == dict.fromkeys(
        words.split("|"), outcome
    )


def test_words_of_directions():
    words = {"eingehend": "inbound", "ausgehend": "outbound", "intern": "internal", "in-app": None}
    assert {word: direction_of(word) for word in words} == words


def test_codes_whose_meaning_nobody_knows_are_asked_for(tmp_path):
    text = table_of(calls()).replace(",result", ",status").replace(",answered", ",0")
    text = text.replace(",abandoned", ",1")
    assert "column 'status' tells outcomes, and '0', '1' are none" in refused(tmp_path, text)


def test_a_flag_that_the_talk_contradicts(tmp_path):
    text = table_of(calls(20), instants=False).replace(",result", ",is answered")
    text = text.replace(",answered", ",0").replace(",abandoned", ",1")
    assert "15 of 15 contacts that were not answered have a talk time" in refused(tmp_path, text)


def test_only_the_lost_have_a_word(tmp_path):
    found, _ = imported(tmp_path, table_of(calls()).replace(",answered", ","))
    assert found.report.outcomes == {"answered": 9, "abandoned": 3}


def test_most_outcomes_are_empty(tmp_path):
    rows = calls(20)
    for row in rows[1:12]:
        row["result"] = ""
    assert "11 of 20 contacts have no outcome that is known" in refused(tmp_path, table_of(rows))


def test_the_only_duration_is_that_of_the_whole_call(tmp_path):
    rows = calls()
    text = "call start,queue,agent,wait time,duration,result\n" + "".join(
        f"{clock(r['arrival'])},{r['queue']},{r['agent']},{r['wait']},{r['end'] - r['arrival']},{r['result']}\n"
        for r in rows
    )
    found, guess = imported(tmp_path, text)
    np.testing.assert_array_equal(
        found.contacts.talk_s, [np.nan if r["answer"] is None else r["talk"] for r in rows]
    )
    assert guess.mapping.durations.total_s is not None


def test_a_table_of_clocks_is_no_grid(tmp_path):
    text = (
        "date,time,wait time,talk time,hold time\n2026-03-02,08:00:00,00:00:10,00:03:20,00:00:00\n"
    )
    found, _ = imported(tmp_path, text + "2026-03-02,08:05:00,00:00:12,00:00:00,00:00:00\n")
    assert found.contacts.talk_s[0] == 200


@pytest.mark.parametrize("unit", ["_ms", " (ms)", " milliseconds", "_millis"])
def test_a_unit_at_the_end_of_a_name_is_no_part_of_it(tmp_path, unit):
    text = table_of(
        calls(), wait=lambda s: str(1000 * s), talk=lambda s: str(1000 * s), instants=False
    )
    text = text.replace("wait time", f"wait{unit}").replace("talk time", f"talk{unit}")
    made, _ = imported(tmp_path, text)
    assert made.contacts is not None
    assert np.nanmax(made.contacts.talk_s) == 120 + 5 * 10
    assert made.contacts.wait_s[0] == 10


def test_seconds_among_milliseconds_are_refused(tmp_path):
    rows = calls(24)

    def mixed(seconds):
        return str(1000 * seconds if seconds < 200 else seconds)

    text = table_of(rows, wait=lambda s: str(1000 * s), talk=mixed)
    text = text.replace("wait time", "wait_ms").replace("talk time", "talk_ms")
    assert "two units" in refused(tmp_path, text)
