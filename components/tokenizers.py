"""The four tokenizers, opened once for the server, and what to call them."""

from types import MappingProxyType

import streamlit as st

from components.inputs import one_of
from components.vectors import word_vectors
from embeddings.tokens import TOKENIZERS, Encoding, Tokenizer, tokenizer

_SHORT = 2_000  # characters of a text that may be kept beside many others
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
        "pieces, with ## inside a word. Case and accents are lost, and a word with a "
        "sign that it lacks becomes [UNK], unknown.",
    }
)


@st.cache_resource(max_entries=len(TOKENIZERS), show_spinner="Opening the tokenizer")
def open_tokenizer(name: str) -> Tokenizer:
    """The tokenizer called ``name``; the word tokenizer knows GloVe's words, so that an id is a row of that table."""
    return tokenizer(name, word_vectors().vocabulary if name == "word" else None)


def encode(name: str, text: str) -> Encoding:
    """``text`` cut by the tokenizer called ``name``."""
    return (_encode if len(text) <= _SHORT else _encode_long)(name, text)


# An Encoding cannot be changed, and so all visitors share it; one of 100,000 characters takes some 20 MB.
@st.cache_resource(max_entries=256, show_spinner=False)
def _encode(name: str, text: str) -> Encoding:
    return open_tokenizer(name).encode(text)


@st.cache_resource(max_entries=2 * len(TOKENIZERS), show_spinner=False)
def _encode_long(name: str, text: str) -> Encoding:
    return open_tokenizer(name).encode(text)


def choose_tokenizer(key: str, default: str) -> str:
    """The name of the tokenizer that the reader chooses; ``default`` is one of ``TITLES``."""
    return TITLES[one_of("Cut into", list(TITLES), key, default=default)]
