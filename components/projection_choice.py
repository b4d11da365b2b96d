"""Which projection, with which options, each bounded by the number of words."""

from types import MappingProxyType
from typing import Any

import streamlit as st

from components.axis_panels import end_setting
from components.inputs import one_of
from embeddings.presets import AXES
from embeddings.projection import TSNE_MIN_POINTS, max_perplexity
from embeddings.tsne import LIVE_UP_TO
from embeddings.umap import MIN_DIST, UMAP_MIN_POINTS
from embeddings.word_vectors import WordVectors

METHODS = MappingProxyType({"PCA": "pca", "t-SNE": "tsne", "UMAP": "umap", "Axes": "axes"})
METRICS = MappingProxyType({"Euclidean": "euclidean", "cosine": "cosine"})
MINIMUM = MappingProxyType({"pca": 2, "tsne": TSNE_MIN_POINTS, "umap": UMAP_MIN_POINTS, "axes": 2})
PERPLEXITY = 15  # unless fewer words ask for less
NEIGHBOURS = 15
MOST_PERPLEXITY, MOST_NEIGHBOURS = 100, 100  # asked for here; the engine takes more
WATCHED_UNASKED = 1_000  # words whose t-SNE is watched unless the reader wants it at once
MOST_WATCHED = 5_000
MOST_COMPONENTS = 10  # that can be chosen from
USUAL = "usual"
_ABOUT = MappingProxyType(
    {
        "pca": "To *project* is to squeeze many dimensions into the few of a picture. *PCA* keeps the directions, "
        "called components, in which the words spread most.",
        "tsne": "*t-SNE* tries to keep each word's neighbours beside it. The *perplexity* is about how many neighbours "
        "each word tries to keep.",
        "umap": "*UMAP* joins each word to its nearest neighbours and draws the net that results. *Neighbours* is how "
        "many each is joined to: few show small groups, many the large picture.",
        "axes": "You say what the two *axes* mean: each leads from the mean of some words to the mean of their "
        "opposites, and every word stands where its direction lies between them.",
    }
)


def choose_projection(count: int, table: WordVectors) -> dict[str, Any]:
    """Method and options for ``count`` words of ``table``, as ``map_making.asked`` takes them."""
    dimension = table.dimension
    kind, sides, detail = st.columns([3, 2, 5], vertical_alignment="bottom")
    method = METHODS[one_of("Projection", list(METHODS), "space_method", place=kind)]
    solid = count > 3 and dimension > 2 and method != "axes"
    sizes = ["2-D", "3-D"] if solid else ["2-D"]
    if not solid:
        st.session_state.pop("space_size", None)
    n_components = int(one_of("Map", list(sizes), "space_size", place=sides)[0])
    options = {"method": method, "n_components": n_components}
    place = st.container()
    place.caption(_ABOUT[method])
    if count < MINIMUM[method]:
        return options  # the engine says what is missing
    if method == "axes":
        return options | _axes(table)
    with place.expander("More settings", icon=":material/tune:"):
        columns = st.columns(4, vertical_alignment="bottom")
        metric = one_of("Compare by", list(METRICS), "space_metric", place=columns[0])
        options |= {"metric": METRICS[metric]}
        more = {"pca": _pca, "tsne": _tsne, "umap": _umap}[method]
        return options | more(count, dimension, n_components, detail, columns)


def _pca(count, dimension, n_components, detail, columns) -> dict[str, Any]:
    bound = min(count, dimension, MOST_COMPONENTS)
    if bound <= n_components:
        return {}
    chosen = detail.multiselect(
        "Components drawn, the first across and the second upwards",
        list(range(1, bound + 1)),
        default=list(range(1, n_components + 1)),
        max_selections=n_components,
        select_all=False,
        key=f"space_components_{n_components}",
        bind="query-params",
        persist_state="session",
    )
    if len(chosen) != n_components or max(chosen) > bound:
        detail.caption(f"Choose {n_components}; until then the first {n_components} are drawn.")
        return {}
    return {} if chosen == list(range(1, n_components + 1)) else {"components": tuple(chosen)}


