"""The list of a visitor's answers is as long as it may be, and the last answer to a question counts."""

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from components.ui import given_answers

    for number in range(given_answers.MAX_KEPT + 20):
        given_answers.note(number, f"Question {number}?", "a", ("a", "b"))
    given_answers.note(100, "Question 100?", "c", ("a", "b"))
    given_answers.note("open", "Which?", "a", ())
    kept = given_answers.all_given()
    st.text(f"{len(kept)} {kept[0].question} {[each.is_right for each in kept if '100' in each.question]}")
    st.text(str(kept[-1].is_right))


def test_the_list_is_bounded_and_keeps_the_last_answer():
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert [text.value for text in app.text] == ["500 Question 21? [False]", "None"]
