"""What the traps claim is computed here, on the words that the page opens with, and must come out so."""

from functools import cache

import numpy as np
import pytest

from embeddings.clouds import MADE, NOISE, WORDS, Cloud
from embeddings.errors import InvalidInput
from embeddings.jobs import Stopped
from embeddings.traps import Cell, TrapMap, answer, cells, draw, perplexities, seconds, trap, traps, truths
from embeddings.word_lists import GROUPS
from embeddings.word_vectors import WordVectors

NAMES = [each.name for each in traps()]
RIGHT = {
    "perplexity": "At least twice as many at {small}",
    "sizes": "About as wide as the other",
    "gaps": "About as far",
    "noise": "Yes at perplexity {small}, hardly at {large}",
    "lines": "In pieces at perplexity {small}, whole at {large}",
    "seeds": "Most neighbours, but not the layout",
}


@pytest.fixture(scope="module")
def drawn(glove):
    """The clouds and the maps of a trap on the 150 most frequent words, drawn once for all tests."""
    frequent = [word for word in glove.tokens[:300] if len(word) > 2 and word.isalpha()][:150]

    @cache
    def draw_(name: str) -> tuple[tuple[Cloud, ...], tuple[TrapMap, ...]]:
        clouds = trap(name).make(glove, frequent)
        return clouds, draw(trap(name), clouds)

    return draw_


def measured(maps, cloud: int, column: int, number: int = 0) -> list[float]:
    return [each.numbers[number] for each in maps if each.cell.cloud == cloud and each.cell.column == column]


@pytest.mark.parametrize("name", NAMES)
def test_what_a_trap_teaches_is_what_is_measured(name, drawn):
    _, maps = drawn(name)

    assert trap(name).options[answer(trap(name), maps)] == RIGHT[name]


def test_words_and_two_true_clusters_fall_into_crumbs_at_a_small_perplexity(drawn):
    clouds, maps = drawn("perplexity")

    assert [cloud.kind for cloud in clouds] == [WORDS, NOISE, MADE]
    assert min(measured(maps, 0, 0)) >= 10
    assert max(measured(maps, 0, 2)) <= 3
    assert measured(maps, 2, 0)[0] >= 5
    assert measured(maps, 2, 1) == measured(maps, 2, 2) == [2]


def test_clusters_ten_times_as_wide_come_out_as_wide_at_every_perplexity(drawn):
    clouds, maps = drawn("sizes")

    assert truths(trap("sizes"), clouds)[0] == pytest.approx((10,), rel=1e-3)
    assert truths(trap("sizes"), clouds)[1] == pytest.approx((10,), rel=1e-3)
    assert [each.numbers[0] for each in maps if each.cell.column > 0] == pytest.approx([1] * 8, abs=0.1)


def test_a_gap_ten_times_as_wide_comes_out_hardly_wider(drawn):
    clouds, maps = drawn("gaps")

    assert np.array(truths(trap("gaps"), clouds)) == pytest.approx(10, abs=0.2)
    assert max(each.numbers[0] for each in maps) < 3


def test_noise_forms_clusters_on_the_map_which_are_none_in_the_table(drawn):
    clouds, maps = drawn("noise")

    assert clouds[1].kind == NOISE
    assert truths(trap("noise"), clouds)[1][0] == 1
    assert min(measured(maps, 1, 0)) >= 5
    assert measured(maps, 1, 2) == [1, 1]
    assert min(measured(maps, 1, 0, 1)) > 0.3
    assert np.abs(measured(maps, 1, 0, 2)).max() < 0.05


def test_noise_forms_clusters_for_other_words_and_seeds_too(glove):
    everyday = [word for group in GROUPS.values() for word in group]
    clouds = trap("noise").make(glove, everyday)

    maps = draw(trap("noise"), clouds, seed=11)

    assert min(measured(maps, 1, 0)) >= 5
    assert measured(maps, 1, 2) == [1, 1]
    assert min(measured(maps, 0, 2)) >= 4  # while the groups of these words are there at every perplexity


def test_a_ring_and_a_line_show_at_some_perplexities_and_never_in_noise(drawn):
    clouds, maps = drawn("lines")

    assert [cloud.kind for cloud in clouds] == [MADE, NOISE, WORDS, NOISE]
    assert min(measured(maps, 0, 0)) >= 10
    assert measured(maps, 0, 2) == [1, 1]
    assert min(measured(maps, 0, 2, 1)) > 0.9 > 0.5 > max(measured(maps, 1, 2, 1))
    assert max(measured(maps, 2, 0, 2)) < 2 < 4 < min(measured(maps, 2, 2, 2))
    assert max(measured(maps, 3, 2, 2)) < 4


