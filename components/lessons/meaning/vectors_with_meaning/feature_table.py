"""A table that the reader fills in: a word a row, a feature a column, each number from 0 to 1."""

import csv
import io
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import pandas as pd
import streamlit as st

from components import address
from components.markup import as_code, as_code_list, escaped, shortened
from components.ui.text_fields import beginning, text_line
from embeddings.common import InvalidInput
from embeddings.tokenizers import composed
from embeddings.vectors import WordVectors

WORD = "word"
MAX_WORDS, MAX_FEATURES = 20, 12
MAX_CHANGES = 100  # rows that are added, changed or taken away at once: Streamlit takes them in one by one
_FEATURES = ("has a tail", "is edible", "has four legs", "makes a sound", "is a pet")
_START = MappingProxyType(
    {
        "cat": (1, 0, 1, 0.8, 1),
        "dog": (1, 0, 1, 1, 1),
        "cow": (1, 0.6, 1, 0.9, 0.1),
        "goldfish": (1, 0.1, 0, 0, 0.9),
        "apple": (0, 1, 0, 0, 0),
        "banana": (0, 1, 0, 0.1, 0),
        "car": (0, 0, 0, 0.9, 0),
        "piano": (0, 0, 0.8, 1, 0),
    }
)
# In the session: what the editor was given, what the reader has made of it, how often it was made anew, and the
# tables before the latest changes.
_BASE, _NOW, _VERSION, _BEFORE = "features_base", "features_now", "features_version", "features_before"
_PROBLEM = "features_problem"  # a sentence for the next run
_USABLE = "features_usable"  # the latest table that could be read
_ADDRESS = "features_table"
_MAX_UNDO = 20
_LONGEST_ADDRESS, _LONGEST_NAME = 1_500, 40  # characters
_LONGEST_CELL = 400  # of a cell as it comes from the editor; one beyond _LONGEST_NAME gets a sentence


def edit_table() -> pd.DataFrame:
    """The table as the reader has it now, over what adds a feature, undoes a change or starts over."""
    st.session_state.setdefault(_VERSION, 0)
    if _is_too_much(st.session_state.get(_editor_key())):
        st.session_state[_PROBLEM] = (
            f"That was more than this table can take in: at most {MAX_CHANGES} rows at once, of words with up to "
            f"{_LONGEST_NAME} characters. The table is as it was before."
        )
        st.session_state[_VERSION] += 1  # a new editor knows nothing of it
    key = _editor_key()
    if key not in st.session_state:  # the editor forgets its edits when another page is opened; this session does not
        st.session_state[_BASE] = st.session_state[_NOW] = kept_or_asked()
    number = st.column_config.NumberColumn(min_value=0, max_value=1, step=0.1, default=0, required=True)
    base = st.session_state[_BASE]
    with st.container(key="picture"):
        table = st.data_editor(
            base,
            key=key,
            num_rows="dynamic",
            hide_index=True,
            column_config={
                WORD: st.column_config.TextColumn("word", max_chars=_LONGEST_NAME, required=True, pinned=True),
                **{name: number for name in base.columns if name != WORD},
            },
            alt="Your table: a word a row, a feature a column",
        )
    if not table.equals(st.session_state[_NOW]):
        _keep(table)
    told = "Click a cell and type a number from 0 to 1."
    if empty := empty_cells(table):
        told += f" Empty cells count as 0: {as_code_list(empty)}."
    st.caption(told)
    _controls()  # after the editor, when it is known whether there is something to undo
    return table


def _editor_key() -> str:
    return f"features_editor_{st.session_state[_VERSION]}"


def _is_too_much(changes: Mapping[str, Any] | None) -> bool:
    """Whether there are too many ``changes``, or a text too long, to hand the editor; a message made by hand has such.

    What a browser lets through is below it, a paste of very many rows aside.
    """
    if changes is None:
        return False
    added, edited, deleted = changes["added_rows"], changes["edited_rows"], changes["deleted_rows"]
    texts = (value for row in (*added, *edited.values()) for value in row.values() if isinstance(value, str))
    return len(added) + len(edited) + len(deleted) > MAX_CHANGES or any(len(text) > _LONGEST_CELL for text in texts)


