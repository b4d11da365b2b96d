"""Reading: the words and vectors of a file, whatever kind it is."""

import dataclasses
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import BinaryIO

import numpy as np

from embeddings.common import InvalidInput, ProgressCallback, count_of
from embeddings.formats import archive, arrays, binary, comma, text
from embeddings.formats.input_stream import InputStream
from embeddings.formats.limits import UPLOAD, FileLimits
from embeddings.formats.rows import BLANKS
from embeddings.formats.sniffing import LOOKED_AT, first_line, kind_of, suffix_of
from embeddings.formats.table_builder import FilePosition, check_words
from embeddings.formats.words import metadata_tsv, word_column, word_list
from embeddings.vectors import WordVectors


class NoPair(InvalidInput):
    """Two files that do not belong together."""


def read(
    files: Mapping[str, BinaryIO], name: str, *, limits: FileLimits = UPLOAD, report: ProgressCallback | None = None
) -> WordVectors:
    """Read one file of vectors, or a table and the list of its words; or a zip archive of either.

    Args:
        files: Names to streams open for reading bytes. A name only helps to tell the kind; no path is opened.
        name: What the vectors are called.
        limits: How much may be read.
        report: Called now and then with how far it is, 0 to 1 or NaN, and in words; may raise to stop.

    Returns:
        The words in the order of the file.

    Raises:
        NoPair: Two files are not a table and its words.
        InvalidInput: The files are not as they should be; says in which line.
        TooLarge: They are larger than ``limits`` allow.
    """
    if len(files) not in (1, 2):
        raise InvalidInput("Choose one file of vectors, or two: a table and the list of its words.")
    sources = [InputStream(stream, file, limits) for file, stream in files.items()]
    if len(sources) == 1 and sources[0].peek(4) in archive.MAGIC:
        inside = dataclasses.replace(limits, max_file_bytes=None)  # of which the archive itself kept to
        sources = [InputStream(stream, file, inside) for file, stream in archive.members(sources[0]).items()]
    kinds = [kind_of(source) for source in sources]
    if len(sources) == 2:
        return _pair(sources, kinds, name, report)
    (source,), (kind,) = sources, kinds
    if kind == "csv":
        return dataclasses.replace(comma.from_source(source, report), name=name)
    if kind in ("text", "binary"):
        wv = (text if kind == "text" else binary).from_source(source, None, report)
        return dataclasses.replace(wv, name=name)
    found = _TABLES[kind](source, report)
    if found.words is None:
        raise InvalidInput(f"{source.name} holds a table without words. Choose a .txt beside it, with one word a line.")
    return _together(found, found.words, FilePosition("row", source.name), name, limits)


def _pair(sources: list[InputStream], kinds: list[str], name: str, report: ProgressCallback | None) -> WordVectors:
    """A table and its words, in either order."""
    tables = [i for i, kind in enumerate(kinds) if kind in _TABLES]
    if len(tables) == 2 and "tsv" in kinds:  # numbers may be words too
        tables = [1 - _numeric_words(sources, kinds)]
    if len(tables) != 1:
        raise NoPair(
            "Of two files one must be a table of numbers (.npy, .safetensors or vectors.tsv) and the other the list of "
            "its words (.txt with one a line, or metadata.tsv)."
        )
    table, others = sources[tables[0]], sources[1 - tables[0]]
    words = {".tsv": metadata_tsv, ".csv": word_column}.get(suffix_of(others), word_list)(others)
    found = _TABLES[kinds[tables[0]]](table, report)
    if len(words) != len(found.matrix):
        raise InvalidInput(
            f"{table.name} has {count_of(len(found.matrix), 'row')} and {others.name} {count_of(len(words), 'word')}; "
            "there must be as many of both. A list of one column has no header."
        )
    return _together(found, words, FilePosition("word", others.name), name, table.limits)


def _numeric_words(sources: list[InputStream], kinds: list[str]) -> int:
    """Which of two files of numbers is the list of words: by kind, by name, or as the one of a single column."""
    if kinds.count("tsv") == 1:
        return kinds.index("tsv")
    named = [any(name in source.name.lower() for name in _WORDS_NAMED) for source in sources]
    if named.count(True) == 1:
        return named.index(True)
    widths = [len(BLANKS.findall(first_line(source.peek(LOOKED_AT)))) for source in sources]
    return widths.index(min(widths))


def _together(
    found: arrays.Found, words: list[str], position: FilePosition, name: str, limits: FileLimits
) -> WordVectors:
    """Words and rows as one; a word that stands twice is refused, or its first row kept."""
    if len(words) != len(found.matrix):
        raise InvalidInput(
            f"{position.name} has {count_of(len(words), 'word')} for {count_of(len(found.matrix), 'row')}; there must "
            "be as many."
        )
    check_words(words, position, 1, limits)
    ids: dict[str, int] = {}
    for token_id, word in enumerate(words):
        if ids.setdefault(word, token_id) != token_id and not limits.keep_first:
            raise position.duplicate_error(word, ids[word] + 1, token_id + 1)
    matrix = found.matrix if len(ids) == len(words) else found.matrix[np.fromiter(ids.values(), np.int64, len(ids))]
    return WordVectors.of(name, tuple(ids), matrix)


_WORDS_NAMED = ("metadata", "label", "word", "vocab")  # in the name of a list of words
_TABLES: Mapping[str, Callable[[InputStream, ProgressCallback | None], arrays.Found]] = MappingProxyType(
    {"npy": arrays.npy, "safetensors": arrays.safetensors, "tsv": arrays.vectors_tsv}
)
