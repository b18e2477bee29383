"""How far a run is, on one line."""

from __future__ import annotations

import math

from simcenter.experiment.standing import Standing
from simcenter.report.text import number
from simcenter.report.words import words_of

__all__ = ["count_text", "duration", "progress_text"]


def progress_text(standing: Standing, seconds: float, language: str = "en") -> str:
    """Return replications done, time left, and the first measure so far.

    Parameters
    ----------
    standing
        Where the replications stand.
    seconds
        How long they have taken.
    language
        ``en`` or ``zh``.
    """
    words = words_of("run", language)
    expected = standing.expected
    of = words["progress_unknown"] if expected is None else f"{expected:,}"
    if standing.rule.goals and expected is not None:
        of = words["progress_about"].format(of=of)
    parts = [words["progress"].format(done=f"{standing.done:,}", of=of)]
    left = _left(standing, seconds)
    if left is not None:
        parts.append(words["progress_left"].format(left=duration(left, language)))
    value = standing.value()
    if value is not None:
        name = words.heading(standing.key)
        if standing.contact_type is not None:
            name += f" ({standing.contact_type})"
        parts.append(f"{name} {number(value.to_json_dict(), standing.key)}")
    return words.listed(parts)


def count_text(done: int, of: int, left: float, language: str = "en") -> str:
    """Return how many runs of how many are done, and the seconds left."""
    words = words_of("run", language)
    return words.listed(
        [
            words["progress"].format(done=done, of=of),
            words["progress_left"].format(left=words["seconds"].format(seconds=f"{left:.0f}")),
        ]
    )


def _left(standing: Standing, seconds: float) -> float | None:
    """Return about how many seconds are left, None while nobody can tell."""
    limit, expected = standing.rule.seconds, standing.expected
    known = [math.inf if limit is None else limit - seconds]
    if expected is not None:
        known.append(seconds / standing.done * (expected - standing.done))
    return max(min(known), 0.0) if min(known) < math.inf else None


def duration(seconds: float, language: str = "en") -> str:
    """Return a time left in words of the right size.

    Examples
    --------
    >>> duration(75.2), duration(9000), duration(75.2, "zh")
    ('1 min 16 s', '2 h 30 min', '1 分 16 秒')
    """
    words, whole = words_of("run", language), math.ceil(seconds)
    if whole < 60:
        return words["seconds"].format(seconds=whole)
    minutes, left = divmod(whole, 60)
    if whole < 3600:
        return words["minutes_left"].format(minutes=minutes, seconds=left)
    return words["hours_left"].format(hours=minutes // 60, minutes=minutes % 60)
