"""The odd one out, with each word's mean similarity."""

import numpy as np
import pytest

from embeddings.similarity import odd_one_out
from embeddings.sources import load
from tests.pages.reading import chart, guess, numbers, words


def test_the_odd_word_is_found_and_the_means_are_shown(open_page):
    app = open_page("odd_one_out")
    guess(app, "odd_guess", "lunch")
    odd = odd_one_out(load(), "breakfast lunch dinner piano".split())
    bars = chart(app, "odd_means")["data"][0]
    assert dict(zip(bars["hovertext"], numbers(bars["x"]), strict=True)) == pytest.approx(dict(odd.mean_cosines))
    assert "You said `lunch`. The answer is `piano`" in words(app)
    assert "That is a clear gap." in words(app)


def test_before_the_guess_the_vectors_themselves_are_shown(open_page):
    app = open_page("odd_one_out")
    strips = np.array(numbers(chart(app, "odd_vectors")["data"][0]["z"]))
    assert strips == pytest.approx(load().rows("breakfast lunch dinner piano".split()), abs=1e-6)
    guess(app, "odd_guess", "lunch")
    assert not [each for each in app.get("plotly_chart") if each.proto.id.endswith("-odd_vectors")]


def test_every_example_can_be_tried_and_tried_again(open_page):
    app = open_page("odd_one_out")
    for example in ("animals and one more", "all of a kind", "all of a kind"):
        app.button_group(key="odd_example").set_value(example).run()
        assert app.text_input(key="odd_words").value.split()[0] in ("cat", "monday")
        app.text_input(key="odd_words").set_value("tea coffee milk").run()
        assert app.text_input(key="odd_words").value == "tea coffee milk"


def test_words_all_of_a_kind_leave_no_wide_gap(open_page):
    app = open_page("odd_one_out", odd_words="monday tuesday friday sunday")
    guess(app, "odd_guess")
    assert "That is a small gap" in words(app)


@pytest.mark.parametrize("text", ["", "cat", "cat dog", "cat cat cat dog"])
def test_fewer_than_three_words_ask_for_more(open_page, text):
    app = open_page("odd_one_out")
    app.text_input(key="odd_words").set_value(text).run()
    assert "Type at least three words" in words(app)


def test_more_words_than_can_be_compared_are_left_out_with_a_sentence(open_page):
    app = open_page("odd_one_out", odd_words=" ".join(load().tokens[500:520]))
    assert "The first 12 words are used; 8 more were left out." in words(app)


def test_another_example_is_asked_anew(open_page):
    app = open_page("odd_one_out")
    guess(app, "odd_guess", "lunch")
    guess(app, "odd_example", "animals and one more")
    assert not any(said in words(app) for said in ("You said", "The answer is"))
    guess(app, "odd_guess", "banana")
    assert "You said `banana`, and that is right" in words(app)
