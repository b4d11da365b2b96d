"""Axes of meaning: words between the ends of one axis or two."""

import pytest

from embeddings.similarity import AXES, SPREAD_OVER_CHANCE, angle, project_onto, semantic_axis, variance_on_axis
from embeddings.sources import load
from tests.pages.reading import chart, guess, numbers, words


@pytest.fixture(scope="module")
def glove():
    return load()


def metrics(app) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


@pytest.mark.parametrize("preset", AXES, ids=lambda preset: preset.title)
def test_each_example_places_its_words(open_page, glove, preset):
    app = open_page("axes")
    app.button_group(key="axes_example").set_value(preset).run()
    places = project_onto(semantic_axis(glove, preset.x.low, preset.x.high), glove.rows(preset.words))
    points = chart(app, "axes_places")["data"][0]
    shown = dict(zip(points["hovertext"], numbers(points["x"]), strict=True))
    assert shown == pytest.approx(dict(zip(preset.words, places.tolist(), strict=True)), abs=1e-5)
    assert preset.note.split(";")[0] in words(app)


def test_the_ends_are_named_on_both_axes(open_page):
    texts = [note["text"] for note in chart(open_page("axes"), "axes_places")["layout"]["annotations"]]
    assert texts == ["← man, boy …", "woman, girl … →", "← peasant, worker …", "royal, monarch … →"]


def test_with_two_ends_empty_there_is_one_axis(open_page):
    app = open_page("axes", axes_x_low="small", axes_x_high="big", axes_words="mouse whale")
    for end in ("y_low", "y_high"):
        app.text_input(key=f"axes_{end}").set_value("").run()
    assert [note["text"] for note in chart(app, "axes_places")["layout"]["annotations"]] == ["← small", "big →"]


@pytest.mark.parametrize(("end", "left"), [("y_low", "royal"), ("y_high", "peasant")])
def test_an_axis_with_one_end_alone_is_said_to_be_left_out(open_page, end, left):
    app = open_page("axes")
    assert "is left out" not in words(app)
    app.text_input(key=f"axes_{end}").set_value("").run()
    assert f"The axis from below upwards has a known word at one end only, `{left}`" in words(app)
    assert len(chart(app, "axes_places")["layout"]["annotations"]) == 2


def test_how_much_the_axes_hold_is_said(open_page, glove):
    preset = AXES[0]
    across = semantic_axis(glove, preset.x.low, preset.x.high)
    upwards = semantic_axis(glove, preset.y.low, preset.y.high)
    shown = metrics(open_page("axes"))
    rows = glove.rows(preset.words)
    assert shown["Spread from left to right"] == f"{variance_on_axis(across, rows):.1%}"
    assert shown["Spread from below upwards"] == f"{variance_on_axis(upwards, rows):.1%}"
    assert shown["Angle between the axes"] == f"{angle(across, upwards):.0f}°"


def test_nearly_parallel_ends_are_warned_of(open_page):
    app = open_page("axes", axes_x_low="four", axes_x_high="five", axes_words="two three six ten")
    assert "point nearly the same way" in words(app)
    assert "point nearly the same way" not in words(open_page("axes"))


def test_an_axis_along_which_the_words_hardly_differ_is_warned_of(open_page):
    app = open_page("axes", axes_x_low="guitar", axes_x_high="piano", axes_words="monday tuesday friday march april")
    assert "Not a good axis for these words from left to right" in words(app)


def test_each_axis_gets_a_verdict_that_follows_from_its_numbers(open_page, glove):
    app = open_page("axes", axes_words="monday tuesday friday march april")
    shown = metrics(app)
    limit = SPREAD_OVER_CHANCE / glove.dimension
    for way in ("from left to right", "from below upwards"):
        good = float(shown[f"Spread {way}"].rstrip("%")) / 100 > limit
        assert any(f"**A good axis for these words {way}.**" in each.value for each in app.success) == good
        assert any(f"**Not a good axis for these words {way}.**" in each.value for each in app.warning) != good


def test_the_default_axes_are_good_ones_that_say_different_things(open_page):
    app = open_page("axes")
    assert len(app.success) == 2
    assert "**The two axes say different things.**" in words(app)


def test_two_axes_with_the_same_ends_say_partly_the_same(open_page):
    app = open_page("axes", axes_y_low="man boy", axes_y_high="woman girl")
    assert "**The two axes say partly the same.**" in words(app)


def test_bias_is_measured_and_named(open_page, glove):
    app = open_page("axes")
    guess(app, "axes_guess", "none")
    assert "This is a *bias*" in words(app)
    assert "You said `none`. The answer is `most`. 11 of 18 do." in words(app)
    assert chart(app, "axes_bias")["data"][0]["hovertext"][-1] == "receptionist"


@pytest.mark.parametrize(
    ("ends", "sentence"),
    [
        ({"axes_x_low": "cat", "axes_x_high": "cat"}, "'cat' stands at both ends of the axis"),
        ({"axes_words": "cat"}, "two words or more to place"),
        ({"axes_x_low": "qqqzzz", "axes_y_low": "qqqzzz"}, "An axis needs a word at each end"),
    ],
)
def test_what_makes_no_axis_gets_a_sentence(open_page, ends, sentence):
    app = open_page("axes", **ends)
    assert sentence in words(app)
    assert not app.exception
