"""The page of a validation: half a page for a manager, then what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simcenter.measures import find_measure
from simcenter.messages import worded
from simcenter.report.page.blocks import (
    Block,
    Cell,
    Image,
    Page,
    Points,
    Section,
    Table,
    Text,
    number_cell,
    text_cell,
)
from simcenter.report.page.parts import assumptions, cautions, definitions, foot, left_out, name_of
from simcenter.report.page.rendering import rendered
from simcenter.report.page.validation_answers import (
    MOST,
    Judged,
    answers,
    asked_lines,
    change_lines,
    day_strips,
    finding,
    flat_overload,
    window_line,
)
from simcenter.report.repair_text import effect_rows, price_text, step_lines
from simcenter.report.text import number
from simcenter.report.validation_text import MEASURES, TARGETS
from simcenter.report.why_text import NAMES, step_rows, why_sentence
from simcenter.report.words import words_of
from simcenter.validation.repair import Repairs
from simcenter.validation.why_result import Why

__all__ = ["validation_page"]

Json = Mapping[str, Any]

MOST_ROWS = 60
"""Intervals of many days in a table; more do not make a page better."""


def validation_page(
    content: Json,
    *,
    whys: Sequence[Why] = (),
    repairs: Repairs | None = None,
    images: Mapping[str, Sequence[Image]] | None = None,
    command: str = "SCENARIO",
    language: str = "en",
) -> str:
    """Return the page of a validation as HTML.

    Parameters
    ----------
    content
        From `simcenter.report.validation.validation_document`.
    whys
        Why the worst windows miss.
    repairs
        What can be done; None: it was not looked for.
    images
        Drawings by what they show: ``promised``, ``why``, ``repair``.
    command
        The scenario as it was named at the prompt.
    language
        ``en`` or ``zh``.
    """
    method = NAMES.get(content["method"], content["method"])
    judged = Judged({**content, "method": method}, whys, repairs, command, language)
    drawn = images or {}
    sections = [
        *_summary(judged),
        *cautions(content, language),
        _promise(judged, drawn.get("promised", ())),
        *_reasons(judged, drawn.get("why", ())),
        *_repairs(judged, drawn.get("repair", ())),
        *_spare(judged),
        _intervals(judged),
        definitions(content, language, *_notes(judged)),
        *assumptions(_assumed(judged), language),
        left_out(language),
    ]
    page = Page(
        language=language,
        kicker=judged.say("kicker_validate"),
        title=content["scenario"],
        tone=content["verdict"],
        badge=judged.say(content["verdict"]),
        finding=finding(judged),
        under=asked_lines(judged),
        strips=day_strips(judged),
        answers=answers(judged),
        sections=sections,
        foot=foot(content, language),
    )
    return rendered(page)


def _summary(judged: Judged) -> list[Section]:
    """Return how each type fares on each of many days, the worst day first; and all windows."""
    if not judged.words.many_days:
        return []
    head, rows = judged.words.summary()
    body = tuple((text_cell(day), *map(text_cell, cells)) for day, *cells in rows)
    blocks: list[Block] = [Table(judged.words.say("summary"), tuple(head), body)]
    windows = judged.content["windows_by_pool"]
    if len(windows) > MOST:
        lines = [window_line(judged, one) for one in windows]
        blocks.append(Text(judged.words.say("windows")))
        blocks.append(Points(tuple(lines)))
    return [Section(judged.say("days_and_types"), blocks)]


def _promise(judged: Judged, images: Sequence[Image]) -> Section:
    overload = flat_overload(judged)
    tables = [_by_measure(judged, name) for name in judged.words.judged()]
    lead: list[Block] = [Text(overload)] if overload else []
    return Section(judged.say("promise_and_floor"), [*images, *lead, *tables])


def _by_measure(judged: Judged, name: str) -> Table:
    """Return the measures of the whole: target, promise, floor, and what came."""
    words, row = judged.words, judged.words.rows("whole", name)[0]
    target = {TARGETS[k]: v for k, v in judged.content["targets"][name].items() if k in TARGETS}
    came = row.get("observed")
    rows = []
    for key in [*MEASURES, *(key for key in target if key not in MEASURES)]:
        cells = [
            text_cell(name_of(key, judged.language)),
            number_cell(words.plain(target.get(key), key)),
            number_cell(words.plain(row["promised"].get(key), key)),
            number_cell(number(row["simulated"][key], key)),
        ]
        rows.append((*cells, *([number_cell(words.plain(came.get(key), key))] if came else [])))
    period = words.say("the_whole" if words.many_days else "the_day")
    title = words.say("by_measure", type=name, period=period, method=judged.content["method"])
    head = ("measure", "target", "promised", "floor", *(["came"] if came else []))
    return Table(title, tuple(map(words.say, head)), tuple(rows))


def _intervals(judged: Judged) -> Section:
    """Return every interval of one day; of many days each day, and what does not hold."""
    blocks: list[Block] = []
    many = judged.words.many_days
    for name in judged.words.judged():
        if many:
            blocks.append(_table(judged, name, "days", judged.words.rows("days", name)))
        rows = judged.words.rows("intervals", name)
        if not many:
            blocks.append(_table(judged, name, "intervals", rows))
            continue
        worse = [row for row in rows if row["verdict"] in ("misses", "at risk")]
        told = {
            "type": name,
            "count": len(worse),
            "of": sum(row["verdict"] is not None for row in rows),
            "shown": min(len(worse), MOST_ROWS),
            "unclear": sum(row["verdict"] == "cannot tell yet" for row in rows),
        }
        blocks.append(Text(judged.say("rows_shown", **told)))
        if worse:
            blocks.append(_table(judged, name, "intervals", worse[:MOST_ROWS]))
    return Section(judged.say("not_holding" if many else "intervals"), blocks)


def _table(judged: Judged, name: str, kind: str, rows: Sequence[Json]) -> Table:
    words = judged.words
    key = words.main_measure(name)
    shown = [row for row in rows if row["expected"] or row["verdict"]]
    came = any("observed" in row for row in shown)
    head = [*(["day_head"] if words.many_days else []), *(["start"] if kind == "intervals" else [])]
    head += ["expected", "required", "rostered", "on_floor", "promise", "floor"]
    head += ["came"] if came else ["met"]
    body = tuple(tuple(_cells(judged, row, key, kind)) for row in shown)
    title = words.say(f"by_{kind[:-1]}", type=name, measure=words.measure(key))
    return Table(title, tuple(map(words.say, [*head, "verdict"])), body)


def _cells(judged: Judged, row: Json, key: str, kind: str) -> list[Cell]:
    told = judged.words.line(row, key, kind)
    verdict = row["verdict"]
    met = row["probability_met"]
    share = met["mean"] if met is not None and "observed" not in row else None
    cells = [number_cell(text) for text in told[:-2]]
    return [*cells, number_cell(told[-2], share), text_cell(told[-1], verdict or "")]


def _reasons(judged: Judged, images: Sequence[Image]) -> list[Section]:
    if not judged.whys:
        return []
    blocks: list[Block] = []
    for why in judged.whys:
        blocks.append(Text(why_sentence(why, judged.language)))
        blocks += images if why is judged.whys[0] else []
        blocks += [_steps(why, key, judged.language) for key in why.measures]
    words = words_of("why", judged.language)
    why = judged.whys[0]
    note = words["note"].format(
        replications=why.replications, confidence=f"{100 * why.confidence:g}"
    )
    return [Section(judged.say("reasons"), [*blocks, Text(note)])]


def _steps(why: Why, key: str, language: str) -> Table:
    words = words_of("why", language)
    rows = tuple(
        (text_cell(name), number_cell(change), number_cell(alone))
        for name, change, alone in step_rows(why, key, language)
    )
    unit = (
        "%" if find_measure(key).unit == "fraction" else words_of("page", language)["unit_seconds"]
    )
    title = f"{name_of(key, language)} ({unit})"
    return Table(title, (words["step"], words["along"], words["alone"]), rows)


def _repairs(judged: Judged, images: Sequence[Image]) -> list[Section]:
    found = judged.repairs
    one = None if found is None else found.repaired
    if one is None:
        return []
    words = words_of("repair", judged.language)
    rows = tuple(
        (text_cell(name), *map(number_cell, cells))
        for name, *cells in effect_rows(one, judged.language)
    )
    price = price_text(one, judged.language)
    head = ("", words["before"], words["after"], words["difference"])
    note = (Text(words["steps"][:1].upper() + words["steps"][1:]),) if len(one.steps) > 1 else ()
    blocks: list[Block] = [
        *images,
        Table(price[:1].upper() + price[1:], head, rows),
        *note,
        Points(tuple(step_lines(one, judged.language)))
        if len(one.steps) > 1
        else Points(tuple(change_lines(one.changes, judged.language)), short=True),
    ]
    return [Section(judged.say("repairs"), blocks)]


def _spare(judged: Judged) -> list[Section]:
    """Return all time to give away, where the half page could not name it all."""
    found = () if judged.repairs is None else judged.repairs.spare
    if len(found) <= MOST:
        return []
    lines = change_lines(found, judged.language)
    return [Section(judged.say("spare"), [Points(tuple(lines), short=True)])]


def _notes(judged: Judged) -> list[str]:
    """Return what the columns mean, and when a period holds."""
    words, content = judged.words, judged.content
    rows = content["intervals"]
    lines = [words.say("people", method=content["method"])]
    lines += [words.say("divided")] if any(row["divided"] for row in rows) else []
    lines += [words.say("few")] if words.few(rows) else []
    return [*lines, words.say("hold", share=f"{100 * content['hold_probability']:g} %")]


def _assumed(judged: Judged) -> list[str]:
    return [
        worded(item["text"], judged.language) + judged.words.turning(item)
        for item in judged.content["assumptions"]
    ]
