"""The four tokenizers, opened once for the server, and what to call them."""

from types import MappingProxyType

import streamlit as st

from components.session.table_cache import word_vectors
from components.session.visitor_memory import remembered
from components.ui.inputs import choice_input
from embeddings.tokenizers import TOKENIZERS, Encoding, Tokenizer, tokenizer

TITLES = MappingProxyType(
    dict(zip(("Words", "Characters", "Byte pairs (GPT-4o)", "Word pieces (BERT)"), TOKENIZERS, strict=True))
)
ABOUT = MappingProxyType(
    {
        "word": "Cut at spaces and signs. A word outside the vocabulary has no id at all.",
        "character": "Every character is a token. Nothing is unknown, and sentences get long.",
        "gpt-4o": "GPT-4o's way, learned by joining frequent pairs. Frequent words are one token, with the space "
        "before them. Rare ones are cut into pieces, down to the *bytes* in which text is stored.",
        "wordpiece": "The way of BERT, a language model of 2018. Frequent words are one token; rare ones are cut into "
        "pieces, with ## inside a word. Capital letters and accents are lost. A word with a sign that the vocabulary "
        "lacks becomes [UNK], for unknown.",
    }
)
_ENCODED = 200  # bytes of an Encoding for each character of its text


@st.cache_resource(max_entries=len(TOKENIZERS), show_spinner="Opening the tokenizer")
def open_tokenizer(name: str) -> Tokenizer:
    """The tokenizer called ``name``; the word tokenizer knows GloVe's words, so that an id is a row of that table."""
    return tokenizer(name, word_vectors().vocabulary if name == "word" else None)


# For the visitor alone, and let go when they leave or others need the memory: an Encoding holds what they typed, and
# one of 100,000 characters takes some 20 MB. One text by each of the tokenizers is all that a page asks for again.
@remembered(max_entries=len(TOKENIZERS), size=lambda name, text: _ENCODED * len(text))
def encode(name: str, text: str) -> Encoding:
    """``text`` cut by the tokenizer called ``name``."""
    return open_tokenizer(name).encode(text)


def choose_tokenizer(key: str, default: str) -> str:
    """The name of the tokenizer that the reader chooses; ``default`` is one of ``TITLES``."""
    return TITLES[choice_input("Cut into", list(TITLES), key, default=default)]
