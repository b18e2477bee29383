"""Ends of intervals against exact and worked numbers."""

import numpy as np
import pytest
from scipy import stats

from simcenter.measures.bounds import RareEvents, hall_ends, interval_ends
from simcenter.measures.paired import called, paired_ends
from simcenter.measures.randomisation import sign_flip_p


def one(*numbers):
    return [np.array([float(number)]) for number in numbers]


def ends(mean, error, count, event, *, share=True, skewness=0.0, confidence=0.95):
    found = interval_ends(
        *one(mean, error, skewness), count, *one(count - 1, event), np.array([share]), confidence
    )
    return tuple(float(end[0]) for end in found)


def test_of_no_event_the_interval_is_one_sided_and_exact():
    """0 of 200 contacts, reckoned in pairs: (1 - x)^100 = 0.05."""
    assert ends(0.0, 0.0, 10, 1 / 200) == pytest.approx((0.0, 1 - 0.05**0.01))
    assert ends(1.0, 0.0, 10, 1 / 200) == pytest.approx((0.05**0.01, 1.0))


def test_of_no_wait_the_mean_is_at_most_three_handle_times_over_the_contacts():
    low, high = ends(0.0, 0.0, 10, 240 / 200, share=False)
    assert low == 0.0
    assert high == pytest.approx(-np.log(0.05) * 240 / 200)


def test_few_independent_events_have_the_ends_of_clopper_and_pearson():
    """Of 200 contacts 3 events; the variance is that of independent contacts in pairs."""
    found = RareEvents(*one(3, 6 * (1 - 3 / 200), 197))
    weight = (6 + 4) / 5
    assert found.weight[0] == pytest.approx(weight)
    low, high = found.below(np.array([0.025]))[0], found.above(np.array([0.025]))[0]
    k, n = 3 / weight, 200 / weight
    assert low == pytest.approx(stats.beta.ppf(0.025, k, n - k + 1) * 200)
    assert high == pytest.approx(stats.beta.isf(0.025, k + 1, n - k) * 200)


def test_a_poisson_count_has_the_ends_of_garwood():
    """Four events of Poisson's variance."""
    found = RareEvents(*one(4, 4, np.inf))
    assert found.weight[0] == pytest.approx(1.0)
    assert found.below(np.array([0.025]))[0] == pytest.approx(stats.chi2.ppf(0.025, 8) / 2)
    assert found.above(np.array([0.025]))[0] == pytest.approx(stats.chi2.isf(0.025, 10) / 2)


def test_tails_are_the_ends_turned_round():
    for case in ((3, 7, 200), (40, 90, 60), (4, 9, np.inf), (0, 0, 50), (0, 0, np.inf)):
        found = RareEvents(*one(*case))
        for tail in (0.001, 0.2):
            assert found.tails(found.above(np.array([tail])))[0, 0] == pytest.approx(tail)
            if case[0]:
                assert found.tails(found.below(np.array([tail])))[1, 0] == pytest.approx(tail)


def test_of_many_events_without_skewness_it_is_students():
    low, high = hall_ends(*one(5, 0.3, 0), 20, np.array([2.0]))
    assert (low[0], high[0]) == pytest.approx((4.4, 5.6))
    low, high = ends(5.0, 0.3, 20, 0.0, share=False)
    assert (low, high) == pytest.approx((5 - 0.3 * stats.t.ppf(0.975, 19), 10 - low))


def test_a_tail_to_the_right_lengthens_the_upper_end():
    low, high = ends(5.0, 0.3, 20, 0.0, share=False, skewness=1.5)
    assert high - 5 > 1.2 * (5 - low)
    other = ends(-5.0, 0.3, 20, 0.0, share=False, skewness=-1.5)
    assert other == pytest.approx((-high, -low))


def test_without_an_error_there_is_no_interval():
    assert np.isnan(ends(0.5, np.nan, 1, 0.1)).all()


