"""The tests of the tests: faults planted in the floor, each caught by a check or an oracle."""

from __future__ import annotations

from pathlib import Path

import pytest

from simcenter.errors import InvariantError
from simcenter.floor import process
from simcenter.floor.acd import Acd
from simcenter.floor.process import Due, Floor
from simcenter.floor.records import Outcome
from simcenter.floor.ties import Rank, key
from tests.floor import test_against_oracles, test_ties
from tests.floor.stage import contact, play, rostered, staffed, table


def test_reversed_priority_is_caught_by_cobham(monkeypatch: pytest.MonkeyPatch):
    honest = Acd._worth

    def reversed_priority(self, criterion, *rest, **named):
        worth = honest(self, criterion, *rest, **named)
        return -worth if criterion == "priority" else worth

    monkeypatch.setattr(Acd, "_worth", reversed_priority)
    with pytest.raises(AssertionError):
        test_against_oracles.TestQueues().test_priority_as_cobham_says()


def test_last_come_first_served_is_caught_by_kiefer_and_wolfowitz(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Acd, "choose_contact", lambda self, *_: (self.waiting(0) or [None])[-1])
    with pytest.raises(AssertionError):
        test_against_oracles.TestWaitsToTheLastBit().test_first_come_first_served(1, 1.0, 3)


def test_a_dropped_abandonment_is_caught(monkeypatch: pytest.MonkeyPatch):
    honest = Floor.ends

    def forgets(self, caller, outcome):
        if outcome != Outcome.abandoned:
            honest(self, caller, outcome)

    monkeypatch.setattr(Floor, "ends", forgets)
    with pytest.raises(InvariantError, match="did not end"):
        play(table([staffed("g", 0)]), [contact("9:00", patience=60.0)])


def test_a_break_that_ends_a_call_is_caught(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def cut_short(self, worker, caller):
        leave = min(
            segment.end
            for shift in self.scenario.agents[worker.number].shifts
            for segment in shift.segments
            if segment.activity == "work" and segment.end > self.env.now
        )
        talk = min(caller.talk, leave - self.env.now)
        yield Due(self.env, talk, key(Rank.END_OF_TALK, caller.number))

    monkeypatch.setattr(Floor, "handle", cut_short)
    rows = ("Ann, work, 8:00, 12:00", "Ann, break, 9:00, 9:15")
    with pytest.raises(InvariantError, match="two things"):
        play(table([rostered(tmp_path, "g", rows)]), [contact("8:55", talk=600.0)])


def test_patience_that_lasts_too_long_is_caught(monkeypatch: pytest.MonkeyPatch):
    honest = Floor.after

    def twice(self, delay, rank, number):
        return honest(self, delay * 2 if rank == Rank.PATIENCE_ENDS else delay, rank, number)

    monkeypatch.setattr(Floor, "after", twice)
    with pytest.raises(InvariantError, match="exceeds the patience"):
        play(table([staffed("g", 0)]), [contact("9:00", patience=60.0)])


def test_patience_before_a_freed_agent_is_caught_by_a_hand_worked_day(
    monkeypatch: pytest.MonkeyPatch,
):
    def wrong(rank: int, number: int) -> int:
        return key(Rank.GOES_OFF if rank == Rank.PATIENCE_ENDS else rank, number)

    monkeypatch.setattr(process, "key", wrong)
    with pytest.raises(AssertionError):
        test_ties.test_patience_and_a_freed_agent_at_one_instant_is_an_answer("serve")


def test_an_answer_without_the_skill_is_caught(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Acd, "choose_agent", lambda self, *_: self.workers[0])
    groups = [
        {"name": "g", "skills": {"b": 1}, "staffing": 1},
        {"name": "h", "skills": {"a": 1}, "staffing": 1},
    ]
    with pytest.raises(InvariantError, match="without the skill"):
        play(table(groups, [{"name": "a"}, {"name": "b"}]), [contact("9:00")])


def test_a_line_given_back_twice_is_caught(monkeypatch: pytest.MonkeyPatch):
    honest = Floor.line_is_free

    def twice(self):
        honest(self)
        honest(self)

    monkeypatch.setattr(Floor, "line_is_free", twice)
    contacts = [contact("9:00", patience=1.0), *(contact("9:01") for _ in range(4))]
    with pytest.raises(InvariantError, match="held a line"):
        play(table([staffed("g", 0)], trunks={"lines": 1}), contacts)


def test_work_begun_off_shift_is_caught(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    honest = Floor.told_to_leave

    def ten_minutes_late(self, worker):
        event = self.after(600.0, Rank.GOES_OFF, worker.number)
        event.callbacks = [lambda _: honest(self, worker)]

    monkeypatch.setattr(Floor, "told_to_leave", ten_minutes_late)
    group = rostered(tmp_path, "g", ("Ann, work, 8:00, 9:00",))
    with pytest.raises(InvariantError, match="off shift"):
        play(table([group]), [contact("8:59", talk=300.0), contact("9:01")])


def test_a_second_of_a_shift_in_no_state_is_caught(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(Floor, "spell", lambda *_: None)
    rows = ("Ann, work, 8:00, 12:00", "Ann, break, 9:00, 9:15")
    with pytest.raises(InvariantError, match="in no state"):
        play(table([rostered(tmp_path, "g", rows)]), [])
