"""By what the words on a map are coloured, and what each colour stands for."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components.figures.space import look
from components.figures.template import GREY, RAMP
from components.inputs import one_of
from components.map_making import Asked, Made
from components.plain_text import shortened
from components.word_choice import ChosenWords
from embeddings.clusters import MAX_CLUSTERS, clusters
from embeddings.word_vectors import WordVectors

GROUP, CLUSTER, FREQUENCY, SIMILARITY, TRUST = "group", "cluster", "frequency", "similarity", "trust"
CLUSTERS = 8
Look = tuple[str, str]  # colour, symbol
_RANKS = (100, 1_000, 10_000, 50_000, 100_000)
_SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)
_NAMED = 3  # words in a cluster's name
_ABOUT = MappingProxyType(
    {
        GROUP: "",
        CLUSTER: "Clusters are found by k-means in all dimensions, not on the map: where a colour is torn apart, the "
        "map tears it.",
        FREQUENCY: "By the word's place in the table, which for most tables is the order of frequency.",
        SIMILARITY: "By the cosine with the chosen word, in all dimensions.",
        TRUST: "By how many of the word's nearest neighbours in the table are also its nearest on the map.",
    }
)


@dataclass(frozen=True, eq=False)
class Colouring:
    """A class for each word.

    Attributes:
        classes: Which class each word is in: int [n].
        names: Of the classes.
        looks: Colour and symbol of each class.
        notes: What is said of each word when it is pointed at, if anything.
        about: A sentence for the reader.
    """

    classes: NDArray[np.int64]
    names: tuple[str, ...]
    looks: tuple[Look, ...]
    notes: tuple[str, ...] | None = None
    about: str = ""


def choose_colouring(chosen_words: ChosenWords, trusted: bool) -> tuple[str, int]:
    """By what to colour, and how many clusters; ``trusted`` is whether trust has been measured."""
    ways = [GROUP, CLUSTER, FREQUENCY, SIMILARITY, TRUST][0 if chosen_words.grouped else 1 :]
    way = one_of("Coloured by", ways, "space_colour" if chosen_words.grouped else "space_colours")
    if way == TRUST and not trusted:
        st.caption("Trust is measured once the map of three words or more is there.")
    if way != CLUSTER:
        return way, CLUSTERS
    most = min(MAX_CLUSTERS, len(chosen_words.words))
    if (st.session_state.get("space_clusters") or 1) > most:
        st.session_state["space_clusters"] = most
    count = st.slider(
        "How many clusters",
        1,
        most,
        min(CLUSTERS, most),
        key="space_clusters",
        bind="query-params",
        persist_state="session",
    )
    return way, count


def colouring(
    way: str, count: int, words: ChosenWords, wanted: Asked, table: WordVectors, made: Made | None, chosen: str
) -> Colouring:
    """The class of each word, by ``way``."""
    names = words.words
    if way == CLUSTER and made is not None and made.projection is not None:
        return _by_cluster(names, found_clusters(wanted.digest, count, wanted, table.rows(names)))
    if way == FREQUENCY:
        return by_rank([table.id(word) + 1 for word in names])
    if way == SIMILARITY and chosen in table:
        rows, own = table.rows(names), table.rows([chosen])[0]
        lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(own)
        cosines = np.divide(rows @ own, lengths, out=np.zeros(len(rows), dtype=np.float32), where=lengths > 0)
        return _in_steps(
            cosines,
            _even_steps(np.delete(cosines, cosines.argmax())),
            "{:.2f}",
            [f"cosine {cosine:.2f}" for cosine in cosines],
            way,
        )
    if way == TRUST and made is not None and made.trust is not None:
        shares, k = made.trust.overlap_per_point, made.trust.n_neighbors
        notes = [f"{round(share * k)} of {k} neighbours kept" for share in shares]
        return _in_steps(shares, _SHARES, "{:.0%}", notes, way)
    places = {group: number for number, group in enumerate(words.groups)}
    classes = np.array([places[group] for group in words.group_of.values()])
    return Colouring(classes, words.groups, tuple(look(number) for number in range(len(words.groups))))


@st.cache_resource(max_entries=8, show_spinner="Looking for clusters")
def found_clusters(digest: str, count: int, _wanted: Asked, _vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    """k-means of the words in the table's own dimensions; the seed is the map's."""
    return clusters(_vectors, min(count, len(_vectors)), dict(_wanted.options).get("seed", 0), _wanted.metric)


def _by_cluster(words: Sequence[str], found: NDArray[np.int64]) -> Colouring:
    names = []
    for number in range(int(found.max()) + 1):
        members = [words[index] for index in np.flatnonzero(found == number)]
        some = ", ".join(shortened(word, 16) for word in members[:_NAMED])
        names.append(f"{some} … ({len(members):,})" if len(members) > _NAMED else some)
    looks = tuple(look(number) for number in range(len(names)))
    return Colouring(found, tuple(names), looks, about=_ABOUT[CLUSTER])


def _even_steps(values: NDArray) -> list[float]:
    """Edges that part the range of ``values`` evenly, in hundredths."""
    return sorted({round(float(edge), 2) for edge in np.linspace(values.min(), values.max(), len(RAMP) + 1)[1:-1]})


def by_rank(ranks: Sequence[int]) -> Colouring:
    """Words by their ``ranks`` in the table, counted from 1."""
    edges = [edge for edge in _RANKS if edge < max(ranks)] or _RANKS[:1]
    return _in_steps(ranks, edges, "{:,}", [f"rank {rank:,}" for rank in ranks], FREQUENCY, upwards=False)


def _in_steps(
    values: Sequence[float] | NDArray, edges: Sequence[float], form: str, notes: Sequence[str], way: str, upwards=True
) -> Colouring:
    """``values`` in classes between ``edges``, from one end of the ramp to the other."""
    written = [form.format(edge) for edge in edges]
    names = (
        f"below {written[0]}" if upwards else f"up to {written[0]}",
        *(f"{low} to {high}" for low, high in pairwise(written)),
        f"{written[-1]} and more",
    )
    classes = np.digitize(np.asarray(values, dtype=float), edges, right=not upwards)
    steps = np.linspace(0, len(RAMP) - 1, len(names)).round().astype(int)
    colours = [RAMP[step] for step in (steps if upwards else steps[::-1])]
    return Colouring(classes, names, tuple((c, "circle") for c in colours), tuple(notes), _ABOUT[way])


ADDED: Look = (GREY, "square")  # of words that were added to a finished map
