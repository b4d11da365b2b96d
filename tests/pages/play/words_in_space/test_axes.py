"""The map of words by axes that the reader names."""

import numpy as np
import pytest

from embeddings.similarity import project_onto, semantic_axis
from embeddings.sources import load
from tests.pages.play.words_in_space.map_reading import in_shares, mapped, places
from tests.pages.reading import drawing, guess, words
from tests.pages.test_show_the_code import run

ENDS = {"space_x_low": "man", "space_x_high": "woman", "space_y_low": "small tiny", "space_y_high": "big"}


@pytest.fixture
def app(open_page):
    return open_page("words_in_space", space_method="Axes", **ENDS)


def test_the_words_stand_between_the_ends_in_the_address(app):
    table, names = load(), mapped(app)
    axes = semantic_axis(table, "man", "woman"), semantic_axis(table, ("small", "tiny"), "big")
    there = np.stack([project_onto(each, table.rows(names)) for each in axes], axis=1)
    assert np.abs(in_shares(there) - places(app)).max() < 1e-3
    assert drawing(app, "space_map")["axes"] == ["man → woman", "small … → big"]
    assert "The axes meet at" in words(app)


def test_another_end_moves_the_words(app):
    before = places(app)
    app.text_input(key="space_x_high").set_value("queen").run()
    assert (places(app) != before).any()


def test_a_map_by_axes_can_be_coloured_and_judged_like_any_other(app):
    app.button_group(key="space_colour").set_value("trust").run()
    assert all(note.endswith("neighbours kept") for note in drawing(app, "space_map")["notes"])
    guess(app, "space_trust_guess", "1 in 4 to 1 in 2")
    assert 0.5 < float({metric.label: metric.value for metric in app.metric}["Trustworthiness"]) < 1


def test_an_end_without_a_known_word_is_told_and_stays(app):
    app.text_input(key="space_y_high").set_value("qqzzqq").run()
    assert "`qqzzqq`" in words(app)
    assert "The high pole" in words(app)
    assert app.text_input(key="space_y_high").value == "qqzzqq"
    assert not app.exception


def test_the_code_draws_the_same_map(app):
    names = run(app, "space_map")
    assert np.abs(in_shares(names["places"]) - places(app)).max() < 1e-3
