"""Measures of a cut: how long its tokens are, how many are unknown, and what comes back from its ids."""

from embeddings.tokenizers.base import Encoding, Tokenizer

UNKNOWN = "[UNK]"  # WordPiece's token for what it lacks


def characters_per_token(text: str, encoding: Encoding) -> float:
    """How many characters of ``text`` a token of its ``encoding`` stands for on average; all where there is none.

    >>> characters_per_token("a cat", Encoding(("a", "cat"), (0, 1), ((0, 1), (2, 5))))
    2.5
    """
    return len(text) / max(1, len(encoding.tokens))


def unknown_tokens(encoding: Encoding) -> int:
    """How many tokens stand for something that the vocabulary lacks: those without an id, and WordPiece's [UNK].

    >>> unknown_tokens(Encoding(("a", "zyx"), (0, None), ((0, 1), (2, 5))))
    1
    """
    return sum(token_id is None for token_id in encoding.ids) + encoding.tokens.count(UNKNOWN)


def read_back(tokenizer: Tokenizer, encoding: Encoding) -> str:
    """The text that the ids are turned back into; tokens without an id are left out."""
    return tokenizer.decode([token_id for token_id in encoding.ids if token_id is not None])
