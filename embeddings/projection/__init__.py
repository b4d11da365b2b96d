"""Projections to 2-D and 3-D, and how far they can be trusted."""

from embeddings.projection.alignment import AlignedSnapshot
from embeddings.projection.full_table import (
    MAX_DRAWN,
    QUALITY_SAMPLE,
    FullMap,
    density,
    project_full_table,
    rank_on_map,
    sample_ids,
    sampled_quality,
)
from embeddings.projection.method import Backend, Choice, Components, Method, Option, Range, Steps, WordAxes
from embeddings.projection.projection_quality import (
    ProjectionQuality,
    ShepardSample,
    continuity,
    distance_correlation,
    estimate_quality_seconds,
    neighbor_overlap,
    neighbor_overlap_by_chance,
    quality,
    shepard_medians,
    shepard_sample,
    trustworthiness,
)
from embeddings.projection.registry import METHODS, Projection, estimate_seconds, options_of, project, transform
from embeddings.projection.tsne import LIVE_UP_TO, max_perplexity

__all__ = [
    "LIVE_UP_TO",
    "MAX_DRAWN",
    "METHODS",
    "QUALITY_SAMPLE",
    "AlignedSnapshot",
    "Backend",
    "Choice",
    "Components",
    "FullMap",
    "Method",
    "Option",
    "Projection",
    "ProjectionQuality",
    "Range",
    "ShepardSample",
    "Steps",
    "WordAxes",
    "continuity",
    "density",
    "distance_correlation",
    "estimate_quality_seconds",
    "estimate_seconds",
    "max_perplexity",
    "neighbor_overlap",
    "neighbor_overlap_by_chance",
    "options_of",
    "project",
    "project_full_table",
    "quality",
    "rank_on_map",
    "sample_ids",
    "sampled_quality",
    "shepard_medians",
    "shepard_sample",
    "transform",
    "trustworthiness",
]
