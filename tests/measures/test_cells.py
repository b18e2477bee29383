"""Intervals, bookings, warm-up and queue length, worked by hand."""

import datetime as dt

import numpy as np
import pytest

from simcenter.errors import InputError, RecordError
from simcenter.measures import Definitions, measure, setting_for_observed, tally
from simcenter.measures.lattice import MOST_AFTER, lattice_for, lattice_until
from tests.measures.tables import activity_table, contact, contact_table, setting

HOUR = 3600.0
DAY = 86400.0


def means(results, key, day=1, **row):
    """Return the measure of every shown interval of a day, by label."""
    days = len(results.lattice.midnight)
    cells = np.flatnonzero((results.lattice.day == day) & results.booked[1 + days :])
    found = {}
    for cell in cells:
        label = results.lattice.labels[cell]
        value = results.value(key, day=day, start=label, **row)
        found[label] = None if value is None else value.mean
    return found


def test_the_lattice_of_two_days():
    hours = ((8 * HOUR, 20 * HOUR), (DAY + 9 * HOUR, DAY + 24 * HOUR))
    lattice = lattice_for(setting(hours, interval=HOUR))
    assert lattice.edges[0] == 0
    assert lattice.edges[-1] == 2 * DAY + 2 * HOUR
    assert list(np.unique(np.diff(lattice.edges))) == [HOUR]
    assert lattice.opening.sum() == 12 + 15
    assert lattice.labels[:2] == ("00:00", "01:00")
    assert lattice.labels[-1] == "25:00"
    assert lattice.day[23] == 1
    assert lattice.day[24] == 2
    longer = lattice.until(2 * DAY + 3.5 * HOUR)
    assert longer.labels[-2:] == ("26:00", "27:00")
    assert lattice.until(0.0) is lattice


def test_a_day_that_closes_at_midnight_keeps_what_it_must_finish():
    hours = ((8 * HOUR, 24 * HOUR), (DAY + 8 * HOUR, DAY + 24 * HOUR))
    lattice = lattice_for(setting(hours, interval=HOUR))
    cell = int(lattice.cell_of(np.array([DAY + 0.5 * HOUR]))[0])
    assert (lattice.day[cell], lattice.labels[cell]) == (1, "24:00")
    cell = int(lattice.cell_of(np.array([DAY + 2 * HOUR]))[0])
    assert (lattice.day[cell], lattice.labels[cell]) == (2, "02:00")


def test_days_that_abut_have_no_further_interval_between():
    lattice = lattice_for(setting(((0, DAY), (DAY, 2 * DAY)), interval=HOUR))
    assert lattice.opening[:48].all()


def test_a_closed_day_has_cells_and_no_opening():
    lattice = lattice_for(setting(((0, DAY), (DAY, DAY), (2 * DAY, 3 * DAY)), interval=HOUR))
    assert not lattice.opening[lattice.day == 2].any()
    assert (lattice.day == 2).sum() == 24 - 2


def test_odd_hours_stay_on_the_lattice_of_the_opening():
    hours = ((8 * HOUR + 600, 10 * HOUR + 600), (DAY + 8 * HOUR, DAY + 10 * HOUR))
    lattice = lattice_for(setting(hours, interval=1800))
    assert np.all(np.diff(lattice.edges) > 0)
    assert lattice.edges[0] == 0
    first = np.flatnonzero(lattice.opening & (lattice.day == 1))
    assert {lattice.labels[i] for i in first} == {
        "08:10",
        "08:40",
        "09:10",
        "09:40",
    }
    instants = np.concatenate([lattice.edges[:-1], lattice.edges[1:] - 2.0**-16])
    expected = np.searchsorted(lattice.edges, instants, side="right") - 1
    assert np.array_equal(lattice.cell_of(instants), expected)


def test_agent_time_is_split_exactly_at_the_edges():
    rows = [(0, "talk", 0.0, 1000.0), (0, "available", 1000.0, 2000.5), (0, "off", 2000.5, 9000.0)]
    results = measure(contact_table([]), activity_table(rows), setting=setting())
    floor = means(results, "on_floor")
    assert floor == {"00:00": 1.0, "00:15": 1.0, "00:30": 200.5 / 900, "00:45": 0.0}
    assert means(results, "occupancy") == {
        "00:00": 1.0,
        "00:15": 100 / 900,
        "00:30": 0.0,
        "00:45": None,
    }
    assert results.value("on_floor").mean == 2000.5 / 3600
    assert results.value("occupancy").mean == 1000 / 2000.5
    assert results.value("occupancy", agent_group="general").mean == 1000 / 2000.5
    assert results.value("occupancy", agent="Ann").mean == 1000 / 2000.5
    assert results.value("occupancy", agent="Bob") is None


