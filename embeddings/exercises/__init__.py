"""Exercises with numbers of their own: drawn from a seed, answered by the engine's functions, each with its lesson."""

from embeddings.exercises.drawing import CHAPTERS, KINDS, MAX_SEED, draw, draw_final
from embeddings.exercises.exercise import Exercise

__all__ = ["CHAPTERS", "KINDS", "MAX_SEED", "Exercise", "draw", "draw_final"]
