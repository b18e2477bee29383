"""The four verdicts of MEASURES.md."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["AT_RISK", "CANNOT_TELL", "HOLDS", "MISSES", "worst"]

HOLDS, AT_RISK, MISSES, CANNOT_TELL = "holds", "at risk", "misses", "cannot tell yet"


def worst(found: Iterable[str]) -> str:
    """Return the verdict on all: what fails surely comes before what may fail.

    Examples
    --------
    >>> worst(["holds", "cannot tell yet", "at risk"])
    'at risk'
    """
    told = set(found)
    return next((word for word in (MISSES, AT_RISK, CANNOT_TELL, HOLDS) if word in told), HOLDS)
