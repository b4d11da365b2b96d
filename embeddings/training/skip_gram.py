"""word2vec's skip-gram with negative sampling in torch, for machines that gensim is not made for.

It is the lesson's code with the refinements of the real one: frequent words are passed over now and then, windows are
made smaller at random, and random words are drawn by their frequency to the power of 3/4. It begins where gensim
begins. gensim moves the rows after each pair; here some pairs take their step together, as torch is quick with many.
"""

from collections.abc import Iterator, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from embeddings.common import one_torch_thread, required
from embeddings.training.corpora import VocabularyCount

_DOMAIN = 2**31 - 1  # that the shares of the random words are laid out in, as in gensim
_POWER = 0.75  # of a word's count: rare words are drawn a little more often than they occur
_FEWEST_PAIRS, _MOST_PAIRS = 64, 512  # in a step
_WORDS_A_PAIR = 10  # in the vocabulary, so that few pairs of a step share a row


class SkipGram:
    """Two tables and the random numbers with which they learn.

    Attributes:
        ids_of: The row of each word.
        kept: The share of a word's occurrences that is not passed over, float64 [V].
        ends: Rising, int64 [V]: a word's share of the random words is the step up to it.
        negative: Random words for each pair.
    """

    def __init__(
        self, count: VocabularyCount, *, dimension: int, window: int, negative: int, sample: float, seed: int
    ) -> None:
        with required():
            import torch

        counts = count.counts.astype(np.float64)
        V, shares = len(counts), np.cumsum(counts**_POWER)
        self.ids_of = MappingProxyType({token: row for row, token in enumerate(count.vocabulary.tokens)})
        often = (sample or 1) * counts.sum()
        self.kept = np.minimum(1, (np.sqrt(counts / often) + 1) * often / counts)
        self.ends = np.round(shares / shares[-1] * _DOMAIN).astype(np.int64)
        self.negative, self._window = negative, window
        self._pairs_a_step = int(np.clip(V // _WORDS_A_PAIR, _FEWEST_PAIRS, _MOST_PAIRS))
        start = np.random.default_rng(seed).random((V, dimension), dtype=np.float32)
        self._W = torch.from_numpy((2 * start - 1) / np.float32(dimension))  # [V, D]: the vectors
        self._C = torch.zeros(V, dimension)  # [V, D]: of the words as those that are guessed
        self._random = np.random.default_rng([seed, 1])

    @property
    def vectors(self) -> NDArray[np.float32]:
        """The table, [V, D]; not a copy."""
        return self._W.numpy()

    @property
    def output_table(self) -> NDArray[np.float32]:
        """The other table, [V, D]; not a copy."""
        return self._C.numpy()

    def learn(self, sentences: Sequence[Sequence[str]], start: float, end: float) -> None:
        """Go once through ``sentences``, at a learning rate that falls from ``start`` to ``end``."""
        with required():
            import torch

        pairs = self._pairs(sentences)  # [P, 2]
        steps = range(0, len(pairs), self._pairs_a_step)
        with one_torch_thread(), torch.no_grad():
            for first, rate in zip(steps, np.linspace(start, end, len(steps)).tolist(), strict=True):
                inputs, outputs = pairs[first : first + self._pairs_a_step].T
                self._step(inputs, outputs, rate)

    def _step(self, inputs: NDArray[np.int64], outputs: NDArray[np.int64], rate: float) -> None:
        """Move the rows so that each input [B] tells its output [B] from random words."""
        with required():
            import torch

        drawn = np.searchsorted(self.ends, self._random.integers(0, _DOMAIN, size=(len(outputs), self.negative)))
        asked = torch.from_numpy(np.column_stack([outputs, drawn]))  # [B, 1 + K]
        counts = asked != asked[:, :1]  # the true word, where it was drawn, is passed over
        counts[:, 0] = True
        ids = torch.from_numpy(inputs.copy())
        rows, answers = self._W[ids], self._C[asked]  # [B, D], [B, 1 + K, D]
        chance = torch.sigmoid((answers @ rows[:, :, None])[:, :, 0])  # [B, 1 + K]: that each is the neighbour
        error = -chance
        error[:, 0] += 1
        error *= rate * counts
        self._W.index_add_(0, ids, (error[:, None, :] @ answers)[:, 0])
        self._C.index_add_(0, asked.flatten(), (error[:, :, None] * rows[:, None, :]).flatten(0, 1))

    def _pairs(self, sentences: Sequence[Sequence[str]]) -> NDArray[np.int64]:
        """Each word's neighbours and itself, [P, 2], in a random order."""
        places = [[row for word in sentence if (row := self.ids_of.get(word)) is not None] for sentence in sentences]
        ids = np.array([row for place in places for row in place], dtype=np.int64)
        sentence = np.repeat(np.arange(len(places)), [len(place) for place in places])
        stay = self._random.random(len(ids)) < self.kept[ids]
        pairs = np.concatenate(list(self._within_reach(ids[stay], sentence[stay])), axis=1).T
        return self._random.permutation(pairs)

    def _within_reach(
        self, ids: NDArray[np.int64], sentence: NDArray[np.int64]
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """For each distance and each side: neighbours, and the words in the middle of whose windows they stand."""
        reach = self._random.integers(1, self._window + 1, size=len(ids))
        for apart in range(1, self._window + 1):
            together = sentence[apart:] == sentence[:-apart]
            for near, middle in ((slice(apart, None), slice(-apart)), (slice(-apart), slice(apart, None))):
                inside = together & (reach[middle] >= apart)
                yield ids[near][inside], ids[middle][inside]
