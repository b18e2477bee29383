"""The room behind a page: its bases and lessons, and scenes, days and reasons on demand.

What was asked for before is kept: a trainer goes back and forth between a few scenes.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from simcenter.classroom.bases import Base, seed_of
from simcenter.classroom.day import play_day
from simcenter.classroom.days import days_of
from simcenter.classroom.explaining import explained
from simcenter.classroom.lessons import Lesson
from simcenter.classroom.promise import DayPromise, promise_of
from simcenter.classroom.refusal import refused
from simcenter.classroom.scene import scene_of
from simcenter.classroom.sliders import Value, canonical, judged
from simcenter.model.scenario import Scenario

__all__ = ["Room", "as_json"]

Json = dict[str, Any]

MOST_KEPT = 64
"""Answers, and promises, that are kept."""

PATIENCE = 0.2
"""Seconds after which who waits for the engine looks whether the room was closed."""

MOST_WAITING = 24
"""Requests that wait for the engine; more are refused."""


def as_json(content: Any) -> str:
    """Return JSON text without blanks; numbers that JSON lacks are a fault of ours."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class Room:
    """Answers what a page asks.

    Parameters
    ----------
    bases
        By key.
    lessons
        By key; their bases are among the bases.

    Notes
    -----
    One request at a time plays a scenario; a scene takes some hundredths of a second, so
    nobody waits long, and the engine's memory is used by one day only.
    """

    def __init__(self, bases: Mapping[str, Base], lessons: Mapping[str, Lesson]) -> None:
        self.bases = bases
        self.lessons = lessons
        self._engine = threading.Lock()
        self._waiting = 0
        self._closed = False
        self._count = threading.Lock()
        self._answers: OrderedDict[tuple[Any, ...], str] = OrderedDict()
        self._promises: OrderedDict[tuple[str, int], DayPromise] = OrderedDict()

    def base(self, key: object) -> Base:
        """Return a base by its name.

        Raises
        ------
        RefusedError
            When there is none.
        """
        if not isinstance(key, str) or key not in self.bases:
            shown = key if isinstance(key, str) and len(key) <= 40 and key.isprintable() else "?"
            raise refused("base", base=shown, known=", ".join(self.bases))
        return self.bases[key]

    def scene(self, base: object, changes: object, seed: object) -> str:
        """Return a scene as JSON text.

        Raises
        ------
        InputError
            When what was asked for is not known or not allowed.
        """
        found, values, number = self._asked(base, changes, seed)

        def made() -> str:
            scenario = found.with_values(values, number)
            return as_json(scene_of(scenario, found.day, self.promise(scenario, found.day)))

        return self._kept(("scene", found.key, canonical(values), number), made)

    def days(self, base: object, changes: object, seed: object, count: object) -> str:
        """Return many days and their means as JSON text; errors as of `scene`."""
        found, values, number = self._asked(base, changes, seed)

        def made() -> str:
            return as_json(days_of(found, values, number, count))

        return self._kept(("days", found.key, canonical(values), number, repr(count)), made)

    def promise(self, scenario: Scenario, day: int) -> DayPromise:
        """Return what was promised; the same for every seed."""
        place = scenario.hash, day
        if place not in self._promises:
            self._promises[place] = promise_of(scenario, day)
            while len(self._promises) > MOST_KEPT:
                self._promises.popitem(last=False)
        return self._promises[place]

    def explain(self, base: object, changes: object, seed: object, contact: object) -> str:
        """Return why a contact of a scene waited as it did, as JSON text; errors as of `scene`."""
        found, values, number = self._asked(base, changes, seed)

        def made() -> str:
            played = play_day(found.with_values(values, number), found.day)
            return as_json(explained(played, contact))

        place = ("explain", found.key, canonical(values), number, repr(contact))
        return self._kept(place, made)

    def close(self) -> None:
        """Let those go who still wait for the engine."""
        self._closed = True

    def warm(self) -> None:
        """Play the first day of every base, so that nobody waits for the engine to be compiled."""
        for base in self.bases.values():
            if not self._closed:
                self.scene(base.key, {}, base.seed)

    def _asked(
        self, base: object, changes: object, seed: object
    ) -> tuple[Base, dict[str, Value], int]:
        found = self.base(base)
        return found, judged(found.sliders, changes), seed_of(seed)

    def _kept(self, place: tuple[Any, ...], make: Callable[[], str]) -> str:
        """Return an answer that is known, or make it, one at a time."""
        with self._count:
            if self._waiting >= MOST_WAITING:
                raise refused("busy")
            self._waiting += 1
        try:
            while not self._engine.acquire(timeout=PATIENCE):
                if self._closed:
                    raise refused("busy")
            try:
                return self._known(place, make)
            finally:
                self._engine.release()
        finally:
            with self._count:
                self._waiting -= 1

    def _known(self, place: tuple[Any, ...], make: Callable[[], str]) -> str:
        if place not in self._answers:
            self._answers[place] = make()
            while len(self._answers) > MOST_KEPT:
                self._answers.popitem(last=False)
        self._answers.move_to_end(place)
        return self._answers[place]
