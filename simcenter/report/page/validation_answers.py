"""The half page of a validation: what a manager reads before anything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simcenter.messages import worded
from simcenter.report.page.blocks import Answer, Block, Command, Points, Strip, Text, Tick
from simcenter.report.page.parts import flat, name_of
from simcenter.report.repair_text import days_lines, price_text
from simcenter.report.text import number, reported_day
from simcenter.report.validation_text import TARGETS, ValidationWords
from simcenter.report.why_text import why_cause
from simcenter.report.words import words_of
from simcenter.validation.repair import CountChange, Repairs, ShiftChange
from simcenter.validation.why_result import Why

__all__ = [
    "MOST",
    "Judged",
    "answers",
    "asked_lines",
    "change_lines",
    "day_strips",
    "finding",
    "flat_overload",
    "window_line",
]

Json = Mapping[str, Any]
Change = ShiftChange | CountChange

MOST = 3
"""Windows, and stretches of time to give away, that are named."""

MOST_CHANGES = 12
MOST_ASSUMED = 4
MOST_STRIPS = 10


@dataclass(frozen=True, eq=False)
class Judged:
    """What a page about a roster is made of.

    Attributes
    ----------
    content
        From `simcenter.report.validation.validation_document`.
    whys
        Why the worst windows miss.
    repairs
        What can be done; None: it was not looked for.
    command
        The scenario as it was named at the prompt, for commands to be typed.
    language
        ``en`` or ``zh``.
    """

    content: Json
    whys: Sequence[Why]
    repairs: Repairs | None
    command: str
    language: str
    words: ValidationWords = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", ValidationWords(self.content, self.language))

    def say(self, key: str, **values: object) -> str:
        """Return a sentence of the page."""
        return words_of("page", self.language)[key].format(**values)


def finding(judged: Judged) -> str:
    """Return the verdict in frequencies."""
    return judged.words.frequency() or judged.say("no_share")


def asked_lines(judged: Judged) -> list[str]:
    """Return what the targets ask for, by type, and how often each type meets its own."""
    lines = [_asked(judged, name, target) for name, target in judged.words.judged().items()]
    never = judged.content["never_abandon"]
    if never:
        lines.append(judged.say("never", types=judged.say("comma").join(never)))
    reported = reported_day(judged.content, judged.language).strip()
    lines = [*([reported] if reported else []), *lines]
    ends = [flat(text, judged.language) for text in (judged.words.stopped(), judged.words.cut())]
    return [*lines, *judged.words.by_type().splitlines(), *(text for text in ends if text)]


def _asked(judged: Judged, name: str, target: Json) -> str:
    parts = []
    for key in TARGETS:
        if key in target:
            value = target[key]
            shown = f"{value:g}" if key.endswith("_seconds") else f"{100 * value:g} %"
            within = judged.content["answer_within_seconds"][name]
            parts.append(judged.say(f"target_{key}", value=shown, within=f"{within:g}"))
    period = judged.say(
        f"period_{target['period']}", minutes=f"{judged.content['interval_minutes']:g}"
    )
    return judged.say("asked", type=name, targets=judged.say("comma").join(parts), period=period)


def day_strips(judged: Judged) -> list[Strip]:
    """Return the days of the judged types, one mark per interval; of many days the worst."""
    found: list[Strip] = []
    for name in judged.words.judged():
        rows = judged.words.rows("intervals", name)
        for day in dict.fromkeys(row["day"] for row in rows):
            own = [row for row in rows if row["day"] == day]
            if not any(row["verdict"] for row in own):
                continue
            label = name
            if judged.words.many_days:
                label += judged.say("comma") + judged.words.day(day, short=True)
            found.append(Strip(label, tuple(_tick(judged, row) for row in own)))
    if not judged.words.many_days:
        return found
    return sorted(found, key=_missed, reverse=True)[:MOST_STRIPS]


def _missed(strip: Strip) -> float:
    """Return the share of the intervals judged that miss."""
    judged = [tick for tick in strip.ticks if tick.tone]
    return sum(tick.tone == "misses" for tick in judged) / max(len(judged), 1)


def _tick(judged: Judged, row: Json) -> Tick:
    verdict = row["verdict"] or ""
    told = judged.say(verdict or "not judged")
    return Tick(row["start"], verdict, judged.say("tick", start=row["start"], verdict=told))


def answers(judged: Judged) -> list[Answer]:
    """Return the half page, in the order in which a manager asks."""
    return [
        Answer(judged.say("where"), _where(judged)),
        Answer(judged.say("why"), _why(judged)),
        Answer(judged.say("what"), _what(judged)),
        Answer(judged.say("spare"), _spare(judged)),
        Answer(judged.say("sure"), _assumed(judged)),
        Answer(judged.say("history"), _history(judged)),
    ]


def _where(judged: Judged) -> list[Block]:
    windows = judged.content["windows_by_pool"]
    if not windows:
        return [Text(judged.words.say("no_windows"))]
    lines = [window_line(judged, one) for one in windows[:MOST]]
    return [Points(_with_rest(judged, lines, len(windows)))]


def window_line(judged: Judged, one: Json) -> str:
    """Return a window on one line: the people it is short of, and the callers of all its types."""
    words = judged.words
    own = [judged.content["windows"][n] for n in one["windows"]]
    late = [window["late"] for window in own if window["late"] is not None]
    both = {"lost": sum(window["lost"] for window in own), "late": sum(late) if late else None}
    short = words.short(one)
    parts = [*([short] if short else []), *words.losses(both)]
    types = words.words.listed(one["pool"])
    told = {"type": types, "parts": words.words.listed(parts)}
    return words.say("window", when=words.when(one), **told).strip()


def _with_rest(judged: Judged, lines: Sequence[str], count: int) -> tuple[str, ...]:
    rest = count - len(lines)
    return (*lines, judged.say("and_more", count=rest)) if rest > 0 else tuple(lines)


def _why(judged: Judged) -> list[Block]:
    if not judged.whys:
        if judged.content["windows"] and judged.content["method"] != "linear":
            return [Text(judged.say("cause_not_looked"))]
        if judged.content["verdict"] == "holds" or judged.content["method"] != "linear":
            return [Text(judged.say("no_cause"))]
        return [Text(judged.say("no_promise", method=judged.content["method"]))]
    why = judged.whys[0]
    period = why.period
    when = "" if period.start is None else f"{period.start}-{period.end} "
    if period.day is not None and judged.words.dated:
        when = judged.words.day(period.day) + judged.say("comma") + when
    reason = why_cause(why, judged.language)
    return [Text(judged.say("cause", when=when, type=period.contact_type, reason=reason))]


def _what(judged: Judged) -> list[Block]:
    found = judged.repairs
    if found is None:
        if judged.content["verdict"] == "holds":
            return [Text(judged.say("nothing_to_do"))]
        return [Text(judged.say("not_looked")), _look(judged)]
    if found.holds and judged.content["verdict"] == "holds":
        return [Text(judged.say("nothing_to_do"))]
    if found.holds and not found.cut:
        sentence = words_of("repair", judged.language)["nothing_to_do"]
        return [Text(sentence.format(fresh=found.fresh_replications))]
    if found.repairs:
        one = found.repairs[0]
        price = _sentence(price_text(one, judged.language))
        return [
            Text(judged.say("do", price=price, fresh=found.fresh_replications)),
            _changes(judged, one.changes),
            Text(judged.say("write_roster")),
            Command(f"simcenter validate {judged.command} --write repaired.csv"),
        ]
    if found.cut:
        lines = [judged.say("repair_cut"), *days_lines(found, judged.language)]
        if found.best is None:
            return [Points(tuple(lines))]
        price_of_best = _sentence(price_text(found.best, judged.language)) + judged.say("stop")
        return [Points((*lines, price_of_best)), _changes(judged, found.best.changes)]
    hours = f"{sum(change.agent_hours for change in found.missing):.1f}"
    suffices = judged.say("suffices" if found.missing_holds else "suffices_not")
    told = {"hours": hours, "suffices": suffices}
    if found.best is None:
        return [Text(judged.say("no_repair", **told)), _changes(judged, found.missing)]
    price = price_text(found.best, judged.language)
    return [Text(judged.say("not_enough", price=price, **told)), _changes(judged, found.missing)]


def _look(judged: Judged) -> Command:
    return Command(f"simcenter validate {judged.command} --repair --report page.html")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _changes(judged: Judged, changes: Sequence[Change]) -> Points:
    lines = change_lines(changes, judged.language)
    shown = lines[:MOST_CHANGES]
    return Points(_with_rest(judged, shown, len(lines)), short=len(shown) > 4)


def change_lines(changes: Sequence[Change], language: str) -> list[str]:
    """Return changes in words, one line for all people of whom the same is asked."""
    named: dict[str, list[str]] = {}
    for change in changes:
        text = change.english if language == "en" else change.chinese
        who = change.agent if isinstance(change, ShiftChange) else change.group
        named.setdefault(text.removeprefix(who), []).append(who)
    return [words_of("page", language)["names"].join(who) + rest for rest, who in named.items()]


def _spare(judged: Judged) -> list[Block]:
    if judged.repairs is None:
        if judged.content["verdict"] == "holds":  # then no command stands above
            return [Text(judged.say("spare_not_looked")), _look(judged)]
        return [Text(judged.say("same_command"))]
    spare = judged.repairs.spare
    if not spare and not judged.repairs.looked:
        return [Text(judged.say("cut_spare"))]
    if not spare:
        return [Text(judged.say("no_spare"))]
    hours = f"{-sum(change.agent_hours for change in spare):.1f}"
    most = sorted(spare, key=lambda change: change.agent_hours)[:MOST]
    lines = change_lines(most, judged.language)
    lead = judged.say("spare_found", hours=hours)
    return [Text(lead), Points(_with_rest(judged, lines, len(spare)))]


def _assumed(judged: Judged) -> list[Block]:
    found = sorted(judged.content["assumptions"], key=lambda item: item["turns_at"] is None)
    if not found:
        return [Text(judged.say("nothing_assumed"))]
    lines = [
        worded(item["text"], judged.language) + judged.words.turning(item)
        for item in found[:MOST_ASSUMED]
    ]
    lead: list[Block] = [Text(judged.say("turns_first"))] if found[0]["turns_at"] else []
    return [*lead, Points(_with_rest(judged, lines, len(found)))]


def _history(judged: Judged) -> list[Block]:
    lines = []
    for name in judged.words.judged():
        row = judged.words.rows("whole", name)[0]
        if "observed" not in row:
            continue
        key = judged.words.main_measure(name)
        for shown in dict.fromkeys([key, "asa", "abandonment_rate"]):
            simulated = number(row["simulated"].get(shown), shown)
            observed = judged.words.plain(row["observed"].get(shown), shown)
            told = {"type": name, "measure": name_of(shown, judged.language)}
            lines.append(judged.say("met", simulated=simulated, observed=observed, **told))
    if lines:
        return [Points(tuple(lines))]
    return [
        Text(judged.say("unchecked")),
        Command(f"simcenter validate {judged.command} --against contacts.csv"),
    ]


def flat_overload(judged: Judged) -> str:
    """Return in which intervals the formula has no answer."""
    return flat(judged.words.overloaded(), judged.language)
