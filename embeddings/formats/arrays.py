"""Tables without words: ``.npy``, safetensors, and the Embedding Projector's ``vectors.tsv``."""

import json
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import InvalidInput
from embeddings.formats.rows import parsed
from embeddings.formats.source import BLOCK, BrokenOff, Source, line_blocks
from embeddings.formats.table import Place, Report, check_numbers, half_character

_SAFETENSORS_TYPES = MappingProxyType({"F16": np.dtype("<f2"), "BF16": np.dtype("<u2"), "F32": np.dtype("<f4")})
_LONGEST_HEADER = 100_000_000  # bytes of a safetensors header, as its library has it
_BAD_HEADER = (ValueError, SyntaxError, TypeError, KeyError, RecursionError, tokenize.TokenError)


@dataclass(frozen=True)
class Found:
    """A table, and its words where the file holds them."""

    matrix: NDArray[np.float32]
    words: list[str] | None = None


def npy(source: Source, report: Report | None) -> Found:
    """A NumPy array of numbers [V, D], in either order; objects are not unpickled.

    References:
        https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
    """
    try:
        shape, by_columns, dtype = _npy_header(source)
    except BrokenOff as fault:
        raise InvalidInput(f"{source.name} breaks off before row 1: {fault}") from None
    except _BAD_HEADER as error:
        raise InvalidInput(f"{source.name} is not a whole .npy file; numpy.save writes one.") from error
    if len(shape) != 2 or dtype.kind not in "fiu":
        raise InvalidInput(
            f"{source.name} holds an array of {dtype} and shape {shape}; a table [words, dimensions] of numbers is "
            "expected. Objects are never unpickled."
        )
    source.limits.check_size(*shape, source.name)
    matrix = np.empty(shape[::-1] if by_columns else shape, dtype=np.float32)
    place = Place("column" if by_columns else "row", source.name)
    _fill(matrix, source, dtype, place, report)
    if source.peek(1):
        raise InvalidInput(f"{source.name} goes on after the {shape[0]:,} rows that its header promises.")
    return _checked(matrix.T if by_columns else matrix, source)


def _npy_header(source: Source) -> tuple[tuple[int, ...], bool, np.dtype]:
    version = np.lib.format.read_magic(source)
    if version not in ((1, 0), (2, 0)):
        raise ValueError("later versions are for fields with names")
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    return read(source)


def _fill(matrix: NDArray[np.float32], source: Source, dtype: np.dtype, place: Place, report: Report | None) -> None:
    """Fill ``matrix`` row by row with numbers of ``dtype``."""
    flat = matrix.reshape(-1)
    step = BLOCK // dtype.itemsize
    for start in range(0, flat.size, step):
        wanted = min(step, flat.size - start)
        try:
            piece = source.read(wanted * dtype.itemsize)
        except BrokenOff as fault:
            raise InvalidInput(f"{place.at(start // matrix.shape[1] + 1)} breaks off: {fault}") from None
        count = len(piece) // dtype.itemsize
        with np.errstate(over="ignore"):  # what is too large for float32 is found afterwards, with its row
            flat[start : start + count] = np.frombuffer(piece, dtype, count)
        if count < wanted:
            row = (start + count) // matrix.shape[1] + 1
            raise InvalidInput(f"{place.at(row)} breaks off; there should be {len(matrix):,}. It was not copied whole.")
        if report:
            report((start + count) / flat.size, f"{(start + count) / flat.size:.0%} of {source.name} read")


def safetensors(source: Source, report: Report | None) -> Found:
    """The one table in a safetensors file, and its words where ``embeddings.formats.write`` put them.

    References:
        https://huggingface.co/docs/safetensors
    """
    import safetensors as library

    head, body = _safetensors_parts(source)
    name, dtype, shape = _only_table(head, source)
    source.limits.check_size(*shape, source.name)
    words = _words(head.get("__metadata__"), source)
    try:
        tensor = dict(library.deserialize(body))[name]
    except library.SafetensorError as error:
        raise InvalidInput(f"{source.name} is not a whole safetensors file: {_missing(body, dtype, shape)}.") from error
    if (tensor["dtype"], tuple(tensor["shape"])) != (dtype, shape):
        raise InvalidInput(f"{source.name} describes its table twice, and not alike.")
    if report:
        report(1.0, f"{source.name} read")
    numbers = np.frombuffer(tensor["data"], _SAFETENSORS_TYPES[dtype])
    if dtype == "BF16":  # the upper half of a float32
        numbers = (numbers.astype("<u4") << 16).view("<f4")
    return _checked(numbers.astype(np.float32, copy=False).reshape(shape), source, words)


