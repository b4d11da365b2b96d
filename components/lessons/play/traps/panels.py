"""The panels of the six traps: which one, on which words, the grid of small maps, and what was measured on it."""

import itertools
import math
from collections.abc import Hashable, Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from components import glossary
from components.address import setting
from components.figures.small_multiples import MapRow, small_maps_figure
from components.lessons.play.map.suggestions import suggestions
from components.lessons.play.snippets import opening
from components.lessons.play.traps.prose import PROSE
from components.lessons.play.traps.verdicts import verdict_text
from components.session import background_jobs, user_tables
from components.session.answers import shared_answers
from components.ui import chart, predict, presenting
from components.ui.code_block import show_code
from components.ui.downloads import downloads
from components.ui.inputs import choice_input, words_setting
from components.ui.predict import Guess
from embeddings import jobs
from embeddings.common import count_of
from embeddings.jobs import Call, Seen
from embeddings.projection import tsne_stand_in
from embeddings.tsne_pitfalls import (
    MAX_SEED,
    MAX_WORDS,
    NOISE,
    WORDS,
    Cell,
    Grid,
    PointSet,
    Trap,
    TrapMap,
    cells,
    measured_grid,
    perplexities,
    seconds,
    traps,
    verdict,
)
from embeddings.tsne_pitfalls import (
    trap as trap_of,
)
from embeddings.vectors import GROUPS, WordVectors

_JOB = "traps"  # the name under which this page's grid stands in line
_DOWNLOAD_NAME = "six_traps"  # of what is taken home
FREQUENT, EVERYDAY, OWN = "most frequent", "everyday groups", "my own list"
_OWN_WORDS = " ".join(word for group in GROUPS.values() for word in group)  # until the reader types


def choose_trap() -> Trap:
    """One of the six."""
    by_title = {PROSE[trap.name].title: trap for trap in traps()}
    title = setting(
        st.pills,
        "Which trap",
        list(by_title),
        default=next(iter(by_title)),
        required=True,
        key="traps_which",
        label_visibility="collapsed",
        wrap=True,
    )
    return by_title[title]


def show_trap(trap: Trap, table: WordVectors) -> None:
    """The grid, which fills once its outcome was guessed or Draw pressed; below it what was measured, and the words."""
    prose = PROSE[trap.name]
    above, (told, settings) = st.container(), st.columns([7, 4], gap="large")
    with settings:
        words, seed = _choose(trap, table)
    point_sets = _point_sets(table, trap.name, tuple(words))
    count = len(cells(trap, point_sets, seed))
    settings.caption(
        f"{count} maps by t-SNE, each started from random places. They take about "
        f"{math.ceil(seconds(trap, point_sets, seed))} seconds on an idle server, and longer on a busy one. They "
        "appear one by one, and you can stop them."
    )
    if stand_in := tsne_stand_in():
        settings.caption(stand_in)
    small, _, large = _perplexities(point_sets)
    question = f"traps_{trap.name}_guess"
    subject = ("traps", trap.name, user_tables.cache_key(table), tuple(words))
    key = (*subject, seed)
    with told:
        st.markdown(glossary.linked(prose.lead))
        st.caption(glossary.linked(glossary.sentence("perplexity")))
        guessed = predict.guess(
            prose.question.format(small=small, large=large),
            list(answers(trap, point_sets).values()),
            question,
            about=key,
            subject=subject,
            then="Choose one, and the maps are drawn.",
        )
    if guessed is None:
        background_jobs.drop_unfinished(_JOB)
        with above, draw_grid(trap, point_sets, seed, words, ()):
            _offer_to_draw(question, subject)
        return
    private = trap.of_words and st.session_state.get("traps_kind") == OWN

    def show_grid(job: Seen | None) -> DeltaGenerator:
        return draw_grid(trap, point_sets, seed, words, _maps(job))

    with above:
        drawing = Call(measured_grid, (trap.name, point_sets, seed))
        background_jobs.get_or_start(_JOB, drawing, jobs.PROJECTION, key, private)
        background_jobs.poll(_JOB, show_grid, idle="The maps stand in line.", again=True, line_below=True)
    snippet = _code(table, list(words), trap.name, seed, answers(trap, point_sets))
    job = background_jobs.current(_JOB)  # asked after the drawing: if it ends in between, the page runs again
    with told:
        _show_outcome(None if job is None else job.seen(), trap, point_sets, seed, words, guessed, snippet)
    show_code(snippet, "traps")


