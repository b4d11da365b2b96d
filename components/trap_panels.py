"""The panels of the six traps: which one, on which words, the grid of small maps, and what was measured on it."""

import itertools
import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from components import chart, own_tables, predict, snippets, work
from components import play_snippets as play
from components.figures.small_multiples import MapRow, small_maps_figure
from components.inputs import one_of, words_setting
from components.plain_text import code, counted
from components.predict import Guess
from components.take_home import take_home
from components.trap_tellings import Grid, tell
from components.word_choice import suggestions
from embeddings import jobs
from embeddings.clouds import MAX_WORDS, NOISE, WORDS, Cloud
from embeddings.jobs import Job
from embeddings.traps import MAX_SEED, Cell, Trap, TrapMap, answer, cells, draw, perplexities, seconds, traps, truths
from embeddings.word_lists import GROUPS
from embeddings.word_vectors import WordVectors

JOB = "traps"  # the name under which this page's grid stands in line
HOME = "six_traps"  # what is taken home is called so
FREQUENT, EVERYDAY, OWN = "most frequent", "everyday groups", "my own list"
_OWN_WORDS = " ".join(word for group in GROUPS.values() for word in group)  # until the reader types


def choose_trap() -> Trap:
    """One of the six."""
    by_title = {trap.title: trap for trap in traps()}
    title = st.pills(
        "Which trap",
        list(by_title),
        default=traps()[0].title,
        required=True,
        key="traps_which",
        bind="query-params",
        persist_state="session",
    )
    return by_title[title]


def show(trap: Trap, table: WordVectors) -> None:
    """The words, a guess, and the grid as it fills."""
    st.markdown(trap.lead)
    words, seed = _choose(trap, table)
    clouds = trap.make(table, list(words))
    count = len(cells(trap, clouds, seed))
    st.caption(
        f"{count} maps by t-SNE, each started from random places: about {math.ceil(seconds(trap, clouds, seed))} "
        "seconds on a server that does nothing else, longer on a busy one. They appear one by one, and can be stopped."
    )
    small, _, large = _perplexities(clouds)
    key = ("traps", trap.name, own_tables.mark(table), tuple(words), seed)
    guessed = predict.guess(
        trap.question.format(small=small, large=large), options(trap, clouds), f"traps_{trap.name}_guess", about=key
    )
    if guessed is None:
        work.drop(JOB)
        return
    work.ensure(JOB, lambda report: Grid(draw(trap, clouds, seed, report), truths(trap, clouds)), jobs.PROJECTION, key)
    snippet = play.trap_maps(table, list(words), trap.name, seed)

    def show_grid(job: Job | None) -> None:
        grid = job.result if job is not None and job.state == "done" else None
        if grid is not None:
            reveal(trap, clouds, grid, guessed)
        elif job is not None and job.active:
            st.info(f"You said {code(guessed.said)}. The answer is measured once all {count} maps are there.")
        maps = grid.maps if grid else (job.snapshot if job else None) or ()
        figure = draw_grid(trap, clouds, seed, words, maps)
        if grid is not None:
            with st.expander("All that was measured"):
                st.table(numbers_table(trap, clouds, grid), border="horizontal")
            points = _all_points(clouds)
            take_home(points, points.tokens, figure, snippet, HOME)

    work.live(JOB, show_grid, again=True)
    snippets.show_code(snippet, "traps")


def _choose(trap: Trap, table: WordVectors) -> tuple[dict[str, str], int]:
    """The words, each with its group or "", and the first seed."""
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    with left:
        words = choose_words(table) if trap.of_words else {}
    seed = right.number_input(
        "First seed",
        0,
        MAX_SEED,
        0,
        key="traps_seed",
        bind="query-params",
        persist_state="session",
        help="Start of the random numbers; further maps take the seeds after it.",
    )
    return words, seed


def choose_words(table: WordVectors) -> dict[str, str]:
    """The words that the traps are set with, each with the name of its group, or "" where it has none."""
    kind = one_of("Your words", [FREQUENT, EVERYDAY, OWN], "traps_kind")
    if kind == EVERYDAY:
        return {word: name for name, group in GROUPS.items() for word in group if word in table}
    if kind == OWN:
        own = words_setting("A list of words", _OWN_WORDS, "traps_words", table, MAX_WORDS)
        return dict.fromkeys(own, "")
    frequent = dict.fromkeys(itertools.islice(suggestions(table), MAX_WORDS), "")
    return frequent or dict.fromkeys(table.tokens[:MAX_WORDS], "")


def options(trap: Trap, clouds: Sequence[Cloud]) -> list[str]:
    """The answers to choose from, with the perplexities that these clouds are drawn at."""
    small, _, large = _perplexities(clouds)
    return [option.format(small=small, large=large) for option in trap.options]


def _perplexities(clouds: Sequence[Cloud]) -> tuple[int, int, int]:
    return perplexities(min(len(cloud.vectors) for cloud in clouds))


def draw_grid(
    trap: Trap, clouds: Sequence[Cloud], seed: int, words: Mapping[str, str], maps: Sequence[TrapMap]
) -> go.Figure:
    """The small maps that there are, each with its figures, in the grid of all; the figure."""
    grid = cells(trap, clouds, seed)
    _explain_colours(trap, clouds, words)
    start = {each.cell.row: each.coordinates for each in reversed(maps)}  # the first map of each row
    firsts = [cell for cell in grid if cell.column == 0]
    columns = [cell for cell in grid if cell.row == 0]
    figure = small_maps_figure(
        [_row(trap, clouds[cell.cloud], words, row_title(trap, clouds, cell), start.get(cell.row)) for cell in firsts],
        [f"seed {cell.seed}" if trap.across == "seed" else f"perplexity {cell.perplexity}" for cell in columns],
        {(each.cell.row, each.cell.column): each.coordinates for each in maps},
        {(each.cell.row, each.cell.column): notes(trap, each) for each in maps},
    )
    chart.show(figure, key="traps_grid", alt=_alt(trap, clouds, maps, len(grid)), save_as=HOME)
    st.caption(
        "Under each map: **trust**, its trustworthiness, falls from 1 as the map makes neighbours up; **overlap** is "
        "the share of each point's ten nearest in the table that are among its ten nearest on the map."
    )
    return figure


