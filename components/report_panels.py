"""The report card of one table or of two: settings, the run, and what came out."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from components import chart, own_tables, predict, snippets, work
from components import play_snippets as play
from components.figures.scores import sections_figure
from components.plain_text import code, counted, escaped
from components.source_choice import available, open_table
from components.take_home import take_run
from embeddings import jobs
from embeddings.errors import InvalidInput
from embeddings.evaluation import DATASETS, AnalogyScore, PairScore, Section, search_seconds, word_analogies, word_pairs
from embeddings.jobs import Job
from embeddings.word_vectors import WordVectors

JOB = "report"
NONE = "no other"
LIMITS = (10_000, 30_000, 100_000, 400_000)  # of the most frequent words
HOME = "report_card"  # what is taken home is called so
LONG = 60  # seconds; a test that takes longer is announced
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
    tables = [table] if other == NONE else [table, open_table(other)]
    limits = limits_of(tables)
    if st.session_state.get("report_limit", limits[0]) not in limits:  # it was that of a larger table
        st.session_state["report_limit"] = limits[-1]
    limit = second.select_slider(
        "Only the most frequent words",
        limits,
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
    return tables, limit, case_insensitive


def limits_of(tables: Sequence[WordVectors]) -> tuple[int, ...]:
    """How many words may be asked for: the usual numbers, and all of a larger table."""
    longest = max(map(len, tables))
    return (*LIMITS, longest) if longest > LIMITS[-1] else LIMITS


@st.cache_data(max_entries=32, show_spinner=False)
def _expected_seconds(mark: str, limit: int, _table: WordVectors) -> float:
    return search_seconds(_table, limit)


def say_how_long(tables: Sequence[WordVectors], limit: int) -> None:
    """That the test will take over a minute, where it will."""
    seconds = sum(_expected_seconds(own_tables.mark(table), limit, table) for table in tables)
    if seconds > LONG:
        st.info(
            f"This will take about {seconds / 60:.0f} minutes here. "
            + (
                f"A test is stopped after {jobs.EVALUATION.seconds / 60:.0f}: choose fewer words."
                if seconds > jobs.EVALUATION.seconds
                else "It can be stopped at any time; fewer words take less."
            )
        )


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

    code_of_it = "\n".join(play.report_card(table, limit, case_insensitive) for table in tables)

    def compute(report):
        return {table.name: test(table, settings, report, n, len(tables)) for n, table in enumerate(tables)}

    say_how_long(tables, limit)
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
        lambda job: show_cards(job, key, guessed, code_of_it),
        idle="Nothing is tested yet. The more words, the longer it takes; you can stop it at any time.",
    )
    snippets.show_code(code_of_it, "report")


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


def show_cards(job: Job | None, key: tuple, guessed: predict.Guess, script: str) -> None:
    """What came out, for each table; to be taken home with the ``script`` where it is for the settings chosen now."""
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
    figure = sections_figure(
        [section.name for section in _filled(first)],
        {name: [section.accuracy for section in _filled(card.analogies)] for name, card in cards.items()},
    )
    chart.show(
        figure,
        key="report_sections",
        alt="; ".join(f"{section.name}: {section.accuracy:.0%}" for section in first.sections),
        save_as=HOME,
    )
    show_counts(cards)
    st.caption(
        f"Settings: the {first.limit:,} most frequent words, case {'ignored' if first.case_insensitive else 'kept'}, "
        "3CosAdd, the input words left out of the answers, questions with an unknown word skipped. The analogies are "
        "those of Mikolov and others (2013)."
    )
    if job.key == key:
        take_run({"csv": lambda: as_csv(cards).encode()}, figure, script, HOME)


def _filled(score: AnalogyScore) -> list[Section]:
    return [section for section in score.sections if section.total or section.skipped]


def show_counts(cards: Mapping[str, Card]) -> None:
    """Each section's questions: answered, asked and skipped, for each table."""
    columns: dict[str, list] = {"section": [section.name for section in _filled(next(iter(cards.values())).analogies)]}
    for name, card in cards.items():
        ending = f" · {name}" if len(cards) > 1 else ""
        sections = _filled(card.analogies)
        columns[f"answered{ending}"] = [section.correct for section in sections]
        columns[f"asked{ending}"] = [section.total for section in sections]
        columns[f"skipped{ending}"] = [section.skipped for section in sections]
    st.dataframe(columns, hide_index=True, height="content", alt="Questions of each section, answered, asked, skipped")


def as_csv(cards: Mapping[str, Card]) -> str:
    """All scores, a line for each section of analogies and each dataset of pairs."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(
        ["table", "words", "case", "test", "answered", "asked", "skipped", "accuracy", "spearman", "pearson"]
    )
    for name, card in cards.items():
        settings = (name, card.analogies.limit, "ignored" if card.analogies.case_insensitive else "kept")
        for part in (*card.analogies.sections, card.analogies.all):
            writer.writerow([*settings, part.name, part.correct, part.total, part.skipped, part.accuracy, "", ""])
        for dataset, pairs in card.pairs.items():
            if pairs is not None:
                unknown = pairs.total - pairs.used
                writer.writerow([*settings, dataset, "", pairs.used, unknown, "", pairs.spearman, pairs.pearson])
    return stream.getvalue()


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
                f"{pairs.total - pairs.used} of the {pairs.total} pairs have an unknown word.",
            )
    st.caption(
        f"{counted(score.all.skipped, 'question')} of {score.all.total + score.all.skipped:,} skipped, as a word is "
        "unknown; "
        + ", ".join(
            f"{pairs.total - pairs.used} of the {pairs.total} pairs of {pairs.dataset} likewise"
            for pairs in card.pairs.values()
            if pairs
        )
        + "."
    )
