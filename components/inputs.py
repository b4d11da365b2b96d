"""What visitors type, taken in once and the same way on every page."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import streamlit as st

from components.plain_text import code, codes
from embeddings.neighbors import closest_spellings
from embeddings.tokens import words as split_words
from embeddings.word_vectors import WordVectors

Option = TypeVar("Option")

_MAX_URL = 1_500  # characters of one setting; longer addresses are refused by servers and chat programs
_SEPARATORS = frozenset(",;")
_LOOKED_THROUGH = 5_000  # of a table's first words, for some that can be named
_MOST_NAMED = 6
_MOST_EXPLAINED = 3  # unknown words for which spellings are looked up


@dataclass(frozen=True)
class TypedWords:
    """Different words in the order they were typed.

    Attributes:
        known: Those in the table, at most as many as were asked for.
        unknown: Those that are not.
        left_out: How many known ones were too many.
    """

    known: tuple[str, ...]
    unknown: tuple[str, ...]
    left_out: int = 0


def listed_words(text: str) -> list[str]:
    """The words of a list, whether they are parted by spaces, commas or semicolons.

    >>> listed_words("cat, dog; the 😀")
    ['cat', 'dog', 'the', '😀']
    """
    return [word for word in split_words(text) if word not in _SEPARATORS]


def find_word(typed: str, table: WordVectors) -> str | None:
    """The token of ``table`` that ``typed`` names, as it is or in lower case; ``None`` if there is none."""
    typed = typed.strip()
    return next((word for word in (typed, typed.lower()) if word in table), None)


def sort_words(typed: Iterable[str], table: WordVectors, most: int) -> TypedWords:
    """The different words in ``typed``, texts of one word or many: known ones up to ``most``, and unknown ones.

    What stands between two spaces is taken whole where the table has it whole, capitals and signs included.
    """
    different = list(dict.fromkeys(word for text in typed for chunk in text.split() for word in _words(chunk, table)))
    known = [word for word in different if word in table]
    unknown = tuple(word for word in different if word not in table)
    return TypedWords(tuple(known[:most]), unknown, max(0, len(known) - most))


def _words(chunk: str, table: WordVectors) -> list[str]:
    whole = find_word(chunk.strip(",;"), table)
    return listed_words(chunk) if whole is None else [whole]


def text_setting(label: str, default: str, key: str, live: bool = False, help: str | None = None) -> str:
    """A line of text, kept in the address while it is short enough for one."""
    place = bind(key)
    text = st.text_input(label, default, key=key, live=live, help=help, bind=place, persist_state="session")
    if place is None:
        st.caption("This text is too long to be kept in the address; a copied link opens with the usual one.")
    return text


def word_setting(label: str, default: str, key: str, table: WordVectors) -> str | None:
    """One word of ``table``; ``None`` and a sentence where it lacks the word that was typed."""
    typed = st.text_input(label, default, key=key, bind=bind(key), persist_state="session", max_chars=100)
    word = find_word(typed, table)
    if word is None:
        if typed.strip():
            explain_words(TypedWords((), (typed.strip(),)), table, 1)
            _offer_some(table, key, 1)
        else:
            st.info(f"Type a word: {code(default)}, for instance.")
    return word


def words_setting(
    label: str, default: str, key: str, table: WordVectors, most: int, offer: bool = True
) -> tuple[str, ...]:
    """The words of a list that ``table`` knows, up to ``most``; a sentence names the others.

    Where it knows none of them, some of its own are offered, unless ``offer`` says not to.
    """
    typed = sort_words([text_setting(label, default, key)], table, most)
    explain_words(typed, table, most)
    if offer and typed.unknown and not typed.known:
        _offer_some(table, key, _MOST_NAMED)
    return typed.known


def _offer_some(table: WordVectors, key: str, count: int) -> None:
    """Words to try where none of those typed is in ``table``, as in a small file of the reader's own."""
    frequent = [token for token in table.tokens[:_LOOKED_THROUGH] if len(token) > 2 and token.isalpha()]
    some = list(frequent or filter(str.isalpha, table.tokens[:_LOOKED_THROUGH])) or list(table.tokens)
    st.button(
        f"Take {codes(some[:count])}, which this table has",
        key=f"{key}_take",
        on_click=_take,
        args=(key, " ".join(some[:count])),
    )


def _take(key: str, words: str) -> None:
    st.session_state[key] = words


def one_of(
    label: str,
    options: Sequence[Option],
    key: str,
    help: str | None = None,
    *,
    place: Any = st,
    default: Option | None = None,
    format_func: Callable[[Option], str] = str,
) -> Option:
    """One of ``options``, ``default`` or the first until the reader chooses; drawn into ``place``, in the address."""
    return place.segmented_control(
        label,
        options,
        default=options[0] if default is None else default,
        required=True,
        format_func=format_func,
        key=key,
        bind="query-params",
        persist_state="session",
        help=help,
    )


def bind(key: str) -> str | None:
    """Where the text or the words under ``key`` are kept: in the address, unless they are too long for one."""
    typed = st.session_state.get(key, "")
    length = sum(len(quote(part)) + 1 for part in ([typed] if isinstance(typed, str) else typed))
    return "query-params" if length <= _MAX_URL else None


def explain_words(typed: TypedWords, table: WordVectors, most: int) -> None:
    """Say which words are unknown, with the closest spellings, and how many were too many."""
    if typed.left_out:
        st.info(f"The first {most} words are used; {typed.left_out:,} more were left out.")
    if not typed.unknown:
        return
    sentence = f"Not among the {len(table):,} words of the table: {codes(typed.unknown)}."
    for word in typed.unknown[:_MOST_EXPLAINED]:
        if found := closest_spellings(table, word):
            sentence += f" For {code(word)}, did you mean {codes(found)}?"
    st.warning(sentence)
