"""What a reader may take away from a view: vectors, figure and code, as files."""

import io
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import plotly.graph_objects as go
import streamlit as st
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from components.chart import PICTURES, picture_key
from embeddings.formats import KINDS, write
from embeddings.notebook import notebook
from embeddings.word_vectors import WordVectors

MOST_ROWS = 20_000  # of a table that is offered whole
_MIMES = MappingProxyType({"csv": "text/csv", "json": "application/json"})
_TITLES = MappingProxyType(
    {
        "tf projector": "For the TensorFlow Projector (two TSV files)",
        "word2vec text": "word2vec text",
        "csv": "CSV",
        "safetensors": "safetensors",
    }
)


def take_home(
    table: WordVectors, words: Sequence[str], figure: go.Figure | Callable[[], go.Figure], code: str, name: str
) -> None:
    """Behind a button: the vectors of ``words``, the ``figure`` and a notebook of the ``code``, under one ``name``.

    A figure that takes long to build can be given as a function that builds it.
    """
    with _popover(name) as popover:
        if not popover.open:  # nothing is written, and no button sent, before somebody looks
            return
        st.caption(f"The vectors of the {len(words):,} words shown")
        offer_table(rows_of(table, words), name)
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


def take_table_home(table: WordVectors, name: str) -> None:
    """Behind a button: the whole ``table``, as files called ``name``; where it is too large, a button that is off."""
    with _popover(name, disabled=len(table) > MOST_ROWS) as popover:
        if popover.open:
            offer_table(table, name)


def take_run(files: Mapping[str, Callable[[], bytes]], figure: go.Figure, code: str, name: str) -> None:
    """Behind a button: a run as ``files``, each under the ending of its name, the ``figure``, and the script."""
    with _popover(name) as popover:
        if not popover.open:
            return
        st.caption("What was measured")
        for ending, make in files.items():
            _button(ending.upper(), make, f"{name}.{ending}", _MIMES[ending])
        st.caption("The figure as a page; the camera at its upper right saves it as a picture")
        _button("HTML", lambda: _html(figure), f"{name}.html", "text/html")
        st.caption("The script that repeats it, run from the project's folder")
        _button("Python", code.encode, f"{name}.py", "text/x-python")


def _popover(name: str, **options) -> PopoverContainer:
    return st.popover("Take it home", icon=":material/download:", key=f"{name}_home", on_change="rerun", **options)


def offer_table(table: WordVectors, name: str) -> None:
    """Buttons that download ``table`` in each format."""
    for kind, title in _TITLES.items():
        _button(title, lambda kind=kind: _written(table, kind), f"{name}-{kind.replace(' ', '-')}{KINDS[kind]}")


def rows_of(table: WordVectors, words: Sequence[str]) -> WordVectors:
    """The rows of the different ``words`` as a table of their own."""
    different = list(dict.fromkeys(words))
    return WordVectors.of(table.name, different, table.rows(different))


def _button(title: str, make: Callable[[], bytes], file: str, mime: str = "application/octet-stream") -> None:
    st.download_button(
        title, make, file, mime, key=f"download_{file}", on_click="ignore", icon=":material/download:", width="stretch"
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
