"""Patience as a planner writes it: a distribution, and beside its keys ``balk`` and ``factor``.

Or ``from``: the abandonment rate and the ASA that the centre shows today. Then it is sought by
simulation (`simcenter.experiment.patience_from`), because the two are what planners know.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from simcenter.errors import ScenarioError
from simcenter.model.distributions import (
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Mixture,
    Shape,
    Uniform,
    Weibull,
)

__all__ = ["Patience", "PatienceFrom", "PatienceKeys", "Seen", "Sought"]


class PatienceKeys(BaseModel):
    """What stands beside the distribution of patience."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    balk: Annotated[float, Field(ge=0, le=1)] = 0.0
    factor: Annotated[float, Field(ge=0, le=1000)] = 1.0


class Seen(BaseModel):
    """What the centre shows: the share that abandons, and the ASA in seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    abandonment_rate: Annotated[float, Field(gt=0, lt=1)]
    asa: Annotated[float, Field(ge=0, le=1e6)]


class PatienceFrom(BaseModel):
    """Patience of which only the effects are known."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    from_: Annotated[Seen, Field(alias="from")]
    factor: Annotated[float, Field(ge=0, le=1000)] = 1.0


class Sought(Shape):
    """Stands for a patience that is still to be found; whoever draws from it is told so."""

    seen: Seen

    def quantile(self, uniform: Any) -> Any:  # noqa: ARG002
        """Refuse."""
        raise self._not_found()

    def cdf(self, x: Any) -> Any:  # noqa: ARG002
        """Refuse."""
        raise self._not_found()

    def mean_value(self) -> float:
        """Refuse."""
        raise self._not_found()

    def _not_found(self) -> ScenarioError:
        return ScenarioError(
            "contact_types: patience = { from = … } is to be found by simulation first; "
            "simcenter.load does so, simcenter.files.scenario.load does not"
        )


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


Given = Annotated[
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


def _kind(value: object) -> str:
    """Say whether patience is given, or to be found from what the centre shows."""
    sought = isinstance(value, PatienceFrom) or (isinstance(value, dict) and "from" in value)
    return "sought" if sought else "given"


Patience = Annotated[
    Annotated[Given, Tag("given")] | Annotated[PatienceFrom, Tag("sought")], Discriminator(_kind)
]
