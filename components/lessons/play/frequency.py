"""The panels of the lesson on frequency: length against rank, and the ranks of the neighbours."""

from collections.abc import Sequence

import streamlit as st

from components import glossary
from components.figures.ranks import HEIGHT, neighbor_ranks_figure, norms_figure
from components.figures.vectors import strips_figure
from components.lessons.play.snippets import arrays
from components.markup import with_minus
from components.session import background_jobs, user_tables
from components.session.answers import shared_answers
from components.session.table_cache import as_argument
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.columns import beside
from components.ui.downloads import downloads
from components.ui.inputs import words_setting
from components.ui.tables import draw_table
from embeddings import jobs
from embeddings.jobs import Call, Seen
from embeddings.similarity import NeighborRanks, NormsByRank, neighbor_ranks, neighbor_ranks_by_rank, norms_by_rank
from embeddings.sources import DEFAULT
from embeddings.vectors import WordVectors

_JOB = "frequency_company"
FEWEST = 12  # words in a table, so that ten nearest are not nearly all of them
MAX_WORDS = 8
LONGER, SAME, SHORTER = "longer vectors", "vectors of about the same length", "shorter vectors"
CLEAR = 0.1  # rank correlation that counts as one


def choose_words(table: WordVectors) -> tuple[str, ...]:
    """The words to look at."""
    return words_setting("Words to look at", "the of king violin rutabaga", "frequency_words", table, MAX_WORDS)


@st.cache_data(max_entries=8, show_spinner="Measuring all vectors")
def _measured(mark: str, _table: WordVectors) -> NormsByRank:
    """Lengths by rank over the whole table; ``mark`` stands for it in the cache."""
    return norms_by_rank(_table)


def show_norms(table: WordVectors) -> tuple[str, ...]:
    """The words' vectors, and after a guess length against rank; gives the words, chosen beside the picture."""
    norms = _measured(user_tables.cache_key(table), table)
    picture, settings = beside()
    with settings:
        words = choose_words(table)
        guessed = predict.guess(
            "Training reads frequent words more often. So which vectors do frequent words get?",
            [LONGER, SAME, SHORTER],
            "frequency_guess",
            about=table.name,
        )
    with picture.container(key="picture"):
        if guessed is None:
            _show_vectors(table, words)
            return words
        placed = [(word, table.id(word) + 1, table.norm(word)) for word in words if table[word].any()]
        figure, rho = norms_figure(norms, placed), norms.spearman or 0.0
        spoken = f"Length against rank on a logarithmic axis; rank correlation {rho:.2f}"
        chart.show(figure, key="frequency_norms", alt=spoken, save_as="frequency")
    with settings:
        _judge(table, norms, guessed)
    st.caption(
        "The blue line is the median length of the words around a rank. Half of these words lie in the band. The dot "
        f"product multiplies by the lengths; the {glossary.linked('cosine')} ignores them."
    )
    if table.name != DEFAULT:
        st.caption(
            "Here a word's rank is the number of its row. It tells how frequent the word is only if the table stands "
            "in the order of frequency. In a table of word pieces, the first rows are signs and unused rows."
        )
    if words:
        source = _norms_code(table, words[0])
        show_code(source, "frequency_norms")
        downloads(table, words, figure, source, "frequency")
    return words


def _show_vectors(table: WordVectors, words: Sequence[str]) -> None:
    """Each word's numbers as a row of cells, frequent words on top, to guess from."""
    if not words:
        st.info("Type a word that the table has, and its vector stands here.")
        return
    by_rank = sorted(words, key=table.id)
    st.markdown("**The vectors, frequent words on top.** A longer vector has stronger colours.")
    figure = strips_figure(table.rows(by_rank), by_rank, range(table.dimension)).update_layout(height=HEIGHT - 40)
    spoken = f"The {table.dimension} numbers of {', '.join(by_rank)} as rows of cells"
    chart.show(figure, key="frequency_vectors", alt=spoken)


def _judge(table: WordVectors, norms: NormsByRank, guessed: predict.Guess) -> None:
    rho = norms.spearman or 0.0
    common, rare = norms.quartiles[0, 1], norms.quartiles[-1, 1]
    predict.verdict(
        guessed,
        LONGER if rho < -CLEAR else SHORTER if rho > CLEAR else SAME,
        f"Over all {len(table):,} words, the rank correlation of rank and length is {with_minus(f'{rho:.2f}')}: below "
        f"0 the rarer words have the shorter vectors. The {norms.edges[1] - 1:,} most frequent words have a median "
        f"length of {common:.2f}, the rarest group one of {rare:.2f}.",
    )


