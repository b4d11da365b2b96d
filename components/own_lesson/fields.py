"""What a teacher's words and text are to each page: which of its fields they stand in."""

from typing import Any

from components.own_lesson.link import OwnLesson
from embeddings.tokenizers import split_words

_LINES, _IN_A_LINE, _DIFFERENT = 4, 16, 23  # sentences, their words, and different words that every page can draw


def fields(own: OwnLesson) -> dict[str, Any]:
    """What stands in the pages' fields: by their keys, which the address has too."""
    return {key: value for found in fields_by_page(own).values() for key, value in found.items()}


def fields_by_page(own: OwnLesson) -> dict[str, dict[str, Any]]:
    """The same for each page, by its name in a link; pages that are not there keep their own examples."""
    words, first, short = " ".join(own.words), own.words[0], _beginning(own.text)
    found: dict[str, dict[str, Any]] = {
        "words_as_numbers": {"numbers_words": words},
        "one_hot": {"onehot_words": words},
        "similar_words": {"similar_words": words, "similar_word": first},
        "axes": {"axes_words": words},
        "odd_one_out": {"odd_words": words},
        "frequency": {"frequency_words": words},
        "words_in_space": {"space_words": list(own.words)},
        "whole_table": {"whole_word": first},
        "vocabularies": {"vocabularies_text": first},
    }
    if own.text.strip():
        line = " ".join(own.text.split())
        found |= {"home": {"home_text": line}, "tokenizers": {"tokenizers_text": own.text}}
        found["word2vec"] = {"word2vec_sentence": line}
        found["own_tokenizer"] = {"bpe_text": own.text}
    if short:
        found["small_network"] = {"network_text": short}
        found["embedding_layer"] = {"layer_text": short, "layer_what": "sentences"}
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
