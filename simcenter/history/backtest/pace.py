"""How long each agent takes, against what the same contacts take everybody.

People differ far more than months do, so a month in which other people work is a month with
another handle time. The factor of an agent is the mean of (talk / mean talk of that type),
drawn towards the mean of all agents as far as it is uncertain (Bühlmann and Straub's
credibility, Mitt. Ver. Schweiz. Vers.-Math. 70, 1970, pp. 111-133); somebody new is taken to be
like the mean of all agents, which is not the mean of all contacts: the slow handle fewer.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simcenter.floor.lean import run_lean
from simcenter.floor.records import ContactTable, Floats, Ints, Outcome
from simcenter.model.distributions import Gamma
from simcenter.model.scenario import Agent, Scenario
from simcenter.workload.streams import address, uniforms

__all__ = ["EVEN", "Pace", "between", "levelled", "pace_of", "relative_talk", "with_paces"]

LONG = 3600.0
"""Talk beyond so many seconds is a slip of the switch."""

ENOUGH = 30
"""Fewer contacts of a type or an agent tell nothing."""

WEEK = 7
WEEKS_AHEAD = 4
LEAST_CV = 0.001


@dataclass(frozen=True)
class Pace:
    """Factors on handling by agent.

    Attributes
    ----------
    factors, errors
        By name: the factor, and the standard deviation of what an agent's weeks and few
        contacts leave unknown of it, relative to the factor.
    newcomer, newcomer_cv
        The mean over agents, and how agents vary about it: for whoever is not in ``factors``.
    week_cv
        How one agent's weeks vary.
    """

    factors: dict[str, float]
    errors: dict[str, float]
    newcomer: float
    newcomer_cv: float
    week_cv: float

    def of(self, name: str) -> float:
        """Return the factor of an agent."""
        return self.factors.get(name, self.newcomer)

    def error_of(self, name: str) -> float:
        """Return how much of the factor of an agent is unknown, relative to it."""
        return self.errors.get(name, self.newcomer_cv)


def with_paces(scenario: Scenario, pace: Pace) -> Callable[[int], Scenario]:
    """Return what gives a replication agents whose factors are drawn from what is known.

    Agents of staffing counts are nobody in particular: they keep theirs.
    """
    named = [scenario.groups[agent.group].staffing is None for agent in scenario.agents]

    def people(replication: int) -> Scenario:
        agents = [
            _paced(agent, pace, scenario.run.seed, replication) if known else agent
            for agent, known in zip(scenario.agents, named, strict=True)
        ]
        return dataclasses.replace(scenario, agents=tuple(agents))

    return people


def levelled(pace: Pace, scenario: Scenario) -> Pace:
    """Return paces whose mean over the contacts of a simulation is what it was in the records.

    The slow handle fewer contacts in the records than their time would let them (they have
    other duties), so a simulation gives them more; without this, handling would be too long.
    """
    callers = run_lean(scenario, 1).played.callers
    answered = callers[callers["outcome"] == Outcome.answered]
    factor = np.array([agent.factors[0] for agent in scenario.agents])[answered["agent"]]
    talk = float(answered["talk"].sum())
    if talk <= 0:
        return pace
    level = float((answered["talk"] / factor).sum()) / talk
    factors = {name: value * level for name, value in pace.factors.items()}
    return dataclasses.replace(pace, factors=factors, newcomer=pace.newcomer * level)


def _paced(agent: Agent, pace: Pace, seed: int, replication: int) -> Agent:
    cv = pace.error_of(agent.name)
    if cv < LEAST_CV:
        return agent
    key = np.asarray([address(seed, replication, "pace", agent.name)], dtype=np.uint64)
    drawn = float(Gamma(mean=1.0, cv=cv).exact_quantile(uniforms(key, np.zeros(1, np.int64)))[0])
    return dataclasses.replace(agent, factors=tuple(one * drawn for one in agent.factors))


EVEN = Pace({}, {}, 1.0, 0.0, 0.0)
"""Everybody takes the same."""


def relative_talk(table: ContactTable) -> tuple[Ints, Floats]:
    """Return rows of answered contacts, and the talk of each over the mean of its type."""
    rows = np.flatnonzero((table.outcome == Outcome.answered) & ~np.isnan(table.talk_s))
    kind, talk = table.contact_type[rows], np.minimum(table.talk_s[rows], LONG)
    counts = np.bincount(kind, minlength=len(table.types))
    means = np.bincount(kind, talk, len(table.types)) / np.maximum(counts, 1)
    kept = (counts[kind] >= ENOUGH) & (means[kind] > 0)
    return rows[kept], np.asarray(talk[kept] / means[kind[kept]])


def pace_of(table: ContactTable) -> Pace:
    """Estimate the factors of all named agents."""
    rows, relative = relative_talk(table)
    known = table.agent[rows] >= 0
    rows, relative = rows[known], relative[known]
    agent = table.agent[rows]
    many = np.bincount(agent, minlength=len(table.agents)) >= ENOUGH
    kept = many[agent]
    agent, relative, week = agent[kept], relative[kept], table.day[rows[kept]] // WEEK
    if many.sum() < 2:
        return EVEN
    cells, cell = np.unique(agent * (int(week.max()) + 1) + week, return_inverse=True)
    owner = cells // (int(week.max()) + 1)
    size = np.bincount(cell).astype(float)
    mean = np.bincount(cell, relative) / size
    noise = float(((relative - mean[cell]) ** 2).sum()) / max(len(relative) - len(cells), 1)
    between_weeks = _between_weeks(owner, mean, size, noise)
    weight = 1.0 / (between_weeks + noise / size)
    codes = np.flatnonzero(many)
    total = np.bincount(owner, weight, len(many))[codes]
    own = np.bincount(owner, weight * mean, len(many))[codes] / total
    apart = _heterogeneity(own, 1.0 / total)
    trust = apart / (apart + 1.0 / total)
    newcomer = float((trust * own).sum() / trust.sum()) if apart > 0 else float(own.mean())
    factor = newcomer + trust * (own - newcomer)
    # over a month of days to come, four of an agent's weeks are taken together
    error = np.sqrt(trust / total + between_weeks / WEEKS_AHEAD) / factor
    names = [table.agents[code] for code in codes.tolist()]
    return Pace(
        dict(zip(names, factor.tolist(), strict=True)),
        dict(zip(names, error.tolist(), strict=True)),
        newcomer,
        float(np.sqrt(apart)) / newcomer,
        float(np.sqrt(between_weeks)),
    )


def between(cell: Ints, values: Floats, size: Floats | None = None) -> float:
    """Return the variance between cells beyond that of their few values.

    One-way analysis of variance with unequal numbers (Searle, Casella and McCulloch, Variance
    Components, 1992, eq. 3.21). With ``size`` each value is the mean of so many.
    """
    _, cell = np.unique(cell, return_inverse=True)
    size = np.ones(len(values)) if size is None else size
    number = np.bincount(cell, size)
    if len(number) < 2 or len(values) <= len(number):
        return 0.0
    mean = np.bincount(cell, size * values) / number
    noise = float((size * (values - mean[cell]) ** 2).sum()) / (len(values) - len(number))
    centre = float((size * values).sum() / size.sum())
    squares = float((number * (mean - centre) ** 2).sum())
    scale = float(number.sum() - (number**2).sum() / number.sum())
    return max((squares - (len(number) - 1) * noise) / scale, 0.0)


def _between_weeks(owner: Ints, mean: Floats, size: Floats, noise: float) -> float:
    """Return the variance of cells of one owner beyond that of their few contacts."""
    total = np.maximum(np.bincount(owner, size), 1.0)
    centre = np.bincount(owner, size * mean) / total
    squares = float((size * (mean - centre[owner]) ** 2).sum())
    freedom = len(mean) - len(np.unique(owner))
    scale = float(size.sum() - (np.bincount(owner, size**2) / total).sum())
    return max((squares - freedom * noise) / scale, 0.0) if scale > 0 else 0.0


def _heterogeneity(mean: Floats, variance: Floats) -> float:
    """Return the variance between means of known variances (DerSimonian and Laird 1986)."""
    weight = 1.0 / variance
    centre = float((weight * mean).sum() / weight.sum())
    excess = float((weight * (mean - centre) ** 2).sum()) - (len(mean) - 1)
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    return max(excess / scale, 0.0)
