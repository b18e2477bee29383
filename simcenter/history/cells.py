"""What the cells of a column look like: numbers, clocks, dates, and in which order and unit.

A kind is given only where (nearly) every distinct text of the column fits it; of dates, every
order that fits is named, so that whoever guesses can see when two do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np

from simcenter.floor.records import Floats
from simcenter.history import clocks
from simcenter.history.plain import plain_texts
from simcenter.history.titles import is_sum

__all__ = ["NOTHING", "Look", "look_at", "reads", "span_of"]

Kind = Literal[
    "empty", "number", "percent", "epoch", "clock", "span", "date", "datetime", "yes-no", "text"
]
ENOUGH = 0.9
ORDERS = ("ymd", "dmy", "mdy")
COMPACT = ("yyyymmdd", "mmddyyyy", "ddmmyyyy")
MONTHS = (
    "%b-%y",
    "%b %Y",
    "%B %Y",
    "%b-%Y",
    "%Y-%m",
    "%Y/%m",
    "%Y年%m月",
    "%Y年%m月%d日",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d-%b-%y",
    "%d %b %y",
    "%d %B %Y",
    "%d. %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%A, %B %d, %Y",
    "%a, %b %d, %Y",
    "%A, %d %B %Y",
    "%a %m/%d/%Y",
    "%A %m/%d/%Y",
    "%a %d/%m/%Y",
    "%m/%d/%Y %a",
    "%Y年%m月%d日 %A",
)
DAYS = (
    *(("ymd", "%Y{0}%m{0}%d"), ("dmy", "%d{0}%m{0}%Y"), ("mdy", "%m{0}%d{0}%Y")),
    *(("dmy", "%d{0}%m{0}%y"), ("mdy", "%m{0}%d{0}%y")),
    ("dmy", "%d{0}%b{0}%Y"),
)
TIMES = ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f", "%I:%M:%S %p", "%I:%M %p")
NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?")
COMMA = re.compile(r"[+-]?\d+,\d{1,2}")
PERCENT = re.compile(r"[+-]?\d+([.,]\d+)?\s*[%％]")
CLOCK = re.compile(r"\d{1,3}:[0-5]\d(:[0-5]\d(\.\d+)?)?( ?[AaPp]\.?[Mm]\.?)?")
FRACTION = re.compile(r"0\.\d+")
HALF = r"(?:\s?[AaPp]\.?[Mm]\.?)?"
ONE_END = rf"(\d{{1,2}}(?:[hH]|:?\d\d(?::\d\d)?)?{HALF})"
SPAN = re.compile(rf"{ONE_END}\s*(?:-|~|–|—|至|到|to|bis|a)\s*{ONE_END}")
ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?\s?(Z|[+-]\d\d(:?\d\d)?)?")
EPOCHS = ((6.3e8, 4.1e9, "epoch-seconds"), (6.3e11, 4.1e12, "epoch-milliseconds"))
NOTHING = frozenset({"-", "--", "—", "n/a", "na", "null", "nan", "#n/a", "#div/0!"})
"""What spreadsheets and switches write where they have no number."""
SEEN = 2000
"""So many distinct texts tell a kind; dates are all looked at, for one may settle the order."""


@dataclass(frozen=True)
class Look:
    """How the cells of a column look.

    Attributes
    ----------
    kind
        What (nearly) all of them are.
    formats
        For dates and instants: every format of a mapping that reads them all; when it is
        empty, no one format does.
    filled
        Share of rows that are not empty.
    distinct
        Number of distinct texts.
    values
        The first distinct texts.
    decimal_comma
        Whether numbers have a comma as decimal sign.
    """

    kind: Kind
    formats: tuple[str, ...]
    filled: float
    distinct: int
    values: tuple[str, ...]
    decimal_comma: bool = False


def look_at(cells: Sequence[str]) -> Look:
    """Say what the cells of a column are.

    Examples
    --------
    >>> look_at(["13/2/2026", "14/2/2026", ""]).formats
    ('dmy',)
    >>> look_at(["1/2/2026", "3/2/2026"]).formats
    ('dmy', 'mdy')
    >>> look_at(["08:00-08:30", "08:30-09:00"]).kind
    'span'
    """
    stripped = dict.fromkeys(cell.strip() for cell in cells)
    given = [text for text in stripped if text and text.lower() not in NOTHING and not _sums(text)]
    texts = plain_texts(given)
    filled = sum(1 for cell in cells if cell.strip()) / max(len(cells), 1)
    kind, formats, comma = _kind(texts)
    return Look(kind, formats, filled, len(given), tuple(given[:SEEN]), comma)


def _sums(text: str) -> bool:
    """Say whether a cell labels a row of sums, which is none of the others."""
    return not text[0].isdigit() and is_sum(text)


def _kind(texts: list[str]) -> tuple[Kind, tuple[str, ...], bool]:
    if not texts:
        return "empty", (), False
    some = texts[:SEEN]
    if _share(NUMBER, some) >= ENOUGH:
        return *_number(texts), False
    if _share(COMMA, some) >= 0.5 and _share(NUMBER, some) + _share(COMMA, some) >= ENOUGH:
        return "number", (), True
    if _share(CLOCK, some) >= 0.5 and _share(CLOCK, some) + _share(FRACTION, some) >= ENOUGH:
        return "clock", (), False
    if _share(PERCENT, some) >= ENOUGH:
        return "percent", (), False
    if sum(span_of(text) is not None for text in some) >= ENOUGH * len(some):
        return "span", (), False
    if _share(ISO, some) >= ENOUGH:
        return "datetime", ("iso",), False
    return *_dated(texts), False


def _share(pattern: re.Pattern[str], texts: Sequence[str]) -> float:
    return sum(1 for text in texts if pattern.fullmatch(text)) / len(texts)


def _number(texts: list[str]) -> tuple[Kind, tuple[str, ...]]:
    values = clocks.numbers([text.replace(",", "") for text in texts[:SEEN]])
    values = values[~np.isnan(values)]
    for low, high, name in EPOCHS:
        if len(values) and (values >= low).all() and (values < high).all():
            return "epoch", (name,)
    if all(len(text) in (7, 8) and text.isdigit() for text in texts[:SEEN]):
        found = _fitting(texts, COMPACT)
        if found:
            return "date", found
    return "number", ()


def _dated(texts: list[str]) -> tuple[Kind, tuple[str, ...]]:
    has_clock = sum(":" in text for text in texts[:SEEN]) >= ENOUGH * len(texts[:SEEN])
    if not has_clock:
        found = _fitting(texts, (*ORDERS, *MONTHS))
        return ("date", found) if found or _looks_dated(texts) else ("text", ())
    signs = [sign for sign in "/-." if sign in texts[0]] or ["年"]
    days = [(order, day.format(sign)) for order, day in DAYS for sign in signs]
    if "年" in texts[0]:
        days = [("ymd", "%Y年%m月%d日")]
    formats = [f"{day} {time}" for (_, day), time in product(days, TIMES)]
    found = _fitting(texts, tuple(formats))
    return ("datetime", found) if found or _looks_dated(texts) else ("text", ())


def _looks_dated(texts: list[str]) -> bool:
    shape = re.compile(r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?([T ].*)?")
    return _share(shape, texts[:SEEN]) >= ENOUGH


def _fitting(texts: list[str], formats: tuple[str, ...]) -> tuple[str, ...]:
    """Return the formats that read (nearly) all texts; a first glance rules most out."""
    found = []
    for form in formats:
        if _read_share(texts[:20], form) >= 0.8 and _read_share(texts, form) >= ENOUGH:
            found.append(form)
    return tuple(found)


def _read_share(texts: list[str], form: str) -> float:
    return float((~np.isnan(_read(texts, form))).mean())


def reads(text: str, form: str) -> bool:
    """Say whether a format of dates or instants reads a text."""
    return not np.isnan(_read([text], form)[0])


def _read(texts: list[str], form: str) -> Floats:
    timed = form == "iso" or re.search(r"%[HI]", form) is not None
    return clocks.instants(texts, form, None) if timed else clocks.dates(texts, form)


def span_of(text: str) -> tuple[str, str] | None:
    """Return the two clocks of a span such as "08:00-08:30", None where it is none.

    Examples
    --------
    >>> span_of("08:00 ~ 08:30"), span_of("0800-0830"), span_of("11:30-12 PM")
    (('08:00', '08:30'), ('08:00', '08:30'), ('11:30 AM', '12:00 PM'))
    """
    found = SPAN.fullmatch(plain_texts([text])[0])
    if found is None:
        return None
    if not _alike(found[1], found[2]):
        return None
    first, last = _end(found[1]), _end(found[2])
    if last[-1] in "Mm" and first[-1] not in "Mm":
        same = f"{first} {last[-2:]}"
        hours = clocks.instants([same, last], "h:mm:ss", None)
        other = "AM" if last[-2] in "Pp" else "PM"
        first = same if hours[0] < hours[1] else f"{first} {other}"
    return first, last


def _alike(first: str, last: str) -> bool:
    """Say whether both ends are written alike: "2026-01" is a month and no span."""
    bare = [re.fullmatch(r"\d{3,4}", end) is not None for end in (first, last)]
    return bare[0] == bare[1]


def _end(text: str) -> str:
    """Return an end of a span as a clock: 8 is 8:00, 0830 and 830 are 8:30."""
    text = re.sub(r"[hH]$", "", text)
    found = re.fullmatch(rf"(\d{{1,2}}?):?(\d\d)?((?::\d\d)?)\s?({HALF})", text)
    if found is None:
        return text
    hour, minute, second, half = found.groups()
    if minute is None and len(text) <= 2:
        hour, minute = text, "00"
    elif ":" not in text and found[2] is not None and len(re.sub(r"\D", "", text)) <= 2:
        hour, minute = re.sub(r"\D", "", text), "00"
    half = f" {half.strip().replace('.', '')}" if half.strip() else ""
    return f"{hour}:{minute or '00'}{second}{half}"
