"""Visitors' words, shown as text wherever a renderer would read them as something else."""

import html
import re
import string
import unicodedata
from collections.abc import Iterable, Sequence

import regex

MAX_SHOWN = 40  # characters of one word
_READ = 1_000  # of one that is cut; a file may have words of any length
_UNSEEN = regex.compile(r"[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # would turn the text around them
_MARKS = re.compile(  # of Markdown, as the app writes it
    r"(?P<fence>`+) ?(?P<code>.+?) ?(?P=fence)"
    r"|\[(?P<link>[^\]]*)\]\([^\"')]*(?:\"[^\"]*\"|'[^']*')?\)"
    r"|\\(?P<sign>.)"
    r"|\*+",
    re.DOTALL,
)


def shortened(word: str, length: int = MAX_SHOWN) -> str:
    """``word`` on one line, cut to ``length`` characters with an ellipsis.

    >>> shortened("abcdef", 4)
    'abc…'
    """
    if len(word) <= length and word.isalnum():  # as nearly all are: maps have thousands of them
        return word
    shown = _UNSEEN.sub("", " ".join(word[:_READ].split()), concurrent=False) or "␣"
    return shown if len(shown) <= length and len(word) <= _READ else shown[: length - 1] + "…"


def as_code(word: str) -> str:
    """``word`` as a Markdown code span, in which neither Markdown, HTML, emoji codes nor maths are read.

    >>> as_code("**bold**"), as_code("a`b")
    ('`**bold**`', '`` a`b ``')
    """
    word = shortened(word)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", word)), default=0))
    return f"{fence} {word} {fence}" if "`" in word else f"{fence}{word}{fence}"


def as_code_list(words: Iterable[str], limit: int = 8) -> str:
    """Several words as code spans, the first ``limit`` of them and how many there are besides.

    >>> as_code_list(["a", "b", "c"], limit=2)
    '`a`, `b` and 1 more'
    """
    words = list(words)
    shown = ", ".join(as_code(word) for word in words[:limit])
    return shown if len(words) <= limit else f"{shown} and {len(words) - limit:,} more"


def escaped(sentence: str) -> str:
    """A whole ``sentence`` for Markdown, every sign in it meant literally.

    >>> escaped("'**cat**' is unknown.")
    "\\\\'\\\\*\\\\*cat\\\\*\\\\*\\\\' is unknown\\\\."
    """
    return re.sub(f"([{re.escape(string.punctuation)}])", r"\\\1", " ".join(sentence.split()))


def plain(markdown: str) -> str:
    """The app's own ``markdown`` as text: of code spans, links and emphasis the words remain.

    >>> plain("Is `**cat**` a [token](glossary#token 'A (piece).')? *Yes*, 2 \\\\* 3.")
    'Is **cat** a token? Yes, 2 * 3.'
    """
    return _MARKS.sub(lambda match: match["code"] or match["link"] or match["sign"] or "", markdown)


def bidi_isolate(shown: str) -> str:
    """``shown`` so that a number after it stays there, where it is read from right to left.

    >>> bidi_isolate("cat"), bidi_isolate("שלום") == "\\u2068שלום\\u2069"
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


def with_minus(number: str) -> str:
    """A ``number`` as it is printed, with a minus sign in place of the hyphen.

    >>> with_minus(f"{-0.25:.1f}"), with_minus("0.5")
    ('−0.2', '0.5')
    """
    return number.replace("-", "−")


def decimals_apart(numbers: Iterable[float], least: int = 2, most: int = 4) -> int:
    """How many decimals part ``numbers`` that differ from one another and from 1, from ``least`` to ``most``.

    >>> decimals_apart([0.9, 0.5]), decimals_apart([0.996, 0.5]), decimals_apart([0.614, 0.612])
    (2, 3, 3)
    """
    different = {round(float(number), most) for number in (*numbers, 1.0)}
    written = (len({f"{number:.{decimals}f}" for number in different}) for decimals in range(least, most))
    return next((least + place for place, count in enumerate(written) if count == len(different)), most)


def spoken_places(words: Sequence[str], coordinates: Iterable[Sequence[float]]) -> str:
    """Words and their places, (x, y) each, on a map, for a screen reader.

    >>> spoken_places(["cat", "dog"], [(0.5, -1.25), (0, 2)])
    'cat at 0.50, \u22121.25; dog at 0.00, 2.00'
    """
    return "; ".join(with_minus(f"{word} at {x:.2f}, {y:.2f}") for word, (x, y) in zip(words, coordinates, strict=True))
