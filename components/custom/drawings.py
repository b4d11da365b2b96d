"""Small drawings of our own: tokens as chips, a vector as a strip, words as dots, a matrix as cells.

Used where Plotly would be too heavy, as on pages that are redrawn at each keystroke. All text reaches the page as text
nodes; colours come from the theme.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from numpy.typing import NDArray

from components.address import whole_number
from components.markup import shortened
from embeddings.tokenizers import Encoding

Place = tuple[str, float, float]  # word, x, y

_BLANKS = str.maketrans({" ": "␣", "\n": "⏎", "\r": "␍", "\t": "⇥", "\u00a0": "⍽", "\u200d": "⟨zwj⟩"})
BYTES = re.compile("⟨[0-9A-F]{2}(?: [0-9A-F]{2})*⟩")  # how a part of a character is written
MAX_CELLS = 32  # rows and columns of a matrix; more could not be told apart
_HERE = Path(__file__).parent
_CSS = (_HERE / "drawings.css").read_text()


def _drawing(name: str) -> Callable:
    """What draws with the script called ``name``, from ``data``, a dict, and further options."""
    mount = st.components.v2.component(
        name, html='<div class="root"></div>', css=_CSS, js=(_HERE / f"{name}.js").read_text()
    )

    def draw(data: dict[str, Any], **options: Any) -> Any:
        # Streamlit takes long to find that a list is no data frame, and asks nothing of a tuple.
        plain = {field: tuple(value) if isinstance(value, list) else value for field, value in data.items()}
        return mount(data=plain, **options)

    return draw


def _nothing() -> None:
    """Streamlit keeps a state of a component only where a callback is named for it."""


_token_strip = _drawing("token_strip")
_one_hot_line = _drawing("one_hot_line")
_vector_strip = _drawing("vector_strip")
_word_dots = _drawing("word_dots")
_cells = _drawing("cells")
_coloured_text = _drawing("coloured_text")


def token_strip(tokens: Sequence[str], ids: Sequence[int | None], default: int, key: str, address: str) -> int:
    """Tokens as buttons with their ids below; the index of the chosen one.

    Args:
        tokens, ids: Of equal length, at least 1; an id of ``None`` is drawn as unknown.
        default: Which one is chosen until the reader clicks, and again once another token stands in that place.
        key: Of the widget.
        address: Where in the page's address the reader's choice is kept; in the session it has the same name.
    """
    clicked = (st.session_state.get(key) or {}).get("chosen")  # in the run after a click alone
    if isinstance(clicked, int):
        st.session_state[address] = clicked
    asked = whole_number(address, "The token that is followed", len(tokens) - 1)
    if asked is not None:
        st.session_state[address] = asked
    _forget_other_token(tokens, address)
    chosen = st.session_state.get(address, default)
    if address in st.session_state and st.query_params.get(address) != str(chosen):
        st.query_params[address] = str(chosen)
    chosen = chosen if 0 <= chosen < len(tokens) else min(default, len(tokens) - 1)
    chips = [{"text": shortened(token, 20), "id": token_id} for token, token_id in zip(tokens, ids, strict=True)]
    _token_strip(data={"chips": chips, "selected": chosen}, on_chosen_change=_nothing, key=key)
    return chosen


def _forget_other_token(tokens: Sequence[str], address: str) -> None:
    """Forget the choice kept under ``address`` where another token stands at its place now, as in a new sentence."""
    place, memory = st.session_state.get(address), f"{address}_token"
    if place is None or not 0 <= place < len(tokens):
        return
    kept = st.session_state.get(memory)
    if kept is not None and kept[0] == place and kept[1] != tokens[place]:
        del st.session_state[address], st.session_state[memory]
        st.query_params.pop(address, None)
    else:
        st.session_state[memory] = (place, tokens[place])


def one_hot_line(token_id: int, size: int, key: str) -> None:
    """A row of ``size`` cells as one line with a mark at ``token_id``, and the cells around it enlarged."""
    _one_hot_line(data={"id": token_id, "size": size}, key=key)


def vector_strip(values: NDArray, limit: float, alt: str, key: str) -> None:
    """The numbers of a vector [D] as coloured cells: orange below zero, blue above, pale at zero.

    Args:
        values: float [D].
        limit: The size of number that gets the full colour.
        alt: What a screen reader says.
        key: Of the drawing.
    """
    _vector_strip(data={"values": [round(float(value), 4) for value in values], "limit": limit, "alt": alt}, key=key)


def word_dots(
    landmarks: Sequence[Place], words: Sequence[Place], frame: Sequence[Place], selected: str, alt: str, key: str
) -> None:
    """Words on a map: ``landmarks`` pale, ``words`` in colour, ``selected`` the strongest.

    Args:
        landmarks, words: ``(word, x, y)``.
        frame: What the map is scaled to, so that it stays while the words change; a word outside stands at the edge.
        selected: One of ``words``, or "".
        alt: What a screen reader says.
        key: Of the drawing.
    """

    def dots(places: Sequence[Place]) -> list[dict]:
        return [{"text": shortened(word, 20), "x": float(x), "y": float(y)} for word, x, y in places]

    data = {"landmarks": dots(landmarks), "words": dots(words), "frame": dots(frame)}
    _word_dots(data=data | {"selected": shortened(selected, 20), "alt": alt}, key=key)


def cells(
    matrix: NDArray,
    rows: Sequence[object],
    columns: Sequence[object] = (),
    *,
    alt: str,
    key: str,
    digits: int = 2,
    limit: float = 1.0,
    ids: Sequence[int] = (),
    framed: Sequence[int] = (),
    lit: int | None = None,
    greyed: Sequence[int] = (),
) -> None:
    """A matrix [N, M] as a table of coloured cells, with the numbers in them where there is room.

    Args:
        matrix: float [N, M]; the first ``MAX_CELLS`` rows and columns are drawn, and NaN as a place still empty.
        rows: A name for each row.
        columns: A name for each column, if they have any.
        alt: What a screen reader calls it.
        key: Of the drawing.
        digits: Decimals of a number.
        limit: The size of number that gets the full colour.
        ids: A number below each column's name.
        framed: Which rows are framed.
        lit: Which one row is framed the strongest.
        greyed: Which rows are pale.
    """
    shown = matrix[:MAX_CELLS, :MAX_CELLS]
    heads = [
        {"name": shortened(str(columns[j]), 14) if len(columns) else "", "id": int(ids[j]) if len(ids) else None}
        for j in range(shown.shape[1])
    ]
    _cells(
        data={
            "rows": [shortened(str(name), 14) for name in rows[: len(shown)]],
            "columns": heads,
            "values": [[None if value != value else round(float(value), 6) for value in row] for row in shown],
            "digits": digits,
            "limit": limit,
            "framed": [int(row) for row in framed],
            "lit": None if lit is None else int(lit),
            "greyed": [int(row) for row in greyed],
            "alt": alt,
        },
        key=key,
    )


def coloured_text(encoding: Encoding, first: int, last: int, alt: str, key: str) -> None:
    """Tokens ``first`` to ``last`` (not included) of ``encoding``, each on a ground of its own over its id.

    Blanks are made visible.

    Args:
        encoding: Of the whole text.
        first, last: Which tokens are drawn.
        alt: What a screen reader says.
        key: Of the drawing.
    """
    tokens = [
        {"token": visible(token), "id": token_id, "span": span}
        for token, token_id, span in zip(
            encoding.tokens[first:last], encoding.ids[first:last], encoding.spans[first:last], strict=True
        )
    ]
    _coloured_text(data={"tokens": tokens, "first": first, "alt": alt}, key=key)


def visible(token: str) -> str:
    """``token`` with its blanks and line ends as signs.

    >>> visible(" cat\\n")
    '␣cat⏎'
    >>> visible("⟨F0 9F⟩") == "⟨F0\\u202f9F⟩"
    True
    """
    if BYTES.fullmatch(token):
        return token.replace(" ", "\u202f")  # the gap between two bytes is no space of the text's
    return token.translate(_BLANKS)
