"""Intrinsic evaluation: analogies, and people's judgements of how similar two words are.

Both give what gensim's ``evaluate_word_analogies`` and ``evaluate_word_pairs`` give at the same settings.
"""

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from embeddings.common import (
    InvalidInput,
    ProgressCallback,
    SourceUnavailable,
    as_choice,
    as_count,
    no_progress,
    one_blas_thread,
)
from embeddings.evaluation.batch_search import Exclusions, batch_top1
from embeddings.evaluation.datasets import WordIndex, dataset_file, read_pairs, read_questions
from embeddings.numeric import cosines, pearson, spearman, unit_rows
from embeddings.vectors import WordVectors

LIMIT = 300_000  # the most frequent words, as in gensim
DATASETS = ("wordsim353", "simlex999")
_FILES = MappingProxyType({"wordsim353": "wordsim353.tsv", "simlex999": "simlex999.txt"})
QUESTIONS = "questions-words.txt"
_GENSIM_LOOKS_AT = 5  # candidates for an answer
_NONE = -1
_QUESTIONS = 19_544  # in gensim's file
_SAMPLE, _SAMPLE_ROWS = 512, 8_192  # questions and rows that are searched to know how long it will take


@dataclass(frozen=True)
class Section:
    """The score of one section of questions, or of several together.

    Attributes:
        name: As it stands in the file.
        correct: Questions answered with the expected word.
        total: Questions asked.
        skipped: Questions not asked, since the table lacks one of their words.
    """

    name: str
    correct: int
    total: int
    skipped: int

    @property
    def accuracy(self) -> float:
        """Share of the questions asked that were answered correctly; 0 where none was asked, as in gensim."""
        return accuracy(self.correct, self.total)


def accuracy(correct: int, total: int) -> float:
    """The share, 0 to 1, of ``total`` questions that were answered correctly; 0 where none was asked, as in gensim.

    >>> accuracy(3, 4), accuracy(0, 0)
    (0.75, 0.0)
    """
    return correct / total if total else 0.0


@dataclass(frozen=True)
class AnalogyScore:
    """The score of a table on a file of analogies.

    Attributes:
        sections: In the order of the file.
        semantic: The sections whose names do not begin with "gram", together.
        syntactic: Those whose names do.
        all: All sections together.
        source: The table's name.
        questions: The file's name.
        limit: Only so many of the table's first words were known and searched.
        case_insensitive: Whether words that differ only in case counted as one.
    """

    sections: tuple[Section, ...]
    semantic: Section
    syntactic: Section
    all: Section
    source: str
    questions: str
    limit: int
    case_insensitive: bool


@dataclass(frozen=True)
class PairScore:
    """How well cosines follow people's judgements of similarity.

    Attributes:
        pearson: Correlation of cosine and judgement.
        spearman: Correlation of their ranks.
        unknown: Share of the pairs, 0 to 1, left out since the table lacks one of their words.
        used: Number of pairs compared.
        total: Number of pairs in the file.
        source: The table's name.
        dataset: The name of the judgements.
        limit: Only so many of the table's first words were known.
        case_insensitive: Whether words that differ only in case counted as one.
    """

    pearson: float
    spearman: float
    unknown: float
    used: int
    total: int
    source: str
    dataset: str
    limit: int
    case_insensitive: bool


