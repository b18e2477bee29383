"""The sentences that tell why a contact waited are true of a day worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from simcenter.errors import InputError
from simcenter.files.scenario import resolve
from simcenter.workload.draws import SERVES_SELF
from tests.floor.stage import contact, play, rostered, staffed, table


@pytest.fixture
def told(tmp_path: Path):
    rows = (
        "Ann, work, 8:00, 12:00",
        "Bob, work, 8:00, 12:00",
        "Bob, break, 9:00, 9:15",
        "Cleo, work, 10:00, 12:00",
    )
    scenario = resolve(table([rostered(tmp_path, "g", rows)]), "stage")
    run = play(
        scenario,
        [
            contact("9:01", talk=300.0),
            contact("9:02", talk=60.0),
            contact("9:03", patience=30.0),
            contact("9:04"),
        ],
    )
    return lambda number: run.explain(number)


def test_an_answer_at_once(told):
    assert told(1) == "Contact 1 (a) arrived at 09:01. Ann was available and answered at once."


def test_a_wait_behind_a_busy_agent_and_a_break(told):
    text = told(2)
    assert (
        "Of the 3 agents with the skill, 1 were handling contacts (1 on a (talk)), 1 on break (Bob)."
        in text
    )
    assert "No contact that the same agents serve waited already." in text
    assert "Ann answered at 09:06, after 240 s, on finishing contact 1." in text


def test_giving_up_behind_another(told):
    assert "1 contact that the same agents serve waited already (1 a); 0 of them" in told(3)
    assert told(3).endswith("The caller gave up after 30 s.")


def test_who_was_ahead(told):
    assert (
        "1 contact that the same agents serve waited already (1 a); 1 of them were answered before it"
        in told(4)
    )


def test_ends_without_a_queue():
    scenario = resolve(table([staffed("g", 1)], trunks={"lines": 1}), "stage")
    contacts = [contact("9:00", ivr=12.0, fate=SERVES_SELF), contact("9:00:05")]
    run = play(scenario, contacts)
    assert "served by the IVR in 12 s" in run.explain(1)
    assert "All 1 lines were busy" in run.explain(2)


def test_nobody_has_the_skill():
    scenario = resolve(table([staffed("g", 1)], [{"name": "b"}, {"name": "a"}]), "stage")
    run = play(scenario, [contact("9:00", patience=5.0)])
    assert "No agent has the skill for it." in run.explain(1)


def test_an_unknown_contact_is_refused():
    scenario = resolve(table([staffed("g", 1)]), "stage")
    with pytest.raises(InputError, match="must be from 1 to 1"):
        play(scenario, [contact("9:00")]).explain(2)


def test_the_same_is_told_in_chinese(tmp_path):
    rows = ("Ann, work, 8:00, 12:00", "Bob, work, 8:00, 12:00", "Bob, break, 9:00, 9:15")
    scenario = resolve(table([rostered(tmp_path, "g", rows)]), "stage")
    contacts = [
        contact("9:01", talk=300.0),
        contact("9:02", talk=60.0),
        contact("9:03", patience=30.0),
    ]
    run = play(scenario, contacts)
    assert run.explain(1, "zh") == "联络 1（a）09:01 到达。Ann 空闲，立即接起。"
    text = run.explain(2, "zh")
    assert "有此技能的 2 名坐席中，1 名正在处理联络" in text
    assert "（Bob）" in text
    assert text.count("。") == 4
    assert "." not in text
    assert "240 秒" in text
    assert run.explain(3, "zh").endswith("30 秒后放弃。")
