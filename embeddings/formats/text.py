"""Vectors as text, a word and its numbers in each line: word2vec, GloVe and fastText's ``.vec``."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO

from embeddings.errors import InvalidInput
from embeddings.formats.limits import Limits
from embeddings.formats.rows import parsed
from embeddings.formats.source import Source, line_blocks
from embeddings.formats.table import Place, Report, Table, header_of
from embeddings.word_vectors import WordVectors


def read_text(
    stream: BinaryIO, name: str, *, limits: Limits, most: int | None = None, report: Report | None = None
) -> WordVectors:
    """Read word2vec or GloVe text, plain or gzip, line by line; never the whole text at once.

    A first line of two whole numbers is word2vec's "V D"; GloVe has none. Only the ASCII space separates, since
    published words hold others, such as the no-break space.

    Args:
        stream: Read forwards only, so it may come over the network.
        name: What the vectors, and the file in messages, are called.
        limits: How much may be read.
        most: Keep the first so many words, the most frequent in published files, and stop reading there.
        report: Called now and then with how far it is, 0 to 1 or NaN, and in words; may raise to stop.

    Returns:
        The words in the order of the file.

    Raises:
        InvalidInput: The file is not as it should be; says in which line.
        TooLarge: It is larger than ``limits`` allow.

    References:
        https://nlp.stanford.edu/projects/glove/, https://fasttext.cc/docs/en/english-vectors.html
    """
    return from_source(Source(stream, name, limits), most, report)


def from_source(source: Source, most: int | None, report: Report | None) -> WordVectors:
    """``read_text`` of what was opened already."""
    place = Place("line", source.name)
    blocks = line_blocks(source, strip=b" \r")
    start, lines = next(blocks, (1, []))
    header = header_of(lines[0]) if lines else None
    if header:
        start, lines = start + 1, lines[1:]
        promised, dimension = header
    else:
        promised, dimension = None, _dimension(lines, place)
    table = Table(source.name, dimension, source.limits, place, promised, most)
    rows_read = 0
    for first, part in _parts(chain([(start, lines)], blocks), table):
        rows_read += len(part)
        if promised is not None and rows_read > promised:
            raise InvalidInput(f"{place.at(1)} promises {promised:,} words, but there are more. Correct it.")
        words, _, rows = zip(*[line.partition(b" ") for line in part], strict=True)
        table.add(place.decoded(words, first), parsed(rows, dimension, " ", place, first), first)
        table.report_to(report)
    if promised is not None and rows_read < promised and not table.full:
        raise InvalidInput(
            f"{source.name} ends after line {rows_read + 1:,}, with {rows_read:,} words; its first line promises "
            f"{promised:,}. It was probably not copied whole."
        )
    return table.finished()


def _dimension(lines: list[bytes], place: Place) -> int:
    """How many numbers the first of ``lines`` has."""
    if not lines:
        raise InvalidInput(f"{place.name} is empty.")
    dimension = lines[0].count(b" ")
    if dimension == 0:
        raise InvalidInput(f"{place.at(1)} has no numbers: each line should be a word and its numbers, spaces between.")
    return dimension


def _parts(blocks: Iterable[tuple[int, list[bytes]]], table: Table) -> Iterator[tuple[int, list[bytes]]]:
    """The ``blocks`` of lines, cut so that none brings more words than ``table`` still takes, until it is full."""
    for first, lines in blocks:
        while lines and not table.full:
            part = lines[: table.missing]
            yield first, part
            first, lines = first + len(part), lines[len(part) :]
        if table.full:
            return
