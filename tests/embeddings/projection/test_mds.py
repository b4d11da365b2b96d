"""MDS, against scikit-learn's and against what it promises."""

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from embeddings.common.errors import InvalidInput
from embeddings.projection import distance_correlation, mds, project, transform
from embeddings.projection.mds import MDS_MAX_POINTS, MDS_MIN_POINTS


def cloud(points: int, dimension: int) -> np.ndarray:
    return np.random.default_rng([points, dimension]).normal(size=(points, dimension)).astype(np.float32)


def stress(vectors, coordinates) -> float:
    """Kruskal's stress-1, by its definition."""
    wanted, drawn = pdist(vectors.astype(float)), pdist(coordinates.astype(float))
    return float(np.sqrt(np.square(wanted - drawn).sum() / np.square(drawn).sum()))


@pytest.mark.parametrize("init", ["pca", "random"])
def test_points_of_a_plane_keep_all_their_distances(init):
    plane = cloud(30, 2) @ cloud(2, 9)

    drawn = project(plane, "mds", init=init, seed=1, n_iter=2_000)

    assert pdist(drawn.coordinates) == pytest.approx(pdist(plane), abs=0.03 * pdist(plane).mean())
    assert drawn.loss < 0.02


def test_it_keeps_distances_better_than_pca_and_as_well_as_sklearns_best_of_several(glove):
    from sklearn.manifold import MDS

    vectors = glove.matrix[:150]
    drawn, flat = project(vectors, "mds"), project(vectors, "pca")
    peer = MDS(n_init=4, init="random", random_state=0).fit_transform(vectors.astype(float))

    assert stress(vectors, drawn.coordinates) < 1.02 * stress(vectors, peer)
    assert distance_correlation(vectors, drawn.coordinates) > distance_correlation(vectors, flat.coordinates) + 0.1


def test_its_loss_is_kruskals_stress_and_falls_step_by_step():
    vectors, losses = cloud(50, 6), []

    drawn = project(vectors, "mds", callback=lambda step, steps, places, loss: losses.append((step, steps, loss)))

    assert drawn.loss == pytest.approx(stress(vectors, drawn.coordinates), rel=1e-4)
    assert [step for step, _, _ in losses] == list(range(10, 10 * len(losses) + 1, 10))
    assert {steps for _, steps, _ in losses} == {300}
    assert [loss for *_, loss in losses] == sorted((loss for *_, loss in losses), reverse=True)


def test_a_map_is_as_large_as_the_table_and_no_step_depends_on_its_size():
    vectors = cloud(30, 5)

    small, large = (project(scale * vectors, "mds") for scale in (2.0**-40, 2.0**30))

    assert large.coordinates == pytest.approx(2.0**70 * small.coordinates)


def test_a_word_that_is_added_keeps_its_distances_better_than_at_the_place_of_any_other():
    vectors = cloud(60, 4)
    drawn = project(vectors[:50], "mds")

    added = transform(drawn, vectors[:50], vectors[50:])

    for place, vector in zip(added, vectors[50:], strict=True):
        wanted = np.linalg.norm(vectors[:50] - vector, axis=1)
        off, *elsewhere = (
            np.square(np.linalg.norm(drawn.coordinates - each, axis=1) - wanted).sum()
            for each in (place, *drawn.coordinates)
        )
        assert off < min(elsewhere)


@pytest.mark.parametrize(
    ("points", "options", "sentence"),
    [
        (MDS_MIN_POINTS - 1, {}, r"^MDS needs at least 3 words; there are 2\. Add words, or use PCA\.$"),
        (MDS_MAX_POINTS + 1, {}, r"^MDS draws at most 2,000 words; there are 2,001\. Choose fewer, or use PCA\.$"),
        (9, {"init": "spectral"}, "MDS can start from 'pca' or 'random', not 'spectral'"),
        (9, {"n_iter": 9}, "The number of steps must be a whole number from 10 to 10,000, not 9"),
    ],
)
def test_what_mds_cannot_draw_is_refused_with_what_would_do(points, options, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        project(cloud(points, 3), "mds", **options)


def test_stress_is_that_of_its_definition_and_of_sklearn():
    from scipy.spatial.distance import squareform
    from sklearn.manifold import smacof

    vectors, places = cloud(40, 6), cloud(40, 2)
    wanted = squareform(pdist(vectors.astype(float)))
    moved, expected = smacof(wanted, init=places.astype(float), n_init=1, max_iter=7, normalized_stress=True)

    assert mds.stress(wanted, places) == pytest.approx(stress(vectors, places))
    assert mds.stress(wanted, moved) == pytest.approx(expected)
