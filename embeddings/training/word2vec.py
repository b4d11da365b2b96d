"""word2vec and fastText, with gensim, watched while they learn; without gensim skip-gram, in torch.

The corpus is given to gensim batch by batch, with the learning rate that it would have chosen itself: what comes out is
what gensim's own training gives, and between two batches there is no thread that could be left behind. Where gensim is
missing, ``skip_gram.SkipGram`` takes its place for skip-gram with negative sampling, and nothing does for the rest.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.common import (
    InvalidInput,
    ProgressCallback,
    as_count,
    as_text,
    as_texts,
    installed,
    no_progress,
    required,
)
from embeddings.training.corpora import Corpus, VocabularyCount, count_vocabulary
from embeddings.training.skip_gram import SkipGram
from embeddings.training.snapshots import (
    MAX_SNAPSHOTS,
    Snapshot,
    TrainingClock,
    check_not_diverged,
    check_snapshots_fit,
    read_only,
)

WITHOUT_GENSIM = (
    "CBOW, fastText and hierarchical softmax need it; skip-gram with negative sampling works without. "
    "Python 3.11, 3.12 and 3.13 have it ready-made."
)
BATCH_TOKENS = 10_000  # as gensim's own; gensim takes no more at once
BATCHES_PER_WORKER = 4  # given to gensim together when several workers share them: some hundredths of a second each
MIN_ALPHA = 0.0001  # where the learning rate ends, as in gensim
HELD_OUT_EVERY = 50  # one sentence in so many is never trained on
HELD_OUT_FROM = 10_000  # tokens; a smaller corpus has none to spare
PROBE_PAIRS = 1_000  # on which the loss is taken; always the same ones, so that few suffice to see it fall
MIN_N, MAX_N = 3, 6  # letters of fastText's pieces, as published
MAX_LETTERS = 100  # of a word that is cut into pieces
BUCKETS = 20_000  # rows that the pieces share; Facebook's 2,000,000 are for Wikipedia in full


@dataclass(frozen=True)
class TrainingPair:
    """One thing that word2vec learns from: a word, and one that stands near it.

    Attributes:
        word: In the middle of the window.
        context: Elsewhere in it.
        place: Where ``word`` stands in the sentence, from 0.
        context_place: Where ``context`` stands.
    """

    word: str
    context: str
    place: int
    context_place: int


def training_pairs(sentence: Sequence[str], window: int = 5) -> tuple[TrainingPair, ...]:
    """Every pair that lies within ``window`` of each other, in the order in which the window slides over ``sentence``.

    Skip-gram learns to tell the context from the word, CBOW the word from all its contexts. In training each window is
    made smaller at random, so that nearer words count for more.

    Raises:
        InvalidInput: ``window`` is not from 1 to 50.

    >>> [(pair.word, pair.context) for pair in training_pairs(["the", "cat", "sat"], window=1)]
    [('the', 'cat'), ('cat', 'the'), ('cat', 'sat'), ('sat', 'cat')]
    """
    window = as_count(window, "The window", 1, 50)
    as_texts(sentence, "The sentence")
    return tuple(
        TrainingPair(word, sentence[other], place, other)
        for place, word in enumerate(sentence)
        for other in range(max(0, place - window), min(len(sentence), place + window + 1))
        if other != place
    )


@dataclass(frozen=True, eq=False)
class FastTextSnapshot(Snapshot):
    """A snapshot of fastText, which can give a vector to any word, seen or made up.

    Attributes:
        ngram_rows: float32 [P, D], read-only: rows that pieces share, those that a piece of the vocabulary's words is
            in.
        buckets: int64 [P], rising, read-only: which they are, of all rows that there are for pieces.
        untrained: float32 [all of them, D], read-only: the random start, in which the others still are; one array for
            all snapshots of a run.
    """

    ngram_rows: NDArray[np.float32]
    buckets: NDArray[np.int64]
    untrained: NDArray[np.float32]

    def vector(self, word: str) -> NDArray[np.float32]:
        """The vector of ``word``: its row, or the mean of its pieces' rows where it has none. float32 [D].

        Raises:
            InvalidInput: ``word`` is empty, or has more than ``MAX_LETTERS`` letters.
        """
        if word in self.vocabulary:
            return self.W[self.vocabulary.id(word)]
        asked = np.array(_buckets(word, len(self.untrained)))
        rows, places = self.untrained[asked], np.searchsorted(self.buckets, asked)
        trained = self.buckets[np.minimum(places, len(self.buckets) - 1)] == asked
        rows[trained] = self.ngram_rows[places[trained]]
        return rows.mean(axis=0, dtype=np.float64).astype(np.float32)

    def known_ngrams(self, word: str) -> tuple[str, ...]:
        """Those of the pieces of ``word`` that words of the vocabulary have too, in the order of ``char_ngrams``.

        Raises:
            InvalidInput: ``word`` is empty, or has more than ``MAX_LETTERS`` letters.
        """
        known = "\n".join(f"<{token}>" for token in self.vocabulary.tokens)
        return tuple(ngram for ngram in char_ngrams(word) if ngram in known)


def char_ngrams(word: str) -> tuple[str, ...]:
    """The character n-grams of ``word``: the pieces of three to six letters that fastText cuts it into.

    Its start is marked with <, its end with >.

    Raises:
        InvalidInput: ``word`` is empty, or has more than ``MAX_LETTERS`` letters.

    >>> char_ngrams("cat")
    ('<ca', 'cat', 'at>', '<cat', 'cat>', '<cat>')
    """
    _check_word(word)
    marked = f"<{word}>"
    sizes = range(MIN_N, min(MAX_N, len(marked)) + 1)
    return tuple(marked[start : start + n] for n in sizes for start in range(len(marked) - n + 1))


def train(
    corpus: Corpus,
    *,
    skip_gram: bool = True,
    negative: int = 10,
    hierarchical_softmax: bool = False,
    window: int = 5,
    dimension: int = 50,
    epochs: int = 15,
    min_count: int = 5,
    sample: float = 1e-3,
    alpha: float = 0.025,
    workers: int = 1,
    seed: int = 0,
    fasttext: bool = False,
    snapshots: int = 30,
    hold_out: bool = True,
    report: ProgressCallback | None = None,
) -> Generator[Snapshot, None, None]:
    """Train on ``corpus`` and hand out the table as it learns: at the random start, then ``snapshots`` times.

    With one worker the same arguments give the same run, number for number, on the same machine; several workers write
    into one table in whatever order the machine lets them, so that no two runs are alike.

    Closing the iterator ends the training; so does whatever ``report`` raises. Without gensim one worker trains,
    whatever was asked for.

    Args:
        corpus: What to learn from. Every 50th sentence of a corpus of 10,000 tokens or more is kept for the held-out
            loss.
        skip_gram: Learn each context from the word; else the word from the mean of its contexts (CBOW).
        negative: Random words told apart from the true one each time, 1 to 50.
        hierarchical_softmax: Instead of those, decide between halves of the vocabulary, down a Huffman tree.
        window: Words to each side, 1 to 50.
        dimension: D, 1 to 1,000.
        epochs: Times through the corpus, 1 to 1,000.
        min_count: Rarer words get no row, 1 to 1,000,000.
        sample: The share of the corpus above which words are passed over now and then, 0 (never) to 1.
        alpha: Learning rate at the start, more than 0; it falls in a straight line to 0.0001, or to itself if smaller.
        workers: Threads, 1 to 16.
        seed: Of all that is random, 0 to 2^32 - 1.
        fasttext: Make each word's vector from those of its pieces (``FastTextSnapshot``).
        snapshots: How many, 1 to 500, evenly spaced; fewer where the corpus is too small for so many batches.
        hold_out: Whether to keep sentences for the held-out loss.
        report: Called several times a second with ``(fraction, words)``.

    Raises:
        InvalidInput: A setting out of range, or a corpus with fewer than two words to learn about.
        TooLarge: The tables would not fit into memory.
        SourceUnavailable: gensim is missing, and something else than skip-gram with negative sampling was asked for.
        TrainingDiverged: While it trains: the learning rate was too large. It has the last good snapshot.

    References:
        Mikolov et al., "Distributed Representations of Words and Phrases and their Compositionality", 2013.
        Bojanowski et al., "Enriching Word Vectors with Subword Information", 2017.
    """
    if not 0 < alpha < float("inf"):
        raise InvalidInput(f"The learning rate must be more than 0, not {alpha}.")
    if not 0 <= sample <= 1:
        raise InvalidInput(f"The share above which words are passed over must lie from 0 to 1, not {sample}.")
    settings = _Settings(
        skip_gram=bool(skip_gram),
        negative=0 if hierarchical_softmax else as_count(negative, "The number of negative words", 1, 50),
        window=as_count(window, "The window", 1, 50),
        dimension=as_count(dimension, "The dimension", 1, 1_000),
        epochs=as_count(epochs, "The number of epochs", 1, 1_000),
        min_count=as_count(min_count, "The least count of a word", 1, 1_000_000),
        sample=float(sample),
        alpha=float(alpha),
        workers=as_count(workers, "The number of workers", 1, 16),
        seed=as_count(seed, "The seed", 0, 2**32 - 1),
        fasttext=bool(fasttext),
        snapshots=as_count(snapshots, "The number of snapshots", 1, MAX_SNAPSHOTS),
    )
    hold_out = hold_out and corpus.tokens >= HELD_OUT_FROM
    return _run(corpus, settings, hold_out, report or no_progress)


@dataclass(frozen=True)
class _Settings:
    """What ``train`` was asked for, checked."""

    skip_gram: bool
    negative: int  # 0: hierarchical softmax
    window: int
    dimension: int
    epochs: int
    min_count: int
    sample: float
    alpha: float
    workers: int
    seed: int
    fasttext: bool
    snapshots: int

    def rate(self, progress: float) -> float:
        """The learning rate at ``progress``, from 0 to 1: gensim's own rule."""
        end = min(self.alpha, MIN_ALPHA)
        return max(end, self.alpha - (self.alpha - end) * progress)


