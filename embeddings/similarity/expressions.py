"""Sums of words as people write them: ``king - man + 0.5 woman``."""

import re

from embeddings.common import InvalidInput, as_text

MAX_CHARACTERS = 500
_TERM = re.compile(
    r"\s*(?P<sign>[+\-−–]?)\s*"
    r"(?:(?P<weight>\d+(?:[.,]\d+)?|[.,]\d+)\s*[*·×]?\s*(?=[^\s+*·×\d]))?"
    r"(?P<word>[^\s+*·×]+)"
)


def parse_expression(text: str) -> dict[str, float]:
    """The weight of each word of a sum, in the order in which they stand.

    A term is a sign, a number and a word; without a sign it is added, without a number it counts once. A hyphen
    inside a word belongs to it, and a word given twice counts with both weights.

    Raises:
        InvalidInput: There is no word, a sign without one, too much text, or half a character.

    >>> parse_expression("king - man + 0.5 woman")
    {'king': 1.0, 'man': -1.0, 'woman': 0.5}
    >>> parse_expression("2 * well-known + fact")
    {'well-known': 2.0, 'fact': 1.0}
    """
    if len(as_text(text)) > MAX_CHARACTERS:
        raise InvalidInput(f"A sum may have {MAX_CHARACTERS} characters, not {len(text):,}. Use fewer words.")
    terms: dict[str, float] = {}
    place, rest = 0, text.rstrip()
    while place < len(rest):
        term = _TERM.match(rest, place)
        if term is None or term["word"] in "-−–":
            raise InvalidInput(f"{rest[place:].strip()[:20]!r} is not a term. Write a sum such as: king - man + woman")
        sign = -1.0 if term["sign"] in ("-", "−", "–") else 1.0
        weight = float(term["weight"].replace(",", ".")) if term["weight"] else 1.0
        terms[term["word"]] = terms.get(term["word"], 0.0) + sign * weight
        place = term.end()
    if not terms:
        raise InvalidInput("Write a sum of words, such as: king - man + woman")
    return terms
