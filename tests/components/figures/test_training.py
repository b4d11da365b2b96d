"""The figures of a training, by their data."""

import numpy as np
import plotly.graph_objects as go

from components.figures.scatter_map import map_figure
from components.figures.training import (
    loss_figure,
    merge_steps_figure,
    merges_figure,
    rows_figure,
    similarities_figure,
)


def valid(figure: go.Figure) -> go.Figure:
    """``figure``, once it has passed Plotly's own check of every property."""
    go.Figure(figure.to_dict())
    return figure


def test_a_loss_has_a_line_of_its_own_for_what_is_held_out():
    figure = valid(loss_figure([0, 10], [3.0, 2.0], [3.1, 2.2], 100, "steps", shown=10))
    assert [list(trace.y) for trace in figure.data] == [[3.0, 2.0], [3.1, 2.2]]
    assert list(figure.layout.xaxis.range) == [0, 100]
    assert figure.layout.shapes[0].x0 == 10


def test_where_nothing_is_held_out_there_is_one_line_and_no_mark_while_it_goes_on():
    figure = valid(loss_figure([0], [3.0], [None], 100, "tokens"))
    assert len(figure.data) == 1
    assert not figure.layout.shapes


def test_each_pair_has_its_line_and_no_word_is_read_as_markup():
    figure = valid(similarities_figure([0, 1], {"<b>a · b": [0.1, 0.9], "c · d": [0.0, -0.2]}, 1, "steps"))
    assert [trace.name for trace in figure.data] == ["&lt;b&gt;a · b", "c · d"]
    assert figure.layout.yaxis.range[0] <= -0.2


def test_only_rows_with_a_gradient_are_coloured_and_only_the_batch_has_dots():
    norms = np.zeros(120)
    norms[[3, 70]] = 0.5, 0.1
    _, heat, dots = valid(rows_figure(norms, [f"w{n}" for n in range(120)], [3, 70])).data
    cells = np.array(heat.z, dtype=float).ravel()
    assert np.flatnonzero(np.isfinite(cells)).tolist() == [3, 70]
    assert list(zip(dots.x, dots.y, strict=True)) == [(3, 0), (0, 5)]
    assert np.array(heat.customdata)[5, 0].tolist() == ["w70", "0.1"]


def test_a_gradient_of_nothing_and_a_large_table_are_drawn_too():
    assert valid(rows_figure(np.zeros(3), ["a", "b", "c"], [])).data
    V = 20_000
    figure = valid(rows_figure(np.ones(V), ["w"] * V, [0]))
    assert np.isfinite(np.array(figure.data[1].z, dtype=float)).sum() == V


def test_a_map_in_a_frame_keeps_its_axes_wherever_the_words_are():
    frame = np.array([[-1.0, -1.0], [1.0, 1.0]])
    maps = [valid(map_figure(scale * np.eye(3, 2), list("abc"), ["g"] * 3, ["g"], frame=frame)) for scale in (0.1, 0.9)]
    assert maps[0].layout.xaxis.range == maps[1].layout.xaxis.range
    assert maps[0].layout.yaxis.range == maps[1].layout.yaxis.range


def test_a_map_may_write_only_the_first_words_of_each_group_and_the_chosen_one():
    places, groups = 9 * np.random.default_rng(0).normal(size=(12, 2)), ["a", "b"] * 6
    words = [f"w{n}" for n in range(12)]
    figure = map_figure(places, words, groups, ["a", "b"], chosen="w11", per_group=1)
    assert {text for trace in figure.data for text in trace.text if text} <= {"w0", "w1", "<b>w11</b>"}


def test_a_low_map_has_fewer_labels_than_a_high_one():
    places = np.random.default_rng(0).normal(size=(60, 2))
    words = [f"word{n}" for n in range(60)]
    low, high = (map_figure(places, words, ["g"] * 60, ["g"], height=height) for height in (280, 560))
    written = [sum(bool(text) for text in figure.data[0].text) for figure in (low, high)]
    assert written[0] < written[1]


def test_words_that_lie_close_in_a_wide_frame_have_fewer_labels():
    near = 0.05 * np.random.default_rng(0).normal(size=(12, 2))
    words = [f"word{n}" for n in range(12)]
    written = [
        sum(bool(text) for trace in map_figure(near, words, ["g"] * 12, ["g"], frame=frame).data for text in trace.text)
        for frame in (near, np.array([[-2.0, -2.0], [2.0, 2.0]]))
    ]
    assert written[1] < written[0]


def test_a_text_shrinks_and_a_vocabulary_grows_by_one_at_each_merge():
    figure = valid(merges_figure([9, 6, 4], 256, shown=1))
    assert [list(trace.y) for trace in figure.data] == [[9, 6, 4], [256, 257, 258], [6], [257]]
    assert figure.layout.shapes[0].x0 == 1
    assert valid(merges_figure([3], 256, shown=0)).layout.xaxis.range[1] > 1


def test_each_line_of_an_undone_token_is_as_wide_as_its_bytes_and_no_piece_is_read_as_markup():
    lines = [[("<", 1), ("b", 1), ("⟨F0⟩", 1)], [("<b", 2), ("⟨F0⟩", 1)]]
    figure = valid(merge_steps_figure(lines, [None, 0], ["bytes", "id 9"]))
    assert list(figure.data[0].text) == ["&lt;", "b", "⟨F0⟩", "&lt;b", "⟨F0⟩"]
    assert list(figure.data[0].x) == [0.5, 1.5, 2.5, 1, 2.5]
    assert [round(box.x1 - box.x0) for box in figure.layout.shapes] == [1, 1, 1, 2, 1]
    colours = [box.fillcolor for box in figure.layout.shapes]
    assert colours[3] not in (*colours[:3], colours[4])
