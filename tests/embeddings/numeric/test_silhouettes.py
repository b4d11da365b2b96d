import math

import numpy as np
import pytest
from sklearn import metrics

from embeddings.numeric.silhouettes import silhouette, silhouette_samples

GROUP = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]])


def test_the_silhouette_is_high_for_groups_far_apart_and_near_zero_for_a_random_split():
    random = np.random.default_rng(0)
    places, groups = random.normal(size=(200, 10)), np.repeat([0, 1], 100)

    assert silhouette(places + 50 * groups[:, None], groups) > 0.9
    assert abs(silhouette(places, groups)) < 0.05
    assert math.isnan(silhouette(places, np.zeros(200, dtype=int)))


def test_points_in_no_group_do_not_count_for_the_silhouette():
    places = np.concatenate([GROUP, GROUP + 20])
    groups = np.repeat([0, 1], 4)

    with_stray = silhouette(np.concatenate([places, [[10, 10]]]), np.append(groups, -1))
    assert with_stray == pytest.approx(silhouette(places, groups))


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_silhouettes_are_those_of_sklearn_and_nan_in_no_group(metric):
    random = np.random.default_rng(1)
    points, labels = random.normal(size=(40, 5)), random.integers(-1, 3, size=40)
    member = labels >= 0

    found = silhouette_samples(points, labels, metric)

    assert np.array_equal(found[member], metrics.silhouette_samples(points[member], labels[member], metric=metric))
    assert np.isnan(found[~member]).all() and (~member).any()
    assert silhouette(points, labels, metric) == metrics.silhouette_score(points[member], labels[member], metric=metric)


@pytest.mark.parametrize("labels", [[-1] * 4, [0, 1, 2, 3], [0, 0, 0, 0]])
def test_where_groups_tell_nothing_there_is_no_silhouette(labels):
    assert math.isnan(silhouette(GROUP, np.array(labels)))
