import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput
from embeddings.tsne_pitfalls.noise import make_blobs, make_circle, make_line, matched_gaussian

SHAPES = st.tuples(st.integers(2, 60), st.integers(1, 20), st.integers(0, 2**32 - 1))


def vectors_of(shape) -> np.ndarray:
    """Two lumps, skewed and correlated: anything but normally distributed."""
    points, dimension, seed = shape
    random = np.random.default_rng(seed)
    lumps = random.exponential(size=(points, dimension)) + 4 * random.integers(0, 2, size=(points, 1))
    return (lumps @ random.normal(size=(dimension, dimension))).astype(np.float32)


@given(SHAPES)
def test_noise_has_the_mean_and_the_covariance_of_what_it_is_like(shape):
    vectors = vectors_of(shape)

    noise = matched_gaussian(vectors, seed=3).vectors.astype(float)

    size = float(np.abs(vectors).max())
    assert noise.mean(axis=0) == pytest.approx(vectors.astype(float).mean(axis=0), abs=1e-5 * size)
    assert np.cov(noise.T) == pytest.approx(np.cov(vectors.astype(float).T), abs=1e-5 * size**2)


def test_noise_of_words_has_their_covariance_but_is_normally_distributed(glove):
    from scipy.stats import kurtosis  # 0 for a normal distribution; its mean over 50 columns hardly scatters

    words = glove.matrix[:2_000]
    noise = matched_gaussian(words).vectors

    assert np.cov(noise.T) == pytest.approx(np.cov(words.T), abs=1e-3)
    assert abs(kurtosis(noise).mean()) < 0.1 < 0.2 < kurtosis(words).mean()


@pytest.mark.parametrize(
    "make",
    [
        lambda seed: matched_gaussian(vectors_of((30, 5, 0)), seed),
        lambda seed: make_blobs((5, 6), (1, 2), (0, 9), seed),
        lambda seed: make_line(10, seed),
        lambda seed: make_circle(10, seed),
    ],
)
def test_the_same_seed_makes_the_same_points_and_another_others(make):
    first, again, other = make(0), make(0), make(1)

    assert np.array_equal(first.vectors, again.vectors)
    assert not np.array_equal(first.vectors, other.vectors)
    assert first.vectors.dtype == np.float32
    assert not first.vectors.flags.writeable
    assert not first.labels.flags.writeable


@pytest.fixture
def another_processor(monkeypatch):
    """Decompositions are as true as before, but with other signs, and of equal directions another choice."""
    svd, qr = np.linalg.svd, np.linalg.qr

    def others(count):
        return (-1.0) ** np.arange(1, count + 1)

    def other_svd(matrix, full_matrices=True):
        left, lengths, right = svd(matrix, full_matrices=full_matrices)
        turn = np.diag(others(len(lengths)))
        for n in np.flatnonzero(np.isclose(lengths[1:], lengths[:-1], rtol=1e-9)):
            turn[n : n + 2] = np.array([[0.6, 0.8], [-0.8, 0.6]]) @ turn[n : n + 2]
        return left @ turn.T, lengths, turn @ right

    def other_qr(matrix):
        columns, upper = qr(matrix)
        return -columns, -upper

    def be_one():
        monkeypatch.setattr(np.linalg, "svd", other_svd)
        monkeypatch.setattr(np.linalg, "qr", other_qr)

    return be_one


CUBE = np.stack(np.meshgrid([-1, 1], [-1, 1], [-3, 3], indexing="ij"), axis=-1).reshape(-1, 3)


