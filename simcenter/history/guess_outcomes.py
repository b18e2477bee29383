"""How contacts ended and which way they went, guessed: a column that tells it is never passed over.

Columns of directions, legs and callbacks come first: their rows are left out, and counted. Then
the column of the outcome is the one whose words are known best. A word that is not known is asked
for; only where no column tells outcomes is "answered" taken from the talk, and told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simcenter.history.clocks import durations
from simcenter.history.gate import Gate
from simcenter.history.guessing import Candidates, Choice
from simcenter.history.headings import CONTACT_ROLES, LIKELY, SURE, rated
from simcenter.history.meanings import ENDS, direction_of, flag_of, leg_of, outcome_of
from simcenter.messages import Message, joined

__all__ = ["Ends", "Tell", "find_ends", "outcome_rules"]

MOST_WORDS, MOST_WAYS = 40, 16
ANSWER_FLAG = re.compile(
    r"(?:(?:is|was|call) )?(?:answered|handled|connected|served)(?: y n)?"
    r"|(?:是否)?(?:接通|接听|应答)(?:标志)?|angenommen|beantwortet|r[ée]pondu|contestada|atendida"
)
ABANDON_FLAG = re.compile(
    r"(?:(?:is|was|call) )?(?:abandon(?:ed)?|missed|lost)(?: (?:call|y n|flag))?"
    r"|是否放弃|放弃(?:标志)?|verloren|perdue?|abandonn[ée]e?|abandonada|perdida"
)
MAILBOX_FLAG = re.compile(r"(?:left |has |is )?voice ?mail(?: left)?|是否留言|留言")
CALLBACK_FLAG = re.compile(
    r"(?:is |was )?call ?back(?: (?:time|requested|flag|call))?|是否回[呼拨]|回[呼拨]"
)
LEG_HEADING = re.compile(
    r"(?:cc |call )?(?:side|leg(?: (?:type|side))?)|segment type|participant(?: (?:type|purpose|role))?|purpose"
)
REASONS: dict[str, str] = {
    "outbound": Message("outbound: left out"),
    "internal": Message("internal: left out"),
    "callback": Message("a callback: left out of abandonment, ASA and patience"),
    "agent": Message("the leg of an agent: left out, the caller's is kept"),
    "other": Message("the leg of a machine: left out, the caller's is kept"),
}


@dataclass
class Ends:
    """What is known of directions, legs and outcomes.

    Attributes
    ----------
    skip
        Rules of rows that are left out.
    choices
        What the columns were taken for.
    outcome
        The column that tells how contacts ended, None where none does.
    mailbox
        A flag of who left a message.
    callback
        A flag of who asked for a callback, and its words for yes.
    why
        Of columns that look like outcomes and are not used: why.
    """

    skip: list[dict[str, Any]] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    outcome: str | None = None
    mailbox: str | None = None
    callback: dict[str, list[str]] = field(default_factory=dict)
    why: dict[str, Message] = field(default_factory=dict)

    @property
    def taken(self) -> list[str]:
        """Return the columns that have their role."""
        named = [self.outcome, self.mailbox]
        return [*(choice.column for choice in self.choices), *(one for one in named if one)]


def find_ends(found: Candidates, gate: Gate) -> Ends:
    """Find the columns of directions, legs, callbacks and outcomes.

    Raises
    ------
    RecordError
        A column of directions or outcomes holds words that are not known.
    """
    ends = Ends()
    for name in found.headings:
        _legs(found, name, ends)
    for name in found.headings:
        if name not in ends.taken:
            _directions(found, name, ends, gate)
    for name in found.headings:
        if name not in ends.taken:
            _flags(found, name, ends)
    ends.outcome = _outcome_column(found, ends, gate)
    return ends


def _words(found: Candidates, name: str) -> list[str]:
    look = found.looks[name]
    if look.kind in ("datetime", "date", "epoch", "span"):
        return []
    return [word for word in look.values if "\ufffd" not in word]  # damaged rows are dropped


def _by(words: list[str], meaning: Callable[[str], str | None]) -> dict[str, list[str]]:
    by: dict[str, list[str]] = {}
    for word in words:
        by.setdefault(meaning(word) or "", []).append(word)
    return by


def _leave_out(name: str, by: Mapping[str, list[str]], ends: Ends) -> None:
    for what, words in by.items():
        if what in REASONS:
            ends.skip.append({"when": {name: words}, "reason": str(REASONS[what])})


def _meant(by: Mapping[str, list[str]]) -> Message:
    return joined(
        "; ",
        (
            Message("{words} = {meaning}", words="/".join(words), meaning=Message(what))
            for what, words in by.items()
        ),
    )


def _legs(found: Candidates, name: str, ends: Ends) -> None:
    """Leave out the agents' legs where rows say whose leg they are."""
    words = _words(found, name)
    by = _by(words, leg_of)
    if not LEG_HEADING.fullmatch(found.headings[name].plain) or "contact" not in by or "" in by:
        return
    _leave_out(name, by, ends)
    ends.choices.append(Choice("leg", name, SURE, _meant(by)))


