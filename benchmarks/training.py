"""Watching an embedding being learned: what watching costs, and what is learned in how long.

Ours is ``embeddings.word2vec.train`` with its losses and snapshots, each of them drawn into the common frame and
searched for a word's neighbours as a page does; the peer is gensim's ``Word2Vec.train`` alone, with the same settings
and one worker. The two take turns in one process. Their processor time is compared, per million words: other
programs change it less than the clock. All other times are the clock's.
"""

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure
from embeddings import corpora, language_model, word2vec
from embeddings.alignment import Frame
from embeddings.corpora import Corpus, count_vocabulary
from embeddings.learned import score
from embeddings.neighbors import cosine_similarities, most_similar
from embeddings.snapshots import Snapshot
from embeddings.word_vectors import WordVectors

ROUNDS = 5
AT_MOST_TIMES = 1 / 0.9  # at least 90 % of gensim's words per second
EPOCHS, SNAPSHOTS = 15, 30
EPOCHS_WATCHED = 3  # with as many snapshots as three of fifteen epochs have
SHOWN = 500  # words on the map
SKIP_GRAM = {"skip_gram": True, "dimension": 50, "window": 5, "negative": 10, "min_count": 10, "sample": 1e-4}
STEPS, STEPS_PER_SECOND = 300, 50


def measure() -> list[Figure]:
    """The cost of watching, then what is learned."""
    wikipedia = corpora.load("wikipedia")
    return [watching(wikipedia), *made_up_world(), likeness(wikipedia), language_model_step()]


def watching(corpus: Corpus) -> Figure:
    """Processor time for a million words, watched and bare."""
    ours, peers = [], []
    for _ in range(ROUNDS):
        ours.append(watched_seconds(corpus))
        peers.append(bare_seconds(corpus))
    return Figure(
        f"word2vec on {corpus.tokens:,} words of Wikipedia, {EPOCHS_WATCHED} epochs: processor time per million words",
        "s",
        median(ours),
        tuple(ours),
        peer="bare gensim",
        peers=median(peers),
        peers_all=tuple(peers),
        at_most_times=AT_MOST_TIMES,
    )


def watched_seconds(corpus: Corpus) -> float:
    """From the first snapshot to the end, with all that a page does at each."""
    snapshots = SNAPSHOTS * EPOCHS_WATCHED // EPOCHS
    run = word2vec.train(corpus, epochs=EPOCHS_WATCHED, snapshots=snapshots, on_progress=lambda *_: None, **SKIP_GRAM)
    frame = Frame.of(next(run).W, range(SHOWN))
    started = time.process_time()
    *_, last = looked_at(run, frame)
    return 1e6 * (time.process_time() - started) / last.step


def looked_at(run: Iterator[Snapshot], frame: Frame) -> Iterator[Snapshot]:
    """Each snapshot, after its map was drawn and a word's neighbours were found."""
    for snapshot in run:
        frame = frame.next(snapshot.W)
        if frame.coordinates.shape != (SHOWN, 2) or len(most_similar(snapshot.word_vectors(), "three")) != 10:
            raise RuntimeError("A snapshot cannot be looked at.")
        yield snapshot


def bare_seconds(corpus: Corpus) -> float:
    """gensim's own training loop."""
    from gensim.models import Word2Vec

    count = count_vocabulary(corpus, SKIP_GRAM["min_count"])
    model = Word2Vec(sg=1, vector_size=50, window=5, negative=10, min_count=10, sample=1e-4, workers=1, seed=0)
    model.build_vocab_from_freq(dict(zip(count.vocabulary.tokens, count.counts.tolist(), strict=True)))
    started = time.process_time()
    model.train(corpus.sentences, total_words=corpus.tokens, epochs=EPOCHS_WATCHED)
    return 1e6 * (time.process_time() - started) / (EPOCHS_WATCHED * corpus.tokens)


def made_up_world() -> list[Figure]:
    """How long the made-up world takes from nothing, with the settings that stand there at first, and what it gives."""
    started = time.perf_counter()
    *_, last = word2vec.train(corpora.of_made_up_world(), epochs=EPOCHS)
    seconds = time.perf_counter() - started
    known = score(last.word_vectors())
    return [
        Figure("word2vec on the made-up world, from nothing to the last snapshot", "s", seconds, at_most=10),
        Figure("silhouette of its categories by cosine in all dimensions", "", known.silhouette, at_least=0.4),
        Figure(f"share right of its {len(known.analogies)} analogies", "", known.accuracy),
    ]


def likeness(corpus: Corpus) -> Figure:
    """Spearman's correlation with people's judgement of how like two words are (Finkelstein et al. 2002)."""
    from scipy.stats import spearmanr

    *_, last = word2vec.train(corpus, epochs=EPOCHS, **SKIP_GRAM)
    table = last.word_vectors()
    judged = judged_pairs(table)
    ours = [float(cosine_similarities(table.rows(pair))[0, 1]) for pair, _ in judged]
    what = f"word2vec on Wikipedia, {EPOCHS} epochs: Spearman on the {len(judged)} pairs of WordSim-353 that it knows"
    return Figure(what, "", float(spearmanr(ours, [people for _, people in judged]).statistic), at_least=0.5)


def judged_pairs(table: WordVectors) -> list[tuple[tuple[str, str], float]]:
    """The pairs of WordSim-353 whose words ``table`` has, each with the mean of what people said, 0 to 10."""
    from gensim.test.utils import datapath

    lines = Path(datapath("wordsim353.tsv")).read_text().splitlines()
    rows = [line.lower().split("\t") for line in lines if not line.startswith("#")]
    return [((a, b), float(people)) for a, b, people in rows if a in table and b in table]


def language_model_step() -> Figure:
    """A step of the transformer at batch 64, context 16, dimension 64; the watcher is called once before each."""
    began = []
    run = language_model.train(
        corpora.of_made_up_world(),
        steps=STEPS,
        on_progress=lambda _, words: began.append(time.perf_counter()) if words.startswith("Training") else None,
        snapshots=1,
    )
    *_, last = run
    steps = [1000 * (after - before) for before, after in pairwise(began)]
    options = last.settings
    what = f"step of the language model, {options.batch} x {options.context} tokens, {options.dimension} dimensions"
    return Figure(what, "ms", median(steps), tuple(steps), at_most=1000 / STEPS_PER_SECOND)
