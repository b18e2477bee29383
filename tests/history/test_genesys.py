"""Genesys Cloud conversation details worked by hand: stays, outcomes, times."""

from __future__ import annotations

import json

import numpy as np
import pytest

from simcenter.errors import RecordError
from simcenter.floor.records import Outcome
from simcenter.history import guess_mapping, import_history, read_mapping, save_mapping

SALES, BILLING = "8f1e-sales", "8f1e-billing"


def at(second):
    hours, rest = divmod(8 * 3600 + second, 3600)
    return f"2026-03-02T{hours:02d}:{rest // 60:02d}:{rest % 60:02d}.000Z"


def segment(kind, start, end, queue=None, leaves="peer"):
    return {
        "segmentType": kind,
        "segmentStart": at(start),
        "segmentEnd": at(end),
        "disconnectType": leaves,
    } | ({"queueId": queue} if queue else {})


def person(purpose, segments, name=None, media="voice", direction="inbound", **metrics):
    return {
        "participantId": f"{purpose}-{name}",
        "purpose": purpose,
        "participantName": name,
        "sessions": [
            {
                "mediaType": media,
                "direction": direction,
                "segments": segments,
                "metrics": [
                    {"name": key, "value": value, "emitDate": at(0)}
                    for key, value in metrics.items()
                ],
            }
        ],
    }


def customer(end, **extra):
    found = person("customer", [segment("interact", 0, end)], "Caller", **extra)
    found["sessions"][0]["ani"] = "tel:+15550001"
    return found


def acd(start, end, queue=SALES, name="Sales", leaves="transfer", media="voice", **metrics):
    return person("acd", [segment("interact", start, end, queue, leaves)], name, media, **metrics)


def agent(answer, talk, name="Ann", queue=SALES, ring=5, wrap=10, media="voice", **metrics):
    end = answer + talk
    segments = [
        segment("alert", answer - ring, answer, queue),
        segment("interact", answer, end, queue),
        segment("wrapup", end, end + wrap, queue),
    ]
    told = {"tAlert": ring * 1000, "tTalkComplete": talk * 1000, "tAcw": wrap * 1000}
    return person("agent", segments, name, media, **told | metrics)


def conversation(name, *people, end=600, direction="inbound"):
    found = {
        "conversationId": name,
        "conversationStart": at(0),
        "originatingDirection": direction,
        "participants": list(people),
    }
    return found | ({} if end is None else {"conversationEnd": at(end)})


def answered(name="c1"):
    return conversation(
        name,
        customer(180),
        person("ivr", [segment("ivr", 0, 20, leaves="transfer")], "Main", tIvr=20_000),
        acd(20, 50, nOffered=1, tAcd=30_000),
        agent(50, 120, tAnswered=30_000),
    )


def imported(tmp_path, *conversations, text=None, timezone=None):
    path = tmp_path / "details.json"
    path.write_text(text or json.dumps({"conversations": conversations, "totalHits": 1}))
    guess = guess_mapping([path], timezone=timezone)
    assert guess.mapping.kind == "genesys-cloud"
    found = import_history([path], guess.mapping)
    return found.contacts, found.report


def booked(findings):
    return {finding.reason: finding.count for finding in findings}


def outcomes(table):
    return [Outcome(code).name for code in table.outcome]


def test_an_answered_conversation(tmp_path):
    table, report = imported(tmp_path, answered(), timezone="Asia/Shanghai")
    assert outcomes(table) == ["answered"]
    assert (table.types, table.agents, table.channels) == (("Sales",), ("Ann",), ("voice",))
    assert table.arrival[0] == 16 * 3600
    times = (table.ivr_s[0], table.wait_s[0], table.ring_s[0], table.talk_s[0], table.wrap_s[0])
    assert times == (20, 30, 5, 120, 10)
    assert table.callers == ("tel:+15550001",)
    assert report.rows == report.kept == 1


def shapes():
    one, two = answered("c1"), answered("c2")
    return {
        "one": json.dumps(one, indent=2),
        "lines": json.dumps(one) + "\n" + json.dumps(two) + "\n",
        "list": json.dumps([one, two]),
        "wrapped": json.dumps({"conversations": [one, two]}, indent=1),
        "pages": json.dumps({"conversations": [one]}) + json.dumps({"conversations": [two, one]}),
    }


@pytest.mark.parametrize("shape", ["one", "lines", "list", "wrapped", "pages"])
def test_one_conversation_or_many(tmp_path, shape):
    table, report = imported(tmp_path, text=shapes()[shape])
    assert len(table) == (1 if shape == "one" else 2)
    assert set(outcomes(table)) == {"answered"}
    again = booked(report.dropped).get("another copy of the same conversation", 0)
    assert again == (shape == "pages")


