import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.errors import InvalidInput
from embeddings.projection import TSNE_MIN_POINTS, TSNE_STEPS, max_perplexity, principal_axes, project


def cloud(points: int, dimension: int, seed: int = 0) -> np.ndarray:
    """Points that spread differently along each axis, so that the principal axes are well told apart."""
    spread = 0.7 ** np.arange(dimension)
    return (np.random.default_rng(seed).normal(size=(points, dimension)) * spread + 3).astype(np.float32)


def in_sklearn(vectors, n_components):
    from sklearn.decomposition import PCA

    pca = PCA(n_components)
    return pca.fit_transform(vectors.astype(np.float64)), pca.explained_variance_ratio_


SHAPES = st.tuples(st.integers(4, 40), st.integers(3, 12), st.integers(0, 2**32 - 1))


@given(SHAPES, st.sampled_from([2, 3]))
def test_a_pca_map_is_sklearns_up_to_mirroring(shape, n_components):
    vectors = cloud(*shape)
    peer, explained = in_sklearn(vectors, n_components)

    projection = project(vectors, "pca", n_components)

    mirrored = np.sign((projection.coordinates * peer).sum(axis=0))
    assert projection.coordinates == pytest.approx(peer * mirrored, abs=1e-3)
    assert projection.explained == pytest.approx(explained, abs=1e-5)


def test_a_pca_map_of_word_vectors_is_sklearns_up_to_mirroring(glove):
    vectors = glove.rows(["cat", "dog", "horse", "king", "queen", "bread", "cheese", "paris", "rome"])
    peer, explained = in_sklearn(vectors, 2)

    projection = project(vectors)

    assert np.abs(projection.coordinates) == pytest.approx(np.abs(peer), abs=1e-4)
    assert projection.explained == pytest.approx(explained, abs=1e-6)


@given(SHAPES, st.randoms(use_true_random=False))
def test_the_order_of_the_points_does_not_mirror_a_pca_map(shape, random):
    vectors = cloud(*shape)
    order = random.sample(range(len(vectors)), len(vectors))

    assert project(vectors[order]).coordinates == pytest.approx(project(vectors).coordinates[order], abs=1e-3)


@given(SHAPES, st.sampled_from([2, 3]))
def test_principal_axes_are_unit_vectors_at_right_angles_and_point_up(shape, n_components):
    directions = principal_axes(cloud(*shape), n_components).directions

    assert directions @ directions.T == pytest.approx(np.eye(n_components), abs=1e-5)
    assert (directions.max(axis=1) == np.abs(directions).max(axis=1)).all()


def test_more_words_find_their_place_on_a_map_that_stays():
    vectors = cloud(20, 5)
    axes = principal_axes(vectors, 2)

    assert axes.place(vectors) == pytest.approx(project(vectors).coordinates)
    assert axes.place(axes.mean + 2 * axes.directions[:1]) == pytest.approx(np.array([[2, 0]]), abs=1e-5)


def test_axes_that_the_data_does_not_have_stay_zero():
    projection = project([[1], [2], [4]], n_components=3)

    assert np.abs(projection.coordinates[:, 0]) == pytest.approx(np.abs(np.array([1, 2, 4]) - 7 / 3), abs=1e-5)
    assert not projection.coordinates[:, 1:].any()
    assert projection.explained == pytest.approx((1, 0, 0))


def test_two_points_lie_on_a_line_as_far_apart_as_they_were():
    projection = project([[0, 0, 0], [2, 3, 6]])

    assert np.linalg.norm(np.subtract(*projection.coordinates)) == pytest.approx(7)
    assert projection.explained == pytest.approx((1, 0))


def test_a_finished_map_says_how_it_was_made_and_cannot_be_written():
    projection = project(cloud(6, 4), "tsne", perplexity=1)

    assert (projection.method, dict(projection.options)) == ("tsne", {"perplexity": 1})
    assert projection.explained is None
    assert projection.coordinates.dtype == np.float32
    with pytest.raises(ValueError, match="read-only"):
        projection.coordinates[0, 0] = 1


@pytest.mark.parametrize(("points", "perplexity"), [(200, 30), (91, 30), (90, 29), (13, 4), (4, 1)])
def test_without_a_perplexity_thirty_or_the_bound_is_used(points, perplexity, monkeypatch):
    used = {}

    class Tsne:
        def __init__(self, **options):
            used.update(options)

        def fit(self, vectors):
            return vectors[:, :2]

    monkeypatch.setattr("openTSNE.TSNE", Tsne)

    assert project(cloud(points, 3), "tsne").options["perplexity"] == used["perplexity"] == perplexity


def test_tsne_with_the_same_seed_draws_the_same_picture():
    vectors = cloud(20, 6)

    pictures = [project(vectors, "tsne", seed=seed, perplexity=5).coordinates for seed in (1, 1, 2)]

    assert np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[0], pictures[2])


def test_tsne_leaves_neighbours_together():
    left, right = cloud(12, 6, seed=1), cloud(12, 6, seed=2) + 50

    coordinates = project(np.concatenate([left, right]), "tsne").coordinates

    between = np.linalg.norm(coordinates[:, None] - coordinates, axis=2) + np.diag([np.inf] * 24)
    assert ((between.argmin(axis=1) < 12) == (np.arange(24) < 12)).all()


