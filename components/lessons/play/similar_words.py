"""The panels of the lesson on similar words: rankings, strips, and a matrix in which like stands beside like."""

from collections.abc import Sequence
from types import MappingProxyType

import streamlit as st

from components import glossary
from components.address import setting
from components.custom.drawings import cells
from components.figures.bars import neighbors_figure
from components.figures.ranks import rank_change_figure
from components.figures.vectors import strips_figure
from components.lessons.play.snippets import arrays
from components.markup import as_code, with_minus
from components.session.nearest_words import nearest_others
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.columns import beside
from components.ui.downloads import downloads
from components.ui.inputs import choice_input, word_setting, words_setting
from embeddings.similarity import (
    column_contributions,
    columns_by_contribution,
    cosine_similarities,
    mean_cosine,
    seriate,
)
from embeddings.vectors import WordVectors

SHOWN = 10
MAX_WORDS = 24  # a matrix with more cells than this cannot be read
_DOWNLOAD_NAME = "similar_words"  # what is taken home is called so
METRICS = MappingProxyType({"Cosine": "cosine", "Dot product": "dot", "Distance": "euclidean"})
PREPARATIONS = MappingProxyType({"as they are": "raw", "centred": "mean_centered", "of unit length": "unit"})
_ABOUT = MappingProxyType(
    {
        "cosine": "The *cosine* depends on the angle between two vectors, and on nothing else.",
        "dot": "The *dot product* multiplies the vectors number by number and adds up. Long vectors win.",
        "euclidean": "The *distance* is that between two points. Vectors of very different lengths are far apart.",
    }
)
_ABOUT_PREPARATION = MappingProxyType(
    {
        "raw": "",
        "mean_centered": " *Centred*: the mean of all rows is subtracted first. It is the part that all words share.",
        "unit": " *Of unit length*: every vector is made as long as 1. Then all three measures give the same order.",
    }
)
_UNCHANGED = MappingProxyType(
    {
        ("euclidean", "mean_centered"): "The numbers stay the same here. The same vector is subtracted from every row, "
        "so all rows move by the same step, and no distance between two rows changes.",
        ("cosine", "unit"): "The numbers stay the same here. A cosine divides by both lengths already, so "
        "it does not matter how long the vectors are.",
    }
)
SAME, REORDERED, OTHERS = "the same words in the same order", "the same words in another order", "some other words"
_HEIGHT = 358  # pixels of the picture, before the guess and after it


def show_rankings(table: WordVectors) -> None:
    """The nearest words by cosine, beside those by the reader's measure; and the settings beside both."""
    picture, settings = beside()
    with settings:
        word = word_setting("A word", "king", "similar_word", table)
        if word is None:
            picture.info("The ranking needs a word that the table has. It comes back as soon as there is one.")
            return
        guessed = predict.guess(
            f"Rank the words by dot product, not by cosine. Which ten words are then nearest to {as_code(word)}?",
            [SAME, REORDERED, OTHERS],
            "similar_guess",
            about=(table.name, word),
            before=f"{glossary.linked(_ABOUT['cosine'], 'cosine')} The *dot product* is the cosine times both lengths.",
        )
    by_cosine = nearest_others(table, word, SHOWN, "cosine", "raw")
    if guessed is None:
        with picture.container(key="picture"):
            st.markdown(f"**The ten words nearest to {as_code(word)} by {glossary.linked('cosine')}.**")
            _show_scores(by_cosine, "similar_cosines")
        return
    with settings:
        metric, preparation = _choose_measure()
        _judge(table, word, guessed, [token for token, _ in by_cosine])
    chosen = nearest_others(table, word, SHOWN, METRICS[metric], PREPARATIONS[preparation])
    title = f"{metric}, {preparation}"
    with picture.container(key="picture"):
        _show_change([token for token, _ in by_cosine], [token for token, _ in chosen], title)
    st.markdown(f"**{title}**" + (": shorter is nearer." if METRICS[metric] == "euclidean" else "."))
    _show_scores(chosen, "similar_scores")
    show_code(_nearest_code(table, word, METRICS[metric], PREPARATIONS[preparation]), "similar_ranks")


