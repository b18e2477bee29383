"""Uniforms by address: good numbers, and no two addresses alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from simcenter.model import grid
from simcenter.workload import kernels
from simcenter.workload.streams import address, fold, fold_blocks, uniforms, uniforms_of

N = 100_000


def test_the_generator_is_splitmix64():
    # the published sequence from the state 1234567
    state, expected = (
        1234567,
        [
            6457827717110365317,
            3203168211198807973,
            9817491932198370423,
            4593380528125082431,
            16408922859458223821,
        ],
    )
    drawn = uniforms(np.array([state], dtype=np.uint64), np.arange(5))
    assert (drawn * 2.0**52 - 0.5).astype(np.uint64).tolist() == [
        number >> 12 for number in expected
    ]


def test_any_draw_can_be_had_alone():
    key = np.array([address(1, 2, "talk", "service")], dtype=np.uint64)
    every = uniforms(key, np.arange(1000))
    assert [float(uniforms(key, n)[0]) for n in (0, 1, 57, 999)] == every[[0, 1, 57, 999]].tolist()
    assert uniforms(key, np.array([57, 3])).tolist() == every[[57, 3]].tolist()


def test_compiled_draws_are_those_of_numpy():
    own = address(1, 2, "arrival", "service")
    keys = fold(own, np.array([1, 1, 2]), np.arange(3))
    assert fold_blocks(own, np.array([1, 1, 2]), np.arange(3)).tolist() == keys.tolist()
    counts = np.array([4, 0, 70])
    start, length = np.array([0.0, 900.0, 1800.0]), np.array([900.0, 900.0, 1.0])
    last = start + length - 1.0 / grid.TICKS_PER_SECOND
    block, candidate, arrival = np.empty(74, dtype=int), np.empty(74, dtype=int), np.empty(74)
    kernels.arrive(counts, keys, start, length, last, block, candidate, arrival)
    assert block.tolist() == [0] * 4 + [2] * 70
    assert candidate.tolist() == [*range(4), *range(70)]
    drawn = uniforms(keys[block], candidate)
    assert uniforms_of(keys, block, candidate).tolist() == drawn.tolist()
    instant = grid.to_grid(drawn * length[block] + start[block])
    assert arrival.tolist() == np.minimum(instant, last[block]).tolist()
    assert kernels.LONGEST == grid.LONGEST


@given(st.integers(0, 2**63 - 1), st.integers(1, 10**7), st.text(), st.text())
def test_uniforms_lie_inside_zero_and_one(seed, replication, purpose, name):
    (drawn,) = uniforms(np.array([address(seed, replication, purpose, name)], dtype=np.uint64), 0)
    assert 0 < drawn < 1
    assert np.isfinite(special.ndtri(drawn))


def test_the_largest_and_smallest_states_stay_inside():
    keys = np.array([0, 2**64 - 1, 2**63], dtype=np.uint64)
    for index in (0, 1, 2**40, 2**62):
        drawn = uniforms(keys, index)
        assert np.all((drawn > 0) & (drawn < 1))


def families():
    key = np.array([address(1, 1, "talk", "service")], dtype=np.uint64)
    yield "along one address", uniforms(key, np.arange(N))
    yield "over the days", uniforms(fold(address(1, 1, "day factor", "service"), np.arange(N)), 0)
    yield (
        "over the intervals",
        uniforms(
            fold(
                address(1, 1, "count", "s"),
                np.repeat(np.arange(N // 100), 100),
                np.tile(np.arange(100) * 1800, N // 100),
            ),
            0,
        ),
    )
    keys = [address(1, replication, "talk", "service") for replication in range(N // 10)]
    yield "over the replications", uniforms(np.array(keys, dtype=np.uint64), 0)
    keys = [address(seed, 1, "talk", "service") for seed in range(N // 10)]
    yield "over the seeds", uniforms(np.array(keys, dtype=np.uint64), 7)
    keys = [address(1, 1, "absence", f"agent {number}") for number in range(N // 10)]
    yield "over the agents", uniforms(np.array(keys, dtype=np.uint64), 0)


FAMILIES = dict(families())


@pytest.mark.parametrize("name", FAMILIES)
def test_uniforms_are_uniform(name):
    assert stats.kstest(FAMILIES[name], "uniform").pvalue > 0.001


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("lag", [1, 2, 48, 100])
def test_neighbours_are_not_correlated(name, lag):
    drawn = FAMILIES[name]
    n = len(drawn) - lag
    assert abs(np.corrcoef(drawn[:-lag], drawn[lag:])[0, 1]) < 4.5 / np.sqrt(n)


@pytest.mark.parametrize("name", FAMILIES)
def test_pairs_fill_the_square(name):
    drawn = FAMILIES[name]
    counts, _, _ = np.histogram2d(drawn[:-1:2], drawn[1::2], bins=16, range=[[0, 1], [0, 1]])
    assert stats.chisquare(counts.ravel()).pvalue > 0.001


PURPOSES = (
    "count",
    "arrival",
    "ivr",
    "ivr outcome",
    "balk",
    "patience",
    "talk",
    "hold",
    "wrap",
    "choice",
    "thinning",
    "day factor",
    "interval factor",
)


def test_purposes_are_not_correlated_with_each_other():
    index = np.arange(N)
    drawn = [
        uniforms(fold(address(1, 1, purpose, "service"), 1, 28800), index) for purpose in PURPOSES
    ]
    off = np.corrcoef(drawn)[~np.eye(len(PURPOSES), dtype=bool)]
    assert np.abs(off).max() < 4.5 / np.sqrt(N)


def test_the_low_bits_are_as_good_as_the_high_ones():
    drawn = FAMILIES["along one address"]
    assert stats.kstest((drawn * 2.0**30) % 1.0, "uniform").pvalue > 0.001


def test_no_two_addresses_are_alike():
    days, seconds = np.meshgrid(np.arange(1, 101), np.arange(0, 86400, 300))
    keys = np.concatenate(
        [
            fold(address(1, replication, purpose, "service"), days.ravel(), seconds.ravel())
            for replication in (1, 2)
            for purpose in PURPOSES
        ]
    )
    assert len(np.unique(keys)) == len(keys) > 700_000


def test_streams_of_neighbouring_addresses_do_not_overlap():
    # with candidates 0 to 999 of many blocks, no draw stands twice
    keys = fold(address(1, 1, "talk", "service"), np.arange(1, 11), 28800)
    drawn = np.concatenate([uniforms(keys[k : k + 1], np.arange(1000)) for k in range(10)])
    assert len(np.unique(drawn)) == len(drawn)


def test_swapped_parts_are_other_addresses():
    key = address(1, 1, "talk", "service")
    assert fold(key, 1, 2).tolist() != fold(key, 2, 1).tolist()
    assert fold(key, 0).tolist() != fold(key, 0, 0).tolist()
    assert fold(key, -1).tolist() != fold(key, 1).tolist()


def test_the_parts_of_an_address_are_kept_apart():
    assert address(1, 11, "a", "b") != address(11, 1, "a", "b")
    assert address(1, 1, "talk", "a") != address(1, 1, "tal", "ka")
    assert address(1, 1, "talk") == address(1, 1, "talk", "")


def test_addresses_are_the_same_on_every_machine_and_day():
    assert address(1, 1, "talk", "service") == 10630942999904529662
    assert uniforms(fold(10630942999904529662, 1, 28800), 0)[0] == 0.9924042062884156
