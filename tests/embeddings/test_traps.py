from functools import cache

import numpy as np
import pytest

from embeddings.errors import InvalidInput
from embeddings.projection import Projection, project
from embeddings.traps import Trap, clumps, disparity, nearest_cluster, trap, traps

SEEDS = (0, 1)
NAMES = [each.name for each in traps()]


@pytest.fixture(scope="module")
def words(glove) -> np.ndarray:
    return np.ascontiguousarray(glove.matrix[1_000:1_150])


@cache
def drawn(name: str, seed: int, rows: bytes) -> tuple[Projection, ...]:
    """Each map of a trap; drawn once for all tests."""
    table = np.frombuffer(rows, dtype=np.float32).reshape(-1, 50)
    points = trap(name).make(table, seed)
    return tuple(project(points.vectors, **setting) for setting in trap(name).settings)


def measured(each: Trap, seed: int, words: np.ndarray) -> tuple[float, list[float]]:
    """The number for the points, and those for the maps."""
    points = each.make(words, seed)
    maps = drawn(each.name, seed, words.tobytes())
    return each.measure(points.vectors, points.labels), [
        each.measure(drawing.coordinates, points.labels) for drawing in maps
    ]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NAMES)
def test_what_a_trap_says_is_what_is_measured(name, seed, words):
    each = trap(name)

    assert each.decide(*measured(each, seed, words)) == each.answer


@pytest.mark.parametrize(
    ("name", "truth", "maps", "option"),
    [
        ("perplexity", 2, (2, 2, 2), "Two each time"),
        ("perplexity", 2, (6, 2, 1), "One at perplexity 30"),
        ("sizes", 10, (9, 3), "The wide one stays several times as wide"),
        ("sizes", 10, (0.5, 1), "The tight one comes out wider"),
        ("gaps", 5, (4.8, 5), "About five times as far"),
        ("gaps", 5, (0.5, 0.7), "The third nearer than the first"),
        ("noise", 1, (1, 1, 2, 1), "At none of them"),
        ("noise", 1, (9, 8, 7, 6), "At all of them"),
        ("line", 1, (1, 0.98, 0.99), "A straight line each time"),
        ("line", 1, (0.1, 0.9, 0.05), "Crumbs each time"),
        ("ring", 1, (1, 1, 1), "Each time"),
        ("ring", 1, (7, 4, 3), "Never"),
        ("seeds", 1, (1, 1, 1, 1), "Yes, with each seed"),
        ("seeds", 1, (3, 3, 3, 3), "No, but the same other one with each seed"),
    ],
)
def test_had_other_numbers_been_measured_another_answer_would_be_right(name, truth, maps, option):
    assert trap(name).options[trap(name).decide(truth, maps)] == option


def test_a_tight_and_a_wide_cluster_come_out_of_the_same_size(words):
    truth, maps = measured(trap("sizes"), 0, words)

    assert truth == pytest.approx(10, abs=0.5)
    assert maps == pytest.approx([1, 1], abs=0.15)


def test_a_gap_five_times_as_wide_is_drawn_hardly_wider(words):
    truth, maps = measured(trap("gaps"), 0, words)

    assert truth == pytest.approx(5, abs=0.3)
    assert max(maps) < 1.5


def test_noise_falls_into_many_groups_at_perplexity_two_only(words):
    maps = measured(trap("noise"), 0, words)[1]

    assert clumps(project(trap("noise").make(words, 0).vectors).coordinates) <= 2  # PCA shows none
    assert maps[0] >= 8
    assert maps[0] > maps[1] >= maps[2] >= maps[3]


def test_a_straight_line_is_straight_until_tsne_draws_it(words):
    truth, maps = measured(trap("line"), 0, words)

    assert truth > 0.98
    assert max(maps) < 0.9


def test_clusters_change_places_with_the_seed_though_no_layout_is_better(words):
    maps = drawn("seeds", 0, words.tobytes())
    losses = [drawing.loss for drawing in maps]

    assert max(losses) < 1.1 * min(losses)
    assert min(disparity(maps[0].coordinates, drawing.coordinates) for drawing in maps[1:]) > 0.3


def test_started_from_pca_clusters_keep_their_places(words):
    points = trap("seeds").make(words, 0)

    maps = [project(points.vectors, "tsne", perplexity=20, seed=seed).coordinates for seed in (0, 1)]

    assert disparity(*maps) < 0.05
    assert [nearest_cluster(drawing, points.labels) for drawing in maps] == [1, 1]


@pytest.mark.parametrize("name", NAMES)
def test_a_trap_can_be_asked_about(name):
    each = trap(name)

    assert each.question.endswith("?")
    assert 0 <= each.answer < len(each.options) == len(set(each.options))
    assert each.measured
    assert each.because.endswith(".")


def test_a_trap_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(InvalidInput, match=r"'mirror'\. There are: perplexity, sizes, "):
        trap("mirror")


def test_noise_like_too_few_words_is_refused():
    with pytest.raises(InvalidInput, match="it takes 91 words to make it like; there are 90"):
        trap("noise").make(np.eye(90), 0)


def test_clumps_are_groups_of_three_or_more_with_wide_gaps_between():
    group = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]])

    assert clumps(group) == 1
    assert clumps(np.concatenate([group, group + 2])) == 1
    assert clumps(np.concatenate([group, group + 20])) == 2
    assert clumps(np.concatenate([group, group[:2] + 20])) == 1
    assert clumps(np.concatenate([group, group])) == 1  # points that coincide are one place


def test_a_map_moved_turned_mirrored_and_scaled_is_the_same_layout():
    places = np.random.default_rng(0).normal(size=(20, 2))
    turn = np.array([[0.6, -0.8], [-0.8, -0.6]])

    assert disparity(places, 3 * places @ turn + 5) == pytest.approx(0, abs=1e-9)
    assert disparity(places, np.random.default_rng(1).normal(size=(20, 2))) > 0.5


def test_layouts_that_cannot_be_compared_are_refused():
    with pytest.raises(InvalidInput, match="do not show the same points"):
        disparity(np.eye(3), np.eye(4))
    with pytest.raises(InvalidInput, match="all lie in one place"):
        disparity(np.ones((3, 2)), np.eye(3)[:, :2])
