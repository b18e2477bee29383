"""Repairs as plain text: what to change, what it costs, what it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simcenter.model.days import day_name
from simcenter.model.scenario import Clock
from simcenter.report.layout import table, wrapped
from simcenter.report.text import number
from simcenter.report.words import words_of
from simcenter.validation.repair import CountChange, Effect, Repair, Repairs, ShiftChange

__all__ = [
    "days_lines",
    "effect_rows",
    "laid_out",
    "price_text",
    "repair_text",
    "step_lines",
    "written_text",
]

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
    words = words_of("repair", language)
    if found.holds and not found.cut:
        told = words["nothing_to_do"].format(fresh=found.fresh_replications)
        return f"{words['title']}\n{laid_out(told, language)}"
    if found.cut:
        return "\n\n".join(laid_out(part, language) for part in _cut(found, words, language))
    if found.repairs:
        count = len(found.repairs)
        many = words["one"] if count == 1 else words["many"].format(count=count)
        lead = words["found"].format(count=many, fresh=found.fresh_replications)
        parts = [_repair(one, n, words, language) for n, one in enumerate(found.repairs, 1)]
        return "\n\n".join([laid_out(f"{words['title']}\n{lead}", language), *parts])
    parts = [f"{words['title']}\n{words['none']}"]
    parts += days_lines(found, language)
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
    return "\n\n".join(laid_out(part, language) for part in parts)


def _cut(found: Repairs, words: Mapping[str, str], language: str) -> list[str]:
    """Return what is known of a search that there was no time to finish."""
    parts = [f"{words['title']}\n{words['cut']}", *days_lines(found, language)]
    one = found.repaired
    if one is not None:
        parts.append(f"{words['best_cut']}\n{_repair(one, 1, words, language)}")
    return parts


def days_lines(found: Repairs, language: str = "en") -> list[str]:
    """Return how each of several days that were looked at one by one ended; one line for all alike."""
    words = words_of("repair", language)
    first = found.scenario.clock.first_day
    lines = []
    for outcome in ("repaired", "not enough", "cut", "holds"):
        days = [
            day_name(first, day, language) for day, word in found.days.items() if word == outcome
        ]
        if days:
            lines.append(
                words[f"days_{outcome}"].format(days=words_of("run", language).listed(days))
            )
    return lines


def step_lines(one: Repair, language: str = "en") -> list[str]:
    """Return what each further change of a repair buys, person by person, who helps most first."""
    words = words_of("repair", language)
    first = one.state.base.clock
    lines = []
    for step in one.steps:
        told = [change.english if language == "en" else change.chinese for change in step.changes]
        key = "step_of_day" if first.days > 1 else "step"
        day = day_name(first.first_day, step.changes[0].day, language) if step.changes else ""
        counts = {"before": step.before, "after": step.kept, "of": step.promises, "day": day}
        lines.append(words[key].format(change=words["semicolon"].join(told), **counts))
    return lines


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
    words = words_of("repair", language)
    if found.written is None:
        return words["not_written"].format(path=path)
    groups = [g.name for g in found.scenario.groups if g.staffing is None]
    options = " ".join(f'--set "agent_groups.{name}.roster={path}"' for name in groups)
    key = "written" if found.repairs else "written_days"
    return laid_out(words[key].format(path=path, options=options), language)


def laid_out(text: str, language: str) -> str:
    """Return a text with its long lines broken, their ends indented as their beginnings."""
    return "\n".join(
        wrapped(line, language, line[: len(line) - len(line.lstrip())]) for line in text.split("\n")
    )


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
    steps = step_lines(one, language)
    if len(steps) > 1:
        shown = [lead + words["colon"], f"   [{words['steps']}]"]
        shown += [f"   {line}" for line in steps[:MOST_CHANGES]]
        if len(steps) > MOST_CHANGES:
            shown.append("   " + words["more_changes"].format(count=len(steps) - MOST_CHANGES))
        listed = laid_out("\n".join(shown), language)
    else:
        listed = _listed(lead, one.changes, words, language)
    head = ["", words["before"], words["after"], words["difference"]]
    return f"{listed}\n\n{table(head, effect_rows(one, language))}"


def effect_rows(one: Repair, language: str = "en") -> list[list[str]]:
    """Return what a repair does to the targets that lacked most: before, after, difference."""
    words = words_of("repair", language)
    clock = one.state.base.clock
    shown = sorted(one.effects, key=_lacking, reverse=True) if clock.days > 1 else one.effects
    return [_effect(effect, words, language, clock) for effect in shown[:MOST_EFFECTS]]


def _lacking(effect: Effect) -> float:
    """Return how far a measure was from its limit before, as a share of it."""
    if effect.before is None:
        return 0.0
    gap = abs(effect.before.mean - effect.limit) / max(effect.limit, 0.01)
    least = effect.measure in ("service_level", "answer_rate", "probability_met")
    return gap if (effect.before.mean < effect.limit) == least else -gap


def price_text(one: Repair, language: str = "en") -> str:
    """Return what a repair costs: paid hours, people touched, minutes moved."""
    words = words_of("repair", language)
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


def _effect(effect: Effect, words: Mapping[str, str], language: str, clock: Clock) -> list[str]:
    """Return the row of one effect."""
    if effect.measure in words:
        name = words[effect.measure]
    else:
        name = words_of("repair", language).measure(effect.measure)
    where = effect.contact_type
    if effect.day and clock.days > 1:
        where += words["comma"] + day_name(clock.first_day, effect.day, language, short=True)
    if effect.start:
        where += words["comma"] + effect.start
    values = [effect.before, effect.after, effect.difference]
    # the share of days is shown as a share of contacts is
    key = "service_level" if effect.measure == "probability_met" else effect.measure
    cells = [number(None if v is None else v.to_json_dict(), key) for v in values]
    if effect.difference is not None:
        sign = "+" if effect.difference.mean > 0 else ""
        cells[2] = sign + cells[2].replace(" %", f" {words['points']}")
    return [words["of_place"].format(place=where, name=name), *cells]