def _directions(found: Candidates, name: str, ends: Ends, gate: Gate) -> None:
    """Leave out what did not come in, by a column whose name or words tell the way."""
    plain, words = found.headings[name].plain, _words(found, name)
    if not words or len(words) > MOST_WAYS:
        return
    by = _by(words, direction_of)
    claimed = rated(plain, CONTACT_ROLES["direction"])
    ways = {"inbound", "outbound"} & set(by)
    other = max(
        rated(plain, CONTACT_ROLES[role]) for role in ("agent", "caller_id", "group", "outcome")
    )
    told = ways and ("" not in by or len(by.get("", ())) < len(words) / 2) and other < SURE
    if claimed < SURE and not told:
        return
    unknown = by.pop("", [])
    if unknown or not ways:
        if claimed < SURE and len(unknown) > len(words) / 3:
            return
        what = Message(
            "column '{name}' tells directions, and {words} are none that is known; leave them out "
            "by a skip rule of a mapping, or keep them",
            name=name,
            words=_listed(unknown or words),
        )
        gate.hold("unknown-direction", what)
    _leave_out(name, by, ends)
    ends.choices.append(Choice("direction", name, max(claimed, LIKELY), _meant(by)))


def _flags(found: Candidates, name: str, ends: Ends) -> None:
    """Take flags of callbacks and of messages left."""
    plain, words = found.headings[name].plain, _words(found, name)
    flags = {word: flag_of(word) for word in words}
    yes = [word for word, flag in flags.items() if flag]
    if CALLBACK_FLAG.fullmatch(plain):
        if words and None not in flags.values():
            ends.callback = {name: yes}
            told = Message("not answered, or after longer than anybody waited: left out")
            ends.choices.append(Choice("callback", name, LIKELY, told))
        elif found.looks[name].kind == "number":
            rule = {"when": {name: {"above": 0}}, "reason": str(REASONS["callback"])}
            ends.skip.append(rule)
            ends.choices.append(Choice("callback", name, LIKELY, Message("above 0: left out")))
    elif MAILBOX_FLAG.fullmatch(plain) and yes and None not in flags.values():
        ends.mailbox = ends.mailbox or name


@dataclass(frozen=True)
class _Rated:
    """A column that may tell outcomes: how many of its words are unknown, and how well it fits."""

    name: str
    unknown: tuple[str, ...]
    order: tuple[bool, bool, float, int]


def _outcome_column(found: Candidates, ends: Ends, gate: Gate) -> str | None:
    rated_columns = [
        one
        for place, name in enumerate(found.headings)
        if name not in ends.taken and (one := _rate(found, name, place)) is not None
    ]
    if not rated_columns:
        return None
    best = max(rated_columns, key=lambda one: one.order)
    for one in rated_columns:
        if one is not best:
            ends.why[one.name] = Message(
                "looks like an outcome too; that is taken from '{name}'", name=best.name
            )
    if not best.unknown:
        return best.name
    what = Message(
        "column '{name}' tells outcomes, and {words} are none that is known; say in a mapping what "
        "they mean ([[outcomes]])",
        name=best.name,
        words=_listed(best.unknown),
    )
    gate.hold("unknown-outcome", what)
    answered = "answered" in _by(_words(found, best.name), outcome_of)
    return best.name if answered else None


