"""Contextual similarity, layer by layer: one word in two sentences, and what a transformer's layers make of its row.

In the table *bank* has one row, whatever stands around it. From the first layer on a token's numbers take in those of
its neighbours, and the two occurrences part.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.common import InvalidInput, ProgressCallback, no_progress, one_torch_thread
from embeddings.numeric import cosines
from embeddings.tokenizers import Encoding, Tokenizer
from embeddings.transformer.minilm import CLS, LAYERS, SEP, MiniLM

STAGES = ("row of the table", "with its position", *(f"layer {layer}" for layer in range(1, LAYERS + 1)))
MAX_CHARACTERS = 2_000  # of a sentence


@dataclass(frozen=True)
class ContextualSimilarity:
    """How alike a word is to itself in two sentences, layer by layer.

    Attributes:
        word: As it was asked for.
        pieces: The tokens that stand for it. Where there are several, the mean of their vectors is compared.
        places: Of its first piece among the tokens of each sentence, [CLS] being 0.
        cosines: One for each of ``STAGES``, between the two occurrences.
    """

    word: str
    pieces: tuple[str, ...]
    places: tuple[int, int]
    cosines: tuple[float, ...]


@dataclass(frozen=True)
class SenseSimilarity:
    """What the layers make of the word in the first two sentences; and in the first and third, if there is one."""

    other: ContextualSimilarity
    same: ContextualSimilarity | None


@dataclass(frozen=True)
class Example:
    """A word of two senses, in sentences of the first, the second, and the first again."""

    word: str
    sentence: str
    other_sense: str
    same_sense: str


@dataclass(frozen=True)
class MeasuredExample:
    """How far the layers tell the senses of an example apart.

    Attributes:
        example: The sentences.
        other_sense: The first sentence against that of the other sense.
        same_sense: The first sentence against that of the same sense: what another context alone does.
    """

    example: Example
    other_sense: ContextualSimilarity
    same_sense: ContextualSimilarity

    @property
    def gap(self) -> float:
        """See ``sense_gap``."""
        return sense_gap(self.other_sense, self.same_sense)


def contextual_similarity(sentence_a: str, sentence_b: str, word: str, model: MiniLM) -> ContextualSimilarity:
    """The cosine between ``word`` in ``sentence_a`` and in ``sentence_b``, layer by layer.

    The first occurrence in each counts, whatever its case.

    Args:
        sentence_a, sentence_b: At most ``MAX_CHARACTERS`` characters each.
        word: A whole word of both.
        model: all-MiniLM-L6-v2.

    Raises:
        InvalidInput: A sentence is too long, or lacks the word.

    References:
        Ethayarajh, "How Contextual are Contextualized Word Representations?", 2019, who finds, as is seen here, that
        all vectors of a layer point much the same way, so that even unlike ones have high cosines.
    """
    (pieces, place_a, a), (_, place_b, b) = (
        _occurrence(sentence, word, model) for sentence in (sentence_a, sentence_b)
    )  # vectors [8, D]
    return ContextualSimilarity(word, pieces, (place_a, place_b), tuple(cosines(a, b).tolist()))


def sense_gap(other_sense: ContextualSimilarity, same_sense: ContextualSimilarity) -> float:
    """The last layer's cosine within the sense less that across the senses: what may be put down to the sense."""
    return same_sense.cosines[-1] - other_sense.cosines[-1]


def measure_examples(model: MiniLM, candidates: Sequence[Example] | None = None) -> list[MeasuredExample]:
    """``candidates``, by default all of ``examples()``, the one whose senses part furthest first."""
    measured = [
        MeasuredExample(
            example,
            contextual_similarity(example.sentence, example.other_sense, example.word, model),
            contextual_similarity(example.sentence, example.same_sense, example.word, model),
        )
        for example in candidates or examples()
    ]
    return sorted(measured, key=lambda each: -each.gap)


def sense_similarity(
    model: MiniLM, word: str, first: str, second: str, third: str = "", report: ProgressCallback | None = None
) -> SenseSimilarity:
    """What the layers make of ``word`` in ``first`` and ``second``; and in ``first`` and ``third``, if there is one.

    Raises:
        InvalidInput: As ``contextual_similarity``.
    """
    report = report or no_progress
    report(0, "Reading the sentences")
    with one_torch_thread():
        other = contextual_similarity(first, second, word, model)
        report(0.5, "Reading the sentences")
        return SenseSimilarity(other, contextual_similarity(first, third, word, model) if third else None)


def measure_all(model: MiniLM, report: ProgressCallback | None = None) -> tuple[MeasuredExample, ...]:
    """All of ``examples()`` in their order; what is measured so far is handed out after each."""
    report, measured = report or no_progress, list[MeasuredExample]()
    count = len(examples())
    with one_torch_thread():
        for number, example in enumerate(examples(), start=1):
            measured += measure_examples(model, [example])
            report(number / count, f"{number} of {count} measured: {example.word}", tuple(measured))
    return tuple(measured)


