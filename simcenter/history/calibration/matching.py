"""Which form of patience makes simulated days most like the observed ones.

Likelihood says how well a form tells who left when. What a planner needs is that the
scenario loses as many contacts and lets the others wait as long as the centre did, so the
observed days are played again with every candidate, and of those that agree equally well
within the noise of the simulation the likeliest is taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from simcenter.floor.lean import run_lean
from simcenter.floor.records import ContactTable, Floats, Ints, Outcome
from simcenter.history.calibration.patience import PatienceFit
from simcenter.history.calibration.playback import playback, with_patience
from simcenter.history.calibration.results import Agreement, Calibration, Matching, TypeFit
from simcenter.model.grid import DAY
from simcenter.model.scenario import Scenario

__all__ = ["Observed", "agreement", "match_patience", "measured", "observed_of"]

REPLICATIONS = 3
MOST_CONTACTS = 100_000
"""Of more contacts, the last so many days are played again."""

NOISE = 2.0
"""Standard errors within which two candidates agree equally well."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Observed:
    """Abandonment rate and average speed of answer of one contact type."""

    offered: int
    abandonment: float
    asa: float


def observed_of(table: ContactTable, name: str, first: float, last: float) -> Observed:
    """Measure the contacts of a type that arrived between two instants."""
    mine = (table.arrival >= first) & (table.arrival < last) & ~np.isnan(table.queue_entry)
    if name in table.types:
        mine &= table.contact_type == table.types.index(name)
    else:
        mine &= False
    return _observed(table.outcome[mine], table.wait_s[mine])


def _observed(outcome: Ints, wait: Floats) -> Observed:
    answered = outcome == Outcome.answered
    return Observed(
        offered=len(outcome),
        abandonment=float((outcome == Outcome.abandoned).mean()) if len(outcome) else 0.0,
        asa=float(wait[answered].mean()) if answered.any() else 0.0,
    )


def agreement(name: str, candidate: str, seen: Observed, simulated: list[Observed]) -> Agreement:
    """Set simulated replications beside what was observed."""
    abandonment = np.array([one.abandonment for one in simulated])
    asa = np.array([one.asa for one in simulated])
    off = _distance(seen, abandonment, asa)
    noise = float(off.std(ddof=1) / np.sqrt(len(off))) if len(off) > 1 else 0.0
    whole = _distance(seen, abandonment.mean(keepdims=True), asa.mean(keepdims=True))
    return Agreement(
        name,
        candidate,
        float(abandonment.mean()),
        float(asa.mean()),
        seen.abandonment,
        seen.asa,
        float(whole[0]),
        noise,
    )


def _distance(seen: Observed, abandonment: Floats, asa: Floats) -> Floats:
    # a point of abandonment and a second of wait are the smallest units that matter
    first = (abandonment - seen.abandonment) / max(seen.abandonment, 0.01)
    second = (asa - seen.asa) / max(seen.asa, 1.0)
    return np.asarray(np.hypot(first, second))


def match_patience(
    calibration: Calibration,
    contacts: ContactTable,
    counts: Ints,
    *,
    seed: int,
    progress: Progress | None = None,
) -> Calibration:
    """Return the calibration with the form of patience that agrees best, type by type.

    Parameters
    ----------
    calibration, contacts
        The calibration without a matching, and what it rests on.
    counts
        Agents on all days from its first to its last, [group, day, interval].
    """
    fits = {fit.name: fit.patience for fit in calibration.types}
    names = sorted({one.name for fit in fits.values() if fit for one in fit.candidates})
    if not names:
        return calibration
    days = _days(calibration, contacts)
    game = _Game(calibration, contacts, counts, days, seed)
    found: dict[str, list[Agreement]] = {fit.name: [] for fit in calibration.types}
    for done, name in enumerate(names):
        if progress is not None:
            progress(done, len(names) + 1)
        chosen = {kind: fit.choose(name) if fit else None for kind, fit in fits.items()}
        for kind, seen, simulated in game.play(chosen):
            found[kind].append(agreement(kind, name, seen, simulated))
    best = {
        kind: None if fit is None else fit.choose(_best(fit, found[kind]))
        for kind, fit in fits.items()
    }
    final = [
        agreement(kind, "none" if (fit := best[kind]) is None else fit.name, seen, simulated)
        for kind, seen, simulated in game.play(best)
    ]
    if progress is not None:
        progress(len(names) + 1, len(names) + 1)
    types = tuple(_with_patience(fit, best[fit.name]) for fit in calibration.types)
    matching = Matching(
        first=days[0],
        last=days[1],
        replications=REPLICATIONS,
        agreements=tuple(one for kind in found for one in found[kind] if fits[kind] is not None),
        chosen=tuple(final),
    )
    return replace(calibration, types=types, matching=matching)


def _with_patience(fit: TypeFit, patience: PatienceFit | None) -> TypeFit:
    return replace(fit, patience=patience)


def _best(fit: PatienceFit, agreements: list[Agreement]) -> str:
    """Return the likeliest of the candidates that agree as well as the best within noise."""
    nearest = min(agreements, key=lambda one: one.distance)
    within = {
        one.candidate
        for one in agreements
        if one.distance - nearest.distance <= NOISE * float(np.hypot(one.noise, nearest.noise))
    }
    return next(one.name for one in fit.candidates if one.name in within)


def _days(calibration: Calibration, contacts: ContactTable) -> tuple[dt.date, dt.date]:
    """Return the days to play: all, or the last that hold no more than `MOST_CONTACTS`."""
    if len(contacts) <= MOST_CONTACTS:
        return calibration.first, calibration.last
    number = int(np.sort(contacts.day)[-MOST_CONTACTS])
    assert contacts.first_date is not None
    return contacts.first_date + dt.timedelta(days=number), calibration.last


class _Game:
    """The days to play again."""

    def __init__(
        self,
        calibration: Calibration,
        contacts: ContactTable,
        counts: Ints,
        days: tuple[dt.date, dt.date],
        seed: int,
    ) -> None:
        skipped = (days[0] - calibration.first).days
        self.scenario = playback(
            calibration, contacts, *days, counts=counts[:, skipped:], seed=seed
        )
        assert contacts.first_date is not None
        begin, end = ((day - contacts.first_date).days * DAY for day in days)
        self.seen = {
            fit.name: observed_of(contacts, fit.name, begin, end + DAY) for fit in calibration.types
        }

    def play(
        self, patience: dict[str, PatienceFit | None]
    ) -> list[tuple[str, Observed, list[Observed]]]:
        """Return per type what was observed and what each replication gave."""
        scenario = with_patience(self.scenario, patience)
        played = [measured(scenario, number) for number in range(1, REPLICATIONS + 1)]
        return [(name, self.seen[name], [one[name] for one in played]) for name in patience]


def measured(scenario: Scenario, replication: int) -> dict[str, Observed]:
    """Run one replication of a scenario, and measure its types by name."""
    lean = run_lean(scenario, replication)
    callers = lean.played.callers
    outcome, kind = callers["outcome"], callers["type"]
    wait = callers["answer"] - callers["queue_entry"]
    found = {}
    for number, one in enumerate(scenario.types):
        queued = (kind == number) & ~np.isnan(callers["queue_entry"])
        found[one.name] = _observed(outcome[queued], wait[queued])
    lean.played.leave()
    return found
