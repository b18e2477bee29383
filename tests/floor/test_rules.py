"""The rules of the floor on hand-worked days."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simcenter.files.scenario import resolve
from simcenter.workload.agents import draw_agents
from simcenter.workload.draws import LEAVES_IVR, SERVES_SELF
from tests.floor.stage import (
    agents,
    at,
    contact,
    outcomes,
    play,
    rostered,
    staffed,
    states,
    table,
    waits,
)

IVR = {"duration": {"distribution": "constant", "value": 30}}


def on_floor(run, agent):
    """Return (start, end) of the unbroken stretches of an agent on the floor."""
    stretches = []
    for state, start, end in states(run, agent):
        if state not in {"talk", "hold", "wrap", "available"}:
            continue
        if stretches and stretches[-1][1] == start:
            stretches[-1][1] = end
        else:
            stretches.append([start, end])
    return [tuple(stretch) for stretch in stretches]


class TestLines:
    def test_an_arrival_without_a_free_line_is_blocked(self):
        day = table([staffed("g", 2)], trunks={"lines": 1})
        run = play(day, [contact("9:00", talk=60.0), contact("9:00:30"), contact("9:01")])
        assert outcomes(run) == ["answered", "blocked", "answered"]

    def test_a_line_is_held_through_hold_and_not_through_wrap(self):
        day = table([staffed("g", 2)], trunks={"lines": 1})
        first = contact("9:00", talk=60.0, hold=60.0, wrap=600.0)
        run = play(day, [first, contact("9:01:30"), contact("9:02:30")])
        assert outcomes(run) == ["answered", "blocked", "answered"]

    def test_abandoning_frees_the_line(self):
        day = table([staffed("g", 0)], trunks={"lines": 1})
        run = play(day, [contact("9:00", patience=30.0), contact("9:00:30", patience=5.0)])
        assert outcomes(run) == ["abandoned", "abandoned"]

    def test_no_lines_block_everybody(self):
        run = play(table([staffed("g", 1)], trunks={"lines": 0}), [contact("9:00")])
        assert outcomes(run) == ["blocked"]
        assert np.isnan(run.contacts.queue_entry[0])


class TestIvr:
    def test_the_outcome_is_the_contacts_own_draw(self):
        day = table([staffed("g", 1)], [{"name": "a", "ivr": IVR}])
        run = play(
            day,
            [
                contact("9:00", ivr=30.0, fate=SERVES_SELF),
                contact("9:10", ivr=45.0, fate=LEAVES_IVR),
                contact("9:20", ivr=50.0),
            ],
        )
        assert outcomes(run) == ["self_served", "ivr_abandoned", "answered"]
        assert list(run.contacts.ivr_s) == [30.0, 45.0, 50.0]
        assert run.contacts.queue_entry[2] == at("9:20:50")
        assert waits(run)[2] == 0.0


class TestQueue:
    def test_who_balks_leaves_only_when_nobody_is_idle(self):
        run = play(
            table([staffed("g", 1)]),
            [contact("9:00", balks=True), contact("9:00:30", balks=True), contact("9:00:40")],
        )
        assert outcomes(run) == ["answered", "abandoned", "answered"]
        assert waits(run) == [0.0, 0.0, 20.0]

    def test_zero_patience_leaves_at_once_unless_answered_at_once(self):
        run = play(table([staffed("g", 1)]), [contact("9:00", patience=0.0)] * 2)
        assert outcomes(run) == ["answered", "abandoned"]

    def test_wait_equals_patience_of_who_gives_up(self):
        patience = 12345 / 65536
        run = play(table([staffed("g", 0)]), [contact("9:00", patience=patience)])
        assert waits(run) == [patience]


class TestBreaks:
    ROWS = ("Ann, work, 8:00, 12:00", "Ann, break, 9:00, 9:15")

    def test_a_late_break_keeps_its_length(self, tmp_path: Path):
        day = table([rostered(tmp_path, "g", self.ROWS)])
        run = play(day, [contact("8:55", talk=600.0), contact("9:10")])
        assert ("break", at("9:05"), at("9:20")) in states(run, "Ann")
        assert waits(run)[1] == 600.0

    def test_a_late_break_may_keep_its_end(self, tmp_path: Path):
        day = table([rostered(tmp_path, "g", self.ROWS, late_breaks="keep-end")])
        run = play(day, [contact("8:55", talk=600.0)])
        assert ("break", at("9:05"), at("9:15")) in states(run, "Ann")

    def test_a_break_that_keeps_its_end_and_is_over_is_skipped(self, tmp_path: Path):
        day = table([rostered(tmp_path, "g", self.ROWS, late_breaks="keep-end")])
        run = play(day, [contact("8:55", talk=1200.0), contact("8:56")])
        assert "break" not in [state for state, _, _ in states(run, "Ann")]
        assert waits(run)[1] == 19 * 60.0
        assert on_floor(run, "Ann") == [(at("8:00"), at("12:00"))]

    def test_other_activities_keep_their_end(self, tmp_path: Path):
        rows = ("Ann, work, 8:00, 12:00", "Ann, meeting, 9:00, 9:30")
        run = play(table([rostered(tmp_path, "g", rows)]), [contact("8:55", talk=600.0)])
        assert ("meeting", at("9:05"), at("9:30")) in states(run, "Ann")

    def test_the_end_of_the_shift_ends_a_late_break(self, tmp_path: Path):
        rows = ("Ann, work, 8:00, 9:30", "Ann, break, 9:00, 9:15")
        run = play(table([rostered(tmp_path, "g", rows)]), [contact("8:55", talk=1500.0)])
        assert states(run, "Ann")[-1] == ("break", at("9:20"), at("9:30"))

    def test_a_contact_is_finished_wrap_included_before_a_break(self, tmp_path: Path):
        day = table([rostered(tmp_path, "g", self.ROWS)])
        run = play(day, [contact("8:58", talk=60.0, hold=60.0, wrap=60.0)])
        assert [state for state, _, _ in states(run, "Ann")][:5] == [
            "available", "talk", "hold", "wrap", "break",
        ]  # fmt: skip
        assert ("break", at("9:01"), at("9:16")) in states(run, "Ann")

    def test_a_late_break_pushes_the_next_one(self, tmp_path: Path):
        rows = (*self.ROWS, "Ann, lunch, 9:15, 9:45")
        run = play(table([rostered(tmp_path, "g", rows)]), [contact("8:55", talk=600.0)])
        assert ("break", at("9:05"), at("9:20")) in states(run, "Ann")
        assert ("lunch", at("9:20"), at("9:50")) in states(run, "Ann")


class TestComingAndGoing:
    def test_lateness_delays_every_come_back(self, tmp_path: Path):
        rows = ("Ann, work, 8:00, 12:00", "Ann, break, 9:00, 9:15")
        late = {"distribution": "constant", "value": 120}
        run = play(table([rostered(tmp_path, "g", rows, lateness=late)]), [])
        assert states(run, "Ann") == [
            ("late", at("8:00"), at("8:02")),
            ("available", at("8:02"), at("9:00")),
            ("break", at("9:00"), at("9:15")),
            ("late", at("9:15"), at("9:17")),
            ("available", at("9:17"), at("12:00")),
        ]

    def test_lateness_never_outlasts_the_stretch(self, tmp_path: Path):
        rows = ("Ann, work, 8:00, 8:10", "Ann, work, 9:00, 10:00")
        late = {"distribution": "constant", "value": 1200}
        run = play(table([rostered(tmp_path, "g", rows, lateness=late)]), [])
        assert states(run, "Ann") == [
            ("late", at("8:00"), at("8:10")),
            ("late", at("9:00"), at("9:20")),
            ("available", at("9:20"), at("10:00")),
        ]

    def test_an_absent_agent_is_absent_all_day(self, tmp_path: Path):
        rows = ("Ann, work, 8:00, 12:00", "Ann, lunch, 9:00, 9:30", "Bob, work, 8:00, 12:00")
        run = play(table([rostered(tmp_path, "g", rows, absent=2)]), [contact("9:00")])
        assert states(run, "Ann") == [("absent", at("8:00"), at("12:00"))]
        assert outcomes(run) == ["dropped"]

    def test_overtime_is_spent_on_the_contact_in_hand(self, tmp_path: Path):
        group = rostered(tmp_path, "g", ("Ann, work, 8:00, 9:00",))
        run = play(table([group]), [contact("8:59", talk=300.0), contact("8:59:30")])
        assert on_floor(run, "Ann") == [(at("8:00"), at("9:04"))]
        assert outcomes(run) == ["answered", "dropped"]

    def test_a_split_shift_has_two_stretches(self, tmp_path: Path):
        rows = ("Ann, work, 8:00, 9:00", "Ann, work, 10:00, 11:00")
        run = play(table([rostered(tmp_path, "g", rows)]), [contact("9:30")])
        assert on_floor(run, "Ann") == [(at("8:00"), at("9:00")), (at("10:00"), at("11:00"))]
        assert waits(run) == [1800.0]

    def test_overtime_of_one_stretch_delays_the_next(self, tmp_path: Path):
        rows = ("Ann, work, 8:00, 9:00", "Ann, work, 9:10, 11:00")
        run = play(table([rostered(tmp_path, "g", rows)]), [contact("8:55", talk=1800.0)])
        assert on_floor(run, "Ann") == [(at("8:00"), at("11:00"))]

    def test_a_night_shift_crosses_midnight(self, tmp_path: Path):
        rows = ("1, Ann, work, 22:00, 6:00", "1, Ann, break, 1:00, 1:15")
        clock = {"opens": "00:00", "closes": "24:00", "days": 2}
        run = play(
            table([rostered(tmp_path, "g", rows)], clock=clock), [contact("23:59", talk=120.0)]
        )
        assert on_floor(run, "Ann") == [(at("22:00"), at("25:00")), (at("25:15"), at("30:00"))]


class TestClosing:
    def test_counted_agents_stay_until_the_queue_and_the_ivr_are_empty(self):
        day = table([staffed("g", 1)], [{"name": "a", "ivr": IVR}])
        last = contact("11:59:59", ivr=600.0, talk=60.0)
        run = play(day, [contact("11:50", ivr=0.0, talk=1200.0), last])
        assert outcomes(run) == ["answered", "answered"]
        assert on_floor(run, "g 1") == [(at("8:00"), at("12:11"))]

    def test_counted_agents_leave_at_closing_when_nobody_is_inside(self):
        run = play(table([staffed("g", 2)]), [contact("11:59", talk=600.0)])
        assert on_floor(run, "g 1") == [(at("8:00"), at("12:09"))]
        assert on_floor(run, "g 2") == [(at("8:00"), at("12:00"))]

    def test_a_rostered_agent_serves_until_the_roster_ends_and_the_rest_is_dropped(
        self, tmp_path: Path
    ):
        group = rostered(tmp_path, "g", ("Ann, work, 8:00, 12:10",))
        contacts = [
            contact("11:59", talk=360.0),
            contact("11:59:10", talk=600.0),
            contact("11:59:20"),
        ]
        run = play(table([group]), contacts)
        assert outcomes(run) == ["answered", "answered", "dropped"]
        assert waits(run)[2] == at("12:10") - at("11:59:20")

    def test_an_agent_due_after_closing_is_waited_for(self, tmp_path: Path):
        rows = ("Ann, work, 8:00, 9:00", "Ann, work, 12:30, 13:00")
        run = play(table([rostered(tmp_path, "g", rows)]), [contact("11:00")])
        assert outcomes(run) == ["answered"]
        assert waits(run) == [5400.0]

    def test_nobody_able_left_drops_at_closing_and_not_before(self, tmp_path: Path):
        group = rostered(tmp_path, "g", ("Ann, work, 8:00, 9:00",))
        run = play(table([group]), [contact("10:00"), contact("10:00", patience=60.0)])
        assert outcomes(run) == ["dropped", "abandoned"]
        assert waits(run)[0] == 7200.0

    def test_dropping_takes_the_queue_and_the_ivr_but_never_a_conversation(self):
        day = table([staffed("g", 1)], [{"name": "a", "ivr": IVR}], clock={"at_close": "drop"})
        run = play(
            day,
            [
                contact("11:50", ivr=0.0, talk=1200.0),
                contact("11:55", ivr=0.0),
                contact("11:59:50", ivr=30.0),
            ],
        )
        assert outcomes(run) == ["answered", "dropped", "dropped"]
        assert run.contacts.release[0] == at("12:10")
        assert run.contacts.ivr_s[2] == 10.0

    def test_days_that_abut_do_not_close(self):
        clock = {"opens": "00:00", "closes": "24:00", "days": 2, "at_close": "drop"}
        day = table([staffed("g", 1)], clock=clock)
        run = play(day, [contact("23:50", talk=1200.0), contact("23:55", day=1)])
        assert outcomes(run) == ["answered", "answered"]
        assert on_floor(run, "g 1") == [(0.0, at("48:00"))]

    def test_a_day_that_is_over_leaves_nobody_for_the_next(self):
        clock = {"days": 2}
        day = table([staffed("g", [0] * 8 + [1] * 8)], clock=clock)
        run = play(day, [contact("9:00"), contact("33:00", day=2)])
        assert outcomes(run) == ["dropped", "answered"]


class TestStaffingCounts:
    COUNTS = (3, 1, 1, 1, 2, 2, 2, 2)

    def test_the_largest_own_draw_leaves_first(self):
        scenario = resolve(table([staffed("g", list(self.COUNTS))]), "stage")
        draws = draw_agents(scenario, 1)
        leaving = np.zeros_like(draws.leaving)
        leaving[:, 1] = [0.9, 0.1, 0.5]
        run = play(scenario, [], replace(draws, leaving=leaving))
        assert on_floor(run, "g 2") == [(at("8:00"), at("12:00"))]
        assert on_floor(run, "g 1") == [(at("8:00"), at("8:30")), (at("10:00"), at("12:00"))]
        assert on_floor(run, "g 3") == [(at("8:00"), at("8:30"))]

    def test_idle_first_sends_the_longest_idle_then_the_busy_of_lowest_number(self):
        group = staffed("g", list(self.COUNTS), when_staffing_drops="idle-first")
        contacts = [contact("8:10", talk=3600.0), contact("8:11", talk=60.0)]
        run = play(table([group]), contacts)
        # 3 is idle since 8:00, 2 since 8:12, 1 is busy
        assert on_floor(run, "g 3") == [(at("8:00"), at("8:30"))]
        assert on_floor(run, "g 2")[0] == (at("8:00"), at("8:30"))
        contacts.append(contact("8:12", talk=3600.0))
        run = play(table([group]), contacts)
        assert on_floor(run, "g 2")[0] == (at("8:00"), at("8:30"))  # idle goes before busy
        assert on_floor(run, "g 1")[0] == (at("8:00"), at("9:10"))  # then the lowest busy number

    def test_who_still_finishes_is_recalled_first(self):
        group = staffed("g", [2, 0, 1, 1, 1, 1, 1, 1], when_staffing_drops="idle-first")
        run = play(table([group]), [contact("8:00"), contact("8:10", talk=7200.0)])
        assert agents(run) == ["g 1", "g 2"]
        assert on_floor(run, "g 2") == [(at("8:00"), at("12:00"))]
        assert on_floor(run, "g 1") == [(at("8:00"), at("8:30"))]

    def test_a_busy_agent_who_is_to_leave_takes_no_new_contact(self):
        group = staffed("g", [1, 0, 1, 1, 1, 1, 1, 1])
        run = play(table([group]), [contact("8:20", talk=1200.0), contact("8:25")])
        assert waits(run)[1] == at("9:00") - at("8:25")

    def test_absent_agents_lower_the_counts(self):
        run = play(table([staffed("g", 3, absent=1)]), [contact("9:00", talk=600.0)] * 3)
        assert waits(run) == [0.0, 0.0, 600.0]

    def test_shrinkage_makes_net_of_gross(self):
        run = play(table([staffed("g", 10, shrinkage=0.33)]), [])
        assert sorted(set(run.activities.agent)) == list(range(7))


class TestRouting:
    TYPES = ({"name": "a", "priority": 2}, {"name": "b", "priority": 1})

    @staticmethod
    def groups(*skills):
        return [{"name": f"g{n}", "skills": skill, "staffing": 1} for n, skill in enumerate(skills)]

    def test_the_best_skill_takes_an_entering_contact(self):
        day = table(self.groups({"a": 2}, {"a": 1}), self.TYPES)
        assert agents(play(day, [contact("9:00")])) == ["g1 1"]

    def test_the_longest_idle_takes_it_where_skill_is_equal_or_not_asked(self):
        day = table(
            self.groups({"a": 2}, {"a": 1}), self.TYPES, routing={"agent": ["longest-idle"]}
        )
        run = play(day, [contact("9:00", talk=1.0), contact("9:01", talk=1.0), contact("9:02")])
        assert agents(run) == ["g0 1", "g1 1", "g0 1"]

    def test_without_longest_idle_the_lowest_number_takes_it(self):
        day = table([staffed("g", 2)], routing={"agent": ["skill"]})
        run = play(day, [contact("9:00", talk=1.0), contact("9:01")])
        assert agents(run) == ["g 1", "g 1"]

    def test_fewest_contacts(self):
        day = table([staffed("g", 2)], routing={"agent": ["fewest-contacts"]})
        contacts = [contact(f"9:0{n}", talk=1.0) for n in range(4)]
        assert agents(play(day, contacts)) == ["g 1", "g 2", "g 1", "g 2"]

    def test_least_occupied(self):
        day = table([staffed("g", 2)], routing={"agent": ["least-occupied"]})
        contacts = [
            contact("9:00", talk=1.0),
            contact("9:01", talk=90.0),
            contact("9:10", talk=5.0),
        ]
        assert agents(play(day, contacts)) == ["g 1", "g 2", "g 1"]

    @pytest.mark.parametrize(("share", "expected"), [(0.1, "g 1"), (0.4, "g 2"), (0.9, "g 3")])
    def test_random_takes_the_place_of_the_contacts_own_draw(self, share: float, expected: str):
        day = table([staffed("g", 3)], routing={"agent": ["random"]})
        run = play(day, [contact("9:00", choice=int(share * 2**32))])
        assert agents(run) == [expected]

    def answered_first(self, contact_criteria, skills=None, **types):
        """Return the type that a freed agent takes when both wait."""
        kinds = [{**kind, **types.get(kind["name"], {})} for kind in self.TYPES]
        group = {"name": "g", "skills": skills or {"a": 1, "b": 1}, "staffing": 1}
        day = table([group], kinds, routing={"contact": contact_criteria})
        contacts = [
            contact("9:00", 0, talk=600.0),
            contact("9:01", 0),
            contact("9:02", 1),
            contact("9:03", 0),
        ]
        run = play(day, contacts)
        return "ab"[run.contacts.contact_type[np.argsort(run.contacts.answer)[1]]]

    def test_priority(self):
        assert self.answered_first(["priority", "longest-wait"]) == "b"

    def test_longest_wait(self):
        assert self.answered_first(["longest-wait"]) == "a"

    def test_skill(self):
        assert self.answered_first(["skill", "longest-wait"], {"a": 2, "b": 1}) == "b"

    def test_longest_queue(self):
        assert self.answered_first(["longest-queue", "longest-wait"]) == "a"

    def test_wait_over_target(self):
        over = {"target": {"answer_within_seconds": 300}}
        assert self.answered_first(["wait-over-target"], a=over) == "b"

    def test_random_follows_the_sum_of_the_choices(self):
        day = table([staffed("g", 1)], routing={"contact": ["random"]})
        waiting = [contact("9:01", choice=2**31), contact("9:02", choice=2**30)]
        run = play(day, [contact("9:00", talk=600.0), *waiting])
        # (0.5 + 0.25) of two places is the second
        assert waits(run)[2] < waits(run)[1]

    def test_random_contacts_are_each_as_likely(self):
        rng = np.random.default_rng(5)
        day = resolve(table([staffed("g", 1)], routing={"contact": ["random"]}), "stage")
        first = np.zeros(4)
        for _ in range(400):
            choices = rng.integers(0, 2**32, 4).tolist()
            waiting = [contact(f"9:0{n + 1}", choice=c) for n, c in enumerate(choices)]
            run = play(day, [contact("9:00", talk=600.0), *waiting])
            first[np.argsort(run.contacts.answer)[1] - 1] += 1
        # chi-square with 3 degrees of freedom: 16.3 is passed once in a thousand
        assert float(np.sum((first - 100) ** 2 / 100)) < 16.3

    def test_an_agent_answers_only_what_it_can(self):
        day = table(self.groups({"a": 1}, {"b": 1}), self.TYPES)
        contacts = [contact("9:00", 0, talk=600.0), contact("9:01", 0), contact("9:02", 1)]
        assert agents(play(day, contacts)) == ["g0 1", "g0 1", "g1 1"]


def test_handle_factors_scale_and_land_on_the_grid():
    group = staffed("g", 1, handle_factor=1.1)
    run = play(table([group]), [contact("9:00", talk=100.0, hold=10.0, wrap=1.0)])
    assert run.contacts.talk_s[0] == round(110.0 * 65536) / 65536
    assert run.contacts.wrap_end[0] == at("9:00") + sum(
        round(s * 1.1 * 65536) / 65536 for s in (100.0, 10.0, 1.0)
    )


def test_a_day_without_contacts_or_agents_runs():
    assert outcomes(play(table([]), [])) == []
    assert outcomes(play(table([]), [contact("9:00"), contact("9:00", patience=1.0)])) == [
        "dropped",
        "abandoned",
    ]


def test_a_day_without_opening_runs():
    run = play(table([staffed("g", 3)], clock={"opens": "08:00", "closes": "08:00"}), [])
    assert len(run.contacts) == 0


def test_a_count_whose_agents_are_absent_gives_no_hope():
    kind = {"name": "a", "hours": {"daily": "08:00-09:30"}}
    group = staffed("g", [0, 0, 0, 0, 0, 1, 0, 0])
    scenario = resolve(table([group], [kind]), "stage")
    draws = replace(draw_agents(scenario, 1), absent=np.ones((1, 1), dtype=bool))
    run = play(scenario, [contact("9:00")], draws)
    assert outcomes(run) == ["dropped"]
    assert waits(run) == [1800.0]
    assert states(run, "g 1") == [("absent", at("10:30"), at("11:00"))]
