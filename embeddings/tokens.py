"""Tokenizers: text in, tokens with their ids and their places in the text out."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import regex  # unlike re, it knows the marks of other scripts as parts of words, and what is one sign to a reader

from embeddings.errors import InvalidInput
from embeddings.vocabulary import Vocabulary

# A word keeps its inner apostrophes and hyphens (don't, well-known), a number its points and commas (3.14);
# anything else that a reader sees as one sign, an emoji of several code points too, is a token of its own.
_WORD = regex.compile(r"\w+(?:['’\-]\w+|(?<=\d)[.,](?=\d)\w+)*|(?!\s)\X")
# Hyphens, and the English endings that tables such as GloVe keep as words of their own, after the Penn Treebank.
_PART = regex.compile(r"-|(?<=\w)(?:n['’]t|['’](?:s|re|ve|ll|d|m))$|[^-]+?(?=-|n['’]t$|['’](?:s|re|ve|ll|d|m)$|$)")
UNICODE_CODE_POINTS = 0x110000
TOKENIZERS = ("word", "character", "gpt-4o", "wordpiece")


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
    return [_spelling(match.group()) for match in _WORD.finditer(text)]


def _spelling(word: str) -> str:
    """``word`` in lower case, an accent and its letter as one character where there is one."""
    return unicodedata.normalize("NFC", word.lower())


@dataclass(frozen=True)
class WordTokenizer:
    """Splits at spaces and signs, in lower case; a word outside ``vocabulary`` has no id.

    A word that the vocabulary lacks whole but knows in parts becomes these: "cat's" gives "cat" and "'s".

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
        found = [
            piece for match in _WORD.finditer(text) for piece in self._pieces(_spelling(match.group()), *match.span())
        ]
        tokens, spans = tuple(token for token, _ in found), tuple(span for _, span in found)
        ids = tuple(self.vocabulary.id(token) if token in self.vocabulary else None for token in tokens)
        return Encoding(tokens, ids, spans)

    def _pieces(self, word: str, start: int, end: int) -> list[tuple[str, tuple[int, int]]]:
        """``word``, which stands at ``start`` to ``end``, or its known parts; each with its span."""
        whole = [(word, (start, end))]
        if word in self.vocabulary or len(word) != end - start:
            return whole
        parts = [
            (part.group().replace("’", "'"), (start + part.start(), start + part.end()))
            for part in _PART.finditer(word)
        ]
        return parts if all(part in self.vocabulary for part, _ in parts) else whole

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
    """The tokenizer called ``name``, one of ``TOKENIZERS``.

    Args:
        name: Which one.
        vocabulary: The words that ``"word"`` knows; by default those of the bundled GloVe table,
            so that an id is a row of it.

    Raises:
        InvalidInput: There is no tokenizer of that name.
        SourceUnavailable: The package it comes from is not installed.
    """
    from embeddings.subwords import BytePairTokenizer, WordPieceTokenizer

    if name == "word":
        if vocabulary is None:
            from embeddings.sources import DEFAULT, load

            vocabulary = load(DEFAULT).vocabulary
        return WordTokenizer(vocabulary)
    others = {"character": CharacterTokenizer, "gpt-4o": BytePairTokenizer, "wordpiece": WordPieceTokenizer}
    if name not in others:
        raise InvalidInput(f"There is no tokenizer called {name!r}. There are: {', '.join(TOKENIZERS)}.")
    return others[name]()
