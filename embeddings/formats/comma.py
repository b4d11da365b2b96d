"""Vectors as comma-separated values: a word and its numbers in each row, as ``embeddings.formats.write`` puts them.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, so that a word which does is
written with an apostrophe before it, and one that has apostrophes before such a sign with one more.

References:
    RFC 4180, https://www.rfc-editor.org/rfc/rfc4180; OWASP, "CSV Injection".
"""

import csv
import re
from collections.abc import Iterator, Sequence

from embeddings.common import InvalidInput, ProgressCallback
from embeddings.formats.input_stream import BLOCK, BYTE_ORDER_MARK, BrokenOff, InputStream, longest_line
from embeddings.formats.rows import is_number, parsed
from embeddings.formats.table_builder import FilePosition, TableBuilder
from embeddings.vectors import WordVectors

_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
# Of a column of words; pandas writes nothing there, and reads that as "Unnamed: 0".
_NAMES = ("", "unnamed: 0", "word", "words", "token", "tokens", "label", "labels", "term", "terms", "name", "key")
_NAME = re.compile(r"\s*[^\W\d].*")  # of a column of numbers: it begins with a letter
_MISSING = (
    "na",
    "n/a",
    "nan",
    "null",
    "none",
    "nil",
    "inf",
    "infinity",
    "missing",
    "true",
    "false",
)  # in a number's place
_AT_ONCE = 1_000  # rows parsed together


def header(dimension: int) -> list[str]:
    """The names of the columns that ``write`` puts first."""
    return ["token", *map(str, range(dimension))]


def guard_formula(word: str) -> str:
    """``word`` so that no spreadsheet takes it for a formula.

    >>> guard_formula("=1+1"), guard_formula("cat"), guard_formula("'-")
    ("'=1+1", 'cat', "''-")
    """
    return f"'{word}" if _FORMULA.match(word) else word


def unguard_formula(word: str) -> str:
    """The word that ``guard_formula`` made ``word`` of."""
    return word[1:] if word.startswith("'") and _FORMULA.match(word) else word


def from_source(source: InputStream, report: ProgressCallback | None) -> WordVectors:
    """Read the table; a first row of names is left out."""
    position = FilePosition("row", source.name)
    rows, first = records(source), 1
    start = next(rows, None)
    if start is None:
        raise InvalidInput(f"{source.name} is empty.")
    if len(start) < 2:
        raise InvalidInput(f"{position.at(1)} has no numbers: each should be a word and its numbers, commas between.")
    dimension = len(start) - 1
    table = TableBuilder(source.name, dimension, source.limits, position, None, None)
    ours, batch = start == header(dimension), [start]
    if ours or _is_header(start, position):
        batch, first = [], 2
    while batch or (batch := list(_some(rows))):
        words = [unguard_formula(word) if ours else word for word, *_ in batch]
        lines = ["\t".join(numbers).encode() for _, *numbers in batch]
        table.add(words, parsed(lines, dimension, "\t", position, first, "comma"), first)
        table.report_to(report)
        first, batch = first + len(batch), []
    return table.finished()


def _is_header(record: Sequence[str], position: FilePosition) -> bool:
    """Whether the first row names the columns. Only what its first cell is called tells, so that no word gets lost.

    Raises:
        InvalidInput: It may be names, or a word whose numbers cannot be read.
    """
    names = record[1:]
    of_words = record[0].strip().lower() in _NAMES
    if all(is_number(name.encode()) for name in names):
        return of_words and any(list(names) == [str(i + begin) for i in range(len(names))] for begin in (0, 1))
    if not all(_NAME.fullmatch(name) and name.strip().lower() not in _MISSING for name in names):
        return False  # what is no number there is said as of any other row
    if not of_words and not any(is_number(name.encode()) for name in names):
        raise InvalidInput(
            f"{position.at(1)} has no number: {', '.join(record)[:60]!r}. If it names the columns, call the first "
            "'word'. If it is a word with its numbers, put the numbers there."
        )
    return of_words


def _some(records: Iterator[list[str]]) -> Iterator[list[str]]:
    for _, record in zip(range(_AT_ONCE), records, strict=False):
        yield record


def records(source: InputStream) -> Iterator[list[str]]:
    """The rows as lists of texts; blank lines are left out."""
    lines = _Lines(source)
    reader = csv.reader(lines, strict=True)
    try:
        for record in reader:
            lines.since = 0
            if record:
                yield record
    except csv.Error:  # in Python's own words, which are about Python
        if lines.since > csv.field_size_limit():
            raise lines.too_long() from None
        raise InvalidInput(
            f"Line {lines.number:,} of {source.name} has a quote that is not as a CSV file has it. Put a word that "
            "holds commas or quotes between quotes, and double the quotes in it."
        ) from None


class _Lines:
    """Lines with their ends, as text; a row may go over several, but not without end.

    Attributes:
        number: Of the last line, counted from 1.
        since: Bytes since whoever reads them set it to 0.
    """

    def __init__(self, source: InputStream):
        self.number, self.since = 0, 0
        self._source, self._blocks = source, self._read()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._blocks)
        self.number += 1
        self.since += len(line)
        if self.since > longest_line(self._source.limits):
            raise self.too_long()
        try:
            return (line.removeprefix(BYTE_ORDER_MARK) if self.number == 1 else line).decode()
        except UnicodeDecodeError:
            raise InvalidInput(
                f"Line {self.number:,} of {self._source.name} is not text in UTF-8. Save the file as UTF-8."
            ) from None

    def too_long(self) -> InvalidInput:
        """The error for a row that goes on and on."""
        return InvalidInput(
            f"Line {self.number:,} of {self._source.name} belongs to a row too long for a word and its vector. "
            "Perhaps a quote is missing."
        )

    def _read(self) -> Iterator[bytes]:
        """Lines end with a line feed, a carriage return, or both."""
        rest = b""
        while True:
            try:
                piece = self._source.read(BLOCK)
            except BrokenOff as fault:
                raise InvalidInput(f"{self._source.name} breaks off after line {self.number:,}: {fault}") from None
            rest += piece
            if not piece:
                yield from rest.splitlines(keepends=True)
                return
            # the last line may go on, and a carriage return at the very end may belong to a line feed
            *lines, rest = rest.splitlines(keepends=True)
            yield from lines
            if len(rest) > longest_line(self._source.limits):
                raise InvalidInput(
                    f"{self._source.name} has too long a line for a word and its vector, after line {self.number:,}."
                )
