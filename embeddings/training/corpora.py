"""Corpora: sentences to learn from, each with its licence and size, and all there without a network.

Adding one is a function ``(entry, report) -> Corpus`` and one entry in ``catalogue``.
"""

import bz2
import gzip
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.common import (
    InvalidInput,
    ProgressCallback,
    SourceUnavailable,
    TooLarge,
    as_count,
    as_text,
    as_texts,
    no_progress,
    package_file,
)
from embeddings.sources import file_of_text8
from embeddings.tokenizers import Vocabulary, split_words
from embeddings.training import toy_corpus

DEFAULT = "made-up-world"
MAX_BYTES = 10_000_000  # of a reader's own text: about 1.7 million words of English
MIN_TOKENS = 2  # with fewer, nothing stands beside anything
LONGEST_SENTENCE = 1_000  # tokens; gensim reads no more than 10,000 of one sentence, and what is held out needs variety
TEXT8_TOKENS = 17_005_207
LONGEST_LINE = 10_000  # characters of the reader's own text that are read at once
_BLOCK = 65_536  # characters of text8 that are read at once
_WIKIPEDIA = Path(__file__).parent / "data" / "wikipedia_sample.txt.bz2"  # CC BY-SA 3.0; the README beside it has more
_EVERY = 50_000  # tokens between two reports; a report costs less
_CONTROL = frozenset(map(chr, range(32))) - frozenset("\t\n\r\f")


@dataclass(frozen=True, eq=False)
class Corpus:
    """Sentences, and what is known of them.

    Attributes:
        name: Short and unique.
        title: What people call it.
        sentences: Lists of tokens; can be gone through again and again.
        tokens: How many tokens there are in all.
        licence: Under which terms it may be used.
        about: One sentence on where it comes from.
    """

    name: str
    title: str
    sentences: Iterable[Sequence[str]]
    tokens: int
    licence: str
    about: str

    @classmethod
    def of(cls, name: str, title: str, sentences: Iterable[Sequence[str]], licence: str, about: str) -> "Corpus":
        """A corpus held in memory: empty sentences left out, those of more than 1,000 tokens cut.

        Equal tokens are kept once.

        Raises:
            InvalidInput: There are fewer than two tokens, or one that is no text.
        """
        once: dict[str, str] = {}  # of this corpus alone: what Python itself interns may outlive it
        kept = tuple(
            tuple(
                once.setdefault(token, token)
                for token in as_texts(sentence[start : start + LONGEST_SENTENCE], "A sentence")
            )
            for sentence in sentences
            for start in range(0, len(sentence), LONGEST_SENTENCE)
        )
        tokens = sum(map(len, kept))
        if tokens < MIN_TOKENS:
            found = "one word" if tokens else "no word"
            raise InvalidInput(
                f"There is {found} in this text, so nothing stands beside another. Write some sentences."
            )
        return cls(name, title, kept, tokens, licence, about)

    def part(self, share: float, report: ProgressCallback | None = None) -> "Corpus":
        """The corpus cut down to the first ``share`` of its tokens, 0 < share <= 1: to see what less data teaches.

        Args:
            share: How much of it.
            report: Called often with ``(fraction, words)``. What it raises stops the work.

        Raises:
            InvalidInput: ``share`` is out of range, or leaves fewer than two tokens.
        """
        if not 0 < share <= 1:
            raise InvalidInput(f"The share of the corpus must be more than 0 and at most 1, not {share}.")
        return Corpus.of(
            f"{self.name}-{share:g}",
            f"{self.title}, {100 * share:g} % of it",
            _first(watched(self, report or no_progress, "Taking a part"), round(share * self.tokens)),
            self.licence,
            self.about,
        )


def _first(sentences: Iterable[Sequence[str]], tokens: int) -> Iterator[Sequence[str]]:
    for sentence in sentences:
        if tokens <= 0:
            return
        yield sentence[:tokens]
        tokens -= len(sentence)


@dataclass(frozen=True)
class CorpusEntry:
    """One entry of the catalogue.

    Attributes:
        name: What ``load`` takes.
        title: What people call it.
        about: One sentence on where it comes from.
        tokens: About how many tokens it has.
        licence: Under which terms it may be used.
        read: Reads it.
    """

    name: str
    title: str
    about: str
    tokens: int
    licence: str
    read: Callable[["CorpusEntry", ProgressCallback], Corpus]


