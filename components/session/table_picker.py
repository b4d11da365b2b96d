"""Which table of vectors the pages use: one choice for all of them, kept in the address."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import navigation
from components.address import setting
from components.markup import as_code, escaped
from components.session import user_tables, visit
from components.session.table_cache import read_or_wait
from embeddings import sources
from embeddings.common import count_of
from embeddings.vectors import WordVectors

STATE_KEY = "source"
# In the session: where the picker is drawn, whether it was, and where in it the table is described.
_BESIDE, _DRAWN, _ABOUT = "source_beside", "source_drawn", "source_about"
_GONE = (
    "is gone after you reload the page, or after the connection is lost for more than a minute or two. Train it or "
    "bring it again."
)


def prepare_picker(beside: DeltaGenerator, before_page: bool) -> None:
    """For app.py, in each run before the page: draw the picker ``beside`` the heading, or leave it to the page.

    Where pages that follow each other all ask, it is drawn before them: a widget that each page makes anew falls back
    to its default for a moment whenever the page changes.
    """
    st.session_state[_BESIDE], st.session_state[_DRAWN] = beside, before_page
    if before_page:
        _show_picker()


def _show_picker() -> None:
    names = list(available())
    if (asked := st.session_state.get(STATE_KEY, sources.DEFAULT)) not in names:
        if asked.startswith(user_tables.PREFIX) and not user_tables.was_here(asked):  # the visit before this one had it
            visit.say_lost(f"{as_code(asked)} {_GONE}")
        # set, not deleted: else the browser would go on showing what is gone
        st.session_state[STATE_KEY] = sources.DEFAULT
    with st.session_state[_BESIDE]:
        st.caption("Vectors", width="content")
        # By name, not by title: the address and the code behind a panel have the same. In sight at all times: what a
        # closed popover holds is not kept in the address when the page changes.
        setting(
            st.selectbox, "Vectors", names, key=STATE_KEY, refusal=_not_here, label_visibility="collapsed", width=165
        )
        st.session_state[_ABOUT] = st.popover("About", icon=":material/info:", key="source_about_them")


def choose_source() -> WordVectors:
    """The table chosen in the picker, with what is to be said of it; for a page of any chapter, once in a run.

    The picker is drawn here where app.py has not drawn it before the page.
    """
    if not st.session_state.get(_DRAWN, False):
        _show_picker()
    name = st.session_state[STATE_KEY]
    table = open_table(name)
    with st.session_state[_ABOUT]:
        st.caption(f"{escaped(available()[name])}: {count_of(len(table), 'word')} × {table.dimension} numbers.")
        if name not in user_tables.names() and len(table) < (published := sources.find(name).words):
            st.caption(
                f"These are the first {len(table):,} of {count_of(published, 'word')}: no more fit into this server's "
                "memory."
            )
        st.page_link(
            navigation.menu_entry("pages/play/sources.py"),
            label="Other vectors, or your own",
            icon=":material/library_books:",
        )
    return table


def _not_here(asked: str) -> str:
    """What is said of a link to a table that is not here."""
    gone = asked.startswith(user_tables.PREFIX)
    return f"The link asks for {as_code(asked)}, which is not here: " + (
        f"a table that you trained or brought {_GONE}" if gone else "it must be fetched or brought along first."
    )


def select_table(name: str) -> None:
    """Choose the table called ``name`` on all pages; for callbacks."""
    st.session_state[STATE_KEY] = name


def available() -> dict[str, str]:
    """Name and title of every table that can be had at once: bundled, fetched, and the visitor's own."""
    published = {source.name: source.title for source in sources.catalogue() if source.local}
    models = {f"{sources.HUB}{model}": f"{model}, input embeddings" for model in sources.list_cached()}
    return published | models | user_tables.titles()


def open_table(name: str) -> WordVectors:
    """The table called ``name``, one of ``available()``; until it is read, the page ends where this is called."""
    own = user_tables.get(name)
    return read_or_wait(name) if own is None else own
