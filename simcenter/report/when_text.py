"""The question when, answered as plain text."""

from __future__ import annotations

from collections.abc import Mapping

from simcenter.measures import Difference
from simcenter.measures.definitions import CAUSES
from simcenter.model.clock import clock_text
from simcenter.model.days import day_name
from simcenter.model.scenario import Clock
from simcenter.report.layout import COLUMNS, table, width
from simcenter.report.repair_text import laid_out
from simcenter.report.text import number
from simcenter.report.words import words_of
from simcenter.validation.when import WHEN_MEASURES, Slot, When

__all__ = ["when_text"]

MOST_NAMED = 3
"""Slots of which it is said who would go."""


def when_text(found: When, language: str = "en") -> str:
    """Return the slots as a table, the least harm first, and who would go.

    Parameters
    ----------
    found
        From `simcenter.validation.when.when`.
    language
        ``en`` or ``zh``.
    """
    words = words_of("repair", language)
    clock = found.scenario.clock
    activity = found.activity if language == "en" else CAUSES.get(found.activity, found.activity)
    title = words["when_title"].format(
        name=found.scenario.name,
        count=found.count,
        minutes=found.minutes,
        activity=activity,
        replications=found.replications,
        seed=found.scenario.run.seed,
    )
    values = words["comma"].join(
        f"{words[key]} {number(None if value is None else value.to_json_dict(), key)}"
        for key, value in found.base.items()
    )
    note = words["when_note"].format(confidence=100 * found.scenario.run.confidence)
    rows = [
        [
            _name(slot.day, slot.start, slot.end, clock, words, language),
            *(_cell(slot.differences[key], key, words) for key in WHEN_MEASURES),
        ]
        for slot in found.slots
    ]
    head = [words["slot"], *(words[key] for key in WHEN_MEASURES)]
    parts = [
        f"{title}\n{'=' * min(width(title), COLUMNS)}",
        words["when_base"].format(values=values),
    ]
    parts += [note, table(head, rows)]
    alike = [
        _name(s.day, s.start, s.end, clock, words, language)
        for s in found.slots[1:]
        if not s.told_apart
    ]
    if alike:
        best = found.slots[0]
        parts.append(
            words["when_alike"].format(
                best=_name(best.day, best.start, best.end, clock, words, language),
                slots=words["comma"].join(alike),
                replications=found.replications,
            )
        )
    named = [_who(slot, clock, words, language) for slot in found.slots[:MOST_NAMED] if slot.agents]
    if named:
        parts.append("\n".join(named))
    if found.full:
        length = 60.0 * found.minutes
        full = words["comma"].join(
            words["free"].format(
                slot=_name(day, at, at + length, clock, words, language), free=free
            )
            for day, at, free in found.full
        )
        parts.append(words["when_full"].format(slots=full))
    return "\n\n".join(laid_out(part, language) for part in parts)


def _name(
    day: int, start: float, end: float, clock: Clock, words: Mapping[str, str], language: str
) -> str:
    span = f"{clock_text(start)}-{clock_text(end)}"
    if clock.days == 1:
        return span
    return day_name(clock.first_day, day, language) + words["comma"] + span


def _who(slot: Slot, clock: Clock, words: Mapping[str, str], language: str) -> str:
    name = day_name(clock.first_day, slot.day, language)
    day = words["on_day"].format(day=name) if clock.days > 1 else ""
    agents = words["comma"].join(slot.agents)
    return words["when_who"].format(start=clock_text(slot.start), day=day, agents=agents)


def _cell(found: Difference | None, key: str, words: Mapping[str, str]) -> str:
    if found is None:
        return number(None, key)
    value = found.difference
    text = ("+" if value.mean > 0 else "") + number(value.to_json_dict(), key)
    return text.replace(" %", f" {words['points']}")
