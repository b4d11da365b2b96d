"""Byte-level byte-pair encoding of any vocabulary: GPT-2's way, with digits one by one, as SmolLM2 cuts text."""

from collections.abc import Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any

from embeddings.common import as_ids, required
from embeddings.tokenizers.base import Encoding, as_short_text
from embeddings.tokenizers.byte_pairs import MergeTree, undo_merges
from embeddings.tokenizers.byte_strings import drawn, readable
from embeddings.tokenizers.pieces import Pieces

_PRINTABLE = (*range(33, 127), *range(161, 173), *range(174, 256))  # bytes that GPT-2 writes as themselves
_OTHERS = tuple(byte for byte in range(256) if byte not in _PRINTABLE)  # and those that it writes as 256, 257 …
_BYTE_OF = MappingProxyType(
    {chr(byte): byte for byte in _PRINTABLE} | {chr(256 + at): byte for at, byte in enumerate(_OTHERS)}
)
_LETTER_FOR = MappingProxyType({byte: letter for letter, byte in _BYTE_OF.items()})
BYTE_ORDER = tuple(_BYTE_OF.values())  # all bytes in the order in which GPT-2's vocabulary begins with them


class ByteLevelTokenizer:
    """Byte pairs that are merged in the order in which they were learned; every text can be written and read back.

    Text is cut into words with the space before them, digits one by one, and no merge goes beyond a word. Special
    tokens such as ``<|im_start|>`` are read as plain text.

    References:
        Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units", 2016; Radford et al.,
        "Language Models are Unsupervised Multitask Learners", 2019, for bytes in place of characters.
    """

    def __init__(self, written: Sequence[str], merges: Sequence[str]) -> None:
        """Take a vocabulary and its merges as GPT-2's files write them.

        Args:
            written: The tokens in the order of their ids, those that were merged in the order of the merges; each byte
                is a letter, that of the space ``Ġ``.
            merges: Pairs in the order in which they were learned, the two parted by a space.
        """
        with required():
            from tokenizers import Tokenizer, decoders, models, pre_tokenizers

        ids = {token: token_id for token_id, token in enumerate(written)}
        pairs = [(left, right) for left, _, right in (merge.partition(" ") for merge in merges)]
        merged = {left + right for left, right in pairs}
        self._special = frozenset(each for token, each in ids.items() if len(token) > 1 and token not in merged)
        self._tokenizer: Any = Tokenizer(models.BPE(vocab=ids, merges=pairs))
        self._tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
        )
        self._tokenizer.decoder = decoders.ByteLevel()

    @property
    def vocabulary_size(self) -> int:
        return self._tokenizer.get_vocab_size()

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """What each token stands for, in the order of the ids; a part of a character as its bytes, ``⟨F0 9F⟩``."""
        return tuple(_shown(self._tokenizer.id_to_token(token_id)) for token_id in range(self.vocabulary_size))

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each token as people read it, in the order of the ids; all are different.

        What begins a word, with the space before it, is the word itself, and what stands inside a word has ``##``
        before it, as in WordPiece; any other space is ``␣``.
        """
        return tuple(map(_named, self.tokens))

    def pieces(self) -> Pieces:
        """The bytes of each token; special is what is neither a byte nor two tokens put together."""
        written = map(self._tokenizer.id_to_token, range(self.vocabulary_size))
        return Pieces.of(map(_bytes_of, written), self._special)

    def encode(self, text: str) -> Encoding:
        """Tokens, ids and spans of ``text``; tokens that share a character share its span.

        Raises:
            InvalidInput: ``text`` has more than ``MAX_CHARACTERS`` characters, or half a surrogate pair.
        """
        encoding = self._tokenizer.encode(as_short_text(text), add_special_tokens=False)
        return Encoding(tuple(map(_shown, encoding.tokens)), tuple(encoding.ids), tuple(encoding.offsets))

    def decode(self, ids: Sequence[int]) -> str:
        """The text that ``ids`` stand for; bytes that make no character become U+FFFD.

        Raises:
            InvalidInput: An id is not in the vocabulary.
        """
        written = (self._tokenizer.id_to_token(each) for each in as_ids(ids, self.vocabulary_size).tolist())
        return b"".join(map(_bytes_of, written)).decode(errors="replace")

    def merge_tree(self, token_id: int) -> MergeTree:
        """The merges that made the token with this id; the rank of a token is its id.

        Raises:
            InvalidInput: The id is not in the vocabulary, or its token is a special one, which no merge made.
        """
        (token_id,) = as_ids([token_id], self.vocabulary_size).tolist()
        return undo_merges(_bytes_of(self._tokenizer.id_to_token(token_id)), self._rank)

    def _rank(self, piece: bytes) -> int | None:
        return self._tokenizer.token_to_id(letters_of(piece))


def letters_of(piece: bytes) -> str:
    """How GPT-2's files write ``piece``: each byte as a letter.

    >>> letters_of(b" cat")
    'Ġcat'
    """
    return "".join(_LETTER_FOR[byte] for byte in piece)


def _bytes_of(written: str) -> bytes:
    return bytes(_BYTE_OF[letter] for letter in written)


def _shown(written: str) -> str:
    """The text of a token as its vocabulary writes it; what cannot be read, as its bytes."""
    return readable(_bytes_of(written))


def _named(token: str) -> str:
    if token[:1] == " " and token[1:2].isalpha():
        token = token[1:]
    elif token[:1].isalpha():
        token = f"##{token}"
    return drawn(token)
