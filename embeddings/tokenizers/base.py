"""What every tokenizer takes and gives: a text of bounded length, and its tokens with ids and spans."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from embeddings.common import InvalidInput, as_text

MAX_CHARACTERS = 100_000  # of one text; less than a second's work, whatever it is made of


@dataclass(frozen=True)
class Encoding:
    """What a tokenizer made of a text; the three have the same length.

    Attributes:
        tokens: The tokens, in the order of the text.
        ids: The id of each token; ``None`` where the vocabulary lacks it.
        spans: ``(start, end)`` of each token, in characters: ``text[start:end]`` is what it stands for.
    """

    tokens: tuple[str, ...]
    ids: tuple[int | None, ...]
    spans: tuple[tuple[int, int], ...]


class Tokenizer(Protocol):
    """What every tokenizer offers."""

    @property
    def vocabulary_size(self) -> int: ...

    def encode(self, text: str) -> Encoding: ...

    def decode(self, ids: Sequence[int]) -> str: ...


def as_short_text(text: str) -> str:
    """``text`` when a tokenizer can cut it.

    Raises:
        InvalidInput: It is no text, holds half a surrogate pair, or has more than ``MAX_CHARACTERS`` characters.
    """
    if isinstance(text, str) and len(text) > MAX_CHARACTERS:
        raise InvalidInput(f"The text has {len(text):,} characters; at most {MAX_CHARACTERS:,} can be cut at once.")
    return as_text(text)
