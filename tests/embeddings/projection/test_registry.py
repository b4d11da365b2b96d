import re
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

import numpy as np
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.manifold import TSNE
from sklearn.metrics import silhouette_score
from threadpoolctl import threadpool_limits

from embeddings.common.errors import InvalidInput
from embeddings.numeric import fit_pca
from embeddings.numeric.knn import knn_graph
from embeddings.projection import tsne
from embeddings.projection.projection_quality import trustworthiness
from embeddings.projection.registry import METHODS, estimate_seconds, options_of, project, transform
from embeddings.projection.tsne import LIVE_UP_TO, TSNE_MIN_POINTS, TSNE_STEPS, max_perplexity
from tests.embeddings.projection.methods import (
    BACKENDS,
    FROM_VECTORS,
    NAMES,
    WAYS,
    keeps_neighbors_apart,
    needs_opentsne,
    needs_scranpy,
)

METRICS = ("euclidean", "cosine")


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
    assert projection.explained_variance_ratio == pytest.approx(explained, abs=1e-5)


def test_a_pca_map_of_word_vectors_is_sklearns_up_to_mirroring(glove):
    vectors = glove.rows(["cat", "dog", "horse", "king", "queen", "bread", "cheese", "paris", "rome"])
    peer, explained = in_sklearn(vectors, 2)

    projection = project(vectors)

    assert np.abs(projection.coordinates) == pytest.approx(np.abs(peer), abs=1e-4)
    assert projection.explained_variance_ratio == pytest.approx(explained, abs=1e-6)


@given(SHAPES, st.randoms(use_true_random=False))
def test_the_order_of_the_points_does_not_mirror_a_pca_map(shape, random):
    vectors = cloud(*shape)
    order = random.sample(range(len(vectors)), len(vectors))

    assert project(vectors[order]).coordinates == pytest.approx(project(vectors).coordinates[order], abs=1e-3)


@given(SHAPES, st.sampled_from([2, 3]))
def test_principal_axes_are_unit_vectors_at_right_angles_and_point_up(shape, n_components):
    directions = fit_pca(cloud(*shape), n_components).components

    assert directions @ directions.T == pytest.approx(np.eye(n_components), abs=1e-5)
    assert (directions.max(axis=1) == np.abs(directions).max(axis=1)).all()


def test_more_words_find_their_place_on_a_map_that_stays():
    vectors = cloud(20, 5)
    axes = fit_pca(vectors, 2)

    assert axes.transform(vectors) == pytest.approx(project(vectors).coordinates)
    assert axes.transform(axes.mean + 2 * axes.components[:1]) == pytest.approx(np.array([[2, 0]]), abs=1e-5)


def test_axes_that_the_data_does_not_have_stay_zero():
    projection = project([[1], [2], [4]], n_components=3)

    assert np.abs(projection.coordinates[:, 0]) == pytest.approx(np.abs(np.array([1, 2, 4]) - 7 / 3), abs=1e-5)
    assert not projection.coordinates[:, 1:].any()
    assert projection.explained_variance_ratio == pytest.approx((1, 0, 0))


def test_two_points_lie_on_a_line_as_far_apart_as_they_were():
    projection = project([[0, 0, 0], [2, 3, 6]])

    assert np.linalg.norm(np.subtract(*projection.coordinates)) == pytest.approx(7)
    assert projection.explained_variance_ratio == pytest.approx((1, 0))


@needs_opentsne
def test_a_finished_map_says_how_it_was_made_and_cannot_be_written():
    projection = project(cloud(6, 4), "tsne", seed=3, perplexity=1)

    assert (projection.method, projection.seed, dict(projection.options)) == (
        "tsne",
        3,
        {"perplexity": 1, "init": "pca", "n_iter": 750, "backend": "live", "metric": "euclidean"},
    )
    assert projection.explained_variance_ratio is None
    assert projection.coordinates.dtype == np.float32
    with pytest.raises(ValueError, match="read-only"):
        projection.coordinates[0, 0] = 1


