"""The lessons: a small scenario each, what to predict, what to show, and what to ask.

A lesson is a folder of ``lessons/``: ``scenario.toml`` (with its files), and ``lesson.toml`` with
the texts in both languages, the changes of each step, and the positions of the sliders that
the offline file holds.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from simcenter.classroom.bases import Base, base_of_file
from simcenter.classroom.sliders import Value
from simcenter.errors import InputError, unknown

__all__ = ["LESSONS", "Lesson", "Step", "lesson_named", "lessons"]

LESSONS = (
    "power-of-one",
    "adherence",
    "occupancy-cliff",
    "erlang-and-floor",
    "pooling",
    "variability",
    "patience",
    "averages-lie",
)
"""Keys of the lessons, in the order in which they are taught."""

_FOLDER = Path(__file__).parent / "lessons"

Words = Mapping[str, str]
Changes = Mapping[str, Value]


@dataclass(frozen=True)
class Step:
    """One step of a lesson: what the trainer says, and what is to be seen.

    ``b`` is None where one floor is shown alone; ``view`` is ``floor``, ``chart`` or ``days``.
    """

    say: Words
    view: str
    a: Changes
    b: Changes | None


@dataclass(frozen=True, eq=False)
class Lesson:
    """A lesson.

    Attributes
    ----------
    key
        One of `LESSONS`.
    title, question
        By language.
    predict
        What is asked before the picture: ``question``, ``choices``, ``answer`` (the place of
        the right choice) and ``because``.
    steps
        What is shown, in order.
    worksheet
        Tasks to print.
    sliders
        Keys of those that the page shows.
    seed
        Of the day that is shown first.
    seeds
        Of the days in the offline file.
    positions
        By slider, its values in the offline file.
    base
        Its scenario.
    """

    key: str
    title: Words
    predict: Mapping[str, Any]
    steps: tuple[Step, ...]
    question: Words
    worksheet: tuple[Words, ...]
    sliders: tuple[str, ...]
    seed: int
    seeds: tuple[int, ...]
    positions: Mapping[str, tuple[Value, ...]]
    base: Base

    @property
    def start(self) -> dict[str, Any]:
        """What the page shows at first: the changes of the first step."""
        first = self.steps[0]
        return {
            "lesson": self.key,
            "changesA": dict(first.a),
            "changesB": None if first.b is None else dict(first.b),
            "seed": self.seed,
        }

    def to_json_dict(self) -> dict[str, Any]:
        """Return what the page is told."""
        return {
            "key": self.key,
            "base": self.base.key,
            "title": dict(self.title),
            "predict": dict(self.predict),
            "steps": [
                {
                    "say": dict(step.say),
                    "view": step.view,
                    "changesA": dict(step.a),
                    "changesB": None if step.b is None else dict(step.b),
                }
                for step in self.steps
            ],
            "question": dict(self.question),
            "worksheet": [dict(task) for task in self.worksheet],
            "sliders": [self.base.sliders[key].to_json_dict() for key in self.sliders],
            "seed": self.seed,
        }


@cache
def lessons() -> Mapping[str, Lesson]:
    """Return all lessons by key, in the order in which they are taught."""
    return {key: _read(key) for key in LESSONS}


def lesson_named(key: str) -> Lesson:
    """Return one lesson.

    Raises
    ------
    InputError
        When there is none of that name.
    """
    if key not in LESSONS:
        raise InputError(unknown("lesson", key, LESSONS))
    return lessons()[key] if lessons.cache_info().currsize else _read(key)


@cache
def _read(key: str) -> Lesson:
    folder = _FOLDER / key
    given = tomllib.loads((folder / "lesson.toml").read_text(encoding="utf-8"))
    base = base_of_file(folder / "scenario.toml", key=f"lesson:{key}")
    return Lesson(
        key=key,
        title=given["title"],
        predict=given["predict"],
        steps=tuple(_step(step) for step in given["steps"]),
        question=given["question"],
        worksheet=tuple(given["worksheet"]),
        sliders=tuple(given["sliders"]),
        seed=given["seed"],
        seeds=tuple(given["file"]["seeds"]),
        positions={name: tuple(values) for name, values in given["file"]["positions"].items()},
        base=base,
    )


def _step(given: Mapping[str, Any]) -> Step:
    return Step(given["say"], given["view"], given.get("a", {}), given.get("b"))
