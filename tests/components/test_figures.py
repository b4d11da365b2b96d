"""Figures, by their data."""

import numpy as np
import plotly.graph_objects as go
import pytest

from components.figures.counts import token_counts_figure
from components.figures.layer import layer_figure
from components.figures.memory import memory_figure
from components.figures.network import network_figure
from components.figures.number_line import number_line_figure
from components.figures.space import label_places, map_figure, neighbours_figure
from components.figures.vectors import vectors_figure
from embeddings.small_network import train

TABLE = np.arange(20, dtype=np.float32).reshape(4, 5)
EVIL = "<b onclick=alert(1)>**x**</b>"


def test_memory_bars_carry_the_bytes_they_stand_for():
    (bars,) = memory_figure([("one", 256), ("two", 640_000_000_000)]).data
    assert list(bars.x) == [256, 640_000_000_000]
    assert [text.strip() for text in bars.text] == ["256 bytes", "640 GB"]


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
        neighbours_figure([("dog", 0.5)]),
        token_counts_figure([("Words", 3)], "Words"),
        number_line_figure(["cat", "dog"], [3, 90], 99),
        network_figure(train("the cat sleeps", steps=1), "cat"),
        layer_figure(TABLE, [2, 3, 1]),
        vectors_figure(TABLE, ["a", "b", "c", "d"], [0, 0, 1, 1], TABLE[:, :2]),
    ],
)
def test_plotly_knows_every_property_and_value_of_the_figures(figure):
    go.Figure(figure.to_dict())  # raises otherwise; the app leaves this check out to be quick


@pytest.mark.parametrize(
    "figure",
    [
        map_figure(np.array([[0.0, 0], [1, 1]]), [EVIL, "b"], ["g", "g"], ["g"], chosen=EVIL),
        neighbours_figure([(EVIL, 0.5)]),
    ],
    ids=["map", "neighbours"],
)
def test_markup_in_a_word_reaches_no_figure_unescaped(figure):
    text = figure.to_json()
    assert "onclick" in text
    assert "<b onclick" not in text
    assert "\\u003cb onclick" not in text


def test_neighbours_are_bars_as_long_as_their_cosine():
    (bars,) = neighbours_figure([("dog", 0.92), ("rabbit", 0.85)]).data
    assert list(bars.x) == [0.92, 0.85]


def test_the_layer_joins_each_id_to_its_row():
    figure = layer_figure(TABLE, [2, 3, 1])
    one_hot, table, found = [trace for trace in figure.data if trace.type == "heatmap"]
    assert np.array(one_hot.z).argmax(axis=1).tolist() == [2, 3, 1]
    assert np.array_equal(found.z, np.array(one_hot.z) @ np.array(table.z))
    lines = [shape for shape in figure.layout.shapes if shape.type == "line"]
    assert [-line.y0 for line in lines] == [2, 3, 1]


def test_the_network_shows_the_weights_of_the_lit_word():
    network = train("the cat sleeps", steps=5)
    figure = network_figure(network, "cat")
    hidden = next(trace for trace in figure.data if trace.marker.size == 22)
    assert list(hidden.text) == [f"{weight:.2f}" for weight in network.W[network.vocabulary.id("cat")]]
