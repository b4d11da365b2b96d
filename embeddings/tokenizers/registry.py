"""The tokenizers by name."""

from embeddings.common import InvalidInput
from embeddings.tokenizers.base import Tokenizer
from embeddings.tokenizers.characters import CharacterTokenizer
from embeddings.tokenizers.subwords import BytePairTokenizer, WordPieceTokenizer
from embeddings.tokenizers.vocabulary import Vocabulary
from embeddings.tokenizers.words import WordTokenizer

TOKENIZERS = ("word", "character", "gpt-4o", "wordpiece")


def tokenizer(name: str, vocabulary: Vocabulary | None = None) -> Tokenizer:
    """The tokenizer called ``name``, one of ``TOKENIZERS``.

    Args:
        name: Which one.
        vocabulary: The words that ``"word"`` knows; a table's, for an id to be a row of it. The others have their own.

    Raises:
        InvalidInput: There is no tokenizer of that name, or ``"word"`` was given no vocabulary.
        SourceUnavailable: The package it comes from is not installed.
    """
    if name == "word":
        if vocabulary is None:
            raise InvalidInput("The word tokenizer needs a vocabulary, such as Vocabulary.from_text(text).")
        return WordTokenizer(vocabulary)
    others: dict[str, type[Tokenizer]] = {
        "character": CharacterTokenizer,
        "gpt-4o": BytePairTokenizer,
        "wordpiece": WordPieceTokenizer,
    }
    if name not in others:
        raise InvalidInput(f"There is no tokenizer called {name!r}. There are: {', '.join(TOKENIZERS)}.")
    return others[name]()
