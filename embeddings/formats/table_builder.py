"""Words and their rows as they come in, in a table that grows."""

import math
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.common import LARGEST, InvalidInput, ProgressCallback, as_count
from embeddings.formats.limits import FileLimits
from embeddings.vectors import WordVectors

_HEADER = re.compile(rb"[ \t]*([0-9]{1,12})[ \t]+([0-9]{1,12})\s*")


@dataclass(frozen=True)
class FilePosition:
    """How to say where in a file something stands.

    Attributes:
        unit: "line", "word" or "row"; they are counted from 1.
        name: What the file is called.

    >>> FilePosition("line", "glove.txt").at(1234)
    'Line 1,234 of glove.txt'
    """

    unit: str
    name: str

    def at(self, number: int) -> str:
        return f"{self.unit.capitalize()} {number:,} of {self.name}"

    def duplicate_error(self, word: str, one: int, other: int) -> InvalidInput:
        """The error for a word that stands in ``one`` place and in the ``other``."""
        return InvalidInput(
            f"{self.at(other)} has the word {word!r} again, which {self.unit} {one:,} has already. "
            "Each word may have one row only."
        )

    def decoded(self, words: Sequence[bytes], first: int) -> list[str]:
        """``words`` in UTF-8 as text; the first of them has the number ``first``.

        Raises:
            InvalidInput: One is empty or not UTF-8.
        """
        if b"" in words:
            raise InvalidInput(f"{self.at(first + words.index(b''))} has no word.")
        try:
            return [word.decode() for word in words]
        except UnicodeDecodeError as error:
            number = first + words.index(error.object)
            shown = "".join(filter(str.isprintable, error.object[:20].decode(errors="replace")))
            raise InvalidInput(f"{self.at(number)} is not text in UTF-8: {shown!r}. Save the file as UTF-8.") from None


class TableBuilder:
    """A float32 table [V, D] in the making, and its words; ``len`` is how many there are so far.

    Attributes:
        expected: How many words there will be, as far as is known; infinity otherwise.
    """

    def __init__(
        self,
        name: str,
        dimension: int,
        limits: FileLimits,
        position: FilePosition,
        promised: int | None,
        max_rows: int | None,
    ):
        """Make room.

        Args:
            name: What the file is called.
            dimension: D.
            limits: What may be read.
            position: How to say where a word stands.
            promised: How many words the file says it has; None where it does not say.
            max_rows: How many of the first words to keep; None for all.

        Raises:
            InvalidInput: Too many words or dimensions, or none.
            TooLarge: The table would take too much memory.
        """
        self._max_rows = math.inf if max_rows is None else as_count(max_rows, "The number of words to keep", 1, 10**9)
        self._name, self._limits, self._position = name, limits, position
        self.expected = min(math.inf if promised is None else promised, self._max_rows)
        room = 1 if promised is None else int(self.expected)
        limits.check_size(room, dimension, name)
        self._ids: dict[str, int] = {}
        self._matrix = np.empty((room, dimension), dtype=np.float32)

    @property
    def missing(self) -> int:
        """How many words may still come until there are as many as were asked for."""
        return int(min(self._max_rows - len(self._ids), sys.maxsize))

    @property
    def full(self) -> bool:
        """Whether there are as many words as were asked for."""
        return self.missing == 0

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, words: Sequence[str], rows: NDArray[np.float32], first: int) -> None:
        """Take in ``words`` [N <= missing] and their ``rows`` [N, D]; the first has the number ``first`` in the file.

        Raises:
            InvalidInput: A row holds NaN or too large a number, a word is too long or stands twice, or there are too
                many.
            TooLarge: The table would take too much memory.
        """
        check_words(words, self._position, first, self._limits)
        check_numbers(rows, self._position, first)
        start, new = len(self._ids), []
        for position, word in enumerate(words):
            token_id = len(self._ids)
            if self._ids.setdefault(word, token_id) == token_id:
                new.append(position)
            elif not self._limits.keep_first:
                # none was left out so far, so the file's numbers run with the ids
                raise self._position.duplicate_error(word, first - start + self._ids[word], first + position)
        self._make_room(len(self._ids))
        self._matrix[start : len(self._ids)] = rows if len(new) == len(rows) else rows[new]

    def finished(self) -> WordVectors:
        """The table as it stands; it takes no more."""
        self._limits.check_size(len(self._ids), self._matrix.shape[1], self._name)
        self._matrix.resize((len(self._ids), self._matrix.shape[1]), refcheck=False)
        words, self._ids = tuple(self._ids), {}
        return WordVectors.of(self._name, words, self._matrix)

    def report_to(self, report: ProgressCallback | None) -> None:
        """Say how far reading is."""
        if report is None:
            return
        known = self.expected < math.inf
        of = f" of {self.expected:,}" if known else ""
        report(len(self) / self.expected if known else math.nan, f"{len(self):,}{of} words read")

    def _make_room(self, words: int) -> None:
        room, dimension = self._matrix.shape
        if words <= room:
            return
        self._limits.check_size(words, dimension, self._name)
        # resize moves large pages instead of copying them, so the table is never there twice
        self._matrix.resize((int(min(max(words, 1.25 * room), self.expected)), dimension), refcheck=False)


def check_numbers(rows: NDArray[np.float32], position: FilePosition, first: int) -> None:
    """Pass ``rows`` [N, D], the first with the number ``first``, when every entry lies within ±``LARGEST``.

    Raises:
        InvalidInput: One is NaN, infinite or larger.
    """
    if rows.size == 0 or (rows.min() >= -LARGEST and rows.max() <= LARGEST):  # NaN is within nothing
        return
    row = int(np.argmin((np.abs(rows) <= LARGEST).all(axis=1)))
    raise InvalidInput(
        f"{position.at(first + row)} holds NaN or too large a number; every number must lie within ±{LARGEST:.0e}."
    )


def check_words(words: Sequence[str], position: FilePosition, first: int, limits: FileLimits) -> None:
    """Pass ``words``, the first with the number ``first``, none of which is longer than may be.

    Raises:
        InvalidInput: One is.
    """
    if words and max(map(len, words)) > limits.longest_word:
        number, word = next((i, word) for i, word in enumerate(words, first) if len(word) > limits.longest_word)
        word_of = "" if position.unit == "word" else "a word of "
        raise InvalidInput(
            f"{position.at(number)} has {word_of}{len(word):,} characters, {word[:20]!r} and so on; at most "
            f"{limits.longest_word:,} can be read. Take it out."
        )


def header_of(line: bytes) -> tuple[int, int] | None:
    """V and D, if ``line`` is the first of a word2vec file: two whole numbers."""
    match = _HEADER.fullmatch(line)
    return match and (int(match[1]), int(match[2]))


def half_character(words: Sequence[str]) -> str | None:
    """The first half of a surrogate pair among ``words``, which is no character and cannot be shown or written."""
    try:
        "".join(words).encode()
    except UnicodeEncodeError as error:
        return error.object[error.start]
    return None
