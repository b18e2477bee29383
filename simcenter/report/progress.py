"""How far a run is, on one line."""

from __future__ import annotations

import math

from simcenter.experiment.standing import Standing
from simcenter.report.text import heading, number
from simcenter.report.words import WORDS

__all__ = ["progress_text"]


def progress_text(standing: Standing, seconds: float) -> str:
    """Return replications done, time left, and the first measure so far.

    Parameters
    ----------
    standing
        Where the replications stand.
    seconds
        How long they have taken.
    """
    expected = standing.expected
    of = WORDS["progress_unknown"] if expected is None else f"{expected:,}"
    if standing.rule.goals and expected is not None:
        of = WORDS["progress_about"].format(of=of)
    parts = [WORDS["progress"].format(done=f"{standing.done:,}", of=of)]
    left = _left(standing, seconds)
    if left is not None:
        parts.append(WORDS["progress_left"].format(left=_duration(left)))
    value = standing.value()
    if value is not None:
        name = heading(standing.key)
        if standing.contact_type is not None:
            name += f" ({standing.contact_type})"
        parts.append(f"{name} {number(value.to_json_dict(), standing.key)}")
    return ", ".join(parts)


def _left(standing: Standing, seconds: float) -> float | None:
    """Return about how many seconds are left, None while nobody can tell."""
    limit, expected = standing.rule.seconds, standing.expected
    known = [math.inf if limit is None else limit - seconds]
    if expected is not None:
        known.append(seconds / standing.done * (expected - standing.done))
    return max(min(known), 0.0) if min(known) < math.inf else None


def _duration(seconds: float) -> str:
    """Return a time left in words of the right size.

    Examples
    --------
    >>> _duration(75.2), _duration(9000)
    ('1 min 16 s', '2 h 30 min')
    """
    whole = math.ceil(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
