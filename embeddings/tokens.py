"""Tokenizers: text in, tokens with their ids and their places in the text out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from embeddings.errors import InvalidInput
from embeddings.vocabulary import Vocabulary

# A word keeps its inner apostrophes and hyphens (don't, well-known); any other visible
# character that is not part of a word is a token of its own.
_WORD = re.compile(r"\w+(?:['’\-]\w+)*|[^\w\s]")
UNICODE_CODE_POINTS = 0x110000


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


def words(text: str) -> list[str]:
    """The words and signs of ``text`` in order, in lower case.

    >>> words("The cat's mat, please")
    ['the', "cat's", 'mat', ',', 'please']
    """
    return [match.group().lower() for match in _WORD.finditer(text)]


@dataclass(frozen=True)
class WordTokenizer:
    """Splits at spaces and signs, in lower case; a word outside ``vocabulary`` has no id.

    >>> tokenizer = WordTokenizer(Vocabulary.from_text("the cat sat"))
    >>> tokenizer.encode("The dog sat").ids
    (2, None, 1)
    """

    vocabulary: Vocabulary

    @property
    def vocabulary_size(self) -> int:
        return len(self.vocabulary)

    def encode(self, text: str) -> Encoding:
        """Tokens, ids and spans of ``text``."""
        matches = list(_WORD.finditer(text))
        tokens = tuple(match.group().lower() for match in matches)
        ids = tuple(self.vocabulary.id(token) if token in self.vocabulary else None for token in tokens)
        return Encoding(tokens, ids, tuple(match.span() for match in matches))

    def decode(self, ids: Sequence[int]) -> str:
        """The words with these ``ids``, with a space between any two.

        Raises:
            InvalidInput: An id is outside the vocabulary.
        """
        return " ".join(self.vocabulary.token(id) for id in ids)


@dataclass(frozen=True)
class CharacterTokenizer:
    """One token a character; its id is the Unicode code point.

    >>> CharacterTokenizer().encode("né").ids
    (110, 233)
    """

    @property
    def vocabulary_size(self) -> int:
        return UNICODE_CODE_POINTS

    def encode(self, text: str) -> Encoding:
        """Tokens, ids and spans of ``text``."""
        spans = tuple((start, start + 1) for start in range(len(text)))
        return Encoding(tuple(text), tuple(map(ord, text)), spans)

    def decode(self, ids: Sequence[int]) -> str:
        """The text with these code points.

        Raises:
            InvalidInput: An id is not a code point.
        """
        try:
            return "".join(map(chr, ids))
        except (TypeError, ValueError, OverflowError) as error:
            raise InvalidInput(f"Character ids run from 0 to {UNICODE_CODE_POINTS - 1:,}.") from error


def tokenizer(name: str, vocabulary: Vocabulary | None = None) -> Tokenizer:
    """The tokenizer called ``name``: ``"word"`` or ``"character"``.

    Args:
        name: Which one.
        vocabulary: The words that ``"word"`` knows; by default those of the bundled GloVe table,
            so that an id is a row of it.

    Raises:
        InvalidInput: There is no tokenizer of that name.
    """
    if name == "word":
        if vocabulary is None:
            from embeddings.sources import DEFAULT, load

            vocabulary = load(DEFAULT).vocabulary
        return WordTokenizer(vocabulary)
    if name == "character":
        return CharacterTokenizer()
    raise InvalidInput(f'There is no tokenizer called {name!r}. There are "word" and "character".')
