"""Errors of the engine, each a sentence that a reader of the page can act on."""

from typing import Any

_LONGEST_NAMED = 40  # characters of a token that stand in a sentence


class LabError(Exception):
    """Base of the engine's errors. ``str(error)`` says what was wrong and what would work."""

    def __str__(self) -> str:
        return super().__str__().encode(errors="backslashreplace").decode()  # a name in it may hold half a character

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (
            type(self),
            self.args,
            vars(self),
        )  # a class's own arguments are not the sentence made of them


def _rebuilt(kind: type[LabError], args: tuple[Any, ...], attributes: dict[str, Any]) -> LabError:
    error = kind.__new__(kind)
    error.args = args
    vars(error).update(attributes)
    return error


class InvalidInput(LabError):
    """An argument has the wrong shape, range or content."""


class UnknownToken(LabError):
    """A token is not in the vocabulary or the table; the sentence names it by its beginning if it is long.

    Attributes:
        token: The token that was asked for.
    """

    def __init__(self, token: object, where: str = "this vocabulary"):
        super().__init__(f"{_named(token)} is not in {where}. Try another spelling, or a more common word.")
        self.token = token


def _named(token: object) -> str:
    if not isinstance(token, str):  # it may be of any length, or unable to be written out
        return f"Something that is no text ({type(token).__name__})"
    return repr(token if len(token) <= _LONGEST_NAMED else token[: _LONGEST_NAMED - 1] + "…")


class SourceUnavailable(LabError):
    """A source of vectors cannot be read: not installed, damaged, or out of reach."""


class TooLarge(LabError):
    """The work would need more memory than there is; nothing was allocated.

    Attributes:
        needed: Bytes the work would take.
        allowed: Bytes that may be used for it.
    """

    def __init__(self, what: str, needed: int, allowed: int):
        super().__init__(
            f"{what} would take {in_bytes(needed)}; at most {in_bytes(allowed)} may be used here. Choose smaller sizes."
        )
        self.needed = needed
        self.allowed = allowed

    @classmethod
    def beyond(cls, what: str, allowed: int) -> "TooLarge":
        """When ``what`` is read bit by bit, and goes on beyond what is allowed; nobody knows how far."""
        error = cls(what, allowed + 1, allowed)
        error.args = (
            f"{what} is larger than {in_bytes(allowed)}, the most that may be read here. Choose fewer words.",
        )
        return error


class TrainingDiverged(LabError):
    """Training went astray: the loss or the weights grew beyond all bounds.

    Attributes:
        snapshot: The last good snapshot; None if there was none.
    """

    def __init__(self, what: str, snapshot: object = None):
        super().__init__(
            f"Training was stopped because {what}. The last good table is kept. Choose a smaller learning rate."
        )
        self.snapshot = snapshot


class WorkerLost(LabError):
    """The machine on which a job ran ended in the middle of it."""

    def __init__(self) -> None:
        super().__init__("The computer that worked on this stopped before it was done. Please start it again.")


class QueueFull(LabError):
    """The line of heavy work takes no more for now."""


def in_bytes(count: float) -> str:
    """A number of bytes as people read it, in decimal units.

    >>> in_bytes(640_000_000_000)
    '640 GB'
    >>> in_bytes(1536)
    '1.54 kB'
    """
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if count < 999.5 or unit == "TB":
            digits = f"{count:.3g}" if count < 100 and unit != "bytes" else f"{count:,.0f}"
            return f"{digits} {unit}"
        count /= 1000
    raise AssertionError("unreachable: TB returns")


def count_of(number: int, what: str) -> str:
    """``number`` with ``what`` it counts.

    >>> count_of(1, "word"), count_of(1_200, "number")
    ('1 word', '1,200 numbers')
    """
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
