"""The page of a calibration: what was found, how it agrees, and every parameter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import simcenter
from simcenter.history.calibration.estimate import Estimate
from simcenter.history.calibration.results import Agreement, Calibration, TypeFit
from simcenter.messages import Message, worded
from simcenter.model.clock import clock_text
from simcenter.report.page.blocks import (
    Answer,
    Block,
    Cell,
    Command,
    Image,
    Page,
    Points,
    Section,
    Table,
    Text,
    number_cell,
    text_cell,
)
from simcenter.report.page.parts import left_out
from simcenter.report.page.rendering import rendered
from simcenter.report.words import words_of

__all__ = ["calibration_page"]


def calibration_page(
    found: Calibration,
    *,
    images: Mapping[str, Sequence[Image]] | None = None,
    written: str | None = None,
    language: str = "en",
) -> str:
    """Return the page of a calibration as HTML.

    Parameters
    ----------
    found
        From `simcenter.history.calibrate` or ``calibrate_intervals``.
    images
        Drawings by contact type.
    written
        The scenario file that was written; None: none.
    language
        ``en`` or ``zh``.
    """
    words, drawn = words_of("calibration", language), images or {}
    sections = [
        *(Section(name, list(shown)) for name, shown in drawn.items() if shown),
        Section(words["parameters"], [_parameters(found.estimates, language)]),
        Section(words["agents"], _agents(found, language)),
        left_out(language),
    ]
    page = Page(
        language=language,
        kicker=words_of("page", language)["kicker_calibrate"],
        title=found.source,
        finding=_finding(found, language),
        under=[] if written is None else [words["wrote"].format(path=written)],
        answers=[
            Answer(words["found"], [Points(tuple(_found(found, language)))]),
            Answer(words["history"], _history(found, language)),
            Answer(words["odd"], _odd(found, language)),
            Answer(words["assumed"], _assumed(found, language)),
            *([Answer(words["check"], check)] if (check := _next(found, written, words)) else []),
        ],
        sections=sections,
        foot=words["foot"].format(
            source=found.source,
            contacts=f"{found.rows:,}",
            first=found.first,
            last=found.last,
            minutes=found.interval_minutes,
            version=simcenter.__version__,
        ),
    )
    return rendered(page)


def _finding(found: Calibration, language: str) -> str:
    words, count = words_of("calibration", language), len(found.types)
    types = words["finding_type" if count == 1 else "finding_types"].format(count=count)
    sentences = [
        words["finding"].format(
            contacts=f"{found.rows:,}",
            days=len(found.days.dates),
            first=found.first,
            last=found.last,
            types=types,
        )
    ]
    volume = {fit.name: float(fit.arrivals.counts.sum()) for fit in found.types}
    chosen = () if found.matching is None else found.matching.chosen
    total = sum(volume[one.contact_type] for one in chosen)
    if total:
        simulated, observed = (
            sum(volume[one.contact_type] * getattr(one, key) for one in chosen) / total
            for key in ("abandonment", "observed_abandonment")
        )
        agrees = words["agrees"].format(simulated=_percent(simulated), observed=_percent(observed))
        sentences.append(agrees)
    return ("" if language == "zh" else " ").join(sentences)


def _percent(share: float, places: int = 1) -> str:
    return f"{100 * share:.{places}f} %"


def _found(found: Calibration, language: str) -> list[str]:
    return [line for fit in found.types for line in _type(fit, language)]


def _type(fit: TypeFit, language: str) -> list[str]:
    words = words_of("calibration", language)
    sums = fit.arrivals.expected.sum(axis=1)
    key = fit.arrivals.keys[int(sums.argmax())]
    lines = [
        words["type_line"].format(
            type=fit.name,
            volume=f"{sums.max():,.0f}",
            key=words_of("plots", language).get(f"kind_{key}", key),
            aht=f"{fit.handle.aht.value:.0f} s",
            cv=_percent(fit.arrivals.day_cv.value, 0),
        )
    ]
    if fit.patience is not None and fit.patience.median.value == fit.patience.median.value:
        median = f"{fit.patience.median.value:.0f} s"
        lines.append(words["type_patience"].format(type=fit.name, median=median))
    return lines


def _history(found: Calibration, language: str) -> list[Block]:
    words = words_of("calibration", language)
    if found.matching is None:
        return [Text(words["not_played"])]
    return [Points(tuple(_agreement(one, words) for one in found.matching.chosen))]


def _agreement(one: Agreement, words: Mapping[str, str]) -> str:
    return words["agreement"].format(
        type=one.contact_type,
        abandonment=_percent(one.abandonment),
        observed_abandonment=_percent(one.observed_abandonment),
        asa=f"{one.asa:.1f} s",
        observed_asa=f"{one.observed_asa:.1f} s",
    )


def _odd(found: Calibration, language: str) -> list[Block]:
    words = words_of("calibration", language)
    lines = [
        words["unusual"].format(
            date=one.date,
            key=words_of("plots", language).get(f"kind_{one.key}", one.key),
            contacts=f"{one.contacts:,}",
            ratio=_percent(one.ratio, 0),
        )
        for one in found.days.unusual
    ]
    lines += [
        words["outage"].format(
            date=gap.date,
            start=clock_text(gap.start),
            end=clock_text(gap.end),
            expected=f"{gap.expected:.0f}",
        )
        for gap in found.outages
    ]
    return [Points(tuple(lines))] if lines else [Text(words["no_odd"])]


def _assumed(found: Calibration, language: str) -> list[Block]:
    if not found.assumed:
        return [Text(words_of("calibration", language)["nothing_assumed"])]
    return [Points(tuple(worded(line, language) for line in found.assumed))]


def _next(found: Calibration, written: str | None, words: Mapping[str, str]) -> list[Block]:
    blocks: list[Block] = []
    if written is not None:
        blocks += [Text(words["judge"]), Command(f"simcenter validate {written}")]
    if not any(len(fit.handle.talk.edges) for fit in found.types):
        return blocks  # totals by interval, of which no days can be played again
    days = "--calibrate-on FROM..TO --hold-out FROM..TO"
    return [*blocks, Text(words["next"]), Command(f"simcenter backtest HISTORY {days}")]


def _parameters(estimates: Sequence[Estimate], language: str) -> Table:
    words = words_of("calibration", language)
    keys = ("parameter", "value", "low", "high", "sample", "how")
    rows = tuple(
        (
            text_cell(one.name),
            *(_value(number, one.unit) for number in (one.value, one.low, one.high)),
            number_cell(f"{one.sample:,}"),
            text_cell(worded(Message(one.how), language)),
        )
        for one in estimates
    )
    head = tuple(words[key] for key in keys)
    return Table(words["parameters"], head, rows, words["parameters_note"])


def _value(value: float | None, unit: str) -> Cell:
    if value is None or value != value:
        return number_cell("–")
    if unit == "share":
        return number_cell(f"{100 * value:.1f} %")
    text = f"{value:,.1f}" if abs(value) >= 10 else f"{value:.3f}"
    return number_cell(f"{text} s" if unit == "s" else text)


def _agents(found: Calibration, language: str) -> list[Block]:
    words = words_of("calibration", language)
    keys = ("group", "types", "people", "hours", "most")
    rows = tuple(
        (
            text_cell(group.name),
            text_cell(", ".join(group.types)),
            number_cell(f"{len(group.agents):,}" if group.agents else "–"),
            number_cell(f"{group.hours:,.0f}"),
            number_cell(f"{group.mean.max() if group.mean.size else 0.0:.1f}"),
        )
        for group in found.groups
    )
    note = words["agent_note"].format(source=worded(found.agent_source, language))
    return [Table(words["agents"], tuple(words[key] for key in keys), rows, note)]
