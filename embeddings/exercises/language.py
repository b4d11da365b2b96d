"""Exercises on embeddings inside a language model: its rows, a row in another's place, and the way back to a token."""

import math

import numpy as np

from embeddings.common import in_bytes
from embeddings.exercises.exercise import (
    VERBS,
    Exercise,
    best_by,
    number_options,
    numbers,
    rounds_the_same,
    shuffled,
    until_fair,
)
from embeddings.lookup import EQUIVALENCE_DTYPES, bytes_in, multiplications
from embeddings.numeric import nonzero_rows
from embeddings.similarity import longest_rows
from embeddings.training import weights_of_tables
from embeddings.transformer import TableChange, changed_table, probabilities, unembed
from embeddings.vectors import WordVectors

LANGUAGE = "language"
# Each is one token of the lessons' large model, with the space before it; the made-up world has those of the second.
WORDS = ("cat", "dog", "horse", "cow", "sheep", "lion", "tiger", "wolf", "rabbit", "mouse", "elephant", "monkey")
WORLD = ("king", "queen", "dog", "cat", "cow", "horse", "bread", "cheese", "soup", "rice", "cake", "honey")
SIZES, DIMENSIONS = (1_000, 5_000, 20_000, 50_000), (64, 128, 256, 512)

SHARES = (25, 50, 75)  # percent of the other row
SMALL_MODEL = "a small model, trained here"  # as the lesson's address has it
_MARGIN = 0.9  # between two logits of whole numbers


def longest_row(random: np.random.Generator) -> Exercise:
    """Which of some rows is the longest."""

    def attempt() -> Exercise | None:
        words = shuffled(random, WORDS)[:4]
        W = random.integers(-5, 6, size=(4, 2))
        if best_by((W**2).sum(axis=1), _MARGIN) is None:
            return None
        ((answer, length),) = longest_rows(WordVectors.of("drawn", words, W.astype(np.float32)), 1)
        first, second = (abs(int(number)) for number in W[words.index(answer)])
        return Exercise(
            kind="longest_row",
            chapter=LANGUAGE,
            question=f"A table has these rows: {_rows(words, W)}. Which row is the longest?",
            options=tuple(words),
            answer=answer,
            why=f"The length is the root of the sum of the squares. For `{answer}` it is √({first}² + {second}²), "
            f"about {length:.1f}. All other rows are shorter.",
            page="real_table",
            settings={"table_word": answer},
        )

    return until_fair(attempt)


def bytes_of_rows(random: np.random.Generator) -> Exercise:
    """How many bytes a language model's table takes."""

    def attempt() -> Exercise | None:
        V, D = _size(random)
        dtype, word = str(random.choice(EQUIVALENCE_DTYPES)), str(random.choice(WORDS))
        size, each = bytes_in(dtype, V * D), bytes_in(dtype, 1)
        mistakes = (V * D, bytes_in(dtype, V), bytes_in(dtype, V + D), 8 * size)
        options = number_options(random, size, mistakes, in_bytes)
        if not options:
            return None
        return Exercise(
            kind="bytes_of_rows",
            chapter=LANGUAGE,
            question=f"A language model's table has {V:,} rows, one of them for `{word}`. Each row has {D} numbers in "
            f"`{dtype}`, of {each} bytes each. How many bytes does the table take?",
            options=options,
            answer=in_bytes(size),
            why=f"{V:,} × {D} numbers of {each} bytes are {in_bytes(size)}. It does not matter which text is read.",
            page="real_table",
            settings={"table_word": word},
        )

    return until_fair(attempt)


def places_with_other_row(random: np.random.Generator) -> Exercise:
    """At how many places of a text a model reads another row once one row of its table was replaced."""
    text, nouns, other = _text(random)
    asked = nouns[0]
    tokens = text.split()
    vocabulary = sorted({*tokens, other})
    ids = [vocabulary.index(token) for token in tokens]
    W = _drawn_table(random, len(vocabulary))
    change = TableChange("other", vocabulary.index(asked), vocabulary.index(other))
    places = len(nonzero_rows((changed_table(W, change) - W)[ids]))
    return Exercise(
        kind="places_with_other_row",
        chapter=LANGUAGE,
        question=f"A language model reads `{text}`. Each word is one token. In its table the row of `{asked}` is "
        f"replaced by that of `{other}`. At how many places does the model now look up other numbers?",
        options=(),
        answer=str(places),
        why=f"Only `{asked}` gets another row, and it stands in the text {_times(places)}. All other tokens keep "
        "theirs.",
        page="change_one_row",
        settings=_replaced(text, asked, other),
    )


