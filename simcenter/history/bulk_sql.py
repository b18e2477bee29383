"""A mapping as SQL expressions, for records that are too many to be Python objects.

Each expression says of a row what the importer says of it, under the same words for what is
dropped; a test holds the two to one answer. What a mapping asks and SQL cannot say the same
way is refused before anything is read.
"""

from __future__ import annotations

from dataclasses import dataclass

from simcenter.errors import InputError
from simcenter.history.bulk_cells import (
    after_sql,
    duration_sql,
    instant_sql,
    midnight_sql,
    name_sql,
    offset_sql,
    quoted,
    text,
    when_sql,
)
from simcenter.history.mapping import Duration, Mapping
from simcenter.messages import Message

__all__ = ["Plan", "plan_of"]


@dataclass(frozen=True)
class Plan:
    """The query that works out a row step by step, and what drops it.

    Attributes
    ----------
    steps
        Columns by step; those of one step may use those of the steps before.
    drops
        (condition, reason), in order: a row is dropped for the first that holds.
    notes
        (kind, condition, reason) over rows that are kept: ``repaired`` or ``odd``.
    """

    steps: tuple[dict[str, str], ...]
    drops: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str, str], ...]


def plan_of(mapping: Mapping) -> Plan:
    """Return how a mapping's rows are worked out in SQL.

    Raises
    ------
    InputError
        The mapping asks for what the bulk import cannot do in the same way.
    """
    _refuse(mapping)
    drops: list[tuple[str, str]] = [
        (f"{when_sql(r.when, mapping)}", r.reason) for r in mapping.skip
    ]
    outcome = ["CASE"]
    for rule in mapping.outcomes:
        value = text(rule.outcome) if rule.outcome else "NULL"
        outcome.append(f"WHEN {when_sql(rule.when, mapping)} THEN {value}")
        if rule.drop:
            drops.append((when_sql(rule.when, mapping), rule.drop))
    first = {"outcome_": " ".join([*outcome, "END"]), "midnight_": midnight_sql(mapping)}
    first |= {f"{key}_cell": duration_sql(mapping, key) for key in _DURATIONS}
    drops.append(("outcome_ IS NULL", Message("no rule for the outcome")))
    if mapping.date is not None:
        order = mapping.date.order
        drops.append(
            (
                "midnight_ IS NULL",
                Message("date: {column} is not {order}", column=mapping.date.column, order=order),
            )
        )
    second = {
        "answered_": "outcome_ = 'answered'",
        "must_": "outcome_ IN ('answered', 'abandoned', 'overflowed', 'waiting')",
        "arrival_cell": instant_sql(mapping, "arrival", "0"),
    }
    third = {"offset_": offset_sql(mapping)}
    fourth = {
        "entry_cell": after_sql(mapping, "queue_entry", "arrival_cell"),
        "ivr_": "greatest(coalesce(ivr_s_cell, 0), 0)",
    }
    entry = "entry_cell" if mapping.instants.queue_entry else "arrival_cell + ivr_"
    may = "must_ OR outcome_ = 'dropped'" if mapping.instants.queue_entry else "must_"
    fifth = {"entry_": f"CASE WHEN {may} THEN {entry} END"}
    sixth = {
        "arrival_": "CASE WHEN entry_ < arrival_cell THEN entry_ ELSE arrival_cell END",
        "wait_clock": f"CASE WHEN answered_ THEN {after_sql(mapping, 'answer', 'entry_')} "
        f"ELSE {after_sql(mapping, 'ended', 'entry_')} END - entry_",
    }
    seventh = {"wait_": "CASE WHEN entry_ IS NOT NULL THEN coalesce(wait_s_cell, wait_clock) END"}
    eighth = {
        "answer_": "CASE WHEN answered_ THEN entry_ + wait_ END",
        "hold_": "coalesce(hold_s_cell, 0)",
        "wrap_": "coalesce(wrap_s_cell, 0)",
        "ring_": "coalesce(ring_s_cell, 0)",
    }
    ninth = {
        "talk_clock": f"{after_sql(mapping, 'ended', 'answer_')} - answer_ - hold_",
        "alone_cell": f"coalesce(ivr_s_cell, {after_sql(mapping, 'ended', 'arrival_')} - arrival_)",
        "type_": name_sql(mapping.contact_type),
    }
    tenth = {
        "talk_": "CASE WHEN answered_ THEN coalesce(talk_s_cell, talk_clock) END",
        "alone_": "CASE WHEN alone_cell IS NOT NULL THEN greatest(alone_cell, 0) END",
    }
    drops += _drops(mapping)
    steps = (first, second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth)
    return Plan(steps, tuple(drops), _notes(mapping))


_DURATIONS = ("ivr_s", "wait_s", "ring_s", "talk_s", "hold_s", "wrap_s")


def _refuse(mapping: Mapping) -> None:
    layout = mapping.file
    cannot = {
        "file.duplicates = 'drop'": layout.duplicates == "drop",
        "file.sheet": layout.sheet is not None,
        "file.form": layout.form is not None,
        f"file.encoding = '{layout.encoding}' (write the records in UTF-8)": (
            layout.encoding.lower().replace("_", "-") not in ("utf-8", "utf8", "ascii")
        ),
        "strict names": any(
            names is not None and names.strict
            for names in (mapping.contact_type, mapping.agent, mapping.group, mapping.caller_id)
        ),
        "channels by row": mapping.channel.column is not None,
        "arrival_after_queue_entry = 'drop'": (mapping.checks.arrival_after_queue_entry == "drop"),
    }
    for what, asked in cannot.items():
        if asked:
            raise InputError(
                "import: --bulk cannot do {what}; import in parts without --bulk", what=what
            )


