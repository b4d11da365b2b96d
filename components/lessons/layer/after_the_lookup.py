"""The panels of what comes after the lookup: a word in two sentences, and all the examples measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import glossary
from components.figures.contextual import layers_figure, senses_figure
from components.markup import as_code, as_code_list, escaped
from components.session import background_jobs
from components.session.encoder import minilm_argument
from components.session.tokenizers import open_tokenizer
from components.ui import chart, predict, presenting
from components.ui.code_block import show_code
from components.ui.columns import beside
from components.ui.examples import fill_from_example
from components.ui.inputs import text_setting
from components.ui.text_fields import WORD_LIMIT
from embeddings import jobs
from embeddings.common import InvalidInput
from embeddings.jobs import Call, Seen
from embeddings.transformer import (
    STAGES,
    ContextualSimilarity,
    Example,
    MeasuredExample,
    SenseSimilarity,
    examples,
    find_occurrence,
    measure_all,
    sense_gap,
    sense_similarity,
)

CONTEXTUAL_JOB, EXAMPLES_JOB = "after", "after_all"  # names of this page's jobs
# Answers, each with the cosines it stands for.
GUESSES = MappingProxyType(
    {"below 0.5": (0.0, 0.5), "0.5 to 0.7": (0.5, 0.7), "0.7 to 0.9": (0.7, 0.9), "0.9 or more": (0.9, 1.0)}
)
_HEIGHT = 360  # pixels of the picture
UNCHANGED_COSINE = 0.995  # cosine: from here on 1.00 is written
_FIELDS = MappingProxyType(
    {"after_word": "word", "after_first": "sentence", "after_second": "other_sense", "after_third": "same_sense"}
)


@dataclass(frozen=True)
class ContextQuery:
    """A word, two sentences with it, and a third one, or "", in which it means the same as in the first."""

    word: str
    first: str
    second: str
    third: str


def places() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Where the picture and what it shows stand, and the sentences beside it."""
    return beside()


def ask() -> ContextQuery:
    """The reader's word and sentences; at first those whose senses were measured to part furthest."""
    st.selectbox(
        "Examples",
        examples(),
        format_func=lambda example: f"{example.word}: {example.sentence} / {example.other_sense}",
        index=None,
        placeholder="Choose one, or type your own below",
        key="after_example",
        on_change=fill_from_example,
        args=("after_example", _typed_by),
    )
    start = examples()[0]
    typed = {
        "after_word": text_setting("The word", start.word, "after_word", limit=WORD_LIMIT),
        "after_first": text_setting("In one sentence", start.sentence, "after_first"),
        "after_second": text_setting("In another sense", start.other_sense, "after_second"),
        "after_third": text_setting("In the first sense again, or nothing", start.same_sense, "after_third"),
    }
    return ContextQuery(*(text.strip() for text in typed.values()))


def _typed_by(example: Example) -> Mapping[str, str]:
    return {key: getattr(example, field) for key, field in _FIELDS.items()}


def show_layers(asked: ContextQuery) -> None:
    """The cosine layer by layer, after a guess."""
    place = st.container()
    text = (
        f"The table has one row for {as_code(asked.word)}, whatever stands around it. MiniLM, a small *transformer*, "
        "sends the rows through six layers. In each layer, every token takes in something of the other tokens in its "
        "sentence. So the two vectors of the word become different. The *cosine* tells how much they still point the "
        "same way: 1 is all the way."
    )
    st.markdown(glossary.linked(text, "token", "cosine"))
    guessed = predict.guess(
        f"In the table the cosine is 1. What is it after the last layer, between the two {as_code(asked.word)}?",
        list(GUESSES),
        "after_guess",
        about=asked,
    )
    if guessed is None:
        background_jobs.drop_unfinished(CONTEXTUAL_JOB)
        with place:
            with st.container(
                height=presenting.scaled(background_jobs.LINE_HEIGHT), border=False, vertical_alignment="center"
            ):
                st.caption("In the table the two have the same row. The layers come after your guess.")
            _show_start()
        return
    following = Call(sense_similarity, (minilm_argument(), asked.word, asked.first, asked.second, asked.third))
    background_jobs.get_or_start(CONTEXTUAL_JOB, following, jobs.READING, key=("after", asked), private=True)
    with place:
        background_jobs.poll(CONTEXTUAL_JOB, lambda job: _show_followed(job, asked, guessed), again=True)
    show_code(_layers_code(asked.first, asked.second, asked.word, asked.third), "after_layers")


def _show_start() -> None:
    """The picture before the layers are computed: in the table the two are one row."""
    with st.container(key="picture"):
        chart.show(
            layers_figure([("in the table", (1.0,))], height=_HEIGHT),
            key="after_start",
            alt="The cosine in the table, which is 1; the layers' cosines are not there yet",
        )


def _show_followed(job: Seen | None, asked: ContextQuery, guessed: predict.Guess) -> None:
    if job is None or job.state != "done":
        _show_start()
        return
    found: SenseSimilarity = job.result
    curves = [("another sense", found.other.cosines)]
    if found.same is not None:
        curves.append(("the same sense again", found.same.cosines))
    last = found.other.cosines[-1]
    with st.container(key="picture"):
        chart.show(
            layers_figure(curves, guess=GUESSES.get(guessed.said or "") if guessed.here else None, height=_HEIGHT),
            key="after_chart",
            alt="Cosine between the two occurrences: "
            + ", ".join(f"{stage} {cosine:.2f}" for stage, cosine in zip(STAGES, found.other.cosines, strict=True)),
            save_as="after_the_lookup",
        )
    answer = next(words for words, (_, high) in GUESSES.items() if last < high or high == 1.0)
    predict.verdict(
        guessed,
        answer,
        f"It is **{last:.2f}** after the last layer. {_became(last)} {_compared(found)}",
    )
    st.caption(_place(found.other, asked))