def test_no_width_only_where_nothing_is_counted():
    low, high = ends(7.0, 0.0, 10, 0.0, share=False)  # such as people on the floor
    assert low == high == 7.0
    low, high = ends(0.02, 0.0, 10, 1 / 50)
    assert low < 0.02 < high


@pytest.mark.trial
def test_the_ends_cover_rare_events_that_come_in_clusters():
    """Events come on one day in ten, then two or so; 20 contacts a day, 30 days."""
    draw = np.random.default_rng(3)
    days = draw.binomial(1, 0.1, (20_000, 30)) * (1 + draw.poisson(1.0, (20_000, 30)))
    total, truth = days.sum(axis=1), 0.2 / 20
    mean, error = total / 600, days.std(axis=1, ddof=1) / np.sqrt(30) / 20
    seven = np.full(20_000, 29)
    low, high = interval_ends(mean, error, 0 * mean, 30, seven, 0 * mean + 1 / 600, mean < 2, 0.95)
    assert np.mean((low <= truth) & (truth <= high)) > 0.93


class TestSigns:
    def test_all_signs_by_hand(self):
        """Of 1, 2, 3 with one sign turned: |sum| >= 4 in 4 of 8."""
        assert sign_flip_p(np.array([-1.0, 2.0, 3.0])) == 0.5

    def test_ties_tell_nothing(self):
        days = np.array([1.0, -2.0, 3.0, 4.0])
        assert sign_flip_p(np.append(days, np.zeros(20))) == sign_flip_p(days)
        assert sign_flip_p(np.zeros(5)) == 1.0

    def test_all_of_one_sign(self):
        assert sign_flip_p(np.arange(1.0, 7.0)) == 2 / 64
        assert sign_flip_p(-np.arange(1.0, 31.0)) == 2.0**-29

    @pytest.mark.parametrize("shift", [0.0, 0.2, 0.5, 0.8])
    def test_the_saddlepoint_is_near_to_all_signs(self, shift):
        days = np.random.default_rng(4).standard_exponential(18) - 1.0 + shift
        sums = np.zeros(1)
        for size in days:
            sums = np.concatenate([sums + size, sums - size])
        exact = np.mean(np.abs(sums) >= abs(days.sum()) - 1e-12)
        assert sign_flip_p(days) == pytest.approx(exact, rel=0.2)


class TestPairs:
    def test_no_fewer_than_five_days_are_called(self):
        days = np.array([3.0, 4.0, 5.0, 6.0, 0.0, 0.0])
        assert called(days, 1.0, 2.0, 0.5) == 0
        assert called(np.append(days, 7.0), 1.0, 2.0, 0.9) == 1
        assert called(np.append(days, 7.0), 1.0, 2.0, 0.95) == 0  # 2 in 32 is more than 5 %

    def test_what_its_interval_does_not_show_is_not_called(self):
        days = -np.full(10, 0.01)  # on no day one contact more or less
        value = float(days.sum())
        low, high = paired_ends(value, np.zeros(10), days, 1.0, 0.95)
        assert low < value < 0 < high
        assert called(days, low, high, 0.95) == 0
        assert called(days, *paired_ends(value, np.zeros(10), days, 0.0, 0.95), 0.95) == -1

    def test_a_difference_of_many_events_has_halls_ends(self):
        draw = np.random.default_rng(5)
        days = draw.normal(50.0, 40.0, 30)
        low, high = paired_ends(float(days.mean()), days - days.mean(), days / 30, 1e-3 / 30, 0.95)
        half = stats.t.ppf(0.975, 29) * days.std(ddof=1) / np.sqrt(30)
        assert high - low == pytest.approx(2 * half, rel=0.12)
        turned = paired_ends(-float(days.mean()), days.mean() - days, -days / 30, 1e-3 / 30, 0.95)
        assert turned == pytest.approx((-high, -low))

    def test_none_differs_and_something_may_be_unseen(self):
        low, high = paired_ends(0.0, np.zeros(10), np.zeros(10), 0.005, 0.95)
        assert low == -high < 0
