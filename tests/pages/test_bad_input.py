"""Whatever is typed on the pages of the second chapter: a sentence, no error, and it stays where it was typed."""

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
TEXTS = {
    "nothing": "",
    "spaces": "   ",
    "one word": "cat",
    "unknown": "qqqzzz xxqqzz",
    "emoji": "😀 👩‍👩‍👧",
    "right to left": "שלום \u202eevil",
    "script": "<script>alert(1)</script> <img src=x onerror=alert(2)>",
    "Markdown": "**cat** $x$ `cat` [a](b) :material/close: :red[x]",
    "numbers": "1e999 nan inf -0 0",
    "signs": "+ - * / \\ ' \" %s {0}",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("path", FIELDS)
def test_any_text_gets_a_sentence_and_stays(open_page, path, text):
    app = open_page(path)
    guess(app, GUESSES[path])
    for key in FIELDS[path]:
        before = app.text_input(key=key).value
        app.text_input(key=key).set_value(text).run()
        assert not app.exception, key
        assert "Something went wrong" not in words(app)
        assert app.text_input(key=key).value == text
        if text == TEXTS["unknown"]:
            assert "`qqqzzz" in words(app)
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


@pytest.mark.parametrize("path", FIELDS)
def test_absurd_settings_in_the_address_do_no_harm(open_page, path):
    settings = dict.fromkeys(FIELDS[path], "<b>**\x00\ud7ff") | {"source": "../../etc/passwd"}
    settings |= {"similar_metric": "Manhattan", "similar_sorted": "maybe", "analogy_method": "4CosDivide"}
    app = open_page(path, **settings)
    assert "The link asks for `../../etc/passwd`, which is not here" in words(app)


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
