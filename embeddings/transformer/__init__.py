"""A small transformer: its hidden states, and one word in several sentences."""

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
from embeddings.transformer.minilm import MiniLM

__all__ = [
    "STAGES",
    "ContextualSimilarity",
    "Example",
    "MeasuredExample",
    "MiniLM",
    "SenseSimilarity",
    "contextual_similarity",
    "examples",
    "find_occurrence",
    "measure_all",
    "measure_examples",
    "sense_gap",
    "sense_similarity",
]
