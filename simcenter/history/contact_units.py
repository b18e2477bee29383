"""Units of durations, and what they hold beside their own, found out from the instants.

Where records hold a duration and the two instants between which it runs, the instants are right:
they tell the unit of the duration, whether a talk holds its hold, and a wait its ring. The total of
a row, from its arrival to its end, does as well as the instant of the end.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.records import Floats, Outcome
from simcenter.history.contact_gate import FACTORS, FEW, GREATEST_AHT, LEAST_AHT, share_by_factor
from simcenter.history.importer import Reader
from simcenter.messages import Message

__all__ = ["settle"]

Mask = NDArray[np.bool_]
SCALES = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "milliseconds": 0.001}
CLOCKS = {("m:ss", 60.0): "clock", ("clock", 1 / 60): "m:ss"}
ENOUGH = 0.8
PARTS = ("ivr_s", "wait_s", "ring_s", "talk_s", "hold_s", "wrap_s", "total_s")


def settle(
    reader: Reader, content: dict[str, Any], named: set[str], *, whole: bool
) -> dict[str, list[Message]]:
    """Correct the durations of a guess where the instants show how; say what was found.

    Parameters
    ----------
    reader
        The rows, read by the mapping as it was guessed so far.
    content
        That mapping; its durations are changed.
    named
        Durations whose unit the heading names.
    whole
        Whether the column of the talk is named for all of the handling.

    Returns
    -------
    dict
        Sentences by duration.
    """
    return _Settling(reader, content, named, whole).told


class _Settling:
    def __init__(
        self, reader: Reader, content: dict[str, Any], named: set[str], whole: bool
    ) -> None:
        self.reader, self.content, self.named = reader, content["durations"], named
        self.whole = whole
        self.told: dict[str, list[Message]] = {}
        reader.skip()
        outcome = reader.outcomes()
        midnight = reader.midnights()
        kept = reader.ledger.kept
        self.answered: Mask = kept & (outcome == Outcome.answered)
        self.lost: Mask = kept & ~self.answered
        self.values = {name: self._read(name) for name in PARTS}
        arrival = reader.instant("arrival", midnight, drop=False)
        entry = reader.after("queue_entry", arrival, midnight, False)
        answer = reader.after("answer", np.where(np.isnan(entry), arrival, entry), midnight, False)
        ended = reader.after("ended", np.where(np.isnan(answer), arrival, answer), midnight, False)
        self.arrival, self.entry, self.answer, self.ended = arrival, entry, answer, ended
        self._units()
        self._ring()
        self._total()
        self._hold()

    def _read(self, name: str) -> Floats:
        nothing = np.zeros(self.reader.size, dtype=bool)
        return self.reader.duration(name, nothing)

    def _say(self, name: str, message: Message) -> None:
        self.told.setdefault(name, []).append(message)

    def _spans(self) -> list[tuple[str, Floats]]:
        """Return the durations that lie between two instants."""
        entry = np.where(np.isnan(self.entry), self.arrival + self._given("ivr_s"), self.entry)
        answer = np.where(self.answered, self.answer, np.nan)
        queued = self.answer - entry
        spans = [
            ("total_s", self.ended - self.arrival),
            ("ivr_s", self.entry - self.arrival),
            ("wait_s", queued),
            ("talk_s", self.ended - answer),
        ]
        return [(name, span) for name, span in spans if name in self.content]

    def _given(self, name: str) -> Floats:
        return np.nan_to_num(self.values[name])

    def _units(self) -> None:
        """Change units that the instants contradict, then those in which a talk cannot be."""
        for name, span in self._spans():
            said = self.values[name]
            if share_by_factor(span, said, 1.0) >= 0.5:
                continue
            factor = max(FACTORS, key=lambda one: share_by_factor(span, said, one))
            if share_by_factor(span, said, factor) >= ENOUGH:
                self._change(name, factor, Message("the instants say so"))
        if "talk_s" not in self.content or "talk_s" in self.told:
            return
        talk = self.values["talk_s"][self.answered]
        talk = talk[~np.isnan(talk)]
        thousandth = self.content["talk_s"]["unit"] == "seconds" and "talk_s" not in self.named
        if len(talk) < FEW or not thousandth or np.median(talk) <= GREATEST_AHT:
            return
        if LEAST_AHT <= talk.mean() / 1000 <= GREATEST_AHT and (talk % 1 == 0).all():
            for name, part in self.content.items():
                if part["unit"] == "seconds" and name not in self.named:
                    self._change(name, 0.001, Message("a talk of hours cannot be"))

    def _change(self, name: str, factor: float, why: Message) -> None:
        unit = self.content[name]["unit"]
        if unit in SCALES:
            scale = min(SCALES, key=lambda one: abs(np.log(SCALES[one] / SCALES[unit] / factor)))
            other = scale if np.isclose(SCALES[scale] / SCALES[unit], factor) else None
        else:
            other = next(
                (
                    new
                    for (old, by), new in CLOCKS.items()
                    if old == unit and np.isclose(by, factor)
                ),
                None,
            )
        if other is None or other == unit:
            return
        self.content[name]["unit"] = other
        self.values[name] = self.values[name] * factor
        self._say(name, Message("unit {unit}: {why}", unit=other, why=why))

    def _ring(self) -> None:
        """Find out whether a wait holds the ring."""
        if "wait_s" not in self.content or "ring_s" not in self.content:
            return
        wait, ring = self.values["wait_s"], self.values["ring_s"]
        span = dict(self._spans())["wait_s"]
        talk, hold = self._given("talk_s"), self._given("hold_s")
        rest = self.values["total_s"] - self._given("ivr_s") - talk
        spans = [span] if not np.isnan(span).all() else [rest, rest - hold]
        rung = self.answered & (ring > 2)
        within, apart, seen = (np.zeros(len(rung), dtype=bool) for _ in range(3))
        for one in spans:
            within |= rung & (np.abs(one - wait) <= 2)
            apart |= rung & (np.abs(one - wait - ring) <= 2)
            seen |= rung & ~np.isnan(one)
        longer = (rung & (ring > wait)).any() and not within.any()
        if longer or (seen.sum() >= 2 and apart.sum() >= ENOUGH * seen.sum() > within.sum()):
            self.content["wait_s"]["excludes"] = ["ring_s"]
            self.values["wait_s"] = wait + np.nan_to_num(ring)
            self._say("wait_s", Message("without the ring, which is added"))
        elif seen.sum() >= 2 and within.sum() >= ENOUGH * seen.sum():
            self._say("wait_s", Message("with the ring"))

    def _total(self) -> None:
        """Find out whether the only duration of a row is its talk or all of it."""
        if "total_s" not in self.content:
            return
        total = self.values["total_s"]
        lasting = self.lost & (total > 0)
        rows = self.lost & ~np.isnan(total)
        whole = rows.any() and lasting.sum() > 0.5 * rows.sum()
        if whole:
            self._say("total_s", Message("the lost have one too: from arrival to end"))
        if whole or "talk_s" in self.content:
            return
        span = self.ended - self.arrival
        by_clock = ~np.isnan(self.ended - self.answer)
        if share_by_factor(span, total, 1.0) >= ENOUGH or by_clock.any():
            return
        if rows.any() or not np.isnan(self.ended).all():
            why = Message("the lost have none")
        else:
            why = Message("taken for the talk alone: nothing says so")
        self.content["talk_s"] = self.content.pop("total_s")
        self.values["talk_s"] = total
        self._say("talk_s", why)

    def _hold(self) -> None:
        """Find out whether a talk holds the hold, and the wrap."""
        if "talk_s" not in self.content:
            return
        talk, hold, wrap = (self._given(name) for name in ("talk_s", "hold_s", "wrap_s"))
        entry = np.where(np.isnan(self.entry), self.arrival + self._given("ivr_s"), self.entry)
        answer = np.where(np.isnan(self.answer), entry + self.values["wait_s"], self.answer)
        ended = np.where(np.isnan(self.ended), self.arrival + self.values["total_s"], self.ended)
        span = np.where(self.answered, ended - answer, np.nan)
        told = ~np.isnan(span)
        held = told & (hold > 2)
        includes = []
        if held.sum() >= 2:
            inside = held & (np.fmin(np.abs(span - talk), np.abs(span - talk - wrap)) <= 2)
            beside = held & (np.abs(span - talk - hold) <= 2)
            beside |= held & (np.abs(span - talk - hold - wrap) <= 2)
            if inside.sum() >= ENOUGH * held.sum() and inside.sum() > beside.sum():
                includes.append("hold_s")
        if self.whole and not includes:
            includes = [part for part in ("hold_s", "wrap_s") if part in self.content]
        elif not includes and "hold_s" in self.content and held.sum() < 2 and (hold > 2).any():
            self._say("talk_s", Message("taken for without the hold: nothing says so"))
        if includes:
            self.content["talk_s"]["includes"] = includes
            held_names = ", ".join(includes)
            self._say("talk_s", Message("holds {parts}, which is taken off", parts=held_names))
