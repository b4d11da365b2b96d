"""The same text cut in four ways."""

import streamlit as st

from components.lessons.meaning import tokenizers
from components.session.tokenizers import choose_tokenizer
from components.ui.columns import beside

typed, choice = beside()
with typed:
    text = tokenizers.read_text()
with choice:
    name = choose_tokenizer("tokenizers_name", "Byte pairs (GPT-4o)")
if not text.strip():
    st.info("Type or paste some text above.")
else:
    encodings = tokenizers.cut_every_way(text)
    if name in encodings:
        tokenizers.show_tokens(encodings[name])
        tokenizers.show_round_trip(name, text, encodings[name])
    if encodings:
        tokenizers.show_counts(encodings, name, text)
