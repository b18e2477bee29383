"""Spans of time in the forms that planners write; what may mean two things is refused."""

from __future__ import annotations

import pytest

from simcenter.files.shift_spans import Span, lenient_clock, span_of, span_of_date

HOUR = 3600.0
READ = {
    "08:00-16:30": (8, 16.5),
    "8-16:30": (8, 16.5),
    "0800-1630": (8, 16.5),
    "08:00–16:30": (8, 16.5),
    "08:00 ~ 16:30": (8, 16.5),
    "０８：００－１６：３０": (8, 16.5),
    "8.30-17.00": (8.5, 17),
    "8-4pm": (8, 16),
    "8am-4:30pm": (8, 16.5),
    "8:00 AM - 4:30 PM": (8, 16.5),
    "1-5pm": (13, 17),
    "10pm-6am": (22, 30),
    "12am-8am": (0, 8),
    "上午9:00-下午6:00": (9, 18),
    "8点-17点": (8, 17),
    "22:00-次日06:00": (22, 30),
    "22:00-06:00(+1)": (22, 30),
    "22-6": (22, 30),
    "8-12": (8, 12),
    "6-14": (6, 14),
    "08:00-05:00": (8, 29),
    "00:00-24:00": (0, 24),
    "20:00-28:00": (20, 28),
}


@pytest.mark.parametrize("text", READ)
def test_spans_are_read(text: str):
    start, end = READ[text]
    assert span_of(text) == Span(start * HOUR, end * HOUR)


@pytest.mark.parametrize(
    "text", ["8-5", "9-6", "12-8", "8:00-5:00", "2-10", "3-11", "8-8", "25:70-26"]
)
def test_what_may_mean_two_things_is_told(text: str):
    found = span_of(text)
    assert isinstance(found, str)
    assert any(words in found for words in ("may be", "same time", "no span"))


@pytest.mark.parametrize("text", ["D", "早", "", "2026-03-02", "08:00", "D+2", "1/2", "N-1"])
def test_what_is_no_span_is_none(text: str):
    assert span_of(text) is None


def test_dates_that_were_spans():
    assert span_of_date("2026-12-08") == span_of_date("8-Dec") == span_of("8-12")
    assert span_of_date("2026-08-16") == span_of("8-16")
    assert span_of_date("2026-06-22") == span_of("22-6")
    for text in ("2026-05-08", "2026-10-06", "2026-08-20", "2026-03-30", "D", "Mon"):
        assert span_of_date(text) is None


def test_lenient_clocks():
    assert [lenient_clock(text) for text in ("8", "08:30", "8:30 pm", "2400")] == [
        8 * HOUR, 8.5 * HOUR, 20.5 * HOUR, 24 * HOUR,
    ]  # fmt: skip
    assert [lenient_clock(text) for text in ("", "x", "0870", "24 h x")] == [None] * 4
