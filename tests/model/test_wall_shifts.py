"""Shifts over a change of the clocks: how long what takes, and how a roster writes it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcenter.errors import InputError
from simcenter.model.scenario import Segment, Shift
from simcenter.model.timeline import REGULAR, timeline_of
from simcenter.model.wall_shifts import placed, writable, written

HOUR = 3600.0
SPRING = timeline_of("Europe/Paris", dt.date(2026, 3, 29), 1)  # 02:00 becomes 03:00
AUTUMN = timeline_of("Europe/Paris", dt.date(2026, 10, 25), 1)  # 03:00 becomes 02:00
TROLL = timeline_of("Antarctica/Troll", dt.date(2026, 10, 25), 1)  # 03:00 becomes 01:00


def shift(*parts: tuple[str, float], start: float = 0.0) -> Shift:
    """Return a shift from midnight on of activities until so many hours."""
    begins = [start, *(hour for _, hour in parts[:-1])]
    segments = (
        Segment(name, begin * HOUR, end * HOUR)
        for (name, end), begin in zip(parts, begins, strict=True)
    )
    return Shift(1, tuple(segments))


def hours(made: Shift | None) -> list[tuple[str, float]]:
    assert made is not None
    return [(part.activity, (part.end - part.start) / HOUR) for part in made.segments]


@pytest.mark.parametrize(
    ("parts", "spring", "autumn"),
    [
        # the shift follows the wall
        ([("work", 6)], [("work", 5)], [("work", 7)]),
        # before and after the change nothing is special
        (
            [("work", 1), ("break", 1.5), ("work", 6)],
            [("work", 1), ("break", 0.5), ("work", 3.5)],
            [("work", 1), ("break", 0.5), ("work", 5.5)],
        ),
        # a break at a time that never is, or comes twice
        (
            [("work", 2.25), ("break", 2.5), ("work", 6)],
            [("work", 2), ("break", 0.25), ("work", 2.75)],
            [("work", 2.25), ("break", 0.25), ("work", 4.5)],
        ),
        # that reaches out of it
        (
            [("work", 2.5), ("lunch", 3.25), ("work", 6)],
            [("work", 2), ("lunch", 0.75), ("work", 2.25)],
            [("work", 2.5), ("lunch", 0.75), ("work", 3.75)],
        ),
        # or into it
        (
            [("work", 1.75), ("lunch", 2.25), ("work", 6)],
            [("work", 1.75), ("lunch", 0.5), ("work", 2.75)],
            [("work", 1.75), ("lunch", 0.5), ("work", 4.75)],
        ),
        # over all of it: the wall says when it ends
        (
            [("work", 1), ("training", 4), ("work", 6)],
            [("work", 1), ("training", 2), ("work", 2)],
            [("work", 1), ("training", 4), ("work", 2)],
        ),
        # with no work after it to give or take
        (
            [("work", 2.5), ("meeting", 3), ("leave", 6)],
            [("work", 2), ("leave", 3)],
            [("work", 2.5), ("meeting", 1.5), ("leave", 3)],
        ),
    ],
)
def test_lengths(parts, spring, autumn):
    assert hours(placed(shift(*parts), SPRING)) == spring
    assert hours(placed(shift(*parts), AUTUMN)) == autumn


def test_a_shift_that_never_is():
    assert placed(shift(("work", 2.75), start=2.25), SPRING) is None


def test_work_on_both_sides_of_what_never_is_becomes_one():
    made = placed(
        shift(("work", 2.1), ("break", 2.2), ("work", 2.3), ("break", 2.4), ("work", 6)), SPRING
    )
    assert hours(made) == [("work", 2), ("break", pytest.approx(0.1)), ("work", pytest.approx(2.9))]


def test_where_no_clock_changes_a_shift_is_itself():
    one = shift(("work", 3), ("break", 3.5), ("work", 6))
    assert written(one, REGULAR) is one
    assert placed(one, REGULAR) == one


def test_what_a_roster_cannot_write():
    # a break of 90 minutes from 02:30 on would end where work begins that the wall shows before
    long = shift(("work", 2.5), ("break", 4), ("work", 4.5))
    back = (Segment("work", 0, 9000), Segment("break", 9000, 14400), Segment("work", 14400, 16200))
    assert placed(long, AUTUMN) != Shift(1, back)
    assert not writable(Shift(1, back), AUTUMN)
    second = Shift(1, (Segment("work", 0.0, 3.25 * HOUR),))  # until 02:15, the second time
    assert not writable(second, AUTUMN)
    with pytest.raises(InputError, match=r"at about 02:15\+01:00 of day 1"):
        written(second, AUTUMN)


@given(
    lengths=st.lists(st.integers(1, 12), min_size=1, max_size=8),
    names=st.lists(st.sampled_from(["work", "break", "leave"]), min_size=8, max_size=8),
    start=st.integers(0, 24),
    line=st.sampled_from([SPRING, AUTUMN, TROLL]),
)
def test_every_roster_can_be_written_again(lengths, names, start, line):
    at, parts = start * 600.0, []
    for name, length in zip(names, lengths, strict=False):
        if not parts or parts[-1].activity != name:
            parts.append(Segment(name, at, at + length * 600.0))
            at += length * 600.0
    made = placed(Shift(1, tuple(parts)), line)
    if made is not None:
        assert all(part.start < part.end for part in made.segments)
        assert all(part.start < part.end for part in written(made, line).segments)
        assert placed(written(made, line), line) == made
