from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcenter.measures import wilson
from simcenter.validation.looks import Looks, looks_for
from simcenter.validation.statements import KEPT, MISSED, OPEN, holm, p_of_margin, p_of_share

ONE = np.ones(1)


def powers(margins):
    return np.array([[np.sum(np.asarray(margins) ** power)] for power in (1, 2, 3)])


def judged(margins, contacts, limit=0.8, *, share=True):
    count = len(margins)
    p = p_of_margin(
        powers(margins), count, np.array([count - 1]), contacts * ONE, limit, share=share
    )
    return p[:, 0]


class TestMargins:
    def test_no_skewness_and_many_contacts_is_students_test(self):
        margins = np.array([-3.0, -1.0, 0.0, 1.0, 3.0]) + 1.5
        from scipy import stats

        known = stats.ttest_1samp(margins, 0.0, alternative="greater").pvalue
        assert judged(margins, 0.0)[0] > known  # a part of a day on the other side
        many = np.tile(margins, 400)
        half = stats.ttest_1samp(many - many.mean() + 0.03, 0.0, alternative="greater").pvalue
        assert judged(many - many.mean() + 0.03, 0.0)[0] == pytest.approx(half, rel=0.05)

    def test_both_sides_make_one(self):
        assert judged([1.0, 4.0, -2.0, 7.0], 10).sum() == pytest.approx(1.0)

    def test_a_tail_to_the_bad_side_makes_good_news_doubtful(self):
        bad_days = np.array([3.0] * 30 + [-20.0])
        good_days = 2 * bad_days.mean() - bad_days  # the same mean and deviation
        assert judged(bad_days, 0.0)[0] > judged(good_days, 0.0)[0]

    def test_hardly_any_contacts_prove_nothing_though_none_of_them_waited(self):
        """Ten contacts, all in time: under 80 % that happens one time in ten."""
        assert judged([0.2] * 10, 10)[0] > 0.05
        assert judged([20.0] * 10, 1000)[0] < 1e-6

    def test_a_mean_of_waits_is_as_doubtful_as_an_exponential(self):
        assert judged([30.0], 1, 30.0, share=False)[0] == 1.0  # one replication
        assert judged([30.0] * 4, 4, 30.0, share=False)[0] > 0.01

    def test_what_cannot_vary_is_known(self):
        assert judged([0.0] * 5, 500, 1.0).tolist() == [0.0, 1.0]
        assert judged([-1.0] * 5, 500, 1.0).tolist() == [1.0, 0.0]

    @pytest.mark.trial
    def test_skew_margins_are_wrong_no_more_often_than_they_say(self):
        random = np.random.default_rng(5)
        draws = 1.0 - random.exponential(size=(20_000, 100))
        sums = np.array([np.sum(draws**power, axis=1) for power in (1, 2, 3)])
        p = p_of_margin(sums, 100, np.full(20_000, 99), np.zeros(20_000), 0.8, share=True)
        for level in (0.025, 0.0025):
            error = np.sqrt(level / 20_000)
            assert (p[0] < level).mean() < 1.6 * level + 4 * error
            assert (p[1] < level).mean() < 1.6 * level + 4 * error
        student = np.sqrt(100) * draws.mean(axis=1) / draws.std(axis=1, ddof=1)
        from scipy import stats

        assert (stats.t.sf(student, 99) < 0.0025).mean() > 3 * 0.0025  # without the correction


class TestShares:
    @given(st.integers(0, 50), st.integers(1, 50), st.floats(0.05, 0.95))
    def test_it_is_wilsons_interval_turned_round(self, met, more, limit):
        count = met + more
        p = p_of_share(np.array([met]), np.array([count]), limit)
        for confidence in (0.8, 0.95):
            value = wilson(met, count, confidence)
            side = (1 - confidence) / 2
            if value.low > limit + 1e-9:
                assert p[0, 0] < side + 1e-9
            if value.high < limit - 1e-9:
                assert p[1, 0] < side + 1e-9

    def test_certainty_is_never_proven_but_one_failure_disproves_it(self):
        assert p_of_share(np.array([9]), np.array([10]), 1.0)[:, 0].tolist() == [1.0, 0.0]
        assert p_of_share(np.array([0]), np.array([10]), 0.0)[:, 0].tolist() == [0.0, 1.0]
        assert p_of_share(np.array([0]), np.array([0]), 0.8)[:, 0].tolist() == [1.0, 1.0]


class TestHolm:
    def test_by_hand(self):
        """Six statements: 0.05/6, 0.05/5, 0.05/4 … are allowed in turn."""
        p = np.array([[0.008, 0.991, 0.3], [0.992, 0.009, 0.7]])
        assert holm(p, 0.05).tolist() == [KEPT, MISSED, OPEN]
        assert holm(p, 0.04).tolist() == [OPEN, OPEN, OPEN]

    def test_what_is_not_judged_does_not_count(self):
        p = np.array([[0.02, np.nan], [0.98, np.nan]])
        assert holm(p, 0.05).tolist() == [KEPT, OPEN]
        assert holm(np.full((2, 3), np.nan), 0.05).tolist() == [OPEN] * 3

    @given(st.lists(st.floats(1e-6, 1 - 1e-6), min_size=1, max_size=12))
    def test_more_error_proves_no_less(self, chances):
        p = np.array([chances, [1 - chance for chance in chances]])
        small, large = holm(p, 0.01), holm(p, 0.2)
        assert np.all((small == OPEN) | (small == large))

    def test_errors_of_a_family_are_rare_though_every_target_is_just_missed(self):
        random = np.random.default_rng(7)
        wrong = 0
        for _ in range(2000):
            chance = random.uniform(size=20)
            wrong += bool(holm(np.array([chance, 1 - chance]), 0.05).any())
        assert wrong / 2000 < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 2000)


class TestLooks:
    def test_the_error_is_spent_and_no_more(self):
        for count in (1, 2, 3, 8):
            looks = Looks(100, 10_000, "max_replications")
            spent = 0.0
            for number in range(1, count + 1):
                spent += looks.share(final=number == count)
                looks.looked(looks.next)
            assert spent == pytest.approx(1.0)

    def test_looks_grow_up_to_the_limit(self):
        looks, seen = looks_for(None, 100, 1, None, None), []
        while not looks.over(looks.next):
            seen.append(looks.next)
            looks.looked(looks.next)
        assert [*seen, looks.next] == [100, 150, 225, 338, 507, 761, 1142, 1713, 2000]

    def test_many_days_need_fewer_replications(self):
        assert looks_for(None, 100, 28, None, None).last == 100
        assert looks_for(None, 100, 5, None, None).last == 400

    def test_limits(self):
        assert looks_for(30, 100, 1, None, None).last == 30
        limited = looks_for(30, 100, 1, 20, None)
        assert (limited.next, limited.last, limited.by_last) == (20, 20, "max_replications")
        assert looks_for(30, 100, 1, 50, None).by_last == "replications"
        assert looks_for(None, 500, 1, None, None).next == 500
