"""The answers that a visitor gave, for one list of them all; kept for the visit."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import streamlit as st

from components import address

MAX_KEPT = 500
_PLACE = "given_answers"  # in the session


@dataclass(frozen=True)
class GivenAnswer:
    """One answer.

    Attributes:
        page: Address of the page that asked.
        question: The app's own Markdown.
        said: What the visitor answered, as text.
        right: The right answers; none while there is none yet.
    """

    page: str
    question: str
    said: str
    right: tuple[str, ...]

    @property
    def is_right(self) -> bool | None:
        """Whether it was right; ``None`` while nobody knows."""
        return self.said in self.right if self.right else None


def note(about: Hashable, question: str, said: str, right: Sequence[str], page: str = "") -> None:
    """Keep what was ``said`` to the question ``about`` something; another answer to the same takes its place.

    Args:
        about: What tells the question from others.
        question: The app's own Markdown.
        said: As text.
        right: The right answers, none while there is none.
        page: Address of the page that asked, by default the one that runs.
    """
    kept = st.session_state.setdefault(_PLACE, {})
    kept[about] = GivenAnswer(page or address.current_page(), question, said, tuple(right))
    if len(kept) > MAX_KEPT:
        del kept[next(iter(kept))]


def all_given() -> list[GivenAnswer]:
    """The answers of this visit, those to earlier questions first; at most the last ``MAX_KEPT``."""
    return list(st.session_state.get(_PLACE, {}).values())
