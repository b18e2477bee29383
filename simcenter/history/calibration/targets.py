"""The target that a planner gives with a calibration: ``80/20``, or names and numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from simcenter.errors import InputError, unknown
from simcenter.messages import Message

__all__ = ["Target", "read_target"]

_KEYS = (
    *("answer_within_seconds", "service_level", "answer_rate"),
    *("abandonment_rate", "asa_seconds"),
)


@dataclass(frozen=True)
class Target:
    """Keys of a scenario's target (FORMATS §1) and their values, the same for all types."""

    values: tuple[tuple[str, float], ...]


def read_target(text: str) -> Target:
    """Read ``80/20`` (percent within seconds) or ``answer_rate=0.95,asa_seconds=20``.

    Raises
    ------
    InputError
        For anything else.

    Examples
    --------
    >>> read_target("80/20").values
    (('answer_within_seconds', 20.0), ('service_level', 0.8))
    """
    short = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)\s*", text)
    if short is not None and float(short[1]) <= 100:
        share = float(short[1]) / 100.0
        return Target((("answer_within_seconds", float(short[2])), ("service_level", share)))
    found: dict[str, float] = {}
    for part in text.split(","):
        key, _, value = (piece.strip() for piece in part.partition("="))
        if key not in _KEYS:
            what = unknown("target", key, _KEYS)
            raise InputError("--target: {what}; or such as 80/20", what=what)
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        most = float("inf") if key.endswith("seconds") else 1.0
        if not 0 <= number <= most or number == float("inf"):
            allowed = Message("a number from 0") if most > 1 else Message("a share from 0 to 1")
            raise InputError(
                "--target: {key}: got '{value}'; must be {allowed}",
                key=key,
                value=value,
                allowed=allowed,
            )
        found[key] = number
    if "service_level" in found and "answer_within_seconds" not in found:
        raise InputError("--target: service_level needs answer_within_seconds, or write 80/20")
    return Target(tuple(found.items()))
