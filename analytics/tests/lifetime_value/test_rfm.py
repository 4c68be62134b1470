from __future__ import annotations

import numpy as np
import pytest

from analytics.lifetime_value.quintiles import fifths
from analytics.lifetime_value.rfm import index_of, summarise


def test_summarise_counts_repeat_days_and_times_in_days():
    summary = summarise(
        customer=[7, 3, 7, 7, 3], day=[110, 100, 100, 150, 130], amount=[20, 5, 10, 30, 7], end_day=200
    )
    assert summary.customer.tolist() == [3, 7]
    assert summary.frequency.tolist() == [1, 2]
    assert summary.recency.tolist() == [30, 50]
    assert summary.age.tolist() == [100, 100]
    assert summary.days_since_last.tolist() == [70, 50]
    assert summary.total.tolist() == [12, 60]
    assert summary.repeat_total.tolist() == [7, 50]
    assert summary.mean_spend.tolist() == [6, 20]
    assert summary.repeat_mean_spend.tolist() == [7, 25]
    assert summary.first_day.tolist() == [100, 100]


def test_summarise_takes_one_purchase_per_day():
    summary = summarise([1, 1, 1], [10, 10, 12], [4, 6, 1], end_day=12)
    assert (summary.frequency.tolist(), summary.repeat_total.tolist()) == ([1], [1])


def test_summarise_drops_a_day_that_a_cancellation_emptied():
    summary = summarise([1, 1, 1, 2, 2], [10, 20, 20, 10, 10], [5, 8, -8, 3, -3], end_day=30)
    assert summary.customer.tolist() == [1]
    assert (summary.frequency.tolist(), summary.recency.tolist()) == ([0], [0])
    assert summary.total.tolist() == [5]


def test_summarise_lets_a_later_cancellation_lower_the_spend_only():
    summary = summarise([1, 1, 1], [10, 20, 25], [50, 30, -20], end_day=30)
    assert (summary.frequency.tolist(), summary.recency.tolist()) == ([1], [10])
    assert (summary.total.tolist(), summary.mean_spend.tolist()) == ([60], [30])


def test_summarise_counts_what_was_given_away_as_a_purchase():
    summary = summarise([1, 1], [10, 20], [9, 0], end_day=30)
    assert (summary.frequency.tolist(), summary.total.tolist()) == ([1], [9])


def test_summarise_leaves_out_what_lies_after_the_end():
    summary = summarise([1, 1, 2], [10, 40, 35], [9, 9, 9], end_day=30)
    assert (summary.customer.tolist(), summary.frequency.tolist(), summary.age.tolist()) == ([1], [0], [20])


def test_summarise_of_nothing_is_empty():
    assert len(summarise([], [], [])) == 0
    assert len(summarise([1], [5], [1.0], end_day=4)) == 0


def test_summarise_with_cancellations_alone_is_empty():
    assert len(summarise([1, 2], [5, 6], [-1.0, -2.0])) == 0


def test_summarise_refuses_columns_of_different_length_and_unknown_amounts():
    with pytest.raises(ValueError, match="same length"):
        summarise([1, 2], [1], [1.0])
    with pytest.raises(ValueError, match="finite"):
        summarise([1], [1], [float("nan")])


@pytest.mark.parametrize("gap", [1, 10**12])
def test_index_of_gives_places_for_dense_and_sparse_numbers(gap):
    distinct, place = index_of(np.array([5 * gap, 2 * gap, 5 * gap, -gap]))
    assert distinct.tolist() == [-gap, 2 * gap, 5 * gap]
    assert place.tolist() == [2, 1, 2, 0]


def test_fifths_split_evenly_and_keep_equals_together():
    assert fifths(np.arange(10)).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert fifths(np.array([1, 1, 1, 1, 1, 1, 1, 1, 2, 3])).tolist() == [3] * 8 + [5, 5]
