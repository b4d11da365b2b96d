"""Training of embedding tables: corpora, word2vec, language models, and what was learned."""

from embeddings.training import language_model, small_network, word2vec
from embeddings.training.ablation import PositionAblation, ablate_positions, held_out_or_trained_loss
from embeddings.training.corpora import (
    TEXT8_TOKENS,
    Corpus,
    count_vocabulary,
    fetched_text8,
    load,
    of_file,
    of_text,
    of_text8,
    of_toy_corpus,
    token_coverage,
    vocabulary_size,
)
from embeddings.training.corpus_bpe import corpus_merges
from embeddings.training.corpus_tokens import END, character_count, table_rows
from embeddings.training.cost import (
    DOLLARS_PER_GPU_HOUR,
    H100_FLOPS,
    UTILIZATION,
    LargeModel,
    cost_estimate,
    gpu_hours,
    gpu_utilization,
    large_models,
    training_cost,
    training_days,
    training_flops,
)
from embeddings.training.history import (
    KEPT_BYTES,
    AlignedMap,
    History,
    fall_share,
    moment_at,
    run_with_history,
    train_with_history,
)
from embeddings.training.language_model import LanguageSnapshot, RowGradients, gradients_of_W, row_gradients
from embeddings.training.scores import Score, neighbors_over_time, score, similarities_over_time
from embeddings.training.small_network import EXAMPLE, STEPS, WINDOW, SmallNetwork, shared_neighbors
from embeddings.training.snapshots import Snapshot
from embeddings.training.toy_corpus import toy_categories
from embeddings.training.word2vec import FastTextSnapshot, TrainingPair, char_ngrams, training_pairs

__all__ = [
    "DOLLARS_PER_GPU_HOUR",
    "END",
    "EXAMPLE",
    "H100_FLOPS",
    "KEPT_BYTES",
    "STEPS",
    "TEXT8_TOKENS",
    "UTILIZATION",
    "WINDOW",
    "AlignedMap",
    "Corpus",
    "FastTextSnapshot",
    "History",
    "LanguageSnapshot",
    "LargeModel",
    "PositionAblation",
    "RowGradients",
    "Score",
    "SmallNetwork",
    "Snapshot",
    "TrainingPair",
    "ablate_positions",
    "char_ngrams",
    "character_count",
    "corpus_merges",
    "cost_estimate",
    "count_vocabulary",
    "fall_share",
    "fetched_text8",
    "gpu_hours",
    "gpu_utilization",
    "gradients_of_W",
    "held_out_or_trained_loss",
    "language_model",
    "large_models",
    "load",
    "moment_at",
    "neighbors_over_time",
    "of_file",
    "of_text",
    "of_text8",
    "of_toy_corpus",
    "row_gradients",
    "run_with_history",
    "score",
    "shared_neighbors",
    "similarities_over_time",
    "small_network",
    "table_rows",
    "token_coverage",
    "toy_categories",
    "train_with_history",
    "training_cost",
    "training_days",
    "training_flops",
    "training_pairs",
    "vocabulary_size",
    "word2vec",
]
