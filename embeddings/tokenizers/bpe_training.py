"""Byte-pair encoding learned from a text: the most frequent pair of neighbours becomes a token, again and again."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush, heapreplace
from itertools import pairwise

from embeddings.common import (
    InvalidInput,
    ProgressCallback,
    as_count,
    as_text,
    check_fits,
    no_progress,
)
from embeddings.tokenizers.byte_level import BYTE_ORDER, letters_of
from embeddings.tokenizers.byte_strings import ByteStrings
from embeddings.tokenizers.subwords import PRE_TOKENIZATION, BytePairTokenizer, pre_tokenize

MAX_TRAINING_CHARACTERS = 4_000_000
MAX_MERGES = 10_000
MIN_COUNT = 2  # a pair that stands only once would save one token here, and none elsewhere
RUNNERS_UP = 24  # pairs that are noted at each merge
_EVERY = 20  # merges between two reports
_BYTES = 160  # of memory for each byte of the different words: in lists, and in the index of pairs

Pair = tuple[int, int]  # ids of two neighbours


@dataclass(frozen=True)
class PairCount:
    """A pair of neighbours, and how often it stands in the text.

    Attributes:
        left, right: Ids of the two.
        count: How often; in a row of equal ones each neighbour counts.
    """

    left: int
    right: int
    count: int


@dataclass(frozen=True)
class BPETraining:
    """What was learned from a text.

    Attributes:
        merges: The pairs in the order in which they were merged; the first has the id 256, and so on.
        tokens: Of the text, before the first merge and after each of them: ``len(merges) + 1`` numbers.
        candidates: The most frequent pairs at each of these moments, at most ``RUNNERS_UP``, best first.
    """

    merges: tuple[PairCount, ...]
    tokens: tuple[int, ...]
    candidates: tuple[tuple[PairCount, ...], ...]

    @cached_property
    def pieces(self) -> tuple[bytes, ...]:
        """What each token stands for, in the order of the ids: all bytes, then what was merged."""
        found = [bytes([byte]) for byte in BYTE_ORDER]
        for merge in self.merges:
            found.append(found[merge.left] + found[merge.right])
        return tuple(found)

    def as_tokenizer_json(self) -> str:
        """The file ``tokenizer.json`` of Hugging Face's ``tokenizers``, which gives the same ids."""
        written = list(map(letters_of, self.pieces))
        words = {"type": "Split", "pattern": {"Regex": PRE_TOKENIZATION}, "behavior": "Isolated", "invert": False}
        in_bytes = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
        model = {
            "type": "BPE",
            "vocab": {piece: token_id for token_id, piece in enumerate(written)},
            "merges": [[written[pair.left], written[pair.right]] for pair in self.merges],
        }
        content = {
            "version": "1.0",
            "added_tokens": [],
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [words, in_bytes]},
            "decoder": in_bytes,
            "model": model,
        }
        return json.dumps(content, ensure_ascii=False, indent=1)

    def tokenizer(self, n_merges: int | None = None) -> "TrainedTokenizer":
        """The tokenizer after the first ``n_merges``, by default after all.

        Raises:
            InvalidInput: There are fewer.
        """
        last = len(self.merges)
        n = last if n_merges is None else as_count(n_merges, "The number of merges", 0, last)
        return TrainedTokenizer(self.pieces[: len(BYTE_ORDER) + n])


class TrainedTokenizer(BytePairTokenizer):
    """Byte pairs of one's own, from text that is cut into words as GPT-4o cuts it.

    Its vocabulary begins with all 256 bytes, so that every text can be written and read back.
    """

    def __init__(self, pieces: Sequence[bytes]) -> None:
        """Take the tokens in the order of their ids; those that were merged, in the order of the merges."""
        ends = [0]
        for piece in pieces:
            ends.append(ends[-1] + len(piece))
        self._ranks = ByteStrings(b"".join(pieces), ends[1:])

    @property
    def vocabulary_size(self) -> int:
        return len(self._ranks)

    def _piece(self, token_id: int) -> bytes:
        return self._ranks[token_id]


