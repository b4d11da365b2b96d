"""Figures, by their data."""

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from components.figures.axes import axis_figure, number_line_figure, plane_figure
from components.figures.bars import (
    memory_figure,
    neighbors_figure,
    prices_figure,
    sections_figure,
    token_counts_figure,
)
from components.figures.layer import layer_figure
from components.figures.lens import lens_figure, rank_over_layers_figure
from components.figures.network import network_figure
from components.figures.parallelogram import parallelogram_figure
from components.figures.ranks import (
    id_profile_figure,
    kinds_drawn,
    neighbor_ranks_figure,
    norms_figure,
    rank_change_figure,
)
from components.figures.scatter_map import label_places, map_figure
from components.figures.vectors import strips_figure, vectors_figure
from components.markup import with_minus
from embeddings.similarity import NeighborRankSample, norms_by_rank
from embeddings.tokenizers import LanguagePrice, TokenIndex, profile_by_id
from embeddings.tokenizers.pieces import Pieces
from embeddings.training.small_network import train
from embeddings.vectors import WordVectors

TABLE = np.arange(20, dtype=np.float32).reshape(4, 5)
EVIL = "<b onclick=alert(1)>**x**</b>"
CORNERS = np.array([[0, 0], [1, 0], [0, 2], [1.2, 2.5], [1, 2]], dtype=float)
NORMS = norms_by_rank(WordVectors.of("toy", [f"w{n}" for n in range(200)], np.outer(np.arange(200, 0, -1), [1, 0])))
PRICES = {
    "Words": [LanguagePrice("English", 4, 0, 1.0), LanguagePrice("Thai", 6, 2, 1.5)],
    "Characters": [LanguagePrice("English", 20, 0, 1.0), LanguagePrice("Thai", 10, 0, 0.5)],
}
TOKENS = TokenIndex.of(Pieces.of([b"a", b"bc", "жук".encode(), b"7", b"[X]"], frozenset([4])))
PROFILE = profile_by_id(TOKENS, TOKENS, bins=5)
COMPANY = NeighborRankSample(np.array([1, 10, 100]), np.array([5.0, 20.0, 80.0]), 1.0)


def test_memory_bars_carry_the_bytes_they_stand_for():
    (bars,) = memory_figure([("one", 256), ("two", 640_000_000_000)]).data
    assert list(bars.x) == [256, 640_000_000_000]
    assert [text.strip() for text in bars.text] == ["256 bytes", "640 GB"]


def test_a_score_without_a_bar_has_its_number_beside_it():
    (bars,) = neighbors_figure([("cat", 0.9), ("apple", 0.0)]).data
    assert list(bars.textposition) == ["auto", "outside"]  # inside a bar of no length Plotly writes nothing


def test_every_word_is_one_point_in_the_trace_of_its_group():
    places = np.array([[0, 0], [1, 1], [2, 0], [0, 2]], dtype=float)
    figure = map_figure(places, ["cat", "dog", "rice", "tea"], ["animal", "animal", "food", "food"], ["animal", "food"])
    assert [(trace.name, list(trace.x), list(trace.customdata)) for trace in figure.data] == [
        ("animal", [0, 1], [0, 1]),
        ("food", [2, 0], [2, 3]),
    ]


def test_a_group_keeps_its_colour_when_another_is_taken_away():
    places = np.array([[0, 0], [1, 1]], dtype=float)
    both = map_figure(places, ["cat", "rice"], ["animal", "food"], ["animal", "food"])
    alone = map_figure(places, ["rice", "tea"], ["food", "food"], ["animal", "food"])
    assert both.data[1].marker.color == alone.data[0].marker.color


def test_the_chosen_word_is_larger_and_bold():
    places = np.array([[0, 0], [9, 9]], dtype=float)
    (trace,) = map_figure(places, ["cat", "dog"], ["a", "a"], ["a"], chosen="dog").data
    assert trace.marker.size[1] > trace.marker.size[0]
    assert trace.text[1] == "<b>dog</b>"


def test_labels_can_be_switched_off_except_the_chosen_one():
    places = np.array([[0, 0], [9, 9]], dtype=float)
    (trace,) = map_figure(places, ["cat", "dog"], ["a", "a"], ["a"], chosen="dog", labels=False).data
    assert list(trace.text) == ["", "<b>dog</b>"]


def test_labels_on_one_spot_do_not_cover_one_another():
    places = label_places(np.zeros((30, 2)), ["word"] * 30)
    shown = [place for place in places if place]
    assert 1 <= len(shown) <= 8
    assert len(set(shown)) == len(shown)


def test_far_apart_words_are_all_labelled():
    assert None not in label_places(np.array([[0, 0], [0, 9], [9, 0], [9, 9]], dtype=float), ["a", "b", "c", "d"])


