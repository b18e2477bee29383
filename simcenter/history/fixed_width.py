"""Reports as printed: columns of a fixed width, and headings over several lines.

Where no row holds anything, there a column ends. The heading of a column is what stands above it,
line by line.
"""

from __future__ import annotations

import re

from simcenter.files.delimited import Rows

__all__ = ["fixed_rows", "looks_printed"]

SPAN_GAP = re.compile(r"(\d{1,2}:\d\d)(\s?-)(\s+)(\d{1,2}:\d\d)")
RULE = re.compile(r"[\s\-=_+|]+")
DATA = re.compile(r"\s*\d{1,2}[:.]?\d\d\s?(?:[AaPp]\.?[Mm]\.?)?\s*(?:-|\s).*\d.*")
FEWEST = 3
Extent = tuple[int, int]
MOST_HEADING_LINES = 5


def looks_printed(text: str) -> bool:
    """Say whether a text holds rows that begin with a clock and part their cells by blanks."""
    data = [line for line in text.splitlines() if _is_data(line)]
    return len(data) >= 2 and _tokens(data) >= FEWEST


def _is_data(line: str) -> bool:
    return DATA.fullmatch(line) is not None and not any(sign in line for sign in ",;\t|")


def _tokens(lines: list[str]) -> int:
    return min(len(_without_gap(line).split()) for line in lines)


def _without_gap(line: str) -> str:
    """Close the gap within a span ("8:00- 8:30"), keeping the width of the line."""
    return SPAN_GAP.sub(lambda found: found[3] + found[1] + found[2] + found[4], line)


def fixed_rows(text: str) -> Rows:
    """Split a printed report into rows: title lines as one cell each, the header, the rows."""
    lines = [line.expandtabs().rstrip() for line in text.replace("\f", "\n").splitlines()]
    data = [place for place, line in enumerate(lines) if _is_data(line)]
    columns = _columns([_without_gap(lines[place]) for place in data])
    edges = [begin for begin, _ in columns]
    top = _top_of(lines, data[0])
    header = _headings(lines[top : data[0]], columns)
    again = {line for line in lines[top : data[0]] if line.strip()}
    rows = Rows([], [])
    for place, line in enumerate(lines):
        if not line.strip() or (place != data[0] - 1 and RULE.fullmatch(line)):
            continue
        if place < top:
            cells = [line.strip()]
        elif place < data[0] or line in again:
            continue
        else:
            whole = _without_gap(line)
            cut = _cut(whole, edges)
            cells = cut if _fits(whole, edges) else [line.strip()]
        if place >= data[0] and header:
            rows.cells.append(header)
            rows.lines.append(data[0])
            header = []
        rows.cells.append(cells)
        rows.lines.append(place + 1)
    return rows


def _columns(lines: list[str]) -> list[Extent]:
    """Return where columns begin and end: a place that is blank in all rows parts them."""
    width = max(map(len, lines))
    rows = [line.ljust(width) for line in lines]
    filled = "".join(
        "x" if any(row[place] != " " for row in rows) else " " for place in range(width)
    )
    return [found.span() for found in re.finditer("x+", filled)]


def _top_of(lines: list[str], first: int) -> int:
    """Return the first line of the headings: those right above the rows, up to a blank line."""
    top = first
    while top > 0 and first - top < MOST_HEADING_LINES + 1:
        line = lines[top - 1]
        if (
            not line.strip()
            and top < first
            and any(not RULE.fullmatch(one) for one in lines[top:first] if one.strip())
        ):
            break
        if re.search(r"\S:(?:\s|$)", line):
            break  # "Switch Name: …" is a title
        top -= 1
    return top


def _headings(lines: list[str], columns: list[Extent]) -> list[str]:
    """Give each word above the rows to the column that it stands over, by its middle.

    A ruled line under the headings tells how wide they are.
    """
    ruled = [_dashes(line) for line in lines if RULE.fullmatch(line)]
    columns = next((found for found in ruled if len(found) == len(columns)), columns)
    names: list[list[str]] = [[] for _ in columns]
    for line in lines:
        if RULE.fullmatch(line):
            continue
        for word in re.finditer(r"\S+", line):
            names[_column_at(*word.span(), columns)].append(word[0])
    return [" ".join(words) or f"column {place}" for place, words in enumerate(names, 1)]


def _dashes(line: str) -> list[Extent]:
    return [found.span() for found in re.finditer(r"\S+", line)]


def _column_at(begin: int, end: int, columns: list[Extent]) -> int:
    """Return the column that covers most of a word; else the one whose middle is nearest."""
    middle = (begin + end) / 2

    def far(place: int) -> tuple[float, float]:
        low, high = columns[place]
        return -max(0, min(end, high) - max(begin, low)), abs((low + high) / 2 - middle)

    return min(range(len(columns)), key=far)


def _cut(line: str, edges: list[int]) -> list[str]:
    ends = [*edges[1:], len(line)]
    return [line[begin:end].strip() for begin, end in zip(edges, ends, strict=True)]


def _fits(line: str, edges: list[int]) -> bool:
    """Say whether no word of a line goes over the edge of a column."""
    return len(line.split()) > 2 and all(
        edge == 0 or edge >= len(line) or line[edge - 1] == " " or line[edge] == " "
        for edge in edges
    )
