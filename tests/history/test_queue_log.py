"""Queue logs worked by hand: every event by its documented parameters."""

from __future__ import annotations

import datetime as dt
import gzip
from itertools import pairwise

import numpy as np
import pytest

from simcenter.errors import RecordError
from simcenter.floor.records import Outcome
from simcenter.history import guess_mapping, import_history, read_mapping
from simcenter.history.events import agent_of
from simcenter.history.queue_agents import layered

T = 1772438400  # 2026-03-02 08:00:00 UTC


def log(tmp_path, *lines, name="queue_log"):
    path = tmp_path / name
    text = "".join(f"{T + at}|{rest}\n" for at, rest in lines)
    path.write_text(text, encoding="utf-8")
    return path


def imported(path, timezone=None):
    guess = guess_mapping([path], timezone=timezone)
    assert guess.mapping.kind == "queue-log"
    return import_history([path], guess.mapping)


def booked(findings):
    return {finding.reason: finding.rows for finding in findings}


def one(tmp_path, *lines):
    """Return the outcome and the times of the one contact of a log."""
    table = imported(log(tmp_path, *lines)).contacts
    assert len(table) == 1
    return Outcome(table.outcome[0]).name, table


def test_an_answered_call(tmp_path):
    name, table = one(
        tmp_path,
        (0, f"{T - 7}.12|sales|NONE|ENTERQUEUE||5551234|1"),
        (5, f"{T - 7}.12|sales|SIP/100|RINGNOANSWER|4000"),
        (12, f"{T - 7}.12|sales|SIP/200|CONNECT|12|{T + 5}.13|6"),
        (112, f"{T - 7}.12|sales|SIP/200|COMPLETECALLER|12|100|1"),
    )
    assert name == "answered"
    assert table.types == ("sales",)
    assert table.agents == ("200",)
    assert table.caller_id[0] == 5551234
    assert table.arrival[0] == 8 * 3600 - 7  # the channel was made then, as the call id says
    assert table.ivr_s[0] == 7
    assert table.queue_entry[0] == 8 * 3600
    assert (table.wait_s[0], table.ring_s[0], table.talk_s[0]) == (12, 6, 100)
    assert table.answer[0] == 8 * 3600 + 12
    assert table.release[0] == table.wrap_end[0] == 8 * 3600 + 112
    assert table.hold_s[0] == table.wrap_s[0] == 0


@pytest.mark.parametrize(
    ("event", "outcome", "wait"),
    [
        ("ABANDON|1|3|45", "abandoned", 45),
        ("EXITWITHTIMEOUT|1|3|45", "overflowed", 45),
        ("EXITEMPTY|1|3|45", "overflowed", 45),
        ("EXITWITHKEY|9|1|3|45", "overflowed", 45),
        ("SYSCOMPAT", "dropped", 45),
    ],
)
def test_leaving_the_queue(tmp_path, event, outcome, wait):
    name, table = one(tmp_path, (0, "c1|q|NONE|ENTERQUEUE||1|3"), (45, f"c1|q|NONE|{event}"))
    assert name == outcome
    assert table.wait_s[0] == wait
    assert np.isnan(table.talk_s[0])
    assert table.release[0] == 8 * 3600 + 45
    assert np.isnan(table.ivr_s[0]) or table.ivr_s[0] == 0


@pytest.mark.parametrize(
    "event",
    [
        "COMPLETEAGENT|10|60|1",
        "COMPLETECALLER|10|60|1",
        "TRANSFER|8005|default|10|60|1",
        "BLINDTRANSFER|8005|default|10|60|1",
        "ATTENDEDTRANSFER|BRIDGE|abc-123|10|60|1",
        "ATTENDEDTRANSFER|APP|voicemail|10|60|1",
        "ATTENDEDTRANSFER|LINK|SIP/1|SIP/2|10|60|1",
        "TRANSFER|8005|default",  # the old form tells no times
    ],
)
def test_the_end_of_a_talk(tmp_path, event):
    name, table = one(
        tmp_path,
        (0, "c1|q|NONE|ENTERQUEUE||1|1"),
        (10, "c1|q|Agent/7|CONNECT|10|x|3"),
        (70, f"c1|q|Agent/7|{event}"),
    )
    assert name == "answered"
    assert (table.wait_s[0], table.talk_s[0]) == (10, 60)


