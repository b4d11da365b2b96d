"""The panels of the analogies' lesson: the question, both rankings, a term dropped, the parallelogram, any sum."""

from collections.abc import Sequence
from types import MappingProxyType

import streamlit as st

from components import chart, predict, snippets
from components import play_snippets as play
from components.explained import explained
from components.figures.parallelogram import parallelogram_figure
from components.figures.space import neighbours_figure
from components.inputs import TypedWords, explain_words, find_word, one_of, text_setting, word_setting
from components.plain_text import code, escaped
from components.take_home import take_home
from embeddings import analogies
from embeddings.analogies import METHODS, Rankings, analogy_rankings, parallelogram, rank_sum
from embeddings.errors import InvalidInput
from embeddings.presets import ANALOGIES, AnalogyPreset
from embeddings.sources import DEFAULT
from embeddings.sums import parse_sum
from embeddings.word_vectors import WordVectors

SHOWN = 8  # answers in a ranking
_START = ANALOGIES[0]
_ABOUT = MappingProxyType(
    {
        "3CosAdd": "3CosAdd: with vectors made as long as 1, take the second word, less the first, plus the third, and "
        "rank all words by their cosine with that sum.",
        "3CosMul": "3CosMul: multiply a word's cosines with the second and the third and divide by the one with the "
        "first, so that no single one outweighs the others (Levy and Goldberg, 2014).",
    }
)


def ask(table: WordVectors) -> tuple[str, str, str, str] | None:
    """a, b, c and the method; ``None`` while one of the words is missing."""
    st.selectbox(
        "Examples, some of which fail",
        ANALOGIES,
        format_func=_name,
        index=None,
        placeholder="Choose one, or type your own words below",
        key="analogy_example",
        on_change=_take_example,
    )
    columns = st.columns(3)
    labels = ("This word", "is to this one", "as this one is to …")
    starts = (_START.a, _START.b, _START.c)
    words = []
    for column, label, start, letter in zip(columns, labels, starts, "abc", strict=True):
        with column:
            words.append(word_setting(label, start, f"analogy_{letter}", table))
    method = one_of("Method", METHODS, "analogy_method")
    st.caption(_ABOUT[method])
    return None if None in words else (*words, method)


def _name(preset: AnalogyPreset) -> str:
    ending = "works" if preset.succeeds else "fails"
    return f"{preset.a} : {preset.b} :: {preset.c} : {preset.expected}? ({ending})"


def _take_example() -> None:
    """Put the example where the reader types, and let go of it, so that it can be chosen again."""
    preset: AnalogyPreset | None = st.session_state["analogy_example"]
    if preset is not None:
        for letter, word in zip("abc", (preset.a, preset.b, preset.c), strict=True):
            st.session_state[f"analogy_{letter}"] = word
        st.session_state["analogy_example"] = None


def show_rankings(table: WordVectors, a: str, b: str, c: str, method: str) -> str:
    """Both rankings side by side, after a guess; the best answer that is none of the inputs."""
    rankings = analogy_rankings(table, a, b, c, n=SHOWN, method=method)
    answer = rankings.without_inputs[0][0]
    st.subheader("Two rankings", anchor=False)
    guessed = predict.guess(
        f"Of **all** words, which lies nearest to {code(b)} − {code(a)} + {code(c)}?",
        list(dict.fromkeys((answer, a, b, c))),
        "analogy_guess",
        about=(table.name, a, b, c, method),
    )
    if guessed is None:
        return answer
    if guessed.here:
        predict.verdict(guessed, rankings.with_inputs[0][0], _reason(rankings, (a, b, c)))
    _two_rankings(rankings, "The three input words left out, as is usual", "analogy")
    _explain_example(table, a, b, c, method)
    snippets.show_code(play.analogy(table, a, b, c, method), "analogy")
    return answer


def _two_rankings(rankings: Rankings, left_out: str, key: str) -> None:
    """All words, and beside them the same with some ``left_out``."""
    shown = (("All words", rankings.with_inputs, "with"), (left_out, rankings.without_inputs, "without"))
    for column, (title, ranking, ending) in zip(st.columns(2, gap="large"), shown, strict=True):
        with column:
            st.markdown(f"**{title}**")
            _bars(ranking, f"{key}_{ending}")


def _bars(ranking: Sequence[tuple[str, float]], key: str) -> None:
    chart.show(neighbours_figure(ranking), key=key, alt=", ".join(f"{token} {score:.2f}" for token, score in ranking))