def row_title(trap: Trap, clouds: Sequence[Cloud], cell: Cell) -> str:
    """What stands in the row of ``cell``, and what all its maps have in common."""
    common = f"perplexity {cell.perplexity}" if trap.across == "seed" else f"seed {cell.seed}"
    return f"{clouds[cell.cloud].title}, {common}"


def notes(trap: Trap, drawn: TrapMap) -> tuple[str, str, str]:
    """The lines under a map: what the trap is about, and how far the map is to be trusted."""
    return (
        _main_number(trap, drawn),
        f"trust {drawn.trustworthiness:.2f}",
        f"overlap {drawn.neighbour_overlap:.2f}",
    )


def _main_number(trap: Trap, drawn: TrapMap) -> str:
    number = drawn.numbers[0]
    if trap.across == "seed":
        return "the first layout" if drawn.cell.column == 0 else f"differs by {number:.2f}"
    if trap.measured[0] in ("groups", "pieces"):
        return counted(round(number), trap.measured[0][:-1])
    return f"{number:.1f} {trap.measured[0]}"


def _row(trap: Trap, cloud: Cloud, words: Mapping[str, str], title: str, first: NDArray | None) -> MapRow:
    if cloud.clusters:
        return MapRow(title, cloud.names, cloud.labels.tolist())
    if trap.across == "seed" and first is not None and not (cloud.kind == WORDS and any(words.values())):
        return MapRow(title, cloud.names, first[:, 0].argsort().argsort().tolist(), along=True)
    if cloud.kind == NOISE:
        return MapRow(title, cloud.names)
    if cloud.labels.any():
        return MapRow(title, cloud.names, cloud.labels.tolist(), along=True)
    groups = list(GROUPS)
    return MapRow(title, cloud.names, [groups.index(words[name]) if words.get(name) else 0 for name in cloud.names])


def _explain_colours(trap: Trap, clouds: Sequence[Cloud], words: Mapping[str, str]) -> None:
    if trap.across == "seed" and not any(words.values()):
        st.caption("A point has the same colour in a whole row: from left to right on its first map, purple to orange.")
    elif trap.across == "seed":
        chart.legend(set(words.values()), list(GROUPS), dots=True)
        st.caption("Noise is coloured from left to right on the first map of its row, purple to orange.")
    elif not trap.of_words:
        st.caption("Colour runs along the ring and along the line, from purple to orange. Noise is grey.")
    elif clouds[0].clusters:
        chart.legend(clouds[0].clusters, clouds[0].clusters, dots=True)
    elif any(words.values()):
        chart.legend(set(words.values()), list(GROUPS), dots=True)


def _alt(trap: Trap, clouds: Sequence[Cloud], maps: Sequence[TrapMap], count: int) -> str:
    told = [
        f"{clouds[each.cell.cloud].title}, perplexity {each.cell.perplexity}, seed {each.cell.seed}: "
        + ", ".join(notes(trap, each))
        for each in maps
    ]
    return f"{len(maps)} of {count} small maps. " + "; ".join(told)


def reveal(trap: Trap, clouds: Sequence[Cloud], grid: Grid, guessed: Guess) -> None:
    """The guess judged by what was measured, and what to conclude."""
    right = answer(trap, grid.maps)
    predict.verdict(guessed, options(trap, clouds)[right], f"{tell(trap, grid)}\n\n{trap.because[right]}")


def numbers_table(trap: Trap, clouds: Sequence[Cloud], grid: Grid) -> pd.DataFrame:
    """Everything measured: a line for each row of the grid and each measure, the table's own number first."""
    lines = {}
    for row in sorted({each.cell.row for each in grid.maps}):
        members = [each for each in grid.maps if each.cell.row == row]
        title = row_title(trap, clouds, members[0].cell)
        for number, measured in enumerate(trap.measured):
            truth = math.nan if trap.across == "seed" else grid.truths[members[0].cell.cloud][number]
            values = [truth, *(each.numbers[number] for each in members)]
            lines[f"{title}: {measured}"] = [_shown(value, measured) for value in values]
        lines[f"{title}: trustworthiness"] = ["", *(f"{each.trustworthiness:.3f}" for each in members)]
        lines[f"{title}: neighbour overlap"] = ["", *(f"{each.neighbour_overlap:.3f}" for each in members)]
    heads = [
        f"seed {each.cell.seed}" if trap.across == "seed" else f"perplexity {each.cell.perplexity}"
        for each in grid.maps
        if each.cell.row == 0
    ]
    return pd.DataFrame.from_dict(lines, orient="index", columns=["in the table", *heads])


def _shown(value: float, measured: str) -> str:
    if math.isnan(value):
        return "–"
    return f"{value:.0f}" if measured in ("groups", "pieces") else f"{value:.2f}"


def _all_points(clouds: Sequence[Cloud]) -> WordVectors:
    """All that was drawn, as one table of vectors; points of noise are named after their cloud."""
    names = [name if cloud.kind == WORDS else f"{name} ({cloud.title})" for cloud in clouds for name in cloud.names]
    return WordVectors.of("six traps", names, np.concatenate([cloud.vectors for cloud in clouds]))
