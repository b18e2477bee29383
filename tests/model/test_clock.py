"""Clock strings, dates, and the time grid."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcenter.model.clock import clock_text, date_of, seconds_of
from simcenter.model.grid import LONGEST, TICKS_PER_SECOND, on_grid, to_grid
from simcenter.model.words import one_line


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00", 0),
        ("8:30", 30600),
        ("08:30", 30600),
        ("08:30:15", 30615),
        ("08:30:15.25", 30615.25),
        ("24:00", 86400),
        ("25:30", 91800),
        ("  8:30 ", 30600),
        (dt.time(8, 30, 15, 250000), 30615.25),
    ],
)
def test_a_clock_is_seconds_since_midnight(text, seconds):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8",
        "8.5",
        "08:3",
        "08:60",
        "08:30:60",
        "-1:00",
        "08:30 pm",
        "1234:00",
        "08:30:",
        "a:b",
        "08:30\n:00",
        8,
        8.5,
        None,
        True,
        [],
        dt.date(2026, 3, 2),
    ],
)
def test_what_is_no_clock_says_what_is(text):
    with pytest.raises(ValueError, match="must be a clock such as '08:30'"):
        seconds_of(text)


@given(st.integers(0, 200 * 3600 - 1))
def test_clock_text_is_read_back(seconds):
    assert seconds_of(clock_text(seconds)) == seconds
    assert clock_text(seconds).count(":") == (1 if seconds % 60 == 0 else 2)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02",
        "2026-3-2",
        "2026/3/2",
        "2026.03.02",
        " 2026-03-02 ",
        "2026-03-02 00:00:00",
        "2026-03-02T00:00",
    ],
)
def test_dates_as_spreadsheets_write_them(text):
    assert date_of(text) == dt.date(2026, 3, 2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-02-30",
        "02.03.2026",
        "3/2/2026",
        "2026-03/02",
        "2026-03-02 08:00",
        "20260302",
        "2026-03-02x",
    ],
)
def test_what_is_no_date(text):
    with pytest.raises(ValueError, match=r"date|day|month"):
        date_of(text)


@given(st.floats(-1e9, 1e9))
def test_the_grid_is_the_nearest_tick(seconds):
    rounded = float(to_grid(seconds))
    assert (rounded * TICKS_PER_SECOND).is_integer()
    assert abs(rounded - seconds) <= 0.5 / TICKS_PER_SECOND
    assert to_grid(rounded) == rounded


@given(st.lists(st.integers(0, 2**40), min_size=1, max_size=20), st.randoms())
def test_sums_on_the_grid_are_exact_in_any_order(ticks, random):
    times = [tick / TICKS_PER_SECOND for tick in ticks]
    shuffled = random.sample(times, len(times))
    assert sum(times) == sum(shuffled) == sum(ticks) / TICKS_PER_SECOND
    assert sum(times) - sum(shuffled[1:]) == shuffled[0]


def test_the_longest_duration_leaves_room_for_sums():
    # a hundred of the longest durations still lie on the grid
    assert 100 * LONGEST * TICKS_PER_SECOND < 2**53


def test_halves_go_to_the_even_tick():
    assert (
        to_grid(np.array([0.5, 1.5, 2.5, -0.5]) / TICKS_PER_SECOND) * TICKS_PER_SECOND
    ).tolist() == [0, 2, 2, 0]


def test_on_grid():
    assert on_grid(np.array([0.0, 1.0, 1 / 65536, np.nan]))
    assert not on_grid(np.array([0.0, 1 / 131072]))
    assert np.isnan(to_grid(np.nan))
    assert on_grid(np.array([]))


@given(st.text(max_size=300))
def test_one_line_is_one_short_line(text):
    shown = one_line(text)
    assert shown.isprintable()
    assert len(shown) <= 80


def test_one_line_shows_what_it_can():
    assert one_line("a\tb\n\nc") == "a b c"
    assert one_line("x" * 10**6) == "x" * 79 + "…"
    assert one_line(10**5000) == "a number of many digits"
    assert one_line(None) == "None"
