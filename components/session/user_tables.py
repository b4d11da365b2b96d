"""Tables that a visitor brought or trained: kept for the visit, seen by nobody else."""

import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import streamlit as st

from components.markup import as_code, as_code_list
from components.session import visit, visitor_memory
from embeddings.common import TooLarge, reading_bytes
from embeddings.vectors import WordVectors

PREFIX = "your "  # before a file's name, so that no table of the catalogue can be meant
MAX_TABLES = 3  # tables of one visitor; the oldest makes room
MAX_TABLE_BYTES = 64_000_000  # of one of them
_WAIT_SECONDS = 0.5
MAX_READ_AT_ONCE = 2  # files of all visitors; each takes up to three times what its table takes in the end


@dataclass(frozen=True, eq=False)
class UserTable:
    """A table on the shelf.

    Attributes:
        table: Its words and vectors.
        files: Names of the files that it was read from, or is taken home as.
        title: What the picker says of it.
        cache_key: What tells it from any other, another visitor's of the same name too.
    """

    table: WordVectors
    files: tuple[str, ...]
    title: str
    cache_key: str


@dataclass
class UserTables:
    """A visitor's tables by name, the oldest first, and the names of all that there were."""

    tables: dict[str, UserTable] = field(default_factory=dict)
    were: set[str] = field(default_factory=set)


def _user_tables() -> UserTables:
    return visit.kept("own tables", UserTables)


def _charge(name: str) -> str:
    return f"table {name}"


def keep(table: WordVectors, files: Sequence[str] = (), title: str = "Your own file") -> str:
    """Put ``table``, read from ``files``, on this visitor's shelf, in place of one of the same name.

    Returns:
        A sentence on the tables that made room for it, as Markdown; "" where there was room.

    Raises:
        TooLarge: Its numbers take more than ``MAX_TABLE_BYTES``, or it more than one visitor may hold.
    """
    what = f"A table of {len(table):,} × {table.dimension}"
    if table.matrix.nbytes > MAX_TABLE_BYTES:
        raise TooLarge(what, table.matrix.nbytes, MAX_TABLE_BYTES)
    tables = _user_tables().tables
    visitor_memory.charge(
        _charge(table.name),
        reading_bytes(len(table), table.dimension),
        lambda: tables.pop(table.name, None),
        f"The server removed your table {as_code(table.name)} because others needed the memory. "
        "Bring or train it again.",
        what=what,
    )
    tables.pop(table.name, None)
    _user_tables().were.add(table.name)
    tables[table.name] = UserTable(table, tuple(files), title, f"{table.name} {uuid.uuid4().hex}")
    gone = list(tables)[: max(0, len(tables) - MAX_TABLES)]
    for name in gone:
        remove(name)
    return f"The server keeps your latest {MAX_TABLES} tables, so it removed {as_code_list(gone)}." if gone else ""


@contextmanager
def room_to_read(size: int) -> Iterator[None]:
    """A turn at reading the visitor's file, and room for it: a few are read at once, the others wait.

    Args:
        size: Bytes that its table may take.

    Raises:
        TooLarge: The visitor may not hold that much; raised on entering.
    """
    turns, place = _turns(), st.empty()
    while not turns.acquire(timeout=_WAIT_SECONDS):
        place.caption("Other visitors' files are read first.")  # here Streamlit ends the script of who has left
    try:
        place.empty()
        with visitor_memory.reserved("reading", size, "Your file, unpacked,"):
            yield
    finally:
        turns.release()


@st.cache_resource(max_entries=1, show_spinner=False)
def _turns() -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(MAX_READ_AT_ONCE)


def names() -> tuple[str, ...]:
    """What is on the shelf, the oldest first."""
    return tuple(_user_tables().tables)


def titles() -> dict[str, str]:
    """What is on the shelf, the oldest first, and what the picker says of each."""
    return {name: kept.title for name, kept in _user_tables().tables.items()}


def get(name: str) -> WordVectors | None:
    """The table called ``name``, or ``None``."""
    kept = _user_tables().tables.get(name)
    return None if kept is None else kept.table


def was_here(name: str) -> bool:
    """Whether a table called ``name`` was on the shelf in this visit."""
    return name in _user_tables().were


def files_of(name: str) -> tuple[str, ...]:
    """The files that the table called ``name`` was read from; none where it is not on the shelf."""
    kept = _user_tables().tables.get(name)
    return () if kept is None else kept.files


def cache_key(table: WordVectors) -> str:
    """What stands for ``table`` in a cache that visitors share: no two visitors' own tables have the same."""
    kept = _user_tables().tables.get(table.name)
    return table.name if kept is None else kept.cache_key


def remove(name: str) -> None:
    """Take the table called ``name`` off the shelf."""
    _user_tables().tables.pop(name, None)
    visitor_memory.release(_charge(name))
