"""The panels of the whole table: the density of all words, a sample on top, and how one word fares."""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from components import chart, own_tables, predict, snippets, trust_panels, work
from components import play_snippets as play
from components.chart import PICTURES, picture_key
from components.drawings.word_map import KEPT, Density, word_map
from components.figures.space import map_figure
from components.figures.trust import spectrum_figure
from components.inputs import one_of, word_setting
from components.map_colours import Colouring, by_rank
from components.plain_text import code
from components.take_home import MOST_ROWS, take_home
from embeddings import jobs
from embeddings.faithfulness import Faithfulness
from embeddings.jobs import Job
from embeddings.whole_table import (
    JUDGED_BY,
    MAX_DRAWN,
    WholeMap,
    density,
    drawn_ids,
    nearer_on_map,
    place_all,
    trust_of_sample,
)
from embeddings.word_vectors import WordVectors

JOB = "whole"
HOME = "whole_table"  # what is taken home is called so
MOST_COMPONENTS = 10
SIZES = (1_000, 5_000, 20_000, 50_000, MAX_DRAWN)
WAYS = MappingProxyType({"the most frequent": "frequency", "drawn at random": "random"})
_FEW, _MANY = 10, 1_000
_ANSWERS = ("ten or fewer", "11 to 999", "1,000 or more")


@dataclass(frozen=True)
class Settings:
    """What is drawn.

    Attributes:
        components: Which two, counted from 1.
        most: How many words as points.
        by: "frequency" or "random".
        seed: Of the draw.
    """

    components: tuple[int, int]
    most: int
    by: str
    seed: int


@dataclass(frozen=True, eq=False)
class Placed:
    """All words in their places.

    Attributes:
        whole: The map.
        trust: How far it can be trusted, on a sample; ``None`` of less than three words.
    """

    whole: WholeMap
    trust: Faithfulness | None


def choose(table: WordVectors) -> Settings:
    """Two components, and which words are drawn as points."""
    numbers = list(range(1, min(MOST_COMPONENTS, table.dimension, len(table)) + 1))
    columns = st.columns([1, 1, 3, 3, 1], vertical_alignment="bottom")
    across = _component(columns[0], "Across", numbers, 1, "whole_across")
    upwards = _component(columns[1], "Upwards", [number for number in numbers if number != across], 2, "whole_upwards")
    sizes = [size for size in SIZES if size < len(table)] or [min(len(table), MAX_DRAWN)]
    most = columns[2].select_slider(
        "Words drawn as points",
        sizes,
        sizes[min(2, len(sizes) - 1)],
        format_func="{:,}".format,
        key="whole_most",
        bind="query-params",
        persist_state="session",
    )
    by = one_of("Which", list(WAYS), "whole_by", place=columns[3])
    seed = 0
    if WAYS[by] == "random":
        seed = columns[4].number_input(
            "Seed", 0, 9999, 0, key="whole_seed", bind="query-params", persist_state="session"
        )
    return Settings((across, upwards), most, WAYS[by], seed)


def _component(place, label: str, numbers: list[int], usual: int, key: str) -> int:
    if st.session_state.get(key, numbers[0]) not in numbers:  # taken by the other axis
        st.session_state.pop(key)
    index = numbers.index(usual) if usual in numbers else 0
    return place.selectbox(label, numbers, index, key=key, bind="query-params", persist_state="session")


def show(table: WordVectors, settings: Settings) -> None:
    """The map of all words, once they are placed, and the word that the reader looks for."""

    def compute(report):
        whole = place_all(table, settings.components, lambda share, words: report(0.7 * share, words))
        return Placed(
            whole, trust_of_sample(table, whole, report=lambda share, words: report(0.7 + 0.3 * share, words))
        )

    work.ensure(JOB, compute, jobs.PROJECTION, key=("whole", own_tables.mark(table), settings.components))
    work.live(JOB, lambda job: _show_placed(job, table, settings), again=True)


def _show_placed(job: Job | None, table: WordVectors, settings: Settings) -> None:
    word = word_setting("Find a word", "king", "whole_word", table)  # in here, as a click on the map changes it
    if job is None or job.state != "done":
        return
    word = word or table.tokens[0]  # so that the map stays while another word is typed
    placed: Placed = job.result
    whole = placed.whole
    near = nearer_on_map(table, whole, word)
    ids, links = _points(table, settings, word, [token for token, _ in near])
    words = [table.tokens[index] for index in ids]
    coloured = by_rank((ids + 1).tolist())
    picture, beside = st.columns([7, 4], gap="large")
    with picture:
        used = set(coloured.classes.tolist())
        chart.legend_of([(f"rank {name}", coloured.looks[i]) for i, name in enumerate(coloured.names) if i in used])
        _draw(whole, ids, words, coloured, links, (own_tables.mark(table), settings.components))
        st.caption(_said(table, settings, whole, len(ids)))
        source = play.whole_table(table, settings.components, settings.most, settings.by, settings.seed, word)
        snippets.show_code(source, "whole_map")
        take_home(table, words[:MOST_ROWS], lambda: _figure(whole, ids, words, coloured), source, HOME)
    with beside:
        _show_word(word, near, whole, table)
        st.markdown("**What each component holds**: the share of the spread along it. Blue: those drawn.")
        chart.show(
            spectrum_figure(whole.spectrum, whole.components, height=220),
            key="whole_spectrum",
            alt="Shares: " + ", ".join(f"{share:.1%}" for share in whole.spectrum[:10]),
        )
    if placed.trust is not None:
        _show_trust(table, placed.trust)


