"""Which words go on a map: groups that come with the app, and the reader's own."""

import itertools

import streamlit as st

from components.inputs import bind, explain_words, sort_words
from embeddings.word_lists import GROUPS
from embeddings.word_vectors import WordVectors

MOST_WORDS = 300  # own words; more cannot be told apart on one map
SUGGESTIONS = 5_000  # most frequent words offered while typing; any other may be typed out
COMMON = 30_000  # most frequent words, among which a suggestion's beginning counts as a word
OWN = "your words"
ALL_GROUPS = (OWN, *GROUPS)
USUAL_GROUPS = ("animals", "food", "royalty", "countries")
USUAL_WORDS = ("computer", "piano")
FIRST_WORDS = 30  # shown of a table that has none of these


def suggestions(table: WordVectors) -> list[str]:
    """The most frequent words of three letters or more, without numbers and signs.

    Before each stand the words that it begins with, such as "cat" before "catholic": Enter takes the first suggestion
    that begins as typed, and must take the very word where there is one.
    """
    common = set(table.tokens[:COMMON])
    frequent = (token for token in table.tokens if len(token) > 2 and token.isalpha())
    found: dict[str, None] = {}
    for word in itertools.islice(frequent, SUGGESTIONS):
        found |= dict.fromkeys(word[:end] for end in range(2, len(word)) if word[:end] in common) | {word: None}
    return list(found)


def choose_words(table: WordVectors) -> dict[str, str]:
    """Words to map, each with the name of its group."""
    known = {name: [word for word in group if word in table] for name, group in GROUPS.items()}
    groups = st.pills(
        "Groups of words",
        [name for name, group in known.items() if group],
        selection_mode="multi",
        default=[name for name in USUAL_GROUPS if known[name]],
        key="space_groups",
        bind="query-params",
        persist_state="session",
    )
    suggested = suggestions(table) or list(table.tokens[:SUGGESTIONS])
    own = st.multiselect(
        "Your own words",
        suggested,
        default=[word for word in USUAL_WORDS if word in suggested] or suggested[:FIRST_WORDS],
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
    chosen = {word: group for group in groups for word in known[group]}
    return chosen | dict.fromkeys(typed.known, OWN)
