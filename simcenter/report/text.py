"""Results as plain text for a terminal: aligned columns, numbers with their half-widths."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from simcenter.measures import find_measure
from simcenter.report.words import HEADINGS, WORDS

__all__ = ["against_text", "groups_text", "number", "results_text", "table", "width", "wrapped"]

Json = Mapping[str, Any]

COLUMNS = 80
"""Of a terminal."""

WHOLE = (
    "arrived", "blocked", "self_served", "ivr_abandoned", "offered", "answered", "abandoned",
    "dropped", "answer_rate", "abandonment_rate", "service_level", "asa", "mean_wait", "wait_p50", "wait_p90",
    "mean_wait_abandoned", "aht", "queue_length_mean", "offered_load", "on_floor", "occupancy",
)  # fmt: skip
UNLESS_ZERO = {"blocked", "self_served", "ivr_abandoned", "dropped", "on_floor", "occupancy"}
BY_TIME = (
    "offered", "answer_rate", "abandonment_rate", "asa", "service_level", "aht", "rostered",
    "on_floor", "occupancy",
)  # fmt: skip
BY_GROUP = ("answered", "aht", "rostered", "on_floor", "occupancy", "adherence", "shrinkage")
AGAINST = ("offered", "answered", "abandoned", "answer_rate", "abandonment_rate", "asa",
           "service_level", "aht", "queue_length_mean")  # fmt: skip
AGAINST_BY_TIME = ("offered", "answer_rate", "abandonment_rate", "asa")
BY_KEY = (
    "offered",
    "answered",
    "abandoned",
    "answer_rate",
    "abandonment_rate",
    "asa",
    "service_level",
    "aht",
)


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes (Chinese signs take two)."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def wrapped(text: str, language: str = "en", indent: str = "", columns: int = COLUMNS) -> str:
    """Return text in lines of at most so many columns, all but the first indented.

    Chinese has no blanks to break at, and may be broken between any two signs.
    """
    if width(text) <= columns:
        return text
    if language != "zh":
        return textwrap.fill(text, columns, subsequent_indent=indent)
    lines, line = [], ""
    for sign in text:
        if width(line + sign) > columns:
            lines.append(line)
            line = ""
        line += sign
    return "\n".join([*lines, line])


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return aligned columns: the first to the left, the others to the right."""
    columns = list(zip(head, *rows, strict=True))
    widths = [max(width(cell) for cell in column) for column in columns]
    lines = []
    for row in [head, *rows]:
        cells = [
            cell + " " * (w - width(cell)) if place == 0 else " " * (w - width(cell)) + cell
            for place, (cell, w) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "-" * max(width(line) for line in lines))
    return "\n".join(lines)


def number(value: Json | None, key: str, *, interval: bool = True) -> str:
    """Return a value in its unit, with its half-width where there is one.

    Examples
    --------
    >>> number({"mean": 0.8975, "half_width": 0.0112}, "answer_rate")
    '89.8 % ± 1.1'
    """
    if value is None:
        return WORDS["nothing"]
    unit = find_measure(key).unit
    scale, places, sign = {
        "fraction": (100.0, 1, " %"),
        "seconds": (1.0, 1, " s"),
        "money": (1.0, 2, ""),
    }.get(unit, (1.0, 1, ""))
    mean, half = value["mean"], value.get("half_width")
    if unit == "count" and half is None and float(mean).is_integer():
        places = 0
    text = f"{mean * scale:,.{places}f}{sign}"
    if half is not None and interval:
        text += f" ± {half * scale:,.{places}f}"
    return text


def heading(key: str) -> str:
    """Return the short name of a measure."""
    return HEADINGS.get(key, find_measure(key).english)


def results_text(results: Json) -> str:
    """Return the whole report of a run: totals, times of day or days, groups, assumptions."""
    parts = [_title(results), _stopped(results), *warnings(results)]
    parts += [definitions_text(results), _whole(results)]
    many_days = len({row["day"] for row in results["days"]}) > 1
    parts.append(_by_time(results, "days" if many_days else "intervals"))
    if results["agent_groups"]:
        parts.append(_by_group(results))
    parts.append(assumed_text(results))
    return "\n\n".join(part for part in parts if part)


