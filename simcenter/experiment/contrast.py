"""A paired difference in words: better, worse, or no difference shown."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simcenter.measures import Difference, Results

__all__ = ["BETTER", "Contrast", "contrast_of", "verdict"]

BETTER: Mapping[str, str] = MappingProxyType({
    "arrived": "", "blocked": "lower", "self_served": "", "ivr_abandoned": "lower",
    "offered": "", "answered": "", "abandoned": "lower", "short_abandoned": "lower",
    "overflowed": "lower", "dropped": "lower", "redialled": "lower",
    "answer_rate": "higher", "abandonment_rate": "lower", "queue_loss_rate": "lower",
    "blocking_rate": "lower", "asa": "lower", "mean_wait": "lower", "wait_p50": "lower",
    "wait_p90": "lower", "wait_p99": "lower", "wait_max": "lower", "mean_wait_abandoned": "",
    "service_level": "higher", "aht": "", "mean_talk": "", "mean_hold": "", "mean_wrap": "",
    "queue_length_mean": "lower", "queue_length_max": "lower", "offered_load": "",
    "carried_load": "", "lost_load": "lower", "first_contact_resolution": "higher",
    "rostered": "", "staffed": "", "on_floor": "", "occupancy": "", "utilisation": "",
    "shrinkage": "", "adherence": "higher", "conformance": "", "cost": "lower",
})  # fmt: skip
"""Which way a measure is better; empty: neither, it is only higher or lower."""

NOISE = 1e-9
"""A difference below this share of the two values is rounding, and nothing else."""


@dataclass(frozen=True)
class Contrast:
    """A paired difference and what it shows.

    Attributes
    ----------
    difference
        The what-if less the base.
    verdict
        ``better``, ``worse``, ``higher``, ``lower`` or ``no difference shown``.
    """

    difference: Difference
    verdict: str

    def to_json_dict(self) -> dict[str, float | str | None]:
        """Return the fields of a value, ``variance_ratio`` and ``verdict``."""
        return {**self.difference.to_json_dict(), "verdict": self.verdict}


def contrast_of(
    key: str, found: Difference | None, base: Results, other: Results, contact_type: str | None
) -> Contrast | None:
    """Return a difference with its verdict, None where there are no data."""
    if found is None:
        return None
    values = [side.value(key, contact_type=contact_type) for side in (base, other)]
    largest = max((abs(value.mean) for value in values if value is not None), default=0.0)
    return Contrast(found, verdict(key, found, largest))


def verdict(key: str, found: Difference, largest: float = 0.0) -> str:
    """Say in words what a difference shows.

    Parameters
    ----------
    key
        The measure; `BETTER` says which way is better.
    found
        Its paired difference.
    largest
        The larger of the two values, to tell rounding from a difference.

    Returns
    -------
    str
        ``no difference shown`` where the interval holds zero or there is none (one
        replication); else ``better`` or ``worse``, or ``higher`` or ``lower`` for a measure
        of which neither way is better.
    """
    value = found.difference
    if value.low is None or value.high is None or not abs(value.mean) > NOISE * largest:
        return "no difference shown"
    if value.low <= 0.0 <= value.high or math.isnan(value.mean):
        return "no difference shown"
    way = "higher" if value.mean > 0 else "lower"
    if not BETTER[key]:
        return way
    return "better" if way == BETTER[key] else "worse"
