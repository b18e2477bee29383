"""Shares beside counts: of which count a share is, and whether it agrees with the counts.

A share of a whole number of contacts, times that number, is a whole number again (but for its
rounding). Where this holds for one base and not for the other, the base is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simcenter.floor.records import Floats
from simcenter.history.gate import Gate
from simcenter.history.ledger import Ledger
from simcenter.messages import Message

__all__ = ["base_of", "check_rates", "precision_of"]

FITS, FAILS = 0.95, 0.8
ENOUGH_ROWS = 3
SLACK = 0.006
"""Rates that differ from their counts by no more are rounded, whatever their decimals."""


def precision_of(texts: Sequence[str], percent: bool) -> float:
    """Return the step in which shares are written, as a fraction.

    Examples
    --------
    >>> precision_of(["70.45%", "55%"], True), precision_of(["0.9"], False)
    (0.0001, 0.1)
    """
    decimals = max((_decimals(text) for text in texts), default=0)
    return round(10.0 ** -(decimals + (2 if percent else 0)), 12)


def _decimals(text: str) -> int:
    bare = text.rstrip("%％ ")
    place = max(bare.rfind("."), bare.rfind(","))
    return len(bare) - place - 1 if place >= 0 else 0


def base_of(share: Floats, precision: float, bases: Mapping[str, Floats]) -> str | None:
    """Return the count that shares are shares of; None where the rows do not tell.

    Examples
    --------
    >>> offered, answered = np.array([44.0, 46, 44, 42]), np.array([40.0, 38, 42, 41])
    >>> share = np.round(np.array([30, 25, 35, 38]) / answered, 4)
    >>> base_of(share, 1e-4, {"offered": offered, "answered": answered})
    'answered'
    """
    telling = ~np.isnan(share) & (share > 0) & (share < 1)
    for count in bases.values():
        telling &= (count > 0) & (count * precision < 0.25)
    if telling.sum() < ENOUGH_ROWS:
        return None
    fit = {
        name: float(
            (np.abs(share * count - np.rint(share * count)) <= count * precision * 0.51 + 1e-6)[
                telling
            ].mean()
        )
        for name, count in bases.items()
    }
    best = max(fit, key=lambda name: fit[name])
    others = [value for name, value in fit.items() if name != best]
    return best if fit[best] >= FITS and all(value < FAILS for value in others) else None


def check_rates(
    rates: Mapping[str, tuple[str, Floats]],
    amounts: Mapping[str, Floats],
    ledger: Ledger,
    gate: Gate,
) -> None:
    """Hold the shares that an export tells against its counts.

    Parameters
    ----------
    rates
        Key → column and shares, as fractions.
    amounts
        The counts.
    ledger, gate
        A rate that agrees is told with its base; rows that do not are odd; a rate that agrees
        in less than half of the rows is refused (``rates-disagree``).
    """
    for key, (column, share) in rates.items():
        part = {"answer_rate": "answered", "abandonment_rate": "abandoned"}.get(
            key, "answered_in_target"
        )
        if part not in amounts:
            continue
        expected = {name: amounts[part] / count for name, count in _bases(key, amounts).items()}
        known = {
            name: ledger.kept & np.isfinite(share) & np.isfinite(value)
            for name, value in expected.items()
        }
        agree = {
            name: (np.abs(share - value) <= SLACK)[known[name]].mean() if known[name].any() else 0.0
            for name, value in expected.items()
        }
        if not agree or not any(mask.any() for mask in known.values()):
            continue
        best = max(agree, key=lambda name: agree[name])
        off = known[best] & (np.abs(share - expected[best]) > SLACK)
        if agree[best] < 0.5:
            _refuse(column, share, expected[best], off, gate)
            continue
        ledger.assumed.append(
            Message(
                "{column} agrees with the counts: {part} / {base}",
                column=column,
                part=part,
                base=best,
            )
        )
        ledger.odd(
            off, Message("{column} is not {part} / {base}", column=column, part=part, base=best)
        )


def _refuse(column: str, share: Floats, expected: Floats, off: np.ndarray, gate: Gate) -> None:
    first = int(np.argmax(off))
    gate.hold(
        "rates-disagree",
        Message(
            "{column} and the counts disagree in {count} rows, as {given:.1%} and {counted:.1%} "
            "(row {row}); a column was probably taken for another",
            column=column,
            count=int(off.sum()),
            given=float(share[first]),
            counted=float(expected[first]),
            row=first + 1,
        ),
    )


def _bases(key: str, amounts: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the counts that a rate may be a share of; 0 is none."""
    found: dict[str, Floats] = {}
    if "offered" in amounts:
        found["offered"] = amounts["offered"]
    if {"answered", "abandoned"} <= set(amounts):
        found["answered + abandoned"] = amounts["answered"] + amounts["abandoned"]
    if key == "service_level" and "answered" in amounts:
        found["answered"] = amounts["answered"]
    if "short_abandoned" in amounts and "offered" in amounts:
        found["offered - short_abandoned"] = amounts["offered"] - amounts["short_abandoned"]
    return {name: np.where(count > 0, count, np.nan) for name, count in found.items()}
