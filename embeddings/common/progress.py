"""Progress callback: how work that takes long says how far it is, and how it is stopped."""

from typing import Any, Protocol


class ProgressCallback(Protocol):
    """Called often by work that takes long; what it raises ends the work, and until it returns the work stands still.

    Args:
        fraction: How much is done, 0 to 1.
        message: What is being done, for people.
        snapshot: Something of the work so far that can be shown already, or ``None``.
    """

    def __call__(self, fraction: float, message: str = "", snapshot: Any = None, /) -> object: ...


def no_progress(fraction: float, message: str = "", snapshot: Any = None, /) -> None:
    """No-op progress callback, for work that nobody watches."""
