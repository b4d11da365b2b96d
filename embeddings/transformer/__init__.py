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
from embeddings.transformer.smollm import SMOLLM_BYTES, SMOLLM_LAYERS, SmolLM, probabilities
from embeddings.transformer.table_changes import (
    TableChange,
    changed_table,
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
    "SenseSimilarity",
    "SmolLM",
    "TableChange",
    "changed_table",
    "contextual_similarity",
    "examples",
    "find_occurrence",
    "logit_lens",
    "measure_all",
    "measure_examples",
    "next_token_probabilities",
    "own_token_share",
    "probabilities",
    "read_rows",
    "sense_gap",
    "sense_similarity",
    "unembed",
]
