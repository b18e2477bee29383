"""Two scenarios on the same callers, and the share of periods in which targets are met."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special

from simcenter.errors import InputError, unknown
from simcenter.measures import cells
from simcenter.measures.contact_tally import Waits
from simcenter.measures.counting import Tally
from simcenter.measures.definitions import Measure, find_measure
from simcenter.measures.estimation import Accumulator
from simcenter.measures.lattice import lattice_for
from simcenter.measures.paired import called, paired_ends
from simcenter.measures.quantiles import pooled_quantiles
from simcenter.measures.results import Value
from simcenter.measures.setting import Setting
from simcenter.model.grid import TICKS_PER_SECOND

__all__ = [
    "Difference",
    "ProbabilityMet",
    "Target",
    "Targets",
    "paired_difference",
    "paired_differences",
    "probability_met",
    "wilson",
]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NOISE = 1e-9
"""A difference below this share of the two values is rounding, and nothing else."""


@dataclass(frozen=True)
class Difference:
    """The other scenario less the base, on the same callers.

    Attributes
    ----------
    difference
        With its interval over the pairs of replications, None below two of which both have
        data. That of the longest wait is of the mean of the replications' longest.
    variance_ratio
        Variance that independent callers would have given, over that of the pairs: above
        one, pairing saved so many times the replications. None where it has no value.
    sign
        1 or -1 where it may be called a difference (see `simcenter.measures.paired`), else 0.
    """

    difference: Value
    variance_ratio: float | None
    sign: int = 0

    def to_json_dict(self) -> dict[str, float | None]:
        """Return the fields of a value, and ``variance_ratio``."""
        return {**self.difference.to_json_dict(), "variance_ratio": self.variance_ratio}


def paired_difference(
    base: Accumulator,
    other: Accumulator,
    key: str,
    *,
    contact_type: str | None = None,
    agent_group: str | None = None,
) -> Difference | None:
    """Return the difference of a measure over the whole run, paired by replication.

    Parameters
    ----------
    base, other
        The two scenarios; replications that only one of them has are left out.
    key
        A measure of the list.
    contact_type, agent_group
        Of one of these; neither: of all.

    Returns
    -------
    Difference or None
        None where either has no data.

    Raises
    ------
    InputError
        If the measure or the name is unknown, or no replication is in both.
    """
    found = paired_differences(
        base, other, [key], contact_type=contact_type, agent_group=agent_group
    )
    return found[key]


def paired_differences(
    base: Accumulator,
    other: Accumulator,
    keys: Sequence[str] | None = None,
    *,
    contact_type: str | None = None,
    agent_group: str | None = None,
    confidence: float | None = None,
) -> dict[str, Difference | None]:
    """Return `paired_difference` of several measures; None: of all with a meaning there.

    ``confidence`` is by default that of the setting.
    """
    rows = [_row(side.setting, contact_type, agent_group) for side in (base, other)]
    kind = "total" if contact_type is agent_group else "agent_group"
    kind = "contact_type" if contact_type is not None else kind
    places = _common(base, other)
    confidence = base.setting.confidence if confidence is None else confidence
    known = (base.known or frozenset()) & (other.known or frozenset())
    alike = _alike(base, other, places)
    result: dict[str, Difference | None] = {}
    chosen = [m.key for m in base.measures if kind in m.where] if keys is None else list(keys)
    for key in chosen:
        measures = [_find(side, key) for side in (base, other)]
        if kind not in measures[0][1].where or not known.issuperset(measures[0][1].needs):
            result[key] = None
            continue
        sides = [
            _side(side, found, row, [pair[number] for pair in places])
            for number, (side, found, row) in enumerate(
                zip((base, other), measures, rows, strict=True)
            )
        ]
        event = 0.0 if alike else _event(measures[0][1], base, other, rows[0], sides)
        result[key] = _difference(sides, event, confidence)
    return result


def _alike(base: Accumulator, other: Accumulator, places: list[tuple[int, int]]) -> bool:
    """Say whether no replication differs in anything: then nothing is left to be seen."""
    return all(
        np.array_equal(base.whole[one][part], other.whole[two][part])
        for one, two in places
        for part in (1, 2)
    )


def _event(
    item: Measure, base: Accumulator, other: Accumulator, row: int, sides: Sequence[_Side]
) -> float:
    """Return what one contact, or one wait, adds to a difference of a ratio of totals."""
    below = sum(side.below.sum() for side in sides) / 2
    if not item.event or not below > 0 or (item.event == "count" and _tied(sides)):
        return 0.0
    return _one(item, base, other, row) / float(below)


def _one(item: Measure, base: Accumulator, other: Accumulator, row: int) -> float:
    """Return the size of an event: a contact; of waits twice the mean of those that waited.

    It is the mean handle time at most, and that while none was seen to wait.
    """
    if item.event != "wait":
        return 1.0
    kinds = len(base.setting.types)
    ticks = [part.ticks[_of_row(part, row, kinds)] for side in (base, other) for part in side.waits]
    waited = np.concatenate(ticks)
    handle = [measure.key for measure in base.measures].index("aht")
    above = sum(side[1][handle, row] for side in base.whole)
    number = sum(side[2][handle, row] for side in base.whole)
    longest = float(above / number) if number > 0 else 0.0
    return min(2.0 * float(waited.mean()) / TICKS_PER_SECOND, longest) if len(waited) else longest


def _of_row(waits: Waits, row: int, kinds: int) -> Flags:
    if row == 0:
        return np.ones(len(waits.ticks), dtype=bool)
    here = waits.contact_type == row - 1 if row <= kinds else waits.group == row - 1 - kinds
    return np.asarray(here)


def _tied(sides: Sequence[_Side]) -> bool:
    return np.array_equal(sides[0].above, sides[1].above)


def _row(setting: Setting, contact_type: str | None, agent_group: str | None) -> int:
    if contact_type is not None:
        if contact_type not in setting.types:
            raise InputError(unknown("contact type", contact_type, setting.types))
        return 1 + setting.types.index(contact_type)
    if agent_group is not None:
        if agent_group not in setting.groups:
            raise InputError(unknown("agent group", agent_group, setting.groups))
        return 1 + len(setting.types) + setting.groups.index(agent_group)
    return 0


def _common(base: Accumulator, other: Accumulator) -> list[tuple[int, int]]:
    """Return the places of the replications that both sides have."""
    later = {number: place for place, (number, _, _) in enumerate(other.whole)}
    pairs = [
        (place, later[number]) for place, (number, _, _) in enumerate(base.whole) if number in later
    ]
    if not pairs:
        raise InputError("paired difference: no replication is in both scenarios")
    return pairs


def _find(side: Accumulator, key: str) -> tuple[int, Measure]:
    for place, found in enumerate(side.measures):
        if found.key == key:
            return place, found
    raise InputError(unknown("measure", key, [found.key for found in side.measures]))


@dataclass(frozen=True, eq=False)
class _Side:
    """One scenario's part in a difference, by replication.

    Attributes
    ----------
    value
        The estimate.
    pulls
        How far each replication pulls it.
    given
        Which had data.
    above, below
        The pairs of a ratio of totals; of another measure its own values, and ones.
    """

    value: float
    pulls: Floats
    given: Flags
    above: Floats
    below: Floats


def _side(side: Accumulator, found: tuple[int, Measure], row: int, places: list[int]) -> _Side:
    place, item = found
    if item.statistic == "quantile":
        return _quantile_side(side, item, row, places)
    above = np.array([side.whole[i][1][place, row] for i in places])
    below = np.array([side.whole[i][2][place, row] for i in places])
    given = below > 0
    if item.statistic == "load":
        return _load_side(side, item, row, places, below)
    total = below.sum()
    if not total > 0:
        return _Side(math.nan, above, given, above, below)
    ratio = float(above.sum() / total)
    pulls = (above - ratio * below) / (total / len(places))
    return _Side(ratio, pulls, given, above, below)


def _load_side(
    side: Accumulator, item: Measure, row: int, places: list[int], seconds: Floats
) -> _Side:
    """Return offered or lost load, and its linear part by replication."""
    first = len(side.measures)
    lost = np.array([side.whole[i][1][first, row] for i in places])
    handle = np.array([side.whole[i][1][first + 1, row] for i in places])
    handled = np.array([side.whole[i][2][first, row] for i in places])
    offered = lost + handled
    o, h, a, span = offered.mean(), handle.mean(), handled.mean(), seconds.mean()
    if not span > 0 or not a > 0:
        empty = bool(span > 0 and o == 0)
        value, pull = (0.0 if empty else math.nan), np.zeros(len(places))
    else:
        carried = 0.0 if item.key == "offered_load" else 1.0
        pull = (h / a) * (offered - o) + (o / a - carried) * (handle - h)
        pull = (pull - o * h / a**2 * (handled - a)) / span
        value = float((o * h / a - carried * h) / span)
    return _Side(value, pull, seconds > 0, value + pull, np.ones(len(places)))


def _quantile_side(side: Accumulator, item: Measure, row: int, places: list[int]) -> _Side:
    """Return the pooled quantile, and each replication's own (NaN: no contacts)."""

    def whole(chosen: list[int]) -> float:
        waits = [side.waits[i] for i in chosen]
        answered = [side.answered[i][:, :1] for i in chosen]
        last = max((int(part.cell.max()) for part in waits if len(part.cell)), default=0)
        lattice = lattice_for(side.setting)
        folding = side.foldings(lattice.of_length(max(last + 1, len(lattice))))[0]
        kinds = len(side.setting.types)
        found = pooled_quantiles(
            waits, answered, (folding,), kinds, (item.percent,), side.setting.confidence
        )
        return float(found.value[0, row, 0])

    own = np.array([whole([place]) for place in places])
    return _Side(whole(places), own, ~np.isnan(own), own, np.ones(len(places)))


