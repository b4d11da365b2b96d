"""What rooms are made of, as values."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, is_dataclass
from hashlib import sha256
from types import MappingProxyType

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # of codes; without signs that look like others
CODE_LENGTH = 6
Query = Mapping[str, Sequence[str]]  # settings in an address, each with its values


@dataclass(frozen=True)
class NewRoom:
    """A room that was opened just now.

    Attributes:
        code: What students join with.
        teacher_key: What makes its holder the teacher; it is told once, and only its hash is kept.
    """

    code: str
    teacher_key: str = field(repr=False)  # no log shall have it


@dataclass(frozen=True)
class Seat:
    """Who somebody is in a room.

    Attributes:
        code: The room's.
        secret: The teacher's key, or a student's token.
        teaches: Whether it is the teacher's.
    """

    code: str
    secret: str = field(repr=False)  # no log shall have it
    teaches: bool


@dataclass(frozen=True)
class Place:
    """A page with its settings.

    Attributes:
        page: Its address.
        query: What stands after the question mark there.
    """

    page: str
    query: Query = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Question:
    """What a page asks.

    Attributes:
        key: Of the guess.
        digest: Stands for what it is asked about.
        text: The app's own Markdown.
        options: The answers to choose from.
        place: Where it is asked.
    """

    key: str
    digest: str
    text: str
    options: tuple[str, ...]
    place: Place


@dataclass(frozen=True)
class Round:
    """A question as a room was asked it once.

    Attributes:
        number: How often the room had been asked under this key, with this time.
        question: What was asked.
        revealed: Whether the answer may be seen.
        counts: Guesses for each option; empty until it is revealed.
        answers: What the teacher's page has measured; empty until it is revealed and known.
    """

    number: int
    question: Question
    revealed: bool = False
    counts: tuple[int, ...] = ()
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoomState:
    """What the members of a room see of it at one time.

    Attributes:
        code: The room's.
        revision: Grows with every change.
        closed: Whether the teacher has closed it.
        place: Where the teacher is; ``None`` before the first page.
        moves: How often the teacher has gone elsewhere.
        rounds: The latest round of each question, by its key.
    """

    code: str
    revision: int
    closed: bool
    place: Place | None
    moves: int
    rounds: Mapping[str, Round]


def digest(key: str, subject: Hashable) -> str:
    """What stands for a question under ``key`` about a ``subject``: the same in every process.

    Raises:
        TypeError: A part of the subject may be written otherwise elsewhere.

    >>> digest("which", ("glove", 3)) == digest("which", ("glove", 3))
    True
    >>> digest("which", ("glove", 3)) == digest("which", ("glove", "3"))
    False
    """
    return sha256(_written((key, subject)).encode("utf-8", "surrogatepass")).hexdigest()


def _written(part: object) -> str:
    if part is None or isinstance(part, str | int | float | bytes):
        return f"{type(part).__name__} {part!r}"
    if is_dataclass(part) and not isinstance(part, type):
        return f"{type(part).__name__} {_written(astuple(part))}"
    if isinstance(part, tuple | list):
        return f"[{', '.join(map(_written, part))}]"
    if isinstance(part, Mapping):
        return f"{{{', '.join(sorted(f'{_written(key)}: {_written(value)}' for key, value in part.items()))}}}"
    if isinstance(part, set | frozenset):
        return f"{{{', '.join(sorted(map(_written, part)))}}}"
    raise TypeError(f"A question is asked about {type(part).__name__}, which cannot be written the same everywhere.")


def tidy_code(typed: str) -> str:
    """A code as it is kept, however it was typed; "" where it cannot be one.

    >>> tidy_code(" abc-def "), tidy_code("ABC DE"), tidy_code("ABC DE0")
    ('ABCDEF', '', '')
    """
    code = "".join(typed[:50].upper().replace("-", " ").split())
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else ""


def shown_code(code: str) -> str:
    """``code`` in two parts, as it is read aloud.

    >>> shown_code("ABCDEF")
    'ABC DEF'
    """
    return f"{code[: CODE_LENGTH // 2]} {code[CODE_LENGTH // 2 :]}"
