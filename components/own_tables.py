"""Tables that a visitor brought or trained: kept for the session, seen by nobody else."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from components.plain_text import codes
from embeddings.errors import TooLarge
from embeddings.word_vectors import WordVectors

PREFIX = "your "  # before a file's name, so that no table of the catalogue can be meant
MOST = 3  # tables of one visitor; the oldest makes room
MOST_BYTES = 64_000_000  # of one of them


@dataclass(frozen=True, eq=False)
class Kept:
    """A table on the shelf.

    Attributes:
        table: Its words and vectors.
        files: Names of the files that it was read from, or is taken home as.
        title: What the picker says of it.
        mark: What tells it from any other, another visitor's of the same name too.
    """

    table: WordVectors
    files: tuple[str, ...]
    title: str
    mark: str


@dataclass
class Shelf:
    """A visitor's tables by name, the oldest first."""

    tables: dict[str, Kept] = field(default_factory=dict)


@st.cache_resource(scope="session", show_spinner=False, max_entries=1)
def _shelf() -> Shelf:
    return Shelf()


def keep(table: WordVectors, files: Sequence[str] = (), title: str = "Your own file") -> str:
    """Put ``table``, read from ``files``, on this visitor's shelf, in place of one of the same name.

    Returns:
        A sentence on the tables that made room for it, as Markdown; "" where there was room.

    Raises:
        TooLarge: Its numbers take more than ``MOST_BYTES``.
    """
    if table.matrix.nbytes > MOST_BYTES:
        raise TooLarge(f"A table of {len(table):,} × {table.dimension}", table.matrix.nbytes, MOST_BYTES)
    tables = _shelf().tables
    tables.pop(table.name, None)
    tables[table.name] = Kept(table, tuple(files), title, f"{table.name} {uuid.uuid4().hex}")
    gone = list(tables)[: max(0, len(tables) - MOST)]
    for name in gone:
        tables.pop(name)
    return f"{codes(gone)} made room for it: {MOST} tables of yours are kept, the latest." if gone else ""


def names() -> tuple[str, ...]:
    """What is on the shelf, the oldest first."""
    return tuple(_shelf().tables)


def titles() -> dict[str, str]:
    """What is on the shelf, the oldest first, and what the picker says of each."""
    return {name: kept.title for name, kept in _shelf().tables.items()}


def get(name: str) -> WordVectors | None:
    """The table called ``name``, or ``None``."""
    kept = _shelf().tables.get(name)
    return None if kept is None else kept.table


def files_of(name: str) -> tuple[str, ...]:
    """The files that the table called ``name`` was read from; none where it is not on the shelf."""
    kept = _shelf().tables.get(name)
    return () if kept is None else kept.files


def mark(table: WordVectors) -> str:
    """What stands for ``table`` in a cache that visitors share: no two visitors' own tables have the same."""
    kept = _shelf().tables.get(table.name)
    return table.name if kept is None else kept.mark


def remove(name: str) -> None:
    """Take the table called ``name`` off the shelf."""
    _shelf().tables.pop(name, None)
