"""Waits, handling, loads and first-contact resolution, worked by hand."""

import dataclasses

import numpy as np
import pytest

from simcenter.floor.records import Outcome
from simcenter.floor.tables import read_contacts, write_contacts
from simcenter.measures import Definitions, find_measure, measure, setting_for_observed
from tests.measures.tables import contact, contact_table, setting

DAY = 86400.0


def of(rows, **changes):
    return measure(contact_table(rows), setting=setting(**changes))


def test_waits():
    rows = [contact("answered", 1.0 * i, wait=float(i)) for i in range(10)]
    rows += [contact("abandoned", 5.0, wait=40.0), contact("overflowed", 5.0, wait=12.0)]
    found = of(rows)
    assert found.value("asa").mean == 4.5
    assert found.value("mean_wait").mean == (45 + 40 + 12) / 12
    assert found.value("mean_wait_abandoned").mean == 40
    assert found.value("wait_p50").mean == 4
    assert found.value("wait_p90").mean == 8
    assert found.value("wait_p99").mean == 9
    assert found.value("wait_max").mean == 9
    assert found.value("wait_p50", contact_type="sales") is None
    assert found.value("wait_max", contact_type="sales") is None
    assert found.value("wait_p90", agent_group="general").mean == 8
    assert found.value("asa", agent="Ann").mean == 4.5


@pytest.mark.parametrize("count", [1, 2, 9, 10, 11, 100, 101])
def test_quantiles_are_those_of_the_inverse_empirical_distribution(count):
    waits = np.sort(np.random.default_rng(count).integers(0, 50, count).astype(float))
    found = of([contact("answered", float(i), wait=w) for i, w in enumerate(waits)])
    for percent in (50, 90, 99):
        expected = next(w for w in waits if (waits <= w).sum() * 100 >= percent * count)
        assert found.value(f"wait_p{percent}").mean == expected


def test_the_last_wait_within_t_counts():
    rows = [contact(wait=20.0), contact(wait=20.0 + 2.0**-16), contact(wait=30.0, kind=1)]
    found = of(rows)
    assert found.value("service_level", contact_type="service").mean == 0.5
    assert found.value("service_level", contact_type="sales").mean == 1.0
    assert found.value("service_level").mean == 2 / 3


def test_handling():
    rows = [contact(talk=100.0, hold=10.0, wrap=40.0), contact(talk=200.0, wrap=20.0)]
    rows += [contact("abandoned")] * 2
    found = of(rows)
    assert found.value("aht").mean == 185
    assert found.value("mean_talk").mean == 150
    assert found.value("mean_hold").mean == 5
    assert found.value("mean_wrap").mean == 30
    assert found.value("carried_load").mean == 370 / 3600
    assert found.value("offered_load").mean == pytest.approx(4 * 185 / 3600)
    assert found.value("lost_load").mean == pytest.approx(2 * 185 / 3600)
    assert found.value("offered_load", contact_type="sales").mean == 0
    assert found.value("aht", contact_type="sales") is None


def test_times_that_were_not_recorded_are_null_and_do_not_dilute():
    nan = float("nan")
    rows = [
        contact(talk=100.0, hold=nan, wrap=nan),
        contact(talk=nan, hold=nan, wrap=nan, wait=nan),
    ]
    found = of(rows)
    assert found.value("aht").mean == 100
    assert found.value("mean_talk").mean == 100
    assert found.value("mean_hold") is None
    assert found.value("mean_wrap") is None
    assert found.value("asa").mean == 0
    unknown = of(rows[1:])
    for key in ("asa", "aht", "carried_load", "offered_load", "lost_load", "wait_p50"):
        assert unknown.value(key) is None
    assert unknown.value("answered").mean == 1
    assert unknown.value("service_level") is None
    assert found.value("service_level").mean == 1


VARIANTS = find_measure("service_level").variants


@pytest.mark.parametrize("variant", VARIANTS)
def test_where_no_wait_is_known_what_needs_waits_is_null(variant):
    nan = float("nan")
    rows = [contact(wait=nan), contact("abandoned", 10.0, wait=nan), contact("blocked")]
    chosen = Definitions(
        service_level=variant, answer_rate="net_of_short", abandonment_rate="short_excluded"
    )
    found = of(rows, definitions=chosen)
    waits = ("service_level", "queue_length_mean", "queue_length_max", "short_abandoned")
    for key in (*waits, "answer_rate", "abandonment_rate", "asa", "mean_wait", "wait_max"):
        assert found.value(key) is None, key
        assert found.value(key, contact_type="service") is None, key
        assert found.value(key, day=1, start="00:00") is None, key
    for key in ("queue_length_mean", "queue_length_max"):
        assert found.value(key, day=1, start="00:15") is None
        assert found.value(key, contact_type="sales").mean == 0
    assert found.value("queue_loss_rate").mean == 0.5
    assert of(rows).value("answer_rate").mean == 0.5


