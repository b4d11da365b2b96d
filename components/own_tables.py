"""Tables that a visitor brought or trained: kept for the session, seen by nobody else."""

from dataclasses import dataclass, field

import streamlit as st

from embeddings.errors import TooLarge
from embeddings.word_vectors import WordVectors

PREFIX = "your "  # before a file's name, so that no table of the catalogue can be meant
MOST = 3  # tables of one visitor; the oldest makes room
MOST_BYTES = 64_000_000  # of one of them


@dataclass
class Shelf:
    """A visitor's tables by name, the oldest first."""

    tables: dict[str, WordVectors] = field(default_factory=dict)


@st.cache_resource(scope="session", show_spinner=False, max_entries=1)
def _shelf() -> Shelf:
    return Shelf()


def keep(table: WordVectors) -> None:
    """Put ``table`` on this visitor's shelf, in place of one of the same name.

    Raises:
        TooLarge: Its numbers take more than ``MOST_BYTES``.
    """
    if table.matrix.nbytes > MOST_BYTES:
        raise TooLarge(f"A table of {len(table):,} × {table.dimension}", table.matrix.nbytes, MOST_BYTES)
    tables = _shelf().tables
    tables.pop(table.name, None)
    tables[table.name] = table
    while len(tables) > MOST:
        tables.pop(next(iter(tables)))


def names() -> tuple[str, ...]:
    """What is on the shelf, the oldest first."""
    return tuple(_shelf().tables)


def get(name: str) -> WordVectors | None:
    """The table called ``name``, or ``None``."""
    return _shelf().tables.get(name)


def remove(name: str) -> None:
    """Take the table called ``name`` off the shelf."""
    _shelf().tables.pop(name, None)
