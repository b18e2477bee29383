"""The centre's own past: records of other systems, and scenarios that replay a day.

How records become tables, in the order of the work:

- ``sniff``, ``cells``, ``headings``, ``guess*``: what a file is, guessed and told
- ``layouts``, ``mapping``, ``interval_mapping``, ``event_mapping``, ``mapping_files``: what the
  records mean, as a file to read and mend
- ``raw``, ``clocks``, ``identities``: cells become numbers, instants and names
- ``importer``, ``interval_import``, ``events`` with ``queue_log`` and ``queue_agents``,
  ``connect``: one importer per kind; ``bulk*``: single contacts by the million
- ``ledger``, ``oddities``, ``daylight``, ``finishing``: every row accounted for, the report
- ``readiness``, ``selection``: when agents were there and ready; parts of a table
- ``counts``, ``forecast``: volumes, past and to come
- ``backtest``: held-out days simulated, beside what happened
- ``replay`` and what it uses: a recorded day as a scenario
- ``calibration``: the parameters of a scenario, each with its interval
"""

from simcenter.history.backtest import Backtest, backtest, backtest_intervals
from simcenter.history.calibration.agents import presence_counts
from simcenter.history.calibration.calendar import Calendar, read_calendar
from simcenter.history.calibration.contacts import calibrate
from simcenter.history.calibration.estimate import Estimate
from simcenter.history.calibration.playback import playback
from simcenter.history.calibration.results import Calibration
from simcenter.history.calibration.targets import Target, read_target
from simcenter.history.calibration.totals import calibrate_intervals
from simcenter.history.counts import Counts, counts_of, counts_of_intervals, read_counts
from simcenter.history.forecast import Forecast, forecast
from simcenter.history.guess import Guess, guess_mapping
from simcenter.history.importer import import_records
from simcenter.history.importing import (
    Imported,
    accepting,
    import_history,
    in_timezone,
    with_guess,
)
from simcenter.history.ledger import Finding, ImportReport
from simcenter.history.mapping import Mapping
from simcenter.history.mapping_files import read_mapping, save_mapping, shipped_mappings
from simcenter.history.replay import replay_scenario
from simcenter.history.selection import Dates, parse_dates

__all__ = [
    "Backtest",
    "Calendar",
    "Calibration",
    "Counts",
    "Dates",
    "Estimate",
    "Finding",
    "Forecast",
    "Guess",
    "ImportReport",
    "Imported",
    "Mapping",
    "Target",
    "accepting",
    "backtest",
    "backtest_intervals",
    "calibrate",
    "calibrate_intervals",
    "counts_of",
    "counts_of_intervals",
    "forecast",
    "guess_mapping",
    "import_history",
    "import_records",
    "in_timezone",
    "parse_dates",
    "playback",
    "presence_counts",
    "read_calendar",
    "read_counts",
    "read_mapping",
    "read_target",
    "replay_scenario",
    "save_mapping",
    "shipped_mappings",
    "with_guess",
]