def test_a_log_that_begins_in_the_middle(tmp_path):
    found = imported(
        log(
            tmp_path,
            (100, "c1|q|A/1|COMPLETEAGENT|20|30|1"),
            (110, "c2|q|A/1|CONNECT|15|x|2"),
            (115, "c3|q|NONE|ABANDON|1|1|40"),
            (150, "c2|q|A/1|COMPLETEAGENT|15|40|1"),
        )
    )
    table = found.contacts
    np.testing.assert_array_equal(table.queue_entry - 8 * 3600, [50, 75, 95])
    np.testing.assert_array_equal(table.wait_s, [20, 40, 15])
    assert booked(found.report.repaired) == {
        "COMPLETEAGENT without CONNECT: answered by its times": ("queue_log:1",),
        "CONNECT without ENTERQUEUE: entered the queue by its holdtime": ("queue_log:2",),
        "ABANDON without ENTERQUEUE: entered the queue by its wait": ("queue_log:3",),
    }


def test_a_restart_forgets_and_the_end_cuts_off(tmp_path):
    found = imported(
        log(
            tmp_path,
            (0, "c1|q|NONE|ENTERQUEUE||1|1"),
            (0, "c2|q|NONE|ENTERQUEUE||2|2"),
            (5, "c2|q|A/1|CONNECT|5|x|2"),
            (9, "NONE|NONE|NONE|QUEUESTART|"),
            (20, "c3|q|NONE|ENTERQUEUE||3|1"),
            (21, "c3|q|NONE|CONFIGRELOAD|"),
        )
    )
    table = found.contacts
    assert [Outcome(code).name for code in table.outcome] == ["answered"]
    assert np.isnan(table.talk_s).all()
    told = (
        "neither answered nor left: the end is not known; left out of every count and rate "
        "(3 entered a queue)"
    )
    assert booked(found.report.dropped) == {told: ("queue_log:1", "queue_log:5")}
    odd = booked(found.report.odd)
    assert odd["open at a restart of the switch: its end is not known"] == (
        "queue_log:1",
        "queue_log:2",
    )
    assert odd["open at the end of the log: its end is not known"] == ("queue_log:5",)


def test_a_call_of_two_queues_is_two_contacts(tmp_path):
    table = imported(
        log(
            tmp_path,
            (0, f"{T}.1|first|NONE|ENTERQUEUE||77|1"),
            (30, f"{T}.1|first|NONE|EXITWITHTIMEOUT|1|1|30"),
            (32, f"{T}.1|second|NONE|ENTERQUEUE|||1"),
            (40, f"{T}.1|second|A/1|CONNECT|8|x|2"),
            (50, f"{T}.1|second|A/1|COMPLETEAGENT|8|10|1"),
        )
    ).contacts
    assert [table.types[code] for code in table.contact_type] == ["first", "second"]
    assert table.parent_id.tolist() == [-1, 1]
    assert table.caller_id.tolist() == [77, 77]
    assert table.arrival.tolist() == [8 * 3600, 8 * 3600 + 32]


def test_what_is_broken_or_not_known_is_told(tmp_path):
    path = log(
        tmp_path,
        (0, "c1|q|NONE|ENTERQUEUE||1|1"),
        (1, "c1|q|NONE|OUTDIAL|5"),
        (2, "c1|q|NONE|FROBNICATE|5"),
        (3, "c9|q|NONE|JOINEMPTY"),
        (-60, "c1|q|NONE|ABANDON|1|1|4"),
        (70, "c1|q"),
    )
    path.write_text(path.read_text() + "yesterday|c|q|NONE|ABANDON|1|1|4\n")
    mapping = read_mapping("asterisk-queue-log")
    report = import_history([path], mapping).report
    assert report.rows == 7
    assert report.kept == 1
    assert booked(report.unknown) == {
        "FROBNICATE": ("queue_log:3",),
        "OUTDIAL (a call that an agent made)": ("queue_log:2",),
    }
    assert booked(report.dropped) == {
        "fewer than five parts: cut off": ("queue_log:6",),
        "the time is not epoch-seconds": ("queue_log:7",),
    }
    odd = booked(report.odd)
    assert odd["the clock runs backwards by more than 2 s"] == ("queue_log:5",)
    assert odd["JOINEMPTY: not let into the queue, and not counted as offered"] == ("queue_log:4",)
    (tmp_path / "none").write_text(f"{T}|a|b|c|FROB|\n")
    with pytest.raises(RecordError, match="holds no event of a queue_log"):
        import_history([tmp_path / "none"], mapping)


