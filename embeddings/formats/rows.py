"""Rows of numbers written as text."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import InvalidInput
from embeddings.formats.table import Place


def parsed(rows: Sequence[bytes], dimension: int, separator: str, place: Place, first: int) -> NDArray[np.float32]:
    """``rows`` [N] of ``dimension`` numbers each, as float32 [N, D].

    Args:
        rows: Numbers with one ``separator`` between any two.
        dimension: D.
        separator: One character.
        place: How to say where a row stands.
        first: Number of the first row in the file.

    Raises:
        InvalidInput: A row has more or fewer numbers, or something that is no number.
    """
    if b"" in rows:  # of which loadtxt would take no notice
        raise _fault(rows, dimension, separator, place, first)
    try:
        matrix = np.loadtxt(rows, dtype=np.float32, delimiter=separator, comments=None, ndmin=2)
    except ValueError:
        raise _fault(rows, dimension, separator, place, first) from None
    if matrix.shape != (len(rows), dimension):
        raise _fault(rows, dimension, separator, place, first)
    return matrix


def _fault(rows: Sequence[bytes], dimension: int, separator: str, place: Place, first: int) -> InvalidInput:
    """The error for the first row that does not hold ``dimension`` numbers."""
    between = {" ": "a space", "\t": "a tab"}[separator]
    for number, row in enumerate(rows, first):
        fields = row.split(separator.encode()) if row else []
        if odd := [field for field in fields if not is_number(field)]:
            shown = odd[0][:30].decode(errors="replace")
            return InvalidInput(
                f"{place.at(number)} has {shown!r} where a number should be. Put one word or number after the other "
                f"with {between} between any two, and write decimals with a point."
            )
        if len(fields) != dimension:
            numbers = "1 number" if len(fields) == 1 else f"{len(fields):,} numbers"
            return InvalidInput(f"{place.at(number)} has {numbers}; {dimension:,} are expected in each row.")
    return InvalidInput(f"{place.at(first)}, or one of the {len(rows):,} from there on, cannot be read as numbers.")


def is_number(field: bytes) -> bool:
    """Whether ``field`` is a number as programs write it: NaN and infinity are, 1_000 and 0x10 are not."""
    try:
        float(field)
    except ValueError:
        return False
    return b"_" not in field
