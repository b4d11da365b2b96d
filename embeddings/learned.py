"""What did it learn? Scores by the made-up world's own truth, words over time, and what a large model's table costs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from embeddings import made_up_world
from embeddings.errors import InvalidInput
from embeddings.neighbors import cosine_similarities, most_similar
from embeddings.snapshots import Snapshot
from embeddings.word_vectors import WordVectors

SECONDS_IN_A_DAY = 86_400
DAYS_IN_A_YEAR = 365.25
OPERATIONS_PER_WEIGHT = 6  # for each token: 2 forward, 4 backward


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
        return sum(analogy.correct for analogy in self.analogies) / max(1, len(self.analogies))

    def accuracies(self) -> dict[str, float]:
        """The same for each section."""
        sections = dict.fromkeys(analogy.section for analogy in self.analogies)
        kept = {name: [a.correct for a in self.analogies if a.section == name] for name in sections}
        return {name: sum(correct) / len(correct) for name, correct in kept.items()}


def score(wv: WordVectors) -> Score:
    """Score ``wv`` against the ground truth of the made-up world.

    Raises:
        InvalidInput: Fewer than two of the world's categories have words in it, or none has two.

    References:
        Rousseeuw, "Silhouettes", 1987, by ``sklearn.metrics.silhouette_samples``. Analogies as in Mikolov et al., 2013.
    """
    import numpy as np
    from sklearn.metrics import silhouette_samples

    of_category = [
        (word, category) for category, words in made_up_world.categories().items() for word in words if word in wv
    ]
    categories = dict.fromkeys(category for _, category in of_category)
    if not 2 <= len(categories) < len(of_category):
        raise InvalidInput(
            "This table has too few words of the made-up world to be scored by it. Train it on that world."
        )
    rows = wv.rows([word for word, _ in of_category])
    of_row = np.array([category for _, category in of_category])
    each = silhouette_samples(rows, of_row, metric="cosine")
    silhouettes = {category: float(each[of_row == category].mean()) for category in categories}
    return Score(float(each.mean()), _answers(wv), len(of_category), MappingProxyType(silhouettes))


def _answers(wv: WordVectors) -> tuple[Analogy, ...]:
    return tuple(
        Analogy(section, a, b, c, d, most_similar(wv, [b, c], [a], n=1)[0][0])
        for section, analogies in made_up_world.analogies().items()
        for a, b, c, d in analogies
        if all(word in wv for word in (a, b, c, d))
    )


def neighbours_over_time(
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


@dataclass(frozen=True)
class LargeModel:
    """A large language model as its makers described it.

    Attributes:
        name: What it is called.
        V: Rows of its embedding table.
        D: Columns.
        weights: In the whole model.
        tokens: That it was trained on.
        reference: Where that is written.
    """

    name: str
    V: int
    D: int
    weights: float
    tokens: float
    reference: str


def large_models() -> tuple[LargeModel, ...]:
    """Models whose sizes and training are published."""
    return (
        LargeModel("GPT-3", 50_257, 12_288, 175e9, 300e9, "Brown et al., Language Models are Few-Shot Learners, 2020"),
        LargeModel("Llama 3 8B", 128_256, 4_096, 8e9, 15e12, "Grattafiori et al., The Llama 3 Herd of Models, 2024"),
    )


@dataclass(frozen=True)
class CostEstimate:
    """What it would take this machine to learn a large model's table, term by term.

    Attributes:
        model: The model.
        table_weights: V × D.
        operations: 6 × weights × tokens: the table is learned only as a part of all of it.
        operations_here: Per second: 6 × the small model's weights × its tokens per second.
        seconds: operations / operations_here.
    """

    model: LargeModel
    table_weights: int
    operations: float
    operations_here: float
    seconds: float

    @property
    def years(self) -> float:
        """The same in years."""
        return self.seconds / SECONDS_IN_A_DAY / DAYS_IN_A_YEAR

    def terms(self) -> tuple[tuple[str, float], ...]:
        """The arithmetic, line by line: what each number is, and the number."""
        return (
            ("Rows of the table, V", self.model.V),
            ("Columns of the table, D", self.model.D),
            ("Weights in the table, V × D", self.table_weights),
            ("Weights in the whole model", self.model.weights),
            ("Tokens it was trained on", self.model.tokens),
            ("Operations, 6 × weights × tokens", self.operations),
            ("Operations per second here, as measured", self.operations_here),
            ("Seconds, operations / operations per second", self.seconds),
            ("Years", self.years),
        )


def cost_estimate(model: LargeModel, weights_here: int, tokens_per_second: float) -> CostEstimate:
    """What ``model`` would take at the speed at which a small model was trained here.

    Args:
        model: The large one.
        weights_here: Weights of the small one that a token is multiplied with: all but those that are looked up.
        tokens_per_second: At which it was trained, as measured.

    Raises:
        InvalidInput: A number is not more than 0.

    References:
        The 6: Kaplan et al., "Scaling Laws for Neural Language Models", 2020, section 2.1.

    >>> f"{cost_estimate(large_models()[0], weights_here=65_000, tokens_per_second=80_000).operations:.3g}"
    '3.15e+23'
    """
    if not (weights_here > 0 and 0 < tokens_per_second < float("inf")):
        raise InvalidInput("The speed is not known yet: train for a moment first.")
    operations = OPERATIONS_PER_WEIGHT * model.weights * model.tokens
    operations_here = OPERATIONS_PER_WEIGHT * weights_here * tokens_per_second
    return CostEstimate(model, model.V * model.D, operations, operations_here, operations / operations_here)
