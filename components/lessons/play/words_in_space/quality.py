"""Projection quality: the neighbors of one word, four figures, and distances against distances."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from numpy.typing import NDArray

from components.figures.quality import scree_plot, shepard_figure
from components.lessons.play.map.quality import show_figures
from components.lessons.play.words_in_space.map_view import map_code
from components.lessons.play.words_in_space.request import MapRequest
from components.lessons.play.words_in_space.word_choice import ChosenWords
from components.markup import as_code, as_code_list
from components.session.visitor_memory import shared_unless_private
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.folds import go_further
from embeddings.projection import Projection, ProjectionQuality, ShepardSample, shepard_sample
from embeddings.vectors import WordVectors

_SHARES = ("fewer than 1 in 4", "1 in 4 to 1 in 2", "1 in 2 to 3 in 4", "more than 3 in 4")


def show_point(quality: ProjectionQuality, names: Sequence[str], chosen: str) -> None:
    """Which neighbours of the chosen word the map keeps, misses and makes up."""
    if chosen not in names:
        st.caption(
            f"{as_code(chosen)} is not among the words of this map. Add it below the map, and see where it goes."
        )
        return
    near = quality.neighbors_of(list(names).index(chosen))

    def listed(points: Sequence[int]) -> str:
        return as_code_list([names[point] for point in points], 10) if points else "none"

    k = quality.n_neighbors
    nearest = "The word of the map whose vector is" if k == 1 else f"Of the {k} words of the map whose vectors are"
    st.markdown(
        f"**On this map.** {nearest} nearest to {as_code(chosen)}:\n"
        f"- :green[kept]: also near it on the map: {listed(near.kept)}\n"
        f"- :orange[missed]: they lie elsewhere on the map (dashed lines): {listed(near.missed)}\n"
        f"- :gray[made up]: near it on the map alone (dotted lines): {listed(near.false)}"
    )


def show_quality(
    projection: Projection,
    quality: ProjectionQuality,
    words: ChosenWords,
    request: MapRequest,
    table: WordVectors,
    chosen: str,
) -> None:
    """The share of neighbours that the map keeps, after a guess, and then the other figures; all in a fold."""
    with go_further("how far can this map be trusted?", "space_trust_fold"):
        _show_trust(projection, quality, words, request, table, chosen)


def _show_trust(
    projection: Projection,
    quality: ProjectionQuality,
    words: ChosenWords,
    request: MapRequest,
    table: WordVectors,
    chosen: str,
) -> None:
    guessed = predict.guess(
        _question(quality.n_neighbors, table.dimension),
        _SHARES,
        "space_trust_guess",
        about=request,
        subject=(request.table_key, request.words),
    )
    if guessed is None:
        return
    answer = _SHARES[min(3, int(4 * quality.neighbor_overlap))]
    predict.verdict(guessed, answer, f"On average {quality.neighbor_overlap:.0%} of them are the same.")
    show_figures(quality, len(words.words))
    _show_distances(projection, quality, words, request, table)
    on_map = chosen if chosen in words.group_of else None
    show_code(
        _code(table, words.expression, dict(request.options), quality.n_neighbors, on_map),
        "space_trust",
        words.note,
    )


def _show_distances(
    projection: Projection, quality: ProjectionQuality, words: ChosenWords, request: MapRequest, table: WordVectors
) -> None:
    """The Shepard plot, and beside it what each component of PCA holds."""
    vectors = table.rows(words.words)
    shepard, components = st.columns([6, 5], gap="large") if projection.all_variance_ratios else (st.container(), None)
    with shepard:
        sample = _shepard_sample(request.private, request.digest, request.metric, vectors, projection.coordinates)
        st.markdown(
            "**Distances against distances** (a Shepard plot): each dot is a pair of words. If the map kept all "
            "distances, the dots would make one rising line. The wider the cloud, the more is lost. Orange: the median."
        )
        chart.show(
            shepard_figure(sample.in_table, sample.on_map, request.metric),
            key="space_shepard",
            alt=f"{len(sample.pairs):,} pairs of words; rank correlation {quality.spearman:.2f}",
        )
    if components is not None:
        with components:
            _show_spectrum(projection)


def _question(k: int, dimension: int) -> str:
    if k == 1:
        return (
            f"Take a word's nearest neighbour in all {dimension} dimensions. For how many of the words is it also the "
            "nearest on this map?"
        )
    return (
        f"Take a word's {k} nearest neighbours in all {dimension} dimensions. How many of them are also among its "
        f"{k} nearest on this map, on average?"
    )


def _show_spectrum(projection: Projection) -> None:
    spectrum, explained = projection.all_variance_ratios or (), projection.explained_variance_ratio or ()
    drawn = list(projection.options["components"] or range(1, len(explained) + 1))
    st.markdown(
        "**What each component holds**: the share of the spread along it. Blue: those that are drawn. Choose others "
        "under “More settings” to see what the first ones hide."
    )
    chart.show(
        scree_plot(spectrum, drawn, height=300),
        key="space_spectrum",
        alt="Shares: " + ", ".join(f"{share:.1%}" for share in spectrum[:10]),
    )


@shared_unless_private(max_entries=8)
def _shepard_sample(digest: str, metric: str, _vectors: NDArray, _coordinates: NDArray) -> ShepardSample:
    return shepard_sample(_vectors, _coordinates, metric=metric)


def _code(table: WordVectors, expression: str, options: Mapping[str, Any], k: int, word: str | None) -> str:
    """How far the map can be trusted, what it does to the neighbours of ``word``, and the pairs of its plot."""
    metric = options.get("metric", "euclidean")
    code = (
        map_code(table, expression, options)
        + f"""
from embeddings.projection import quality, shepard_sample

trust = quality(vectors, places, n_neighbors={k}, metric={metric!r})
print(trust.trustworthiness, trust.continuity, trust.neighbor_overlap, trust.spearman)
sample = shepard_sample(vectors, places, metric={metric!r})
print(sample.in_table, sample.on_map)
"""
    )
    if word is not None:
        code += f"""
near = trust.neighbors_of(words.index({word!r}))
for kind in ("kept", "missed", "false"):
    print(kind, [words[index] for index in getattr(near, kind)])
"""
    return code
