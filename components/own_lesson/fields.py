"""What a teacher's words and text are to each page: which of its fields they stand in."""

from typing import Any

from components.own_lesson.link import OwnLesson
from embeddings.tokenizers import split_words

_LINES, _IN_A_LINE, _DIFFERENT = 4, 16, 23  # sentences, their words, and different words that every page can draw


def fields(own: OwnLesson) -> dict[str, Any]:
    """What stands in the pages' fields: by their keys, which the address has too."""
    words, first, short = " ".join(own.words), own.words[0], _beginning(own.text)
    found: dict[str, Any] = dict.fromkeys(
        ("numbers_words", "onehot_words", "similar_words", "axes_words", "odd_words", "frequency_words"), words
    )
    found |= {"similar_word": first, "whole_word": first, "vocabularies_text": first, "space_words": list(own.words)}
    if own.text.strip():
        line = " ".join(own.text.split())
        found |= {"home_text": line, "tokenizers_text": own.text, "word2vec_sentence": line}
    if short:
        found |= {"network_text": short, "layer_text": short, "layer_what": "sentences"}
    return found


def _beginning(text: str) -> str:
    """The first lines of ``text``, as many as every page can draw.

    >>> _beginning("One cat.\\n\\nTwo dogs.")
    'One cat.\\nTwo dogs.'
    >>> _beginning("word " * 17)
    ''
    """
    kept: list[str] = []
    for line in filter(str.strip, text.splitlines()):
        different = {word for each in (*kept, line) for word in split_words(each.lower())}
        if len(kept) == _LINES or len(split_words(line)) > _IN_A_LINE or len(different) > _DIFFERENT:
            break
        kept.append(line)
    return "\n".join(kept)
