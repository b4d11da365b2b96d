"""The lessons in their order: the one list that navigation, cards and "next" links are made from."""

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Lesson:
    """One page.

    Attributes:
        chapter: What it is a part of.
        path: Its file.
        title: Its name in the menu.
        question: What it answers, on its card.
    """

    chapter: str
    path: str
    title: str
    question: str


MEANING, PLAY, LEARN, LAYER = (
    "From text to meaning",
    "Play with embeddings",
    "Watch embeddings being learned",
    "The embedding layer",
)


LESSONS = (
    Lesson(
        MEANING, "pages/home.py", "From words to numbers", "What happens to a sentence before a computer can read it?"
    ),
    Lesson(MEANING, "pages/tokenizers.py", "Cutting text into tokens", "Words, characters, or something in between?"),
    Lesson(MEANING, "pages/words_as_numbers.py", "Words as numbers", "Is a number for each word enough?"),
    Lesson(MEANING, "pages/one_hot.py", "One-hot vectors", "Why not give each word a vector with a single 1?"),
    Lesson(
        MEANING,
        "pages/vectors_with_meaning.py",
        "Vectors with meaning",
        "What if the numbers said something about the word?",
    ),
    Lesson(MEANING, "pages/small_network.py", "A network fills in the table", "Who fills in 400,000 rows?"),
    Lesson(PLAY, "pages/similar_words.py", "Similar words", "Which words are near, and by which measure?"),
    Lesson(PLAY, "pages/analogies.py", "Analogies", "Is king − man + woman really queen?"),
    Lesson(PLAY, "pages/axes.py", "Axes of meaning", "Can a direction mean royalty, danger, or a prejudice?"),
    Lesson(PLAY, "pages/odd_one_out.py", "Odd one out", "Which word does not belong?"),
    Lesson(PLAY, "pages/frequency.py", "Frequency and length", "What do rare words lose?"),
    Lesson(PLAY, "pages/report_card.py", "Report card", "How good is a table?"),
    Lesson(PLAY, "pages/sources.py", "Sources of vectors", "Where do vectors come from, and may I bring my own?"),
    Lesson(
        PLAY, "pages/words_in_space.py", "Words in space", "What if words with similar meanings had similar vectors?"
    ),
    Lesson(PLAY, "pages/whole_table.py", "The whole table", "Where do all 400,000 words lie?"),
    Lesson(PLAY, "pages/traps.py", "Six traps", "What does a map seem to say, and does not?"),
    Lesson(LEARN, "pages/word2vec.py", "word2vec", "How do random vectors become meaning?"),
    Lesson(
        LEARN, "pages/language_model.py", "A language model's table", "Where do the vectors of a ChatGPT come from?"
    ),
    Lesson(LEARN, "pages/learned.py", "What was learned", "Is it any good, and what does a large one cost?"),
    Lesson(
        LAYER,
        "pages/embedding_layer.py",
        "The embedding layer",
        "What does an embedding layer do with the ids it is given?",
    ),
    Lesson(LAYER, "pages/lookup_or_matmul.py", "Lookup or matmul", "Why is an embedding layer so fast, and always?"),
    Lesson(
        LAYER, "pages/after_the_lookup.py", "After the lookup", "One row for bank: how does a model tell the two apart?"
    ),
)

_PER_ROW = 3  # cards


def title(heading: str, lead: str) -> None:
    """A page's heading and the sentence that says what is done on it."""
    st.title(heading, anchor=False)
    st.markdown(lead)


def chapters() -> dict[str, list[Lesson]]:
    """The lessons of each chapter, both in their order."""
    found: dict[str, list[Lesson]] = {}
    for lesson in LESSONS:
        found.setdefault(lesson.chapter, []).append(lesson)
    return found


def cards() -> None:
    """A card for each lesson after the first, under the names of the chapters."""
    for chapter, members in chapters().items():
        st.markdown(f"**{chapter}**")
        others = [lesson for lesson in members if lesson is not LESSONS[0]]
        for first in range(0, len(others), _PER_ROW):
            for column, lesson in zip(st.columns(_PER_ROW), others[first : first + _PER_ROW], strict=False):
                with column.container(border=True, height="stretch"):
                    label = f"**{lesson.title}**"
                    st.page_link(lesson.path, label=label, icon=":material/arrow_forward:", icon_position="right")
                    st.markdown(lesson.question)


def next_link(path: str) -> None:
    """The link at the foot of the page in ``path`` to the lesson after it; back to the start after the last."""
    index = [lesson.path for lesson in LESSONS].index(path)
    lesson = LESSONS[(index + 1) % len(LESSONS)]
    label = f"Next: {lesson.title}" if index + 1 < len(LESSONS) else f"Back to the start: {lesson.title}"
    st.divider()
    st.page_link(lesson.path, label=label, icon=":material/arrow_forward:", icon_position="right")
