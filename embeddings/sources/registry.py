"""Where embedding tables come from: a catalogue of sources, each loaded and checked by name.

Adding a source is one function ``(most, report) -> WordVectors`` and one entry in ``catalogue``. Some come with the
installed packages; others are fetched once, from gensim-data or, under the name ``hf:owner/name``, from the Hugging
Face Hub.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from embeddings.common import (
    InvalidInput,
    ProgressCallback,
    SourceUnavailable,
    in_bytes,
    no_progress,
    table_bytes,
)
from embeddings.sources import bundled, gensim_data, huggingface
from embeddings.sources.bundled import first_rows
from embeddings.sources.smollm_file import SMOLLM, SMOLLM_SHAPE, is_smollm_installed, smollm
from embeddings.vectors import WordVectors

DEFAULT = bundled.GLOVE
HUB = "hf:"  # before the name of a model on the Hugging Face Hub


@dataclass(frozen=True)
class Source:
    """One entry of the catalogue; all of it is known before anything is fetched.

    Attributes:
        name: What ``load`` takes.
        title: What people call it.
        about: One sentence on what it was made from.
        words: Number of rows, V.
        dimension: Length of each vector, D.
        licence: Licence of the vectors.
        homepage: Where they were published.
        read: Reads the table, or its first rows: ``read(most, report)``.
        download_bytes: What fetching it costs; 0 for what comes with a package.
        local: Whether it is on this machine, ready to be loaded.
        fetch: Brings it onto this machine: ``fetch(report=report)``; None for what comes with a package.
        row: Fetches the row of an id alone, float32 [D]: ``row(id, report=report)``; None where no single row can be
            had.
        row_bytes: What that costs.
    """

    name: str
    title: str
    about: str
    words: int
    dimension: int
    licence: str
    homepage: str
    read: Callable[[int | None, ProgressCallback], WordVectors]
    download_bytes: int = 0
    local: bool = True
    fetch: Callable[..., object] | None = None
    row: Callable[..., NDArray[np.float32]] | None = None
    row_bytes: int = 0

    @property
    def memory_bytes(self) -> int:
        """Bytes that all of it takes in memory, with its tokens."""
        return table_bytes(self.words, self.dimension)


def catalogue() -> tuple[Source, ...]:
    """Every source that has a name of its own, the default first. Nothing is fetched to know them."""
    return (
        Source(
            name=DEFAULT,
            title="GloVe 6B, 50 dimensions",
            about="Trained by Stanford on 6 billion words of Wikipedia and news, published in 2014.",
            words=400_000,
            dimension=50,
            licence="PDDL 1.0",
            homepage="https://nlp.stanford.edu/projects/glove/",
            read=bundled.glove,
        ),
        Source(
            name=bundled.MINILM,
            title="all-MiniLM-L6-v2, input embeddings of its word pieces",
            about="The first layer of a sentence transformer of 2021: a row for each of BERT's word pieces.",
            words=30_522,
            dimension=384,
            licence="Apache 2.0",
            homepage="https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
            read=bundled.minilm,
        ),
        *([_of_smollm()] if is_smollm_installed() else []),
        *map(_of_gensim_data, gensim_data.PUBLISHED, gensim_data.are_there()),
    )


def find(name: str, report: ProgressCallback | None = None) -> Source:
    """The source called ``name``; of a model that is not on this machine yet, the Hub is asked for its sizes.

    Args:
        name: As ``load`` takes it.
        report: Called as ``report(fraction, words)`` while the Hub is waited for; what it raises ends the work.

    Raises:
        InvalidInput: There is no such source.
        SourceUnavailable: The Hub cannot be reached, or the model has no table that can be read.
    """
    if name.startswith(HUB):
        repo_id = name.removeprefix(HUB)
        table = huggingface.cached(repo_id)
        found = huggingface.find_table(repo_id, report=report) if table is None else table
        return _of_hub(name, found, local=table is not None)
    for source in catalogue():
        if source.name == name:
            return source
    known = ", ".join(source.name for source in catalogue())
    raise InvalidInput(f"There is no source called {name!r}. There are: {known}; and {HUB}owner/name for a model.")


def fetch(name: str, report: ProgressCallback | None = None) -> Source:
    """Bring the source called ``name`` onto this machine, if it is not there, and return its entry.

    Args:
        name: As ``load`` takes it.
        report: Called as ``report(fraction, words)``; what it raises ends the work, and a later call goes on.

    Raises:
        InvalidInput: There is no such source.
        SourceUnavailable: It cannot be had, is not the published one, or does not fit on the disk.
    """
    source = find(name, report)
    if source.local or source.fetch is None:
        return source
    source.fetch(report=report)
    return find(name)


def load(
    name: str = DEFAULT, report: ProgressCallback | None = None, max_rows: int | None = None, *, fetch: bool = False
) -> WordVectors:
    """Read the source called ``name``.

    Args:
        name: One of the catalogue's, or ``hf:owner/name`` for a model on the Hugging Face Hub.
        report: Called as ``report(fraction, words)``; what it raises ends the work.
        max_rows: Read the first ``max_rows`` rows alone, which in most sources are the most frequent words'. By default
            all; of gensim-data's tables, as many as fit into memory.
        fetch: Whether to fetch it if it is not on this machine.

    Raises:
        InvalidInput: There is no such source, or ``max_rows`` is not a count.
        SourceUnavailable: It is not on this machine, its package is not installed, or its files are not the published
            ones.
        TooLarge: It does not fit into memory.
    """
    if name.startswith(HUB) and not fetch and huggingface.cached(name.removeprefix(HUB)) is None:
        raise SourceUnavailable(f"{name} is not on this machine yet. Fetch it first.")
    source = find(name, report)
    if not source.local:
        if not fetch or source.fetch is None:
            raise SourceUnavailable(
                f"{source.title} is not on this machine yet. Fetch it first, which is a download of "
                f"{in_bytes(source.download_bytes)}."
            )
        source.fetch(report=report)
    return source.read(max_rows, report or no_progress)


@lru_cache(maxsize=2)
def opened(name: str, rows: int) -> WordVectors:
    """The first ``rows`` of the source called ``name``, kept for the next call: for a process that works for another.

    Raises:
        LabError: As ``load``.
    """
    return load(name, max_rows=rows)


def _of_smollm() -> Source:
    words, dimension = SMOLLM_SHAPE
    return Source(
        name=SMOLLM,
        title="SmolLM2-135M-Instruct, input embeddings of its tokens",
        about="The first layer of a language model of 2024, which writes text: a row for each of its tokens.",
        words=words,
        dimension=dimension,
        licence="Apache 2.0",
        homepage="https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct",
        read=smollm,
    )


def _of_gensim_data(entry: gensim_data.Published, local: bool) -> Source:
    return Source(
        name=entry.name,
        title=entry.title,
        about=entry.about,
        words=entry.words,
        dimension=entry.dimension,
        licence=entry.licence,
        homepage=entry.homepage,
        read=lambda max_rows, report: gensim_data.load(entry.name, max_rows=max_rows, report=report),
        download_bytes=entry.download_bytes,
        local=local,
        fetch=partial(gensim_data.fetch, entry.name),
    )


def _of_hub(name: str, table: huggingface.HubTable, *, local: bool) -> Source:
    return Source(
        name=name,
        title=f"{table.repo_id}, input embeddings",
        about=f"The tensor {table.tensor} of a model on the Hugging Face Hub, stored as {table.dtype}.",
        words=table.rows,
        dimension=table.dimension,
        licence="stated in the model card",
        homepage=f"{table.endpoint}/{table.repo_id}",
        read=lambda max_rows, report: first_rows(max_rows, huggingface.read(table, report=report)),
        download_bytes=table.download_bytes,
        local=local,
        fetch=partial(huggingface.fetch, table),
        row=lambda token_id, report=None: huggingface.rows(table, [token_id], report=report)[0],
        row_bytes=table.row_bytes,
    )
