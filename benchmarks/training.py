"""Watching an embedding being learned: what watching costs, and what is learned in how long.

Ours is ``embeddings.training.word2vec.train`` with its losses and snapshots, each drawn into the common frame and
searched for a word's neighbours as a page does; the peer is gensim's ``Word2Vec.train`` alone, with the same settings
and one worker. The two take turns in one process. Two things are compared. The words per second of the clock, where
ours runs in a line of jobs, as on the page, while a reader looks every half second and draws loss, map and similarities
of all that there is every second and a half. And the processor time per million words, which other programs change less
than the clock. All other times are the clock's.
"""

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure
from components.figures.scatter_map import map_figure
from components.figures.training import loss_figure, similarities_figure
from components.lessons.learning.runs import LIVE_SECONDS
from components.session.background_jobs import POLL_SECONDS
from embeddings.common import ProgressCallback
from embeddings.jobs import TRAINING, Job, JobQueue
from embeddings.projection import AlignedSnapshot
from embeddings.similarity import cosine_similarities, most_similar
from embeddings.training import (
    AlignedMap,
    Corpus,
    History,
    Snapshot,
    count_vocabulary,
    language_model,
    load,
    of_toy_corpus,
    run_with_history,
    score,
    similarities_over_time,
    word2vec,
)
from embeddings.vectors import WordVectors

ROUNDS = 5
AT_MOST_TIMES = 1 / 0.9  # at least 90 % of gensim's words per second
EPOCHS, SNAPSHOTS = 15, 30
EPOCHS_WATCHED = 3  # with as many snapshots as three of fifteen epochs have
SHOWN = 500  # words on the map
SKIP_GRAM = {"skip_gram": True, "dimension": 50, "window": 5, "negative": 10, "min_count": 10, "sample": 1e-4}
STEPS, STEPS_PER_SECOND = 300, 50


def measure() -> list[Figure]:
    """The cost of watching, then what is learned."""
    wikipedia = load("wikipedia")
    return [live(wikipedia), watching(wikipedia), *made_up_world(), likeness(wikipedia), language_model_step()]


def live(corpus: Corpus) -> Figure:
    """Words per second by the clock, with a reader who watches, and bare."""
    ours, peers = [], []
    for _ in range(ROUNDS):
        ours.append(live_words_per_second(corpus))
        peers.append(1e6 / bare_seconds(corpus, time.perf_counter))
    return Figure(
        f"word2vec on {corpus.tokens:,} words of Wikipedia, {EPOCHS_WATCHED} epochs, live: words per second",
        "words/s",
        median(ours),
        tuple(ours),
        peer="bare gensim",
        peers=median(peers),
        peers_all=tuple(peers),
        at_least=median(peers) / AT_MOST_TIMES,
    )


def live_words_per_second(corpus: Corpus) -> float:
    """From the first snapshot to the end, in a line of jobs, with a reader who draws."""
    seen: list[float] = []
    snapshots = SNAPSHOTS * EPOCHS_WATCHED // EPOCHS

    def train(report: ProgressCallback) -> Iterator[Snapshot]:
        return word2vec.train(corpus, epochs=EPOCHS_WATCHED, snapshots=snapshots, report=report, **SKIP_GRAM)

    def work(report: ProgressCallback) -> History:
        def told(fraction: float, words: str = "", history: History | None = None) -> None:
            if history is not None:
                seen.append(time.perf_counter())
            report(fraction, words, history)

        return run_with_history(train, told)

    job = JobQueue().submit("reader", work, TRAINING)
    read_along(job)
    if job.state != "done":
        raise RuntimeError(job.words)
    return job.result.metrics[-1].step / (seen[-1] - seen[0])


def read_along(job: Job) -> None:
    """Look at ``job`` as a page does until it has ended, and draw what there is of it."""
    places, drawn = AlignedMap(tuple(range(SHOWN))), 0.0
    while not job.wait(POLL_SECONDS):
        history = job.look().snapshot
        if history is not None and time.perf_counter() - drawn > LIVE_SECONDS:
            draw(history, places)
            drawn = time.perf_counter()


def draw(history: History, places: AlignedMap) -> None:
    """Loss, map and similarities of a run up to now, as the browser is sent them."""
    metrics, snapshots = history.metrics, history.snapshots
    last = round(metrics[-1].step / metrics[-1].fraction) if metrics[-1].fraction else 1
    words = [snapshots[-1].vocabulary.token(token_id) for token_id in places.ids]
    pairs = list(pairwise(words[:5]))
    cosines = zip(*similarities_over_time(snapshots, pairs), strict=True)
    named = {" · ".join(pair): column for pair, column in zip(pairs, cosines, strict=True)}
    losses, held_out = [m.loss for m in metrics], [m.held_out_loss for m in metrics]
    for figure in (
        loss_figure([m.step for m in metrics], losses, held_out, last, "tokens"),
        map_figure(places.places(snapshots)[-1], words, ["words"] * len(words), ["words"]),
        similarities_figure([s.step for s in snapshots], named, last, "tokens"),
    ):
        figure.to_json()


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
    run = word2vec.train(corpus, epochs=EPOCHS_WATCHED, snapshots=snapshots, report=lambda *_: None, **SKIP_GRAM)
    frame = AlignedSnapshot.of(next(run).W, range(SHOWN))
    started = time.process_time()
    *_, last = looked_at(run, frame)
    return 1e6 * (time.process_time() - started) / last.step


def looked_at(run: Iterator[Snapshot], frame: AlignedSnapshot) -> Iterator[Snapshot]:
    """Each snapshot, after its map was drawn and a word's neighbours were found."""
    for snapshot in run:
        frame = frame.next(snapshot.W)
        if frame.coordinates.shape != (SHOWN, 2) or len(most_similar(snapshot.word_vectors(), "three")) != 10:
            raise RuntimeError("A snapshot cannot be looked at.")
        yield snapshot


def bare_seconds(corpus: Corpus, clock: Callable[[], float] = time.process_time) -> float:
    """Seconds of ``clock`` for a million words of gensim's own training loop."""
    from gensim.models import Word2Vec

    count = count_vocabulary(corpus, SKIP_GRAM["min_count"])
    model = Word2Vec(sg=1, vector_size=50, window=5, negative=10, min_count=10, sample=1e-4, workers=1, seed=0)
    model.build_vocab_from_freq(dict(zip(count.vocabulary.tokens, count.counts.tolist(), strict=True)))
    started = clock()
    model.train(corpus.sentences, total_words=corpus.tokens, epochs=EPOCHS_WATCHED)
    return 1e6 * (clock() - started) / (EPOCHS_WATCHED * corpus.tokens)


def made_up_world() -> list[Figure]:
    """How long the made-up world takes from nothing, with the settings that stand there at first, and what it gives."""
    started = time.perf_counter()
    *_, last = word2vec.train(of_toy_corpus(), epochs=EPOCHS)
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
        of_toy_corpus(),
        steps=STEPS,
        report=lambda _, words: began.append(time.perf_counter()) if words.startswith("Training") else None,
        snapshots=1,
    )
    *_, last = run
    steps = [1000 * (after - before) for before, after in pairwise(began)]
    options = last.settings
    what = f"step of the language model, {options.batch} x {options.context} tokens, {options.dimension} dimensions"
    return Figure(what, "ms", median(steps), tuple(steps), at_most=1000 / STEPS_PER_SECOND)
