"""Which words go on a map: groups that come with the app, the reader's own, a neighbourhood, or the most frequent."""

import itertools
from dataclasses import dataclass, replace

import streamlit as st

from components.address import setting
from components.lessons.play.map.suggestions import SUGGESTIONS, suggestions
from components.markup import as_code
from components.session.nearest_words import most_similar
from components.ui.inputs import choice_input, explain_words, sort_words, word_setting
from components.ui.text_fields import limit_options, text_box, typed_options
from embeddings.common import count_of
from embeddings.vectors import ALL_GROUPS as APP_GROUPS
from embeddings.vectors import WordVectors

MAX_WORDS = 300  # own words beside the groups
MAX_LISTED = 20_000  # in a pasted list
MAX_OWN, MAX_CHARACTERS = 10 * MAX_WORDS, 10 * MAX_LISTED  # of both, with the spaces between words
FREQUENT = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
NEAREST = (10, 20, 50, 100, 200, 500, 1_000)
OWN, WORDS, NEAR = "your words", "words", "its neighbours"
ALL_GROUPS = (OWN, *APP_GROUPS)
GROUPS, AROUND, MOST_FREQUENT, LIST = "Groups and your own", "Around a word", "The most frequent", "A list"
USUAL_GROUPS = ("animals", "food", "royalty", "countries")
USUAL_WORDS = ("computer", "piano")
FIRST_WORDS = 30  # shown of a table that has none of these
_AROUND = "king"
MAX_IN_CODE = 500  # words written out


@dataclass(frozen=True)
class ChosenWords:
    """Words for a map, the most important first.

    Attributes:
        group_of: Each word with the name of its group.
        groups: Every group there could be, in the order of their colours.
        expression: Python for the list of them, given ``table`` and its ``tokens``.
        note: What is to be said where the expression does less.
        private: Whether the visitor typed some of them, so that nobody may learn that they were asked for.
        too_few: What to do where they are too few for a map.
    """

    group_of: dict[str, str]
    groups: tuple[str, ...]
    expression: str
    note: str = ""
    private: bool = False
    too_few: str = "A map needs at least two words. Choose a group, or type words of your own."

    @property
    def words(self) -> list[str]:
        return list(self.group_of)

    @property
    def grouped(self) -> bool:
        """Whether the groups tell the words apart."""
        return self.groups is ALL_GROUPS


def choose_words(table: WordVectors) -> ChosenWords:
    """The words to map."""
    ways = [GROUPS, AROUND, MOST_FREQUENT, LIST]
    if not any(word in table for group in APP_GROUPS.values() for word in group):  # as where tokens are characters
        ways = [MOST_FREQUENT, AROUND, LIST]
        if st.session_state.get("space_from") == GROUPS:
            st.session_state["space_from"] = MOST_FREQUENT
    way = choice_input("Which words", ways, "space_from")
    return {GROUPS: _groups, AROUND: _around, MOST_FREQUENT: _frequent, LIST: _listed}[way](table)


def _groups(table: WordVectors) -> ChosenWords:
    known = {name: [word for word in group if word in table] for name, group in APP_GROUPS.items()}
    groups = setting(
        st.pills,
        "Groups of words",
        [name for name, group in known.items() if group],
        selection_mode="multi",
        default=[name for name in USUAL_GROUPS if known[name]],
        key="space_groups",
        wrap=True,
    )
    suggested = suggestions(table) or tuple(table.tokens[:SUGGESTIONS])
    usual = [word for word in USUAL_WORDS if word in suggested] or list(suggested[:FIRST_WORDS])
    limit_options("space_words", MAX_OWN)
    own = setting(
        st.multiselect,
        "Your own words",
        suggested,
        default=usual,
        accept_new_options=True,
        filter_mode="prefix",  # so that Enter takes the very word that was typed
        select_all=False,
        placeholder="Type a word and press Enter; a list with spaces works too",
        key="space_words",
    )
    typed = sort_words(typed_options(own, MAX_OWN), table, MAX_WORDS)
    explain_words(typed, table, MAX_WORDS)
    chosen = {word: group for group in groups for word in known[group]}
    return _written_out(chosen | dict.fromkeys(typed.known, OWN), ALL_GROUPS, private=own != usual)


def _around(table: WordVectors) -> ChosenWords:
    word = word_setting("The word", _AROUND, "space_around", table)
    sizes = [n for n in NEAREST if n < len(table)] or [max(1, len(table) - 1)]
    count = setting(
        st.select_slider,
        "How many of its nearest words",
        sizes,
        100 if 100 in sizes else sizes[-1],
        format_func="{:,}".format,
        key="space_count",
    )
    if word is None:
        return ChosenWords({}, (WORDS,), "[]", too_few="Type a word that the table has, and you see its map here.")
    near = [token for token, _ in most_similar(table, word, count)]
    expression = f"[{word!r}, *(token for token, _ in most_similar(table, {word!r}, n={count}))]"
    chosen = {word: word, **dict.fromkeys(near, NEAR)}
    return ChosenWords(chosen, (NEAR, word), expression, private=word != _AROUND)


def _frequent(table: WordVectors) -> ChosenWords:
    limit = setting(
        st.select_slider, "How many", FREQUENT, FREQUENT[3], format_func="{:,}".format, key="space_frequent"
    )
    words = list(itertools.islice((token for token in table.tokens if token.isalpha()), limit))
    if len(words) < 2:
        words = list(table.tokens[:limit])
        st.caption(
            f"This table has hardly any words made of letters alone, so the map shows its first {len(words):,} rows."
        )
        return ChosenWords(dict.fromkeys(words, WORDS), (WORDS,), f"list(tokens[:{limit}])")
    passed = table.id(words[-1]) + 1 - len(words)
    st.caption(
        "The map shows words made of letters alone, from the table's first row on."
        + (f" It leaves out {count_of(passed, 'row')} with numbers or signs." if passed else "")
        + (f" The table has {len(words):,} such words, and the map shows them all." if len(words) < limit else "")
    )
    expression = f"[token for token in tokens if token.isalpha()][:{limit}]"
    return ChosenWords(dict.fromkeys(words, WORDS), (WORDS,), expression)


def _listed(table: WordVectors) -> ChosenWords:
    example = " ".join(APP_GROUPS["colours"] + APP_GROUPS["body"])
    text = text_box(
        f"Paste up to {MAX_LISTED:,} words, with spaces, commas or lines between them",
        example,
        key="space_list",
        limit=MAX_CHARACTERS,
    )
    typed = sort_words([text], table, MAX_LISTED)
    explain_words(typed, table, MAX_LISTED)
    if len(typed.known) == 1:
        st.caption(f"Only {as_code(typed.known[0])} is known so far.")
    listed = _written_out(dict.fromkeys(typed.known, WORDS), (WORDS,), private=text != example)
    return replace(listed, too_few="A map needs at least two words. Type more words that the table has.")


def _written_out(chosen: dict[str, str], groups: tuple[str, ...], private: bool) -> ChosenWords:
    words = list(chosen)
    note = f"The code holds the first {MAX_IN_CODE} of your words." if len(words) > MAX_IN_CODE else ""
    return ChosenWords(chosen, groups, repr(words[:MAX_IN_CODE]), note, private)
