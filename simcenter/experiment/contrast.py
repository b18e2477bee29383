"""A paired difference in words: better, worse, or no difference shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simcenter.measures import Difference

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


def contrast_of(key: str, found: Difference | None) -> Contrast | None:
    """Return a difference with its verdict, None where there are no data."""
    if found is None:
        return None
    return Contrast(found, verdict(key, found))


def verdict(key: str, found: Difference) -> str:
    """Say in words what a difference shows.

    Parameters
    ----------
    key
        The measure; `BETTER` says which way is better.
    found
        Its paired difference.

    Returns
    -------
    str
        ``no difference shown`` where it may not be called one: fewer than five days differ,
        their signs may be chance, or the interval holds zero; else ``better`` or ``worse``, or
        ``higher`` or ``lower`` for a measure of which neither way is better.
    """
    if not found.sign:
        return "no difference shown"
    way = "higher" if found.sign > 0 else "lower"
    if not BETTER[key]:
        return way
    return "better" if way == BETTER[key] else "worse"
