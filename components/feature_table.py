"""A table that the reader fills in: a word a row, a feature a column, each number from 0 to 1."""

import io
from urllib.parse import quote

import pandas as pd
import streamlit as st

from components.plain_text import code, codes, shortened
from embeddings.errors import InvalidInput
from embeddings.word_vectors import WordVectors

WORD = "word"
MOST_WORDS, MOST_FEATURES = 20, 12
_FEATURES = ("has a tail", "is edible", "has four legs", "makes a sound", "is a pet")
_START = {
    "cat": (1, 0, 1, 0.8, 1),
    "dog": (1, 0, 1, 1, 1),
    "cow": (1, 0.6, 1, 0.9, 0.1),
    "goldfish": (1, 0.1, 0, 0, 0.9),
    "apple": (0, 1, 0, 0, 0),
    "banana": (0, 1, 0, 0.1, 0),
    "car": (0, 0, 0, 0.9, 0),
    "piano": (0, 0, 0.8, 1, 0),
}
# In the session: what the editor was given, what the reader has made of it, how often it was made anew, and the
# tables before the latest changes.
_BASE, _NOW, _VERSION, _BEFORE = "features_base", "features_now", "features_version", "features_before"
_ADDRESS = "features_table"
_MOST_UNDO = 20
_LONGEST_ADDRESS = 1_500  # characters


def edit_table() -> pd.DataFrame:
    """The table as the reader has it now, below what adds a feature, undoes a change or starts over."""
    version = st.session_state.setdefault(_VERSION, 0)
    key = f"features_editor_{version}"
    if key not in st.session_state:  # the editor forgets its edits when another page is opened; this session does not
        now = st.session_state.get(_NOW)
        st.session_state[_BASE] = st.session_state[_NOW] = first_table() if now is None else now
    _controls()
    number = st.column_config.NumberColumn(min_value=0, max_value=1, step=0.1, default=0, required=True)
    base = st.session_state[_BASE]
    table = st.data_editor(
        base,
        key=key,
        num_rows="dynamic",
        hide_index=True,
        column_config={
            WORD: st.column_config.TextColumn("word", max_chars=40, required=True, pinned=True),
            **{name: number for name in base.columns if name != WORD},
        },
        alt="Your table: a word a row, a feature a column",
    )
    if not table.equals(st.session_state[_NOW]):
        _keep(table)
    write_address(table)
    return table


def first_table() -> pd.DataFrame:
    """The table in the page's address, or else the one that everyone starts with."""
    text = st.query_params.get(_ADDRESS, "")
    table = from_text(text) if 0 < len(text) <= _LONGEST_ADDRESS else None
    return start_table() if table is None else table


def write_address(table: pd.DataFrame) -> None:
    """Keep ``table`` in the page's address, unless it is the usual one or too long for one."""
    text = to_text(table)
    if text == to_text(start_table()) or len(quote(text)) > _LONGEST_ADDRESS:
        st.query_params.pop(_ADDRESS, None)
    else:
        st.query_params[_ADDRESS] = text


def start_table() -> pd.DataFrame:
    """The table everyone starts with."""
    rows = [(word, *map(float, values)) for word, values in _START.items()]
    return pd.DataFrame(rows, columns=[WORD, *_FEATURES])


def read_table(table: pd.DataFrame) -> WordVectors:
    """The words and numbers of ``table``; rows without a word are left out, and an empty cell counts as 0.

    Raises:
        InvalidInput: No words or no features, a word twice, too many of either, or a number outside 0 to 1.
    """
    table = table[table[WORD].fillna("").str.strip() != ""]
    words = table[WORD].str.strip().str.lower().tolist()
    features = [name for name in table.columns if name != WORD]
    if not words or not features:
        raise InvalidInput("The table is empty. Add a row with a word and a number for each feature, or start again.")
    if len(words) > MOST_WORDS or len(features) > MOST_FEATURES:
        raise InvalidInput(f"At most {MOST_WORDS} words and {MOST_FEATURES} features fit here; take some away.")
    twice = [word for word in dict.fromkeys(words) if words.count(word) > 1]
    if twice:
        raise InvalidInput(f"{shortened(twice[0])!r} stands in the table twice. Each word may have one row only.")
    numbers = table[features].apply(pd.to_numeric, errors="coerce").fillna(0)
    if not ((numbers >= 0) & (numbers <= 1)).all(axis=None):
        raise InvalidInput("Each number must lie between 0, not at all, and 1, fully.")
    return WordVectors.of("your table", words, numbers.to_numpy(dtype="float32"))


def to_text(table: pd.DataFrame) -> str:
    """``table`` as comma-separated values, as short as they go."""
    return table.to_csv(index=False, float_format="%g")


def from_text(text: str) -> pd.DataFrame | None:
    """The table that ``to_text`` made ``text`` from; ``None`` for a text that holds no table that fits here."""
    try:
        table = pd.read_csv(io.StringIO(text), dtype={WORD: str}, keep_default_na=False)
        features = [name for name in table.columns if name != WORD]
        table = table[[WORD, *features]].astype(dict.fromkeys(features, float))
        read_table(table)
    except (ValueError, KeyError, InvalidInput):  # pandas' own errors are ValueErrors
        return None
    return table


def _controls() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("A further feature", placeholder="can fly", key="features_new", max_chars=40)
        st.button("Add it", key="features_add", on_click=_add, icon=":material/add:")
        nothing = not st.session_state.get(_BEFORE)
        st.button("Undo", key="features_undo", on_click=_undo, icon=":material/undo:", disabled=nothing)
        st.button("Start again", key="features_reset", on_click=_reset, icon=":material/restart_alt:")
    if problem := st.session_state.pop("features_problem", None):
        st.warning(problem)


def _add() -> None:
    """Add the column that was named."""
    name, table = st.session_state["features_new"].strip(), st.session_state[_NOW]
    if not name:
        st.session_state["features_problem"] = "Name the feature first: *can fly*, for instance."
    elif name in table.columns:
        st.session_state["features_problem"] = f"There is a feature {code(name)} already. The features: " + codes(
            [column for column in table.columns if column != WORD]
        )
    elif len(table.columns) > MOST_FEATURES:
        st.session_state["features_problem"] = f"{MOST_FEATURES} features are as many as fit here."
    else:
        _replace(table.assign(**{name: 0.0}))
        st.session_state["features_new"] = ""


def _reset() -> None:
    _replace(start_table())


def _undo() -> None:
    st.session_state[_NOW] = st.session_state[_BEFORE].pop()
    st.session_state[_VERSION] += 1


def _keep(table: pd.DataFrame) -> None:
    """``table`` is what there is now; what there was can be had back."""
    st.session_state.setdefault(_BEFORE, []).append(st.session_state[_NOW])
    del st.session_state[_BEFORE][:-_MOST_UNDO]
    st.session_state[_NOW] = table


def _replace(table: pd.DataFrame) -> None:
    """Show ``table`` in a new editor, as one that is there takes neither columns nor other rows."""
    _keep(table)
    st.session_state[_VERSION] += 1
