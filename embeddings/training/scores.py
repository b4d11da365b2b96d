"""Intrinsic evaluation of a trained table: silhouette and analogies on the toy corpus, and words over time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from embeddings.common import InvalidInput
from embeddings.evaluation import accuracy
from embeddings.numeric import silhouette, silhouette_samples
from embeddings.similarity import cosine_similarities, most_similar
from embeddings.training import toy_corpus
from embeddings.training.snapshots import Snapshot
from embeddings.vectors import WordVectors


@dataclass(frozen=True)
class Analogy:
    """One analogy of the made-up world, "a is to b as c is to d", and what the table made of it.

    Attributes:
        section: What it is about.
        a: As in b − a + c.
        b: See ``a``.
        c: See ``a``.
        expected: What the world's grammar makes true.
        answer: The nearest word to b − a + c that is none of them.
    """

    section: str
    a: str
    b: str
    c: str
    expected: str
    answer: str

    @property
    def correct(self) -> bool:
        """Whether the table found it."""
        return self.answer == self.expected


@dataclass(frozen=True)
class Score:
    """How well a table knows the made-up world.

    Attributes:
        silhouette: Of the world's categories by cosine in all D dimensions, -1 to 1: 0 is chance, above 0.4 is clear.
        analogies: Every analogy whose words the table has.
        words: How many of the world's words it has.
        silhouettes: The mean silhouette of each category's words, by its name.
    """

    silhouette: float
    analogies: tuple[Analogy, ...]
    words: int
    silhouettes: Mapping[str, float]

    @property
    def accuracy(self) -> float:
        """Share of the analogies that are right, 0 to 1; 0 where there are none."""
        return accuracy(sum(analogy.correct for analogy in self.analogies), len(self.analogies))

    def accuracies(self) -> dict[str, float]:
        """The same for each section."""
        sections = dict.fromkeys(analogy.section for analogy in self.analogies)
        kept = {name: [a.correct for a in self.analogies if a.section == name] for name in sections}
        return {name: accuracy(sum(correct), len(correct)) for name, correct in kept.items()}


def score(wv: WordVectors) -> Score:
    """Score ``wv`` against the ground truth of the made-up world.

    Raises:
        InvalidInput: Fewer than two of the world's categories have words in it, or none has two.

    References:
        Rousseeuw, "Silhouettes", 1987, by ``embeddings.numeric.silhouette``. Analogies as in Mikolov et al., 2013.
    """
    of_category = [
        (word, category) for category, words in toy_corpus.toy_categories().items() for word in words if word in wv
    ]
    categories = list(dict.fromkeys(category for _, category in of_category))
    if not 2 <= len(categories) < len(of_category):
        raise InvalidInput(
            "This table has too few words of the made-up world to be scored by it. Train it on that world."
        )
    rows = wv.rows([word for word, _ in of_category])
    labels = np.array([categories.index(category) for _, category in of_category])
    each = silhouette_samples(rows, labels, metric="cosine")
    silhouettes = {category: float(each[labels == number].mean()) for number, category in enumerate(categories)}
    return Score(
        silhouette(rows, labels, metric="cosine"), _answers(wv), len(of_category), MappingProxyType(silhouettes)
    )


def _answers(wv: WordVectors) -> tuple[Analogy, ...]:
    return tuple(
        Analogy(section, a, b, c, d, most_similar(wv, [b, c], [a], n=1)[0][0])
        for section, analogies in toy_corpus.analogies().items()
        for a, b, c, d in analogies
        if all(word in wv for word in (a, b, c, d))
    )


def neighbors_over_time(
    snapshots: Iterable[Snapshot], token: str, n: int = 5
) -> tuple[tuple[tuple[str, float], ...], ...]:
    """The ``n`` nearest words to ``token`` in each snapshot, with their cosines, best first.

    Raises:
        UnknownToken: The table has no such row.
    """
    return tuple(tuple(most_similar(snapshot.word_vectors(), token, n=n)) for snapshot in snapshots)


def similarities_over_time(
    snapshots: Iterable[Snapshot], pairs: Sequence[tuple[str, str]]
) -> tuple[tuple[float, ...], ...]:
    """The cosine of each of ``pairs`` in each snapshot: a row a snapshot, a column a pair.

    Raises:
        UnknownToken: The table lacks one of the words.
    """
    return tuple(
        tuple(float(cosine_similarities(snapshot.word_vectors().rows(pair))[0, 1]) for pair in pairs)
        for snapshot in snapshots
    )
