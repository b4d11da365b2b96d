"""Errors of the engine as sentences."""

import pytest
from streamlit.testing.v1 import AppTest

from components.ui.errors import show_errors


def page() -> None:
    import streamlit as st

    from components.ui.errors import show_errors
    from embeddings.common.errors import InvalidInput

    with show_errors():
        st.write("before")
        raise InvalidInput("'**cat**' is unknown.")
    with show_errors(st.info):
        raise InvalidInput("Two words are needed.")


def test_an_error_of_the_engine_is_shown_as_plain_text_and_the_page_goes_on():
    app = AppTest.from_function(page).run()
    assert [error.value for error in app.error] == [r"\'\*\*cat\*\*\' is unknown\."]
    assert [info.value for info in app.info] == [r"Two words are needed\."]
    assert app.markdown[0].value == "before"


def test_any_other_error_passes_through():
    with pytest.raises(ZeroDivisionError), show_errors():
        1 / 0  # noqa: B018