def examples() -> tuple[Example, ...]:
    """Words of two senses; the first is the one whose senses ``measure_examples`` finds to part furthest."""
    return tuple(Example(*sentences) for sentences in _EXAMPLES)


def find_occurrence(sentence: str, word: str, tokenizer: Tokenizer) -> tuple[Encoding, tuple[str, ...], int]:
    """The tokens of ``sentence``, the pieces of ``word``, and where among the tokens these first stand.

    Raises:
        InvalidInput: The sentence is too long, or lacks the word.
    """
    if len(sentence) > MAX_CHARACTERS:
        raise InvalidInput(f"The sentence has {len(sentence):,} characters; at most {MAX_CHARACTERS:,} will do here.")
    encoding, pieces = tokenizer.encode(sentence), tokenizer.encode(word).tokens
    if not word.strip() or not pieces:
        raise InvalidInput("Give a word to follow through the layers.")
    for start in range(len(encoding.tokens)):
        end = start + len(pieces)
        if encoding.tokens[start:end] == pieces and not "".join(encoding.tokens[end : end + 1]).startswith("##"):
            return encoding, pieces, start
    raise InvalidInput(f"{sentence!r} does not have {word!r} as a word of its own. Write it into both sentences.")


def _occurrence(sentence: str, word: str, model: MiniLM) -> tuple[tuple[str, ...], int, NDArray[np.float64]]:
    """The word's pieces, its place among the tokens, and its vectors at each of ``STAGES``: float64 [8, D]."""
    encoding, pieces, start = find_occurrence(sentence, word, model.tokenizer)
    place = start + 1  # after [CLS]
    ids = np.array([CLS, *encoding.ids, SEP])
    rows = model.rows(ids)[None]  # [1, T, D]
    stages = np.concatenate([rows, model.hidden_states(ids)])  # [8, T, D]
    return pieces, place, stages[:, place : place + len(pieces)].mean(axis=1, dtype=np.float64)


_EXAMPLES = (
    (
        "mouse",
        "The mouse ate the cheese.",
        "Click the mouse to open the file.",
        "The cat caught a mouse.",
    ),
    (
        "bank",
        "We fished from the bank of the river.",
        "I opened an account at the bank in town.",
        "We camped on the bank of the stream.",
    ),
    (
        "bank",
        "She sat on the bank of the river.",
        "She took a loan from the bank in town.",
        "They walked along the bank of the stream.",
    ),
    ("bank", "river bank", "bank loan", "stream bank"),
    (
        "bank",
        "The bank of the river was steep.",
        "The bank of the city was closed.",
        "The bank of the stream was muddy.",
    ),
    ("spring", "The flowers bloom in spring.", "The spring in the mattress is broken.", "The birds return in spring."),
    (
        "bat",
        "The bat flew out of the cave at night.",
        "He swung the bat and hit the ball.",
        "A bat slept in the dark cave.",
    ),
    ("match", "They won the match in the last minute.", "He lit the fire with a match.", "The match ended in a draw."),
    ("seal", "The seal swam under the ice.", "The seal on the letter was broken.", "A seal caught a fish."),
    ("bark", "The bark of the tree is rough.", "The bark of the dog is loud.", "The bark of the oak is thick."),
    ("light", "The bag is light and easy to carry.", "The light in the room is bright.", "A light coat is enough."),
    ("rock", "He threw a rock into the lake.", "She plays rock on her guitar.", "The path is blocked by a rock."),
    (
        "crane",
        "The crane stood in the shallow lake.",
        "The crane lifted the steel beam.",
        "A crane flew over the marsh.",
    ),
    ("pitcher", "The pitcher threw a fast ball.", "The pitcher is full of water.", "A pitcher struck out the batter."),
    ("bass", "He caught a bass in the lake.", "He plays bass in a band.", "We ate grilled bass for dinner."),
    ("plant", "The plant needs water and sun.", "The plant makes cars and engines.", "A plant grows in the garden."),
    (
        "apple",
        "She ate a ripe apple after lunch.",
        "He bought shares of apple on the market.",
        "An apple fell from the tree.",
    ),
    ("python", "The python swallowed a rat.", "She wrote the program in python.", "A python slept on the branch."),
    (
        "date",
        "They went on a date to the cinema.",
        "Write the date at the top of the page.",
        "He was nervous before the date with her.",
    ),
    (
        "cell",
        "The cell divides under the microscope.",
        "The prisoner slept in his cell.",
        "Each cell of the plant has a wall.",
    ),
    ("jam", "She spread jam on her bread.", "We were late because of a traffic jam.", "He made jam from berries."),
    ("ring", "She wore a gold ring on her finger.", "The boxer stepped into the ring.", "He gave her a ring."),
    (
        "mouse",
        "The mouse ran under the bed.",
        "Move the mouse to the left of the screen.",
        "The mouse hid from the cat.",
    ),
)
