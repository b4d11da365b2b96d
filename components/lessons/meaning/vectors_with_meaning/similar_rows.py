"""Rows of the reader's table that are alike: why, on a map, and lit up."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components.address import setting
from components.custom.drawings import cells
from components.figures.bars import neighbors_figure
from components.figures.scatter_map import map_figure
from components.markup import as_code, as_code_list, decimals_apart, spoken_places
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.errors import show_errors
from components.ui.folds import go_further
from embeddings.projection import project
from embeddings.similarity import cosine_similarities, most_similar
from embeddings.vectors import WordVectors

MAX_OFFERED = 8  # words to guess among, unless more are equally near
SIMILAR = 0.8  # cosine from which on a row lights up
ONE = 1 - 1e-6  # cosine from which on two rows point the same way, but for rounding
HIGH = 0.5  # from which on a feature is named as one that two words share


def show_similar_rows(table: WordVectors, features: Sequence[str]) -> bool:
    """Every pair's cosine, after the reader has guessed who is nearest to the first word.

    Returns:
        Whether cosines may be shown: not while the question stands.
    """
    st.subheader("Which rows are alike?", anchor=False)
    if len(table) < 2:
        st.info("Add a second word, and the two can be compared.")
        return True
    asked = next((word for word in table.tokens if table[word].any()), None)
    if asked is None:
        st.info("All numbers are 0, so no row points anywhere. Give a word a feature.")
        return True
    ranking = most_similar(table, asked, n=len(table) - 1)
    nearest = predict.first(ranking)
    offered = {*nearest, *[word for word in table.tokens if word != asked][: MAX_OFFERED - 1]}
    guessed = predict.guess(
        f"Whose row is most like that of {as_code(asked)}?",
        [word for word in table.tokens if word in offered],
        "features_guess",
        about=(asked, table.tokens, table.matrix.tobytes()),
        subject=(asked, table.tokens),
    )
    if guessed is None:
        show_colours(table, features)
        return False
    changed = "" if guessed.here or guessed.said is None else "You changed the table after your guess. "
    cosines = cosine_similarities(table.matrix)
    digits = max(decimals_apart(cosine for _, cosine in ranking[:2]), decimals_below_1(cosines))
    predict.verdict(guessed, nearest, changed + explain_similarity(table, features, asked, *ranking[0], digits))
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**The cosine of every pair.** It is 0 for rows with nothing in common.")
        cells(
            cosines,
            table.tokens,
            table.tokens,
            digits=digits,
            alt="Cosines of the rows of your table",
            key="features_cosines",
        )
    with right:
        show_map(table)
    with go_further("the rows most like one of them", "features_one"):
        chosen = show_one(table, features)
    show_code(_row_cosines_code(table.tokens, table.matrix, chosen), "features")
    return True


def show_colours(table: WordVectors, features: Sequence[str]) -> None:
    """The table as coloured rows, to guess from; they follow each change."""
    st.markdown(
        "**Your table in colours.** The higher the number, the stronger the blue. Rows that are alike have the same "
        "pattern."
    )
    cells(
        table.matrix,
        table.tokens,
        features,
        alt=f"The {len(table)} rows of your table as coloured cells",
        key="features_colours",
    )


def explain_similarity(
    table: WordVectors, features: Sequence[str], a: str, b: str, cosine: float, digits: int = 2
) -> str:
    """The cosine of two rows, with so many ``digits``, and the features that are high in both."""
    both = [name for name, x, y in zip(features, table[a], table[b], strict=True) if min(x, y) >= HIGH]
    which = "This feature is" if len(both) == 1 else "These features are"
    shared = f"{which} {HIGH:g} or more in both: {as_code_list(both)}."
    shared = shared if both else f"No feature is {HIGH:g} or more in both."
    return f"The cosine of the two rows is {cosine:.{digits}f}. {shared}"


def decimals_below_1(cosines: NDArray) -> int:
    """How many decimals part the largest of ``cosines`` that is below 1 from 1."""
    return decimals_apart([float(cosines[cosines < ONE].max(initial=0.0))])


def show_map(table: WordVectors) -> None:
    """The rows in two dimensions."""
    st.markdown("**On a map.** Rows that are alike lie close together.")
    with show_errors(st.info):
        places = project(table.matrix, "pca").coordinates
        chart.show(
            map_figure(places, table.tokens, ["words"] * len(table), ["words"], height=340),
            key="features_map",
            alt=f"Map of the {len(table)} rows of your table: {spoken_places(table.tokens, places)}",
        )


def show_one(table: WordVectors, features: Sequence[str]) -> str:
    """The rows most like one of them, lit up; which one."""
    if st.session_state.get("features_chosen") not in table.tokens:  # never chosen, or taken out of the table
        st.session_state["features_chosen"] = table.tokens[0]
    chosen = setting(st.selectbox, "Rows most like that of", table.tokens, key="features_chosen")
    neighbors = most_similar(table, chosen, n=max(1, len(table) - 1)) if table[chosen].any() else []
    if not neighbors:
        st.info(f"All numbers of {as_code(chosen)} are 0, so its row points nowhere. Give it a feature.")
        return chosen
    order = [chosen, *(word for word, _ in neighbors)]
    lit = 1 + sum(cosine >= SIMILAR for _, cosine in neighbors)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**The table in that order.** The rows with a cosine of {SIMILAR} or more are framed.")
        cells(
            table.rows(order),
            order,
            features,
            framed=range(lit),
            alt=f"Your table, the rows most like that of {chosen} first",
            key="features_lit",
        )
    with right:
        st.markdown(f"**Their cosines** with {as_code(chosen)}.")
        chart.show(
            neighbors_figure(neighbors),
            key="features_neighbours",
            alt=", ".join(f"{token} {cosine:.2f}" for token, cosine in neighbors),
        )
    return chosen


def _row_cosines_code(words: Sequence[str], matrix: NDArray, chosen: str) -> str:
    """The cosine of every pair of rows of a small ``matrix`` [N, D], their map, and who is like ``chosen``."""
    rows = ",\n    ".join(str(np.round(row.astype(float), 4).tolist()) for row in matrix)
    return f"""\
import numpy as np

words = {list(words)!r}
rows = np.array([
    {rows},
])
lengths = np.linalg.norm(rows, axis=1, keepdims=True)
units = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
cosines = units @ units.T
print(cosines.round(2))

_, _, axes = np.linalg.svd(rows - rows.mean(axis=0))
places = (rows - rows.mean(axis=0)) @ axes[:2].T  # PCA; a mirrored map is the same map
seen_from = cosines[words.index({chosen!r})]
alike = sorted(zip(words, seen_from.tolist()), key=lambda pair: -pair[1])
print(places.round(2), alike, sep="\\n")
"""