def _numbered(tokens: Sequence[str]) -> str:
    return ", ".join(f"{rank}. {token}" for rank, token in enumerate(tokens, start=1))


def _show_change(left: list[str], right: list[str], title: str) -> None:
    st.markdown(f"**How the ranking changes.** {_stayed(left, right)} Orange words are in one list only.")
    chart.show(
        rank_change_figure(left, right, ("Cosine", title.replace(", ", ",<br>"))),
        key="similar_ranks",
        alt=f"By cosine: {_numbered(left)}. By {title}: {_numbered(right)}",
    )


def _show_scores(ranking: Sequence[tuple[str, float]], key: str) -> None:
    spoken = ", ".join(f"{token} {score:.3f}" for token, score in ranking)
    chart.show(neighbors_figure(ranking, height=_HEIGHT), key=key, alt=spoken)


def _choose_measure() -> tuple[str, str]:
    """The measure and how the vectors are prepared, with a sentence on both."""
    metric = choice_input("Nearest by", list(METRICS), "similar_metric", default="Dot product")
    preparation = choice_input("Vectors", list(PREPARATIONS), "similar_vectors")
    chosen = METRICS[metric], PREPARATIONS[preparation]
    st.caption(_UNCHANGED.get(chosen, _ABOUT[chosen[0]]) + _ABOUT_PREPARATION[chosen[1]])
    return metric, preparation


def _judge(table: WordVectors, word: str, guessed: predict.Guess, by_cosine: list[str]) -> None:
    by_dot = nearest_others(table, word, SHOWN, "dot", "raw")
    words = [token for token, _ in by_dot]
    answer = SAME if words == by_cosine else REORDERED if set(words) == set(by_cosine) else OTHERS
    longest = max(words, key=table.norm)
    predict.verdict(
        guessed,
        answer,
        f"{_stayed(by_cosine, words)} The dot product is the cosine times both lengths. The vector of "
        f"{as_code(longest)} has length {table.norm(longest):.1f}; that of {as_code(word)} has length "
        f"{table.norm(word):.1f}.",
    )


def _stayed(left: Sequence[str], right: Sequence[str]) -> str:
    both = len(set(left) & set(right))
    return f"{both} of the {len(left)} words {'is' if both == 1 else 'are'} in both lists."


def introduce_strips(table: WordVectors) -> None:
    """What the strips show."""
    st.subheader("Where do similar words agree?", anchor=False)
    st.markdown(
        f"Each row of cells is the vector of one word: {table.dimension} numbers, blue above zero and orange below. "
        "Look for columns in which similar words have the same colour."
    )


def choose_words(table: WordVectors) -> tuple[str, ...]:
    """The words that are laid above one another."""
    usual = "king queen prince cat dog horse bread rice cheese"
    return words_setting("Words to compare", usual, "similar_words", table, MAX_WORDS)


def show_strips(table: WordVectors, words: Sequence[str]) -> None:
    """The numbers of each word, their columns sorted by agreement."""
    by_agreement = setting(st.toggle, "Sort the columns: first those where the words agree", True, key="similar_sorted")
    rows = table.rows(words)
    order = columns_by_contribution(rows) if by_agreement else list(range(table.dimension))
    figure = strips_figure(rows, words, order)
    chart.show(
        figure,
        key="similar_strips",
        alt=f"The {table.dimension} numbers of {', '.join(words)} as rows of cells",
        save_as=_DOWNLOAD_NAME,
    )
    shares = column_contributions(rows)
    best = int(shares.argmax())
    st.caption(
        f"The mean cosine of all pairs of these words is {with_minus(f'{mean_cosine(rows):.2f}')}. Column {best + 1} "
        f"adds {shares[best]:.2f} to it, more than any other column. {_pulling_apart(int((shares < 0).sum()), table)}"
    )
    strips_code = _strips_code(table, words, by_agreement)
    show_code(strips_code, "similar_strips")
    downloads(table, words, figure, strips_code, _DOWNLOAD_NAME)


