"""Simulated days set beside what happened on days that the calibration has not seen.

- `inputs`: what callers are like and how many come, taken from a calibration
- `period`: the scenario of some days, with the agents who were there
- `recorded`: draws replaced by what really happened
- `replay`: replications, kept by interval, day and month
- `bands`: observed numbers beside the simulated ones, and how many lie inside
- `ranks`: types parted by rank
- `crowds`: how patient callers are who find many waiting
- `pace`: how long each agent takes, against what the same contacts take everybody
- `daytoday`: how whole days differ
- `own_days`: the calibration's own days, simulated
- `backtesting`: all of it, in order
"""

from simcenter.history.backtest.backtesting import Backtest, backtest
from simcenter.history.backtest.bands import MEASURED, Period

__all__ = ["MEASURED", "Backtest", "Period", "backtest"]
