"""Pitfalls of reading t-SNE: known sets of points, and measures of what a map does to them."""

from embeddings.tsne_pitfalls.decisions import (
    MAX_SEED,
    SEVERAL,
    Cell,
    Trap,
    TrapMap,
    cells,
    draw,
    mean_change,
    median_gap_ratio,
    perplexities,
    reference_values,
    seconds,
    trap,
    traps,
    verdict,
)
from embeddings.tsne_pitfalls.points import COPIED_WORDS, MAX_WORDS, NOISE, WORDS, PointSet

__all__ = [
    "COPIED_WORDS",
    "MAX_SEED",
    "MAX_WORDS",
    "NOISE",
    "SEVERAL",
    "WORDS",
    "Cell",
    "PointSet",
    "Trap",
    "TrapMap",
    "cells",
    "draw",
    "mean_change",
    "median_gap_ratio",
    "perplexities",
    "reference_values",
    "seconds",
    "trap",
    "traps",
    "verdict",
]
