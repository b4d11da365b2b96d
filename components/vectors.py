"""The tables of vectors that the pages share."""

import threading
from collections import OrderedDict
from collections.abc import Callable

import streamlit as st

from components import work
from embeddings import jobs, sources
from embeddings.jobs import Report
from embeddings.word_vectors import WordVectors

BUNDLED = (sources.DEFAULT, sources.MINILM)  # small, and opened at once
MOST_READ = 2  # other tables in memory, for all visitors: as many as the report card compares
_JOB = "reading_"  # before a table's name: what its reading is called in line


class Shelf:
    """The tables read last, for the whole server; at most ``MOST_READ``."""

    def __init__(self, load: Callable[[str, Report], WordVectors] = sources.load) -> None:
        self._load = load
        self._tables: OrderedDict[str, WordVectors] = OrderedDict()
        self._lock, self._reading = threading.Lock(), threading.Lock()

    def get(self, name: str) -> WordVectors | None:
        """The table called ``name``, if it is here."""
        with self._lock:
            if name in self._tables:
                self._tables.move_to_end(name)
            return self._tables.get(name)

    def read(self, name: str, report: Report) -> None:
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
            while len(self._tables) > MOST_READ:
                self._tables.popitem(last=False)


@st.cache_resource(max_entries=1, show_spinner=False)
def _shelf() -> Shelf:
    return Shelf()


def word_vectors(name: str = sources.DEFAULT) -> WordVectors:
    """The bundled source called ``name``, read once for the whole server; its matrix is read-only."""
    return _bundled(name)


@st.cache_resource(max_entries=len(BUNDLED), show_spinner="Opening the table of vectors")
def _bundled(name: str) -> WordVectors:
    """Apart from ``word_vectors``: the cache would keep one table for its default, another for the same name given."""
    return sources.load(name)


def read_or_wait(name: str) -> WordVectors:
    """The source called ``name``; while it is being read in line, how far that is, and nothing of the page after it."""
    if name in BUNDLED:
        return word_vectors(name)
    shelf, job_name = _shelf(), f"{_JOB}{name}"
    if (table := shelf.get(name)) is not None:
        return table
    job = work.current(job_name)
    if job is None or job.state == "done":  # never read, or no longer here
        work.start(job_name, lambda report: shelf.read(name, report), jobs.READING)
    work.live(job_name, lambda job: None, again=True)
    if (table := shelf.get(name)) is not None:  # it came meanwhile
        return table
    st.stop()
