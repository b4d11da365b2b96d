"""The report card of one table or of two: settings, the run, and what came out."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import streamlit as st

from components import glossary
from components.address import setting
from components.figures.bars import scores_figure, sections_figure
from components.lessons.play.snippets import arrays
from components.markup import as_code, with_minus
from components.session import background_jobs, user_tables
from components.session.table_cache import as_argument
from components.session.table_picker import available, open_table
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.columns import beside
from components.ui.downloads import run_downloads
from components.ui.tables import draw_table
from embeddings import jobs
from embeddings.evaluation import (
    DATASETS,
    AnalogyScore,
    Card,
    Section,
    missing_datasets,
    report_cards,
    search_seconds,
)
from embeddings.jobs import Call, Seen
from embeddings.similarity import analogy_rankings, cosines_with
from embeddings.vectors import WordVectors

_JOB = "report"
NONE, SHUFFLED = "no other", "its own rows, shuffled"
LIMITS = (10_000, 30_000, 100_000, 400_000)  # of the most frequent words
_DOWNLOAD_NAME = "report_card"  # what is taken home is called so
LONG = 60  # seconds; a test that takes longer is announced
_TITLES = {"wordsim353": "WordSim-353: how related?", "simlex999": "SimLex-999: how similar?"}
_NAMES = MappingProxyType({"wordsim353": "WordSim-353", "simlex999": "SimLex-999"})
_ROWS = ("Analogies: meaning", "Analogies: grammar", *_NAMES.values())
QUESTION = ("Athens", "Greece", "Baghdad", "Iraq")  # the first of the analogies
PAIR = ("tiger", "cat", 7.35)  # from WordSim-353, with people's mean judgement
LATER = "The answer comes at the end of the test."


@dataclass(frozen=True, eq=False)
class ReportRequest:
    """What is to be tested, and how.

    Attributes:
        tables: One or two.
        with_shuffled: Whether the first one's rows are tested once more, dealt out to the wrong words.
        limit: Only so many of the most frequent words take part.
        case_insensitive: Whether case is ignored.
    """

    tables: tuple[WordVectors, ...]
    with_shuffled: bool
    limit: int
    case_insensitive: bool

    @property
    def key(self) -> tuple:
        """What tells its card from others."""
        tables = map(user_tables.cache_key, self.tables)
        return ("report", *tables, self.with_shuffled, self.limit, self.case_insensitive)

    @property
    def names(self) -> list[str]:
        """Of the tables on the card."""
        return [table.name for table in self.tables] + [f"{self.tables[0].name}, shuffled"] * self.with_shuffled


def choose(table: WordVectors) -> ReportRequest:
    """The tables to be tested, how many of their words, and whether case is ignored."""
    others = [name for name in available() if name != table.name]
    other = setting(
        st.selectbox,
        "Compare with",
        [SHUFFLED, NONE, *others],
        key="report_other",
        help="Shuffled: each word gets the row of another word. What such a table scores is chance.",
    )
    tables = (table,) if other in (SHUFFLED, NONE) else (table, open_table(other))
    limits = limits_of(tables)
    if st.session_state.get("report_limit", limits[0]) not in limits:  # it was that of a larger table
        st.session_state["report_limit"] = limits[-1]
    limit = setting(
        st.select_slider,
        "Only the most frequent words",
        limits,
        LIMITS[1],
        format_func="{:,}".format,
        key="report_limit",
        help="With fewer words there are fewer wrong answers to choose from. But more questions cannot be asked.",
    )
    case_insensitive = setting(st.toggle, "Ignore case", True, key="report_case")
    return ReportRequest(tables, other == SHUFFLED, limit, case_insensitive)


def limits_of(tables: Sequence[WordVectors]) -> tuple[int, ...]:
    """How many words may be asked for: the usual numbers, and all of a larger table."""
    longest = max(map(len, tables))
    return (*LIMITS, longest) if longest > LIMITS[-1] else LIMITS


@st.cache_data(max_entries=32, show_spinner=False)
def _expected_seconds(mark: str, limit: int, _table: WordVectors) -> float:
    return search_seconds(_table, limit)


def say_how_long(chosen: ReportRequest) -> None:
    """That the test will take over a minute, where it will."""
    tested = [*chosen.tables, *chosen.tables[: chosen.with_shuffled]]
    seconds = sum(_expected_seconds(user_tables.cache_key(table), chosen.limit, table) for table in tested)
    if seconds > LONG:
        st.info(
            f"This will take about {seconds / 60:.0f} minutes here. "
            + (
                f"A test is stopped after {jobs.EVALUATION.seconds / 60:.0f}: choose fewer words."
                if seconds > jobs.EVALUATION.seconds
                else "It can be stopped at any time. Fewer words take less time."
            )
        )


def say_what_is_missing() -> None:
    """Which tests of pairs are left out, where one's file is not on this machine."""
    for dataset in missing_datasets():
        st.caption(f"{_NAMES[dataset]} is left out: it comes with the package gensim, which is not installed here.")