def _missing(body: bytes, dtype: str, shape: tuple[int, int]) -> str:
    """What the library found wrong, as far as sizes tell."""
    rows = (len(body) - 8 - int.from_bytes(body[:8], "little")) // (shape[1] * _SAFETENSORS_TYPES[dtype].itemsize)
    return (
        f"row {rows + 1:,} of {shape[0]:,} breaks off" if rows < shape[0] else "its header and its numbers do not fit"
    )


def _safetensors_parts(source: Source) -> tuple[dict[str, Any], bytes]:
    """The header, and all bytes with it."""
    try:
        length = source.read(8)
        size = int.from_bytes(length, "little")
        text = source.read(min(size, _LONGEST_HEADER))
        head = json.loads(text)
        pieces = [length, text]
        while piece := source.read(BLOCK):
            pieces.append(piece)
    except BrokenOff as fault:
        raise InvalidInput(f"{source.name} breaks off: {fault}") from None
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{source.name} is not a whole safetensors file: its header cannot be read.") from error
    if not isinstance(head, dict):
        raise InvalidInput(f"{source.name} is not a safetensors file: its header lists no tensors.")
    return head, b"".join(pieces)


def _only_table(head: Mapping[str, Any], source: Source) -> tuple[str, str, tuple[int, int]]:
    """Name, type and shape of the one tensor of two dimensions."""
    tables = [
        (name, str(entry.get("dtype")), _shape(entry))
        for name, entry in head.items()
        if name != "__metadata__" and isinstance(entry, dict) and len(_shape(entry)) == 2
    ]
    if len(tables) != 1 or tables[0][1] not in _SAFETENSORS_TYPES:
        types = ", ".join(dtype[:10] for _, dtype, _ in tables[:5]) or "none"
        raise InvalidInput(
            f"{source.name} should hold one table [words, dimensions] of F16, BF16 or F32; of tables it holds: {types}."
        )
    return tables[0]


def _shape(entry: Mapping[str, Any]) -> tuple[int, ...]:
    shape = entry.get("shape")
    return tuple(shape) if isinstance(shape, list) and all(type(size) is int and size >= 0 for size in shape) else ()


def _words(metadata: Any, source: Source) -> list[str] | None:
    """The words in the header's metadata, None if there are none."""
    if not isinstance(metadata, dict) or "tokens" not in metadata:
        return None
    try:
        words = json.loads(metadata["tokens"])
    except (TypeError, ValueError, RecursionError):
        words = None
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words) or half_character(words):
        raise InvalidInput(f"The tokens in the header of {source.name} are not a list of texts in JSON.")
    return words


def vectors_tsv(source: Source, report: Report | None) -> Found:
    """Rows of numbers with tabs between them and no words.

    References:
        https://projector.tensorflow.org
    """
    place = Place("line", source.name)
    dimension, blocks, count = 0, [], 0
    for first, lines in line_blocks(source):
        dimension = dimension or lines[0].count(b"\t") + 1
        count += len(lines)
        source.limits.check_size(count, dimension, source.name)
        rows = parsed(lines, dimension, "\t", place, first)
        check_numbers(rows, place, first)
        blocks.append(rows)
        if report:
            report(float("nan"), f"{count:,} rows read")
    if not blocks:
        raise InvalidInput(f"{source.name} is empty.")
    return Found(np.concatenate(blocks))


def _checked(matrix: NDArray[np.float32], source: Source, words: list[str] | None = None) -> Found:
    check_numbers(matrix, Place("row", source.name), 1)
    return Found(matrix, words)
