"""Which table of vectors the pages use: one choice for all of them, kept in the address."""

from collections.abc import Collection

import streamlit as st

from components import own_tables
from components.plain_text import code, counted, escaped
from components.vectors import read_or_wait
from embeddings import sources
from embeddings.remote import hub
from embeddings.word_vectors import WordVectors

KEY = "source"
_MISSING = "source_missing"  # what a link asked for and is not here


def show_picker() -> None:
    """The picker in the sidebar, for app.py, before the page runs.

    A widget that each page made anew would fall back to its default for a moment whenever the page changes.
    """
    names = available()
    _look_for_what_a_link_asks(names)
    st.sidebar.selectbox(  # by name, not by title: the address and the code behind a panel have the same
        "Vectors", list(names), key=KEY, bind="query-params", persist_state="session", on_change=_forget_the_link
    )


def choose_source() -> WordVectors:
    """The table chosen in the picker, with what is to be said of it."""
    name = st.session_state[KEY]
    table = open_table(name)
    with st.sidebar:
        st.caption(f"{escaped(available()[name])}: {counted(len(table), 'word')} × {table.dimension} numbers.")
        if name not in own_tables.names() and len(table) < (published := sources.find(name).words):
            st.caption(
                f"These are the first {len(table):,} of {counted(published, 'word')}: no more fit into this server's "
                "memory."
            )
        st.page_link("pages/sources.py", label="Other vectors, or your own", icon=":material/library_books:")
    if missing := st.session_state.get(_MISSING):
        st.info(
            f"The link asks for {code(missing)}, which is not here: "
            + (
                "tables that you trained or brought are gone once the page is loaded anew; train it or bring it again. "
                if missing.startswith(own_tables.PREFIX)
                else "it must be fetched or brought along first. "
            )
            + f"You see {code(name)} instead."
        )
    return table


def _look_for_what_a_link_asks(names: Collection[str]) -> None:
    """Let go of a choice that is no longer there, and remember one that a link made and that never was."""
    asked = st.query_params.get(KEY, "")
    if asked and asked not in names and KEY not in st.session_state:
        st.session_state[_MISSING] = asked
    if st.session_state.get(_MISSING) in names:
        _forget_the_link()
    if KEY in st.session_state and st.session_state[KEY] not in names:
        st.session_state[KEY] = sources.DEFAULT  # set, not deleted: else the browser would go on showing what is gone


def _forget_the_link() -> None:
    st.session_state.pop(_MISSING, None)


def use(name: str) -> None:
    """Choose the table called ``name`` on all pages; for callbacks."""
    st.session_state[KEY] = name
    _forget_the_link()


def available() -> dict[str, str]:
    """Name and title of every table that can be had at once: bundled, fetched, and the visitor's own."""
    published = {source.name: source.title for source in sources.catalogue() if source.local}
    models = {f"{sources.HUB}{model}": f"{model}, input embeddings" for model in hub.all_on_this_machine()}
    return published | models | own_tables.titles()


def open_table(name: str) -> WordVectors:
    """The table called ``name``, one of ``available()``; until it is read, the page ends where this is called."""
    own = own_tables.get(name)
    return read_or_wait(name) if own is None else own
