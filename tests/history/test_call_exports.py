"""Exports of single calls, by the shapes that systems write: what they read as, without a mapping."""

from __future__ import annotations

import numpy as np
import pytest

from simcenter.errors import RecordError
from simcenter.floor.records import Outcome
from simcenter.history import guess_mapping, import_history, read_mapping, save_mapping

NAN = np.nan


def imported(tmp_path, text, **given):
    """Import a file as guessed, and once more by the mapping that was saved."""
    path = tmp_path / "calls.csv"
    path.write_text(text, encoding="utf-8")
    guess = guess_mapping([path], **given)
    found = import_history([path], guess.mapping)
    save_mapping(tmp_path / "m.toml", guess.mapping, force=True)
    again = import_history([path], read_mapping(tmp_path / "m.toml"))
    assert again.report == found.report
    for name in ("arrival", "queue_entry", "wait_s", "talk_s", "hold_s", "wrap_s", "outcome"):
        np.testing.assert_array_equal(
            getattr(again.contacts, name), getattr(found.contacts, name), err_msg=name
        )
    return found.contacts, found.report, guess


def refused(tmp_path, text, **given):
    with pytest.raises(RecordError) as error:
        imported(tmp_path, text, **given)
    return str(error.value)


def outcomes(table):
    return [Outcome(code).name for code in table.outcome]


def dropped(report):
    return {finding.reason: finding.count for finding in report.dropped}


def waits(table):
    return [None if np.isnan(wait) else wait for wait in table.wait_s]


HELPDESK = """id,created_at,agent_id,completion_status,direction,duration,hold_time,time_to_answer,voicemail,wait_time,wrap_up_time,ivr_time_spent,callback,talk_time
7,2026-04-07T09:00:00Z,31,completed,inbound,205,0,30,false,20,15,10,false,175
8,2026-04-07T09:02:00Z,,abandoned_in_queue,inbound,65,0,,false,45,0,20,false,0
9,2026-04-07T09:04:00Z,,abandoned_in_ivr,inbound,9,0,,false,0,0,9,false,0
11,2026-04-07T09:05:00Z,,pending_voicemail,inbound,100,0,,true,70,0,10,false,0
12,2026-04-07T09:06:00Z,32,completed,outbound,120,0,0,false,0,10,0,false,110
14,2026-04-07T09:08:00Z,,abandoned_in_queue,inbound,4000,0,,false,3900,0,10,true,0
15,2026-04-07T09:09:00Z,,not_answered,inbound,35,0,,false,35,0,0,false,0
"""


def test_a_helpdesk_with_directions_and_completion(tmp_path):
    table, report, guess = imported(tmp_path, HELPDESK)
    assert outcomes(table) == ["answered", "abandoned", "ivr_abandoned", "overflowed", "abandoned"]
    assert waits(table) == [20, 45, None, 70, 35]
    assert table.ivr_s.tolist() == [10, 20, 9, 10, 0]
    assert dropped(report) == {
        "outbound: left out": 1,
        "a callback: left out of abandonment, ASA and patience": 1,
    }
    assert {one.column: one.role for one in guess.choices}["wait_time"] == "wait_s"


DIALLER = """CALL ID,TIMESTAMP,CAMPAIGN,CALL TYPE,AGENT,DISPOSITION,ANI,CALL TIME,IVR TIME,QUEUE WAIT TIME,RING TIME,TALK TIME,AFTER CALL WORK TIME,ABANDONED,SKILL
51,2026-03-02 08:00:00,Main,Inbound,ann,Sale,555,0:04:00,0:00:20,0:00:10,0:00:05,0:03:25,0:00:30,0,Billing
52,2026-03-02 08:01:00,Main,Inbound,,Abandon,556,0:01:00,0:00:15,0:00:45,0:00:00,0:00:00,0:00:00,1,Billing
53,2026-03-02 08:03:00,Main,Outbound,bob,No sale,557,0:02:00,0:00:00,0:00:00,0:00:00,0:02:00,0:00:10,0,Billing
54,2026-03-02 08:04:00,Main,Queue Callback,bob,Sale,558,0:02:00,0:00:00,0:00:30,0:00:00,0:01:30,0:00:10,0,Billing
55,2026-03-02 08:06:00,Main,Inbound,bob,Sale,559,0:02:25,0:00:10,0:00:00,0:00:05,0:02:10,0:00:10,0,Sales
56,2026-03-02 08:07:00,Main,Inbound,,None,560,0:00:12,0:00:12,0:00:00,0:00:00,0:00:00,0:00:00,0,
"""


