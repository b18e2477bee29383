"""Amazon Connect contact records worked by hand: copies, outcomes, links, times."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pytest

from simcenter.errors import RecordError
from simcenter.floor.records import Outcome
from simcenter.history import guess_mapping, import_history, read_mapping


def at(clock, day=2):
    return f"2026-03-{day:02d}T{clock}Z"


def record(contact, *, queue="Sales", agent="ann", **extra):
    """Return a contact of 08:00:00 that queued at 08:00:20 and was answered at 08:00:50."""
    found = {
        "ContactId": contact,
        "Channel": "VOICE",
        "InitiationMethod": "INBOUND",
        "InitiationTimestamp": at("08:00:00"),
        "LastUpdateTimestamp": at("09:00:00"),
        "DisconnectTimestamp": at("08:03:00"),
        "DisconnectReason": "CUSTOMER_DISCONNECT",
        "CustomerEndpoint": {"Address": "+15550001", "Type": "TELEPHONE_NUMBER"},
        "Queue": None,
        "Agent": None,
    }
    if queue:
        found["Queue"] = {
            "Name": queue,
            "EnqueueTimestamp": at("08:00:20"),
            "DequeueTimestamp": at("08:00:50"),
            "Duration": 30,
        }
    if agent:
        found["Agent"] = {
            "Username": agent,
            "ConnectedToAgentTimestamp": at("08:00:50"),
            "AgentInteractionDuration": 110,
            "CustomerHoldDuration": 20,
            "AfterContactWorkDuration": 15,
            "AfterContactWorkStartTimestamp": at("08:03:00"),
            "RoutingProfile": {"Name": "Basic"},
        }
    return found | extra


def imported(tmp_path, *records, text=None, timezone=None):
    path = tmp_path / "ctr.jsonl"
    lines = "".join(json.dumps(one) + "\n" for one in records) if text is None else text
    path.write_text(lines, encoding="utf-8")
    guess = guess_mapping([path], timezone=timezone)
    assert guess.mapping.kind == "amazon-connect"
    found = import_history([path], guess.mapping)
    return found.contacts, found.report


def booked(findings):
    return {finding.reason: finding.rows for finding in findings}


def test_an_answered_contact(tmp_path):
    table, report = imported(tmp_path, record("a"), timezone="Asia/Shanghai")
    assert Outcome(table.outcome[0]) == Outcome.answered
    assert table.arrival[0] == 16 * 3600
    assert (table.ivr_s[0], table.wait_s[0]) == (20, 30)
    assert (table.talk_s[0], table.hold_s[0], table.wrap_s[0]) == (110, 20, 15)
    assert table.wrap_end[0] == 16 * 3600 + 50 + 110 + 20 + 15
    assert (table.types, table.agents, table.groups) == (("Sales",), ("ann",), ("Basic",))
    assert table.channels == ("voice",)
    assert table.callers == ("+15550001",)
    assert report.timezone == "Asia/Shanghai"


def test_the_newest_copy_counts(tmp_path):
    old = record("a", LastUpdateTimestamp=at("08:30:00"))
    old["Agent"]["AfterContactWorkDuration"] = 1
    table, report = imported(tmp_path, record("a"), old, record("b"), record("b"))
    assert len(table) == 2
    assert table.wrap_s.tolist() == [15, 15]
    assert booked(report.dropped) == {
        "an older copy of the same contact": ("ctr.jsonl:2", "ctr.jsonl:3")
    }


@pytest.mark.parametrize(
    ("changes", "outcome", "wait"),
    [
        ({"agent": None}, "abandoned", 30),
        ({"agent": None, "NextContactId": "z"}, "overflowed", 30),
        (
            {"agent": None, "DisconnectReason": "CONTACT_FLOW_DISCONNECT"},
            "overflowed",
            30,
        ),
        ({"agent": None, "queue": None}, "ivr_abandoned", None),
        (
            {"agent": None, "queue": None, "DisconnectReason": "CONTACT_FLOW_DISCONNECT"},
            "self_served",
            None,
        ),
    ],
)
def test_how_a_contact_ends(tmp_path, changes, outcome, wait):
    table, _ = imported(tmp_path, record("a", **changes))
    assert Outcome(table.outcome[0]).name == outcome
    np.testing.assert_array_equal(table.wait_s[0], np.nan if wait is None else wait)
    assert np.isnan(table.talk_s[0])
    assert np.isnan(table.queue_entry[0]) == (wait is None)


def test_contacts_without_an_end_are_left_out(tmp_path):
    waiting = record("w", agent=None, DisconnectTimestamp=None)
    in_ivr = record("i", agent=None, queue=None, DisconnectTimestamp=None)
    table, report = imported(tmp_path, record("a"), waiting, in_ivr)
    assert len(table) == 1
    told = "neither answered nor ended: left out of every count and rate"
    assert booked(report.dropped) == {told: ("ctr.jsonl:2", "ctr.jsonl:3")}


def test_a_transfer_follows_its_contact(tmp_path):
    first = record("a", NextContactId="b")
    transfer = record("b", InitiationMethod="TRANSFER", PreviousContactId="a",
                      InitiationTimestamp=at("08:00:10"))  # fmt: skip
    table, _ = imported(tmp_path, transfer, first)
    assert table.parent_id.tolist() == [-1, 1]


def test_a_callback_is_no_wait_of_a_customer(tmp_path):
    took_one = record("a", agent=None, NextContactId="b")
    made = record("b", InitiationMethod="CALLBACK", PreviousContactId="a")
    took_other = record("c", agent=None, NextContactId="d")
    expired = record("d", agent=None, InitiationMethod="CALLBACK", PreviousContactId="c",
                     DisconnectTimestamp=at("08:00:00", day=9))  # fmt: skip
    gave_up = record("e", agent=None)
    table, report = imported(tmp_path, took_one, made, took_other, expired, gave_up)
    names = [Outcome(code).name for code in table.outcome]
    assert names == ["overflowed", "overflowed", "abandoned"]
    assert table.wait_s.tolist() == [30, 30, 30]
    assert booked(report.dropped) == {
        "a callback that was made: left out of answers, abandonment, ASA and patience": (
            "ctr.jsonl:2",
        ),
        "a callback that nobody got: no abandonment, left out of ASA and patience": (
            "ctr.jsonl:4",
        ),
    }
    told = "callbacks: agents spent 145 s on 1 of them, which no contact shows"
    assert told in report.assumed


def test_what_a_program_or_a_flow_did_is_left_out(tmp_path):
    survey = record("s", InitiationMethod="DISCONNECT", queue=None, agent=None)
    dialled = record("d", InitiationMethod="API")
    chat = record("c", InitiationMethod="API", Channel="CHAT")
    table, report = imported(tmp_path, record("a"), survey, dialled, chat)
    assert table.channels == ("chat", "voice")
    assert len(table) == 2
    assert sum(finding.count for finding in report.dropped) == 2


def test_durations_in_another_unit_are_refused(tmp_path):
    records = [record("a"), record("b")]
    for one in records:
        one["Agent"]["AgentInteractionDuration"] = 110_000
    with pytest.raises(RecordError, match=r"2 of 2 durations.*milliseconds.*--accept times-disag"):
        imported(tmp_path, *records)


@pytest.mark.parametrize("shape", ["list", "wrapped", "indented", "after each other"])
def test_every_shape_of_json(tmp_path, shape):
    two = [record("a"), record("b")]
    texts = {
        "list": json.dumps(two),
        "wrapped": json.dumps({"Records": two, "Count": 2}),
        "indented": json.dumps(two, indent=2),
        "after each other": "".join(json.dumps(one, indent=1) for one in two),
    }
    table, _ = imported(tmp_path, text=texts[shape])
    assert len(table) == 2


def test_what_is_left_out_repaired_and_odd(tmp_path):
    held = record("held")
    held["Agent"]["AgentInteractionDuration"] = 130  # hold and all
    bare = record("bare")
    for field in ("AgentInteractionDuration", "CustomerHoldDuration", "AfterContactWorkDuration"):
        del bare["Agent"][field]
    wrong = record("wrong")
    wrong["Agent"]["ConnectedToAgentTimestamp"] = at("08:00:01")
    long = record("long", agent="bob")
    long["Agent"]["AgentInteractionDuration"] = 9000
    table, report = imported(
        tmp_path,
        record("out", InitiationMethod="OUTBOUND"),
        held,
        bare,
        wrong,
        long,
        record("none", InitiationTimestamp="soon"),
        {"Channel": "CHAT"},
    )
    assert table.talk_s.tolist() == [110, 130, 9000]
    assert booked(report.dropped) == {
        "no ContactId": ("ctr.jsonl:7",),
        "InitiationMethod OUTBOUND: left out": ("ctr.jsonl:1",),
        "no InitiationTimestamp that is a time": ("ctr.jsonl:6",),
        "the wait ends before it begins": ("ctr.jsonl:4",),
    }
    repaired = booked(report.repaired)
    told = "AgentInteractionDuration holds the time on hold: taken off"
    assert repaired[told] == ("ctr.jsonl:2",)
    assert repaired["no AfterContactWorkDuration: 0"] == ("ctr.jsonl:3",)
    odd = booked(report.odd)
    assert odd["talk beyond 3600 s"] == ("ctr.jsonl:5",)
    assert odd["begins more than 2 s before its agent's last contact ends"] == ("ctr.jsonl:3",)
    assert report.rows == report.kept + sum(finding.count for finding in report.dropped)


def test_a_queue_of_two_channels_is_two_types(tmp_path):
    table, _ = imported(tmp_path, record("a"), record("b", Channel="CHAT"))
    assert table.types == ("Sales (chat)", "Sales (voice)")
    assert table.channels == ("chat", "voice")


def test_broken_lines_and_objects_without_line_ends(tmp_path):
    two = json.dumps(record("a")) + json.dumps(record("b"))
    text = two + "\n" + json.dumps(record("c"))[:-30] + "\n[1]\n"
    table, report = imported(tmp_path, text=text)
    assert len(table) == 2
    assert booked(report.dropped) == {
        "not JSON: cut off or damaged": ("ctr.jsonl:2", "ctr.jsonl:3")
    }
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(record("a")).encode()))
    mapping = read_mapping("amazon-connect")
    assert len(import_history([path], mapping).contacts) == 1
    path.write_bytes(gzip.compress(b"no json\n"))
    with pytest.raises(RecordError, match="hold no record in JSON"):
        import_history([path], mapping)
    path.write_bytes(gzip.compress(json.dumps(record("a")).encode())[:-12])
    with pytest.raises(RecordError, match="damaged or cut off"):
        import_history([path], mapping)


def test_a_change_of_the_clocks_changes_no_duration(tmp_path):
    night = record("a", InitiationTimestamp="2026-11-01T05:59:00Z",
                   DisconnectTimestamp="2026-11-01T06:05:00Z")  # fmt: skip
    night["Queue"] |= {"EnqueueTimestamp": "2026-11-01T05:59:30Z"}
    night["Agent"] |= {"ConnectedToAgentTimestamp": "2026-11-01T06:01:00Z"}
    table, report = imported(tmp_path, night, timezone="America/New_York")
    assert table.arrival[0] == 2 * 3600 - 60
    assert table.wait_s[0] == 90
    assert "2026-11-01: 01:00 to 02:00 came twice; 1 rows in it" in report.daylight