@pytest.mark.parametrize(
    "figure",
    [
        memory_figure([("one", 256)]),
        map_figure(np.eye(2), ["cat", "dog"], ["g", "g"], ["g"], chosen="cat", axes=("one", "two")),
        map_figure(np.eye(2), ["cat", "dog"], ["g", "h"], ["g", "h"], labels=False),
        neighbors_figure([("dog", 0.5)]),
        token_counts_figure([("Words", 3)], "Words"),
        number_line_figure(["cat", "dog"], [3, 90], 99),
        network_figure(train("the cat sleeps", steps=1), "cat"),
        layer_figure(TABLE, [2, 3, 1]),
        vectors_figure(TABLE, ["a", "b", "c", "d"], [0, 0, 1, 1], TABLE[:, :2]),
        strips_figure(TABLE, ["a", "b", "c", "d"], [4, 3, 2, 1, 0]),
        strips_figure(np.zeros((1, 5)), ["void"], range(5)),
        rank_change_figure(["cat", "dog"], ["dog", "cow"], ("Cosine", "Dot product")),
        parallelogram_figure(CORNERS, ["a", "b", "c", "d"]),
        axis_figure(np.array([0.5, -0.2]), ["cat", "dog"], ("small", "big")),
        axis_figure(np.zeros(2), ["cat", "dog"], ("small", "big")),
        plane_figure(np.eye(2), ["cat", "dog"], ("small", "big"), ("safe", "dangerous")),
        norms_figure(NORMS, [("cat", 3, 1.5)]),
        norms_figure(NORMS, []),
        neighbor_ranks_figure(COMPANY, [("cat", 3, 15.0)]),
        sections_figure(["capitals"], {"one": [0.5], "two": [0.7]}),
        lens_figure(["a", "b"], ["row"], [["c", ""]], [[0.5, 0.0]], 300),
        rank_over_layers_figure([9, 3, 1]),
        prices_figure(PRICES, times=False),
        prices_figure(PRICES, times=True),
        id_profile_figure(PROFILE, "GloVe", 300),
        id_profile_figure(replace(PROFILE, median_places=np.arange(5.0)), "GloVe", 300),
    ],
)
def test_plotly_knows_every_property_and_value_of_the_figures(figure):
    go.Figure(figure.to_dict())  # raises otherwise; the app leaves this check out to be quick


@pytest.mark.parametrize(
    "figure",
    [
        map_figure(np.array([[0.0, 0], [1, 1]]), [EVIL, "b"], ["g", "g"], ["g"], chosen=EVIL),
        neighbors_figure([(EVIL, 0.5)]),
        strips_figure(TABLE[:1], [EVIL], range(5)),
        rank_change_figure([EVIL, "b"], ["b", EVIL], ("Cosine", "Dot product")),
        parallelogram_figure(CORNERS, [EVIL] * 4),
        axis_figure(np.array([0.5, -0.2]), [EVIL, "b"], (EVIL, EVIL)),
        plane_figure(np.eye(2), [EVIL, "b"], (EVIL, "b"), ("c", EVIL)),
        norms_figure(NORMS, [(EVIL, 3, 1.5)]),
        neighbor_ranks_figure(COMPANY, [(EVIL, 3, 15.0)]),
        sections_figure([EVIL], {EVIL: [0.5]}),
        lens_figure([EVIL], ["row"], [[EVIL]], [[0.5]], 300),
    ],
    ids=[
        "map",
        "neighbours",
        "strips",
        "ranks",
        "parallelogram",
        "axis",
        "plane",
        "norms",
        "company",
        "sections",
        "lens",
    ],
)
def test_markup_in_a_word_reaches_no_figure_unescaped(figure):
    text = figure.to_json()
    assert "onclick" in text
    assert "<b onclick" not in text
    assert "\\u003cb onclick" not in text


def test_neighbours_are_bars_as_long_as_their_cosine():
    (bars,) = neighbors_figure([("dog", 0.92), ("rabbit", 0.85)]).data
    assert list(bars.x) == [0.92, 0.85]


def test_the_layer_joins_each_id_to_its_row():
    figure = layer_figure(TABLE, [2, 3, 1])
    one_hot, table, found = [trace for trace in figure.data if trace.type == "heatmap"]
    assert np.array(one_hot.z).argmax(axis=1).tolist() == [2, 3, 1]
    assert np.array_equal(found.z, np.array(one_hot.z) @ np.array(table.z))
    lines = [shape for shape in figure.layout.shapes if shape.type == "line"]
    assert [-line.y0 for line in lines] == [2, 3, 1]


def test_no_hidden_unit_covers_another_however_few_the_words():
    figure = network_figure(train("one two", steps=1), "one")
    hidden = next(trace for trace in figure.data if trace.marker.size == 40)
    low, high = figure.layout.yaxis.range
    pixels = (figure.layout.height - 16) / (high - low)
    assert np.diff(sorted(hidden.y)).min() * pixels > 40
    assert min(hidden.y) > low


