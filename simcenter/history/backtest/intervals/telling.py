"""What a backtest of totals takes for granted: what an interval table cannot tell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from simcenter.floor.records import Floats
from simcenter.history.backtest.intervals.differing import handled_of
from simcenter.history.backtest.intervals.model import SlotModel
from simcenter.history.backtest.intervals.slots import Slots
from simcenter.history.backtest.replay import MEASURED
from simcenter.messages import Message

__all__ = ["assumed_of", "said_of_agents"]

ALWAYS = (
    Message(
        "callers: an interval has as many contacts as it told, at even chance within it; each "
        "counts where it entered the queue"
    ),
    Message("waits: totals tell their mean; how they are spread is the simulation's alone"),
    Message("order of service: first come, first served within a queue"),
    Message(
        "handling: of an interval's contacts only the mean is told; in the split of the error the "
        "real handling is that mean"
    ),
    Message(
        "patience: exponential; in the split of the error the real patience is the one that agrees "
        "best with the abandonment and the ASA of the held-out days"
    ),
)

NAMES = {
    "offered": Message("volume"),
    "asa": Message("ASA"),
    "abandonment_rate": Message("abandonment rate"),
    "answer_rate": Message("answer rate"),
    "service_level": Message("service level"),
}
"""Of the measures, within a sentence."""

FEW_SHOWN = 5


def assumed_of(model: SlotModel, held: Sequence[Slots]) -> tuple[str, ...]:
    """Return what is taken for granted, one sentence each."""
    return (
        *ALWAYS,
        *said_of_agents(held),
        *_differences(model),
        *_missing(held),
        *_odd(held),
        *_unseen(model, held),
        *model.calibration.assumed,
    )


def said_of_agents(held: Sequence[Slots]) -> list[str]:
    """Return whose agents are told, and what they are taken to do."""
    names = list(dict.fromkeys(name for slots in held for name in slots.names))
    told = {one.name for slots in held for one in slots.queues if one.told("agents")}
    said: list[str] = []
    if told:
        said.append(
            Message(
                "agents: as many as an interval tells on average, coming and going within it; where "
                "nobody comes they stay until the queue is empty"
            )
        )
    if len(names) > 1:
        said.append(Message("agents: each queue has its own; none serves two"))
    blind = [
        name
        for name in names
        if any(one.name == name and not one.told("agents") for s in held for one in s.queues)
    ]
    if blind:
        said.append(
            Message(
                "agents: not told for {names}; as many by kind of day as the calibration found, so "
                "ASA and abandonment there are no test of staffing",
                names=", ".join(blind),
            )
        )
    said += [_shared(pair) for pair in combinations(names, 2) if _alike(*pair, held)]
    said += [
        Message(
            "agents: {name} was handled for longer than its agents were there; others must have "
            "helped",
            name=name,
        )
        for name in names
        if _handled_over_there(name, held) > 1.0
    ]
    return said


def _shared(pair: tuple[str, str]) -> Message:
    return Message(
        "agents: {one} and {other} tell as many in every interval; if they are the same people, "
        "they are simulated twice",
        one=pair[0],
        other=pair[1],
    )


def _alike(name: str, other: str, held: Sequence[Slots]) -> bool:
    """Say whether two queues tell the same agents wherever both tell some, and not always as many."""
    shared: list[Floats] = []
    for slots in held:
        found = {one.name: one.agents for one in slots.queues}
        if name in found and other in found:
            known = np.isfinite(found[name]) & np.isfinite(found[other])
            if (found[name][known] != found[other][known]).any():
                return False
            shared.append(found[name][known])
    return bool(shared) and len(np.unique(np.concatenate(shared))) > 2


def _handled_over_there(name: str, held: Sequence[Slots]) -> float:
    """Return the seconds of handling over those of agents, where both are told."""
    handled = there = 0.0
    for slots in held:
        for one in slots.queues:
            if one.name == name:
                known = np.isfinite(handled_of(one)) & np.isfinite(one.agents)
                handled += float(handled_of(one)[known].sum())
                there += float(one.agents[known].sum()) * slots.step
    return handled / there if there > 0 else 0.0


def _differences(model: SlotModel) -> list[str]:
    said: list[str] = [
        Message(
            "bands: chance of single callers, of days that differ, and of the level at which "
            "handling stands; other parameters are taken as exact"
        )
    ]
    lost = [
        fit.name
        for fit, one in zip(model.calibration.types, model.trained.queues, strict=True)
        if fit.patience is None and np.nansum(one.abandoned) > 0
    ]
    if lost:
        said.append(
            Message(
                "patience: not to be found for {names} without wait_answered_s; its callers never "
                "abandon",
                names=", ".join(lost),
            )
        )
    if not model.trained.tell("abandoned", "wait_answered", "wait_abandoned"):
        said.append(
            Message(
                "patience: days are alike in it, for the waits of those who gave up are not told"
            )
        )
    return said


def _missing(held: Sequence[Slots]) -> list[str]:
    """Return the measures that are left out, wholly or in part."""
    said: list[str] = []
    for place, key in enumerate(MEASURED):
        busy = sum(int((slots.came.sum(axis=0) > 0).sum()) for slots in held)
        told = sum(
            int((slots.known[place] & (slots.came.sum(axis=0).ravel() > 0)).sum()) for slots in held
        )
        if not told:
            said.append(Message("{measure}: not told by the table; left out", measure=NAMES[key]))
        elif told < busy:
            said.append(
                Message(
                    "{measure}: of {told} of {busy} intervals with contacts; the others do not "
                    "tell it",
                    measure=NAMES[key],
                    told=told,
                    busy=busy,
                )
            )
    return said


def _odd(held: Sequence[Slots]) -> list[str]:
    said: list[str] = []
    silent = [
        str(date)
        for slots in held
        for date, none in zip(slots.dates.each, slots.silent.tolist(), strict=True)
        if none
    ]
    if silent:
        said.append(
            Message(
                "held-out days without a row, taken as closed ({count}): {dates}",
                count=len(silent),
                dates=", ".join(silent[:FEW_SHOWN]) + (" …" if len(silent) > FEW_SHOWN else ""),
            )
        )
    wrong = sum(slots.contradictory for slots in held)
    if wrong:
        said.append(
            Message(
                "intervals that tell more answered and abandoned than offered, and stand as told: {wrong}",
                wrong=wrong,
            )
        )
    return said


def _unseen(model: SlotModel, held: Sequence[Slots]) -> list[str]:
    return [
        Message(
            "contact type {name}: not in the days of the calibration; taken to be like the busiest",
            name=name,
        )
        for name in sorted({name for slots in held for name in model.unseen(slots)})
    ]
