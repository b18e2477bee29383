"""The linear workload formula set beside Erlang C and Erlang A, over loads and answer rates.

Practice has a rule of thumb: plan by workload, but "use Erlang C when the answer rate must pass
90 %". Erlang C itself knows no answer rate, since nobody gives up; it is asked for the same
share answered within a time. Erlang A knows both, and so says what the others would give.

Found with patience of 180 s and an occupancy of 85 % (tests/erlang/test_beside.py): the answer
rate alone does not decide, the load does. From fifty erlangs on the linear formula keeps even
95 %; with five erlangs it misses 85 %. Erlang C is always enough, and mostly more than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.erlang.classic import erlang_c
from simcenter.erlang.impatience import erlang_a
from simcenter.erlang.requirement import Targets, required_agents
from simcenter.erlang.rules import linear_agents
from simcenter.errors import InputError

__all__ = ["Beside", "linear_beside_erlang"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Beside:
    """Agents by three formulas, [load, answer rate], and what they would give.

    Attributes
    ----------
    load, answer_rate
        The axes: erlangs, and the share of contacts to be answered.
    linear
        By workload, rounded up.
    erlang_c
        For that share answered within the seconds given, nobody giving up.
    erlang_a
        For that share answered at all, with the patience given.
    answered_by_linear, answered_by_erlang_c
        Answer rate with those agents, by Erlang A.
    """

    load: Floats
    answer_rate: Floats
    linear: Floats
    erlang_c: Floats
    erlang_a: Floats
    answered_by_linear: Floats
    answered_by_erlang_c: Floats

    def rows(self) -> list[dict[str, float]]:
        """Return one row per load and answer rate, as a table takes them."""
        return [
            {
                "load": float(load),
                "answer_rate": float(share),
                "linear": float(self.linear[i, j]),
                "erlang_c": float(self.erlang_c[i, j]),
                "erlang_a": float(self.erlang_a[i, j]),
                "answered_by_linear": float(self.answered_by_linear[i, j]),
                "answered_by_erlang_c": float(self.answered_by_erlang_c[i, j]),
            }
            for i, load in enumerate(self.load)
            for j, share in enumerate(self.answer_rate)
        ]


def linear_beside_erlang(
    loads: Any,
    answer_rates: Any,
    *,
    aht: float = 240.0,
    patience: float = 180.0,
    within: float = 20.0,
    occupancy: float = 0.85,
) -> Beside:
    """Return the agents that three formulas ask for, over a grid.

    Parameters
    ----------
    loads
        Erlangs, one axis.
    answer_rates
        Shares below 1, the other axis.
    aht, patience, within
        Seconds: average handle time, mean patience, and the time for Erlang C.
    occupancy
        What the linear formula plans with.

    Raises
    ------
    InputError
        When a number is impossible.

    Examples
    --------
    >>> found = linear_beside_erlang([10, 200], [0.8, 0.95])
    >>> found.linear.tolist()
    [[10.0, 12.0], [189.0, 224.0]]
    >>> found.erlang_c.tolist()
    [[14.0, 16.0], [209.0, 216.0]]
    >>> found.erlang_a.tolist()
    [[9.0, 13.0], [161.0, 194.0]]
    """
    load, share = np.atleast_1d(np.asarray(loads, float)), np.atleast_1d(answer_rates)
    if not np.all((share >= 0) & (share < 1)):
        raise InputError("answer_rates: got one that is no share from 0 to below 1")
    rate = load / aht
    needed_c, needed_a = [], []
    for each in share:
        c, a = Targets(service_level=float(each)), Targets(answer_rate=float(each))
        needed_c.append(
            required_agents(lambda n: erlang_c(rate, aht, n, within=within), c, load.shape)
        )
        needed_a.append(required_agents(lambda n: erlang_a(rate, aht, n, patience), a, load.shape))
    by_c, by_a = np.array(needed_c).T, np.array(needed_a).T
    rates = rate[:, None]
    linear = np.ceil(np.round(linear_agents(rates, aht, share, occupancy), 9))
    return Beside(
        load=load,
        answer_rate=np.asarray(share, dtype=float),
        linear=linear,
        erlang_c=by_c,
        erlang_a=by_a,
        answered_by_linear=erlang_a(rates, aht, linear, patience).answer_rate,
        answered_by_erlang_c=erlang_a(rates, aht, by_c, patience).answer_rate,
    )
