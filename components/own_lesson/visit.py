"""A teacher's own lesson in a student's visit: taken from the link, kept on every page, and left."""

import streamlit as st

from components.markup import escaped, shortened
from components.navigation import is_lesson, lesson_at
from components.own_lesson.fields import fields, fields_by_page
from components.own_lesson.link import MAX_TITLE, PARAMETER, OwnLesson, address_of, decode
from embeddings.common import InvalidInput

_OWN = "own_lesson"  # in the session: the lesson, and how the link writes it
_REFUSED = "own_lesson_refused"  # in the session: what is said of a broken link, until another page is opened


def current() -> OwnLesson | None:
    """The lesson that the visitor follows; its words are put into the pages' fields as it comes. For app.py."""
    asked = st.query_params.get(PARAMETER)
    kept: tuple[str, OwnLesson] | None = st.session_state.get(_OWN)
    st.session_state[_REFUSED] = None
    if asked is not None and (kept is None or asked != kept[0]):
        try:
            kept = (asked, decode(asked))
        except InvalidInput as error:
            st.session_state[_REFUSED] = str(error)
        else:
            st.session_state[_OWN] = kept
            st.session_state.update(
                {key: value for key, value in fields(kept[1]).items() if key not in st.query_params}
            )
    if kept is None:
        return None
    if asked is None:  # another page was opened
        st.query_params[PARAMETER] = kept[0]
    return kept[1]


def kept() -> OwnLesson | None:
    """The lesson that ``current`` found in this run."""
    found: tuple[str, OwnLesson] | None = st.session_state.get(_OWN)
    return found[1] if found else None


def menu_title(own: OwnLesson | None) -> str:
    """The lesson's name over its pages in the menu, which reads Markdown."""
    return escaped(shortened(own.title, MAX_TITLE)) if own else ""


def fields_on(own: OwnLesson | None, page: str) -> tuple[str, ...]:
    """The keys of the fields that the lesson fills on the ``page`` with this address; for app.py."""
    if own is None or not is_lesson(page):
        return ()
    return tuple(fields_by_page(own).get(address_of(lesson_at(page)), ()))


def show_line(own: OwnLesson | None, page: str) -> None:
    """Say whose lesson this is, and offer all lessons; or what was wrong with the link. For app.py, over a ``page``."""
    if refused := st.session_state.get(_REFUSED):
        st.warning(escaped(refused))
    if own is None:
        return
    keeps = " This page keeps its own examples." if is_lesson(page) and not fields_on(own, page) else ""
    with st.container(horizontal=True, vertical_alignment="center", key="own_lesson_line"):
        st.caption(f"**{menu_title(own)}**: this is a lesson by your teacher.{keeps}", width="content")
        st.button(
            "All lessons",
            key="own_lesson_leave",
            type="tertiary",
            help="The menu is the usual one again. Your words stay.",
            on_click=_leave,
        )


def _leave() -> None:
    st.session_state.pop(_OWN, None)
    st.query_params.pop(PARAMETER, None)
