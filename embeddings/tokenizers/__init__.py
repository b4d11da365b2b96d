"""Tokenizers and vocabularies: text to tokens and ids."""

from embeddings.tokenizers.base import Encoding, Tokenizer
from embeddings.tokenizers.bpe_training import (
    BPETraining,
    PairCount,
    TrainedTokenizer,
    train_bpe,
)
from embeddings.tokenizers.byte_level import ByteLevelTokenizer
from embeddings.tokenizers.byte_pairs import MergeTree, piece_text
from embeddings.tokenizers.measures import characters_per_token, read_back, unknown_tokens
from embeddings.tokenizers.packed_tokens import PackedTokens
from embeddings.tokenizers.registry import TOKENIZERS, tokenizer
from embeddings.tokenizers.subwords import PRE_TOKENIZATION, BytePairTokenizer, WordPieceTokenizer
from embeddings.tokenizers.vocabulary import Vocabulary
from embeddings.tokenizers.word_split import composed, split_words

__all__ = [
    "PRE_TOKENIZATION",
    "TOKENIZERS",
    "BPETraining",
    "ByteLevelTokenizer",
    "BytePairTokenizer",
    "Encoding",
    "MergeTree",
    "PackedTokens",
    "PairCount",
    "Tokenizer",
    "TrainedTokenizer",
    "Vocabulary",
    "WordPieceTokenizer",
    "characters_per_token",
    "composed",
    "piece_text",
    "read_back",
    "split_words",
    "tokenizer",
    "train_bpe",
    "unknown_tokens",
]
