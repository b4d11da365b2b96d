"""The panels of the whole table: the density of all words, a sample on top, and how one word fares."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import compress
from types import MappingProxyType

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from components import glossary
from components.address import setting
from components.custom.word_map import KEPT, DensityGrid, Link, word_map
from components.figures.quality import scree_plot
from components.figures.scatter_map import map_figure
from components.lessons.play.map.colours import Colouring, by_rank, rank_note
from components.lessons.play.map.quality import show_figures
from components.lessons.play.snippets import arrays, opening
from components.markup import as_code, with_minus
from components.session import background_jobs, user_tables
from components.session.answers import shared_answers
from components.session.table_cache import as_argument
from components.ui import chart, predict
from components.ui.chart import PICTURES, picture_key
from components.ui.code_block import show_code
from components.ui.downloads import MAX_ROWS, downloads
from components.ui.inputs import choice_input, word_setting
from components.ui.tables import draw_table
from embeddings import jobs
from embeddings.jobs import Call, Seen
from embeddings.numeric import explained_variance
from embeddings.projection import (
    MAX_DRAWN,
    QUALITY_SAMPLE,
    Density,
    FullMap,
    MeasuredFullMap,
    ProjectionQuality,
    density,
    measured_full_map,
    rank_on_map,
    sample_ids,
)
from embeddings.vectors import WordVectors

_JOB = "whole"
_DOWNLOAD_NAME = "whole_table"  # what is taken home is called so
MAX_COMPONENTS = 10
CELLS = 200  # along each side of the shading
SIZES = (1_000, 5_000, 20_000, 50_000, MAX_DRAWN)
SAMPLES = MappingProxyType({"the most frequent": "frequency", "drawn at random": "random"})
_USUAL_WORD, _CLICKED = "king", "whole_clicked"
MAP_HEIGHT = 600  # pixels, with its legend: all of it is in sight on a laptop
_FEW, _MANY = 10, 1_000
_ANSWERS = ("ten or fewer", "11 to 999", "1,000 or more")


@dataclass(frozen=True)
class DrawnSample:
    """What is drawn.

    Attributes:
        components: Which two, counted from 1.
        limit: How many words as points.
        by: "frequency" or "random".
        seed: Of the draw.
    """

    components: tuple[int, int]
    limit: int
    by: str
    seed: int


@dataclass(frozen=True, eq=False)
class DrawnPoints:
    """The words drawn as points.

    Attributes:
        ids: int64 [n], read-only.
        words: Of these ids.
        coloured: Their classes by rank, and a note for each.
        links: Lines from the first to others.
    """

    ids: NDArray[np.int64]
    words: tuple[str, ...]
    coloured: Colouring
    links: Sequence[Link]


def choose_word(table: WordVectors) -> str:
    """The word that is looked for on the map."""
    if (word := st.session_state.pop(_CLICKED, None)) is not None:
        st.session_state["whole_word"] = word
    # so that the map stays while another word is typed
    return word_setting("Find a word, or click a point", _USUAL_WORD, "whole_word", table) or table.tokens[0]


def choose_points(table: WordVectors) -> DrawnSample:
    """Two components, and which words are drawn as points."""
    st.caption("Every word of the table counts for the grey shading. Some of them are drawn as points, too.")
    numbers = list(range(1, min(MAX_COMPONENTS, table.dimension, len(table)) + 1))
    left, right = st.columns(2)
    across = _component(left, "Component across", numbers, 1, "whole_across")
    others = [number for number in numbers if number != across]
    upwards = _component(right, "Component upwards", others, 2, "whole_upwards")
    sizes = [size for size in SIZES if size < len(table)] or [min(len(table), MAX_DRAWN)]
    limit = setting(
        st.select_slider,
        "Words drawn as points",
        sizes,
        sizes[min(2, len(sizes) - 1)],
        format_func="{:,}".format,
        key="whole_most",
    )
    by = choice_input("Which of them", list(SAMPLES), "whole_by")
    seed = 0
    if SAMPLES[by] == "random":
        seed = setting(
            st.number_input,
            "Seed of the draw",
            0,
            9999,
            0,
            key="whole_seed",
            help="The start of the random numbers: the same seed draws the same words.",
        )
    return DrawnSample((across, upwards), limit, SAMPLES[by], seed)


def _component(place, label: str, numbers: list[int], usual: int, key: str) -> int:
    if st.session_state.get(key, numbers[0]) not in numbers:  # taken by the other axis
        st.session_state.pop(key)
    index = numbers.index(usual) if usual in numbers else 0
    return setting(place.selectbox, label, numbers, index, key=key)


def show_whole_table(
    table: WordVectors, word: str, drawn: DrawnSample, picture: DeltaGenerator, beside: DeltaGenerator
) -> None:
    """The map of all words in ``picture``, how ``word`` fares on it ``beside``, and how far it can be trusted below."""
    key = ("whole", user_tables.cache_key(table), drawn.components)
    with picture:
        placing = Call(measured_full_map, (as_argument(table), drawn.components))
        job = background_jobs.get_or_start(_JOB, placing, jobs.PROJECTION, key=key)
    measured = None if job is None else _map_of(job.seen(), key)

    def explore(job: Seen | None) -> DeltaGenerator:
        now = _map_of(job, key)
        if _CLICKED in st.session_state or (now is None) != (measured is None):  # what stands beside follows
            st.rerun()
        return _show_map(now, table, word, drawn)

    with picture:
        background_jobs.poll(_JOB, explore, idle="The map stands in line.", again=True, line_below=True)
    if measured is None:
        return
    with beside:
        _show_word(word, _near(table, measured.whole.components, word, measured.whole), measured.whole, table)
    if job is not None and (end := _map_of(job.seen(), key)) is not None and end.quality is not None:
        _show_quality(table, end.quality, drawn)  # asked after the drawing: if it ends in between, the page runs again
    _show_components(measured.whole)


def _map_of(job: Seen | None, key: Hashable) -> MeasuredFullMap | None:
    """The map in ``job``, measured or not yet; ``None`` while its words are being placed, and of another map."""
    if job is None or job.key != key:
        return None
    return job.result if job.state == "done" else job.snapshot


def _show_map(measured: MeasuredFullMap | None, table: WordVectors, word: str, drawn: DrawnSample) -> DeltaGenerator:
    """The map and what stands below it; gives the place of the line on its progress."""
    picture, line = st.container(key="picture"), st.container()
    if measured is None:
        with picture:
            _draw_empty(table)
        return line
    whole = measured.whole
    near = _near(table, whole.components, word, whole)
    points = _points(table, drawn, word, tuple(token for token, _ in near))
    with picture:
        shading = _shading(table, whole.components, whole)
        _draw(whole, shading, points, (user_tables.cache_key(table), drawn.components))
    st.caption(glossary.linked(_about_sample(table, drawn, whole, shading, len(points.ids))))
    source = _code(table, drawn, word)
    show_code(source, "whole_map")
    downloads(table, points.words[:MAX_ROWS], lambda: _figure(whole, points), source, _DOWNLOAD_NAME)
    return line


def _show_components(whole: FullMap) -> None:
    st.markdown("**What each component holds**: the share of the spread along it. Blue: the two that are drawn.")
    chart.show(
        scree_plot(whole.all_variance_ratios, whole.components, height=220),
        key="whole_spectrum",
        alt="Shares: " + ", ".join(f"{share:.1%}" for share in whole.all_variance_ratios[:10]),
    )


def _show_quality(table: WordVectors, quality: ProjectionQuality, drawn: DrawnSample) -> None:
    st.subheader("How far can this map be trusted?", anchor=False)
    count = min(QUALITY_SAMPLE, len(table))
    show_figures(quality, count)
    if count < len(table):
        st.caption(
            f"Measured on {count:,} words drawn at random (seed 0): only they count as neighbours. Among all "
            f"{len(table):,} words there are more that come between, and the map keeps less."
        )
    show_code(_trust_code(table, drawn), "whole_trust")


@shared_answers(max_entries=4)
def _points(table: WordVectors, drawn: DrawnSample, word: str, near: Sequence[str]) -> DrawnPoints:
    """The words drawn as points, the one looked for and those ``near`` it first."""
    first = [word, *near]
    first_ids = [table.id(token) for token in first]
    sample, tokens, notes = _sample(table, drawn)
    others = ~np.isin(sample, first_ids)
    ids = np.concatenate([first_ids, sample[others]]).astype(np.int64)[:MAX_DRAWN]
    words = [*first, *compress(tokens, others)][:MAX_DRAWN]
    all_notes = [*(rank_note(each + 1) for each in first_ids), *compress(notes, others)][:MAX_DRAWN]
    coloured = by_rank((ids + 1).tolist(), all_notes)
    for array in (ids, coloured.classes):
        array.flags.writeable = False
    return DrawnPoints(ids, tuple(words), coloured, tuple((0, place, KEPT) for place in range(1, len(first))))


@shared_answers(max_entries=4)
def _sample(table: WordVectors, drawn: DrawnSample) -> tuple[NDArray[np.int64], tuple[str, ...], tuple[str, ...]]:
    """Ids, tokens and notes of the sample that is drawn."""
    ids = sample_ids(len(table), drawn.limit, drawn.by, drawn.seed)
    return ids, tuple(table.tokens[index] for index in ids), tuple(rank_note(index + 1) for index in ids.tolist())


@shared_answers(max_entries=8)
def _shading(table: WordVectors, components: tuple[int, int], _whole: FullMap) -> Density:
    """How many words lie in each cell of the map with these ``components``."""
    return density(_whole.coordinates, CELLS)


@shared_answers(max_entries=256)
def _near(table: WordVectors, components: tuple[int, int], word: str, _whole: FullMap) -> list[tuple[str, int]]:
    """How ``word`` fares on the map with these ``components``."""
    return rank_on_map(table, _whole, word)


def _draw(whole: FullMap, grid: Density, points: DrawnPoints, identity: Hashable) -> None:
    words, coloured = points.words, points.coloured

    def take_clicked() -> None:
        index = (st.session_state.get("whole_map") or {}).get("clicked")
        if isinstance(index, int) and 0 <= index < len(words):
            st.session_state[_CLICKED] = words[index]

    word_map(
        whole.coordinates[points.ids],
        words,
        coloured.classes,
        coloured.marker_styles,
        identity=identity,
        alt=f"Map of {len(whole.coordinates):,} words; {words[0]} is marked. Any word can be typed beside it.",
        key="whole_map",
        save_as=_DOWNLOAD_NAME,
        picture=st.session_state.get(picture_key(_DOWNLOAD_NAME)) or PICTURES[0],
        notes=coloured.notes,
        chosen=0,
        links=points.links,
        axes=_titles(whole),
        density=DensityGrid(grid.counts, grid.low, grid.size),
        legend=[f"rank {name}" for name in coloured.names],
        height=MAP_HEIGHT,
        on_click=take_clicked,
    )


def _draw_empty(table: WordVectors) -> None:
    """The frame of the map, as high as the map will be on any screen."""
    word_map(
        np.empty((0, 2), dtype=np.float32),
        [],
        [],
        (),
        identity="empty",
        alt=f"An empty map: all {len(table):,} words are being placed.",
        key="whole_map",  # that of the map: one frame for both
        save_as=_DOWNLOAD_NAME,
        density=DensityGrid(np.zeros((1, 1), dtype=np.int64), np.zeros(2), 1.0),
        height=MAP_HEIGHT,
    )


def _figure(whole: FullMap, points: DrawnPoints) -> go.Figure:
    coloured = points.coloured
    return map_figure(
        whole.coordinates[points.ids],
        points.words,
        [coloured.names[number] for number in coloured.classes],
        coloured.names,
        points.words[0],
        labels=False,
        axes=_titles(whole),
        marker_styles=coloured.marker_styles,
    )


def _titles(whole: FullMap) -> tuple[str, str]:
    first, second = (
        f"component {number}: {share:.0%} of the spread"
        for number, share in zip(whole.components, whole.explained_variance_ratio, strict=True)
    )
    return first, second


def _about_sample(table: WordVectors, drawn: DrawnSample, whole: FullMap, grid: Density, points: int) -> str:
    """What was sampled, and how, and what the picture keeps."""
    sample = min(drawn.limit, len(table))
    which = (
        f"the first {sample:,} words of the table, which in most tables are the most frequent"
        if drawn.by == "frequency"
        else f"{sample:,} words drawn at random, each with the same chance (seed {drawn.seed})"
    )
    kept = explained_variance(whole.explained_variance_ratio)
    cells = grid.counts
    return (
        f"The two axes keep {kept:.0%} of the spread of the {table.dimension} dimensions. The grey shading counts all "
        f"{len(table):,} words in {cells.shape[0]} × {cells.shape[1]} cells; the fullest cell has {cells.max():,}. "
        f"The {points:,} points are {which}, and the word you look for with its nearest words. Drag to move the map. "
        "Press + to come closer: more words are written then. Click a point to look for its word."
    )


def _show_word(word: str, near: list[tuple[str, int]], whole: FullMap, table: WordVectors) -> None:
    nearest, nearer = near[0]
    guessed = predict.guess(
        f"In all {table.dimension} dimensions {as_code(nearest)} is the nearest word to {as_code(word)}. How many "
        f"other words lie nearer to {as_code(word)} on this map?",
        _ANSWERS,
        "whole_guess",
        about=(user_tables.cache_key(table), word, whole.components),
        subject=(user_tables.cache_key(table), word),
    )
    if guessed is None:
        return
    answer = _ANSWERS[0] if nearer <= _FEW else _ANSWERS[1] if nearer < _MANY else _ANSWERS[2]
    why = f"Two axes cannot keep all that {table.dimension} dimensions hold, and there are many words."
    lie = "1 word lies" if nearer == 1 else f"{nearer:,} words lie"
    predict.verdict(guessed, answer, f"{lie} nearer on the map. {why}")
    place = table.id(word)
    x, y = whole.coordinates[place]
    st.markdown(
        f"{as_code(word)} is word {place + 1:,} of the table. On the map it lies at {_signed(x)} across and "
        f"{_signed(y)} upwards. The green lines lead to the words that are nearest in all dimensions:"
    )
    draw_table(
        {"word": [token for token, _ in near], "words that lie nearer on the map": [count for _, count in near]},
        key="whole_near",
        column_config={"words that lie nearer on the map": st.column_config.NumberColumn(format="localized")},
    )


def _signed(number: float) -> str:
    return with_minus(f"{number:.2f}")


def _code(table: WordVectors, drawn: DrawnSample, word: str) -> str:
    """All words by PCA, how many lie in each cell, which are drawn, and how ``word`` fares: in NumPy."""
    sample = (
        f"np.arange({min(drawn.limit, len(table))})"
        if drawn.by == "frequency" or drawn.limit >= len(table)
        else f"np.random.default_rng({drawn.seed}).choice(len(matrix), {drawn.limit}, replace=False)"
    )
    return f"""\
{arrays(table)}
word = {word!r}

