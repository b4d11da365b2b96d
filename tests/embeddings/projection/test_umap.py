import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from embeddings.projection import spectral
from embeddings.projection.projection_quality import quality
from embeddings.projection.registry import project, transform
from embeddings.projection.spectral import spectral_layout


def repeated(rows: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    return np.repeat(random.normal(size=(rows, 20)), random.integers(3, 6, size=rows), axis=0)


def yes_no(rows: int = 300, columns: int = 4) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 2, size=(rows, columns))


@pytest.mark.parametrize("seed", range(3))
def test_rows_that_repeat_are_drawn_and_twins_lie_together(seed):
    vectors = repeated(200, seed)

    coordinates = project(vectors, "umap", seed=seed).coordinates

    twins = (vectors[1:] == vectors[:-1]).all(axis=1)  # in rows that follow each other
    apart = np.linalg.norm(coordinates[1:] - coordinates[:-1], axis=1)
    assert np.median(apart[twins]) < np.median(apart[~twins]) / 5


def maps_that_began_at_random(glove_rows: np.ndarray) -> list[str]:
    """Of tables whose graphs have several equal eigenvalues; the other process calls this too."""
    tables = [(glove_rows, 2), (yes_no(), 15), (np.eye(60), 15), (np.eye(1_200), 5)]
    maps = [project(table, "umap", n_neighbors=k, n_iter=50).coordinates for table, k in tables]
    return [sha256(each.tobytes()).hexdigest() for each in maps]


def test_the_same_seed_draws_the_same_picture_where_all_words_weigh_the_same(glove):
    here = str(Path(__file__).parent)
    script = (
        f"import sys; sys.path.insert(0, {here!r}); import test_umap as t; from embeddings import sources; "
        "print(*t.maps_that_began_at_random(sources.load().matrix[:500]))"
    )
    first = maps_that_began_at_random(glove.matrix[:500])

    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert maps_that_began_at_random(glove.matrix[:500]) == first
    assert printed.stdout.split() == first


def path(vertices: int):
    from scipy.sparse import diags_array

    return diags_array([np.ones(vertices - 1)] * 2, offsets=[-1, 1]).tocsr()


def test_the_start_of_a_path_is_its_two_slowest_waves():
    start = spectral_layout(path(900), np.zeros((900, 2)), np.random.default_rng(0))

    along = np.arange(900) + 0.5
    for column, waves in zip(start.T, (1, 2), strict=True):
        assert abs(np.corrcoef(column, np.cos(np.pi * waves * along / 900))[0, 1]) > 0.999


def test_a_graph_whose_eigenvectors_are_not_found_starts_from_elsewhere(monkeypatch):
    monkeypatch.setattr(spectral, "_RESTARTS", 1)
    elsewhere = np.stack([np.linspace(-1, 1, 1_500), np.zeros(1_500)], axis=1)

    assert spectral_layout(path(1_500), elsewhere, np.random.default_rng(0)) == pytest.approx(elsewhere)


def test_parts_of_a_graph_that_nothing_joins_start_apart():
    from scipy.sparse import block_diag, csr_array

    start = spectral_layout(csr_array(block_diag([path(30)] * 4)), np.zeros((120, 2)), np.random.default_rng(0))

    middles = start.reshape(4, 30, 2).mean(axis=1)
    assert np.abs(start.reshape(4, 30, 2) - middles[:, None]).max() < 2
    assert min(np.abs(middles[i] - middles[j]).max() for i in range(4) for j in range(i)) > 2


@pytest.mark.parametrize("scale", [1e-12, 1e11])
def test_the_scale_of_the_numbers_does_not_matter(scale):
    vectors = np.random.default_rng(0).normal(size=(80, 6))

    drawn = project(scale * vectors, "umap").coordinates

    assert quality(vectors, drawn).trustworthiness > 0.85


@pytest.mark.parametrize("seed", range(4))
def test_near_twins_are_added_beside_their_twins(glove, seed):
    random = np.random.default_rng(seed)
    vectors = glove.matrix[random.choice(5_000, 300, replace=False)]
    twins = random.choice(300, 50, replace=False)
    projection = project(vectors, "umap", seed=seed)

    places = transform(projection, vectors, vectors[twins] + random.uniform(-0.001, 0.001, (50, 50)))

    beyond = np.linalg.norm(places - projection.coordinates[twins], axis=1) > np.ptp(projection.coordinates) / 4
    assert beyond.mean() <= 0.1


def test_added_words_do_not_cover_those_that_are_there(glove):
    vectors = glove.matrix[1_000:1_200]
    projection = project(vectors, "umap")

    places = transform(projection, vectors, glove.matrix[1_200:1_230])

    assert np.linalg.norm(places[:, None] - projection.coordinates, axis=2).min() > 0
