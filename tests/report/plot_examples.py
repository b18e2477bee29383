"""One example of everything that is drawn, and of each with its data missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from simcenter.experiment.contrast import Contrast
from simcenter.experiment.sensitivity import Bar, Effect
from simcenter.measures import Difference, Value
from simcenter.report.plots import calibration, comparison, day, queue, verdict
from simcenter.report.plots.inputs import (
    AgentsCurve,
    ArrivalBands,
    Backtest,
    Bands,
    Curve,
    Day,
    Delta,
    Grid,
    HandleFit,
    Hazard,
    Occupancy,
    Promised,
    QueueLength,
    Repair,
    StepChange,
    Survival,
    Sweep,
    Waits,
    Waterfall,
)
from simcenter.report.plots.style import Plot

__all__ = ["EXAMPLES", "MISSING", "STEP_WORDS"]

Draw = Callable[[str], Plot]

EDGES = 8 * 3600.0 + 1800.0 * np.arange(25)
PLACE = np.arange(24)
LEVEL = np.clip(0.8 + 0.25 * np.sin(PLACE / 3), 0, 1)
GAPS = np.where(PLACE == 3, np.nan, LEVEL)
NONE = np.full(24, np.nan)
VOLUME = 60 + 40 * np.sin(PLACE / 24 * np.pi)
NAME = "Utility, rostered by Erlang C, 100 days simulated, seed 20260303"
LONG = "contact_types.billing enquiries.arrivals.rate_per_hour=*1.1, agent_groups.general.absent=3"

STEP_WORDS = (
    "absence, lateness, late breaks, overruns",
    "handle time by type, hour and group",
    "skills, priority, sharing",
    "spill-over from interval to interval",
    "uncertain volume",
    "IVR and lines",
    "true shape of handle times",
    "abandonment",
)


def around(mean: Any, half: float = 0.04) -> Curve:
    return Curve(mean, np.clip(mean - half, 0, 1), np.clip(mean + half, 0, 1))


def value(mean: float, half: float) -> Value:
    return Value(mean, half, mean - half, mean + half)


def bands(median: Any, spread: float) -> Bands:
    half, most = 0.67 * spread, 1.64 * spread
    return Bands(median, median - half, median + half, median - most, median + most)


def bar(name: str, less: float, more: float) -> Bar:
    moves = ((-0.1, less), (0.1, more))
    return Bar(
        name,
        tuple(
            Effect(change, None, Contrast(Difference(value(found, 1.0), 2.0), "worse"))
            for change, found in moves
        ),
    )


def deltas() -> list[Delta]:
    sizes = {"service_level": -0.05, "asa": 6.0, "abandonment_rate": 0.01, "occupancy": 0.03}
    verdicts = ("worse", "better", "no difference shown", "higher")
    names = ("one ill", LONG, "lunch earlier", "training moved")
    return [
        Delta(name, key, value(size * (1 - place), abs(size) / 3), verdicts[place])
        for key, size in sizes.items()
        for place, name in enumerate(names)
    ]


def waits() -> Waits:
    rng = np.random.default_rng(7)
    answered = np.where(rng.random(4000) < 0.6, 0.0, rng.exponential(40.0, 4000))
    return Waits(NAME, answered, rng.exponential(60.0, 300), 20.0)


def lengths() -> QueueLength:
    rng = np.random.default_rng(7)
    at = np.linspace(EDGES[0], EDGES[-1], 145)
    busy = 5 * np.exp(-(((at - 50000) / 6000) ** 2))
    return QueueLength(NAME, at, rng.poisson(busy, (40, 145)).astype(float))


def promised() -> Promised:
    verdicts = np.select(
        [LEVEL < 0.7, LEVEL < 0.8, LEVEL < 0.9], ["misses", "at risk", "cannot tell yet"], "holds"
    )
    formula = np.where((PLACE > 7) & (PLACE < 10), np.inf, np.clip(LEVEL + 0.1, 0, 1))
    told = tuple(None if place == 3 else str(one) for place, one in enumerate(verdicts))
    return Promised(NAME, "erlang-c", "service_level", EDGES, formula, around(GAPS), told, 0.8)


def waterfall() -> Waterfall:
    sizes = (-0.03, -0.02, 0.0, -0.21, -0.05, 0.0, -0.04, 0.08)
    steps = tuple(StepChange(w, value(s, 0.01)) for w, s in zip(STEP_WORDS, sizes, strict=True))
    return Waterfall(NAME, "service_level", "erlang-c", 0.86, steps, value(0.59, 0.02), 0.8)


def handle() -> HandleFit:
    edges = np.linspace(0.0, 1200.0, 61)
    came = np.random.default_rng(7).exponential(240.0, 3000)
    observed = np.histogram(came, edges)[0] / len(came)
    expected = -np.diff(np.exp(-edges / 240.0))
    return HandleFit("sales", edges, observed, "exponential", expected, came.mean(), 1.0, len(came))


def survival() -> Survival:
    times = np.arange(5.0, 400.0, 5.0)
    at = np.linspace(0, 600, 50)
    return Survival("sales", times, around(np.exp(-times / 500)), at, np.exp(-at / 480))


def arrivals() -> ArrivalBands:
    observed = np.random.default_rng(7).normal(VOLUME, 10.0, (8, 24))
    return ArrivalBands("sales, Mondays", EDGES, bands(VOLUME, 10.0), observed)


def backtest() -> Backtest:
    observed = np.abs(np.random.default_rng(7).normal(30, 9, 24))
    dates = tuple(f"2026-02-{number:02d}" for number in range(1, 25))
    return Backtest("February 2026", "asa", dates, observed, bands(np.full(24, 30.0), 6.0))


def whole_day() -> Day:
    people = np.round(20 + 10 * np.sin(PLACE / 24 * np.pi))
    return Day(
        NAME, EDGES, 0.9 * VOLUME, 0.08 * VOLUME, 0.02 * VOLUME, around(GAPS), 0.8, 20.0,
        people, people + 1, people - 2,
    )  # fmt: skip


AGENTS = np.arange(20.0, 36.0)
HAZARD_EDGES = np.array([0.0, 10, 30, 60, 120, 240, 480])
RATES = np.array([0.004, 0.003, 0.002, 0.0025, 0.0018, 0.0016])
BARS = [bar("volume", -6.0, 14.0), bar("agents", 12.0, -5.0), bar("handle time", -4.0, 7.0)]
GROUPS = {"general": LEVEL * 0.9, "senior, of the second floor": GAPS}
GRID = np.arange(15.0).reshape(5, 3) * 3.1
AXIS = ("0.8", "0.9", "1.0", "1.1", "1.2")

EXAMPLES: Mapping[str, Draw] = {
    "day": lambda speak: day.plot_day(whole_day(), speak),
    "occupancy": lambda s: day.plot_occupancy(Occupancy(NAME, EDGES, around(LEVEL), GROUPS), s),
    "waits": lambda speak: queue.plot_waits(waits(), speak),
    "queue": lambda speak: queue.plot_queue(lengths(), speak),
    "differences": lambda speak: comparison.plot_deltas(deltas(), NAME, speak),
    "tornado": lambda speak: comparison.plot_tornado(BARS, "asa", 20.0, NAME, speak),
    "sweep": lambda speak: comparison.plot_sweep(
        Sweep(NAME, "contact_types.sales.arrivals.factor", AXIS, "service_level",
              around(LEVEL[:5]), 0.8), speak,
    ),
    "grid": lambda speak: comparison.plot_grid(
        Grid(NAME, "contact_types.sales.arrivals.factor", AXIS, "agent_groups.general.absent",
             ("0", "1", "2"), "asa", GRID), speak,
    ),
    "agents curve": lambda speak: comparison.plot_agents_curve(
        AgentsCurve(NAME, AGENTS, "service_level", around(1 - np.exp(-(AGENTS - 18) / 5)), 27, 0.8),
        speak,
    ),
    "promised": lambda speak: verdict.plot_promised(promised(), speak),
    "why": lambda speak: verdict.plot_why(waterfall(), speak),
    "repair": lambda speak: verdict.plot_repair(
        Repair(NAME, "lunch of B1-B6 at 11:30, not 12:30", "service_level", EDGES, around(GAPS),
               around(np.clip(GAPS + 0.1, 0, 1)), 0.8), speak,
    ),
    "handle": lambda speak: calibration.plot_handle(handle(), speak),
    "hazard": lambda speak: calibration.plot_hazard(
        Hazard("sales", HAZARD_EDGES, Curve(RATES, 0.8 * RATES, 1.2 * RATES), np.full(6, 0.002)),
        speak,
    ),
    "survival": lambda speak: calibration.plot_survival(survival(), speak),
    "arrivals": lambda speak: calibration.plot_arrivals(arrivals(), speak),
    "backtest": lambda speak: calibration.plot_backtest(backtest(), speak),
}  # fmt: skip

MISSING: Mapping[str, Draw] = {
    "day without agents or target": lambda speak: day.plot_day(
        Day("", EDGES, VOLUME, 0 * VOLUME, 0 * VOLUME, Curve(LEVEL)), speak
    ),
    "day without contacts": lambda speak: day.plot_day(
        Day("", EDGES, 0 * NONE, 0 * VOLUME, 0 * VOLUME, Curve(NONE)), speak
    ),
    "occupancy of nobody": lambda s: day.plot_occupancy(Occupancy("", EDGES, Curve(NONE)), s),
    "waits of nobody": lambda s: queue.plot_waits(Waits("", np.zeros(0), np.zeros(0)), s),
    "waits of none": lambda s: queue.plot_waits(Waits("", np.zeros(9), np.zeros(0)), s),
    "queue of one day": lambda s: queue.plot_queue(QueueLength("", EDGES, np.zeros((1, 25))), s),
    "no differences": lambda speak: comparison.plot_deltas([], "", speak),
    "difference unknown": lambda speak: comparison.plot_deltas(
        [Delta("one ill", "cost", None, "no difference shown")], "", speak
    ),
    "no tornado": lambda speak: comparison.plot_tornado([], "asa", 20.0, "", speak),
    "sweep of nothing": lambda speak: comparison.plot_sweep(
        Sweep("", "key", ("1",), "asa", Curve(np.array([np.nan]))), speak
    ),
    "grid of nothing": lambda speak: comparison.plot_grid(
        Grid("", "key", ("1",), "other", ("2",), "asa", np.array([[np.nan]])), speak
    ),
    "agents curve without a plan": lambda speak: comparison.plot_agents_curve(
        AgentsCurve("", AGENTS, "asa", Curve(100 / AGENTS)), speak
    ),
    "promise not judged": lambda speak: verdict.plot_promised(
        Promised("", "erlang-a", "asa", EDGES, NONE, Curve(NONE), (None,) * 24), speak
    ),
    "why without harm": lambda speak: verdict.plot_why(
        Waterfall("", "asa", "erlang-a", 20.0, (), value(20.0, 1.0)), speak
    ),
    "repair without a target": lambda speak: verdict.plot_repair(
        Repair("", "more", "asa", EDGES, Curve(NONE), Curve(30 * LEVEL)), speak
    ),
    "survival without abandonment": lambda speak: calibration.plot_survival(
        Survival("", np.zeros(0), Curve(np.zeros(0)), np.zeros(0), np.zeros(0)), speak
    ),
    "arrivals never observed": lambda speak: calibration.plot_arrivals(
        ArrivalBands("", EDGES, bands(VOLUME, 9.0), np.zeros((0, 24))), speak
    ),
}  # fmt: skip