@pytest.mark.parametrize(("points", "perplexity"), [(200, 30), (91, 30), (90, 29), (13, 4), (4, 1)])
@needs_opentsne
def test_without_a_perplexity_thirty_or_the_bound_is_used(points, perplexity):
    assert options_of((points, 3), "tsne")["perplexity"] == perplexity
    drawn = project(cloud(points, 3), "tsne", n_iter=20)
    assert np.array_equal(
        drawn.coordinates, project(cloud(points, 3), "tsne", n_iter=20, perplexity=perplexity).coordinates
    )


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


@needs_opentsne
def test_tsne_reports_its_steps_up_to_the_last():
    steps = []

    project(
        cloud(8, 4), "tsne", callback=lambda step, of, coordinates, loss: steps.append((step, of, coordinates.shape))
    )

    assert steps == [(step, sum(TSNE_STEPS), (8, 2)) for step in range(10, 760, 10)]


@needs_opentsne
def test_what_tsne_hands_out_on_its_way_is_a_copy():
    vectors, pictures = cloud(8, 4), []

    def keep_and_spoil(step, steps, coordinates, loss):
        pictures.append(coordinates.copy())
        coordinates[:] = np.nan

    watched = project(vectors, "tsne", callback=keep_and_spoil)

    assert np.array_equal(watched.coordinates, project(vectors, "tsne").coordinates)
    assert not np.array_equal(pictures[0], pictures[-1])


@needs_opentsne
def test_tsnes_last_report_is_hardly_a_step_from_the_finished_map():
    pictures = []

    projection = project(
        cloud(8, 4), "tsne", callback=lambda step, steps, coordinates, loss: pictures.append(coordinates)
    )

    missing = [np.abs(picture - projection.coordinates).max() for picture in pictures]
    assert missing[-1] < 0.01 * np.ptp(projection.coordinates) < missing[0]


@needs_opentsne
def test_what_a_watcher_raises_stops_tsne():
    steps = []

    def stop_at_thirty(step, steps_in_all, coordinates, loss):
        steps.append(step)
        if step == 30:
            raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        project(cloud(8, 4), "tsne", callback=stop_at_thirty)
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
    assert project(cloud(10, 4), "tsne", perplexity=perplexity).options["perplexity"] == perplexity


def test_tsne_of_too_few_words_is_refused_with_what_would_do():
    with pytest.raises(InvalidInput, match=r"needs at least 4 words; there are 3\. Add words, or use PCA\.$"):
        project(cloud(TSNE_MIN_POINTS - 1, 4), "tsne")


@pytest.mark.parametrize("method", FROM_VECTORS)
@pytest.mark.parametrize("words", [0, 1])
def test_a_map_of_less_than_two_words_is_refused(method, words):
    with pytest.raises(InvalidInput, match=r"at least (two words|one of each)"):
        project(cloud(words, 4), method)


def test_rows_of_different_lengths_are_refused():
    with pytest.raises(InvalidInput, match="rows of equal length"):
        project([[1, 2], [3]])


@pytest.mark.parametrize("method", FROM_VECTORS)
def test_a_map_of_nothing_but_identical_points_is_refused(method):
    with pytest.raises(InvalidInput, match="All these vectors are the same"):
        project(np.ones((10, 4)), method)


@pytest.mark.parametrize("method", [name for name in FROM_VECTORS if not keeps_neighbors_apart(name)])
def test_points_that_coincide_are_drawn_nearer_to_each_other_than_to_any_other(method):
    vectors = cloud(10, 4)
    vectors[1] = vectors[0]

    coordinates = project(vectors, method).coordinates
    between = np.linalg.norm(coordinates[:, None] - coordinates, axis=2)

    assert np.isfinite(coordinates).all()
    assert between[0, 1] < between[0, 2:].min()