def _title(results: Json) -> str:
    words = WORDS["title" if results["replications"] > 1 else "title_one"]
    text = words.format(
        name=results["scenario"],
        replications=results["replications"],
        seed=results["seed"],
        engine=results["engine"],
        hash=results["scenario_hash"][:12],
    )
    return f"{text}\n{'=' * width(text)}"


def warnings(results: Json) -> list[str]:
    """Return what a reader must know first: types whose callers never abandon."""
    before, after = "contact_types.", ".patience: not given"
    types = [line[len(before) : line.index(after)] for line in results["assumed"] if after in line]
    return [WORDS["never_abandon"].format(types=", ".join(types))] if types else []


def _stopped(results: Json) -> str:
    """Return what ended the replications, on one line; nothing where all asked for were run."""
    stopped = results.get("stopped", {"by": "count"})
    if stopped["by"] == "count":
        return ""
    goals = stopped.get("precision", [])
    line: str = WORDS[f"stopped_{stopped['by']}"].format(goals=", ".join(g["asked"] for g in goals))
    missed = [_missed(goal) for goal in goals if not goal["reached"]]
    if missed:
        line += " " + WORDS["not_reached"].format(goals=", ".join(missed))
    return line


def _missed(goal: Json) -> str:
    half = goal["half_width"]
    now = {"mean": half, "half_width": None}
    return str(goal["asked"]) + ("" if half is None else f" (± {number(now, goal['measure'])})")


def definitions_text(results: Json) -> str:
    """Return the definitions that the numbers follow."""
    given = results["definitions"]
    within = results["answer_within_seconds"]
    same = len(set(within.values())) == 1
    seconds = {t: WORDS["not_told"] if s is None else f"{s:g} s" for t, s in within.items()}
    told = list(seconds.values())[:1] if same else [f"{s} ({t})" for t, s in seconds.items()]
    text = WORDS["definitions"].format(
        within=", ".join(told),
        service_level=given["service_level"].replace("_", " "),
        abandonment_rate=given["abandonment_rate"].replace("_", " "),
        answer_rate=given["answer_rate"].replace("_", " "),
        short=f"{given['short_abandon_seconds']:g}",
        booking=given["booking"],
    )
    if results["replications"] > 1:
        text += "\n" + WORDS["interval_note"].format(confidence=f"{100 * results['confidence']:g}")
    return text


def _whole(results: Json) -> str:
    types = results["contact_types"]
    columns = [(WORDS["total"], results["total"])]
    if len(types) > 1:
        columns += list(types.items())
    rows = []
    for key in WHOLE:
        cells = [number(values.get(key), key) for _, values in columns]
        zero = all((v.get(key) or {"mean": 0})["mean"] == 0 for _, v in columns)
        if not (zero and key in UNLESS_ZERO):
            rows.append([find_measure(key).english, *cells])
    return WORDS["whole"] + "\n" + table([WORDS["measure"], *(name for name, _ in columns)], rows)


def _by_time(results: Json, kind: str) -> str:
    rows = [
        row for row in results[kind] if row["contact_type"] is None and row["agent_group"] is None
    ]
    shown = [row for row in rows if any(row.get(key) is not None for key in BY_TIME)]
    keys = [key for key in BY_TIME if any(row.get(key) is not None for row in shown)]
    name = "start" if kind == "intervals" else "day"
    body = [
        [
            str(row[name]),
            *(number(row.get(key), key, interval=key in {"asa", "service_level"}) for key in keys),
        ]
        for row in shown
    ]
    title = WORDS["by_interval" if kind == "intervals" else "by_day"]
    return f"{title}\n{table([WORDS[name], *map(heading, keys)], body)}" if body else ""


