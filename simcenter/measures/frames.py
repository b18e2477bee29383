"""Results as pandas frames: one row per value, or one per place with the measures side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import InputError, unknown

if TYPE_CHECKING:
    import pandas as pd

    from simcenter.measures.results import Results

__all__ = ["FIELDS", "frame_of", "keys_of", "laid_out"]

FIELDS = ("mean", "half_width", "low", "high")
"""The columns of a long frame: a value and its interval (`simcenter.measures.Value`)."""

WHO = ("contact_type", "agent_group", "agent")
WHEN = ("day", "interval")

Levels = dict[str, list[Any]]
"""For every level of an index, its entry at each place."""


def frame_of(
    results: Results,
    by: Sequence[str],
    measures: str | Sequence[str] | None,
    wide: str | None,
) -> pd.DataFrame:
    """Return what `simcenter.measures.Results.frame` describes."""
    who, when = _groupings(by)
    if who == "agent":
        levels, keys, stacked = _of_agents(results)
    else:
        levels, keys, stacked = _of_rows(results, who, when)
    # what is shown where nothing is chosen leaves out what has no meaning there
    shown = [results.measures[place].key for place in results.chosen(who or "total")]
    default = [*shown, *keys[len(results.measures) :]]
    chosen = default if measures is None else keys_of(measures, keys)
    places = [keys.index(key) for key in chosen]
    columns = {
        field: part[:, places] for field, part in zip(FIELDS, stacked, strict=True)
    }  # [place, measure]
    return laid_out(levels, chosen, columns, wide, single=isinstance(measures, str))


def _groupings(by: Sequence[str]) -> tuple[str | None, str | None]:
    for name in by:
        if name not in (*WHO, *WHEN):
            raise InputError("frame: {unknown}", unknown=unknown("grouping", name, (*WHO, *WHEN)))
    found = []
    for kind in (WHO, WHEN):
        given = [name for name in kind if name in by]
        if len(given) > 1:
            raise InputError(
                "frame: got {given}; must be one of {kind}",
                given=" and ".join(given),
                kind=", ".join(kind),
            )
        found.append(given[0] if given else None)
    if found[0] == "agent" and found[1] is not None:
        raise InputError(
            "frame: got agent and {found}; agents are measured over the whole run", found=found[1]
        )
    return found[0], found[1]


def _of_agents(results: Results) -> tuple[Levels, list[str], list[NDArray[np.float64]]]:
    keys = [measure.key for measure in results.measures]
    stacked = [getattr(results.agents, field).T for field in FIELDS]
    return {"agent": list(results.setting.agents)}, keys, stacked


def _of_rows(
    results: Results, who: str | None, when: str | None
) -> tuple[Levels, list[str], list[NDArray[np.float64]]]:
    """Return the places, the keys, and per field an array [place, measure]."""
    setting, lattice, days = results.setting, results.lattice, len(results.lattice.midnight)
    types = len(setting.types)
    rows, names = {
        "contact_type": (range(1, 1 + types), setting.types),
        "agent_group": (range(1 + types, 1 + types + len(setting.groups)), setting.groups),
    }.get(who or "", (range(1), ()))
    booked = np.flatnonzero(results.booked)
    columns = {
        "day": booked[(booked >= 1) & (booked <= days)],
        "interval": booked[booked > days],
    }.get(when or "", np.zeros(1, dtype=np.int64))
    keys = [measure.key for measure in results.measures]
    stacked = [
        getattr(results.estimates, field)[:, rows][:, :, columns].transpose(2, 1, 0)
        for field in FIELDS
    ]
    if when is None:
        keys += results.daily_keys
        daily = [getattr(results.daily, field)[:, rows].T[np.newaxis] for field in FIELDS]
        stacked = [np.concatenate(pair, axis=2) for pair in zip(stacked, daily, strict=True)]
    levels: Levels = {}
    if when == "day":
        levels["day"] = np.repeat(columns, len(rows)).tolist()
    elif when == "interval":
        cells = np.repeat(columns - 1 - days, len(rows))
        levels["day"] = lattice.day[cells].tolist()
        levels["start"] = [lattice.labels[cell] for cell in cells]
    if who is not None:
        levels[who] = [*names] * len(columns)
    return levels, keys, [part.reshape(-1, len(keys)) for part in stacked]


def keys_of(measures: str | Sequence[str], known: Sequence[str]) -> list[str]:
    """Return the measures chosen.

    Raises
    ------
    InputError
        If one is not known.
    """
    chosen = [measures] if isinstance(measures, str) else list(measures)
    for key in chosen:
        if key not in known:
            raise InputError("frame: {unknown}", unknown=unknown("measure", key, known))
    return chosen


def laid_out(
    levels: Levels,
    keys: Sequence[str],
    columns: dict[str, NDArray[Any]],
    wide: str | None,
    *,
    single: bool,
) -> pd.DataFrame:
    """Return columns of shape [place, measure] as a frame.

    Parameters
    ----------
    levels
        The places, level by level of the index.
    keys, columns
        The measures, and per field its values.
    wide
        None: long, a row per place and measure. A field: a row per place, a column per measure.
    single
        Whether the measure is left out of the index of a long frame.

    Raises
    ------
    InputError
        If ``wide`` is no field.
    """
    import pandas as pd

    if wide is not None:
        if wide not in columns:
            raise InputError("frame: wide: {unknown}", unknown=unknown("column", wide, columns))
        content: Any = columns[wide]
        names = pd.Index(list(keys), name="measure")
        return pd.DataFrame(content, index=_index(levels, len(content)), columns=names)
    count = len(next(iter(columns.values())))
    if not single:
        repeated = {
            name: np.repeat(np.array(entries, dtype=object), len(keys)).tolist()
            for name, entries in levels.items()
        }
        levels = {**repeated, "measure": [*keys] * count}
    rows = count * len(keys)
    content = {field: part.ravel() for field, part in columns.items()}
    return pd.DataFrame(content, index=_index(levels, rows))


def _index(levels: Levels, rows: int) -> Any:
    import pandas as pd

    if not levels:
        return pd.RangeIndex(rows)
    if len(levels) == 1:
        ((name, entries),) = levels.items()
        return pd.Index(entries, name=name)
    return pd.MultiIndex.from_arrays(list(levels.values()), names=list(levels))
