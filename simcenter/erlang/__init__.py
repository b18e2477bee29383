"""Formulas: what a number of agents promises in steady state, and how many a promise needs.

All take arrays that go together (NumPy broadcasting) and return one `Promise`, whose arrays
have their common shape. Rates are contacts a second, times are seconds, agents need not be
whole; from 0.01 to 100,000 erlangs nothing overflows, and no approximation is made.
"""

from simcenter.erlang.beside import Beside, linear_beside_erlang
from simcenter.erlang.classic import blocking, erlang_b, erlang_c
from simcenter.erlang.demand import Demand, demand_of
from simcenter.erlang.general import general_patience
from simcenter.erlang.impatience import erlang_a
from simcenter.erlang.lines import finite_lines
from simcenter.erlang.patience import Patience
from simcenter.erlang.promise import PROMISED, Promise
from simcenter.erlang.redials import Redials, erlang_a_with_redials
from simcenter.erlang.requirement import Targets, gross, required_agents
from simcenter.erlang.rules import (
    halfin_whitt,
    linear_agents,
    linear_promise,
    square_root_agents,
)
from simcenter.erlang.staffing import METHODS, StaffingTable, pool_promise, staffing

__all__ = [
    "METHODS",
    "PROMISED",
    "Beside",
    "Demand",
    "Patience",
    "Promise",
    "Redials",
    "StaffingTable",
    "Targets",
    "blocking",
    "demand_of",
    "erlang_a",
    "erlang_a_with_redials",
    "erlang_b",
    "erlang_c",
    "finite_lines",
    "general_patience",
    "gross",
    "halfin_whitt",
    "linear_agents",
    "linear_beside_erlang",
    "linear_promise",
    "pool_promise",
    "required_agents",
    "square_root_agents",
    "staffing",
]
