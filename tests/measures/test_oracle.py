"""Random tables: the package against plain Python, cell by cell; and faults that show."""

import dataclasses
import random

import numpy as np
import pytest

from simcenter.measures import Accumulator, Definitions, measure, tally
from simcenter.measures.lattice import lattice_for
from tests.measures import oracle
from tests.measures.tables import (
    STATES,
    activity_table,
    contact,
    contact_table,
    plan_table,
    setting,
)

DAY = 86400.0
ROWS = ("contacts", "activities", "plan")
HOURS = [(28800.0, 36000.0), (DAY + 28800.0, DAY + 36000.0)]
OUTCOMES = (
    *("answered", "answered", "answered", "answered", "abandoned", "abandoned", "overflowed"),
    *("dropped", "dropped in IVR", "self_served", "ivr_abandoned", "blocked", "waiting"),
)


def tick(number):
    """Return a number on the grid; every third on whole intervals or seconds, for ties."""
    return round(number * 65536) / 65536


def random_contact(draw, missing):
    """Return a contact; a share of them lacks its wait, and as many lack their talk time."""
    at = DAY * draw.randrange(2) + draw.choice(
        [28800.0 + 900 * draw.randrange(8), 28800.0 + tick(draw.random() * 7200)]
    )
    name = draw.choice(OUTCOMES)
    wait = draw.choice([0.0, 0.0, 5.0, 20.0, 30.0, 900.0, tick(draw.expovariate(1 / 60))])
    talk = draw.choice([0.0, 60.0, 1800.0, tick(draw.expovariate(1 / 200))])
    wait, talk = (float("nan") if draw.random() < missing else time for time in (wait, talk))
    return contact(
        name.split()[0],
        at,
        kind=draw.randrange(2),
        ivr=draw.choice([float("nan"), 0.0, 900.0, tick(draw.expovariate(1 / 60))]),
        wait=None if name == "dropped in IVR" else wait,
        talk=talk,
        hold=float("nan") if missing == 1 else tick(draw.expovariate(1 / 10)),
        wrap=float("nan") if missing == 1 else tick(draw.expovariate(1 / 30)),
        agent=draw.randrange(3),
        attempt=draw.choice([1, 1, 2]),
    )


def random_rows(draw, names, start, end, agents=3):
    rows = []
    for agent in range(agents):
        for day in range(2):
            at = DAY * day + start
            while at < DAY * day + end and draw.random() < 0.97:
                until = at + draw.choice([1.0, 450.0, 900.0, 2000.0, tick(draw.random() * 1500)])
                if draw.random() < 0.9:
                    rows.append((agent, draw.choice(names), at, until))
                at = until
    return rows


MISSING = (0.0, 0.1, 0.7, 1.0)


def random_case(seed):
    draw = random.Random(f"case {seed}")
    missing = MISSING[seed % 4]
    variants = {
        "service_level": draw.choice(
            ["offered", "answered", "with_abandons", "net_of_quick_abandons", "net_of_short"]
        ),
        "abandonment_rate": draw.choice(["offered", "short_excluded", "net_of_short"]),
        "answer_rate": draw.choice(["offered", "net_of_short"]),
    }
    return oracle.Case(
        contacts=[random_contact(draw, missing) for _ in range(draw.choice([1, 5, 40, 200]))],
        activities=random_rows(draw, STATES, 28000.0, 37000.0),
        plan=random_rows(draw, ("work", "work", "break", "lunch", "meeting"), 28400.0, 36400.0),
        within=(20.0, 30.0),
        short=draw.choice([0.0, 5.0, 6.0]),
        booking=draw.choice(["arrival", "end"]),
        unpaid=draw.choice([(), ("lunch",), ("lunch", "break")]),
        opening=HOURS,
        warm=draw.choice([0.0, 28800.0 + 1350.0]),
        group_of=(0, 0, 1),
        cost=(10.0, 20.0, 40.0),
        variants=variants,
    )


def setting_of(case):
    return setting(
        case.opening,
        warm_up_until=case.warm,
        unpaid=case.unpaid,
        cost_per_hour=case.cost,
        definitions=Definitions(
            short_abandon_seconds=case.short, booking=case.booking, **case.variants
        ),
    )


def tables_of(case):
    return contact_table(case.contacts), activity_table(case.activities), plan_table(case.plan)


def measured(case):
    return measure(*tables_of(case), setting=setting_of(case))


def periods(results):
    """Yield (column arguments, low, high, stretches over which time averages run)."""
    edges, days = results.lattice.edges, results.lattice.day
    yield {}, 0.0, float(edges[-1]), HOURS
    for day in (1, 2):
        inside = np.flatnonzero(days == day)
        low, high = float(edges[inside[0]]), float(edges[inside[-1] + 1])
        yield {"day": day}, low, high, [HOURS[day - 1]]
    for cell, label in enumerate(results.lattice.labels):
        low, high = float(edges[cell]), float(edges[cell + 1])
        if high > results.setting.warm_up_until:
            yield {"day": int(days[cell]), "start": label}, low, high, [(low, high)]


