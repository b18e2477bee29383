"""Calibrate on some days of an interval table, simulate others, set them beside what happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from simcenter.errors import InputError
from simcenter.history.backtest.choices import REPLICATIONS, check_choices, check_dates
from simcenter.history.backtest.crowds import NO_CROWD
from simcenter.history.backtest.intervals.model import calibrated_slots
from simcenter.history.backtest.intervals.slots import (
    Slots,
    dates_of_table,
    part_of_table,
    slots_of,
    with_offered,
)
from simcenter.history.backtest.intervals.target import with_target
from simcenter.history.backtest.intervals.telling import assumed_of
from simcenter.history.backtest.pace import EVEN
from simcenter.history.backtest.replay import MEASURED
from simcenter.history.backtest.result import Backtest
from simcenter.history.backtest.scenario import Frame
from simcenter.history.backtest.testing import Progress, tested
from simcenter.history.calibration.queues import in_intervals
from simcenter.history.selection import Dates
from simcenter.model.intervals import IntervalTable

if TYPE_CHECKING:
    from simcenter.history.calibration.calendar import Calendar

__all__ = ["backtest_intervals"]

LONGEST = 60.0
"""Minutes of an interval."""


def backtest_intervals(
    table: IntervalTable,
    calibrate_on: Dates,
    hold_out: Sequence[Dates],
    *,
    volumes: str = "actual",
    agents: str = "recorded",
    calendar: Calendar | None = None,
    answer_within: float | None = None,
    aht: float | None = None,
    replications: int = REPLICATIONS,
    seed: int = 1,
    progress: Progress | None = None,
) -> Backtest:
    """Simulate days of an interval table that the calibration has not seen.

    As `backtest`, for those who have totals by interval and queue only. Patience is sought by
    simulation of the calibration's days; what the table does not tell is left out of the
    comparison, and said.

    Parameters
    ----------
    table
        Intervals of 5 to 60 minutes, all of one length.
    calibrate_on, hold_out, calendar, replications, seed, progress
        As of `backtest`.
    volumes
        ``"actual"``: in each interval as many contacts as came, at instants drawn;
        ``"calibrated"``, ``"forecast"``: as of `backtest`.
    agents
        ``"recorded"``: those whom the held-out intervals tell; ``"calibrated"``: as many as days
        of that kind had. Queues whose agents are not told have the latter in any case.
    answer_within
        Seconds of ``answered_in_target`` where the table does not tell them.
    aht
        Mean handle time in seconds, for tables that do not tell it.

    Returns
    -------
    Backtest

    Raises
    ------
    InputError
        When rows are longer than an hour or of several lengths, dates overlap or are none of the
        table's, or nothing is told that could be set beside a simulation.
    """
    check_choices(volumes, agents, replications)
    _check_rows(table)
    check_dates(dates_of_table(table), calibrate_on, hold_out)
    table, within = with_target(with_offered(table), answer_within)
    table, minutes, _ = in_intervals(table)
    frame = Frame(minutes * 60.0, 0.0 if within is None else within, seed)
    parts = [(dates, part_of_table(table, dates, "--hold-out")) for dates in sorted(hold_out)]
    held = [slots_of(part, dates, frame.interval) for dates, part in parts]
    _check_told(held)
    model = calibrated_slots(table, calibrate_on, frame, calendar, aht)
    stretches = [
        model.stretch(part, slots, volumes, agents)
        for (_, part), slots in zip(parts, held, strict=True)
    ]
    found = tested(stretches, replications, progress)
    return Backtest(
        history="intervals",
        trained=calibrate_on,
        held=tuple(one.dates for one in stretches),
        volumes=volumes,
        agents=agents if any(slots.tell("agents") for slots in held) else "sought",
        replications=replications,
        seed=seed,
        interval_minutes=minutes,
        answer_within=within,
        own=model.own(),
        between=model.between,
        pace=EVEN,
        crowd=NO_CROWD,
        marks=dict(frame.marks),
        periods=found.periods,
        coverage=found.coverage,
        errors=found.errors,
        errors_of=found.errors_of,
        recalibrate=None,
        assumed=assumed_of(model, held),
    )


def _check_rows(table: IntervalTable) -> None:
    """Refuse rows of days or months: within them nobody knows when anybody waited.

    Raises
    ------
    InputError
        Saying what is needed.
    """
    if len(table) and table.minutes.max() > LONGEST:
        raise InputError(
            "backtest: the table has rows of {minutes:g} minutes; needs totals by intervals of at "
            "most 60 minutes, such as half hours with offered, answered, abandoned and waits",
            minutes=table.minutes.max(),
        )


def _check_told(held: Sequence[Slots]) -> None:
    """Refuse days of which volumes alone are told.

    Raises
    ------
    InputError
        Saying which columns would do.
    """
    sides = [slots.observed().totals(slots.columns) for slots in held]
    rates = [place for place, key in enumerate(MEASURED) if key != "offered"]
    if not np.any([below[rates] > 0 for _, below in sides]):
        raise InputError(
            "backtest: the table tells volumes alone; needs answered, abandoned or wait_answered_s "
            "beside them, to set against what is simulated"
        )
