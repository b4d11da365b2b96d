"""Suggestions while typing: frequent words of a table."""

import itertools

from components.session.answers import shared_answers
from components.ui.text_fields import WORD_LIMIT
from embeddings.vectors import WordVectors

SUGGESTIONS = 5_000  # most frequent words offered while typing; any other may be typed out
COMMON = 30_000  # most frequent words, among which a suggestion's beginning counts as a word


@shared_answers(max_entries=4)
def suggestions(table: WordVectors) -> tuple[str, ...]:
    """The most frequent words of three letters or more, without numbers and signs.

    Before each stand the words that it begins with, such as "cat" before "catholic": Enter takes the first suggestion
    that begins as typed, and must take the very word where there is one.
    """
    common = set(table.tokens[:COMMON])
    frequent = (token for token in table.tokens if 2 < len(token) <= WORD_LIMIT and token.isalpha())
    found: dict[str, None] = {}
    for word in itertools.islice(frequent, SUGGESTIONS):
        found |= dict.fromkeys(word[:end] for end in range(2, len(word)) if word[:end] in common) | {word: None}
    return tuple(found)
