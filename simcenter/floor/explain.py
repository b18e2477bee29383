"""Why one contact waited as it did, in a few sentences read off the tables of a run.

Nothing is simulated again: who was ahead, who was on a break and which agents were busy
with what all stand in the contact and activity tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simcenter.errors import InputError, unknown
from simcenter.floor.explain_words import EXPLAIN
from simcenter.floor.records import HANDLING, ActivityTable, ContactTable, Outcome
from simcenter.model.clock import DAY, clock_text
from simcenter.model.scenario import Scenario

__all__ = ["explain"]


def explain(
    scenario: Scenario,
    contacts: ContactTable,
    activities: ActivityTable,
    contact_id: int,
    language: str = "en",
) -> str:
    """Tell in a few sentences why a contact waited as it did.

    Parameters
    ----------
    scenario, contacts, activities
        What was run, and the tables it left.
    contact_id
        The number of the contact, from 1.
    language
        ``"en"`` or ``"zh"``.

    Raises
    ------
    InputError
        When the run has no such contact, or there are no words in the language.
    """
    if not 1 <= contact_id <= len(contacts):
        raise InputError(f"contact_id: got {contact_id}; must be from 1 to {len(contacts)}")
    if language not in EXPLAIN:
        raise InputError(f"language: {unknown('language', language, EXPLAIN)}")
    told = _Told(scenario, contacts, activities, contact_id - 1, EXPLAIN[language])
    return told.words["sentence"].join(told.sentences())


@dataclass(frozen=True, eq=False)
class _Told:
    """One contact under explanation, and the words for it."""

    scenario: Scenario
    contacts: ContactTable
    activities: ActivityTable
    row: int
    words: Mapping[str, str]

    def sentences(self) -> list[str]:
        outcome = Outcome(self.contacts.outcome[self.row])
        if outcome == Outcome.blocked:
            return [self._arrival(), self._say("blocked", lines=self.scenario.lines)]
        if np.isnan(self.contacts.queue_entry[self.row]):
            return [self._arrival(), self._ivr_end(outcome)]
        return [self._arrival(), *self._queue(outcome)]

    def _say(self, key: str, **found: object) -> str:
        return self.words[key].format(**found)

    def _clock(self, instant: float) -> str:
        return clock_text(instant - (int(self.contacts.day[self.row]) - 1) * DAY)

    def _seconds(self, duration: float) -> str:
        return self._say("seconds", time=f"{duration:.{0 if duration >= 10 else 1}f}")

    def _arrival(self) -> str:
        contacts, row = self.contacts, self.row
        many = contacts.day[-1] > 1
        waited = not np.isnan(contacts.ivr_s[row]) and not np.isnan(contacts.queue_entry[row])
        return self._say(
            "arrived",
            number=row + 1,
            kind=contacts.types[contacts.contact_type[row]],
            when=self._clock(contacts.arrival[row]),
            day=self._say("of_day", day=contacts.day[row]) if many else "",
            ivr=self._say("in_ivr", time=self._seconds(contacts.ivr_s[row])) if waited else "",
        )

    def _ivr_end(self, outcome: Outcome) -> str:
        ends = {
            Outcome.self_served: "self_served",
            Outcome.ivr_abandoned: "ivr_abandoned",
            Outcome.dropped: "ivr_dropped",
        }
        spent = self._seconds(self.contacts.ivr_s[self.row])
        return self._say(ends.get(outcome, "ivr_end"), time=spent)

    def _queue(self, outcome: Outcome) -> list[str]:
        contacts, row = self.contacts, self.row
        wait = float(contacts.wait_s[row])
        able = [
            number
            for number, agent in enumerate(self.scenario.agents)
            if agent.levels[contacts.contact_type[row]]
        ]
        if outcome == Outcome.answered and wait == 0:
            return [self._say("at_once", agent=contacts.agents[contacts.agent[row]])]
        people = self._people(able, float(contacts.queue_entry[row]))
        return [people, *self._ahead(able), self._end(outcome, wait)]

    def _people(self, able: list[int], instant: float) -> str:
        """Tell what the agents with the skill did when the contact entered the queue."""
        if not able:
            return self._say("no_skill")
        table = self.activities
        now = np.isin(table.agent, able) & (table.start <= instant) & (instant < table.end)
        busy: Counter[str] = Counter()
        away: Counter[str] = Counter()
        for place in np.flatnonzero(now):
            state = table.states[table.state[place]]
            if state in HANDLING:
                kind = self.contacts.contact_type[table.contact_id[place] - 1]
                inside = self._say("bracket", text=self._state(state))
                busy[self.contacts.types[kind] + inside] += 1
            elif state != "available":
                away[state] += 1
        if not now.any():
            return self._say("nobody", able=len(able))
        listed = self.words["and"].join(
            self._say("busy_with", count=count, kind=name) for name, count in busy.most_common()
        )
        parts = [
            self._say(
                "handling",
                busy=sum(busy.values()),
                with_what=self._say("bracket", text=listed) if busy else "",
            ),
            *(
                self._say(
                    "is" if state in {"late", "absent"} else "on",
                    count=count,
                    state=self._state(state),
                )
                for state, count in away.most_common()
            ),
        ]
        names = self._names(now, away)
        return self._say("people", able=len(able), parts=self.words["and"].join(parts), names=names)

    def _state(self, state: str) -> str:
        return self.words.get(state, state)

    def _names(self, now: np.ndarray, away: Counter[str]) -> str:
        """Name those who were away, when they are few enough to name."""
        table = self.activities
        names = [
            table.agents[table.agent[place]]
            for place in np.flatnonzero(now)
            if table.states[table.state[place]] in away
        ]
        few = 0 < len(names) <= 6
        return self._say("bracket", text=self.words["and"].join(names)) if few else ""

    def _ahead(self, able: list[int]) -> list[str]:
        """Tell who waited already, and who came later yet was answered before."""
        contacts, row = self.contacts, self.row
        entry = contacts.queue_entry[row]
        own_end = entry + contacts.wait_s[row]
        shared = {
            kind
            for kind in range(len(self.scenario.types))
            if any(self.scenario.agents[number].levels[kind] for number in able)
        }
        rival = np.isin(contacts.contact_type, list(shared))
        rival[row] = False
        ends = contacts.queue_entry + contacts.wait_s
        waiting = rival & (contacts.queue_entry <= entry) & (ends > entry)
        answered = contacts.outcome == Outcome.answered
        before = waiting & answered & (contacts.answer <= own_end)
        passed = (
            rival & answered & (contacts.queue_entry > entry) & (contacts.answer < own_end)
            & (contacts.wait_s > 0)
        )  # fmt: skip
        types = ""
        if waiting.any():
            types = self._say("before", types=self._by_type(waiting), before=int(before.sum()))
        found = [self._say("waiting", contacts=self._contacts(waiting), types=types)]
        if passed.any():
            told = {"contacts": self._contacts(passed), "types": self._by_type(passed)}
            found.append(self._say("passed", **told))
        return found

    def _contacts(self, chosen: np.ndarray) -> str:
        count = int(chosen.sum())
        return self._say({0: "no_contact", 1: "one_contact"}.get(count, "contacts"), count=count)

    def _by_type(self, chosen: np.ndarray) -> str:
        counts = Counter(self.contacts.types[k] for k in self.contacts.contact_type[chosen])
        return self.words["and"].join(f"{count} {name}" for name, count in counts.most_common())

    def _end(self, outcome: Outcome, wait: float) -> str:
        contacts, row = self.contacts, self.row
        time = self._seconds(wait)
        if outcome == Outcome.answered:
            return self._say(
                "answered",
                agent=contacts.agents[contacts.agent[row]],
                when=self._clock(contacts.answer[row]),
                time=time,
                freed=self._freed(),
            )
        if outcome == Outcome.abandoned:
            return self._say("gave_up" if wait > 0 else "balked", time=time)
        return self._say("dropped" if outcome == Outcome.dropped else "still", time=time)

    def _freed(self) -> str:
        """Say what the agent who answered was freed by, if by a contact."""
        contacts, row = self.contacts, self.row
        same = (contacts.agent == contacts.agent[row]) & (contacts.wrap_end == contacts.answer[row])
        same[row] = False
        if not same.any():
            return self.words["came_on"] if contacts.wait_s[row] > 0 else ""
        return self._say("freed", number=int(contacts.contact_id[same][0]))
