"""The workload of one replication: every contact with all it can ever need.

The count of a block is the Poisson quantile of the block's own uniform; candidate j of the
block owns its instant and the rest. So more volume is the same callers plus some more, one
block raised leaves the others bit-identical, and another type, agent or purpose changes
no other draw.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from simcenter.model.distributions import Constant, Distribution, Gamma
from simcenter.model.grid import LONGEST, TICKS_PER_SECOND, to_grid
from simcenter.model.patience import Sought
from simcenter.model.scenario import Arrivals, ContactType, Scenario
from simcenter.workload.kernels import arrive
from simcenter.workload.memory import refuse_excess
from simcenter.workload.order import order_by_instant
from simcenter.workload.streams import Keys, address, fold, fold_blocks, uniforms, uniforms_of

__all__ = [
    "ENTERS_QUEUE",
    "LEAVES_IVR",
    "SERVES_SELF",
    "Drawn",
    "Workload",
    "draw",
    "draw_parts",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ENTERS_QUEUE, SERVES_SELF, LEAVES_IVR = 0, 1, 2
"""How the IVR ends for a contact, by its own draw."""

PORTION = 16_384
"""So many durations are drawn at a time: what lies between uniform and duration stays in cache."""


@dataclass(frozen=True, eq=False)
class Workload:
    """One row per contact, in order of contact number.

    Attributes
    ----------
    replication
        Its number.
    contact_type, day, block, candidate
        Type (code), service day (1 = first), block of the type's arrivals, and number of
        the candidate in it: with seed and replication the address of all its draws.
    arrival
        Seconds since midnight of day 1.
    ivr
        Seconds in the IVR; NaN where the type has none.
    fate
        How the IVR ends: `ENTERS_QUEUE`, `SERVES_SELF` or `LEAVES_IVR`.
    balks
        Whether the caller leaves at once when not answered at once.
    patience
        Seconds the caller waits; infinite where callers never abandon.
    talk, hold, wrap
        Seconds, before the factor of the agent who answers.
    quiet_wrap, crowd_patience
        What stands for wrap and patience by who waits then; NaN where nothing does.
    choice
        The contact's own choice, a whole number below 2³², for the criterion ``random``.
    """

    replication: int
    contact_type: Ints
    day: Ints
    block: Ints
    candidate: Ints
    arrival: Floats
    ivr: Floats
    fate: Ints
    balks: NDArray[np.bool_]
    patience: Floats
    talk: Floats
    hold: Floats
    wrap: Floats
    quiet_wrap: Floats
    crowd_patience: Floats
    choice: Ints

    def __len__(self) -> int:
        return len(self.arrival)


@dataclass(frozen=True, eq=False)
class Drawn:
    """The draws of one replication, type by type, and the order of contact numbers.

    Attributes
    ----------
    replication
        Its number.
    parts
        Per contact type the columns of `Workload`, in order of block and candidate; those of
        one value take no memory.
    order
        Places in all parts, one behind the other, in order of contact number.
    """

    replication: int
    parts: tuple[dict[str, NDArray[Any]], ...]
    order: Ints

    def workload(self) -> Workload:
        """Return the same, one row per contact."""
        parts = self.parts
        if len(parts) == 1:
            columns = parts[0]
        else:
            columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        rows = {name: _take(column, self.order) for name, column in columns.items()}
        return Workload(self.replication, **rows)


def draw(scenario: Scenario, replication: int) -> Workload:
    """Draw the contacts of one replication (1 = first), alone or among others the same."""
    return draw_parts(scenario, replication).workload()


def draw_parts(scenario: Scenario, replication: int) -> Drawn:
    """Draw the contacts of one replication, as yet type by type.

    Raises
    ------
    InputError
        When a replication needs more memory than is free.
    """
    refuse_excess(scenario)
    parts = tuple(
        _draw_type(kind, code, scenario, replication) for code, kind in enumerate(scenario.types)
    )
    arrivals = [part["arrival"] for part in parts]
    together = arrivals[0] if len(parts) == 1 else np.concatenate(arrivals)
    return Drawn(replication, parts, order_by_instant(together))


def _take(column: NDArray[Any], order: Ints) -> NDArray[Any]:
    """Return a column in another order; one that holds a single value is left as it is."""
    return column if column.strides == (0,) else column.take(order)


def _same(value: Any, n: int, dtype: type = np.float64) -> NDArray[Any]:
    """Return n times one value, without the memory for it."""
    return np.ndarray((n,), dtype, np.array(value, dtype=dtype).tobytes(), strides=(0,))


class _Draws:
    """The uniforms of the candidates of one type, by purpose."""

    def __init__(self, name: str, scenario: Scenario, replication: int, arrivals: Arrivals) -> None:
        self.name = name
        self.seed = scenario.run.seed
        self.replication = replication
        self.arrivals = arrivals
        self.block: Ints = np.zeros(0, dtype=np.int64)
        self.candidate: Ints = np.zeros(0, dtype=np.int64)

    def key(self, purpose: str) -> int:
        return address(self.seed, self.replication, purpose, self.name)

    def of_blocks(self, purpose: str) -> Floats:
        """Return one uniform per block."""
        return uniforms(self.block_keys(purpose), 0)

    def block_keys(self, purpose: str) -> Keys:
        blocks = self.arrivals
        return fold_blocks(self.key(purpose), blocks.day, blocks.key.astype(np.int64))

    def of_candidates(self, purpose: str) -> Floats:
        """Return one uniform per candidate."""
        drawn = np.empty(len(self.block))
        for part, uniform in self.portions(purpose):
            drawn[part] = uniform
        return drawn

    def portions(self, purpose: str) -> Iterator[tuple[slice, Floats]]:
        """Yield the uniforms of the candidates, `PORTION` at a time, and which those are."""
        if len(self.block) == 0:
            return
        keys = self.block_keys(purpose)
        for begin in range(0, len(self.block), PORTION):
            part = slice(begin, begin + PORTION)
            yield part, uniforms_of(keys, self.block[part], self.candidate[part])


def _draw_type(
    kind: ContactType, code: int, scenario: Scenario, replication: int
) -> dict[str, NDArray[Any]]:
    blocks = kind.arrivals
    draws = _Draws(kind.name, scenario, replication, blocks)
    volume = blocks.expected * _random_factors(draws)
    if blocks.recorded is None:
        arrival = _poisson_arrivals(draws, volume)
    else:
        arrival = _recorded_arrivals(draws, volume)
    n = len(arrival)
    scale = _handle_scale(kind, draws)
    criteria = (*scenario.routing.agent, *scenario.routing.contact)
    random = any(item == "random" or callable(item) for item in criteria)
    choice = (draws.of_candidates("choice") * 2.0**32).astype(np.int64) if random else None
    return {
        "contact_type": _same(code, n, np.int64),
        "day": blocks.day.take(draws.block),
        "block": draws.block,
        "candidate": draws.candidate,
        "arrival": arrival,
        "ivr": _times(kind.ivr.duration, draws, "ivr", 1.0) if kind.ivr else _same(np.nan, n),
        "fate": _fate(kind, draws),
        "balks": draws.of_candidates("balk") < kind.balk
        if kind.balk > 0
        else _same(False, n, np.bool_),
        "patience": _times(kind.patience, draws, "patience", kind.patience_factor)
        if kind.patience is not None
        else _same(np.inf, n),
        "talk": _times(kind.talk, draws, "talk", scale),
        "hold": _times(kind.hold, draws, "hold", scale),
        "wrap": _times(kind.wrap, draws, "wrap", scale),
        **_by_load(kind, draws, scale),
        "choice": _same(0, n, np.int64) if choice is None else choice,
    }


def _by_load(kind: ContactType, draws: _Draws, scale: Floats | float) -> dict[str, NDArray[Any]]:
    """Return wrap and patience at another load, of the same uniforms: the slow stay the slow."""
    quiet, crowd = kind.load.quiet_wrap, kind.load.crowd_patience
    nothing = _same(np.nan, len(draws.block))
    return {
        "quiet_wrap": nothing if quiet is None else _times(quiet, draws, "wrap", scale),
        "crowd_patience": nothing
        if crowd is None
        else _times(crowd, draws, "patience", kind.patience_factor),
    }


def _random_factors(draws: _Draws) -> Floats:
    """Return the gamma factor of each block, of mean 1: the day's, of all types, and its own."""
    blocks = draws.arrivals
    factor = np.ones(len(blocks.day))
    together = address(draws.seed, draws.replication, "shared day factor")
    for cv, key in (
        (blocks.day_factor_cv, draws.key("day factor")),
        (blocks.shared_day_factor_cv, together),
    ):
        if cv > 0 and len(factor):
            days, place = np.unique(blocks.day, return_inverse=True)
            uniform = uniforms(fold(key, days), 0)
            factor *= Gamma(mean=1.0, cv=max(cv, 0.001)).exact_quantile(uniform)[place]
    if blocks.interval_factor_cv > 0 and len(factor):
        uniform = draws.of_blocks("interval factor")
        factor *= Gamma(mean=1.0, cv=max(blocks.interval_factor_cv, 0.001)).exact_quantile(uniform)
    return factor


