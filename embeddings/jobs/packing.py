"""Values on their way between this project's own processes: pickled, with arrays beside the pickle.

Never for anything that comes from elsewhere: to unpickle is to run code.
"""

import io
import pickle
from collections.abc import Mapping, Sequence
from copyreg import dispatch_table
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Frames = Sequence[bytes]  # a pickle, and the buffers of its arrays
_WORTH = 1_000  # bytes of an array that is remembered


class Packer:
    """Packs one value after the other; an array that was in the value before is not sent again.

    >>> packer, unpacker = Packer(), Unpacker()
    >>> numbers = np.arange(1_000)
    >>> first, second = packer.pack([numbers]), packer.pack([numbers, "more"])
    >>> sum(map(len, first)) > 8_000 > 200 > sum(map(len, second))
    True
    >>> unpacker.unpack(first)[0] is unpacker.unpack(second)[0]
    True
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, NDArray]] = {}  # by identity, which lasts as long as the array is held
        self._next = 0

    def pack(self, value: Any) -> Frames:
        """``value`` in frames for the ``Unpacker`` that has been given all those before.

        Raises:
            pickle.PicklingError, TypeError, AttributeError: It holds something that cannot be pickled.
        """
        file, buffers = io.BytesIO(), list[bytes]()
        pickler = _Pickler(file, buffers, self._known, self._next)
        pickler.dump(value)
        self._known, self._next = pickler.used, pickler.next_number
        return [file.getvalue(), *buffers]


class Unpacker:
    """The other side of a ``Packer``; the arrays that it gives are read-only."""

    def __init__(self) -> None:
        self._known: dict[int, NDArray] = {}

    def unpack(self, frames: Frames) -> Any:
        """The value in ``frames``, which come from this project's own ``Packer``."""
        unpickler = _Unpickler(io.BytesIO(frames[0]), frames[1:], self._known)
        value = unpickler.load()
        self._known = unpickler.used
        return value


def pack(value: Any) -> Frames:
    """One ``value`` alone, as ``Packer.pack``."""
    return Packer().pack(value)


def unpack(frames: Frames) -> Any:
    """What one call of ``pack`` has packed."""
    return Unpacker().unpack(frames)


class _Pickler(pickle.Pickler):
    """Names each array by a number, and writes out those that are not known by it yet."""

    def __init__(
        self, file: io.BytesIO, buffers: list[bytes], known: Mapping[int, tuple[int, NDArray]], next_number: int
    ) -> None:
        super().__init__(file, protocol=5, buffer_callback=lambda buffer: buffers.append(buffer.raw().tobytes()))
        self.dispatch_table = dispatch_table | {MappingProxyType: _reduced_proxy}
        self._known, self.used, self.next_number = known, dict[int, tuple[int, NDArray]](), next_number

    def persistent_id(self, value: Any) -> tuple | None:
        if type(value) is not np.ndarray or value.nbytes < _WORTH or value.dtype.hasobject:
            return None
        if (known := self.used.get(id(value)) or self._known.get(id(value))) is not None:
            self.used[id(value)] = known
            return (known[0],)
        number = self.next_number
        self.used[id(value)], self.next_number = (number, value), number + 1
        if value.flags.f_contiguous and not value.flags.c_contiguous:
            return number, value.dtype.str, value.shape, "F", pickle.PickleBuffer(value.data)
        return number, value.dtype.str, value.shape, "C", pickle.PickleBuffer(np.ascontiguousarray(value).data)


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, buffers: Sequence[bytes], known: Mapping[int, NDArray]) -> None:
        super().__init__(file, buffers=buffers)
        self._known, self.used = known, dict[int, NDArray]()

    def persistent_load(self, named: tuple) -> NDArray:
        number, *written = named
        if written:
            dtype, shape, order, buffer = written
            self.used[number] = np.frombuffer(buffer, dtype).reshape(shape, order=order)
        elif number not in self.used:
            self.used[number] = self._known[number]
        return self.used[number]


def _reduced_proxy(proxy: MappingProxyType) -> tuple:
    return _proxy, (dict(proxy),)  # as the type itself is not found by its name


def _proxy(mapping: dict) -> MappingProxyType:
    return MappingProxyType(mapping)