def test_wall_time_and_the_hour_that_comes_twice(tmp_path):
    change = 1793512800  # 2026-11-01 06:00 UTC: New York goes back from 02:00 to 01:00
    path = tmp_path / "queue_log"
    lines = []
    for number, at in enumerate((change - 1800, change + 1800)):
        lines += [
            f"{at}|c{number}|q|NONE|ENTERQUEUE||1|1",
            f"{at + 4000}|c{number}|q|NONE|ABANDON|1|1|4000",
        ]
    path.write_text("\n".join(lines) + "\n")
    found = imported(path, "America/New_York")
    assert found.contacts.arrival.tolist() == [5400, 5400]
    assert found.contacts.wait_s.tolist() == [4000, 4000]
    assert found.report.daylight == ("2026-11-01: 01:00 to 02:00 came twice; 2 rows in it",)
    assert found.report.timezone == "America/New_York"


def test_what_agents_did(tmp_path):
    found = imported(
        log(
            tmp_path,
            (0, "x|q|Local/7@cb|ADDMEMBER|"),
            (10, "x|q|SIP/9|REMOVEMEMBER|"),
            (20, "x|q|Agent/7|PAUSE|lunch"),
            (50, "x|q|Agent/7|UNPAUSE|"),
            (60, "c1|q|NONE|ENTERQUEUE||1|1"),
            (70, "c1|q|Agent/7|RINGNOANSWER|5000"),
            (80, "c1|q|Agent/7|CONNECT|20|x|4"),
            (100, "c1|q|Agent/7|COMPLETEAGENT|20|20|1"),
            (110, "x|NONE|Agent/7|PAUSEALL|"),
            (115, "x|NONE|Agent/7|UNPAUSEALL|"),
            (120, "x|q|Local/7@cb|REMOVEMEMBER|"),
            (130, "c2|q|NONE|ENTERQUEUE||1|1"),
            (131, "c2|q|SIP/8|CONNECT|1|x|1"),
            (140, "c2|q|SIP/8|COMPLETEAGENT|1|9|1"),
            (150, "x|NONE|Agent/6|AGENTCALLBACKLOGIN|6@cb"),
            (160, "NONE|NONE|NONE|QUEUESTART|"),
        )
    )
    table = found.activities
    rows = [
        (table.agents[a], table.states[s], start - 8 * 3600, end - 8 * 3600, int(contact))
        for a, s, start, end, contact in zip(
            table.agent, table.state, table.start, table.end, table.contact_id, strict=True
        )
    ]
    assert rows == [
        ("6", "available", 150, 160, -1),
        ("7", "available", 0, 20, -1),
        ("7", "lunch", 20, 50, -1),
        ("7", "available", 50, 65, -1),
        ("7", "ring", 65, 70, -1),
        ("7", "available", 70, 76, -1),
        ("7", "ring", 76, 80, 1),
        ("7", "talk", 80, 100, 1),
        ("7", "available", 100, 110, -1),
        ("7", "away", 110, 115, -1),
        ("7", "available", 115, 120, -1),
        ("8", "ring", 130, 131, 2),
        ("8", "talk", 131, 140, 2),
    ]
    odd = booked(found.report.odd)
    told = "signs off who did not sign on in the log: the presence before is not known"
    assert odd[told] == ("queue_log:2",)


def test_layers_do_not_overlap():
    rng = np.random.default_rng(5)
    given = []
    for _ in range(60):
        start = float(rng.integers(0, 100))
        state = str(rng.choice(["available", "away", "ring", "talk"]))
        given.append((start, start + float(rng.integers(0, 20)), state, int(rng.integers(-1, 3))))
    found = layered(given)
    assert all(a[1] <= b[0] for a, b in pairwise(found))
    rank = ["available", "away", "ring", "talk"].index
    for second in np.arange(0.5, 120):
        states = [rank(s) for start, end, s, _ in given if start <= second < end]
        mine = [rank(s) for start, end, s, _ in found if start <= second < end]
        assert mine == ([max(states)] if states else [])


