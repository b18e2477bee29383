"""An explanation in words: the sentence, the steps, the sums, in both languages."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from simcenter.measures import Value
from simcenter.model.specification import TargetSpec
from simcenter.report.layout import width
from simcenter.report.why_text import why_sentence, why_text
from simcenter.validation.why import Period
from simcenter.validation.why_result import Step, Why
from simcenter.validation.why_steps import PARTS, STEPS

SL = {"promise": 0.88, "people": -0.08, "volume": -0.03, "abandonment": 0.02}
ASA = {"promise": 9.0, "people": 12.0, "volume": 4.0, "abandonment": -3.0}


def value(mean: float | None, half: float = 0.005) -> Value | None:
    return None if mean is None else Value(mean, half, mean - half, mean + half)


def made(sl: dict[str, Any] = SL, asa: dict[str, Any] = ASA, **changes: Any) -> Why:
    steps = tuple(
        Step(
            step,
            {"service_level": value(sl.get(step.key, 0.0)), "asa": value(asa.get(step.key, 0.0))},
            {"service_level": value(sl.get(step.key, 0.0)), "asa": value(asa.get(step.key, 0.0))},
        )
        for step in STEPS
    )

    def total(part: str | None, key: str) -> Value | None:
        means = [
            step.change[key].mean if step.change[key] else None
            for step in steps
            if part in (None, step.name.part)
        ]
        return None if None in means else value(sum(means))

    why = Why(
        period=Period("service", 1, "08:30", "10:00"),
        method="erlang-c",
        replications=100,
        confidence=0.95,
        measures=("service_level", "asa"),
        steps=steps,
        simulated={key: total(None, key) for key in ("service_level", "asa")},
        sums={part: {key: total(part, key) for key in ("service_level", "asa")} for part in PARTS},
        target=TargetSpec(answer_within_seconds=20, service_level=0.8),
        days=1,
    )
    return dataclasses.replace(why, **changes)


def test_a_miss_in_one_sentence():
    assert why_sentence(made()) == (
        "08:30-10:00, service: misses because people cost 8.0 points of service level (absence, "
        "lateness, late breaks, overruns) and demand cost 3.0 points of service level (uncertain "
        "volume), while what the formula leaves out gave back 2.0 points (abandonment): Erlang C "
        "promised 88.0 %, the floor gave 79.0 %, the target was 80.0 %."
    )


def test_a_miss_in_one_chinese_sentence():
    assert why_sentence(made(), "zh") == (
        "08:30-10:00 service：不达标，因为人员使服务水平下降 8.0 个百分点"
        "（缺勤、迟到、休息推迟与超时收尾），需求使服务水平下降 3.0 个百分点"
        "（话务量的不确定）；公式未考虑的因素挽回 2.0 个百分点（客户放弃）。"
        "Erlang C 承诺 88.0%，现场为 79.0%，目标为 80.0%。"
    )


def test_what_holds_has_no_because():
    sentence = why_sentence(made({**SL, "people": -0.01}))
    assert sentence.startswith("08:30-10:00, service: holds, although demand cost 3.0 points")
    assert "because" not in sentence


def test_the_verdict_of_a_validation_is_taken_over():
    sentence = why_sentence(made({**SL, "people": -0.06}), verdict="at risk")
    assert "service: is at risk because people cost 6.0 points" in sentence


def test_heads_too_few_for_the_formula_come_first():
    sentence = why_sentence(made({**SL, "promise": 0.7}))
    assert "because the rostered heads were too few for the formula itself and people" in sentence


def test_a_target_on_the_asa_that_is_missed_by_more():
    target = TargetSpec(answer_within_seconds=20, service_level=0.8, asa_seconds=10)
    sentence = why_sentence(made(target=target))
    assert "people added 12.0 s to the average speed of answer (absence" in sentence
    assert "gave back 3.0 s (abandonment): Erlang C promised 9.0 s" in sentence


def test_an_overloaded_formula_promises_no_end():
    nothing = dict.fromkeys(step.key for step in STEPS)
    target = TargetSpec(asa_seconds=10)
    why = made(asa=nothing, target=target, simulated={"service_level": None, "asa": value(40.0)})
    sentence = why_sentence(why)
    assert "because the rostered heads were overloaded" in sentence
    assert "Erlang C promised no end of waiting, the floor gave 40.0 s" in sentence
    assert [line.split() for line in why_text(why).splitlines() if "sum: people" in line] == [
        ["sum:", "people", "-8.0", "±", "0.5"],
        ["sum:", "people", "-"],
    ]


def test_sums_that_are_not_shown_are_not_named():
    flat = {step.key: 0.0 for step in STEPS} | {"promise": 0.802, "people": -0.004}
    sentence = why_sentence(made(flat))
    assert "misses because of small things of which none is shown alone: Erlang C" in sentence


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_tables_fit_a_terminal(language):
    text = why_text(made(), language)
    tables = [line for line in text.splitlines() if "±" in line]
    assert len(tables) >= 2 * (len(STEPS) + len(PARTS))
    assert all(width(line) <= 80 for line in text.splitlines())
    for step in STEPS:
        assert (step.english if language == "en" else step.chinese) in text


def test_periods_have_names():
    assert why_sentence(made(period=Period("service"))).startswith("the whole, service: ")
    assert why_sentence(made(period=Period("service", 2))).startswith("day 2, service: ")
    assert why_sentence(made(days=3)).startswith("day 1 08:30-10:00, service: ")
