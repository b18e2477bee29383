"""Why: scenarios in which exactly one of Erlang's assumptions is broken.

What breaks must show in its own step, against an exact answer where there is one, and every
other step must be zero: to the last bit where the scenario lacks the feature, within its
interval for the spill-over, which is always measured.
"""

from __future__ import annotations

import dataclasses
import pickle
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcenter.erlang import erlang_a, erlang_c, finite_lines
from simcenter.errors import InputError
from simcenter.experiment.replications import simulate
from simcenter.files.scenario import load, resolve
from simcenter.validation import Validation, validate, why_promise
from simcenter.validation.why import Period, Why, explain_gap, explain_gaps, explain_misses
from simcenter.validation.why_play import Play, Span
from simcenter.validation.why_steps import FEATURES, PARTS
from tests.floor.random_scenarios import scenario_tables, write_rosters
from tests.oracles.day import day
from tests.oracles.priority import cobham_waits

AHT, RATE, HEADS = 180.0, 120.0, 8
"""Six erlangs for eight agents, all day long."""

STEADY = {"day": 1, "start": "04:00", "end": "24:00"}
"""Long after the empty centre opened."""


def exponential(mean: float) -> dict[str, Any]:
    return {"distribution": "exponential", "mean": mean}


def erlangs_world(**changes: Any) -> dict[str, Any]:
    """Return a day as Erlang C sees it; keyword arguments change its one type or its group."""
    kind: dict[str, Any] = {
        "name": "calls",
        "arrivals": {"rate_per_hour": RATE},
        "handle": {"talk": exponential(AHT)},
        "target": {"answer_within_seconds": 20, "service_level": 0.8},
    }
    group: dict[str, Any] = {"name": "all", "skills": {"calls": 1}, "staffing": HEADS}
    of_group = ("staffing", "roster", "lateness", "absence_rate", "late_breaks", "absent")
    for key, value in changes.items():
        (group if key in of_group else kind)[key] = value
    if "roster" in group:
        del group["staffing"]
    return {
        "clock": {"opens": "00:00", "closes": "24:00", "interval_minutes": 60},
        "contact_types": [kind],
        "agent_groups": [group],
        "run": {"seed": 5, "confidence": 0.999},
    }


def explained(table: dict[str, Any], replications: int = 60, **how: Any) -> Why:
    asked = {"contact_type": "calls", **STEADY, "replications": replications, **how}
    return explain_gap(resolve(table, "test"), **asked)


def others_are_zero(why: Why, *broken: str) -> None:
    for step in why.steps[1:]:
        for values in (step.change, step.alone):
            for value in values.values():
                if step.name.key == "spill_over":
                    assert value.low <= 0.0 <= value.high
                elif step.name.key not in broken:
                    assert (value.mean, value.half_width) == (0.0, 0.0), step.name.key


def adds_up(why: Why) -> None:
    for key in why.measures:
        if why.promised[key] is None:
            continue
        total = sum(step.change[key].mean for step in why.steps)
        assert total == pytest.approx(why.simulated[key].mean, rel=1e-12, abs=1e-12)
        parts = sum(why.sums[part][key].mean for part in PARTS)
        assert parts + why.promised[key].mean == pytest.approx(total, rel=1e-12, abs=1e-12)


def holds(value: Any, exact: float) -> None:
    """The interval holds the exact change, and leaves out zero."""
    assert value.low <= exact <= value.high
    assert value.low > 0 or value.high < 0


def rota(folder: Any, agents: int = HEADS + 1) -> str:
    """Write a roster in which one of the agents, another each hour, is on a break."""
    rows = ["agent,group,day,activity,start,end"]
    for number in range(agents):
        rows.append(f"agent {number},all,1,work,00:00,24:00")
        rows += [
            f"agent {number},all,1,break,{hour:02d}:00,{hour + 1:02d}:00"
            for hour in range(number, 24, agents)
        ]
    path = folder / "rota.csv"
    path.write_text("\n".join(rows) + "\n")
    return str(path)


def test_nothing_broken_changes_nothing():
    why = explained(erlangs_world())
    promise = erlang_c(RATE / 3600, AHT, HEADS)
    assert why.promised["service_level"].mean == pytest.approx(float(promise.service_level()))
    assert why.promised["asa"].mean == pytest.approx(float(promise.asa))
    others_are_zero(why)
    adds_up(why)


