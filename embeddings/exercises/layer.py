"""Exercises on the embedding layer: rows, gradients, shapes, bytes, and the multiplications that a lookup saves."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from embeddings.common import count_of, in_bytes
from embeddings.exercises.exercise import Exercise, number_options, numbers, rounds_the_same, shuffled, until_fair
from embeddings.lookup import (
    EQUIVALENCE_DTYPES,
    bytes_in,
    check_equivalence,
    dense_gradient_bytes,
    gradient_growth,
    multiplications,
    multiplications_by_zero,
    seeded_table,
    sparse_gradient_bytes,
    steps,
)
from embeddings.numeric import nonzero_rows

LAYER = "layer"
DIMENSIONS = (2, 3, 5, 8)  # of those that the lesson offers
SIZES, BATCHES = (100, 1_000, 10_000, 50_000), (16, 64, 256)
DIGITS = 2  # after the point, as the lesson shows


def rows_with_gradient(random: np.random.Generator) -> Exercise:
    """Which rows of W get a gradient."""

    def attempt() -> Exercise | None:
        V, D, ids = _input(random, repeats=True)
        rows = nonzero_rows(check_equivalence(seeded_table(V, D), ids).gradients[0])
        answer = _rows(rows)
        mistakes = (range(V), range(len(ids)), sorted(set(range(V)) - set(rows)), [ids[0]], rows[:-1])
        wrong = list(dict.fromkeys(_rows(each) for each in mistakes if len(each) and _rows(each) != answer))
        if len(wrong) < 2:
            return None
        return Exercise(
            kind="rows_with_gradient",
            chapter=LAYER,
            question=f"W has {V} rows of {D} numbers. The layer looks up the ids `{ids}`. Which rows of W get a "
            "gradient?",
            options=tuple(shuffled(random, [answer, *shuffled(random, wrong)[:3]])),
            answer=answer,
            why="Only rows that were looked up get a gradient. A row that is used twice is still one row, and the "
            f"others do not move. Here that leaves {answer}.",
            page="embedding_layer",
            settings=_settings(V, D, ids),
        )

    return until_fair(attempt)


def zeros_multiplied(random: np.random.Generator) -> Exercise:
    """How many multiplications by zero the matrix product takes."""
    V, D, ids = _input(random)
    B = len(ids)
    count = multiplications_by_zero(V, D, B)
    return Exercise(
        kind="zeros_multiplied",
        chapter=LAYER,
        question=f"W has {V} rows of {D} numbers. The ids `{ids}` are looked up by a matrix product with their one-hot "
        "rows. How many of its multiplications are by zero?",
        options=(),
        answer=str(count),
        why=f"Each one-hot row has {V - 1} zeros, and each of them is multiplied with a row of {D} numbers. For "
        f"{count_of(B, 'id')} that is {B} × {V - 1} × {D} = {count}. The lookup needs none.",
        page="embedding_layer",
        settings=_settings(V, D, ids),
    )


def output_shape(random: np.random.Generator) -> Exercise:
    """The shape of what the layer gives."""

    def attempt() -> Exercise | None:
        V, D, ids = _input(random)
        answer = _shape(check_equivalence(seeded_table(V, D), ids).outputs[0].shape)
        wrong = {_shape(shape) for shape in ((V, D), (len(ids), V), (D, len(ids)), (len(ids),))} - {answer}
        if len(wrong) < 4:  # two of the numbers are the same
            return None
        return Exercise(
            kind="output_shape",
            chapter=LAYER,
            question=f"W has the shape {_code((V, D))}: {V} rows of {D} numbers. The layer looks up the ids `{ids}`. "
            "Which shape has its output?",
            options=tuple(shuffled(random, [answer, *shuffled(random, sorted(wrong))[:3]])),
            answer=answer,
            why=f"The output has one row for each of the {len(ids)} ids, and each row has {D} numbers.",
            page="embedding_layer",
            settings=_settings(V, D, ids),
        )

    return until_fair(attempt)


def output_row(random: np.random.Generator) -> Exercise:
    """Which numbers the layer gives for one of the ids."""

    def attempt() -> Exercise | None:
        V, D, place = int(random.integers(4, 7)), 2, int(random.integers(1, 3))
        ids = random.integers(0, V, size=3).tolist()
        W = seeded_table(V, D)
        if ids[place] in (place, place + 1) or not all(rounds_the_same(value, DIGITS) for value in W.ravel().tolist()):
            return None
        row = list(steps(W, ids))[place].row
        answer, others = numbers(row, DIGITS), [numbers(each, DIGITS) for each in W]
        usual = [others[place], others[min(place + 1, V - 1)], others[ids[place] - 1]]
        wrong = list(dict.fromkeys(each for each in (*usual, *others) if each != answer))[:3]
        listed = ", ".join(f"`row {number} {row}`" for number, row in enumerate(others))
        return Exercise(
            kind="output_row",
            chapter=LAYER,
            question=f"W has these rows: {listed}. The layer looks up the ids `{ids}`. Which numbers are in row "
            f"{place} of its output, counting from 0?",
            options=tuple(shuffled(random, [answer, *wrong])),
            answer=answer,
            why=f"Counting from 0, the id in place {place} is {ids[place]}. So row {place} of the output is a copy of "
            f"row {ids[place]} of W.",
            page="embedding_layer",
            settings=_settings(V, D, ids) | {"layer_step": str(place + 1)},
        )

    return until_fair(attempt)


def longer_gradient(random: np.random.Generator) -> Exercise:
    """How much longer the gradient of a row becomes when its id is given once more."""
    V, D, others = _input(random)
    asked, used = others[0], int(random.integers(1, 5))
    ids = [*others, *[asked] * (used - others.count(asked))]
    used = ids.count(asked)
    times = gradient_growth(seeded_table(V, D), ids, asked)
    mistakes = (1.0, 2.0, used + 1, times + 1, len(ids) / used)
    return Exercise(
        kind="longer_gradient",
        chapter=LAYER,
        question=f"The layer looks up the ids `{ids}`. Now the id {asked} is added once more to the same batch. How "
        f"many times as long does the gradient of row {asked} become?",
        options=number_options(random, times, mistakes, _times),
        answer=_times(times),
        why=f"Each use of a row adds the same share to its gradient. There were {used}, and now there are {used + 1}: "
        f"{used + 1} / {used} is {times:.3g}.",
        page="embedding_layer",
        settings=_settings(V, D, ids),
    )


def bytes_of_table(random: np.random.Generator) -> Exercise:
    """The bytes of W in one of three types of numbers."""
    V, D, ids = _input(random)
    dtype = EQUIVALENCE_DTYPES[int(random.integers(len(EQUIVALENCE_DTYPES)))]
    size, each = bytes_in(dtype, V * D), bytes_in(dtype, 1)
    mistakes = (*(bytes_in(other, V * D) for other in EQUIVALENCE_DTYPES), bytes_in(dtype, len(ids) * D), V * D)
    return Exercise(
        kind="bytes_of_table",
        chapter=LAYER,
        question=f"W has {V} rows of {D} numbers in `{dtype}`, which takes {each} bytes for a number. How many bytes "
        "does W take?",
        options=number_options(random, size, mistakes, "{:,.0f} bytes".format),
        answer=f"{size:,} bytes",
        why=f"{V} × {D} numbers of {each} bytes are {size:,} bytes. It does not matter which ids are looked up.",
        page="embedding_layer",
        settings=_settings(V, D, ids) | {"layer_dtype": dtype},
    )


def bytes_of_gradient(random: np.random.Generator) -> Exercise:
    """The bytes of a gradient that has all rows of W."""

    def attempt() -> Exercise | None:
        V, D, ids = _input(random)
        dense, sparse = dense_gradient_bytes(V, D), sparse_gradient_bytes(D, len(ids))
        mistakes = (sparse, dense_gradient_bytes(len(ids), D), V * D, 2 * dense)
        options = number_options(random, dense, mistakes, in_bytes)
        if not options:
            return None
        return Exercise(
            kind="bytes_of_gradient",
            chapter=LAYER,
            question=f"W has {V} rows of {D} numbers of 4 bytes. The layer looks up the ids `{ids}`, and its gradient "
            "is not sparse. How many bytes does the gradient of W take?",
            options=options,
            answer=in_bytes(dense),
            why=f"Such a gradient has a number for each number of W, whatever was looked up: {V} × {D} × 4 bytes. A "
            f"sparse one would hold {len(ids)} ids of 8 bytes and as many rows: {in_bytes(sparse)}.",
            page="embedding_layer",
            settings=_settings(V, D, ids),
        )

    return until_fair(attempt)


def growing_vocabulary(random: np.random.Generator) -> Exercise:
    """How the work of the matrix product grows with the vocabulary."""
    small, large = sorted(random.choice(SIZES, size=2, replace=False).tolist())
    D, B = int(random.choice((16, 64, 256))), int(random.choice(BATCHES))
    times = multiplications(large, D, B) / multiplications(small, D, B)
    return Exercise(
        kind="growing_vocabulary",
        chapter=LAYER,
        question=f"A vocabulary grows from {small:,} to {large:,} tokens. A batch stays at {B} ids, and a row at {D} "
        "numbers. How does the number of multiplications in `one_hot @ W` change?",
        options=number_options(random, times, (1, times**2, times * B, times / 2), _times),
        answer=_times(times),
        why=f"The product takes B × V × D multiplications: {multiplications(small, D, B):,} before and "
        f"{multiplications(large, D, B):,} after. A lookup copies {B} rows before and after.",
        page="lookup_or_matmul",
        settings={"lookup_over": "vocabulary", "lookup_d": f"{D:,}", "lookup_b": f"{B:,}"},
    )


def _input(random: np.random.Generator, repeats: bool = False) -> tuple[int, int, list[int]]:
    """V, D and ids; at least one of these twice, and one row never, where it says so."""
    V, D = int(random.integers(4, 9)), int(random.choice(DIMENSIONS))
    ids = random.integers(0, V, size=int(random.integers(2, 5))).tolist()
    return V, D, [ids[-1], *ids] if repeats else ids


def _settings(V: int, D: int, ids: list[int]) -> dict[str, str]:
    return {"layer_what": "Ids", "layer_v": str(V), "layer_d": str(D), "layer_ids": ", ".join(map(str, ids))}


def _rows(rows: Iterable[int] | NDArray) -> str:
    """Rows of W in words.

    >>> _rows([0, 5]), _rows([3])
    ('rows 0 and 5', 'row 3')
    """
    *others, last = map(str, rows)
    return f"rows {', '.join(others)} and {last}" if others else f"row {last}"


def _shape(shape: Iterable[int]) -> str:
    return str(list(shape))


def _code(shape: Iterable[int]) -> str:
    return f"`{_shape(shape)}`"


def _times(number: float) -> str:
    """How often, in words.

    >>> _times(1.5), _times(1), _times(2500)
    ('1.5 times', 'it stays the same', '2,500 times')
    """
    return "it stays the same" if number == 1 else f"{number:,.3g} times" if number < 1_000 else f"{number:,.0f} times"
