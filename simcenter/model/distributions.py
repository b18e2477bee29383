"""The ten distributions a planner can write down, each as the quantile of one uniform.

All are in seconds and never below zero. `quantile` is non-decreasing in its argument,
so that the same uniform gives a longer time when the mean grows: this is what makes
two scenarios comparable on the same callers. Where no closed form exists (gamma,
hyperexponential, mixture) the quantile is tabulated over normal scores; see `Table`.
"""

# ruff: noqa: D102  what each method means is told once, in Shape

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, model_validator
from scipy import special

from simcenter.messages import Message
from simcenter.model.words import FileName, Name

__all__ = [
    "FAMILIES",
    "ZERO",
    "Constant",
    "Distribution",
    "Empirical",
    "Erlang",
    "Exponential",
    "Gamma",
    "Hyperexponential",
    "Lognormal",
    "Mixture",
    "Uniform",
    "Weibull",
]

Floats = NDArray[np.float64]
Seconds = Annotated[float, Field(ge=0, le=1e9)]
Mean = Annotated[float, Field(ge=0.001, le=1e9)]
Weight = Annotated[float, Field(ge=0, le=1e9)]


class Shape(BaseModel):
    """What all distributions share; frozen and strict."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        ignored_types=(cached_property,),
    )

    def __eq__(self, other: object) -> bool:
        # by what was written down: a table that is made on the way does not count
        return type(other) is type(self) and self._written() == other._written()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._written()))

    def _written(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in type(self).model_fields)

    def quantile(self, uniform: Any) -> Floats:
        """Return the smallest x with P(X <= x) >= uniform, for uniforms inside (0, 1)."""
        del uniform
        raise TypeError(f"{type(self).__name__} has no quantile")

    def cdf(self, x: Any) -> Floats:
        """Return P(X <= x)."""
        del x
        raise TypeError(f"{type(self).__name__} has no distribution function")

    def mean_value(self) -> float:
        """Return the mean in seconds."""
        raise TypeError(f"{type(self).__name__} has no mean")


class Constant(Shape):
    """Always the same value."""

    distribution: Literal["constant"] = "constant"
    value: Seconds

    def quantile(self, uniform: Any) -> Floats:
        return np.full(np.shape(uniform), self.value)

    def cdf(self, x: Any) -> Floats:
        return np.where(np.asarray(x) >= self.value, 1.0, 0.0)

    def mean_value(self) -> float:
        return self.value


class Exponential(Shape):
    """Without memory; ``mean`` in seconds."""

    distribution: Literal["exponential"] = "exponential"
    mean: Seconds

    def quantile(self, uniform: Any) -> Floats:
        return np.asarray(-self.mean * np.log1p(-np.asarray(uniform)))

    def cdf(self, x: Any) -> Floats:
        x = np.asarray(x, dtype=float)
        if self.mean == 0:
            return np.where(x >= 0, 1.0, 0.0)
        with np.errstate(over="ignore"):
            return np.asarray(-np.expm1(-np.maximum(x, 0.0) / self.mean))

    def mean_value(self) -> float:
        return self.mean


class Weibull(Shape):
    """Weibull by mean and shape; a shape below 1 has a falling hazard."""

    distribution: Literal["weibull"] = "weibull"
    mean: Mean
    shape: Annotated[float, Field(ge=0.05, le=100)]

    @property
    def scale(self) -> float:
        """The scale in seconds: mean / Γ(1 + 1 / shape)."""
        return float(self.mean / special.gamma(1.0 + 1.0 / self.shape))

    def quantile(self, uniform: Any) -> Floats:
        return np.asarray(self.scale * (-np.log1p(-np.asarray(uniform))) ** (1.0 / self.shape))

    def cdf(self, x: Any) -> Floats:
        with np.errstate(over="ignore"):
            return np.asarray(-np.expm1(-((np.maximum(x, 0.0) / self.scale) ** self.shape)))

    def mean_value(self) -> float:
        return self.mean


class Lognormal(Shape):
    """Lognormal by mean and coefficient of variation (of the times, not of their logs)."""

    distribution: Literal["lognormal"] = "lognormal"
    mean: Mean
    cv: Annotated[float, Field(ge=0.001, le=1000)]

    @cached_property
    def log_sd(self) -> float:
        """Standard deviation of the logarithm: sqrt(ln(1 + cv²))."""
        return float(np.sqrt(np.log1p(self.cv**2)))

    @cached_property
    def log_mean(self) -> float:
        """Mean of the logarithm."""
        return float(np.log(self.mean) - 0.5 * self.log_sd**2)

    def quantile(self, uniform: Any) -> Floats:
        return np.asarray(np.exp(self.log_mean + self.log_sd * special.ndtri(uniform)))

    def cdf(self, x: Any) -> Floats:
        # nothing shorter than the least number has any weight
        score = (np.log(np.maximum(x, 5e-324)) - self.log_mean) / self.log_sd
        return np.asarray(special.ndtr(score))

    def mean_value(self) -> float:
        return self.mean


class Uniform(Shape):
    """Equally likely between ``low`` and ``high``."""

    distribution: Literal["uniform"] = "uniform"
    low: Seconds
    high: Seconds

    @model_validator(mode="after")
    def _ordered(self) -> Uniform:
        if self.high < self.low:
            raise ValueError(Message("high must be at least low ({low:g})", low=self.low))
        return self

    def quantile(self, uniform: Any) -> Floats:
        return np.asarray(self.low + (self.high - self.low) * np.asarray(uniform))

    def cdf(self, x: Any) -> Floats:
        x = np.asarray(x, dtype=float)
        if self.high == self.low:
            return np.where(x >= self.low, 1.0, 0.0)
        return np.asarray(np.clip((x - self.low) / (self.high - self.low), 0.0, 1.0))

    def mean_value(self) -> float:
        return 0.5 * (self.low + self.high)


class Tabulated(Shape):
    """A distribution whose quantile is tabulated once and then looked up."""

    def exact_quantile(self, uniform: Floats) -> Floats:
        """Return the quantile by the slow and exact way."""
        return bisect_quantile(self, uniform)

    @cached_property
    def table(self) -> Table:
        """The table of this distribution."""
        return Table(self)

    def quantile(self, uniform: Any) -> Floats:
        return self.table(np.asarray(uniform, dtype=float))


class Gamma(Tabulated):
    """Gamma by mean and coefficient of variation."""

    distribution: Literal["gamma"] = "gamma"
    mean: Mean
    cv: Annotated[float, Field(ge=0.001, le=30)]

    @property
    def order(self) -> float:
        """The shape parameter, 1 / cv²."""
        return float(self.cv**-2.0)

    def exact_quantile(self, uniform: Floats) -> Floats:
        return np.asarray(special.gammaincinv(self.order, uniform) * self.mean / self.order)

    def cdf(self, x: Any) -> Floats:
        return np.asarray(special.gammainc(self.order, np.maximum(x, 0.0) * self.order / self.mean))

    def mean_value(self) -> float:
        return self.mean


class Erlang(Tabulated):
    """Sum of ``k`` equal exponential stages with the given total mean."""

    distribution: Literal["erlang"] = "erlang"
    mean: Mean
    k: Annotated[int, Field(ge=1, le=10_000)]

    def exact_quantile(self, uniform: Floats) -> Floats:
        return np.asarray(special.gammaincinv(self.k, uniform) * self.mean / self.k)

    def cdf(self, x: Any) -> Floats:
        return np.asarray(special.gammainc(self.k, np.maximum(x, 0.0) * self.k / self.mean))

    def mean_value(self) -> float:
        return self.mean


class Hyperexponential(Tabulated):
    """Two exponentials with balanced means (each brings half of the total time).

    The usual two-moment fit for cv >= 1: p = (1 + sqrt((cv² - 1) / (cv² + 1))) / 2,
    rates 2 p / mean and 2 (1 - p) / mean (Whitt 1982, "Approximating a point process by a
    renewal process", eq. 3.7).
    """

    distribution: Literal["hyperexponential"] = "hyperexponential"
    mean: Mean
    cv: Annotated[float, Field(ge=1, le=1000)]

    @property
    def share(self) -> float:
        """Share of the faster of the two exponentials."""
        square = self.cv**2
        return 0.5 * (1.0 + float(np.sqrt((square - 1.0) / (square + 1.0))))

    def cdf(self, x: Any) -> Floats:
        x = np.maximum(x, 0.0)
        p = self.share
        fast, slow = (np.expm1(-2 * q * x / self.mean) for q in (p, 1 - p))
        return np.asarray(-p * fast - (1 - p) * slow)

    def mean_value(self) -> float:
        return self.mean


_FILE_NAME: TypeAdapter[str] = TypeAdapter(FileName)


def _file(value: object) -> object:
    """Judge a file by its name as text; a path that the program made is left as it is."""
    return value if isinstance(value, Path) else _FILE_NAME.validate_python(value, strict=True)


class Empirical(Shape):
    """Observed values, each equally likely; from a list, or from a column of a CSV file."""

    distribution: Literal["empirical"] = "empirical"
    values: Annotated[tuple[Seconds, ...], Field(strict=False, min_length=1)] | None = None
    file: Annotated[Path, BeforeValidator(_file), Field(strict=False)] | None = None
    column: Name | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Empirical:
        if (self.values is None) == (self.file is None):
            raise ValueError("give either values or file and column")
        if (self.file is None) != (self.column is None):
            raise ValueError("file and column go together")
        return self

    @cached_property
    def ordered(self) -> Floats:
        """The values in ascending order."""
        return np.sort(np.asarray(self.values, dtype=float))

    def quantile(self, uniform: Any) -> Floats:
        n = len(self.ordered)
        place = np.ceil(np.asarray(uniform) * n).astype(np.int64) - 1
        return np.asarray(self.ordered[np.clip(place, 0, n - 1)])

    def cdf(self, x: Any) -> Floats:
        return np.asarray(np.searchsorted(self.ordered, x, side="right") / len(self.ordered))

    def mean_value(self) -> float:
        return float(self.ordered.mean())


class Mixture(Tabulated):
    """One of several parts, with the weights given (they are scaled to sum to one)."""

    distribution: Literal["mixture"] = "mixture"
    weights: Annotated[tuple[Weight, ...], Field(strict=False, min_length=1, max_length=100)]
    parts: Annotated[tuple[Distribution, ...], Field(strict=False, min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _as_many(self) -> Mixture:
        if len(self.weights) != len(self.parts):
            raise ValueError(
                Message(
                    "{count} weights for {parts} parts",
                    count=len(self.weights),
                    parts=len(self.parts),
                )
            )
        if sum(self.weights) <= 0:
            raise ValueError("at least one weight must be above 0")
        return self

    @cached_property
    def shares(self) -> Floats:
        """The weights, scaled to sum to one."""
        weights = np.asarray(self.weights, dtype=float)
        return np.asarray(weights / weights.sum())

    @cached_property
    def nothing(self) -> float:
        """The share of parts that are no time at all."""
        pairs = zip(self.shares, self.parts, strict=True)
        return float(sum(share for share, part in pairs if part == ZERO))

    @cached_property
    def something(self) -> Shape:
        """What is drawn where it is not `nothing`."""
        pairs = zip(self.weights, self.parts, strict=True)
        rest = [(weight, part) for weight, part in pairs if weight > 0 and part != ZERO]
        if len(rest) == 1:
            return rest[0][1]
        weights, parts = zip(*rest, strict=True)
        return Mixture(weights=weights, parts=parts)

    def quantile(self, uniform: Any) -> Floats:
        if not 0 < self.nothing < 1:
            return super().quantile(uniform)
        # above an atom at zero a quantile rises too steeply for a table, its rest does not
        uniform = np.asarray(uniform, dtype=float)
        drawn = np.zeros(uniform.shape)
        some = uniform > self.nothing
        drawn[some] = self.something.quantile((uniform[some] - self.nothing) / (1 - self.nothing))
        return drawn

    def cdf(self, x: Any) -> Floats:
        pairs = zip(self.shares, self.parts, strict=True)
        return np.asarray(sum(share * part.cdf(x) for share, part in pairs if share > 0))

    def mean_value(self) -> float:
        pairs = zip(self.shares, self.parts, strict=True)
        return float(sum(share * part.mean_value() for share, part in pairs))


Distribution = Annotated[
    Constant
    | Exponential
    | Erlang
    | Gamma
    | Lognormal
    | Weibull
    | Uniform
    | Hyperexponential
    | Empirical
    | Mixture,
    Field(discriminator="distribution"),
]
Mixture.model_rebuild()

FAMILIES = (
    Constant,
    Exponential,
    Erlang,
    Gamma,
    Lognormal,
    Weibull,
    Uniform,
    Hyperexponential,
    Empirical,
    Mixture,
)
"""The ten distributions."""
ZERO = Constant(value=0.0)
"""No time at all."""


def bisect_quantile(distribution: Shape, uniform: Floats) -> Floats:
    """Return the generalised inverse of ``distribution.cdf`` by bisection, to the last bits."""
    # a sum of parts may round to a little less than 1; no uniform asks for more
    uniform = np.minimum(np.asarray(uniform, dtype=float), distribution.cdf(np.inf))
    low = np.full(uniform.shape, -1e-9)
    high = np.full(uniform.shape, 1.0)
    for _ in range(200):
        short = distribution.cdf(high) < uniform
        if not short.any():
            break
        low = np.where(short, high, low)
        high = np.where(short, high * 2.0, high)
    for _ in range(80):
        middle = 0.5 * (low + high)
        if np.all((middle == low) | (middle == high)):  # nothing lies between any more
            break
        reached = distribution.cdf(middle) >= uniform
        high = np.where(reached, middle, high)
        low = np.where(reached, low, middle)
    return np.asarray(np.maximum(high, 0.0))


class Table:
    """The quantile over equally spaced normal scores, linear in between.

    The logarithm of a quantile is nearly straight over normal scores, so 2¹⁴ steps give
    about seven digits. Steps over which the straight line is off by more than 10⁻⁶ (an
    atom, a gap in a mixture, a far tail) are marked, and the exact way is taken there.
    """

    STEPS = 1 << 14
    REACH = 8.4  # normal score of a uniform 2⁻⁵³ away from 0 or 1

    def __init__(self, distribution: Tabulated) -> None:
        self.distribution = distribution
        scores = np.linspace(-self.REACH, self.REACH, self.STEPS + 1)
        knots = self._exact(scores)
        self.logs = np.log(np.maximum(knots, 1e-300))
        middle = self._exact(0.5 * (scores[1:] + scores[:-1]))
        straight = np.exp(0.5 * (self.logs[1:] + self.logs[:-1]))
        # durations below a tenth of a tick of the time grid need no further digits
        self.rough = np.abs(straight - middle) > 1e-6 * middle + 1e-6
        # a rise from nothing may begin beyond the middle, where it cannot be seen
        self.rough |= (knots[1:] > 16.0 * knots[:-1]) & (knots[1:] > 1e-6)

    def _exact(self, scores: Floats) -> Floats:
        uniform = np.clip(special.ndtr(scores), 2.0**-54, 1.0 - 2.0**-53)
        return self.distribution.exact_quantile(uniform)

    def __call__(self, uniform: Floats) -> Floats:
        position = (special.ndtri(uniform) + self.REACH) * (self.STEPS / (2 * self.REACH))
        position = np.clip(position, 0.0, self.STEPS - 1e-6)
        step = position.astype(np.int64)
        rest = position - step
        value = np.exp(self.logs[step] + (self.logs[step + 1] - self.logs[step]) * rest)
        rough = self.rough[step]
        if rough.any():
            value = np.array(value)
            value[rough] = self.distribution.exact_quantile(uniform[rough])
        return np.asarray(value)
