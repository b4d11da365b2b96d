"""An example that was chosen goes where the reader types."""

from streamlit.testing.v1 import AppTest


def page_with_examples() -> None:
    import streamlit as st

    from components.ui.examples import fill_from_example

    def typed_by(example: str) -> dict[str, str]:
        return {"first": example, "second": example.upper()}

    st.pills("Examples", ["cat", "dog"], key="example", on_change=fill_from_example, args=("example", typed_by))
    st.text_input("First", key="first")
    st.text_input("Second", key="second")


def typed(app: AppTest) -> list[str]:
    return [field.value for field in app.text_input]


def test_the_same_example_can_be_taken_again_after_its_words_were_changed():
    app = AppTest.from_function(page_with_examples).run()
    for _ in range(2):
        app.button_group(key="example").set_value("cat").run()
        assert typed(app) == ["cat", "CAT"]
        assert app.button_group(key="example").value is None
        app.text_input(key="first").set_value("mouse").run()
        assert typed(app) == ["mouse", "CAT"]


def test_an_example_that_is_let_go_of_leaves_what_was_typed():
    app = AppTest.from_function(page_with_examples).run()
    app.text_input(key="first").set_value("mouse").run()
    app.button_group(key="example").set_value(None).run()
    assert typed(app) == ["mouse", ""]
