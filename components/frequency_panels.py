"""The panel of the lesson on frequency that needs the neighbours of many words."""

from collections.abc import Sequence

import streamlit as st

from components import chart, own_tables, snippets, work
from components import play_snippets as play
from components.figures.frequency import company_figure
from embeddings import jobs
from embeddings.frequency import NeighbourRanks, company_by_rank
from embeddings.jobs import Job
from embeddings.word_vectors import WordVectors

JOB = "frequency_company"
FEWEST = 12  # words in a table, so that ten nearest are not nearly all of them


def show_company_by_rank(table: WordVectors, rows: Sequence[tuple[str, NeighbourRanks]]) -> None:
    """The median rank of the neighbours of words all over the table, with the reader's ``rows``."""
    if len(table) < FEWEST:
        return
    key = ("company", own_tables.mark(table))
    work.ensure(JOB, lambda report: company_by_rank(table, report=report), jobs.READING, key)
    work.live(JOB, lambda job: _draw(job, rows), again=True)
    snippets.show_code(play.company(table), JOB)


def _draw(job: Job | None, rows: Sequence[tuple[str, NeighbourRanks]]) -> None:
    if job is None or job.state != "done":
        return
    company = job.result
    rho = "undefined" if company.spearman is None else f"{company.spearman:.2f}"
    chart.show(
        company_figure(company, [(word, ranks.rank, ranks.median) for word, ranks in rows]),
        key=JOB,
        alt=f"Median rank of the ten nearest against a word's own rank; rank correlation {rho}",
        save_as=JOB,
    )
    st.caption(
        f"Each dot is one of {len(company.ranks)} words, taken at equal steps on this axis from the first rank to the "
        f"last. The rank correlation of a word's rank with the median of its ten nearest is {rho}: at 1 the rarer "
        "word always has the rarer neighbours, at 0 they have nothing to do with each other."
    )
