"""Days of 23 and 25 hours on the floor: both engines, tables, measures and requirements."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

import simcenter
from simcenter.erlang.demand import demand_of
from simcenter.files.scenario import resolve
from simcenter.floor.run import ENGINES, run
from simcenter.floor.tables import read_activities, read_contacts, write_activities, write_contacts
from simcenter.measures import measure, setting_for_observed, setting_for_scenario, tally
from simcenter.measures.estimation import Accumulator
from simcenter.workload.agents import draw_agents
from tests.floor.stage import contact, play, rostered, staffed, states, table

HOUR = 3600.0
SPRING = dt.date(2026, 3, 29)  # Paris: 02:00 becomes 03:00
AUTUMN = dt.date(2026, 10, 25)  # Paris: 03:00 becomes 02:00
ONE_DAY = dt.timedelta(days=1)


def paris(first: dt.date, **changes):
    clock = {
        "opens": "00:00", "closes": "24:00", "interval_minutes": 60,
        "timezone": "Europe/Paris", "first_day": first,
    }  # fmt: skip
    return {**clock, **changes}


def centre(clock, **extra):
    """Return a centre with calls all day, five agents by count and two who come at night."""
    path = Path(extra.pop("folder"))
    night = rostered(
        path, "night", ["1,Ann,work,22:00,30:00", "1,Ann,lunch,26:30,27:00", "1,Bob,work,23:00,29:00"],
        cost_per_hour=30.0,
    )  # fmt: skip
    types = [{
        "name": "a", "arrivals": {"rate_per_hour": 60},
        "handle": {"talk": {"distribution": "exponential", "mean": 200}},
        "patience": {"distribution": "exponential", "mean": 90},
        "target": {"answer_within_seconds": 20, "service_level": 0.8},
    }]  # fmt: skip
    groups = [staffed("day", 5, cost_per_hour=10.0), night]
    return resolve({**table(groups, types), "clock": clock, **extra}, "centre")


def same_rows(one, other):
    return one.contacts.frame().equals(other.contacts.frame()) and one.activities.frame().equals(
        other.activities.frame()
    )


class TestANightByHand:
    """One agent, two calls that meet the change, worked out with a watch that nobody changes."""

    @pytest.mark.parametrize("engine", sorted(ENGINES))
    @pytest.mark.parametrize(
        ("first", "shift", "clocks"),
        [(SPRING, 7, ("01:59", "03:01")), (AUTUMN, 9, ("02:59+02:00", "02:01+01:00"))],
    )
    def test_a_call_that_waits_over_the_change(self, tmp_path, engine, first, shift, clocks):
        clock = paris(first - ONE_DAY, days=2)
        roster = rostered(tmp_path, "night", ["1,Ann,work,22:00,30:00"])
        scenario = resolve({**table([roster]), "clock": clock}, "night")
        (change,) = scenario.clock.timeline.changes
        calls = [  # the first is answered at once for two minutes; the second waits for its end
            contact("0:00", arrival=change.at - 60, talk=120.0, day=2),
            contact("0:00", arrival=change.at - 30, talk=60.0, day=2),
        ]
        from tests.floor import stage

        stage.engine.name = engine
        made = play(scenario, calls)
        assert made.contacts.wait_s.tolist() == [0.0, 90.0]
        label = scenario.clock.timeline.label
        assert label(2, made.contacts.arrival[0]) == clocks[0]
        assert label(2, made.contacts.answer[1]) == clocks[1]
        worked = [end - start for _, start, end in states(made, "Ann")]
        assert sum(worked) == shift * HOUR


class TestEngines:
    @pytest.mark.parametrize("first", [SPRING, AUTUMN])
    def test_both_give_the_same_rows(self, tmp_path, first):
        scenario = centre(paris(first - ONE_DAY, days=3), folder=tmp_path)
        one, other = (run(scenario, 1, engine) for engine in sorted(ENGINES))
        assert same_rows(one, other)

    @pytest.mark.parametrize("engine", sorted(ENGINES))
    def test_a_zone_that_never_changes_changes_nothing(self, tmp_path, engine):
        clock = paris(SPRING - ONE_DAY, days=3)
        without = {key: value for key, value in clock.items() if key != "timezone"}
        one = centre(without, folder=tmp_path)
        other = centre({**clock, "timezone": "Asia/Shanghai"}, folder=tmp_path)
        assert same_rows(run(one, 1, engine), run(other, 1, engine))

    @pytest.mark.parametrize("engine", sorted(ENGINES))
    def test_a_change_while_nobody_is_there_changes_nothing(self, engine):
        clock = paris(AUTUMN - ONE_DAY, days=3, opens="08:00", closes="20:00")
        without = {key: value for key, value in clock.items() if key != "timezone"}
        one, other = (
            resolve({**table([staffed("day", 3)]), "clock": each}, "day")
            for each in (clock, without)
        )
        assert same_rows(run(one, 1, engine), run(other, 1, engine))

    def test_before_the_change_and_on_the_days_around_the_callers_are_the_same(self, tmp_path):
        clock = paris(AUTUMN - ONE_DAY, days=3)
        one = centre(clock, folder=tmp_path)
        other = centre({k: v for k, v in clock.items() if k != "timezone"}, folder=tmp_path)
        for day in (1, 3):
            rows = [run(each, 1).contacts.frame() for each in (one, other)]
            arrivals = [frame.loc[frame["day"] == day, "arrival"].tolist() for frame in rows]
            assert arrivals[0] == arrivals[1]

    def test_on_the_days_after_it_the_agents_are_as_late_and_the_same_leave(self, tmp_path):
        clock = paris(AUTUMN, days=2)
        rows = ["1,Ann,work,00:00,06:00", "2,Ann,work,08:00,16:00", "2,Ann,lunch,12:00,12:30"]
        late = {"distribution": "exponential", "mean": 300}
        groups = [
            rostered(tmp_path, "late", rows, lateness=late),
            staffed("day", [4, *[2] * 22, 1]),
        ]
        one, other = (
            draw_agents(resolve({**table(groups), "clock": each}, "draws"), 1)
            for each in (clock, {k: v for k, v in clock.items() if k != "timezone"})
        )
        assert one.lateness.tolist() == other.lateness.tolist()
        assert one.lateness.any()
        assert one.leaving[:, 25:].tolist() == other.leaving[:, 24:].tolist()
        assert one.leaving[:, 25:].any()


class TestMeasures:
    @pytest.mark.parametrize(("first", "hours", "night"), [(SPRING, 23, 7), (AUTUMN, 25, 9)])
    def test_hours_pay_and_time_averages(self, tmp_path, first, hours, night):
        scenario = centre(paris(first - ONE_DAY, days=3), folder=tmp_path)
        results = simcenter.simulate(scenario, 2, workers=1).results

        def of(key, **place):
            value = results.value(key, **place)
            assert value is not None
            return value.mean

        # half an hour of lunch is unpaid, whatever the clocks do in it
        both = of("cost", agent_group="night")
        assert both == pytest.approx(30.0 * (night - 0.5 + night - 2))
        assert of("cost", agent_group="day", day=2) == pytest.approx(10.0 * 5 * hours)
        assert of("staffed", agent_group="day", day=2) == pytest.approx(5.0)
        load = of("offered", day=2) * of("aht", day=2) / (hours * HOUR)
        assert of("offered_load", day=2) == pytest.approx(load, rel=1e-6)
        assert (
            len([row for row in results.to_json_dict()["intervals"] if row["day"] == 2])
            == 4 * hours
        )

    def test_labels_tell_the_two_passes_apart(self, tmp_path):
        scenario = centre(paris(AUTUMN), folder=tmp_path)
        labels = demand_of(scenario).labels
        assert labels[:5] == ("00:00", "01:00", "02:00+02:00", "02:00+01:00", "03:00")
        assert len(set(labels)) == 25
        results = simcenter.simulate(scenario, 20, workers=1).results
        offered = [results.value("offered", day=1, start=label) for label in labels[1:5]]
        for value in offered:
            assert value is not None
            assert abs(value.mean - 60.0) < 4 * np.sqrt(60.0 / 20)

    def test_expected_contacts_of_the_requirement(self, tmp_path):
        for first, hours in ((SPRING, 23), (AUTUMN, 25)):
            demand = demand_of(centre(paris(first), folder=tmp_path))
            assert demand.expected.sum() == pytest.approx(60.0 * hours)
            assert demand.expected[:, 0].tolist() == pytest.approx([60.0] * hours)

    def test_a_warm_up_is_time_that_passes(self, tmp_path):
        clock = paris(AUTUMN, warm_up_minutes=180)
        setting = setting_for_scenario(centre(clock, folder=tmp_path))
        assert setting.timeline.label(1, setting.warm_up_until) == "02:00+01:00"


class TestTables:
    def test_rows_count_from_twelve_hours_before_noon(self, tmp_path):
        scenario = centre(paris(AUTUMN), folder=tmp_path)
        contacts = run(scenario).contacts
        frame = contacts.frame()
        late = frame["arrival"] >= 3 * HOUR
        shown = contacts.timeline.walls(contacts.arrival)
        assert frame["arrival"][late].tolist() == shown[late].tolist()
        assert -HOUR <= frame["arrival"].min() < 0  # 00:00 is an hour more than 12 h before noon
        assert (frame["answer"] - frame["queue_entry"]).dropna().tolist() == (
            frame["wait_s"][frame["answer"].notna()].tolist()
        )

    @pytest.mark.parametrize("first", [SPRING, AUTUMN])
    def test_tables_that_are_written_read_back_and_measure_alike(self, tmp_path, first):
        scenario = centre(paris(first - ONE_DAY, days=2), folder=tmp_path)
        made = run(scenario)
        write_contacts(tmp_path / "contacts.csv", [made.contacts])
        write_activities(tmp_path / "activities.csv", [made.activities])
        (contacts,) = read_contacts(tmp_path / "contacts.csv", timezone="Europe/Paris")
        path = tmp_path / "activities.csv"
        (activities,) = read_activities(path, timeline=contacts.timeline)
        assert np.array_equal(contacts.arrival, made.contacts.arrival)
        assert np.array_equal(np.sort(activities.end), np.sort(made.activities.end))
        setting = setting_for_observed(contacts, interval_minutes=60)
        measured = Accumulator(setting)
        measured.add(tally(contacts, activities, None, setting))
        again = measured.results()
        simulated = measure(
            made.contacts, made.activities, made.plan, setting=setting_for_scenario(scenario)
        )
        for key in ("offered", "answered", "asa", "queue_length_mean", "staffed"):
            for day in (1, 2):
                one, other = (each.value(key, day=day) for each in (again, simulated))
                assert one is not None
                assert other is not None
                assert one.mean == pytest.approx(other.mean, abs=1e-9)