def test_another_seed_keeps_neighbours_and_changes_the_layout(drawn):
    _, maps = drawn("seeds")
    others = [each.numbers for each in maps if each.cell.cloud == 0 and each.cell.column > 0]

    assert len(others) == 4
    assert min(apart for apart, _ in others) > 0.3
    assert min(shared for _, shared in others) > 0.5
    assert max(each.trustworthiness for each in maps) - min(each.trustworthiness for each in maps) < 0.1


def test_every_map_carries_how_far_it_can_be_trusted(drawn):
    for name in NAMES:
        _, maps = drawn(name)
        assert all(0.7 < each.trustworthiness <= 1 and 0.2 < each.neighbour_overlap <= 1 for each in maps)
        assert len({(each.cell.row, each.cell.column) for each in maps}) == len(maps) >= 12


@pytest.mark.parametrize(
    ("name", "rows", "option"),
    [
        ("perplexity", [[5, 5, 4], [6, 5, 5]], "About as many at {small} as at {large}"),
        ("perplexity", [[1, 2, 2]], "At least twice as many at {large}"),
        ("sizes", [[1, 9, 10]], "Several times as wide"),
        ("sizes", [[1, 0.3, 1]], "The other one is wider"),
        ("gaps", [[8, 9, 10]], "Several times as far"),
        ("gaps", [[0.1, 0.2, 1]], "Much nearer"),
        ("noise", [[1, 1, 1], [2, 1, 1]], "No, noise stays one cloud"),
        ("noise", [[9, 8, 7], [9, 8, 7]], "Yes, at {large} too"),
        ("lines", [[1, 1, 1]], "At every perplexity"),
        ("lines", [[9, 4, 3]], "Never in one piece"),
        ("seeds", [[(0, 1), (0.001, 0.9), (0.002, 0.9)]], "Everything: one layout"),
        ("seeds", [[(0, 1), (0.9, 0.1), (0.9, 0.2)]], "Neither neighbours nor layout"),
    ],
)
def test_had_other_numbers_been_measured_another_answer_would_be_right(name, rows, option):
    asked = trap(name).asked
    maps = [
        TrapMap(
            Cell(row, column, asked, 2, 0), np.zeros((0, 2)), 1, 1, number if isinstance(number, tuple) else (number,)
        )
        for row, line in enumerate(rows)
        for column, number in enumerate(line)
    ]
    assert trap(name).options[answer(trap(name), maps)] == option


@pytest.mark.parametrize("name", NAMES)
def test_a_trap_can_be_asked_about(name):
    each = trap(name)

    assert each.question.endswith("?")
    assert len(each.options) == len(set(each.options)) == 3
    assert max(len(option.format(small=2, large=30)) for option in each.options) <= 40  # as much as a page shows
    assert all(lesson.endswith(".") for lesson in each.because)
    assert each.measured


@pytest.fixture
def small() -> tuple[WordVectors, list[str]]:
    """A table of 40 made-up words, the fewest that the traps take."""
    names = [f"w{number}" for number in range(40)]
    return WordVectors.of("small", names, np.random.default_rng(0).normal(size=(40, 5)).astype(np.float32)), names


def test_the_same_seed_gives_the_same_maps_wherever_it_stands_and_another_others(small):
    clouds = trap("sizes").make(*small)

    from_three, from_four = (draw(trap("sizes"), clouds, seed) for seed in (3, 4))

    assert np.array_equal(from_three[3].coordinates, from_four[0].coordinates)  # both of seed 4
    assert not np.array_equal(from_three[0].coordinates, from_four[0].coordinates)


def test_maps_are_handed_out_as_they_come_and_can_be_stopped_between_and_within(small):
    clouds, counts = trap("noise").make(*small), []

    def report(share: float, words: str, maps: tuple) -> None:
        counts.append(len(maps))
        assert words == f"Map {len(maps) + 1} of 12"
        if len(maps) == 2 and share > 2 / 12:
            raise Stopped("Stopped.")

    with pytest.raises(Stopped):
        draw(trap("noise"), clouds, report=report)
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
    clouds = trap("gaps").make(glove, [word for word in glove.tokens[:400] if word.isalpha()][:150])

    assert 1 < seconds(trap("gaps"), clouds) < 15


@pytest.mark.parametrize("exercise", traps(), ids=lambda each: each.name)
def test_each_answer_of_a_trap_has_its_own_lesson(exercise):
    assert len(set(exercise.because)) == len(exercise.because) == len(exercise.options)
