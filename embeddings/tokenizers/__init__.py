"""Tokenizers and vocabularies: text to tokens and ids."""

from embeddings.tokenizers.base import Encoding, Tokenizer
from embeddings.tokenizers.byte_level import ByteLevelTokenizer
from embeddings.tokenizers.measures import characters_per_token, read_back, unknown_tokens
from embeddings.tokenizers.packed_tokens import PackedTokens
from embeddings.tokenizers.registry import TOKENIZERS, tokenizer
from embeddings.tokenizers.subwords import WordPieceTokenizer
from embeddings.tokenizers.vocabulary import Vocabulary
from embeddings.tokenizers.word_split import composed, split_words

__all__ = [
    "TOKENIZERS",
    "ByteLevelTokenizer",
    "Encoding",
    "PackedTokens",
    "Tokenizer",
    "Vocabulary",
    "WordPieceTokenizer",
    "characters_per_token",
    "composed",
    "read_back",
    "split_words",
    "tokenizer",
    "unknown_tokens",
]
