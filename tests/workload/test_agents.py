"""What agents bring of their own: absence, lateness, and who leaves first."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simcenter.files.scenario import load
from simcenter.model.grid import on_grid
from simcenter.workload.agents import draw_agents
from tests.files.desk import group, loaded, plain, put, rostered

NAMES = [f"agent {n}" for n in range(1, 31)]
LATE = {"distribution": "exponential", "mean": 60}


def roster(names=NAMES, days=(1, 2), hours=("08:00", "12:00")):
    return "".join(
        f"{name},general,{day},work,{hours[0]},{hours[1]}\n" for name in names for day in days
    )


def scenario(tmp_path, rows=None, days=2, more=(), **changes):
    clock = {"opens": "08:00", "closes": "12:00", "days": days}
    groups = [*rostered(rows if rows is not None else roster(), tmp_path, **changes), *more]
    return loaded(tmp_path, clock=clock, agent_groups=groups)


def absent(one, replication=1):
    """Return {agent: days absent}."""
    flags = draw_agents(one, replication).absent
    return {agent.name: flags[number].tolist() for number, agent in enumerate(one.agents)}


@pytest.mark.parametrize("count", [0, 1, 7, 30])
def test_absent_takes_exactly_so_many_of_those_scheduled(tmp_path, count):
    one = scenario(tmp_path, absent=count)
    for replication in range(1, 20):
        assert draw_agents(one, replication).absent.sum(axis=0).tolist() == [count, count]


def test_absent_takes_all_when_there_are_fewer(tmp_path):
    assert draw_agents(scenario(tmp_path, absent=99), 1).absent.all()


def test_absent_takes_nobody_who_is_not_scheduled(tmp_path):
    rows = roster(NAMES[:5], (1,)) + roster(NAMES[5:9], (2,))
    flags = draw_agents(scenario(tmp_path, rows, absent=3), 1).absent
    assert flags[:5].sum(axis=0).tolist() == [3, 0]
    assert flags[5:].sum(axis=0).tolist() == [0, 3]


def test_one_more_absent_is_the_same_ones_and_another(tmp_path):
    before = draw_agents(scenario(tmp_path, absent=3), 1).absent
    after = draw_agents(scenario(tmp_path, absent=4), 1).absent
    assert np.all(after[before])
    assert (after.sum() - before.sum()) == 2


def test_absent_by_count_comes_on_top_of_absence_by_rate(tmp_path):
    by_rate = draw_agents(scenario(tmp_path, absence_rate=0.3), 1).absent
    both = draw_agents(scenario(tmp_path, absence_rate=0.3, absent=2), 1).absent
    assert np.all(both[by_rate])
    assert (both.sum(axis=0) - by_rate.sum(axis=0)).tolist() == [2, 2]


def test_everybody_is_absent_equally_often(tmp_path):
    one = scenario(tmp_path, absent=3, absence_rate=0.1)
    share = np.mean([draw_agents(one, replication).absent for replication in range(1, 401)], axis=0)
    expected = 0.1 + 0.9 * 3 / 27
    assert share.mean() == pytest.approx(expected, abs=4.5 * np.sqrt(0.2 * 0.8 / share.size / 400))
    assert share == pytest.approx(np.full((30, 2), expected), abs=4.5 * np.sqrt(0.2 * 0.8 / 400))


def test_who_is_absent_by_rate_does_not_depend_on_others(tmp_path):
    before = absent(scenario(tmp_path, absence_rate=0.3))
    for names in (["Zoe", *NAMES], NAMES[3:], NAMES[::-1]):
        after = absent(scenario(tmp_path, roster(names), absence_rate=0.3))
        assert all(before[name] == after[name] for name in names if name in before)
    more = absent(scenario(tmp_path, absence_rate=0.4))
    assert all(more[name][day] for name in NAMES for day in (0, 1) if before[name][day])


def test_who_is_absent_by_rate_does_not_depend_on_other_groups_or_counts(tmp_path):
    before = absent(scenario(tmp_path, absence_rate=0.3))
    after = absent(
        scenario(tmp_path, absence_rate=0.3, more=group(name="few", staffing=3, absence_rate=0.5))
    )
    assert {name: after[name] for name in NAMES} == before


def test_a_group_without_absence_has_none(tmp_path):
    one = scenario(tmp_path, more=group(name="few", staffing=3))
    assert not draw_agents(one, 1).absent.any()


def test_absent_takes_agents_by_count_too(tmp_path):
    one = scenario(tmp_path, more=group(name="few", staffing=3, absent=1))
    flags = draw_agents(one, 1).absent
    assert flags[one.groups[-1].agents].sum(axis=0).tolist() == [1, 1]
    assert not flags[one.groups[0].agents].any()
    assert set(one.groups[1].staffing.counts) == {3}


# lateness


def lateness(one, replication=1):
    """Return {(agent, instant): seconds late} of every come-back."""
    segments = [
        (agent.name, segment.start)
        for agent in one.agents
        for shift in agent.shifts
        for segment in shift.segments
    ]
    return dict(zip(segments, draw_agents(one, replication).lateness.tolist(), strict=True))


SPLIT = (
    "Ann,general,1,work,08:00,12:00\nAnn,general,1,break,09:00,09:15\nAnn,general,1,lunch,10:30,11:00\n"
    "Bob,general,1,work,08:00,10:00\nBob,general,1,work,11:00,12:00\n"
)


def test_every_come_back_has_a_lateness_of_its_own(tmp_path):
    late = lateness(scenario(tmp_path, SPLIT, lateness=LATE))
    work = [late["Ann", t] for t in (28800, 33300, 39600)] + [
        late["Bob", t] for t in (28800, 39600)
    ]
    assert len(set(work)) == 5
    assert min(work) > 0
    assert on_grid(np.array(work))
    assert late["Ann", 32400] == late["Ann", 37800] == 0.0


def test_a_constant_lateness_holds_for_all(tmp_path):
    late = lateness(scenario(tmp_path, SPLIT, lateness={"distribution": "constant", "value": 30}))
    assert [late["Ann", t] for t in (28800, 32400, 33300, 37800, 39600)] == [30, 0, 30, 0, 30]


def test_lateness_does_not_depend_on_other_agents(tmp_path):
    before = lateness(scenario(tmp_path, SPLIT, lateness=LATE))
    other = SPLIT.replace("Bob,general,1,work,08:00,10:00", "Bob,general,1,work,09:00,10:00")
    for rows in (other, "Zoe,general,1,work,08:00,12:00\n" + SPLIT, SPLIT.replace("Bob", "Rob")):
        after = lateness(scenario(tmp_path, rows, lateness=LATE))
        assert {key: x for key, x in after.items() if key[0] == "Ann"} == {
            key: x for key, x in before.items() if key[0] == "Ann"
        }


def test_another_activity_leaves_the_lateness_of_the_other_come_backs(tmp_path):
    before = lateness(scenario(tmp_path, SPLIT, lateness=LATE))
    after = lateness(
        scenario(tmp_path, SPLIT + "Ann,general,1,meeting,08:15,08:30\n", lateness=LATE)
    )
    assert {key: after[key] for key in before} == before
    assert after["Ann", 30600] > 0


def test_lateness_differs_by_day_and_replication(tmp_path):
    rows = SPLIT + SPLIT.replace(",1,", ",2,")
    one = scenario(tmp_path, rows, lateness=LATE)
    late = lateness(one)
    assert late["Ann", 28800] != late["Ann", 86400 + 28800]
    assert late != lateness(one, 2)
    assert late == lateness(one)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_lateness_follows_its_law(tmp_path_factory, seed):
    folder = tmp_path_factory.getbasetemp()
    rows = "".join(f"a{n},general,1,work,08:00,12:00\n" for n in range(400))
    one = loaded(folder, agent_groups=rostered(rows, folder, lateness=LATE), run={"seed": seed})
    values = np.array(list(lateness(one).values()))
    assert values.mean() == pytest.approx(60, abs=5.5 * 60 / 20)


# who leaves first


def leaving(tmp_path, settings=(), **changes):
    path = put(
        tmp_path,
        "counts.toml",
        plain(agent_groups=group(staffing=[5, 4, 3, 5, 4, 3, 2, 1], **changes)),
    )
    one = load(path, settings=settings)
    return one.groups[0].staffing.instants, draw_agents(one, 1).leaving


def test_each_agent_has_a_draw_for_each_change(tmp_path):
    instants, draws = leaving(tmp_path)
    assert draws.shape == (5, 8) == (5, len(instants))
    assert len(np.unique(draws)) == 40
    assert 0 < draws.min() < draws.max() < 1


def test_another_agent_or_change_leaves_the_other_draws(tmp_path):
    instants, before = leaving(tmp_path)
    _, more = leaving(tmp_path, ["agent_groups.general.staffing=*2"])
    assert more.shape == (10, 8)
    assert np.array_equal(more[:5], before)
    insert = 'changes=[{ insert = { activity = "x", group = "general", count = 1, start = "08:10", end = "08:20" } }]'
    after_instants, after = leaving(tmp_path, [insert])
    assert len(after_instants) == 10
    kept = [after_instants.index(instant) for instant in instants]
    assert np.array_equal(after[:, kept], before)
