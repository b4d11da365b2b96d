"""A worksheet to print: the questions on the first sheet, the answers on the next."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import streamlit as st

from components import classroom
from components.address import setting
from components.lessons.classroom.exercise_sets import OF_CHAPTER, drawn, titles
from components.markup import escaped
from components.ui.printable import document, lettered, options, ordered, with_code
from embeddings.exercises import MAX_SEED, Exercise

FEWEST, MOST = 1, 8  # questions of a chapter
Questions = Mapping[str, tuple[Exercise, ...]]  # of each chapter, by its title
_ABOUT = ("Name", "Class", "Date")  # what a pupil fills in first
_BLANK = '<span class="blank"></span>'
TEXTS = MappingProxyType(
    {
        "lead": "Questions to print. Choose the chapters, and save the sheet: it is one file that any browser opens "
        "and prints. The answers stand on a sheet of their own, for you.",
        "chapters": "Chapters",
        "count": "Questions of each chapter",
        "seed": "Seed of the draw",
        "seed_help": "The same seed draws the same numbers again. Two seeds make two sheets, one for each half of the "
        "class.",
        "none": "Choose a chapter, and its questions stand here.",
        "save": "Save the sheet to print",
        "how": "Open the file, and print it with Ctrl+P.",
        "same": "With five questions of a chapter, *Check yourself* has the same ones for the same seed.",
        "title": "Token embeddings",
        "answers": "Answers",
        "mark": "Mark one answer.",
        "write": "Write a number.",
        "mark_or_write": "Mark one answer, or write a number where no answers stand.",
        "blank": "Answer:",
        "fold": "Answer to question {number}",
        "drawn": "Seed {seed}.",
    }
)


@dataclass(frozen=True)
class _Chosen:
    """Titles of chapters, the seed, and how many questions each has."""

    chapters: tuple[str, ...]
    seed: int
    count: int


def choose() -> _Chosen:
    """What stands on the sheet."""
    st.title(classroom.WORKSHEET.title, anchor=False)
    st.markdown(TEXTS["lead"])
    names = list(titles().values())
    chapters = setting(
        st.pills,
        TEXTS["chapters"],
        names,
        selection_mode="multi",
        default=names[:1],
        key="worksheet_chapters",
        wrap=True,
    )
    left, right = st.columns(2, gap="medium")
    count = setting(left.slider, TEXTS["count"], FEWEST, MOST, OF_CHAPTER, key="worksheet_count")
    seed = setting(right.number_input, TEXTS["seed"], 0, MAX_SEED, 1, key="worksheet_seed", help=TEXTS["seed_help"])
    ordered_names = tuple(name for name in names if name in chapters)
    return _Chosen(ordered_names, 1 if seed is None else int(seed), count)


def show(chosen: _Chosen) -> None:
    """The sheet as it will be, and the button that saves it."""
    if not chosen.chapters:
        st.info(TEXTS["none"])
        return
    questions = {title: drawn(title, chosen.seed, chosen.count) for title in chosen.chapters}
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            TEXTS["save"],
            sheet(questions, chosen.seed),
            f"worksheet-{chosen.seed}.html",
            "text/html",
            key="worksheet_save",
            on_click="ignore",
            type="primary",
            icon=":material/print:",
        )
        st.caption(TEXTS["how"], width="content")
    st.caption(TEXTS["same"])
    number = 0
    for title, exercises in questions.items():
        st.subheader(title, anchor=False)
        for exercise in exercises:
            number += 1
            _preview(number, exercise)


def _preview(number: int, exercise: Exercise) -> None:
    with st.container(border=True):
        st.markdown(f"**{number}.** {exercise.question}")
        if exercise.options:
            st.markdown("  \n".join(lettered([*map(escaped, exercise.options)])))
        with st.expander(TEXTS["fold"].format(number=number)):
            st.markdown(f"**{_named_answer(exercise, escaped)}**. {exercise.why}")


def sheet(questions: Questions, seed: int) -> bytes:
    """The whole file: the questions, and the answers on paper of their own."""
    return document(f"{TEXTS['title']}, seed {seed}", [_asked(questions, seed), _answered(questions, seed)])


def _asked(questions: Questions, seed: int) -> str:
    parts = [
        f"<h1>{html.escape(TEXTS['title'])}</h1>",
        '<p class="about">' + "".join(f"<span>{html.escape(what)}: {_BLANK}</span>" for what in _ABOUT) + "</p>",
        f'<p class="small">{TEXTS[_how(questions)]} {TEXTS["drawn"].format(seed=seed)}</p>',
    ]
    return "\n".join(parts) + _chapters(questions, _question)


def _how(questions: Questions) -> str:
    """Which sentence says how all of them are answered: its key."""
    kinds = {bool(exercise.options) for exercises in questions.values() for exercise in exercises}
    return "mark_or_write" if len(kinds) > 1 else "mark" if True in kinds else "write"


def _question(exercise: Exercise) -> str:
    if not exercise.options:
        return f"{with_code(exercise.question)}<p>{html.escape(TEXTS['blank'])} {_BLANK}</p>"
    return with_code(exercise.question) + options([*map(html.escape, exercise.options)])


def _answered(questions: Questions, seed: int) -> str:
    head = f'<h1>{html.escape(TEXTS["answers"])}</h1><p class="small">{TEXTS["drawn"].format(seed=seed)}</p>'
    return head + _chapters(questions, _answer)


def _answer(exercise: Exercise) -> str:
    return f'<strong>{_named_answer(exercise, html.escape)}</strong><p class="why">{with_code(exercise.why)}</p>'


def _named_answer(exercise: Exercise, written: Callable[[str], str]) -> str:
    """The right answer as it is ``written``, with its letter."""
    if not exercise.options:
        return written(exercise.answer)
    return lettered([*map(written, exercise.options)])[exercise.options.index(exercise.answer)]


def _chapters(questions: Questions, written) -> str:
    """Each chapter's heading and list, numbered through."""
    parts, start = [], 1
    for title, exercises in questions.items():
        parts.append(f"<h2>{html.escape(title)}</h2>{ordered(map(written, exercises), start)}")
        start += len(exercises)
    return "\n".join(parts)
