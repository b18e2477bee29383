"""The frame of a scenario of recorded days: one replication is all of them, round the clock.

The night is the time in which nobody is there, as the records show it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from simcenter.floor.records import Floats
from simcenter.history.backtest.inputs import Callers, Volume
from simcenter.history.selection import Dates
from simcenter.model.grid import DAY
from simcenter.model.scenario import Agent, AgentGroup, Arrivals, Clock, ContactType, Scenario
from simcenter.model.specification import ReportSpec, RoutingSpec, RunSpec, TargetSpec

__all__ = ["Frame", "assembled", "blocks_of", "clock_of", "contact_type", "expecting"]


@dataclass(frozen=True)
class Frame:
    """What all scenarios of one backtest have in common.

    ``marks`` are the seconds from which each type's waiting counts (`order.marks_of`).
    """

    interval: float
    answer_within: float
    seed: int
    marks: Mapping[str, float] = field(default_factory=dict)


def clock_of(dates: Dates, interval: float) -> Clock:
    """Return the clock of these days, open from midnight to midnight."""
    return Clock(0.0, DAY, interval, len(dates), dates.first, 0.0, "serve")


def blocks_of(clock: Clock) -> Arrivals:
    """Return blocks of one interval each, with nobody expected."""
    count = round(DAY / clock.interval)
    key: Floats = np.tile(np.arange(count, dtype=np.float64) * clock.interval, clock.days)
    day = np.repeat(np.arange(1, clock.days + 1), count)
    start: Floats = np.asarray((day - 1) * DAY + key, dtype=np.float64)
    one = np.ones(len(day))
    return Arrivals(day, key, start, start + clock.interval, one, one, None, None, 0.0, 0.0)


def expecting(blocks: Arrivals, volume: Volume) -> Arrivals:
    """Return these blocks with contacts drawn from a volume."""
    return replace(
        blocks,
        expected=volume.expected.reshape(-1),
        day_factor_cv=volume.day_cv,
        interval_factor_cv=volume.interval_cv,
    )


def contact_type(caller: Callers, arrivals: Arrivals, clock: Clock, frame: Frame) -> ContactType:
    """Return the type of these callers, who enter its queue at once."""
    return ContactType(
        name=caller.name,
        channel=caller.channel,
        priority=1,
        windows=np.array([[0.0, clock.days * DAY]]),
        arrivals=arrivals,
        ivr=None,
        patience=caller.patience,
        patience_factor=1.0,
        balk=caller.balk,
        talk=caller.talk,
        hold=caller.hold,
        wrap=caller.after,
        handle_factor=1.0,
        # from where its waiting counts; the service level has seconds of its own (`replay`)
        target=TargetSpec(answer_within_seconds=frame.marks.get(caller.name, 0.0)),
        load=caller.load,
    )


def assembled(
    dates: Dates,
    clock: Clock,
    types: Sequence[ContactType],
    groups: Sequence[AgentGroup],
    agents: Sequence[Agent],
    frame: Frame,
) -> Scenario:
    """Return the scenario of these parts; who has waited longest, from its mark on, is next."""
    parts = [tuple(types), tuple(groups), tuple(agents), frame]
    return Scenario(
        name=f"{dates}",
        clock=clock,
        lines=None,
        types=tuple(types),
        groups=tuple(groups),
        agents=tuple(agents),
        routing=RoutingSpec(contact=("wait-over-target",)),
        report=ReportSpec(),
        run=RunSpec(seed=frame.seed),
        assumed=(),
        hash=hashlib.sha256(repr(parts).encode()).hexdigest(),
    )