@pytest.mark.parametrize("method", FROM_VECTORS)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_map_of_vectors_that_are_not_finite_is_refused(method, value):
    vectors = cloud(10, 4)
    vectors[3, 2] = value

    with pytest.raises(InvalidInput, match="The vectors: there is NaN"):
        project(vectors, method)


def test_an_unknown_method_is_refused_with_the_names_there_are():
    with pytest.raises(InvalidInput, match=rf"'isomap'\. There are: {', '.join(NAMES)}\."):
        project(cloud(5, 4), "isomap")


@pytest.mark.parametrize("n_components", [0, 1, 4, 2.0])
def test_a_map_of_other_than_two_or_three_dimensions_is_refused(n_components):
    with pytest.raises(InvalidInput, match="The number of dimensions of the map must be a whole number from 2 to 3"):
        project(cloud(5, 4), n_components=n_components)


@pytest.mark.parametrize("seed", [-1, 2**32, 0.5])
def test_a_seed_out_of_range_is_refused(seed):
    with pytest.raises(InvalidInput, match="The seed must be a whole number from 0"):
        project(cloud(5, 4), seed=seed)


@given(SHAPES)
def test_the_spectrum_is_the_share_of_every_component_as_in_sklearn(shape):
    vectors = cloud(*shape)
    shares = in_sklearn(vectors, min(vectors.shape))[1]

    spectrum = project(vectors).all_variance_ratios

    assert len(spectrum) == vectors.shape[1]
    assert spectrum[: len(shares)] == pytest.approx(shares, abs=1e-5)
    assert sum(spectrum) == pytest.approx(1)


def test_any_two_components_can_be_drawn():
    vectors = cloud(30, 6)
    first_three, chosen = project(vectors, n_components=3), project(vectors, components=(3, 1))

    assert np.array_equal(chosen.coordinates, first_three.coordinates[:, [2, 0]])
    assert chosen.explained_variance_ratio == (
        first_three.explained_variance_ratio[2],
        first_three.explained_variance_ratio[0],
    )
    assert chosen.options["components"] == (3, 1)


@pytest.mark.parametrize("components", [(1,), (1, 1), (0, 1), (1, 2, 3), (1.0, 2), (True, 2)])
def test_components_that_are_not_two_different_ones_are_refused(components):
    with pytest.raises(InvalidInput, match="Choose 2 different components, counted from 1, not"):
        project(cloud(10, 4), components=components)


@pytest.mark.parametrize(("points", "dimension"), [(10, 3), (3, 10)])
def test_a_component_that_the_vectors_do_not_have_is_refused(points, dimension):
    with pytest.raises(InvalidInput, match=f"no component 4: {points} vectors of {dimension} numbers have 3"):
        project(cloud(points, dimension), components=(1, 4))


@pytest.mark.parametrize(("method", "options"), WAYS)
def test_by_cosine_the_length_of_a_vector_does_not_matter(method, options):
    vectors = cloud(40, 5)
    lengths = 2.0 ** np.random.default_rng(0).integers(-3, 4, size=(40, 1))  # powers of two, so that nothing is rounded

    maps = [project(rows, method, metric="cosine", **options).coordinates for rows in (vectors, vectors * lengths)]

    assert np.array_equal(*maps)


@pytest.mark.parametrize("method", FROM_VECTORS)
def test_by_cosine_a_vector_of_zeros_is_refused_with_its_row(method):
    vectors = cloud(10, 4)
    vectors[6] = 0

    with pytest.raises(InvalidInput, match=r"^Row 7 is all zeros: it points nowhere"):
        project(vectors, method, metric="cosine")


def test_by_cosine_vectors_that_all_point_one_way_are_refused():
    with pytest.raises(InvalidInput, match="All these vectors point the same way"):
        project(np.outer([1, 2, 3, 5, 7], [0.1, 0.2, 0.3]), metric="cosine")


