"""Why the floor does not give what was promised: a table, three sums, and one sentence."""

from __future__ import annotations

from simcenter.experiment.contrast import BETTER
from simcenter.measures import Value, find_measure
from simcenter.model.days import day_name
from simcenter.report.layout import table, wrapped
from simcenter.report.words import Words, words_of
from simcenter.validation.why_result import Why
from simcenter.validation.why_steps import PARTS, PROMISE

__all__ = ["NAMES", "step_rows", "why_cause", "why_sentence", "why_text"]

LIMITS = {
    "service_level": "service_level",
    "asa": "asa_seconds",
    "abandonment_rate": "abandonment_rate",
    "answer_rate": "answer_rate",
}
"""The target of each measure."""

NAMES = {"erlang-c": "Erlang C", "erlang-a": "Erlang A"}
"""Names of formulas; the others go by what they are called at the prompt."""


def why_text(why: Why, language: str = "en", *, verdict: str | None = None) -> str:
    """Return the sentence, then for each measure its steps and the three sums.

    Parameters
    ----------
    why
        From `simcenter.validation.why.explain_gap`.
    language
        ``"en"`` or ``"zh"``.
    verdict
        As in MEASURES; by default whether the result is on the right side of the target.
    """
    words = words_of("why", language)
    title = words["title"].format(
        period=_period(why, words),
        contact_type=why.period.contact_type,
        method=NAMES.get(why.method, why.method),
    )
    note = words["note"].format(
        replications=why.replications, confidence=f"{100 * why.confidence:g}"
    )
    parts = [title, wrapped(why_sentence(why, language, verdict=verdict), language)]
    parts += [_steps(why, key, language) for key in why.measures]
    return "\n\n".join([*parts, wrapped(note, language)])


def _steps(why: Why, key: str, language: str) -> str:
    words = words_of("why", language)
    head = [_name(key, language), words["along"], words["alone"]]
    return table(head, step_rows(why, key, language))


def step_rows(why: Why, key: str, language: str = "en") -> list[list[str]]:
    """Return the steps of one measure with its sums: name, change along the way, and alone.

    Parameters
    ----------
    why, language
        As in `why_text`.
    key
        One of ``why.measures``.
    """
    words = words_of("why", language)
    rows = []
    for step in why.steps:
        name = step.name.english if language == "en" else step.name.chinese
        sign = step.name.key != PROMISE
        change, alone = (_number(v, key, words, sign) for v in (step.change[key], step.alone[key]))
        rows.append([name, change, alone if sign else ""])
    rows.append([words["floor"], _number(why.simulated[key], key, words, False), ""])
    for part in PARTS:
        name = words["sum"].format(part=words[part])
        rows.append([name, _number(why.sums[part][key], key, words, True), ""])
    return rows


def why_sentence(why: Why, language: str = "en", *, verdict: str | None = None) -> str:
    """Return one sentence with the largest sums: why a period misses, or what it lives on.

    It speaks of the measure whose target is missed by most, else of the first with a
    target, else of the first. Sums whose interval holds zero are left out.

    Parameters
    ----------
    why, language, verdict
        As in `why_text`.
    """
    words, key = words_of("why", language), _worst(why)
    limit, simulated = _limit(why, key), why.simulated[key]
    misses = _short(key, simulated, limit) > 0
    told = verdict or ("misses" if misses else "holds")
    worse, better = _shown_sums(why, key, language)
    reasons = [*_too_few(why, key, words), *worse]
    because = told != "holds"
    if because and not reasons:
        reasons = [words["by_chance"]]
    link = words["and"].join(reasons)
    if not because and reasons:
        link = words["although"] + link
    return words["because" if because else "beside"].format(
        period=_period(why, words),
        contact_type=why.period.contact_type,
        verdict=words[told],
        reasons=link,
        relief=words["while"] + words["and"].join(better) if better else "",
        method=NAMES.get(why.method, why.method),
        promised=_level(why.promised[key], key, words, words["no_promise"]),
        simulated=_level(simulated, key, words, words["nothing"]),
        target=words["target"].format(target=_plain(limit, key, words)) if limit else "",
    )


