"""The figures of "The embedding layer", by their data."""

import itertools
import math

import plotly.graph_objects as go
import pytest

from components.figures.contextual import layers_figure, senses_figure
from components.figures.timing import Band, choices_figure, lab_figure, power
from embeddings.lookup import (
    BUILD,
    EMBEDDING,
    FORWARD,
    LINEAR,
    MATMUL,
    MEMORY,
    Extrapolated,
    Roofline,
    Timing,
    attainable,
)
from embeddings.transformer import ContextualSimilarity, MeasuredExample
from embeddings.transformer.contextual import examples

ROOF = Roofline("cpu", "float32", 1, 1e10, 1e11, 1e-6, 10**9)
COSINES = (1.0, 0.98, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5)


def timing(variant, V, median, spread=0.1):
    phase = BUILD if variant == BUILD else FORWARD
    return Timing(variant, phase, V, 8, 4, "cpu", 1, median, median * (1 - spread / 2), median * (1 + spread / 2), 30)


def foretold(variant, V, seconds):
    return Extrapolated(variant, FORWARD, V, 8, 4, "cpu", 1, MEMORY, 10**12, 10**9, seconds)


def trace(figure, start):
    return next(trace for trace in figure.data if trace.name and trace.name.startswith(start))


OUTCOMES = [
    timing(EMBEDDING, 10, 2e-6),
    timing(EMBEDDING, 100, 3e-6, spread=0.5),
    timing(MATMUL, 10, 4e-6),
    foretold(MATMUL, 100, 5e-5),
    timing(BUILD, 10, 1e-6),
]


def test_each_way_has_its_line_and_its_quartiles():
    line = trace(lab_figure(OUTCOMES, [10, 100]), "lookup")
    assert list(line.x) == [10, 100]
    assert list(line.y) == [2e-6, 3e-6]
    assert list(line.error_y.array) == pytest.approx([1e-7, 7.5e-7])
    assert list(line.error_y.arrayminus) == pytest.approx([1e-7, 7.5e-7])


def test_what_was_not_measured_is_hollow_and_joined_to_what_was():
    hollow = trace(lab_figure(OUTCOMES, [10, 100]), "one-hot @ W, not measured")
    assert list(hollow.x) == [10, 100]
    assert list(hollow.y) == [4e-6, 5e-5]
    assert list(hollow.marker.symbol) == ["square", "square-open"]


def test_a_point_that_nothing_foretells_has_no_place():
    figure = lab_figure([foretold(MATMUL, 100, None)], [10, 100])
    assert all(100 not in trace.x for trace in figure.data)


def test_disturbed_points_alone_are_ringed():
    rings = trace(lab_figure(OUTCOMES, [10, 100]), "disturbed")
    assert (list(rings.x), list(rings.y)) == ([100], [3e-6])


def test_the_slope_is_in_the_name_of_the_curve():
    assert trace(lab_figure(OUTCOMES, [10, 100], slopes={MATMUL: 0.98}), "one-hot @ W").name == "one-hot @ W: V¹·⁰"
    assert power("B", -0.04) == "B⁰·⁰"


def test_the_roof_is_what_the_machine_allows():
    figure = lab_figure(OUTCOMES, [10, 100], roofline=ROOF)
    assert list(trace(figure, "roof of one-hot @ W").y) == [
        attainable(o, ROOF) for o in OUTCOMES if o.variant == MATMUL
    ]


def test_the_crossover_is_a_line_at_its_size():
    line = trace(lab_figure(OUTCOMES, [10, 100], crossover=31.6), "equal at about V = 32")
    assert list(line.x) == [31.6, 31.6]


def test_the_guess_is_a_band_from_the_first_lookup_on():
    band = trace(lab_figure(OUTCOMES, [10, 100], guess=Band(30, 300)), "your guess")
    assert list(band.x) == pytest.approx([10, math.sqrt(1000), 100, 100, math.sqrt(1000), 10])
    assert band.y[0] == pytest.approx(2e-6)
    assert band.y[2] == pytest.approx(300 * 3e-6)  # of the lookup's time at the last size, as the guess is judged
    assert band.y[3] == pytest.approx(30 * 3e-6)


