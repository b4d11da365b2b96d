"""Vectors with meaning: a table filled in by hand, its rows that are alike, and the same words in a learned table."""

from components.lessons.meaning.vectors_with_meaning.feature_table import edit_table, usable_table
from components.lessons.meaning.vectors_with_meaning.learned_rows import show_learned
from components.lessons.meaning.vectors_with_meaning.similar_rows import show_similar_rows

__all__ = ["edit_table", "show_learned", "show_similar_rows", "usable_table"]
