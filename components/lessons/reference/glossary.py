"""The glossary's page: each term, what it means, and the lessons that show it."""

import streamlit as st

from components import glossary, navigation


def show() -> None:
    """All terms by the alphabet, under the page's heading."""
    st.title(glossary.TITLE, anchor=False)
    st.markdown(
        "The words of the field, each in a sentence. In the lessons a word is explained where it first stands, and "
        "from there on it leads here."
    )
    for term in sorted(glossary.TERMS, key=lambda term: term.name.casefold()):
        show_term(term)


def show_term(term: glossary.Term) -> None:
    """One term, under a heading that a link can lead to."""
    st.subheader(term.name, anchor=term.anchor)
    others = [other.name for other in glossary.TERMS if other is not term]
    st.markdown(glossary.linked(term.sentence, *others, page=""))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("See it in:", width="content")
        for address in term.lessons:
            lesson = navigation.lesson_at(address)
            st.page_link(navigation.menu_entry(lesson.path), label=lesson.title, width="content")