def test_an_unknown_metric_is_refused_with_those_there_are():
    with pytest.raises(InvalidInput, match=r"'manhattan'\. There are: euclidean, cosine\.$"):
        project(cloud(5, 4), metric="manhattan")


@pytest.mark.parametrize(("method", "option"), [("pca", "perplexity"), ("umap", "backend"), ("tsne", "n_neighbors")])
def test_an_option_of_another_method_is_refused(method, option):
    with pytest.raises(InvalidInput, match=f"^{method} has no option called '{option}'"):
        project(cloud(20, 4), method, **{option: 2})


def two_clusters() -> np.ndarray:
    """Forty points each, far apart and nearly at right angles: two clusters by distance and by cosine."""
    one, other = np.zeros(6), np.zeros(6)
    one[0] = other[1] = 50
    return np.concatenate([cloud(40, 6, seed=1) + one, cloud(40, 6, seed=2) + other])


@pytest.mark.parametrize("metric", METRICS)
def test_the_two_clusters_are_two_by_each_metric(metric):
    assert silhouette_score(two_clusters(), np.repeat([0, 1], 40), metric=metric) > 0.9


@pytest.mark.parametrize(("method", "options"), BACKENDS)
def test_every_engine_leaves_neighbours_together(method, options):
    coordinates = project(two_clusters(), method, **options).coordinates

    between = np.linalg.norm(coordinates[:, None] - coordinates, axis=2) + np.diag([np.inf] * 80)
    assert ((between.argmin(axis=1) < 40) == (np.arange(80) < 40)).all()


@pytest.mark.parametrize(("method", "options"), BACKENDS)
def test_another_seed_draws_another_picture_and_the_same_seed_the_same(method, options):
    pictures = [project(cloud(40, 6), method, seed=seed, **options).coordinates for seed in (1, 1, 2)]

    assert np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[0], pictures[2])


def hashes_of_pictures() -> list[str]:
    """One for each backend; the other process calls this too."""
    maps = [project(cloud(60, 6), method, seed=5, n_iter=250, **options) for method, options in BACKENDS]
    return [sha256(each.coordinates.tobytes()).hexdigest() for each in maps]


def test_another_process_draws_the_same_pictures():
    here = str(Path(__file__).parent)
    script = f"import sys; sys.path.insert(0, {here!r}); import test_registry as t; print(*t.hashes_of_pictures())"

    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert printed.stdout.split() == hashes_of_pictures()


@pytest.mark.parametrize(("method", "options"), BACKENDS)
def test_any_number_of_threads_draws_the_same_picture(glove, method, options):
    vectors, pictures = glove.matrix[:100], []
    for threads in (1, 2, 4):
        with threadpool_limits(threads):
            pictures.append(project(vectors, method, **options).coordinates)

    assert np.array_equal(pictures[0], pictures[1])
    assert np.array_equal(pictures[0], pictures[2])


@pytest.mark.parametrize(("method", "options"), BACKENDS)
def test_a_watched_run_draws_the_same_picture_and_says_how_far_it_is(method, options):
    told = []
    vectors = cloud(300, 6)

    watched = project(vectors, method, report=lambda *said: told.append(said), **options)

    shares, words = zip(*told, strict=True)

    assert np.array_equal(watched.coordinates, project(vectors, method, **options).coordinates)
    assert list(shares) == sorted(shares)
    assert 0 < shares[-1] <= 1
    assert not [each for each in words if re.search(r"\d s\b", each)]  # the page says the time beside it


@pytest.mark.parametrize(("method", "options"), BACKENDS)
def test_what_a_report_raises_stops_any_engine_and_leaves_no_process(method, options):
    def report(share, words):
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        project(cloud(300, 6), method, report=report, n_iter=10_000, **options)
    running = [each for each in psutil.Process().children() if each.status() != psutil.STATUS_ZOMBIE]
    assert not [each for each in running if "embeddings.jobs" in each.cmdline()]