def test_a_dialler_whose_wait_lacks_the_ring(tmp_path):
    table, report, _ = imported(tmp_path, DIALLER)
    assert outcomes(table) == ["answered", "abandoned", "answered", "self_served"]
    assert waits(table) == [15, 45, 5, None]
    assert table.ring_s.tolist()[::2] == [5, 5]
    assert table.queue_entry.tolist()[:3] == [28820, 28875, 29170]
    assert dropped(report) == {
        "outbound: left out": 1,
        "a callback: left out of abandonment, ASA and patience": 1,
    }
    assert "wait_s is told without ring_s: added" in report.assumed


DETAIL = """contact_id,master_contact_id,media_name,ANI_DIALNUM,skill_name,agent_name,team_name,start_date,start_time,PreQueue,InQueue,Agent_Time,PostQueue,ACW_Time,Total_Time,abandon,Hold_Time
1,1,Call,555101,Billing,Ann,T1,3/13/2026,8:00:01,12,20,240,0,30,272,N,10
2,2,Call,555102,Billing,,,3/13/2026,8:00:30,10,50,0,0,0,60,Y,0
3,3,Call,555103,Sales,Bob,T1,3/13/2026,8:01:10,11,5,180,0,20,196,N,15
4,4,Call,555104,,,,3/13/2026,8:02:00,15,0,0,0,0,15,N,0
5,3,Call,555103,Billing,Ann,T1,3/13/2026,8:04:26,0,9,100,0,20,109,N,0
"""


def test_call_details_whose_talk_holds_the_hold(tmp_path):
    table, report, _ = imported(tmp_path, DETAIL)
    assert outcomes(table) == ["answered", "abandoned", "answered", "self_served", "answered"]
    assert waits(table) == [20, 50, 5, None, 9]
    np.testing.assert_array_equal(table.talk_s, [230, NAN, 165, NAN, 100])
    np.testing.assert_array_equal(table.hold_s, [10, NAN, 15, NAN, 0])
    assert table.parent_id.tolist() == [-1, -1, -1, -1, 3]
    assert "talk_s holds hold_s: taken off" in report.assumed


CHINESE = """流水号,呼叫类型,来电号码,进入队列时间,接通时间,挂机时间,通话时长,等待时长,振铃时长,坐席工号,技能组,呼叫结果
A1,呼入,138001,2026-03-02 08:00:10,2026-03-02 08:00:30,2026-03-02 08:03:30,00:03:00,00:00:20,00:00:05,1001,贷款,接通
A2,呼入,138002,2026-03-02 08:01:10,,2026-03-02 08:01:50,00:00:00,00:00:40,,,贷款,排队放弃
A3,呼入,138003,2026-03-02 08:02:10,,2026-03-02 08:03:10,00:00:00,00:01:00,,,贷款,语音留言
A4,呼入,138004,2026-03-02 08:02:20,2026-03-02 08:02:50,2026-03-02 08:05:50,00:03:00,00:00:30,00:00:04,1002,信用卡,转接
A5,呼出,138005,2026-03-02 08:04:10,2026-03-02 08:04:30,2026-03-02 08:06:30,00:02:00,00:00:20,,1001,贷款,接通
A6,呼入,138006,2026-03-02 08:06:10,,2026-03-02 08:06:15,00:00:00,00:00:00,,,信用卡,IVR放弃
A7,呼入,138007,2026-03-02 08:07:10,,2026-03-02 08:09:10,00:00:00,00:02:00,,,信用卡,溢出
A8,内部,1003,2026-03-02 08:07:10,2026-03-02 08:07:15,2026-03-02 08:09:10,00:01:55,00:00:05,,1001,贷款,接通
"""


def test_chinese_call_details(tmp_path):
    table, report, guess = imported(tmp_path, CHINESE)
    assert outcomes(table) == [
        *("answered", "abandoned", "overflowed", "answered", "ivr_abandoned", "overflowed")
    ]
    assert waits(table) == [20, 40, 60, 30, None, 120]
    assert dropped(report) == {"outbound: left out": 1, "internal: left out": 1}
    assert [one.role for one in guess.choices if one.column == "呼叫类型"] == ["direction"]
    assert not guess.unused


