"""Figures for the projector: large letters everywhere, and a height that fills the screen."""

import plotly.graph_objects as go

from components.figures.projector import HEIGHT, TEXT, enlarged
from components.figures.template import new_figure


def figure(height: int) -> go.Figure:
    trace = {"type": "scatter", "x": [1], "y": [2], "text": ["cat"], "mode": "text", "textfont": {"size": 11}}
    axis = {"title": {"text": "rank", "font": {"color": "red"}}}
    annotations = [{"text": "small", "font": {"size": 12}}, {"text": "large", "font": {"size": 40}}]
    return new_figure([trace], height=height, xaxis=axis, yaxis2={"tickfont": {"size": 9}}, annotations=annotations)


def test_no_letter_is_smaller_than_can_be_read():
    shown = enlarged(figure(300))
    go.Figure(shown.to_dict())  # as Plotly knows it
    layout = shown.layout
    assert layout.font.size == layout.legend.font.size == layout.xaxis.tickfont.size == TEXT
    assert layout.xaxis.title.font.to_plotly_json() == {"color": "red", "size": TEXT}
    assert layout.yaxis2.tickfont.size == shown.data[0].textfont.size == TEXT
    assert [annotation.font.size for annotation in layout.annotations] == [TEXT, 40]


def test_a_low_figure_grows_to_the_screen_and_a_high_one_keeps_room_for_its_rows():
    heights = [enlarged(figure(height)).layout.height for height in (130, 400, HEIGHT, 650)]
    assert heights == [240, HEIGHT, 849, 1200]


def test_the_figure_that_was_given_stays_as_it_is():
    given = figure(300)
    before = given.to_json()
    enlarged(given)
    assert given.to_json() == before