def _pulling_apart(count: int, table: WordVectors) -> str:
    pulls, it_is = ("pulls", "Its share is") if count == 1 else ("pull", "Their shares are")
    return f"{count} of the {table.dimension} columns {pulls} the words apart. {it_is} below zero." if count else ""


def show_matrix(table: WordVectors, words: Sequence[str]) -> None:
    """The cosine of every pair."""
    st.subheader("Every pair at once", anchor=False)
    clustered = setting(st.toggle, "Put like beside like", True, key="similar_clustered")
    order = seriate(table.rows(words)) if clustered else range(len(words))
    ordered = [words[place] for place in order]
    cells(
        cosine_similarities(table.rows(ordered)),
        ordered,
        ordered,
        alt=f"Cosines of {len(ordered)} words, similar ones beside each other",
        key="similar_matrix",
    )
    st.caption("Each cell is the cosine of two words. Similar words stand side by side and make a dark block.")
    show_code(_cosines_code(table, words, clustered), "similar_matrix")


_SCORES = MappingProxyType(
    {
        "cosine": "rows @ rows[me] / (np.linalg.norm(rows, axis=1) * np.linalg.norm(rows[me]))",
        "dot": "rows @ rows[me]",
        "euclidean": "np.linalg.norm(rows - rows[me], axis=1)",
    }
)
_PREPARED = MappingProxyType(
    {
        "raw": "",
        "mean_centered": "rows = rows - rows.mean(axis=0)  # centred\n",
        "unit": "rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)  # of unit length\n",
    }
)


def _nearest_code(table: WordVectors, word: str, metric: str, preparation: str) -> str:
    """The words nearest to ``word`` by ``metric``, beside those by cosine."""
    return f"""\
{arrays(table)}


def ten_first(scores, order):
    first = [row for row in order[:{SHOWN + 1}] if row != me][:{SHOWN}]  # without the word itself
    return [(tokens[row], float(scores[row])) for row in first]


me = row_of[{word!r}]
rows = matrix.astype(float)
cosines = {_SCORES["cosine"]}
by_cosine = ten_first(cosines, np.argsort(-cosines))
{_PREPARED[preparation]}scores = {_SCORES[metric]}
neighbours = ten_first(scores, np.argsort({"" if metric == "euclidean" else "-"}scores))
print(by_cosine, neighbours, sep="\\n")
"""


def _strips_code(table: WordVectors, words: Sequence[str], by_agreement: bool) -> str:
    """The numbers of ``words``, their columns as they stand or sorted by agreement."""
    rows = f"""\
{arrays(table)}
strips = matrix[[row_of[word] for word in {list(words)!r}]].astype(float)
"""
    if not by_agreement:
        return rows + "print(strips.round(2))\n"
    return f"""\
{rows}
units = strips / np.linalg.norm(strips, axis=1, keepdims=True)
pairs = {len(words)} * {len(words) - 1}
agreement = (units.sum(axis=0) ** 2 - (units**2).sum(axis=0)) / pairs  # what each column adds to the mean cosine
strips = strips[:, np.argsort(-agreement, kind="stable")]
print(agreement.sum(), strips.round(2), sep="\\n")
"""


def _cosines_code(table: WordVectors, words: Sequence[str], clustered: bool) -> str:
    """The cosines of ``words``, like beside like or in the order in which they were typed."""
    cosines = f"""\
{arrays(table)}
words = {list(words)!r}
rows = matrix[[row_of[word] for word in words]].astype(float)
units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
cosines = units @ units.T
"""
    if not clustered:
        return f"{cosines}print(words, cosines.round(2), sep='\\n')\n"
    return f"""\
{cosines}
# pip install scipy
from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
from scipy.spatial.distance import squareform

pairs = squareform(1 - cosines, checks=False)
order = leaves_list(optimal_leaf_ordering(linkage(pairs, "average"), pairs)).tolist()
order = order if order[0] < order[-1] else order[::-1]
words, cosines = [words[place] for place in order], cosines[order][:, order]
print(words, cosines.round(2), sep="\\n")
"""