def _difference(sides: Sequence[_Side], event: float, confidence: float) -> Difference | None:
    base, other = sides
    value = other.value - base.value
    if math.isnan(value):
        return None
    if (base.given & other.given).sum() < 2:
        return Difference(Value(value, None, None, None), None)
    known = ~(np.isnan(base.pulls) | np.isnan(other.pulls))
    pulls = (other.pulls - base.pulls)[known]
    variance = float(np.var(pulls, ddof=1))
    alone = float(np.var(base.pulls[known], ddof=1) + np.var(other.pulls[known], ddof=1))
    changes = _changes(base, other, known)
    low, high = paired_ends(value, pulls - pulls.mean(), changes, event, confidence)
    return Difference(
        Value(value, (high - low) / 2, low, high),
        alone / variance if variance > 0 else None,
        called(changes, low, high, confidence),
    )


def _changes(base: _Side, other: _Side, known: Flags) -> Floats:
    """Return what each replication adds to the difference; what is but rounding is zero.

    Each side's numerator less the ratio of both together times its denominator: if the two
    changed places, only the sign would change.
    """
    n = base.above[known], other.above[known]
    d = base.below[known], other.below[known]
    below = d[0].sum() + d[1].sum()
    ratio = (n[0].sum() + n[1].sum()) / below
    change = (n[1] - n[0]) - ratio * (d[1] - d[0])
    size = np.maximum(np.abs(n[0]), np.abs(n[1])) + abs(ratio) * np.maximum(d[0], d[1])
    return np.asarray(np.where(np.abs(change) > NOISE * size, change, 0.0) / (below / 2))