def test_time_after_closing_belongs_to_further_intervals():
    rows = [(0, "talk", 0.0, 3600.0 + 450.0)]
    late = contact("answered", 3590.0, ivr=20.0, wait=30.0)
    results = measure(contact_table([late]), activity_table(rows), setting=setting())
    assert results.value("on_floor").mean == 1.0
    assert results.value("on_floor", day=1, start="01:00").mean == 0.5
    assert results.value("queue_length_mean").mean == 0.0
    assert results.value("queue_length_mean", day=1, start="01:00").mean == 30 / 900
    assert results.value("offered").mean == 1
    assert means(results, "offered") == {
        "00:00": 0,
        "00:15": 0,
        "00:30": 0,
        "00:45": 0,
        "01:00": 1,
    }
    assert means(results, "arrived")["00:45"] == 0
    assert [row["start"] for row in results.to_json_dict()["intervals"]][::5][-1] == "01:00"


BOOKED = [
    contact("answered", 800.0, ivr=150.0, wait=20.0, talk=900.0, wrap=1000.0),
    contact("abandoned", 880.0, wait=30.0),
    contact("blocked", 890.0),
    contact("self_served", 890.0, ivr=20.0),
    contact("dropped", 890.0, ivr=15.0),
]


@pytest.mark.parametrize(
    ("booking", "expected"),
    [
        ("arrival", {"answered": 1, "abandoned": 0, "blocked": 0, "self_served": 0, "dropped": 0}),
        ("end", {"answered": 3, "abandoned": 1, "blocked": 0, "self_served": 1, "dropped": 1}),
    ],
)
def test_both_bookings(booking, expected):
    chosen = setting(definitions=Definitions(booking=booking))
    results = measure(contact_table(BOOKED), setting=chosen)
    for key, place in expected.items():
        counts = list(means(results, key).values())
        assert counts == [float(i == place) for i in range(4)], key
    assert results.value("arrived").mean == 5


def test_booking_by_end_falls_back_on_the_last_instant_known():
    row = contact("answered", 10.0, wait=880.0) | {
        "wrap_end": np.nan,
        "release": np.nan,
        "answer": np.nan,
    }
    chosen = setting(definitions=Definitions(booking="end"))
    assert means(measure(contact_table([row]), setting=chosen), "answered")["00:00"] == 1
    row["answer"] = 905.0
    assert means(measure(contact_table([row]), setting=chosen), "answered")["00:15"] == 1


def test_work_that_goes_on_past_the_last_cell():
    chosen = setting(definitions=Definitions(booking="end"))
    edge = float(lattice_for(chosen).edges[-1])
    row = contact("answered", 10.0, talk=edge - 10.0)
    results = measure(contact_table([row]), setting=chosen)
    assert len(results.lattice) == len(lattice_for(chosen)) + 1
    assert results.value("answered", day=1, start="24:00").mean == 1


def test_warm_up_removes_contacts_by_arrival_and_clips_time():
    rows = [
        contact("answered", 1000.0, wait=500.0),
        contact("answered", 1199.0, ivr=2.0),
        contact("abandoned", 1200.0, wait=100.0),
    ]
    time = [(0, "talk", 600.0, 1500.0), (0, "available", 1500.0, 1800.0)]
    chosen = setting(warm_up_until=1200.0)
    results = measure(contact_table(rows), activity_table(time), setting=chosen)
    assert results.value("offered").mean == 1
    assert results.value("answered").mean == 0
    assert results.value("asa") is None
    assert results.value("on_floor").mean == 600 / 2400
    assert results.value("occupancy").mean == 0.5
    assert results.value("queue_length_mean").mean == (300 + 100) / 2400
    assert results.value("queue_length_max").mean == 2
    assert means(results, "offered")["00:00"] is None
    assert means(results, "queue_length_max")["00:00"] is None
    assert means(results, "queue_length_mean")["00:15"] == 400 / 600


