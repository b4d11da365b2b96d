"""Work as a value: a function at the top of a module and its arguments, which may travel to another machine."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from embeddings.common import ProgressCallback


@dataclass(frozen=True, eq=False)
class ByName:
    """An argument that is opened where the call is made, and of which only the name travels.

    Attributes:
        opener: Gives it anywhere; at the top of a module.
        names: What the opener is given: small values.
        here: Gives what is at hand in this process already; it does not travel.
    """

    opener: Callable[..., Any]
    names: tuple[Any, ...] = ()
    here: Callable[[], Any] | None = None

    def __post_init__(self) -> None:
        _check_top_level(self.opener)

    def open(self) -> Any:
        """The argument itself."""
        return self.opener(*self.names) if self.here is None else self.here()

    def __getstate__(self) -> dict[str, Any]:
        return {"opener": self.opener, "names": self.names, "here": None}


@dataclass(frozen=True, eq=False)
class Call:
    """Work for a job: ``function(*arrays, report=report, **options)``.

    It is called with ``report`` as any work is; a queue with other machines behind it may send it there instead.

    Attributes:
        function: At the top of a module. It is given its progress callback by the name ``report``.
        arrays: What it is given first: arrays, which become read-only, other values that can be pickled, or ``ByName``.
        options: Further arguments by name, as the arrays.
        travels: Whether it may be made on another machine; not if it changes something in this process or on its disk.

    Raises:
        TypeError: The function is not found under its name in its module, so that no other process would find it.

    >>> Call(sorted)
    Call(function=<built-in function sorted>, arrays=(), options={}, travels=True)
    """

    function: Callable[..., Any]
    arrays: tuple[Any, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    travels: bool = True

    def __post_init__(self) -> None:
        _check_top_level(self.function)
        object.__setattr__(self, "arrays", tuple(map(_read_only, self.arrays)))
        object.__setattr__(self, "options", {name: _read_only(value) for name, value in self.options.items()})

    def __call__(self, report: ProgressCallback) -> Any:
        """Make the call in this process."""
        arrays = [_opened(value) for value in self.arrays]
        return self.function(*arrays, report=report, **{name: _opened(value) for name, value in self.options.items()})


def _check_top_level(function: Callable[..., Any]) -> None:
    name, module = function.__qualname__, sys.modules[function.__module__]
    found: Any = module
    for part in name.split("."):  # a class's own constructor, as Table.load, may be one
        found = getattr(found, part, None)
    if found != function:
        raise TypeError(f"{name} is not at the top of {function.__module__}, so no other process would find it.")


def _read_only(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    view = value.view()
    view.flags.writeable = False
    return view


def _opened(value: Any) -> Any:
    return value.open() if isinstance(value, ByName) else value
