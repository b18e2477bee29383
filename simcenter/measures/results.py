"""Results: every measure with its interval, by row and column, and as the JSON of FORMATS §6."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import InputError, unknown
from simcenter.measures.definitions import Measure
from simcenter.measures.frames import frame_of
from simcenter.measures.lattice import Lattice
from simcenter.measures.setting import Setting

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Estimates", "Results", "Value"]

Floats = NDArray[np.float64]
Json = dict[str, Any]


@dataclass(frozen=True)
class Value:
    """A number with its interval; the interval is None where there is none.

    That is so below two replications with data, and for the longest wait. ``half_width``
    is that of the interval before its ends, ``low`` and ``high``, are kept to what the
    measure can be: 0 or more, and a share at most 1 (`Measure.bounds`).
    """

    mean: float
    half_width: float | None
    low: float | None
    high: float | None

    def to_json_dict(self) -> dict[str, float | None]:
        """Return the four fields."""
        return {
            "mean": self.mean,
            "half_width": self.half_width,
            "low": self.low,
            "high": self.high,
        }


@dataclass(frozen=True, eq=False)
class Estimates:
    """Four arrays of one shape, [measure, …]; NaN stands for no data."""

    mean: Floats
    half_width: Floats
    low: Floats
    high: Floats

    def at(self, place: tuple[int, ...]) -> Value | None:
        """Return one value, None where there is no data."""
        mean = float(self.mean[place])
        if np.isnan(mean):
            return None
        half = float(self.half_width[place])
        if np.isnan(half):
            return Value(mean, None, None, None)
        return Value(mean, half, float(self.low[place]), float(self.high[place]))

    def tables(self, measures: Sequence[int]) -> list[list[Json | None]]:
        """Return, for every place behind the measures, the values of the chosen measures."""
        chosen = np.array(measures, dtype=np.int64)
        shape = (len(chosen), -1)
        columns = [
            array[chosen].reshape(shape).T.tolist()
            for array in (self.mean, self.half_width, self.low, self.high)
        ]
        return [
            [
                None
                if mean != mean
                else {"mean": mean, "half_width": None, "low": None, "high": None}
                if half != half
                else {"mean": mean, "half_width": half, "low": low, "high": high}
                for mean, half, low, high in zip(*row, strict=True)
            ]
            for row in zip(*columns, strict=True)
        ]


@dataclass(frozen=True, eq=False)
class Results:
    """What `estimate` returns.

    Attributes
    ----------
    setting
        What was measured, and how.
    measures
        The closed list, in the order of the arrays (a row that a measure has no meaning
        on, or for which there are no records, is NaN).
    estimates
        [measure, row, column]; rows are the total, the types, the groups; columns the whole
        run, the days, the cells of ``lattice``. ``low`` and ``high`` are mean - half-width
        and mean + half-width, kept to what the measure can be: ``low`` is not below 0,
        ``high`` of a share not above 1 (`Measure.bounds`).
    agents
        [measure, agent], over the whole run.
    daily
        For the measures asked for, means of daily ratios: [measure, row].
    daily_keys
        Their keys, ``<key>_daily``.
    lattice
        The cells.
    booked
        Which columns hold anything; further intervals and closed days without are not shown.
    replications
        How many.
    divided
        Contact types whose agents' numbers are shares of groups that serve other types too.
    """

    setting: Setting
    measures: tuple[Measure, ...]
    estimates: Estimates
    agents: Estimates
    daily: Estimates
    daily_keys: tuple[str, ...]
    lattice: Lattice
    booked: NDArray[np.bool_]
    replications: int
    divided: tuple[str, ...]

    def value(
        self,
        key: str,
        *,
        contact_type: str | None = None,
        agent_group: str | None = None,
        agent: str | None = None,
        day: int | None = None,
        start: str | None = None,
    ) -> Value | None:
        """Return one value: of the whole run, of a day, or of the interval that starts then.

        Raises
        ------
        InputError
            If a measure, a name, a day or an interval is unknown.
        """
        row = self._row(contact_type, agent_group)
        if key in self.daily_keys:
            return self.daily.at((self.daily_keys.index(key), row))
        place = _place("measure", key, [measure.key for measure in self.measures])
        if agent is not None:
            return self.agents.at((place, _place("agent", agent, self.setting.agents)))
        return self.estimates.at((place, row, self._column(day, start)))

    def frame(
        self,
        *by: str,
        measures: str | Sequence[str] | None = None,
        wide: str | None = None,
    ) -> pd.DataFrame:
        """Return the values as a pandas frame.

        Parameters
        ----------
        *by
            What the rows are broken down by: ``"day"`` or ``"interval"``, and one of
            ``"contact_type"``, ``"agent_group"`` and ``"agent"`` (over the whole run only).
            Nothing: the whole run, all contacts and agents.
        measures
            Keys of measures; one alone is left out of the index. By default all that have a
            meaning there.
        wide
            None: a row per place and measure, with the columns ``mean``, ``half_width``,
            ``low`` and ``high``. One of these: a row per place, a column per measure.

        Returns
        -------
        pandas.DataFrame
            The index has the levels asked for, of ``day``, ``start``, ``contact_type``,
            ``agent_group``, ``agent`` and ``measure``, in this order. NaN stands where there
            are no data, or no interval.

        Raises
        ------
        InputError
            If a grouping, a measure or a column is unknown, or two groupings do not go together.

        Examples
        --------
        >>> import simcenter
        >>> scenario = simcenter.load("scenarios/clinic/scenario.toml")
        >>> results = simcenter.simulate(scenario, 5).results
        >>> list(results.frame(measures=["asa", "service_level"]).columns)
        ['mean', 'half_width', 'low', 'high']
        >>> asa = results.frame("interval", "contact_type", measures="asa")
        >>> asa.index.names
        FrozenList(['day', 'start', 'contact_type'])
        >>> bool(asa.loc[(1, "09:00", "patients"), "mean"] > 0)
        True
        >>> results.frame("interval", measures=["offered", "asa"], wide="mean").head(2).round(1)
        measure    offered   asa
        day start
        1   08:00     22.6  29.1
            08:30     22.0  29.5
        """
        return frame_of(self, by, measures, wide)

    def _row(self, contact_type: str | None, agent_group: str | None) -> int:
        if contact_type is not None:
            return 1 + _place("contact type", contact_type, self.setting.types)
        if agent_group is not None:
            groups = self.setting.groups
            return 1 + len(self.setting.types) + _place("agent group", agent_group, groups)
        return 0

    def _column(self, day: int | None, start: str | None) -> int:
        days = len(self.lattice.midnight)
        if day is None:
            return 0
        if not 1 <= day <= days:
            raise InputError("day {day}: days are 1 to {days}", day=day, days=days)
        if start is None:
            return day
        cells = np.flatnonzero(self.lattice.day == day)
        labels = [self.lattice.labels[cell] for cell in cells]
        return 1 + days + int(cells[_place("interval", start, labels)])

    def to_json_dict(self) -> Json:
        """Return the parts of FORMATS §6 that measuring knows, as plain Python objects.

        Beside them stand ``agents`` (each agent over the whole run) and ``divided`` (types
        whose agents' numbers are shares).
        """
        setting, days = self.setting, len(self.lattice.midnight)
        rows = self._rows()
        total = self.estimates.mean.shape[2]
        tables = [self._tables(row, kind) for row, (kind, _, _) in enumerate(rows)]
        whole = [table[0] for table in tables]
        daily = self._daily()
        for row, extra in enumerate(daily):
            whole[row].update(extra)
        types = len(setting.types)
        shown = [column for column in range(1, total) if self.booked[column]]
        return {
            "confidence": setting.confidence,
            "replications": self.replications,
            "definitions": {
                "service_level": setting.definitions.service_level,
                "abandonment_rate": setting.definitions.abandonment_rate,
                "answer_rate": setting.definitions.answer_rate,
                "short_abandon_seconds": setting.definitions.short_abandon_seconds,
                "booking": setting.definitions.booking,
            },
            "divided": list(self.divided),
            "total": whole[0],
            "contact_types": dict(zip(setting.types, whole[1 : 1 + types], strict=True)),
            "agent_groups": dict(zip(setting.groups, whole[1 + types :], strict=True)),
            "agents": self._agents(),
            "days": [
                {"day": column, "contact_type": kind, "agent_group": group, **table[column]}
                for column in shown
                if column <= days
                for table, (_, kind, group) in zip(tables, rows, strict=True)
            ],
            "intervals": [
                {
                    "day": int(self.lattice.day[column - 1 - days]),
                    "start": self.lattice.labels[column - 1 - days],
                    "contact_type": kind,
                    "agent_group": group,
                    **table[column],
                }
                for column in shown
                if column > days
                for table, (_, kind, group) in zip(tables, rows, strict=True)
            ],
        }

    def _rows(self) -> list[tuple[str, str | None, str | None]]:
        """Return the kind and the names of every row."""
        return [
            ("total", None, None),
            *(("contact_type", name, None) for name in self.setting.types),
            *(("agent_group", None, name) for name in self.setting.groups),
        ]

    def chosen(self, row_kind: str) -> list[int]:
        """Return the measures that are shown on a kind of row: those with a meaning there.

        Causes of shrinkage that never occurred are left out.
        """
        places = []
        for place, measure in enumerate(self.measures):
            never = (
                measure.key.startswith("shrinkage_")
                and not np.nan_to_num(self.estimates.mean[place]).any()
            )
            if row_kind in measure.where and not never:
                places.append(place)
        return places

    def _tables(self, row: int, kind: str) -> list[Json]:
        """Return, for every column of a row, the values by key."""
        places = self.chosen(kind)
        keys = [self.measures[place].key for place in places]
        parts = (self.estimates.mean, self.estimates.half_width)
        ends = (self.estimates.low, self.estimates.high)
        one = Estimates(*(array[:, row] for array in (*parts, *ends)))
        return [dict(zip(keys, values, strict=True)) for values in one.tables(places)]

    def total_by_column(self, places: Sequence[int]) -> list[list[Json | None]]:
        """Return, for every column, the values of the chosen measures over all types."""
        parts = (self.estimates.mean, self.estimates.half_width)
        ends = (self.estimates.low, self.estimates.high)
        return Estimates(*(array[:, 0] for array in (*parts, *ends))).tables(places)

    def _daily(self) -> list[Json]:
        rows = range(len(self._rows()))
        if not self.daily_keys:
            return [{} for _ in rows]
        tables = self.daily.tables(range(len(self.daily_keys)))
        return [dict(zip(self.daily_keys, values, strict=True)) for values in tables]

    def _agents(self) -> Json:
        places = self.chosen("agent")
        keys = [self.measures[place].key for place in places]
        tables = self.agents.tables(places)
        return {
            name: dict(zip(keys, values, strict=True))
            for name, values in zip(self.setting.agents, tables, strict=True)
        }


def _place(what: str, name: str, known: Sequence[str]) -> int:
    if name not in known:
        raise InputError(unknown(what, name, known))
    return list(known).index(name)