@pytest.mark.parametrize(
    ("people", "outcome", "wait"),
    [
        ((acd(20, 65, leaves="peer", tAbandon=45_000),), "abandoned", 45),
        ((acd(20, 65, leaves="peer"),), "abandoned", 45),
        ((acd(20, 65, tFlowOut=45_000),), "overflowed", 45),
        ((acd(20, 65, leaves="system"),), "overflowed", 45),
        ((acd(20, 65), person("voicemail", [segment("voicemail", 65, 90)])), "overflowed", 45),
        ((acd(20, 65, leaves="error"),), "dropped", 45),
        ((person("ivr", [segment("ivr", 0, 30, leaves="peer")]),), "ivr_abandoned", None),
        ((person("ivr", [segment("ivr", 0, 30, leaves="system")]),), "self_served", None),
    ],
)
def test_how_a_conversation_ends_that_nobody_answers(tmp_path, people, outcome, wait):
    table, _ = imported(tmp_path, conversation("c", customer(100), *people, end=100))
    assert outcomes(table) == [outcome]
    np.testing.assert_array_equal(table.wait_s, [np.nan if wait is None else wait])
    assert np.isnan(table.talk_s[0])


def test_an_agent_who_does_not_answer_is_no_answer(tmp_path):
    rang = person("agent", [segment("alert", 30, 45, SALES)], "Ann", tNotResponding=15_000)
    table, _ = imported(
        tmp_path,
        conversation("c", customer(80), acd(20, 70, tAcd=50_000), rang, agent(70, 10, "Bob")),
    )
    assert outcomes(table) == ["answered"]
    assert table.agents == ("Bob",)
    assert table.wait_s[0] == 50


def test_a_transfer_is_a_stay_of_its_own(tmp_path):
    table, _ = imported(
        tmp_path,
        conversation(
            "c",
            customer(400),
            acd(0, 30),
            agent(30, 100),
            acd(130, 150, BILLING, "Billing"),
            agent(150, 200, "Bob", BILLING),
        ),
    )
    assert [table.types[code] for code in table.contact_type] == ["Sales", "Billing"]
    assert table.parent_id.tolist() == [-1, 1]
    assert table.wait_s.tolist() == [30, 20]
    assert table.talk_s.tolist() == [100, 200]
    assert table.arrival.tolist() == [8 * 3600, 8 * 3600 + 130]


def test_callbacks_and_outbound_are_left_out(tmp_path):
    called_back = conversation(
        "back",
        customer(60),
        acd(10, 60),
        acd(60, 300, media="callback"),
        agent(300, 100, media="callback"),
    )
    unreached = conversation(
        "unreached", customer(60), acd(10, 60), acd(60, 500, media="callback", leaves="system")
    )
    dialled = conversation("out", customer(60), acd(10, 20), agent(20, 40), direction="outbound")
    direct = conversation("direct", customer(60), person("user", [segment("interact", 1, 60)]))
    table, report = imported(tmp_path, called_back, unreached, dialled, direct)
    assert outcomes(table) == ["overflowed", "overflowed"]
    assert booked(report.dropped) == {
        "outbound: left out": 1,
        "neither a queue nor an IVR: a call to a person, left out": 1,
        "a callback that was made: left out of answers, abandonment, ASA and patience": 1,
        "a callback that nobody got: no abandonment, left out of ASA and patience": 1,
    }
    assert "callbacks: agents spent 110 s on 1 of them, which no contact shows" in report.assumed


def test_what_has_no_end_is_left_out(tmp_path):
    open_still = conversation("open", customer(60), acd(10, 60), end=None)
    segments = open_still["participants"][1]["sessions"][0]["segments"]
    del segments[0]["segmentEnd"]
    table, report = imported(tmp_path, answered(), open_still)
    assert len(table) == 1
    told = "neither answered nor ended: left out of every count and rate"
    assert booked(report.dropped) == {told: 1}


def test_metrics_in_another_unit_are_refused(tmp_path):
    def in_seconds(name):
        return conversation(
            name, customer(180), acd(20, 50), agent(50, 120, tAnswered=30, tTalkComplete=120)
        )

    with pytest.raises(RecordError, match=r"another unit than milliseconds.*--accept times-disagr"):
        imported(tmp_path, in_seconds("a"), in_seconds("b"))


def test_queues_without_names_can_be_named(tmp_path):
    path = tmp_path / "details.json"
    nameless = conversation("c", customer(180), acd(20, 50, name=None), agent(50, 120))
    path.write_text(json.dumps([nameless]))
    mapping = guess_mapping([path]).mapping
    assert import_history([path], mapping).contacts.types == (SALES,)
    saved = tmp_path / "mapping.toml"
    save_mapping(saved, mapping.model_copy(update={"queues": {SALES: "Sales"}}))
    assert import_history([path], read_mapping(saved)).contacts.types == ("Sales",)


def test_chats_and_calls_of_a_queue_are_two_types(tmp_path):
    chat = conversation(
        "chat", customer(90, media="chat"), acd(5, 15, media="chat"), agent(15, 60, media="chat")
    )
    table, _ = imported(tmp_path, answered(), chat)
    assert table.types == ("Sales (chat)", "Sales (voice)")
    assert table.channels == ("chat", "voice")


def test_a_cut_off_file_keeps_what_stands_before(tmp_path):
    text = json.dumps({"conversations": [answered("a"), answered("b")]})
    table, report = imported(tmp_path, text=text[:-200])
    assert len(table) == 1
    assert booked(report.dropped) == {"not JSON: cut off or damaged": 1}
