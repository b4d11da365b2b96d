"""The report card of one table or of two: settings, the run, and what came out."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from components import chart, own_tables, predict, snippets, work
from components import play_snippets as play
from components.figures.scores import sections_figure
from components.plain_text import code, counted, escaped
from components.source_choice import available, open_table
from embeddings import jobs
from embeddings.errors import InvalidInput
from embeddings.evaluation import DATASETS, AnalogyScore, PairScore, word_analogies, word_pairs
from embeddings.jobs import Job
from embeddings.word_vectors import WordVectors

JOB = "report"
NONE = "no other"
LIMITS = (10_000, 30_000, 100_000, 400_000)  # of the most frequent words
_TITLES = {"wordsim353": "WordSim-353: how related?", "simlex999": "SimLex-999: how similar?"}


@dataclass(frozen=True)
class Card:
    """What one table scored.

    Attributes:
        analogies: On the Google analogies.
        pairs: On each dataset of pairs; ``None`` where it knows too few of them.
    """

    analogies: AnalogyScore
    pairs: dict[str, PairScore | None]


def choose(table: WordVectors) -> tuple[list[WordVectors], int, bool]:
    """The tables to be tested, how many of their words, and whether case is ignored."""
    first, second, third = st.columns([2, 2, 2], vertical_alignment="bottom")
    others = [name for name in available() if name != table.name]
    other = first.selectbox(
        "Compare with", [NONE, *others], key="report_other", bind="query-params", persist_state="session"
    )
    limit = second.select_slider(
        "Only the most frequent words",
        LIMITS,
        LIMITS[1],
        format_func="{:,}".format,
        key="report_limit",
        bind="query-params",
        persist_state="session",
        help="Fewer words mean fewer wrong answers to choose from, and more questions that cannot be asked.",
    )
    case_insensitive = third.toggle(
        "Ignore case", True, key="report_case", bind="query-params", persist_state="session"
    )
    tables = [table] if other == NONE else [table, open_table(other)]
    return tables, limit, case_insensitive


def show(tables: Sequence[WordVectors], limit: int, case_insensitive: bool) -> None:
    """A button that starts the test, and the card when it is done."""
    guessed = predict.guess(
        "The test asks 19,544 analogies. How many will a good table of 50 numbers a word answer?",
        ["fewer than 1 in 3", "about half", "nearly all"],
        "report_guess",
        then="Choose one, and test.",
    )
    if guessed is None:
        return
    settings = {"limit": limit, "case_insensitive": case_insensitive}
    key = ("report", *map(own_tables.mark, tables), limit, case_insensitive)

    def compute(report):
        return {table.name: test(table, settings, report, n, len(tables)) for n, table in enumerate(tables)}

    st.button(
        "Test",
        key="report_start",
        type="primary",
        icon=":material/checklist:",
        on_click=work.start,
        args=(JOB, compute, jobs.EVALUATION, key),
    )
    work.live(
        JOB,
        lambda job: show_cards(job, key, guessed),
        idle="Nothing is tested yet. The more words, the longer it takes; you can stop it at any time.",
    )
    snippets.show_code(play.report_card(tables[0], limit, case_insensitive), "report")


def test(table: WordVectors, settings: dict, report: jobs.Report, number: int, count: int) -> Card:
    """The card of ``table``, the one with this ``number`` of ``count``."""

    def tell(fraction: float, words: str) -> None:
        report((number + fraction) / count, f"{table.name}: {words}")

    analogies = word_analogies(table, report=tell, **settings)
    return Card(analogies, {name: _pairs(table, name, settings) for name in DATASETS})


def _pairs(table: WordVectors, dataset: str, settings: dict) -> PairScore | None:
    try:
        return word_pairs(table, dataset, **settings)
    except InvalidInput:
        return None  # it knows too few of the pairs, and the card says so


def show_cards(job: Job | None, key: tuple, guessed: predict.Guess) -> None:
    """What came out, for each table."""
    if job is None or job.state != "done":
        st.caption(f"Your guess: {escaped(guessed.said)}.")
        return
    cards: dict[str, Card] = job.result
    if job.key != key:
        st.warning("This card is for other settings than you have chosen since. Test again.")
    first = next(iter(cards.values())).analogies
    _judge(guessed, first)
    for column, (name, card) in zip(st.columns(2), cards.items(), strict=False):
        with column:
            show_totals(name, card)
    chart.show(
        sections_figure(
            [section.name for section in first.sections if section.total or section.skipped],
            {
                name: [section.accuracy for section in card.analogies.sections if section.total or section.skipped]
                for name, card in cards.items()
            },
        ),
        key="report_sections",
        alt="; ".join(f"{section.name}: {section.accuracy:.0%}" for section in first.sections),
    )
    st.caption(
        f"Settings: the {first.limit:,} most frequent words, case {'ignored' if first.case_insensitive else 'kept'}, "
        "3CosAdd, the input words left out of the answers, questions with an unknown word skipped. The analogies are "
        "those of Mikolov and others (2013)."
    )


def _judge(guessed: predict.Guess, score: AnalogyScore) -> None:
    share = score.all.accuracy
    answer = "fewer than 1 in 3" if share < 1 / 3 else "about half" if share < 2 / 3 else "nearly all"
    predict.verdict(
        guessed, answer, f"{code(score.source)} answers {score.all.correct:,} of the {score.all.total:,} it was asked."
    )


def show_totals(name: str, card: Card) -> None:
    """The totals of one table, with what it could not be asked."""
    score = card.analogies
    st.markdown(f"**{code(name)}**")
    left, right = st.columns(2)
    left.metric("Meaning: analogies answered", f"{score.semantic.accuracy:.1%}")
    right.metric("Grammar: analogies answered", f"{score.syntactic.accuracy:.1%}")
    for column, (dataset, pairs) in zip((left, right), card.pairs.items(), strict=True):
        if pairs is None:
            column.metric(_TITLES[dataset], "–", help="The table knows too few of its words.")
        else:
            column.metric(
                _TITLES[dataset],
                f"{pairs.spearman:.2f}",
                help=f"Spearman's rank correlation with people's judgements; Pearson's is {pairs.pearson:.2f}. "
                f"{pairs.unknown:.1%} of the pairs have an unknown word.",
            )
    st.caption(
        f"{counted(score.all.skipped, 'question')} of {score.all.total + score.all.skipped:,} skipped, as a word is "
        "unknown; "
        + ", ".join(
            f"{pairs.unknown:.1%} of the pairs of {pairs.dataset} unknown" for pairs in card.pairs.values() if pairs
        )
        + "."
    )
