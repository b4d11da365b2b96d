"""Predict, then reveal: the reader commits to a guess before the answer is drawn."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

import streamlit as st

from components.plain_text import code, escaped


@dataclass(frozen=True)
class Guess:
    """What the reader said.

    Attributes:
        said: One of the options.
        about: What was asked then.
        here: Whether that is what is asked now.
        question: What is asked now.
    """

    said: str
    about: Hashable
    here: bool
    question: str = ""


def guess(
    question: str,
    options: Sequence[str],
    key: str,
    about: Hashable = None,
    then: str = "Choose one, and the answer appears.",
    before: str = "",
) -> Guess | None:
    """Ask ``question``; the reader's guess, kept for the session, or ``None`` while there is none.

    The first guess stands: a prediction that can be changed after the answer is none. It is judged only by the answer
    to what was asked then.

    Args:
        question: The app's own Markdown.
        options: The answers to choose from, the right ones among them.
        key: Of the guess; there is one for each.
        about: All that the right answer depends on; by default the ``question`` itself.
        then: When the answer is to be seen.
        before: What must be known to understand the question.
    """
    about, kept = question if about is None else about, f"{key}_kept"
    if kept in st.session_state:
        said, asked = st.session_state[kept]
        return Guess(said, asked, asked == about, question)

    def keep() -> None:
        st.session_state[kept] = (st.session_state[key], about)

    st.markdown(f"**Predict first.** {before} {question}")
    st.pills("Your guess", options, key=key, format_func=escaped, label_visibility="collapsed", on_change=keep)
    st.caption(then)
    return None


def verdict(guessed: Guess, answer: str | Collection[str], reason: str) -> None:
    """Whether the guess was right, and why the answer is what it is; of another question than was asked, only that.

    The question stands before it, as it went when it was answered.

    Args:
        guessed: What ``guess`` gave.
        answer: The right one, or several that are equally right.
        reason: The app's own Markdown.
    """
    answers = [answer] if isinstance(answer, str) else list(answer)
    right = " and ".join(map(code, answers))
    asked = f"*{guessed.question}*\n\n" if guessed.question else ""
    if not guessed.here:
        st.info(f"{asked}The answer is {right}. {reason}")
    elif guessed.said not in answers:
        st.info(f"{asked}You said {code(guessed.said)}; it is {right}. {reason}")
    elif len(answers) == 1:
        st.success(f"{asked}You said {right}, and so it is. {reason}")
    else:
        st.success(f"{asked}You said {code(guessed.said)}, and so it is; equally right: {right}. {reason}")


def first(ranking: Sequence[tuple[str, float]]) -> list[str]:
    """The names at the head of a ``ranking`` that is best first: one, or several with the same number.

    >>> first([("cat", 0.9), ("dog", 0.9), ("cow", 0.1)])
    ['cat', 'dog']
    """
    return [name for name, number in ranking if abs(number - ranking[0][1]) < 1e-6]
