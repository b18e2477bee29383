"""The fit report: what was found, how sure it is, and what was not believed."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from simcenter.floor.records import Floats
from simcenter.history.calibration.redials import WINDOW
from simcenter.model.clock import clock_text

if TYPE_CHECKING:
    from simcenter.history.calibration.arrivals import Trend
    from simcenter.history.calibration.estimate import Estimate
    from simcenter.history.calibration.patience import Hazard, PatienceFit
    from simcenter.history.calibration.results import Calibration, Matching, TypeFit

__all__ = ["peaks_of", "report_text"]

WIDTH = 80
MOST_LINES = 12
PEAK = 1.25
"""A piece of the hazard is a peak if it is so many times the valleys on both sides."""

MANY = 20
"""Types with fewer contacts a day, and histories with fewer days, tell no correlation."""

TOGETHER = 0.1
"""A smaller correlation of day factors is not told."""

LATEST_PEAK = 180.0
"""Later peaks of the hazard rest on few who still wait, and are not told."""


def report_text(calibration: Calibration) -> str:
    """Return the report, at most 80 columns wide."""
    lines = [
        f"Calibrated from {calibration.source}: {calibration.rows:,} contacts, "
        f"{calibration.first} to {calibration.last}",
        "",
        *_days(calibration),
    ]
    if calibration.patience is not None and len(calibration.types) > 1:
        lines += ["", "all types", *_patience(calibration.patience, written=False)]
    for fit in calibration.types:
        lines += ["", *_type(fit)]
    lines += ["", *_agents(calibration)]
    if calibration.matching is not None:
        lines += ["", *_matching(calibration.matching)]
    if calibration.assumed:
        lines += ["", "assumed", *(f"- {line}" for line in calibration.assumed)]
    return "\n".join(wrapped for line in lines for wrapped in _wrapped(line))


def _wrapped(line: str) -> list[str]:
    if len(line) <= WIDTH:
        return [line]
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.wrap(line, WIDTH, subsequent_indent=indent, drop_whitespace=True)


def _days(calibration: Calibration) -> Iterator[str]:
    book, total = calibration.days, calibration.total
    yield f"days: {len(book.dates)} with records, {int(book.used.sum())} of them ordinary"
    if book.absent:
        yield f"  {len(book.absent)} days between without a record"
    for one in book.unusual[:MOST_LINES]:
        yield f"  unusual {one.date} ({one.key}): {one.contacts} contacts, {one.ratio:.0%} of usual"
    if len(book.unusual) > MOST_LINES:
        yield f"  … and {len(book.unusual) - MOST_LINES} more unusual days"
    for gap in calibration.outages[:MOST_LINES]:
        span = f"{clock_text(gap.start)}-{clock_text(gap.end)}"
        yield f"  outage  {gap.date} {span}: none came where {gap.expected:.0f} were expected"
    if len(calibration.outages) > MOST_LINES:
        yield f"  … and {len(calibration.outages) - MOST_LINES} more outages"
    yield f"day-to-day variation, all types: {_shown(total.day_cv, percent=True)}"
    together = _together(calibration)
    if together is not None:
        yield f"  day factors of the types go together (correlation {together:+.2f} in the mean);"
        yield "  a scenario draws each for itself, so its days vary less in all"
    yield _trend(total.trend)
    yield ""
    names = [fit.name for fit in calibration.types]
    for group in (names[k : k + 6] for k in range(0, len(names), 6)):
        yield "contacts a day" + "".join(f"{name[:9]:>10}" for name in group)
        for number, key in enumerate(total.keys):
            cells = (calibration.type(name).arrivals.expected[number].sum() for name in group)
            yield f"  {key:12}" + "".join(f"{cell:10.1f}" for cell in cells)


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


def _trend(trend: Trend) -> str:
    if trend.per_month is None or trend.low is None or trend.high is None:
        return f"trend: {trend.weeks} full weeks are too few to tell one"
    told = "believed" if trend.believed else "no more than noise"
    span = f"{trend.low:+.1%} to {trend.high:+.1%}"
    return f"trend: {trend.per_month:+.1%} in 30 days ({span}): {told}"


def _type(fit: TypeFit) -> Iterator[str]:
    arrivals = fit.arrivals
    yield f"{fit.name}"
    yield f"  day factor cv       {_shown(arrivals.day_cv)}"
    yield f"  interval factor cv  {_shown(arrivals.interval_cv)}"
    if arrivals.by_day is not None:
        yield f"  days against Poisson: {_p(arrivals.by_day.p_value)}"
    if arrivals.by_interval is not None:
        index = arrivals.by_interval.index
        p = _p(arrivals.by_interval.p_value)
        yield f"  intervals against Poisson: index of dispersion {index:.2f}, {p}"
    if arrivals.trend.believed:
        yield f"  {_trend(arrivals.trend)}; written as a factor"
    if fit.ivr is not None:
        ivr = fit.ivr
        yield f"  IVR {_shown(ivr.mean)} s, {ivr.duration.name}"
        yield f"    self-served {_shown(ivr.self_service, percent=True)}"
        yield f"    left there {_shown(ivr.abandon, percent=True)}"
    yield from _handle(fit)
    if fit.patience is None:
        yield "  patience: none is known to have left the queue"
    elif len(fit.patience.curve.times) == 0:
        yield f"  patience mean {_shown(fit.patience.mean)} s, exponential"
    else:
        yield from _patience(fit.patience)
    if fit.redials is not None:
        again = fit.redials
        yield (
            f"  again within {WINDOW / 60:.0f} min: "
            f"{_shown(again.after_abandoned, percent=True)} after giving up, "
            f"{again.after_answered.value:.1%} after an answer "
            f"({again.known:.0%} of callers known); in the scenario they are arrivals"
        )


def _handle(fit: TypeFit) -> Iterator[str]:
    handle = fit.handle
    yield f"  AHT {_shown(handle.aht)} s"
    for part in ("talk", "hold", "wrap"):
        one = getattr(handle, part)
        if one is None:
            continue
        looked = f", distance {one.ks:.3f} (KS), n = {one.sample}" if np.isfinite(one.ks) else ""
        yield f"    {part}: {one.name}{looked}"
        if len(one.families) > 1:
            best, rest = one.families[0], one.families[1:]
            ahead = ", ".join(f"{f.name} {f.aic - best.aic:+.0f}" for f in rest[:4])
            yield f"      likeliest {best.name} (distance {best.ks:.3f}); AIC {ahead}"
        if np.isfinite(one.log_mean):
            yield f"      logs of 10 s and more: mean {one.log_mean:.3f}, sd {one.log_sd:.3f}"
        if one.atom > 0:
            yield f"      {one.atom:.1%} very short ones (below 10 s) on top of the family"
        if one.impossible:
            yield (
                f"      {one.impossible} beyond {one.limit:.0f} s left out "
                f"({one.impossible_s / 3600:.1f} h)"
            )
    by_time = handle.by_time
    known = np.flatnonzero(~np.isnan(by_time.mean))
    if len(known) > 1 and by_time.p_value < 0.01:
        low, high = known[np.argmin(by_time.mean[known])], known[np.argmax(by_time.mean[known])]
        yield (
            f"    by time of day: {by_time.mean[low]:.0f} s at {clock_text(by_time.starts[low])}, "
            f"{by_time.mean[high]:.0f} s at {clock_text(by_time.starts[high])} "
            f"({by_time.explained:.1%} of the variance; not written)"
        )


def _patience(fit: PatienceFit, *, written: bool = True) -> Iterator[str]:
    whose = " (all types together)" if fit.pooled and written else ""
    yield f"  patience{whose}: {fit.events} abandoned, {fit.censored} cut short by an answer"
    median = _shown(fit.median) if np.isfinite(fit.median.value) else "beyond the longest waits"
    yield f"    median {median} s (Kaplan-Meier)"
    yield f"    time waited / abandoned {_shown(fit.mean)} s; balk {fit.balk.value:.1%}"
    peaks = peaks_of(fit.hazard)
    if peaks:
        yield f"    hazard peaks at {', '.join(peaks)}"
    best = fit.candidates[0]
    ahead = ", ".join(f"{one.name} {one.aic - best.aic:+.0f}" for one in fit.candidates[1:])
    yield f"    likeliest {best.name}; AIC {ahead}"
    if written:
        yield f"    written: {fit.name}"


def peaks_of(hazard: Hazard) -> list[str]:
    """Return stretches where the hazard is clearly above what is before and behind them."""
    shown = []
    rate, low, high = hazard.rate, hazard.low, hazard.high
    last = -1
    for k in range(1, len(rate) - 1):
        if hazard.edges[k] >= LATEST_PEAK or rate[k] < rate[k - 1] or rate[k] <= rate[k + 1]:
            continue
        first = k
        while first > 0 and rate[first - 1] > 0.9 * rate[k]:
            first -= 1
        feet = _foot(rate, first, -1), _foot(rate, k, 1)
        if first > last and all(
            rate[k] >= PEAK * rate[foot] and low[k] > high[foot] for foot in feet
        ):
            span = f"{hazard.edges[first]:.0f}-{hazard.edges[k + 1]:.0f} s"
            last = k
            shown.append(f"{span} ({1000 * rate[k]:.1f} in 1000 s)")
    return shown


def _foot(rate: Floats, top: int, step: int) -> int:
    """Return where the descent from a peak ends, to one side."""
    at = top
    while 0 <= at + step < len(rate) and rate[at + step] < rate[at]:
        at += step
    return at


def _agents(calibration: Calibration) -> Iterator[str]:
    yield f"agents: {calibration.agent_source}"
    for group in calibration.groups:
        top = group.mean.max() if group.mean.size else 0.0
        people = f"{len(group.agents)} people seen" if group.agents else "nobody seen by name"
        yield (
            f"  {group.name} ({people}): {', '.join(group.types)}; {group.hours:,.0f} hours, "
            f"{top:.1f} at most in the mean of an interval"
        )
        if group.sensitivity:
            tried = ", ".join(f"{gap:g} min {h:,.0f} h" for gap, h in group.sensitivity.items())
            yield f"    with other gaps: {tried}"
    for one in calibration.factors:
        told = "written" if one.written else "not written"
        yield (
            f"  handle time of {one.contact_type} by {one.group}: "
            f"{_shown(one.factor)} times that of all ({told})"
        )


def _matching(matching: Matching) -> Iterator[str]:
    yield (
        f"patience matched on {matching.first} to {matching.last}, played again "
        f"{matching.replications} times with each form"
    )
    yield f"  {'':12}{'written':>17}{'abandoned':>12}{'observed':>10}{'ASA':>9}{'observed':>10}"
    for one in matching.chosen:
        yield (
            f"  {one.contact_type[:12]:12}{one.candidate:>17}{one.abandonment:>12.1%}"
            f"{one.observed_abandonment:>10.1%}{one.asa:>9.1f}{one.observed_asa:>10.1f}"
        )


def _shown(estimate: Estimate, *, percent: bool = False) -> str:
    def text(value: float) -> str:
        if percent:
            return f"{value:.1%}"
        return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"

    if estimate.low is None or estimate.high is None:
        return f"{text(estimate.value)} (n = {estimate.sample})"
    span = f"{text(estimate.low)} to {text(estimate.high)}"
    return f"{text(estimate.value)} ({span}; n = {estimate.sample:,})"


def _p(value: float) -> str:
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"
