"""Questions to check oneself: numbers drawn anew, answers computed, and for each the lesson that shows it."""

from collections.abc import Sequence
from types import MappingProxyType

import streamlit as st

from components import classroom, navigation
from components.address import setting
from components.lessons.classroom.exercise_sets import EVERYTHING, OF_ALL, OF_CHAPTER, drawn, titles
from components.markup import escaped
from components.ui import given_answers
from components.ui.inputs import choice_input
from embeddings.common import count_of
from embeddings.exercises import MAX_SEED, Exercise

MAX_KEPT = 500  # answers
_SAID = "check_said"  # in the session: what was answered, by kind and seed
TEXTS = MappingProxyType(
    {
        "lead": "Some questions with numbers that were drawn for you. Answer those that you can, then press *Check my "
        "answers*. Each answer is computed from the numbers that you see. The address keeps them: copy it, and a "
        "friend gets the same questions.",
        "chapter": "Questions from",
        "seed": "Seed of the draw",
        "seed_help": "The same seed draws the same numbers again.",
        "new": "Draw new numbers",
        "check": "Check my answers",
        "again": "Answer these once more",
        "number": "A whole number",
        "option": "Your answer",
        "none": "Choose an answer first, or write a number.",
        "all": "That was the last one. Draw new numbers to try again with others.",
    }
)


def choose() -> tuple[str, int]:
    """Title of the chapter, or of all, and the seed."""
    st.title(classroom.CHECK.title, anchor=False)
    st.markdown(TEXTS["lead"])
    options = [*titles().values(), EVERYTHING]
    chapter = choice_input(TEXTS["chapter"], options, classroom.CHECK_CHAPTER)
    row = st.container(horizontal=True, vertical_alignment="bottom")
    button = row.container(width="content")
    seed = setting(
        row.number_input,
        TEXTS["seed"],
        0,
        MAX_SEED,
        1,
        key=classroom.CHECK_SEED,
        help=TEXTS["seed_help"],
        width=150,
    )
    button.button(TEXTS["new"], key="check_new", icon=":material/casino:", on_click=_draw_new)
    return chapter, 1 if seed is None else int(seed)


def _draw_new() -> None:
    """The next seed."""
    st.session_state[classroom.CHECK_SEED] = ((st.session_state[classroom.CHECK_SEED] or 0) + 1) % (MAX_SEED + 1)


def show_questions(chapter: str, seed: int) -> None:
    """The questions, those that were answered with the right answers; a score, and the button that checks the rest."""
    exercises = drawn(chapter, seed, OF_ALL if chapter == EVERYTHING else OF_CHAPTER)
    said = [_said(exercise, seed) for exercise in exercises]
    open_ones = [exercise for exercise, answer in zip(exercises, said, strict=True) if answer is None]
    place = st.form("check_form", border=False, enter_to_submit=False) if open_ones else st.container()
    with place:
        for number, (exercise, answer) in enumerate(zip(exercises, said, strict=True), 1):
            with st.container(border=True, key=f"check_question_{number}"):
                _show_one(number, exercise, answer, seed)
        if open_ones:
            st.form_submit_button(
                TEXTS["check"], type="primary", icon=":material/check:", on_click=_keep, args=(open_ones, seed)
            )
    if len(open_ones) < len(exercises):
        _show_score(exercises, said, seed)
    elif st.session_state.pop("check_nothing", False):
        st.info(TEXTS["none"])


def _show_one(number: int, exercise: Exercise, answer: str | None, seed: int) -> None:
    st.markdown(f"**{number}.** {exercise.question}")
    if answer is not None:
        _judge(exercise, answer)
    elif exercise.options:
        st.radio(
            TEXTS["option"],
            exercise.options,
            index=None,
            key=_widget(exercise, seed),
            format_func=escaped,
            label_visibility="collapsed",
            persist_state="session",
        )
    else:
        st.number_input(
            TEXTS["number"],
            0,
            10**9,
            None,
            key=_widget(exercise, seed),
            persist_state="session",
            placeholder=TEXTS["number"],
            label_visibility="collapsed",
            width=200,
        )


def _judge(exercise: Exercise, answer: str) -> None:
    """What was answered, what is right, why, and the page with these numbers."""
    if exercise.is_right(answer):
        st.success(f"You said “{escaped(answer)}”, and that is right. {exercise.why}")
    else:
        st.info(f"You said “{escaped(answer)}”. The answer is “{escaped(exercise.answer)}”. {exercise.why}")
    lesson = navigation.lesson_at(exercise.page)
    st.page_link(
        lesson.path,
        label=f"See it with these numbers: {lesson.title}",
        icon=":material/arrow_forward:",
        icon_position="right",
        query_params=dict(exercise.settings),
    )


def _show_score(exercises: Sequence[Exercise], said: Sequence[str | None], seed: int) -> None:
    """How many answers are right, and how many questions are open."""
    pairs = [(exercise, answer) for exercise, answer in zip(exercises, said, strict=True) if answer is not None]
    right = sum(exercise.is_right(answer) for exercise, answer in pairs)
    left = len(exercises) - len(pairs)
    told = f"**{right} of {len(pairs)}** {'answer is' if len(pairs) == 1 else 'answers are'} right."
    with st.container(horizontal=True, vertical_alignment="center", key="check_score"):
        st.markdown(
            f"{told} {count_of(left, 'question')} {'is' if left == 1 else 'are'} open."
            if left
            else f"{told} {TEXTS['all']}",
            width="content",
        )
        st.button(
            TEXTS["again"],
            key="check_again",
            type="tertiary",
            icon=":material/replay:",
            on_click=_forget,
            args=(exercises, seed),
        )


def _keep(exercises: Sequence[Exercise], seed: int) -> None:
    """Take what was chosen for answers, those to questions that were left open aside."""
    kept = st.session_state.setdefault(_SAID, {})
    before = len(kept)
    for exercise in exercises:
        if (chosen := st.session_state.get(_widget(exercise, seed))) is not None:
            kept[exercise.kind, seed] = str(chosen)
            given_answers.note(
                ("check", exercise.kind, seed), exercise.question, str(chosen), (exercise.answer,), page="check"
            )
    st.session_state["check_nothing"] = len(kept) == before
    for key in list(kept)[:-MAX_KEPT]:
        del kept[key]


def _forget(exercises: Sequence[Exercise], seed: int) -> None:
    for exercise in exercises:
        st.session_state.get(_SAID, {}).pop((exercise.kind, seed), None)
        st.session_state.pop(_widget(exercise, seed), None)


def _said(exercise: Exercise, seed: int) -> str | None:
    return st.session_state.get(_SAID, {}).get((exercise.kind, seed))


def _widget(exercise: Exercise, seed: int) -> str:
    return f"check_{exercise.kind}_{seed}"