def poisson_quantile(uniform: Floats, mean: Floats) -> Ints:
    """Return the smallest k with P(Poisson(mean) <= k) >= uniform, elementwise.

    Starts at the normal approximation with its skewness term (Abramowitz and Stegun 1964,
    eq. 26.2.49 of Cornish and Fisher) and steps to the exact answer.
    """
    score = special.ndtri(uniform)
    guess = mean + np.sqrt(mean) * score + (score * score - 1.0) / 6.0
    k = np.maximum(np.floor(guess), 0.0)
    high = special.pdtr(k, mean) >= uniform
    active = np.flatnonzero(high)
    while len(active):
        below = k[active] - 1
        still = (below >= 0) & (special.pdtr(np.maximum(below, 0), mean[active]) >= uniform[active])
        active = active[still]
        k[active] -= 1
    active = np.flatnonzero(~high)
    while len(active):
        k[active] += 1
        active = active[special.pdtr(k[active], mean[active]) < uniform[active]]
    return np.asarray(k, dtype=np.int64)


def _poisson_arrivals(draws: _Draws, volume: Floats) -> Floats:
    blocks = draws.arrivals
    counts = np.zeros(len(volume), dtype=np.int64)
    some = np.flatnonzero(volume > 0)
    counts[some] = poisson_quantile(draws.of_blocks("count")[some], volume[some])
    n = int(counts.sum())
    draws.block, draws.candidate = (np.empty(n, dtype=np.int64) for _ in range(2))
    arrival = np.empty(n)
    last = to_grid(blocks.end) - 1.0 / TICKS_PER_SECOND
    arrive(
        counts, draws.block_keys("arrival"), blocks.start, blocks.end - blocks.start, last,
        draws.block, draws.candidate, arrival,
    )  # fmt: skip
    return arrival