def _became(cosine: float) -> str:
    return "One row has become two vectors." if cosine < UNCHANGED_COSINE else "Here the row has stayed one vector."


def _compared(found: SenseSimilarity) -> str:
    """What another sentence alone does, beside what another sense does."""
    if found.same is None:
        return "Type a third sentence, in the first sense again: it shows how much of this comes from the sense."
    other, same = found.other.cosines[-1], found.same.cosines[-1]
    if same > other:
        return (
            "A part of this comes from the other sentence alone: in the same sense again the cosine is "
            f"{same:.2f}. The difference, {sense_gap(found.other, found.same):.2f}, comes from the sense."
        )
    return (
        f"But in the same sense again it is {same:.2f}, no higher than in another sense. Here the words around count, "
        "and the sense does not show."
    )


def _place(found: ContextualSimilarity, asked: ContextQuery) -> str:
    pieces = (
        f"{as_code(found.word)} is one token"
        if len(found.pieces) == 1
        else f"{as_code(found.word)} is cut into {as_code_list(found.pieces)}, and the means of their vectors are "
        "compared"
    )
    first, second = found.places
    return (
        f"{pieces}. It stands in place {first} of the first sentence and in place {second} of the second; place 0 has "
        "the model's own opening token. All vectors of a layer point in similar directions, so even unlike words have "
        "high cosines (Ethayarajh, 2019)."
    )


def show_all() -> None:
    """Every example measured, so that one sees how the first was chosen."""
    st.subheader("Chosen by measurement", anchor=False)
    count = len(examples())
    st.markdown(
        f"This page has {count} examples. It opens with the one whose two senses come out most different. In some "
        "examples the senses hardly differ. Measure all of them, and see."
    )

    def measure() -> None:
        background_jobs.start(EXAMPLES_JOB, Call(measure_all, (minilm_argument(),)), jobs.READING, EXAMPLES_JOB)

    st.button(
        f"Measure all {count}",
        key="after_measure",
        type="primary",
        icon=":material/straighten:",
        on_click=measure,
    )
    background_jobs.poll(EXAMPLES_JOB, _show_examples, idle="Nothing is measured yet. It takes some seconds.")
    show_code(_examples_code(), "after_all_code")


def _show_examples(job: Seen | None) -> None:
    measured: tuple[MeasuredExample, ...] = ((job.result or job.snapshot) if job else None) or ()
    if not measured:
        return
    ranked = sorted(measured, key=lambda each: -each.gap)
    chart.show(
        senses_figure(ranked),
        key="after_senses",
        alt="; ".join(
            f"{each.example.word}: another sense {each.other_sense.cosines[-1]:.2f}, the same "
            f"{each.same_sense.cosines[-1]:.2f}"
            for each in ranked
        ),
        save_as="senses",
    )
    best, least = ranked[0], ranked[-1]
    if shortest := next((each for each in measured if each.example.sentence == "river bank"), None):
        st.markdown(
            f"And *river bank* beside *bank loan*? The two have a cosine of {shortest.other_sense.cosines[-1]:.2f}. "
            f"*River bank* and *{shortest.example.same_sense}* have {shortest.same_sense.cosines[-1]:.2f}. Two words "
            "tell the model little."
        )
    st.caption(
        f"The longest line: {as_code(best.example.word)}, with {best.gap:.2f} between the two points. The shortest: "
        f"{as_code(least.example.word)} in “{escaped(least.example.other_sense)}”, {least.gap:.2f}. "
        "A short line means that the model hardly tells the two senses apart."
    )


def check(asked: ContextQuery) -> None:
    """Raise InvalidInput where the word, a sentence, or the word in a sentence is missing."""
    if not asked.word:
        raise InvalidInput("Type a word to follow, and two sentences that have it.")
    if not (asked.first and asked.second):
        raise InvalidInput(f"Type two sentences with {asked.word!r} as a word of its own.")
    for sentence in filter(None, (asked.first, asked.second, asked.third)):
        find_occurrence(sentence, asked.word, open_tokenizer("wordpiece"))


def _layers_code(first: str, second: str, word: str, third: str = "") -> str:
    """The cosines of ``word`` in two sentences, layer by layer; and in ``third`` beside the first, if it is given."""
    more = (
        f"\nsame_sense = contextual_similarity(first, {third!r}, word, model)\nprint(same_sense.cosines)"
        if third.strip()
        else ""
    )
    return f"""\
from embeddings.transformer import STAGES, MiniLM, contextual_similarity

model = MiniLM.load()
first, second, word = {first!r}, {second!r}, {word!r}
found = contextual_similarity(first, second, word, model)
print(found.pieces, dict(zip(STAGES, found.cosines)), sep="\\n"){more}
"""


def _examples_code() -> str:
    """How far every example's senses part."""
    return """\
from embeddings.transformer import MiniLM, measure_examples

measured = measure_examples(MiniLM.load())
for each in measured:
    print(f"{each.gap:.3f}", each.example.word, "|", each.example.sentence, "|", each.example.other_sense)
"""
