"""One hand-worked day for each neighbouring pair of the table of ties."""

from __future__ import annotations

from pathlib import Path

import pytest

from simcenter.floor.ties import Rank, key
from tests.floor.stage import agents, at, contact, outcomes, play, rostered, staffed, table, waits


def test_the_table_is_in_the_order_of_the_rulebook():
    assert [rank.name for rank in sorted(Rank)] == [
        "GOES_OFF", "END_OF_TALK", "END_OF_HOLD", "END_OF_WRAP", "COMES_ON", "THRESHOLD",
        "PATIENCE_ENDS", "CLOSING", "ARRIVAL", "IVR_ENDS",
    ]  # fmt: skip


def test_keys_stay_in_order_for_any_number():
    assert key(Rank.GOES_OFF, 2**39) < key(Rank.END_OF_TALK, 0)


def test_going_off_comes_before_the_end_of_talk(tmp_path: Path):
    # Ann is to leave at 9:10, the very second her contact ends: the one who waits is not hers
    group = rostered(tmp_path, "g", ["Ann, work, 8:00, 9:10", "Bob, work, 9:30, 10:00"])
    run = play(table([group]), [contact("9:00", talk=600.0), contact("9:05")])
    assert agents(run) == ["Ann", "Bob"]
    assert waits(run) == [0.0, at("9:30") - at("9:05")]


def test_end_of_talk_comes_before_end_of_hold(tmp_path: Path):
    # both agents are free at 9:10; the contact whose talk ends is later in number, yet first
    group = rostered(tmp_path, "g", ["Ann, work, 8:00, 12:00", "Bob, work, 8:00, 12:00"])
    first = contact("9:00", talk=300.0, hold=300.0)  # Ann
    second = contact("9:00", talk=600.0)  # Bob
    run = play(table([group]), [first, second, contact("9:05"), contact("9:06")])
    assert agents(run) == ["Ann", "Bob", "Bob", "Ann"]


def test_end_of_hold_comes_before_end_of_wrap(tmp_path: Path):
    group = rostered(tmp_path, "g", ["Ann, work, 8:00, 12:00", "Bob, work, 8:00, 12:00"])
    first = contact("9:00", talk=300.0, wrap=300.0)  # Ann
    second = contact("9:00", talk=300.0, hold=300.0)  # Bob
    run = play(table([group]), [first, second, contact("9:05"), contact("9:06")])
    assert agents(run) == ["Ann", "Bob", "Bob", "Ann"]


def test_end_of_wrap_comes_before_coming_on(tmp_path: Path):
    group = rostered(tmp_path, "g", ["Ann, work, 9:10, 12:00", "Bob, work, 8:00, 12:00"])
    run = play(
        table([group]),
        [contact("9:00", talk=300.0, wrap=300.0), contact("9:05"), contact("9:06")],
    )
    assert agents(run) == ["Bob", "Bob", "Ann"]


def test_coming_on_comes_before_the_end_of_patience(tmp_path: Path):
    group = rostered(tmp_path, "g", ["Ann, work, 9:10, 12:00"])
    run = play(table([group]), [contact("9:00", patience=600.0)])
    assert outcomes(run) == ["answered"]
    assert waits(run) == [600.0]


def test_the_end_of_patience_comes_before_closing():
    day = table([staffed("g", 0)], clock={"at_close": "drop"})
    run = play(day, [contact("11:50", patience=600.0), contact("11:50", patience=601.0)])
    assert outcomes(run) == ["abandoned", "dropped"]


def test_closing_comes_before_an_arrival():
    # type a closes at 10:00 and drops its caller, whose line the arrival of type b then finds
    types = [{"name": "a", "hours": {"daily": "08:00-10:00"}}, {"name": "b"}]
    day = table(
        [{"name": "g", "skills": {"b": 1}, "staffing": 1}],
        types,
        clock={"at_close": "drop"},
        trunks={"lines": 1},
    )
    run = play(day, [contact("9:59", 0), contact("10:00", 1)])
    assert outcomes(run) == ["dropped", "answered"]


def test_an_arrival_comes_before_the_end_of_an_ivr():
    types = [
        {"name": "a", "ivr": {"duration": {"distribution": "constant", "value": 60}}},
        {"name": "b"},
    ]
    day = table([{"name": "g", "skills": {"a": 1, "b": 1}, "staffing": 1}], types)
    run = play(day, [contact("9:00", 0, ivr=60.0), contact("9:01", 1)])
    assert waits(run) == [60.0, 0.0]


@pytest.mark.parametrize("closing", ["serve", "drop"])
def test_patience_and_a_freed_agent_at_one_instant_is_an_answer(closing: str):
    day = table([staffed("g", 1)], clock={"at_close": closing})
    run = play(day, [contact("9:00", talk=600.0), contact("9:05", patience=300.0)])
    assert outcomes(run) == ["answered", "answered"]


def test_within_a_rank_the_lower_number_is_first(tmp_path: Path):
    # both talks end at 9:10; the freed agents are asked in the order of their contacts
    group = rostered(tmp_path, "g", ["Ann, work, 8:00, 12:00", "Bob, work, 8:00, 12:00"])
    contacts = [contact("9:00", talk=600.0), contact("9:05", talk=300.0)]
    run = play(table([group]), [*contacts, contact("9:06"), contact("9:07")])
    assert agents(run) == ["Ann", "Bob", "Ann", "Bob"]


def test_agents_who_come_on_together_come_in_the_order_of_the_scenario(tmp_path: Path):
    rows = ["Zoe, work, 9:00, 12:00", "Ann, work, 9:00, 12:00"]
    run = play(table([rostered(tmp_path, "g", rows)]), [contact("8:30"), contact("8:31")])
    assert agents(run) == ["Zoe", "Ann"]


def test_who_idles_equally_long_is_chosen_by_number(tmp_path: Path):
    rows = ["Zoe, work, 9:00, 12:00", "Ann, work, 9:00, 12:00"]
    run = play(table([rostered(tmp_path, "g", rows)]), [contact("9:30"), contact("9:30:10")])
    assert agents(run) == ["Zoe", "Ann"]


def test_an_empty_talk_ends_before_anything_else_of_its_instant(tmp_path: Path):
    # three arrivals at one instant, one agent, no handling time: all are answered at once
    group = rostered(tmp_path, "g", ["Ann, work, 8:00, 12:00"])
    run = play(table([group]), [contact("9:00", talk=0.0) for _ in range(3)])
    assert waits(run) == [0.0, 0.0, 0.0]
