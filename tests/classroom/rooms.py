"""Scenes read back as the page reads them, and the bases that tests start from."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from simcenter.classroom.bases import Base, base_of_file
from simcenter.classroom.columns import values

ROOT = Path(__file__).parents[2]
LESSONS = ROOT / "simcenter" / "classroom" / "lessons"
BANK = str(ROOT / "scenarios" / "retail-bank" / "scenario.toml")
CLINIC = str(ROOT / "scenarios" / "clinic" / "scenario.toml")
WEEKS = str(ROOT / "scenarios" / "four-weeks" / "scenario.toml")
NIGHTS = str(ROOT / "scenarios" / "emergency-line" / "scenario.toml")
POWER = str(LESSONS / "power-of-one" / "scenario.toml")
ROSTERED = str(LESSONS / "adherence" / "scenario.toml")
TEAMS = str(LESSONS / "pooling" / "scenario.toml")


@cache
def base(path: str, day: int = 1) -> Base:
    """Return the base of a file, read once."""
    return base_of_file(path, day=day)


def columns(table: dict[str, Any]) -> dict[str, np.ndarray]:
    """Return the columns of a part of a scene as numbers, NaN where missing."""
    return {name: values(column) for name, column in table.items()}


def ends(base: Base) -> list[dict[str, Any]]:
    """Return changes that put each slider at each of its ends and choices, one at a time."""
    found: list[dict[str, Any]] = [{}]
    for key, slider in base.sliders.items():
        positions = [*slider.choices]
        if slider.least is not None:
            positions += [slider.least, slider.most]
        found += [{key: position} for position in positions]
    return found
