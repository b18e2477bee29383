"""What the lines above a table say about all its rows: the date, the queue, the threshold.

A report of one day or of one queue names it once, above the columns; a report of several prints
such a line before each part. Each becomes a column, filled from the last such line above a row.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

__all__ = ["fill_down", "is_sum", "title_columns", "with_titles"]

_NUMBERS = r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?"
_WORDS = r"[A-Za-z]{3,9}\.? \d{1,2}, ?\d{4}|\d{1,2}[- .]{1,2}[A-Za-z]{3,9}[- ]\d{2,4}"
_DATE = rf"(?<!\d)({_NUMBERS}|{_WORDS})(?!\d)"
PATTERNS: dict[str, tuple[str, ...]] = {
    "date": (
        rf"(?i)\b(?:date|day|datum|fecha|jour|for)\b[^\d]{{0,3}}(?:\d{{1,2}}:\d\d ?[ap]m )?(?:[a-z]{{3}} )?{_DATE}",
        rf"日期\s*[:：]?\s*{_DATE}",
        _DATE,
    ),
    "queue": (
        r"(?i)\b(?:split|skill|queue|csq|vdn|hunt group)[ /]?name\s*:\s*(\S.*?)(?:\s{2,}|$)",
        r"(?i)\b(?:split/skill|split|skill|queue|csq|vdn|hunt group|warteschlange|cola)\s*:\s*(\S.*?)(?:\s{2,}|$)",
        r"(?:技能组|队列|业务|热线)(?:名称)?\s*[:：]\s*(\S.*?)(?:\s{2,}|$)",
    ),
    "acceptable service level": (
        r"(?i)\b(?:acceptable )?service level(?: \(?sec\w*\)?)?\s*:\s*(\d{1,3})\b",
    ),
}  # fmt: skip
"""Columns that title lines can give, and what their lines look like, the surest first."""
SUM = re.compile(
    r"(?:(?:grand |sub ?-?|day |daily |overall )?totals?(?:\s*[:\-–(].*| \d.*| (?:for|of|all|overall|"
    r"day|week|month|report)\b.*)?|(?:.* )?(?:sub ?-?)?totals?|summary(?: .*)?|"
    r"sum|sums|average|averages|avg|mean|gesamt\w*|summe\w*|zwischensumme|durchschnitt|insgesamt|"
    r"totale[ns]?|total\w* (?:general|général|général\w*)|résumé|somme|suma|promedio|moyenne|"
    r"(?:.*)(?:合计|总计|小计|汇总|总和|平均值?|累计|全天))",
    re.I,
)
MOST_FILLED = 0.5
"""A line with more of its cells filled than this share is a row and no title."""


def is_sum(text: str) -> bool:
    """Say whether a label marks a row that adds up others.

    Examples
    --------
    >>> [is_sum(text) for text in ("Grand Total", "合计", "SUMMARY", "Total général", "Service", "Total loss")]
    [True, True, True, True, False, False]
    """
    return SUM.fullmatch(text.strip(" :：*=-")) is not None


def title_columns(above: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return the columns that title lines give: name → pattern; one with two values gives none."""
    lines = [line_of(row) for row in above]
    found: dict[str, str] = {}
    for name, patterns in PATTERNS.items():
        for pattern in patterns:
            values = {match for line in lines for match in re.findall(pattern, line)}
            if len(values) == 1:
                found[name] = pattern
            if values:
                break
    return found


def line_of(row: Sequence[str]) -> str:
    """Return the cells of a title line as one text; two spaces part them."""
    return "  ".join(cell.strip() for cell in row if cell.strip())


def with_titles(
    rows: Sequence[list[str]],
    above: Sequence[Sequence[str]],
    width: int,
    patterns: Mapping[str, str],
) -> list[list[str]]:
    """Return rows with a further cell for each pattern, from the last title line above.

    A row that is shorter than the table stays as it is.
    """
    current = dict.fromkeys(patterns, "")
    compiled = {name: re.compile(pattern) for name, pattern in patterns.items()}

    def look(row: Sequence[str]) -> None:
        line = line_of(row)
        for name, pattern in compiled.items():
            match = pattern.search(line)
            if match is not None:
                current[name] = match[1].strip()

    for row in above:
        look(row)
    found = []
    for row in rows:
        if sum(1 for cell in row if cell.strip()) <= MOST_FILLED * width:
            look(row)
        kept = list(row)
        while len(kept) > width and not kept[-1].strip():
            kept.pop()
        found.append([*kept, *current.values()] if len(kept) == width else kept)
    return found


def fill_down(rows: Sequence[list[str]], places: Collection[int]) -> None:
    """Write what stands once per block, such as a date in merged cells, into its empty cells."""
    last = dict.fromkeys(places, "")
    for row in rows:
        others = [cell for place, cell in enumerate(row) if place not in last and cell.strip()]
        summing = any(is_sum(cell) for cell in row if cell.strip())
        for place in places:
            if place >= len(row):
                continue
            if row[place].strip():
                if not summing:
                    last[place] = row[place]
            elif len(others) > 1 and not summing:
                row[place] = last[place]
