"""Tokenizers and vocabularies: text to tokens and ids."""

from embeddings.tokenizers.base import Encoding, Tokenizer
from embeddings.tokenizers.bpe_training import (
    BPETraining,
    PairCount,
    TrainedTokenizer,
    train_bpe,
)
from embeddings.tokenizers.byte_level import ByteLevelTokenizer
from embeddings.tokenizers.byte_pairs import MergeStep, MergeTree
from embeddings.tokenizers.byte_strings import drawn, piece_text
from embeddings.tokenizers.languages import ARTICLE_1, LanguagePrice, language_prices, token_premium
from embeddings.tokenizers.measures import characters_per_token, read_back, unknown_tokens
from embeddings.tokenizers.packed_tokens import PackedTokens
from embeddings.tokenizers.pieces import HasPieces
from embeddings.tokenizers.registry import TOKENIZERS, tokenizer
from embeddings.tokenizers.subwords import PRE_TOKENIZATION, BytePairTokenizer, WordPieceTokenizer
from embeddings.tokenizers.token_index import KINDS, SPECIAL, TokenIndex
from embeddings.tokenizers.token_order import (
    ALPHABET,
    FREQUENCY,
    MERGES,
    ORDERS,
    IdProfile,
    TokenOrder,
    measure_order,
    profile_by_id,
)
from embeddings.tokenizers.vocabulary import Vocabulary
from embeddings.tokenizers.word_split import composed, split_words

__all__ = [
    "ALPHABET",
    "ARTICLE_1",
    "FREQUENCY",
    "KINDS",
    "MERGES",
    "ORDERS",
    "PRE_TOKENIZATION",
    "SPECIAL",
    "TOKENIZERS",
    "BPETraining",
    "ByteLevelTokenizer",
    "BytePairTokenizer",
    "Encoding",
    "HasPieces",
    "IdProfile",
    "LanguagePrice",
    "MergeStep",
    "MergeTree",
    "PackedTokens",
    "PairCount",
    "TokenIndex",
    "TokenOrder",
    "Tokenizer",
    "TrainedTokenizer",
    "Vocabulary",
    "WordPieceTokenizer",
    "characters_per_token",
    "composed",
    "drawn",
    "language_prices",
    "measure_order",
    "piece_text",
    "profile_by_id",
    "read_back",
    "split_words",
    "token_premium",
    "tokenizer",
    "train_bpe",
    "unknown_tokens",
]
