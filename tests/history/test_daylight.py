"""Changes of the clocks, against the zone's own rules."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from simcenter.history.daylight import changes, tell_daylight
from simcenter.history.ledger import Ledger

EPOCH = dt.datetime(1970, 1, 1)


@pytest.mark.parametrize(
    ("zone", "year", "told"),
    [
        (
            "Europe/Berlin",
            2026,
            [
                "2026-03-29: 02:00 to 03:00 never was",
                "2026-10-25: 02:00 to 03:00 came twice",
            ],
        ),
        (
            "Australia/Lord_Howe",
            2026,
            ["2026-04-05: 01:30 to 02:00 came twice", "2026-10-04: 02:00 to 02:30 never was"],
        ),
        ("Asia/Shanghai", 2026, []),
        (
            "America/Santiago",
            2024,
            ["2024-04-06: 23:00 to 00:00 came twice", "2024-09-08: 00:00 to 01:00 never was"],
        ),
    ],
)
def test_the_hours_of_a_year(zone, year, told):
    found = changes(zone, dt.date(year, 1, 1), dt.date(year, 12, 31))
    assert [str(change) for change in found] == told


def test_rows_in_an_hour_that_never_was():
    ledger = Ledger([("f", n) for n in range(3)])
    day = (dt.datetime(2026, 3, 29) - EPOCH).total_seconds()
    tell_daylight(ledger, day + np.array([3600.0, 9000.0, 10800.0]), "Europe/Berlin")
    assert ledger.daylight == ["2026-03-29: 02:00 to 03:00 never was; 1 rows in it"]
    (odd,) = ledger.noted("odd")
    assert odd.rows == ("f:1",)
    assert odd.reason == "begins in the hour of 2026-03-29 that never was"