def test_a_wrong_promise_would_be_seen(monkeypatch):
    right = why_promise.rostered_heads
    monkeypatch.setattr(why_promise, "rostered_heads", lambda *what: right(*what) + 0.2)
    value = explained(erlangs_world()).step("spill_over").change["service_level"]
    assert value.high < 0


def test_only_absence():
    why = explained(erlangs_world(absence_rate=0.1))
    others_are_zero(why, "people")
    assert why.step("people").change["service_level"].high < 0
    assert why.sums["people"] == why.step("people").change
    adds_up(why)


def test_one_agent_ill_is_the_formula_with_one_less():
    why = explained(erlangs_world(absent=1))
    others_are_zero(why, "people")
    exact = erlang_c(RATE / 3600, AHT, [HEADS - 1, HEADS]).service_level()
    holds(why.step("people").change["service_level"], float(exact[0] - exact[1]))


def test_a_rota_with_a_constant_number_of_heads_is_what_was_planned(tmp_path):
    why = explained(erlangs_world(roster=rota(tmp_path)))
    assert why.promised["asa"].mean == pytest.approx(float(erlang_c(RATE / 3600, AHT, HEADS).asa))
    others_are_zero(why, "people")
    adds_up(why)


def test_only_lateness(tmp_path):
    late = {"distribution": "constant", "value": 900}
    why = explained(erlangs_world(roster=rota(tmp_path), lateness=late))
    others_are_zero(why, "people")
    assert why.step("people").change["service_level"].high < -0.01
    assert why.step("people").change["asa"].low > 0
    adds_up(why)


def test_only_breaks_that_run_late(tmp_path):
    rows = ["agent,group,day,activity,start,end"]
    for number in range(HEADS):
        rows.append(f"agent {number},all,1,work,00:00,24:00")
        rows.append(f"agent {number},all,1,break,{10 + number % 2}:00,{10 + number % 2}:30")
    (tmp_path / "roster.csv").write_text("\n".join(rows) + "\n")
    length, end = (
        explained(
            erlangs_world(roster=str(tmp_path / "roster.csv"), late_breaks=rule),
            start="10:00",
            end="12:00",
            method="erlang-a",
        )
        for rule in ("keep-length", "keep-end")
    )
    for one, other in zip(length.steps, end.steps, strict=True):
        if one.name.key != "people":
            assert one == other
    shorter, longer = (w.step("people").change["service_level"] for w in (end, length))
    assert longer.mean < shorter.mean
    adds_up(length)
    adds_up(end)


def test_only_handle_time_by_hour(tmp_path):
    hours = [f"{hour:02d}:00,{RATE:g},{AHT * (1 + (-1) ** (hour // 3) / 6)}" for hour in range(24)]
    (tmp_path / "aht.csv").write_text("start,calls,calls aht\n" + "\n".join(hours) + "\n")
    profile = {"profile": {"file": str(tmp_path / "aht.csv"), "column": "calls"}}
    why = explained(erlangs_world(arrivals=profile))
    assert why.promised["asa"].mean == pytest.approx(float(erlang_c(RATE / 3600, AHT, HEADS).asa))
    others_are_zero(why, "handle_time")
    assert why.step("handle_time").change["service_level"].high < 0
    adds_up(why)