def word_analogies(
    wv: WordVectors,
    *,
    limit: int = LIMIT,
    case_insensitive: bool = True,
    report: ProgressCallback | None = None,
    file: Path | None = None,
) -> AnalogyScore:
    """Answer analogies a : b :: c : ? with 3CosAdd and count how often the expected word comes first.

    The inputs, and their other spellings where case is ignored, are not allowed as answers. Questions with a word
    outside the first ``limit`` are skipped. The table is read block by block and never copied: beside it the 19,544
    questions over 400,000 words of 50 numbers take about 80 MB. The search runs on one thread.

    Args:
        wv: A table in the order of frequency.
        limit: Know and search only the first so many words.
        case_insensitive: Compare words in upper case; of several spellings the most frequent gives the vector.
        report: Called often with ``(fraction, words)``. What it raises stops the work.
        file: Questions in the format of word2vec: four words a line, in sections that begin with ": name". By default
            the 19,544 of the Google analogy test set.

    Raises:
        InvalidInput: ``limit`` is out of range, or the file cannot be read as such questions.
        SourceUnavailable: Their file is not there.

    References:
        Mikolov, Chen, Corrado and Dean, "Efficient Estimation of Word Representations in Vector Space", 2013;
        gensim's ``KeyedVectors.evaluate_word_analogies``.
    """
    limit = min(as_count(limit, "The limit", 1, 10**9), len(wv))
    file = file or dataset_file(QUESTIONS)
    index = WordIndex(wv.tokens[:limit], case_insensitive)
    asked = read_questions(file, index)
    known = np.array([words for _, questions in asked for words in questions if words], dtype=np.int64).reshape(-1, 4)
    correct = iter((_answers(wv, known[:, :3], index, report or no_progress) == known[:, 3]).tolist())
    sections = tuple(
        _score(name, [next(correct) for words in questions if words], len(questions)) for name, questions in asked
    )
    return AnalogyScore(
        sections,
        semantic=_together("semantic", (section for section in sections if not section.name.startswith("gram"))),
        syntactic=_together("syntactic", (section for section in sections if section.name.startswith("gram"))),
        all=_together("all", sections),
        source=wv.name,
        questions=file.name,
        limit=limit,
        case_insensitive=case_insensitive,
    )


def missing_datasets() -> tuple[str, ...]:
    """Those of ``DATASETS`` whose file is not on this machine.

    >>> set(missing_datasets()) <= set(DATASETS)
    True
    """
    return tuple(dataset for dataset in DATASETS if not _there(_FILES[dataset]))


def _there(name: str) -> bool:
    try:
        dataset_file(name)
    except SourceUnavailable:
        return False
    return True


def word_pairs(
    wv: WordVectors,
    dataset: str = "wordsim353",
    *,
    limit: int = LIMIT,
    case_insensitive: bool = True,
    report: ProgressCallback | None = None,
) -> PairScore:
    """Compare the cosines of pairs of words with people's judgements of how similar they are.

    Args:
        wv: A table in the order of frequency.
        dataset: ``"wordsim353"`` (relatedness, 353 pairs) or ``"simlex999"`` (similarity proper, 999 pairs).
        limit: Know only the first so many words.
        case_insensitive: Compare words in upper case; of several spellings the most frequent gives the vector.
        report: Called with ``(fraction, words)``. What it raises stops the work.

    Raises:
        InvalidInput: An unknown dataset, ``limit`` out of range, or too few known pairs to correlate.
        SourceUnavailable: Its file is not there: SimLex-999 comes with gensim.

    References:
        Finkelstein and others, "Placing Search in Context", WWW 2001. Hill, Reichart and Korhonen, "SimLex-999",
        Computational Linguistics 2015. gensim's ``KeyedVectors.evaluate_word_pairs``.
    """
    dataset = as_choice(dataset, "The dataset", DATASETS)
    limit = min(as_count(limit, "The limit", 1, 10**9), len(wv))
    report = report or no_progress
    report(0.0, "reading the pairs")
    index = WordIndex(wv.tokens[:limit], case_insensitive)
    pairs = read_pairs(dataset_file(_FILES[dataset]))
    known = [(index.id(a), index.id(b), judgement) for a, b, judgement in pairs]
    known = [triple for triple in known if None not in triple]
    report(0.5, f"comparing {len(known):,} pairs")
    first, second, judgements = zip(*known, strict=True) if known else ((), (), ())
    judged, found = np.array(judgements), cosines(*(wv.matrix[list(ids)].astype(np.float64) for ids in (first, second)))
    correlations = pearson(judged, found), spearman(judged, found)
    if any(map(math.isnan, correlations)):
        raise InvalidInput(
            f"{wv.name} knows too few pairs of {dataset} for a correlation: {len(known)} of {len(pairs)}."
        )
    return PairScore(
        pearson=correlations[0],
        spearman=correlations[1],
        unknown=1 - len(known) / len(pairs),
        used=len(known),
        total=len(pairs),
        source=wv.name,
        dataset=dataset,
        limit=limit,
        case_insensitive=case_insensitive,
    )


