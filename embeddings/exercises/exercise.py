"""One exercise, and what all kinds of them share: fair options, words and sentences to ask about."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from embeddings.common import InvalidInput
from embeddings.vectors import GROUPS

WRONG = 3  # options beside the right one, at most
MAX_TRIES = 1_000
SAFE = 0.02  # of a last digit: nearer to where rounding changes, another processor might round the other way
VERBS = ("sees", "follows", "likes", "meets", "calls")


@dataclass(frozen=True)
class Exercise:
    """A question with drawn numbers, and the answer that was computed for them.

    Attributes:
        kind: The function that drew it.
        chapter: Folder of its lessons: one of ``CHAPTERS``.
        question: What is asked; Markdown with code spans and nothing else.
        options: The answers to choose from, in plain text; none where a whole number is to be written.
        answer: The right one of them, or the digits of the number.
        why: How one comes to it; Markdown as in ``question``.
        page: Address of the lesson that shows it.
        settings: Of that page, by their keys in the address, so that it shows just these numbers.
    """

    kind: str
    chapter: str
    question: str
    options: tuple[str, ...]
    answer: str
    why: str
    page: str
    settings: Mapping[str, str]

    def is_right(self, said: str) -> bool:
        """Whether ``said``, an option or digits, is the answer."""
        return said == self.answer


def until_fair(attempt: Callable[[], Exercise | None]) -> Exercise:
    """The first exercise that ``attempt`` gives; it gives ``None`` where the answers are too close to each other.

    Raises:
        InvalidInput: None came in many tries.
    """
    for _ in range(MAX_TRIES):
        if (exercise := attempt()) is not None:
            return exercise
    raise InvalidInput("No fair exercise came of these words. Draw with another seed.")


def number_options(
    random: np.random.Generator, answer: float, mistakes: Iterable[float], written: Callable[[float], str]
) -> tuple[str, ...]:
    """The right number and some usual mistakes, smallest first; empty where fewer than two mistakes differ from it.

    Args:
        random: Chooses among the mistakes.
        answer: The right number.
        mistakes: What comes of usual errors.
        written: How a number is written; what is written alike counts once.
    """
    wrong = {written(number): number for number in mistakes if number > 0 and written(number) != written(answer)}
    if len(wrong) < 2:
        return ()
    chosen = shuffled(random, sorted(wrong, key=wrong.__getitem__))[:WRONG]
    return tuple(sorted((written(answer), *chosen), key=lambda option: (wrong | {written(answer): answer})[option]))


def shuffled(random: np.random.Generator, items: Sequence[str]) -> list[str]:
    """``items`` in a random order."""
    return [items[place] for place in random.permutation(len(items))]


def best_by(scores: ArrayLike, margin: float) -> int | None:
    """Place of the highest of ``scores``; ``None`` where the second is not lower by more than ``margin``.

    >>> best_by([0.1, 0.9, 0.3], 0.5), best_by([0.1, 0.9, 0.8], 0.5)
    (1, None)
    """
    second, first = np.sort(scores)[-2:]
    return int(np.argmax(scores)) if first - second > margin else None


def rounds_the_same(number: float, digits: int) -> bool:
    """Whether a rounding error leaves the ``digits`` after the point of ``number`` as they are.

    >>> rounds_the_same(0.126, 2), rounds_the_same(0.125, 2)
    (True, False)
    """
    return abs(abs(number) * 10**digits % 1 - 0.5) > SAFE


def some_words(random: np.random.Generator, count: int) -> list[str]:
    """So many different everyday words, in no order."""
    return shuffled(random, [word for group in GROUPS.values() for word in group])[:count]


def some_of(random: np.random.Generator, group: str, count: int) -> list[str]:
    """So many different words of one of ``GROUPS``."""
    return shuffled(random, GROUPS[group])[:count]


def sentence(random: np.random.Generator) -> str:
    """A short sentence in which one word at least stands twice."""
    feeling = some_of(random, "feelings", int(random.integers(2)))
    subject = " ".join(("the", *feeling, *some_of(random, "professions", 1)))
    objects = " and ".join(f"the {animal}" for animal in some_of(random, "animals", int(random.integers(1, 4))))
    return f"{subject} {random.choice(VERBS)} {objects}"


def code(items: Iterable[object]) -> str:
    """``items`` as code spans.

    >>> code(["cat", "dog"])
    '`cat`, `dog`'
    """
    return ", ".join(f"`{item}`" for item in items)


def numbers(values: Iterable[float], digits: int = 1) -> str:
    """A row of numbers as it is read, in brackets.

    >>> numbers([0.5, -1.25], digits=2)
    '[0.5, −1.25]'
    """
    return "[" + ", ".join(f"{round(float(value), digits):g}".replace("-", "−") for value in values) + "]"
