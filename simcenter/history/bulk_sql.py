"""A mapping as SQL expressions, for records that are too many to be Python objects.

Each expression says of a row what the importer says of it, under the same words for what is
dropped; a test holds the two to one answer. What a mapping asks and SQL cannot say the same
way is refused before anything is read.
"""

from __future__ import annotations

from dataclasses import dataclass

from simcenter.errors import InputError
from simcenter.history.mapping import Condition, Duration, Instant, Mapping, Names, When

__all__ = ["Plan", "name_sql", "plan_of", "quoted", "text"]

SCALES = {"seconds": "1", "minutes": "60", "hours": "3600", "milliseconds": "0.001"}
NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
ZERO = "[0:.,]*0[0:.,]*"
CLOCK = r"(\d{1,2}):([0-5]\d)(?::([0-5]\d(?:[.,]\d+)?))?"
LONGEST_CLOCK = CLOCK.replace("{1,2}", "{1,5}", 1)
EARLIEST, LATEST = -2208988800, 7258118400
"""The years 1900 to 2200, in seconds since 1970."""
OFFSET = r"[T ].*(Z|[+-]\d\d(:?\d\d)?)$"
ORDERS = {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y", "ymd": "%Y/%m/%d"}
UNDATED = ("h:mm:ss", "hh:mm", "seconds")


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


def quoted(name: str) -> str:
    """Return a column's name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return a text in SQL."""
    return "'" + value.replace("'", "''") + "'"


def plan_of(mapping: Mapping) -> Plan:
    """Return how a mapping's rows are worked out in SQL.

    Raises
    ------
    InputError
        The mapping asks for what the bulk import cannot do in the same way.
    """
    _refuse(mapping)
    drops: list[tuple[str, str]] = [(f"{_all(r.when, mapping)}", r.reason) for r in mapping.skip]
    outcome = ["CASE"]
    for rule in mapping.outcomes:
        value = text(rule.outcome) if rule.outcome else "NULL"
        outcome.append(f"WHEN {_all(rule.when, mapping)} THEN {value}")
        if rule.drop:
            drops.append((_all(rule.when, mapping), rule.drop))
    first = {"outcome_": " ".join([*outcome, "END"]), "midnight_": _midnight(mapping)}
    first |= {f"{key}_cell": _duration(mapping, key) for key in _DURATIONS}
    drops.append(("outcome_ IS NULL", "no rule for the outcome"))
    if mapping.date is not None:
        order = mapping.date.order
        drops.append(("midnight_ IS NULL", f"date: {mapping.date.column} is not {order}"))
    second = {
        "answered_": "outcome_ = 'answered'",
        "must_": "outcome_ IN ('answered', 'abandoned', 'overflowed', 'waiting')",
        "arrival_cell": _instant(mapping, "arrival", "0"),
    }
    third = {"offset_": _offset(mapping)}
    fourth = {
        "entry_cell": _after(mapping, "queue_entry", "arrival_cell"),
        "ivr_": "greatest(coalesce(ivr_s_cell, 0), 0)",
    }
    entry = "entry_cell" if mapping.instants.queue_entry else "arrival_cell + ivr_"
    may = "must_ OR outcome_ = 'dropped'" if mapping.instants.queue_entry else "must_"
    fifth = {"entry_": f"CASE WHEN {may} THEN {entry} END"}
    sixth = {
        "arrival_": "CASE WHEN entry_ < arrival_cell THEN entry_ ELSE arrival_cell END",
        "wait_clock": f"CASE WHEN answered_ THEN {_after(mapping, 'answer', 'entry_')} "
        f"ELSE {_after(mapping, 'ended', 'entry_')} END - entry_",
    }
    seventh = {"wait_": "CASE WHEN entry_ IS NOT NULL THEN coalesce(wait_s_cell, wait_clock) END"}
    eighth = {
        "answer_": "CASE WHEN answered_ THEN entry_ + wait_ END",
        "hold_": "coalesce(hold_s_cell, 0)",
        "wrap_": "coalesce(wrap_s_cell, 0)",
        "ring_": "coalesce(ring_s_cell, 0)",
    }
    ninth = {
        "talk_clock": f"{_after(mapping, 'ended', 'answer_')} - answer_ - hold_",
        "alone_cell": f"coalesce(ivr_s_cell, {_after(mapping, 'ended', 'arrival_')} - arrival_)",
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
            raise InputError(f"import: --bulk cannot do {what}; import in parts without --bulk")


def _drops(mapping: Mapping) -> list[tuple[str, str]]:
    source = mapping.instants.arrival
    form = source.format or mapping.clock.format
    cell = quoted(source.column)
    given = f"{cell} <> ''"
    form_told = f"arrival: {source.column} is not a clock in the format {form}"
    drops = [
        (f"arrival_cell IS NULL AND {given}", form_told),
        ("arrival_cell IS NULL", "no arrival"),
    ]
    if mapping.instants.queue_entry is None:
        drops += _unread(mapping, "ivr_s", "must_")
    queued = "entry_ IS NOT NULL"
    drops += [
        ("must_ AND entry_ IS NULL", "no queue entry for who was in the queue"),
        *_unread(mapping, "wait_s", queued),
        ("answered_ AND wait_ IS NULL", "answered, but neither a wait nor an answer"),
        (f"{queued} AND wait_ < 0", "the wait ends before it begins"),
        *_unread(mapping, "ring_s", "answered_"),
        ("answered_ AND ring_ > wait_", "rings longer than it waits"),
        *_unread(mapping, "hold_s", "answered_"),
        *_unread(mapping, "wrap_s", "answered_"),
        *_unread(mapping, "talk_s", "answered_"),
        ("answered_ AND talk_ IS NULL", "answered, but neither a talk nor an end"),
        ("answered_ AND talk_ < 0", "ends before it was answered"),
        *_unread(mapping, "ivr_s", "entry_ IS NULL AND outcome_ <> 'blocked'"),
        ("type_ IS NULL", "no contact type"),
    ]
    limit = mapping.checks.talk_limit_s
    if mapping.checks.talk_beyond_limit == "drop":
        drops.append((f"talk_ > {limit}", f"talk beyond {limit:g} s"))
    return drops


def _unread(mapping: Mapping, key: str, where: str) -> list[tuple[str, str]]:
    """Return what drops a row whose duration cannot be read where it matters."""
    source: Duration | None = getattr(mapping.durations, key)
    if source is None:
        return []
    unit = "clock" if source.unit in ("clock", "m:ss") else f"number of {source.unit}"
    wrong = f"{where} AND {key}_cell IS NULL AND {quoted(source.column)} <> ''"
    drops = [(wrong, f"{key}: {source.column} is not a {unit}")]
    if key != "ivr_s":
        drops.append((f"{where} AND {key}_cell < 0", f"{key}: {source.column} is negative"))
    return drops


def _notes(mapping: Mapping) -> tuple[tuple[str, str, str], ...]:
    limit = mapping.checks.talk_limit_s
    notes = [
        ("repaired", "entry_ < arrival_cell", "arrival after queue entry: arrival set to it"),
        (
            "repaired",
            "entry_ IS NULL AND outcome_ <> 'blocked' AND alone_cell < 0",
            "negative IVR time: 0",
        ),
        ("odd", "entry_ IS NOT NULL AND wait_ IS NULL", "in the queue, but no wait recorded"),
        ("odd", f"talk_ > {limit}", f"talk beyond {limit:g} s"),
        ("odd", "talk_ = 0", "answered with no talk time"),
        (
            "odd",
            "floor(greatest(answer_ + talk_ + hold_ + wrap_, entry_ + wait_) / 86400) "
            "> floor(arrival_ / 86400)",
            "ends after midnight of its day",
        ),
    ]
    for key in ("hold_s", "wrap_s"):
        if getattr(mapping.durations, key) is not None:
            notes.append(("repaired", f"answered_ AND {key}_cell IS NULL", f"no {key} recorded: 0"))
    beyond = f"by more than {mapping.checks.clock_tolerance_s:g} s"
    off = f"> {mapping.checks.clock_tolerance_s}"
    if mapping.durations.wait_s is not None:
        notes += [
            (
                "repaired",
                "wait_s_cell IS NULL AND wait_ IS NOT NULL",
                "no wait recorded: taken from the clocks",
            ),
            (
                "odd",
                f"answered_ AND abs(wait_clock - wait_s_cell) {off}",
                f"answer clock is not queue entry + wait {beyond}",
            ),
        ]
    if mapping.durations.talk_s is not None:
        notes += [
            (
                "repaired",
                "talk_s_cell IS NULL AND talk_ IS NOT NULL",
                "no talk recorded: taken from the clocks",
            ),
            (
                "odd",
                f"answered_ AND abs(talk_clock - talk_s_cell) {off}",
                f"end clock is not answer + talk + hold {beyond}",
            ),
            (
                "odd",
                "NOT answered_ AND talk_s_cell > 0",
                "not answered, but a talk is recorded: left out",
            ),
        ]
    if mapping.agent is not None:
        nameless = f"answered_ AND {name_sql(mapping.agent)} IS NULL"
        notes.append(("odd", nameless, "answered by an agent without a name"))
    return tuple(notes)


def _grid(expression: str) -> str:
    """Round to multiples of 2⁻¹⁶ s, halves to even as NumPy does."""
    return f"(round_even(({expression}) * 65536, 0) / 65536)"


def _number(cell: str, mapping: Mapping) -> str:
    if mapping.file.decimal_comma:
        cell = f"replace(replace({cell}, '.', ''), ',', '.')"
    return (
        f"CASE WHEN regexp_full_match({cell}, {text(NUMBER)}) THEN TRY_CAST({cell} AS DOUBLE) END"
    )


def _all(when: When, mapping: Mapping) -> str:
    parts = [_meets(quoted(name), one, mapping) for name, one in when.items()]
    return "(" + " AND ".join(parts) + ")"


def _meets(cell: str, condition: Condition, mapping: Mapping) -> str:
    holds: list[str] = []
    for word, value in condition.model_dump(exclude_none=True).items():
        if word in ("equals", "not_equals"):
            holds.append(f"{cell} {'=' if word == 'equals' else '<>'} {text(value)}")
        elif word in ("in_", "not_in"):
            listed = ", ".join(map(text, value)) or "NULL"
            holds.append(f"{cell} {'IN' if word == 'in_' else 'NOT IN'} ({listed})")
        elif word == "empty":
            holds.append(f"{cell} {'=' if value else '<>'} ''")
        elif word == "zero":
            holds.append(f"{'' if value else 'NOT '}regexp_full_match({cell}, {text(ZERO)})")
        else:
            sign = {"above": ">", "at_least": ">=", "below": "<", "at_most": "<="}[word]
            holds.append(f"coalesce({_number(cell, mapping)} {sign} {float(value)!r}, false)")
    return " AND ".join(holds)


def _midnight(mapping: Mapping) -> str:
    if mapping.date is None:
        return "NULL::DOUBLE"
    cell, order = quoted(mapping.date.column), mapping.date.order
    if order in ("yymmdd", "yyyymmdd"):
        form = "%y%m%d" if order == "yymmdd" else "%Y%m%d"
        parsed = f"CASE WHEN length({cell}) = {len(order)} THEN try_strptime({cell}, '{form}') END"
    elif "%" in order:
        parsed = f"try_strptime({cell}, {text(order)})"
    else:
        plain = f"regexp_replace(regexp_replace({cell}, '[T ].*$', ''), '[-.]', '/', 'g')"
        parsed = f"try_strptime({plain}, '{ORDERS[order]}')"
    return f"epoch({parsed})"


def _clock(cell: str, form: str, mapping: Mapping) -> str:
    """Return seconds since midnight, or since 1970 as they are written (epochs: UTC)."""
    if form in ("h:mm:ss", "hh:mm"):
        return _parts(cell, CLOCK)
    if form == "seconds":
        return _number(cell, mapping)
    if form.startswith("epoch"):
        scale = " / 1000.0" if form == "epoch-milliseconds" else ""
        return f"({_number(cell, mapping)}){scale}"
    if form != "iso":
        return f"epoch(try_strptime({cell}, {text(form)}))"
    bare = rf"regexp_replace({cell}, '(Z|([T ].*)[+-]\d\d(:?\d\d)?)$', '\2')"
    return f"epoch(TRY_CAST({bare} AS TIMESTAMP))"


def _parts(cell: str, pattern: str) -> str:
    """Return the seconds of a clock h:mm:ss."""
    group = f"regexp_extract({cell}, {text(pattern)}, "
    seconds = f"coalesce(TRY_CAST(replace({group}3), ',', '.') AS DOUBLE), 0)"
    clock = f"{group}1)::INT * 3600 + {group}2)::INT * 60 + {seconds}"
    return f"CASE WHEN regexp_full_match({cell}, {text(pattern)}) THEN {clock} END"


def _in_zone(cell: str, form: str, mapping: Mapping, field: str) -> str:
    """Return wall time; instants after the arrival count on the offset of the arrival."""
    written, zone = _clock(cell, form, mapping), mapping.clock.timezone
    if zone is None or not (form == "iso" or form.startswith("epoch")):
        return written
    absolute, utc = "true", written
    if form == "iso":
        absolute = f"regexp_matches({cell}, {text(OFFSET)})"
        utc = f"epoch(TRY_CAST({cell} AS TIMESTAMPTZ))"
    known = f"{absolute} AND {utc} >= {EARLIEST} AND {utc} < {LATEST}"
    if field == "arrival":
        wall = f"epoch(timezone({text(zone)}, to_timestamp(CASE WHEN {known} THEN {utc} END)))"
        return f"CASE WHEN {absolute} THEN {wall} ELSE {written} END"
    return f"CASE WHEN {absolute} THEN {utc} + offset_ ELSE {written} END"


def _instant(mapping: Mapping, field: str, midnight: str) -> str:
    source: Instant | None = getattr(mapping.instants, field)
    if source is None:
        return "NULL::DOUBLE"
    form = source.format or mapping.clock.format
    undated = form in UNDATED or ("%" in form and "%d" not in form and "%j" not in form)
    shift = "midnight_" if undated and mapping.date is not None else midnight

    def read(column: str) -> str:
        value = _grid(_in_zone(quoted(column), form, mapping, field))
        low, high = (0, 2 * 86400) if undated else (EARLIEST, LATEST)
        inside = f"CASE WHEN {value} >= {low} AND {value} < {high} THEN {value} END"
        return f"({inside} + {shift if undated else '0'})"

    missing = _all(source.missing_when, mapping) if source.missing_when else "false"
    value = f"CASE WHEN NOT {missing} THEN {read(source.column)} END"
    if source.otherwise is None:
        return value
    other = f"({missing} OR {quoted(source.column)} = '')"
    return f"CASE WHEN {other} THEN {read(source.otherwise)} ELSE {value} END"


def _offset(mapping: Mapping) -> str:
    """Return by how much the wall time of the arrival is before UTC."""
    zone, source = mapping.clock.timezone, mapping.instants.arrival
    form = source.format or mapping.clock.format
    cell = quoted(source.column)
    if zone is None or not (form == "iso" or form.startswith("epoch")):
        return "0.0"
    utc = (
        f"epoch(TRY_CAST({cell} AS TIMESTAMPTZ))" if form == "iso" else _clock(cell, form, mapping)
    )
    return f"arrival_cell - {_grid(utc)}"


def _after(mapping: Mapping, field: str, before: str) -> str:
    """Return an instant that follows another, over midnight where its clock wraps."""
    source: Instant | None = getattr(mapping.instants, field)
    if source is None:
        return "NULL::DOUBLE"
    value = _instant(mapping, field, "0")
    if (source.format or mapping.clock.format) not in UNDATED:
        return f"({value})"
    wrap = mapping.clock.wrap_hours * 3600.0
    return f"(CASE WHEN {value} < {before} - {wrap} THEN {value} + 86400 ELSE {value} END)"


def _duration(mapping: Mapping, field: str) -> str:
    source: Duration | None = getattr(mapping.durations, field)
    if source is None:
        return "NULL::DOUBLE"
    cell = quoted(source.column)
    if source.unit in ("clock", "m:ss"):
        read = f"({_parts(cell, LONGEST_CLOCK)}) / {60.0 if source.unit == 'm:ss' else 1.0}"
        if source.unit == "clock":  # a number below 1 is a fraction of a day
            days = f"({_number(cell, mapping)})"
            whole = f"round_even({days} * 86400, 0)"
            read = f"CASE WHEN {days} >= 0 AND {days} < 1 THEN {whole} ELSE {read} END"
    else:
        read = f"({_number(cell, mapping)}) * {SCALES[source.unit]}"
    zero = _all(source.zero_when, mapping) if source.zero_when else "false"
    return f"CASE WHEN {zero} THEN 0.0 ELSE {_grid(read)} END"


def name_sql(source: Names | None) -> str:
    """Return the name of a row, NULL where there is none."""
    if source is None:
        return "NULL::VARCHAR"
    if source.column is None:
        return text(source.value or "")
    cell = quoted(source.column)
    missing = ", ".join(text(word) for word in ("", *source.missing))
    renamed = "".join(f" WHEN {text(old)} THEN {text(new)}" for old, new in source.map.items())
    value = f"CASE {cell}{renamed} ELSE {cell} END" if renamed else cell
    default = text(source.default) if source.default else "NULL"
    return f"CASE WHEN {cell} IN ({missing}) THEN {default} ELSE coalesce({value}, {default}) END"