def _run(
    corpus: Corpus, settings: _Settings, hold_out: bool, report: ProgressCallback
) -> Generator[Snapshot, None, None]:
    """Count the words, then train, from one snapshot to the next."""
    learned, held_out = _split(corpus) if hold_out else (corpus, ())
    count = count_vocabulary(learned, settings.min_count, report)
    report(0.0, "Making the tables")
    learner = _Learner(settings, count, learned.sentences, held_out)
    total = count.tokens * settings.epochs
    last = learner.snapshot(0, total, None)
    yield last
    taken = 0
    for sentences in _groups(learned, settings):
        report(learner.done / total, f"Training: {learner.done:,} of {total:,} tokens")
        learner.learn(sentences, total)
        if learner.done * settings.snapshots >= (taken + 1) * total:
            taken = learner.done * settings.snapshots // total
            last = learner.snapshot(learner.done, total, last)
            yield last


def _split(corpus: Corpus) -> tuple[Corpus, tuple[Sequence[str], ...]]:
    """``corpus`` without what is held out, and that."""
    held_out = tuple(islice(corpus.sentences, HELD_OUT_EVERY - 1, None, HELD_OUT_EVERY))
    tokens = corpus.tokens - sum(map(len, held_out))
    return replace(corpus, sentences=_NotHeldOut(corpus.sentences), tokens=tokens), held_out


