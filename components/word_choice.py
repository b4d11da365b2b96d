"""Which words go on a map: groups that come with the app, and the reader's own."""

import itertools

import streamlit as st

from components.inputs import bind, explain_words, sort_words
from embeddings.word_lists import GROUPS
from embeddings.word_vectors import WordVectors

MOST_WORDS = 300  # own words; more cannot be told apart on one map
SUGGESTIONS = 5_000  # most frequent words offered while typing; any other may be typed out
OWN = "your words"
ALL_GROUPS = (OWN, *GROUPS)


def suggestions(table: WordVectors) -> list[str]:
    """The most frequent words of three letters or more, without numbers and signs."""
    frequent = (token for token in table.tokens if len(token) > 2 and token.isalpha())
    return list(itertools.islice(frequent, SUGGESTIONS))


def choose_words(table: WordVectors) -> dict[str, str]:
    """Words to map, each with the name of its group."""
    groups = st.pills(
        "Groups of words",
        list(GROUPS),
        selection_mode="multi",
        default=["animals", "food", "royalty", "countries"],
        key="space_groups",
        bind="query-params",
        persist_state="session",
    )
    own = st.multiselect(
        "Your own words",
        suggestions(table),
        default=["computer", "piano"],
        accept_new_options=True,
        filter_mode="prefix",  # so that Enter takes the very word that was typed
        select_all=False,
        placeholder="Type a word and press Enter; a list with spaces works too",
        key="space_words",
        bind=bind("space_words"),
        persist_state="session",
    )
    typed = sort_words(own, table, MOST_WORDS)
    explain_words(typed, table, MOST_WORDS)
    chosen = {word: group for group in groups for word in GROUPS[group]}
    return chosen | dict.fromkeys(typed.known, OWN)
