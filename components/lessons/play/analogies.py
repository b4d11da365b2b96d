"""The panels of the analogies' lesson: the question, both rankings, a term dropped, the parallelogram, any sum."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import plotly.graph_objects as go
import streamlit as st

from components import glossary
from components.figures.bars import neighbors_figure
from components.figures.parallelogram import parallelogram_figure
from components.lessons.play.snippets import arrays
from components.markup import as_code, decimals_apart, escaped, with_minus
from components.session.answers import shared_answers
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.downloads import downloads
from components.ui.errors import show_errors
from components.ui.examples import fill_from_example
from components.ui.folds import go_further
from components.ui.inputs import TypedWords, choice_input, explain_words, find_word, text_setting, word_setting
from components.ui.text_fields import LIST_LIMIT
from embeddings.common import InvalidInput
from embeddings.similarity import (
    ANALOGIES,
    METHODS,
    AnalogyPreset,
    Parallelogram,
    Rankings,
    analogy_rankings,
    analogy_terms,
    parallelogram,
    parse_expression,
    rank_expression,
    terms_without,
)
from embeddings.sources import DEFAULT
from embeddings.vectors import WordVectors

SHOWN = 8  # answers in a ranking
_START = ANALOGIES[0]
_NAMES = MappingProxyType({"3CosAdd": "add and subtract (3CosAdd)", "3CosMul": "multiply and divide (3CosMul)"})
_ABOUT = MappingProxyType(
    {
        "3CosAdd": "Make every vector as long as 1. Take the second word, subtract the first and add the third. Then "
        "rank all words by their cosine with this sum. The field calls this *3CosAdd*.",
        "3CosMul": "Multiply a word's cosine with the second word by its cosine with the third. Divide by its cosine "
        "with the first. So no single cosine decides alone. The field calls this *3CosMul* (Levy and Goldberg, 2014).",
    }
)


def ask(table: WordVectors) -> tuple[str, str, str] | None:
    """a, b and c; ``None`` while one of the words is missing."""
    st.selectbox(
        "Examples, some of which fail",
        ANALOGIES,
        format_func=_name,
        index=None,
        placeholder="Choose one, or type your own",
        key="analogy_example",
        on_change=fill_from_example,
        args=("analogy_example", _typed_by),
    )
    labels = ("This word", "is to this one", "as this one is to …")
    starts = (_START.a, _START.b, _START.c)
    a, b, c = (
        word_setting(label, start, f"analogy_{letter}", table)
        for label, start, letter in zip(labels, starts, "abc", strict=True)
    )
    return None if a is None or b is None or c is None else (a, b, c)


def choose_method() -> str:
    """The method by which the answers are ranked."""
    method = choice_input("Method", METHODS, "analogy_method", format_func=_NAMES.__getitem__)
    st.caption(glossary.linked(_ABOUT[method]))
    return method


def _name(preset: AnalogyPreset) -> str:
    ending = "works" if preset.succeeds else "fails"
    return f"{preset.a} : {preset.b} :: {preset.c} : {preset.expected}? ({ending})"


def _typed_by(preset: AnalogyPreset) -> Mapping[str, str]:
    return {"analogy_a": preset.a, "analogy_b": preset.b, "analogy_c": preset.c}


@shared_answers(max_entries=256)
def _rankings(table: WordVectors, a: str, b: str, c: str, n: int, method: str = "3CosAdd") -> Rankings:
    return analogy_rankings(table, a, b, c, n=n, method=method)


@shared_answers(max_entries=256)
def _ranked(table: WordVectors, terms: dict[str, float], n: int) -> Rankings:
    return rank_expression(table, terms, n=n)


def nearest_answer(table: WordVectors, a: str, b: str, c: str) -> str:
    """The word nearest to b − a + c that is none of the three."""
    return _rankings(table, a, b, c, n=1).without_inputs[0][0]


def show_rankings(table: WordVectors, a: str, b: str, c: str) -> None:
    """Which word is nearest, after a guess; both rankings side by side, and the method, in a fold."""
    asked = st.container()
    with go_further("both rankings, and another way to rank", "analogy_rankings"):
        method = choose_method()
        below = st.container()
    rankings = _rankings(table, a, b, c, n=SHOWN, method=method)
    with asked:
        guessed = _guess_nearest(table, rankings, a, b, c, method)
        if guessed is None:
            below.caption("The rankings come with the answer.")
            return
        predict.verdict(guessed, rankings.with_inputs[0][0], _reason(table, rankings, (a, b, c), method))
        if not _example_works(a, b, c):
            _explain_example(table, a, b, c, method)
    with below:
        if _example_works(a, b, c):
            _explain_example(table, a, b, c, method)
        _two_rankings(rankings, "Without the three input words, as is usual", "analogy")
        show_code(_analogy_code(table, a, b, c, method), "analogy")


def _guess_nearest(table: WordVectors, rankings: Rankings, a: str, b: str, c: str, method: str) -> predict.Guess | None:
    """Ask which word heads the ``rankings``, the words of the sum among the answers."""
    return predict.guess(
        f"Of **all** words, which lies nearest to {as_code(b)} − {as_code(a)} + {as_code(c)}?",
        list(dict.fromkeys((rankings.without_inputs[0][0], a, b, c))),
        "analogy_guess",
        about=(table.name, a, b, c, method),
        subject=(table.name, a, b, c),
    )


def _two_rankings(rankings: Rankings, left_out: str, key: str) -> None:
    """All words, and beside them the same words where some are ``left_out``."""
    shown = (("All words", rankings.with_inputs, "with"), (left_out, rankings.without_inputs, "without"))
    for column, (title, ranking, ending) in zip(st.columns(2, gap="large"), shown, strict=True):
        with column:
            st.markdown(f"**{title}**")
            _bars(ranking, f"{key}_{ending}")


def _bars(ranking: Sequence[tuple[str, float]], key: str) -> None:
    chart.show(neighbors_figure(ranking), key=key, alt=", ".join(f"{token} {score:.2f}" for token, score in ranking))


def _reason(table: WordVectors, rankings: Rankings, inputs: Sequence[str], method: str) -> str:
    """Why the answer is the first of the ``rankings``, and why the picture may show another word nearer."""
    first, score = rankings.with_inputs[0]
    if first not in inputs:
        return "Here the answer comes first even when the input words may be answers too."
    told = (
        "The sum stays close to the words that it is made of. Most demonstrations leave these three words out, and do "
        f"not say so. Then {as_code(rankings.without_inputs[0][0])} comes first."
    )
    if method != METHODS[0] or table.dimension <= 2:  # other scores are no cosines with the cross
        return told
    other, below = rankings.without_inputs[0]
    digits = decimals_apart((score, below))
    return (
        f"{told} The picture has 2 of {table.dimension} {glossary.linked('dimensions')}. In all {table.dimension}, "
        f"{as_code(first)} is nearer to the cross: its cosine with it is {_cosine(score, digits)}, that of "
        f"{as_code(other)} {_cosine(below, digits)}."
    )


def _cosine(value: float, digits: int = 2) -> str:
    return with_minus(f"{value:.{digits}f}")


def _example_works(a: str, b: str, c: str) -> bool:
    """Whether it is an example that comes out as hoped for, so that the answer alone says enough."""
    return any((preset.a, preset.b, preset.c) == (a, b, c) and preset.succeeds for preset in ANALOGIES)


def _explain_example(table: WordVectors, a: str, b: str, c: str, method: str) -> None:
    """Why one of the examples comes out as it does, where it was measured."""
    known = {(preset.a, preset.b, preset.c): preset for preset in ANALOGIES}
    preset = known.get((a, b, c))
    if preset is not None and table.name == DEFAULT and method == METHODS[0]:
        ending = "works" if preset.succeeds else "fails"
        st.info(f"**Without the three words, it {ending}.** {escaped(preset.reason)}")


def show_dropped(table: WordVectors, a: str, b: str, c: str) -> None:
    """The same without one of the three terms."""
    terms = analogy_terms(a, b, c)
    if len(terms) < 3:
        st.info("Two of the three words are the same. To drop one of them, choose three different ones.")
        return
    st.markdown(
        "If the step has a meaning, each word of the sum should matter. So each list leaves one of them out. The three "
        "words of the question cannot be answers. Does the answer still come first? Then the missing word did little. "
        "These lists always add and subtract, whichever method is chosen above."
    )
    columns = st.columns(len(terms))
    for place, (column, word) in enumerate(zip(columns, terms, strict=True)):
        with column:
            rest = terms_without(terms, word)
            st.markdown(f"Without {as_code(word)}: **{_written(rest)}**")
            _bars(rank_without(table, rest, tuple(terms)), f"analogy_drop_{place}")


def _written(terms: Mapping[str, float]) -> str:
    """A sum of words as it is read, with what is added before what is subtracted."""
    added = " + ".join(as_code(word) for word, weight in terms.items() if weight > 0)
    return added + "".join(f" − {as_code(word)}" for word, weight in terms.items() if weight < 0)


def rank_without(table: WordVectors, terms: dict[str, float], left_out: Sequence[str]) -> list[tuple[str, float]]:
    """The five words nearest to the sum of ``terms`` that are not among ``left_out``."""
    ranking = _ranked(table, terms, n=5 + len(left_out)).with_inputs
    return [(token, score) for token, score in ranking if token not in left_out][:5]


def show_parallelogram(table: WordVectors, a: str, b: str, c: str) -> None:
    """The four words in a plane."""
    answer = nearest_answer(table, a, b, c)
    try:
        drawn = parallelogram(table, a, b, c, answer)
    except InvalidInput as error:
        st.info(escaped(str(error)))
        return
    chart.show(
        _drawn(drawn, (a, b, c, answer)),
        key="analogy_parallelogram",
        alt=f"Parallelogram of {a}, {b} and {c}, with {answer} near its corner: cosine {drawn.answer_cosine:.2f}",
        save_as="analogy",
    )


def _drawn(drawn: Parallelogram, words: Sequence[str]) -> go.Figure:
    return parallelogram_figure(drawn.coordinates, words)


def explain_parallelogram(table: WordVectors, a: str, b: str, c: str) -> None:
    """What the parallelogram shows, and how exact it is."""
    answer = nearest_answer(table, a, b, c)
    try:
        drawn = parallelogram(table, a, b, c, answer)
    except InvalidInput:
        return  # said where it would be drawn
    st.markdown(
        f"The blue arrow is the step from {as_code(a)} to {as_code(b)}. The grey arrow is the same step from "
        f"{as_code(c)}, and it ends at the cross. The orange point is {as_code(answer)}, a word near the cross."
    )
    source = _parallelogram_code(table, a, b, c, answer)
    with go_further("how exact the picture is", "analogy_exact", lazy=True) as fold:
        if fold.open:
            _show_exactness(table, drawn, a, b, c, answer)
            show_code(source, "analogy_parallelogram")
    downloads(table, (a, b, c, answer), _drawn(drawn, (a, b, c, answer)), source, "analogy")


def _show_exactness(table: WordVectors, drawn: Parallelogram, a: str, b: str, c: str, answer: str) -> None:
    """What the two dimensions keep, and how parallel the steps are."""
    about = f"The vectors have {table.dimension} dimensions and the drawing has two. So it shows a part of the spread."
    st.markdown(f"{glossary.sentence('spread')} {glossary.linked(about, 'dimension', 'vector')}")
    parallel, hit, kept = st.columns(3)
    parallel.metric(
        "Cosine of the two steps",
        _cosine(drawn.step_cosine),
        help=f"The steps are those from {as_code(a)} to {as_code(b)} and from {as_code(c)} to {as_code(answer)}. It is "
        "1 if both point the same way.",
    )
    hit.metric("Cosine of the answer with the cross", _cosine(drawn.answer_cosine))
    kept.metric(
        "Spread kept by the drawing",
        f"{drawn.explained_variance:.0%}",
        help="How much of the variance of the five points lies in these two dimensions. The rest is not drawn.",
    )


def show_sum(table: WordVectors) -> None:
    """Any sum of words with weights."""
    text = text_setting(
        "A sum of words, with spaces around + and −",
        "king - 0.5 man + woman",
        "analogy_sum",
        limit=LIST_LIMIT,  # the engine says what a sum may have
        help="A number before a word is its weight: `0.5 man` counts half.",
    )
    with show_errors(st.warning):
        terms = _in_table(parse_expression(text), table)
        if terms is None:
            return
        rankings = _ranked(table, terms, n=SHOWN)
        _two_rankings(rankings, "Without the words of the sum", "analogy_sum")
        show_code(_sum_code(table, terms), "analogy_sum")


def _in_table(terms: dict[str, float], table: WordVectors) -> dict[str, float] | None:
    """The same terms by the table's own tokens; ``None`` and a sentence if it lacks one."""
    found = {word: token for word in terms if (token := find_word(word, table)) is not None}
    unknown = tuple(word for word in terms if word not in found)
    if unknown:
        explain_words(TypedWords((), unknown), table, len(terms))
        return None
    merged: dict[str, float] = {}
    for word, weight in terms.items():
        merged[found[word]] = merged.get(found[word], 0.0) + weight
    return merged


