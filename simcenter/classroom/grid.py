"""A page in one file: the engine's scenes for a grid of slider positions, computed before.

Each scene is coded as the base64 of the raw deflate of its JSON; many compress to a few
megabytes. The page moves its sliders to the positions that there are.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from simcenter.classroom.bases import Base
from simcenter.classroom.days import days_of
from simcenter.classroom.lessons import Lesson
from simcenter.classroom.page import document, names_in, page_data
from simcenter.classroom.promise import promise_of
from simcenter.classroom.room import as_json
from simcenter.classroom.scene import scene_of
from simcenter.classroom.sliders import Value, canonical, judged
from simcenter.errors import InputError

__all__ = [
    "MOST_BYTES",
    "Grid",
    "grid_of_lesson",
    "grid_of_scenario",
    "lesson_document",
    "packed",
    "replay_document",
]

MOST_BYTES = 4_900_000
"""A file that is larger is slow to open from a stick."""

DAYS = 20
"""Days behind each position, for their dots and their mean."""

ROOM_FOR_PAGE = 600_000
"""Bytes of the file that are not scenes."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Grid:
    """Which scenes a file holds.

    Attributes
    ----------
    base
        The scenario.
    positions
        By slider, its values; scenes are made for all that can be chosen together.
    seeds
        The days.
    """

    base: Base
    positions: Mapping[str, Sequence[Value]]
    seeds: Sequence[int]

    def changes(self) -> Iterator[dict[str, Value]]:
        """Yield every choice of positions, as changes that were judged."""
        for values in product(*self.positions.values()):
            yield judged(self.base.sliders, dict(zip(self.positions, values, strict=True)))

    def __len__(self) -> int:
        """Return the number of scenes."""
        count = len(self.seeds)
        for values in self.positions.values():
            count *= len(values)
        return count

    def to_json_dict(self, progress: Progress | None = None) -> dict[str, Any]:
        """Play all scenes and return what the page holds of them."""
        base = self.base
        scenes, days = {}, {}
        for values in self.changes():
            key = canonical(values)
            promise = promise_of(base.with_values(values, self.seeds[0]), base.day)
            for seed in self.seeds:
                scene = scene_of(base.with_values(values, seed), base.day, promise)
                scenes[f"{key}|{seed}"] = packed(scene)
                if progress is not None:
                    progress(len(scenes), len(self))
            days[key] = days_of(base, values, self.seeds[0], DAYS)
        return {
            "base": base.key,
            "sliders": self.sliders(),
            "seeds": list(self.seeds),
            "scenes": scenes,
            "days": days,
        }

    def sliders(self) -> list[dict[str, Any]]:
        """Return the sliders that can be moved, with their ``positions``."""
        return [
            {**self.base.sliders[key].to_json_dict(), "positions": list(values)}
            for key, values in self.positions.items()
        ]


def packed(scene: Mapping[str, Any]) -> str:
    """Return a scene as the base64 of the raw deflate of its JSON."""
    coder = zlib.compressobj(9, zlib.DEFLATED, -15)
    text = coder.compress(as_json(scene).encode()) + coder.flush()
    return base64.b64encode(text).decode()


def grid_of_lesson(lesson: Lesson) -> Grid:
    """Return the scenes that the file of a lesson holds."""
    return Grid(lesson.base, lesson.positions, lesson.seeds)


def grid_of_scenario(base: Base) -> Grid:
    """Return as many scenes of a scenario as one file can hold: agents, volume, three days.

    Raises
    ------
    InputError
        When not even one scene fits.
    """
    one = len(packed(scene_of(base.with_values({}, base.seed), base.day)))
    volume = (0.8, 0.9, 1, 1.1, 1.2)
    plans: tuple[tuple[dict[str, tuple[Value, ...]], int], ...] = (
        ({"agents": _around(base, 3), "volume": volume}, 3),
        ({"agents": _around(base, 2), "volume": volume[1:4]}, 3),
        ({"agents": _around(base, 2), "volume": volume[1:4]}, 1),
        ({"agents": _around(base, 1), "volume": volume[1:4]}, 1),
        ({"agents": _around(base, 1)}, 1),
        ({}, 1),
    )
    for wanted, days in plans:
        positions = {key: values for key, values in wanted.items() if key in base.sliders}
        grid = Grid(base, positions, [base.seed + number for number in range(days)])
        if len(grid) * one * 1.1 < MOST_BYTES - ROOM_FOR_PAGE:
            return grid
    raise InputError(
        "{where}: one day takes {one:.1f} MB; a file of at most {most_bytes:.1f} MB has "
        "no room for it",
        where=base.where,
        one=one / 1e6,
        most_bytes=MOST_BYTES / 1e6,
    )


def _around(base: Base, reach: int) -> tuple[Value, ...]:
    """Return numbers of agents around those of the scenario, in steps that can be seen."""
    slider = base.sliders.get("agents")
    if slider is None or slider.least is None or slider.most is None:
        return ()
    middle = int(slider.default)
    step = max(1, round(middle * 0.05))
    counts = range(middle - reach * step, middle + reach * step + 1, step)
    return tuple(count for count in counts if slider.least <= count <= slider.most)


def lesson_document(lesson: Lesson, language: str, progress: Progress | None = None) -> str:
    """Return the page with one lesson and all it needs, as one document.

    Raises
    ------
    InputError
        When it would be larger than `MOST_BYTES`.
    """
    grid = grid_of_lesson(lesson)
    sliders = grid.sliders()
    data = page_data(
        "file",
        language,
        lessons=[{**lesson.to_json_dict(), "sliders": sliders}],
        sliders=sliders,
        start={**lesson.start, "base": lesson.base.key},
        scene=None,
        grid=grid.to_json_dict(progress),
    )
    return _bounded(document(data, names_in(lesson.base.scenario)))


def replay_document(base: Base, language: str, progress: Progress | None = None) -> str:
    """Return the page with one day of a scenario, and a few changes of it, as one document.

    Raises
    ------
    InputError
        When it would be larger than `MOST_BYTES`.
    """
    grid = grid_of_scenario(base)
    start: dict[str, Any] = {
        "lesson": None,
        "base": base.key,
        "changesA": {},
        "changesB": None,
        "seed": base.seed,
    }
    data = page_data(
        "file",
        language,
        lessons=[],
        sliders=grid.sliders(),
        start=start,
        scene=None,
        grid=grid.to_json_dict(progress),
    )
    return _bounded(document(data, names_in(base.scenario)))


def _bounded(text: str) -> str:
    size = len(text.encode())
    if size > MOST_BYTES:
        raise InputError(
            "the file would have {size:.1f} MB; allowed are {most_bytes:.1f} MB",
            size=size / 1e6,
            most_bytes=MOST_BYTES / 1e6,
        )
    return text
