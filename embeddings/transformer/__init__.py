"""Transformers: a small encoder's hidden states, and a language model that says which token comes next."""

from embeddings.transformer.contextual import (
    STAGES,
    ContextualSimilarity,
    Example,
    MeasuredExample,
    SenseSimilarity,
    contextual_similarity,
    examples,
    find_occurrence,
    measure_all,
    measure_examples,
    sense_gap,
    sense_similarity,
)
from embeddings.transformer.lens import LogitLens, logit_lens, own_token_share, read_rows, unembed
from embeddings.transformer.minilm import MiniLM
from embeddings.transformer.position import (
    OrderSimilarity,
    mean_cosine_at_distance,
    order_similarity,
    rotary_frequencies,
    rotary_products,
    rotated,
    sentence_tokens,
    sinusoidal_positions,
)
from embeddings.transformer.smollm import SMOLLM_BYTES, SMOLLM_LAYERS, SmolLM, probabilities
from embeddings.transformer.table_changes import (
    TableChange,
    changed_probabilities,
    changed_table,
    likeliest,
    next_token_probabilities,
)

__all__ = [
    "SMOLLM_BYTES",
    "SMOLLM_LAYERS",
    "STAGES",
    "ContextualSimilarity",
    "Example",
    "LogitLens",
    "MeasuredExample",
    "MiniLM",
    "OrderSimilarity",
    "SenseSimilarity",
    "SmolLM",
    "TableChange",
    "changed_probabilities",
    "changed_table",
    "contextual_similarity",
    "examples",
    "find_occurrence",
    "likeliest",
    "logit_lens",
    "mean_cosine_at_distance",
    "measure_all",
    "measure_examples",
    "next_token_probabilities",
    "order_similarity",
    "own_token_share",
    "probabilities",
    "read_rows",
    "rotary_frequencies",
    "rotary_products",
    "rotated",
    "sense_gap",
    "sense_similarity",
    "sentence_tokens",
    "sinusoidal_positions",
    "unembed",
]
