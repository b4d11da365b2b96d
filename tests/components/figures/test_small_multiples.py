"""The grid of small maps, by its data."""

import numpy as np
import plotly.graph_objects as go
import pytest

from components.figures.small_multiples import MapRow, small_maps_figure
from components.figures.template import BLUE, GREY, ORANGE

EVIL = "<b onclick=alert(1)>**x**</b>"
ROWS = [MapRow("words", ["cat", "dog", EVIL], [0, 1, 0]), MapRow("noise", ["one", "two", "three"])]
PLACES = np.array([[0, 0], [4, 1], [2, 1]], dtype=np.float32)


@pytest.fixture
def figure() -> go.Figure:
    return small_maps_figure(
        ROWS, ["left", "right"], {(0, 0): PLACES, (1, 1): 9 + PLACES}, {(0, 0): ("2 groups", "trust 1")}
    )


def test_there_is_a_frame_for_every_map_and_points_for_those_that_are_there(figure):
    assert [len(trace.x) for trace in figure.data] == [3, 0, 0, 3]
    assert [(trace.xaxis, trace.yaxis) for trace in figure.data] == [
        ("x", "y"),
        ("x2", "y2"),
        ("x3", "y3"),
        ("x4", "y4"),
    ]
    assert all(figure.layout[f"xaxis{number}"].showline for number in ("", 2, 3, 4))


def test_plotly_knows_every_property(figure):
    go.Figure(figure.to_dict())  # checks each, which new_figure leaves out


def test_both_axes_of_a_map_have_units_of_one_length_and_hold_every_point(figure):
    for number, places in (("", PLACES), (4, 9 + PLACES)):
        x, y = figure.layout[f"xaxis{number}"], figure.layout[f"yaxis{number}"]
        assert y.scaleanchor == f"x{number}"
        assert x.range[1] - x.range[0] == pytest.approx(y.range[1] - y.range[0])
        for axis, values in ((x, places[:, 0]), (y, places[:, 1])):
            assert axis.range[0] < values.min()
            assert values.max() < axis.range[1]


def test_frames_do_not_overlap_and_titles_and_figures_lie_between_them(figure):
    layout = figure.layout
    assert layout.xaxis.domain[1] < layout.xaxis2.domain[0]
    assert layout.yaxis3.domain[1] < layout.yaxis.domain[0]
    assert layout.yaxis.domain == layout.yaxis2.domain
    heights = {note.text: note.y for note in layout.annotations}
    assert layout.yaxis3.domain[1] <= heights["<b>noise</b>"] < heights["2 groups<br>trust 1"] <= layout.yaxis.domain[0]


def test_groups_have_colours_noise_is_grey_and_what_follows_has_a_scale(figure):
    assert list(figure.data[0].marker.color) == [BLUE, ORANGE, BLUE]
    assert figure.data[3].marker.color == GREY
    (along,) = small_maps_figure(
        [MapRow("years", ["a", "b", "c"], [0, 1, 2], along=True)], ["x"], {(0, 0): PLACES}, {}
    ).data
    assert list(along.marker.color) == [0, 1, 2]
    assert along.marker.colorscale[-1][1] == ORANGE


def test_visitors_words_are_shown_as_text(figure):
    assert figure.data[0].hovertext[2].startswith("&lt;b")


def test_points_in_one_place_make_a_map_too():
    figure = small_maps_figure(ROWS[:1], ["x"], {(0, 0): np.zeros((3, 2))}, {})
    low, high = figure.layout.xaxis.range
    assert low < 0 < high