def wilson(successes: int, trials: int, confidence: float) -> Value | None:
    """Return a share with its Wilson interval, None without trials.

    Wilson 1927, *JASA* 22, 209-212. ``mean`` is the share itself; the interval is not
    centred on it.

    Examples
    --------
    >>> value = wilson(8, 10, 0.95)
    >>> round(value.low, 3), round(value.high, 3)
    (0.49, 0.943)
    """
    if trials == 0:
        return None
    z = float(special.ndtri((1 + confidence) / 2))
    share = successes / trials
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    spread = math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    half = z * spread / (1 + z * z / trials)
    low = 0.0 if successes == 0 else centre - half
    high = 1.0 if successes == trials else centre + half
    return Value(share, (high - low) / 2, low, high)


class Targets(Protocol):
    """What was promised for one contact type; None: nothing."""

    @property
    def service_level(self) -> float | None:
        """Least service level."""

    @property
    def answer_rate(self) -> float | None:
        """Least answer rate."""

    @property
    def abandonment_rate(self) -> float | None:
        """Highest abandonment rate."""

    @property
    def asa_seconds(self) -> float | None:
        """Highest average speed of answer."""

    @property
    def blocking_rate(self) -> float | None:
        """Highest blocking."""


@dataclass(frozen=True)
class Target:
    """Plain `Targets`; the seconds of the service level are those of the setting."""

    service_level: float | None = None
    answer_rate: float | None = None
    abandonment_rate: float | None = None
    asa_seconds: float | None = None
    blocking_rate: float | None = None


_LIMITS = (
    ("service_level", "service_level", True),
    ("answer_rate", "answer_rate", True),
    ("abandonment_rate", "abandonment_rate", False),
    ("asa_seconds", "asa", False),
    ("blocking_rate", "blocking_rate", False),
)


