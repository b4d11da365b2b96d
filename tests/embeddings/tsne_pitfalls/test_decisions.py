"""What the traps claim is computed here, on the words that the page opens with, and must come out so.

Another processor rounds otherwise and t-SNE makes another map of that, as of another seed: each bound leaves room for
what other seeds were seen to give.
"""

from functools import cache

import numpy as np
import pytest

from embeddings.common.errors import InvalidInput
from embeddings.jobs.queue import Stopped
from embeddings.tsne_pitfalls.decisions import (
    Cell,
    TrapMap,
    cells,
    draw,
    perplexities,
    reference_values,
    seconds,
    trap,
    traps,
    verdict,
)
from embeddings.tsne_pitfalls.points import MADE, NOISE, WORDS, PointSet
from embeddings.vectors.word_lists import GROUPS
from embeddings.vectors.word_vectors import WordVectors

NAMES = [each.name for each in traps()]
RIGHT = {
    "perplexity": "more at the small one",
    "sizes": "as wide",
    "gaps": "as far",
    "noise": "groups at the small one",
    "lines": "whole at the large one",
    "seeds": "same neighbors",
}


@pytest.fixture(scope="module")
def drawn(glove):
    """The point sets and the maps of a trap on the 150 most frequent words, drawn once for all tests."""
    frequent = [word for word in glove.tokens[:300] if len(word) > 2 and word.isalpha()][:150]

    @cache
    def draw_(name: str) -> tuple[tuple[PointSet, ...], tuple[TrapMap, ...]]:
        point_sets = trap(name).make(glove, frequent)
        return point_sets, draw(trap(name), point_sets)

    return draw_


def measured(maps, point_set: int, column: int, number: int = 0) -> list[float]:
    return [each.numbers[number] for each in maps if each.cell.point_set == point_set and each.cell.column == column]


@pytest.mark.parametrize("name", NAMES)
def test_what_a_trap_teaches_is_what_is_measured(name, drawn):
    _, maps = drawn(name)

    assert verdict(trap(name), maps) == RIGHT[name]


def test_words_and_two_true_clusters_fall_into_crumbs_at_a_small_perplexity(drawn):
    point_sets, maps = drawn("perplexity")

    assert [point_set.kind for point_set in point_sets] == [WORDS, NOISE, MADE]
    assert min(measured(maps, 0, 0)) >= 10
    assert 2 * max(measured(maps, 0, 2)) <= min(measured(maps, 0, 0))
    assert measured(maps, 2, 0)[0] >= 4
    assert measured(maps, 2, 1) == measured(maps, 2, 2) == [2]


def test_clusters_ten_times_as_wide_come_out_as_wide_at_every_perplexity(drawn):
    point_sets, maps = drawn("sizes")

    assert reference_values(trap("sizes"), point_sets)[0] == pytest.approx((10,), rel=1e-3)
    assert reference_values(trap("sizes"), point_sets)[1] == pytest.approx((10,), rel=1e-3)
    assert [each.numbers[0] for each in maps if each.cell.column > 0] == pytest.approx([1] * 8, abs=0.25)


def test_a_gap_ten_times_as_wide_comes_out_hardly_wider(drawn):
    point_sets, maps = drawn("gaps")

    assert np.array(reference_values(trap("gaps"), point_sets)) == pytest.approx(10, abs=0.2)
    assert max(each.numbers[0] for each in maps) < 3


def test_noise_forms_clusters_on_the_map_which_are_none_in_the_table(drawn):
    point_sets, maps = drawn("noise")

    assert point_sets[1].kind == NOISE
    assert reference_values(trap("noise"), point_sets)[1][0] == 1
    assert min(measured(maps, 1, 0)) >= 4
    assert measured(maps, 1, 2) == [1, 1]
    assert min(measured(maps, 1, 0, 1)) > 0.2
    assert np.abs(measured(maps, 1, 0, 2)).max() < 0.1


def test_noise_forms_clusters_for_other_words_and_seeds_too(glove):
    everyday = [word for group in GROUPS.values() for word in group]
    point_sets = trap("noise").make(glove, everyday)

    maps = draw(trap("noise"), point_sets, seed=11)

    assert min(measured(maps, 1, 0)) >= 3
    assert measured(maps, 1, 2) == [1, 1]
    assert min(measured(maps, 0, 2)) >= 2  # while the groups of these words are there at every perplexity


def test_a_ring_and_a_line_show_at_some_perplexities_and_never_in_noise(drawn):
    point_sets, maps = drawn("lines")

    assert [point_set.kind for point_set in point_sets] == [MADE, NOISE, WORDS, NOISE]
    assert min(measured(maps, 0, 0)) >= 10
    assert measured(maps, 0, 2) == [1, 1]
    assert min(measured(maps, 0, 2, 1)) > 0.8 > 0.7 > max(measured(maps, 1, 2, 1))
    assert max(measured(maps, 2, 0, 2)) < 2 < 3.8 < min(measured(maps, 2, 2, 2))
    assert max(measured(maps, 3, 2, 2)) < 3.8


