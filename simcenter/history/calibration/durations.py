"""Handling and IVR times: a family that fits, an atom of very short ones, or what was seen.

The family is chosen by Akaike's criterion and then looked at: where its distribution
function strays from the observed one, or its mean from the observed mean, no family is
believed and the observed values are written instead. Very short contacts (released at
once, dead lines) come on top of any smooth family; their excess is a part of a mixture.
Times beyond belief are left out and told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simcenter.floor.records import Floats
from simcenter.history.calibration.families import FamilyFit, durations_of, fit_families
from simcenter.history.fitting import thinned
from simcenter.model.distributions import ZERO, Constant, Distribution, Empirical, Mixture
from simcenter.model.grid import TICKS_PER_SECOND, to_grid

__all__ = ["BEYOND_BELIEF", "ENOUGH", "FIT_DISTANCE", "SHORT", "DurationFit", "fit_durations"]

SHORT = 10.0
"""Seconds below which a contact may belong to the atom of very short ones."""

BEYOND_BELIEF = 3600.0
"""Longer than this, and than four times the 99th percentile, is a slip of the switch."""

ENOUGH = 50
"""Fewer values are not fitted but written as they are."""

FIT_DISTANCE = 0.03
"""A family is written if its distribution function is nowhere farther off than this …"""

CHANCE = 1.36
"""… or, divided by the root of the sample, than chance brings (5 % point of Kolmogorov's) …"""

MEAN_OFF = 0.03
"""… and its mean within this share of the observed mean, or within two standard errors."""

ATOM_LEAST = 0.005
ATOM_SCORE = 5.0
ATOM_VALUES = 20
BINS = 60


@dataclass(frozen=True, eq=False)
class DurationFit:
    """The distribution of a duration.

    Attributes
    ----------
    distribution
        What is written.
    name
        ``"lognormal"``, …, ``"empirical"`` or ``"constant"``, for people.
    families
        All that were tried, the best by Akaike's criterion first; ``ks`` is that of the
        family together with the atom.
    atom
        Share of very short values on top of the family; 0: none.
    sample, mean, sd
        Number of values used, their mean and standard deviation.
    limit, impossible, impossible_s
        Values beyond this limit are left out: how many, and their sum.
    log_mean, log_sd
        Mean and standard deviation of the logarithms of values from `SHORT` on.
    ks
        Largest distance of ``distribution`` from the observed distribution function.
    edges, observed, fitted
        A histogram: edges in seconds, and the shares of both in each bin.
    """

    distribution: Distribution
    name: str
    families: tuple[FamilyFit, ...]
    atom: float
    sample: int
    mean: float
    sd: float
    limit: float
    impossible: int
    impossible_s: float
    log_mean: float
    log_sd: float
    ks: float
    edges: Floats
    observed: Floats
    fitted: Floats

    @property
    def parameters(self) -> dict[str, tuple[float, float]]:
        """Intervals of the parameters of the family that is written; empty where none is."""
        return self.families[0].intervals if self.name in _family_names(self) else {}


def _family_names(fit: DurationFit) -> tuple[str, ...]:
    return tuple(family.name for family in fit.families)


def fit_durations(values: Floats) -> DurationFit:
    """Fit durations in seconds (at least one, none missing)."""
    limit = max(BEYOND_BELIEF, 4.0 * float(np.quantile(values, 0.99)))
    slips = values > limit
    used = values[~slips]
    base = DurationFit(
        distribution=ZERO,
        name="constant",
        families=(),
        atom=0.0,
        sample=len(used),
        mean=float(used.mean()),
        sd=float(used.std(ddof=1)) if len(used) > 1 else 0.0,
        limit=limit,
        impossible=int(slips.sum()),
        impossible_s=float(values[slips].sum()),
        log_mean=float("nan"),
        log_sd=float("nan"),
        ks=0.0,
        edges=np.zeros(0),
        observed=np.zeros(0),
        fitted=np.zeros(0),
    )
    if used.min() == used.max():
        return replace(base, distribution=Constant(value=float(to_grid(used[0]))))
    logs = np.log(used[used >= SHORT])
    if len(logs) > 1:
        base = replace(base, log_mean=float(logs.mean()), log_sd=float(logs.std(ddof=1)))
    return _with_histogram(_chosen(base, used), used)


def _chosen(base: DurationFit, used: Floats) -> DurationFit:
    plain = Empirical(values=tuple(thinned(used).tolist()))
    empirical = replace(base, distribution=plain, name="empirical", ks=_distance(plain, used))
    if (used > 0).sum() < ENOUGH:
        return empirical
    atom, fits = _with_atom(used)
    shaped = [(fit, _mixed(fit.distribution, atom, used)) for fit in fits]
    looked = tuple(replace(fit, ks=_distance(whole, used)) for fit, whole in shaped)
    best, whole = looked[0], shaped[0][1]
    near = max(FIT_DISTANCE, CHANCE / np.sqrt(len(used)))
    off = max(MEAN_OFF * base.mean, 2.0 * base.sd / np.sqrt(len(used)))
    if best.ks > near or abs(whole.mean_value() - base.mean) > off:
        return replace(empirical, families=looked, atom=atom)
    return replace(base, distribution=whole, name=best.name, families=looked, atom=atom, ks=best.ks)


def _with_atom(used: Floats) -> tuple[float, list[FamilyFit]]:
    """Return the share of short values beyond the best family, and the families."""
    body = used[used >= SHORT]
    if len(body) >= ENOUGH and len(body) < len(used) and body.min() < body.max():
        fits = fit_families(durations_of(body, above=SHORT))
        below = float(fits[0].distribution.cdf(SHORT))
        smooth = len(body) / max(1.0 - below, 1e-9)
        atom = 1.0 - smooth / len(used)
        spread = np.sqrt(max(below * (1 - below), 1.0 / len(used)) / len(used))
        if atom > max(ATOM_LEAST, ATOM_SCORE * spread):
            return atom, fits
    # a zero that is no atom was cut off by the clock of the switch
    least = 0.5 if np.all(used == np.rint(used)) else 1.0 / TICKS_PER_SECOND
    return 0.0, fit_families(durations_of(np.maximum(used, least)))


def _mixed(family: Distribution, atom: float, used: Floats) -> Distribution:
    if atom == 0.0:
        return family
    values = tuple(thinned(used[used < SHORT], ATOM_VALUES).tolist())
    part: Distribution = (
        Constant(value=values[0]) if values[0] == values[-1] else Empirical(values=values)
    )
    return Mixture(weights=(atom, 1.0 - atom), parts=(part, family))


def _distance(distribution: Distribution, used: Floats) -> float:
    """Return the Kolmogorov-Smirnov distance; whole seconds stand for the seconds around them."""
    points, counts = np.unique(used, return_counts=True)
    upper = np.cumsum(counts) / len(used)
    lower = upper - counts / len(used)
    if np.all(points == np.rint(points)) and not isinstance(distribution, Empirical):
        ahead = np.asarray(distribution.cdf(points + 0.5))
        return float(np.max(np.abs(ahead - upper)))
    at = np.asarray(distribution.cdf(points))
    before = np.asarray(distribution.cdf(np.nextafter(points, -1.0)))
    return float(max(np.max(np.abs(at - upper)), np.max(np.abs(before - lower))))


def _with_histogram(fit: DurationFit, used: Floats) -> DurationFit:
    top = float(np.quantile(used, 0.995))
    width = max(top / BINS, 1.0 / TICKS_PER_SECOND)
    if np.all(used == np.rint(used)):
        width = float(np.ceil(width))  # else some bins hold one whole second more than others
    edges: Floats = np.arange(BINS + 1, dtype=np.float64) * width
    observed = np.diff(np.searchsorted(np.sort(used), edges, side="left")) / len(used)
    expected = np.diff(np.asarray(fit.distribution.cdf(edges)))
    return replace(fit, edges=edges, observed=observed, fitted=expected)
