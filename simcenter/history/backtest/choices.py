"""What may be asked of a backtest: choices, and days that nothing else uses."""

from __future__ import annotations

from collections.abc import Sequence

from simcenter.errors import InputError, unknown
from simcenter.history.selection import Dates

__all__ = ["AGENTS", "REPLICATIONS", "VOLUMES", "check_choices", "check_dates"]

VOLUMES = ("actual", "calibrated", "forecast")
AGENTS = ("recorded", "calibrated")
REPLICATIONS = 100
FEWEST = 20


def check_choices(volumes: str, agents: str, replications: int) -> None:
    """Refuse a choice that there is not, and too few replications.

    Raises
    ------
    InputError
        Naming what is allowed.
    """
    for name, value, known in (("volumes", volumes, VOLUMES), ("agents", agents, AGENTS)):
        if value not in known:
            raise InputError(unknown(name, value, known))
    if replications < FEWEST:
        raise InputError(
            "replications: got {replications}; a band of 90 % needs at least 20",
            replications=replications,
        )


def check_dates(known: Dates, calibrate_on: Dates, hold_out: Sequence[Dates]) -> None:
    """Refuse held-out days that were learnt from, or that stand twice.

    Raises
    ------
    InputError
        Naming both stretches.
    """
    if not hold_out:
        raise InputError("--hold-out: no days are given; must be FROM..TO")
    given = [("--calibrate-on", calibrate_on), *(("--hold-out", dates) for dates in hold_out)]
    for place, (name, dates) in enumerate(given):
        if not dates.meets(known):
            raise InputError(
                "{name}: {dates} lies outside the records, which run from {first} to {last}",
                name=name,
                dates=dates,
                first=known.first,
                last=known.last,
            )
        for other, twice in given[:place]:
            if dates.meets(twice):
                raise InputError(
                    "{name}: {dates} overlaps {other} {twice}; held-out days must be days that "
                    "nothing else uses",
                    name=name,
                    dates=dates,
                    other=other,
                    twice=twice,
                )