def train_bpe(
    text: str, n_merges: int, min_count: int = MIN_COUNT, report: ProgressCallback | None = None
) -> BPETraining:
    """Merge the most frequent pair of neighbours in ``text``, ``n_merges`` times.

    No pair goes beyond a word. Of equally frequent pairs the one whose left token has the smallest id is merged, and
    among these the one whose right token has: the rule of Hugging Face's ``tokenizers``, which makes the same merges.

    Args:
        text: At most ``MAX_TRAINING_CHARACTERS`` characters.
        n_merges: At most ``MAX_MERGES``; fewer are made where no pair is left.
        min_count: How often a pair must stand there at least.
        report: Called often with ``(fraction, words)``. What it raises stops the work.

    Raises:
        InvalidInput: ``text`` is no text or too long, or a number is out of range.
        TooLarge: It does not fit into memory.

    References:
        Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units", 2016.

    >>> training = train_bpe("low lower lowest", n_merges=2)
    >>> [training.pieces[256 + each] for each in range(2)], training.tokens
    ([b'lo', b'low'], (16, 13, 10))
    """
    n_merges = as_count(n_merges, "The number of merges", 0, MAX_MERGES)
    min_count = as_count(min_count, "The least count of a pair", 1, MAX_TRAINING_CHARACTERS)
    report = report or no_progress
    report(0.0, "Counting words")
    index = _PairIndex(word_counts(text))
    merges: list[PairCount] = []
    tokens, candidates = [index.tokens], []
    while True:
        best = tuple(index.most_frequent(RUNNERS_UP))
        candidates.append(tuple(each for each in best if each.count >= min_count))
        if len(merges) == n_merges or not candidates[-1]:
            return BPETraining(tuple(merges), tuple(tokens), tuple(candidates))
        if len(merges) % _EVERY == 0:
            report(len(merges) / n_merges, f"{len(merges):,} of {n_merges:,} pairs merged")
        index.merge(best[0], len(BYTE_ORDER) + len(merges))
        merges.append(best[0])
        tokens.append(index.tokens)


def word_counts(text: str) -> Counter[bytes]:
    """How often each word of ``text`` stands there, in UTF-8, with the space before it.

    Raises:
        InvalidInput: ``text`` is no text, holds half a surrogate pair, or is longer than ``MAX_TRAINING_CHARACTERS``.

    >>> word_counts("so so so")
    Counter({b' so': 2, b'so': 1})
    """
    if isinstance(text, str) and len(text) > MAX_TRAINING_CHARACTERS:
        raise InvalidInput(
            f"The text has {len(text):,} characters; pairs are learned from at most {MAX_TRAINING_CHARACTERS:,}."
        )
    counts = Counter(pre_tokenize(as_text(text)))
    return Counter({word.encode(): count for word, count in counts.items()})


class _PairIndex:
    """The different words of a text as tokens, and where each pair of neighbours stands.

    A merge looks only at the words that have its pair. The heap may hold a pair with an older, larger count: it is put
    right when it comes up.
    """

    def __init__(self, counts: Mapping[bytes, int]) -> None:
        check_fits("Learning pairs from this text", _BYTES * sum(map(len, counts)))
        id_of = {byte: number for number, byte in enumerate(BYTE_ORDER)}
        self._words = [[id_of[byte] for byte in word] for word in counts]
        self._repeats = list(counts.values())
        self._counts: defaultdict[Pair, int] = defaultdict(int)
        self._places: defaultdict[Pair, set[int]] = defaultdict(set)
        self.tokens = 0
        for number, (word, repeats) in enumerate(zip(self._words, self._repeats, strict=True)):
            self.tokens += repeats * len(word)
            for pair in pairwise(word):
                self._counts[pair] += repeats
                self._places[pair].add(number)
        self._heap = [(-count, pair) for pair, count in self._counts.items()]
        heapify(self._heap)

    def most_frequent(self, n: int) -> Iterator[PairCount]:
        """At most ``n`` pairs, the most frequent first."""
        found: list[tuple[int, Pair]] = []
        while self._heap and len(found) < n:
            noted, pair = self._heap[0]
            count = self._counts.get(pair, 0)
            if count == -noted:
                found.append(heappop(self._heap))
            elif count:
                heapreplace(self._heap, (-count, pair))
            else:
                heappop(self._heap)
        for each in found:
            heappush(self._heap, each)
        return (PairCount(*pair, -count) for count, pair in found)

    def merge(self, best: PairCount, new: int) -> None:
        """Write the token ``new`` in place of a pair, in all words."""
        pair = best.left, best.right
        grown: set[Pair] = set()
        for number in self._places.pop(pair):
            self._merge_in_word(number, pair, new, grown)
        del self._counts[pair]
        for each in grown:
            if count := self._counts[each]:
                heappush(self._heap, (-count, each))

    def _merge_in_word(self, number: int, pair: Pair, new: int, grown: set[Pair]) -> None:
        """The same in one word; notes in ``grown`` which pairs have become more."""
        word, repeats, counts, places = self._words[number], self._repeats[number], self._counts, self._places
        left, right = pair
        kept: list[int] = []
        read, at, last = 0, 0, len(word) - 1
        while True:
            try:
                at = word.index(left, at, last)
            except ValueError:
                break
            if word[at + 1] != right:
                at += 1
                continue
            kept += word[read:at]
            if kept:
                before = kept[-1]
                counts[before, left] -= repeats
                counts[before, new] += repeats
                places[before, new].add(number)
                grown.add((before, new))
            at += 2
            if at <= last:
                after = word[at]
                counts[right, after] -= repeats
                counts[new, after] += repeats
                places[new, after].add(number)
                grown.add((new, after))
            kept.append(new)
            read = at
            self.tokens -= repeats
        self._words[number] = kept + word[read:]