def _listed(words: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words[:5]) + (" …" if len(words) > 5 else "")


def is_flag(found: Candidates, name: str) -> bool | None:
    """Say whether a column flags the answered (True) or the abandoned (False); None: neither."""
    plain, words = found.headings[name].plain, _words(found, name)
    if not words or len(words) > 2 or any(flag_of(word) is None for word in words):
        return None
    if ANSWER_FLAG.fullmatch(plain):
        return True
    if ABANDON_FLAG.fullmatch(plain):
        return False
    told = rated(plain, CONTACT_ROLES["outcome"]) >= SURE and not any(map(str.isdigit, words))
    return True if told else None  # whether a code 1 means answered, nobody knows


def _rate(found: Candidates, name: str, place: int) -> _Rated | None:
    """Say how well a column tells outcomes; None where it tells none."""
    plain, words = found.headings[name].plain, _words(found, name)
    claimed = rated(plain, CONTACT_ROLES["outcome"])
    if not words or (len(words) > MOST_WORDS and claimed < SURE):
        return None
    if is_flag(found, name) is not None:
        return _Rated(name, (), (True, False, claimed, -place))
    if found.looks[name].kind != "text" and claimed < SURE:
        return None
    by = _by(words, outcome_of)
    unknown = tuple(by.pop("", ()))
    others = [role for role in CONTACT_ROLES if role not in ("outcome", "direction")]
    other = max(rated(plain, CONTACT_ROLES[role]) for role in others)
    ends = ENDS & set(by)
    clear = "answered" in by and len(by) > 1 and len(unknown) <= len(words) / 3
    if claimed < SURE and (other >= SURE or not clear):
        return None
    if not ends and found.looks[name].kind in ("number", "clock", "percent") and claimed < SURE:
        return None
    return _Rated(name, unknown, (not unknown, "answered" in by, claimed, -place))


@dataclass(frozen=True)
class Tell:
    """What else tells that somebody talked, or waited: the names of columns, None where there is none."""

    talk: str | None
    wait: str | None


def outcome_rules(
    found: Candidates, ends: Ends, tell: Tell, gate: Gate
) -> tuple[list[dict[str, Any]], Choice | None]:
    """Return the rules of the outcome and what they rest on; no rule where nothing tells it."""
    rules: list[dict[str, Any]] = []
    if any(ends.callback.values()):
        ends.skip += _callbacks(found, ends.callback, tell)
    if ends.mailbox is not None:
        yes = [word for word in found.looks[ends.mailbox].values if flag_of(word)]
        rules += _unless_talked({ends.mailbox: yes}, "overflowed", tell)
        ends.choices.append(
            Choice("outcome", ends.mailbox, LIKELY, Message("a message left: overflowed"))
        )
    if ends.outcome is not None:
        flag = is_flag(found, ends.outcome)
        if flag is None:
            more, told = _by_words(found, ends.outcome, tell, gate)
        else:
            more, told = _by_flag(found, ends.outcome, flag, tell)
        return rules + more, Choice("outcome", ends.outcome, SURE, told)
    if tell.talk is None:
        return [], None
    name = tell.talk
    told = Message("answered where {name} is not empty or 0, else abandoned", name=name)
    rules += [
        {"when": {name: {"empty": True}}, "outcome": "abandoned"},
        {"when": {name: {"zero": True}}, "outcome": "abandoned"},
        {"when": {name: {"empty": False}}, "outcome": "answered"},
    ]
    return rules, Choice("outcome", name, 0.6, told)