def show_report(table: WordVectors) -> None:
    """The scale with the scores on it, the settings and the button that starts the test; below them the whole card."""
    picture, settings = beside()
    with settings:
        chosen = choose(table)
        script = _scores_code(chosen)
        say_how_long(chosen)
        say_what_is_missing()
        _start_button(chosen)
        guessed = predict.guess(
            "The test asks 19,544 analogies. How many can a good table answer, if each word has 50 numbers?",
            ["fewer than 1 in 3", "about half", "nearly all"],
            "report_guess",
            about="report",
            then=LATER,
        )
    hidden = predict.put_again("report_guess")
    with picture.container(key="picture"):
        background_jobs.poll(
            _JOB,
            lambda job: _show_scores({} if hidden else _cards(job), chosen),
            idle="Nothing is tested yet. Press Test, and the scores appear as bars.",
            asked=chosen.key,
        )
    _explain_test(table, chosen)
    job = background_jobs.current(_JOB)
    seen = None if job is None else job.seen()
    cards = _cards(seen)
    with settings:
        if hidden and cards:
            st.caption(predict.HIDDEN)
        elif cards:
            _judge(guessed, next(iter(cards.values())).analogies)
        else:
            predict.unanswered(guessed, LATER)
    if seen is not None and cards and not hidden:
        show_cards(cards, seen.key == chosen.key, script)
    show_code(script, "report", "It takes some minutes, as gensim asks the questions one by one.")


def _cards(job: Seen | None) -> dict[str, Card]:
    """What came out of the job; nothing where it is not done."""
    return job.result if job is not None and job.state == "done" else {}


def _start_button(chosen: ReportRequest) -> None:
    settings = {"limit": chosen.limit, "case_insensitive": chosen.case_insensitive}
    tables = tuple(map(as_argument, chosen.tables))
    testing = Call(report_cards, tables, {"with_shuffled": chosen.with_shuffled, **settings})

    def begin() -> None:
        if predict.reopen("report_guess", "report") and background_jobs.is_done(_JOB, chosen.key):
            return
        background_jobs.start(_JOB, testing, jobs.EVALUATION, chosen.key)

    st.button("Test", key="report_start", type="primary", icon=":material/checklist:", on_click=begin)


def _show_scores(cards: Mapping[str, Card], chosen: ReportRequest) -> None:
    """Four scores of each table on one scale; before the test the empty scale."""
    scores: dict[str, list[float | None]] = {name: _scores_of(card) for name, card in cards.items()}
    spoken = "; ".join(f"{name}: {_spoken(values)}" for name, values in scores.items())
    chart.show(
        scores_figure(_ROWS, scores or {name: [None] * len(_ROWS) for name in chosen.names}),
        key="report_scores",
        alt=spoken or "An empty scale from 0, chance, to 1, perfect, for four scores",
    )


def _spoken(scores: Sequence[float | None]) -> str:
    return ", ".join(f"{row} {score:.2f}" for row, score in zip(_ROWS, scores, strict=True) if score is not None)


def _scores_of(card: Card) -> list[float | None]:
    pairs = [card.pairs[dataset] for dataset in DATASETS]
    return [
        _share(card.analogies.semantic),
        _share(card.analogies.syntactic),
        *(None if score is None else score.spearman for score in pairs),
    ]


def _explain_test(table: WordVectors, chosen: ReportRequest) -> None:
    """The scale, and an example of each of the two tests."""
    st.caption(
        "Analogies: 1 means that the table answers all questions. WordSim and SimLex: 1 means that its cosines put the "
        "pairs of words in the same order as people do. Chance is 0 or very near to it. The authors of "
        f"{glossary.linked('GloVe')} report 0.72 for all analogies together: "
        "with 300 numbers for each of 400,000 words, from the same 6 billion words of "
        "text (Pennington and others, 2014)."
    )
    analogy, pair = st.columns(2, gap="large")
    analogy.markdown(f"**One of the analogies.** {_example_question(table, chosen)}")
    pair.markdown(f"**One of the pairs of WordSim-353.** {_example_pair(table, chosen)}")


def _example_question(table: WordVectors, chosen: ReportRequest) -> str:
    a, b, c, expected = QUESTION
    asked = f"{as_code(a)} is to {as_code(b)} as {as_code(c)} is to which word?"
    answer = _example_answer(user_tables.cache_key(table), chosen.limit, chosen.case_insensitive, table)
    if answer is None:
        return f"{asked} The right answer is {as_code(expected)}. {_skipped(table, chosen)}"
    fold = _fold(chosen.case_insensitive)
    right = "That is right" if fold(answer) == fold(expected) else f"The right answer is {as_code(expected)}"
    return f"{asked} This table answers {as_code(answer)}. {right}."


