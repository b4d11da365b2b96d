"""The unembedding: from a vector back to a token, at the end of a language model and after each of its layers."""

import streamlit as st

from components.lessons.language import back_to_token
from components.ui.errors import show_errors

picture, beside = back_to_token.places()
with beside, show_errors(st.info):
    asked = back_to_token.ask()
    with picture:
        back_to_token.show_lens(asked)
    back_to_token.show_mirror(asked)