@pytest.mark.parametrize(
    "make",
    [
        lambda seed: matched_gaussian(vectors_of((30, 5, 0)), seed),
        lambda seed: matched_gaussian(vectors_of((5, 30, 0)), seed),
        lambda seed: matched_gaussian(vectors_of((10, 2, 0)) @ np.arange(40).reshape(2, 20), seed),
        lambda seed: matched_gaussian(CUBE, seed),
        lambda seed: make_line(10, seed),
        lambda seed: make_circle(10, seed),
    ],
    ids=["many", "few", "flat", "of equal lengths", "line", "ring"],
)
def test_another_processor_draws_the_same_points_from_a_seed(make, another_processor):
    here = make(0).vectors
    another_processor()
    assert make(0).vectors == pytest.approx(here, abs=1e-5 * float(np.abs(here).max()))


def test_noise_like_points_that_are_all_the_same_is_these_points():
    assert matched_gaussian(np.ones((4, 3))).vectors.tolist() == np.ones((4, 3)).tolist()


def test_clusters_have_their_sizes_spreads_and_places():
    points = make_blobs((400, 300), (1, 10), (0, 500), dimension=20)
    tight, wide = (points.vectors[points.labels == label] for label in (0, 1))

    assert (len(tight), len(wide)) == (400, 300)
    assert (tight.std(axis=0).mean(), wide.std(axis=0).mean()) == pytest.approx((1, 10), rel=0.03)
    assert wide.mean(axis=0)[0] - tight.mean(axis=0)[0] == pytest.approx(500, rel=0.01)


@given(st.integers(3, 100), st.integers(0, 2**32 - 1))
def test_a_line_goes_one_way_in_even_steps(points, seed):
    vectors = make_line(points, seed, blur=0).vectors

    steps = np.diff(vectors, axis=0)
    assert steps == pytest.approx(np.tile(steps[:1], (points - 1, 1)), abs=1e-5)
    assert np.linalg.norm(vectors[-1] - vectors[0]) == pytest.approx(1, abs=1e-5)


@given(st.integers(3, 100), st.integers(0, 2**32 - 1))
def test_a_ring_is_as_far_from_its_middle_everywhere_and_closes(points, seed):
    made = make_circle(points, seed, blur=0)

    radius = np.linalg.norm(made.vectors - made.vectors.mean(axis=0), axis=1)
    steps = np.linalg.norm(np.roll(made.vectors, -1, axis=0) - made.vectors, axis=1)
    assert 2 * np.pi * radius == pytest.approx(np.ones(points), abs=1e-4)
    assert steps == pytest.approx(np.full(points, steps[0]), abs=1e-5)
    assert made.labels.tolist() == list(range(points))


def test_blur_is_how_far_points_are_off_the_line_on_average():
    exact, blurred = make_line(1_000, blur=0).vectors, make_line(1_000, blur=0.1).vectors

    assert np.sqrt(((blurred - exact) ** 2).sum(axis=1).mean()) == pytest.approx(0.1, rel=0.05)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: matched_gaussian([[1.0, 2.0]]), "The spread of less than two vectors is not known"),
        (lambda: matched_gaussian([[1.0, np.nan]] * 2), "The vectors: there is NaN"),
        (lambda: make_blobs((5, 5), (1,), (0, 1)), "Each cluster needs a size, a spread and a place"),
        (lambda: make_blobs((), (), ()), "Each cluster needs a size, a spread and a place"),
        (lambda: make_blobs((5, 0), (1, 1), (0, 1)), "The size of a cluster must be a whole number from 1"),
        (
            lambda: make_blobs((9_000, 9_000), (1, 1), (0, 1)),
            "The number of points must be a whole number from 1 to 10,000",
        ),
        (lambda: make_blobs((5,), (-1,), (0,)), "The spread of a cluster cannot be less than 0"),
        (lambda: make_line(1), "The number of points must be a whole number from 2"),
        (lambda: make_circle(2), "The number of points must be a whole number from 3"),
        (lambda: make_line(5, seed=-1), "The seed must be a whole number from 0"),
        (lambda: make_line(5, dimension=1), "The dimension must be a whole number from 2"),
        (lambda: make_circle(5, blur=2), "The blur must be from 0 to 1, not 2"),
    ],
)
def test_points_that_cannot_be_made_are_refused(make, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        make()