def _recorded_arrivals(draws: _Draws, volume: Floats) -> Floats:
    """Thin or double recorded arrivals: copies by the whole part, one more by own draw."""
    blocks = draws.arrivals
    if blocks.recorded is None or blocks.recorded_block is None:
        raise TypeError("these arrivals are not recorded")
    records = np.arange(len(blocks.recorded))
    factor = volume[blocks.recorded_block]
    thinning = uniforms(np.asarray([draws.key("thinning")], dtype=np.uint64), records)
    copies = np.floor(factor).astype(np.int64) + (thinning < factor % 1.0)
    record = np.repeat(records, copies)
    copy = np.arange(len(record)) - (np.cumsum(copies) - copies)[record]
    # the address of a record does not depend on how many others its block holds
    candidate = record + (copy << 40)
    order = np.argsort(candidate, kind="stable")
    record = record[order]
    draws.block = blocks.recorded_block[record]
    draws.candidate = candidate[order]
    return blocks.recorded[record]


def _times(
    distribution: Distribution | Sought, draws: _Draws, purpose: str, factor: Floats | float
) -> Floats:
    """Return durations on the grid: rounded when drawn, and once more after factors."""
    n = len(draws.block)
    if isinstance(distribution, Constant):
        drawn = _same(to_grid(distribution.value), n)
    else:
        drawn = np.empty(n)
        for part, uniform in draws.portions(purpose):
            drawn[part] = _on_grid(distribution.quantile(uniform))
    plain = not isinstance(factor, np.ndarray) and factor == 1.0
    return drawn if plain else _on_grid(drawn * factor)


def _on_grid(seconds: Floats) -> Floats:
    """Round durations to the grid, in place; what is longer than the grid carries is cut."""
    np.minimum(seconds, LONGEST, out=seconds)
    seconds *= TICKS_PER_SECOND
    np.rint(seconds, out=seconds)
    seconds /= TICKS_PER_SECOND
    return seconds


def _handle_scale(kind: ContactType, draws: _Draws) -> Floats | float:
    scale = kind.arrivals.handle_scale
    if np.all(scale == 1.0):
        return kind.handle_factor
    return kind.handle_factor * scale[draws.block]


def _fate(kind: ContactType, draws: _Draws) -> Ints:
    if kind.ivr is None:
        return _same(ENTERS_QUEUE, len(draws.block), np.int64)
    uniform = draws.of_candidates("ivr outcome")
    served = uniform < kind.ivr.self_service
    left = ~served & (uniform < kind.ivr.self_service + kind.ivr.abandon)
    return np.where(served, SERVES_SELF, np.where(left, LEAVES_IVR, ENTERS_QUEUE)).astype(np.int64)
