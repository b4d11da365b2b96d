"""The unembedding: from a vector back to a token, at the end of a language model and after each of its layers."""

import streamlit as st

from components.lessons.language.back_to_token import large_model, reading, small_model
from components.ui.errors import show_errors

picture, beside = reading.places()
with beside, show_errors(st.info):
    if reading.choose_model() == reading.SMALL:
        small = small_model.ask()
        with picture:
            small_model.show_lens(small)
        small_model.show_costs(small)
    else:
        large = large_model.ask()
        with picture:
            large_model.show_lens(large)
        large_model.show_costs(large)
