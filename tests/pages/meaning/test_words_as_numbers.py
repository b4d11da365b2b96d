"""A number for each word."""

import pytest

from embeddings.vectors import nearest, numbers_for, share_nearest
from tests.pages.reading import chart, words

WORDS = ["cat", "dog", "banana", "king", "queen", "apple"]


def line(app):
    return chart(app, "numbers_line")["data"][0]


def test_each_word_stands_at_its_number(open_page):
    app = open_page("words_as_numbers")
    assert line(app)["x"] == numbers_for(WORDS, 0)
    assert f"`cat` is nearest to `{nearest(WORDS, 0)['cat']}`" in words(app)


def test_shuffling_gives_other_numbers(open_page):
    app = open_page("words_as_numbers")
    app.button(key="numbers_shuffle").click().run()
    assert line(app)["x"] == numbers_for(WORDS, 1) != numbers_for(WORDS, 0)


def test_the_share_is_told_after_the_guess(open_page):
    app = open_page("words_as_numbers")
    told = f"nearest {share_nearest(WORDS, 1_000)['dog'] * 1_000:,.0f} times in 1,000"
    assert told not in words(app)
    app.button_group(key="numbers_guess").set_value("half of the time").run()
    assert told in words(app)


@pytest.mark.parametrize(
    ("typed", "right"),
    [("cat dog cow", "half of the time"), ("cat dog cow pig", "about 1 time in 3"), (" ".join(WORDS), "1 time in 5")],
)
def test_the_right_answer_is_the_one_nearest_to_what_was_counted(open_page, typed, right):
    app = open_page("words_as_numbers")
    app.text_input(key="numbers_words").set_value(typed).run()
    app.button_group(key="numbers_guess").set_value("nearly always").run()
    assert f"The answer is “{'about ' if right.startswith('1') else ''}{right}”" in words(app)


def test_markup_and_too_few_words_are_shown_as_text(open_page):
    app = open_page("words_as_numbers")
    app.text_input(key="numbers_words").set_value("<b> **x** :smile:").run()
    assert not app.exception
    assert "&lt; " in line(app)["text"][0]
    app.text_input(key="numbers_words").set_value("cat dog").run()
    assert "three words or more" in words(app)