def test_queue_length():
    rows = [
        contact("answered", 0.0, wait=100.0),
        contact("answered", 50.0, wait=50.0, kind=1),
        contact("abandoned", 100.0, wait=850.0),
        contact("answered", 500.0, wait=0.0),
        contact("overflowed", 949.0, wait=1.0),
        contact("dropped", 3500.0, wait=100.0),
        contact("waiting", 3590.0, wait=np.nan),
    ]
    results = measure(contact_table(rows), setting=setting())
    averages = means(results, "queue_length_mean")
    hour = [averages[label] for label in ("00:00", "00:15", "00:30", "00:45")]
    assert hour == [(100 + 50 + 800) / 900, 51 / 900, 0, 110 / 900]
    assert results.value("queue_length_mean").mean == (150 + 850 + 1 + 110) / 3600
    peaks = means(results, "queue_length_max")
    assert [peaks[label] for label in ("00:00", "00:15", "00:30", "00:45")] == [2, 2, 0, 2]
    assert results.value("queue_length_max").mean == 2
    assert results.value("queue_length_max", contact_type="sales").mean == 1
    assert results.value("queue_length_max", agent_group="general") is None


def test_those_who_leave_go_before_those_who_enter():
    rows = [contact("answered", 0.0, wait=10.0), contact("answered", 10.0, wait=10.0)]
    rows += [contact("answered", 880.0, wait=20.0)] * 2
    results = measure(contact_table(rows), setting=setting())
    assert means(results, "queue_length_max")["00:00"] == 2
    assert means(results, "queue_length_max")["00:15"] == 0
    alone = measure(contact_table(rows[:2]), setting=setting())
    assert alone.value("queue_length_max").mean == 1


def test_counts_add_up_and_dropped_splits():
    names = ("answered", "abandoned", "overflowed", "waiting", "self_served", "ivr_abandoned")
    rows = [contact(name, 60.0 * i) for i, name in enumerate((*names, "blocked", "in_ivr"))]
    rows += [contact("dropped", 600.0, ivr=3.0), contact("dropped", 600.0, wait=3.0)]
    rows += [contact("answered", 700.0, attempt=2)]
    results = measure(contact_table(rows), setting=setting())
    found = {key: results.value(key).mean for key in ("arrived", "offered", "dropped", "redialled")}
    assert found == {"arrived": 11, "offered": 6, "dropped": 2, "redialled": 1}
    assert results.value("queue_loss_rate").mean == 3 / 6
    assert results.value("blocking_rate").mean == 1 / 11


def test_days_without_records_are_not_invented():
    rows = [contact("answered", 100.0), contact("answered", 2 * DAY + 100.0, wait=86.5)]
    table = contact_table(rows, first_date=dt.date(1999, 1, 1))
    chosen = setting_for_observed(table)
    assert chosen.days == 3
    results = measure(table, setting=chosen)
    assert results.value("queue_length_mean").mean == 86.5 / (2 * DAY)
    assert [row["day"] for row in results.to_json_dict()["days"]][:: 1 + 2 + 2] == [1, 3]
    narrow = setting_for_observed(table, opens=0.0, closes=HOUR, interval_minutes=60)
    assert measure(table, setting=narrow).value("queue_length_mean").mean == 86.5 / (2 * HOUR)
    with pytest.raises(InputError, match="opening hours"):
        setting_for_observed(table, opens=10.0, closes=5.0)


def test_a_name_that_the_setting_lacks_is_refused_and_order_does_not_matter():
    table = contact_table([contact(kind=1)])
    with pytest.raises(RecordError, match="unknown contact type 'sales'"):
        tally(table, None, None, setting(types=("service", "sale")))
    turned = setting(types=("sales", "service"), group_types=((1, 0), (0,)))
    assert measure(table, setting=turned).value("offered", contact_type="sales").mean == 1


def test_settings_that_do_not_fit_are_refused():
    for changes in (
        {"answer_within": (1.0,)},
        {"group_types": ()},
        {"agent_group": np.array([0])},
        {"cost_per_hour": (1.0,)},
        {"opening": np.zeros((0, 2))},
        {"interval": 0.0},
        {"confidence": 1.0},
    ):
        with pytest.raises(InputError, match=f"setting.{next(iter(changes))}"):
            setting(**changes)


def test_contacts_that_end_years_after_the_last_day_are_refused_before_there_are_tables():
    asked = setting(((0, DAY),), interval=HOUR)
    assert len(lattice_until(asked, DAY + 10 * HOUR)) >= 34
    end = float(lattice_for(asked).edges[-1])
    assert (
        len(lattice_until(asked, end + MOST_AFTER * HOUR)) == len(lattice_for(asked)) + MOST_AFTER
    )
    with pytest.raises(InputError, match=r"ends 11,574 days after the last day \(allowed: 833\)"):
        lattice_until(asked, end + 1e9)