@needs_opentsne
def test_a_large_live_tsne_can_be_stopped_between_any_two_of_its_parts():
    said = []

    def report(share, words):
        said.append((words.split(" ")[1], share))
        if share > 0.1:
            raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        project(cloud(4_500, 6), "tsne", report=report, backend="live")

    parts = Counter(part for part, _ in said)
    assert parts == {"comparing": 3, "how": 5, "step": 1}  # blocks of pairs, of 1,000 words, and one step
    assert [share for _, share in said] == sorted(share for _, share in said)


@pytest.mark.parametrize(("points", "perplexity"), [(60, 7), (60, 2.5), (2_300, 30)])
@needs_opentsne
def test_affinities_found_block_by_block_are_opentsnes(points, perplexity):
    from openTSNE import affinity, nearest_neighbors

    ids, distances = knn_graph(cloud(points, 6), int(3 * perplexity))
    index = nearest_neighbors.PrecomputedNeighbors(ids, distances)
    expected = affinity.PerplexityBasedNN(perplexity=perplexity, knn_index=index).P

    found = tsne._joint_probabilities(ids, distances, perplexity, None)

    assert abs(found - expected).max() < 1e-9 * expected.max()


@needs_opentsne
def test_the_loss_of_tsne_falls_to_that_of_the_finished_map():
    losses = []
    vectors = cloud(60, 6)

    finished = project(vectors, "tsne", callback=lambda step, steps, coordinates, loss: losses.append(loss))

    assert losses[0] > losses[30] > losses[-1]
    assert losses[-1] == pytest.approx(finished.loss, rel=0.01)


@pytest.mark.parametrize(("method", "options"), WAYS)
def test_only_what_streams_knows_its_loss(method, options):
    streams = METHODS[method].streams and options.get("backend", "live") == "live"
    assert (project(cloud(20, 6), method, **options).loss is not None) == streams


@needs_opentsne
def test_tsne_lays_clusters_out_anew_for_each_seed_unless_it_starts_from_pca():
    def way_from_left_to_right(init, seed):
        coordinates = project(two_clusters(), "tsne", init=init, seed=seed).coordinates
        way = coordinates[40:].mean(axis=0) - coordinates[:40].mean(axis=0)
        return way / np.linalg.norm(way)

    alike = {
        start: min(way_from_left_to_right(start, 0) @ way_from_left_to_right(start, seed) for seed in (1, 2, 3))
        for start in ("pca", "random")
    }
    assert alike["pca"] > 0.9
    assert alike["random"] < 0.5


@pytest.mark.parametrize(("n_iter", "last"), [(10, 10), (35, 30), (100, 100), (800, 800)])
@needs_opentsne
def test_tsne_takes_as_many_steps_as_it_is_told(n_iter, last):
    steps = []

    project(cloud(8, 4), "tsne", n_iter=n_iter, callback=lambda step, of, *_: steps.append((step, of)))

    assert steps == [(step, n_iter) for step in range(10, last + 1, 10)]


@pytest.mark.parametrize(("points", "backend"), [(LIVE_UP_TO, "live"), (LIVE_UP_TO + 1, "fast")])
@needs_opentsne
@needs_scranpy
def test_by_itself_tsne_is_live_up_to_a_size_and_fast_beyond(points, backend):
    assert options_of((points, 50), "tsne")["backend"] == backend


def test_where_neither_engine_is_made_for_the_system_scikit_learn_draws(monkeypatch):
    monkeypatch.setattr("embeddings.projection.tsne.installed", lambda name: False)

    for points in (LIVE_UP_TO, 5_000):
        options = options_of((points, 50), "tsne")
        assert (options["backend"], options["init"], options["n_iter"]) == ("plain", "pca", 750)
    with pytest.raises(InvalidInput, match="from 250 to 10,000, not 240"):
        options_of((100, 50), "tsne", n_iter=240)
    assert "openTSNE is not installed" in tsne.tsne_stand_in()


