"""A guess is kept and judged by the question that it answered; any question can be skipped, opened and asked again."""

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from components.ui import predict

    predict.show_switch()
    word = st.text_input("word", "cat", key="word")
    view = st.text_input("view", "from below", key="view")
    guessed = predict.guess("Which?", ["dog", "cow", "pig"], "which", about=(word, view), subject=word)
    st.button("Measure", key="measure", on_click=predict.skip, args=("which", word))
    if predict.put_again("which"):
        st.caption("hidden")
    if st.session_state.get("none_yet"):
        predict.unanswered(guessed, "It comes.")
    else:
        predict.verdict(guessed, st.session_state.get("right", "dog"), "So it was measured.")


@pytest.fixture
def app():
    return AppTest.from_function(page).run()


def said(app) -> str:
    return " ".join(element.value for element in [*app.info, *app.success])


def asked(app) -> bool:
    return bool([pills for pills in app.button_group if pills.key == "which"])


def buttons(app) -> list[str]:
    return [button.label for button in app.button if button.key != "measure"]


def choose(app, answer: str):
    return app.button_group(key="which").set_value(answer).run()


def again(app):
    return app.button(key="which_again").click().run()


def show_me(app):
    return app.button(key="which_show").click().run()


def ask_about(app, word: str):
    return app.text_input(key="word").set_value(word).run()


def view(app, where: str):
    return app.text_input(key="view").set_value(where).run()


def switch(app, on: bool):
    return app.toggle(key="show_answers").set_value(on).run()


def test_an_answer_is_to_be_hidden_only_while_its_question_is_put_again(app):
    def hidden() -> bool:
        return "hidden" in [caption.value for caption in app.caption]

    seen = [hidden()]
    for act in (lambda: choose(app, "dog"), lambda: again(app), lambda: show_me(app), lambda: again(app)):
        act()
        seen.append(hidden())
    assert seen == [False, False, True, False, True]
    switch(app, on=True)
    assert not hidden()


def test_nothing_is_told_while_the_question_stands(app):
    assert said(app) == ""
    assert buttons(app) == ["Show me"]


def test_a_right_guess_is_told_so_and_a_wrong_one_gets_the_answer(app):
    choose(app, "cow")
    assert said(app) == "*Which?*\n\nYou said `cow`. The answer is `dog`. So it was measured."
    app.session_state["right"] = "cow"
    assert said(app.run()) == "*Which?*\n\nYou said `cow`, and that is right. So it was measured."
    assert len(app.success) == 1


def test_another_subject_is_asked_anew_and_the_guess_stays_with_its_own(app):
    choose(app, "cow")
    ask_about(app, "hen")
    assert asked(app)
    assert said(app) == ""
    ask_about(app, "cat")
    assert "You said `cow`." in said(app)


def test_another_view_leaves_the_answer_open_and_does_not_judge_the_guess(app):
    choose(app, "cow")
    view(app, "from above")
    assert said(app) == "*Which?*\n\nThe answer is `dog`. So it was measured."
    view(app, "from below")
    assert "You said `cow`." in said(app)


@pytest.mark.parametrize(
    ("right", "guess", "sentence"),
    [
        (["dog", "cow"], "cow", "You said `cow`, and that is right. So is `dog`."),
        (["dog", "cow", "pig"], "cow", "You said `cow`, and that is right. So are `dog` and `pig`."),
        (["dog", "cow"], "pig", "You said `pig`. The right answers are `dog` and `cow`."),
        (["dog", "cow"], None, "The right answers are `dog` and `cow`."),
    ],
)
def test_of_several_right_answers_each_is_right(app, right, guess, sentence):
    app.session_state["right"] = right
    _ = choose(app, guess) if guess else show_me(app)
    assert said(app) == f"*Which?*\n\n{sentence} So it was measured."


def test_who_asks_to_be_shown_is_not_judged(app):
    show_me(app)
    assert not asked(app)
    assert said(app) == "*Which?*\n\nThe answer is `dog`. So it was measured."
    assert buttons(app) == ["Guess again"]
    assert not app.success


def test_who_asks_to_be_shown_sees_the_answers_until_they_guess_again(app):
    ask_about(show_me(app), "hen")
    assert "The answer is `dog`." in said(app)
    ask_about(again(app), "cat")
    assert asked(app)
    assert said(app) == ""


@pytest.mark.parametrize("answered", [show_me, lambda app: choose(app, "cow")], ids=["shown", "guessed"])
def test_a_question_is_asked_again_and_answered_anew(app, answered):
    again(answered(app))
    assert asked(app)
    assert app.button_group(key="which").value is None
    assert said(app) == ""
    choose(app, "dog")
    assert "You said `dog`, and that is right." in said(app)


def test_after_a_guess_about_something_else_what_is_asked_now_can_be_guessed(app):
    ask_about(choose(app, "cow"), "hen")
    choose(app, "dog")
    assert "You said `dog`, and that is right." in said(app)
    ask_about(app, "cat")
    assert asked(app)


def test_with_the_switch_every_answer_is_there_and_nothing_can_be_asked_again(app):
    switch(app, True)
    assert said(app) == "*Which?*\n\nThe answer is `dog`. So it was measured."
    assert buttons(app) == []
    assert "The answer is" in said(ask_about(app, "hen"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (lambda app: app, ""),
        (lambda app: choose(app, "cow"), "You said `cow`. The answer is `dog`."),
        (show_me, "The answer is `dog`."),
        (lambda app: again(choose(app, "cow")), ""),
    ],
    ids=["open", "guessed", "shown", "asked again"],
)
def test_the_switch_turned_off_leaves_all_as_it_was(app, before, after):
    before(app)
    assert "The answer is `dog`." in said(switch(app, True))
    switch(app, False)
    assert after in said(app)
    assert asked(app) == (not after)


def test_a_link_opens_the_answers():
    app = AppTest.from_function(page)
    app.query_params["show_answers"] = "true"
    assert "The answer is `dog`." in said(app.run())


def test_a_button_that_starts_skips_the_question_and_leaves_a_guess_as_it_is(app):
    app.button(key="measure").click().run()
    assert "The answer is `dog`." in said(app)
    choose(again(app), "cow")
    app.button(key="measure").click().run()
    assert "You said `cow`." in said(app)


def test_what_is_started_answers_its_own_subject_alone(app):
    app.button(key="measure").click().run()
    ask_about(app, "hen")
    assert asked(app)
    app.button(key="measure").click().run()
    assert "The answer is `dog`." in said(app)


def test_a_start_does_not_take_back_the_wish_to_be_shown(app):
    show_me(app)
    app.button(key="measure").click().run()
    assert "The answer is `dog`." in said(ask_about(app, "hen"))


def test_what_is_started_with_the_switch_on_is_open_after_it(app):
    switch(app, True)
    app.button(key="measure").click().run()
    assert "The answer is `dog`." in said(switch(app, False))


def test_where_there_is_no_answer_yet_the_guess_is_told_and_can_be_changed(app):
    app.session_state["none_yet"] = True
    choose(app, "cow")
    assert said(app) == "*Which?*\n\nYour guess: `cow`. It comes."
    choose(again(app), "pig")
    assert said(app) == "*Which?*\n\nYour guess: `pig`. It comes."
    assert said(show_me(again(app))) == "*Which?*\n\nIt comes."