def text_as_read(random: np.random.Generator) -> Exercise:
    """Which text a model reads once one row of its table was replaced."""
    text, nouns, other = _text(random)
    asked = nouns[0]
    vocabulary = sorted({*text.split(), other})
    W = _drawn_table(random, len(vocabulary))
    changed = changed_table(W, TableChange("other", vocabulary.index(asked), vocabulary.index(other)))
    rows = changed[[vocabulary.index(token) for token in text.split()]]  # [T, 3]
    own = {tuple(row): word for word, row in zip(vocabulary, W.tolist(), strict=True)}
    answer = " ".join(own[tuple(row)] for row in rows.tolist())
    wrong = (text, text.replace(nouns[1], other), answer.replace(other, asked, 1), text.replace("the", other))
    options = list(dict.fromkeys([answer, *wrong]))[:4]
    return Exercise(
        kind="text_as_read",
        chapter=LANGUAGE,
        question=f"A language model is given `{text}`. Each word is one token. In its table the row of `{asked}` is "
        f"replaced by that of `{other}`. The model goes on as if which text stood there?",
        options=tuple(shuffled(random, options)),
        answer=answer,
        why=f"The model never sees words, only rows. Wherever `{asked}` stands it now gets the row of `{other}`.",
        page="change_one_row",
        settings=_replaced(text, asked, other),
    )


def mixed_row(random: np.random.Generator) -> Exercise:
    """Which numbers stand in a row that is mixed with another."""

    def attempt() -> Exercise | None:
        text, nouns, other = _text(random)
        asked, percent = nouns[0], int(random.choice(SHARES))
        W = (4 * random.integers(-3, 4, size=(2, 2))).astype(np.float32)
        mixtures = [
            changed_table(W, TableChange("other", 0, 1, share))[0] for share in (percent / 100, *_others(percent))
        ]
        written = list(dict.fromkeys(numbers(row) for row in (*mixtures, W[0], W[1], W.sum(axis=0))))
        if len(written) < 4:
            return None
        return Exercise(
            kind="mixed_row",
            chapter=LANGUAGE,
            question=f"The row of `{asked}` is `{numbers(W[0])}`, that of `{other}` is `{numbers(W[1])}`. `{asked}` "
            f"gets a mixture: {percent}% of the other row, and the rest of its own. Which numbers are in its row now?",
            options=tuple(shuffled(random, written[:4])),
            answer=written[0],
            why=f"Each number is {100 - percent}% of the one in the row of `{asked}` and {percent}% of the one in the "
            f"row of `{other}`, added up.",
            page="change_one_row",
            settings=_replaced(text, asked, other) | {"row_share": str(percent)},
        )

    return until_fair(attempt)


def largest_logit(random: np.random.Generator) -> Exercise:
    """Which token an output finds likeliest."""

    def attempt() -> Exercise | None:
        words = shuffled(random, WORLD)[:4]
        W = random.integers(-4, 5, size=(4, 2)).astype(np.float32)
        h = random.integers(-4, 5, size=2).astype(np.float32)
        logits = unembed(h, W)
        best = best_by(logits, _MARGIN)
        if best is None:
            return None
        products = " + ".join(f"{_factor(a)} × {_factor(b)}" for a, b in zip(h, W[best], strict=True))
        return Exercise(
            kind="largest_logit",
            chapter=LANGUAGE,
            question=f"A language model ends with the vector `{numbers(h)}`. Its output table has the rows "
            f"{_rows(words, W)}. Which token is the likeliest to come next?",
            options=tuple(words),
            answer=words[best],
            why=f"The score of a token is the dot product of the vector with its row. For `{words[best]}` it is "
            f"{products} = {_plain(logits[best])}. All other scores are lower.",
            page="back_to_token",
            settings={"lens_model": SMALL_MODEL, "lens_small_text": " ".join(words)},
        )

    return until_fair(attempt)


def times_as_likely(random: np.random.Generator) -> Exercise:
    """How many times as likely one token is as another, by their logits."""

    def attempt() -> Exercise | None:
        words = shuffled(random, WORLD)[:2]
        low, more = (int(random.integers(1, 6)), int(random.integers(1, 5)))
        first, second = probabilities(np.array([low + more, low], dtype=np.float64))
        times = float(first / second)
        mistakes = (more, (low + more) / low, 2.0**more, math.exp(low + more), 10.0**more)
        options = number_options(random, times, mistakes, _about)
        if not options or not rounds_the_same(times, 1):
            return None
        return Exercise(
            kind="times_as_likely",
            chapter=LANGUAGE,
            question=f"An output gives `{words[0]}` the logit {low + more} and `{words[1]}` the logit {low}. About how "
            f"many times as likely is `{words[0]}`?",
            options=options,
            answer=_about(times),
            why=f"A softmax takes e to the power of each logit. The ratio is e^{low + more} / e^{low} = e^{more}, "
            f"about {_about(times)}. Only the difference of two logits counts.",
            page="back_to_token",
            settings={"lens_model": SMALL_MODEL, "lens_small_text": " ".join(words)},
        )

    return until_fair(attempt)


