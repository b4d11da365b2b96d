import numpy as np
import pytest

from embeddings.common.errors import InvalidInput
from embeddings.tsne_pitfalls.measures import (
    aspect_ratio,
    count_mst_clusters,
    disparity,
    mst_cluster_labels,
    ring_score,
)

GROUP = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]])


def test_groups_are_three_or_more_points_with_wide_gaps_between():
    assert count_mst_clusters(GROUP) == 1
    assert count_mst_clusters(np.concatenate([GROUP, GROUP + 2])) == 1
    assert count_mst_clusters(np.concatenate([GROUP, GROUP + 20])) == 2
    assert count_mst_clusters(np.concatenate([GROUP, GROUP[:2] + 20])) == 1
    assert count_mst_clusters(np.concatenate([GROUP, GROUP])) == 1  # points that coincide are one place


def test_points_that_are_in_no_group_are_marked_so():
    labels = mst_cluster_labels(np.concatenate([GROUP, GROUP[:1] + 90, GROUP + 20]))

    assert labels[4] == -1
    assert len(set(labels[:4])) == len(set(labels[5:])) == 1
    assert {*labels[:4], *labels[5:]} == {0, 1}


def test_a_circle_is_open_and_a_disc_is_not():
    angles = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    disc = circle * np.sqrt(np.random.default_rng(0).random(400))[:, None]

    assert ring_score(3 * circle + 7) == pytest.approx(1)
    assert ring_score(disc) < 0.4


def test_length_over_width_is_the_same_however_the_points_are_turned():
    random = np.random.default_rng(0)
    turn = np.linalg.qr(random.normal(size=(2, 2)))[0]
    places = random.normal(size=(500, 2)) * [8, 2]

    assert aspect_ratio(places) == pytest.approx(4, rel=0.1)
    assert aspect_ratio(places @ turn + 5) == pytest.approx(aspect_ratio(places))


def test_a_map_moved_turned_mirrored_and_scaled_is_the_same_layout():
    places = np.random.default_rng(0).normal(size=(20, 2))
    turn = np.array([[0.6, -0.8], [-0.8, -0.6]])

    assert disparity(places, 3 * places @ turn + 5) == pytest.approx(0, abs=1e-9)
    assert disparity(places, np.random.default_rng(1).normal(size=(20, 2))) > 0.5


def test_layouts_that_cannot_be_compared_are_refused():
    with pytest.raises(InvalidInput, match="do not show the same points"):
        disparity(np.eye(3), np.eye(4))
    with pytest.raises(InvalidInput, match="all lie in one place"):
        disparity(np.ones((3, 2)), np.eye(3)[:, :2])
