"""Sweeps and sensitivities: what is laid over the base, and what is ranked."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from simcenter.errors import InputError
from simcenter.experiment.comparison import compare
from simcenter.experiment.sensitivity import moves_of, tornado
from simcenter.experiment.sweep import points_of
from simcenter.files.scenario import lay, load, resolve
from simcenter.files.what_if import Axis, load_what_if, read_axis, stands_alone
from simcenter.floor.run import run

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CLASSIC, CLINIC, BANK, WEEKEND, WEEKS = (
    SCENARIOS / name / "scenario.toml"
    for name in ("classic", "clinic", "retail-bank", "emergency-line", "four-weeks")
)
RATE = "contact_types.calls.arrivals.rate_per_hour"


def hourly(scenario):
    return scenario.types[0].arrivals.expected[0]


class TestComposition:
    """2880 an hour; ``*1.1`` and ``+20`` are laid on what came before, in order."""

    @pytest.mark.parametrize(
        ("settings", "expected"),
        [
            (["=*1.1", "=+20"], 3188.0),
            (["=+20", "=*1.1"], 3190.0),
            (["=*1.1", "=*1.1"], 3484.8),
            (["=+20", "=+-20"], 2880.0),
            (["=*1.1", "=100", "=+20"], 120.0),
        ],
    )
    def test_settings(self, settings, expected):
        laid = load(CLASSIC, settings=[RATE + setting for setting in settings])
        assert hourly(laid) == pytest.approx(expected)

    def test_files_under_files_under_settings(self, tmp_path):
        files = []
        for name, change in (("more", "*1.1"), ("plus", "+20")):
            files.append(tmp_path / f"{name}.toml")
            text = f'name = "calls"\narrivals = {{ rate_per_hour = "{change}" }}\n'
            files[-1].write_text(f"[[contact_types]]\n{text}", encoding="utf-8")
        more, plus = files
        assert hourly(load_what_if(CLASSIC, more)) == pytest.approx(3168)
        assert hourly(load_what_if(CLASSIC, plus, [more])) == pytest.approx(3188)
        assert hourly(load_what_if(CLASSIC, more, [plus])) == pytest.approx(3190)
        twice = load_what_if(CLASSIC, plus, [more], [f"{RATE}=*2"])
        assert hourly(twice) == pytest.approx(6376)

    def test_more_volume_is_the_same_callers_and_some_more(self):
        base, more = load(CLASSIC), load(CLASSIC, settings=[f"{RATE}=*1.1", f"{RATE}=+20"])
        one, two = (run(s, 1).contacts.arrival for s in (base, more))
        assert len(two) > len(one)
        assert np.isin(one, two).all()


class TestFiles:
    def test_scenarios_stand_alone_and_overlays_do_not(self, tmp_path):
        assert all(stands_alone(path) for path in SCENARIOS.glob("*/scenario.toml"))
        assert not stands_alone(BANK.parent / "lunch-earlier.toml")
        hours = tmp_path / "longer.toml"
        hours.write_text(
            "[clock]\nopens = '07:00'\ncloses = '20:00'\n[[contact_types]]\nname = 'service'\n"
            "[contact_types.arrivals]\nfactor = 1.2\n"
        )
        assert not stands_alone(hours)
        added = tmp_path / "added.toml"
        added.write_text(
            "[clock]\nopens = '07:00'\ncloses = '20:00'\n[[contact_types]]\nname = 'chat'\n"
            "add = true\narrivals = { rate_per_hour = 3 }\nhandle = { aht = 60 }\n"
        )
        assert not stands_alone(added)

    def test_a_scenario_of_its_own_is_not_laid_over(self):
        assert load_what_if(CLINIC, BANK).hash == load(BANK).hash
        assert load_what_if(BANK, BANK.parent / "lunch-earlier.toml").name == load(BANK).name

    @pytest.mark.parametrize(
        ("option", "values"),
        [
            ("a.b=1,2,3", ("1", "2", "3")),
            ("a.b=*1.1, +2 ,=3", ("*1.1", "+2", "=3")),
            ('r=["skill"],["skill","random"]', ('["skill"]', '["skill","random"]')),
            ("p={a=1,b=2},'x,y'", ("{a=1,b=2}", "'x,y'")),
        ],
    )
    def test_axes(self, option, values):
        assert read_axis(option).values == values

    @pytest.mark.parametrize("option", ["a.b", "=1,2", "a=", "a=1,,2", "a=1,1"])
    def test_axes_that_are_none(self, option):
        with pytest.raises(InputError, match="--vary"):
            read_axis(option)


class TestSweep:
    def test_a_grid_is_every_pair_and_the_last_key_varies_fastest(self):
        axes = [read_axis("agent_groups.agents.staffing=48,+2"), read_axis(f"{RATE}=2880,*1.1")]
        points = points_of(axes, partial(load, CLASSIC, ()))
        found = [(p.scenario.groups[0].staffing.counts[0], hourly(p.scenario)) for p in points]
        assert found == [
            (48, 2880), (48, pytest.approx(3168)), (52, 2880), (52, pytest.approx(3168)),
        ]  # fmt: skip
        assert points[1].name == f"agent_groups.agents.staffing=48, {RATE}=*1.1"
        assert dict(points[1].values) == {"agent_groups.agents.staffing": "48", RATE: "*1.1"}

    @pytest.mark.parametrize(
        ("axes", "words"),
        [
            ([Axis("a", ("1",)), Axis("b", ("1",)), Axis("c", ("1",))], "given 3 times"),
            ([Axis("a", ("1",)), Axis("a", ("2",))], "two different keys"),
            ([Axis("a", tuple(map(str, range(2000))))], "2000 points"),
            ([Axis("run.sed", ("1",))], "--vary run.sed=1: .*did you mean 'seed'"),
        ],
    )
    def test_what_is_no_sweep_is_refused(self, axes, words):
        with pytest.raises(InputError, match=words):
            points_of(axes, partial(load, CLASSIC, ()))


def moved(path, *settings):
    base = load(path, settings=settings)
    moves, notes = moves_of(*lay(path, settings=settings))
    return base, {move.name: move.scenario for move in moves}, notes


class TestSensitivity:
    @pytest.mark.parametrize("path", [CLASSIC, CLINIC, BANK, WEEKEND, WEEKS])
    def test_volume_and_handle_time_move_by_a_tenth_whatever_their_form(self, path):
        base, moves, _ = moved(path)
        for name, factor in (("-10 %", 0.9), ("+10 %", 1.1)):
            for place, kind in enumerate(base.types):
                volume = moves[f"volume {name}"].types[place]
                assert volume.arrivals.expected == pytest.approx(factor * kind.arrivals.expected)
                assert volume.handle_factor == kind.handle_factor
                handle = moves[f"handle time {name}"].types[place]
                assert handle.handle_factor == pytest.approx(factor * kind.handle_factor)
                assert np.array_equal(handle.arrivals.expected, kind.arrivals.expected)

    def test_volume_moves_as_well_what_was_set_for_a_part_of_the_day(self):
        setting = "contact_types.service.arrivals@09:00-11:00==60"
        base, moves, _ = moved(BANK, setting)
        expected = base.types[0].arrivals.expected
        assert expected[2] == 30
        assert moves["volume +10 %"].types[0].arrivals.expected == pytest.approx(1.1 * expected)

    def test_recorded_arrivals_are_thinned_and_doubled(self, tmp_path):
        (tmp_path / "calls.csv").write_text("arrival\n" + "08:30\n" * 400)
        file = tmp_path / "s.toml"
        file.write_text(
            "[clock]\nopens='08:00'\ncloses='09:00'\n[[contact_types]]\nname='a'\n"
            "arrivals={ times={ file='calls.csv', column='arrival' } }\nhandle={aht=60}\n"
        )
        base, moves, notes = moved(file)
        counts = [len(run(s, 1).contacts) for s in (moves["volume -10 %"], base,
                                                    moves["volume +10 %"])]  # fmt: skip
        assert counts[1] == 400
        assert counts[0] < 400 < counts[2]
        assert abs(counts[0] - 360) < 30  # five standard errors
        assert abs(counts[2] - 440) < 30
        assert "patience: no contact type has it; left out" in notes
        assert "agents: the scenario has none; left out" in notes
        assert any(note.startswith("shrinkage: no group has") for note in notes)
        assert {name.rsplit(" ", 2)[0] for name in moves} == {"volume", "handle time"}

    def test_patience_moves_where_there_is_any(self):
        base, moves, _ = moved(WEEKEND)
        assert [kind.patience is None for kind in base.types] == [True, False]
        factors = [kind.patience_factor for kind in moves["patience +10 %"].types]
        assert factors == [1.0, pytest.approx(1.1)]
        _, moves, notes = moved(CLASSIC)
        assert "patience -10 %" in moves
        assert not any(note.startswith("patience") for note in notes)

    def test_counts_of_agents_are_multiplied(self):
        _, moves, notes = moved(CLASSIC)
        assert set(moves["agents -10 %"].groups[0].staffing.counts) == {45}
        assert set(moves["agents +10 %"].groups[0].staffing.counts) == {55}
        assert any("agents 50 to 45 or 55" in note for note in notes)

    def test_a_roster_loses_by_draw_and_gains_doubles(self):
        base, moves, notes = moved(BANK)
        assert [group.absent for group in moves["agents -10 %"].groups] == [(2,), (1,), (1,)]
        more = moves["agents +10 %"]
        assert [len(g.agents) for g in base.groups] == [23, 8, 8]
        assert [len(g.agents) for g in more.groups] == [25, 9, 9]
        assert any("general 23 to 21 or 25" in note for note in notes)
        by_name = {agent.name: agent for agent in base.agents}
        doubles = [agent for agent in more.agents if agent.name not in by_name]
        assert len({agent.name for agent in more.agents}) == len(more.agents) == 43
        assert len(doubles) == 4
        for double in doubles:
            model = by_name[double.name.removesuffix(" (2)")]
            for field in ("group", "levels", "factors", "cost_per_hour", "shifts"):
                assert getattr(double, field) == getattr(model, field)
        for number, group in enumerate(more.groups):
            assert {more.agents[place].group for place in group.agents} == {number}
        assert more.hash != base.hash
        assert base.agents[0] in more.agents

    def test_a_tenth_of_few_agents_is_said_to_be_none(self):
        _, moves, notes = moved(CLASSIC, "agent_groups.agents.staffing=4")
        assert set(moves["agents +10 %"].groups[0].staffing.counts) == {4}
        assert any("agents 4 as it is" in note for note in notes)

    def test_on_a_roster_of_many_days_a_tenth_is_of_those_at_work_on_a_day(self):
        base, moves, _ = moved(WEEKS)
        a_day = np.mean(
            [
                n
                for day in range(1, 29)
                if (n := sum(any(s.day == day for s in a.shifts) for a in base.agents))
            ]
        )
        assert set(moves["agents -10 %"].groups[0].absent) == {int(a_day / 10 + 0.5)}

    def test_shrinkage_and_absence_move_by_a_tenth_of_themselves(self):
        setting = "agent_groups.part-timers.absence_rate=0.95"
        base, moves, _ = moved(WEEKS, setting)
        rates = [group.absence_rate for group in moves["shrinkage +10 %"].groups]
        assert base.groups[0].absence_rate == 0.04
        assert rates == [pytest.approx(0.044), 1.0]  # a share is never above one

    def test_what_cannot_be_moved_is_left_out_and_said(self):
        _, moves, notes = moved(CLASSIC, "agent_groups.agents.shrinkage=0.95")
        assert "shrinkage -10 %" in moves
        assert "shrinkage +10 %" not in moves
        assert any(note.startswith("shrinkage +10 %: cannot be") for note in notes)

    def test_the_widest_bar_stands_first(self):
        table, where = lay(CLINIC)
        moves, _ = moves_of(table, where)
        base = resolve(table, where)
        found = compare(base, {m.name: m.scenario for m in moves}, 10, measures=["asa"])
        bars = tornado(found, moves, "asa")
        assert [bar.swing for bar in bars] == sorted((b.swing for b in bars), reverse=True)
        assert {bar.input for bar in bars} == {"volume", "handle time", "patience", "agents",
                                               "shrinkage"}  # fmt: skip
        volume = next(bar for bar in bars if bar.input == "volume")
        low, high = (found.what_if(f"volume {c} %").contrast("asa").difference.difference.mean
                     for c in ("-10", "+10"))  # fmt: skip
        assert low < 0 < high
        assert volume.swing == high - low
        assert [effect.change for effect in volume.effects] == [-0.1, 0.1]
        agents = next(bar for bar in bars if bar.input == "agents")
        assert agents.effects[0].contrast.verdict == "worse"
        assert agents.effects[1].contrast.verdict == "better"
