"""The engine's errors, shown as the sentences that they are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from components.markup import escaped
from embeddings.common import LabError


@contextmanager
def show_errors(show: Callable[[str], Any] | None = None) -> Iterator[None]:
    """Show an error of the engine in place of what follows it in the block; any other error passes through.

    Args:
        show: How; by default as an error, and ``st.info`` where it is only guidance.
    """
    try:
        yield
    except LabError as error:
        (show or st.error)(escaped(str(error)))
