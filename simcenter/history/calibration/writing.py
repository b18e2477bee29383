"""A calibration as a scenario: one TOML file, and the files that it names beside it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from simcenter.files.text import check_writable, write_text
from simcenter.files.together import folder_made, together
from simcenter.history.presence import distinct
from simcenter.messages import Message, worded
from simcenter.model.clock import WEEKDAYS, clock_text
from simcenter.model.distributions import Empirical, Mixture

if TYPE_CHECKING:
    from simcenter.history.calibration.agents import GroupFit
    from simcenter.history.calibration.patience import PatienceFit
    from simcenter.history.calibration.results import Calibration, TypeFit

__all__ = ["distribution_table", "write_scenario"]

INLINE = 30
"""More values of an empirical distribution go into a file."""


def distribution_table(distribution: BaseModel) -> dict[str, Any]:
    """Return a distribution as FORMATS §1 writes it, without what is not given."""
    return distribution.model_dump(exclude_none=True, mode="json")


def write_scenario(
    calibration: Calibration, path: Path, *, force: bool, language: str = "en"
) -> list[Path]:
    """Write the scenario and its files; refuse before anything is written.

    Its comments are in the language given; keys and names are the same in all.

    Raises
    ------
    OutputError
        A file exists and ``force`` is false, or cannot be written.
    """
    with together():
        if path.suffix.lower() != ".toml":
            if not path.exists():
                folder_made(path)
            path = path / "scenario.toml"
        texts = _Desk(calibration, path, language).texts()
        targets = [path, *(path.with_name(name) for name in texts if name != path.name)]
        for target in targets:
            check_writable(target, force=force)
        for target in reversed(targets):  # the scenario, which names the others, at the end
            write_text(target, texts[target.name], force=force)
    return targets


@dataclass
class _Desk:
    """The texts of a scenario while they come to be."""

    calibration: Calibration
    path: Path
    language: str
    files: dict[str, str] = field(default_factory=dict)

    def texts(self) -> dict[str, str]:
        """Return the text of every file by name."""
        types = self.calibration.types
        columns = distinct([fit.name for fit in types])
        parts = [self._head()]
        parts += [self._type(fit, column) for fit, column in zip(types, columns, strict=True)]
        parts += [self._group(group) for group in self.calibration.groups]
        parts.append(self._tail())
        self._volumes(columns)
        if self.calibration.roster is None:
            self._staff()
        return {self.path.name: "\n".join(parts), **self.files}

    def said(self, told: object) -> str:
        """Return a sentence as a comment: on one line, in the language of the file."""
        return "# " + " ".join(worded(told, self.language).split())

    def name(self, what: str) -> str:
        """Return the name of a file beside the scenario."""
        stem = self.path.stem
        return f"{what}.csv" if stem == "scenario" else f"{stem}_{what}.csv"

    def _days(self) -> list[dt.date]:
        """Return the dates of the scenario: the day named, or the week after the records."""
        calibration = self.calibration
        if calibration.day is not None:
            return [calibration.day]
        if calibration.roster_days:
            return list(calibration.roster_days)
        monday = calibration.last + dt.timedelta(days=7 - calibration.last.weekday())
        return [monday + dt.timedelta(days=n) for n in range(7)]

    def _head(self) -> str:
        calibration, days = self.calibration, self._days()
        title = worded(
            Message("Calibrated from {source}", source=calibration.source), self.language
        )
        told = Message(
            "Calibrated from {source}, {first} to {last}: {rows} contacts.",
            source=calibration.source,
            first=calibration.first,
            last=calibration.last,
            rows=calibration.rows,
        )
        report = Message("Every parameter with its interval stands in the fit report.")
        return f"""\
{self.said(told)}
{self.said(report)}
name = {_text(title)}

