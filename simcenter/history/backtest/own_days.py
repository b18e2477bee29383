"""The calibration's own days, simulated: how far the model is off where nothing is unseen.

Nothing is fitted here. When agents are there and how long they need after a contact is read
from the records, and a factor that would make the answer rate of these days come out made
that of held-out months worse in cross-validation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simcenter.history.after_contact import AfterContact
from simcenter.history.backtest.daytoday import DayToDay, with_days
from simcenter.history.backtest.inputs import Callers
from simcenter.history.backtest.pace import Pace
from simcenter.history.backtest.period import Days, Frame, scenario_of
from simcenter.history.backtest.replay import MEASURED, Columns, Ratios, observe, replay

__all__ = ["OwnDays", "own_days"]

REPLICATIONS = 3


@dataclass(frozen=True)
class OwnDays:
    """The days of the calibration as they were and as the model has them.

    Attributes
    ----------
    mean_after_contact, mean_after_quiet, sample, exact
        Seconds from the end of a contact until its agent is ready, if somebody waits and if
        nobody does; the gaps between contacts that they rest on, and those of them that show
        it to the second.
    observed, simulated
        The measures over all days.
    """

    mean_after_contact: float
    mean_after_quiet: float
    sample: int
    exact: int
    observed: dict[str, float]
    simulated: dict[str, float]


def own_days(
    trained: Days,
    callers: Sequence[Callers],
    frame: Frame,
    differ: DayToDay,
    pace: Pace,
    after: tuple[AfterContact, AfterContact],
) -> OwnDays:
    """Simulate the days of the calibration with what was learnt from them."""
    columns = Columns(trained.dates, frame.interval)
    scenario = scenario_of(trained, callers, frame, pace=pace)
    observed = observe(trained.contacts, scenario, columns, frame.answer_within)
    numbers, change = range(1, REPLICATIONS + 1), with_days(scenario, differ)
    simulated = replay(scenario, columns, numbers, frame.answer_within, change)
    return OwnDays(
        mean_after_contact=after[0].mean,
        mean_after_quiet=after[1].mean,
        sample=sum(one.sample for one in after),
        exact=sum(one.exact for one in after),
        observed=_means(observed, columns),
        simulated=_means(simulated, columns),
    )


def _means(found: Ratios, columns: Columns) -> dict[str, float]:
    above, below = found.totals(columns)
    return dict(zip(MEASURED, (above / below).tolist(), strict=True))
