"""A guess is kept, and judged by the question that it answered."""

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from components import predict

    word = st.text_input("word", "cat", key="word")
    guessed = predict.guess("Which?", ["dog", "cow", "pig"], "which", about=word)
    if guessed is not None:
        predict.verdict(guessed, st.session_state.get("right", "dog"), "So it was measured.")


@pytest.fixture
def app():
    return AppTest.from_function(page).run()


def said(app) -> str:
    return " ".join(element.value for element in [*app.info, *app.success])


def test_nothing_is_told_before_the_guess(app):
    assert said(app) == ""


def test_a_right_guess_is_told_so_and_a_wrong_one_gets_the_answer(app):
    app.button_group(key="which").set_value("cow").run()
    assert said(app) == "*Which?*\n\nYou said `cow`; it is `dog`. So it was measured."
    app.session_state["right"] = "cow"
    assert said(app.run()) == "*Which?*\n\nYou said `cow`, and so it is. So it was measured."


def test_a_guess_is_not_judged_by_the_answer_to_another_question(app):
    app.button_group(key="which").set_value("cow").run()
    app.text_input(key="word").set_value("hen").run()
    assert said(app) == "*Which?*\n\nThe answer is `dog`. So it was measured."
    app.text_input(key="word").set_value("cat").run()
    assert said(app).startswith("*Which?*\n\nYou said `cow`")


def test_of_several_right_answers_each_is_right(app):
    app.session_state["right"] = ["dog", "cow"]
    app.button_group(key="which").set_value("cow").run()
    assert said(app) == "*Which?*\n\nYou said `cow`, and so it is; equally right: `dog` and `cow`. So it was measured."
