"""Map view: what is drawn of a map's result, how it is drawn, what may be read from it, and the code behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from components.custom.word_map import FALSE, KEPT, MISSED, Link, word_map
from components.figures.scatter_3d import scatter_3d_figure
from components.figures.scatter_map import map_figure
from components.lessons.play.map.colours import Colouring, MarkerStyle
from components.lessons.play.snippets import arrays, opening
from components.lessons.play.words_in_space.colouring import ADDED
from components.lessons.play.words_in_space.neighbors import choose_clicked
from components.lessons.play.words_in_space.request import (
    MAX_FAST,
    MAX_WITH_FRAMES,
    MapRequest,
    added_coordinates,
    initial_coordinates,
)
from components.lessons.play.words_in_space.selection import MAX_LISTED, keep_selected, selected_words
from components.markup import shortened
from components.ui.chart import PICTURES, picture_key
from embeddings.jobs import Seen
from embeddings.numeric import explained_variance
from embeddings.projection import METHODS, Components, MapResult, ProjectionQuality, WordAxes
from embeddings.similarity import angle
from embeddings.vectors import WordVectors

MAP_HEIGHT = 580  # pixels, with its legend: all of it is in sight on a laptop
MAP_DOWNLOAD_NAME = "words_in_space"  # of what is taken home


@dataclass(frozen=True, eq=False)
class MapView:
    """What is drawn: the words of the map, and after them those that were added.

    Attributes:
        words: All of them.
        coordinates: float32 [n, k].
        added: How many were added.
        links: Lines between them.
        selected: Those with a ring.
        chosen: The place of the chosen word, if it is there.
    """

    words: list[str]
    coordinates: NDArray[np.float32]
    added: int
    links: tuple[Link, ...]
    selected: tuple[int, ...]
    chosen: int | None

    @property
    def is_3d(self) -> bool:
        return self.coordinates.shape[1] == 3


def view_of(
    result: MapResult | None,
    added: tuple[str, ...],
    request: MapRequest,
    table: WordVectors,
    chosen: str,
    revealed: bool,
) -> MapView:
    """What is drawn of the ``result``, or where the words lie before there is any.

    The neighbors of the ``chosen`` word are linked once they are ``revealed``.
    """
    names = list(request.words)
    coordinates = initial_coordinates(request, table) if result is None else result.coordinates
    if added and result is not None and result.projection is not None:  # nothing is added to an unfinished map
        vectors = table.rows(request.words)
        new = added_coordinates(request.digest, added, result.projection, vectors, table.rows(added))
        coordinates = np.concatenate([coordinates, new])
    words = names + list(added)
    place = {word: index for index, word in enumerate(words)}
    selected = tuple(place[word] for word in selected_words() if word in place)
    links: list[Link] = []
    if result is not None and result.quality is not None:
        if revealed and place.get(chosen, len(names)) < len(names):
            links += _links(result.quality, place[chosen])
        for point in selected[:MAX_LISTED]:
            if point < len(names):
                links += [link for link in _links(result.quality, point) if link[2] != FALSE]
    return MapView(words, coordinates, len(added), tuple(links), selected, place.get(chosen))


def _links(quality: ProjectionQuality, point: int) -> list[Link]:
    near = quality.neighbors_of(point)
    kinds = ((FALSE, near.false), (MISSED, near.missed), (KEPT, near.kept))
    return [(point, other, kind) for kind, others in kinds for other in others]


def draw(
    job: Seen | None,
    result: MapResult | None,
    view: MapView,
    coloured: Colouring,
    request: MapRequest,
    own: Sequence[str],
    labels: bool,
) -> None:
    """The map and its legend; ``labels`` of the reader's ``own`` words find room before those of others."""
    classes, names, marker_styles = _with_added(coloured, view)
    word_map(
        view.coordinates,
        view.words,
        classes,
        marker_styles,
        identity=request.digest,
        alt=f"Map of {len(view.words):,} words. The list below it reaches every word by keyboard.",
        key="space_map",
        save_as=MAP_DOWNLOAD_NAME,
        picture=st.session_state.get(picture_key(MAP_DOWNLOAD_NAME)) or PICTURES[0],
        notes=_notes(coloured, view),
        labels=labels,
        chosen=view.chosen,
        links=view.links,
        selected=view.selected,
        first=[index for index, word in enumerate(view.words) if word in set(own)]
        + list(range(len(view.words) - view.added, len(view.words))),
        axes=_axis_titles(result),
        legend=names,
        height=MAP_HEIGHT,
        frames=result.frames if result is not None and not view.added else None,
        in_progress=job is not None and job.active,
        on_click=lambda: choose_clicked(view.words),
        on_select=lambda: keep_selected(view.words, "space_map"),
    )


