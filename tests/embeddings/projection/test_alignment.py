import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput
from embeddings.projection.alignment import AlignedSnapshot, procrustes_align

SHAPES = st.tuples(st.integers(6, 30), st.integers(2, 6), st.integers(0, 2**32 - 1))


def table_and_rotation(V: int, D: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows that spread differently along each axis, and a random orthogonal matrix."""
    random = np.random.default_rng(seed)
    rotation, _ = np.linalg.qr(random.normal(size=(D, D)))
    return random.normal(size=(V, D)) * 0.6 ** np.arange(D) + 1, rotation


def maps_of(tables, ids=None) -> list[np.ndarray]:
    """Where the rows ``ids`` lie in each of ``tables``, turned one after the other, on the axes of the last."""
    snapshots = [AlignedSnapshot.of(tables[0], ids)]
    for table in tables[1:]:
        snapshots.append(snapshots[-1].next(table))
    return [snapshots[-1].axes.transform(snapshot.table[snapshot.ids]) for snapshot in snapshots]


@given(SHAPES)
def test_a_table_that_was_only_turned_is_turned_back(shape):
    table, rotation = table_and_rotation(*shape)
    assert procrustes_align(table @ rotation, table) == pytest.approx(table, abs=1e-4)


@given(SHAPES)
def test_turning_keeps_every_distance_and_brings_no_table_further_away(shape):
    table, rotation = table_and_rotation(*shape)
    other = np.random.default_rng(shape[2] + 1).normal(size=table.shape)
    turned = procrustes_align(other, table)
    assert turned @ turned.T == pytest.approx(other @ other.T, abs=1e-3)
    nearest = np.linalg.norm(turned - table)
    assert nearest <= min(np.linalg.norm(other - table), np.linalg.norm(other @ rotation - table)) + 1e-4


@given(SHAPES)
def test_nothing_moves_on_the_map_when_tables_only_turn(shape):
    table, rotation = table_and_rotation(*shape)
    maps = maps_of([table, table @ rotation, table @ rotation @ rotation])
    assert maps[1] == pytest.approx(maps[0], abs=1e-3)
    assert maps[2] == pytest.approx(maps[0], abs=1e-3)


def test_a_word_that_learned_moves_and_the_others_stay():
    table, rotation = table_and_rotation(200, 4, seed=0)
    later = table.copy()
    later[7, 0] += 2
    before, after = maps_of([table, later @ rotation])
    moved = np.linalg.norm(after - before, axis=1)
    assert moved[7] > 1
    assert np.delete(moved, 7).max() < 0.1


def test_the_map_has_the_rows_that_were_asked_for():
    table, _ = table_and_rotation(20, 4, seed=1)
    (drawn,) = maps_of([table], ids=[3, 1])
    assert drawn.shape == (2, 2)
    assert drawn.dtype == np.float32


@given(SHAPES)
def test_going_on_frame_by_frame_nothing_moves_when_tables_only_turn(shape):
    table, rotation = table_and_rotation(*shape)
    first = AlignedSnapshot.of(table, [0, 2, 4])
    later = first.next(table @ rotation).next(table @ rotation @ rotation)
    assert later.coordinates == pytest.approx(first.coordinates, abs=1e-3)


@given(SHAPES)
def test_going_on_keeps_the_axes_at_right_angles(shape):
    table, _ = table_and_rotation(*shape)
    other, _ = table_and_rotation(shape[0], shape[1], shape[2] // 2)
    directions = AlignedSnapshot.of(table).next(other).axes.components
    assert directions @ directions.T == pytest.approx(np.eye(2), abs=1e-4)


@pytest.mark.parametrize("tables", [[np.ones((3, 2)), np.ones((3, 3))], [np.array([[1, np.nan]])]])
def test_what_cannot_be_aligned_is_refused(tables):
    with pytest.raises(InvalidInput):
        maps_of(tables)
