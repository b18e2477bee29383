"""How often intervals, verdicts and calls are right, on days whose expectation is exact.

``python -m tests.trials.coverage`` prints the table of the models on which the methods were
chosen; ``--judge`` that of three which had no part in it. Each seed draws its days at random
(with replacement) from 200,000 simulated ones, and goes through the package's own estimators,
10,000 seeds a cell. The truth is exact by Kolmogorov's equations, of percentiles and of paired
differences that of the days drawn from, which are first held against the exact ones.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.measures import find_measure
from simcenter.measures.cells import Folding
from simcenter.measures.compare import _difference, _Side
from simcenter.measures.contact_tally import Waits
from simcenter.measures.moments import Moments, student
from simcenter.measures.quantiles import pooled_quantiles
from simcenter.measures.ratio_intervals import event_sizes, ratio_estimates
from simcenter.model.grid import TICKS_PER_SECOND
from simcenter.validation.ledger import KEYS, MEANS, Columns, Limit
from simcenter.validation.looks import Looks
from simcenter.validation.verdict import HOLDS, MISSES, p_values, verdicts_from
from tests.trials.days import PLACES, Days, Model, expected, simulated

Floats = NDArray[np.float64]

CHOSEN = (
    Model("8 x 6 calls, 2 agents", (6,) * 8, 2, 150, 150),
    Model("20 calls, 8 agents", (20,), 8, 190, 120),
    Model("20 calls, 6 agents", (20,), 6, 240, 120),
    Model("2 calls, 2 agents", (2,), 2, 240, 120),
    Model("60 an hour, 6 agents", (30,) * 8, 6, 280, 120),
    Model("uneven days", (30,) * 4, 5, 240, 180, ((0.7, 0.3), (1.0, 0.4), (1.3, 0.3))),
    Model("150 calls, 26 agents", (150,), 26, 240, 150),
    Model("one slow agent", (3, 3), 1, 200, 200),
)
JUDGED_BEFORE = (
    Model("one agent, 4 + 4 calls", (4, 4), 1, 150, 90),
    Model(
        "14 agents, busy days", (70, 90, 60), 14, 240, 100, ((0.9, 0.5), (1.0, 0.3), (1.25, 0.2))
    ),
    Model("slow handling, 6 agents", (10, 14, 12, 8), 6, 600, 60),
)
JUDGING = (
    Model("9 agents, 2 hours", (25, 32, 28, 20), 9, 330, 75),
    Model("3 agents, quiet", (5, 7, 4), 3, 210, 100),
    Model(
        "30 agents, days differ", (160, 190), 30, 260, 140, ((0.85, 0.35), (1.0, 0.4), (1.15, 0.25))
    ),
)
COUNTS = (10, 20, 30, 100)
PAIRS = {
    "offered": ("offered", None),
    "answer_rate": ("answered", "offered"),
    "abandonment_rate": ("abandoned", "offered"),
    "service_level": ("within", "offered"),
    "asa": ("wait_answered", "answered"),
    "aht": ("handle", "answered"),
}
MEASURES = [find_measure(key) for key in PAIRS]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--judge", action="store_true", help="the three models kept apart")
    parser.add_argument("--seeds", type=int, default=10_000)
    parser.add_argument("--parts", default="means,percentiles,stopped,verdicts,pairs")
    given = parser.parse_args()
    for model in JUDGING if given.judge else (*CHOSEN, *JUDGED_BEFORE):
        days = simulated(model, 200_000)
        print(f"\n{model.name}", flush=True)
        print("  " + furthest(model, days))
        for part in given.parts.split(","):
            for line in PARTS[part](model, days, given.seeds):
                print("  " + line, flush=True)


def furthest(model: Model, days: Days) -> str:
    """Say by how many standard errors the days are off their exact expectation, at most."""
    exact = expected(model).sum(axis=0)
    counts = days.whole[:, :6]
    error = counts.std(axis=0) / np.sqrt(len(counts))
    return f"days drawn from are within {np.abs((counts.mean(axis=0) - exact) / error).max():.1f} standard errors of the exact"


def truth_of(model: Model, key: str) -> float:
    """Return the exact value of a measure."""
    if key == "aht":
        return model.handle
    above, below = PAIRS[key]
    exact = expected(model).sum(axis=0)
    return float(exact[PLACES[above]] / (exact[PLACES[below]] if below else 1.0))


def draws(seeds: int, count: int, days: Days, number: int) -> NDArray[np.int64]:
    """Return which days each seed has, [seed, day]."""
    return np.random.default_rng([number, count]).integers(0, len(days.counts), (seeds, count))


def moments_of(whole: Floats) -> Moments:
    """Return the moments of [seed, day, column], [measure, seed]."""
    found = Moments([0])
    for day in range(whole.shape[1]):
        found.add(*pairs_of(whole[:, day]))
    return found


def pairs_of(rows: Floats) -> tuple[Floats, Floats]:
    """Return numerators and denominators of the measures, [measure, …]."""
    one = np.ones(rows.shape[:-1])
    above = [rows[..., PLACES[above]] for above, _ in PAIRS.values()]
    below = [one if name is None else rows[..., PLACES[name]] for _, name in PAIRS.values()]
    return np.array(above), np.array(below)


def covered(low: Floats, high: Floats, truth: float) -> float:
    """Return the per cent of the intervals there are that hold the truth."""
    there = ~np.isnan(low)
    return float(100 * np.mean((low[there] <= truth + 1e-9) & (truth - 1e-9 <= high[there])))


def means(model: Model, days: Days, seeds: int) -> Iterator[str]:
    """Tell the coverage of each measure, and of Student's interval beside."""
    yield "measure            truth  " + "".join(f"{n:>5} days (Student, width)" for n in COUNTS)
    lines = {key: f"{key:17} {truth_of(model, key):8.4f}" for key in PAIRS}
    for count in COUNTS:
        found = moments_of(days.whole[draws(seeds, count, days, 1)])
        values = ratio_estimates(MEASURES, found, 0.95)
        half = found.standard_error() * student(0.95, count - 1)
        for place, key in enumerate(PAIRS):
            truth, mean = truth_of(model, key), values.mean[place]
            own = covered(values.low[place], values.high[place], truth)
            old = covered(mean - half[place], mean + half[place], truth)
            width = np.nanmean(values.half_width[place]) / np.nanmean(half[place])
            lines[key] += f"   {own:6.1f} ({old:5.1f}, x{width:5.2f})"
    yield from lines.values()


