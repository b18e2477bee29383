"""Every estimate of a calibration in one list, in the order of the scenario."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from simcenter.history.calibration.durations import DurationFit
from simcenter.history.calibration.estimate import Estimate
from simcenter.messages import Message

if TYPE_CHECKING:
    from simcenter.history.calibration.patience import PatienceFit
    from simcenter.history.calibration.results import Calibration, TypeFit

__all__ = ["list_estimates"]


def list_estimates(calibration: Calibration) -> tuple[Estimate, ...]:
    """Return all estimates: of each type, then of where groups differ."""
    found = [one for fit in calibration.types for one in _of_type(fit)]
    found += [one.factor for one in calibration.factors]
    return tuple(found)


def _of_type(fit: TypeFit) -> Iterator[Estimate]:
    where = f"contact_types.{fit.name}"
    yield from _volumes(where, fit)
    yield fit.arrivals.day_cv
    yield fit.arrivals.interval_cv
    if fit.ivr is not None:
        yield from (fit.ivr.mean, fit.ivr.self_service, fit.ivr.abandon)
    yield fit.handle.aht
    for part in ("talk", "hold", "wrap"):
        duration = getattr(fit.handle, part)
        if duration is not None:
            yield from _duration(f"{where}.handle.{part}", duration)
    if fit.patience is not None:
        yield from _patience(where, fit.patience)
    if fit.redials is not None:
        yield from (fit.redials.after_abandoned, fit.redials.after_answered)


def _volumes(where: str, fit: TypeFit) -> Iterator[Estimate]:
    arrivals = fit.arrivals
    for number, key in enumerate(arrivals.keys):
        mean, days = float(arrivals.expected[number].sum()), int(arrivals.days[number])
        spread = (mean + arrivals.day_cv.value**2 * mean**2) / max(days, 1)
        reach = 1.96 * spread**0.5
        low, high = (None, None) if days < 2 else (max(mean - reach, 0.0), mean + reach)
        how = Message("mean of {days} ordinary days, all intervals", days=days)
        yield Estimate(f"{where}.arrivals.{key}", mean, low, high, days, how)


def _duration(where: str, fit: DurationFit) -> Iterator[Estimate]:
    if fit.parameters:
        how = Message("{family}, likelihood", family=Message(fit.name))
        family = fit.families[0].distribution
        for key, (low, high) in fit.parameters.items():
            unit = "s" if key == "mean" else ""
            value = float(getattr(family, key))
            yield Estimate(f"{where}.{key}", value, low, high, fit.sample, how, unit)
    elif not np.isfinite(fit.ks):
        yield Estimate(f"{where}.mean", fit.mean, None, None, fit.sample, fit.name, "s")
    else:
        half = 1.96 * fit.sd / fit.sample**0.5
        ends = max(fit.mean - half, 0.0), fit.mean + half
        yield Estimate(f"{where}.mean", fit.mean, *ends, fit.sample, "observed values", "s")
    if fit.atom > 0:
        half = 1.96 * (fit.atom * (1 - fit.atom) / fit.sample) ** 0.5
        name, rest = f"{where}.very_short", "share below 10 s beyond the family"
        ends = max(fit.atom - half, 0.0), fit.atom + half
        yield Estimate(name, fit.atom, *ends, fit.sample, rest, "share")


def _patience(where: str, fit: PatienceFit) -> Iterator[Estimate]:
    yield fit.balk
    yield fit.median
    yield replace(fit.mean, name=f"{where}.patience.exponential_mean")
    chosen = next(one for one in fit.candidates if one.name == fit.name)
    size = fit.events + fit.censored
    for key, (low, high) in chosen.intervals.items():
        unit = "s" if key == "mean" else ""
        how = Message("{family}, censored likelihood", family=Message(fit.name))
        value = float(getattr(fit.distribution, key))
        yield Estimate(f"{where}.patience.{key}", value, low, high, size, how, unit)
