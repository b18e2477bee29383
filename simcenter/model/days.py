"""Days as people call them: a weekday and a date where dates are known, else a number."""

from __future__ import annotations

import datetime as dt

__all__ = ["CHINESE", "day_name"]

ENGLISH = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CHINESE = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def day_name(
    first_day: dt.date | str | None, day: int, language: str = "en", *, short: bool = False
) -> str:
    """Return the name of a day of a scenario.

    Parameters
    ----------
    first_day
        The date of day 1, also as text; None: there are no dates.
    day
        From 1.
    language
        ``en`` or ``zh``.
    short
        Without the year, for columns.

    Examples
    --------
    >>> day_name("2026-03-02", 6), day_name("2026-03-02", 6, "zh", short=True), day_name(None, 6)
    ('Sat 2026-03-07', '03-07 周六', 'day 6')
    """
    if first_day is None:
        return f"第 {day} 天" if language == "zh" else f"day {day}"
    first = dt.date.fromisoformat(first_day) if isinstance(first_day, str) else first_day
    date = first + dt.timedelta(days=day - 1)
    shown = date.isoformat()[5 if short else 0 :]
    if language == "zh":
        return f"{shown} {CHINESE[date.weekday()]}"
    return f"{ENGLISH[date.weekday()]} {shown}"
