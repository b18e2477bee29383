"""Days on which the clocks change: what a scenario in wall time becomes on the time line."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from simcenter.errors import ScenarioError
from simcenter.files.roster_file import roster_text
from simcenter.files.scenario import load
from tests.files.desk import group, loaded, plain, put, rostered, service

HOUR = 3600.0
DAY = 86400.0
SPRING = dt.date(2026, 3, 29)  # Paris: 02:00 becomes 03:00
AUTUMN = dt.date(2026, 10, 25)  # Paris: 03:00 becomes 02:00


def paris(first: dt.date, **changes):
    """Return the clock of an open day and night in Paris, intervals of an hour."""
    clock = {
        "opens": "00:00", "closes": "24:00", "interval_minutes": 60,
        "timezone": "Europe/Paris", "first_day": first,
    }  # fmt: skip
    return {key: value for key, value in {**clock, **changes}.items() if value is not None}


def arrivals(folder, first, spec, **clock):
    table = plain(clock=paris(first, **clock), contact_types=service(arrivals=spec))
    return loaded(folder, table).types[0].arrivals


def labelled(scenario):
    """Return the expected contacts of the first type by label."""
    blocks, line = scenario.types[0].arrivals, scenario.clock.timeline
    rows = zip(blocks.day.tolist(), blocks.start.tolist(), blocks.expected.tolist(), strict=True)
    return {line.label(day, start): expected for day, start, expected in rows}


class TestVolumes:
    @pytest.mark.parametrize(("first", "hours"), [(SPRING, 23), (AUTUMN, 25)])
    def test_a_rate_holds_for_every_hour_that_passes(self, tmp_path, first, hours):
        found = arrivals(tmp_path, first, {"rate_per_hour": 60})
        assert found.expected.tolist() == [60.0] * hours
        assert found.start.tolist() == [HOUR * n for n in range(hours)]
        assert found.end.tolist() == [HOUR * n for n in range(1, hours + 1)]

    def test_numbers_by_interval_are_of_what_the_wall_shows(self, tmp_path):
        spring = arrivals(tmp_path, SPRING, {"expected": list(range(24))})
        assert spring.expected.tolist() == [0, 1, *range(3, 24)]
        autumn = arrivals(tmp_path, AUTUMN, {"expected": list(range(24))})
        assert autumn.expected.tolist() == [0, 1, 2, 2, *range(3, 24)]

    def test_numbers_of_several_days_stay_with_their_days(self, tmp_path):
        found = arrivals(
            tmp_path, SPRING - dt.timedelta(days=1), {"expected": list(range(72))}, days=3
        )
        assert [found.expected[found.day == day].sum() for day in (1, 2, 3)] == [
            sum(range(24)), sum(range(24, 48)) - 26, sum(range(48, 72)),
        ]  # fmt: skip
        assert found.start[found.day == 3].min() == 47 * HOUR

    def test_a_profile_with_a_step_of_its_own(self, tmp_path):
        rows = "".join(f"{n // 4:02d}:{15 * (n % 4):02d},{n}\n" for n in range(96))
        put(tmp_path, "profile.csv", f"start,service\n{rows}")
        spec = {"profile": {"file": "profile.csv", "column": "service"}}
        assert arrivals(tmp_path, SPRING, spec).expected.sum() == sum(range(96)) - 8 - 9 - 10 - 11
        assert arrivals(tmp_path, AUTUMN, spec).expected.sum() == sum(range(96)) + 8 + 9 + 10 + 11

    def test_a_block_that_reaches_over_the_change_keeps_its_pace(self, tmp_path):
        rows = "".join(f"{hour:02d}:00,8\n" for hour in range(0, 24, 4))
        put(tmp_path, "profile.csv", f"start,service\n{rows}")
        spec = {"profile": {"file": "profile.csv", "column": "service"}}
        spring, autumn = arrivals(tmp_path, SPRING, spec), arrivals(tmp_path, AUTUMN, spec)
        assert spring.expected.tolist() == [6, 8, 8, 8, 8, 8]
        assert autumn.expected.tolist() == [6, 4, 8, 8, 8, 8, 8]  # 00:00-03:00, 02:00-04:00, …
        assert autumn.end[:2].tolist() == [3 * HOUR, 5 * HOUR]

    def test_a_part_of_the_day_is_changed_whenever_the_wall_shows_it(self, tmp_path):
        path = put(tmp_path, "scenario.toml", plain(clock=paris(AUTUMN)))
        for change, hours in (("*1.5", 90.0), ("+10", 70.0), ("=30", 30.0)):
            setting = f"contact_types.service.arrivals@01:00-04:00={change}"
            scenario = load(path, settings=[setting])
            changed = {k: v for k, v in labelled(scenario).items() if v != 60.0}
            names = ("01:00", "02:00+02:00", "02:00+01:00", "03:00")
            assert changed == dict.fromkeys(names, hours)

    def test_the_callers_of_other_hours_are_the_same(self, tmp_path):
        spec = {"rate_per_hour": 60}
        plain_day = arrivals(tmp_path, AUTUMN, spec, timezone=None)
        changed = arrivals(tmp_path, AUTUMN, spec)
        first = np.flatnonzero(changed.key < DAY)
        assert changed.key[first].tolist() == plain_day.key.tolist()
        assert len(set(changed.key.tolist())) == 25

    def test_recorded_arrivals(self, tmp_path):
        put(tmp_path, "calls.csv", "arrival\n01:59:59\n03:00:00\n08:00:00\n")
        spec = {"times": {"file": "calls.csv", "column": "arrival"}}
        spring = arrivals(tmp_path, SPRING, spec)
        assert spring.recorded.tolist() == [7199.0, 7200.0, 7 * HOUR]
        assert spring.start[spring.recorded_block].tolist() == [HOUR, 2 * HOUR, 7 * HOUR]
        autumn = arrivals(tmp_path, AUTUMN, spec)
        assert autumn.recorded.tolist() == [7199.0, 4 * HOUR, 9 * HOUR]
        assert autumn.expected.tolist() == [1.0] * 25

    def test_recorded_arrivals_at_a_time_that_never_was_are_left_out_and_told(self, tmp_path):
        put(tmp_path, "calls.csv", "arrival\n02:30\n08:00\n")
        spec = {"times": {"file": "calls.csv", "column": "arrival"}}
        table = plain(clock=paris(SPRING), contact_types=service(arrivals=spec))
        scenario = loaded(tmp_path, table)
        assert scenario.types[0].arrivals.recorded.tolist() == [7 * HOUR]
        assert any("1 recorded arrivals lie in the hour" in line for line in scenario.assumed)

    def test_recorded_arrivals_at_a_time_that_came_twice_are_refused(self, tmp_path):
        put(tmp_path, "calls.csv", "arrival\n02:30\n08:00\n")
        spec = {"times": {"file": "calls.csv", "column": "arrival"}}
        with pytest.raises(ScenarioError, match="1 arrivals lie in the hour that comes twice"):
            arrivals(tmp_path, AUTUMN, spec)


class TestPeople:
    ROWS = (
        "Ann,general,1,work,22:00,06:00\n"
        "Ann,general,1,break,02:15,02:45\n"
        "Bob,general,1,work,22:00,02:30\n"
        "Cid,general,1,work,26:30,30:00\n"
        "Dan,general,2,work,08:00,12:00\n"
    )

    def shifts(self, folder, first):
        clock = paris(first - dt.timedelta(days=1), days=2)
        table = plain(clock=clock, agent_groups=rostered(self.ROWS, folder))
        scenario = loaded(folder, table)
        found = {
            agent.name: [
                (s.activity, (s.start - DAY) / HOUR, (s.end - DAY) / HOUR)
                for shift in agent.shifts
                for s in shift.segments
            ]
            for agent in scenario.agents
        }
        return scenario, found

    def test_a_night_of_seven_hours(self, tmp_path):
        scenario, found = self.shifts(tmp_path, SPRING)
        assert found == {
            "Ann": [("work", -2, 2), ("break", 2, 2.5), ("work", 2.5, 5)],  # it keeps its length
            "Bob": [("work", -2, 2)],
            "Cid": [("work", 2, 5)],
            "Dan": [("work", 7, 11)],
        }
        assert "22:00,30:00" in roster_text(scenario)

    def test_a_night_of_nine_hours(self, tmp_path):
        scenario, found = self.shifts(tmp_path, AUTUMN)
        assert found == {
            "Ann": [("work", -2, 2.25), ("break", 2.25, 2.75), ("work", 2.75, 7)],
            "Bob": [("work", -2, 2.5)],  # the first time
            "Cid": [("work", 2.5, 7)],
            "Dan": [("work", 9, 13)],
        }
        assert "break,26:15,26:45" in roster_text(scenario)

    def test_a_roster_that_is_written_reads_back(self, tmp_path):
        scenario, _ = self.shifts(tmp_path, AUTUMN)
        put(tmp_path, "roster.csv", roster_text(scenario))
        again = loaded(tmp_path, plain(
            clock=paris(AUTUMN - dt.timedelta(days=1), days=2),
            agent_groups=group(staffing=None, roster="roster.csv"),
        ))  # fmt: skip
        assert again.agents == scenario.agents

    def test_counts_are_of_what_the_wall_shows(self, tmp_path):
        for first, counts in (
            (SPRING, [0, 1, *range(3, 24)]),
            (AUTUMN, [0, 1, 2, 2, *range(3, 24)]),
        ):
            groups = group(staffing=list(range(24)))
            staffing = loaded(tmp_path, plain(clock=paris(first), agent_groups=groups)).groups[0]
            assert staffing.staffing is not None
            assert list(staffing.staffing.counts) == counts
            assert list(staffing.staffing.instants) == [HOUR * n for n in range(len(counts))]

    def test_changes_of_counts(self, tmp_path):
        changes = [
            {"insert": {
                "activity": "meeting", "group": "general", "count": 1,
                "start": "02:00", "end": "02:30",
            }},
            {"send_home": {"group": "general", "count": 1, "at": "22:00"}},
        ]  # fmt: skip
        scenario = loaded(tmp_path, plain(clock=paris(AUTUMN), changes=changes))
        steps, line = scenario.groups[0].staffing, scenario.clock.timeline
        assert steps is not None
        fewer = [
            line.label(1, at)
            for at, n in zip(steps.instants, steps.counts, strict=True)
            if n == 2
        ]  # fmt: skip
        assert fewer == ["02:00+02:00", "02:00+01:00", "22:00", "23:00"]

    def test_changes_of_a_roster(self, tmp_path):
        rows = "Ann,general,1,work,00:00,06:00\nAnn,general,1,break,04:00,04:15\n"
        changes = [
            {"move": {"activity": "break", "agents": "Ann", "minutes": 30}},
            {"extend": {"agents": "Ann", "minutes": 60}},
        ]
        scenario = loaded(tmp_path, plain(
            clock=paris(SPRING), agent_groups=rostered(rows, tmp_path), changes=changes
        ))  # fmt: skip
        (shift,) = scenario.agents[0].shifts
        assert [(s.activity, s.start / HOUR, s.end / HOUR) for s in shift.segments] == [
            ("work", 0, 3.5), ("break", 3.5, 3.75), ("work", 3.75, 6),
        ]  # fmt: skip


class TestWhereNothingChanges:
    def same(self, one, other):
        assert one.clock == other.clock
        assert one.agents == other.agents
        assert one.groups == other.groups
        for kind, twin in zip(one.types, other.types, strict=True):
            assert np.array_equal(kind.windows, twin.windows)
            for name in ("day", "key", "start", "end", "expected", "handle_scale"):
                assert np.array_equal(getattr(kind.arrivals, name), getattr(twin.arrivals, name))

    def test_a_zone_that_never_changes(self, tmp_path):
        clock = {"opens": "00:00", "closes": "24:00", "days": 7, "first_day": SPRING}
        one = loaded(tmp_path, plain(clock=clock))
        other = loaded(tmp_path, plain(clock={**clock, "timezone": "Asia/Shanghai"}))
        self.same(one, other)
        assert one.assumed == other.assumed
        assert one.hash != other.hash

    def test_a_change_at_night_while_the_centre_is_closed(self, tmp_path):
        clock = {"opens": "08:00", "closes": "20:00", "days": 7, "first_day": SPRING}
        one = loaded(tmp_path, plain(clock=clock))
        self.same(one, loaded(tmp_path, plain(clock={**clock, "timezone": "Europe/Paris"})))

    def test_hours_that_end_where_the_clocks_change(self, tmp_path):
        clock = {"opens": "18:00", "closes": "26:00", "days": 2}
        for first in (SPRING, AUTUMN):
            day = {**clock, "first_day": first - dt.timedelta(days=1)}
            one = loaded(tmp_path, plain(clock=day))
            self.same(one, loaded(tmp_path, plain(clock={**day, "timezone": "Europe/Paris"})))

    def test_a_shift_alone_is_enough_to_be_met(self, tmp_path):
        clock = {
            "opens": "08:00", "closes": "20:00", "first_day": SPRING, "timezone": "Europe/Paris",
        }  # fmt: skip
        groups = rostered("Ann,general,1,work,01:00,09:00\n", tmp_path)
        scenario = loaded(tmp_path, plain(clock=clock, agent_groups=groups))
        (shift,) = scenario.agents[0].shifts
        assert shift.end - shift.start == 7 * HOUR
        assert scenario.clock.opening(1) == (7 * HOUR, 19 * HOUR)

    def test_without_a_first_day_there_are_no_dates(self, tmp_path):
        clock = {"opens": "00:00", "closes": "24:00", "timezone": "Europe/Paris"}
        scenario = loaded(tmp_path, plain(clock=clock))
        assert scenario.clock.timeline.changes == ()
        assert "clock.timezone: clock.first_day is not given; all days have 24 hours" in (
            scenario.assumed
        )


class TestWhatIsTold:
    def test_the_change(self, tmp_path):
        spring = loaded(tmp_path, plain(clock=paris(SPRING))).assumed[-1]
        assert "go forward from 02:00 to 03:00 on 2026-03-29" in spring
        autumn = loaded(tmp_path, plain(clock=paris(AUTUMN))).assumed[-1]
        assert "go back from 03:00 to 02:00 on 2026-10-25" in autumn

    def test_intervals_that_the_change_would_cut(self, tmp_path):
        clock = {"timezone": "Australia/Lord_Howe"}
        with pytest.raises(ScenarioError) as refused:
            loaded(tmp_path, plain(clock=paris(dt.date(2026, 4, 5), **clock)))
        assert (
            "clock.interval_minutes: got 60; the clocks of Australia/Lord_Howe go back from "
            in str(refused.value)
        )
        assert str(refused.value).endswith("intervals that fit: 5, 10, 15, 30")

    def test_half_an_hour_fits_intervals_of_half_an_hour(self, tmp_path):
        half = {"timezone": "Australia/Lord_Howe", "interval_minutes": 30}
        autumn = loaded(tmp_path, plain(clock=paris(dt.date(2026, 4, 5), **half)))
        assert list(labelled(autumn))[2:6] == ["01:00", "01:30+11:00", "01:30+10:30", "02:00"]
        assert sum(labelled(autumn).values()) == 24.5 * 60
        spring = loaded(tmp_path, plain(clock=paris(dt.date(2026, 10, 4), **half)))
        assert list(labelled(spring))[2:6] == ["01:00", "01:30", "02:30", "03:00"]
        assert sum(labelled(spring).values()) == 23.5 * 60

    def test_no_interval_fits(self, tmp_path):
        clock = paris(SPRING, opens="00:03", closes="20:03")
        with pytest.raises(ScenarioError, match="intervals that fit: none"):
            loaded(tmp_path, plain(clock=clock))

    @pytest.mark.parametrize("hours", [("02:30", "20:30"), ("00:00", "02:30")])
    def test_opening_hours_whose_clock_comes_twice(self, tmp_path, hours):
        clock = paris(AUTUMN, opens=hours[0], closes=hours[1], interval_minutes=30)
        with pytest.raises(ScenarioError, match="02:30 comes twice on 2026-10-25"):
            loaded(tmp_path, plain(clock=clock))

    def test_hours_of_a_type_whose_clock_comes_twice(self, tmp_path):
        types = service(hours={"sun": "02:30-20:00"})
        with pytest.raises(ScenarioError) as refused:
            loaded(tmp_path, plain(clock=paris(AUTUMN), contact_types=types))
        assert "contact_types.service.hours: 02:30 comes twice" in str(refused.value)

    def test_hours_that_open_at_a_time_that_never_is(self, tmp_path):
        clock = paris(SPRING, opens="02:30", closes="20:30", interval_minutes=30)
        scenario = loaded(tmp_path, plain(clock=clock))
        assert list(labelled(scenario))[:2] == ["03:00", "03:30"]
        assert scenario.clock.opening(1) == (2 * HOUR, 19.5 * HOUR)
