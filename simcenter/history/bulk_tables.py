"""The tables that a bulk import writes, as SQL over the rows that were worked out."""

from __future__ import annotations

from pathlib import Path

from simcenter.history.bulk_cells import text
from simcenter.history.mapping import Mapping

__all__ = ["contacts_sql", "intervals_sql"]

TARGET = 20.0
INTERVAL = 30


def contacts_sql(mapping: Mapping) -> str:
    """Return the query of the contact table (FORMATS §3), in order of arrival."""
    answered = "outcome_ = 'answered'"
    given = mapping.instants.queue_entry or mapping.durations.ivr_s
    queued_ivr = "entry_ - arrival_" if given else "NULL::DOUBLE"
    left = "CASE WHEN outcome_ = 'blocked' THEN arrival_ WHEN entry_ IS NOT NULL "
    left += "THEN entry_ + wait_ ELSE arrival_ + alone_ END"
    release = f"CASE WHEN {answered} THEN entry_ + wait_ + talk_ + hold_ ELSE {left} END"
    ivr = f"CASE WHEN outcome_ = 'blocked' THEN NULL WHEN entry_ IS NOT NULL THEN {queued_ivr} "
    ivr += "ELSE alone_ END"

    def only(value: str) -> str:
        return f"CASE WHEN {answered} THEN {value} END"

    channel = text(mapping.channel.value or "voice")
    order = "ORDER BY arrival_, type_, file_, row_"
    return f"""
        SELECT 1::BIGINT AS replication, row_number() OVER () AS contact_id,
        type_ AS contact_type, {channel} AS channel, day_ - first_ + 1 AS day,
        (DATE '1970-01-01' + day_::INT) AS date, arrival_ - shift_ AS arrival,
        entry_ - shift_ AS queue_entry, {only("entry_ + wait_ - shift_")} AS answer,
        {release} - shift_ AS release,
        {only("entry_ + wait_ + talk_ + hold_ + wrap_ - shift_")} AS wrap_end,
        outcome_ AS outcome, {only("agent_")} AS agent, {only("group_")} AS "group",
        TRY_CAST(priority_ AS BIGINT) AS priority, 1::BIGINT AS attempt,
        NULL::BIGINT AS parent_id, caller_ AS caller_id, {ivr} AS ivr_s, wait_ AS wait_s,
        {only("ring_")} AS ring_s, {only("talk_")} AS talk_s, {only("hold_")} AS hold_s,
        {only("wrap_")} AS wrap_s
        FROM (SELECT *, floor(arrival_ / 86400)::BIGINT AS day_,
              floor(arrival_ / 86400) * 86400 AS shift_,
              (SELECT floor(min(arrival_) / 86400)::BIGINT FROM worked
               WHERE reason_ IS NULL) AS first_
              FROM worked WHERE reason_ IS NULL {order})"""


def intervals_sql(contacts: Path) -> str:
    """Return the query of the interval table (FORMATS §5) of a Parquet contact table."""
    seconds = INTERVAL * 60
    return f"""
        SELECT make_timestamp((floor(start_ / {seconds}) * {seconds} * 1000000)::BIGINT) AS start,
        {INTERVAL}::DOUBLE AS minutes, contact_type AS queue, count(*)::DOUBLE AS offered,
        count(*) FILTER (outcome = 'answered')::DOUBLE AS answered,
        count(*) FILTER (outcome = 'abandoned')::DOUBLE AS abandoned,
        count(*) FILTER (outcome = 'answered' AND wait_s <= {TARGET})::DOUBLE
        AS answered_in_target, {TARGET}::DOUBLE AS target_seconds,
        sum(wait_s) FILTER (outcome = 'answered') AS wait_answered_s,
        sum(wait_s) FILTER (outcome = 'abandoned') AS wait_abandoned_s,
        sum(talk_s) AS talk_s, sum(hold_s) AS hold_s, sum(wrap_s) AS wrap_s
        FROM (SELECT *, epoch(date) + queue_entry AS start_
              FROM read_parquet({text(str(contacts))}) WHERE queue_entry IS NOT NULL)
        GROUP BY ALL ORDER BY start, queue"""
