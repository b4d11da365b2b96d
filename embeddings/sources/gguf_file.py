"""GGUF, llama.cpp's format of a language model: its header read, and its quantised tensors turned into float32.

    magic, version, counts ─ metadata (key, value) … ─ tensors (name, shape, kind, offset) … ─ the tensors' blocks

In Q8_0 and Q4_1, 32 numbers that stand side by side are a block, with a scale (and in Q4_1 a least number) of its own:

    Q8_0: scale · q, q one byte from −128 to 127          Q4_1: scale · q + least, q four bits from 0 to 15

References:
    https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.common import SourceUnavailable

F32, Q4_1, Q8_0 = 0, 3, 8  # kinds of tensors, as the format numbers them
BLOCK = 32  # numbers that share a scale
_ROWS = 4_096  # that are dequantised together
_MAGIC, _VERSION, _ALIGNMENT = b"GGUF", 3, 32
_STRING, _ARRAY = 8, 9  # kinds of metadata
_NUMBERS = MappingProxyType(dict(zip((0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12), "BbHhIif?Qqd", strict=True)))
_BLOCK_OF = MappingProxyType(
    {
        Q4_1: np.dtype([("scale", "<f2"), ("least", "<f2"), ("q", "u1", BLOCK // 2)]),
        Q8_0: np.dtype([("scale", "<f2"), ("q", "i1", BLOCK)]),
    }
)


@dataclass(frozen=True, eq=False)
class GGUFFile:
    """A model's file, mapped and not copied.

    Attributes:
        metadata: By the names that the format gives.
        tensors: ``(shape, kind, first byte)`` by name; the shape [rows, columns], or [columns] alone.
    """

    metadata: Mapping[str, Any]
    tensors: Mapping[str, tuple[tuple[int, ...], int, int]]
    _content: NDArray[np.uint8]

    @classmethod
    def open(cls, path: Path) -> "GGUFFile":
        """Read the header of ``path``.

        Raises:
            SourceUnavailable: It is no such file, or cut short.
        """
        try:
            content = np.memmap(path, dtype=np.uint8, mode="r")
            metadata, tensors, start = _header(content)
        except (OSError, struct.error, KeyError, ValueError, OverflowError) as error:
            raise SourceUnavailable(f"{path.name} is damaged. Reinstall the package it came with.") from error
        alignment = metadata.get("general.alignment", _ALIGNMENT)
        first = -(-start // alignment) * alignment
        placed = {name: (shape, kind, first + offset) for name, (shape, kind, offset) in tensors.items()}
        return cls(MappingProxyType(metadata), MappingProxyType(placed), content)

    def tensor(self, name: str) -> NDArray[np.float32]:
        """The numbers of a tensor, in memory of their own: float32 [rows, columns] or [columns].

        Raises:
            SourceUnavailable: It is of a kind that is not read here.
        """
        shape, kind, first = self.tensors[name]
        size = int(np.prod(shape))
        if kind == F32:
            return np.frombuffer(self._content, "<f4", size, first).reshape(shape).astype(np.float32)
        if kind not in _BLOCK_OF:
            raise SourceUnavailable(f"{name} is quantised in a way (kind {kind}) that this app does not read.")
        blocks = np.frombuffer(self._content, _BLOCK_OF[kind], size // BLOCK, first).reshape(shape[0], -1)
        numbers = np.empty(shape, np.float32)
        for start in range(0, len(blocks), _ROWS):  # in parts, so that what lies between stays in the cache
            numbers[start : start + _ROWS] = dequantize(blocks[start : start + _ROWS])
        return numbers

    def rows(self, name: str, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """The rows of ``ids`` [N] of a quantised tensor alone: float32 [N, columns]."""
        shape, kind, first = self.tensors[name]
        blocks = np.frombuffer(self._content, _BLOCK_OF[kind], int(np.prod(shape)) // BLOCK, first)
        return dequantize(blocks.reshape(shape[0], -1)[ids])


def dequantize(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    """The numbers that quantised ``blocks`` [rows, columns / 32] stand for: float32 [rows, columns]."""
    scale = blocks["scale"].astype(np.float32)[..., None]  # [rows, columns / 32, 1]
    if "least" not in (blocks.dtype.names or ()):
        numbers = blocks["q"] * scale
    else:
        q = np.concatenate([blocks["q"] & 15, blocks["q"] >> 4], axis=-1)  # [rows, columns / 32, 32]
        numbers = q * scale + blocks["least"].astype(np.float32)[..., None]
    return numbers.reshape(len(blocks), -1)


_Tensors = dict[str, tuple[tuple[int, ...], int, int]]


def _header(content: Any) -> tuple[dict[str, Any], _Tensors, int]:
    """Metadata, tensors, and the byte where the header ends.

    Raises:
        struct.error, KeyError, ValueError, OverflowError: It is none, or cut short.
    """
    magic, version, tensors, pairs = struct.unpack_from("<4sIQQ", content)
    if (magic, version) != (_MAGIC, _VERSION):
        raise KeyError(magic)
    reader = _Reader(content, struct.calcsize("<4sIQQ"))
    metadata = {reader.text(): reader.value(reader.number("I")) for _ in range(pairs)}
    return metadata, dict(reader.tensor() for _ in range(tensors)), reader.at


class _Reader:
    """Reads a header's parts one after the other, from byte ``at`` on."""

    def __init__(self, content: Any, at: int) -> None:
        self._content, self.at = content, at

    def number(self, code: str) -> Any:
        (value,) = struct.unpack_from(f"<{code}", self._content, self.at)
        self.at += struct.calcsize(f"<{code}")
        return value

    def text(self) -> str:
        size = self.number("Q")
        (text,) = struct.unpack_from(f"{size}s", self._content, self.at)
        self.at += size
        return text.decode()

    def value(self, kind: int) -> Any:
        if kind == _STRING:
            return self.text()
        if kind == _ARRAY:
            kind, count = self.number("I"), self.number("Q")
            return tuple(self.value(kind) for _ in range(count))
        return self.number(_NUMBERS[kind])

    def tensor(self) -> tuple[str, tuple[tuple[int, ...], int, int]]:
        name, dimensions = self.text(), self.number("I")
        shape = tuple(self.number("Q") for _ in range(dimensions))[::-1]  # the file has columns before rows
        return name, (shape, self.number("I"), self.number("Q"))
