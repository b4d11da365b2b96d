"""What can go wrong, said in a sentence that a reader of the page can act on."""


class LabError(Exception):
    """Base of the engine's errors. ``str(error)`` says what was wrong and what would work."""


class InvalidInput(LabError):
    """An argument has the wrong shape, range or content."""


class UnknownToken(LabError):
    """A token is not in the vocabulary or the table.

    Attributes:
        token: The token that was asked for.
    """

    def __init__(self, token: str, where: str = "this vocabulary"):
        super().__init__(f"{token!r} is not in {where}. Try another spelling, or a more common word.")
        self.token = token


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


class Diverged(LabError):
    """Training went astray: the loss or the weights grew beyond all bounds.

    Attributes:
        snapshot: The last good snapshot; None if there was none.
    """

    def __init__(self, what: str, snapshot: object = None):
        super().__init__(
            f"Training was stopped because {what}. The last good table is kept. Choose a smaller learning rate."
        )
        self.snapshot = snapshot


class LineFull(LabError):
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
