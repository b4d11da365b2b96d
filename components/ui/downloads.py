"""What a reader may take away from a view: vectors, figure and code, as files."""

import io
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

import plotly.graph_objects as go
import streamlit as st
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from components.markup import escaped
from components.ui.chart import PICTURES, picture_key
from embeddings.common import InvalidInput
from embeddings.formats import KINDS, check, guard_formula, notebook, write
from embeddings.vectors import WordVectors

MAX_ROWS = 20_000  # of a table that is offered whole
_MIMES = MappingProxyType({"csv": "text/csv", "json": "application/json"})
TITLES = MappingProxyType(  # of the formats, each of which the page of sources reads again
    {
        "tf projector": "For the TensorFlow Projector (two TSV files)",
        "word2vec text": "word2vec text",
        "csv": "CSV",
        "safetensors": "safetensors",
    }
)


def downloads(
    table: WordVectors, words: Sequence[str], figure: go.Figure | Callable[[], go.Figure], code: str, name: str
) -> None:
    """Behind a button: the vectors of ``words``, the ``figure`` and a notebook of the ``code``, under one ``name``.

    A figure that takes long to build can be given as a function that builds it.
    """
    with _popover(name) as popover:
        if not popover.open:  # nothing is written, and no button sent, before somebody looks
            return
        st.caption(f"The vectors of the {len(words):,} words shown")
        _offer_table(_rows_of(table, words), name)
        st.caption("The figure: as a page that can be pointed at, or as a picture by the camera at its upper right")
        _button("HTML", lambda: _html(figure() if callable(figure) else figure), f"{name}.html", "text/html")
        st.segmented_control(
            "The camera saves",
            PICTURES,
            default=PICTURES[0],
            required=True,
            key=picture_key(name),
            persist_state="session",
        )
        st.caption("The code that computes it")
        _button("Notebook", lambda: notebook(name.replace("_", " "), code), f"{name}.ipynb", "application/x-ipynb+json")


def whole_table_downloads(table: WordVectors, name: str, key: str | None = None) -> PopoverContainer:
    """Behind a button: the whole ``table``, as files called ``name``; where it is too large, a button that is off.

    What opens is given back, for more to be said in it. Its key begins with ``key``, or else with ``name``.
    """
    with _popover(key or name, disabled=len(table) > MAX_ROWS) as popover:
        if popover.open:
            _offer_table(table, name)
    return popover


def run_downloads(files: Mapping[str, Callable[[], bytes]], figure: go.Figure, code: str, name: str) -> None:
    """Behind a button: a run as ``files``, each under the ending of its name, the ``figure``, and the script."""
    with _popover(name) as popover:
        if not popover.open:
            return
        st.caption("What was measured")
        for ending, make in files.items():
            _button(ending.upper(), make, f"{name}.{ending}", _MIMES[ending])
        st.caption("The figure as a page; the camera at its upper right saves it as a picture")
        _button("HTML", lambda: _html(figure), f"{name}.html", "text/html")
        st.caption("The script that repeats it")
        _button("Python", code.encode, f"{name}.py", "text/x-python")


def _popover(key: str, **options) -> PopoverContainer:
    return st.popover("Take it home", icon=":material/download:", key=f"{key}_home", on_change="rerun", **options)


def _offer_table(table: WordVectors, name: str) -> None:
    """Buttons that download ``table`` in each format; one that cannot keep its words is off, and says why."""
    for kind, title in TITLES.items():
        why_not = _refusal(table, kind)
        file = f"{name}-{kind.replace(' ', '-')}{KINDS[kind]}"
        _button(title, partial(_written, table, kind), file, disabled=bool(why_not))
        if why_not:
            st.caption(escaped(why_not))
    if any(guard_formula(word) != word for word in table.tokens):
        st.caption(
            "In the CSV, a word that begins with =, +, - or @ has an apostrophe before it, so that a spreadsheet does "
            "not take it for a formula. This app takes it off again. The TSV files hold each word as it is: open them "
            "in the Projector, not in a spreadsheet."
        )


def _refusal(table: WordVectors, kind: str) -> str:
    """Why ``table`` cannot be written as ``kind``; "" where it can."""
    try:
        check(table, kind)
    except InvalidInput as error:
        return str(error)
    return ""


def _rows_of(table: WordVectors, words: Sequence[str]) -> WordVectors:
    """The rows of the different ``words`` as a table of their own."""
    different = list(dict.fromkeys(words))
    return WordVectors.of(table.name, different, table.rows(different))


def _button(
    title: str, make: Callable[[], bytes], file: str, mime: str = "application/octet-stream", disabled: bool = False
) -> None:
    st.download_button(
        title,
        make,
        file,
        mime,
        key=f"download_{file}",
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
        disabled=disabled,
    )


def _written(table: WordVectors, kind: str) -> bytes:
    stream = io.BytesIO()
    write(table, kind, stream)
    return stream.getvalue()


def _html(figure: go.Figure) -> bytes:
    """``figure`` with all of Plotly in one file, on white, as no theme follows it."""
    copy = go.Figure(figure)
    copy.update_layout(paper_bgcolor="white", plot_bgcolor="white", font={"color": "#22262b"}, dragmode="zoom")
    return copy.to_html(include_plotlyjs=True, full_html=True).encode()
