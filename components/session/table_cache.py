"""The tables of vectors that the pages share."""

import threading
from collections import OrderedDict
from collections.abc import Callable

import streamlit as st

from components.session import background_jobs, user_tables
from embeddings import jobs, sources
from embeddings.common import ProgressCallback
from embeddings.jobs import ByName, Call
from embeddings.vectors import WordVectors

BUNDLED = (sources.DEFAULT, sources.MINILM)  # small, and opened at once
MAX_TABLES = 2  # other tables in memory, for all visitors: as many as the report card compares
_JOB = "reading_"  # before a table's name: what its reading is called in line


class TableCache:
    """The tables read last, for the whole server; at most ``MAX_TABLES``."""

    def __init__(self, load: Callable[[str, ProgressCallback], WordVectors] = sources.load) -> None:
        self._load = load
        self._tables: OrderedDict[str, WordVectors] = OrderedDict()
        self._lock, self._reading = threading.Lock(), threading.Lock()

    def get(self, name: str) -> WordVectors | None:
        """The table called ``name``, if it is here."""
        with self._lock:
            if name in self._tables:
                self._tables.move_to_end(name)
            return self._tables.get(name)

    def read(self, name: str, report: ProgressCallback) -> None:
        """Read ``name``, unless it is here; one table after the other, since each is checked against what is free."""
        while not self._reading.acquire(timeout=0.5):
            report(0.0, "Another table is being read first")
        try:
            if self.get(name) is None:
                self._put(name, self._load(name, report))
        finally:
            self._reading.release()

    def _put(self, name: str, table: WordVectors) -> None:
        with self._lock:
            self._tables[name] = table
            while len(self._tables) > MAX_TABLES:
                self._tables.popitem(last=False)


@st.cache_resource(max_entries=1, show_spinner=False)
def _table_cache() -> TableCache:
    return TableCache()


def word_vectors(name: str = sources.DEFAULT) -> WordVectors:
    """The bundled source called ``name``, read once for the whole server; its matrix is read-only."""
    return _bundled(name)


@st.cache_resource(max_entries=len(BUNDLED), show_spinner="Opening the table of vectors")
def _bundled(name: str) -> WordVectors:
    """Apart from ``word_vectors``: the cache would keep one table for its default, another for the same name given."""
    return sources.load(name)


def as_argument(table: WordVectors) -> WordVectors | ByName:
    """``table`` for a ``Call``: a visitor's own as it is, one of the catalogue by its name."""
    if table.name.startswith(user_tables.PREFIX):
        return table
    return ByName(sources.opened, (table.name, len(table)), lambda: table)


def _read(cache: TableCache, name: str, report: ProgressCallback) -> None:
    cache.read(name, report)


def read_or_wait(name: str) -> WordVectors:
    """The source called ``name``; while it is being read in line, how far that is, and nothing of the page after it."""
    if name in BUNDLED:
        return word_vectors(name)
    cache, job_name = _table_cache(), f"{_JOB}{name}"
    if (table := cache.get(name)) is not None:
        return table
    job = background_jobs.current(job_name)
    if job is None or job.state == "done":  # never read, or no longer here
        background_jobs.cancel(job_name)
        background_jobs.start(job_name, Call(_read, (cache, name), travels=False), jobs.READING)
    background_jobs.poll(job_name, lambda job: None, again=True)
    if (table := cache.get(name)) is not None:  # it came meanwhile
        return table
    st.stop()
