"""The floor against exact answers that share no code with it.

Waits of single contacts are compared to the last bit; means over replications within four
standard errors, with fixed seeds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from simcenter.files.scenario import resolve
from simcenter.floor.records import ContactTable, Outcome
from simcenter.floor.run import run
from simcenter.workload.draws import draw
from tests.floor.stage import contact, engine, play, staffed, table
from tests.oracles.chains import balking, finite_lines, overflow_design
from tests.oracles.day import day as kolmogorov_day
from tests.oracles.erlang import erlang_a, erlang_b, erlang_c_mean_wait
from tests.oracles.priority import cobham_waits
from tests.oracles.recursions import impatient_waits, kiefer_wolfowitz_waits, lindley_waits

INFINITE = float("inf")


def exponential(mean: float) -> dict[str, Any]:
    return {"distribution": "exponential", "mean": mean}


def queue(
    rate: float, handle: float, patience: float | None, agents: int, **extra: Any
) -> dict[str, Any]:
    """Return M/M/n (+M), all day long; rate per hour, times in seconds."""
    kind: dict[str, Any] = {
        "name": "a",
        "arrivals": {"rate_per_hour": rate},
        "handle": {"talk": exponential(handle)},
    }
    if patience is not None:
        kind["patience"] = {**exponential(patience), "balk": extra.pop("balk", 0.0)}
    clock = {"opens": "00:00", "closes": "24:00", **extra.pop("clock", {})}
    return table([staffed("g", agents)], [kind], clock=clock, **extra)


def in_steady_state(contacts: ContactTable, kind: int = 0) -> np.ndarray[Any, Any]:
    """Choose the contacts of a type that arrive after the first two hours."""
    return (contacts.contact_type == kind) & (contacts.arrival >= 7200.0)


def mean_of(
    scenario_table: dict[str, Any], replications: int, *measures: Callable[[ContactTable], float]
) -> list[tuple[float, float]]:
    """Return (mean, standard error) of each measure over replications."""
    scenario = resolve(scenario_table, "oracle")
    rows = []
    for replication in range(1, replications + 1):
        contacts = run(scenario, replication, engine.name).contacts
        rows.append([measure(contacts) for measure in measures])
    values = np.array(rows)
    errors = values.std(axis=0, ddof=1) / np.sqrt(replications)
    return list(zip(values.mean(axis=0), errors, strict=True))


def share(outcome: Outcome, kind: int = 0) -> Callable[[ContactTable], float]:
    return lambda c: float((c.outcome[in_steady_state(c, kind)] == outcome).mean())


def wait(kind: int = 0) -> Callable[[ContactTable], float]:
    return lambda c: float(c.wait_s[in_steady_state(c, kind)].mean())


def assert_near(estimate: tuple[float, float], exact: float, slack: float = 4.0) -> None:
    mean, error = estimate
    assert abs(mean - exact) <= slack * error, f"{mean} ± {error}, exact {exact}"
    assert error < 0.1 * abs(exact) + 1e-3, "the runs are too few to tell"


class TestWaitsToTheLastBit:
    @pytest.mark.parametrize("seed", range(4))
    @pytest.mark.parametrize("lattice", [1.0, 60.0, 2.0**-16])
    @pytest.mark.parametrize("servers", [1, 3])
    def test_first_come_first_served(self, seed: int, lattice: float, servers: int):
        rng = np.random.default_rng(seed)
        arrivals = np.sort(np.rint(rng.uniform(0, 7200, 300) / lattice) * lattice)
        talks = np.rint(rng.exponential(24.0 * servers, 300) / lattice) * lattice
        contacts = [
            contact("8:00", arrival=28800.0 + a, talk=float(t))
            for a, t in zip(arrivals, talks, strict=True)
        ]
        waits = play(table([staffed("g", servers)]), contacts).contacts.wait_s
        assert np.array_equal(waits, kiefer_wolfowitz_waits(28800.0 + arrivals, talks, servers))
        if servers == 1:
            assert np.array_equal(waits, lindley_waits(28800.0 + arrivals, talks))

    @pytest.mark.parametrize("seed", range(4))
    @pytest.mark.parametrize("lattice", [1.0, 30.0, 2.0**-16])
    def test_with_patience(self, seed: int, lattice: float):
        rng = np.random.default_rng(seed)
        n, servers = 400, 4
        arrivals = 28800.0 + np.sort(np.rint(rng.uniform(0, 7200, n) / lattice) * lattice)
        talks = np.rint(rng.exponential(90.0, n) / lattice) * lattice
        patiences = np.rint(rng.exponential(60.0, n) / lattice) * lattice
        contacts = [
            contact("8:00", arrival=float(a), talk=float(t), patience=float(p))
            for a, t, p in zip(arrivals, talks, patiences, strict=True)
        ]
        made = play(table([staffed("g", servers)]), contacts).contacts
        waits, answered = impatient_waits(arrivals, talks, patiences, servers)
        assert np.array_equal(made.outcome == Outcome.answered, answered)
        assert np.array_equal(made.wait_s, waits)

    def test_a_drawn_day_is_kiefer_and_wolfowitz_too(self):
        scenario = resolve(queue(600, 170, None, 30), "oracle")
        workload = draw(scenario, 3)
        waits = run(scenario, 3, engine.name).contacts.wait_s
        assert np.array_equal(waits, kiefer_wolfowitz_waits(workload.arrival, workload.talk, 30))


class TestTheClassic:
    """48 calls a minute, one minute to serve, two minutes of patience, 50 agents."""

    def test_with_patience(self):
        estimates = mean_of(
            queue(2880, 60, 120, 50),
            8,
            share(Outcome.abandoned),
            wait(),
            lambda c: float(((c.outcome == 0) & (c.wait_s <= 20))[in_steady_state(c)].mean()),
        )
        exact = erlang_a(0.8, 60, 50, 120, 20)
        assert_near(estimates[0], exact["abandonment_fraction"])
        assert_near(estimates[1], exact["mean_wait"])
        assert_near(estimates[2], exact["service_level"])
        assert exact["abandonment_fraction"] == pytest.approx(0.0309, abs=5e-5)
        assert exact["mean_wait"] == pytest.approx(3.71, abs=5e-3)

    def test_without_patience(self):
        exact = erlang_c_mean_wait(0.8, 60, 50)
        assert exact == pytest.approx(20.8, abs=0.05)
        assert_near(mean_of(queue(2880, 60, None, 50), 12, wait())[0], exact)


class TestQueues:
    def test_who_has_no_patience_is_lost_as_erlang_b_says(self):
        day = queue(600, 60, None, 12)
        day["contact_types"][0]["patience"] = {"distribution": "constant", "value": 0}
        assert_near(mean_of(day, 10, share(Outcome.abandoned))[0], erlang_b(10.0, 12))

    def test_lines(self):
        day = queue(600, 60, 90, 9, trunks={"lines": 12})
        exact = finite_lines(1 / 6, 60, 9, 12, 90)
        estimates = mean_of(day, 12, share(Outcome.blocked), share(Outcome.abandoned))
        assert_near(estimates[0], exact["blocking_fraction"])
        assert_near(estimates[1], exact["abandonment_fraction"])

    def test_balking(self):
        day = queue(600, 60, 90, 9, balk=0.3)
        exact = balking(1 / 6, 60, 9, 0.3, 90, 200)
        estimates = mean_of(
            day,
            12,
            lambda c: float(((c.outcome == 1) & (c.wait_s == 0))[in_steady_state(c)].mean()),
            lambda c: float(((c.outcome == 1) & (c.wait_s > 0))[in_steady_state(c)].mean()),
        )
        assert_near(estimates[0], exact["balking_fraction"])
        assert_near(estimates[1], exact["abandonment_fraction"])

    def test_priority_as_cobham_says(self):
        first = {"name": "a", "priority": 1, "arrivals": {"rate_per_hour": 200}}
        second = {"name": "b", "priority": 2, "arrivals": {"rate_per_hour": 300}}
        types = [{**kind, "handle": {"talk": exponential(60)}} for kind in (first, second)]
        group = {"name": "g", "skills": {"a": 1, "b": 1}, "staffing": 10}
        day = table([group], types, clock={"opens": "00:00", "closes": "24:00"})
        exact = cobham_waits([200 / 3600, 300 / 3600], 60, 10)
        estimates = mean_of(day, 20, wait(0), wait(1))
        for estimate, value in zip(estimates, exact, strict=True):
            assert_near(estimate, value)

    def test_an_n_design(self):
        kinds = [("a", 1, 200, 100.0, 60.0), ("b", 2, 300, 60.0, 80.0)]
        types = [
            {
                "name": name,
                "priority": priority,
                "arrivals": {"rate_per_hour": rate},
                "handle": {"talk": exponential(handle)},
                "patience": exponential(patience),
            }
            for name, priority, rate, handle, patience in kinds
        ]
        groups = [
            {"name": "one", "skills": {"a": 1}, "staffing": 3},
            {"name": "two", "skills": {"a": 2, "b": 1}, "staffing": 7},
        ]
        day = table(groups, types, clock={"opens": "00:00", "closes": "24:00"})
        exact = overflow_design(
            (200 / 3600, 300 / 3600), (100.0, 60.0), (60.0, 80.0), (3, 7), (25, 30)
        )
        assert exact["truncation_mass"] < 1e-6
        estimates = mean_of(
            day, 15, share(Outcome.abandoned, 0), share(Outcome.abandoned, 1), wait(0), wait(1)
        )
        names = ("abandonment_fraction_a", "abandonment_fraction_b", "mean_wait_a", "mean_wait_b")
        for estimate, name in zip(estimates, names, strict=True):
            assert_near(estimate, exact[name])


def test_a_day_that_varies_as_kolmogorov_says():
    """Volume changes every half-hour, agents come on as the day goes.

    Agents do not leave here: in the chain any agent who frees may be the one who leaves, on
    the floor it is one who was told to.
    """
    volumes = [30, 60, 90, 120, 60, 150, 75, 160]
    agents = [4, 7, 7, 10, 11, 12, 12, 15]
    kind = {
        "name": "a",
        "arrivals": {"expected": volumes},
        "handle": {"talk": exponential(180)},
        "patience": exponential(120),
    }
    day = table([staffed("g", agents)], [kind])
    exact = kolmogorov_day(
        [1800.0] * 8, [v / 1800 for v in volumes], agents, 180.0, 120.0, 20.0, 120
    )
    scenario = resolve(day, "oracle")
    observed = []
    for replication in range(1, 301):
        c = run(scenario, replication, engine.name).contacts
        place = ((c.arrival - 28800.0) // 1800.0).astype(int)
        within = (c.outcome == Outcome.answered) & (c.wait_s <= 20.0)
        lost = c.outcome == Outcome.abandoned
        observed.append(
            [np.bincount(place, weights=column, minlength=8) for column in (within, lost)]
        )
    pooled = np.array(observed)  # [replication, measure, interval]
    arrivals = np.array(volumes, dtype=float)
    expected = np.array(
        [arrivals * exact["answered_within"], arrivals * exact["abandoned_fraction"]]
    )
    error = pooled.std(axis=0, ddof=1) / np.sqrt(len(pooled))
    assert np.all(np.abs(pooled.mean(axis=0) - expected) <= 4.0 * error)