TABLE = """uid,date_time,callid,queue_name,type,event,param1,param2,param3,htime,ttime,time
1,{0},{0}.1,IT,NONE,ENTERQUEUE,CALLER1,,,0,0,2026-03-02 03:00:01
2,{1},{0}.1,IT,Agent/11,RINGNOANSWER,CALLER1,,,9000,0,2026-03-02 03:00:11
3,{2},{0}.1,IT,Agent/12,CONNECT,,{0}.2,6,20,0,2026-03-02 03:00:21
4,{3},{0}.1,IT,Agent/12,COMPLETECALLER,CALLER1,,,20,60,2026-03-02 03:01:21
5,{3},{0}.5,IT,NONE,ENTERQUEUE,CALLER2,,,0,0,2026-03-02 03:01:21
6,{4},{0}.5,IT,NONE,ABANDON,CALLER2,,,5,0,2026-03-02 03:01:26
"""
STANDARD = """time,callid,queuename,agent,event,data1,data2,data3,data4,data5
2026-03-02 03:00:00.25,a,IT,NONE,ENTERQUEUE,,CALLER1,1,,
2026-03-02 03:00:20.25,a,IT,SIP/12,CONNECT,20,b,6,,
2026-03-02 03:01:20.25,a,IT,SIP/12,COMPLETECALLER,20,60,1,,
2026-03-02 03:01:20.25,c,IT,NONE,ENTERQUEUE,,CALLER2,1,,
2026-03-02 03:01:25.25,c,IT,NONE,ABANDON,1,1,5,,
"""


def test_tables_of_events(tmp_path):
    times = [T + shift for shift in (0, 10, 20, 80, 85)]
    own = tmp_path / "own.csv.gz"
    own.write_bytes(gzip.compress(TABLE.format(*times).encode()))
    standard = tmp_path / "standard.csv"
    standard.write_text(STANDARD)
    for path, zone, start in ((own, "America/New_York", 10800), (standard, None, 10800.25)):
        table = imported(path, zone).contacts
        assert [Outcome(code).name for code in table.outcome] == ["answered", "abandoned"]
        assert table.queue_entry.tolist() == [start, start + 80]
        assert table.wait_s.tolist() == [20, 5]
        assert (table.talk_s[0], table.ring_s[0]) == (60, 6)
        assert table.agents == ("12",)
        assert table.callers == ("CALLER1", "CALLER2")


@pytest.mark.parametrize(
    ("channel", "agent"),
    [
        ("SIP/8007-000000a1", "8007"),
        ("PJSIP/300", "300"),
        ("Local/1127@callback-agent/n", "1127"),
        ("NONE", ""),
        ("Zoë", "Zoë"),
    ],
)
def test_agents_have_several_channels(channel, agent):
    assert agent_of(channel) == agent


def stays(table):
    """Return queue, outcome, wait and talk of each contact, by arrival."""
    return [
        (table.types[kind], Outcome(code).name, wait, talk)
        for kind, code, wait, talk in zip(
            table.contact_type, table.outcome, table.wait_s, table.talk_s, strict=True
        )
    ]


TALK = (
    (0, f"{T - 10}.1|sales|NONE|ENTERQUEUE||5550101|1"),
    (12, f"{T - 10}.1|sales|PJSIP/7009|CONNECT|12|{T}.2|11"),
)
CONSULT = (100, f"{T + 100}.5|billing|NONE|ENTERQUEUE||7009|1")


@pytest.mark.parametrize(
    "transfer",
    [
        f"{T + 100}.5|sales|PJSIP/7009|ATTENDEDTRANSFER|APP|Queue|12|120|1",
        f"{T - 10}.1|sales|PJSIP/7009|ATTENDEDTRANSFER|BRIDGE|8a-b|12|120|1",
        f"{T - 10}.1|sales|PJSIP/7009|ATTENDEDTRANSFER|LINK|SIP/1|SIP/2|12|120|1",
        f"{T + 100}.5|sales|PJSIP/7009|TRANSFER|500|default|12|120|1",
    ],
)
@pytest.mark.parametrize("answered_as", [f"{T - 10}.1", f"{T + 100}.5"])
def test_a_caller_handed_over_while_the_agents_own_call_waits(tmp_path, transfer, answered_as):
    found = imported(
        log(
            tmp_path,
            *TALK,
            CONSULT,
            (132, transfer),
            (140, f"{answered_as}|billing|PJSIP/7051|CONNECT|40|x|6"),
            (240, f"{answered_as}|billing|PJSIP/7051|COMPLETEAGENT|40|100|1"),
        )
    )
    table = found.contacts
    assert stays(table) == [("sales", "answered", 12, 120), ("billing", "answered", 40, 100)]
    assert table.parent_id.tolist() == [-1, 1]
    assert table.caller_id.tolist() == [5550101, 5550101]
    assert found.report.dropped == ()


