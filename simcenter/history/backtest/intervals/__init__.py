"""The backtest of days that are known by totals of intervals only.

- `slots`: what each interval told, and what it did not
- `differing`: how whole days differ, from totals
- `model`: callers, volumes and agents, taken from a calibration
- `stretch`: the scenario of held-out days, and inputs replaced by what really happened
- `telling`: what such a table cannot tell
- `backtesting`: all of it, in order
"""

from simcenter.history.backtest.intervals.backtesting import backtest_intervals

__all__ = ["backtest_intervals"]