_UNITS = """\
rows = matrix.astype(float)
units = rows / np.linalg.norm(rows, axis=1, keepdims=True)  # every row of length 1"""
_SCORES = MappingProxyType(
    {
        "3CosAdd": """\
target = b - a + c
scores = units @ target / np.linalg.norm(target)""",
        "3CosMul": """\
to_a, to_b, to_c = ((1 + units @ row) / 2 for row in (a, b, c))  # cosines, moved to 0 ... 1
scores = to_b * to_c / (to_a + 1e-6)""",
    }
)
_RANKED = """\
best = [(tokens[row], float(scores[row])) for row in np.argsort(-scores)[:20]]
others = [(token, score) for token, score in best if token not in words]
print("all words:", *best[:8], sep="\\n")
print("without the words of the question:", *others[:8], sep="\\n")
"""


def _analogy_code(table: WordVectors, a: str, b: str, c: str, method: str) -> str:
    """Both rankings of the analogy."""
    return f"""\
{arrays(table)}
{_UNITS}
words = {[a, b, c]!r}
a, b, c = (units[row_of[word]] for word in words)
{_SCORES[method]}
{_RANKED}"""


def _parallelogram_code(table: WordVectors, a: str, b: str, c: str, d: str) -> str:
    """The corners of the analogy's parallelogram."""
    return f"""\
{arrays(table)}
rows = matrix[[row_of[word] for word in {[a, b, c, d]!r}]].astype(float)
a, b, c, d = rows / np.linalg.norm(rows, axis=1, keepdims=True)  # every vector of length 1
target = b - a + c
points = np.stack([a, b, c, d, target])
centred = points - points.mean(axis=0)
_, sizes, directions = np.linalg.svd(centred, full_matrices=False)  # principal components
corners = centred @ directions[:2].T
kept = (sizes[:2] ** 2).sum() / (sizes**2).sum()
step_cosine = (b - a) @ (d - c) / np.linalg.norm(b - a) / np.linalg.norm(d - c)
print(corners.round(2), kept, step_cosine, sep="\\n")
"""


def _sum_code(table: WordVectors, terms: Mapping[str, float]) -> str:
    """The words nearest to a weighted sum."""
    return f"""\
{arrays(table)}
{_UNITS}
words = {dict(terms)!r}
target = sum(weight * units[row_of[word]] for word, weight in words.items())
scores = units @ target / np.linalg.norm(target)
{_RANKED}"""