def _show_trust(table: WordVectors, trust: Faithfulness) -> None:
    st.subheader("How far can this map be trusted?", anchor=False)
    count = min(JUDGED_BY, len(table))
    trust_panels.show_figures(trust, count)
    if count < len(table):
        st.caption(
            f"Measured on {count:,} words drawn at random, each with the same chance, seed 0, and their neighbours "
            f"among each other. Among all {len(table):,} the crowd is larger, and the map keeps less."
        )


def _points(
    table: WordVectors, settings: Settings, word: str, near: list[str]
) -> tuple[NDArray[np.int64], list[tuple[int, int, int]]]:
    """The words drawn as points, the one looked for and its neighbours first, and the lines between these."""
    first = [table.id(token) for token in (word, *near)]
    sample = drawn_ids(len(table), settings.most, settings.by, settings.seed)
    ids = np.concatenate([first, sample[~np.isin(sample, first)]]).astype(np.int64)[:MAX_DRAWN]
    return ids, [(0, place, KEPT) for place in range(1, len(first))]


def _draw(whole: WholeMap, ids: NDArray, words: list[str], coloured: Colouring, links, identity) -> None:
    grid = density(whole.coordinates)

    def take_clicked() -> None:
        index = (st.session_state.get("whole_map") or {}).get("clicked")
        if isinstance(index, int) and 0 <= index < len(words):
            st.session_state["whole_word"] = words[index]

    word_map(
        whole.coordinates[ids],
        words,
        coloured.classes,
        coloured.looks,
        identity=identity,
        alt=f"Map of {len(whole.coordinates):,} words; {words[0]} is marked. Any word can be typed above it.",
        key="whole_map",
        save_as=HOME,
        picture=st.session_state.get(picture_key(HOME)) or PICTURES[0],
        notes=coloured.notes,
        chosen=0,
        links=links,
        axes=_titles(whole),
        density=Density(grid.counts, grid.low, grid.size),
        height=640,
        on_click=take_clicked,
    )


def _figure(whole: WholeMap, ids: NDArray, words: list[str], coloured: Colouring) -> go.Figure:
    return map_figure(
        whole.coordinates[ids],
        words,
        [coloured.names[number] for number in coloured.classes],
        coloured.names,
        words[0],
        labels=False,
        axes=_titles(whole),
        looks=coloured.looks,
    )


def _titles(whole: WholeMap) -> tuple[str, str]:
    first, second = (
        f"component {number}: {share:.0%} of the spread"
        for number, share in zip(whole.components, whole.explained, strict=True)
    )
    return first, second


def _said(table: WordVectors, settings: Settings, whole: WholeMap, drawn: int) -> str:
    """What was sampled, and how, and what the picture keeps."""
    sample = min(settings.most, len(table))
    which = (
        f"the first {sample:,} of the table, in most tables the most frequent words"
        if settings.by == "frequency"
        else f"{sample:,} drawn at random, each word with the same chance, seed {settings.seed}"
    )
    cells = density(whole.coordinates).counts
    return (
        f"Shading: all {len(table):,} words, counted in {cells.shape[0]} × {cells.shape[1]} cells, the fullest with "
        f"{cells.max():,}. Points: {which}, and the word you look for with its nearest: {drawn:,} in all. The two axes "
        f"keep {sum(whole.explained):.0%} of the spread of the {table.dimension} dimensions. Drag to move, + or a "
        "double click to come closer: more labels find room. A click on a point looks for its word."
    )


def _show_word(word: str, near: list[tuple[str, int]], whole: WholeMap, table: WordVectors) -> None:
    nearest, nearer = near[0]
    guessed = predict.guess(
        f"In all {table.dimension} dimensions {code(nearest)} is the nearest word to {code(word)}. How many of the "
        f"{len(table):,} words lie nearer to it on this map?",
        _ANSWERS,
        "whole_guess",
        about=(own_tables.mark(table), word, whole.components),
    )
    if guessed is None:
        return
    if guessed.here:
        answer = _ANSWERS[0] if nearer <= _FEW else _ANSWERS[1] if nearer < _MANY else _ANSWERS[2]
        why = f"Two axes cannot hold what {table.dimension} hold, and the crowd is large."
        predict.verdict(guessed, answer, f"{nearer:,} lie nearer. {why}")
    place = table.id(word)
    x, y = whole.coordinates[place]
    st.markdown(
        f"{code(word)} lies at {x:.2f}, {y:.2f}; it is word {place + 1:,} of the table. The green lines lead to its "
        "nearest words in all dimensions:"
    )
    st.dataframe(
        {"word": [token for token, _ in near], "words that lie nearer on the map": [count for _, count in near]},
        hide_index=True,
        key="whole_near",
        column_config={"words that lie nearer on the map": st.column_config.NumberColumn(format="localized")},
    )
