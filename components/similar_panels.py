"""The panels of the lesson on similar words: rankings, strips, and a matrix in which like stands beside like."""

from collections.abc import Sequence
from types import MappingProxyType

import streamlit as st

from components import chart, predict, snippets
from components import play_snippets as play
from components.drawings import cells
from components.figures.ranks import rank_change_figure
from components.figures.space import neighbours_figure
from components.figures.strips import strips_figure
from components.inputs import one_of
from components.plain_text import code
from components.take_home import take_home
from embeddings.groups import agreement, agreement_order, cluster_order
from embeddings.neighbors import cosine_similarities, nearest
from embeddings.word_vectors import WordVectors

SHOWN = 10
HOME = "similar_words"  # what is taken home is called so
METRICS = MappingProxyType({"Cosine": "cosine", "Dot product": "dot", "Distance": "euclidean"})
PREPARATIONS = MappingProxyType({"as they are": "raw", "centred": "centred", "of unit length": "unit"})
_ABOUT = MappingProxyType(
    {
        "cosine": "The *cosine* looks at the angle between two vectors alone.",
        "dot": "The *dot product* multiplies number by number and adds up: long vectors win.",
        "euclidean": "The *distance* is that between the two points: a vector of another length is far off.",
    }
)
_ABOUT_PREPARATION = MappingProxyType(
    {
        "raw": "",
        "centred": " *Centred*: the mean of all rows was subtracted first, as it is a part that all words share.",
        "unit": " *Of unit length*: every vector was made as long as 1, and now the three measures agree.",
    }
)
SAME, REORDERED, OTHERS = "the same words in the same order", "the same words in another order", "some other words"


def show_rankings(table: WordVectors, word: str) -> None:
    """The nearest words by cosine, beside those by the reader's measure."""
    metric, preparation = _choose_measure()
    by_cosine = nearest(table, word, SHOWN, exclude=(word,))
    chosen = nearest(table, word, SHOWN, metric=METRICS[metric], preparation=PREPARATIONS[preparation], exclude=(word,))
    guessed = predict.guess(
        f"By dot product instead of cosine, which ten words will be nearest to {code(word)}?",
        [SAME, REORDERED, OTHERS],
        "similar_guess",
        about=(table.name, word),
        before=f"{_ABOUT['cosine']} The *dot product* is the cosine times both lengths.",
    )
    if guessed is None:
        return
    if guessed.here:
        _judge(table, word, guessed, [token for token, _ in by_cosine])
    st.caption(_ABOUT[METRICS[metric]] + _ABOUT_PREPARATION[PREPARATIONS[preparation]])
    left, right = [token for token, _ in by_cosine], [token for token, _ in chosen]
    ranks, bars = st.columns([6, 5], gap="large")
    title = f"{metric}, {preparation}"
    with ranks:
        st.markdown(f"**How the ranking changes.** {_stayed(left, right)} Orange: in one list alone.")
        chart.show(
            rank_change_figure(left, right, ("Cosine", title.replace(", ", ",<br>"))),
            key="similar_ranks",
            alt=f"By cosine: {', '.join(left)}. By {title}: {', '.join(right)}",
        )
    with bars:
        st.markdown(f"**{title}**" + (": shorter is nearer." if METRICS[metric] == "euclidean" else "."))
        chart.show(
            neighbours_figure(chosen), key="similar_scores", alt=", ".join(f"{t} {score:.3f}" for t, score in chosen)
        )
    snippets.show_code(play.nearest_words(table, word, METRICS[metric], PREPARATIONS[preparation]), "similar_ranks")


def _choose_measure() -> tuple[str, str]:
    with st.container(horizontal=True):
        metric = one_of("Nearest by", list(METRICS), "similar_metric", default="Dot product")
        return metric, one_of("Vectors", list(PREPARATIONS), "similar_vectors")


def _judge(table: WordVectors, word: str, guessed: predict.Guess, by_cosine: list[str]) -> None:
    by_dot = nearest(table, word, SHOWN, metric="dot", exclude=(word,))
    words = [token for token, _ in by_dot]
    answer = SAME if words == by_cosine else REORDERED if set(words) == set(by_cosine) else OTHERS
    longest = max(words, key=lambda token: 1 / table.inverse_norms[table.id(token)])
    predict.verdict(
        guessed,
        answer,
        f"{_stayed(by_cosine, words)} The dot product is the cosine times both lengths, and {code(longest)} has a "
        f"vector of length {1 / table.inverse_norms[table.id(longest)]:.1f}, {code(word)} one of "
        f"{1 / table.inverse_norms[table.id(word)]:.1f}.",
    )


def _stayed(left: Sequence[str], right: Sequence[str]) -> str:
    both = len(set(left) & set(right))
    return f"{both} of the {len(left)} words are in both lists."


def introduce_strips(table: WordVectors) -> None:
    """What the strips show."""
    st.subheader("Where do similar words agree?", anchor=False)
    st.markdown(
        f"A vector is only its {table.dimension} numbers. Lay those of several words above one another, and see in "
        "which columns words of a kind have the same colour: orange below zero, blue above."
    )


def show_strips(table: WordVectors, words: Sequence[str]) -> None:
    """The numbers of each word, their columns sorted by agreement."""
    by_agreement = st.toggle(
        "Sort the columns by where the words agree",
        True,
        key="similar_sorted",
        bind="query-params",
        persist_state="session",
    )
    rows = table.rows(words)
    order = agreement_order(rows) if by_agreement else list(range(table.dimension))
    figure = strips_figure(rows, words, order)
    chart.show(
        figure,
        key="similar_strips",
        alt=f"The {table.dimension} numbers of {', '.join(words)} as rows of cells",
        save_as=HOME,
    )
    shares = agreement(rows)
    best = int(shares.argmax())
    st.caption(
        f"The mean cosine of all pairs of these words is {shares.sum():.2f}; number {best + 1} alone adds "
        f"{shares[best]:.2f} of it, more than any other. {int((shares < 0).sum())} of the {table.dimension} numbers "
        "pull the words apart."
    )
    strips_code = play.strips(table, words, by_agreement)
    snippets.show_code(strips_code, "similar_strips")
    take_home(table, words, figure, strips_code, HOME)


def show_matrix(table: WordVectors, words: Sequence[str]) -> None:
    """The cosine of every pair."""
    st.subheader("Every pair at once", anchor=False)
    clustered = st.toggle(
        "Put like beside like", True, key="similar_clustered", bind="query-params", persist_state="session"
    )
    order = cluster_order(table.rows(words)) if clustered else range(len(words))
    ordered = [words[place] for place in order]
    cells(
        cosine_similarities(table.rows(ordered)),
        ordered,
        ordered,
        alt=f"Cosines of {len(ordered)} words, similar ones beside each other",
        key="similar_matrix",
    )
    st.caption("Groups of words that are alike stand out as blocks along the diagonal.")
    snippets.show_code(play.clustered(table, words), "similar_matrix")
