"""Which kinds of exercises there are, and draws of them: the same seed gives the same exercises on any machine."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from embeddings.common import InvalidInput, as_choice, as_count
from embeddings.exercises import language, layer, learning, meaning, play
from embeddings.exercises.exercise import Exercise
from embeddings.vectors import WordVectors

# Folders of the lessons, in their order.
CHAPTERS = (meaning.MEANING, play.PLAY, learning.LEARNING, language.LANGUAGE, layer.LAYER)
MAX_SEED = 9_999
_FINAL = 1  # beside the seed: the exercises over all chapters are not those of each again


@dataclass(frozen=True)
class Kind:
    """A kind of exercise.

    Attributes:
        name: Of the function that draws it.
        chapter: One of ``CHAPTERS``.
        page: Address of the lesson that it is about.
        function: Draws one from a random generator, and from a table of words where it asks about some.
        asks_table: Whether it does.
    """

    name: str
    chapter: str
    page: str
    function: Callable[..., Exercise]
    asks_table: bool

    def draw(self, seeds: Sequence[int], table: WordVectors | None) -> Exercise:
        """The exercise of this kind that ``seeds`` give together.

        Raises:
            InvalidInput: It asks about words, and there is no ``table``.
        """
        random = np.random.default_rng([*seeds, *self.name.encode()])  # other kinds do not change it
        if not self.asks_table:
            return self.function(random)
        if table is None:
            raise InvalidInput("These exercises ask about words, and need a table of their vectors.")
        return self.function(random, table)


def _kinds(
    chapter: str, lessons: Mapping[str, Sequence[Callable[..., Any]]], asks_table: bool = False
) -> tuple[Kind, ...]:
    """The kinds of a chapter: the functions of each of its lessons."""
    return tuple(
        Kind(function.__name__, chapter, page, function, asks_table)
        for page, functions in lessons.items()
        for function in functions
    )


KINDS = (
    *_kinds(
        meaning.MEANING,
        {
            "tokenizers": (meaning.character_tokens,),
            "words_as_numbers": (meaning.nearest_number, meaning.nearest_by_chance),
            "one_hot": (
                meaning.token_id,
                meaning.one_hot_length,
                meaning.one_hot_zeros,
                meaning.one_hot_pairs,
                meaning.one_hot_memory,
            ),
            "vectors_with_meaning": (meaning.nearest_row,),
            "small_network": (meaning.network_weights,),
        },
    ),
    *_kinds(
        play.PLAY,
        {
            "similar_words": (play.nearest_word, play.nearer_pair, play.dot_product),
            "analogies": (play.analogy_answer, play.analogy_of_all_words),
            "axes": (play.end_of_axis,),
            "odd_one_out": (play.odd_word,),
            "frequency": (play.more_frequent,),
        },
        asks_table=True,
    ),
    *_kinds(
        learning.LEARNING,
        {
            "word2vec": (learning.pair_in_window, learning.pairs_of_sentence, learning.words_with_row),
            "language_model": (learning.rows_of_language_model, learning.rows_changed_by_batch),
            "learned": (learning.hours_at_share, learning.days_on_gpus, learning.rent_of_gpus),
        },
    ),
    *_kinds(
        language.LANGUAGE,
        {
            "real_table": (language.longest_row, language.bytes_of_rows),
            "change_one_row": (language.places_with_other_row, language.text_as_read, language.mixed_row),
            "back_to_token": (
                language.largest_logit,
                language.times_as_likely,
                language.weights_of_both_tables,
                language.multiplications_of_output,
            ),
        },
    ),
    *_kinds(
        layer.LAYER,
        {
            "embedding_layer": (
                layer.output_row,
                layer.output_shape,
                layer.zeros_multiplied,
                layer.rows_with_gradient,
                layer.longer_gradient,
                layer.bytes_of_table,
                layer.bytes_of_gradient,
            ),
            "lookup_or_matmul": (layer.growing_vocabulary,),
        },
    ),
)


def draw(chapter: str, seed: int, count: int = 5, table: WordVectors | None = None) -> tuple[Exercise, ...]:
    """So many exercises of different kinds from one chapter, in the order of its lessons.

    Args:
        chapter: One of ``CHAPTERS``.
        seed: 0 to ``MAX_SEED``.
        count: 1 to the number of the chapter's kinds.
        table: Of everyday words, for the chapter that asks about them.

    Raises:
        InvalidInput: A number out of range, no such chapter, or no table where one is needed.

    >>> [exercise.page for exercise in draw("meaning", seed=1, count=2)]
    ['words_as_numbers', 'one_hot']
    """
    chapter = as_choice(chapter, "The chapter", CHAPTERS)
    kinds = [kind for kind in KINDS if kind.chapter == chapter]
    count = as_count(count, "The number of exercises", 1, len(kinds))
    return _draw(kinds, [as_count(seed, "The seed", 0, MAX_SEED)], count, table)


def draw_final(seed: int, count: int = 10, table: WordVectors | None = None) -> tuple[Exercise, ...]:
    """So many exercises of different kinds from all chapters, about as many of each, with numbers of their own.

    Args:
        seed, table: As of ``draw``.
        count: 1 to the number of chapters times the kinds of the one with fewest.

    Raises:
        InvalidInput: As ``draw``.
    """
    of_chapter = {chapter: [kind for kind in KINDS if kind.chapter == chapter] for chapter in CHAPTERS}
    most = len(CHAPTERS) * min(map(len, of_chapter.values()))
    count = as_count(count, "The number of exercises", 1, most)
    seeds = [as_count(seed, "The seed", 0, MAX_SEED), _FINAL]
    return tuple(
        exercise
        for place, kinds in enumerate(of_chapter.values())
        if (share := (count + len(CHAPTERS) - 1 - place) // len(CHAPTERS))
        for exercise in _draw(kinds, seeds, share, table)
    )


def _draw(kinds: list[Kind], seeds: Sequence[int], count: int, table: WordVectors | None) -> tuple[Exercise, ...]:
    order = np.random.default_rng([*seeds, *kinds[0].chapter.encode()]).permutation(len(kinds)).tolist()
    chosen = sorted(_each_lesson_first([kinds[place] for place in order])[:count], key=kinds.index)
    return tuple(kind.draw(seeds, table) for kind in chosen)


def _each_lesson_first(kinds: list[Kind]) -> list[Kind]:
    """``kinds`` in their order, but one of each lesson before a second of any."""
    met: Counter[str] = Counter()
    turns = []
    for kind in kinds:
        turns.append(met[kind.page])
        met[kind.page] += 1
    return [kind for _, kind in sorted(zip(turns, kinds, strict=True), key=lambda pair: pair[0])]
