"""The embedding table that belongs to each tokenizer, where there is one."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components.session.table_cache import word_vectors
from components.session.tokenizers import open_tokenizer
from embeddings.sources import MiniLMTable

WITH_TABLE = ("word", "wordpiece")  # GloVe's words, and the pieces of all-MiniLM-L6-v2
FULL_COLOUR = MappingProxyType({"word": 2.0, "wordpiece": 0.15})  # nearly all numbers of the table are smaller in size


@st.cache_resource(max_entries=1, show_spinner="Opening the table of a transformer")
def minilm() -> MiniLMTable:
    """The transformer's table, read row by row."""
    return MiniLMTable.of_minilm()


def shape_of(name: str) -> tuple[int, int]:
    """V and D of the table of the tokenizer called ``name``, one of ``WITH_TABLE``."""
    table = minilm() if name == "wordpiece" else word_vectors()
    return len(table), table.dimension


def rows_of(name: str, ids: Sequence[int]) -> NDArray[np.float32]:
    """The rows of ``ids``: float32 [N, D]."""
    return minilm().rows(ids) if name == "wordpiece" else np.ascontiguousarray(word_vectors().matrix[list(ids)])


def ids_of(name: str, words: Sequence[str]) -> list[int]:
    """The id of each of ``words``, all of which are single tokens."""
    return cast(list[int], [open_tokenizer(name).encode(word).ids[0] for word in words])
