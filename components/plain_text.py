"""Visitors' words, shown as text wherever a renderer would read them as something else."""

import html
import re
import string
import unicodedata
from collections.abc import Iterable

import regex

MAX_SHOWN = 40  # characters of one word
_UNSEEN = regex.compile(r"[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # would turn the text around them


def shortened(word: str, length: int = MAX_SHOWN) -> str:
    """``word`` on one line, cut to ``length`` characters with an ellipsis.

    >>> shortened("abcdef", 4)
    'abc…'
    """
    word = _UNSEEN.sub("", " ".join(word.split())) or "␣"
    return word if len(word) <= length else word[: length - 1] + "…"


def code(word: str) -> str:
    """``word`` as a Markdown code span, in which neither Markdown, HTML, emoji codes nor maths are read.

    >>> code("**bold**"), code("a`b")
    ('`**bold**`', '`` a`b ``')
    """
    word = shortened(word)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", word)), default=0))
    return f"{fence} {word} {fence}" if "`" in word else f"{fence}{word}{fence}"


def codes(words: Iterable[str], most: int = 8) -> str:
    """Several words as code spans, the first ``most`` of them and how many there are besides.

    >>> codes(["a", "b", "c"], most=2)
    '`a`, `b` and 1 more'
    """
    words = list(words)
    shown = ", ".join(code(word) for word in words[:most])
    return shown if len(words) <= most else f"{shown} and {len(words) - most:,} more"


def counted(number: int, what: str) -> str:
    """``number`` with ``what`` it counts.

    >>> counted(1, "word"), counted(1_200, "word")
    ('1 word', '1,200 words')
    """
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def escaped(sentence: str) -> str:
    """A whole ``sentence`` for Markdown, every sign in it meant literally.

    >>> escaped("'**cat**' is unknown.")
    "\\\\'\\\\*\\\\*cat\\\\*\\\\*\\\\' is unknown\\\\."
    """
    return re.sub(f"([{re.escape(string.punctuation)}])", r"\\\1", " ".join(sentence.split()))


def isolated(shown: str) -> str:
    """``shown`` so that a number after it stays there, where it is read from right to left.

    >>> isolated("cat"), isolated("שלום") == "\\u2068שלום\\u2069"
    ('cat', True)
    """
    turns = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in shown)
    return f"\u2068{shown}\u2069" if turns else shown


def for_figure(word: str, length: int = 24) -> str:
    """``word`` for Plotly, which reads a part of HTML in every text.

    >>> for_figure("<b>x</b>")
    '&lt;b&gt;x&lt;/b&gt;'
    """
    return html.escape(shortened(word, length), quote=False)