def _axes(table: WordVectors) -> dict[str, Any]:
    """Two axes by their ends; directions are compared, as words stand on an axis by theirs."""
    x, y = AXES[0].x, AXES[0].y
    ends = []
    for column, (label, usual, name) in zip(
        st.columns(4),
        (
            ("From left", x.low, "x_low"),
            ("to right", x.high, "x_high"),
            ("From below", y.low, "y_low"),
            ("upwards", y.high, "y_high"),
        ),
        strict=True,
    ):
        with column:
            ends.append(end_setting(label, usual, f"space_{name}", table))
    return {"axes": ((ends[0], ends[1]), (ends[2], ends[3])), "metric": "cosine"}


def _tsne(count, dimension, n_components, detail, columns) -> dict[str, Any]:
    bound = min(max_perplexity(count), MOST_PERPLEXITY)
    options: dict[str, Any] = {"perplexity": bound}
    if bound > 1:
        options["perplexity"] = _slider(
            detail, "Perplexity: about how many neighbours each word tries to keep", 1, bound, PERPLEXITY, "perplexity"
        )
    start = one_of("Start from", [USUAL, "PCA", "random"], "space_start", _START_HELP, place=columns[1])
    if n_components == 2 and start != "PCA" and LIVE_UP_TO < count <= MOST_WATCHED:
        options |= _watched(count, detail)
    return options | _start(start) | _steps_and_seed(columns)


def _watched(count: int, place) -> dict[str, Any]:
    """Which program draws: one that shows its steps, or a faster one that does not."""
    large = count > WATCHED_UNASKED
    watch = place.toggle(
        "Watch it form",
        not large,
        key="space_watch_large" if large else "space_watch",
        bind="query-params",
        persist_state="session",
        help="Watched, the words are seen to move, and the way can be played again. Not watched, a program that is "
        "several times as fast draws the map, from random places.",
    )
    return {"engine": "live" if watch else "auto"}


def _umap(count, dimension, n_components, detail, columns) -> dict[str, Any]:
    bound = min(count - 1, MOST_NEIGHBOURS)
    options: dict[str, Any] = {"n_neighbors": bound}
    if bound > 2:
        options["n_neighbors"] = _slider(
            detail, "Neighbours: how many each word is joined to", 2, bound, NEIGHBOURS, "neighbours"
        )
    start = one_of("Start from", [USUAL, "PCA", "random"], "space_start", _START_HELP, place=columns[1])
    near = st.slider(
        "Least distance: how close together neighbours are drawn",
        0.0,
        1.0,
        MIN_DIST,
        0.05,
        key="space_min_dist",
        bind="query-params",
        persist_state="session",
        help="At 0 neighbours lie on top of each other; at 1 they spread evenly over the map.",
    )
    options |= {} if near == MIN_DIST else {"min_dist": near}
    return options | _start(start) | _steps_and_seed(columns)


_START_HELP = (
    "Where the words lie before the first step. Usual for t-SNE: PCA where it can be watched, and random places where "
    "the faster program draws. Usual for UMAP: the net's own slowest vibrations, called spectral."
)


def _start(start: str) -> dict[str, Any]:
    return {} if start == USUAL else {"initialization": start.lower()}


def _steps_and_seed(columns) -> dict[str, Any]:
    steps = columns[2].number_input(
        "Steps",
        50,
        5_000,
        None,
        50,
        placeholder=USUAL,
        key="space_steps",
        bind="query-params",
        persist_state="session",
        help="How often the words are moved. Usual: 750 for t-SNE, 500 where the faster program draws; 350 for UMAP.",
    )
    seed = columns[3].number_input(
        "Seed",
        0,
        9999,
        0,
        key="space_seed",
        bind="query-params",
        persist_state="session",
        help="Start of the random numbers: the same seed draws the same map.",
    )
    st.caption(
        "The same words, options and seed draw the same map here each time; another machine, whose libraries round "
        "otherwise, may draw another."
    )
    return {"seed": seed} | ({} if steps is None else {"iterations": steps})


def _slider(place, label: str, low: int, high: int, usual: int, name: str) -> int:
    key = f"space_{name}"
    if (st.session_state.get(key) or low) > high:  # words were taken away since it was chosen
        st.session_state[key] = high
    return place.slider(label, low, high, min(usual, high), key=key, bind="query-params", persist_state="session")