def test_a_caller_handed_over_after_the_agents_have_spoken(tmp_path):
    table = imported(
        log(
            tmp_path,
            *TALK,
            CONSULT,
            (110, f"{T + 100}.5|billing|PJSIP/7051|CONNECT|10|x|6"),
            (132, f"{T - 10}.1|sales|PJSIP/7009|ATTENDEDTRANSFER|BRIDGE|8a-b|12|120|1"),
            (310, f"{T - 10}.1|billing|PJSIP/7051|COMPLETECALLER|10|200|1"),
        )
    ).contacts
    assert stays(table) == [("sales", "answered", 12, 120), ("billing", "answered", 10, 200)]


def test_a_caller_handed_over_who_gives_up(tmp_path):
    table = imported(
        log(
            tmp_path,
            *TALK,
            CONSULT,
            (132, f"{T + 100}.5|sales|PJSIP/7009|ATTENDEDTRANSFER|APP|Queue|12|120|1"),
            (160, f"{T - 10}.1|billing|NONE|ABANDON|1|1|60"),
        )
    ).contacts
    assert stays(table)[1][:3] == ("billing", "abandoned", 60)


def test_an_agent_who_only_asks_is_no_caller(tmp_path):
    found = imported(
        log(
            tmp_path,
            *TALK,
            CONSULT,
            (110, f"{T + 100}.5|billing|PJSIP/7051|CONNECT|10|x|6"),
            (130, f"{T + 100}.5|billing|PJSIP/7051|COMPLETECALLER|10|20|1"),
            (212, f"{T - 10}.1|sales|PJSIP/7009|COMPLETECALLER|12|200|1"),
            (300, f"{T + 300}.7|billing|NONE|ENTERQUEUE||7009|1"),  # free again: a caller
            (320, f"{T + 300}.7|billing|NONE|ABANDON|1|1|20"),
        )
    )
    table = found.contacts
    assert [stay[:3] for stay in stays(table)] == [
        ("sales", "answered", 12),
        ("billing", "abandoned", 20),
    ]
    assert booked(found.report.dropped) == {
        "an agent asks a colleague during a talk: no caller": ("queue_log:3",)
    }
    ids = found.activities.contact_id[found.activities.contact_id > 0]
    assert set(ids.tolist()) == {1}


def test_two_callers_of_one_agent_are_not_confused(tmp_path):
    table = imported(
        log(
            tmp_path,
            (0, "a|q|NONE|ENTERQUEUE||1|1"),
            (5, "a|q|SIP/1|CONNECT|5|x|2"),
            (60, "b|q|SIP/1|COMPLETEAGENT|3|20|1"),  # another, whose beginning is not in the log
            (105, "a|q|SIP/1|COMPLETEAGENT|5|100|1"),
        )
    ).contacts
    assert sorted(table.talk_s.tolist()) == [20, 100]


def shifted(parameters):
    return (
        (0, "a|q|NONE|ENTERQUEUE||1|1"),
        (20, f"a|q|SIP/1|CONNECT|{parameters['connect']}"),
        (140, f"a|q|SIP/1|COMPLETEAGENT|{parameters['complete']}"),
        (200, "b|q|NONE|ENTERQUEUE||1|1"),
        (245, f"b|q|NONE|ABANDON|{parameters['abandon']}"),
    )


