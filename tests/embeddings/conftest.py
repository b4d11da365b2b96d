"""What the engine's tests share: the real GloVe table, and small tables."""

import numpy as np
import pytest

from embeddings import sources
from embeddings.vectors.word_vectors import WordVectors


@pytest.fixture(scope="session")
def glove(tmp_path_factory) -> WordVectors:
    """The bundled table, verified without touching the machine's own cache."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        return sources.load()


@pytest.fixture
def toy() -> WordVectors:
    """Two animals that point one way, two fruits that point another, and one word of no direction."""
    rows = [[4, 0, 1], [8, 0, 1], [0, 5, 1], [0, 9, 1], [0, 0, 0]]
    return WordVectors.of("toy", ["cat", "dog", "apple", "pear", "void"], np.array(rows, dtype=np.float32))
