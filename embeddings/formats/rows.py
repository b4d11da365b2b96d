"""Rows of numbers written as text, and where in a line the numbers begin."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.common import InvalidInput, count_of
from embeddings.formats.table_builder import FilePosition

BLANKS = re.compile(rb"[ \t]+")
_LIKE_A_NUMBER = re.compile(rb"[-+]?\.?[0-9][0-9.,_xeE+-]*")  # as people write them, so that 1,5 is no part of a word


def word_and_numbers(line: bytes, dimension: int, separator: bytes, sure: bool) -> tuple[bytes, bytes]:
    """The word at the beginning of ``line``, and the last ``dimension`` fields with one ``separator`` between any two.

    Blanks part the fields, one or several, tabs or spaces; those before the word are no part of it. A word may hold
    blanks, as ``at name@domain.com`` and ``. . .`` in GloVe's tables do. Where nobody said how many numbers there are,
    so that ``dimension`` is not ``sure``, it may not end in what looks like a number: then the line is given back as
    parted by the first blank, and has too many numbers.
    """
    blanks = [match.span() for match in BLANKS.finditer(line)]
    start, stop = blanks[-dimension] if dimension <= len(blanks) else blanks[0] if blanks else (len(line), len(line))
    *others, last = BLANKS.split(_stripped(line[:start]))
    if others and not sure and _looks_like_a_number(last):
        start, stop = blanks[line.startswith((b" ", b"\t"))]
    return _stripped(line[:start]), separator.join(BLANKS.split(line[stop:]))


def _stripped(word: bytes) -> bytes:
    return word.lstrip(b" \t")


def numbers_at_the_end(line: bytes) -> int:
    """How many fields at the end of ``line`` are numbers, the first field being none."""
    fields = BLANKS.split(_stripped(line))[1:]
    return next((count for count, field in enumerate(reversed(fields)) if not is_number(field)), len(fields))


def _looks_like_a_number(field: bytes) -> bool:
    return is_number(field) or _LIKE_A_NUMBER.fullmatch(field) is not None


def parsed(
    rows: Sequence[bytes], dimension: int, separator: str, position: FilePosition, first: int, between: str = ""
) -> NDArray[np.float32]:
    """``rows`` [N] of ``dimension`` numbers each, as float32 [N, D].

    Args:
        rows: Numbers with one ``separator`` between any two.
        dimension: D.
        separator: One character.
        position: How to say where a row stands.
        first: Number of the first row in the file.
        between: What the file itself has between two numbers, if not ``separator``.

    Raises:
        InvalidInput: A row has more or fewer numbers, or something that is no number.
    """
    if b"" in rows:  # of which loadtxt would take no notice
        raise _fault(rows, dimension, separator, position, first, between)
    try:
        matrix = np.loadtxt(rows, dtype=np.float32, delimiter=separator, comments=None, ndmin=2)
    except ValueError:
        raise _fault(rows, dimension, separator, position, first, between) from None
    if matrix.shape != (len(rows), dimension):
        raise _fault(rows, dimension, separator, position, first, between)
    return matrix


def _fault(
    rows: Sequence[bytes], dimension: int, separator: str, position: FilePosition, first: int, between: str
) -> InvalidInput:
    """The error for the first row that does not hold ``dimension`` numbers."""
    between = between or {" ": "space", "\t": "tab"}[separator]
    for number, row in enumerate(rows, first):
        fields = row.split(separator.encode()) if row else []
        if odd := [field for field in fields if not is_number(field)]:
            shown = odd[0][:30].decode(errors="replace")
            return InvalidInput(
                f"{position.at(number)} has {shown!r} where a number should be. Put one word or number after the other "
                f"with a {between} between any two, and write decimals with a point."
            )
        if len(fields) != dimension:
            expected = "1 is" if dimension == 1 else f"{dimension:,} are"
            return InvalidInput(
                f"{position.at(number)} has {count_of(len(fields), 'number')}; {expected} expected in each row."
            )
    return InvalidInput(f"{position.at(first)}, or one of the {len(rows):,} from there on, cannot be read as numbers.")


def is_number(field: bytes) -> bool:
    """Whether ``field`` is a number as programs write it: NaN and infinity are, 1_000 and 0x10 are not."""
    try:
        float(field)
    except ValueError:
        return False
    return b"_" not in field
