"""Does the rule hold: use Erlang C when the answer rate must pass 90 %?"""

from __future__ import annotations

import numpy as np
import pytest

from simcenter.erlang import erlang_a, linear_beside_erlang
from simcenter.errors import InputError

LOADS = [2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 500.0]
SHARES = [0.70, 0.80, 0.85, 0.90, 0.95]


def test_the_load_decides_not_the_answer_rate():
    found = linear_beside_erlang(LOADS, SHARES)
    kept = found.answered_by_linear >= found.answer_rate
    large = found.load >= 50
    assert np.all(kept[large])  # above 90 % too: the rule is too strict
    small = found.load <= 5
    assert not np.any(kept[small][:, 2:4].all(axis=1))  # below 90 % too: it is too lax
    assert np.all(found.answered_by_erlang_c >= found.answer_rate)
    assert np.all(found.erlang_c >= found.erlang_a)


def test_the_agents_of_erlang_a_are_the_fewest():
    found = linear_beside_erlang(LOADS, SHARES, patience=120)
    rate = found.load[:, None] / 240
    assert np.all(erlang_a(rate, 240, found.erlang_a, 120).answer_rate >= found.answer_rate)
    assert np.all(erlang_a(rate, 240, found.erlang_a - 1, 120).answer_rate < found.answer_rate)


def test_one_row_for_each_pair():
    rows = linear_beside_erlang(LOADS, SHARES).rows()
    assert len(rows) == len(LOADS) * len(SHARES)
    assert rows[1]["load"] == 2.0
    assert rows[1]["answer_rate"] == 0.80


def test_an_answer_rate_of_one_is_refused():
    with pytest.raises(InputError, match="answer_rates: got one that is no share"):
        linear_beside_erlang([5.0], [1.0])
