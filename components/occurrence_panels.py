"""The panels of what comes after the lookup: a word in two sentences, and all the examples measured."""

from dataclasses import dataclass
from types import MappingProxyType

import streamlit as st

from components import chart, layer_snippets, predict, work
from components.figures.occurrences import layers_figure, senses_figure
from components.inputs import text_setting
from components.plain_text import code, codes, escaped
from components.snippets import show_code
from components.tokenizers import open_tokenizer
from embeddings import jobs, occurrences
from embeddings.errors import InvalidInput
from embeddings.jobs import Job
from embeddings.minilm import MiniLM
from embeddings.occurrences import Example, MeasuredExample, Occurrences
from embeddings.threads import one_torch_thread

JOB, ALL = "after", "after_all"  # names of this page's jobs
# Answers, each with the cosines it stands for.
GUESSES = MappingProxyType(
    {"below 0.5": (0.0, 0.5), "0.5 to 0.7": (0.5, 0.7), "0.7 to 0.9": (0.7, 0.9), "0.9 or more": (0.9, 1.0)}
)
ALIKE = 0.995  # cosine: from here on 1.00 is written
_FIELDS = MappingProxyType(
    {"after_word": "word", "after_first": "sentence", "after_second": "other_sense", "after_third": "same_sense"}
)


@dataclass(frozen=True)
class Asked:
    """A word, two sentences with it, and a third one, or "", in which it means the same as in the first."""

    word: str
    first: str
    second: str
    third: str


@dataclass(frozen=True)
class Followed:
    """What the layers make of the word in the first two sentences; and in the first and third, if there is one."""

    other: Occurrences
    same: Occurrences | None


@st.cache_resource(max_entries=1, ttl=600, show_spinner=False)  # 91 MB, and quick to open again
def model() -> MiniLM:
    """The weights, shared by all visitors, and let go after ten minutes."""
    return MiniLM.load()


def ask() -> Asked:
    """The reader's word and sentences; at first those whose senses were measured to part furthest."""
    st.selectbox(
        "Examples",
        occurrences.examples(),
        format_func=lambda example: f"{example.word}: {example.sentence} / {example.other_sense}",
        index=None,
        placeholder="Choose one, or type your own below",
        key="after_example",
        on_change=_take_example,
    )
    start = occurrences.examples()[0]
    typed = {}
    left, right = st.columns([1, 2], gap="medium")
    with left:
        typed["after_word"] = text_setting("The word", start.word, "after_word")
    with right:
        typed["after_first"] = text_setting("In one sentence", start.sentence, "after_first")
    left, right = st.columns(2, gap="medium")
    with left:
        typed["after_second"] = text_setting("In another sense", start.other_sense, "after_second")
    with right:
        typed["after_third"] = text_setting("In the first sense again, or nothing", start.same_sense, "after_third")
    return Asked(*(text.strip() for text in typed.values()))


def _take_example() -> None:
    """Put the example where the reader types, and let go of it, so that it can be chosen again."""
    example: Example | None = st.session_state["after_example"]
    if example is not None:
        for key, field in _FIELDS.items():
            st.session_state[key] = getattr(example, field)
        st.session_state["after_example"] = None


def show_layers(asked: Asked) -> None:
    """The cosine layer by layer, after a guess."""
    st.subheader("Layer by layer", anchor=False)
    st.markdown(
        f"The table has one row for {code(asked.word)}, whatever stands around it. MiniLM, a small *transformer*, "
        "passes the rows on through six layers. In each, every token takes in something of the others in its "
        "sentence, and the two occurrences part. The *cosine* says how much they still point the same way: 1 is all."
    )
    guessed = predict.guess(
        f"In the table the cosine is 1. What is left of it after the last layer, between the two {code(asked.word)}?",
        list(GUESSES),
        "after_guess",
        about=asked,
    )
    if guessed is None:
        return

    def compute(report):
        report(0, "Opening the model")
        with one_torch_thread():
            other = occurrences.occurrence_cosines(asked.first, asked.second, asked.word, model())
            report(0.5, "Reading the sentences")
            same = (
                occurrences.occurrence_cosines(asked.first, asked.third, asked.word, model()) if asked.third else None
            )
        return Followed(other, same)

    work.ensure(JOB, compute, jobs.READING, key=("after", asked), private=True)
    work.live(JOB, lambda job: _show_followed(job, asked, guessed), again=True)
    show_code(layer_snippets.occurrences(asked.first, asked.second, asked.word, asked.third), "after_layers")


