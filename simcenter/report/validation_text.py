"""A validation as text of at most eighty columns: verdict first, then where, then the tables."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from simcenter.measures import find_measure
from simcenter.model.days import day_name
from simcenter.report.layout import painted, table, wrapped
from simcenter.report.text import definitions_text, number, reported_day, warned_text
from simcenter.report.words import words_of

__all__ = ["ValidationWords", "validation_text"]

Json = Mapping[str, Any]

MEASURES = ("service_level", "asa", "abandonment_rate", "answer_rate", "occupancy")
"""What is told of the whole and of a single day."""

TARGETS = {
    "service_level": "service_level",
    "asa_seconds": "asa",
    "abandonment_rate": "abandonment_rate",
    "answer_rate": "answer_rate",
    "blocking_rate": "blocking_rate",
}
"""Targets in the order in which the first given heads the tables, and their measures."""

TONES = {"holds": "good", "at risk": "doubtful", "misses": "bad", "cannot tell yet": None}
"""The colours of verdicts, on a page that has colours."""

MOST_WINDOWS = 12
"""Windows in the text; the JSON and the workbook have all."""

FEW = 10
"""Expected contacts below which a tenth is told."""

NAMED = 3
"""So many intervals are named before the rest is counted."""


def validation_text(content: Json, *, more: Sequence[str] = (), language: str = "en") -> str:
    """Return the report of a validation.

    Parameters
    ----------
    content
        From `simcenter.report.validation.validation_document`.
    more
        Paragraphs about why and what to do, put behind the windows.
    language
        ``en`` or ``zh``.
    """
    return ValidationWords(content, language).whole(more)


def narrow(text: str) -> str:
    """Return a number without what a narrow column has no room for.

    Examples
    --------
    >>> narrow("96.6 % [85.8, 98.9]")
    '96.6% [86,99]'
    """
    return re.sub(
        r"(\d+\.\d+)(, |\])",
        lambda end: f"{float(end[1]):.0f}{end[2].strip()}",
        text.replace(" %", "%"),
    )


class ValidationWords:
    """A validation in one language: each method returns one part, empty where there is none.

    Parameters
    ----------
    content
        From `simcenter.report.validation.validation_document`.
    language
        ``en`` or ``zh``.
    """

    def __init__(self, content: Json, language: str) -> None:
        self.content = content
        self.language = language
        self.words = words_of("validation", language)
        self.many_days = len({row["day"] for row in content["days"]}) > 1
        self.dated = self.many_days or content.get("days_simulated", 1) > 1

    def whole(self, more: Sequence[str]) -> str:
        """Return the whole report, with more paragraphs behind the windows."""
        reported = reported_day(self.content, self.language).strip()
        parts = [
            self.first(),
            self.warned(),
            reported,
            self.by_type(),
            self.stopped(),
            self.cut(),
            self.by_day_and_type(),
        ]
        parts += [self.windows(), self.overloaded()]
        parts += more
        types = list(self.content["targets"])
        parts += [self.by_measure(name) for name in types]
        parts += [self.by_time(name, "days") for name in types if self.many_days]
        parts += [self.by_time(name, "intervals") for name in types]
        parts += [self.notes(), self.assumed()]
        return "\n\n".join(part for part in parts if part)

    def say(self, key: str, **values: object) -> str:
        """Return a sentence of the language."""
        return self.words[key].format(**values)

    def wrapped(self, text: str, indent: str = "") -> str:
        """Return text in lines of eighty columns."""
        return wrapped(text, self.language, indent)

    # --- what a planner reads first -----------------------------------------------------------

    def first(self) -> str:
        """Return the verdict, and how often all targets are met."""
        content = self.content
        verdict = content["verdict"]
        told = {
            "name": content["scenario"],
            "verdict": painted(self.words[verdict], TONES[verdict]),
        }
        frequency = self.frequency()
        never = content["never_abandon"]
        key = "first_patient" if never else "first"
        return self.wrapped(
            self.say(key, types=self.words.listed(never), frequency=frequency, **told)
        )

    def warned(self) -> str:
        """Return what can be run and is hardly meant."""
        if not self.content["warnings"]:
            return ""
        return warned_text(self.content, words_of("run", self.language))

    def frequency(self) -> str:
        """Return how often all targets are met."""
        value = self.content["probability_met"]
        if value is None:
            return ""
        return self.say("frequency", share=self.share(value, self.together_unit()))

    def together_unit(self) -> str:
        """Return what the joint share is counted in: the period that all targets name, else days."""
        periods = {target.get("period") for target in self.judged().values()}
        return self.unit(periods.pop() if len(periods) == 1 else "day")

    def judged(self) -> Json:
        """Return the targets of the types that have any."""
        targets: Json = self.content["targets"]
        return {n: t for n, t in targets.items() if any(key in t for key in TARGETS)}

    def unit(self, period: str) -> str:
        """Return what a share is counted in: intervals, days, Mondays."""
        if period == "interval":
            return self.words["intervals"]
        if period == "whole" and self.many_days:
            return self.words["wholes"]
        if self.content["first_day"] is None or self.many_days:
            return self.words["days"]
        weekday = dt.date.fromisoformat(self.content["first_day"]).weekday()
        return self.words[f"weekday_{weekday}"]

    def share(self, value: Json, days: str) -> str:
        """Return a probability as a frequency: "about 7 Mondays in 10"."""
        mean = value["mean"]
        if mean in (0.0, 1.0):
            return self.say("every" if mean else "never", days=days)
        # tenths where they say enough; hundredths near the ends and near what is asked for
        rough = 0.05 <= mean <= 0.95 and abs(mean - self.content["hold_probability"]) > 0.05
        of = 10 if rough else 100 if 0.005 <= mean <= 0.995 else 1000
        rounded = min(max(round(mean * of), 1), of - 1)
        return self.say("about_one" if rounded == 1 else "about", count=rounded, of=of, days=days)

    def by_type(self) -> str:
        """Return one line per type where several are judged."""
        judged = self.judged()
        if len(judged) < 2:
            return ""
        lines = []
        for name, target in judged.items():
            period = target["period"]
            rows = self.rows({"whole": "whole", "day": "days"}.get(period, "intervals"), name)
            told = [row for row in rows if row["verdict"] is not None]
            if told and len(told) == 1:
                share = self.share(told[0]["probability_met"], self.unit(period))
                verdict = self.words[told[0]["verdict"]]
                lines.append("  " + self.say("by_type", type=name, verdict=verdict, share=share))
        return "\n".join(lines)

    def by_day_and_type(self) -> str:
        """Return a table of many days: how each type fares on each, the worst day first."""
        if not self.many_days:
            return ""
        head, rows = self.summary()
        return f"{self.wrapped(self.say('summary'))}\n{table(head, rows)}"

    def summary(self) -> tuple[list[str], list[list[str]]]:
        """Return the head and the rows of the summary by day and type, the worst day first."""
        names = list(self.judged())
        cells: dict[int, list[str]] = {}
        worst: dict[int, tuple[int, float]] = {}
        for row in self.content["days"]:
            cells.setdefault(row["day"], [])
        for name in names:
            key = self.main_measure(name)
            for row in self.rows("days", name):
                own = [one for one in self.rows("intervals", name) if one["day"] == row["day"]]
                own = [one for one in own if one["verdict"] is not None]
                missed = sum(one["verdict"] == "misses" for one in own)
                value = number(row["simulated"][key], key, interval=False)
                told = self.say("summary_cell", value=value, missed=missed, of=len(own))
                cells[row["day"]].append(told if own else self.words["nothing"])
                before, lost = worst.get(row["day"], (0, 0.0))
                share = missed / len(own) if own else 0.0
                worst[row["day"]] = before + missed, lost + share
        order = sorted(cells, key=lambda day: (-worst.get(day, (0, 0.0))[1], day))
        heads = [
            self.say("summary_head", type=name, measure=self.words.heading(self.main_measure(name)))
            for name in names
        ]
        return [self.words["day_head"], *heads], [
            [self.day(day, short=True), *cells[day]] for day in order
        ]

    def rows(self, kind: str, name: str) -> list[Json]:
        """Return the rows of a contact type: ``whole``, ``days`` or ``intervals``."""
        return [row for row in self.content[kind] if row["contact_type"] == name]

    def stopped(self) -> str:
        """Say that a limit ended the simulation before all was clear."""
        by = self.content["stopped"]["by"]
        return self.say(f"stopped_{by}") if by.startswith("max_") else ""

    def cut(self) -> str:
        """Say what there was no time for."""
        cut = [self.words[f"cut_{name}"] for name in self.content["cut"] if name != "verdict"]
        return self.wrapped(self.say("cut", stages=self.words.listed(cut))) if cut else ""

    def windows(self) -> str:
        """Return a line for each window in which targets are missed."""
        found = self.content["windows_by_pool"]
        if not found:
            return self.say("no_windows")
        lines = [self.say("windows")]
        for one in found[:MOST_WINDOWS]:
            lines += [self.wrapped(line, "    ") for line in self.window(one)]
        if len(found) > MOST_WINDOWS:
            lines.append(self.say("more_windows", count=len(found) - MOST_WINDOWS))
        return "\n".join(lines)

    def window(self, one: Json) -> list[str]:
        """Return what one window is short of, and what each of its types loses, line by line."""
        windows = [self.content["windows"][n] for n in one["windows"]]
        short = self.short(one)
        when = self.when(one)
        if len(windows) == 1 and len(one["pool"]) == 1:
            parts = [*([short] if short else []), *self.losses(windows[0])]
            told = {"type": windows[0]["contact_type"], "parts": self.words.listed(parts)}
            return [self.say("window", when=when, **told)]
        types = self.words.listed(one["pool"])
        head = self.say("pool_short" if short else "pool", when=when, types=types, short=short)
        lines = []
        for own in windows:
            same = (own["start"], own["end"]) == (one["start"], one["end"])
            span = "" if same else self.say("own_span", start=own["start"], end=own["end"])
            told = {"type": own["contact_type"], "parts": self.words.listed(self.losses(own))}
            lines.append(self.say("own_window", span=span, **told))
        return [head, *lines]

    def when(self, one: Json) -> str:
        """Return the day and the clock of a window."""
        day = self.day(one["day"]) + self.words["comma"] if self.dated else ""
        return f"{day}{one['start']}-{one['end']}"

    def day(self, day: int, *, short: bool = False) -> str:
        """Return a day's weekday and date, or its number."""
        return day_name(self.content["first_day"], day, self.language, short=short)

    def short(self, one: Json) -> str:
        """Return how many people a window is short of; empty where it was not looked for."""
        if not one["looked"]:
            return ""
        if one["people"] is None:
            return self.say("short_never", count=one["tried"])
        if one["people"] == 0:
            return self.say("short_none")
        key = "short_one" if one["people"] == 1 else "short"
        like = self.say("like", group=one["group"]) if len(self.content["agent_groups"]) > 1 else ""
        return self.say(key, count=one["people"], like=like)

    def losses(self, one: Json) -> list[str]:
        """Return the callers of a window that are lost or late."""
        parts = []
        lost = round(one["lost"])
        if lost:
            parts.append(self.say("lost_one" if lost == 1 else "lost", count=lost))
        if one["late"] is not None:
            parts.append(self.say("late", count=round(one["late"])))
        return parts or [self.say("misses_only")]

    def overloaded(self) -> str:
        """Say in which intervals the formula has no answer."""
        rows = [row for row in self.content["intervals"] if row["promised"]["asa"] == "inf"]
        starts = list(
            dict.fromkeys(
                (self.day(row["day"], short=True) + " " if self.dated else "") + row["start"]
                for row in rows
            )
        )
        if not starts:
            return ""
        shown = self.words.listed(starts[:NAMED])
        if len(starts) > NAMED:
            shown = self.say("and_more", first=shown, count=len(starts) - NAMED)
        return self.wrapped(self.say("overloaded", starts=shown, method=self.content["method"]))

    # --- the tables ---------------------------------------------------------------------------

    def measure(self, key: str) -> str:
        """Return the name of a measure."""
        return self.words.measure(key)

    def by_measure(self, name: str) -> str:
        """Return the measures of the whole: target, promise, floor, and what came."""
        row = self.rows("whole", name)[0]
        given = self.content["targets"][name]
        target = {TARGETS[key]: limit for key, limit in given.items() if key in TARGETS}
        keys = [*MEASURES, *(key for key in target if key not in MEASURES)]
        came = row.get("observed")
        head = ["measure", "target", "promised", "floor", *(["came"] if came else [])]
        body = []
        for key in keys:
            cells = [
                self.measure(key),
                self.plain(target.get(key), key),
                self.plain(row["promised"].get(key), key),
                number(row["simulated"][key], key),
            ]
            body.append([*cells, *([self.plain(came.get(key), key)] if came else [])])
        period = self.words["the_whole" if self.many_days else "the_day"]
        title = self.say("by_measure", type=name, period=period, method=self.content["method"])
        return f"{title}\n{table([self.words[word] for word in head], body)}"

    def by_time(self, name: str, kind: str) -> str:
        """Return a line for each day or interval; of many days those intervals that do not hold."""
        rows = [row for row in self.rows(kind, name) if row["expected"] or row["verdict"]]
        key, measure = f"by_{kind[:-1]}", self.main_measure(name)
        told = {"type": name, "measure": self.measure(measure)}
        if kind == "intervals" and self.many_days:
            judged = [row for row in rows if row["verdict"] is not None]
            rows = [row for row in judged if row["verdict"] != "holds"]
            told |= {"count": str(len(judged)), "held": str(len(judged) - len(rows))}
            key = "not_holding" if rows else "all_hold"
            if not judged:
                return ""
        if not rows:
            return self.say(key, **told)
        came = "observed" in rows[0]
        head = ["day_head"] if self.many_days else []
        head += ["start"] if kind == "intervals" else []
        head += ["expected", "required", "rostered", "on_floor", "promise", "floor"]
        head += ["came"] if came else ["met"]
        head += ["verdict"]
        body = [self.line(row, measure, kind) for row in rows]
        return f"{self.say(key, **told)}\n{table([self.words[word] for word in head], body)}"

    def main_measure(self, name: str) -> str:
        """Return the measure of the first target of a contact type."""
        given = self.content["targets"][name]
        return next((m for key, m in TARGETS.items() if key in given), "service_level")

    def line(self, row: Json, key: str, kind: str) -> list[str]:
        """Return the cells of a day or an interval."""
        when = [self.day(row["day"], short=True)] if self.many_days else []
        if kind == "intervals":
            when.append(row["start"] + ("*" if row["few_contacts"] else ""))
        people = (row["required"], row["rostered"], (row["on_floor"] or {}).get("mean"))
        met = row["probability_met"]
        last = (
            narrow(self.plain(row["observed"].get(key), key, places=0))
            if "observed" in row
            else self.plain(None if met is None else met["mean"], "answer_rate", places=0)
        )
        return [
            *when,
            f"{row['expected']:,.{1 if 0 < row['expected'] < FEW else 0}f}",
            *(self.words["nothing"] if heads is None else f"{heads:,.1f}" for heads in people),
            self.plain(row["promised"].get(key), key, places=0),
            narrow(number(row["simulated"][key], key)),
            last,
            self.verdict(row["verdict"]),
        ]

    def verdict(self, verdict: str | None) -> str:
        """Return a verdict in a word."""
        if verdict is None:
            return self.words["none judged"]
        word = self.words.get(f"{verdict}, short", self.words[verdict])
        return painted(word, TONES[verdict])

    def plain(self, value: Any, key: str, places: int = 1) -> str:
        """Return a bare number in its unit; an overload has none."""
        if value is None:
            return self.words["nothing"]
        if value == "inf":
            return self.words["overload"]
        if find_measure(key).unit == "fraction":
            return f"{100 * value:,.{places}f} %"
        return f"{value:,.1f} s"

    # --- the small print ----------------------------------------------------------------------

    def few(self, rows: Sequence[Json]) -> bool:
        """Say whether an interval that is judged is marked to bring few contacts."""
        return any(row["few_contacts"] and row["verdict"] for row in rows)

    def notes(self) -> str:
        """Return what the columns mean, and what the numbers rest on."""
        content = self.content
        rows = content["intervals"]
        lines = [self.say("people", method=content["method"])]
        lines += [self.say("divided")] if any(row["divided"] for row in rows) else []
        lines += [self.say("few")] if self.few(rows) else []
        lines.append(self.say("hold", share=f"{100 * content['hold_probability']:g} %"))
        lines.append(
            self.say(
                "confidence",
                confidence=f"{100 * content['confidence']:g}",
                replications=f"{content['replications']:,}",
                seed=content["seed"],
                engine=content["engine"],
                hash=content["scenario_hash"][:12],
            )
        )
        alone = {**content, "replications": 1}  # what ± means is told above
        lines.append(definitions_text(alone, words_of("run", self.language)))
        return "\n".join(self.wrapped(line) for line in lines)

    def assumed(self) -> str:
        """Return what was assumed, and what would turn the verdict."""
        if not self.content["assumptions"]:
            return ""
        lines = [self.say("assumed")]
        for item in self.content["assumptions"]:
            text = "  " + self.words.said(item["text"])
            lines.append(self.wrapped(text + self.turning(item), "    "))
        return "\n".join(lines)

    def turning(self, item: Json) -> str:
        """Say at which value the verdict would be another, in the unit of the key."""
        value = item["tried"] if item["turns_at"] is None else item["turns_at"]
        if value is None:
            return ""
        key = str(item["key"])
        down = "_down" if key.endswith("patience.mean") else ""
        told = f"{value:.3g}"
        if key.endswith(".mean"):
            told = f"{value:.0f} s"
        elif key.endswith(("absence_rate", "shrinkage")):
            told = f"{100 * value:.1f} %"
        if item["turns_at"] is None:
            return self.say(f"stays{down}", value=told)
        return self.say(f"turns{down}", becomes=self.words[item["becomes"]], value=told)