@shared_answers(max_entries=256)
def _company(table: WordVectors, word: str) -> NeighborRanks:
    return neighbor_ranks(table, word)


def show_company(table: WordVectors, words: Sequence[str]) -> None:
    """The ranks of each word's ten nearest."""
    st.subheader("Rare words keep rare company", anchor=False)
    rows = [(word, _company(table, word)) for word in words if table[word].any()]
    draw_table(
        {
            "word": [word for word, _ in rows],
            "its rank": [ranks.rank for _, ranks in rows],
            "median rank of its ten nearest": [ranks.median for _, ranks in rows],
            "the nearest of them, with ranks": [
                ", ".join(f"{token} ({rank:,})" for token, rank in ranks.neighbors[:4]) for _, ranks in rows
            ],
        },
        column_config={
            "its rank": st.column_config.NumberColumn(format="localized"),
            "median rank of its ten nearest": st.column_config.NumberColumn(format="localized"),
        },
        alt="Rank of each word and median rank of its neighbours",
    )
    _show_company_by_rank(table, rows)
    st.caption(
        "The text has few examples of a rare word, so its vector could learn little. Its neighbours are often rare "
        "too. Be careful with what a table says of rare words."
    )


def _show_company_by_rank(table: WordVectors, rows: Sequence[tuple[str, NeighborRanks]]) -> None:
    """The median rank of the neighbours of words all over the table, with the reader's ``rows``."""
    if len(table) < FEWEST:
        return
    key = ("company", user_tables.cache_key(table))
    background_jobs.get_or_start(_JOB, Call(neighbor_ranks_by_rank, (as_argument(table),)), jobs.READING, key)
    background_jobs.poll(_JOB, lambda job: _draw(job, rows), again=True)
    show_code(_company_code(table), _JOB)


def _draw(job: Seen | None, rows: Sequence[tuple[str, NeighborRanks]]) -> None:
    if job is None or job.state != "done":
        st.container(height=HEIGHT + 80, border=False)  # room for what comes, so that nothing below will move
        return
    company = job.result
    rho = "undefined" if company.spearman is None else with_minus(f"{company.spearman:.2f}")
    chart.show(
        neighbor_ranks_figure(
            company, [(word, ranks.rank, ranks.median) for word, ranks in rows if ranks.median is not None]
        ),
        key=_JOB,
        alt=f"Median rank of the ten nearest against a word's own rank; rank correlation {rho}",
        save_as=_JOB,
    )
    st.caption(
        f"Each dot is one of {len(company.ranks)} words, at equal steps on this axis. The rank correlation of a word's "
        f"rank with the median of its ten nearest is {rho}. At 1 the rarer word always has the rarer neighbours; at 0 "
        "the two have nothing to do with each other."
    )


def _norms_code(table: WordVectors, word: str) -> str:
    """Length against rank over the whole table, and the ranks of the neighbours of ``word``."""
    return f"""\
{arrays(table)}
lengths = np.linalg.norm(matrix, axis=1)  # row 0 is the most frequent word, of rank 1
edges = [1]
for edge in np.geomspace(1, len(tokens) + 1, 41).round().astype(int).tolist()[1:-1]:
    if edge - edges[-1] >= 10 and len(tokens) + 1 - edge >= 10:
        edges.append(edge)
edges.append(len(tokens) + 1)
medians = [float(np.median(lengths[a - 1 : b - 1])) for a, b in zip(edges, edges[1:])]

me = row_of[{word!r}]
cosines = matrix @ matrix[me] / (np.maximum(lengths, 1e-12) * lengths[me])
neighbours = [row for row in np.argsort(-cosines)[:11] if row != me][:10]
median_rank = float(np.median(neighbours)) + 1
print(edges, medians, me + 1, median_rank, sep="\\n")
"""


def _company_code(table: WordVectors) -> str:
    """The ranks of about 200 words, and of their neighbours."""
    return f"""\
{arrays(table)}
rows = matrix.astype(float)
lengths = np.linalg.norm(rows, axis=1)
asked = [row for row in np.unique(np.geomspace(1, len(tokens), 200).round().astype(int)) - 1 if lengths[row] > 0]
medians = []
for me in asked:
    cosines = rows @ rows[me] / (np.maximum(lengths, 1e-12) * lengths[me])
    first = np.argpartition(-cosines, 11)[:11]
    neighbours = sorted((row for row in first if row != me), key=lambda row: -cosines[row])[:10]
    medians.append(float(np.median(neighbours)) + 1)
print(*zip(asked, medians), sep="\\n")
"""