def test_the_network_shows_the_weights_of_the_lit_word():
    network = train("the cat sleeps", steps=5)
    figure = network_figure(network, "cat")
    hidden = next(trace for trace in figure.data if trace.marker.size == 40)
    assert list(hidden.text) == [with_minus(f"{weight:.2f}") for weight in network.W[network.vocabulary.id("cat")]]


def test_strips_are_rows_with_their_columns_in_the_order_asked_for():
    (strip,) = strips_figure(TABLE, ["a", "b", "c", "d"], [4, 0, 1, 2, 3]).data
    assert np.array_equal(strip.z, TABLE[:, [4, 0, 1, 2, 3]])
    assert np.array(strip.customdata)[0].tolist() == [5, 1, 2, 3, 4]


def test_words_in_both_rankings_are_joined_from_rank_to_rank():
    figure = rank_change_figure(["cat", "dog", "cow"], ["dog", "pig", "cat"], ("Cosine", "Dot product"))
    *lines, left, right = figure.data
    assert [list(line.y) for line in lines] == [[0, -2], [-1, 0]]
    assert [colour == left.marker.color[2] for colour in left.marker.color] == [False, False, True]
    assert [text.strip() for text in right.text] == ["dog", "pig", "cat"]


def test_the_parallelogram_is_closed_at_the_place_the_analogy_points_to():
    figure = parallelogram_figure(CORNERS, ["man", "king", "woman", "queen"])
    (points,) = figure.data
    assert list(points.text) == ["man", "king", "woman", "queen", "king − man + woman"]
    assert [(arrow.ax, arrow.ay, arrow.x, arrow.y) for arrow in figure.layout.annotations] == [
        (0, 0, 1, 0),
        (0, 2, 1, 2),
    ]
    assert (figure.layout.shapes[-1].x0, figure.layout.shapes[-1].x1) == (1, 1.2)


def test_words_on_an_axis_stand_in_the_order_of_their_places():
    figure = axis_figure(np.array([0.5, -0.2, 0.1]), ["whale", "mouse", "cat"], ("small", "big"))
    (points,) = figure.data
    assert list(points.hovertext) == ["mouse", "cat", "whale"]
    assert list(points.x) == pytest.approx([-0.2, 0.1, 0.5])
    assert [note.text for note in figure.layout.annotations] == ["← small", "big →"]


def test_two_axes_have_four_named_ends():
    figure = plane_figure(np.eye(2), ["cat", "dog"], ("small", "big"), ("safe", "dangerous"))
    assert [note.text for note in figure.layout.annotations] == ["← small", "big →", "← safe", "dangerous →"]
    assert (list(figure.data[0].x), list(figure.data[0].y)) == ([1, 0], [0, 1])


def test_lengths_are_drawn_between_their_quartiles_and_words_at_their_own():
    lower, upper, median, dots = norms_figure(NORMS, [("cat", 3, 1.5)]).data
    assert (np.array(lower.y) <= median.y).all()
    assert (np.array(median.y) <= upper.y).all()
    assert np.array_equal(median.y, NORMS.quartiles[:, 1])
    assert (dots.x[0], dots.y[0], dots.text[0]) == (3, 1.5, "cat")


def test_each_table_has_its_bars_a_section_a_row():
    first, second = sections_figure(["capitals", "plurals"], {"one": [0.5, 0.25], "two": [1, 0]}).data
    assert (first.name, list(first.x), list(first.y)) == ("one", [0.5, 0.25], ["capitals", "plurals"])
    assert (second.name, list(second.x)) == ("two", [1, 0])


def test_a_section_that_a_table_was_not_asked_has_no_bar():
    (bars,) = sections_figure(["capitals", "plurals"], {"one": [0.5, None]}).data
    assert (list(bars.x), list(bars.text)) == ([0.5, None], [" 50%", ""])


def test_ranks_stand_against_the_ranks_of_the_neighbours():
    diagonal, dots, words = neighbor_ranks_figure(COMPANY, [("cat", 3, 15.0)]).data
    assert (list(dots.x), list(dots.y)) == ([1, 10, 100], [5, 20, 80])
    assert list(diagonal.x) == list(diagonal.y) == [1, 100]
    assert (list(words.text), list(words.x), list(words.y)) == (["cat"], [3], [15])


def test_each_tokenizer_has_a_dot_for_each_language_hollow_where_something_is_lost():
    words, characters = prices_figure(PRICES, times=True).data
    assert (list(words.x), list(characters.x)) == ([1.0, 1.5], [1.0, 0.5])
    assert list(words.marker.symbol) == ["circle", "circle-open"]
    assert list(prices_figure(PRICES, times=False).data[0].x) == [4, 6]


def test_the_kinds_of_tokens_are_stacked_to_the_whole_in_the_colours_of_the_legend():
    mean, *areas = id_profile_figure(PROFILE, "GloVe", 300).data
    assert list(mean.y)[:4] == [1, 2, 3, 1]
    assert [(area.name, area.fillcolor) for area in areas] == kinds_drawn(PROFILE)
    assert np.allclose(np.sum([area.y for area in areas], axis=0), 1)
