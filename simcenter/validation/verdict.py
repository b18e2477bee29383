"""Verdicts of MEASURES.md: what the replications so far prove of each period and type.

There is one family of statements for each kind of period: the intervals, the days, the whole.
In it stands each target of each type in each period. Another is that of days and the whole on
which all targets are met often enough: of one period, that is so where Wilson's interval lies
above the share asked for. With the confidence stated, no statement of a family is false.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.validation.ledger import KEYS, MEANS, Columns, Ledger
from simcenter.validation.statements import (
    KEPT,
    MISSED,
    OPEN,
    holm,
    p_of_events,
    p_of_margin,
    p_of_share,
)
from simcenter.validation.words import AT_RISK, CANNOT_TELL, HOLDS, MISSES, worst

__all__ = [
    "AT_RISK",
    "CANNOT_TELL",
    "HOLDS",
    "MISSES",
    "Verdicts",
    "p_values",
    "verdicts",
    "verdicts_from",
    "worst",
]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Words = NDArray[np.object_]

PERIODS = ("whole", "day", "interval")

OFTEN = len(MEANS)
"""The place of the statement "often enough" behind those on the measures."""

_FAILS = np.array([MISSES, AT_RISK], dtype=object)


@dataclass(frozen=True, eq=False)
class Verdicts:
    """The verdicts, [type, column].

    Attributes
    ----------
    words
        None where there is no target, or nothing came.
    told
        Whether each target is shown to be kept, or one to be missed; so there is a verdict.
    clear
        Whether more replications could not change it, but for the chance of an error. A day
        that is told need not be: where its targets are kept on average, it may not be clear
        yet whether they are met often enough, and until then it is at risk.
    """

    words: Words
    told: Flags
    clear: Flags

    def settled(self, named: Sequence[tuple[int, slice]]) -> bool:
        """Say whether the verdict on the scenario is clear, and those that count are told.

        Parameters
        ----------
        named
            Types, and the columns that their targets name.
        """
        told = all(self.told[kind, columns].all() for kind, columns in named)
        clear = [self.clear[kind, columns] for kind, columns in named]
        fails = any(
            (self.clear[kind, columns] & np.isin(self.words[kind, columns], _FAILS)).any()
            for kind, columns in named
        )
        return told and (fails or all(flags.all() for flags in clear))


def verdicts(ledger: Ledger, hold_probability: float, error: float) -> Verdicts:
    """Return the verdicts on all periods.

    Parameters
    ----------
    ledger
        The replications so far.
    hold_probability
        Share of days in which the targets are to be met.
    error
        The chance that may be spent on anything false in a family.
    """
    return verdicts_from(p_values(ledger, hold_probability), ledger.columns, error)


def verdicts_from(both: Floats, columns: Columns, error: float) -> Verdicts:
    """Return the verdicts that p-values give, as of `p_values`."""
    proven = np.zeros(both.shape[1:], dtype=np.int8)
    for period in PERIODS:
        chosen = columns.of(period)
        for part in (slice(0, OFTEN), slice(OFTEN, None)):
            proven[:, part, chosen] = holm(both[:, :, part, chosen], error)
    given = ~np.isnan(both[0])
    often = given[:, OFTEN]
    missed = (proven[:, :OFTEN] == MISSED).any(axis=1)
    kept = ((proven[:, :OFTEN] == KEPT) | ~given[:, :OFTEN]).all(axis=1)
    judged = given[:, :OFTEN].any(axis=1)
    enough = ~often | (proven[:, OFTEN] == KEPT)
    words = np.select(
        [~judged, missed, kept & enough, kept],
        np.array([None, MISSES, HOLDS, AT_RISK], dtype=object)[:, None, None],
        default=CANNOT_TELL,
    )
    told = ~judged | missed | kept
    clear = told & (~kept | ~often | (proven[:, OFTEN] != OPEN))
    return Verdicts(words, told, clear)


def p_values(ledger: Ledger, hold_probability: float) -> Floats:
    """Return the p-values of "kept" and "missed", [2, type, statement, column]; NaN: not judged."""
    found, columns = ledger.estimates(), ledger.columns
    both = np.full((2, len(ledger.limits), OFTEN + 1, ledger.met.shape[1]), np.nan)
    for kind, limits in enumerate(ledger.limits):
        offered = found.mean[KEYS.index("offered"), kind]
        for limit in limits:
            measure = limit.place, kind
            share = limit.key != "asa"
            noted = (
                ledger.powers[:, kind, limit.statement],
                ledger.replications,
                found.freedom[measure],
                found.below[measure],
                limit.value,
            )
            one = np.where(found.one[measure] > 0, found.one[measure], limit.value)
            p_both = np.maximum(
                p_of_margin(*noted, share=share),
                p_of_events(*noted, one=one, share=share, at_least=limit.at_least),
            )
            data = found.below[measure] > 0
            p_both[:, ~data] = np.nan
            if limit.key == "asa":  # contacts of which none was ever answered
                p_both[:, ~data & (offered > 0)] = [[1.0], [0.0]]
            both[:, kind, limit.statement] = p_both
        # an interval need not be met often: only days and the whole are days to a planner
        days = slice(0, columns.intervals.start)
        both[:, kind, :, ~ledger.expected[kind]] = np.nan
        some = ledger.judged[kind, days] > 0
        p_often = p_of_share(ledger.met[kind, days], ledger.judged[kind, days], hold_probability)
        both[:, kind, OFTEN, days] = np.where(some, p_often, np.nan)
    return both