mean = matrix.mean(axis=0, dtype=float)
variances, axes = np.linalg.eigh(np.cov(matrix, rowvar=False))  # the largest variance is the last
axes = axes[:, ::-1].T[{[number - 1 for number in drawn.components]!r}]  # the two directions that are drawn
axes *= np.sign(axes[[0, 1], np.abs(axes).argmax(axis=1)])[:, None]  # so that the map is not mirrored
places = ((matrix - mean) @ axes.T).astype(np.float32)  # [{len(table)}, 2]
print(np.sort(variances)[::-1] / variances.sum())  # the share of the spread along each component

low, high = places.min(axis=0), places.max(axis=0)
size = (high - low).max()
cells = ((places - (low + high - size) / 2) / size * {CELLS}).clip(0, {CELLS - 1}).astype(int)
counts = np.zeros(({CELLS}, {CELLS}), dtype=int)
np.add.at(counts, (cells[:, 1], cells[:, 0]), 1)  # words in each cell: the shading
points = {sample}  # the rows that are drawn as points

here = row_of[word]
lengths = np.linalg.norm(matrix, axis=1)
cosines = matrix @ matrix[here] / (lengths * lengths[here]).clip(1e-30)
nearest = [row for row in np.argsort(-cosines) if row != here][:10]  # in all dimensions
apart = np.square(places - places[here]).sum(axis=1)  # on the map
apart[here] = np.inf
nearer = [(tokens[row], int((apart < apart[row]).sum())) for row in nearest]
print(counts.max(), len(points), nearer, sep="\\n")
"""


def _trust_code(table: WordVectors, drawn: DrawnSample) -> str:
    """How far the map can be trusted."""
    return f"""\
from embeddings.projection import project_full_table, sampled_quality
{opening(table)}
whole = project_full_table(table, components={drawn.components!r})
trust = sampled_quality(table, whole)
print(trust.trustworthiness, trust.continuity, trust.neighbor_overlap, trust.spearman)
"""
