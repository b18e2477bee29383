"""The words of a replayed day: its scenario in TOML, and a README with the rules."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simcenter.floor.records import ContactTable, Ints, Outcome
from simcenter.history.fitting import MOST_VALUES, Fitted
from simcenter.history.presence import IDLE_WHILE_QUEUED
from simcenter.history.survival import AT_RISK, BALK_SECONDS
from simcenter.messages import Message, joined, worded
from simcenter.messages.lines import broken

__all__ = ["Group", "Plan", "readme_text", "scenario_text"]

WIDTH = 95
"""Columns of a line."""

RUN = "simcenter run scenario.toml --against observed.csv"


@dataclass(frozen=True)
class Group:
    """A group of agents: its name, the types it serves, the codes of its agents."""

    name: str
    types: list[str]
    agents: list[int]


@dataclass(frozen=True)
class Plan:
    """All that the scenario of a replayed day says; hours in seconds, agents per interval."""

    day: dt.date
    opens: int
    closes: int
    interval_minutes: int
    gap_minutes: float
    fitted: Sequence[Fitted]
    groups: Sequence[Group]
    counts: Ints


def scenario_text(plan: Plan, language: str = "en") -> str:
    """Return scenario.toml, its comments in a language."""
    said = _Comments(language)
    parts = [_head(plan, said)]
    parts += [_type_text(one, said) for one in plan.fitted]
    parts += [_group_text(group, plan, said) for group in plan.groups]
    parts.append(_TAIL)
    return "\n".join(parts)


@dataclass(frozen=True)
class _Comments:
    """Comments of a TOML file in a language."""

    language: str

    def beside(self, told: Message) -> str:
        """Return a comment for the end of a line."""
        return f"    # {' '.join(worded(told, self.language).split())}"

    def above(self, told: Message) -> str:
        """Return a comment in lines of its own."""
        return broken(f"# {worded(told, self.language)}", self.language, WIDTH, "# ")


def _head(plan: Plan, said: _Comments) -> str:
    told = Message(
        "Replays {day}: arrivals at their recorded instants, all else drawn from records. "
        "README.md tells the rules. Set the day beside it:",
        day=plan.day,
    )
    name = worded(Message("Replay of {day}", day=plan.day), said.language)
    hours = Message("whole intervals around the first and the last arrival")
    return f"""\
{said.above(told)}
#     {RUN}
name = {_text(name)}

[clock]
opens = "{_clock(plan.opens)}"{said.beside(hours)}
closes = "{_clock(plan.closes)}"
interval_minutes = {plan.interval_minutes}
days = 1
first_day = {plan.day}
at_close = "serve"
"""


def _type_text(one: Fitted, said: _Comments) -> str:
    lines = ["[[contact_types]]", f"name = {_text(one.name)}"]
    if one.channel:
        lines.append(f"channel = {_text(one.channel)}")
    lines += [
        f"priority = {one.priority}{said.beside(_priority(one.priority_share))}",
        "[contact_types.arrivals]",
        f'times = {{ file = "calls.csv", column = {_text(one.file)} }}',
    ]
    if "ivr" in one.columns:
        told = Message("{source}; drawn apart from how the IVR ends", source=one.sources["ivr"])
        lines += [
            "[contact_types.ivr]",
            said.above(told),
            f"duration = {_empirical(one, 'ivr')}",
            f"self_service = {one.self_service:.6g}",
            f"abandon = {one.ivr_abandon:.6g}",
        ]
    lines += _patience_lines(one, said)
    lines += ["[contact_types.handle]"]
    for part in ("talk", "hold", "wrap"):
        if part in one.columns:
            lines.append(f"{part} = {_empirical(one, part)}{said.beside(one.sources[part])}")
        else:
            nothing = '{ distribution = "constant", value = 0 }'
            lines.append(f"{part} = {nothing}{said.beside(Message('none is recorded'))}")
    told = Message("for the reports; no target is known")
    lines += ["[contact_types.target]", f"answer_within_seconds = 20{said.beside(told)}", ""]
    return "\n".join(lines)


def _priority(share: float | None) -> Message:
    if share is None:
        return Message("none is recorded")
    return Message("the most common of who queued, {share:.0%}", share=share)


def _patience_lines(one: Fitted, said: _Comments) -> list[str]:
    fit = one.patience
    if fit is None:
        return [said.above(Message("no patience: not one abandoned wait in the records"))]
    curve = Message(
        "from {source}: {events} abandoned waits, {censored} censored; Kaplan-Meier up to "
        "{last:g} s ({known:.0%} of patience), beyond it an exponential tail with mean "
        "{mean:.1f} s (time waited / abandoned)",
        source=one.sources["patience"],
        events=fit.events,
        censored=fit.censored,
        last=fit.last,
        known=1 - fit.survival,
        mean=fit.mean,
    )
    balk = Message(
        "abandoned within {seconds:g} s, of all not answered at once", seconds=BALK_SECONDS
    )
    return [
        "[contact_types.patience]",
        said.above(curve),
        'distribution = "empirical"',
        f"file = {_text(one.file_of('patience'))}",
        'column = "seconds"',
        f"balk = {fit.balk:.6g}{said.beside(balk)}",
    ]


def _group_text(group: Group, plan: Plan, said: _Comments) -> str:
    skills = ", ".join(f"{_text(name)} = 1" for name in group.types)
    inferred = Message(
        "Inferred: present from first answer to last release, but for gaps over {gap:g} min, "
        "or over {idle:g} min of queue; per interval the time average, rounded.",
        gap=plan.gap_minutes,
        idle=IDLE_WHILE_QUEUED / 60,
    )
    return f"""\