@pytest.mark.parametrize("variant", VARIANTS)
def test_contacts_of_unknown_wait_do_not_enter_the_service_level(variant):
    rows = [contact(wait=10.0), contact(wait=50.0), contact("abandoned", wait=60.0)]
    rows += [contact("overflowed", wait=40.0), contact("abandoned", wait=10.0)]
    unknown = [contact(name, wait=float("nan")) for name in ("answered", "abandoned")]
    chosen = Definitions(service_level=variant, short_abandon_seconds=15.0)
    expected = of(rows, definitions=chosen).value("service_level")
    assert of(rows + unknown, definitions=chosen).value("service_level") == expected
    assert of(rows + unknown).value("offered").mean == 7


def test_short_abandons_are_unknown_where_only_waits_of_the_answered_are_known():
    rows = [contact(wait=10.0), contact("abandoned", wait=float("nan"))]
    assert of(rows).value("short_abandoned") is None
    assert of(rows[:1]).value("short_abandoned").mean == 0
    assert of(rows).value("queue_length_mean").mean == 10 / 3600


def test_waits_that_a_file_lacks_are_taken_from_its_instants(tmp_path):
    rows = [contact(name, 50.0 * i, ivr=3.0) for i, name in enumerate(Outcome.__members__)]
    table = contact_table(rows)
    table.queue_entry[:] = table.arrival + 3.0
    table.answer[:] = np.where(table.outcome == Outcome.answered, table.queue_entry + 7.25, np.nan)
    table.release[:] = table.queue_entry + 30.5
    table.release[table.outcome == Outcome.waiting] = np.nan
    table.wait_s[:] = np.nan
    table.wait_s[table.outcome == Outcome.overflowed] = 5.0
    write_contacts(tmp_path / "c.csv", table)
    (back,) = read_contacts(tmp_path / "c.csv")
    known = {"answered": 7.25, "abandoned": 30.5, "overflowed": 5.0, "dropped": 30.5}
    for name, wait in zip(Outcome.__members__, back.wait_s, strict=True):
        assert wait == known[name] if name in known else np.isnan(wait), name
    table.release[:] = table.queue_entry - 1.0
    write_contacts(tmp_path / "c.csv", table, force=True)
    assert np.isnan(read_contacts(tmp_path / "c.csv")[0].wait_s[1])


def test_no_contacts_at_all():
    found = of([])
    json = found.to_json_dict()["total"]
    assert json["offered"] == {"mean": 0.0, "half_width": None, "low": None, "high": None}
    for key in ("answer_rate", "asa", "service_level", "aht", "wait_p90", "wait_max", "occupancy"):
        assert json[key] is None
    assert json["queue_length_mean"]["mean"] == 0
    assert "NaN" not in repr(json)
    assert "nan" not in repr(json)


def test_redials_are_unknown_where_attempts_are():
    assert of([contact(attempt=-1)]).value("redialled") is None
    assert of([contact(attempt=1)]).value("redialled").mean == 0


LONG = [(day * DAY, day * DAY + DAY) for day in range(20)]


def test_first_contact_resolution():
    rows = [
        contact(at=0.0, caller=1),  # comes back within the week: not resolved
        contact("abandoned", 3 * DAY, caller=1),
        contact(at=1.0, caller=2),  # comes back with another type: resolved
        contact(at=2 * DAY, caller=2, kind=1),
        contact(at=2.0, caller=3),  # comes back exactly at the end of the window: not resolved
        contact("blocked", 7 * DAY + 62.0, caller=3),
        contact(at=3.0, caller=4),  # comes back later than that: resolved
        contact("blocked", 7 * DAY + 63.0 + 2.0**-16, caller=4),
        contact(at=4.0),  # nobody knows who
        contact(at=15 * DAY, caller=5),  # its window is not over
    ]
    found = measure(contact_table(rows), setting=setting(LONG))
    assert found.value("first_contact_resolution", contact_type="service").mean == 2 / 4
    assert found.value("first_contact_resolution", contact_type="sales").mean == 1
    assert found.value("first_contact_resolution").mean == 3 / 5
    assert found.value("first_contact_resolution", day=16) is None
    assert found.value("first_contact_resolution", agent="Ann").mean == 3 / 5


def test_first_contact_resolution_needs_callers_and_days():
    assert find_measure("first_contact_resolution").needs == ("callers",)
    rows = [contact(at=0.0, caller=1), contact(at=100.0, caller=1)]
    assert of(rows).value("first_contact_resolution") is None
    anonymous = measure(contact_table([contact()]), setting=setting(LONG))
    assert anonymous.value("first_contact_resolution") is None


def test_a_table_without_groups_or_agents_is_measured():
    nobody = dataclasses.replace(
        contact_table([contact(), contact("abandoned", wait=30.0)]),
        groups=(), agents=(), agent=np.full(2, -1), group=np.full(2, -1),
    )  # fmt: skip
    found = measure(nobody, setting=setting_for_observed(nobody))
    assert found.value("answer_rate").mean == 0.5
    assert found.value("aht").mean == 60.0
    assert found.value("occupancy") is None
