import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.errors import InvalidInput
from embeddings.noise import clusters, gaussian_like, line, ring

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

    noise = gaussian_like(vectors, seed=3).vectors.astype(float)

    size = float(np.abs(vectors).max())
    assert noise.mean(axis=0) == pytest.approx(vectors.astype(float).mean(axis=0), abs=1e-5 * size)
    assert np.cov(noise.T) == pytest.approx(np.cov(vectors.astype(float).T), abs=1e-5 * size**2)


def test_noise_of_words_has_their_covariance_but_is_normally_distributed(glove):
    from scipy.stats import kstest

    noise = gaussian_like(glove.matrix[:2_000]).vectors
    whitened = (noise[:, 0] - noise[:, 0].mean()) / noise[:, 0].std()

    assert np.cov(noise.T) == pytest.approx(np.cov(glove.matrix[:2_000].T), abs=1e-3)
    assert kstest(whitened, "norm").pvalue > 0.01


@pytest.mark.parametrize(
    "make",
    [
        lambda seed: gaussian_like(vectors_of((30, 5, 0)), seed),
        lambda seed: clusters((5, 6), (1, 2), (0, 9), seed),
        lambda seed: line(10, seed),
        lambda seed: ring(10, seed),
    ],
)
def test_the_same_seed_makes_the_same_points_and_another_others(make):
    first, again, other = make(0), make(0), make(1)

    assert np.array_equal(first.vectors, again.vectors)
    assert not np.array_equal(first.vectors, other.vectors)
    assert first.vectors.dtype == np.float32
    assert not first.vectors.flags.writeable
    assert not first.labels.flags.writeable


def test_clusters_have_their_sizes_spreads_and_places():
    points = clusters((400, 300), (1, 10), (0, 500), dimension=20)
    tight, wide = (points.vectors[points.labels == label] for label in (0, 1))

    assert (len(tight), len(wide)) == (400, 300)
    assert (tight.std(axis=0).mean(), wide.std(axis=0).mean()) == pytest.approx((1, 10), rel=0.03)
    assert wide.mean(axis=0)[0] - tight.mean(axis=0)[0] == pytest.approx(500, rel=0.01)


@given(st.integers(3, 100), st.integers(0, 2**32 - 1))
def test_a_line_goes_one_way_in_even_steps(points, seed):
    vectors = line(points, seed, blur=0).vectors

    steps = np.diff(vectors, axis=0)
    assert steps == pytest.approx(np.tile(steps[:1], (points - 1, 1)), abs=1e-5)
    assert np.linalg.norm(vectors[-1] - vectors[0]) == pytest.approx(1, abs=1e-5)


@given(st.integers(3, 100), st.integers(0, 2**32 - 1))
def test_a_ring_is_as_far_from_its_middle_everywhere_and_closes(points, seed):
    made = ring(points, seed, blur=0)

    radius = np.linalg.norm(made.vectors - made.vectors.mean(axis=0), axis=1)
    steps = np.linalg.norm(np.roll(made.vectors, -1, axis=0) - made.vectors, axis=1)
    assert 2 * np.pi * radius == pytest.approx(np.ones(points), abs=1e-4)
    assert steps == pytest.approx(np.full(points, steps[0]), abs=1e-5)
    assert made.labels.tolist() == list(range(points))


def test_blur_is_how_far_points_are_off_the_line_on_average():
    exact, blurred = line(1_000, blur=0).vectors, line(1_000, blur=0.1).vectors

    assert np.sqrt(((blurred - exact) ** 2).sum(axis=1).mean()) == pytest.approx(0.1, rel=0.05)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: gaussian_like([[1.0, 2.0]]), "The spread of less than two vectors is not known"),
        (lambda: gaussian_like([[1.0, np.nan]] * 2), "The vectors: there is NaN"),
        (lambda: clusters((5, 5), (1,), (0, 1)), "Each cluster needs a size, a spread and a place"),
        (lambda: clusters((), (), ()), "Each cluster needs a size, a spread and a place"),
        (lambda: clusters((5, 0), (1, 1), (0, 1)), "The size of a cluster must be a whole number from 1"),
        (
            lambda: clusters((9_000, 9_000), (1, 1), (0, 1)),
            "The number of points must be a whole number from 1 to 10,000",
        ),
        (lambda: clusters((5,), (-1,), (0,)), "The spread of a cluster cannot be less than 0"),
        (lambda: line(1), "The number of points must be a whole number from 2"),
        (lambda: ring(2), "The number of points must be a whole number from 3"),
        (lambda: line(5, seed=-1), "The seed must be a whole number from 0"),
        (lambda: line(5, dimension=1), "The dimension must be a whole number from 2"),
        (lambda: ring(5, blur=2), "The blur must be from 0 to 1, not 2"),
    ],
)
def test_points_that_cannot_be_made_are_refused(make, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        make()
