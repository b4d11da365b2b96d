"""The whole table: all words, a sample on top, and one word among them."""

import base64

import numpy as np
import pytest

from tests.pages.play.words_in_space.map_reading import linked, mapped
from tests.pages.reading import drawing, guess, run_until, words


@pytest.fixture
def app(open_page):
    return placed(open_page("whole_table"))


def placed(app):
    run_until(app, lambda: "Finished" in words(app))
    return app


def test_all_words_are_shaded_and_the_most_frequent_are_points(app):
    density = drawing(app, "whole_map")["density"]
    shades = np.frombuffer(base64.b64decode(density["counts"]), dtype=np.uint8)
    assert (density["side"], len(shades)) == (200, 40_000)
    assert shades.any()
    assert "all 400,000 words" in words(app)
    assert "the first 20,000 words of the table" in words(app)
    assert {"the", "of"} <= set(mapped(app, "whole_map")[:20])


def test_the_word_looked_for_comes_first_and_is_linked_to_its_nearest(app):
    app.text_input(key="whole_word").set_value("Piano").run()
    assert mapped(app, "whole_map")[0] == "piano"
    assert {"violin", "cello"} <= linked(app, 0, "whole_map")


def test_a_random_draw_says_its_seed_and_another_draws_others(app):
    app.segmented_control(key="whole_by").set_value("drawn at random").run()
    first = mapped(app, "whole_map")
    assert "20,000 words drawn at random, each with the same chance (seed 0)" in words(app)
    app.number_input(key="whole_seed").set_value(5).run()
    assert mapped(app, "whole_map") != first


def test_other_components_are_computed_and_named(app):
    app.selectbox(key="whole_across").set_value(3).run()
    placed(app)
    assert drawing(app, "whole_map")["axes"][0].startswith("component 3: ")


def test_both_axes_never_show_the_same_component(app):
    app.selectbox(key="whole_across").set_value(2).run()
    placed(app)
    assert app.selectbox(key="whole_upwards").value != 2
    assert not app.exception


def test_the_guess_is_judged_by_counting(app):
    guess(app, "whole_guess", "11 to 999")
    assert "You said “11 to 999”, and that is right. 228 words lie nearer on the map." in words(app)
    assert app.dataframe[0].value.iloc[0].tolist() == ["prince", 228]


def test_an_unknown_word_is_named_with_close_spellings(app):
    app.text_input(key="whole_word").set_value("violinn").run()
    assert "did you mean `violin`" in words(app)
    assert app.text_input(key="whole_word").value == "violinn"
    assert len(mapped(app, "whole_map")) >= 20_000  # the map stays meanwhile


def test_as_many_as_can_be_pointed_at_are_drawn(app):
    app.select_slider(key="whole_most").set_value(99_999).run()
    assert len(mapped(app, "whole_map")) == 99_999
    app.segmented_control(key="whole_by").set_value("drawn at random").run()
    assert len(mapped(app, "whole_map")) == 99_999
