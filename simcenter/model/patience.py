"""Patience as a planner writes it: a distribution, and beside its keys ``balk`` and ``factor``."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from simcenter.model.distributions import (
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Mixture,
    Uniform,
    Weibull,
)

__all__ = ["Patience", "PatienceKeys"]


class PatienceKeys(BaseModel):
    """What stands beside the distribution of patience."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    balk: Annotated[float, Field(ge=0, le=1)] = 0.0
    factor: Annotated[float, Field(ge=0, le=1000)] = 1.0


class ConstantPatience(Constant, PatienceKeys):
    """Patience with the distribution `Constant`."""


class ExponentialPatience(Exponential, PatienceKeys):
    """Patience with the distribution `Exponential`."""


class ErlangPatience(Erlang, PatienceKeys):
    """Patience with the distribution `Erlang`."""


class GammaPatience(Gamma, PatienceKeys):
    """Patience with the distribution `Gamma`."""


class LognormalPatience(Lognormal, PatienceKeys):
    """Patience with the distribution `Lognormal`."""


class WeibullPatience(Weibull, PatienceKeys):
    """Patience with the distribution `Weibull`."""


class UniformPatience(Uniform, PatienceKeys):
    """Patience with the distribution `Uniform`."""


class HyperexponentialPatience(Hyperexponential, PatienceKeys):
    """Patience with the distribution `Hyperexponential`."""


class EmpiricalPatience(Empirical, PatienceKeys):
    """Patience with the distribution `Empirical`."""


class MixturePatience(Mixture, PatienceKeys):
    """Patience with the distribution `Mixture`."""


Patience = Annotated[
    ConstantPatience
    | ExponentialPatience
    | ErlangPatience
    | GammaPatience
    | LognormalPatience
    | WeibullPatience
    | UniformPatience
    | HyperexponentialPatience
    | EmpiricalPatience
    | MixturePatience,
    Field(discriminator="distribution"),
]
