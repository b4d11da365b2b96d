"""How far the map can be trusted: four figures, the neighbours of one word, and distances against distances."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components import chart, predict, snippets
from components import play_snippets as play
from components.figures.trust import shepard_figure, spectrum_figure
from components.map_making import Asked, Made
from components.plain_text import code, codes
from components.word_choice import ChosenWords
from embeddings.faithfulness import Faithfulness, ShepardSample, shepard_sample
from embeddings.word_vectors import WordVectors

_SHARES = ("fewer than 1 in 4", "1 in 4 to 1 in 2", "1 in 2 to 3 in 4", "more than 3 in 4")


def show_point(trust: Faithfulness, names: Sequence[str], chosen: str) -> None:
    """Which neighbours of the chosen word the map keeps, misses and makes up."""
    if chosen not in names:
        st.caption(
            f"{code(chosen)} is not among the words of this map. Add it below the colours, and see where it goes."
        )
        return
    near = trust.neighbours_of(list(names).index(chosen))

    def listed(points: Sequence[int]) -> str:
        return codes([names[point] for point in points], 10) if points else "none"

    st.markdown(
        f"**On this map.** Of the {trust.n_neighbors} words of the map whose vectors are nearest to {code(chosen)}:\n"
        f"- :green[kept] near it: {listed(near.true)}\n"
        f"- :orange[missed], as they lie elsewhere (dashed): {listed(near.missed)}\n"
        f"- :gray[made up]: near it only on the map (dotted): {listed(near.false)}"
    )


def show(made: Made, words: ChosenWords, wanted: Asked, table: WordVectors, chosen: str) -> None:
    """The figures of the whole map, after a guess."""
    trust, names = made.trust, words.words
    st.subheader("How far can this map be trusted?", anchor=False)
    guessed = predict.guess(
        f"Take a word's {trust.n_neighbors} nearest neighbours in all {table.dimension} dimensions. How many of them "
        f"are also among its {trust.n_neighbors} nearest on this map, on average?",
        _SHARES,
        "space_trust_guess",
        about=wanted,
    )
    if guessed is None:
        return
    if guessed.here:
        answer = _SHARES[min(3, int(4 * trust.neighbour_overlap))]
        predict.verdict(guessed, answer, f"{trust.neighbour_overlap:.0%} of the neighbours are the same.")
    show_figures(trust, len(names))
    vectors = table.rows(names)
    shepard, components = st.columns([6, 5], gap="large") if made.projection.spectrum else (st.container(), None)
    with shepard:
        sample = _sample(wanted.digest, wanted.metric, vectors, made.coordinates)
        st.markdown(
            "**Distances against distances** (a Shepard plot): each dot is a pair of words. A map that kept all "
            "distances would be one rising line; a cloud shows what was lost. Orange: the median."
        )
        chart.show(
            shepard_figure(sample.in_table, sample.on_map, wanted.metric),
            key="space_shepard",
            alt=f"{len(sample.pairs):,} pairs of words; rank correlation {trust.spearman:.2f}",
        )
    if components is not None:
        with components:
            _show_spectrum(made)
    on_map = chosen if chosen in words.group_of else None
    snippets.show_code(
        play.map_trust(table, words.expression, dict(wanted.options), trust.n_neighbors, on_map),
        "space_trust",
        words.note,
    )


def show_figures(trust: Faithfulness, count: int) -> None:
    """The four figures of a map of ``count`` words, each with what it means."""
    k = trust.n_neighbors
    correlation = "–" if np.isnan(trust.spearman) else f"{trust.spearman:.2f}"
    figures = (
        (
            "Trustworthiness",
            f"{trust.trustworthiness:.3f}",
            "Are those near each other on the map near in the table too? It falls when the map makes neighbours up. "
            "1 is perfect.",
        ),
        (
            "Continuity",
            f"{trust.continuity:.3f}",
            "Are those near in the table near on the map too? It falls when the map tears neighbours apart. 1 is "
            "perfect.",
        ),
        (
            "Neighbour overlap",
            f"{trust.neighbour_overlap:.0%}",
            f"Of the {k} nearest in the table, the share that is also among the {k} nearest on the map. Chance gives "
            f"{k / (count - 1):.1%}.",
        ),
        (
            "Correlation of distances",
            correlation,
            f"Do far pairs lie far apart? Spearman's rank correlation over {trust.pairs:,} pairs. 1 is perfect, 0 is "
            "chance.",
        ),
    )
    for column, (title, value, meaning) in zip(st.columns(4), figures, strict=True):
        column.metric(title, value)
        column.caption(meaning)


def _show_spectrum(made: Made) -> None:
    projection = made.projection
    drawn = list(projection.options["components"] or range(1, len(projection.explained) + 1))
    st.markdown(
        "**What each component holds**: the share of the spread along it. Blue: those drawn. Choose others above the "
        "map to see what the first ones hide."
    )
    chart.show(
        spectrum_figure(projection.spectrum, drawn, height=300),
        key="space_spectrum",
        alt="Shares: " + ", ".join(f"{share:.1%}" for share in projection.spectrum[:10]),
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _sample(digest: str, metric: str, _vectors: NDArray, _coordinates: NDArray) -> ShepardSample:
    return shepard_sample(_vectors, _coordinates, metric=metric)
