"""A calibration as plain values: every estimate, and the arrays that plots need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel

from simcenter.history.calibration.writing import distribution_table

if TYPE_CHECKING:
    from simcenter.history.calibration.results import Calibration

__all__ = ["calibration_document", "plain"]


def calibration_document(calibration: Calibration) -> dict[str, Any]:
    """Return the whole calibration; what is missing is None."""
    content: dict[str, Any] = plain(calibration)
    days = calibration.days
    content["days"] = {
        "dates": plain(days.dates),
        "kinds": list(days.keys),
        "contacts": plain(days.totals),
        "ordinary": plain(days.used),
        "unusual": plain(days.unusual),
        "absent": plain(days.absent),
    }
    return {"estimates": plain(calibration.estimates), **content}


def plain(value: Any) -> Any:
    """Return dataclasses as tables, arrays as lists, dates as text, NaN and infinity as None."""
    if isinstance(value, BaseModel):
        return distribution_table(value)
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, dt.date | Path):
        return str(value)
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
