"""Stretches of held-out days set beside replications of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from simcenter.history.backtest.bands import Coverage, Period, coverage_of, periods_of
from simcenter.history.backtest.held import PARTS, HeldOut
from simcenter.history.backtest.split import Errors, split_error

__all__ = ["Progress", "Tested", "tested"]

SPLIT_REPLICATIONS = 20

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Tested:
    """What a test found; the fields are those of `Backtest`."""

    periods: tuple[Period, ...]
    coverage: tuple[Coverage, ...]
    errors: tuple[Errors, ...]
    errors_of: tuple[tuple[Errors, ...], ...]


def tested(stretches: Sequence[HeldOut], replications: int, progress: Progress | None) -> Tested:
    """Set stretches of held-out days beside replications of them, and split the error.

    Parameters
    ----------
    stretches
        In order of time.
    replications
        How often each is simulated.
    progress
        Called with (done, of) after each replication.
    """
    fewer = min(replications, SPLIT_REPLICATIONS)
    parts = sum(1 + len(PARTS) - len(one.taken) for one in stretches)
    told = _told(progress, len(stretches) * replications + fewer * parts)
    periods: list[Period] = []
    for one in stretches:
        simulated = one.replayed(None, range(1, replications + 1), told)
        periods += periods_of(one.columns, one.observed(), simulated)
    errors = split_error(stretches, fewer, told)
    # a number that is the same in every replication is no test of a band
    fixed = all("volume" in one.taken for one in stretches)
    random = [one for one in periods if not fixed or one.measure != "offered"]
    return Tested(tuple(periods), coverage_of(random), errors[0], errors[1:])


def _told(progress: Progress | None, of: int) -> Callable[[], None]:
    """Return what counts replications and tells them."""
    made = count(1)

    def done() -> None:
        number = next(made)
        if progress is not None:
            progress(min(number, of), of)

    return done
