"""Report cards: what tables score on analogies and on people's judgements of similarity."""

from dataclasses import dataclass
from typing import Any

from embeddings.common import InvalidInput, ProgressCallback, SourceUnavailable, no_progress
from embeddings.evaluation.baseline import shuffled
from embeddings.evaluation.benchmarks import DATASETS, AnalogyScore, PairScore, word_analogies, word_pairs
from embeddings.vectors import WordVectors


@dataclass(frozen=True)
class Card:
    """What one table scored.

    Attributes:
        analogies: On the Google analogies.
        pairs: On each dataset of pairs; ``None`` where it knows too few of them, or they are missing here.
    """

    analogies: AnalogyScore
    pairs: dict[str, PairScore | None]


def report_cards(
    *tables: WordVectors,
    with_shuffled: bool = False,
    limit: int,
    case_insensitive: bool = True,
    report: ProgressCallback | None = None,
) -> dict[str, Card]:
    """The card of each of ``tables`` by its name.

    Args:
        *tables: One or more.
        with_shuffled: Whether the first one's rows are tested once more, dealt out to the wrong words.
        limit: Only so many of the most frequent words take part.
        case_insensitive: Whether case is ignored.
        report: As work is given it.

    Raises:
        InvalidInput: As ``word_analogies``.
    """
    tested = (*tables, shuffled(tables[0], limit)) if with_shuffled else tables
    settings = {"limit": limit, "case_insensitive": case_insensitive}
    return {
        table.name: _card(table, settings, report or no_progress, number, len(tested))
        for number, table in enumerate(tested)
    }


def _card(table: WordVectors, settings: dict[str, Any], report: ProgressCallback, number: int, count: int) -> Card:
    """The card of ``table``, the one with this ``number`` of ``count``."""

    def tell(fraction: float, words: str = "", snapshot: Any = None, /) -> None:
        report((number + fraction) / count, f"{table.name}: {words}")

    analogies = word_analogies(table, report=tell, **settings)
    return Card(analogies, {name: _pairs(table, name, settings) for name in DATASETS})


def _pairs(table: WordVectors, dataset: str, settings: dict[str, Any]) -> PairScore | None:
    try:
        return word_pairs(table, dataset, **settings)
    except (InvalidInput, SourceUnavailable):
        return None  # it knows too few of the pairs, or they are missing, and the card says so
