"""Questions to check oneself: numbers drawn anew, answers computed, and for each the lesson that shows it."""

from collections.abc import Mapping, Sequence
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
_NOTHING = "check_nothing"  # in the session: whether the button was pressed with nothing chosen
_SAID = "check_said"  # in the session: what was answered, by the keys of the widgets
Asked = Mapping[str, Exercise]  # by the key of its widget
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
        "right": "You said “{said}”, and that is right. {why}",
        "wrong": "You said “{said}”. The answer is “{answer}”. {why}",
        "link": "See it with these numbers: {title}",
        "score": "Right answers: **{right} of {said}**.",
        "left": "Still open: {left}.",
        "all": "All questions are answered. Draw new numbers to try again with others.",
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
    asked = _asked(chapter, seed)
    kept = st.session_state.get(_SAID, {})
    said = {key: kept[key] for key in asked if key in kept}
    left = {key: exercise for key, exercise in asked.items() if key not in said}
    with st.form("check_form", border=False, enter_to_submit=False) if left else st.container():
        for number, (key, exercise) in enumerate(asked.items(), 1):
            with st.container(border=True):
                st.markdown(f"**{number}.** {exercise.question}")
                if key in said:
                    _judge(exercise, said[key])
                else:
                    _ask(exercise, key)
        if left:
            st.form_submit_button(TEXTS["check"], type="primary", icon=":material/check:", on_click=_keep, args=(left,))
    if said:
        _show_score(asked, said)
    elif st.session_state.pop(_NOTHING, False):
        st.info(TEXTS["none"])


def _asked(chapter: str, seed: int) -> Asked:
    """The exercises; those over all chapters are not those of a chapter with the same seed."""
    if chapter == EVERYTHING:
        return {f"check_all_{seed}_{each.kind}": each for each in drawn(chapter, seed, OF_ALL)}
    return {f"check_{seed}_{each.kind}": each for each in drawn(chapter, seed, OF_CHAPTER)}


def _ask(exercise: Exercise, key: str) -> None:
    """The options, or a field for a number; nothing is sent before the button is pressed."""
    if exercise.options:
        st.radio(
            TEXTS["option"],
            exercise.options,
            index=None,
            key=key,
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
            key=key,
            persist_state="session",
            placeholder=TEXTS["number"],
            label_visibility="collapsed",
            width=200,
        )


def _judge(exercise: Exercise, answer: str) -> None:
    """What was answered, what is right, why, and the page with these numbers."""
    right = exercise.is_right(answer)
    told = TEXTS["right" if right else "wrong"]
    (st.success if right else st.info)(
        told.format(said=escaped(answer), answer=escaped(exercise.answer), why=exercise.why)
    )
    lesson = navigation.lesson_at(exercise.page)
    st.page_link(
        navigation.menu_entry(lesson.path),
        label=TEXTS["link"].format(title=lesson.title),
        icon=":material/arrow_forward:",
        icon_position="right",
        query_params=dict(exercise.settings),
    )


def _show_score(asked: Asked, said: Mapping[str, str]) -> None:
    """How many answers are right, and how many questions are open."""
    right = sum(asked[key].is_right(answer) for key, answer in said.items())
    left = len(asked) - len(said)
    told = TEXTS["score"].format(right=right, said=len(said))
    rest = TEXTS["left"].format(left=count_of(left, "question")) if left else TEXTS["all"]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{told} {rest}", width="content")
        st.button(
            TEXTS["again"],
            key="check_again",
            type="tertiary",
            icon=":material/replay:",
            on_click=_forget,
            args=(tuple(asked),),
        )


def _keep(asked: Asked) -> None:
    """Take what was chosen for answers; questions that were left open stay open."""
    chosen = {key: str(value) for key in asked if (value := st.session_state.get(key)) is not None}
    for key, answer in chosen.items():
        exercise = asked[key]
        given_answers.note(key, exercise.question, answer, (exercise.answer,), page=classroom.CHECK.address)
    kept = st.session_state.setdefault(_SAID, {})
    kept |= chosen
    for key in list(kept)[:-MAX_KEPT]:
        del kept[key]
    st.session_state[_NOTHING] = not chosen


def _forget(keys: Sequence[str]) -> None:
    for key in keys:
        st.session_state.get(_SAID, {}).pop(key, None)
        st.session_state.pop(key, None)
