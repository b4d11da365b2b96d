"""Sets of exercises: which chapters there are, and the draws, kept for a while."""

from pathlib import PurePosixPath

import streamlit as st

from components.navigation import LESSONS
from components.session.table_cache import word_vectors
from embeddings.exercises import CHAPTERS, Exercise, draw, draw_final
from embeddings.vectors import WordVectors

EVERYTHING = "All chapters"
OF_CHAPTER, OF_ALL = 5, 10  # questions
_ASKS_WORDS = "play"  # the chapter whose exercises need the table


def titles() -> dict[str, str]:
    """The title of each chapter, by the folder of its lessons, in their order."""
    named = {PurePosixPath(lesson.path).parts[1]: lesson.chapter for lesson in LESSONS}
    return {chapter: named[chapter] for chapter in CHAPTERS}


def drawn(title: str, seed: int, count: int) -> tuple[Exercise, ...]:
    """So many exercises from the chapter of this ``title``, or from ``EVERYTHING``; the same for the same seed."""
    folder = next((chapter for chapter, named in titles().items() if named == title), EVERYTHING)
    return _drawn(folder, seed, count)


@st.cache_data(max_entries=128, show_spinner="Drawing the numbers")
def _drawn(chapter: str, seed: int, count: int) -> tuple[Exercise, ...]:
    if chapter == EVERYTHING:
        return draw_final(seed, count, word_vectors())
    table: WordVectors | None = word_vectors() if chapter == _ASKS_WORDS else None
    return draw(chapter, seed, count, table)
