"""Which words are suggested while typing."""

import numpy as np
from streamlit.testing.v1 import AppTest

from components.lessons.play.map.suggestions import suggestions
from embeddings.vectors import WordVectors


def test_a_word_stands_before_the_longer_ones_that_begin_with_it():
    table = WordVectors.of("toy", ["catholic", "the", "cat", "3rd", "at"], np.eye(5))
    assert suggestions(table) == ("cat", "catholic", "the")


def frequent(tokens: list[str]) -> AppTest:
    def page(tokens):
        import numpy as np
        import streamlit as st

        from components.lessons.play.words_in_space.word_choice import MOST_FREQUENT, choose_words
        from embeddings.vectors.word_vectors import WordVectors

        st.session_state["space_from"] = MOST_FREQUENT
        chosen = choose_words(WordVectors.of("toy", tokens, np.eye(len(tokens))))
        st.code(" ".join(chosen.words))

    return AppTest.from_function(page, kwargs={"tokens": tokens}).run()


def test_what_is_passed_over_among_the_most_frequent_is_counted():
    app = frequent(["the", ",", "cat", "3rd", "dog", "!"])
    assert app.code[0].value == "the cat dog"
    assert "It leaves out 2 rows with numbers or signs. The table has 3 such words" in app.caption[0].value


def test_of_a_table_without_words_of_letters_the_first_rows_are_taken():
    app = frequent(["/c/en/cat", "/c/en/dog", "#3"])
    assert app.code[0].value == "/c/en/cat /c/en/dog #3"
    assert "so the map shows its first 3 rows" in app.caption[0].value


def test_a_word_too_long_to_be_typed_is_not_suggested():
    long = "acgt" * 40_000
    table = WordVectors.of("long", ["cat", long, "catholic"], np.eye(3))
    assert suggestions(table) == ("cat", "catholic")
