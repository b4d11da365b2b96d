"""Sources of embedding tables: those that come with packages, and those that are fetched."""

from embeddings.sources.bundled import MINILM
from embeddings.sources.disk import is_there, quota
from embeddings.sources.http import downloads_allowed
from embeddings.sources.huggingface import list_cached
from embeddings.sources.minilm_table import MiniLMTable, minilm_file, minilm_positions
from embeddings.sources.registry import DEFAULT, HUB, Source, catalogue, fetch, find, load, opened
from embeddings.sources.smollm_file import (
    SMOLLM,
    SMOLLM_SHAPE,
    SMOLLM_TABLE,
    is_smollm_installed,
    open_smollm,
    smollm_tokenizer,
)
from embeddings.sources.text8 import TEXT8_BYTES, fetch_text8, file_of_text8

__all__ = [
    "DEFAULT",
    "HUB",
    "MINILM",
    "SMOLLM",
    "SMOLLM_SHAPE",
    "SMOLLM_TABLE",
    "TEXT8_BYTES",
    "MiniLMTable",
    "Source",
    "catalogue",
    "downloads_allowed",
    "fetch",
    "fetch_text8",
    "file_of_text8",
    "find",
    "is_smollm_installed",
    "is_there",
    "list_cached",
    "load",
    "minilm_file",
    "minilm_positions",
    "open_smollm",
    "opened",
    "quota",
    "smollm_tokenizer",
]