@dataclass(frozen=True, eq=False)
class _NotHeldOut:
    """Sentences without every 50th; can be gone through again and again."""

    sentences: Iterable[Sequence[str]]

    def __iter__(self) -> Iterator[Sequence[str]]:
        return (sentence for n, sentence in enumerate(self.sentences, 1) if n % HELD_OUT_EVERY)


def _groups(corpus: Corpus, settings: _Settings) -> Iterator[list[Sequence[str]]]:
    """The corpus as often as there are epochs, in what gensim makes one batch of, or several for several workers."""
    size = 1 if settings.workers == 1 else BATCHES_PER_WORKER * settings.workers
    for _ in range(settings.epochs):
        batches = _batches(corpus.sentences)
        while group := list(islice(batches, size)):
            yield [sentence for batch in group for sentence in batch]


def _batches(sentences: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    """As many sentences as have at most 10,000 tokens: gensim's own rule."""
    batch: list[Sequence[str]] = []
    tokens = 0
    for sentence in sentences:
        if batch and tokens + len(sentence) > BATCH_TOKENS:
            yield batch
            batch, tokens = [], 0
        batch.append(sentence)
        tokens += len(sentence)
    if batch:
        yield batch


class _Learner:
    """A model, and the samples on which its loss is taken.

    Attributes:
        done: Tokens gone through.
    """

    def __init__(self, settings: _Settings, count: VocabularyCount, learned: Iterable, held_out: Sequence):
        ngrams = BUCKETS * settings.dimension if settings.fasttext else 0
        check_snapshots_fit(len(count.vocabulary), settings.dimension, settings.snapshots, ngrams)
        self.settings, self.vocabulary = settings, count.vocabulary
        self.model = _model(settings, count)
        self.table = lambda: self.model.vectors
        if settings.fasttext:
            self.pieces = self.model.pieces
            self.table = _composed(self.pieces)
            self.buckets = np.unique(np.concatenate(self.pieces.buckets_word)).astype(np.int64)
            self.buckets.flags.writeable = False
            self.untrained = read_only(self.pieces.vectors_ngrams)
        sample = islice(learned, 0, None, HELD_OUT_EVERY) if held_out else learned
        self.probe = _LossProbe(self.model, sample, settings)
        self.held_out_probe = _LossProbe(self.model, held_out, settings)
        self.guessing = self.probe.loss(self.model, self.table())
        self.clock, self.done = TrainingClock(), 0

    def learn(self, sentences: list[Sequence[str]], total: int) -> None:
        """Go once through ``sentences``, at the learning rate that is due."""
        tokens = sum(map(len, sentences))
        start = end = self.settings.rate(self.done / total)
        if self.settings.workers > 1:
            end = self.settings.rate((self.done + tokens) / total)
        with self.clock:
            self.model.learn(sentences, start, end)
        self.done += tokens

    def snapshot(self, step: int, total: int, last: Snapshot | None) -> Snapshot:
        """How things stand; ``last`` is the snapshot before.

        Raises:
            TrainingDiverged: Badly.
        """
        W = read_only(self.table())
        loss = self.probe.loss(self.model, W)
        check_not_diverged(loss, self.guessing, W, last)
        held_out_loss = self.held_out_probe.loss(self.model, W) if self.held_out_probe.examples else None
        speed, left = self.clock.speed(step), self.clock.left(step / total)
        values = (step, step / total, loss, held_out_loss, W, self.vocabulary, speed, left)
        if self.settings.fasttext:
            trained = read_only(self.pieces.vectors_ngrams[self.buckets])
            return FastTextSnapshot(*values, trained, self.buckets, self.untrained)
        return Snapshot(*values)


def word2vec_stand_in() -> str:
    """A sentence on what trains where gensim is missing; empty where it is not."""
    if installed("gensim"):
        return ""
    return (
        "The package gensim is not installed here. Skip-gram with negative sampling works all the same, by code of "
        "this project in torch, with one worker. CBOW, fastText and hierarchical softmax need gensim."
    )


def _model(settings: _Settings, count: VocabularyCount) -> Any:
    """What learns, at its random start: gensim's model, or torch's where gensim is missing and it suffices."""
    if installed("gensim") or settings.fasttext or not settings.skip_gram or not settings.negative:
        return _Gensim(settings, count)
    return SkipGram(
        count,
        dimension=settings.dimension,
        window=settings.window,
        negative=settings.negative,
        sample=settings.sample,
        seed=settings.seed,
    )


class _Gensim:
    """A gensim model at its random start, with what ``SkipGram`` has, which see."""

    def __init__(self, settings: _Settings, count: VocabularyCount):
        self._model = _gensim(settings, count)
        self.pieces = self._model.wv  # fastText's are here
        self.negative = settings.negative
        self.ids_of = self.pieces.key_to_index
        self.kept = self.pieces.expandos["sample_int"] / 2**32
        self.ends = self._model.cum_table if settings.negative else None

    @property
    def vectors(self) -> NDArray[np.float32]:
        return self._model.wv.vectors

    @property
    def output_table(self) -> NDArray[np.float32]:
        return self._model.syn1neg if self.negative else self._model.syn1

    def learn(self, sentences: Sequence[Sequence[str]], start: float, end: float) -> None:
        tokens = sum(map(len, sentences))
        self._model.train(sentences, total_words=tokens, epochs=1, start_alpha=start, end_alpha=end)


def _gensim(settings: _Settings, count: VocabularyCount) -> Any:
    """gensim's own model."""
    with required(WITHOUT_GENSIM):
        from gensim.models import FastText, Word2Vec

    options = {
        "vector_size": settings.dimension,
        "sg": int(settings.skip_gram),
        "hs": int(not settings.negative),
        "negative": settings.negative,
        "window": settings.window,
        "min_count": settings.min_count,
        "sample": settings.sample,
        "alpha": settings.alpha,
        "min_alpha": settings.rate(1),
        "workers": settings.workers,
        "seed": settings.seed,
        "sorted_vocab": 0,  # they are; gensim would put equally frequent words in another order
    }
    if settings.fasttext:
        model = FastText(min_n=MIN_N, max_n=MAX_N, bucket=BUCKETS, **options)
        model.wv.adjust_vectors = lambda: None  # gensim's own is for each batch, in Python; see _composed
    else:
        model = Word2Vec(**options)
    model.lifecycle_events = None  # else it notes the machine's state at each batch
    model.build_vocab_from_freq(dict(zip(count.vocabulary.tokens, count.counts.tolist(), strict=True)))
    if settings.fasttext:
        model.wv.vectors = model.wv.vectors_vocab  # gensim looks whether it is there
    return model


def _composed(vectors: Any) -> Callable[[], NDArray[np.float32]]:
    """What makes fastText's table [V, D]: each row the mean of a word's own vector and those of its pieces.

    The same as gensim's ``FastTextKeyedVectors.adjust_vectors``, as one product with a sparse matrix.
    """
    with required():
        from scipy.sparse import csr_matrix

    sizes = np.array([len(buckets) for buckets in vectors.buckets_word])
    columns = np.concatenate(vectors.buckets_word)
    places = np.concatenate([[0], np.cumsum(sizes)])
    occurs = csr_matrix((np.ones(len(columns), np.float32), columns, places), (len(sizes), vectors.bucket))
    shares = (1 / (sizes + 1)).astype(np.float32)[:, None]
    return lambda: (vectors.vectors_vocab + occurs @ vectors.vectors_ngrams) * shares


def _buckets(word: str, buckets: int) -> list[int]:
    """The rows that the pieces of ``word`` share with others."""
    with required():
        from gensim.models.fasttext import ft_ngram_hashes

    _check_word(word)
    return ft_ngram_hashes(word, MIN_N, MAX_N, buckets)


def _check_word(word: str) -> None:
    if not as_text(word).strip():
        raise InvalidInput("Type a word: nothing has no pieces.")
    if len(word) > MAX_LETTERS:
        raise InvalidInput(f"A word may have {MAX_LETTERS} letters here, not {len(word):,}. Type a shorter one.")


class _LossProbe:
    """A fixed sample of what word2vec is asked: from these words, is that one true?

    Attributes:
        examples: How many questions there are.
    """

    def __init__(self, model: Any, sentences: Iterable[Sequence[str]], settings: _Settings):
        random = np.random.default_rng(settings.seed)
        asked = _examples(model, sentences, settings, random)
        if len(asked) > PROBE_PAIRS:
            asked = [asked[i] for i in random.choice(len(asked), PROBE_PAIRS, replace=False)]
        self.examples = len(asked)
        if not asked:
            return
        self._inputs, in_use = _padded([inputs for inputs, _ in asked])  # [N, L]
        # fastText's CBOW takes the mean over all pieces of all words, so that a long word has more say
        weights = in_use * (_sizes(model.pieces)[self._inputs] if settings.fasttext else 1)
        self._weights = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
        outputs = [output for _, output in asked]
        self._rows, self._signs = (_negatives if settings.negative else _decisions)(model, outputs, random)  # [N, K]

    def loss(self, model: Any, W: NDArray[np.float32]) -> float:
        """Mean over the questions of the summed -log of what the true answers' probabilities are, in nats."""
        if not self.examples:
            return 0.0
        with np.errstate(over="ignore", invalid="ignore"):  # of a run gone astray, which the caller looks for
            hidden = np.zeros((self.examples, W.shape[1]), dtype=np.float32)  # [N, D]
            for ids, weights in zip(self._inputs.T, self._weights.T, strict=True):
                hidden += weights[:, None] * W[ids]
            return negative_log_likelihood(hidden, model.output_table, self._rows, self._signs)


def negative_log_likelihood(
    hidden: NDArray[np.float32], output_table: NDArray[np.float32], rows: NDArray[np.int64], signs: NDArray[np.float32]
) -> float:
    """word2vec's loss, in nats: the mean over N questions of the summed -log σ(sign · score) of their answers.

    On sentences that are never trained on it is the held-out loss.

    Args:
        hidden: [N, D], the mean of each question's input rows.
        output_table: [V, D].
        rows: Of the output table, [N, K]: the true word and drawn ones, or the inner nodes of the Huffman tree.
        signs: [N, K]: 1 for what is true, -1 for what is not, 0 for what does not count.

    References:
        Mikolov, Sutskever, Chen, Corrado and Dean, "Distributed Representations of Words and Phrases and their
        Compositionality", NIPS 2013, equation 4.

    >>> one = np.ones((1, 1), np.float32)
    >>> round(negative_log_likelihood(one, 0 * one, np.array([[0, 0]]), np.array([[1, -1]])), 4)  # 2 ln 2
    1.3863
    """
    total = 0.0
    for answers, of_each in zip(rows.T, signs.T, strict=True):
        scores = np.einsum("nd,nd->n", hidden, output_table[answers])
        total += float((np.logaddexp(0, -of_each * scores, dtype=np.float64) * (of_each != 0)).sum())
    return total / len(hidden)


def _examples(model: Any, sentences: Iterable[Sequence[str]], settings: _Settings, random: np.random.Generator) -> list:
    """``(ids of the inputs, id of the output)``, with words passed over and windows made smaller as in training."""
    examples = []
    for sentence in sentences:
        ids = [
            token_id
            for word in sentence
            if (token_id := model.ids_of.get(word)) is not None and random.random() < model.kept[token_id]
        ]
        reaches = random.integers(1, settings.window + 1, size=len(ids)).tolist()
        for place, (token_id, reach) in enumerate(zip(ids, reaches, strict=True)):
            contexts = ids[max(0, place - reach) : place] + ids[place + 1 : place + 1 + reach]
            if settings.skip_gram:
                examples += [([context], token_id) for context in contexts]
            elif contexts:
                examples.append((contexts, token_id))
        if len(examples) > 50 * PROBE_PAIRS:  # varied enough
            break
    return examples


def _negatives(model: Any, outputs: list[int], random: np.random.Generator) -> tuple[NDArray, NDArray]:
    """For each output itself and random words, drawn as often as gensim draws them: rows and signs [N, 1 + negative].

    The sign is 1 for what is true, -1 for what is not, and 0 where the true word was drawn, which is then passed over.
    """
    drawn = np.searchsorted(model.ends, random.integers(0, model.ends[-1], size=(len(outputs), model.negative)))
    rows = np.column_stack([outputs, drawn])
    signs = np.where(rows == rows[:, :1], 0, -1)
    signs[:, 0] = 1
    return rows, signs.astype(np.float32)


def _decisions(model: Any, outputs: list[int], random: np.random.Generator) -> tuple[NDArray, NDArray]:
    """For each output the inner nodes of the Huffman tree above it, and 1 for left or -1 for right: [N, K]."""
    codes, points = model.pieces.expandos["code"], model.pieces.expandos["point"]
    rows, in_use = _padded([points[token_id].tolist() for token_id in outputs])
    turns, _ = _padded([codes[token_id].tolist() for token_id in outputs])
    return rows, (in_use * (1 - 2 * turns)).astype(np.float32)


def _padded(lists: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Lists of different lengths as one array [N, longest], filled up with 0, and 1 where a number is a list's own."""
    longest = max(map(len, lists))
    numbers = np.array([[*numbers, *[0] * (longest - len(numbers))] for numbers in lists], dtype=np.int64)
    return numbers, (np.arange(longest) < np.array([[len(numbers)] for numbers in lists])).astype(np.int64)


def _sizes(vectors: Any) -> NDArray[np.int64]:
    """Of how many vectors fastText composes each word's: int64 [V]."""
    return np.array([len(buckets) + 1 for buckets in vectors.buckets_word])
