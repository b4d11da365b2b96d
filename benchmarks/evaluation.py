"""The 19,544 Google analogies answered over all 400,000 words of GloVe 6B 50d.

Ours is ``embeddings.evaluation.word_analogies``, the peer gensim's ``KeyedVectors.evaluate_word_analogies`` over the
same vectors, at the same settings: ``restrict_vocab=400000``, words compared in upper case, questions with unknown
words skipped. The accuracies of all sections must be equal to four decimals. Ours takes one thread, gensim all that
there are.
"""

import time
from collections.abc import Callable
from statistics import median

from benchmarks.figures import Figure
from benchmarks.neighbors import as_gensim_keeps_them
from embeddings import sources
from embeddings.evaluation import QUESTIONS, AnalogyScore, dataset_file, word_analogies

ROUNDS = 3  # of ours; the peer takes more than a minute and runs once
AT_MOST_TIMES = 0.25  # at least 4 times as fast


def measure() -> list[Figure]:
    """Seconds for all questions, on both sides; stops where the accuracies differ."""
    table = sources.load()
    keyed_vectors = as_gensim_keeps_them(table)
    table.inverse_norms  # noqa: B018 (gensim's norms are filled beforehand, too)
    timed = [seconds(lambda: word_analogies(table, limit=len(table))) for _ in range(ROUNDS)]
    ours = tuple(taken for taken, _ in timed)
    peers, (_, sections) = seconds(
        lambda: keyed_vectors.evaluate_word_analogies(str(dataset_file(QUESTIONS)), restrict_vocab=len(table))
    )
    check_same(timed[0][1], sections)
    what = f"{timed[0][1].all.total:,} analogies over {len(table):,} x {table.dimension}"
    compared = {"peer": "gensim", "peers": peers, "peers_all": (peers,), "at_most_times": AT_MOST_TIMES}
    return [Figure(what, "s", median(ours), ours, **compared)]


def check_same(score: AnalogyScore, sections: list[dict]) -> None:
    """Stop unless every section, and all together, have the same accuracy to four decimals."""
    ours = {section.name: section for section in score.sections} | {"Total accuracy": score.all}
    for section in sections:
        correct, total = len(section["correct"]), len(section["correct"]) + len(section["incorrect"])
        mine = ours.pop(section["section"])
        if total != mine.total or round(correct / total, 4) != round(mine.accuracy, 4):
            raise RuntimeError(f"{mine} is not gensim's {correct} of {total}.")
    if ours:
        raise RuntimeError(f"gensim lacks the sections {', '.join(ours)}.")


def seconds(call: Callable[[], object]) -> tuple[float, object]:
    """How long one ``call`` takes, and what it gives."""
    started = time.perf_counter()
    answer = call()
    return time.perf_counter() - started, answer
