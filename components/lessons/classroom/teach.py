"""Plans for a lesson in class, as a table with links that open each page as it is to be shown."""

from types import MappingProxyType

import streamlit as st

from components import classroom, navigation
from components.lessons.classroom.plans import PLANS, PlanStep
from components.ui.inputs import choice_input
from embeddings.common import count_of

_WIDTHS = (2, 4, 4, 4)
TEXTS = MappingProxyType(
    {
        "lead": "What to show in each minute, what to ask, and what pupils will say. Each link opens the page as it is "
        "to be shown. All pages ask before they tell: in a room each pupil guesses, and you reveal the answer.",
        "length": "Length of the lesson",
        "ask": "Ask.",
        "said": "They say.",
        "before": "**Before the lesson.** Open each link once: the first visitor waits for the tables to be read. "
        "*Show all answers* in the sidebar opens all answers for you. Pupils without a computer can take a worksheet.",
    }
)


def show() -> None:
    """One of the plans, under the page's heading."""
    st.title(classroom.TEACH.title, anchor=False)
    st.markdown(TEXTS["lead"])
    minutes = choice_input(TEXTS["length"], list(PLANS), "teach_minutes", format_func="{} minutes".format)
    begin = 0
    for step in PLANS[minutes]:
        _show_step(step, begin)
        begin += step.minutes
    st.markdown(TEXTS["before"])
    st.page_link(
        navigation.menu_entry(classroom.WORKSHEET.path), label=classroom.WORKSHEET.title, icon=":material/print:"
    )


def _show_step(step: PlanStep, begin: int) -> None:
    path, title = page_of(step)
    with st.container(border=True):
        when, shows, ask, said = st.columns(_WIDTHS)
        when.markdown(f"**{begin}–{begin + step.minutes}**")
        when.caption(count_of(step.minutes, "minute"))
        with shows:
            st.page_link(
                navigation.menu_entry(path),
                label=f"**{title}**",
                icon=":material/arrow_forward:",
                query_params=dict(step.settings),
            )
            st.markdown(step.shows)
        ask.markdown(f"**{TEXTS['ask']}** {step.ask}")
        said.markdown(f"**{TEXTS['said']}** {step.said}")


def page_of(step: PlanStep) -> tuple[str, str]:
    """The file and the title of the page that is shown."""
    for page in classroom.PAGES:
        if page.address == step.page:
            return page.path, page.title
    lesson = navigation.lesson_at(step.page)
    return lesson.path, lesson.title