def _by_group(results: Json) -> str:
    groups = results["agent_groups"]
    keys = [key for key in BY_GROUP if any(values.get(key) for values in groups.values())]
    body = [
        [name, *(number(values.get(key), key, interval=False) for key in keys)]
        for name, values in groups.items()
    ]
    return f"{WORDS['by_group']}\n{table([WORDS['agent_group'], *map(heading, keys)], body)}"


def assumed_text(results: Json) -> str:
    """Return what the scenario does not say and was assumed."""
    if not results["assumed"]:
        return ""
    return "\n".join([WORDS["assumed"], *(f"  {line}" for line in results["assumed"])])


def groups_text(by: str, groups: Sequence[Json]) -> str:
    """Return the measures of an observed table by month, weekday, interval, type or agent."""
    keys = [key for key in BY_KEY if any(group.get(key) is not None for group in groups)]
    body = [[str(group["key"]), *(number(group.get(key), key) for key in keys)] for group in groups]
    return f"{WORDS['by'].format(by=WORDS[by])}\n{table([WORDS[by], *map(heading, keys)], body)}"


def measured_text(results: Json) -> str:
    """Return the report of an observed table."""
    parts = [results["title"], definitions_text(results)]
    by_groups = results.get("groups")
    if by_groups:
        parts.append(groups_text(by_groups[0]["by"], by_groups))
    else:
        parts.append(_whole(results))
    return "\n\n".join(parts)


def against_text(results: Json, observed: Json) -> str:
    """Return observed beside simulated: totals, contact types, and times of day."""
    rows = _against_rows(WORDS["total"], results["total"], observed["total"])
    if len(results["contact_types"]) > 1:
        for name, values in results["contact_types"].items():
            rows += _against_rows(name, values, observed["contact_types"].get(name, {}))
    head = ["", WORDS["measure"], WORDS["observed"], WORDS["simulated"], WORDS["difference"]]
    parts = [WORDS["against"], table(head, rows)]
    kind = "days" if len({row["day"] for row in results["days"]}) > 1 else "intervals"
    by_time = _against_by_time(results, observed, kind)
    if by_time:
        parts.append(by_time)
    return "\n\n".join(parts)


def _against_rows(name: str, simulated: Json, observed: Json) -> list[list[str]]:
    rows: list[list[str]] = []
    for key in AGAINST:
        ours, theirs = simulated.get(key), observed.get(key)
        if ours is None and theirs is None:
            continue
        rows.append(
            [
                name if not rows else "",
                find_measure(key).english,
                number(theirs, key, interval=False),
                number(ours, key),
                _difference(ours, theirs, key),
            ]
        )
    return rows


def _difference(ours: Json | None, theirs: Json | None, key: str) -> str:
    if ours is None or theirs is None:
        return WORDS["nothing"]
    gap = {"mean": ours["mean"] - theirs["mean"], "half_width": None}
    text = ("+" if gap["mean"] > 0 else "") + number(gap, key)
    return text.replace(" %", " pt")


def _against_by_time(results: Json, observed: Json, kind: str) -> str:
    def totals(rows: Sequence[Json]) -> dict[tuple[Any, ...], Json]:
        return {
            (row["day"], row.get("start")): row
            for row in rows
            if row["contact_type"] is None and row["agent_group"] is None
        }

    ours, theirs = totals(results[kind]), totals(observed[kind])
    name = "start" if kind == "intervals" else "day"
    head = [WORDS[name]]
    for key in AGAINST_BY_TIME:
        head += [heading(key), WORDS["simulated"]]
    body = []
    for place, row in ours.items():
        seen = theirs.get(place, {})
        cells = [str(row[name])]
        for key in AGAINST_BY_TIME:
            cells += [
                number(seen.get(key), key, interval=False),
                number(row.get(key), key, interval=False),
            ]
        body.append(cells)
    title = WORDS["by_interval" if kind == "intervals" else "by_day"]
    return (
        f"{title} ({WORDS['observed']}, {WORDS['simulated']})\n{table(head, body)}" if body else ""
    )
