"""word2vec's binary format: a line "V D", then for each word its letters, a space, and D float32."""

from typing import BinaryIO

import numpy as np

from embeddings.common import InvalidInput, ProgressCallback, count_of
from embeddings.formats.input_stream import BLOCK, BrokenOff, InputStream
from embeddings.formats.limits import FileLimits
from embeddings.formats.table_builder import FilePosition, TableBuilder, header_of
from embeddings.vectors import WordVectors

_LONGEST_WORD = 10_000  # bytes


def read_binary(
    stream: BinaryIO,
    name: str,
    *,
    limits: FileLimits,
    max_rows: int | None = None,
    report: ProgressCallback | None = None,
) -> WordVectors:
    """Read word2vec's binary format, plain or gzip, bit by bit.

    The original program writes a line feed after each vector, Google's files and gensim's have none: both are read.

    Args:
        stream: Read forwards only, so it may come over the network.
        name: What the vectors, and the file in messages, are called.
        limits: How much may be read.
        max_rows: Keep the first so many words, the most frequent in published files, and stop reading there.
        report: Called now and then with how far it is, 0 to 1, and in words; may raise to stop.

    Returns:
        The words in the order of the file.

    Raises:
        InvalidInput: The file is not as it should be; says at which word.
        TooLarge: It is larger than ``limits`` allow.

    References:
        https://code.google.com/archive/p/word2vec/
    """
    return from_source(InputStream(stream, name, limits), max_rows, report)


def from_source(source: InputStream, max_rows: int | None, report: ProgressCallback | None) -> WordVectors:
    """``read_binary`` of what was opened already."""
    position = FilePosition("word", source.name)
    promised, dimension = _header(source)
    table = TableBuilder(source.name, dimension, source.limits, position, promised, max_rows)
    done, rest = 0, b""
    while done < promised and not table.full:
        piece = _read(source, BLOCK, done, promised)
        rest += piece
        words, rows, used = cut(rest, 4 * dimension, min(promised - done, table.missing))
        if not words and not piece:
            raise _broken_off(source, done, promised)
        if not words and len(rest) > _LONGEST_WORD + 4 * dimension:
            raise InvalidInput(
                f"{position.at(done + 1)} has no end: no space follows it. The file is probably damaged."
            )
        vectors = np.frombuffer(b"".join(rows), "<f4").reshape(-1, dimension)
        table.add(position.decoded(words, done + 1), vectors, done + 1)
        done, rest = done + len(words), rest[used:]
        table.report_to(report)
    if not table.full and (rest + _read(source, 2, done, promised)).strip(b"\n"):
        raise InvalidInput(
            f"{source.name} goes on after the {count_of(promised, 'word')} that its first line promises."
        )
    return table.finished()


def _header(source: InputStream) -> tuple[int, int]:
    line, ended, _ = source.peek(40).partition(b"\n")
    header = header_of(line) if ended else None
    if header is None:
        raise InvalidInput(
            f"{source.name} does not begin with a line of two numbers, how many words and how many dimensions, as "
            "word2vec's binary format does. It is damaged, or of another format."
        )
    source.read(len(line) + 1)
    return header


def _read(source: InputStream, count: int, done: int, promised: int) -> bytes:
    try:
        return source.read(count)
    except BrokenOff as fault:
        raise _broken_off(source, done, promised, f": {fault}") from None


def _broken_off(
    source: InputStream, done: int, promised: int, why: str = ". It was probably not copied whole."
) -> InvalidInput:
    where = f"in word {done + 1:,}" if done < promised else f"after word {done:,}"
    return InvalidInput(f"{source.name} breaks off {where} of {promised:,}{why}")


def cut(data: bytes, row_bytes: int, max_rows: int) -> tuple[list[bytes], list[bytes], int]:
    """Up to ``max_rows`` words at the front of ``data``, the bytes of their rows, and how many bytes those are in "
    "all."""
    words: list[bytes] = []
    rows: list[bytes] = []
    start = 0
    while len(words) < max_rows:
        space = data.find(b" ", start, start + _LONGEST_WORD)
        end = space + 1 + row_bytes
        if space < 0 or end > len(data):
            break
        words.append(data[start:space].lstrip(b"\n"))
        rows.append(data[space + 1 : end])
        start = end
    return words, rows, start