def percentiles(model: Model, days: Days, seeds: int) -> Iterator[str]:
    """Tell the coverage of percentiles."""
    order = np.sort(days.waits)
    answered = int(days.whole[:, PLACES["answered"]].sum())
    ranks = [-(-answered * percent // 100) - (answered - len(order)) for percent in (50, 90, 99)]
    truths = [float(order[rank - 1]) if rank > 0 else 0.0 for rank in ranks]
    lines = [f"wait_p{p:<11} {t:8.4f}" for p, t in zip((50, 90, 99), truths, strict=True)]
    lengths = np.diff(days.first)
    for count in COUNTS:
        few = min(seeds, 1 + 30_000_000 // int(1 + lengths.mean() * count))
        waits, numbers = [], []
        for chosen in draws(few, count, days, 2).T:
            own = lengths[chosen]
            before = np.repeat(np.cumsum(own) - own - days.first[chosen], own)
            ticks = np.rint(days.waits[np.arange(own.sum()) - before] * TICKS_PER_SECOND)
            cell = np.repeat(np.arange(few, dtype=np.int32), own)
            kind = np.zeros(len(cell), np.int16)
            waits.append(Waits(cell, kind, kind - 1, ticks.astype(np.int64)))
            numbers.append(np.tile(days.whole[chosen, 1].astype(np.int32), (2, 1)))
        found = pooled_quantiles(
            waits,
            numbers,
            (Folding(np.arange(few), few),),
            1,
            (50, 90, 99),
            0.95,
            np.full((2, few), model.handle),
        )
        for place, truth in enumerate(truths):
            lines[place] += f"   {covered(found.low[place, 0], found.high[place, 0], truth):6.1f}"
    yield from lines


def stopped(model: Model, days: Days, seeds: int) -> Iterator[str]:
    """Tell the coverage of runs stopped by their precision: of 20, 10 and 5 % of the mean."""
    looks = (*range(10, 101, 10), 110, 120, 130, 140, 150, 160, 170, 180, 190, 200)
    whole = days.whole[draws(min(seeds, 10_000), looks[-1], days, 3)]
    for key in ("service_level", "abandonment_rate", "asa", "offered"):
        place, truth = list(PAIRS).index(key), truth_of(model, key)
        line = f"{key:17} stopped"
        for amount in (0.2, 0.1, 0.05):
            going = np.ones(len(whole), dtype=bool)
            ends = np.full((2, len(whole)), np.nan)
            found, mean_days = Moments([0]), 0
            for day in range(looks[-1]):
                found.add(*pairs_of(whole[:, day]))
                if day + 1 not in looks:
                    continue
                values = ratio_estimates(MEASURES, found, 0.95)
                enough = values.half_width[place] <= amount * np.abs(values.mean[place])
                done = going & (enough | (day + 1 == looks[-1]))
                ends[0, done], ends[1, done] = values.low[place, done], values.high[place, done]
                mean_days += int(done.sum()) * (day + 1)
                going &= ~done
            line += f"   {amount:.0%}: {covered(*ends, truth):5.1f} ({mean_days / len(whole):5.1f} days)"
        yield line


@dataclass(frozen=True, eq=False)
class Seen:
    """What a ledger holds, with a seed in the place of a contact type."""

    limits: list[tuple[Limit, ...]]
    replications: int
    powers: Floats
    met: NDArray[np.int64]
    judged: NDArray[np.int64]
    columns: Columns
    expected: NDArray[np.bool_]
    found: Any

    def estimates(self) -> Any:
        """Return the part of a ledger's estimates that verdicts need."""
        return self.found


def seen_of(counts: Floats, limit: Limit) -> Seen:
    """Return the ledger of [seed, day, interval, column]; the only day is the whole."""
    seeds, replications, intervals, _ = counts.shape
    whole = counts.sum(axis=2, keepdims=True)
    every = np.concatenate([whole, whole, counts], axis=2)
    above, below = (every[..., PLACES[name]] for name in PAIRS[limit.key])
    margin = limit.margin(above, below)
    powers = np.zeros((3, seeds, len(MEANS), intervals + 2))
    for power in (1, 2, 3):
        powers[power - 1, :, limit.statement] = (margin**power).sum(axis=1)
    found = Moments()
    for day in range(replications):
        found.add(*pairs_of(every[:, day]))
    place = list(PAIRS).index(limit.key)
    one = event_sizes(MEASURES, found) * found.sums[1]
    mean = np.full((len(KEYS), seeds, intervals + 2), np.nan)
    mean[KEYS.index("offered")] = found.ratio()[0]
    shape = (len(KEYS), seeds, intervals + 2)
    estimates = SimpleNamespace(
        mean=mean,
        freedom=np.broadcast_to(found.present[place] - 1, shape),
        below=np.broadcast_to(found.sums[1][place], shape),
        one=np.broadcast_to(one[place], shape),
    )
    columns = Columns(np.ones(intervals, np.int64), ("",) * intervals, 1)
    given = below > 0
    met = ((margin >= 0) & given).sum(axis=1)
    return Seen(
        [(limit,)] * seeds,
        replications,
        powers,
        met,
        given.sum(axis=1),
        columns,
        np.ones((seeds, intervals + 2), bool),
        estimates,
    )


def verdicts(model: Model, days: Days, seeds: int) -> Iterator[str]:
    """Tell how many runs say something false: of intervals and the whole, on and beyond the limit.

    A limit on the boundary lies a millionth beyond the truth of the worst or the best interval;
    of the others some are kept then and some are missed.
    """
    exact = expected(model)
    for key, least in (("service_level", True), ("abandonment_rate", False), ("asa", False)):
        above, below = PAIRS[key]
        rows = np.concatenate([exact.sum(axis=0, keepdims=True)] * 2 + [exact])
        truth = rows[:, PLACES[above]] / rows[:, PLACES[str(below)]]
        own = truth[2:]
        cases = {
            "on the limit, kept": own.min() - 1e-9 if least else own.max() + 1e-9,
            "on the limit, missed": own.max() + 1e-9 if least else own.min() - 1e-9,
            "twice as bad": (3 * own.max() - 1) / 2 + 0.5 if least else own.min() / 2,
        }
        if least:
            cases["twice as bad"] = 1 - (1 - own.max()) / 2
        for case, level in cases.items():
            if not 0.0 < level < (1.0 if key != "asa" else np.inf):
                continue
            limit = Limit(key, float(level), least)
            good = truth >= level if least else truth <= level
            line = f"{key:17} {case:21}"
            for count in (10, 30, 100):
                wrong, told = _wrong(days, count, seeds, limit, good)
                line += f"   {count:3}: {wrong:5.2f} % wrong ({told:3.0f} % told)"
            yield line + f"   looks: {_wrong_at_looks(days, min(seeds, 2000), limit, good):5.2f}"


def _wrong(
    days: Days, count: int, seeds: int, limit: Limit, good: NDArray[np.bool_]
) -> tuple[float, float]:
    wrong = told = done = 0
    for chunk in range(0, seeds, 2000):
        size = min(2000, seeds - chunk)
        seen = seen_of(days.counts[draws(size, count, days, 4 + chunk)], limit)
        for words in _words(seen, 0.05):
            wrong += bool((words[good] == MISSES).any() or (words[~good] == HOLDS).any())
            told += int(np.isin(words, (HOLDS, MISSES, "at risk")).sum())
            done += len(words)
    return 100 * wrong / seeds, 100 * told / done


def _words(seen: Seen, error: float, chosen: NDArray[np.int64] | None = None) -> Iterator[Any]:
    both = p_values(seen, 0.5)  # type: ignore[arg-type]
    for seed in range(both.shape[1]) if chosen is None else chosen:
        own = verdicts_from(both[:, seed : seed + 1], seen.columns, error)
        yield own.words[0]


def _wrong_at_looks(days: Days, seeds: int, limit: Limit, good: NDArray[np.bool_]) -> float:
    """Return the per cent of runs, looked at until each interval is told, that end in an error."""
    looks, going = Looks(100, 338, "max_replications"), np.arange(seeds)
    drawn, wrong = draws(seeds, 338, days, 5), 0
    while len(going):
        count, final = looks.next, looks.over(looks.next)
        seen = seen_of(days.counts[drawn[going, :count]], limit)
        left = []
        for seed, words in zip(going, _words(seen, 0.05 * looks.share(final=final)), strict=True):
            intervals = words[2:]
            if final or np.isin(intervals, (HOLDS, MISSES)).all():
                bad = (intervals[good[2:]] == MISSES).any() or (intervals[~good[2:]] == HOLDS).any()
                wrong += bool(bad)
            else:
                left.append(seed)
        going = np.array(left, dtype=np.int64)
        if final:
            break
        looks.looked(count)
    return 100 * wrong / seeds


def pairs(model: Model, days: Days, seeds: int) -> Iterator[str]:
    """Tell coverage and wrong calls of differences: 2 % fewer callers, and one agent more."""
    del days
    size = 100_000
    made = simulated(model, size, 7)
    base, waited = made.whole, np.diff(made.first)
    for name, more in (
        ("2 % fewer callers", {"less": 0.02}),
        ("one more", {"agents": model.agents + 1}),
    ):
        other = simulated(model, size, 7, **more).whole  # type: ignore[arg-type]
        totals = [pairs_of(side.sum(axis=0)) for side in (base, other)]
        for key in ("abandonment_rate", "service_level", "asa", "offered"):
            place = list(PAIRS).index(key)
            ratios = [
                float(above[place] / (below[place] if PAIRS[key][1] else size))
                for above, below in totals
            ]
            truth = ratios[1] - ratios[0]
            line = f"{name:18} {key:17} {truth:+9.5f}"
            for count in COUNTS[:3]:
                inside = wrong = told = before = 0
                chosen = np.random.default_rng(count).integers(0, size, (seeds, count))
                for rows in chosen:
                    sides = [_side(whole[rows], key) for whole in (base, other)]
                    event = _event(sides, key, base[rows], waited[rows])
                    found = _difference(sides, event, 0.95)
                    if found is None or found.difference.low is None:
                        continue
                    value = found.difference
                    assert value.low is not None
                    assert value.high is not None
                    inside += value.low - 1e-12 <= truth <= value.high + 1e-12
                    told += found.sign != 0
                    wrong += found.sign != 0 and found.sign * truth <= 0
                    pulls = sides[1].pulls - sides[0].pulls
                    half = student(0.95, count - 1) * pulls.std(ddof=1) / np.sqrt(count)
                    before += abs(value.mean) > half
                line += (
                    f"   {count}: {100 * inside / seeds:5.1f} % "
                    f"called {100 * told / seeds:5.1f} (before {100 * before / seeds:5.1f})"
                    f" wrong {100 * wrong / seeds:4.2f}"
                )
            yield line


def _side(rows: Floats, key: str) -> _Side:
    above, below = (part[list(PAIRS).index(key)] for part in pairs_of(rows))
    ratio = above.sum() / below.sum() if below.sum() else np.nan
    return _Side(ratio, (above - ratio * below) / below.mean(), below > 0, above, below)


def _event(sides: list[_Side], key: str, rows: Floats, waited: NDArray[np.int64]) -> float:
    below = float(sum(side.below.sum() for side in sides) / 2)
    if key != "asa":
        return 1.0 / below
    totals = rows.sum(axis=0)
    longest = float(totals[PLACES["handle"]] / totals[PLACES["answered"]])
    if waited.sum():
        longest = min(2.0 * float(totals[PLACES["wait_answered"]] / waited.sum()), longest)
    return longest / below


PARTS = {
    "means": means,
    "percentiles": percentiles,
    "stopped": stopped,
    "verdicts": verdicts,
    "pairs": pairs,
}

if __name__ == "__main__":
    main()