def _example_pair(table: WordVectors, chosen: ReportRequest) -> str:
    first, second, judgement = PAIR
    said = f"People gave {as_code(first)} and {as_code(second)} {judgement} of 10 points on average."
    cosine = _example_cosine(user_tables.cache_key(table), chosen.limit, chosen.case_insensitive, table)
    if cosine is None:
        return f"{said} {_skipped(table, chosen)}"
    return f"{said} In this table their cosine is {with_minus(f'{cosine:.2f}')}."


def _skipped(table: WordVectors, chosen: ReportRequest) -> str:
    spelled = "" if chosen.case_insensitive else ", spelled like this,"
    return f"Not all these words{spelled} are among the table's first {min(chosen.limit, len(table)):,}: it is skipped."


@st.cache_data(max_entries=32, show_spinner=False)
def _example_answer(mark: str, limit: int, case_insensitive: bool, _table: WordVectors) -> str | None:
    """What the table answers to ``QUESTION`` by the rules of the test; ``None`` where the test skips it."""
    first, known = _first_words(_table, limit), _spellings(_table, QUESTION, limit, case_insensitive)
    if None in known:
        return None
    a, b, c, _ = map(str, known)
    fold = _fold(case_insensitive)
    inputs = set(map(fold, (a, b, c)))  # no other spelling of theirs may be the answer
    ranked = analogy_rankings(first, a, b, c).without_inputs
    return next((token for token, _ in ranked if fold(token) not in inputs), None)


@st.cache_data(max_entries=32, show_spinner=False)
def _example_cosine(mark: str, limit: int, case_insensitive: bool, _table: WordVectors) -> float | None:
    """The cosine of ``PAIR`` by the rules of the test; ``None`` where the test skips it."""
    first, second = _spellings(_table, PAIR[:2], limit, case_insensitive)
    return None if first is None or second is None else float(cosines_with(_table, first, [second])[0])


def _first_words(table: WordVectors, limit: int) -> WordVectors:
    """The first ``limit`` rows of ``table``, which are not copied."""
    return table if limit >= len(table) else WordVectors.of(table.name, table.tokens[:limit], table.matrix[:limit])


def _spellings(table: WordVectors, words: Sequence[str], limit: int, case_insensitive: bool) -> list[str | None]:
    """The first token of ``table`` that is each of the ``words``; ``None`` where none of the first ``limit`` is."""
    fold = _fold(case_insensitive)
    spelled: dict[str, str] = {}
    for token in table.tokens[:limit]:
        spelled.setdefault(fold(token), token)
    return [spelled.get(fold(word)) for word in words]


def _fold(case_insensitive: bool) -> Callable[[str], str]:
    return str.upper if case_insensitive else str


def show_cards(cards: Mapping[str, Card], for_these_settings: bool, script: str) -> None:
    """What came out, for each table; to be taken home with the ``script`` where it is for the settings chosen now."""
    if not for_these_settings:
        st.warning("This card is for other settings. You have changed them since. Test again.")
    first = next(iter(cards.values())).analogies
    for column, (name, card) in zip(st.columns(2), cards.items(), strict=False):
        with column:
            show_totals(name, card)
    asked = _asked(cards)
    figure = sections_figure(
        [section.name for section in first.sections if section.name in asked],
        {
            name: [_share(part) for part in card.analogies.sections if part.name in asked]
            for name, card in cards.items()
        },
    )
    if asked:
        chart.show(
            figure,
            key="report_sections",
            alt="; ".join(f"{part.name}: {_percent(part, 0)}" for part in first.sections if part.name in asked),
            save_as=_DOWNLOAD_NAME,
        )
    show_counts(cards)
    st.caption(
        f"Settings: the {first.limit:,} most frequent words, case {'ignored' if first.case_insensitive else 'kept'}, "
        "3CosAdd. An input word may not be the answer. A question with an unknown word is skipped. The analogies are "
        "those of Mikolov and others (2013)."
    )
    if for_these_settings:
        run_downloads({"csv": lambda: as_csv(cards).encode()}, figure, script, _DOWNLOAD_NAME)


def _filled(score: AnalogyScore) -> list[Section]:
    return [section for section in score.sections if section.total or section.skipped]


def _asked(cards: Mapping[str, Card]) -> set[str]:
    """The sections of which some table was asked a question."""
    return {section.name for card in cards.values() for section in card.analogies.sections if section.total}


def _share(section: Section) -> float | None:
    return section.accuracy if section.total else None