def test_before_anything_is_measured_the_guess_is_drawn_in_multiples_and_no_seconds():
    figure = lab_figure([], [10, 100], guess=Band(30, 300))
    assert trace(figure, "your guess").y[2] == 300
    assert figure.layout.yaxis.title.text == "Time, where the lookup's is 1"
    nothing_to_multiply = lab_figure([foretold(MATMUL, 100, 5e-5)], [10, 100], guess=Band(3, 30))
    assert "your guess" not in [trace.name for trace in nothing_to_multiply.data]


@pytest.mark.parametrize(("over", "grows"), [("V", False), ("D", True), ("B", True)])
def test_the_lookup_grows_in_the_pictures_where_it_copies_more(over, grows):
    line = choices_figure([("few", Band(1 / 3, 3))], over).data[1]
    assert (line.y[-1] > line.y[0]) == grows


def test_the_frame_of_the_timing_chart_stays_while_points_arrive():
    empty = lab_figure([], [4, 50_257])
    some = lab_figure([timing(LINEAR, 4, 1e-6)], [4, 50_257])
    assert empty.layout.xaxis.range == some.layout.xaxis.range


@pytest.mark.parametrize("sizes", [[4, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 50_257], [785, 50_257], [5]])
def test_the_smallest_and_the_largest_size_are_named_and_names_stand_apart(sizes):
    axis = lab_figure([], sizes).layout.xaxis
    named, length = axis.tickvals, axis.range[1] - axis.range[0]
    assert (named[0], named[-1]) == (min(sizes), max(sizes))
    assert all(math.log10(b / a) / length > 0.12 for a, b in itertools.pairwise(named))


def test_each_choice_has_its_picture_over_its_words():
    figure = choices_figure([("few", Band(1 / 3, 3)), ("many", Band(30, 300))])
    assert [figure.layout.xaxis.title.text, figure.layout.xaxis2.title.text] == ["few", "many"]
    assert max(figure.data[0].y) < max(figure.data[2].y)
    assert figure.data[0].y[2] < figure.data[2].y[3]  # the end of the low band, and the low end of the other


def test_layers_show_both_curves_and_the_guess():
    figure = layers_figure([("another sense", COSINES), ("the same", [1.0] * 8)], guess=(0.7, 0.9))
    assert list(trace(figure, "another").y) == list(COSINES)
    assert set(trace(figure, "your guess").y) == {0.7, 0.9}
    assert trace(figure, "another").text[-1] == "0.50"


def measured(gap):
    across, within = (
        ContextualSimilarity("bank", ("bank",), (1, 1), (1.0,) * 7 + (last,)) for last in (0.9 - gap, 0.9)
    )
    return MeasuredExample(examples()[3], across, within)


def test_senses_are_two_points_joined_for_each_example():
    figure = senses_figure([measured(0.2), measured(0.0)])
    assert list(trace(figure, "another sense").x) == pytest.approx([0.7, 0.9])
    assert list(trace(figure, "the same sense").x) == [0.9, 0.9]
    assert [shape.x1 - shape.x0 for shape in figure.layout.shapes] == pytest.approx([0.2, 0.0])


@pytest.mark.parametrize(
    "figure",
    [
        lab_figure([], [4, 10]),
        lab_figure(OUTCOMES, [10, 100], slopes={MATMUL: 1.0}, roofline=ROOF, crossover=20.0, guess=Band(3, 30)),
        choices_figure([("few", Band(1 / 3, 3)), ("many", Band(30, 300))]),
        layers_figure([("another", COSINES)], guess=(0, 0.5)),
        senses_figure([measured(0.2)]),
    ],
    ids=["empty", "lab", "choices", "layers", "senses"],
)
def test_plotly_knows_every_property_and_value_of_the_figures(figure):
    go.Figure(figure.to_dict())  # raises otherwise; the app leaves this check out to be quick
