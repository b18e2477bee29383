"""The centre's own past: records of other systems, and scenarios that replay a day."""

from simcenter.history.importer import import_records
from simcenter.history.ledger import Finding, ImportReport
from simcenter.history.mapping import Mapping, read_mapping, shipped_mappings
from simcenter.history.replay import replay_scenario

__all__ = [
    "Finding",
    "ImportReport",
    "Mapping",
    "import_records",
    "read_mapping",
    "replay_scenario",
    "shipped_mappings",
]
