"""The measures: one closed list, the same code for simulated and observed records.

``tally`` counts one replication, ``estimate`` turns tallies into numbers with an interval,
``measure`` does both for one table. `definitions` holds the list itself.
"""

from simcenter.measures.batches import BatchMeans, batch_means
from simcenter.measures.compare import (
    Difference,
    ProbabilityMet,
    Target,
    Targets,
    paired_difference,
    paired_differences,
    probability_met,
    wilson,
)
from simcenter.measures.counting import Tally, tally
from simcenter.measures.definitions import (
    MEASURES,
    Definitions,
    Formula,
    Measure,
    cause_measure,
    find_measure,
    formula_of,
)
from simcenter.measures.estimation import Accumulator, estimate, measure
from simcenter.measures.grouping import GROUPINGS, group_by
from simcenter.measures.results import Results, Value
from simcenter.measures.setting import Setting, setting_for_observed, setting_for_scenario

__all__ = [
    "GROUPINGS",
    "MEASURES",
    "Accumulator",
    "BatchMeans",
    "Definitions",
    "Difference",
    "Formula",
    "Measure",
    "ProbabilityMet",
    "Results",
    "Setting",
    "Tally",
    "Target",
    "Targets",
    "Value",
    "batch_means",
    "cause_measure",
    "estimate",
    "find_measure",
    "formula_of",
    "group_by",
    "measure",
    "paired_difference",
    "paired_differences",
    "probability_met",
    "setting_for_observed",
    "setting_for_scenario",
    "tally",
    "wilson",
]