def why_cause(why: Why, language: str = "en") -> str:
    """Return the one reason that weighs most: too few heads for the formula, else the worst sum.

    Parameters
    ----------
    why, language
        As in `why_text`.
    """
    words, key = words_of("why", language), _worst(why)
    few = _too_few(why, key, words)
    if not few:
        return [*_shown_sums(why, key, language)[0], words["by_chance"]][0]
    limit = _limit(why, key)
    return few[0] + words_of("page", language)["promised_only"].format(
        method=NAMES.get(why.method, why.method),
        promised=_level(why.promised[key], key, words, words["no_promise"]),
        target=words["target"].format(target=_plain(limit, key, words)) if limit else "",
    )


def _worst(why: Why) -> str:
    """Return the measure to speak of."""
    asked = [key for key in why.measures if _limit(why, key) is not None]
    if not asked:
        return why.measures[0]
    return max(asked, key=lambda key: _short(key, why.simulated[key], _limit(why, key)))


def _limit(why: Why, key: str) -> float | None:
    found: float | None = getattr(why.target, LIMITS[key])
    return found


def _short(key: str, value: Value | None, limit: float | None) -> float:
    """Return by what share of the target a value falls short of it (below zero: it does not)."""
    if value is None or limit is None:
        return 0.0
    beyond = limit - value.mean if BETTER[key] == "higher" else value.mean - limit
    return beyond / max(abs(limit), 1e-9)


def _too_few(why: Why, key: str, words: Words) -> list[str]:
    """Return the words for heads that are too few for the formula itself."""
    promised = why.promised[key]
    if promised is None:
        return [words["overloaded"]]
    return [words["few_heads"]] if _short(key, promised, _limit(why, key)) > 0 else []


def _shown_sums(why: Why, key: str, language: str) -> tuple[list[str], list[str]]:
    """Return the sums that make it worse and those that make it better, largest first."""
    words, sign = words_of("why", language), 1.0 if BETTER[key] == "higher" else -1.0
    found: tuple[list[str], list[str]] = [], []
    shown = [(why.sums[part][key], part) for part in PARTS]
    known = [(value, part) for value, part in shown if value is not None and _is_shown(value)]
    for value, part in sorted(known, key=lambda item: -abs(item[0].mean)):
        worse = sign * value.mean < 0
        form = "gain" if not worse else "cost" if sign > 0 else "add"
        found[0 if worse else 1].append(
            words[form].format(
                part=words[part],
                size=_plain(abs(value.mean), key, words, change=True),
                measure=_name(key, language),
                step=_largest(why, key, part, value.mean, language),
            )
        )
    return found


def _is_shown(value: Value) -> bool:
    if value.low is None or value.high is None:
        return value.mean != 0
    return not value.low <= 0 <= value.high


def _largest(why: Why, key: str, part: str, total: float, language: str) -> str:
    """Return the words of the step of a part that changes most in the direction of its sum."""
    steps = [(step.change[key], step.name) for step in why.steps if step.name.part == part]
    known = [(value.mean * total, name) for value, name in steps if value is not None]
    name = max(known, key=lambda item: item[0])[1]
    return name.english if language == "en" else name.chinese


def _name(key: str, language: str) -> str:
    return words_of("why", language).measure(key)


def _period(why: Why, words: Words) -> str:
    period = why.period
    if period.day is None:
        return words["the_whole"]
    day = day_name(why.first_day, period.day, words.language)
    if period.start is None:
        return day
    clock = f"{period.start}-{period.end}"
    return clock if why.days == 1 else f"{day} {clock}"


def _scale(key: str) -> float:
    return 100.0 if find_measure(key).unit == "fraction" else 1.0


def _plain(amount: float | None, key: str, words: Words, *, change: bool = False) -> str:
    """Return an amount in its unit; a change of a share in points."""
    if amount is None:
        return words["nothing"]
    size = amount * _scale(key)
    if _scale(key) == 1.0:
        return words["seconds"].format(size=size)
    return words["points" if change else "percent"].format(size=size)


def _level(value: Value | None, key: str, words: Words, missing: str) -> str:
    return missing if value is None else _plain(value.mean, key, words)


def _number(value: Value | None, key: str, words: Words, sign: bool) -> str:
    """Return a value with its half-width, for a column."""
    if value is None:
        return words["nothing"]
    scale = _scale(key)
    mean = f"{scale * value.mean:{'+' if sign else ''}.1f}"
    if not value.half_width:
        return mean
    return f"{mean} ± {scale * value.half_width:.1f}"