def weights_of_both_tables(random: np.random.Generator) -> Exercise:
    """How many weights a model's input table and output table have together."""
    (V, D), tied = _size(random), bool(random.integers(2))
    count = weights_of_tables(V, D, tied)
    which = "its output is tied to it" if tied else "its output has a table of its own, as large"
    reason = "The output uses the same table, so it counts once" if tied else "There are two tables, so both count"
    return Exercise(
        kind="weights_of_both_tables",
        chapter=LANGUAGE,
        question=f"A language model's input table has {V:,} rows of {D} numbers, and {which}. How many weights do "
        "input and output have together?",
        options=number_options(random, count, (V * D, 2 * V * D, V + D, 4 * V * D), "{:,.0f}".format),
        answer=f"{count:,}",
        why=f"{reason}: {'' if tied else '2 × '}{V:,} × {D} = {count:,}.",
        page="back_to_token",
        settings={"lens_model": SMALL_MODEL, "lens_tied": str(tied).lower()},
    )


def multiplications_of_output(random: np.random.Generator) -> Exercise:
    """How many multiplications an output takes."""
    (V, D), T = _size(random), int(random.integers(1, 5))
    count, tied = multiplications(V, D, T), bool(random.integers(2))
    return Exercise(
        kind="multiplications_of_output",
        chapter=LANGUAGE,
        question=f"A language model's output compares a vector with all {V:,} rows of a table. Each row has {D} "
        f"numbers. How many multiplications does that take for {T} {'vector' if T == 1 else 'vectors'}?",
        options=number_options(random, count, (T * D, T * V, 10 * count, V * D + T, 2 * count), "{:,.0f}".format),
        answer=f"{count:,}",
        why=f"Each vector is multiplied with each row, number by number: {T} × {V:,} × {D} = {count:,}. Looking up "
        f"{T} {'row' if T == 1 else 'rows'} takes none.",
        page="back_to_token",
        settings={"lens_model": SMALL_MODEL, "lens_tied": str(tied).lower()},
    )


def _size(random: np.random.Generator) -> tuple[int, int]:
    """V and D of a table."""
    return int(random.choice(SIZES)), int(random.choice(DIMENSIONS))


def _text(random: np.random.Generator) -> tuple[str, list[str], str]:
    """A text, its nouns, of which the first stands in it once to three times, and a word that does not."""
    first, second, other = shuffled(random, WORDS)[:3]
    again = (f"near the {first}", f"and the {first}")[: int(random.integers(3))]
    return f"today the {first} {random.choice(VERBS)} " + " ".join((f"the {second}", *again)), [first, second], other


def _drawn_table(random: np.random.Generator, V: int) -> np.ndarray:
    """A table with rows that differ: float32 [V, 3]."""
    return random.standard_normal((V, 3)).astype(np.float32)


def _replaced(text: str, asked: str, other: str) -> dict[str, str]:
    """Settings of the page on which the row of ``asked`` is replaced by that of ``other``."""
    return {"row_model": "SmolLM2", "row_text": text, "row_token": f"␣{asked}", "row_other": other}


def _others(percent: int) -> list[float]:
    """Shares that are not ``percent``, from 0 to 1."""
    return [share / 100 for share in SHARES if share != percent]


def _rows(words: list[str], W: np.ndarray) -> str:
    return ", ".join(f"`{word} {numbers(row)}`" for word, row in zip(words, W, strict=True))


def _plain(number: float) -> str:
    return f"{number:g}".replace("-", "−")


def _factor(number: float) -> str:
    """A number in a product: in brackets below zero.

    >>> _factor(2.0), _factor(-3.0)
    ('2', '(−3)')
    """
    return _plain(number) if number >= 0 else f"({_plain(number)})"


def _times(count: int) -> str:
    """How often.

    >>> _times(1), _times(2)
    ('once', 'twice')
    """
    return "once" if count == 1 else "twice" if count == 2 else f"{count} times"


def _about(number: float) -> str:
    """Two digits, as nobody knows the powers of e any better.

    >>> _about(7.389), _about(54.6), _about(0.5)
    ('7.4', '55', '0.5')
    """
    return f"{float(f'{number:.2g}'):,.0f}" if number >= 10 else f"{number:.2g}"