def catalogue() -> tuple[CorpusEntry, ...]:
    """Every corpus that needs no network, the default first."""
    return (
        CorpusEntry(
            DEFAULT,
            "A small made-up world",
            "Its sentences are about royalty, people, animals, food, places and numbers. A small grammar writes them, "
            "so what is true in its world is known.",
            83_000,
            "MIT, like this project",
            lambda entry, report: of_toy_corpus(),
        ),
        CorpusEntry(
            "wikipedia",
            "A sample of Wikipedia",
            "It is 106 articles of the English Wikipedia of 2016, as gensim's tests have them.",
            453_000,
            "CC BY-SA 3.0",
            _wikipedia,
        ),
        CorpusEntry(
            "news",
            "News of 2001",
            "It is 300 articles of the Australian Broadcasting Corporation, collected by Lee, Pincombe and Welsh "
            "(2005), that gensim brings with its tests.",
            66_000,
            "None stated; the texts are the ABC's",
            _news,
        ),
    )


def load(name: str = DEFAULT, report: ProgressCallback | None = None) -> Corpus:
    """Read the corpus called ``name``.

    Args:
        name: Of the catalogue.
        report: Called often with ``(fraction, words)``. What it raises stops the reading.

    Raises:
        InvalidInput: The catalogue has no such corpus.
        SourceUnavailable: Its file is missing, or the package gensim, which the news come with.
    """
    for entry in catalogue():
        if entry.name == name:
            return entry.read(entry, report or no_progress)
    known = ", ".join(entry.name for entry in catalogue())
    raise InvalidInput(f"There is no corpus called {name!r}. There are: {known}.")


def of_toy_corpus(size: int = 12_000, seed: int = 0) -> Corpus:
    """The made-up world in ``size`` sentences; see ``embeddings.training.toy_corpus``.

    >>> of_toy_corpus(size=100).sentences[0][:3]
    ('the', 'duke', 'lost')
    """
    entry = catalogue()[0]
    return Corpus.of(entry.name, entry.title, toy_corpus.sentences(size, seed), entry.licence, entry.about)


def of_text(text: str, name: str = "own-text", report: ProgressCallback | None = None) -> Corpus:
    """The reader's own text, a sentence a line.

    Args:
        text: At most 10 MB in UTF-8.
        name: What to call the corpus.
        report: Called often with ``(fraction, words)``. What it raises stops the reading.

    Raises:
        InvalidInput: It is no text, or there are fewer than two words.
        TooLarge: It has more than 10 MB.
    """
    size = len(text) if isinstance(text, str) and len(text) > MAX_BYTES else len(as_text(text).encode())
    if size > MAX_BYTES:
        raise TooLarge("Learning from this text", size, MAX_BYTES)
    strange = sum(character in _CONTROL or character == "\ufffd" for character in text)
    if "\0" in text or strange > len(text) / 100:
        raise InvalidInput("This is not text but binary data. Give a plain text file (.txt) in UTF-8.")
    sentences = _own_sentences(text, report or no_progress)
    return Corpus.of(name, "Your own text", sentences, "Yours", "Pasted or uploaded by the reader.")


def _own_sentences(text: str, report: ProgressCallback) -> Iterator[list[str]]:
    """The words of each line; a long line is cut at a space, so that the report is never far."""
    read = 0
    for line in text.splitlines(keepends=True):
        start = 0
        while start < len(line):
            end = start + LONGEST_LINE
            if end < len(line):
                end = line.rfind(" ", start, end) + 1 or end
            report((read + start) / len(text), "Reading your text")
            yield split_words(line[start:end])
            start = end
        read += len(line)


def of_file(content: bytes, name: str = "own-file", report: ProgressCallback | None = None) -> Corpus:
    """The ``content`` of a text file that the reader uploaded, in UTF-8 with or without its mark, or UTF-16 with it.

    Raises:
        InvalidInput: It is no text, or there are fewer than two words.
        TooLarge: It has more than 10 MB.
    """
    if len(content) > MAX_BYTES:
        raise TooLarge("Learning from this file", len(content), MAX_BYTES)
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise InvalidInput(
            "This file is not text in UTF-8; it may be binary data, or text in another encoding. "
            "Save it as plain text (.txt) in UTF-8."
        ) from None
    return of_text(text, name, report)


def fetched_text8() -> Corpus:
    """``of_text8`` of the file that was fetched before, onto this machine or a disk that it shares."""
    return of_text8(file_of_text8())


def of_text8(file: Path) -> Corpus:
    """The first 100 MB of a cleaned English Wikipedia of 2006, streamed from the unpacked ``file``.

    Its sentences raise ``SourceUnavailable`` where the file is damaged or may not be read.

    References:
        https://mattmahoney.net/dc/textdata.html
    """
    return Corpus(
        "text8",
        "text8: the start of Wikipedia",
        _Text8(file),
        TEXT8_TOKENS,
        "CC BY-SA",
        "The first 100 MB of the English Wikipedia of March 2006 in lower case, without signs.",
    )


