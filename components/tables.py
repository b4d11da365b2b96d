"""The embedding table that belongs to each tokenizer, where there is one."""

from collections.abc import Sequence
from types import MappingProxyType

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components.tokenizers import open_tokenizer
from components.vectors import word_vectors
from embeddings.transformer_rows import TransformerRows

WITH_TABLE = ("word", "wordpiece")  # GloVe's words, and the pieces of all-MiniLM-L6-v2
FULL_COLOUR = MappingProxyType({"word": 2.0, "wordpiece": 0.15})  # nearly all numbers of the table are smaller in size


@st.cache_resource(max_entries=1, show_spinner="Opening the table of a transformer")
def minilm() -> TransformerRows:
    """The transformer's table, read row by row."""
    return TransformerRows.of_minilm()


def shape_of(name: str) -> tuple[int, int]:
    """V and D of the table of the tokenizer called ``name``, one of ``WITH_TABLE``."""
    table = minilm() if name == "wordpiece" else word_vectors()
    return len(table), table.dimension


def rows_of(name: str, ids: Sequence[int]) -> NDArray[np.float32]:
    """The rows of ``ids``: float32 [N, D]."""
    return minilm().rows(ids) if name == "wordpiece" else np.ascontiguousarray(word_vectors().matrix[list(ids)])


def ids_of(name: str, words: Sequence[str]) -> list[int]:
    """The id of each of ``words``, all of which are single tokens."""
    return [open_tokenizer(name).encode(word).ids[0] for word in words]