[[agent_groups]]
name = {_text(group.name)}
skills = {{ {skills} }}
{said.above(inferred)}
staffing = {{ file = "staff.csv", column = {_text(group.name)} }}
"""


_TAIL = """\
[report]
service_level = "offered"
abandonment_rate = "offered"
short_abandon_seconds = 0
booking = "arrival"

[run]
replications = 100
seed = 1
confidence = 0.95
"""


def readme_text(plan: Plan, observed: ContactTable, language: str = "en") -> str:
    """Return README.md: what the day was, and every rule by which something was inferred."""

    def paragraph(told: Message) -> str:
        return broken(worded(told, language), language, WIDTH)

    def bullet(told: Message) -> str:
        return broken(f"* {worded(told, language)}", language, WIDTH, "  ")

    title = worded(Message("Replay of {day}", day=plan.day), language)
    recorded = Message(
        "What is recorded: arrivals (`calls.csv`, seconds since midnight), IVR times, handling "
        "times. Distributions of more than {most} values are thinned to the means of parts of "
        "equal mass. What is inferred:",
        most=MOST_VALUES,
    )
    return "\n".join(
        [
            *(f"# {title}", "", paragraph(_observed(plan, observed)), "", f"    {RUN}", ""),
            *(paragraph(recorded), ""),
            *(bullet(rule) for rule in _rules(plan, observed)),
            "",
        ]
    )


def _observed(plan: Plan, observed: ContactTable) -> Message:
    offered = ~np.isnan(observed.queue_entry)
    answered = observed.outcome == Outcome.answered
    waits = observed.wait_s[answered]
    count = int(offered.sum())
    nothing = Message("none")
    return Message(
        "Observed: {contacts} contacts ({types}), {offered} offered, {answered} answered "
        "({rate}), average speed of answer {asa}. `observed.csv` holds them:",
        contacts=len(observed),
        types=", ".join(f"{one.name} {one.contacts}" for one in plan.fitted),
        offered=count,
        answered=int(answered.sum()),
        rate=f"{answered.sum() / count:.1%}" if count else nothing,
        asa=f"{waits.mean():.1f} s" if len(waits) else nothing,
    )


def _rules(plan: Plan, observed: ContactTable) -> list[Message]:
    """Return every rule by which something was inferred."""
    groups = joined(
        "; ",
        [
            Message(
                "{name} ({people} people seen): {types}",
                name=group.name,
                people=len(group.agents),
                types=", ".join(group.types),
            )
            for group in plan.groups
        ],
    )
    answered = observed.outcome == Outcome.answered
    rules = [
        Message(
            "Agents (`staff.csv`): {groups}. An agent is present from the first answer of a "
            "stretch to the end of its last contact. A gap of more than {gap:g} minutes ends a "
            "stretch, and so does one in which somebody waited for more than {idle:g} minutes in "
            "all: a ready agent would have been given that contact. A contact that the agent's "
            "next one overtakes ends there. The count of an interval is the time average, "
            "rounded, and at least 1 in all when anything was answered. Ready agents without a "
            "contact are missed (waits come out too long when it is quiet), short breaks and "
            "unrecorded wrap are counted as presence (waits come out too short when it is busy), "
            "and {nameless} answered contacts without an agent's name add nobody.",
            groups=groups,
            gap=plan.gap_minutes,
            idle=IDLE_WHILE_QUEUED / 60,
            nameless=int((answered & (observed.agent < 0)).sum()),
        ),
        Message(
            "Groups: types share a group when at least half of the contacts of one were served "
            "by people of whose contacts at least 10 % were of the other."
        ),
        Message(
            "Patience (`patience_*.csv`): Kaplan-Meier over those not answered at once, "
            "abandoned waits being the events and all others censored, as far as {least} were "
            "still waiting; beyond, an exponential tail with mean = time waited / abandoned. "
            "Abandoned within {balk:g} s: `balk`.",
            least=AT_RISK,
            balk=BALK_SECONDS,
        ),
        Message("Priority: the most common one per type; the records may hold several."),
        Message("Who abandons does not call again here: a redial is one more recorded arrival."),
    ]
    blocked = int((observed.outcome == Outcome.blocked).sum())
    if blocked:
        rules.append(
            Message(
                "{blocked} blocked contacts are left out: how many lines there were is not "
                "recorded.",
                blocked=blocked,
            )
        )
    return rules


def _empirical(one: Fitted, part: str) -> str:
    file = _text(one.file_of(part))
    return f'{{ distribution = "empirical", file = {file}, column = "seconds" }}'


def _text(value: str) -> str:
    """Return a TOML string; JSON escapes are TOML escapes."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
