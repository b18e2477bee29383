"""Patience from waits that were cut short, told in every way a planner may want to see it.

The curve is Kaplan and Meier's with Greenwood's variance, its band made on the scale of
log(-log S) (Kalbfleisch and Prentice 2002, "The Statistical Analysis of Failure Time
Data", section 1.4.3), which keeps it between 0 and 1. The hazard is constant in pieces:
those who left / time waited there; announcements and tunes show as peaks. Candidates for
the scenario are families by censored likelihood, and the hazard in pieces itself. Whoever
was answered at once says nothing and is left out; whoever left at once balked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from simcenter.floor.records import Floats, Ints
from simcenter.history.calibration.estimate import CONFIDENCE, Estimate, share_of
from simcenter.history.calibration.families import durations_of, fit_families
from simcenter.history.survival import BALK_SECONDS, kaplan_meier
from simcenter.model.distributions import Distribution, Empirical
from simcenter.model.grid import TICKS_PER_SECOND, to_grid

__all__ = [
    "Hazard",
    "PatienceCandidate",
    "PatienceFit",
    "SurvivalCurve",
    "fit_patience",
    "survival_curve",
]

PIECES = np.array([0, 5, 10, 15, 20, 25, 30, 40, 50, 55, 60, 65, 70, 80, 90, 120, 150, 180, 240])
"""First edges of the pieces of the hazard, seconds; then each 1.25 times the one before."""

EVENTS_A_PIECE = 10
"""A piece with fewer abandonments is joined to the next."""

VALUES = 1000
"""Equally likely values that stand for the hazard in pieces."""

LONGEST = 1e5  # seconds: patience beyond a day is not told apart

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class SurvivalCurve:
    """Share still willing to wait, after each instant at which somebody left.

    ``low`` and ``high`` are the 95 % band (pointwise), ``at_risk`` those still waiting.
    """

    times: Floats
    survival: Floats
    low: Floats
    high: Floats
    at_risk: Ints

    def median(self) -> tuple[float | None, float | None, float | None]:
        """Return the median and its interval; None where the curve does not come so low.

        The interval holds the times at which the band holds one half (Brookmeyer and
        Crowley 1982).
        """
        found: list[float | None] = []
        for curve in (self.survival, self.low, self.high):
            below = np.flatnonzero(curve <= 0.5)
            found.append(float(self.times[below[0]]) if len(below) else None)
        return found[0], found[1], found[2]


@dataclass(frozen=True, eq=False)
class Hazard:
    """Abandonments per second of waiting, constant in pieces.

    ``edges`` has one number more than ``rate``; ``low`` and ``high`` are exact Poisson
    95 % intervals (Garwood 1936); ``events`` abandonments in ``exposure`` seconds waited.
    """

    edges: Floats
    rate: Floats
    low: Floats
    high: Floats
    events: Ints
    exposure: Floats


@dataclass(frozen=True, eq=False)
class PatienceCandidate:
    """One form of patience; ``median`` in seconds, ``aic`` comparable among candidates."""

    name: str
    distribution: Distribution
    log_likelihood: float
    aic: float
    median: float
    intervals: dict[str, tuple[float, float]]


@dataclass(frozen=True, eq=False)
class PatienceFit:
    """Patience of one contact type.

    Attributes
    ----------
    name, distribution
        The candidate that is written; after matching, the one that agrees best.
    balk
        Share of those not answered at once who left at once.
    events, censored
        Waits that ended with leaving, and those cut short by an answer.
    mean
        Total time waited / abandonments: the mean if patience is exponential.
    median
        Of the Kaplan-Meier curve; its value is NaN where the curve does not come so low.
    pooled
        Whether all types together stand for one with too few abandonments.
    curve, hazard, candidates
        See the classes; candidates by Akaike's criterion, the best first.
    """

    name: str
    distribution: Distribution
    balk: Estimate
    events: int
    censored: int
    mean: Estimate
    median: Estimate
    pooled: bool
    curve: SurvivalCurve
    hazard: Hazard
    candidates: tuple[PatienceCandidate, ...]

    def choose(self, name: str) -> PatienceFit:
        """Return the fit with another of its candidates to be written."""
        found = next(one for one in self.candidates if one.name == name)
        return replace(self, name=found.name, distribution=found.distribution)


def survival_curve(wait: Floats, abandoned: Mask) -> SurvivalCurve:
    """Return the Kaplan-Meier curve with its band."""
    times, survival, at_risk = kaplan_meier(wait, abandoned)
    _, events = np.unique(wait[abandoned], return_counts=True)
    with np.errstate(all="ignore"):
        greenwood = np.cumsum(events / (at_risk * (at_risk - events)))
        logs = np.log(survival)
        reach = stats.norm.ppf(0.5 + CONFIDENCE / 2) * np.sqrt(greenwood) / np.abs(logs)
        low, high = survival ** np.exp(reach), survival ** np.exp(-reach)
    gone = ~np.isfinite(reach)
    low, high = np.where(gone, 0.0, low), np.where(gone, survival, high)
    return SurvivalCurve(times, survival, np.asarray(low), np.asarray(high), at_risk)


def fit_patience(where: str, wait: Floats, abandoned: Mask, *, pooled: bool) -> PatienceFit | None:
    """Estimate patience from the waits of a type.

    Parameters
    ----------
    where
        Place in the scenario, such as ``contact_types.service``.
    wait, abandoned
        Seconds waited, and whether the wait ended with leaving.
    pooled
        Told in the result.

    Returns
    -------
    PatienceFit or None
        None where nobody left after having waited.
    """
    waited = abandoned | (wait > 0)
    wait, abandoned = wait[waited], abandoned[waited]
    whole = bool(np.all(wait == np.rint(wait)))
    limit = BALK_SECONDS if whole else 0.0
    at_once = abandoned & (wait <= limit)
    balk, balked = _balk(f"{where}.patience.balk", wait, abandoned, at_once, limit)
    wait, abandoned = wait[~balked], abandoned[~balked]
    # a wait of 0 s was cut off by the clock
    wait = np.maximum(wait, 0.5 if whole else 1.0 / TICKS_PER_SECOND)
    events = int(abandoned.sum())
    if events == 0:
        return None
    curve, hazard = survival_curve(wait, abandoned), _hazard(wait, abandoned)
    candidates = _candidates(wait, abandoned, hazard)
    how = "Kaplan-Meier, Greenwood's band"
    median = curve.median()
    value = float("nan") if median[0] is None else median[0]
    return PatienceFit(
        name=candidates[0].name,
        distribution=candidates[0].distribution,
        balk=balk,
        events=events,
        censored=len(wait) - events,
        mean=_exponential_mean(f"{where}.patience.mean", wait, events),
        median=Estimate(
            f"{where}.patience.median", value, median[1], median[2], len(wait), how, "s"
        ),
        pooled=pooled,
        curve=curve,
        hazard=hazard,
        candidates=candidates,
    )


def _balk(
    name: str, wait: Floats, abandoned: Mask, at_once: Mask, limit: float
) -> tuple[Estimate, Mask]:
    """Return the share that balked: those beyond what patience just after it would bring.

    ``limit`` is the wait that counts as none: a second where the clock knows whole seconds.
    """
    ahead = abandoned & ~at_once & (wait <= limit + 9.0)
    exposure = float(np.clip(wait - limit, 0.0, 9.0).sum())
    span = limit + 1.0 if limit > 0 else 0.0  # a clock that cuts shows up to 1.99 s as 1
    usual = ahead.sum() / exposure * span * len(wait) if exposure > 0 else 0.0
    extra = max(round(float(at_once.sum() - usual)), 0)
    estimate = share_of(name, extra, len(wait), "left at once, beyond the hazard just after")
    balked = np.zeros(len(wait), dtype=bool)
    balked[np.flatnonzero(at_once)[:extra]] = True
    return estimate, balked


def _exponential_mean(name: str, wait: Floats, events: int) -> Estimate:
    """Return total time / events; 2 × time / mean is chi-square with 2 × events degrees."""
    total = float(wait.sum())
    tail = 0.5 - CONFIDENCE / 2
    low = 2 * total / float(stats.chi2.ppf(1 - tail, 2 * events))
    high = 2 * total / float(stats.chi2.ppf(tail, 2 * events))
    how = "time waited / abandonments (censored likelihood of the exponential)"
    return Estimate(name, total / events, low, high, len(wait), how, "s")


def _hazard(wait: Floats, abandoned: Mask) -> Hazard:
    edges = PIECES.astype(float).tolist()
    while edges[-1] < wait.max():
        edges.append(round(edges[-1] * 1.25))
    left = wait[abandoned]
    kept = [0.0]
    for edge in edges[1:]:
        if ((left > kept[-1]) & (left <= edge)).sum() >= EVENTS_A_PIECE:
            kept.append(float(edge))
    if len(kept) == 1 or (left > kept[-1]).any():
        kept.append(max(float(wait.max()), kept[-1] + 1.0))
    cut = np.array(kept)
    inside = np.searchsorted(cut[1:], left, side="left")  # an edge belongs to the piece before it
    events = np.bincount(np.minimum(inside, len(cut) - 2), minlength=len(cut) - 1)
    ordered = np.sort(wait)
    below = np.concatenate([[0.0], np.cumsum(ordered)])
    place = np.searchsorted(ordered, cut)
    capped = below[place] + cut * (len(ordered) - place)  # total of the waits cut off at each edge
    exposure = np.diff(capped)
    tail = 0.5 - CONFIDENCE / 2
    with np.errstate(invalid="ignore"):
        low = np.where(events > 0, stats.chi2.ppf(tail, 2 * np.maximum(events, 1)), 0.0) / 2
    high = stats.chi2.ppf(1 - tail, 2 * events + 2) / 2
    safe = np.maximum(exposure, 1e-9)
    return Hazard(cut, events / safe, low / safe, high / safe, events.astype(np.int64), exposure)


def _candidates(wait: Floats, abandoned: Mask, hazard: Hazard) -> tuple[PatienceCandidate, ...]:
    fits = fit_families(durations_of(wait[abandoned], wait[~abandoned]))
    found = [
        PatienceCandidate(
            fit.name,
            fit.distribution,
            fit.log_likelihood,
            fit.aic,
            float(fit.distribution.quantile(np.array([0.5]))[0]),
            fit.intervals,
        )
        for fit in fits
    ]
    found.append(_in_pieces(hazard))
    return tuple(sorted(found, key=lambda one: one.aic))


def _in_pieces(hazard: Hazard) -> PatienceCandidate:
    """Return patience with the hazard in pieces; the last piece that is known goes on."""
    rate = np.maximum(hazard.rate, 1e-12)
    known = hazard.events > 0
    log_likelihood = float(
        hazard.events[known] @ np.log(rate[known]) - hazard.rate @ hazard.exposure
    )
    passed = np.concatenate([[0.0], np.cumsum(rate * np.diff(hazard.edges))])
    wanted = -np.log1p(-(np.arange(VALUES) + 0.5) / VALUES)
    last = int(np.flatnonzero(known)[-1])
    place = np.minimum(np.searchsorted(passed, wanted, side="right") - 1, last)
    values = hazard.edges[place] + (wanted - passed[place]) / rate[place]
    values = np.minimum(values, LONGEST)
    return PatienceCandidate(
        name="pieces",
        distribution=Empirical(values=tuple(to_grid(values).tolist())),
        log_likelihood=log_likelihood,
        aic=2.0 * int(known.sum()) - 2.0 * log_likelihood,
        median=float(np.median(values)),
        intervals={},
    )
