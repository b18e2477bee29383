"""Results as plain text for a terminal: aligned columns, numbers with their half-widths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simcenter.measures import find_measure
from simcenter.model.days import day_name
from simcenter.report.layout import fitted, table, underlined
from simcenter.report.words import Words, words_of

__all__ = [
    "NOTHING",
    "against_text",
    "assumed_text",
    "definitions_text",
    "groups_text",
    "measured_text",
    "number",
    "results_text",
    "warned_text",
    "warnings",
]

Json = Mapping[str, Any]

NOTHING = "-"
"""In place of a number that is not known."""

WHOLE = (
    "arrived", "blocked", "blocking_rate", "self_served", "ivr_abandoned", "offered", "answered", "abandoned",
    "dropped", "answer_rate", "abandonment_rate", "service_level", "asa", "mean_wait", "wait_p50", "wait_p90",
    "mean_wait_abandoned", "aht", "queue_length_mean", "offered_load", "on_floor", "occupancy",
)  # fmt: skip
UNLESS_ZERO = {
    "blocked",
    "blocking_rate",
    "self_served",
    "ivr_abandoned",
    "dropped",
    "on_floor",
    "occupancy",
}
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


def number(value: Json | None, key: str, *, interval: bool = True) -> str:
    """Return a value in its unit, with its half-width where there is one.

    Where the ends lie unevenly about it, they stand in brackets.

    Examples
    --------
    >>> number({"mean": 0.8975, "half_width": 0.0112}, "answer_rate")
    '89.8 % ± 1.1'
    >>> number({"mean": 0.0, "half_width": 0.0075, "low": 0.0, "high": 0.015}, "answer_rate")
    '0.0 % [0.0, 1.5]'
    """
    if value is None:
        return NOTHING
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
        low = value.get("low", mean - half) * scale
        high = value.get("high", mean + half) * scale
        if lopsided(mean * scale, low, high, places):
            return f"{text} [{low:,.{places}f}, {high:,.{places}f}]"
        text += f" ± {half * scale:,.{places}f}"
    return text


def lopsided(mean: float, low: float, high: float, places: int) -> bool:
    """Say whether the two arms of an interval differ by a quarter or more, and it is seen."""
    below, above = mean - low, high - mean
    seen = abs(below - above) >= 1.5 * 10**-places
    return seen and 4 * abs(below - above) >= below + above


def results_text(results: Json, language: str = "en") -> str:
    """Return the whole report of a run: totals, times of day or days, groups, assumptions."""
    words = words_of("run", language)
    parts = [_title(results, words), _stopped(results, words), *warnings(results, words)]
    parts += [definitions_text(results, words), _whole(results, words)]
    many_days = len({row["day"] for row in results["days"]}) > 1
    parts.append(_by_time(results, "days" if many_days else "intervals", words))
    if results["agent_groups"]:
        parts.append(_by_group(results, words))
    parts.append(assumed_text(results, words))
    return "\n\n".join(part for part in parts if part)


def _title(results: Json, words: Words) -> str:
    text = words["title" if results["replications"] > 1 else "title_one"].format(
        name=results["scenario"],
        replications=results["replications"],
        seed=results["seed"],
        engine=results["engine"],
        hash=results["scenario_hash"][:12],
    )
    return underlined(text, words.language) + reported_day(results, words.language)


def day_of(day: int, first_day: str | None, language: str) -> str:
    """Return a day for a column: weekday and date where dates are known, else its number."""
    return str(day) if first_day is None else day_name(first_day, day, language, short=True)


def reported_day(results: Json, language: str) -> str:
    """Return the line that says which of several days is reported; empty: all are."""
    day = results.get("day")
    if day is None:
        return ""
    name = day_name(results["first_day"], day, language)
    told = {"day": name, "days": results["days_simulated"]}
    return "\n\n" + words_of("run", language)["reported_day"].format(**told)


def warnings(results: Json, words: Words) -> list[str]:
    """Return what a reader must know first: odd shifts, types whose callers never abandon."""
    odd = [warned_text(results, words)] if results.get("warnings") else []
    before, after = "contact_types.", ".patience: not given"
    types = [line[len(before) : line.index(after)] for line in results["assumed"] if after in line]
    if not types:
        return odd
    return [*odd, fitted(words["never_abandon"].format(types=words.listed(types)), words.language)]


def _stopped(results: Json, words: Words) -> str:
    """Return what ended the replications, on one line; nothing where all asked for were run."""
    stopped = results.get("stopped", {"by": "count"})
    if stopped["by"] == "count":
        return ""
    goals = stopped.get("precision", [])
    line = words[f"stopped_{stopped['by']}"].format(
        goals=words.listed(goal["asked"] for goal in goals)
    )
    missed = [_missed(goal) for goal in goals if not goal["reached"]]
    if missed:
        line += words["gap"] + words["not_reached"].format(goals=words.listed(missed))
    return fitted(line, words.language)


def _missed(goal: Json) -> str:
    half = goal["half_width"]
    now = {"mean": half, "half_width": None}
    return str(goal["asked"]) + ("" if half is None else f" (± {number(now, goal['measure'])})")


def definitions_text(results: Json, words: Words) -> str:
    """Return the definitions that the numbers follow."""
    given = results["definitions"]
    within = results["answer_within_seconds"]
    same = len(set(within.values())) == 1
    seconds = {
        name: words["not_told"] if limit is None else words["seconds"].format(seconds=f"{limit:g}")
        for name, limit in within.items()
    }
    told = list(seconds.values())[:1]
    if not same:
        told = [words["of_type"].format(seconds=s, type=name) for name, s in seconds.items()]
    text = words["definitions"].format(
        within=words.listed(told),
        service_level=words[f"variant_{given['service_level']}"],
        abandonment_rate=words[f"variant_{given['abandonment_rate']}"],
        answer_rate=words[f"variant_{given['answer_rate']}"],
        short=f"{given['short_abandon_seconds']:g}",
        booking=words[f"booking_{given['booking']}"],
    )
    if results["replications"] > 1:
        text += "\n" + words["interval_note"].format(confidence=f"{100 * results['confidence']:g}")
    return fitted(text, words.language)


def _whole(results: Json, words: Words) -> str:
    types = results["contact_types"]
    columns = [(words["total"], results["total"])]
    if len(types) > 1:
        columns += list(types.items())
    rows = []
    for key in WHOLE:
        cells = [number(values.get(key), key) for _, values in columns]
        zero = all((v.get(key) or {"mean": 0})["mean"] == 0 for _, v in columns)
        if not (zero and key in UNLESS_ZERO):
            rows.append([words.measure(key), *cells])
    return words["whole"] + "\n" + table([words["measure"], *(name for name, _ in columns)], rows)


def _by_time(results: Json, kind: str, words: Words) -> str:
    rows = [
        row for row in results[kind] if row["contact_type"] is None and row["agent_group"] is None
    ]
    shown = [row for row in rows if any(row.get(key) is not None for key in BY_TIME)]
    keys = [key for key in BY_TIME if any(row.get(key) is not None for row in shown)]
    name = "start" if kind == "intervals" else "day"
    first = results.get("first_day")
    body = [
        [
            row["start"] if name == "start" else day_of(row["day"], first, words.language),
            *(number(row.get(key), key, interval=key in {"asa", "service_level"}) for key in keys),
        ]
        for row in shown
    ]
    title = words["by_interval" if kind == "intervals" else "by_day"]
    return f"{title}\n{table([words[name], *map(words.heading, keys)], body)}" if body else ""


def _by_group(results: Json, words: Words) -> str:
    groups = results["agent_groups"]
    keys = [key for key in BY_GROUP if any(values.get(key) for values in groups.values())]
    body = [
        [name, *(number(values.get(key), key, interval=False) for key in keys)]
        for name, values in groups.items()
    ]
    return f"{words['by_group']}\n{table([words['agent_group'], *map(words.heading, keys)], body)}"


def warned_text(results: Json, words: Words) -> str:
    """Return what can be run and is hardly meant, such as a shift of 16 hours."""
    lines = (
        fitted(f"  {words.said(line)}", words.language, "    ") for line in results["warnings"]
    )
    return "\n".join([words["warned"], *lines])


def assumed_text(results: Json, words: Words) -> str:
    """Return what the scenario does not say and was assumed."""
    if not results["assumed"]:
        return ""
    lines = (fitted(f"  {words.said(line)}", words.language, "    ") for line in results["assumed"])
    return "\n".join([words["assumed"], *lines])


def groups_text(by: str, groups: Sequence[Json], words: Words) -> str:
    """Return the measures of an observed table by month, weekday, interval, type or agent."""
    keys = [key for key in BY_KEY if any(group.get(key) is not None for group in groups)]
    body = [[str(group["key"]), *(number(group.get(key), key) for key in keys)] for group in groups]
    return (
        f"{words['by'].format(by=words[by])}\n{table([words[by], *map(words.heading, keys)], body)}"
    )


def measured_text(results: Json, language: str = "en") -> str:
    """Return the report of an observed table."""
    words = words_of("run", language)
    parts = [results["title"], definitions_text(results, words)]
    by_groups = results.get("groups")
    if by_groups:
        parts.append(groups_text(by_groups[0]["by"], by_groups, words))
    else:
        parts.append(_whole(results, words))
    return "\n\n".join(parts)


def against_text(results: Json, observed: Json, language: str = "en") -> str:
    """Return observed beside simulated: totals, contact types, and times of day."""
    words = words_of("run", language)
    rows = _against_rows(words["total"], results["total"], observed["total"], words)
    if len(results["contact_types"]) > 1:
        for name, values in results["contact_types"].items():
            rows += _against_rows(name, values, observed["contact_types"].get(name, {}), words)
    head = ["", words["measure"], words["observed"], words["simulated"], words["difference"]]
    parts = [words["against"], table(head, rows)]
    kind = "days" if len({row["day"] for row in results["days"]}) > 1 else "intervals"
    by_time = _against_by_time(results, observed, kind, words)
    if by_time:
        parts.append(by_time)
    return "\n\n".join(parts)


def _against_rows(name: str, simulated: Json, observed: Json, words: Words) -> list[list[str]]:
    rows: list[list[str]] = []
    for key in AGAINST:
        ours, theirs = simulated.get(key), observed.get(key)
        if ours is None and theirs is None:
            continue
        rows.append(
            [
                name if not rows else "",
                words.measure(key),
                number(theirs, key, interval=False),
                number(ours, key),
                _difference(ours, theirs, key),
            ]
        )
    return rows


def _difference(ours: Json | None, theirs: Json | None, key: str) -> str:
    if ours is None or theirs is None:
        return NOTHING
    gap = {"mean": ours["mean"] - theirs["mean"], "half_width": None}
    text = ("+" if gap["mean"] > 0 else "") + number(gap, key)
    return text.replace(" %", " pt")


def _against_by_time(results: Json, observed: Json, kind: str, words: Words) -> str:
    def totals(rows: Sequence[Json]) -> dict[tuple[Any, ...], Json]:
        return {
            (row["day"], row.get("start")): row
            for row in rows
            if row["contact_type"] is None and row["agent_group"] is None
        }

    ours, theirs = totals(results[kind]), totals(observed[kind])
    name = "start" if kind == "intervals" else "day"
    head = [words[name]]
    for key in AGAINST_BY_TIME:
        head += [words.heading(key), words["simulated"]]
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
    title = words["by_interval" if kind == "intervals" else "by_day"]
    return (
        f"{title} ({words['observed']}, {words['simulated']})\n{table(head, body)}" if body else ""
    )
