"""A map that would take too much memory is refused in a sentence, before anything is allocated."""

import numpy as np
import pytest

from embeddings.common.errors import TooLarge
from embeddings.projection import registry
from embeddings.projection.registry import project

POINTS = np.random.default_rng(0).normal(size=(1_000, 50))


@pytest.mark.parametrize("method", ["pca", "tsne", "umap", "mds"])
def test_a_map_that_takes_more_than_is_free_is_refused_before_it_is_begun(method, monkeypatch):
    monkeypatch.setattr(registry, "allowed_bytes", lambda: 10_000)
    monkeypatch.delattr(registry, "normalize_for_metric")  # what follows is not reached

    with pytest.raises(TooLarge, match=r" of 1,000 words would take .*; at most 10 kB may be used here"):
        project(POINTS, method)


def needed(method: str, **options: int) -> int:
    with pytest.raises(TooLarge) as caught:
        project(POINTS, method, **options)
    return caught.value.needed


def test_what_a_map_takes_grows_with_its_neighbors_and_for_mds_with_all_pairs(monkeypatch):
    monkeypatch.setattr(registry, "allowed_bytes", lambda: 0)

    assert needed("umap", n_neighbors=50) - needed("umap", n_neighbors=5) == 1_000 * 45 * registry._PER_NEIGHBOR
    assert needed("tsne", perplexity=30) > needed("tsne", perplexity=5)
    assert needed("mds") > 6 * 8 * 1_000**2
    assert needed("pca") < 2_000_000