def _reason(rankings: Rankings, inputs: Sequence[str]) -> str:
    first = rankings.with_inputs[0][0]
    if first not in inputs:
        return "Here the answer wins even when the input words may stand for election."
    return (
        "The sum stays close to the words that it is made of. Most demonstrations leave these out and do not say so; "
        f"then {code(rankings.without_inputs[0][0])} comes first."
    )


def _explain_example(table: WordVectors, a: str, b: str, c: str, method: str) -> None:
    """Why one of the examples comes out as it does, where it was measured."""
    known = {(preset.a, preset.b, preset.c): preset for preset in ANALOGIES}
    preset = known.get((a, b, c))
    if preset is not None and table.name == DEFAULT and method == METHODS[0]:
        st.info(f"**{'It works' if preset.succeeds else 'It fails'}.** {escaped(preset.reason)}")


def show_dropped(table: WordVectors, a: str, b: str, c: str, method: str) -> None:
    """The same without one of the three terms."""
    st.subheader("What if we drop a term?", anchor=False)
    terms = analogies.analogy_terms(a, b, c)
    if len(terms) < 3:
        st.info("Two of the three words are the same; choose three different ones to drop one of them.")
        return
    st.markdown(
        "If the step has a meaning, each term should matter. Here are the words nearest to the sum without one of its "
        "terms, inputs left out. Where the answer stays on top, the dropped word did little."
    )
    columns = st.columns(len(terms))
    for place, (column, (word, weight)) in enumerate(zip(columns, terms.items(), strict=True)):
        with column:
            st.markdown(f"Without {'+' if weight > 0 else '−'} {code(word)}")
            rest = analogies.without(terms, word)
            _bars(rank_without(table, rest, tuple(terms)), f"analogy_drop_{place}")


def rank_without(table: WordVectors, terms: dict[str, float], left_out: Sequence[str]) -> list[tuple[str, float]]:
    """The five words nearest to the sum of ``terms`` that are not among ``left_out``."""
    ranking = rank_sum(table, terms, n=5 + len(left_out)).with_inputs
    return [(token, score) for token, score in ranking if token not in left_out][:5]


def show_parallelogram(table: WordVectors, a: str, b: str, c: str, method: str, answer: str) -> None:
    """The four words in a plane."""
    st.subheader("The parallelogram", anchor=False)
    try:
        drawn = parallelogram(table, a, b, c, answer)
    except InvalidInput as error:
        st.info(escaped(str(error)))
        return
    st.markdown(
        f"The step from {code(a)} to {code(b)} is taken again from {code(c)} and ends at the cross. "
        f"{code(answer)} is the nearest word that is not an input."
    )
    figure = parallelogram_figure(drawn.coordinates, (a, b, c, answer))
    chart.show(
        figure,
        key="analogy_parallelogram",
        alt=f"Parallelogram of {a}, {b} and {c}, with {answer} near its corner",
        save_as="analogy",
    )
    parallel, hit, kept = st.columns(3)
    parallel.metric("Cosine of the two steps", f"{drawn.parallel:.2f}", help="1 if they point the same way.")
    hit.metric("Cosine of the answer with the cross", f"{drawn.hit:.2f}")
    kept.metric(
        "Spread kept by the drawing",
        f"{drawn.kept:.0%}",
        help=f"The rest lies in the other dimensions of {table.dimension}.",
    )
    snippets.show_code(play.parallelogram(table, a, b, c, answer), "analogy_parallelogram")
    take_home(table, (a, b, c, answer), figure, play.parallelogram(table, a, b, c, answer), "analogy")


def show_sum(table: WordVectors) -> None:
    """Any sum of words with weights."""
    st.subheader("Any sum you like", anchor=False)
    text = text_setting(
        "A sum of words, with spaces around + and −",
        "king - 0.5 man + woman",
        "analogy_sum",
        help="Weights may stand before a word.",
    )
    with explained(st.warning):
        terms = _in_table(parse_sum(text), table)
        if terms is None:
            return
        rankings = rank_sum(table, terms, n=SHOWN)
        _two_rankings(rankings, "Without the words of the sum", "analogy_sum")
        snippets.show_code(play.word_sum(table, terms), "analogy_sum")


def _in_table(terms: dict[str, float], table: WordVectors) -> dict[str, float] | None:
    """The same terms by the table's own tokens; ``None`` and a sentence if it lacks one."""
    found = {word: find_word(word, table) for word in terms}
    unknown = tuple(word for word, token in found.items() if token is None)
    if unknown:
        explain_words(TypedWords((), unknown), table, len(terms))
        return None
    merged: dict[str, float] = {}
    for word, weight in terms.items():
        merged[found[word]] = merged.get(found[word], 0.0) + weight
    return merged
