"""What the rules permit, held against a check minute by minute that shares no code with them."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simcenter.errors import InputError
from simcenter.files.scenario import load
from simcenter.model.roster_rules import RulesSpec
from simcenter.model.scenario import Agent, Scenario, Segment, Shift
from simcenter.validation.repair.moves import Permitted, State, permitted_moves
from simcenter.validation.repair.pressure import DEPTH, Pressure, looks_of
from simcenter.validation.repair.program import program_of
from simcenter.validation.repair.rules import worsened
from simcenter.validation.repair.shifts import activities_of, shift_of
from tests.validation.desk import rostered, shift

DAY = 1440
PAUSES = ("break", "lunch")


def minutes_of(shifts: Sequence[Shift], days: int) -> list[str]:
    """Return what an agent does in each minute; empty: off."""
    told = [""] * (days + 2) * DAY
    for one in shifts:
        for part in one.segments:
            for minute in range(int(part.start // 60), int(part.end // 60)):
                told[minute] = part.activity
    return told


def runs(told: list[str]) -> list[tuple[int, int]]:
    """Return (start, end) of each unbroken stretch in which an agent is there."""
    found, begin = [], None
    for minute, what in enumerate([*told, ""]):
        if what and begin is None:
            begin = minute
        if not what and begin is not None:
            found.append((begin, minute))
            begin = None
    return found


def faults(told: list[str], days: int, rules: RulesSpec) -> dict[Any, float]:
    """Return by how many minutes each limit is passed."""
    found: dict[Any, float] = {}
    stretches = runs(told)
    for number, (begin, end) in enumerate(stretches):
        pauses = [m for m in range(begin, end) if told[m] in PAUSES]
        if rules.least_minutes_to_first_break is not None and pauses:
            found["first", number] = rules.least_minutes_to_first_break - (pauses[0] - begin)
        if rules.longest_stretch_minutes is not None:
            marks = [begin - 1, *pauses, end]
            longest = max(b - a - 1 for a, b in itertools.pairwise(marks))
            found["stretch", number] = longest - rules.longest_stretch_minutes
    if rules.rest_hours is not None:
        for number in range(len(stretches) - 1):
            one, other = stretches[number], stretches[number + 1]
            if one[0] // DAY != other[0] // DAY:
                found["rest", number] = rules.rest_hours * 60 - (other[0] - one[1])
    if rules.daily_hours is not None:
        for day in range(days):
            begun = [run for run in stretches if run[0] // DAY == day]
            paid = sum(told[m] != "lunch" for a, b in begun for m in range(a, b))
            found["daily", day] = paid - rules.daily_hours * 60
    if rules.weekly_hours is not None:  # the two days are of one week
        paid = sum(what not in ("", "lunch") for what in told)
        found["weekly"] = paid - rules.weekly_hours * 60
    return {limit: excess for limit, excess in found.items() if excess > 0}


def check(before: Scenario, after: Scenario) -> None:
    """Assert that a changed roster keeps every rule that the first one kept."""
    rules, days = before.roster_rules, before.clock.days
    paused = [np.zeros((days + 2) * DAY, dtype=int) for _ in range(2)]
    for one, other in zip(before.agents, after.agents, strict=True):
        told = [minutes_of(agent.shifts, days) for agent in (one, other)]
        old, new = (faults(t, days, rules) for t in told)
        assert all(excess <= old.get(limit, 0) for limit, excess in new.items()), one.name
        for count, t in zip(paused, told, strict=True):
            count += [what in PAUSES for what in t]
        _check_locked(rules, one, other)
        _check_moves(rules, one, other)
    if isinstance(rules.most_on_break, int):
        assert np.all(paused[1] <= np.maximum(paused[0], rules.most_on_break))


def _check_locked(rules: RulesSpec, one: Agent, other: Agent) -> None:
    for entry in rules.locked:
        if not fnmatchcase(one.name, entry.agent):
            continue
        for old, new in zip(one.shifts, other.shifts, strict=True):
            if entry.day not in (None, old.day):
                continue
            if entry.activity in (None, "work"):
                assert (old.start, old.end) == (new.start, new.end)
            names = {entry.activity} if entry.activity else {p.activity for p in old.segments}
            for name in names - {"work"}:
                assert [p for p in old.segments if p.activity == name] == [
                    p for p in new.segments if p.activity == name
                ]


def _check_moves(rules: RulesSpec, one: Agent, other: Agent) -> None:
    """Nothing that may not move has moved, and nothing too far or too short."""
    for old, new in zip(one.shifts, other.shifts, strict=True):
        assert old.day == new.day
        for p, q in zip(activities_of(old), activities_of(new), strict=True):
            rule = rules.move.get(p.activity)
            assert p.activity == q.activity
            assert p.end - p.start == q.end - q.start
            assert abs(p.start - q.start) <= (rule.minutes * 60 if rule else 0)
            assert (q.start - p.start) % (rules.step_minutes * 60) == 0
            if rule and rule.between and p != q:
                clock = q.start - (new.day - 1) * 86400
                assert any(a <= clock and clock + q.end - q.start <= b for a, b in rule.between)
            if q.activity in PAUSES and p != q:
                assert new.start < q.start
                assert q.end < new.end
        longer = (new.end - new.start) - (old.end - old.start)
        spans = rules.shifts
        assert abs(new.start - old.start) <= (spans.minutes * 60 if spans else 0)
        assert longer <= (spans.longer_minutes * 60 if spans else 0)
        assert -longer <= (spans.shorter_minutes * 60 if spans else 0)


@st.composite
def rules(draw: st.DrawFn) -> RulesSpec:
    """Draw rules of every kind."""
    some = lambda low, high: st.none() | st.integers(low, high).map(float)  # noqa: E731
    table: dict[str, Any] = {
        "step_minutes": draw(st.sampled_from([15, 30])),
        "move": {
            "break": {"minutes": draw(st.sampled_from([0.0, 30.0, 90.0]))},
            "lunch": {
                "minutes": draw(st.sampled_from([0.0, 60.0])),
                "between": draw(st.none() | st.just(("11:00-13:30",))),
            },
        },
        "least_minutes_to_first_break": draw(some(30, 150)),
        "longest_stretch_minutes": draw(some(90, 300)),
        "most_on_break": draw(st.none() | st.integers(0, 2)),
        "rest_hours": draw(some(8, 16)),
        "daily_hours": draw(some(5, 9)),
        "weekly_hours": draw(some(8, 18)),
    }
    if draw(st.booleans()):
        table["shifts"] = {
            "minutes": draw(st.sampled_from([0.0, 60.0, 120.0])),
            "longer_minutes": draw(st.sampled_from([0.0, 60.0])),
            "shorter_minutes": draw(st.sampled_from([0.0, 60.0])),
        }
    locked = draw(
        st.lists(
            st.fixed_dictionaries(
                {"agent": st.sampled_from(["a*", "b1", "*"])},
                optional={
                    "day": st.sampled_from([1, 2]),
                    "activity": st.sampled_from(["work", "break", "lunch"]),
                },
            ),
            max_size=2,
        )
    )
    return RulesSpec.model_validate({**table, "locked": locked})


@st.composite
def shifts(draw: st.DrawFn) -> tuple[Shift, ...]:
    """Draw a shift for each of two days, with two breaks and a lunch or less."""
    found = []
    for day in (1, 2):
        if draw(st.integers(0, 4)) == 0:
            continue
        begin = (day - 1) * 86400 + draw(st.integers(24, 44)) * 900.0
        length = draw(st.integers(16, 36)) * 900.0
        marks = sorted(draw(st.sets(st.integers(1, int(length // 900) - 3), max_size=3)))
        activities, last = [], 0
        for mark in marks:
            name = draw(st.sampled_from(["break", "lunch", "meeting"]))
            size = 1 if name == "break" else 2
            if mark >= last:
                at = begin + mark * 900.0
                activities.append(Segment(name, at, at + size * 900.0))
                last = mark + size + 1
        found.append(shift_of(day, begin, begin + length, tuple(activities)))
    return tuple(found)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    rows = [row for n in range(6) for row in shift(f"{'ab'[n % 2]}{n // 2}", "08:00-16:00")]
    folder = tmp_path_factory.mktemp("desk")
    return rostered(folder, rows, closes="20:00", days=2)


def with_shifts_and_rules(
    desk: Scenario, drawn: Sequence[tuple[Shift, ...]], spec: RulesSpec
) -> Scenario:
    agents = tuple(
        dataclasses.replace(agent, shifts=own)
        for agent, own in zip(desk.agents, drawn, strict=True)
    )
    return dataclasses.replace(desk, agents=agents, roster_rules=spec)


def any_pressure(scenario: Scenario, seed: int) -> Pressure:
    """Return a pressure as no simulation would give it: drawn at random, but concave."""
    looks = looks_of(scenario)
    random = np.random.default_rng(seed)
    shape = (1, len(looks.start), DEPTH)
    more = -np.sort(-random.random(shape), axis=2)
    fewer = np.sort(random.random(shape), axis=2) + more[..., :1]
    ones = np.ones((1, len(looks.start)))
    return Pressure(looks, (0,), more, fewer, ones, ones, np.zeros(shape[:2], dtype=np.int64))


@settings(max_examples=60)
@given(
    drawn=st.lists(shifts(), min_size=6, max_size=6),
    spec=rules(),
    seed=st.integers(0, 99),
    sizes=st.lists(st.integers(1, 12), min_size=1, max_size=3),
    more_hours=st.booleans(),
)
def test_no_plan_breaks_a_rule_or_touches_what_is_locked(
    desk: Scenario,
    drawn: list[tuple[Shift, ...]],
    spec: RulesSpec,
    seed: int,
    sizes: list[int],
    more_hours: bool,
):
    base = with_shifts_and_rules(desk, drawn, spec)
    state = State(base)
    permitted = Permitted(shifts=True, more_hours=more_hours)
    for turn, size in enumerate(sizes):
        moves = permitted_moves(state, permitted)
        program = program_of(state, moves, any_pressure(base, seed + turn))
        state = state.made(program.plan(size, more_hours=more_hours))
        check(base, state.scenario)
        assert worsened(base, state.scenario) == ()
        if not more_hours:
            assert state.paid_seconds <= 1e-6


@settings(max_examples=100)
@given(drawn=st.lists(shifts(), min_size=6, max_size=6), spec=rules(), pick=st.integers(0, 10**6))
def test_no_single_move_breaks_a_rule(
    desk: Scenario, drawn: list[tuple[Shift, ...]], spec: RulesSpec, pick: int
):
    base = with_shifts_and_rules(desk, drawn, without_crowds(spec))
    state = State(base)
    for turn in range(3):
        moves = permitted_moves(state, Permitted(shifts=True))
        if not moves:
            return
        state = state.made([(moves[(pick + turn) % len(moves)], 1)])
        check(base, state.scenario)


def without_crowds(spec: RulesSpec) -> RulesSpec:
    """Return rules without the one limit that is about several agents at once."""
    return spec.model_copy(update={"most_on_break": None})


def test_the_check_finds_a_broken_rule(desk: Scenario):
    """The test of the test: a roster that breaks each rule is found out."""
    work = shift_of(1, 28800.0, 57600.0, (Segment("break", 36000.0, 36900.0),))
    early = shift_of(1, 28800.0, 57600.0, (Segment("break", 29700.0, 30600.0),))
    for spec in (
        {"least_minutes_to_first_break": 60.0},
        {"longest_stretch_minutes": 400.0},
        {"locked": ({"agent": "a0", "activity": "break"},)},
        {"move": {"break": {"minutes": 60.0}}},
    ):
        found = RulesSpec.model_validate(spec)
        full = {"move": {"break": {"minutes": 600.0}}} | spec
        base = with_shifts_and_rules(desk, [(work,)] * 6, RulesSpec.model_validate(full))
        changed = with_shifts_and_rules(desk, [(early,), *[(work,)] * 5], found)
        with pytest.raises(AssertionError):
            check(base, changed)
    limits = RulesSpec(least_minutes_to_first_break=60.0, most_on_break=0)
    base = with_shifts_and_rules(desk, [(work,)] * 6, limits)
    changed = with_shifts_and_rules(desk, [(early,), *[(work,)] * 5], limits)
    assert worsened(base, changed) == ("a0", "desk")


def test_a_template_is_the_only_shift_that_there_may_be(desk: Scenario):
    spec = RulesSpec.model_validate(
        {"shifts": {"minutes": 120.0, "templates": ["07:00-15:00", "09:00-17:00", "12:00-20:00"]}}
    )
    base = with_shifts_and_rules(desk, [(shift_of(1, 28800.0, 57600.0, ()),)] * 6, spec)
    moves = permitted_moves(State(base), Permitted(shifts=True))
    assert {(m.shift[1].start / 3600, m.shift[1].end / 3600) for m in moves if m.shift} == {
        (7.0, 15.0),
        (9.0, 17.0),
    }


def test_by_default_breaks_alone_move_and_by_an_hour(desk: Scenario):
    lunch, pause = Segment("lunch", 43200.0, 45000.0), Segment("break", 36000.0, 36900.0)
    own = shift_of(1, 28800.0, 57600.0, (pause, lunch))
    base = with_shifts_and_rules(desk, [(own,)] * 6, RulesSpec())
    moves = permitted_moves(State(base), Permitted(shifts=True))
    starts = {activities_of(m.shift[1])[0].start for m in moves if m.shift and m.agent == 0}
    assert starts == {36000.0 + step * 900.0 for step in (-4, -3, -2, -1, 1, 2, 3, 4)}
    assert all(activities_of(m.shift[1])[1] == lunch for m in moves if m.shift)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"mov": {}}, "rules.mov: unknown key 'mov'; did you mean 'move'?"),
        ({"move": {"lunhc": {}}}, "rules.move: unknown activity 'lunhc'; did you mean 'lunch'?"),
        ({"move": {"work": {}}}, "rules.move.work: shifts are moved by rules.shifts"),
        (
            {"move": {"break": {"minutes": -1}}},
            "rules.move.break.minutes: got -1; must be at least 0",
        ),
        ({"pauses": ["brake"]}, "rules.pauses: unknown activity 'brake'; did you mean 'break'?"),
        ({"most_on_break": {"desc": 1}}, "unknown group 'desc'; did you mean 'desk'?"),
        ({"most_on_break": 1.5}, "must be a whole number, or a table of whole numbers per group"),
        ({"locked": [{"agent": "bo"}]}, "rules.locked[1].agent: unknown agent 'bo'"),
        ({"locked": [{"group": "d"}]}, "rules.locked[1].group: unknown group 'd'"),
        ({"locked": [{"day": 3}]}, "rules.locked[1].day: day 3 is not in the scenario"),
        ({"locked": [{"activity": "x"}]}, "rules.locked[1].activity: unknown activity 'x'"),
        ({"shifts": {"templates": ["8-16"]}}, "must be two clocks such as '11:30-14:00'"),
        ({"step_minutes": 7}, "rules.step_minutes: got 7; must be one of 5, 10, 15, 20, 30, 60"),
        ({"rest_hours": 0}, "rules.rest_hours: got 0; must be above 0"),
    ],
)
def test_rules_that_cannot_be_are_refused(tmp_path: Path, rules: dict[str, Any], words: str):
    with pytest.raises(InputError) as fault:
        rostered(tmp_path, shift("Bo", "08:00-11:00"), rules=rules)
    assert words in str(fault.value)


def test_rules_do_not_change_what_is_run(tmp_path: Path):
    plain = rostered(tmp_path, shift("Bo", "08:00-11:00"))
    ruled = load(tmp_path / "scenario.toml", settings=["rules.rest_hours=11"])
    assert ruled.hash == plain.hash
    assert ruled.roster_rules.rest_hours == 11


def test_what_is_locked_by_date_is_locked_by_number(tmp_path: Path):
    scenario = rostered(tmp_path, shift("Bo", "08:00-11:00"), days=2)
    dated = load(
        tmp_path / "scenario.toml",
        settings=["clock.first_day=2026-03-02", "rules.locked=[{ day = 2026-03-03 }]"],
    )
    assert scenario.roster_rules.locked == ()
    assert dated.roster_rules.locked[0].day == 2