def usable_table(edited: pd.DataFrame) -> tuple[pd.DataFrame, WordVectors]:
    """``edited`` if it can be read, else a sentence on why not and the latest table that could; kept in the address.

    Returns:
        The table, and as ``read_table`` reads it.
    """
    try:
        table = read_table(edited)
    except InvalidInput as error:
        st.error(f"{escaped(str(error))} What follows is about the table as it was before.")
        usable = st.session_state.get(_USABLE, start_table())
        return usable, read_table(usable)
    st.session_state[_USABLE] = edited
    write_address(edited)
    return edited, table


def kept_or_asked() -> pd.DataFrame:
    """The table as the reader left it; the address's where a link to another one leads here, which Undo takes back."""
    kept, asked = st.session_state.get(_NOW), address.arrived(_ADDRESS)
    if kept is None:
        return first_table()
    if not asked or asked == to_text(kept):
        return kept
    st.session_state.setdefault(_BEFORE, []).append(kept)
    return first_table()


def first_table() -> pd.DataFrame:
    """The table in the page's address, or else the one that everyone starts with."""
    text = st.query_params.get(_ADDRESS, "")
    if not text:
        return start_table()
    try:
        return from_text(text)
    except InvalidInput as error:
        st.session_state[_PROBLEM] = f"The table in the address cannot be read. {escaped(str(error))}"
        return start_table()


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
        InvalidInput: No words or no features, a word twice or too long, too many of either, a name that cannot be one,
            or a cell with something else than a number from 0 to 1.
    """
    table = table[table[WORD].fillna("").str.strip() != ""]
    words = [_spelling(word) for word in table[WORD]]
    features = [name for name in table.columns if name != WORD]
    if not words or not features:
        raise InvalidInput("The table is empty. Add a row with a word and a number for each feature, or start again.")
    if len(words) > MAX_WORDS or len(features) > MAX_FEATURES:
        raise InvalidInput(f"At most {MAX_WORDS} words and {MAX_FEATURES} features fit here; take some away.")
    long = [word for word in words if len(word) > _LONGEST_NAME]
    if long:
        raise InvalidInput(f"{shortened(long[0])!r} is too long: a word may have {_LONGEST_NAME} characters here.")
    twice = [word for word in dict.fromkeys(words) if words.count(word) > 1]
    if twice:
        raise InvalidInput(f"{shortened(twice[0])!r} stands in the table twice. Each word may have one row only.")
    for name in features:
        check_name(name)
    numbers = table[features].apply(pd.to_numeric, errors="coerce")
    wrong = (numbers.isna() & table[features].notna()) | (numbers < 0) | (numbers > 1)
    for row, column in zip(*wrong.to_numpy().nonzero(), strict=True):
        raise InvalidInput(
            f"The cell {features[column]!r} of {shortened(words[row])!r} holds "
            f"{shortened(str(table[features].iat[row, column]))!r}. Write a number from 0, not at all, to 1, fully."
        )
    numbers = numbers.fillna(0)
    return WordVectors.of("your table", words, numbers.to_numpy(dtype="float32"))


def _spelling(word: str) -> str:
    """``word`` in lower case, with one space where there are several, and no letter written in two ways.

    >>> _spelling("  Hot  Dog ")
    'hot dog'
    """
    return composed(" ".join(word.split()).lower())


def check_name(name: str) -> None:
    """Whether a column of the editor may have this ``name``.

    Raises:
        InvalidInput: It is empty or too long, or begins with an underscore, as names do that Streamlit keeps to itself.
    """
    if not name.strip() or name.startswith("_") or len(name) > _LONGEST_NAME:
        raise InvalidInput(
            f"A feature cannot be called {shortened(name)!r}. Give it a name of 1 to {_LONGEST_NAME} characters that "
            "does not begin with an underscore."
        )


def empty_cells(table: pd.DataFrame) -> list[str]:
    """Names of the cells without a number, in rows with a word."""
    rows = table[table[WORD].fillna("").str.strip() != ""].set_index(WORD)
    return [f"{name} of {word}" for name in rows.columns for word in rows.index[rows[name].isna()]]


def to_text(table: pd.DataFrame) -> str:
    """``table`` as comma-separated values, as short as they go."""
    return table.to_csv(index=False, float_format="%g")


def from_text(text: str) -> pd.DataFrame:
    """The table that ``to_text`` made ``text`` from.

    Raises:
        InvalidInput: ``text`` holds no table that fits here.
    """
    if len(text) > _LONGEST_ADDRESS:
        raise InvalidInput(f"It has {len(text):,} characters; at most {_LONGEST_ADDRESS:,} fit in an address.")
    try:
        names, *rows = [row for row in csv.reader(io.StringIO(text), strict=True) if row] or [[]]
    except csv.Error:
        raise InvalidInput("It is not a table of values with commas between them.") from None
    if names[:1] != [WORD] or len(set(names)) < len(names):
        raise InvalidInput(f"Its first line must name the columns: {WORD!r} first, and no name twice.")
    if any(len(row) != len(names) for row in rows):
        raise InvalidInput("Each of its lines must hold as many values as the first.")
    table = pd.DataFrame(rows, columns=names, dtype=str)
    table = table.mask(table == "")
    read_table(table)
    return table.assign(**{name: pd.to_numeric(table[name]).astype(float) for name in names[1:]})


def _controls() -> None:
    row, below = st.container(horizontal=True, vertical_alignment="bottom"), st.container()
    with row:
        text_line(
            "A further feature",
            placeholder="can fly",
            key="features_new",
            limit=_LONGEST_NAME,
            below=below,
            shared=False,
        )
        st.button("Add it", key="features_add", on_click=_add, icon=":material/add:")
        nothing = not st.session_state.get(_BEFORE)
        st.button("Undo", key="features_undo", on_click=_undo, icon=":material/undo:", disabled=nothing)
        st.button("Start again", key="features_reset", on_click=_reset, icon=":material/restart_alt:")
    if problem := st.session_state.pop(_PROBLEM, None):
        st.warning(problem)


def _add() -> None:
    """Add the column that was named."""
    name = beginning(st.session_state["features_new"].strip(), _LONGEST_NAME)
    table = st.session_state[_NOW]
    if not name:
        st.session_state[_PROBLEM] = "Name the feature first: *can fly*, for instance."
    elif name in table.columns:
        st.session_state[_PROBLEM] = f"There is a feature {as_code(name)} already. The features: " + as_code_list(
            [column for column in table.columns if column != WORD]
        )
    elif len(table.columns) > MAX_FEATURES:
        st.session_state[_PROBLEM] = f"{MAX_FEATURES} features are as many as fit here."
    else:
        try:
            check_name(name)
        except InvalidInput as error:
            st.session_state[_PROBLEM] = escaped(str(error))
            return
        _replace(table.assign(**{name: 0.0}))
        st.session_state["features_new"] = ""


def _reset() -> None:
    _replace(start_table())


def _undo() -> None:
    if before := st.session_state.get(_BEFORE):  # a second click may come before the button is greyed
        st.session_state[_NOW] = before.pop()
        st.session_state[_VERSION] += 1


def _keep(table: pd.DataFrame) -> None:
    """``table`` is what there is now; what there was can be had back."""
    st.session_state.setdefault(_BEFORE, []).append(st.session_state[_NOW])
    del st.session_state[_BEFORE][:-_MAX_UNDO]
    st.session_state[_NOW] = table


def _replace(table: pd.DataFrame) -> None:
    """Show ``table`` in a new editor, as one that is there takes neither columns nor other rows."""
    _keep(table)
    st.session_state[_VERSION] += 1