[clock]
opens = "{clock_text(calibration.opens)}"
closes = "{clock_text(calibration.closes)}"
interval_minutes = {calibration.interval_minutes}
days = {len(days)}
first_day = {days[0]}
at_close = "serve"    {self.said(Message("assumed"))}
"""

    def _type(self, fit: TypeFit, column: str) -> str:
        arrivals = fit.arrivals
        lines = ["[[contact_types]]", f"name = {_text(fit.name)}"]
        if fit.channel:
            lines.append(f"channel = {_text(fit.channel)}")
        told = Message("1 is served first")
        lines.append(f"priority = {fit.priority}    {self.said(told)}")
        lines += self._hours(fit)
        lines += [
            "[contact_types.arrivals]",
            f"profile = {{ file = {_text(self.name('volumes'))}, column = {_text(column)} }}",
        ]
        if arrivals.trend.believed:
            ahead = (self.calibration.last - self.calibration.days.dates[0]).days
            level = float(arrivals.trend.level(float(ahead)))
            told = Message("where the trend stood at the end of the records")
            lines.append(f"factor = {level:.4g}    {self.said(told)}")
        for cv in (arrivals.day_cv, arrivals.interval_cv):
            lines.append(f"{cv.name.rsplit('.', 1)[-1]} = {cv.value:.4g}    {self.said(_ends(cv))}")
        if fit.ivr is not None:
            lines += [
                "[contact_types.ivr]",
                f"duration = {self._inline(fit.ivr.duration.distribution, f'ivr_{column}')}",
                f"self_service = {fit.ivr.self_service.value:.6g}",
                f"abandon = {fit.ivr.abandon.value:.6g}",
            ]
        if fit.patience is not None:
            lines += self._patience(fit.patience, f"patience_{column}")
        lines.append("[contact_types.handle]")
        for part in ("talk", "hold", "wrap"):
            duration = getattr(fit.handle, part)
            if duration is None:
                nothing = '{ distribution = "constant", value = 0 }'
                lines.append(f"{part} = {nothing}    {self.said(Message('none is recorded'))}")
            else:
                lines.append(f"{part} = {self._inline(duration.distribution, f'{part}_{column}')}")
        lines += ["[contact_types.target]", *self._target(), ""]
        return "\n".join(lines)

    def _hours(self, fit: TypeFit) -> list[str]:
        """Return the hours of a type where they are not those of the clock."""
        whole = self.calibration.opens, self.calibration.closes
        if all(span == whole for span in fit.hours):
            return []
        spans = [
            f'{day} = "{"closed" if span is None else "-".join(map(clock_text, span))}"'
            for day, span in zip(WEEKDAYS, fit.hours, strict=True)
        ]
        return [f"hours = {{ {', '.join(spans)} }}"]

    def _patience(self, fit: PatienceFit, what: str) -> list[str]:
        table = distribution_table(fit.distribution)
        if len(table.get("values", ())) > INLINE:
            table = self._filed(table["values"], what)
        keys = [f"{key} = {_value(value)}" for key, value in table.items()]
        told = Message(
            "{name}, from {events} abandoned and {censored} cut waits of {whose}",
            name=Message(fit.name),
            events=fit.events,
            censored=fit.censored,
            whose=Message("all types") if fit.pooled else Message("this type"),
        )
        return [
            "[contact_types.patience]",
            self.said(told),
            *keys,
            f"balk = {fit.balk.value:.6g}",
        ]

    def _inline(self, distribution: BaseModel, what: str) -> str:
        return _value(self._table(distribution, what))

    def _table(self, distribution: BaseModel, what: str) -> dict[str, Any]:
        if isinstance(distribution, Mixture):
            parts = [
                self._table(part, f"{what}_{number}")
                for number, part in enumerate(distribution.parts, start=1)
            ]
            return {"distribution": "mixture", "weights": distribution.weights, "parts": parts}
        if isinstance(distribution, Empirical) and len(distribution.values or ()) > INLINE:
            return self._filed(list(distribution.values or ()), what)
        return distribution_table(distribution)

    def _filed(self, values: Sequence[float], what: str) -> dict[str, Any]:
        """Put values into a file, and return the distribution that names it."""
        name = self.name(what)
        self.files[name] = _csv(["seconds"], [[_number(value)] for value in values])
        return {"distribution": "empirical", "file": name, "column": "seconds"}

    def _group(self, group: GroupFit) -> str:
        skills = ", ".join(f"{_text(name)} = 1" for name in group.types)
        lines = ["[[agent_groups]]", f"name = {_text(group.name)}", f"skills = {{ {skills} }}"]
        factors = self.calibration.handle_factors(group.name)
        if factors:
            shown = ", ".join(f"{_text(kind)} = {value:.4g}" for kind, value in factors.items())
            lines.append(f"handle_factor = {{ {shown} }}")
        roster = self.calibration.roster
        if roster is not None:
            there = Path(os.path.relpath(roster.resolve(), self.path.resolve().parent))
            lines.append(f"roster = {_text(there.as_posix())}")
        else:
            lines.append(self.said(self.calibration.agent_source))
            file = _text(self.name("staff"))
            lines.append(f"staffing = {{ file = {file}, column = {_text(group.name)} }}")
        return "\n".join([*lines, ""])

    def _target(self) -> list[str]:
        target = self.calibration.target
        if target is None:
            told = Message("for the reports; no target was given")
            return [f"answer_within_seconds = 20    {self.said(told)}"]
        return [f"{key} = {value:g}" for key, value in target.values]

    def _tail(self) -> str:
        assumed = [
            self.said(Message("assumed: {line}", line=line)) for line in self.calibration.assumed
        ]
        return "\n".join(
            ["[run]", "replications = 100", "seed = 1", "confidence = 0.95", "", *assumed, ""]
        )

    def _volumes(self, columns: Sequence[str]) -> None:
        """Write expected contacts by day and interval, closed ones left out."""
        calibration, days = self.calibration, self._days()
        starts = calibration.types[0].arrivals.starts.tolist()
        rows = []
        for date in days:
            key = calibration.days.key(date)
            means = [fit.arrivals.expected_on(key) for fit in calibration.types]
            spans = [fit.hours[date.weekday()] for fit in calibration.types]
            for place, start in enumerate(starts):
                cells = [
                    f"{mean[place]:.6g}" if span and span[0] <= start < span[1] else "0"
                    for mean, span in zip(means, spans, strict=True)
                ]
                rows.append([str(date), clock_text(start), *cells])
        self.files[self.name("volumes")] = _csv(["day", "start", *columns], rows)

    def _staff(self) -> None:
        calibration = self.calibration
        starts = calibration.types[0].arrivals.starts.tolist()
        rows = []
        for date in self._days():
            counts = [
                calibration.day_counts[group.name]
                if calibration.day is not None
                else group.counts(calibration.days.key(date))
                for group in calibration.groups
            ]
            for place, start in enumerate(starts):
                cells = [str(int(count[place])) for count in counts]
                rows.append([str(date), clock_text(start), *cells])
        names = [group.name for group in calibration.groups]
        self.files[self.name("staff")] = _csv(["day", "start", *names], rows)


def _ends(estimate: Any) -> Message:
    if estimate.low is None:
        return Message("too few days to tell")
    return Message("{low:.3g} to {high:.3g}", low=estimate.low, high=estimate.high)


def _csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def _number(value: float) -> str:
    return repr(float(value)).removesuffix(".0")


def _text(value: str) -> str:
    """Return a TOML string; JSON escapes are TOML escapes."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    """Return a TOML value on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    if isinstance(value, str):
        return _text(value)
    return f"{value:.8g}"
