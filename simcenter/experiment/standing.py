"""How far the replications are, for whoever watches them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from simcenter.experiment.stopping import Rule
from simcenter.measures import Accumulator, Value
from simcenter.measures.moments import Moments, student

__all__ = ["Standing", "Watch"]


@dataclass(frozen=True, eq=False)
class Standing:
    """What is known after a replication; nothing is worked out before it is asked for."""

    done: int
    rule: Rule
    measured: Accumulator
    last: bool

    @property
    def of(self) -> int:
        """The most replications there can be."""
        return self.rule.last

    @property
    def expected(self) -> int | None:
        """About how many there will be; None while nobody can tell."""
        return self.rule.expected

    @property
    def key(self) -> str:
        """The first measure of which a precision is asked for, else the speed of answer."""
        return self.rule.goals[0].key if self.rule.goals else "asa"

    @property
    def contact_type(self) -> str | None:
        """Of which contact type; None: of all."""
        return self.rule.goals[0].contact_type if self.rule.goals else None

    def value(self) -> Value | None:
        """Return that measure so far: now, or for one that is not a ratio when last looked at."""
        setting = self.measured.setting
        row = 0 if self.contact_type is None else 1 + setting.types.index(self.contact_type)
        place = [item.key for item in self.measured.measures].index(self.key)
        if self.measured.measures[place].statistic not in ("ratio", "count", "time average"):
            return self.rule.standing[0].value if self.rule.standing else None
        moments = Moments()
        for _, above, below in self.measured.whole:
            moments.add(above[place, row : row + 1], below[place, row : row + 1])
        mean = float(moments.ratio()[0])
        half = float(moments.standard_error()[0])
        if np.isnan(mean):
            return None
        if np.isnan(half):
            return Value(mean, None, None, None)
        half *= student(setting.confidence, moments.count - 1)
        return Value(mean, half, mean - half, mean + half)


class Watch(ABC):
    """Sees every replication that is finished."""

    @abstractmethod
    def see(self, standing: Standing) -> None:
        """Look at how far the replications are."""
