"""Byte pairs learned from a corpus."""

from dataclasses import dataclass

from embeddings.common import ProgressCallback, no_progress
from embeddings.tokenizers import BPETraining, train_bpe
from embeddings.training.corpora import load

_READING = 0.2  # of the work
_BEGINNING = 1_000  # characters that are kept to be cut


@dataclass(frozen=True)
class CorpusMerges:
    """What was learned from a corpus.

    Attributes:
        training: The merges.
        beginning: The first characters of its text.
    """

    training: BPETraining
    beginning: str


def corpus_merges(name: str, n_merges: int, report: ProgressCallback | None = None) -> CorpusMerges:
    """Merge the most frequent pairs of the corpus called ``name``, a sentence a line, with a space between tokens.

    Args:
        name: Of the catalogue.
        n_merges: See ``train_bpe``.
        report: Called often with ``(fraction, words)``. What it raises stops the work.

    Raises:
        InvalidInput: The catalogue has no such corpus, or ``n_merges`` is out of range.
        SourceUnavailable: Its file is missing.
        TooLarge: It does not fit into memory.
    """
    told = report or no_progress
    corpus = load(name, lambda fraction, message="", snapshot=None: told(_READING * fraction, message))
    text = "\n".join(map(" ".join, corpus.sentences))
    training = train_bpe(
        text,
        n_merges,
        report=lambda fraction, message="", snapshot=None: told(_READING + (1 - _READING) * fraction, message),
    )
    return CorpusMerges(training, text[:_BEGINNING])