@pytest.mark.parametrize(
    ("parameters", "cause"),
    [
        ({"connect": "|20|x|6", "complete": "|20|120|1", "abandon": "|1|1|45"}, "shifted"),
        (
            {"connect": "20000|x|6", "complete": "20000|120000|1", "abandon": "1|1|45000"},
            "in milliseconds",
        ),
    ],
)
def test_times_that_cannot_be_are_refused_unless_accepted(tmp_path, parameters, cause):
    path = log(tmp_path, *shifted(parameters))
    mapping = guess_mapping([path]).mapping
    with pytest.raises(RecordError, match=f"not those between the events.*{cause}.*times-disagree"):
        import_history([path], mapping)
    accepted = mapping.model_copy(update={"accept": ("times-disagree",)})
    report = import_history([path], accepted).report
    assert any("accepted (times-disagree)" in line for line in report.assumed)


def test_a_few_times_that_are_off_are_told(tmp_path):
    lines = [
        line
        for number in range(4)
        for line in (
            (number * 500, f"c{number}|q|NONE|ENTERQUEUE||1|1"),
            (number * 500 + 20, f"c{number}|q|SIP/1|CONNECT|20|x|6"),
            (
                number * 500 + 120,
                f"c{number}|q|SIP/1|COMPLETEAGENT|20|{100 + 60 * (number == 3)}|1",
            ),
        )
    ]
    odd = booked(imported(log(tmp_path, *lines)).report.odd)
    told = "the talk time told is not that since CONNECT, by more than 2 s and 10 %"
    assert odd[told] == ("queue_log:12",)


def away(tmp_path, *lines):
    table = imported(log(tmp_path, *lines, (990, "c|q|NONE|ENTERQUEUE||1|1"),
                         (999, "c|q|NONE|ABANDON|1|1|9"))).activities  # fmt: skip
    return [
        (table.agents[agent], table.states[state], start - 8 * 3600, end - 8 * 3600)
        for agent, state, start, end in zip(
            table.agent, table.state, table.start, table.end, strict=True
        )
        if table.states[state] != "available"
    ]


def test_every_reason_of_a_pause_is_kept(tmp_path):
    assert away(
        tmp_path,
        (0, "NONE|q|SIP/1|ADDMEMBER|"),
        (100, "NONE|q|SIP/1|PAUSE|Coffee"),
        (150, "NONE|q|SIP/1|PAUSE|"),
        (200, "NONE|q|SIP/1|PAUSE|Training"),
        (300, "NONE|q|SIP/1|UNPAUSE|"),
        (400, "NONE|NONE|SIP/1|PAUSEALL|"),
        (450, "NONE|NONE|SIP/1|PAUSEREASON|Back office"),
        (500, "NONE|NONE|SIP/1|PAUSEALL|talk"),  # no name for being away
        (600, "NONE|q|SIP/1|UNPAUSE|"),
        (700, "NONE|q|SIP/1|REMOVEMEMBER|"),
    ) == [
        ("1", "Coffee", 100, 200),
        ("1", "training", 200, 300),
        ("1", "away", 400, 450),
        ("1", "Back office", 450, 500),
        ("1", "away", 500, 600),
    ]


def test_pauses_of_all_queues_end_queue_by_queue(tmp_path):
    assert away(
        tmp_path,
        (0, "NONE|a|SIP/1|ADDMEMBER|"),
        (0, "NONE|b|SIP/1|ADDMEMBER|"),
        (100, "NONE|NONE|SIP/1|PAUSEALL|lunch"),
        (200, "NONE|a|SIP/1|UNPAUSE|"),
        (300, "NONE|a|SIP/1|PAUSE|"),
        (400, "NONE|b|SIP/1|UNPAUSE|"),
        (500, "NONE|a|SIP/1|REMOVEMEMBER|"),
        (500, "NONE|b|SIP/1|REMOVEMEMBER|"),
    ) == [("1", "lunch", 100, 200), ("1", "lunch", 300, 400)]


CALLS = [
    line
    for number in range(3)
    for line in (
        (number * 300, f"{T + number * 300}.{number}|q|NONE|ENTERQUEUE||{number}|1"),
        (number * 300 + 20, f"{T + number * 300}.{number}|q|SIP/1|CONNECT|20|x|6"),
        (number * 300 + 120, f"{T + number * 300}.{number}|q|SIP/1|COMPLETEAGENT|20|100|1"),
    )
]
WHOLE = [("q", "answered", 20, 100)] * 3