def _callbacks(found: Candidates, flag: dict[str, list[str]], tell: Tell) -> list[dict[str, Any]]:
    """Return rules that leave callbacks out; one that was answered while it queued stays.

    A wait longer than that of anybody who asked for no callback was no wait in the queue.
    """
    reason = str(REASONS["callback"])
    every = [{"when": flag, "reason": reason}]
    if tell.talk is None or tell.wait is None:
        return every
    ((name, words),) = flag.items()
    asked = np.isin(np.array(found.sheet.column(name), dtype=object), words)
    cells = [cell.strip() for cell in found.sheet.column(tell.wait)]
    unit = "clock" if found.looks[tell.wait].kind == "clock" else "seconds"
    waits = np.nan_to_num(durations(cells, unit, found.sheet.layout.decimal_comma))
    if waits[asked].max(initial=0.0) > waits[~asked].max(initial=0.0):
        return every
    return [
        {"when": {**flag, tell.talk: {word: True}}, "reason": reason} for word in ("empty", "zero")
    ]


def _unless_talked(when: dict[str, Any], outcome: str, tell: Tell) -> list[dict[str, Any]]:
    """Return rules of an outcome of those who were not talked with."""
    if tell.talk is None or tell.talk in when:
        return [{"when": when, "outcome": outcome}]
    return [
        {"when": {**when, tell.talk: {word: True}}, "outcome": outcome}
        for word in ("empty", "zero")
    ]


def _by_flag(
    found: Candidates, name: str, answered: bool, tell: Tell
) -> tuple[list[dict[str, Any]], Message]:
    words = {
        flag: [word for word in found.looks[name].values if flag_of(word) is flag]
        for flag in (answered, not answered)
    }
    yes, no = words[answered], words[not answered]
    told = joined(
        "; ",
        (
            Message("{words} = {meaning}", words="/".join(part), meaning=Message(what))
            for part, what in ((yes, "answered"), (no, "abandoned"))
            if part
        ),
    )
    rules: list[dict[str, Any]] = []
    if no:
        rules.append({"when": {name: no}, "outcome": "abandoned"})
    if yes and not answered and tell.talk is not None:
        if tell.wait is not None:
            waited = {name: yes, tell.wait: {"zero": False, "empty": False}}
            rules += _unless_talked(waited, "overflowed", tell)
        rules += _unless_talked({name: yes}, "self_served", tell)
        told = Message(
            "{told}; neither abandoned nor talked with: ended in the IVR, or left the queue another "
            "way",
            told=told,
        )
    if yes:
        rules.append({"when": {name: yes}, "outcome": "answered"})
    return rules, told


def _by_words(
    found: Candidates, name: str, tell: Tell, gate: Gate
) -> tuple[list[dict[str, Any]], Message]:
    by = _by(_words(found, name), outcome_of)
    by.pop("", None)
    rules: list[dict[str, Any]] = []
    for what, words in by.items():
        when = {name: words}
        if what == "callback":
            rules.append({"when": when, "drop": str(REASONS["callback"])})
        elif what in ("transferred", "hung_up"):
            rules += _by_talk(what, words, name, by, tell, gate)
        else:
            rules.append({"when": when, "outcome": what})
    told = _meant(by)
    if "answered" not in by and found.looks[name].filled < 1 and tell.talk is not None:
        nothing = {name: {"empty": True}}
        rules.append(
            {"when": {**nothing, tell.talk: {"empty": False, "zero": False}}, "outcome": "answered"}
        )
        told = Message("{told}; empty, and talked with = answered", told=told)
    return rules, told


def _by_talk(
    what: str, words: list[str], name: str, by: Mapping[str, list[str]], tell: Tell, gate: Gate
) -> list[dict[str, Any]]:
    """Return rules of words that say how a call went on, and not whether anybody talked."""
    otherwise = "overflowed" if what == "transferred" else "abandoned"
    when = {name: words}
    if tell.talk is not None:
        return [
            *_unless_talked(when, otherwise, tell),
            {"when": when, "outcome": "answered"},
        ]
    if what == "hung_up" and "answered" in by:
        return [{"when": when, "outcome": otherwise}]
    told = Message(
        "column '{name}' tells outcomes, and {words} may be answered or not; say in a mapping what "
        "they mean ([[outcomes]])",
        name=name,
        words=_listed(words),
    )
    gate.hold("unknown-outcome", told)
    return []
