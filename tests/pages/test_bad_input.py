"""What the pages of the second chapter say of words that they cannot use; ``hostile_pages.py`` tries all else."""

import pytest

from embeddings.sources import load
from tests.pages.reading import guess, words

FIELDS = {
    "similar_words": ("similar_word", "similar_words"),
    "analogies": ("analogy_a", "analogy_b", "analogy_c", "analogy_sum"),
    "axes": ("axes_x_low", "axes_x_high", "axes_y_low", "axes_y_high", "axes_words"),
    "odd_one_out": ("odd_words",),
    "frequency": ("frequency_words",),
}
GUESSES = {"similar_words": "similar_guess", "analogies": "analogy_guess", "axes": "axes_guess"}
GUESSES |= {"odd_one_out": "odd_guess", "frequency": "frequency_guess"}
UNKNOWN = "qqqzzz xxqqzz"


@pytest.mark.parametrize("path", FIELDS)
def test_an_unknown_word_is_named_in_a_sentence_and_stays(open_page, path):
    app = open_page(path)
    guess(app, GUESSES[path])
    for key in FIELDS[path]:
        before = app.text_input(key=key).value
        app.text_input(key=key).set_value(UNKNOWN).run()
        assert "`qqqzzz" in words(app), key
        assert app.text_input(key=key).value == UNKNOWN
        app.text_input(key=key).set_value(before).run()


@pytest.mark.parametrize("path", FIELDS)
def test_a_thousand_words_are_cut_with_a_sentence(open_page, path):
    pasted = " ".join(token for token in load().tokens[:2_000] if token.isalpha())[:7_999]
    app = open_page(path)
    for key in FIELDS[path]:
        app.text_input(key=key).set_value(pasted).run()
        assert not app.exception, key
        assert "characters are used here; the rest was left out." in words(app)
        assert app.text_input(key=key).value == pasted


def test_absurd_settings_of_the_report_card_do_no_harm(open_page):
    app = open_page("report_card", report_limit="-1", report_case="x", report_other="nobody")
    assert app.select_slider(key="report_limit").value == 30_000


IN_PLACE = {  # a field without which there is no picture, and what stands there instead
    "words_as_numbers": ("numbers_words", "cat", "Type three words or more"),
    "small_network": ("network_text", "", "There is nothing to learn"),
    "similar_words": ("similar_word", "qqqzzz", "The ranking needs a word"),
    "analogies": ("analogy_b", "qqqzzz", "The picture needs three words"),
    "axes": ("axes_words", "", "An axis needs a word at each end"),
    "odd_one_out": ("odd_words", "cat", "Type at least three words"),
    "frequency": ("frequency_words", "", "Type a word that the table has"),
    "embedding_layer": ("layer_ids", "1, x", "x"),
}


@pytest.mark.parametrize("path", IN_PLACE)
def test_where_there_is_no_picture_a_sentence_stands_in_its_column(open_page, path):
    key, text, sentence = IN_PLACE[path]
    app = open_page(path)
    (field,) = [each for each in (*app.text_input, *app.text_area) if each.key == key]
    field.set_value(text).run()
    assert not app.exception
    blocks = [app.main] if path == "embedding_layer" else [app.columns[0]]
    assert any(sentence in each.value for block in blocks for each in (*block.info, *block.error))