@pytest.mark.parametrize(
    "text",
    [
        "Datum;Uhrzeit;Richtung;Warteschlange;Mitarbeiter;Wartezeit (Sek.);Gesprächsdauer (Sek.);Ergebnis\n"
        "13.03.2026;08:00:00;eingehend;Service;Anna;12;180;Angenommen\n"
        "13.03.2026;08:01:00;eingehend;Service;;45;0;Aufgelegt\n"
        "13.03.2026;08:02:00;ausgehend;Service;Bernd;0;90;Angenommen\n"
        "13.03.2026;08:05:00;eingehend;Vertrieb;Bernd;8;240;Angenommen\n",
        "Date;Heure;Sens;File d'attente;Agent;Temps d'attente;Durée de conversation;Statut\n"
        "13/03/2026;08:00:00;Entrant;Service;Anna;00:00:12;00:03:00;Répondu\n"
        "13/03/2026;08:01:00;Entrant;Service;;00:00:45;00:00:00;Abandonné\n"
        "13/03/2026;08:02:00;Sortant;Service;Bernd;00:00:00;00:01:30;Répondu\n"
        "13/03/2026;08:05:00;Entrant;Vertrieb;Bernd;00:00:08;00:04:00;Répondu\n",
        "Fecha,Hora,Sentido,Cola,Agente,Tiempo de espera,Tiempo de conversación,Estado\n"
        "13/03/2026,08:00:00,Entrante,Service,Anna,12,180,Contestada\n"
        "13/03/2026,08:01:00,Entrante,Service,,45,0,No contestada\n"
        "13/03/2026,08:02:00,Saliente,Service,Bernd,0,90,Contestada\n"
        "13/03/2026,08:05:00,Entrante,Vertrieb,Bernd,8,240,Contestada\n",
    ],
    ids=["de", "fr", "es"],
)
def test_german_french_and_spanish_headings(tmp_path, text):
    table, report, _ = imported(tmp_path, text)
    assert table.types == ("Service", "Vertrieb")
    assert table.agents == ("Anna", "Bernd")
    assert outcomes(table) == ["answered", "abandoned", "answered"]
    assert waits(table) == [12, 45, 8]
    np.testing.assert_array_equal(table.talk_s, [180, NAN, 240])
    assert dropped(report) == {"outbound: left out": 1}


FUSION = """xml_cdr_uuid,direction,start_stamp,start_epoch,answer_epoch,end_epoch,duration,billsec,hangup_cause,cc_side,cc_member_session_uuid,cc_queue,cc_agent,cc_queue_joined_epoch,cc_queue_answered_epoch,cc_queue_terminated_epoch,cc_cause
u1,inbound,2026-03-02 09:00:00,1772438400,1772438401,1772438700,300,299,NORMAL_CLEARING,member,u1,sales,1001,1772438410,1772438440,1772438700,answered
u2,outbound,2026-03-02 09:00:20,1772438420,1772438440,1772438700,280,260,NORMAL_CLEARING,agent,u1,sales,1001,,,,
u3,inbound,2026-03-02 09:01:00,1772438460,1772438461,1772438520,60,59,NORMAL_CLEARING,member,u3,sales,,1772438470,0,0,cancel
u4,inbound,2026-03-02 09:03:00,1772438580,1772438581,1772438760,180,179,NORMAL_CLEARING,member,u4,sales,1002,1772438590,1772438600,1772438760,answered
u5,local,2026-03-02 09:04:00,1772438640,1772438642,1772438700,60,58,NORMAL_CLEARING,,,,,,,,
"""


def test_a_switch_that_writes_the_legs_of_members_and_agents(tmp_path):
    table, report, _ = imported(tmp_path, FUSION, timezone="Europe/Berlin")
    assert outcomes(table) == ["answered", "abandoned", "answered"]
    assert table.arrival[0] == 9 * 3600
    assert waits(table) == [30, 50, 10]
    np.testing.assert_array_equal(table.talk_s, [260, NAN, 160])
    assert dropped(report) == {
        "internal: left out": 1,
        "the leg of an agent: left out, the caller's is kept": 1,
    }