@dataclass(frozen=True, eq=False)
class ProbabilityMet:
    """How often every target given was met.

    Attributes
    ----------
    types
        The contact types with a target.
    days, starts
        For each period its day (0: the whole run) and the label of its start (empty: a day).
    met, judged
        Replications in which it was met, and in which some target had data, [type, period].
    confidence
        Of the intervals.
    """

    types: tuple[str, ...]
    days: tuple[int, ...]
    starts: tuple[str, ...]
    met: NDArray[np.int64]
    judged: NDArray[np.int64]
    confidence: float

    def value(self, contact_type: str, period: int | None = None) -> Value | None:
        """Return the share of one period over replications (None: of all periods)."""
        if contact_type not in self.types:
            raise InputError(unknown("contact type with a target", contact_type, self.types))
        row = self.types.index(contact_type)
        chosen = slice(None) if period is None else slice(period, period + 1)
        met, judged = self.met[row, chosen].sum(), self.judged[row, chosen].sum()
        return wilson(int(met), int(judged), self.confidence)


def probability_met(
    tallies: Iterable[Tally],
    setting: Setting,
    targets: Mapping[str, Targets],
    period: str = "day",
) -> ProbabilityMet:
    """Count the periods in which every target given for a type was met.

    Parameters
    ----------
    tallies
        One per replication.
    setting
        For the definitions and the seconds of the service level.
    targets
        By contact type; types without any limit are left out.
    period
        ``interval`` (those of opening hours), ``day`` or ``whole``.

    Returns
    -------
    ProbabilityMet
        A target without data neither meets nor misses: in a period without a contact in the
        queue, that on blocking alone may judge. A period in which none has data is not
        judged. One with contacts and none answered misses a target on the ASA.

    Raises
    ------
    InputError
        If a type or the period is unknown.
    """
    if period not in ("interval", "day", "whole"):
        raise InputError(unknown("period", period, ("interval", "day", "whole")))
    limits = _limits(setting, targets)
    lattice = lattice_for(setting)
    folding = cells.standard_foldings(lattice)[("whole", "day", "interval").index(period)]
    shown = np.arange(folding.size)
    if period == "interval":
        shown = np.flatnonzero(lattice.opening)
    met = np.zeros((len(limits), len(shown)), dtype=np.int64)
    judged = np.zeros_like(met)
    for one in tallies:
        own = lattice.until(lattice.edges[-1] + (one.cells - len(lattice)) * lattice.interval)
        column = np.full(len(own), -1)
        column[: len(lattice)] = folding.column
        column[len(lattice) :] = -1 if period == "interval" else folding.size - 1
        bases = cells.expand(one, own, (cells.Folding(column, folding.size),), setting)
        for row, (code, chosen) in enumerate(limits.values()):
            good, seen = _met(bases, chosen, 1 + code, setting)
            met[row] += (good & seen)[shown]
            judged[row] += seen[shown]
    days = {"whole": [0], "day": range(1, setting.days + 1)}
    numbers = days.get(period, [int(day) for day in lattice.day[shown]])
    starts = [lattice.labels[cell] if period == "interval" else "" for cell in shown]
    return ProbabilityMet(
        tuple(limits), tuple(numbers), tuple(starts), met, judged, setting.confidence
    )


Limit = tuple[Measure, float, bool]


def _limits(setting: Setting, targets: Mapping[str, Targets]) -> dict[str, tuple[int, list[Limit]]]:
    """Return, for each type with a target, its code and its limits."""
    found: dict[str, tuple[int, list[Limit]]] = {}
    for name, target in targets.items():
        if name not in setting.types:
            raise InputError(unknown("contact type", name, setting.types))
        limits: list[Limit] = []
        for field, key, least in _LIMITS:
            limit = getattr(target, field)
            if limit is not None:
                limits.append((find_measure(key), float(limit), least))
        if limits:
            found[name] = (setting.types.index(name), limits)
    return found


def _met(
    bases: cells.Bases, limits: Sequence[Limit], row: int, setting: Setting
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say for each column whether every limit that has data is met, and whether one has."""
    above, below = cells.pairs(bases, [measure for measure, _, _ in limits], setting)
    good = np.ones(above.shape[-1], dtype=bool)
    seen = np.zeros(above.shape[-1], dtype=bool)
    for place, (measure, limit, least) in enumerate(limits):
        n, d = above[place, row], below[place, row]
        ratio = np.divide(n, d, out=np.full(n.shape, np.nan), where=d > 0)
        data = d > 0
        if measure.key == "asa":
            nobody = bases.every["answered"][row] == 0
            data = data | (nobody & (bases.every["offered"][row] > 0))
        good &= ~data | ((ratio >= limit) if least else (ratio <= limit))
        seen |= data
    return good, seen
