"""Projection quality of a map in four figures: trustworthiness, continuity, neighbor overlap, correlation."""

import numpy as np
import streamlit as st

from components.markup import with_minus
from embeddings.projection import ProjectionQuality, neighbor_overlap_by_chance


def show_figures(quality: ProjectionQuality, count: int) -> None:
    """The four figures of a map of ``count`` words, each with what it means."""
    k = quality.n_neighbors
    trustworthiness, continuity, overlap, correlation = st.columns(4)
    trustworthiness.metric("Trustworthiness", f"{quality.trustworthiness:.3f}")
    trustworthiness.caption(
        "Are words that are near on the map near in the table too? It falls when the map makes neighbours up. 1 is "
        "perfect."
    )
    continuity.metric("Continuity", f"{quality.continuity:.3f}")
    continuity.caption(
        "Are words that are near in the table near on the map too? It falls when the map tears neighbours apart. 1 is "
        "perfect."
    )
    overlap.metric("Neighbour overlap", f"{quality.neighbor_overlap:.0%}")
    overlap.caption(f"{_about_overlap(k)} Chance gives {neighbor_overlap_by_chance(count, k):.1%}.")
    spearman = "–" if np.isnan(quality.spearman) else with_minus(f"{quality.spearman:.2f}")
    correlation.metric("Correlation of distances", spearman)
    correlation.caption(
        f"Do pairs that are far apart in the table lie far apart on the map? Spearman's rank correlation of "
        f"{quality.pairs:,} pairs. 1 is perfect, 0 is chance."
    )


def _about_overlap(k: int) -> str:
    if k == 1:
        return "The share of words whose nearest in the table is also the nearest on the map."
    return f"The share of a word's {k} nearest in the table that are also among its {k} nearest on the map."