def _drops(mapping: Mapping) -> list[tuple[str, str]]:
    source = mapping.instants.arrival
    form = source.format or mapping.clock.format
    cell = quoted(source.column)
    given = f"{cell} <> ''"
    form_told = f"arrival: {source.column} is not a clock in the format {form}"
    drops = [
        (f"arrival_cell IS NULL AND {given}", form_told),
        ("arrival_cell IS NULL", Message("no arrival")),
    ]
    if mapping.instants.queue_entry is None:
        drops += _unread(mapping, "ivr_s", "must_")
    queued = "entry_ IS NOT NULL"
    drops += [
        ("must_ AND entry_ IS NULL", Message("no queue entry for who was in the queue")),
        *_unread(mapping, "wait_s", queued),
        ("answered_ AND wait_ IS NULL", Message("answered, but neither a wait nor an answer")),
        (f"{queued} AND wait_ < 0", Message("the wait ends before it begins")),
        *_unread(mapping, "ring_s", "answered_"),
        ("answered_ AND ring_ > wait_", Message("rings longer than it waits")),
        *_unread(mapping, "hold_s", "answered_"),
        *_unread(mapping, "wrap_s", "answered_"),
        *_unread(mapping, "talk_s", "answered_"),
        ("answered_ AND talk_ IS NULL", Message("answered, but neither a talk nor an end")),
        ("answered_ AND talk_ < 0", Message("ends before it was answered")),
        *_unread(mapping, "ivr_s", "entry_ IS NULL AND outcome_ <> 'blocked'"),
        ("type_ IS NULL", Message("no contact type")),
    ]
    limit = mapping.checks.talk_limit_s
    if mapping.checks.talk_beyond_limit == "drop":
        drops.append((f"talk_ > {limit}", Message("talk beyond {limit:g} s", limit=limit)))
    return drops


def _unread(mapping: Mapping, key: str, where: str) -> list[tuple[str, str]]:
    """Return what drops a row whose duration cannot be read where it matters."""
    source: Duration | None = getattr(mapping.durations, key)
    if source is None:
        return []
    unit = "clock" if source.unit in ("clock", "m:ss") else f"number of {source.unit}"
    wrong = f"{where} AND {key}_cell IS NULL AND {quoted(source.column)} <> ''"
    drops: list[tuple[str, str]] = [
        (
            wrong,
            Message("{key}: {column} is not a {unit}", key=key, column=source.column, unit=unit),
        )
    ]
    if key != "ivr_s":
        drops.append(
            (
                f"{where} AND {key}_cell < 0",
                Message("{key}: {column} is negative", key=key, column=source.column),
            )
        )
    return drops


def _notes(mapping: Mapping) -> tuple[tuple[str, str, str], ...]:
    limit = mapping.checks.talk_limit_s
    notes = [
        (
            "repaired",
            "entry_ < arrival_cell",
            Message("arrival after queue entry: arrival set to it"),
        ),
        (
            "repaired",
            "entry_ IS NULL AND outcome_ <> 'blocked' AND alone_cell < 0",
            Message("negative IVR time: 0"),
        ),
        (
            "odd",
            "entry_ IS NOT NULL AND wait_ IS NULL",
            Message("in the queue, but no wait recorded"),
        ),
        ("odd", f"talk_ > {limit}", Message("talk beyond {limit:g} s", limit=limit)),
        ("odd", "talk_ = 0", Message("answered with no talk time")),
        (
            "odd",
            "floor(greatest(answer_ + talk_ + hold_ + wrap_, entry_ + wait_) / 86400) "
            "> floor(arrival_ / 86400)",
            Message("ends after midnight of its day"),
        ),
    ]
    for key in ("hold_s", "wrap_s"):
        if getattr(mapping.durations, key) is not None:
            notes.append(
                (
                    "repaired",
                    f"answered_ AND {key}_cell IS NULL",
                    Message("no {key} recorded: 0", key=key),
                )
            )
    beyond = Message("by more than {limit:g} s", limit=mapping.checks.clock_tolerance_s)
    off = f"> {mapping.checks.clock_tolerance_s}"
    if mapping.durations.wait_s is not None:
        notes += [
            (
                "repaired",
                "wait_s_cell IS NULL AND wait_ IS NOT NULL",
                Message("no wait recorded: taken from the clocks"),
            ),
            (
                "odd",
                f"answered_ AND abs(wait_clock - wait_s_cell) {off}",
                Message("answer clock is not queue entry + wait {beyond}", beyond=beyond),
            ),
        ]
    if mapping.durations.talk_s is not None:
        notes += [
            (
                "repaired",
                "talk_s_cell IS NULL AND talk_ IS NOT NULL",
                Message("no talk recorded: taken from the clocks"),
            ),
            (
                "odd",
                f"answered_ AND abs(talk_clock - talk_s_cell) {off}",
                Message("end clock is not answer + talk + hold {beyond}", beyond=beyond),
            ),
            (
                "odd",
                "NOT answered_ AND talk_s_cell > 0",
                Message("not answered, but a talk is recorded: left out"),
            ),
        ]
    if mapping.agent is not None:
        nameless = f"answered_ AND {name_sql(mapping.agent)} IS NULL"
        notes.append(("odd", nameless, Message("answered by an agent without a name")))
    return tuple(notes)
