"""Evaluation of embedding tables: analogy questions and pairs of words judged by people."""

from embeddings.evaluation.baseline import shuffled
from embeddings.evaluation.benchmarks import (
    DATASETS,
    QUESTIONS,
    AnalogyScore,
    PairScore,
    Section,
    accuracy,
    missing_datasets,
    search_seconds,
    word_analogies,
    word_pairs,
)
from embeddings.evaluation.cards import Card, report_cards
from embeddings.evaluation.datasets import dataset_file

__all__ = [
    "DATASETS",
    "QUESTIONS",
    "AnalogyScore",
    "Card",
    "PairScore",
    "Section",
    "accuracy",
    "dataset_file",
    "missing_datasets",
    "report_cards",
    "search_seconds",
    "shuffled",
    "word_analogies",
    "word_pairs",
]