class _Text8:
    """The sentences of text8, each of as many words as a sentence may have: the file is one line."""

    def __init__(self, file: Path):
        self._file = file

    def __iter__(self) -> Iterator[list[str]]:
        try:
            words = self._words()
            while sentence := list(islice(words, LONGEST_SENTENCE)):
                yield sentence
        except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
            raise SourceUnavailable(
                f"{self._file.name} is damaged, or may not be read. Delete it, and fetch it again."
            ) from error

    def _words(self) -> Iterator[str]:
        """Every word, read block by block; the last word of a block may go on in the next."""
        opened = gzip.open if self._file.suffix == ".gz" else open
        cut = ""
        with opened(self._file, "rt", encoding="utf-8") as text:
            while block := text.read(_BLOCK):
                whole, _, cut = (cut + block).rpartition(" ")
                yield from whole.split()
        yield from cut.split()


def _wikipedia(entry: CorpusEntry, report: ProgressCallback) -> Corpus:
    """The articles as ``gensim.corpora.WikiCorpus`` reads them, one a line of words."""
    try:
        lines = bz2.decompress(_WIKIPEDIA.read_bytes()).decode().splitlines()
    except (OSError, ValueError) as error:
        raise SourceUnavailable(f"{_WIKIPEDIA.name} is missing or damaged. Get the app's files again.") from error
    articles = []
    for number, line in enumerate(lines):
        report(number / len(lines), f"Reading Wikipedia: {number} articles")
        articles.append(line.split())
    return Corpus.of(entry.name, entry.title, articles, entry.licence, entry.about)


def _news(entry: CorpusEntry, report: ProgressCallback) -> Corpus:
    path = "gensim/test/test_data/lee_background.cor"
    file = package_file("gensim", path, "The news come with it; every other text is there without.")
    articles = file.read_text(encoding="utf-8").splitlines()
    sentences = []
    for number, article in enumerate(articles):
        report(number / len(articles), f"Reading the news: {number} articles")
        sentences.append(split_words(article))
    return Corpus.of(entry.name, entry.title, sentences, entry.licence, entry.about)


@dataclass(frozen=True, eq=False)
class VocabularyCount:
    """Which words of a corpus are frequent enough to get a row.

    Attributes:
        vocabulary: These words, the most frequent first.
        counts: int64 [V], read-only: how often each occurs.
        words: How many different words the corpus has.
        tokens: How many tokens it has.
    """

    vocabulary: Vocabulary
    counts: NDArray[np.int64]
    words: int
    tokens: int

    @property
    def kept(self) -> float:
        """Share of the corpus's tokens that are in the vocabulary."""
        return int(self.counts.sum()) / self.tokens


def count_vocabulary(corpus: Corpus, min_count: int = 5, report: ProgressCallback | None = None) -> VocabularyCount:
    """The words that ``corpus`` has at least ``min_count`` times.

    Args:
        corpus: Where to count.
        min_count: 1 to 1,000,000.
        report: Called often with ``(fraction, words)``. What it raises stops the counting.

    Raises:
        InvalidInput: Fewer than two words are left, with which nothing can be learned.

    >>> count_vocabulary(of_text("a cat and a dog and a cow"), min_count=2).vocabulary.tokens
    ('a', 'and')
    """
    min_count = as_count(min_count, "The least count of a word", 1, 1_000_000)
    counts: Counter[str] = Counter()
    for sentence in watched(corpus, report or no_progress, "Counting words"):
        counts.update(sentence)
    kept = [(word, count) for word, count in counts.most_common() if count >= min_count]
    if len(kept) < 2:
        raise InvalidInput(
            f"Only {len(kept)} of {len(counts):,} words occur {min_count:,} times or more, and nothing can be learned "
            "from fewer than two. Lower the least count, or give more text."
        )
    numbers = np.array([count for _, count in kept], dtype=np.int64)
    numbers.flags.writeable = False
    return VocabularyCount(Vocabulary([word for word, _ in kept]), numbers, len(counts), counts.total())


def vocabulary_size(counts: NDArray[np.int64], min_count: int) -> int:
    """How many of the words with these ``counts`` [N] occur ``min_count`` times or more, and get a row.

    >>> vocabulary_size(np.array([6, 2, 1, 1]), 2)
    2
    """
    return int((counts >= min_count).sum())


def token_coverage(counts: NDArray[np.int64], min_count: int) -> float:
    """The share of all tokens, 0 to 1, that are words which occur ``min_count`` times or more.

    Args:
        counts: How often each word of the corpus occurs, [N], at least one.
        min_count: The least count of a word that gets a row.

    >>> token_coverage(np.array([6, 2, 1, 1]), 2)
    0.8
    """
    return int(counts[counts >= min_count].sum()) / int(counts.sum())


def watched(corpus: Corpus, report: ProgressCallback, words: str) -> Iterator[Sequence[str]]:
    """The sentences of ``corpus``, with a report of how far it is every so often."""
    seen = due = 0
    for sentence in corpus.sentences:
        if seen >= due:
            report(min(1.0, seen / corpus.tokens), words)
            due = seen + _EVERY
        yield sentence
        seen += len(sentence)
