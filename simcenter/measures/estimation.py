"""From replications to a number with an interval.

A rate or mean is a ratio of totals over replications, its standard error by the delta method
on the replications' pairs, its interval that of `simcenter.measures.bounds`. A count or time
average is the same with a denominator that does not vary. Quantiles are taken over the pooled contacts. Where
fewer than two replications had data, there is no interval. Tallies are added one by one
and need not be kept, so replications can be added until an interval is narrow enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import InputError
from simcenter.floor.records import ActivityTable, ContactTable
from simcenter.measures import cells
from simcenter.measures.contact_tally import Waits
from simcenter.measures.counting import Tally, tally
from simcenter.measures.definitions import Measure, find_measure
from simcenter.measures.lattice import Lattice, lattice_for
from simcenter.measures.moments import CoMoments, Moments
from simcenter.measures.quantiles import pooled_quantiles
from simcenter.measures.ratio_intervals import kept_within, ratio_estimates
from simcenter.measures.results import Estimates, Results
from simcenter.measures.setting import Setting

__all__ = ["Accumulator", "estimate", "measure"]

Floats = NDArray[np.float64]
Foldings = Callable[[Lattice], Sequence[cells.Folding]]

CONSTANT = (
    *(("one",), ("seconds",), ("queue_known",), ("queue_seconds",)),
    *(("short_known",), ("handled_seconds",)),
)
"""Denominators of counts and time averages: those of a replication that ends earlier too."""


class Accumulator:
    """Takes tallies one by one and tells the results at any time.

    Parameters
    ----------
    setting
        That of the tallies.
    daily
        Keys of ratio measures of which the mean of daily ratios (``<key>_daily``) is wanted.
    foldings
        The columns; the standard ones are the whole run, the days, the intervals.

    Examples
    --------
    ``for run in runs: accumulator.add(tally(*run, setting))``, then
    ``accumulator.results().value("asa")``.
    """

    def __init__(
        self,
        setting: Setting,
        *,
        daily: Sequence[str] = (),
        foldings: Foldings = cells.standard_foldings,
    ) -> None:
        self.setting = setting
        self.measures = cells.measures_for(setting)
        self.foldings = foldings
        self.daily = tuple(daily)
        self.known: frozenset[str] | None = None
        self.cells = 0
        fixed = [
            place
            for place, item in enumerate(self.measures)
            if item.formula.denominator in CONSTANT
        ]
        self.pairs, self.by_agent, self.by_day = Moments(fixed), Moments(), Moments()
        self.load_parts = CoMoments()
        self.whole: list[tuple[int, Floats, Floats]] = []
        self.waits: list[Waits] = []
        self.answered: list[NDArray[np.int32]] = []
        self.busy = np.zeros(0, dtype=bool)
        self.longest = np.zeros((0, 0))
        for key in self.daily:
            if find_measure(key).statistic != "ratio":
                raise InputError(
                    "{key}_daily: only rates and means have a mean of daily ratios", key=key
                )

    @property
    def replications(self) -> int:
        """How many were added."""
        return self.pairs.count

    def add(self, one: Tally) -> None:
        """Add one replication."""
        setting = self.setting
        lattice = self._lattice(one.cells)
        bases = cells.expand(one, lattice, self.foldings(lattice), setting)
        numerator, denominator = cells.pairs(bases, self.measures, setting)
        length = len(self.measures)
        self.pairs.add(numerator[:length], denominator[:length])
        self.load_parts.add(numerator[length:], denominator[length:])
        agents = cells.agent_bases_of(one, setting)
        self.by_agent.add(*cells.pairs(agents, self.measures, setting, "agent"))
        if self.daily:
            self.by_day.add(*self._daily(numerator, denominator))
        # Copies: a view would hold the arrays of all columns.
        whole = numerator[..., 0].copy(), denominator[..., 0].copy()
        self.whole.append((one.replication, *whole))
        self.longest = _larger(self.longest, bases.every["wait_max"])
        self.waits.append(one.waits)
        self.answered.append(bases.every["timed_answered"].astype(np.int32))
        self.known = one.known if self.known is None else self.known & one.known
        self.cells = max(self.cells, one.cells)
        self._note(bases)

    def _lattice(self, count: int) -> Lattice:
        return lattice_for(self.setting).of_length(count)

    def _daily(self, numerator: Floats, denominator: Floats) -> tuple[Floats, Floats]:
        """Return the sum of daily ratios, and how many days have one."""
        keys = [item.key for item in self.measures]
        places = [keys.index(key) for key in self.daily]
        days = slice(1, 1 + self.setting.days)
        above, below = numerator[places, :, days], denominator[places, :, days]
        ratio = np.divide(above, below, out=np.zeros_like(above), where=below > 0)
        return ratio.sum(axis=-1), (below > 0).sum(axis=-1).astype(np.float64)

    def _note(self, bases: cells.Bases) -> None:
        """Note which columns hold anything."""
        names = ("arrived", "offered", "queue", "signed_in", "scheduled")
        held = np.array([bases.every[name][0] for name in names if name in bases.every])
        now: NDArray[np.bool_] = held.max(axis=0) > 0
        width = max(len(now), len(self.busy))
        wide = np.zeros(width, dtype=bool)
        wide[: len(now)] = now
        wide[: len(self.busy)] |= self.busy
        self.busy = wide

    def ratios(self) -> tuple[Floats, Floats]:
        """Return ratios of totals and their standard errors, [measure, row, column]."""
        mean, error = self.pairs.ratio(), self.pairs.standard_error()
        self._loads(mean, error)
        return mean, error

    def results(self) -> Results:
        """Return the results of all replications so far.

        Raises
        ------
        InputError
            If there is none.
        """
        if self.known is None:
            raise InputError("results: no replication was measured")
        lattice = self._lattice(self.cells)
        foldings = self.foldings(lattice)
        mean, error = self.ratios()
        confidence = self.setting.confidence
        estimates = ratio_estimates(self.measures, self.pairs, confidence, mean=mean, error=error)
        self._quantiles(estimates, foldings)
        self._longest(estimates)
        agents = ratio_estimates(self.measures, self.by_agent, confidence)
        kept_within(self.measures, estimates)
        for place, item in enumerate(self.measures):
            self._blank(item, place, estimates, agents)
        rows = estimates.mean.shape[1]
        return Results(
            setting=self.setting,
            measures=self.measures,
            estimates=estimates,
            agents=agents,
            daily=self._daily_estimates(rows),
            daily_keys=tuple(f"{key}_daily" for key in self.daily),
            lattice=lattice,
            booked=self._shown(lattice, foldings),
            replications=self.replications,
            divided=cells.divided_types(self.setting),
        )

    def _shown(self, lattice: Lattice, foldings: Sequence[cells.Folding]) -> NDArray[np.bool_]:
        """Return the columns to show: those of opening hours, and others that hold anything."""
        opening = [folding.fold(lattice.opening.astype(np.float64)) > 0 for folding in foldings]
        shown: NDArray[np.bool_] = np.concatenate(opening) | self.busy
        return shown

    def _daily_estimates(self, rows: int) -> Estimates:
        if not self.daily:
            return Estimates(*(np.zeros((0, rows)) for _ in range(4)))
        measures = [find_measure(key) for key in self.daily]
        days = [replace(item, unit="seconds", key=f"{item.key}_daily") for item in measures]
        estimates = ratio_estimates(days, self.by_day, self.setting.confidence)
        kept_within(measures, estimates)
        for place, item in enumerate(measures):
            _hide(item, self.known or frozenset(), self.setting, estimates, place)
        return estimates

    def _blank(self, item: Measure, place: int, rows: Estimates, agents: Estimates) -> None:
        """Put NaN where a measure has no meaning or no records."""
        known = self.known or frozenset()
        _hide(item, known, self.setting, rows, place)
        if "agent" not in item.where or not known.issuperset(item.needs):
            for array in (agents.mean, agents.half_width, agents.low, agents.high):
                array[place] = np.nan

    def _quantiles(self, estimates: Estimates, foldings: Sequence[cells.Folding]) -> None:
        places = [i for i, item in enumerate(self.measures) if item.statistic == "quantile"]
        found = pooled_quantiles(
            self.waits,
            self.answered,
            foldings,
            len(self.setting.types),
            [self.measures[place].percent for place in places],
            self.setting.confidence,
            estimates.mean[[item.key for item in self.measures].index("aht")],
        )
        estimates.mean[places] = found.value
        estimates.low[places], estimates.high[places] = found.low, found.high
        estimates.half_width[places] = (found.high - found.low) / 2

    def _longest(self, estimates: Estimates) -> None:
        """Put the longest wait of all pooled contacts, which has no interval."""
        place = [item.key for item in self.measures].index("wait_max")
        known = ~np.isnan(estimates.mean[place])
        estimates.mean[place] = np.where(known, self.longest, np.nan)
        for array in (estimates.half_width, estimates.low, estimates.high):
            array[place] = np.nan

    def _loads(self, mean: Floats, error: Floats) -> None:
        """Put offered and lost load by the delta method.

        With u contacts offered but not handled, h the handling time and a the contacts
        handled, offered load is u h / a + h over time, and the first term is lost. (So
        nothing cancels where nothing is lost.) The second moments that it needs are those
        of the pairs (u, a), (h, a) and (h, u).
        """
        keys = [item.key for item in self.measures]
        count, sums = self.replications, self.load_parts.sums
        seconds = self.pairs.sums[1][keys.index("offered_load")] / count
        (lost, handle), handled = sums[0][:2] / count, sums[1][0] / count
        open_ = seconds > 0
        safe, span = np.where(handled > 0, handled, 1.0), np.where(open_, seconds, 1.0)
        known = open_ & ((handled > 0) | (lost == 0))
        slope = np.array([handle / safe, lost / safe, -lost * handle / safe**2]) / span
        carried = np.array([0 * safe, 1 + 0 * safe, 0 * safe]) / span
        lost_load = lost * handle / safe / span
        squares = self.load_parts.centred()
        for key, value, slopes in (
            ("offered_load", (lost + handled) * handle / safe / span, slope + carried),
            ("lost_load", lost_load, slope),
        ):
            place = keys.index(key)
            mean[place] = np.where(known, value, np.nan)
            if count > 1:
                spread = _quadratic(slopes, squares)
                deviation = np.sqrt(np.maximum(spread, 0.0) / (count - 1) / count)
                error[place] = np.where(known, deviation, np.nan)


def _larger(one: Floats, other: Floats) -> Floats:
    """Return the elementwise maximum of two tables of which one may have fewer columns."""
    result = np.zeros(np.maximum(one.shape, other.shape))
    for table in (one, other):
        part = result[: table.shape[0], : table.shape[1]]
        np.maximum(part, table, out=part)
    return result


def _quadratic(slopes: Floats, squares: Sequence[Floats]) -> Floats:
    """Return Σ slope·slope·co-moment over lost, handle and handled."""
    above, below, product = squares
    lost, handle, handled = slopes
    found: Floats = (
        lost**2 * above[0]
        + handle**2 * above[1]
        + handled**2 * below[0]
        + 2 * lost * handled * product[0]
        + 2 * handle * handled * product[1]
        + 2 * lost * handle * product[2]
    )
    return found


def _hide(
    item: Measure, known: frozenset[str], setting: Setting, rows: Estimates, place: int
) -> None:
    """Put NaN on the rows where a measure has no meaning or no records."""
    types = 1 + len(setting.types)
    parts = {
        "total": slice(0, 1),
        "contact_type": slice(1, types),
        "agent_group": slice(types, None),
    }
    for kind, part in parts.items():
        if kind not in item.where or not known.issuperset(item.needs):
            for array in (rows.mean, rows.half_width, rows.low, rows.high):
                array[place, part] = np.nan


def estimate(tallies: Iterable[Tally], setting: Setting, *, daily: Sequence[str] = ()) -> Results:
    """Return every measure with its interval over replications.

    Parameters
    ----------
    tallies
        One per replication, in order; an iterator is used up one by one.
    setting
        That of the tallies.
    daily
        Keys of ratio measures for which ``<key>_daily`` is wanted too.

    Returns
    -------
    Results
        With one replication, the intervals are None.

    Raises
    ------
    InputError
        If there is no tally.
    """
    accumulator = Accumulator(setting, daily=daily)
    for one in tallies:
        accumulator.add(one)
    return accumulator.results()


def measure(
    contacts: ContactTable,
    activities: ActivityTable | None = None,
    plan: ActivityTable | None = None,
    *,
    setting: Setting,
    daily: Sequence[str] = (),
) -> Results:
    """Return the measures of one table, simulated or observed: the same code for both."""
    return estimate([tally(contacts, activities, plan, setting)], setting, daily=daily)
