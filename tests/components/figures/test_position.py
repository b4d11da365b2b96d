"""The figures of positions, by their data."""

import math

import numpy as np
import plotly.graph_objects as go
import pytest

from components.figures.position.places import places_figure
from components.figures.position.rotation import arrows_figure, products_figure
from components.figures.position.sentences import sentences_figure
from components.figures.training import two_losses_figure
from tests.components.figures.test_training import valid

PAIR = np.array([[1.0, 2.0, 3.0], [1.0, 0.0, 5.0]])
EVIL = "<b onclick=alert(1)>**x**</b>"


def test_the_third_strip_is_the_first_less_the_second():
    figure = valid(sentences_figure(("a b", "b a"), [("with", PAIR), ("without", None)], 2, 330))
    with_them, without, headings = figure.data
    assert np.array(with_them.z).tolist() == [[1, 2], [1, 0], [0, 2]]
    assert not np.array(without.z).any()
    assert headings.text == ("with", "without")
    assert figure.layout.yaxis.ticktext == ("a b", "b a", "difference") * 2


def test_before_anything_is_read_the_picture_has_the_same_room():
    empty, full = (
        valid(sentences_figure(("a", "b"), [("with", each), ("without", each)], 3, 330)) for each in (None, PAIR)
    )
    assert empty.layout.height == full.layout.height
    assert empty.layout.yaxis.range == full.layout.yaxis.range


def test_two_sentences_of_the_same_numbers_are_drawn_too():
    assert not np.array(valid(sentences_figure(("a", "a"), [("with", PAIR * 0)], 3, 330)).data[0].z).any()


def test_markup_in_a_sentence_reaches_no_figure_unescaped():
    assert "<b" not in sentences_figure((EVIL, EVIL), [("with", PAIR)], 3, 330).to_json()


def test_places_keep_their_numbers_and_all_tables_have_the_same_colours():
    (heat,) = valid(places_figure(np.eye(3), 4)).data
    assert list(heat.x) == list(heat.y) == [0, 4, 8]
    assert (heat.zmin, heat.zmax) == (-1, 1)


@pytest.mark.parametrize("angle", [0.0, 1.0, 3.0, -3.0])
def test_the_arc_goes_the_short_way_between_the_arrows(angle):
    figure = valid(arrows_figure((1.0, 0.0), (math.cos(angle), math.sin(angle))))
    arc, query, key, _ = figure.data
    turned = np.unwrap(np.arctan2(arc.y, arc.x))
    assert turned[-1] - turned[0] == pytest.approx(angle)
    assert (query.x[1], query.y[1]) == (1, 0)
    assert key.y[1] == pytest.approx(math.sin(angle))


def test_the_pairs_that_are_as_far_apart_have_a_dot_and_the_chosen_one_a_frame():
    figure = valid(products_figure(np.arange(16.0).reshape(4, 4), query_place=3, key_place=1))
    _, dots = figure.data
    assert list(zip(dots.y, dots.x, strict=True)) == [(2, 0), (3, 1)]
    assert (figure.layout.shapes[0].x0, figure.layout.shapes[0].y0) == (0.5, 2.5)


def test_each_of_two_trainings_has_a_dashed_line_where_something_is_held_out():
    curves = [("with", [3.0, 2.0], [3.1, 2.1]), ("without", [3.0, 2.5], [None, None])]
    figure = valid(two_losses_figure(curves, [0, 10], 100))
    assert [(trace.name, trace.line.dash, trace.showlegend) for trace in figure.data] == [
        ("with", "solid", True),
        ("with", "dash", False),
        ("without", "solid", True),
    ]
    assert isinstance(figure, go.Figure)
