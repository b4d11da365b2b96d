"""Tables without words: ``.npy``, safetensors, and the Embedding Projector's ``vectors.tsv``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.common import InvalidInput, ProgressCallback, count_of, parse_json, required
from embeddings.formats.input_stream import BLOCK, BrokenOff, InputStream, line_blocks
from embeddings.formats.rows import BLANKS, parsed
from embeddings.formats.table_builder import FilePosition, check_numbers

_SAFETENSORS_TYPES: Mapping[str, np.dtype[Any]] = MappingProxyType(
    {"F16": np.dtype("<f2"), "BF16": np.dtype("<u2"), "F32": np.dtype("<f4")}
)
_LONGEST_HEADER = 16_000_000  # bytes of a safetensors header, the words of a table among them
_MAX_ENTRIES = 100_000  # of a safetensors header: a tensor has 8
_LONGEST_NPY_HEADER = 10_000  # bytes, as NumPy has it
# A .npy header is a dictionary of Python with three keys. Read as what it must look like, no Python is parsed.
_NPY_ENTRIES = (
    rb"""["']descr["']\s*:\s*["'](?P<descr>[<>|=]?[a-zA-Z][0-9]{0,9}(?:\[[0-9a-zA-Z]{1,9}\])?)["']""",
    rb"""["']fortran_order["']\s*:\s*(?P<by_columns>True|False)""",
    rb"""["']shape["']\s*:\s*\((?P<shape>[0-9L,\s]{0,200})\)""",
)


@dataclass(frozen=True)
class Found:
    """A table, and its words where the file holds them."""

    matrix: NDArray[np.float32]
    words: list[str] | None = None


def npy(source: InputStream, report: ProgressCallback | None) -> Found:
    """A NumPy array of numbers [V, D], in either order; objects are not unpickled.

    References:
        https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
    """
    shape, by_columns, dtype = _npy_header(source)
    if len(shape) != 2 or dtype.kind not in "fiu":
        raise InvalidInput(
            f"{source.name} holds an array of {dtype} and shape {shape}; a table [words, dimensions] of numbers is "
            "expected. Objects are never unpickled."
        )
    source.limits.check_size(*shape, source.name)
    matrix = np.empty(shape[::-1] if by_columns else shape, dtype=np.float32)
    position = FilePosition("column" if by_columns else "row", source.name)
    _fill(matrix, source, dtype, position, report)
    if source.peek(1):
        raise InvalidInput(f"{source.name} goes on after the {count_of(shape[0], 'row')} that its header promises.")
    return _checked(matrix.T if by_columns else matrix, source)


