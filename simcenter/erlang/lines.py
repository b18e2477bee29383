"""M/M/n/K and M/M/n/K+M: whoever finds all K lines taken is blocked.

With n agents busy and j contacts waiting the state weighs w(j) = Π λ / (n μ + i θ), i = 1 … j,
against w(0) = 1 for n busy and none waiting; all states with an idle agent weigh 1 / B - 1
together. Whoever finds j < K - n waiting joins them. Sums over j are taken in blocks, until
what is left is negligible.

The wait behind j others, for an endlessly patient contact, is a sum of exponential times with
rates n μ, n μ + θ, …, so e^(-θ V) is beta distributed (A. Rényi, "On the theory of order
statistics", 1953); without impatience V is a gamma variate.

Source: J. Riordan, "Stochastic service systems", 1962, chapter 5; O. Garnett, A. Mandelbaum and
M. Reiman, "Designing a call center with impatient customers", 2002, section 3.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from simcenter.erlang.inputs import LEAST_RATE, shaped
from simcenter.erlang.promise import Promise, ratio
from simcenter.erlang.ratios import inverse_blocking

__all__ = ["finite_lines"]

Floats = NDArray[np.float64]

BLOCK = 64
"""Places in the queue that are summed together."""

NEGLIGIBLE = -45.0
"""Natural logarithm of a weight, against the largest, below which a falling sum ends."""

ROWS = 512
"""Elements at a time."""


def finite_lines(
    arrival_rate: Any,
    aht: Any,
    agents: Any,
    lines: Any,
    patience: Any = np.inf,
    *,
    within: Any = 20.0,
    short: Any = 0.0,
) -> Promise:
    """Return what a queue with a limited number of lines promises.

    Blocked contacts are not offered: every share but ``blocking_rate`` is of those that found
    a line.

    Parameters
    ----------
    arrival_rate
        Contacts a second, blocked ones included.
    aht
        Average handle time in seconds; a line is held to its end.
    agents
        Agents, whole or not.
    lines
        Most contacts present, waiting or being served. With fewer lines than agents, as many
        agents as lines can be busy.
    patience
        Mean patience in seconds; infinite: nobody abandons.
    within
        Seconds of the service level.
    short
        An abandoned wait below this is short.

    Raises
    ------
    InputError
        When a number is impossible.

    Examples
    --------
    >>> promise = finite_lines(10 / 60, 60, 9, 12, 90)
    >>> round(float(promise.blocking_rate), 4), round(float(promise.abandonment_rate), 4)
    (0.1378, 0.0675)
    """
    arrays = shaped(
        arrival_rate=arrival_rate,
        aht=aht,
        agents=agents,
        lines=lines,
        patience=patience,
        within=within,
        short=short,
    )
    shape = arrays[0].shape
    rate, handle, n, k, mean, t, s = (np.ravel(array) for array in arrays)
    rate = np.maximum(rate, LEAST_RATE)
    giving_up = 1.0 / np.maximum(mean, LEAST_RATE)
    busy = np.minimum(n, k)
    places = np.floor(k - busy)
    sums = np.empty((10, len(n)))
    for start in range(0, len(n), ROWS):
        rows = slice(start, start + ROWS)
        sums[:, rows] = _sums(
            rate[rows], busy[rows] / handle[rows], giving_up[rows], places[rows], t[rows], s[rows]
        )
    found = _promise(rate, handle, n, busy, t, sums)
    return Promise(**{name: value.reshape(shape) for name, value in vars(found).items()})


def _promise(
    rate: Floats, handle: Floats, n: Floats, busy: Floats, within: Floats, sums: Floats
) -> Promise:
    scale, full, joined, stays, waited, wait, late, late_stays, longer, longer_stays = sums
    with np.errstate(over="ignore"):
        free = (inverse_blocking(rate * handle, busy) - 1.0) * np.exp(-scale)
    blocked = full / (free + joined + full)
    offered = free + joined
    with np.errstate(invalid="ignore", divide="ignore"):
        # where 1 / B is too large for a float nobody waits
        waits, stays, waited, wait, late, late_stays, longer, longer_stays = (
            np.where(np.isinf(offered), 0.0, part / offered)
            for part in (joined, stays, waited, wait, late, late_stays, longer, longer_stays)
        )
    lost = waits - stays
    answered = np.where(offered > 0, 1.0 - lost, np.nan)
    return Promise(
        agents=n,
        within=within,
        probability_of_wait=waits,
        asa=ratio(waited, np.where(busy > 0, answered, 0.0)),
        mean_wait=wait,
        answer_rate=answered,
        abandonment_rate=lost,
        answered_within=np.clip(answered - late_stays, 0.0, 1.0),
        abandoned_within=np.clip(lost - (late - late_stays), 0.0, 1.0),
        short_abandoned=np.clip(lost - (longer - longer_stays), 0.0, 1.0),
        occupancy=np.minimum(ratio(rate * (1.0 - blocked) * handle * answered, n), 1.0),
        blocking_rate=blocked,
        queue_length_mean=rate * (1.0 - blocked) * wait,
        overloaded=np.zeros(n.shape, dtype=bool),
    )


def _sums(
    rate: Floats, served: Floats, giving_up: Floats, places: Floats, within: Floats, short: Floats
) -> Floats:
    """Return what `_promise` takes, one row each.

    The logarithm of the unit of the weights, the weight of all lines taken, and sums over the
    places joined: of 1; answered; the wait of the answered; the wait; and for each of the two
    times: still there, and still there and answered at last.
    """
    unit = _log_largest(rate, served, giving_up, places)
    sums = np.zeros((9, len(rate)))
    log_weight, path = np.zeros(len(rate)), np.zeros(len(rate))
    place, done = 0.0, np.zeros(len(rate), dtype=bool)
    while np.any((place <= places) & ~done):
        ahead = place + np.arange(BLOCK)[:, None]
        going = served + giving_up * (ahead + 1.0)
        with np.errstate(divide="ignore"):
            steps = np.log(rate / going)
        steps = np.minimum(steps, 700.0)
        logs = log_weight + np.concatenate([np.zeros((1, len(rate))), np.cumsum(steps, axis=0)])
        weight = np.exp(np.minimum(logs[:-1] - unit, 50.0))  # larger ones lie behind the last line
        sums[0] += (weight * (ahead == places)).sum(axis=0)
        weight = weight * (ahead < places)
        kept = weight * served / going
        rungs = path + np.cumsum(1.0 / going, axis=0)
        parts = [weight, kept, kept * rungs, weight * (ahead + 1.0) / going]
        for time in (within, short):
            there, stays = _still_there(time, ahead, served, giving_up)
            parts += [weight * there, kept * stays]
        sums[1:] += [part.sum(axis=0) for part in parts]
        log_weight, path, place = logs[-1], rungs[-1], place + BLOCK
        done = (steps[-1] < 0.0) & (log_weight - unit < NEGLIGIBLE)
    return np.concatenate([unit[None], sums])


def _log_largest(rate: Floats, served: Floats, giving_up: Floats, places: Floats) -> Floats:
    """Return about the logarithm of the largest weight, so that none is too large for a float."""
    impatient = giving_up > 0
    g = np.where(impatient, giving_up, 1.0)
    y, c = rate / g, served / g
    at = np.where(impatient, np.clip(y - c, 0.0, places), places)
    gamma = special.xlogy(at, y) - special.gammaln(c + at + 1.0) + special.gammaln(c + 1.0)
    plain = places * np.log(rate / np.maximum(served, LEAST_RATE))
    return np.asarray(np.maximum(np.where(impatient, gamma, plain), 0.0))


def _still_there(
    time: Floats, ahead: Any, served: Floats, giving_up: Floats
) -> tuple[Floats, Floats]:
    """Return who, behind so many, waits longer than a time; and that share of the answered."""
    impatient = giving_up > 0
    g = np.where(impatient, giving_up, 1.0)
    c, left = served / g, np.exp(-g * time)
    there = left * special.betainc(np.maximum(c, LEAST_RATE), ahead + 1.0, left)
    stays = special.betainc(c + 1.0, ahead + 1.0, left)
    endless = special.gammaincc(ahead + 1.0, served * time)
    return np.where(impatient, there, endless), np.where(impatient, stays, endless)
