"""Word tokenizer: one token a word or sign, known by a vocabulary or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from embeddings.common import as_ids
from embeddings.tokenizers.base import Encoding, as_short_text
from embeddings.tokenizers.packed_tokens import PackedTokens
from embeddings.tokenizers.pieces import Pieces
from embeddings.tokenizers.vocabulary import Vocabulary
from embeddings.tokenizers.word_split import WORD, spelling

# Hyphens, and the English endings that tables such as GloVe keep as words of their own, after the Penn Treebank.
_PART = regex.compile(r"-|(?<=\w)(?:n['’]t|['’](?:s|re|ve|ll|d|m))$|[^-]+?(?=-|n['’]t$|['’](?:s|re|ve|ll|d|m)$|$)")


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

    def pieces(self) -> Pieces:
        """Each word in UTF-8; all are whole."""
        tokens = self.vocabulary.tokens
        packed = tokens if isinstance(tokens, PackedTokens) else PackedTokens.of(tokens)
        return Pieces(packed.strings, spaced=False)

    def encode(self, text: str) -> Encoding:
        """Tokens, ids and spans of ``text``.

        Raises:
            InvalidInput: ``text`` has more than ``MAX_CHARACTERS`` characters, or half a surrogate pair.
        """
        found = [
            piece
            for match in WORD.finditer(as_short_text(text), concurrent=False)
            for piece in self._pieces(spelling(match.group()), *match.span())
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
            for part in _PART.finditer(word, concurrent=False)
        ]
        return parts if all(part in self.vocabulary for part, _ in parts) else whole

    def decode(self, ids: Sequence[int]) -> str:
        """The words with these ``ids``, with a space between any two.

        Raises:
            InvalidInput: An id is outside the vocabulary.
        """
        return " ".join(map(self.vocabulary.tokens.__getitem__, as_ids(ids, self.vocabulary_size).tolist()))
