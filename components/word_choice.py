"""Which words go on a map: groups that come with the app, the reader's own, a neighbourhood, or the most frequent."""

import itertools
from dataclasses import dataclass

import streamlit as st

from components.inputs import bind, explain_words, one_of, sort_words, word_setting
from components.plain_text import code
from embeddings.neighbors import most_similar
from embeddings.word_lists import ALL_GROUPS as APP_GROUPS
from embeddings.word_vectors import WordVectors

MOST_WORDS = 300  # own words beside the groups
MOST_LISTED = 20_000  # in a pasted list
FREQUENT = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
NEAREST = (10, 20, 50, 100, 200, 500, 1_000)
SUGGESTIONS = 5_000  # most frequent words offered while typing; any other may be typed out
COMMON = 30_000  # most frequent words, among which a suggestion's beginning counts as a word
OWN, WORDS, NEAR = "your words", "words", "its neighbours"
ALL_GROUPS = (OWN, *APP_GROUPS)
GROUPS, AROUND, MOST_FREQUENT, LIST = "Groups and your own", "Around a word", "The most frequent", "A list"
USUAL_GROUPS = ("animals", "food", "royalty", "countries")
USUAL_WORDS = ("computer", "piano")
FIRST_WORDS = 30  # shown of a table that has none of these
MOST_IN_CODE = 500  # words written out


@dataclass(frozen=True)
class ChosenWords:
    """Words for a map, the most important first.

    Attributes:
        group_of: Each word with the name of its group.
        groups: Every group there could be, in the order of their colours.
        expression: Python for the list of them, given ``table``.
        note: What is to be said where the expression does less.
    """

    group_of: dict[str, str]
    groups: tuple[str, ...]
    expression: str
    note: str = ""

    @property
    def words(self) -> list[str]:
        return list(self.group_of)

    @property
    def grouped(self) -> bool:
        """Whether the groups tell the words apart."""
        return self.groups is ALL_GROUPS


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


def choose_words(table: WordVectors) -> ChosenWords:
    """The words to map."""
    ways = [GROUPS, AROUND, MOST_FREQUENT, LIST]
    if not any(word in table for group in APP_GROUPS.values() for word in group):  # as where tokens are characters
        ways = [MOST_FREQUENT, AROUND, LIST]
        if st.session_state.get("space_from") == GROUPS:
            st.session_state["space_from"] = MOST_FREQUENT
    way = one_of("Which words", ways, "space_from")
    return {GROUPS: _groups, AROUND: _around, MOST_FREQUENT: _frequent, LIST: _listed}[way](table)


def _groups(table: WordVectors) -> ChosenWords:
    known = {name: [word for word in group if word in table] for name, group in APP_GROUPS.items()}
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
    return _written_out(chosen | dict.fromkeys(typed.known, OWN), ALL_GROUPS)


def _around(table: WordVectors) -> ChosenWords:
    left, right = st.columns(2)
    with left:
        word = word_setting("The word", "king", "space_around", table)
    sizes = [n for n in NEAREST if n < len(table)] or [max(1, len(table) - 1)]
    count = right.select_slider(
        "How many of its nearest words",
        sizes,
        100 if 100 in sizes else sizes[-1],
        format_func="{:,}".format,
        key="space_count",
        bind="query-params",
        persist_state="session",
    )
    if word is None:
        return ChosenWords({}, (WORDS,), "[]")
    near = [token for token, _ in most_similar(table, word, n=count)]
    expression = f"[{word!r}, *(token for token, _ in most_similar(table, {word!r}, n={count}))]"
    return ChosenWords({word: word, **dict.fromkeys(near, NEAR)}, (NEAR, word), expression)


def _frequent(table: WordVectors) -> ChosenWords:
    most = st.select_slider(
        "How many",
        FREQUENT,
        FREQUENT[3],
        format_func="{:,}".format,
        key="space_frequent",
        bind="query-params",
        persist_state="session",
    )
    words = list(itertools.islice((token for token in table.tokens if token.isalpha()), most))
    if len(words) < 2:
        words = list(table.tokens[:most])
        st.caption(
            f"Hardly a row of this table is called by a word of letters alone: its first {len(words):,} rows are "
            "taken, whatever they are called."
        )
        return ChosenWords(dict.fromkeys(words, WORDS), (WORDS,), f"list(table.tokens[:{most}])")
    passed = table.id(words[-1]) + 1 - len(words)
    st.caption(
        "Words of letters alone are taken, from the table's first row on"
        + (f"; {passed:,} rows with numbers or signs were passed over." if passed else ".")
        + (f" The table has {len(words):,} such words; all of them are taken." if len(words) < most else "")
    )
    expression = f"[token for token in table.tokens if token.isalpha()][:{most}]"
    return ChosenWords(dict.fromkeys(words, WORDS), (WORDS,), expression)


def _listed(table: WordVectors) -> ChosenWords:
    place = bind("space_list")
    text = st.text_area(
        f"Paste words, with spaces, commas or lines between them, up to {MOST_LISTED:,}",
        " ".join(APP_GROUPS["colours"] + APP_GROUPS["body"]),
        key="space_list",
        bind=place,
        persist_state="session",
    )
    if place is None:
        st.caption("This list is too long to be kept in the address; a copied link opens with the usual one.")
    typed = sort_words([text], table, MOST_LISTED)
    explain_words(typed, table, MOST_LISTED)
    if len(typed.known) == 1:
        st.caption(f"Only {code(typed.known[0])} is known so far.")
    return _written_out(dict.fromkeys(typed.known, WORDS), (WORDS,))


def _written_out(chosen: dict[str, str], groups: tuple[str, ...]) -> ChosenWords:
    words = list(chosen)
    note = f"The code holds the first {MOST_IN_CODE} of your words." if len(words) > MOST_IN_CODE else ""
    return ChosenWords(chosen, groups, repr(words[:MOST_IN_CODE]), note)