def _npy_header(source: InputStream) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Shape, whether it lies column by column, and type of the numbers.

    Raises:
        InvalidInput: The file breaks off, or begins otherwise than NumPy writes it.
    """
    try:
        magic, version = source.read(6), source.read(2)
        length = int.from_bytes(source.read({b"\1\0": 2, b"\2\0": 4}.get(version, 0)), "little")
        text = source.read(length) if length <= _LONGEST_NPY_HEADER else b""
    except BrokenOff as fault:
        raise InvalidInput(f"{source.name} breaks off before row 1: {fault}") from None
    found = [re.findall(entry, text) for entry in _NPY_ENTRIES]
    if magic != b"\x93NUMPY" or len(text) < length or any(len(matches) != 1 for matches in found):
        raise InvalidInput(f"{source.name} is not a whole .npy file of numbers; numpy.save writes one.")
    (descr,), (by_columns,), (shape,) = found
    sizes = [int(size) for size in re.findall(rb"[0-9]{1,18}", shape)]
    try:
        dtype = np.dtype(descr.decode())
    except (TypeError, ValueError):
        raise InvalidInput(f"{source.name} holds {descr.decode()!r}, which NumPy does not know as a type.") from None
    return tuple(sizes), by_columns == b"True", dtype


def _fill(
    matrix: NDArray[np.float32],
    source: InputStream,
    dtype: np.dtype,
    position: FilePosition,
    report: ProgressCallback | None,
) -> None:
    """Fill ``matrix`` row by row with numbers of ``dtype``."""
    flat = matrix.reshape(-1)
    step = BLOCK // dtype.itemsize
    for start in range(0, flat.size, step):
        wanted = min(step, flat.size - start)
        try:
            piece = source.read(wanted * dtype.itemsize)
        except BrokenOff as fault:
            raise InvalidInput(f"{position.at(start // matrix.shape[1] + 1)} breaks off: {fault}") from None
        count = len(piece) // dtype.itemsize
        with np.errstate(over="ignore"):  # what is too large for float32 is found afterwards, with its row
            flat[start : start + count] = np.frombuffer(piece, dtype, count)
        if count < wanted:
            row = (start + count) // matrix.shape[1] + 1
            raise InvalidInput(
                f"{position.at(row)} breaks off; there should be {len(matrix):,}. It was not copied whole."
            )
        if report:
            report((start + count) / flat.size, f"{(start + count) / flat.size:.0%} of {source.name} read")


def safetensors(source: InputStream, report: ProgressCallback | None) -> Found:
    """The one table in a safetensors file, and its words where ``embeddings.formats.write`` put them.

    References:
        https://huggingface.co/docs/safetensors
    """
    with required():
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


def _safetensors_parts(source: InputStream) -> tuple[dict[str, Any], bytes]:
    """The header, and all bytes with it."""
    try:
        length = source.read(8)
        size = int.from_bytes(length, "little")
        if size > _LONGEST_HEADER:
            raise InvalidInput(f"it has {size:,} bytes, and at most {_LONGEST_HEADER:,} can be read.")
        text = source.read(size)
        head = parse_json(text, "it", max_bytes=_LONGEST_HEADER, max_values=_MAX_ENTRIES)
        pieces = [length, text]
        while piece := source.read(BLOCK):
            pieces.append(piece)
    except BrokenOff as fault:
        raise InvalidInput(f"{source.name} breaks off: {fault}") from None
    except InvalidInput as error:
        raise InvalidInput(
            f"{source.name} is not a whole safetensors file: its header cannot be read, as {error}"
        ) from None
    if not isinstance(head, dict):
        raise InvalidInput(f"{source.name} is not a safetensors file: its header lists no tensors.")
    return head, b"".join(pieces)


def _only_table(head: Mapping[str, Any], source: InputStream) -> tuple[str, str, tuple[int, int]]:
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
    name, dtype, (rows, columns) = tables[0]
    return name, dtype, (rows, columns)


def _shape(entry: Mapping[str, Any]) -> tuple[int, ...]:
    shape = entry.get("shape")
    return tuple(shape) if isinstance(shape, list) and all(type(size) is int and size >= 0 for size in shape) else ()


def _words(metadata: Any, source: InputStream) -> list[str] | None:
    """The words in the header's metadata, None if there are none."""
    if not isinstance(metadata, dict) or "tokens" not in metadata:
        return None
    words, what = metadata["tokens"], f"The list of tokens in the header of {source.name}"
    if isinstance(words, str):
        max_rows = source.limits.max_words + 1
        words = parse_json(words.encode(), what, max_bytes=_LONGEST_HEADER, max_values=max_rows)
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise InvalidInput(f"{what} is not a list of texts in JSON.")
    return words


def vectors_tsv(source: InputStream, report: ProgressCallback | None) -> Found:
    """Rows of numbers with tabs between them, or other blanks, and no words.

    References:
        https://projector.tensorflow.org
    """
    position = FilePosition("line", source.name)
    dimension, blocks, count = 0, [], 0
    for first, lines in line_blocks(source, strip=b" \t\r"):
        dimension = dimension or len(BLANKS.findall(lines[0])) + 1
        count += len(lines)
        source.limits.check_size(count, dimension, source.name)
        rows = parsed([BLANKS.sub(b"\t", line) for line in lines], dimension, "\t", position, first)
        check_numbers(rows, position, first)
        blocks.append(rows)
        if report:
            report(float("nan"), f"{count_of(count, 'row')} read")
    if not blocks:
        raise InvalidInput(f"{source.name} is empty.")
    return Found(np.concatenate(blocks))


def _checked(matrix: NDArray[np.float32], source: InputStream, words: list[str] | None = None) -> Found:
    check_numbers(matrix, FilePosition("row", source.name), 1)
    return Found(matrix, words)