def test_files_that_overlap_and_files_in_another_order(tmp_path):
    newer = log(tmp_path, *CALLS[3:], name="queue_log")
    older = log(tmp_path, *CALLS[:5], name="queue_log.1")
    found = import_history([newer, older], guess_mapping([newer]).mapping)
    assert stays(found.contacts) == WHOLE
    assert booked(found.report.dropped) == {
        "the same line of a call again: files that overlap?": ("queue_log.1:4", "queue_log.1:5")
    }


@pytest.mark.parametrize("order", ["backwards", "shuffled"])
def test_lines_in_another_order_are_sorted(tmp_path, order):
    lines = CALLS[::-1] if order == "backwards" else CALLS[1::2] + CALLS[::2]
    assert stays(imported(log(tmp_path, *lines)).contacts) == WHOLE


def test_milliseconds_and_wall_time_in_a_file(tmp_path):
    path = log(tmp_path, *CALLS)
    text = path.read_text()
    path.write_text("".join(f"{line[:10]}000{line[10:]}\n" for line in text.splitlines()))
    assert stays(imported(path).contacts) == WHOLE
    path.write_text(
        "".join(f"{np.datetime64(int(line[:10]), 's')}Z{line[10:]}\n" for line in text.splitlines())
    )
    table = imported(path, "Asia/Shanghai").contacts
    assert stays(table) == WHOLE
    assert table.arrival[0] == 16 * 3600


@pytest.mark.parametrize(("zone", "shift"), [("Asia/Shanghai", 8), ("UTC", 0)])
@pytest.mark.parametrize("written", ["wall", "utc"])
def test_a_table_in_wall_time_is_not_shifted_by_the_zone(tmp_path, zone, shift, written):
    """The numbers in the call ids are UTC, and so show which of the two a table holds."""
    local = shift if written == "wall" else 0
    rows = [f"{np.datetime64(T + at + local * 3600, 's')},{rest}" for at, rest in
            ((at, rest.replace("|", ",")) for at, rest in CALLS)]  # fmt: skip
    path = tmp_path / "table.csv"
    header = "time,callid,queuename,agent,event,data1,data2,data3"
    path.write_text("\n".join([header, *(row + "," * (7 - row.count(",")) for row in rows)]))
    table = imported(path, zone).contacts
    assert stays(table) == WHOLE
    assert table.queue_entry[0] == (8 + shift) * 3600


def test_call_ids_that_are_numbers_are_no_instants(tmp_path):
    path = tmp_path / "table.csv"
    rows = [f"{rest.split('|')[0]},{T + at},{','.join(rest.split('|')[1:])}" for at, rest in CALLS]
    header = "uniqueid,time,queuename,agent,event,data1,data2,data3"
    path.write_text("\n".join([header, *(row + "," * (7 - row.count(",")) for row in rows)]))
    assert stays(imported(path).contacts) == WHOLE


@pytest.mark.parametrize(
    ("written", "order"),
    [
        ("%d.%m.%Y %H:%M:%S", "dmy"),
        ("%m/%d/%Y %I:%M:%S %p", "mdy"),
        ("%Y-%m-%d %H:%M:%S.000000+00", None),
    ],
)
def test_instants_as_people_write_them(tmp_path, written, order):
    rows = [
        f"{dt.datetime.fromtimestamp(T + at, dt.UTC):{written}},{rest.replace('|', ',')}"
        for at, rest in CALLS
    ]
    path = tmp_path / "table.csv"
    header = "time,callid,queuename,agent,event,data1,data2,data3"
    path.write_text("\n".join([header, *(row + "," * (7 - row.count(",")) for row in rows)]))
    guess = guess_mapping([path], date_order=order)
    assert stays(import_history([path], guess.mapping).contacts) == WHOLE
    if order:
        with pytest.raises(RecordError, match="--date-order"):
            guess_mapping([path])


def test_a_call_that_outlives_a_restart_is_one(tmp_path):
    restarted = [CALLS[0], (10, "NONE|NONE|NONE|QUEUESTART|"), CALLS[1],
                 (50, "NONE|NONE|NONE|QUEUESTART|"), *CALLS[2:]]  # fmt: skip
    found = imported(log(tmp_path, *restarted))
    assert stays(found.contacts) == WHOLE
    assert found.report.dropped == found.report.odd == ()
