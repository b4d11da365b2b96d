import numpy as np
import pytest

from embeddings.numeric.knn import knn_graph
from embeddings.projection import tsne
from embeddings.projection.registry import project
from tests.embeddings.projection.methods import needs_opentsne

pytestmark = needs_opentsne


def losses_of(vectors: np.ndarray, **options) -> tuple[list[float], float]:
    """On the way, and at the end."""
    shown: list[float] = []
    finished = project(
        vectors, "tsne", backend="live", callback=lambda step, steps, places, loss: shown.append(loss), **options
    )
    return shown, finished.loss


def loss_by_its_definition(P: np.ndarray, coordinates: np.ndarray) -> float:
    """Kullback and Leibler's sum over all pairs, one number at a time."""
    Q = 1 / (1 + np.square(coordinates[:, None] - coordinates).sum(axis=2))
    np.fill_diagonal(Q, 0)
    Q /= Q.sum()
    return float(sum(p * np.log(p / q) for p, q in zip(P.ravel(), Q.ravel(), strict=True) if p > 0))


@pytest.mark.parametrize(
    "vectors",
    [np.eye(100), np.repeat(np.eye(2), 20, axis=0), np.concatenate([np.ones((30, 5)), 2 * np.eye(1, 5)])],
    ids=["one-hot", "two places", "one that differs"],
)
def test_the_loss_of_tsne_never_falls_below_zero(vectors):
    shown, last = losses_of(vectors, n_iter=100)

    assert min(*shown, last) >= 0


def test_each_loss_that_is_shown_is_that_of_its_own_map_over_all_pairs():
    vectors = np.eye(100, dtype=np.float32)
    ids, distances = knn_graph(vectors, 90)
    P = tsne._joint_probabilities(ids, distances, 30, None).toarray()
    frames = []

    project(vectors, "tsne", backend="live", n_iter=60, callback=lambda *shown: frames.append(shown[2:]))

    for coordinates, loss in frames:
        assert loss == pytest.approx(loss_by_its_definition(P, coordinates.astype(np.float64)), abs=1e-5)


@pytest.mark.parametrize("points", [40, 1_300])  # one block of pairs, and two
def test_the_loss_of_a_map_is_that_of_its_definition(points):
    from openTSNE.affinity import PerplexityBasedNN

    vectors = np.random.default_rng(points).normal(size=(points, 5)).astype(np.float32)
    P = PerplexityBasedNN(vectors, perplexity=10, method="exact", symmetrize=True).P.toarray()

    drawn = project(vectors, "tsne", backend="live", perplexity=10, n_iter=30)

    assert drawn.loss == pytest.approx(loss_by_its_definition(P, drawn.coordinates.astype(np.float64)), abs=1e-3)