def test_call_records_without_a_queue_are_refused(tmp_path):
    text = (
        "calldate,src,dst,dstchannel,lastapp,duration,billsec,disposition,uniqueid\n"
        "2026-03-02 08:00:00,555,600,SIP/1001-2,Queue,130,128,ANSWERED,1.1\n"
        "2026-03-02 08:02:00,556,600,,Queue,60,58,ANSWERED,1.3\n"
        "2026-03-02 08:03:00,557,600,SIP/1001-6,Queue,200,0,NO ANSWER,1.5\n"
    )
    assert "billsec runs from the first answer" in refused(tmp_path, text)


CLOUD = """Conversation ID,Users - Interacted,Date,End Date,Duration,Direction,ANI,Queue,Media Type,Abandoned,Total IVR,Total Queue,Total Alert,Total Talk,Total Hold,Total ACW
g1,Ann,3/13/2026 8:00:00 AM,3/13/2026 8:04:40 AM,280000,Inbound,555,Service,voice,NO,10000,20000,5000,250000,0,30000
g2,,3/13/2026 8:01:00 AM,3/13/2026 8:01:50 AM,50000,Inbound,556,Service,voice,YES,10000,40000,0,0,0,0
g3,Bob,3/13/2026 8:02:00 AM,3/13/2026 8:04:00 AM,120000,Outbound,557,Service,voice,NO,0,0,0,110000,0,20000
g4,Bob,3/13/2026 8:05:00 AM,3/13/2026 8:08:15 AM,195000,Inbound,558,Service,voice,NO,10000,5000,4000,170000,10000,20000
g5,Ann,3/13/2026 8:06:00 AM,3/13/2026 8:09:05 AM,185000,Inbound,558,Service,voice,NO,10000,5000,4000,150000,20000,20000
"""


def test_a_contact_list_in_milliseconds(tmp_path):
    table, _, guess = imported(tmp_path, CLOUD)
    assert outcomes(table) == ["answered", "abandoned", "answered", "answered"]
    assert waits(table) == [20, 40, 5, 5]
    np.testing.assert_array_equal(table.talk_s, [250, NAN, 170, 150])
    np.testing.assert_array_equal(table.hold_s, [0, NAN, 10, 20])
    assert any("milliseconds" in one.note for one in guess.choices if one.role == "talk_s")


SESSIONS = """Session Id,From Number,To Name,Result,Call Length,Handle Time,Call Start Time,Call Direction,Queue
s1,555,Service,Answered,00:03:20,00:02:50,03/13/2026 08:00:00 AM,Inbound,Service
s1,555,Ann,Missed,00:00:15,00:00:00,03/13/2026 08:00:05 AM,Inbound,
s1,555,Bob,Accepted,00:02:50,00:02:50,03/13/2026 08:00:30 AM,Inbound,
s2,556,Service,Abandoned,00:00:40,00:00:00,03/13/2026 08:01:00 AM,Inbound,Service
"""


def test_sessions_with_a_leg_for_the_queue_and_one_for_each_member(tmp_path):
    table, report, _ = imported(tmp_path, SESSIONS)
    assert outcomes(table) == ["answered", "abandoned"]
    assert waits(table) == [30, 40]
    assert table.talk_s[0] == 170
    assert dropped(report) == {"a further leg of a contact: folded into it": 2}


QUEUES = """ConferenceId,CallQueueIdentity,CallStartTimeUTC,CallQueueCallResult,AgentName,QueueWaitTime,CallDuration,TalkTime
k1,Service,2026-03-02T08:00:00Z,Agent Answered Call,Ann,15,200,185
k2,Service,2026-03-02T08:01:00Z,Abandoned,,40,40,0
k3,Service,2026-03-02T08:02:00Z,Overflown,,0,0,0
k4,Service,2026-03-02T08:03:00Z,TimedOut,,60,60,0
"""


def test_call_queues_with_results_in_one_word(tmp_path):
    table, report, _ = imported(tmp_path, QUEUES)
    assert outcomes(table) == ["answered", "abandoned", "overflowed", "overflowed"]
    assert waits(table) == [15, 40, 0, 60]
    assert "no time zone told: instants stand in UTC; give --timezone" in report.assumed