def _with_added(coloured: Colouring, view: MapView) -> tuple[NDArray[np.int64], list[str], list[MarkerStyle]]:
    """The classes of all words, with one more for those that were added."""
    if not view.added:
        return coloured.classes, list(coloured.names), list(coloured.marker_styles)
    classes = np.concatenate([coloured.classes, np.full(view.added, len(coloured.names))])
    return classes, [*coloured.names, "added"], [*coloured.marker_styles, ADDED]


def _notes(coloured: Colouring, view: MapView) -> list[str] | None:
    return None if coloured.notes is None else [*coloured.notes, *["added"] * view.added]


def _figure_3d(result: MapResult, view: MapView, coloured: Colouring) -> go.Figure:
    classes, names, marker_styles = _with_added(coloured, view)
    return scatter_3d_figure(
        view.coordinates,
        view.words,
        classes.tolist(),
        names,
        marker_styles,
        chosen=view.chosen,
        links=view.links,
        notes=_notes(coloured, view),
        axes=_axis_titles(result),
    )


def figure(result: MapResult, view: MapView, coloured: Colouring) -> go.Figure:
    """The map as a Plotly figure, to be taken home."""
    if view.is_3d:
        return _figure_3d(result, view, coloured)
    classes, names, marker_styles = _with_added(coloured, view)
    return map_figure(
        view.coordinates,
        view.words,
        [names[number] for number in classes],
        names,
        None if view.chosen is None else view.words[view.chosen],
        labels=len(view.words) <= MAX_FAST,
        axes=_plane_titles(result),
        marker_styles=marker_styles,
    )


def _axis_titles(result: MapResult | None) -> tuple[str, ...] | None:
    """What the reader's own axes lead from and to, or how much PCA's keep; those of other methods mean nothing."""
    if result is None or result.projection is None:
        return None
    method, options = METHODS[result.projection.method], result.projection.options
    if axes := method.option(WordAxes):
        return tuple(f"{_end(each.low)} → {_end(each.high)}" for each in options[axes.name])
    components, shares = method.option(Components), result.projection.explained_variance_ratio
    if components is None or shares is None:
        return None
    numbers = options[components.name] or range(1, len(shares) + 1)
    return tuple(
        f"component {number}: {share:.0%} of the spread" for number, share in zip(numbers, shares, strict=True)
    )


def _plane_titles(result: MapResult | None) -> tuple[str, str] | None:
    """The titles of a map of two dimensions."""
    titles = _axis_titles(result)
    return None if titles is None else (titles[0], titles[1])


def _end(words: Sequence[str]) -> str:
    return f"{shortened(words[0], 16)} …" if len(words) > 1 else shortened(words[0], 16)