def _percent(section: Section, digits: int) -> str:
    return f"{section.accuracy:.{digits}%}" if section.total else "–"


def show_counts(cards: Mapping[str, Card]) -> None:
    """Each section's questions: answered, asked and skipped, for each table."""
    columns: dict[str, list] = {"section": [section.name for section in _filled(next(iter(cards.values())).analogies)]}
    for name, card in cards.items():
        ending = f" · {name}" if len(cards) > 1 else ""
        sections = _filled(card.analogies)
        columns[f"answered{ending}"] = [section.correct for section in sections]
        columns[f"asked{ending}"] = [section.total for section in sections]
        columns[f"skipped{ending}"] = [section.skipped for section in sections]
    draw_table(columns, height="content", alt="Questions of each section, answered, asked, skipped")


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
            writer.writerow([*settings, part.name, part.correct, part.total, part.skipped, _share(part), "", ""])
        for dataset, pairs in card.pairs.items():
            if pairs is not None:
                unknown = pairs.total - pairs.used
                writer.writerow([*settings, dataset, "", pairs.used, unknown, "", pairs.spearman, pairs.pearson])
    return stream.getvalue()


def _judge(guessed: predict.Guess | None, score: AnalogyScore) -> None:
    if not score.all.total:
        predict.unanswered(
            guessed,
            f"{as_code(score.source)} could not be asked any analogy: each has a word that this table does not know. "
            "So there is no answer. Choose a table with more words.",
        )
        return
    share = score.all.accuracy
    answer = "fewer than 1 in 3" if share < 1 / 3 else "about half" if share < 2 / 3 else "nearly all"
    predict.verdict(
        guessed,
        answer,
        f"{as_code(score.source)} answers {score.all.correct:,} of the {score.all.total:,} questions it was asked.",
    )


def show_totals(name: str, card: Card) -> None:
    """The totals of one table, with what it could not be asked."""
    score = card.analogies
    st.markdown(f"**{as_code(name)}**")
    left, right = st.columns(2)
    left.metric("Meaning: analogies answered", _percent(score.semantic, 1))
    right.metric("Grammar: analogies answered", _percent(score.syntactic, 1))
    for column, (dataset, pairs) in zip((left, right), card.pairs.items(), strict=True):
        if pairs is None:
            lacking = dataset in missing_datasets()
            why = "It is missing on this server." if lacking else "The table knows too few of its words."
            column.metric(_TITLES[dataset], "–", help=why)
        else:
            column.metric(
                _TITLES[dataset],
                with_minus(f"{pairs.spearman:.2f}"),
                help="Spearman's rank correlation with people's judgements. Pearson's correlation is "
                f"{with_minus(f'{pairs.pearson:.2f}')}. {pairs.total - pairs.used} of the {pairs.total} "
                "pairs have an unknown word.",
            )
    skipped = [f"{score.all.skipped:,} of {score.all.total + score.all.skipped:,} analogies"] + [
        f"{pairs.total - pairs.used} of {pairs.total} pairs of {_NAMES[pairs.dataset]}"
        for pairs in card.pairs.values()
        if pairs
    ]
    st.caption(f"Skipped, because a word is unknown: {', '.join(skipped)}.")


def _scores_code(chosen: ReportRequest) -> str:
    """The scores of each table, by gensim."""
    limit = f"limit={chosen.limit}, case_insensitive={chosen.case_insensitive}"
    script = ""
    for table in chosen.tables:
        script += f"{arrays(table)}\nscores[{table.name!r}] = card(tokens, matrix, {limit})\n\n"
    if chosen.with_shuffled:
        script += f"""\
order = np.random.default_rng(0).permutation(min({chosen.limit}, len(tokens)))
scores["shuffled"] = card([tokens[row] for row in order], matrix, {limit})

"""
    return f"""\
# pip install gensim
from gensim.models import KeyedVectors
from gensim.test.utils import datapath


def card(tokens, matrix, limit, case_insensitive):
    vectors = KeyedVectors(matrix.shape[1])
    vectors.add_vectors(list(tokens[:limit]), matrix[:limit])
    settings = dict(restrict_vocab=limit, case_insensitive=case_insensitive)
    _, sections = vectors.evaluate_word_analogies(datapath("questions-words.txt"), **settings)
    shares = {{}}
    for part in sections:
        asked = len(part["correct"]) + len(part["incorrect"])
        shares[part["section"]] = len(part["correct"]) / asked if asked else None
    files = {{"WordSim-353": "wordsim353.tsv", "SimLex-999": "simlex999.txt"}}
    pairs = {{name: vectors.evaluate_word_pairs(datapath(file), **settings)[1][0] for name, file in files.items()}}
    return shares | pairs  # of the analogies, and Spearman's rank correlations


scores = {{}}
{script}print(scores)
"""
