"""Words as points; those used alike lie together."""

import streamlit as st
from numpy.typing import NDArray

from components import chart, lessons, own_tables, snippets, work
from components import play_snippets as play
from components.explained import explained
from components.figures.space import map_figure
from components.neighbours import choose_clicked, choose_one, show_neighbours
from components.projection_choice import choose_projection
from components.source_choice import choose_source
from components.take_home import take_home
from components.word_choice import ALL_GROUPS, choose_words
from embeddings import jobs
from embeddings.jobs import Job
from embeddings.projection import Projection, project
from embeddings.word_vectors import WordVectors

JOB = "space"  # the name under which this page's t-SNE stands in line


def start_tsne(words: list[str], options: dict, table: WordVectors) -> None:
    """Put the t-SNE of ``words`` in line, unless it is there or done."""

    def compute(report):
        def on_step(step, steps, coordinates, loss):
            report(step / steps, f"t-SNE of {len(words)} words: step {step} of {steps}", coordinates)

        report(0, f"t-SNE of {len(words)} words: comparing them")
        return project(table.rows(words), on_step=on_step, **options).coordinates

    work.ensure(JOB, compute, jobs.PROJECTION, key=(own_tables.mark(table), tuple(words), *sorted(options.items())))


def show_map(words: dict[str, str], options: dict, table: WordVectors) -> None:
    """The map, live while it forms, and beside it the neighbours of one word."""
    names = list(words)
    start = project(table.rows(names), "pca")
    if options["method"] == "tsne":
        start_tsne(names, options, table)
    else:
        work.drop(JOB)

    def explore(job: Job | None) -> None:
        picture, beside = st.columns([7, 4], gap="large")
        with beside:
            chosen = choose_one(names, table)
            show_neighbours(chosen, table, names)
        with picture:
            labels = st.toggle("Labels", True, key="space_labels", bind="query-params", persist_state="session")
            chart.legend(set(words.values()), ALL_GROUPS)
            figure = map_figure(
                coordinates_of(job, start),
                names,
                list(words.values()),
                ALL_GROUPS,
                chosen,
                labels,
                axes=axis_titles(start, job),
            )
            chart.show(
                figure,
                key="space_map",
                save_as="words_in_space",
                on_select=lambda: choose_clicked(names),
                selection_mode="points",
                alt=f"Map of {len(names)} words. The list beside it reaches every word by keyboard.",
            )
            st.caption(meaning(job, start, table))
            snippets.show_code(play.word_map(table, names, options), "space_map")
            if job is None or not job.active:
                take_home(table, names, figure, play.word_map(table, names, options), "words_in_space")

    work.live(JOB, explore, again=True)


def meaning(job: Job | None, start: Projection, table: WordVectors) -> str:
    """What may be read from the map, and what not."""
    names = " A word whose label would cover another is named when you point at it or tap it."
    if job is not None and job.state in ("stopped", "failed"):
        return "Ended early: the words still lie near where PCA put them, from where t-SNE starts." + names
    if job is not None:
        return "Only who is near whom means something here: axes, sizes of groups and gaps between them do not." + names
    kept = sum(start.explained)
    return (
        f"The two axes keep {kept:.0%} of the spread of the {table.dimension} dimensions"
        + ("." if kept > 0.995 else "; what lies along the others is not seen here.")
        + names
    )


def coordinates_of(job: Job | None, start: Projection) -> NDArray:
    """The finished map, the latest snapshot of it, or the PCA it starts from."""
    if job is None:
        return start.coordinates
    if job.state == "done":
        return job.result
    return start.coordinates if job.snapshot is None else job.snapshot


def axis_titles(start: Projection, job: Job | None) -> tuple[str, str] | None:
    """How much of the spread each PCA axis keeps; t-SNE's axes have no meaning to name."""
    if job is not None:
        return None
    first, second = (
        f"component {number}: {share:.0%} of the spread" for number, share in enumerate(start.explained, 1)
    )
    return first, second


lessons.title(
    "Words in space",
    "Give each word a vector that was learned from how people use it, and words used alike land close together.",
)
with explained():
    table = choose_source()
    words = choose_words(table)
    options = choose_projection(len(words))
    if len(words) < 2:
        st.info("A map needs at least two words. Choose a group, or type words of your own.")
    else:
        with explained(st.info):
            show_map(words, options, table)
lessons.next_link("pages/words_in_space.py")