@shared_answers(max_entries=12)
def _point_sets(table: WordVectors, trap: str, words: tuple[str, ...]) -> Sequence[PointSet]:
    """What the ``trap`` of this name draws of the words."""
    return trap_of(trap).make(table, list(words))


def _offer_to_draw(question: str, subject: Hashable) -> None:
    """The line below the empty grid, as high as that on the progress which follows it."""
    with st.container(
        height=presenting.scaled(background_jobs.LINE_HEIGHT),
        border=False,
        horizontal=True,
        vertical_alignment="center",
    ):
        st.button(
            "Draw",
            key="traps_draw",
            type="primary",
            icon=":material/grid_view:",
            on_click=predict.skip,
            args=(question, subject),
        )
        st.caption("No map is drawn yet.", width="content")


def _maps(job: Seen | None) -> Sequence[TrapMap]:
    """Those that are there."""
    if job is None:
        return ()
    return job.result.maps if job.state == "done" else job.snapshot or ()


def _show_outcome(
    job: Seen | None,
    trap: Trap,
    point_sets: Sequence[PointSet],
    seed: int,
    words: Mapping[str, str],
    guessed: Guess,
    snippet: str,
) -> None:
    """The guess and, once all maps are there, what was measured."""
    if job is not None and job.active:
        predict.unanswered(
            guessed, f"The answer is measured once all {len(cells(trap, point_sets, seed))} maps are there."
        )
    if job is None or job.state != "done":
        return
    grid: Grid = job.result
    reveal(trap, point_sets, grid, guessed)
    with st.expander("All that was measured"):
        st.table(numbers_table(trap, point_sets, grid), border="horizontal")
    points = _all_points(point_sets)
    figure = grid_figure(trap, point_sets, seed, words, grid.maps, sorted({each.cell.row for each in grid.maps}))
    downloads(points, points.tokens, figure, snippet, _DOWNLOAD_NAME)


def _choose(trap: Trap, table: WordVectors) -> tuple[dict[str, str], int]:
    """The words, each with its group or "", and the first seed."""
    words = choose_words(table) if trap.of_words else {}
    seed = setting(
        st.number_input,
        "First seed",
        0,
        MAX_SEED,
        0,
        key="traps_seed",
        help="The start of the random numbers; further maps take the seeds after it. On one machine, the same seed "
        "draws the same maps.",
    )
    return words, seed


def choose_words(table: WordVectors) -> dict[str, str]:
    """The words that the traps are set with, each with the name of its group, or "" where it has none."""
    kind = choice_input("Your words", [FREQUENT, EVERYDAY, OWN], "traps_kind")
    if kind == EVERYDAY:
        return {word: name for name, group in GROUPS.items() for word in group if word in table}
    if kind == OWN:
        own = words_setting("A list of words", _OWN_WORDS, "traps_words", table, MAX_WORDS)
        return dict.fromkeys(own, "")
    frequent = dict.fromkeys(itertools.islice(suggestions(table), MAX_WORDS), "")
    return frequent or dict.fromkeys(table.tokens[:MAX_WORDS], "")


def answers(trap: Trap, point_sets: Sequence[PointSet]) -> dict[str, str]:
    """The answer to choose for each verdict of ``trap``, with the perplexities that ``point_sets`` are drawn at."""
    small, _, large = _perplexities(point_sets)
    outcomes = PROSE[trap.name].outcomes
    return {kind: outcomes[kind].answer.format(small=small, large=large) for kind in trap.verdicts}


def _perplexities(point_sets: Sequence[PointSet]) -> tuple[int, int, int]:
    return perplexities(min(len(point_set.vectors) for point_set in point_sets))


