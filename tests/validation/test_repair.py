"""Repairs of small rosters, where the best one is plain to see."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

import simcenter
from simcenter.errors import InputError
from simcenter.files.roster_file import write_roster
from simcenter.files.scenario import load
from simcenter.model.clock import clock_text
from simcenter.validation.repair import CountChange, Repairs, ShiftChange, repair
from tests.validation.desk import counted, rostered, shift

NAMES = [f"agent {n}" for n in range(1, 8)]
DAILY = {"answer_within_seconds": 20, "service_level": 0.8, "period": "day"}


def bunched() -> list[str]:
    """All seven take their break in the middle of the morning."""
    return [row for name in NAMES for row in shift(name, "08:00-11:00", "break 09:30-09:45")]


def repaired(scenario: simcenter.model.scenario.Scenario, **keys: int) -> Repairs:
    return repair(scenario, **{"search_replications": 60, "fresh_replications": 100, **keys})


def spans(found: Repairs) -> set[tuple[str, str, str]]:
    return {
        (c.activity, *(clock_text(edge) for edge in c.after))
        for c in found.repairs[0].changes
        if isinstance(c, ShiftChange)
    }


@pytest.fixture(scope="module")
def of_bunched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Repairs]:
    folder = tmp_path_factory.mktemp("bunched")
    return folder, repaired(rostered(folder, bunched()))


def test_bunched_breaks_are_spread(of_bunched: tuple[Path, Repairs]):
    _, found = of_bunched
    assert not found.holds
    (best,) = found.repairs
    assert best.holds
    assert best.agent_hours == 0.0
    assert {c.activity for c in best.changes if isinstance(c, ShiftChange)} == {"break"}
    assert 2 <= best.people <= 6
    worst = best.effects[0]
    assert (worst.measure, worst.start) == ("service_level", "09:30")
    assert worst.before is not None
    assert worst.after is not None
    assert worst.before.high < 0.8 < worst.after.low


def test_the_effects_are_those_of_replications_from_one_on(of_bunched: tuple[Path, Repairs]):
    _, found = of_bunched
    best = found.repairs[0]
    for scenario, side in ((found.scenario, "before"), (best.scenario, "after")):
        results = simcenter.simulate(scenario, 100, workers=1).results
        for effect in best.effects:
            value = results.value(
                effect.measure, contact_type="calls", day=effect.day, start=effect.start
            )
            told = getattr(effect, side)
            assert value is not None
            assert told.mean == pytest.approx(value.mean, rel=1e-12)
            assert 0 < told.half_width < 1.05 * value.half_width  # Student's


def test_the_difference_is_paired(of_bunched: tuple[Path, Repairs]):
    _, found = of_bunched
    for effect in found.repairs[0].effects:
        assert effect.before is not None
        assert effect.after is not None
        assert effect.difference is not None
        mean = effect.after.mean - effect.before.mean
        assert effect.difference.mean == pytest.approx(mean)


def test_the_written_roster_is_the_scenario_that_was_judged(of_bunched: tuple[Path, Repairs]):
    folder, found = of_bunched
    best = found.repairs[0]
    write_roster(folder / "fixed.csv", best.scenario)
    again = load(
        folder / "scenario.toml", settings=[f"agent_groups.desk.roster={folder / 'fixed.csv'}"]
    )
    assert again.agents == best.scenario.agents
    assert again.groups == best.scenario.groups
    one, other = (simcenter.simulate(s, 20, workers=1).results for s in (again, best.scenario))
    assert one.to_json_dict() == other.to_json_dict()
    second = repaired(again)
    assert second.holds
    assert second.repairs == ()


def test_a_repaired_roster_has_a_hash_of_its_own(of_bunched: tuple[Path, Repairs]):
    _, found = of_bunched
    assert found.repairs[0].scenario.hash != found.scenario.hash


def test_the_same_repair_comes_out_whoever_does_the_work(of_bunched: tuple[Path, Repairs]):
    _, found = of_bunched
    again = repair(
        found.scenario, search_replications=60, fresh_replications=100, workers="processes:2"
    )
    assert again.to_json_dict() == found.to_json_dict()


def test_a_late_shift_starts_earlier(tmp_path: Path):
    # the calls come from eight to ten; two come at ten and are not needed then
    rows = [row for n in NAMES[:5] for row in shift(n, "08:00-12:00")]
    rows += [row for n in NAMES[5:] for row in shift(n, "10:00-12:00")]
    scenario = rostered(
        tmp_path,
        rows,
        rate=[40, 40, 40, 40, 5, 5, 5, 5],
        closes="12:00",
        rules={"shifts": {"minutes": 120}},
        target=DAILY,
    )
    found = repaired(scenario)
    assert found.repairs
    assert spans(found) == {("work", "08:00", "10:00")}
    assert found.repairs[0].agent_hours == 0.0


def test_hours_are_added_where_they_may_be_and_are_needed(tmp_path: Path):
    rows = [row for n in NAMES[:6] for row in shift(n, "08:00-09:30")]
    rows += shift("evening", "08:00-11:00")
    scenario = rostered(
        tmp_path,
        rows,
        rate=[20, 20, 20, 20, 20, 20],
        rules={"shifts": {"minutes": 0, "longer_minutes": 90}, "step_minutes": 30},
    )
    found = repaired(scenario)
    best = found.repairs[0]
    assert best.holds
    assert best.agent_hours > 0
    changes = [c for c in best.changes if isinstance(c, ShiftChange)]
    assert {c.after[0] for c in changes} == {8 * 3600.0}
    assert all(c.after[1] > c.before[1] for c in changes)


def test_where_nothing_is_permitted_it_says_what_is_missing(tmp_path: Path):
    scenario = rostered(tmp_path, bunched(), rules={"move": {"break": {"minutes": 0}}})
    found = repaired(scenario)
    assert not found.holds
    assert found.repairs == ()
    assert found.best is None
    assert found.missing_holds
    assert {clock_text(change.span[0]) for change in found.missing} == {"09:30"}
    assert all(change.more > 0 for change in found.missing)


def test_time_to_give_away_is_told(tmp_path: Path):
    rows = bunched() + [row for n in range(12) for row in shift(f"spare {n}", "10:00-11:00")]
    scenario = rostered(tmp_path, rows, rules={"move": {"break": {"minutes": 0}}})
    found = repaired(scenario)
    spare = {clock_text(change.span[0]): -change.more for change in found.spare}
    assert spare["10:00"] >= 10
    assert all(count <= 3 for start, count in spare.items() if start < "10:00")
    assert "09:30" not in spare


def test_who_is_locked_stays(tmp_path: Path):
    locked = [{"agent": name} for name in NAMES[:4]]
    found = repaired(rostered(tmp_path, bunched(), rules={"locked": locked}))
    tried = [*found.repairs, *([found.best] if found.best else [])]
    assert tried
    for one in tried:
        assert {c.agent for c in one.changes if isinstance(c, ShiftChange)} <= set(NAMES[4:])


def test_counts_move_from_where_they_idle_to_where_they_lack(tmp_path: Path):
    found = repaired(counted(tmp_path, [4, 12, 12, 4, 7, 7]))
    best = found.repairs[0]
    assert best.holds
    assert best.agent_hours <= 0.0
    assert best.cost == pytest.approx(20.0 * best.agent_hours)
    assert all(isinstance(change, CountChange) for change in best.changes)
    more = {
        clock_text(c.span[0]) for c in best.changes if isinstance(c, CountChange) and c.more > 0
    }
    assert more == {"08:00", "09:30"}
    assert best.people == len(best.changes)


def test_counts_are_raised_where_none_can_be_spared(tmp_path: Path):
    rules = {"staffing": {"fewer": 0}}
    found = repaired(counted(tmp_path, [4, 7, 7, 4, 7, 7], rules=rules))
    best = found.repairs[0]
    assert best.holds
    assert best.agent_hours > 0
    assert all(isinstance(c, CountChange) and c.more > 0 for c in best.changes)


def test_what_holds_is_left_alone(tmp_path: Path):
    rows = [row for n in range(14) for row in shift(f"agent {n}", "08:00-11:00")]
    found = repaired(rostered(tmp_path, rows))
    assert found.holds
    assert found.repairs == ()
    assert found.missing == ()


def test_repairs_are_told_as_data(of_bunched: tuple[Path, Repairs]):
    _, found = of_bunched
    (entry,) = found.to_json_dict()["repairs"]  # type: ignore[misc]
    assert {"change", "agent_hours", "cost", "measure", "before", "after"} <= set(entry)
    assert set(entry["before"]) == {"mean", "half_width", "low", "high"}
    assert len(entry["changes"]) == entry["change"].count(";") + 1


def test_progress_ends_where_it_says(tmp_path: Path):
    told: list[tuple[int, int]] = []
    rows = [row for n in range(14) for row in shift(f"agent {n}", "08:00-11:00")]
    repair(
        rostered(tmp_path, rows),
        search_replications=5,
        fresh_replications=20,
        progress=lambda done, of: told.append((done, of)),
    )
    assert [done for done, _ in told[:-1]] == list(range(1, len(told)))
    assert all(done <= of for done, of in told)
    assert told[-1][0] == told[-1][1]


def test_a_scenario_without_targets_is_refused(tmp_path: Path):
    scenario = rostered(tmp_path, bunched())
    (kind,) = scenario.types
    bare = dataclasses.replace(kind, target=type(kind.target)())
    with pytest.raises(
        InputError, match=r"repair: no contact type has a target; give one of calls"
    ):
        repair(dataclasses.replace(scenario, types=(bare,)))


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"search_replications": 1}, "search_replications: got 1; must be at least 2"),
        ({"fresh_replications": 0}, "fresh_replications: got 0; must be at least 2"),
        ({"limit": 0}, "limit: got 0; must be at least 1"),
        ({"engine": "simpi"}, "unknown engine 'simpi'; did you mean 'simpy'"),
    ],
)
def test_impossible_numbers_are_refused(tmp_path: Path, keys: dict[str, object], words: str):
    with pytest.raises(InputError, match=words):
        repair(rostered(tmp_path, bunched()), **keys)  # type: ignore[arg-type]
