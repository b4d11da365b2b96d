"""What visitors type, taken in once and the same way on every page."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from components.address import setting
from components.markup import as_code, as_code_list
from components.ui.errors import show_errors
from components.ui.text_fields import LIST_LIMIT, SENTENCE_LIMIT, WORD_LIMIT, text_line
from embeddings.similarity import closest_spellings
from embeddings.tokenizers import split_words
from embeddings.vectors import WordVectors

Item = TypeVar("Item")

_SEPARATORS = frozenset(",;")
_LOOKED_THROUGH = 5_000  # of a table's first words, for some that can be named
_MAX_NAMED = 6
_MAX_EXPLAINED = 3  # unknown words for which spellings are looked up


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


def sort_words(typed: Iterable[str], table: WordVectors, limit: int) -> TypedWords:
    """The different words in ``typed``, texts of one word or many: known ones up to ``limit``, and unknown ones.

    What stands between two spaces is taken whole where the table has it whole, capitals and signs included.
    """
    different = list(dict.fromkeys(word for text in typed for chunk in text.split() for word in _words(chunk, table)))
    known = [word for word in different if word in table]
    unknown = tuple(word for word in different if word not in table)
    return TypedWords(tuple(known[:limit]), unknown, max(0, len(known) - limit))


def _words(chunk: str, table: WordVectors) -> list[str]:
    whole = find_word(chunk.strip(",;"), table)
    return listed_words(chunk) if whole is None else [whole]


def text_setting(
    label: str, default: str, key: str, live: bool = False, help: str | None = None, limit: int = SENTENCE_LIMIT
) -> str:
    """A line of text, up to ``limit`` characters of it; kept in the address while it is short enough for one."""
    return text_line(label, default, key=key, limit=limit, live=live, help=help)


def word_setting(label: str, default: str, key: str, table: WordVectors) -> str | None:
    """One word of ``table``; ``None`` and a sentence where it lacks the word that was typed."""
    typed = text_line(label, default, key=key, limit=WORD_LIMIT)
    word = find_word(typed, table)
    if word is None:
        if typed.strip():
            explain_words(TypedWords((), (typed.strip(),)), table, 1)
            _offer_some(table, key, 1, default)
        else:
            st.info(f"Type a word: {as_code(default)}, for instance.")
    return word


def words_setting(
    label: str, default: str, key: str, table: WordVectors, limit: int, offer: bool = True
) -> tuple[str, ...]:
    """The words of a list that ``table`` knows, up to ``limit``; a sentence names the others.

    Where it knows none of them, some of its own are offered, unless ``offer`` says not to.
    """
    typed = sort_words([text_setting(label, default, key, limit=LIST_LIMIT)], table, limit)
    explain_words(typed, table, limit)
    if offer and typed.unknown and not typed.known:
        _offer_some(table, key, _MAX_NAMED, default)
    return typed.known


def _offer_some(table: WordVectors, key: str, count: int, default: str) -> None:
    """Words to try where none of those typed is in ``table``: the field's usual ones, or else some of the table's."""
    usual = [word for word in listed_words(default) if word in table]
    frequent = [token for token in table.tokens[:_LOOKED_THROUGH] if len(token) > 2 and token.isalpha()]
    some = usual or list(frequent or filter(str.isalpha, table.tokens[:_LOOKED_THROUGH])) or list(table.tokens)
    st.button(
        f"Take {as_code_list(some[:count])}, which this table has",
        key=f"{key}_take",
        on_click=_take,
        args=(key, " ".join(some[:count])),
    )


def _take(key: str, words: str) -> None:
    st.session_state[key] = words


def choice_input(
    label: str,
    options: Sequence[Item],
    key: str,
    help: str | None = None,
    *,
    place: Any = st,
    default: Item | None = None,
    format_func: Callable[[Item], str] = str,
) -> Item:
    """One of ``options``, ``default`` or the first until the reader chooses; drawn into ``place``, in the address."""
    return setting(
        place.segmented_control,
        label,
        options,
        default=options[0] if default is None else default,
        required=True,
        format_func=format_func,
        key=key,
        help=help,
        wrap=True,  # else a narrow column cuts its last options off
    )


def explain_words(typed: TypedWords, table: WordVectors, limit: int) -> None:
    """Say which words are unknown, with the closest spellings, and how many were too many."""
    if typed.left_out:
        st.info(f"The first {limit} words are used; {typed.left_out:,} more were left out.")
    if not typed.unknown:
        return
    sentence = f"Not among the {len(table):,} words of the table: {as_code_list(typed.unknown)}."
    with show_errors(st.caption):  # spellings need a package of their own
        for word in typed.unknown[:_MAX_EXPLAINED]:
            if found := _spellings(table.name, word, table):
                sentence += f" For {as_code(word)}, did you mean {as_code_list(found)}?"
    st.warning(sentence)


@st.cache_data(scope="session", max_entries=4 * _MAX_EXPLAINED, show_spinner=False)
def _spellings(name: str, word: str, _table: WordVectors) -> list[str]:
    """Those of the table called ``name``; the page asks again whenever something else on it changes."""
    return closest_spellings(_table, word)
