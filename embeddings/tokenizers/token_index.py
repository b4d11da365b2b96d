"""All tokens of a vocabulary, to be looked through: by what stands in them, by length, by script."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import regex  # unlike re and unicodedata, it knows the script of a letter
from numpy.typing import NDArray

from embeddings.common import InvalidInput, as_choice, as_count, as_text
from embeddings.tokenizers.byte_strings import ByteStrings, readable
from embeddings.tokenizers.pieces import Pieces

SCRIPTS = (
    *("Latin", "Greek", "Cyrillic", "Armenian", "Georgian", "Hebrew", "Arabic", "Devanagari", "Bengali", "Gurmukhi"),
    *("Gujarati", "Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala", "Thai", "Lao", "Khmer", "Myanmar", "Ethiopic"),
    *("Han", "Hiragana", "Katakana", "Hangul"),
)
_OTHERS = OTHER, DIGITS, SIGNS, PART, SPECIAL = (
    "other letters",
    "digits",
    "signs and spaces",
    "part of a character",
    "special",
)
KINDS = (*SCRIPTS, *_OTHERS)
MAX_LENGTH = 10_000  # characters of a token that can be asked for
_SCRIPT = regex.compile("|".join(rf"(\p{{Script={script}}})" for script in SCRIPTS))
_CODE_POINTS = 0x110000
_BLOCK = 65_536  # tokens that are looked at together
# Bytes that are no character are read as halves of pairs, U+DC80 and on; 0xFF is never a part of one.
_NO_CHARACTER, _BETWEEN = range(0xDC80, 0xDD00), b"\xff"


@dataclass(frozen=True, eq=False)
class TokenIndex:
    """The V tokens of a vocabulary in the order of their ids, and what each of them is. Immutable.

    Attributes:
        pieces: Their bytes.
        kinds: uint8 [V], read-only: places in ``KINDS``. A token's kind is the script of its first letter; where there
            is none, whether it has digits, or holds a part of a character.
        lengths: int32 [V], read-only: characters, without the space before a word and without ``##``. Each byte of a
            part of a character counts as one.
        begins_word: bool [V], read-only: whether a space stands before it; where words have no space, whether it is
            written without ``##``.

    >>> index = TokenIndex.of(Pieces.of([b"a", b" cat", b"7"], frozenset()))
    >>> index.find("a").tolist(), index.find("a", begins_word=True).tolist(), index.kind(2), index.lengths.tolist()
    ([0, 1], [1], 'digits', [1, 3, 1])
    """

    pieces: Pieces
    kinds: NDArray[np.uint8]
    lengths: NDArray[np.int32]
    begins_word: NDArray[np.bool_]

    @classmethod
    def of(cls, pieces: Pieces) -> "TokenIndex":
        """Look at each token once.

        Raises:
            InvalidInput: There is none.
        """
        if not len(pieces.strings):
            raise InvalidInput("A vocabulary needs at least one token.")
        looked_at = [_kinds_and_lengths(block) for block in _blocks(pieces.strings)]
        kinds, lengths = (np.concatenate(parts) for parts in zip(*looked_at, strict=True))
        before = _each(_is_spaced, pieces, pieces.spaced)
        marked = _each(lambda string: string.startswith(pieces.inside), pieces, bool(pieces.inside))
        special = np.zeros(len(kinds), dtype=bool)
        special[list(pieces.special)] = True
        kinds[special] = KINDS.index(SPECIAL)
        lengths = lengths - before - len(pieces.inside) * marked
        begins_word = (before if pieces.spaced else ~marked) & ~special
        arrays = kinds, lengths.astype(np.int32), begins_word
        for array in arrays:
            array.flags.writeable = False
        return cls(pieces, *arrays)

    def __len__(self) -> int:
        return len(self.kinds)

    def token(self, token_id: int) -> str:
        """The token with this id; what is no text, as its bytes, ``⟨F0 9F⟩``; "" for an id that is not used.

        Raises:
            InvalidInput: There is no such id.
        """
        string = self.pieces.strings[as_count(token_id, "The id", 0, len(self) - 1)]
        return readable(string) if string else ""

    def kind(self, token_id: int) -> str:
        """What the token with this id is, one of ``KINDS``.

        Raises:
            InvalidInput: There is no such id.
        """
        return KINDS[self.kinds[as_count(token_id, "The id", 0, len(self) - 1)]]

    def find(
        self,
        text: str = "",
        kind: str | None = None,
        shortest: int = 0,
        longest: int = MAX_LENGTH,
        begins_word: bool | None = None,
    ) -> NDArray[np.int64]:
        """The ids of all tokens that are as asked for, in their order: int64 [N], read-only.

        Args:
            text: What stands in the token, sign by sign; capitals count, and nothing in it is a pattern.
            kind: One of ``KINDS``.
            shortest, longest: Bounds of its length.
            begins_word: Whether it begins a word.

        Raises:
            InvalidInput: ``text`` is no text, ``kind`` is none of these, or a bound is no length.
        """
        needle = as_text(text).encode()
        shortest = as_count(shortest, "The shortest length", 0, MAX_LENGTH)
        longest = as_count(longest, "The longest length", 0, MAX_LENGTH)
        fits = (self.lengths >= shortest) & (self.lengths <= longest)
        if kind is not None:
            fits &= self.kinds == KINDS.index(as_choice(kind, "The script", KINDS))
        if begins_word is not None:
            fits &= self.begins_word == begins_word
        if needle:
            holding = self.pieces.strings.holding(needle)
            ids = holding[fits[holding]]
        else:
            ids = np.flatnonzero(fits)
        ids.flags.writeable = False
        return ids


def _blocks(strings: ByteStrings) -> Iterator[list[bytes]]:
    """All ``strings``, some at a time, so that little of them is in memory twice; without ``_BETWEEN``."""
    for start in range(0, len(strings), _BLOCK):
        data, offsets = strings.block(start, start + _BLOCK)
        data = data.replace(_BETWEEN, b"\xfe")  # neither is a part of any character
        yield [data[begin:end] for begin, end in pairwise(offsets)]


def _each(condition: Callable[[bytes], bool], pieces: Pieces, asked: bool) -> NDArray[np.bool_]:
    """Which of ``pieces`` fulfil ``condition``: bool [V]; none where that is not asked."""
    size = len(pieces.strings)
    return np.fromiter(map(condition, pieces.strings), bool, size) if asked else np.zeros(size, dtype=bool)


def _is_spaced(string: bytes) -> bool:
    """Whether it is one space and then something else."""
    return string[:1] == b" " and not string[:2].isspace()


def _kinds_and_lengths(strings: Sequence[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The kind of each of ``strings`` [N], as places in ``KINDS``, and how many characters it has: [N] each."""
    # A byte that stands between two strings, so that none of their bytes make a character together.
    text = _BETWEEN.join(strings).decode("utf-8", "surrogateescape")
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    between = codes == _NO_CHARACTER[_BETWEEN[0] - 0x80]
    owners = np.cumsum(between)[~between]  # [C], the string that each character is of
    of_codes = _kinds_of_codes(codes[~between])  # [C]
    kinds = np.full(len(strings), KINDS.index(SIGNS), dtype=np.uint8)
    letters = of_codes <= KINDS.index(OTHER)
    for chosen in (of_codes == KINDS.index(PART), of_codes == KINDS.index(DIGITS), letters):
        places = np.flatnonzero(chosen)[::-1]  # so that a string's first comes last, and stays
        kinds[owners[places]] = of_codes[places]
    return kinds, np.bincount(owners, minlength=len(strings))


def _kinds_of_codes(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """The kind of each character [C], as places in ``KINDS``: uint8 [C]."""
    present = np.flatnonzero(np.bincount(codes, minlength=_CODE_POINTS))
    kind_of = np.zeros(_CODE_POINTS, dtype=np.uint8)
    kind_of[present] = [KINDS.index(_kind_of(code)) for code in present.tolist()]
    return kind_of[codes]


def _kind_of(code: int) -> str:
    """The kind of one character."""
    if code in _NO_CHARACTER:
        return PART
    letter = chr(code)
    category = unicodedata.category(letter)
    if category.startswith("N"):
        return DIGITS
    if (script := _SCRIPT.match(letter, concurrent=False)) is not None:
        return SCRIPTS[script.lastindex - 1]
    return OTHER if category.startswith("L") else SIGNS
