"""Examples to choose from, whose words go where the reader types."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

Example = TypeVar("Example")


def fill_from_example(key: str, typed_by: Callable[[Example], Mapping[str, str]]) -> None:
    """Put the example chosen under ``key`` where the reader types; for callbacks.

    The choice is let go of, so that the same example can be chosen again after the reader has changed its words.

    Args:
        key: Of the control from which an example is chosen.
        typed_by: What stands in which field for an example: texts by the fields' keys.
    """
    example: Example | None = st.session_state[key]
    if example is not None:
        st.session_state.update(typed_by(example))
        st.session_state[key] = None
