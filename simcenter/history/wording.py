"""The words of a replayed day: its scenario in TOML, and a README with the rules."""

from __future__ import annotations

import datetime as dt
import json
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simcenter.floor.records import ContactTable, Ints, Outcome
from simcenter.history.fitting import MOST_VALUES, Fitted
from simcenter.history.presence import IDLE_WHILE_QUEUED
from simcenter.history.survival import AT_RISK, BALK_SECONDS

__all__ = ["Group", "Plan", "readme_text", "scenario_text"]


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


def scenario_text(plan: Plan) -> str:
    """Return scenario.toml."""
    parts = [_head(plan)]
    parts += [_type_text(one) for one in plan.fitted]
    parts += [_group_text(group, plan) for group in plan.groups]
    parts.append(_tail())
    return "\n".join(parts)


def _head(plan: Plan) -> str:
    return f"""\
# Replays {plan.day}: arrivals at their recorded instants, all else drawn from records.
# README.md tells the rules. Set the day beside it:
#     simcenter run scenario.toml --against observed.csv
name = "Replay of {plan.day}"

[clock]
opens = "{_clock(plan.opens)}"     # whole intervals around the first and the last arrival
closes = "{_clock(plan.closes)}"
interval_minutes = {plan.interval_minutes}
days = 1
first_day = {plan.day}
at_close = "serve"
"""


def _type_text(one: Fitted) -> str:
    lines = ["[[contact_types]]", f"name = {_text(one.name)}"]
    if one.channel:
        lines.append(f"channel = {_text(one.channel)}")
    share = one.priority_share
    told = "none recorded" if share is None else f"the most common of who queued, {share:.0%}"
    lines += [f"priority = {one.priority}    # {told}", "[contact_types.arrivals]"]
    lines.append(f'times = {{ file = "calls.csv", column = {_text(one.file)} }}')
    if "ivr" in one.columns:
        lines += [
            "[contact_types.ivr]",
            f"# {one.sources['ivr']}; drawn apart from how the IVR ends",
            f"duration = {_empirical(one, 'ivr')}",
            f"self_service = {one.self_service:.6g}",
            f"abandon = {one.ivr_abandon:.6g}",
        ]
    lines += _patience_lines(one)
    lines += ["[contact_types.handle]"]
    for part in ("talk", "hold", "wrap"):
        if part in one.columns:
            lines.append(f"{part} = {_empirical(one, part)}    # {one.sources[part]}")
        else:
            lines.append(f'{part} = {{ distribution = "constant", value = 0 }}    # none recorded')
    lines += [
        "[contact_types.target]",
        "answer_within_seconds = 20    # for the reports; no target is known",
        "",
    ]
    return "\n".join(lines)


def _patience_lines(one: Fitted) -> list[str]:
    fit = one.patience
    if fit is None:
        return ["# no patience: not one abandoned wait in the records"]
    curve = (
        f"# Kaplan-Meier up to {fit.last:g} s ({1 - fit.survival:.0%} of patience), beyond it\n"
        f"# an exponential tail with mean {fit.mean:.1f} s (time waited / abandoned)"
    )
    return [
        "[contact_types.patience]",
        f"# from {one.sources['patience']}: {fit.events} abandoned waits, {fit.censored} censored",
        curve,
        'distribution = "empirical"',
        f"file = {_text(one.file_of('patience'))}",
        'column = "seconds"',
        f"balk = {fit.balk:.6g}    # abandoned within {BALK_SECONDS:g} s, of all not answered at once",
    ]


def _group_text(group: Group, plan: Plan) -> str:
    skills = ", ".join(f"{_text(name)} = 1" for name in group.types)
    return f"""\
[[agent_groups]]
name = {_text(group.name)}
skills = {{ {skills} }}
# Inferred: present from first answer to last release, but for gaps over {plan.gap_minutes:g} min,
# or over {IDLE_WHILE_QUEUED / 60:g} min of queue; per interval the time average, rounded.
staffing = {{ file = "staff.csv", column = {_text(group.name)} }}
"""


def _tail() -> str:
    return """\
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


def readme_text(plan: Plan, observed: ContactTable) -> str:
    """Return README.md: what the day was, and every rule by which something was inferred."""
    offered = ~np.isnan(observed.queue_entry)
    answered = observed.outcome == Outcome.answered
    waits = observed.wait_s[answered]
    asa = f"{waits.mean():.1f} s" if len(waits) else "none"
    count = int(offered.sum())
    rate = f"{answered.sum() / count:.1%}" if count else "none"
    nameless = int((answered & (observed.agent < 0)).sum())
    types = ", ".join(f"{one.name} {one.contacts}" for one in plan.fitted)
    groups = "; ".join(
        f"{group.name} ({len(group.agents)} people seen): {', '.join(group.types)}"
        for group in plan.groups
    )
    agents = (
        f"Agents (`staff.csv`): {groups}. An agent is present from the first answer of a "
        f"stretch to the end of its last contact. A gap of more than {plan.gap_minutes:g} "
        f"minutes ends a stretch, and so does one in which somebody waited for more than "
        f"{IDLE_WHILE_QUEUED / 60:g} minutes in all: a ready agent would have been given "
        f"that contact. A contact that the agent's next one overtakes ends there. The count "
        f"of an interval is the time average, rounded, and at least 1 in all when anything "
        f"was answered. Ready agents without a contact are missed (waits come out too long "
        f"when it is quiet), short breaks and unrecorded wrap are counted as presence (waits "
        f"come out too short when it is busy), and {nameless} answered contacts without an "
        f"agent's name add nobody."
    )
    return f"""\
# Replay of {plan.day}

Observed: {len(observed)} contacts ({types}), {count} offered, {int(answered.sum())} answered
({rate}), average speed of answer {asa}. `observed.csv` holds them:

    simcenter run scenario.toml --against observed.csv

What is recorded: arrivals (`calls.csv`, seconds since midnight), IVR times, handling times.
Distributions of more than {MOST_VALUES} values are thinned to the means of parts of equal mass.
What is inferred:

{_bullet(agents)}
* Groups: types share a group when at least half of the contacts of one were served by people
  of whose contacts at least 10 % were of the other.
* Patience (`patience_*.csv`): Kaplan-Meier over those not answered at once, abandoned waits
  being the events and all others censored, as far as {AT_RISK} were still waiting; beyond, an
  exponential tail with mean = time waited / abandoned. Abandoned within {BALK_SECONDS:g} s: `balk`.
* Priority: the most common one per type; the records may hold several.
* Who abandons does not call again here: a redial is one more recorded arrival.
{_blocked_line(observed)}"""


def _blocked_line(observed: ContactTable) -> str:
    blocked = int((observed.outcome == Outcome.blocked).sum())
    if blocked == 0:
        return ""
    return (
        f"* {blocked} blocked contacts are left out: how many lines there were is not recorded.\n"
    )


def _bullet(text: str) -> str:
    return textwrap.fill(text, 95, initial_indent="* ", subsequent_indent="  ")


def _empirical(one: Fitted, part: str) -> str:
    file = _text(one.file_of(part))
    return f'{{ distribution = "empirical", file = {file}, column = "seconds" }}'


def _text(value: str) -> str:
    """Return a TOML string; JSON escapes are TOML escapes."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