def draw_grid(
    trap: Trap, point_sets: Sequence[PointSet], seed: int, words: Mapping[str, str], maps: Sequence[TrapMap]
) -> DeltaGenerator:
    """The small maps that there are, in the grid of all: those that the question is about, and beside them the others.

    Gives the place below the grid.
    """
    grid = cells(trap, point_sets, seed)
    left, right = st.columns(2, gap="medium")
    line = st.container()
    asked = sorted({cell.row for cell in grid if cell.point_set == trap.target})
    others = sorted({cell.row for cell in grid} - set(asked))
    for place, key, rows in ((left.container(key="picture"), "traps_grid", asked), (right, "traps_others", others)):
        with place:
            there = [each for each in maps if each.cell.row in rows]
            chart.show(
                grid_figure(trap, point_sets, seed, words, maps, rows),
                key=key,
                alt=_alt(trap, point_sets, there, sum(cell.row in rows for cell in grid)),
                save_as=_DOWNLOAD_NAME,
            )
    _explain_colours(trap, point_sets, words)
    st.caption(
        "Two numbers under each map say how far you may trust it. **trust** is its trustworthiness, which falls from 1 "
        "when the map makes neighbours up. **overlap** is the share of a point's ten nearest in the table that are "
        "also among its ten nearest on the map."
    )
    return line


def grid_figure(
    trap: Trap,
    point_sets: Sequence[PointSet],
    seed: int,
    words: Mapping[str, str],
    maps: Sequence[TrapMap],
    rows: Sequence[int],
) -> go.Figure:
    """The ``rows`` of the grid, each map with its figures."""
    grid = cells(trap, point_sets, seed)
    start = {each.cell.row: each.coordinates for each in reversed(maps)}  # the first map of each row
    firsts = [cell for cell in grid if cell.column == 0 and cell.row in rows]
    columns = [cell for cell in grid if cell.row == 0]
    places = {(list(rows).index(each.cell.row), each.cell.column): each for each in maps if each.cell.row in rows}
    return small_maps_figure(
        [
            _row(trap, point_sets[cell.point_set], words, row_title(trap, point_sets, cell), start.get(cell.row))
            for cell in firsts
        ],
        [f"seed {cell.seed}" if trap.varies == "seed" else f"perplexity {cell.perplexity}" for cell in columns],
        {place: each.coordinates for place, each in places.items()},
        {place: notes(trap, each) for place, each in places.items()},
    )


def row_title(trap: Trap, point_sets: Sequence[PointSet], cell: Cell) -> str:
    """What stands in the row of ``cell``, and what all its maps have in common."""
    common = f"perplexity {cell.perplexity}" if trap.varies == "seed" else f"seed {cell.seed}"
    return f"{point_sets[cell.point_set].title}, {common}"


def notes(trap: Trap, drawn: TrapMap) -> tuple[str, str, str]:
    """The lines under a map: what the trap is about, and how far the map is to be trusted."""
    return (
        _main_number(trap, drawn),
        f"trust {drawn.trustworthiness:.2f}",
        f"overlap {drawn.neighbor_overlap:.2f}",
    )


def _main_number(trap: Trap, drawn: TrapMap) -> str:
    number = drawn.numbers[0]
    if trap.varies == "seed":
        return "the first layout" if drawn.cell.column == 0 else f"differs by {number:.2f}"
    if trap.measured[0] in ("groups", "pieces"):
        return count_of(round(number), trap.measured[0][:-1])
    return f"{number:.1f} {trap.measured[0]}"


def _row(trap: Trap, point_set: PointSet, words: Mapping[str, str], title: str, first: NDArray | None) -> MapRow:
    if point_set.clusters:
        return MapRow(title, point_set.names, point_set.labels.tolist())
    if trap.varies == "seed" and first is not None and not (point_set.kind == WORDS and any(words.values())):
        return MapRow(title, point_set.names, first[:, 0].argsort().argsort().tolist(), along=True)
    if point_set.kind == NOISE:
        return MapRow(title, point_set.names)
    if point_set.labels.any():
        return MapRow(title, point_set.names, point_set.labels.tolist(), along=True)
    groups = list(GROUPS)
    numbers = [groups.index(words[name]) if words.get(name) else 0 for name in point_set.names]
    return MapRow(title, point_set.names, numbers)


