"""The vocabularies that can be looked through, each indexed once for the server, and what to call them."""

from types import MappingProxyType
from typing import cast

import streamlit as st

from components.session.language_model import language_tokenizer
from components.session.tokenizers import open_tokenizer
from embeddings.sources import is_smollm_installed
from embeddings.tokenizers import HasPieces, TokenIndex, TokenOrder, Vocabulary, measure_order, tokenizer
from embeddings.training import EXAMPLE

SMALL, SMOLLM = "A small one", "SmolLM2"
_NAMES = MappingProxyType({"GPT-4o": "gpt-4o", "BERT": "wordpiece", "GloVe": "word"})  # of tokenizers
TITLES = (*_NAMES, SMOLLM, SMALL)


def vocabulary_titles() -> list[str]:
    """The vocabularies that are here: all of ``TITLES``, without SmolLM2's where it is not installed."""
    return [title for title in TITLES if title != SMOLLM or is_smollm_installed()]


@st.cache_resource(max_entries=len(TITLES), show_spinner="Opening the vocabulary")
def token_index(title: str) -> TokenIndex:
    """The vocabulary called ``title``, one of ``TITLES``.

    Raises:
        SourceUnavailable: The package it comes from is not installed.
    """
    if title == SMOLLM:
        return TokenIndex.of(language_tokenizer().pieces())
    opened = tokenizer("word", Vocabulary.from_text(EXAMPLE)) if title == SMALL else open_tokenizer(_NAMES[title])
    return TokenIndex.of(cast(HasPieces, opened).pieces())


def reference_of(title: str) -> str:
    """The vocabulary with whose order that of ``title`` is compared: GloVe, and BERT's for GloVe itself."""
    return "BERT" if title == "GloVe" else "GloVe"


@st.cache_resource(max_entries=len(TITLES), show_spinner="Measuring the order")
def order_of(title: str) -> TokenOrder:
    """What was measured of the order of the vocabulary called ``title``.

    Raises:
        SourceUnavailable: A package is missing.
    """
    return measure_order(token_index(title), token_index(reference_of(title)))