def search_seconds(wv: WordVectors, limit: int) -> float:
    """How long ``word_analogies`` with all 19,544 questions will search the first ``limit`` words, as measured now.

    A small part of the search is run, and multiplied; questions that need not be asked make it shorter.

    Raises:
        InvalidInput: ``limit`` is out of range.
    """
    limit = min(as_count(limit, "The limit", 1, 10**9), len(wv))
    rows = min(limit, _SAMPLE_ROWS)
    queries, nothing = _units(wv, np.arange(_SAMPLE) % len(wv)), Exclusions.of([])
    took = []
    with one_blas_thread():
        for _ in range(3):  # the first also fetches the rows
            began = time.perf_counter()
            batch_top1(wv, queries, rows, nothing, no_progress)
            took.append(time.perf_counter() - began)
    return min(took) * (limit / rows) * (_QUESTIONS / _SAMPLE)


def _answers(
    wv: WordVectors, questions: NDArray[np.int64], index: WordIndex, report: ProgressCallback
) -> NDArray[np.int64]:
    """The word that answers each of ``questions`` [Q, 3], rows of a, b and c: its row, or -1 for none; int64 [Q]."""
    a, b, c = questions.T
    queries = _units(wv, b) - _units(wv, a) + _units(wv, c)  # [Q, D]; their lengths do not change which row is best
    others = [
        [token_id for word in set(words) for token_id in index.others.get(word, ())] for words in questions.tolist()
    ]
    inputs = ({*words, *also} for words, also in zip(questions.tolist(), others, strict=True))
    with one_blas_thread():
        found, scores = batch_top1(wv, queries, len(index.word_of), Exclusions.of(inputs), report)
    answers = np.where(np.isneginf(scores), _NONE, index.word_of[found])
    many = np.array([len(also) >= _GENSIM_LOOKS_AT for also in others], dtype=bool)
    for i in np.flatnonzero(many | np.isneginf(scores)):
        seen = _spellings_seen_first(wv, queries[i], scores[i], others[i])
        if seen:
            answers[i] = index.word_of[seen[-1]]
    return answers


def _spellings_seen_first(wv: WordVectors, query: NDArray, score: float, others: list[int]) -> list[int]:
    """All that gensim sees where it sees nothing but other spellings of the inputs; else nothing.

    It looks at the five best rows, the inputs' own left out, and takes the last of them where none is a new word.
    """
    products = _units(wv, others) @ query
    ahead = [others[i] for i in np.argsort(-products, kind="stable") if products[i] > score][:_GENSIM_LOOKS_AT]
    return ahead if len(ahead) == _GENSIM_LOOKS_AT or np.isneginf(score) else []


def _units(wv: WordVectors, ids: Sequence[int] | NDArray[np.integer]) -> NDArray[np.float64]:
    return unit_rows(wv.matrix[ids].astype(np.float64))  # [N, D]


def _score(name: str, correct: list[bool], questions: int) -> Section:
    return Section(name, sum(correct), len(correct), questions - len(correct))


def _together(name: str, sections: Iterable[Section]) -> Section:
    counts = np.array([(section.correct, section.total, section.skipped) for section in sections]).reshape(-1, 3)
    return Section(name, *map(int, counts.sum(axis=0)))
