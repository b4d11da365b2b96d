"""A small transformer: its hidden states, and one word in several sentences."""

from embeddings.transformer.contextual import (
    STAGES,
    ContextualSimilarity,
    Example,
    MeasuredExample,
    contextual_similarity,
    examples,
    find_occurrence,
    measure_examples,
    sense_gap,
)
from embeddings.transformer.minilm import MiniLM

__all__ = [
    "STAGES",
    "ContextualSimilarity",
    "Example",
    "MeasuredExample",
    "MiniLM",
    "contextual_similarity",
    "examples",
    "find_occurrence",
    "measure_examples",
    "sense_gap",
]