def _show_followed(job: Job | None, asked: Asked, guessed: predict.Guess) -> None:
    if job is None or job.state != "done":
        return
    found: Followed = job.result
    curves = [("another sense", found.other.cosines)]
    if found.same is not None:
        curves.append(("the same sense again", found.same.cosines))
    last = found.other.cosines[-1]
    chart.show(
        layers_figure(curves, guess=GUESSES[guessed.said] if guessed.here else None),
        key="after_chart",
        alt="Cosine between the two occurrences: "
        + ", ".join(
            f"{stage} {cosine:.2f}" for stage, cosine in zip(occurrences.STAGES, found.other.cosines, strict=True)
        ),
        save_as="after_the_lookup",
    )
    answer = next(words for words, (_, high) in GUESSES.items() if last < high or high == 1.0)
    predict.verdict(
        guessed,
        answer,
        f"It is **{last:.2f}** after the last layer: {_became(last)}. {_compared(found)}",
    )
    st.caption(_place(found.other, asked))


def _became(cosine: float) -> str:
    return "one row has become two vectors" if cosine < ALIKE else "here the row has stayed one vector"


def _compared(found: Followed) -> str:
    """What another sentence alone does, beside what another sense does."""
    if found.same is None:
        return "A third sentence, in which the word means the same as in the first, would show what the sense adds."
    other, same = found.other.cosines[-1], found.same.cosines[-1]
    if same > other:
        return (
            f"Another sentence alone does a part of that: in the same sense again {same:.2f} are left. The difference, "
            f"{same - other:.2f}, may be put down to the sense."
        )
    return (
        f"But in the same sense again only {same:.2f} are left, no more than in another sense: here the words around "
        "count, and the sense does not show."
    )


def _place(found: Occurrences, asked: Asked) -> str:
    pieces = (
        f"{code(found.word)} is one token"
        if len(found.pieces) == 1
        else f"{code(found.word)} is cut into {codes(found.pieces)}, and the mean of their vectors is compared"
    )
    first, second = found.places
    return (
        f"{pieces}. It stands in place {first} of the first sentence and in place {second} of the second, the model's "
        "own opening token being 0. All vectors of a layer point much the same way, so that even unlike ones have "
        "high cosines (Ethayarajh, 2019)."
    )


def show_all() -> None:
    """Every example measured, so that one sees how the first was chosen."""
    st.subheader("Chosen by measurement", anchor=False)
    count = len(occurrences.examples())
    st.markdown(
        f"Of {count} examples, this page opens with the one whose senses part furthest. Some hardly part at all. "
        "Measure them, and see."
    )

    def compute(report):
        measured: list[MeasuredExample] = []
        report(0, "Opening the model")
        with one_torch_thread():
            for number, example in enumerate(occurrences.examples(), start=1):
                measured += occurrences.measure_examples(model(), [example])
                report(number / count, f"{number} of {count} measured: {example.word}", tuple(measured))
        return tuple(measured)

    st.button(
        f"Measure all {count}",
        key="after_measure",
        type="primary",
        icon=":material/straighten:",
        on_click=work.start,
        args=(ALL, compute, jobs.READING, ALL),
    )
    work.live(ALL, _show_examples, idle="Nothing is measured yet. It takes some seconds.")
    show_code(layer_snippets.all_examples(), "after_all_code")


def _show_examples(job: Job | None) -> None:
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
            f"And *river bank* beside *bank loan*? The two have a cosine of {shortest.other_sense.cosines[-1]:.2f}; "
            f"*river bank* and *{shortest.example.same_sense}* have {shortest.same_sense.cosines[-1]:.2f}. Two words "
            "are little to go by."
        )
    st.caption(
        f"Furthest apart: {code(best.example.word)}, {best.gap:.2f} between the two points; least: "
        f"{code(least.example.word)} in “{escaped(least.example.other_sense)}”, {least.gap:.2f}. "
        "The shorter the line, the less the model tells the senses apart."
    )


def check(asked: Asked) -> None:
    """Raise InvalidInput where the word, a sentence, or the word in a sentence is missing."""
    if not asked.word:
        raise InvalidInput("Type a word to follow, and two sentences that have it.")
    if not (asked.first and asked.second):
        raise InvalidInput(f"Type two sentences with {asked.word!r} as a word of its own.")
    for sentence in filter(None, (asked.first, asked.second, asked.third)):
        occurrences.find_occurrence(sentence, asked.word, open_tokenizer("wordpiece"))
