"""The words nearest to one, kept for all visitors: a class asks for the same ones."""

from components.session.answers import shared_answers
from embeddings import similarity
from embeddings.vectors import WordVectors

Ranking = tuple[tuple[str, float], ...]  # words and scores, best first


@shared_answers(max_entries=256)
def most_similar(table: WordVectors, word: str, n: int) -> Ranking:
    """``similarity.most_similar`` of one word.

    Raises:
        InvalidInput: The table lacks it.
    """
    return tuple(similarity.most_similar(table, word, n=n))


@shared_answers(max_entries=256)
def nearest_others(table: WordVectors, word: str, n: int, metric: str, preprocessing: str) -> Ranking:
    """``similarity.nearest`` of one word, itself left out; without usual values, as those would be kept twice.

    Raises:
        InvalidInput: The table lacks it.
    """
    return tuple(similarity.nearest(table, word, n, metric, preprocessing, exclude=(word,)))