def test_a_map_by_scikit_learn_is_as_good_as_its_own():
    vectors = two_clusters()
    theirs = TSNE(perplexity=20, init="pca", max_iter=400, random_state=3).fit_transform(vectors)
    ours = project(vectors, "tsne", seed=3, perplexity=20, n_iter=400, backend="plain").coordinates
    assert trustworthiness(vectors, ours, n_neighbors=10) == pytest.approx(
        trustworthiness(vectors, theirs, n_neighbors=10), abs=0.05
    )


def test_without_opentsne_a_new_word_goes_among_its_nearest_neighbours(monkeypatch):
    vectors = two_clusters()
    drawn = project(vectors, "tsne", backend="plain")
    monkeypatch.setattr("embeddings.projection.tsne.installed", lambda name: False)

    placed = transform(drawn, vectors, vectors[[3, 50]] + 0.01)

    distances = np.linalg.norm(placed[:, None] - drawn.coordinates, axis=2)
    assert (distances.argmin(axis=1) < 40).tolist() == [True, False]


@pytest.mark.parametrize("options", [{"n_components": 3}, {"init": "pca"}])
@needs_opentsne
def test_what_the_fast_engine_cannot_do_is_done_live_or_refused(options):
    assert options_of((5_000, 50), "tsne", **options)["backend"] == "live"
    with pytest.raises(InvalidInput, match=r"^The fast backend .* only\. Choose the backend 'live'\.$"):
        options_of((5_000, 50), "tsne", backend="fast", **options)


def test_where_the_fast_engine_is_not_made_for_the_system_tsne_is_live(monkeypatch):
    monkeypatch.setattr("embeddings.projection.tsne.installed", lambda name: name == "openTSNE")

    assert options_of((5_000, 50), "tsne")["backend"] == "live"
    with pytest.raises(InvalidInput, match="not installed here: pip install scranpy"):
        options_of((5_000, 50), "tsne", backend="fast")


@pytest.mark.parametrize("n_components", [2, 3])
@pytest.mark.parametrize("init", ["spectral", "pca", "random"])
def test_umap_draws_in_two_or_three_dimensions_from_any_start(init, n_components):
    coordinates = project(cloud(30, 5), "umap", n_components, init=init).coordinates

    assert coordinates.shape == (30, n_components)
    assert np.isfinite(coordinates).all()


@pytest.mark.parametrize(("points", "dimension"), [(4, 5), (5, 2), (16, 3)])
def test_umap_draws_even_few_points(points, dimension):
    assert np.isfinite(project(cloud(points, dimension), "umap").coordinates).all()


@pytest.mark.parametrize("method", FROM_VECTORS)
def test_points_that_coincide_are_drawn_near_each_other(method):
    vectors = cloud(60, 4)
    vectors[1] = vectors[0]

    coordinates = project(vectors, method).coordinates

    apart = np.linalg.norm(coordinates - coordinates[0], axis=1)
    assert apart[1] < np.median(apart) / 2


@pytest.mark.parametrize(
    ("method", "options", "sentence"),
    [
        (
            "umap",
            {"n_neighbors": 10},
            "For 10 words the number of neighbours must be a whole number from 2 to 9, not 10",
        ),
        ("umap", {"n_neighbors": 1}, "For 10 words the number of neighbours must be a whole number from 2 to 9, not 1"),
        ("umap", {"min_dist": -0.1}, "The least distance between drawn neighbours must be from 0 to 1"),
        ("umap", {"init": "tsne"}, "UMAP can start from 'spectral', 'pca', 'random', not 'tsne'"),
        ("umap", {"n_iter": 0}, "The number of steps must be a whole number from 10 to 10,000, not 0"),
        ("tsne", {"init": "spectral"}, "t-SNE can start from 'pca' or 'random', not 'spectral'"),
        (
            "tsne",
            {"n_iter": 10_001, "backend": "live"},
            "The number of steps must be a whole number from 10 to 10,000, not 10001",
        ),
        ("tsne", {"backend": "quick"}, "There is no backend called 'quick'. There are: auto, live, fast, plain."),
        ("tsne", {"perplexity": "5"}, "For 10 words the perplexity must be from 1 to 3, not 5"),
    ],
)
def test_an_option_out_of_range_is_refused_with_what_would_do(method, options, sentence):
    with pytest.raises(InvalidInput, match=re.escape(sentence)):
        project(cloud(10, 4), method, **options)


