"""Vectors as text, a word and its numbers in each line: word2vec, GloVe and fastText's ``.vec``."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from embeddings.common import InvalidInput, ProgressCallback, count_of
from embeddings.formats.input_stream import InputStream, line_blocks
from embeddings.formats.limits import FileLimits
from embeddings.formats.rows import BLANKS, is_number, numbers_at_the_end, parsed, word_and_numbers
from embeddings.formats.table_builder import FilePosition, TableBuilder, header_of
from embeddings.vectors import WordVectors


def read_text(
    stream: BinaryIO,
    name: str,
    *,
    limits: FileLimits,
    max_rows: int | None = None,
    report: ProgressCallback | None = None,
) -> WordVectors:
    """Read word2vec or GloVe text, plain or gzip, line by line; never the whole text at once.

    A first line of two whole numbers is word2vec's "V D"; GloVe has none. Only the ASCII space and the tab separate,
    since published words hold others, such as the no-break space. Words may hold spaces: the last D fields are the
    numbers.

    Args:
        stream: Read forwards only, so it may come over the network.
        name: What the vectors, and the file in messages, are called.
        limits: How much may be read.
        max_rows: Keep the first so many words, the most frequent in published files, and stop reading there.
        report: Called now and then with how far it is, 0 to 1 or NaN, and in words; may raise to stop.

    Returns:
        The words in the order of the file.

    Raises:
        InvalidInput: The file is not as it should be; says in which line.
        TooLarge: It is larger than ``limits`` allow.

    References:
        https://nlp.stanford.edu/projects/glove/, https://fasttext.cc/docs/en/english-vectors.html
    """
    return from_source(InputStream(stream, name, limits), max_rows, report)


def from_source(source: InputStream, max_rows: int | None, report: ProgressCallback | None) -> WordVectors:
    """``read_text`` of what was opened already."""
    position = FilePosition("line", source.name)
    blocks = line_blocks(source, strip=b" \t\r")
    start, lines = next(blocks, (1, []))
    header = header_of(lines[0]) if lines else None
    if header:
        start, lines = start + 1, lines[1:]
        promised, dimension = header
    else:
        promised, dimension = None, _dimension(lines, position)
    table = TableBuilder(source.name, dimension, source.limits, position, promised, max_rows)
    rows_read = 0
    for first, part in _parts(chain([(start, lines)], blocks), table):
        rows_read += len(part)
        if promised is not None and rows_read > promised:
            raise InvalidInput(
                f"{position.at(1)} promises {count_of(promised, 'word')}, but there are more. Correct it."
            )
        words, rows = _parted(part, dimension, position, first, sure=header is not None)
        table.add(position.decoded(words, first), rows, first)
        table.report_to(report)
    if promised is not None and rows_read < promised and not table.full:
        raise InvalidInput(
            f"{source.name} ends after line {rows_read + 1:,}, with {count_of(rows_read, 'word')}; its first line "
            f"promises {promised:,}. It was probably not copied whole."
        )
    return table.finished()


def _dimension(lines: list[bytes], position: FilePosition) -> int:
    """How many numbers the first of ``lines`` has."""
    if not lines:
        raise InvalidInput(f"{position.name} is empty.")
    _check_no_header(lines, position)
    dimension = lines[0].count(b" ")
    numbers = numbers_at_the_end(lines[0])
    if numbers != dimension and numbers > 0:  # blanks in the first word, tabs, or several blanks
        dimension = numbers
    if dimension == 0:
        raise InvalidInput(
            f"{position.at(1)} has no numbers: each line should be a word and its numbers, spaces between."
        )
    return dimension


def _check_no_header(lines: list[bytes], position: FilePosition) -> None:
    """Pass lines the first of which is a word and its numbers, and not a header gone wrong.

    Raises:
        InvalidInput: Two numbers stand there, and more than one after the next word.
    """
    fields = BLANKS.split(lines[0].lstrip(b" \t"))
    alone = len(fields) == 2 and all(map(is_number, fields))
    if alone and any(numbers_at_the_end(line) > 1 for line in lines[1:2]):
        raise InvalidInput(
            f"{position.at(1)} looks like word2vec's header, but {lines[0][:40].decode()!r} does not say how many "
            "words there are and how many numbers each has. Write two whole numbers, such as 400000 50, or take the "
            "line out."
        )


def _parted(
    lines: list[bytes], dimension: int, position: FilePosition, first: int, sure: bool
) -> tuple[Sequence[bytes], NDArray[np.float32]]:
    """The words of ``lines`` and their rows of numbers [N, D]; ``sure`` where the file says D."""
    words, _, rows = zip(*[line.partition(b" ") for line in lines], strict=True)
    try:
        return words, parsed(rows, dimension, " ", position, first)
    except InvalidInput:  # not one space between any two fields: then look closer, which takes longer
        words, rows = zip(*[word_and_numbers(line, dimension, b" ", sure) for line in lines], strict=True)
        return words, parsed(rows, dimension, " ", position, first)


def _parts(blocks: Iterable[tuple[int, list[bytes]]], table: TableBuilder) -> Iterator[tuple[int, list[bytes]]]:
    """The ``blocks`` of lines, cut so that none brings more words than ``table`` still takes, until it is full."""
    for first, lines in blocks:
        while lines and not table.full:
            part = lines[: table.missing]
            yield first, part
            first, lines = first + len(part), lines[len(part) :]
        if table.full:
            return
