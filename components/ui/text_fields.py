"""Fields for text, each with a limit: what is beyond it is left out with a sentence, however it came.

Streamlit's own limit, `max_chars`, is not used: a browser then drops a longer paste without a word, and puts a count of
characters over the field. So what was typed stays in the field, and what is beyond the limit is left out here.
"""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from components.address import setting, url_binding

# Characters that are used of a word, a sentence, a list of words, and a text.
WORD_LIMIT, SENTENCE_LIMIT, LIST_LIMIT, TEXT_LIMIT = 100, 500, 2_000, 100_000


def text_line(
    label: str,
    default: str = "",
    *,
    key: str,
    limit: int,
    place: Any = st,
    below: Any = None,
    shared: bool = True,
    **options: Any,
) -> str:
    """The first ``limit`` characters of what is typed in a line.

    Args:
        label, default, key: As Streamlit's.
        limit: Characters that are used.
        place: Where it is drawn.
        below: Where it is said that something was left out, if not right after the field: one in a row has no room.
        shared: Whether the address keeps it; else it is kept for the visit alone.
        options: Streamlit's others.
    """
    typed = _field(place.text_input, place, label, default, key, limit, shared, options)
    return _used(typed, limit, place if below is None else below)


def text_box(
    label: str, default: str = "", *, key: str, limit: int, place: Any = st, shared: bool = True, **options: Any
) -> str:
    """The first ``limit`` characters of what is typed in several lines; drawn as ``text_line`` is."""
    return _used(_field(place.text_area, place, label, default, key, limit, shared, options), limit, place)


def _field(
    widget: Callable, place: Any, label: str, default: str, key: str, limit: int, shared: bool, options: dict
) -> str:
    options = options | {"key": key}
    kept = st.session_state.get(key)
    stays = max(TEXT_LIMIT, 4 * limit)  # characters; a paste is seldom longer, and no visit keeps megabytes
    if isinstance(kept, str) and len(kept) > stays:
        st.session_state[key] = kept[:stays]
    if shared:
        text = setting(widget, label, default, **options)
        if url_binding(key) is None:
            place.caption("This text is too long to be kept in the address; a copied link opens with the usual one.")
        return text
    return widget(label, default, persist_state="session", **options)


def limit_options(key: str, limit: int) -> None:
    """Cut what is kept under ``key`` to ``limit`` characters, before the widget is drawn that takes new options.

    Such a widget has no limit of its own, and would take its time over very many.
    """
    kept = st.session_state.get(key)
    if isinstance(kept, str) and len(kept) > limit:
        st.session_state[key] = _used(kept, limit, st)
    elif isinstance(kept, list) and sum(map(len, kept)) > limit:
        st.session_state[key] = typed_options(kept, limit)


def typed_options(options: Iterable[str], limit: int) -> list[str]:
    """The ``options`` that are chosen or typed, up to ``limit`` characters in all."""
    used: list[str] = []
    left = limit
    for option in options:
        if len(option) > left:
            _say_left_out(limit)
            return [*used, beginning(option, left)] if left else used
        used.append(option)
        left -= len(option)
    return used


def beginning(text: str, limit: int) -> str:
    """The first ``limit`` characters of ``text``, without a word that is cut in two where there are others.

    >>> beginning("cat dog mouse", 9), beginning("category", 3)
    ('cat dog', 'cat')
    """
    cut = text[:limit]
    if len(text) <= limit or text[limit].isspace() or cut[-1].isspace():
        return cut
    whole = cut.rsplit(None, 1)
    return whole[0] if len(whole) == 2 else cut


def _used(text: str, limit: int, place: Any) -> str:
    if len(text) > limit:
        _say_left_out(limit, place)
    return beginning(text, limit)


def _say_left_out(limit: int, place: Any = st) -> None:
    place.info(f"At most {limit:,} characters are used here; the rest was left out.")
