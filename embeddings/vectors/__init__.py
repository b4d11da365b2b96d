"""Vectors: one-hot rows, embedding tables and lists of words."""

from embeddings.vectors.one_hot_rows import one_hot, one_hot_bytes, table_bytes
from embeddings.vectors.random_numbers import LARGEST, chance_of_nearest, nearest, numbers_for, share_nearest
from embeddings.vectors.word_lists import ALL_GROUPS, GROUPS
from embeddings.vectors.word_vectors import WordVectors

__all__ = [
    "ALL_GROUPS",
    "GROUPS",
    "LARGEST",
    "WordVectors",
    "chance_of_nearest",
    "nearest",
    "numbers_for",
    "one_hot",
    "one_hot_bytes",
    "share_nearest",
    "table_bytes",
]