def meaning(job: Seen | None, result: MapResult | None, view: MapView, request: MapRequest, table: WordVectors) -> str:
    """What may be read from the map, and what not, and how it is moved."""
    how = (
        "Drag the map to turn it. Press + to come closer."
        if view.is_3d
        else "Drag to move the map. Press + to come closer: more words are written then."
    )
    if job is not None and job.state in ("stopped", "failed"):
        return "The map ended early: the words lie where the last step has put them, or PCA. " + how
    if result is None or result.projection is None:
        return "The map is on its way. Until its first step is there, the words lie where PCA puts them. " + how
    if result.projection.explained_variance_ratio is not None:
        kept = explained_variance(result.projection.explained_variance_ratio)
        count = "three" if view.is_3d else "two"
        hidden = "." if kept > 0.995 else ". You cannot see what lies along the others."
        return (
            f"The {count} axes keep {kept:.0%} of the spread of the words in {table.dimension} dimensions{hidden} {how}"
        )
    method = METHODS[request.method]
    if axes := method.option(WordAxes):
        first, second = result.projection.options[axes.name]
        return (
            "The lines cross halfway between the ends of both axes. The further a word stands from there, the more it "
            f"leans to one end. The axes meet at {angle(first, second):.0f}°; at 90° one says nothing about the other. "
            f"You cannot see what lies along neither of them. {how}"
        )
    player = ""
    if result.frames is not None:
        player = f" Press play: you see in {len(result.frames.steps)} pictures how the words moved to their places."
    elif method.streams and not view.is_3d:
        player = f" With up to {MAX_WITH_FRAMES:,} words you can watch the map form, and play it again."
    return f"{method.reading} {how}{player}"


def map_code(table: WordVectors, expression: str, options: Mapping[str, Any], added: Sequence[str] = ()) -> str:
    """The places of the words that ``expression`` lists, projected with ``options``, and of those ``added`` later."""
    method = METHODS[options["method"]]
    if method.option(Components) and table.dimension >= 3 and "most_similar" not in expression:
        return _pca_code(table, expression, options, added)
    word_axes = method.option(WordAxes)
    asked = dict(options)
    ends = asked.pop(word_axes.name, ()) if word_axes else ()
    arguments = ", ".join(f"{name}={value!r}" for name, value in asked.items())
    imports = "from embeddings.similarity import most_similar\n" if "most_similar" in expression else ""
    axes = ""
    if word_axes and ends:
        imports = "from embeddings.similarity import semantic_axis\n" + imports
        made = "".join(f"    semantic_axis(table, {list(low)!r}, {list(high)!r}),\n" for low, high in ends)
        arguments, axes = f"{word_axes.name}=axes, {arguments}", f"axes = (\n{made})\n"
    tokens = "tokens = table.tokens\n" if "tokens" in expression else ""
    code = f"""\
from embeddings.projection import project
{imports}{opening(table)}
{tokens}words = {expression}
vectors = table.rows(words)
{axes}drawn = project(vectors, {arguments})
places = drawn.coordinates
print(places)
"""
    if added:
        code += f"""
from embeddings.projection import transform

added = transform(drawn, vectors, table.rows({list(added)!r}))
print(added)
"""
    return code


def _pca_code(table: WordVectors, expression: str, options: Mapping[str, Any], added: Sequence[str]) -> str:
    """The map by PCA in NumPy: of a table that comes with the app it runs without the app."""
    drawn = options.get("components") or range(1, options["n_components"] + 1)
    code = f"""\
{arrays(table)}
words = {expression}
vectors = matrix[[row_of[word] for word in words]]  # [n, {table.dimension}]

mean = vectors.mean(axis=0, dtype=float)
variances, axes = np.linalg.eigh(np.cov(vectors - mean, rowvar=False))  # the largest variance is the last
axes = axes[:, ::-1].T[{[number - 1 for number in drawn]!r}]  # the directions that are drawn, {len(drawn)} rows
largest = axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)]
axes *= np.sign(largest)[:, None]  # so that the map is not mirrored
places = (vectors - mean) @ axes.T  # [n, {len(drawn)}]
print(places)
print(np.sort(variances)[::-1] / variances.sum())  # the share of the spread along each component
"""
    if added:
        code += f"""
added = (matrix[[row_of[word] for word in {list(added)!r}]] - mean) @ axes.T
print(added)
"""
    return code
