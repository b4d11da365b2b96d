"""By what the words on a map are coloured, and what each colour stands for."""

from collections.abc import Sequence
from types import MappingProxyType

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components.address import setting
from components.figures.scatter_map import marker_style
from components.figures.template import GREY, RAMP
from components.lessons.play.map.colours import Colouring, MarkerStyle, by_rank, in_steps
from components.lessons.play.words_in_space.request import MapRequest
from components.lessons.play.words_in_space.word_choice import ChosenWords
from components.markup import shortened, with_minus
from components.session.visitor_memory import shared_unless_private
from components.ui.inputs import choice_input
from embeddings.common import count_of
from embeddings.numeric import MAX_CLUSTERS, kmeans_labels
from embeddings.projection import MapResult
from embeddings.similarity import cosines_with
from embeddings.vectors import WordVectors

GROUP, CLUSTER, FREQUENCY, SIMILARITY, TRUST = "group", "cluster", "frequency", "similarity", "trust"
CLUSTERS = 7  # as many as there are colours
ADDED: MarkerStyle = (GREY, "square")  # of words that were added to a finished map
_SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)
_NAMED = 3  # words in a cluster's name
_ABOUT = MappingProxyType(
    {
        CLUSTER: "The k-means method finds the clusters in all dimensions, not on the map. Where the points of one "
        "colour lie apart, the map has torn them apart.",
        SIMILARITY: "The colour shows the cosine with the chosen word, in all dimensions.",
        TRUST: "The colour shows how many of a word's nearest neighbours in the table are also its nearest on the map.",
    }
)


def choose_colouring(chosen_words: ChosenWords) -> tuple[str, int]:
    """By what to colour, and how many clusters."""
    ways = [GROUP, CLUSTER, FREQUENCY, SIMILARITY, TRUST][0 if chosen_words.grouped else 1 :]
    way = choice_input("Coloured by", ways, "space_colour" if chosen_words.grouped else "space_colours")
    if way != CLUSTER:
        return way, CLUSTERS
    limit = min(MAX_CLUSTERS, len(chosen_words.words))
    if (st.session_state.get("space_clusters") or 1) > limit:
        st.session_state["space_clusters"] = limit
    count = setting(st.slider, "How many clusters", 1, limit, min(CLUSTERS, limit), key="space_clusters")
    return way, count


def colouring(
    way: str,
    count: int,
    words: ChosenWords,
    request: MapRequest,
    table: WordVectors,
    result: MapResult | None,
    chosen: str,
) -> Colouring:
    """The class of each word, by ``way``."""
    names = words.words
    if way == CLUSTER and result is not None and result.projection is not None:
        return _by_cluster(names, _cached_clusters(request.private, request.digest, count, request, table.rows(names)))
    if way == FREQUENCY:
        return by_rank([table.id(word) + 1 for word in names])
    if way == SIMILARITY and chosen in table:
        cosines = cosines_with(table, chosen, names)
        notes = [f"cosine {with_minus(f'{cosine:.2f}')}" for cosine in cosines]
        return in_steps(cosines, _even_steps(np.delete(cosines, cosines.argmax())), "{:.2f}", notes, _ABOUT[way])
    if way == TRUST and result is not None and result.quality is not None:
        shares, k = result.quality.neighbor_overlap_per_point, result.quality.n_neighbors
        notes = [f"{round(share * k)} of {count_of(k, 'neighbour')} kept" for share in shares]
        return in_steps(shares, _SHARES, "{:.0%}", notes, _ABOUT[way])
    places = {group: number for number, group in enumerate(words.groups)}
    classes = np.array([places[group] for group in words.group_of.values()])
    about = "Trust is measured once the map is finished. It needs three words or more." if way == TRUST else ""
    marker_styles = tuple(marker_style(number) for number in range(len(words.groups)))
    return Colouring(classes, words.groups, marker_styles, about=about)


@shared_unless_private(max_entries=8, spinner="Looking for clusters")
def _cached_clusters(digest: str, count: int, _request: MapRequest, _vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    """k-means of the words in the table's own dimensions; the seed is the map's."""
    return kmeans_labels(_vectors, min(count, len(_vectors)), _request.seed, _request.metric)


def _by_cluster(words: Sequence[str], found: NDArray[np.int64]) -> Colouring:
    names = []
    for number in range(int(found.max()) + 1):
        members = [words[index] for index in np.flatnonzero(found == number).tolist()]
        some = ", ".join(shortened(word, 16) for word in members[:_NAMED])
        names.append(f"{some} … ({len(members):,})" if len(members) > _NAMED else some)
    marker_styles = tuple(marker_style(number) for number in range(len(names)))
    return Colouring(found, tuple(names), marker_styles, about=_ABOUT[CLUSTER])


def _even_steps(values: NDArray) -> list[float]:
    """Edges that part the range of ``values`` evenly, in hundredths."""
    return sorted({round(float(edge), 2) for edge in np.linspace(values.min(), values.max(), len(RAMP) + 1)[1:-1]})


def clusters_code(k: int, seed: int, metric: str) -> str:
    """The clusters of ``vectors``, to follow the code of the map."""
    return f"""
from embeddings.numeric import kmeans_labels

found = kmeans_labels(vectors, {k}, seed={seed}, metric={metric!r})
print(found)
"""
