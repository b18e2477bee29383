"""Judging a roster: what was promised, what the floor gives, and whether the targets hold."""

from simcenter.validation.assumptions import examined
from simcenter.validation.plan import Plan, planned
from simcenter.validation.result import Assumption, Row, Shortage, Told, Validation, Window
from simcenter.validation.short import people_short
from simcenter.validation.validate import validate

__all__ = [
    "Assumption",
    "Plan",
    "Row",
    "Shortage",
    "Told",
    "Validation",
    "Window",
    "examined",
    "people_short",
    "planned",
    "validate",
]
