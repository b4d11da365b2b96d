"""The one way in: whatever kind of file it is, its words and vectors."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import PurePath
from types import MappingProxyType
from typing import BinaryIO

import numpy as np

from embeddings.errors import InvalidInput
from embeddings.formats import arrays, binary, text
from embeddings.formats.limits import UPLOAD, Limits
from embeddings.formats.rows import is_number
from embeddings.formats.source import BYTE_ORDER_MARK, Source
from embeddings.formats.table import Place, Report, header_of
from embeddings.formats.words import metadata_tsv, word_list
from embeddings.word_vectors import WordVectors

# Files that are something else, by their first bytes, and what would work instead.
_OTHERS = (
    (b"PK\x03\x04", "is a zip archive. Unpack it, and choose the file of vectors in it."),
    (b"\x80\x02", "is a pickle, which could run code and is never opened. Save it as word2vec text or binary."),
    (b"\x80\x03", "is a pickle, which could run code and is never opened. Save it as word2vec text or binary."),
    (b"\x80\x04", "is a pickle, which could run code and is never opened. Save it as word2vec text or binary."),
    (b"\x80\x05", "is a pickle, which could run code and is never opened. Save it as word2vec text or binary."),
    (b"\xba\x16\x4f\x2f", "is a whole fastText model. Choose the .vec file that is published beside it."),
    (b"\x89HDF", "is an HDF5 file. Save its table as .npy with a word list."),
)


def read(
    files: Mapping[str, BinaryIO], name: str, *, limits: Limits = UPLOAD, report: Report | None = None
) -> WordVectors:
    """Read one file of vectors, or a table and the list of its words.

    Args:
        files: Names to streams open for reading bytes. A name only helps to tell the kind; no path is opened.
        name: What the vectors are called.
        limits: How much may be read.
        report: Called now and then with how far it is, 0 to 1 or NaN, and in words; may raise to stop.

    Returns:
        The words in the order of the file.

    Raises:
        InvalidInput: The files are not as they should be; says in which line.
        TooLarge: They are larger than ``limits`` allow.
    """
    if len(files) not in (1, 2):
        raise InvalidInput("Choose one file of vectors, or two: a table and the list of its words.")
    sources = [Source(stream, file, limits) for file, stream in files.items()]
    kinds = [_kind(source) for source in sources]
    if len(sources) == 2:
        return _pair(sources, kinds, name, report)
    (source,), (kind,) = sources, kinds
    if kind in ("text", "binary"):
        wv = (text if kind == "text" else binary).from_source(source, None, report)
        return dataclasses.replace(wv, name=name)
    found = _TABLES[kind](source, report)
    if found.words is None:
        raise InvalidInput(f"{source.name} holds a table without words. Choose a .txt beside it, with one word a line.")
    return _together(found, found.words, Place("row", source.name), name, limits)


def _pair(sources: list[Source], kinds: list[str], name: str, report: Report | None) -> WordVectors:
    """A table and its words, in either order."""
    tables = [i for i, kind in enumerate(kinds) if kind in _TABLES]
    if len(tables) == 2:  # numbers may be words too
        tables = [i for i in tables if "metadata" not in sources[i].name.lower()]
    if len(tables) != 1:
        raise InvalidInput(
            "Of two files one must be a table of numbers (.npy, .safetensors or vectors.tsv) and the other the list of "
            "its words (.txt with one a line, or metadata.tsv)."
        )
    table, others = sources[tables[0]], sources[1 - tables[0]]
    words = (metadata_tsv if _suffix(others) == ".tsv" else word_list)(others)
    found = _TABLES[kinds[tables[0]]](table, report)
    if len(words) != len(found.matrix):
        raise InvalidInput(
            f"{table.name} has {len(found.matrix):,} rows and {others.name} {len(words):,} words; there must be as "
            "many of both. A list of one column has no header."
        )
    return _together(found, words, Place("word", others.name), name, table.limits)


def _together(found: arrays.Found, words: list[str], place: Place, name: str, limits: Limits) -> WordVectors:
    """Words and rows as one; a word that stands twice is refused, or its first row kept."""
    if len(words) != len(found.matrix):
        raise InvalidInput(
            f"{place.name} has {len(words):,} words for {len(found.matrix):,} rows; there must be as many."
        )
    ids: dict[str, int] = {}
    for id, word in enumerate(words):
        if ids.setdefault(word, id) != id and not limits.keep_first:
            raise place.twice(word, ids[word] + 1, id + 1)
    matrix = found.matrix if len(ids) == len(words) else found.matrix[np.fromiter(ids.values(), np.int64, len(ids))]
    return WordVectors.of(name, tuple(ids), matrix)


def _kind(source: Source) -> str:
    """What ``source`` holds: by its first bytes where they are unmistakable, then by name, then by content."""
    start = source.peek(1 << 16)
    if not start:
        raise InvalidInput(f"{source.name} is empty, or not a whole gzip file.")
    for magic, sentence in _OTHERS:
        if start.startswith(magic):
            raise InvalidInput(f"{source.name} {sentence}")
    suffix = _suffix(source)
    if start.startswith(b"\x93NUMPY") or suffix == ".npy":
        return "npy"
    if suffix == ".safetensors" or start[7:9] == b"\0{":
        return "safetensors"
    if suffix == ".bin":
        return "binary"
    if suffix == ".tsv" and _all_numbers(start):
        return "tsv"
    if suffix in (".txt", ".vec", ".tsv"):
        return "text"
    return "binary" if _looks_binary(start) else "text"


def _suffix(source: Source) -> str:
    """The name's ending, without that of gzip: ".txt" for "glove.txt.gz"."""
    path = PurePath(source.name.lower())
    return PurePath(path.stem).suffix if path.suffix == ".gz" else path.suffix


def _all_numbers(start: bytes) -> bool:
    """Whether the first line holds numbers only, tabs between."""
    line, ended, _ = start.removeprefix(BYTE_ORDER_MARK).partition(b"\n")
    fields = line.rstrip(b"\r").split(b"\t")
    return all(map(is_number, fields if ended or len(start) < 1 << 16 else fields[:-1]))


def _looks_binary(start: bytes) -> bool:
    """Whether a word2vec header is followed by bytes that no text has."""
    line, _, rest = start.partition(b"\n")
    if header_of(line) is None:
        return False
    return any(byte < 9 or 13 < byte < 32 for byte in rest) or not _is_utf8(rest)


def _is_utf8(start: bytes) -> bool:
    try:
        start.decode()
    except UnicodeDecodeError as error:
        return error.end >= len(start) and error.reason == "unexpected end of data"
    return True


_TABLES: Mapping[str, Callable[[Source, Report | None], arrays.Found]] = MappingProxyType(
    {"npy": arrays.npy, "safetensors": arrays.safetensors, "tsv": arrays.vectors_tsv}
)
