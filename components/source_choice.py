"""Which table of vectors the pages use: one choice for all of them, kept in the address."""

import streamlit as st

from components import own_tables
from components.plain_text import code, counted
from components.vectors import word_vectors
from embeddings import sources
from embeddings.remote import hub
from embeddings.word_vectors import WordVectors

KEY = "source"


def choose_source() -> WordVectors:
    """The reader's table, from the picker in the sidebar."""
    titles = available()
    with st.sidebar:
        asked = st.query_params.get(KEY, "")
        if st.session_state.get(KEY) not in titles:  # an own table that is gone, or a source taken away since
            st.session_state.pop(KEY, None)
        name = st.selectbox(
            "Vectors",
            list(titles),
            format_func=titles.__getitem__,
            key=KEY,
            bind="query-params",
            persist_state="session",
        )
        if asked and asked not in (name, titles[name]) and KEY not in st.session_state:
            st.caption(f"The link asks for {code(asked)}, which is not on this server.")
        table = open_table(name)
        st.caption(f"{counted(len(table), 'word')} × {table.dimension} numbers.")
        st.page_link("pages/sources.py", label="Other vectors, or your own", icon=":material/library_books:")
    return table


def available() -> dict[str, str]:
    """Name and title of every table that can be had at once: bundled, fetched, and the visitor's own."""
    published = {source.name: source.title for source in sources.catalogue() if source.local}
    models = {f"{sources.HUB}{model}": model for model in hub.all_on_this_machine()}
    return published | models | {name: name for name in own_tables.names()}


def open_table(name: str) -> WordVectors:
    """The table called ``name``, one of ``available()``."""
    own = own_tables.get(name)
    return word_vectors(name) if own is None else own
