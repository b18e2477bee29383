"""Repairs of several days: each by itself, the worst first, put together at the end."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from simcenter.cli.main import _guarded as run
from simcenter.experiment.deadline import Deadline
from simcenter.experiment.replicate import Replicate
from simcenter.files.roster_file import write_roster
from simcenter.files.scenario import load
from simcenter.report.repair_text import repair_text
from simcenter.validation.repair import Repairs, repair
from simcenter.validation.repair.alone import DayAlone, days_apart
from tests.validation.desk import rostered, shift

NAMES = [f"agent {n}" for n in range(1, 8)]


def week() -> list[str]:
    """On the first day breaks are spread; on the others all take theirs together."""
    rows = []
    for place, name in enumerate(NAMES):
        spread = f"{8 + (3 + place) // 4:02d}:{15 * ((3 + place) % 4):02d}"
        end = f"{8 + (4 + place) // 4:02d}:{15 * ((4 + place) % 4):02d}"
        rows += shift(name, "08:00-11:00", f"break {spread}-{end}", day=1)
        for day in (2, 3):
            rows += shift(name, "08:00-11:00", "break 09:30-09:45", day=day)
    return rows


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Repairs]:
    folder = tmp_path_factory.mktemp("days")
    scenario = rostered(folder, week(), days=3)
    return folder, repair(scenario, search_replications=60, fresh_replications=100)


def test_only_the_days_that_need_it_are_changed(found: tuple[Path, Repairs]):
    _, made = found
    assert made.days == {1: "holds", 2: "repaired", 3: "repaired"}
    (one,) = made.repairs
    assert one.holds
    assert {change.day for change in one.changes} == {2, 3}
    assert not made.cut


def test_what_is_put_together_reads_back_and_holds(found: tuple[Path, Repairs]):
    folder, made = found
    write_roster(folder / "fixed.csv", made.repairs[0].scenario, force=True)
    again = load(
        folder / "scenario.toml", settings=[f"agent_groups.desk.roster={folder / 'fixed.csv'}"]
    )
    assert again.agents == made.repairs[0].scenario.agents
    assert repair(again, search_replications=20, fresh_replications=100).holds


def test_each_further_change_is_told_with_what_it_buys(found: tuple[Path, Repairs]):
    _, made = found
    one = made.repairs[0]
    people = {(change.agent, change.day) for change in one.changes}
    assert len(one.steps) == len(people)
    for day in (2, 3):
        steps = [step for step in one.steps if step.changes[0].day == day]
        assert steps[0].promises == 6
        assert [step.before for step in steps[1:]] == [step.kept for step in steps[:-1]]
        assert steps[-1].kept == 6
    assert "→ 6 of 6 that day)" in " ".join(repair_text(made).split())


def test_not_everybody_is_touched(found: tuple[Path, Repairs]):
    _, made = found
    for day in (2, 3):
        touched = {change.agent for change in made.repairs[0].changes if change.day == day}
        assert len(touched) < len(NAMES)


def test_a_day_alone_is_the_day_among_the_others(found: tuple[Path, Repairs]):
    scenario = found[1].scenario
    assert days_apart(scenario)
    whole = Replicate(scenario, "compiled")(7).tally
    alone = Replicate(DayAlone(scenario, 2)(scenario), "compiled")(7).tally
    days = np.flatnonzero(whole.counts.sum(axis=(0, 1)))
    own = np.flatnonzero(alone.counts.sum(axis=(0, 1)))
    assert set(own) < set(days)
    assert np.array_equal(whole.counts[..., own], alone.counts[..., own])
    assert np.allclose(whole.seconds[..., own], alone.seconds[..., own])


def test_without_time_nothing_is_said_to_be_missing(tmp_path: Path):
    scenario = rostered(tmp_path, week(), days=3)
    made = repair(scenario, deadline=Deadline(0.0))
    assert set(made.days.values()) == {"cut"}
    assert (made.repairs, made.best) == ((), None)
    assert made.cut
    told = made.to_json_dict()
    assert (told["missing"], told["spare"]) == (None, None)
    for language, words in (("en", "The time was over"), ("zh", "时间已到")):
        assert words in repair_text(made, language)
        assert "give away" not in repair_text(made, language)


def test_one_day_can_be_repaired_alone(found: tuple[Path, Repairs]):
    made = repair(found[1].scenario, search_replications=40, fresh_replications=60, day=2)
    assert made.days == {2: "repaired"}
    assert {change.day for change in made.repairs[0].changes} == {2}


def test_the_command_names_dates_and_keeps_its_time(
    found: tuple[Path, Repairs], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder, _ = found
    out = tmp_path / "out.json"
    quick = ["--no-assumptions", "--no-why", "--workers", "1", "--replications", "60"]
    named = ["--set", "clock.first_day=2026-03-02", "--json", str(out)]
    scenario = str(folder / "scenario.toml")
    assert run(["validate", scenario, *quick, *named, "--repair", "--max-seconds", "4"]) == 1
    text = capsys.readouterr().out
    assert "Tue 2026-03-03" in text
    assert "Tue 03-03" in text
    content = json.loads(out.read_text())
    assert content["first_day"] == "2026-03-02"
    assert all(set(one) == {"day", "start", "end", "pool", "group", "people"}
               for one in content["short"])  # fmt: skip


def test_the_command_reports_one_day(
    found: tuple[Path, Repairs], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder, _ = found
    out = tmp_path / "out.json"
    quick = ["--no-assumptions", "--no-why", "--workers", "1", "--replications", "60"]
    named = ["--set", "clock.first_day=2026-03-02", "--json", str(out)]
    scenario = str(folder / "scenario.toml")
    assert run(["validate", scenario, *quick, *named, "--day", "mon"]) == 0
    content = json.loads(out.read_text())
    assert {row["day"] for row in content["intervals"]} == {1}
    assert content["verdict"] == "holds"
    assert "one of 3 days that were simulated" in " ".join(capsys.readouterr().out.split())
    assert run(["validate", scenario, *quick, *named, "--day", "tue", "--force"]) == 1
    assert json.loads(out.read_text())["windows"]
    assert run(["validate", scenario, *quick, "--day", "sat"]) == 2