def _explain_colours(trap: Trap, point_sets: Sequence[PointSet], words: Mapping[str, str]) -> None:
    if trap.varies == "seed" and not any(words.values()):
        st.caption("A point has the same colour in a whole row: from left to right on its first map, purple to orange.")
    elif trap.varies == "seed":
        chart.legend(set(words.values()), list(GROUPS), dots=True)
        st.caption("Noise is coloured from left to right on the first map of its row, purple to orange.")
    elif not trap.of_words:
        st.caption("Colour runs along the ring and along the line, from purple to orange. Noise is grey.")
    elif point_sets[0].clusters:
        chart.legend(point_sets[0].clusters, point_sets[0].clusters, dots=True)
    elif any(words.values()):
        chart.legend(set(words.values()), list(GROUPS), dots=True)


def _alt(trap: Trap, point_sets: Sequence[PointSet], maps: Sequence[TrapMap], count: int) -> str:
    told = [
        f"{point_sets[each.cell.point_set].title}, perplexity {each.cell.perplexity}, seed {each.cell.seed}: "
        + ", ".join(notes(trap, each))
        for each in maps
    ]
    return f"{len(maps)} of {count} small maps. " + "; ".join(told)


def reveal(trap: Trap, point_sets: Sequence[PointSet], grid: Grid, guessed: Guess) -> None:
    """The guess judged by what was measured, and what to conclude."""
    kind = verdict(trap, grid.maps)
    explanation = PROSE[trap.name].outcomes[kind].explanation
    predict.verdict(guessed, answers(trap, point_sets)[kind], f"{verdict_text(trap, grid)}\n\n{explanation}")


def numbers_table(trap: Trap, point_sets: Sequence[PointSet], grid: Grid) -> pd.DataFrame:
    """Everything measured: a line for each row of the grid and each measure, the table's own number first."""
    lines = {}
    for row in sorted({each.cell.row for each in grid.maps}):
        members = [each for each in grid.maps if each.cell.row == row]
        title = row_title(trap, point_sets, members[0].cell)
        for number, measured in enumerate(trap.measured):
            truth = math.nan if trap.varies == "seed" else grid.reference_values[members[0].cell.point_set][number]
            values = [truth, *(each.numbers[number] for each in members)]
            lines[f"{title}: {measured}"] = [_shown(value, measured) for value in values]
        lines[f"{title}: trustworthiness"] = ["", *(f"{each.trustworthiness:.3f}" for each in members)]
        lines[f"{title}: neighbour overlap"] = ["", *(f"{each.neighbor_overlap:.3f}" for each in members)]
    heads = [
        f"seed {each.cell.seed}" if trap.varies == "seed" else f"perplexity {each.cell.perplexity}"
        for each in grid.maps
        if each.cell.row == 0
    ]
    return pd.DataFrame.from_dict(lines, orient="index", columns=["in the table", *heads])


def _shown(value: float, measured: str) -> str:
    if math.isnan(value):
        return "–"
    return f"{value:.0f}" if measured in ("groups", "pieces") else f"{value:.2f}"


def _all_points(point_sets: Sequence[PointSet]) -> WordVectors:
    """All that was drawn, as one table of vectors; points of noise are named after their point set."""
    names = [
        name if point_set.kind == WORDS else f"{name} ({point_set.title})"
        for point_set in point_sets
        for name in point_set.names
    ]
    return WordVectors.of("six traps", names, np.concatenate([point_set.vectors for point_set in point_sets]))


def _code(table: WordVectors, words: Sequence[str], trap: str, seed: int, answers: Mapping[str, str]) -> str:
    """Every map of the ``trap`` on ``words``, what is measured on it and in the table, and the right answer."""
    said = "".join(f"    {kind!r}: {answer!r},\n" for kind, answer in answers.items())
    return f"""\
from embeddings.tsne_pitfalls import draw, reference_values, trap, verdict
{opening(table)}
words = {list(words)!r}
exercise = trap({trap!r})
point_sets = exercise.make(table, words)
maps = draw(exercise, point_sets, seed={seed})
for each in maps:
    print(point_sets[each.cell.point_set].title, dict(each.cell.options), dict(zip(exercise.measured, each.numbers)))
in_the_table = reference_values(exercise, point_sets)
answers = {{
{said}}}
right = answers[verdict(exercise, maps)]
print(in_the_table, right, sep="\\n")
"""
