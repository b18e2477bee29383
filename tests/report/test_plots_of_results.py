"""Plots of simulations and comparisons, as a notebook asks for them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import simcenter
from simcenter.erlang import erlang_c
from simcenter.errors import InputError
from simcenter.floor.records import ActivityTable, ContactTable
from simcenter.report.language import LANGUAGES
from simcenter.report.plots import people
from simcenter.report.plots.comparison import plot_agents_curve
from simcenter.report.plots.judged import curve_of, promised_of, waterfall_of
from simcenter.report.plots.names import plot_names
from simcenter.report.plots.sources import contacts_of, day_of, occupancy_of, queue_of, waits_of
from simcenter.validation import Validation, validate
from simcenter.validation.why import explain_gap
from tests.report.legibility import faults, shown

SCENARIOS = Path(__file__).parents[2] / "scenarios"
BANK, CLINIC, ROSTERED = (
    str(SCENARIOS / name / "scenario.toml") for name in ("retail-bank", "clinic", "erlang-roster")
)


@pytest.fixture(scope="module")
def bank() -> simcenter.Simulation:
    return simcenter.simulate(simcenter.load(BANK), 4, workers=1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plot_of_a_simulation_can_be_read(bank: simcenter.Simulation, language: str):
    drawn = dict(bank.plot.all(language))
    assert list(drawn) == plot_names(bank.scenario)
    for plot in drawn.values():
        assert faults(plot) == []


def test_the_day_shows_what_the_results_say(bank: simcenter.Simulation):
    day = day_of(bank, "", 1, "sales", "erlang-c")
    frame = bank.frame("interval", "contact_type", wide="mean").xs("sales", level="contact_type")
    inside = frame.iloc[: len(day.answered)]
    assert day.edges[0] == 8 * 3600
    assert day.answered == pytest.approx(inside["answered"].to_numpy())
    assert day.abandoned == pytest.approx(inside["abandoned"].to_numpy())
    everyone = day.answered + day.abandoned + day.lost
    assert everyone == pytest.approx(inside["offered"].to_numpy())
    assert day.service_level.mean == pytest.approx(inside["service_level"].to_numpy(), nan_ok=True)
    assert day.rostered == pytest.approx(inside["rostered"].to_numpy())
    kind = bank.scenario.types[[one.name for one in bank.scenario.types].index("sales")]
    assert (day.target, day.within) == (
        kind.target.service_level,
        kind.target.answer_within_seconds,
    )


def test_the_queue_counts_who_waits(bank: simcenter.Simulation):
    queue = queue_of(contacts_of(bank), bank.results, "", 1, None)
    table = simcenter.run(bank.scenario, 2).contacts
    place = int(np.argmax(queue.waiting[1]))
    at = queue.at[place]
    entry, ends = table.queue_entry, table.queue_entry + table.wait_s
    assert queue.waiting[1, place] == ((entry <= at) & (ends > at)).sum()
    assert queue.waiting[1, place] > 0


def test_the_same_contacts_kept_or_made_again(bank: simcenter.Simulation):
    kept = simcenter.simulate(bank.scenario, 4, keep=True, workers=1)
    one = waits_of(contacts_of(bank), bank.scenario, "", None)
    other = waits_of(contacts_of(kept), bank.scenario, "", None)
    assert np.array_equal(one.answered, other.answered)
    assert len(one.abandoned) > 0
    assert one.answered.mean() == pytest.approx(bank.results.value("asa").mean)


def test_groups_have_their_own_occupancy(bank: simcenter.Simulation):
    busy = occupancy_of(bank, "", 1)
    frame = bank.frame("interval", "agent_group", measures="occupancy")["mean"]
    expected = frame.xs("senior", level="agent_group").to_numpy()[: len(busy.total)]
    assert busy.groups["senior"] == pytest.approx(expected, nan_ok=True)


def test_unknown_days_and_types_are_refused(bank: simcenter.Simulation):
    with pytest.raises(InputError, match="day 2: days are 1 to 1"):
        bank.plot.day(day=2)
    with pytest.raises(InputError, match="did you mean 'sales'"):
        bank.plot.waits(contact_type="sale")
    with pytest.raises(InputError, match="got int"):
        simcenter.plots_of(3)


def table(rows: list[tuple[int, str, float, float]], states: tuple[str, ...]) -> ActivityTable:
    """Return activities of two agents: agent, state, start and end in hours."""
    columns = list(zip(*rows, strict=True))
    count = len(rows)
    return ActivityTable(
        agents=("Ruth", "Carla"),
        groups=("desk",),
        states=states,
        agent_group=np.zeros(2, dtype=np.int64),
        agent=np.array(columns[0]),
        day=np.ones(count, dtype=np.int64),
        state=np.array([states.index(name) for name in columns[1]]),
        start=3600 * np.array(columns[2]),
        end=3600 * np.array(columns[3]),
        contact_id=np.full(count, -1),
    )


PLAN = [
    (0, "work", 8, 10),
    (0, "break", 10, 10.25),
    (0, "break", 12, 12.25),
    (1, "break", 11, 11.5),
]
CAME = [
    (0, "talk", 8, 10.1), (0, "break", 10.1, 10.35), (0, "available", 10.35, 12),
    (0, "break", 12, 12.25), (1, "talk", 8, 11.5), (1, "break", 11.5, 12),
]  # fmt: skip


def test_breaks_that_begin_late_are_told_and_marked():
    plan, came = table(PLAN, ("work", "break")), table(CAME, ("talk", "available", "break"))
    plot = people.plot_agents(came, plan, language="en")
    assert plot.get_suptitle() == "2 of 3 breaks began late, at most by 30 min (Carla, 11:00)"
    (marks,) = [line for line in plot.axes[0].lines if line.get_label() == "break begins late"]
    assert sorted(marks.get_xdata()) == [36000.0, 39600.0]


def test_breaks_on_time_and_an_unknown_plan():
    on_time = [row for row in PLAN if row[1] == "break"]
    plan, came = table(on_time, ("break",)), table(on_time, ("break",))
    plot = people.plot_agents(came, plan, language="en")
    assert plot.get_suptitle() == "All 3 breaks began on time"
    assert people.plot_agents(came, language="en").get_suptitle() == "2 agents were there"


def test_many_agents_are_not_squeezed_in(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(people, "MOST_AGENTS", 1)
    came = table(CAME, ("talk", "available", "break"))
    plot = people.plot_agents(came, name="desk", language="en")
    texts = [text.get_text() for text in shown(plot)]
    assert "desk (the first 1 agents)" in texts
    assert "Carla" not in texts


def nobody(contacts: ContactTable) -> ContactTable:
    none = {
        field.name: getattr(contacts, field.name)[:0]
        for field in dataclasses.fields(contacts)
        if isinstance(getattr(contacts, field.name), np.ndarray)
    }
    return dataclasses.replace(contacts, **none)


def test_callers_who_wait_and_give_up_are_counted(bank: simcenter.Simulation):
    contacts = simcenter.run(bank.scenario, 1).contacts
    start, end = 10 * 3600.0, 10.25 * 3600.0
    inside = (contacts.queue_entry >= start) & (contacts.queue_entry < end)
    plot = people.plot_callers(contacts, start=start, end=end, language="en")
    waited = int((contacts.wait_s[inside] > 0).sum())
    assert plot.get_suptitle().startswith(f"Of {inside.sum()} callers {waited} waited")
    assert faults(people.plot_callers(nobody(contacts), language="en")) == []


def test_several_days_have_numbers_in_their_names():
    weeks = simcenter.load(str(SCENARIOS / "four-weeks" / "scenario.toml"))
    names = plot_names(weeks)
    assert "day-1" in names
    assert "day-7" in names
    assert "day-8" not in names


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_ifs_can_be_read(language: str):
    base = simcenter.load(CLINIC)
    ill = simcenter.load(CLINIC, settings=["agent_groups.desk.absent=1"])
    found = simcenter.compare(base, {"one ill": ill, "nothing changed": base}, 12)
    plot = found.plot.differences(language=language)
    assert faults(plot) == []
    words = [text.get_text() for text in shown(plot)]
    assert {"one ill", "nothing changed"} <= set(words)
    chosen = found.plot.differences(measures=["asa"], what_ifs=["one ill"], language="en")
    change = found.what_if("one ill").contrast("asa").difference.difference.mean
    assert f"{change:+.1f} s" in chosen.get_suptitle()
    assert chosen.get_suptitle().endswith("(worse)")


@pytest.fixture(scope="module")
def judged() -> Validation:
    return validate(simcenter.load(ROSTERED), replications=30)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_validation_shows_its_own_verdicts(judged: Validation, language: str):
    kind = judged.scenario.types[0].name
    plot = judged.plot.promised(kind, language=language)
    assert faults(plot) == []
    missed = sum(row.verdict == "misses" for row in judged.intervals)
    assert missed > 0
    assert str(missed) in plot.get_suptitle()
    found = promised_of(judged, kind, "", measure="asa")
    assert found.promised.tolist() == [row.promised["asa"] for row in judged.intervals]
    assert found.edges[1] - found.edges[0] == judged.scenario.clock.interval


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_explanation_ends_on_the_floor(judged: Validation, language: str):
    window = judged.windows[0]
    why = explain_gap(
        judged.scenario, contact_type=window.contact_type, day=window.day, start=window.start,
        end=window.end, replications=20,
    )  # fmt: skip
    assert faults(judged.plot.why(why, language=language)) == []
    fall = waterfall_of(why, "", measure="service_level", language=language)
    assert fall.promised + sum(step.change.mean for step in fall.steps) == pytest.approx(
        fall.simulated.mean
    )


def test_what_was_not_judged_is_refused(judged: Validation):
    kind = judged.scenario.types[0].name
    with pytest.raises(InputError, match="unknown contact type 'nobody'"):
        judged.plot.promised("nobody")
    with pytest.raises(InputError, match="day 3: was not judged"):
        judged.plot.promised(kind, day=3)
    with pytest.raises(InputError, match="unknown measure 'services'"):
        judged.plot.promised(kind, measure="services")


def test_a_formula_over_agents_is_a_curve_without_overload():
    promise = erlang_c(0.1, 240.0, np.arange(20.0, 35.0))
    curve = curve_of(promise, "", measure="asa", plan=27, target=20.0)
    assert np.isnan(curve.curve.mean[:4]).all()
    assert curve.curve.mean[7] == promise.asa[7]
    assert faults(plot_agents_curve(curve, "en")) == []