def differences(case, results):
    """Return every place at which the package and the oracle do not say the same."""
    wrong = []

    def compare(found, **where):
        for key, value in oracle.told(found).items():
            got = results.value(key, **where)
            if (got is None) != (value is None) or (
                got is not None and got.mean != pytest.approx(value, rel=1e-12, abs=1e-12)
            ):
                wrong.append((key, where, got, value))

    for column, low, high, averaged in periods(results):
        compare(oracle.of_contacts(case, low, high, averaged), **column)
        for kind, name in enumerate(("service", "sales")):
            compare(
                oracle.of_contacts(case, low, high, averaged, kind), contact_type=name, **column
            )
        for group, name in ((None, None), (0, "general"), (1, "experts")):
            agents = [a for a, g in enumerate(case.group_of) if group in (None, g)]
            found = oracle.of_agents(case, low, high, averaged, agents)
            if "break" in case.unpaid:
                del found["shrinkage_break"]
            compare(found, agent_group=name, **column)
    return wrong


def full(case):
    return len(case.contacts) == 200 and not case.warm


FULL = next(seed for seed in range(1, 400, 4) if full(random_case(seed)))
"""A seed with many contacts, some of which lack a time, and no warm-up."""


@pytest.mark.parametrize("seed", range(16))
def test_the_package_agrees_with_plain_python(seed):
    case = random_case(seed)
    assert differences(case, measured(case)) == []


@pytest.mark.parametrize("seed", range(5))
def test_counts_and_means_agree_to_the_last_bit(seed):
    case = random_case(seed)
    results = measured(case)
    for column, low, high, averaged in periods(results):
        expected = oracle.told(oracle.of_contacts(case, low, high, averaged))
        for key in ("offered", "asa", "aht", "service_level", "queue_length_mean", "wait_p90"):
            got = results.value(key, **column)
            assert (None if got is None else got.mean) == expected[key]


def test_rows_of_types_add_up_to_the_total():
    results = measured(random_case(FULL))
    for key in ("offered", "answered", "on_floor", "staffed", "rostered", "cost"):
        for column, *_ in periods(results):
            total = results.value(key, **column).mean
            types = [results.value(key, contact_type=n, **column) for n in ("service", "sales")]
            assert sum(value.mean for value in types) == pytest.approx(total, abs=1e-9)


@pytest.mark.parametrize("fault", ["wait", "outcome", "edge", "plan", "short"])
def test_a_planted_fault_is_seen(fault):
    case = random_case(FULL)
    results = measured(case)
    if fault == "wait":
        row = next(r for r in case.contacts if r["outcome"] == 0 and r["wait_s"] >= 0)
        row["wait_s"] += 2.0**-16
    elif fault == "outcome":
        row = next(row for row in case.contacts if row["outcome"] == 1)
        row["outcome"] = 2
    elif fault == "edge":
        agent, state, start, end = case.activities[0]
        case.activities[0] = (agent, state, start, end + 1.0)
    elif fault == "plan":
        case.plan = [row for row in case.plan if row[1] != "break"]
    else:
        case.short = 1000.0
    assert differences(case, results)


@pytest.mark.parametrize("seed", range(8))
def test_standard_errors_are_those_of_the_delta_method(seed):
    first = random_case(seed)
    cases = [
        dataclasses.replace(first, **{name: getattr(case, name) for name in ROWS})
        for case in (first, *(random_case(seed + 100 * more) for more in range(1, 6)))
    ]
    chosen = setting_of(first)
    accumulator = Accumulator(chosen)
    for case in cases:
        accumulator.add(tally(*tables_of(case), chosen))
    results, (_, errors) = accumulator.results(), accumulator.ratios()
    measures = {item.key: (place, item) for place, item in enumerate(results.measures)}
    for column, low, high, averaged in periods(results):
        rows = [
            ({}, [oracle.of_contacts(case, low, high, averaged) for case in cases]),
            ({"contact_type": "sales"},
             [oracle.of_contacts(case, low, high, averaged, 1) for case in cases]),
            ({"agent_group": "general"},
             [oracle.of_agents(case, low, high, averaged, [0, 1]) for case in cases]),
        ]  # fmt: skip
        for where, several in rows:
            found = oracle.standard_errors(several)
            if "break" in first.unpaid:
                found.pop("shrinkage_break", None)
            for key, expected in found.items():
                got = results.value(key, **where, **column)
                assert (got is None) == (expected is None), (key, where, column)
                if expected is not None:
                    place, item = measures[key]
                    row = results._row(where.get("contact_type"), where.get("agent_group"))
                    error = errors[
                        place, row, results._column(**{"day": None, "start": None, **column})
                    ]
                    judge(got, error, *expected, item.bounds)


def judge(got, error, mean, expected, bounds):
    """Hold a value and its error against a mean and an error (None: none)."""
    assert got.mean == pytest.approx(mean, rel=1e-12, abs=1e-12)
    if expected is None:
        assert got.half_width is got.low is got.high is None
        return
    assert error == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert min(bounds[0], got.mean) <= got.low <= got.mean <= got.high <= max(bounds[1], got.mean)
    assert got.half_width == (got.high - got.low) / 2


def test_the_lattice_of_the_random_cases_is_whole():
    lattice = lattice_for(setting(HOURS))
    assert lattice.opening.sum() == 16
    assert len(lattice) == 192 + 0
