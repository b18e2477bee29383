"""Many days of the same plan: each a draw, and what they come to on average."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simcenter.classroom.bases import MOST_SEED, Base, with_seed
from simcenter.classroom.day import FIGURES, count_day, figures_of
from simcenter.classroom.limits import MOST_DAYS
from simcenter.classroom.refusal import refused
from simcenter.classroom.sliders import Value
from simcenter.measures import Accumulator, setting_for_scenario

__all__ = ["days_of"]

Json = dict[str, Any]


def days_of(base: Base, values: Mapping[str, Value], seed: object, count: object) -> Json:
    """Play days with seeds in a row, the first of which is given.

    Parameters
    ----------
    base, values
        The scenario, and changes that were judged.
    seed
        From `simcenter.classroom.bases.seed_of`.
    count
        How many days.

    Returns
    -------
    dict
        ``days``: the ``seed`` and ``figures`` of each; ``mean``: for each measure ``mean``,
        ``low`` and ``high``, as ``simcenter run`` has them over replications: a rate is a ratio
        of totals over the days.

    Raises
    ------
    RefusedError
        When so many are not allowed.
    """
    known = isinstance(count, int) and not isinstance(count, bool)
    if not known or not 2 <= count <= MOST_DAYS:  # type: ignore[operator]
        raise refused("days", most=MOST_DAYS)
    seeds = [(int(seed) + number) % (MOST_SEED + 1) for number in range(int(count))]  # type: ignore[call-overload]
    first = base.with_values(values, seeds[0])
    setting = setting_for_scenario(first)
    every = Accumulator(setting)
    days = []
    for number in seeds:
        tally = count_day(with_seed(first, number), setting)
        alone = Accumulator(setting)
        for accumulator in (alone, every):
            accumulator.add(tally)
        days.append({"seed": number, "figures": figures_of(alone.results(), base.day)})
    results = every.results()
    day = None if setting.days == 1 else base.day
    means = {key: results.value(key, day=day) for key in FIGURES}
    return {
        "days": days,
        "mean": {
            key: None
            if value is None
            else {"mean": value.mean, "low": value.low, "high": value.high}
            for key, value in means.items()
        },
    }
