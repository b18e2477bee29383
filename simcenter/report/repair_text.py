"""Repairs as plain text: what to change, what it costs, what it does."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from simcenter.measures import find_measure
from simcenter.report.repair_words import REPAIR_WORDS
from simcenter.report.text import number, table, width
from simcenter.validation.repair import CountChange, Effect, Repair, Repairs, ShiftChange

__all__ = ["COLUMNS", "effect_rows", "price_text", "repair_text", "wrapped", "written_text"]

COLUMNS = 80
"""Columns of a terminal."""

MOST_CHANGES = 40
"""Changes of one repair that are shown."""

MOST_EFFECTS = 8


def repair_text(found: Repairs, language: str = "en") -> str:
    """Return the repairs, or what is missing where there is none.

    Parameters
    ----------
    found
        From `simcenter.validation.repair.repair`.
    language
        ``en`` or ``zh``.
    """
    words = REPAIR_WORDS[language]
    if found.holds:
        return f"{words['title']}\n{words['nothing_to_do']}"
    if found.repairs:
        count = len(found.repairs)
        many = words["one"] if count == 1 else words["many"].format(count=count)
        lead = words["found"].format(count=many, fresh=found.fresh_replications)
        parts = [_repair(one, n, words, language) for n, one in enumerate(found.repairs, 1)]
        return "\n\n".join([wrapped(f"{words['title']}\n{lead}"), *parts])
    parts = [f"{words['title']}\n{words['none']}"]
    if found.best is not None:
        parts.append(f"{words['best']}\n{_repair(found.best, 1, words, language)}")
    hours = sum(change.agent_hours for change in found.missing)
    key = "missing" if found.missing_holds else "missing_too"
    parts.append(_listed(words[key].format(hours=hours), found.missing, words, language))
    if found.spare:
        away = -sum(change.agent_hours for change in found.spare)
        parts.append(_listed(words["spare"].format(hours=away), found.spare, words, language))
    else:
        parts.append(words["no_spare"])
    return "\n\n".join(map(wrapped, parts))


def written_text(found: Repairs, path: str, language: str = "en") -> str:
    """Say what was written to a file, and how to use it.

    Parameters
    ----------
    found
        Of which the first repair was written, where there is one.
    path
        The file.
    language
        ``en`` or ``zh``.
    """
    words = REPAIR_WORDS[language]
    if not found.repairs:
        return words["not_written"].format(path=path)
    groups = [g.name for g in found.scenario.groups if g.staffing is None]
    options = " ".join(f'--set "agent_groups.{name}.roster={path}"' for name in groups)
    return wrapped(words["written"].format(path=path, options=options))


def wrapped(text: str) -> str:
    """Return a text with its long lines broken, their ends indented as their beginnings."""
    lines = []
    for line in text.split("\n"):
        blank = line[: len(line) - len(line.lstrip())]
        broken = textwrap.wrap(line, COLUMNS, subsequent_indent=blank) or [""]
        lines += [line] if width(line) <= COLUMNS else broken
    return "\n".join(lines)


def _listed(
    lead: str,
    changes: Sequence[ShiftChange | CountChange],
    words: Mapping[str, str],
    language: str,
) -> str:
    """Return a lead and one line per change."""
    told = [
        change.english if language == "en" else change.chinese for change in changes[:MOST_CHANGES]
    ]
    lines = [lead + words["colon"]] if changes else [lead]
    lines += [f"   {line}" for line in told]
    if len(changes) > MOST_CHANGES:
        lines.append("   " + words["more_changes"].format(count=len(changes) - MOST_CHANGES))
    return "\n".join(lines)


def _repair(one: Repair, place: int, words: Mapping[str, str], language: str) -> str:
    lead = f"{place}. {price_text(one, language)}"
    listed = _listed(lead, one.changes, words, language)
    head = ["", words["before"], words["after"], words["difference"]]
    return f"{listed}\n\n{table(head, effect_rows(one, language))}"


def effect_rows(one: Repair, language: str = "en") -> list[list[str]]:
    """Return what a repair does to the targets that lacked most: before, after, difference."""
    words = REPAIR_WORDS[language]
    return [_effect(effect, words, language) for effect in one.effects[:MOST_EFFECTS]]


def price_text(one: Repair, language: str = "en") -> str:
    """Return what a repair costs: paid hours, people touched, minutes moved."""
    words = REPAIR_WORDS[language]
    free = abs(one.agent_hours) < 1e-9 and abs(one.cost) < 1e-9
    hours = words["hours"].format(hours=one.agent_hours, cost=one.cost)
    touched = _touched(one, words)
    return words["cheapest"].format(hours=words["no_hours"] if free else hours, touched=touched)


def _touched(one: Repair, words: Mapping[str, str]) -> str:
    """Say how many people and counts change, and by how much."""
    parts = []
    counts = sum(isinstance(change, CountChange) for change in one.changes)
    people = one.people - counts
    if people:
        told = words["person"] if people == 1 else words["people"].format(people=people)
        parts += [told, words["minutes"].format(minutes=f"{one.minutes:,.0f}")]
    if counts:
        parts.append(words["count"] if counts == 1 else words["counts"].format(counts=counts))
    return words["comma"].join(parts)


def _effect(effect: Effect, words: Mapping[str, str], language: str) -> list[str]:
    """Return the row of one effect."""
    if effect.measure in words:
        name = words[effect.measure]
    else:
        found = find_measure(effect.measure)
        name = found.english if language == "en" else found.chinese
    where = f"{effect.contact_type}, {effect.start}" if effect.start else effect.contact_type
    values = [effect.before, effect.after, effect.difference]
    # the share of days is shown as a share of contacts is
    key = "service_level" if effect.measure == "probability_met" else effect.measure
    cells = [number(None if v is None else v.to_json_dict(), key) for v in values]
    if effect.difference is not None:
        sign = "+" if effect.difference.mean > 0 else ""
        cells[2] = sign + cells[2].replace(" %", f" {words['points']}")
    return [f"{where}: {name}", *cells]
