"""Word splitting: text cut at spaces and signs, in lower case and Unicode's form C."""

import unicodedata
from itertools import pairwise

import regex  # unlike re, it knows the marks of other scripts as parts of words, and what is one sign to a reader

from embeddings.common import as_text

# A word keeps its inner apostrophes and hyphens (don't, well-known), a number its points and commas (3.14);
# anything else that a reader sees as one sign, an emoji of several code points too, is a token of its own.
# \X would find a flag by counting back through all the flags before it; two letters of flags and their marks are one.
WORD = regex.compile(
    r"\w+(?:['’\-]\w+|(?<=\d)[.,](?=\d)\w+)*"
    r"|\p{GCB=Regional_Indicator}{2}[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]*"
    r"|(?!\s)\X"
)
# Marks in a row are put in order by comparing them with each other: the square of their number. Unicode's Stream-Safe
# Text Format knows no language with more than 30 to a letter, and breaks longer rows there.
_ROW_OF_MARKS = regex.compile(r"\P{Canonical_Combining_Class=0}{30}(?=\P{Canonical_Combining_Class=0})")


def split_words(text: str) -> list[str]:
    """The words and signs of ``text`` in order, in lower case.

    Raises:
        InvalidInput: It is no text, or holds half a surrogate pair.

    >>> split_words("The cat's mat, please")
    ['the', "cat's", 'mat', ',', 'please']
    """
    # regex lets go of the interpreter's lock at each match unless told not to, and may wait 5 ms to have it back.
    return [spelling(match.group()) for match in WORD.finditer(as_text(text), concurrent=False)]


def composed(text: str) -> str:
    """``text`` in Unicode's form C, an accent and its letter as one character where there is one, in linear time.

    Where more than 30 marks stand in a row, each 30 of them are composed by themselves.

    References:
        Unicode Standard Annex 15, "Unicode Normalization Forms", section 13, Stream-Safe Text Format.

    >>> len("e\\u0301"), len(composed("e\\u0301"))
    (2, 1)
    """
    if text.isascii():
        return text
    cuts = [0, *(row.end() for row in _ROW_OF_MARKS.finditer(text, concurrent=False)), len(text)]
    return "".join(unicodedata.normalize("NFC", text[start:end]) for start, end in pairwise(cuts))


def spelling(word: str) -> str:
    """How a vocabulary writes ``word``: in lower case, an accent and its letter as one character."""
    return composed(word.lower())
