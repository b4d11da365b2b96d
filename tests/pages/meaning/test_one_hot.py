"""One-hot: rows with a single 1, and what they fail to say."""

import numpy as np
import pytest

from embeddings.tokenizers import tokenizer
from tests.pages.reading import chart, drawing, numbers, words


def typed(open_page, text):
    app = open_page("one_hot")
    app.text_input(key="onehot_words").set_value(text).run()
    assert not app.exception
    return app


def test_the_matrix_is_the_words_against_their_sorted_vocabulary(open_page):
    matrix = drawing(typed(open_page, "dog cat"), "onehot_matrix")
    assert matrix["values"] == [[0, 1], [1, 0]]
    assert matrix["rows"] == ["dog", "cat"]
    assert matrix["columns"] == [{"name": "cat", "id": 0}, {"name": "dog", "id": 1}]


def test_a_word_more_makes_every_row_longer(open_page):
    app = typed(open_page, "dog cat")
    app.text_input(key="onehot_words").set_value("dog cat ant").run()
    assert np.shape(drawing(app, "onehot_matrix")["values"]) == (3, 3)


def test_every_pair_has_cosine_0_and_distance_root_2(open_page):
    app = typed(open_page, "king queen apple")
    assert drawing(app, "onehot_cosines")["values"] == np.eye(3).tolist()
    assert "All 3 pairs: cosine 0.00, distance 1.414" in words(app)


def test_glove_tells_the_same_words_apart(open_page):
    app = typed(open_page, "cat dog banana")
    cosines = drawing(app, "onehot_glove_cosines")["values"]
    assert round(cosines[0][1], 4) == 0.9218
    assert cosines[0][2] < cosines[0][1]


def test_400_000_words_would_take_640_gb(open_page):
    app = typed(open_page, "a b")
    assert not app.get("plotly_chart")
    app.button_group(key="onehot_guess").set_value("80 MB").run()
    assert "You said “80 MB”. The answer is “640 GB”" in words(app)
    bars = chart(app, "onehot_memory")["data"][0]
    assert numbers(bars["x"]) == [16, 640_000_000_000, 80_000_000]


def test_a_word_typed_twice_is_one_row(open_page):
    assert len(drawing(typed(open_page, "dog dog"), "onehot_matrix")["values"]) == 1


def test_one_word_asks_for_a_second(open_page):
    assert "second word" in words(typed(open_page, "dog"))


def test_empty_text_asks_for_words(open_page):
    assert "Type a few words" in words(typed(open_page, ""))


def test_only_unknown_words_still_have_rows_but_no_vectors(open_page):
    app = typed(open_page, "qqqzzz xxqqzz")
    assert "None of these words" in words(app)
    assert "Not among the 400,000 words of the table: `qqqzzz`, `xxqqzz`" in words(app)
    assert len(drawing(app, "onehot_matrix")["values"]) == 2


def test_four_hundred_words_are_counted_and_kept(open_page):
    text = " ".join(f"w{n}" for n in range(400))
    app = typed(open_page, text)
    assert "You typed 400 different words. The pictures show the first 24." in words(app)
    app.button_group(key="onehot_guess").set_value("80 MB").run()
    assert numbers(chart(app, "onehot_memory")["data"][0]["x"])[0] == 640_000
    assert app.text_input(key="onehot_words").value == text


def test_swapping_two_ids_moves_two_columns_and_no_cosine(open_page):
    app = typed(open_page, "dog cat ant")
    cosines = drawing(app, "onehot_cosines")["values"]
    app.button_group(key="onehot_swap").set_value(["ant", "dog"]).run()
    assert [column["name"] for column in drawing(app, "onehot_matrix")["columns"]] == ["dog", "cat", "ant"]
    assert drawing(app, "onehot_matrix")["values"] == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert drawing(app, "onehot_cosines")["values"] == cosines
    assert "Largest change of any cosine: 0.00" in words(app)
    assert app.code[0].value == "{'dog': 0, 'cat': 1, 'ant': 2}"


def test_a_third_word_takes_the_place_of_the_first_in_a_swap(open_page):
    app = typed(open_page, "dog cat ant")
    app.button_group(key="onehot_swap").set_value(["ant", "dog", "cat"]).run()
    assert app.button_group(key="onehot_swap").value == ["dog", "cat"]
    assert app.code[0].value == "{'ant': 0, 'dog': 1, 'cat': 2}"


def test_a_swap_travels_in_the_address(open_page):
    app = open_page("one_hot", onehot_words="dog cat ant", onehot_swap=["ant", "dog"])
    assert app.code[0].value == "{'dog': 0, 'cat': 1, 'ant': 2}"
    app.button_group(key="onehot_swap").set_value(["cat", "dog"]).run()
    assert app.query_params["onehot_swap"] == ["cat", "dog"]


def test_the_guess_holds_for_all_words_as_it_is_not_about_them(open_page):
    app = typed(open_page, "a b")
    app.button_group(key="onehot_guess").set_value("640 GB").run()
    app.text_input(key="onehot_words").set_value("a b c").run()
    assert "You said “640 GB”, and that is right" in words(app)


def test_a_swapped_word_that_is_deleted_is_forgotten(open_page):
    app = typed(open_page, "dog cat ant")
    app.button_group(key="onehot_swap").set_value(["ant", "dog"]).run()
    app.text_input(key="onehot_words").set_value("dog cat").run()
    assert not app.exception
    assert app.code[0].value == "{'cat': 0, 'dog': 1}"


@pytest.mark.parametrize("name", ["gpt-4o", "wordpiece"])
def test_the_ids_of_a_large_model_do_not_follow_the_alphabet_as_the_page_says(open_page, name):
    assert "the ids of GPT-4o and of BERT do not follow the alphabet" in words(open_page("one_hot"))
    encoding = tokenizer(name).encode("we saw an apple of the queen")
    ids = dict(zip((token.strip() for token in encoding.tokens), encoding.ids, strict=True))
    assert sorted(ids) != sorted(ids, key=ids.__getitem__)
    assert max(ids["of"], ids["an"]) < min(ids["saw"], ids["apple"], ids["queen"])  # the frequent ones come first
