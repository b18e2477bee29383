"""The fit report: what was found, how sure it is, and what was not believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from simcenter.history.calibration.peaks import peaks_of
from simcenter.history.calibration.redials import WINDOW
from simcenter.history.calibration.volumes_told import volume_lines
from simcenter.messages import Message, joined, worded
from simcenter.messages.lines import broken, padded
from simcenter.model.clock import clock_text

if TYPE_CHECKING:
    from simcenter.history.calibration.arrivals import Trend
    from simcenter.history.calibration.estimate import Estimate
    from simcenter.history.calibration.patience import PatienceFit
    from simcenter.history.calibration.results import Calibration, Matching, TypeFit

__all__ = ["report_text"]

WIDTH = 80
MOST_LINES = 12
MANY = 20
"""Types with fewer contacts a day, and histories with fewer days, tell no correlation."""

OFF = 0.05
"""A simulated abandonment rate that is further from the observed one is told."""

TOGETHER = 0.1
"""A smaller correlation of day factors is not told."""


def report_text(calibration: Calibration, language: str = "en") -> str:
    """Return the report, at most 80 columns wide, in ``en`` or ``zh``."""
    lines: list[str] = [
        Message(
            "Calibrated from {source}: {rows:,} contacts, {first} to {last}",
            source=calibration.source,
            rows=calibration.rows,
            first=calibration.first,
            last=calibration.last,
        ),
        "",
        *_days(calibration),
        "",
        *volume_lines(calibration, language),
    ]
    if calibration.patience is not None and len(calibration.types) > 1:
        lines += ["", Message("all types"), *_patience(calibration.patience, written=False)]
    for fit in calibration.types:
        lines += ["", *_type(fit)]
    lines += ["", *_agents(calibration)]
    if calibration.matching is not None:
        lines += ["", *_matching(calibration.matching, language)]
    if calibration.assumed:
        lines += [
            "",
            Message("assumed"),
            *(Message("- {line}", line=line) for line in calibration.assumed),
        ]
    return "\n".join(_wrapped(worded(line, language), language) for line in lines)


def _wrapped(line: str, language: str) -> str:
    return broken(line, language, WIDTH, " " * (len(line) - len(line.lstrip()) + 2))


def _days(calibration: Calibration) -> Iterator[str]:
    book, total = calibration.days, calibration.total
    yield Message(
        "days: {count} with records, {used} of them ordinary",
        count=len(book.dates),
        used=int(book.used.sum()),
    )
    if book.absent:
        yield Message("  {count} days between without a record", count=len(book.absent))
    for one in book.unusual[:MOST_LINES]:
        yield Message(
            "  unusual {date} ({key}): {contacts} contacts, {ratio:.0%} of usual",
            date=one.date,
            key=Message(one.key),
            contacts=one.contacts,
            ratio=one.ratio,
        )
    if len(book.unusual) > MOST_LINES:
        yield Message("  … and {count} more unusual days", count=len(book.unusual) - MOST_LINES)
    for gap in calibration.outages[:MOST_LINES]:
        span = f"{clock_text(gap.start)}-{clock_text(gap.end)}"
        yield Message(
            "  outage  {date} {span}: none came where {expected:.0f} were expected",
            date=gap.date,
            span=span,
            expected=gap.expected,
        )
    if len(calibration.outages) > MOST_LINES:
        yield Message("  … and {count} more outages", count=len(calibration.outages) - MOST_LINES)
    yield Message(
        "day-to-day variation, all types: {day_cv}", day_cv=_shown(total.day_cv, percent=True)
    )
    together = _together(calibration)
    if together is not None:
        yield Message(
            "  day factors of the types go together (correlation {together:+.2f} in the mean);",
            together=together,
        )
        yield Message("  a scenario draws each for itself, so its days vary less in all")
    yield _trend(total.trend)


def _together(calibration: Calibration) -> float | None:
    """Return the mean correlation of day factors between types of some volume."""
    used = calibration.days.used
    factors = [
        fit.arrivals.day_factor[used]
        for fit in calibration.types
        if fit.arrivals.expected.sum(axis=1).mean() >= MANY and np.ptp(fit.arrivals.counts) > 0
    ]
    if len(factors) < 2 or used.sum() < MANY:
        return None
    rows = np.stack(factors)
    known = np.isfinite(rows).all(axis=0)
    pairs = np.asarray(np.corrcoef(rows[:, known]))[np.triu_indices(len(rows), 1)]
    mean = float(pairs.mean())
    return mean if abs(mean) >= TOGETHER else None


def _trend(trend: Trend) -> Message:
    if trend.per_month is None or trend.low is None or trend.high is None:
        return Message("trend: too few full weeks ({weeks}) to tell one", weeks=trend.weeks)
    return Message(
        "trend: {per_month:+.1%} in 30 days ({low:+.1%} to {high:+.1%}): {told}",
        per_month=trend.per_month,
        low=trend.low,
        high=trend.high,
        told=Message("believed") if trend.believed else Message("no more than noise"),
    )


def _type(fit: TypeFit) -> Iterator[str]:
    arrivals = fit.arrivals
    yield fit.name
    yield Message("  day factor cv       {day_cv}", day_cv=_shown(arrivals.day_cv))
    yield Message("  interval factor cv  {interval_cv}", interval_cv=_shown(arrivals.interval_cv))
    if arrivals.by_day is not None:
        yield Message("  days against Poisson: {p}", p=_p(arrivals.by_day.p_value))
    if arrivals.by_interval is not None:
        index = arrivals.by_interval.index
        p = _p(arrivals.by_interval.p_value)
        yield Message(
            "  intervals against Poisson: index of dispersion {index:.2f}, {p}", index=index, p=p
        )
    if arrivals.trend.believed:
        yield Message("  {trend}; written as a factor", trend=_trend(arrivals.trend))
    if fit.ivr is not None:
        ivr = fit.ivr
        yield Message(
            "  IVR {mean} s, {name}", mean=_shown(ivr.mean), name=Message(ivr.duration.name)
        )
        yield Message(
            "    self-served {self_service}", self_service=_shown(ivr.self_service, percent=True)
        )
        yield Message("    left there {abandon}", abandon=_shown(ivr.abandon, percent=True))
    yield from _handle(fit)
    if fit.patience is None and fit.left:
        yield Message(
            "  patience: was not sought, though {left:,} left the queue; the scenario has none, "
            "so its callers never abandon",
            left=fit.left,
        )
    elif fit.patience is None:
        yield Message("  patience: not known; nobody left the queue, or no wait is told")
    elif len(fit.patience.curve.times) == 0:
        yield Message("  patience mean {mean} s, exponential", mean=_shown(fit.patience.mean))
    else:
        yield from _patience(fit.patience)
    if fit.redials is not None:
        again = fit.redials
        yield Message(
            "  again within {window:.0f} min: {after_abandoned} after giving up, "
            "{value:.1%} after an answer ({known:.0%} of callers known); in the scenario "
            "they are arrivals",
            window=WINDOW / 60,
            after_abandoned=_shown(again.after_abandoned, percent=True),
            value=again.after_answered.value,
            known=again.known,
        )


def _handle(fit: TypeFit) -> Iterator[str]:
    handle = fit.handle
    yield Message("  AHT {aht} s", aht=_shown(handle.aht))
    for part in ("talk", "hold", "wrap"):
        one = getattr(handle, part)
        if one is None:
            continue
        looked = (
            Message(", distance {ks:.3f} (KS), n = {sample}", ks=one.ks, sample=one.sample)
            if np.isfinite(one.ks)
            else ""
        )
        yield Message(
            "    {part}: {name}{looked}", part=Message(part), name=Message(one.name), looked=looked
        )
        if len(one.families) > 1:
            best, rest = one.families[0], one.families[1:]
            ahead = _ahead([(f.name, f.aic - best.aic) for f in rest[:4]])
            yield Message(
                "      likeliest {name} (distance {ks:.3f}); AIC {ahead}",
                name=Message(best.name),
                ks=best.ks,
                ahead=ahead,
            )
        if np.isfinite(one.log_mean):
            yield Message(
                "      logs of 10 s and more: mean {log_mean:.3f}, sd {log_sd:.3f}",
                log_mean=one.log_mean,
                log_sd=one.log_sd,
            )
        if one.atom > 0:
            yield Message(
                "      {atom:.1%} very short ones (below 10 s) on top of the family", atom=one.atom
            )
        if one.impossible:
            yield Message(
                "      {impossible} beyond {limit:.0f} s left out ({hours:.1f} h)",
                impossible=one.impossible,
                limit=one.limit,
                hours=one.impossible_s / 3600,
            )
    by_time = handle.by_time
    known = np.flatnonzero(~np.isnan(by_time.mean))
    if len(known) > 1 and by_time.p_value < 0.01:
        low, high = known[np.argmin(by_time.mean[known])], known[np.argmax(by_time.mean[known])]
        yield Message(
            "    by time of day: {low:.0f} s at {low_at}, {high:.0f} s at {high_at} "
            "({explained:.1%} of the variance; not written)",
            low=by_time.mean[low],
            low_at=clock_text(by_time.starts[low]),
            high=by_time.mean[high],
            high_at=clock_text(by_time.starts[high]),
            explained=by_time.explained,
        )


def _patience(fit: PatienceFit, *, written: bool = True) -> Iterator[str]:
    whose = Message(" (all types together)") if fit.pooled and written else ""
    yield Message(
        "  patience{whose}: {events} abandoned, {censored} cut short by an answer",
        whose=whose,
        events=fit.events,
        censored=fit.censored,
    )
    median = (
        _shown(fit.median) if np.isfinite(fit.median.value) else Message("beyond the longest waits")
    )
    yield Message("    median {median} s (Kaplan-Meier)", median=median)
    yield Message(
        "    time waited / abandoned {mean} s; balk {value:.1%}",
        mean=_shown(fit.mean),
        value=fit.balk.value,
    )
    peaks = peaks_of(fit.hazard)
    if peaks:
        yield Message("    hazard peaks at {peaks}", peaks=", ".join(peaks))
    best = fit.candidates[0]
    ahead = _ahead([(one.name, one.aic - best.aic) for one in fit.candidates[1:]])
    yield Message("    likeliest {name}; AIC {ahead}", name=Message(best.name), ahead=ahead)
    if written:
        yield Message("    written: {name}", name=Message(fit.name))


def _ahead(others: Sequence[tuple[str, float]]) -> Message:
    """Return by how much the criterion of others lies above that of the best."""
    shown = (Message("{name} {above:+.0f}", name=Message(n), above=a) for n, a in others)
    return joined(", ", shown)


def _agents(calibration: Calibration) -> Iterator[str]:
    yield Message("agents: {agent_source}", agent_source=calibration.agent_source)
    for group in calibration.groups:
        top = group.mean.max() if group.mean.size else 0.0
        people = (
            Message("{count} people seen", count=len(group.agents))
            if group.agents
            else Message("nobody seen by name")
        )
        yield Message(
            "  {name} ({people}): {types}; {hours:,.0f} hours, {top:.1f} at most in the "
            "mean of an interval",
            name=group.name,
            people=people,
            types=", ".join(group.types),
            hours=group.hours,
            top=top,
        )
        if group.sensitivity:
            tried = joined(
                ", ",
                [
                    Message("{gap:g} min {h:,.0f} h", gap=gap, h=h)
                    for gap, h in group.sensitivity.items()
                ],
            )
            yield Message("    with other gaps: {tried}", tried=tried)
    for one in calibration.factors:
        told = Message("written") if one.written else Message("not written")
        yield Message(
            "  handle time of {contact_type} by {group}: {factor} times that of all ({told})",
            contact_type=one.contact_type,
            group=one.group,
            factor=_shown(one.factor),
            told=told,
        )


def _matching(matching: Matching, language: str) -> Iterator[str]:
    yield Message(
        "patience matched on {first} to {last}, played again {replications} times with each form",
        first=matching.first,
        last=matching.last,
        replications=matching.replications,
    )
    heads = ("written", "abandoned", "observed", "ASA", "observed")
    yield _row("", [worded(Message(head), language) for head in heads])
    for one in matching.chosen:
        cells = [
            worded(Message(one.candidate), language),
            f"{one.abandonment:.1%}",
            f"{one.observed_abandonment:.1%}",
            f"{one.asa:.1f}",
            f"{one.observed_asa:.1f}",
        ]
        yield _row(one.contact_type[:12], cells)
    off = [one for one in matching.chosen if abs(one.abandonment - one.observed_abandonment) > OFF]
    if off:
        yield Message(
            "  {names}: the scenario does not lose what was lost; were the agents others than "
            "those counted?",
            names=", ".join(one.contact_type for one in off),
        )


def _row(name: str, cells: Sequence[str]) -> str:
    """Return a row of the table of what matching found."""
    shown = (
        padded(cell, columns, right=True)
        for cell, columns in zip(cells, (17, 12, 10, 9, 10), strict=True)
    )
    return "  " + padded(name, 12) + "".join(shown)


def _shown(estimate: Estimate, *, percent: bool = False) -> Message:
    def text(value: float) -> str:
        if percent:
            return f"{value:.1%}"
        return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"

    if estimate.low is None or estimate.high is None:
        return Message("{value} (n = {sample})", value=text(estimate.value), sample=estimate.sample)
    return Message(
        "{value} ({low} to {high}; n = {sample:,})",
        value=text(estimate.value),
        low=text(estimate.low),
        high=text(estimate.high),
        sample=estimate.sample,
    )


def _p(value: float) -> str:
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"
