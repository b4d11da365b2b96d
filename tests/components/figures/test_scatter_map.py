"""The figures around the map of words, by their data."""

import numpy as np
import plotly.graph_objects as go
import pytest

from components.custom.word_map import DensityGrid, _shaded, _square
from components.figures.quality import scree_plot, shepard_figure
from components.figures.scatter_3d import MAX_LABELS, scatter_3d_figure
from components.figures.scatter_map import map_figure

EVIL = "<b onclick=alert(1)>**x**</b>"
LOOKS = [("#3a86c8", "circle"), ("#e0662b", "diamond")]
PLACES = np.random.default_rng(0).standard_normal((6, 3))


def solid(**options):
    words = [EVIL, *"abcde"]
    return scatter_3d_figure(PLACES, words, [0, 0, 0, 1, 1, 1], ["first", "second"], LOOKS, **options)


def test_each_class_of_a_solid_map_is_a_trace_in_its_colour():
    first, second = solid().data
    assert (first.marker.color, second.marker.color) == ("#3a86c8", "#e0662b")
    assert [len(first.x), len(second.x)] == [3, 3]


def test_links_are_lines_with_gaps_between_them():
    line = solid(links=[(0, 1, 0), (0, 2, 0)]).data[-1]
    assert list(line.x) == pytest.approx([PLACES[0, 0], PLACES[1, 0], None, PLACES[0, 0], PLACES[2, 0], None])


def test_a_crowded_solid_map_names_the_first_words_and_the_chosen():
    n = 40 * MAX_LABELS
    spread = np.random.default_rng(0).normal(size=(n, 3))
    figure = scatter_3d_figure(spread, ["w"] * n, [0] * n, ["all"], LOOKS, chosen=n - 1, height=90_000)
    shown = [text for text in figure.data[0].text if text]
    assert len(shown) == MAX_LABELS + 1
    assert shown[-1] == "<b>w</b>"


def test_of_words_in_one_place_only_the_first_and_the_linked_are_named():
    figure = scatter_3d_figure(np.ones((4, 3)), list("abcd"), [0] * 4, ["all"], LOOKS, links=[(0, 2, 0)])
    assert list(figure.data[0].text) == ["a", "", "c", ""]


def test_the_median_of_a_perfect_map_rises_with_the_distances():
    distances = np.linspace(0, 1, 500)
    dots, line = shepard_figure(distances, 3 * distances, "euclidean").data
    assert len(dots.x) == 500
    assert list(line.y) == sorted(line.y)


def test_equal_distances_are_drawn_too():
    assert len(shepard_figure(np.ones(20), np.zeros(20), "cosine").data) == 2


def test_the_components_drawn_are_told_apart():
    (bars,) = scree_plot([0.5, 0.3, 0.2], [1, 3]).data
    assert list(bars.y) == [0.5, 0.3, 0.2]
    assert bars.marker.color[0] == bars.marker.color[2] != bars.marker.color[1]


@pytest.mark.parametrize(
    "figure",
    [
        solid(chosen=2, links=[(0, 1, 0), (0, 2, 1)], axes=["one", "two", "three"]),
        shepard_figure(np.linspace(0, 1, 50), np.linspace(0, 2, 50), "cosine"),
        scree_plot([0.6, 0.4], [1, 2]),
        map_figure(PLACES[:, :2], list("abcdef"), ["x"] * 6, ["x"], labels=False, marker_styles=LOOKS),
    ],
)
def test_plotly_knows_every_property_of_the_figures(figure):
    go.Figure(figure.to_dict())


def test_markup_reaches_no_solid_map_unescaped():
    text = solid(chosen=0).to_json()
    assert "onclick" in text
    assert "\\u003cb onclick" not in text


def test_the_square_around_points_holds_them_all_and_one_point_has_one():
    low, size = _square(np.array([[0.0, 0], [4, 1]]))
    assert (low.tolist(), size) == ([0, -1.5], 4)
    assert _square(np.array([[2.0, 2]]))[1] == 1


def test_empty_cells_are_clear_and_the_fullest_is_darkest():
    counts = np.zeros((10, 10), dtype=int)
    counts[2, 3], counts[4, 5] = 1, 100
    shaded = _shaded(DensityGrid(counts, np.zeros(2), 1.0))
    assert shaded["box"] == [0.3, 0.2, 0.6, 0.5]