def test_another_seed_keeps_neighbours_and_changes_the_layout(drawn):
    _, maps = drawn("seeds")
    others = [each.numbers for each in maps if each.cell.point_set == 0 and each.cell.column > 0]

    assert len(others) == 4
    assert min(apart for apart, _ in others) > 0.1
    assert min(shared for _, shared in others) > 0.4
    assert max(each.trustworthiness for each in maps) - min(each.trustworthiness for each in maps) < 0.1


def test_every_map_carries_how_far_it_can_be_trusted(drawn):
    for name in NAMES:
        _, maps = drawn(name)
        assert all(0.7 < each.trustworthiness <= 1 and 0.2 < each.neighbor_overlap <= 1 for each in maps)
        assert len({(each.cell.row, each.cell.column) for each in maps}) == len(maps) >= 12


@pytest.mark.parametrize(
    ("name", "rows", "kind"),
    [
        ("perplexity", [[5, 5, 4], [6, 5, 5]], "as many"),
        ("perplexity", [[1, 2, 2]], "more at the large one"),
        ("sizes", [[1, 9, 10]], "wider"),
        ("sizes", [[1, 0.3, 1]], "narrower"),
        ("gaps", [[8, 9, 10]], "farther"),
        ("gaps", [[0.1, 0.2, 1]], "nearer"),
        ("noise", [[1, 1, 1], [2, 1, 1]], "one group"),
        ("noise", [[9, 8, 7], [9, 8, 7]], "groups at the large one"),
        ("lines", [[1, 1, 1]], "whole"),
        ("lines", [[9, 4, 3]], "in pieces"),
        ("seeds", [[(0, 1), (0.001, 0.9), (0.002, 0.9)]], "same layout"),
        ("seeds", [[(0, 1), (0.9, 0.1), (0.9, 0.2)]], "nothing in common"),
    ],
)
def test_had_other_numbers_been_measured_another_answer_would_be_right(name, rows, kind):
    target = trap(name).target
    maps = [
        TrapMap(
            Cell(row, column, target, 2, 0), np.zeros((0, 2)), 1, 1, number if isinstance(number, tuple) else (number,)
        )
        for row, line in enumerate(rows)
        for column, number in enumerate(line)
    ]
    assert verdict(trap(name), maps) == kind


@pytest.fixture
def small() -> tuple[WordVectors, list[str]]:
    """A table of 40 made-up words, the fewest that the traps take."""
    names = [f"w{number}" for number in range(40)]
    return WordVectors.of("small", names, np.random.default_rng(0).normal(size=(40, 5)).astype(np.float32)), names


def test_the_same_seed_gives_the_same_maps_wherever_it_stands_and_another_others(small):
    point_sets = trap("sizes").make(*small)

    from_three, from_four = (draw(trap("sizes"), point_sets, seed) for seed in (3, 4))

    assert np.array_equal(from_three[3].coordinates, from_four[0].coordinates)  # both of seed 4
    assert not np.array_equal(from_three[0].coordinates, from_four[0].coordinates)


def test_maps_are_handed_out_as_they_come_and_can_be_stopped_between_and_within(small):
    point_sets, counts = trap("noise").make(*small), []

    def report(share: float, words: str, maps: tuple) -> None:
        counts.append(len(maps))
        assert words == f"Map {len(maps) + 1} of 12"
        if len(maps) == 2 and share > 2 / 12:
            raise Stopped("Stopped.")

    with pytest.raises(Stopped):
        draw(trap("noise"), point_sets, report=report)
    assert sorted(set(counts)) == [0, 1, 2]


def test_seeds_are_columns_of_the_trap_on_seeds_and_rows_of_the_others(small):
    by_seed = cells(trap("seeds"), trap("seeds").make(*small), seed=5)
    by_perplexity = cells(trap("noise"), trap("noise").make(*small), seed=5)

    assert [cell.seed for cell in by_seed if cell.row == 0] == [5, 6, 7]
    assert [cell.perplexity for cell in by_perplexity if cell.row == 0] == list(perplexities(40))
    assert {cell.seed for cell in by_perplexity} == {5, 6}


def test_fewer_than_forty_words_are_refused_with_what_is_needed(small):
    table, names = small
    with pytest.raises(InvalidInput, match="need at least 40 words; there are 39"):
        trap("noise").make(table, names[:39])


@pytest.mark.parametrize("seed", [-1, 10_000, 0.5])
def test_a_seed_out_of_range_is_refused(small, seed):
    with pytest.raises(InvalidInput, match="The seed must be"):
        draw(trap("noise"), trap("noise").make(*small), seed)


def test_a_trap_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(InvalidInput, match=r"'mirror'\. There are: perplexity, sizes, "):
        trap("mirror")


def test_a_grid_says_that_it_takes_seconds_and_not_minutes(glove):
    point_sets = trap("gaps").make(glove, [word for word in glove.tokens[:400] if word.isalpha()][:150])

    assert 1 < seconds(trap("gaps"), point_sets) < 15
