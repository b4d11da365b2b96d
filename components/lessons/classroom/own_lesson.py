"""The page on which a teacher puts a lesson together, and takes its link."""

from collections.abc import Sequence
from urllib.parse import urljoin

import streamlit as st

from components.address import setting
from components.markup import as_code_list, escaped
from components.navigation import LESSONS, Lesson
from components.own_lesson.fields import fields_by_page
from components.own_lesson.link import (
    MAX_PAGES,
    MAX_TEXT,
    MAX_TITLE,
    MAX_WORD,
    MAX_WORDS,
    MIN_WORDS,
    OwnLesson,
    address_of,
    has_link,
    page_of,
)
from components.session.table_cache import word_vectors
from components.ui.errors import show_errors
from components.ui.inputs import TypedWords, explain_words, listed_words
from components.ui.pictures import show_qr_code
from components.ui.text_fields import LIST_LIMIT, text_box, text_line
from embeddings.common import InvalidInput

_TITLE = "My class about food"
_WORDS = "bread cheese apple soup cake milk"
_TEXT = "The cook cuts the bread and the cheese.\nThe child eats an apple and a cake."
_LONG = 2_000  # characters of a link
_FITS_QR = 800  # of one whose QR code a telephone reads from a projector
_PAGES = ("From words to numbers", "One-hot vectors", "Similar words", "Words in space")


def choose() -> OwnLesson:
    """The form.

    Raises:
        InvalidInput: Something in it is missing or too much; the message says what.
    """
    st.title("Make your own lesson", anchor=False)
    st.markdown(
        "Choose pages, words and a text for your class. You get a link. Students who open it have your pages first in "
        "their menu, in your order, and your words and your text on each of them."
    )
    title = text_line("Title", _TITLE, key="own_title", limit=MAX_TITLE).strip()
    lessons = {lesson.title: lesson for lesson in LESSONS}
    pages = setting(
        st.multiselect,
        f"Pages, up to {MAX_PAGES}, in the order in which you choose them",
        list(lessons),
        default=list(_PAGES),
        key="own_pages",
        max_selections=MAX_PAGES,
        select_all=False,
        placeholder="Choose a page",
    )
    words = text_line(f"Words, {MIN_WORDS} to {MAX_WORDS}", _WORDS, key="own_words", limit=LIST_LIMIT)
    mark_unknown(listed_words(words))
    text = text_box("Text: a few short sentences, or nothing", _TEXT, key="own_text", limit=MAX_TEXT)
    return _lesson(title, [lessons[page].title for page in pages], words, text)


def mark_unknown(words: Sequence[str]) -> None:
    """Say which of the ``words`` the usual table lacks: they may be misspelt."""
    with show_errors():
        table = word_vectors()
        unknown = tuple(dict.fromkeys(word for word in words if word not in table))[:MAX_WORDS]
        if unknown:
            explain_words(TypedWords((), unknown), table, MAX_WORDS)
            st.caption("Pages that show vectors leave such a word out, and say so. The other pages take any word.")


def _lesson(title: str, pages: list[str], words: str, text: str) -> OwnLesson:
    if not title:
        raise InvalidInput("Give your lesson a title.")
    if has_link(title):
        raise InvalidInput("A title cannot have a link or an address in it.")
    if not pages:
        raise InvalidInput("Choose at least one page.")
    different = tuple(dict.fromkeys(listed_words(words)))
    if not MIN_WORDS <= len(different) <= MAX_WORDS:
        raise InvalidInput(f"Type {MIN_WORDS} to {MAX_WORDS} different words. There are {len(different)} now.")
    if long := [word for word in different if len(word) > MAX_WORD]:
        raise InvalidInput(f"A word may have up to {MAX_WORD} characters. One has {len(long[0])}.")
    by_title = {lesson.title: lesson for lesson in LESSONS}
    return OwnLesson(title, tuple(by_title[page] for page in pages), different, text.strip())


def show_link(own: OwnLesson) -> None:
    """The order of the pages, and the link to the lesson."""
    st.markdown("\n".join(f"{number}. {_entry(own, lesson)}" for number, lesson in enumerate(own.lessons, 1)))
    link = urljoin(st.context.url or "", page_of(own))
    st.markdown(f"**The link to “{escaped(own.title)}”.** It holds the whole lesson; the server keeps nothing of it.")
    st.code(link, language=None, wrap_lines=True)
    if len(link) <= _FITS_QR:
        show_qr_code(link, "QR code with the link to the lesson")
    else:
        st.caption("The link is too long for a QR code that a telephone can read. A shorter text makes it fit.")
    if len(link) > _LONG:
        st.info(f"The link has {len(link):,} characters. Some programs for mail and chat cut it: take a shorter text.")
    st.link_button("Open it as a student", link, icon=":material/open_in_new:")
    st.caption(
        f"Your words, {as_code_list(own.words, MAX_WORDS)}, are filled in where a page asks for words, and your text "
        "where it asks for sentences. A page that asks for something else keeps its own examples, and says so. A "
        "student may change everything."
    )


def _entry(own: OwnLesson, lesson: Lesson) -> str:
    """A page in the list, and whether the teacher's words or text come to it."""
    return lesson.title if address_of(lesson) in fields_by_page(own) else f"{lesson.title} · keeps its own examples"
