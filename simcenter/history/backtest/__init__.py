"""Simulated days set beside what happened on days that the calibration has not seen.

- `choices`, `testing`, `held`: what may be asked, the test, and what it asks of a stretch of days
- `inputs`: what callers are like and how many come, taken from a calibration
- `scenario`: the frame of a scenario of recorded days
- `period`, `stretch`: the scenario of some days, with the agents who were there
- `recorded`: draws replaced by what really happened
- `replay`: replications, kept by interval, day and month
- `ahead`: volumes by a forecast
- `bands`: observed numbers beside the simulated ones, and how many lie inside
- `rolling`: parts of held-out days, each calibrated before it
- `split`: the error by what it comes from
- `ranks`: types parted by rank
- `crowds`: how patient callers are who find many waiting
- `pace`: how long each agent takes, against what the same contacts take everybody
- `daytoday`: how whole days differ
- `own_days`: the calibration's own days, simulated
- `backtesting`, `result`: all of it, in order, and what comes of it
- `intervals`: the same for days that are known by totals only
"""

from simcenter.history.backtest.backtesting import backtest
from simcenter.history.backtest.bands import MEASURED, Period
from simcenter.history.backtest.intervals import backtest_intervals
from simcenter.history.backtest.result import Backtest

__all__ = ["MEASURED", "Backtest", "Period", "backtest", "backtest_intervals"]
