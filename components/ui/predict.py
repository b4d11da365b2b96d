"""Predict, then reveal: the reader guesses, or asks to be shown, before the answer is drawn; and may guess again."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.address import setting
from components.markup import as_code, escaped, shortened
from components.rooms.values import Round
from components.ui import class_question, given_answers

SWITCH = "show_answers"  # in the address
HIDDEN = "Your last result is kept. It comes back with the answer."  # while the question stands


@dataclass(frozen=True)
class Guess:
    """What the reader said to a question, or that the answer is to be shown without a guess.

    Attributes:
        said: One of the options; ``None`` where the question was skipped.
        about: What was asked then.
        here: Whether that is what is asked now.
        question: What is asked now.
        key: Of the guess.
        round: The visitor's room was asked it in this round, which is revealed; ``None`` outside of rooms.
    """

    said: str | None
    about: Hashable
    here: bool
    question: str
    key: str
    round: Round | None = None


@dataclass(frozen=True)
class _Kept:
    """What the session keeps of a question that was answered or skipped.

    Attributes:
        said: The guess; ``None`` where it was skipped.
        about: What the right answer depended on then.
        subject: What was asked about then.
        for_all: Whether the reader asked to be shown the answer, whatever the subject.
    """

    said: str | None
    about: Hashable
    subject: Hashable
    for_all: bool = False


def show_switch() -> None:
    """The switch that opens all answers, in the sidebar; for app.py, after the address is watched."""
    setting(
        st.sidebar.toggle,
        "Show all answers",
        key=SWITCH,
        help="Every “Predict first” then shows its answer at once, on all pages, and asks nothing. Where something is "
        "trained or measured, the answer comes with its result. The address says so too: a link that you copy opens "
        "with all answers. Switch it off, and the questions are back. What a class is asked in a room waits for its "
        "teacher all the same.",
    )


def answers_shown() -> bool:
    """Whether the switch opens all answers."""
    return bool(st.session_state.get(SWITCH))


def guess(
    question: str,
    options: Sequence[str],
    key: str,
    about: Hashable = None,
    then: str = "Choose one, and the answer appears.",
    before: str = "",
    subject: Hashable = None,
) -> Guess | None:
    """Ask ``question``; what the reader says to it, kept for the session, or ``None`` while the question stands.

    A guess belongs to its subject, as the words that it is about: another subject is asked anew. A setting that only
    changes how the subject is looked at leaves the answer open, and the guess is judged only by the answer to what was
    asked then. Who presses "Show me" sees the answer, whatever the subject, until the question is asked again.

    In a room the teacher's page asks the class. Its students guess once in each round, and all see the answer when the
    teacher reveals it, also with the switch that opens all answers; what a student's page asks about another subject
    is theirs alone.

    Args:
        question: The app's own Markdown.
        options: The answers to choose from, the right ones among them.
        key: Of the guess; there is one for each.
        about: All that the right answer depends on; by default the ``question`` itself.
        then: When the answer is to be seen.
        before: What must be known to understand the question.
        subject: What of it, when it changes, makes another question; by default all that the answer depends on.
    """
    about = question if about is None else about
    subject = about if subject is None else subject
    in_class = class_question.asked(question, options, key, subject)
    if in_class is not None:
        st.session_state[_class_place(key)] = not in_class.revealed
        if not in_class.revealed:
            with _panel(key):
                class_question.show(in_class, before, about)
            return None
        said, here = class_question.said(in_class, about)
        return Guess(said, about, here, question, key, in_class)
    st.session_state.pop(_class_place(key), None)
    if answers_shown():
        return Guess(None, about, True, question, key)
    kept: _Kept | None = st.session_state.get(_place(key))
    if kept is not None and (kept.for_all or kept.subject == subject):
        return Guess(kept.said, kept.about, kept.about == about, question, key)

    with _panel(key):
        _ask(f"**Predict first.** {before} {question}", options, key, _Kept(None, about, subject), then)
    return None


def _panel(key: str) -> DeltaGenerator:
    """Where a question stands, then its answer: one panel for who presents; see presenting.js."""
    return st.container(key=f"question_{key}")


def _ask(asked: str, options: Sequence[str], key: str, open_question: _Kept, then: str) -> None:
    """The question with its options; what is chosen is kept as ``open_question`` with the answer."""

    def keep() -> None:
        if st.session_state[key] is not None:  # a second click on an answer takes it back
            st.session_state[_place(key)] = replace(open_question, said=st.session_state[key])

    st.markdown(asked)
    chosen = st.pills(
        "Your guess", options, key=key, format_func=escaped, label_visibility="collapsed", on_change=keep, wrap=True
    )
    if chosen is not None and not ever_answered(key):  # a browser that lost its session brought the guess along
        keep()
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(then, width="content")
        st.button(
            "Show me",
            key=f"{key}_show",
            type="tertiary",
            icon=":material/visibility:",
            help="No guess, no judgement. “Show all answers” in the sidebar does so for every question.",
            on_click=_show,
            args=(key,),
        )


def skip(key: str, subject: Hashable) -> None:
    """Take the question under ``key`` for skipped, unless a guess stands; for callbacks of a button that starts.

    What is started answers the question about this ``subject`` alone: ``guess``'s, or all that it is about.
    """
    kept: _Kept | None = st.session_state.get(_place(key))
    if kept is None or (not kept.for_all and kept.subject != subject):
        st.session_state[_place(key)] = _Kept(None, subject, subject)


def _show(key: str) -> None:
    st.session_state[_place(key)] = _Kept(None, None, None, for_all=True)


def reopen(key: str, subject: Hashable) -> bool:
    """Skip the question under ``key``, as a button that starts does; whether it was put again, its answer being hidden.

    For callbacks: what would only give the hidden answer once more need not be started.
    """
    hidden = _was_put_again(key)
    skip(key, subject)
    return hidden


def put_again(key: str) -> bool:
    """Whether the question under ``key`` was answered and stands again, so that its answer must be out of sight.

    So must it be while a room is asked.
    """
    return bool(st.session_state.get(_class_place(key))) or _was_put_again(key)


def _was_put_again(key: str) -> bool:
    return not answers_shown() and ever_answered(key) and st.session_state[_place(key)] is None


def ever_answered(key: str) -> bool:
    """Whether the question under ``key`` was answered or skipped, even if it is asked again now."""
    return _place(key) in st.session_state


def verdict(guessed: Guess | None, answer: str | Collection[str], reason: str) -> None:
    """The answer and why it is so, and whether the guess was right; nothing while the question stands.

    A question that was skipped is not judged, nor a guess from when another answer was right. The question stands
    before it all, as it went when it was answered.

    Args:
        guessed: What ``guess`` gave.
        answer: The right one, or several that are equally right.
        reason: The app's own Markdown.
    """
    if guessed is None:
        return
    answers = [answer] if isinstance(answer, str) else list(answer)
    _note(guessed, answers)
    box = st.success if guessed.here and guessed.said in answers else st.info
    with _panel(guessed.key):
        box(f"*{guessed.question}*\n\n{_judgement(guessed, answers)} {reason}")
        if guessed.round is not None:
            class_question.show_guesses(guessed.round, answers)
        _offer_again(guessed)


def _judgement(guessed: Guess, answers: Sequence[str]) -> str:
    right = " and ".join(map(_quoted, answers))
    told = f"The right answers are {right}." if len(answers) > 1 else f"The answer is {right}."
    if guessed.said is None or not guessed.here:
        return told
    if guessed.said not in answers:
        return f"You said {_quoted(guessed.said)}. {told}"
    others = [_quoted(other) for other in answers if other != guessed.said]
    also = f" So {'are' if len(others) > 1 else 'is'} {' and '.join(others)}." if others else ""
    return f"You said {_quoted(guessed.said)}, and that is right.{also}"


def _as_measured(answers: Sequence[str]) -> str:
    """What the teacher's page has measured, before what is to be said of the visitor's own; "" where it has nothing."""
    if not answers:
        return ""
    whose = "another of your pages" if class_question.teaches() else "your teacher’s page"
    found = "answers are" if len(answers) > 1 else "answer is"
    return f"On {whose} the {found} {' and '.join(map(_quoted, answers))}.\n\nOn this page: "


def _quoted(option: str) -> str:
    """An option inside a sentence: a word as code, several words as what somebody says."""
    return f"“{escaped(shortened(option, 80))}”" if " " in option.strip() else as_code(option)


def unanswered(guessed: Guess | None, why: str) -> None:
    """The question and the guess where there is no answer, or none yet; nothing while the question stands.

    Where the teacher's page has measured it already, a room is told what was found there.

    Args:
        guessed: What ``guess`` gave.
        why: When the answer comes, or why there is none; the app's own Markdown.
    """
    if guessed is None:
        return
    answers = guessed.round.answers if guessed.round is not None else ()
    _note(guessed, answers)
    said = "" if guessed.said is None or not guessed.here else f"Your guess: {_quoted(guessed.said)}. "
    with _panel(guessed.key):
        st.info(f"*{guessed.question}*\n\n{said}{_as_measured(answers)}{why}")
        if guessed.round is not None:
            class_question.show_guesses(guessed.round)
        _offer_again(guessed)


def _note(guessed: Guess, answers: Sequence[str]) -> None:
    """Have the visit's list of answers hold this guess, unless it was about something else."""
    if guessed.said is not None and guessed.here:
        given_answers.note((guessed.key, guessed.about), guessed.question, guessed.said, answers)


def _offer_again(guessed: Guess) -> None:
    """A button that puts the question again, where it can be put."""
    if guessed.round is not None:
        class_question.offer_again(guessed.round)
        return
    if answers_shown():
        return
    again = st.button(
        "Guess again",
        key=f"{guessed.key}_again",
        type="tertiary",
        icon=":material/replay:",
        on_click=_forget,
        args=(guessed.key,),
    )
    if again:  # drawn still: by a panel that runs alone, while the question is asked outside of it
        st.rerun()


def _forget(key: str) -> None:
    st.session_state[_place(key)] = None
    st.session_state.pop(key, None)


def _place(key: str) -> str:
    """Where the session keeps what was said."""
    return f"{key}_kept"


def _class_place(key: str) -> str:
    """Where the session keeps whether the visitor's room is asked just now."""
    return f"{key}_in_class"


def first(ranking: Sequence[tuple[str, float]]) -> list[str]:
    """The names at the head of a ``ranking`` that is best first: one, or several with the same number.

    >>> first([("cat", 0.9), ("dog", 0.9), ("cow", 0.1)])
    ['cat', 'dog']
    """
    return [name for name, number in ranking if abs(number - ranking[0][1]) < 1e-6]
