"""Cells of a record in SQL: numbers, clocks, dates, conditions, names, as the importer reads them."""

from __future__ import annotations

from simcenter.history.mapping import Condition, Duration, Instant, Mapping, Names, When

__all__ = [
    "after_sql",
    "duration_sql",
    "instant_sql",
    "midnight_sql",
    "name_sql",
    "offset_sql",
    "quoted",
    "text",
    "when_sql",
]

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


def quoted(name: str) -> str:
    """Return a column's name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return a text in SQL."""
    return "'" + value.replace("'", "''") + "'"


def _grid(expression: str) -> str:
    """Round to multiples of 2⁻¹⁶ s, halves to even as NumPy does."""
    return f"(round_even(({expression}) * 65536, 0) / 65536)"


def _number(cell: str, mapping: Mapping) -> str:
    if mapping.file.decimal_comma:
        cell = f"replace(replace({cell}, '.', ''), ',', '.')"
    return (
        f"CASE WHEN regexp_full_match({cell}, {text(NUMBER)}) THEN TRY_CAST({cell} AS DOUBLE) END"
    )


def when_sql(when: When, mapping: Mapping) -> str:
    """Return whether all conditions hold."""
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


def midnight_sql(mapping: Mapping) -> str:
    """Return the midnight of the row's date, seconds since 1970; NULL: no date."""
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


def instant_sql(mapping: Mapping, field: str, midnight: str) -> str:
    """Return an instant in wall time since 1970; one without a date counts from midnight."""
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

    missing = when_sql(source.missing_when, mapping) if source.missing_when else "false"
    value = f"CASE WHEN NOT {missing} THEN {read(source.column)} END"
    if source.otherwise is None:
        return value
    other = f"({missing} OR {quoted(source.column)} = '')"
    return f"CASE WHEN {other} THEN {read(source.otherwise)} ELSE {value} END"


def offset_sql(mapping: Mapping) -> str:
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


def after_sql(mapping: Mapping, field: str, before: str) -> str:
    """Return an instant that follows another, over midnight where its clock wraps."""
    source: Instant | None = getattr(mapping.instants, field)
    if source is None:
        return "NULL::DOUBLE"
    value = instant_sql(mapping, field, "0")
    if (source.format or mapping.clock.format) not in UNDATED:
        return f"({value})"
    wrap = mapping.clock.wrap_hours * 3600.0
    return f"(CASE WHEN {value} < {before} - {wrap} THEN {value} + 86400 ELSE {value} END)"


def duration_sql(mapping: Mapping, field: str) -> str:
    """Return the seconds of a duration; NULL where there are none to read."""
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
    zero = when_sql(source.zero_when, mapping) if source.zero_when else "false"
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