@pytest.mark.parametrize(("points", "dimension"), [(4, 5), (5, 1), (12, 2), (12, 5)])
@pytest.mark.parametrize("n_components", [2, 3])
def test_tsne_draws_even_few_points_of_few_dimensions(points, dimension, n_components):
    coordinates = project(cloud(points, dimension), "tsne", n_components).coordinates

    assert coordinates.shape == (points, n_components)
    assert np.isfinite(coordinates).all()


def test_tsne_reports_its_steps_up_to_the_last():
    steps = []

    project(cloud(8, 4), "tsne", on_step=lambda step, of, coordinates: steps.append((step, of, coordinates.shape)))

    assert steps == [(step, sum(TSNE_STEPS), (8, 2)) for step in range(10, 760, 10)]


def test_what_tsne_hands_out_on_its_way_is_a_copy():
    vectors, pictures = cloud(8, 4), []

    def keep_and_spoil(step, steps, coordinates):
        pictures.append(coordinates.copy())
        coordinates[:] = np.nan

    watched = project(vectors, "tsne", on_step=keep_and_spoil)

    assert np.array_equal(watched.coordinates, project(vectors, "tsne").coordinates)
    assert not np.array_equal(pictures[0], pictures[-1])


def test_tsnes_last_report_is_hardly_a_step_from_the_finished_map():
    pictures = []

    projection = project(cloud(8, 4), "tsne", on_step=lambda step, steps, coordinates: pictures.append(coordinates))

    missing = [np.abs(picture - projection.coordinates).max() for picture in pictures]
    assert missing[-1] < 0.01 * np.ptp(projection.coordinates) < missing[0]


def test_what_a_watcher_raises_stops_tsne():
    steps = []

    def stop_at_thirty(step, steps_in_all, coordinates):
        steps.append(step)
        if step == 30:
            raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        project(cloud(8, 4), "tsne", on_step=stop_at_thirty)
    assert steps == [10, 20, 30]


@given(st.integers(4, 10_000))
def test_the_perplexity_bound_leaves_three_times_as_many_neighbours(points):
    bound = max_perplexity(points)

    assert 3 * bound <= points - 1 < 3 * (bound + 1)


@pytest.mark.parametrize("perplexity", [0, 0.99, -1, 3.01, 100, float("nan"), float("inf")])
def test_a_perplexity_out_of_bounds_is_refused_with_the_bounds(perplexity):
    with pytest.raises(InvalidInput, match=r"^For 10 words the perplexity must be from 1 to 3, not"):
        project(cloud(10, 4), "tsne", perplexity=perplexity)


@pytest.mark.parametrize("perplexity", [1, 2.5, 3])
def test_a_perplexity_within_bounds_is_used(perplexity):
    assert project(cloud(10, 4), "tsne", perplexity=perplexity).options == {"perplexity": perplexity}


def test_tsne_of_too_few_words_is_refused_with_what_would_do():
    with pytest.raises(InvalidInput, match=r"needs at least 4 words; there are 3\. Add words, or use PCA\.$"):
        project(cloud(TSNE_MIN_POINTS - 1, 4), "tsne")


@pytest.mark.parametrize("method", ["pca", "tsne"])
@pytest.mark.parametrize("words", [0, 1])
def test_a_map_of_less_than_two_words_is_refused(method, words):
    with pytest.raises(InvalidInput, match=r"at least (two words|one of each)"):
        project(cloud(words, 4), method)


def test_rows_of_different_lengths_are_refused():
    with pytest.raises(InvalidInput, match="rows of equal length"):
        project([[1, 2], [3]])


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_a_map_of_nothing_but_identical_points_is_refused(method):
    with pytest.raises(InvalidInput, match="All these vectors are the same"):
        project(np.ones((10, 4)), method)


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_points_that_coincide_are_drawn_together(method):
    vectors = cloud(10, 4)
    vectors[1] = vectors[0]

    coordinates = project(vectors, method).coordinates
    between = np.linalg.norm(coordinates[:, None] - coordinates, axis=2)

    assert np.isfinite(coordinates).all()
    assert between[0, 1] < between[0, 2:].min()


@pytest.mark.parametrize("method", ["pca", "tsne"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_map_of_vectors_that_are_not_finite_is_refused(method, value):
    vectors = cloud(10, 4)
    vectors[3, 2] = value

    with pytest.raises(InvalidInput, match="The vectors: there is NaN"):
        project(vectors, method)


def test_an_unknown_method_is_refused_with_the_names_there_are():
    with pytest.raises(InvalidInput, match=r"'mds'\. There are: pca, tsne\."):
        project(cloud(5, 4), "mds")


@pytest.mark.parametrize("n_components", [0, 1, 4, 2.0])
def test_a_map_of_other_than_two_or_three_dimensions_is_refused(n_components):
    with pytest.raises(InvalidInput, match="The number of dimensions of the map must be a whole number from 2 to 3"):
        project(cloud(5, 4), n_components=n_components)


@pytest.mark.parametrize("seed", [-1, 2**32, 0.5])
def test_a_seed_out_of_range_is_refused(seed):
    with pytest.raises(InvalidInput, match="The seed must be a whole number from 0"):
        project(cloud(5, 4), seed=seed)