@pytest.mark.parametrize(
    ("shape", "method", "options", "sentence"),
    [
        ((3, 4), "umap", {}, "UMAP needs at least 4 words; there are 3"),
        ((9, 2), "umap", {}, "UMAP cannot draw vectors of 2 numbers in 3 dimensions"),
        ((9, 2), "tsne", {"init": "pca"}, "9 vectors of 2 numbers have no 3 principal components"),
    ],
)
def test_a_table_too_small_for_a_map_is_refused(shape, method, options, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        project(cloud(*shape), method, 3, **options)


@pytest.mark.parametrize(("method", "options"), WAYS)
@pytest.mark.parametrize("metric", METRICS)
def test_a_word_added_to_a_map_goes_to_its_neighbours(method, options, metric):
    vectors = two_clusters()
    projection = project(vectors, method, metric=metric, **options)

    places = transform(projection, vectors, vectors[[3, 60]] + 0.01)

    apart = np.linalg.norm(projection.coordinates - places[:, None], axis=2)  # [2, 80]
    assert ((apart.argmin(axis=1) < 40) == [True, False]).all()
    assert (apart[[0, 1], [3, 60]] < np.ptp(projection.coordinates) / 4).all()


def test_a_word_added_to_a_pca_map_lies_where_its_axes_put_it():
    vectors, new = cloud(20, 5), cloud(3, 5, seed=9)

    places = transform(project(vectors, components=(2, 3)), vectors, new)

    assert np.array_equal(places, fit_pca(vectors, 2, (2, 3)).transform(new))
    assert not places.flags.writeable


@pytest.mark.parametrize(("method", "options"), BACKENDS)
def test_a_word_is_added_to_the_same_place_each_time(method, options):
    vectors, new = cloud(30, 5), cloud(2, 5, seed=9)
    projection = project(vectors, method, **options)

    assert np.array_equal(transform(projection, vectors, new), transform(projection, vectors, new))


def test_words_that_do_not_fit_a_map_are_not_added():
    vectors = cloud(10, 4)
    projection = project(vectors, metric="cosine")

    with pytest.raises(InvalidInput, match="This map shows 10 words, not 9"):
        transform(projection, vectors[:9], vectors)
    with pytest.raises(InvalidInput, match="must have 4 numbers each"):
        transform(projection, vectors, cloud(2, 3))
    with pytest.raises(InvalidInput, match="Row 1 is all zeros"):
        transform(projection, vectors, np.zeros((1, 4)))


@pytest.mark.parametrize(("method", "options"), WAYS)
def test_more_points_are_expected_to_take_longer(method, options):
    largest = METHODS[method].max_points or 10_000
    seconds = [estimate_seconds(method, n, 50, **options) for n in (100, 1_000, largest)]

    assert 0 < seconds[0] < seconds[1] < seconds[2]


@needs_scranpy
def test_it_can_be_told_beforehand_that_a_map_takes_minutes():
    assert estimate_seconds("tsne", 50_000, 50, backend="live") > 60
    assert estimate_seconds("tsne", 10_000, 50, backend="fast") < 60
    assert estimate_seconds("umap", 5_000, 50) < 60


def test_how_long_an_impossible_map_takes_is_not_guessed():
    with pytest.raises(InvalidInput, match="the perplexity must be from 1 to 3"):
        estimate_seconds("tsne", 10, 50, perplexity=30)
