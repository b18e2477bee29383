"""Repair: the cheapest changes, within the rules, that make a roster keep its targets.

`rules` are the limits, `moves` the single changes that they permit, `pressure` what the
simulation tells about their worth, `program` which of them to make together, `search` the way
from one proposal to the next, `run` the whole, judged on callers that had no part in it.
"""

from __future__ import annotations

from simcenter.validation.repair.changes import CountChange, ShiftChange
from simcenter.validation.repair.effects import Effect
from simcenter.validation.repair.result import Repair, Repairs
from simcenter.validation.repair.run import repair

__all__ = ["CountChange", "Effect", "Repair", "Repairs", "ShiftChange", "repair"]