def test_only_handle_time_by_group():
    table = erlangs_world()
    table["agent_groups"] = [
        {"name": name, "skills": {"calls": 1}, "staffing": HEADS // 2, "handle_factor": factor}
        for name, factor in (("fast", 0.5), ("slow", 1.5))
    ]
    why = explained(table)
    others_are_zero(why, "handle_time")
    assert why.step("handle_time").change["service_level"].low > 0
    adds_up(why)


def two_types(**second: Any) -> dict[str, Any]:
    table = erlangs_world(arrivals={"rate_per_hour": RATE / 2})
    table["contact_types"].append({**table["contact_types"][0], "name": "other", **second})
    table["agent_groups"][0]["skills"] = {"calls": 1, "other": 1}
    return table


def test_two_types_alike_are_one_queue():
    others_are_zero(explained(two_types()))


def test_only_priority():
    table = two_types(priority=2)
    why = explained(table)
    low = explained(table, contact_type="other")
    for one, place in ((why, 0), (low, 1)):
        others_are_zero(one, "skills")
        exact = cobham_waits([RATE / 7200] * 2, AHT, HEADS)[place]
        holds(one.step("skills").change["asa"], exact - one.promised["asa"].mean)
        adds_up(one)


def test_only_skills():
    table = two_types()
    table["agent_groups"] = [
        {"name": "both", "skills": {"calls": 1, "other": 1}, "staffing": 2},
        {"name": "calls", "skills": {"calls": 1}, "staffing": 3},
        {"name": "other", "skills": {"other": 1}, "staffing": 3},
    ]
    why = explained(table)
    others_are_zero(why, "skills")
    assert why.step("skills").change["service_level"].high < 0
    adds_up(why)


def test_only_the_spill_over_of_a_volume_that_changes():
    """The Erlang day is M(t)/M/n, whose course the Kolmogorov equations give."""
    hours = [RATE * (0.5, 1.4)[hour % 2] for hour in range(6)]
    table = erlangs_world(arrivals={"expected": hours})
    table["clock"]["closes"] = "06:00"
    why = explained(table, 400, start="02:00", end="06:00")
    exact = day([3600.0] * 6, np.array(hours) / 3600, [HEADS] * 6, AHT, np.inf, 20.0, 400)
    within = np.average(exact["answered_within"][2:], weights=hours[2:])
    promised = erlang_c(np.array(hours[2:]) / 3600, AHT, HEADS).service_level()
    assert promised.min() == 0.0  # Erlang overloads in every second hour
    assert why.promised["asa"] is None
    change = why.step("spill_over").change["service_level"]
    holds(change, within - np.average(promised, weights=hours[2:]))
    for feature in FEATURES:
        assert why.step(feature).change["service_level"].mean == 0.0
        assert why.step(feature).change["asa"] is None
        assert why.step(feature).alone["asa"].mean == 0.0
    assert why.sums["people"]["asa"] is None


def test_only_a_day_factor():
    why = explained(erlangs_world(arrivals={"rate_per_hour": RATE, "day_factor_cv": 0.25}), 150)
    others_are_zero(why, "volume")
    assert why.step("volume").change["service_level"].high < 0
    adds_up(why)


def test_recorded_arrivals_are_no_poisson_arrivals(tmp_path):
    times = "\n".join(f"{30 * number // 3600:02d}:{30 * number // 60 % 60:02d}:{30 * number % 60:02d}"
                      for number in range(2880))  # fmt: skip
    (tmp_path / "calls.csv").write_text(f"arrival\n{times}\n")
    recorded = {"times": {"file": str(tmp_path / "calls.csv"), "column": "arrival"}}
    why = explained(erlangs_world(arrivals=recorded))
    others_are_zero(why, "volume")
    assert why.step("volume").change["service_level"].low > 0  # as even as clockwork


def test_only_lines():
    table = erlangs_world()
    table["trunks"] = {"lines": HEADS + 2}
    why = explained(table)
    others_are_zero(why, "ivr_lines")
    exact = finite_lines(RATE / 3600, AHT, HEADS, HEADS + 2)
    for key in why.measures:
        step = why.step("ivr_lines").change[key]
        holds(step, float(exact.value(key)) - why.promised[key].mean)
    adds_up(why)


def test_an_ivr_that_takes_no_time_and_half_of_the_calls_changes_nothing():
    ivr = {"duration": {"distribution": "constant", "value": 0}, "self_service": 0.5}
    why = explained(erlangs_world(arrivals={"rate_per_hour": 2 * RATE}, ivr=ivr))
    others_are_zero(why)


def test_lines_are_held_in_talk_and_hold_but_not_in_wrap():
    half = {"talk": exponential(AHT / 2), "wrap": exponential(AHT / 2)}
    table = erlangs_world(handle=half)
    table["trunks"] = {"lines": HEADS + 1}
    step = explained(table, 30).step("ivr_lines").change["service_level"]
    whole = erlangs_world()
    whole["trunks"] = {"lines": HEADS + 1}
    assert 0 < step.mean < explained(whole, 30).step("ivr_lines").change["service_level"].mean


def test_only_a_handle_time_of_two_shapes():
    """One agent: the mean wait of any handle times is Pollaczek's and Khinchine's."""
    talk = {"distribution": "hyperexponential", "mean": AHT, "cv": 1.6}
    table = erlangs_world(handle={"talk": talk}, arrivals={"rate_per_hour": 10}, staffing=1)
    why = explained(table, 600)
    others_are_zero(why, "handle_shape")
    square = AHT**2 * (1 + 1.6**2)
    exact = 10 / 3600 * square / 2 / (1 - 10 / 3600 * AHT)
    holds(why.step("handle_shape").change["asa"], exact - why.promised["asa"].mean)
    adds_up(why)


def test_only_abandonment():
    why = explained(erlangs_world(patience=exponential(120)))
    others_are_zero(why, "abandonment")
    exact = erlang_a(RATE / 3600, AHT, HEADS, 120)
    for key in why.measures:
        step = why.step("abandonment").change[key]
        holds(step, float(exact.value(key)) - why.promised[key].mean)
    adds_up(why)


def test_erlang_a_has_exponential_patience_in_its_promise():
    why = explained(erlangs_world(patience=exponential(120)), method="erlang-a")
    exact = erlang_a(RATE / 3600, AHT, HEADS, 120)
    assert why.promised["asa"].mean == pytest.approx(float(exact.asa))
    others_are_zero(why)
    balking = explained(
        erlangs_world(patience={**exponential(120), "balk": 0.5}), method="erlang-a"
    )
    others_are_zero(balking, "abandonment")
    assert balking.step("abandonment").change["asa"].high < 0


def test_overload_starts_at_zero():
    table = erlangs_world(arrivals={"rate_per_hour": 200}, patience=exponential(120))
    why = explained(table, 10)
    assert why.promised == {"service_level": why.promised["service_level"], "asa": None}
    assert why.promised["service_level"].mean == 0.0
    assert why.simulated["asa"].mean > 0
    assert all(step.change["asa"] is None for step in why.steps)
    total = sum(step.change["service_level"].mean for step in why.steps)
    assert total == pytest.approx(why.simulated["service_level"].mean, abs=1e-12)


BANK = "scenarios/retail-bank/scenario.toml"


def test_the_way_ends_at_the_scenario_itself():
    scenario = load(BANK)
    periods = [Period("service"), Period("sales", 1), Period("service", 1, "09:00", "09:30")]
    found = explain_gaps(scenario, periods, replications=6)
    results = simulate(scenario, 6, workers=1).results
    places: list[dict[str, Any]] = [{}, {"day": 1}, {"day": 1, "start": "09:00"}]
    for why, place in zip(found, places, strict=True):
        for key in why.measures:
            value = results.value(key, contact_type=why.period.contact_type, **place)
            assert why.simulated[key].mean == pytest.approx(value.mean, rel=1e-12)
            assert why.simulated[key].half_width is not None  # Student's


def test_workers_change_nothing():
    asked: dict[str, Any] = {"contact_type": "service", "day": 1, "replications": 4}
    alone = explain_gap(load(BANK), **asked)
    helped = explain_gap(load(BANK), workers="threads:2", **asked)
    assert alone.changes() == helped.changes()


def test_a_replication_goes_to_another_process_and_back():
    play = Play(load("scenarios/clinic/scenario.toml"), True, (Span(0, 0),), ("asa",), "compiled")
    there = pickle.loads(pickle.dumps(play))
    assert np.array_equal(there(3), play(3))


def test_both_engines_explain_alike():
    asked: dict[str, Any] = {"contact_type": "patients", "replications": 3}
    clinic = load("scenarios/clinic/scenario.toml")
    one, other = (explain_gap(clinic, engine=name, **asked) for name in ("compiled", "simpy"))
    assert one.changes() == other.changes()


def judged(table: dict[str, Any], method: str = "erlang-c", replications: int = 10) -> Validation:
    scenario = resolve(table, "test")
    return validate(scenario, method=method, replications=replications, workers=1)


def test_what_misses_is_explained_where_it_misses_most():
    table = erlangs_world(arrivals={"expected": [10] * 10 + [180] * 4 + [10] * 10})
    judgement = judged(table)
    worst = judgement.windows[0]
    (why,) = explain_misses(judgement)
    assert why.period == Period("calls", 1, worst.start, worst.end)
    assert why.replications == 10
    (whole_day,) = explain_misses(dataclasses.replace(judgement, windows=()), replications=3)
    assert whole_day.period == Period("calls", 1)
    assert whole_day.replications == 3


def test_what_holds_or_was_promised_without_waits_is_not_explained():
    assert (
        explain_misses(judged(erlangs_world(arrivals={"rate_per_hour": 10}), replications=100))
        == ()
    )
    overloaded = judged(erlangs_world(arrivals={"rate_per_hour": 200}), "linear")
    assert overloaded.verdict == "misses"
    assert explain_misses(overloaded) == ()


def test_json_entries():
    why = explained(erlangs_world(), 3)
    entries = [change.to_json_dict() for change in why.changes()]
    assert len(entries) == len(why.steps) * 2
    assert entries[0]["step"] == "promise"
    assert entries[0]["measure"] == "service_level"
    assert set(entries[1]["change"]) == {"mean", "half_width", "low", "high"}
    assert entries[1]["start"] == "04:00"


def test_progress_and_one_replication():
    told: list[tuple[int, int]] = []
    why = explained(erlangs_world(absent=1), 2, progress=lambda *at: told.append(at))
    assert told == [(1, 2), (2, 2)]
    assert why.step("people").change["asa"].half_width is not None
    once = explained(erlangs_world(absent=1), 1)
    assert once.step("people").change["asa"].half_width is None


def test_the_warm_up_is_not_measured():
    table = erlangs_world(arrivals={"expected": [RATE * 1.5, *[RATE] * 23]})
    table["clock"]["warm_up_minutes"] = 60
    why = explained(table, 5, day=None, start=None, end=None)
    assert why.promised["asa"].mean == pytest.approx(float(erlang_c(RATE / 3600, AHT, HEADS).asa))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"contact_type": "cals"}, "unknown contact type 'cals'; did you mean 'calls'"),
        ({"day": 2}, "day: got 2; days are 1 to 1"),
        ({"day": None}, "day: is missing"),
        ({"start": "04:10"}, "start: unknown edge of an interval '04:10'"),
        ({"end": None}, "end: unknown edge of an interval 'None'"),
        ({"start": "06:00", "end": "05:00"}, "end: got '05:00'; must be later than '06:00'"),
        ({"method": "linear"}, "unknown method that promises waits 'linear'"),
        ({"measures": ("sl",)}, "unknown measure to explain 'sl'"),
        ({"measures": ()}, "measures: at least one"),
        ({"replications": 0}, "replications: got 0"),
        ({"engine": "fast"}, "unknown engine 'fast'"),
    ],
)
def test_bad_input_is_one_sentence(wrong, says):
    with pytest.raises(InputError, match=says.replace("(", r"\(")) as fault:
        explained(erlangs_world(), **wrong)
    assert "\n" not in str(fault.value)


def test_an_unknown_step_is_refused():
    with pytest.raises(InputError, match="unknown step 'shape'"):
        explained(erlangs_world(), 1).step("shape")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=scenario_tables(), method=st.sampled_from(["erlang-c", "erlang-a", "mol"]))
def test_on_any_scenario_the_steps_add_up_to_what_was_simulated(drawn, method):
    with tempfile.TemporaryDirectory() as folder:
        scenario = resolve(write_rosters(Path(folder), *drawn), "random")
    results = simulate(scenario, 2, workers=1).results
    periods = [Period(kind.name, place) for kind in scenario.types for place in (None, 1)]
    found = explain_gaps(scenario, periods, replications=2, method=method)
    for why in found:
        for key in why.measures:
            value = results.value(key, contact_type=why.period.contact_type, day=why.period.day)
            assert (why.simulated[key] is None) == (value is None)
            changes = [step.change[key] for step in why.steps]
            if value is None:
                continue
            assert why.simulated[key].mean == pytest.approx(value.mean, rel=1e-12, abs=1e-12)
            if None not in changes:
                total = sum(change.mean for change in changes)
                assert total == pytest.approx(value.mean, rel=1e-12, abs=1e-9)
