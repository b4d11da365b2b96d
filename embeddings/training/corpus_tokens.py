"""Tokenizers fitted to a corpus: its words, its characters, or byte pairs trained on it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.common import InvalidInput, ProgressCallback, UnknownToken, as_count, as_text, no_progress, required
from embeddings.tokenizers import Vocabulary, split_words
from embeddings.training.corpora import Corpus, count_vocabulary, watched

END = "\n"  # ends each sentence, whatever the tokens are
UNKNOWN = "<unk>"  # stands for every word that is too rare for a row of its own
KINDS = ("word", "character", "byte-pair")
MAX_WORDS = 20_000  # rows; a softmax over more would make each step slow
PAIRS_FROM = 2_000_000  # characters that byte pairs are trained on, which takes less than a second
_AT_ONCE = 250_000  # characters encoded between two reports, about 50,000 words


class CorpusTokenizer(Protocol):
    """What each of them offers."""

    @property
    def vocabulary(self) -> Vocabulary: ...

    def encode(self, text: str) -> list[int]: ...

    def decode(self, ids: Sequence[int]) -> str: ...


@dataclass(frozen=True, eq=False)
class CorpusWords:
    """A token a word; the ends of sentences, and all rare words together, have one each."""

    vocabulary: Vocabulary

    def encode(self, text: str) -> list[int]:
        """The ids of the words of ``text``, where a line ends a sentence.

        Raises:
            UnknownToken: A word has no row, and there is none for rare words.
        """
        lines = text.split(END)
        tokens = [token for line in lines for token in (*split_words(line), END)][:-1]
        return self.ids(tokens)

    def ids(self, tokens: Sequence[str]) -> list[int]:
        """The id of each of ``tokens``."""
        known = UNKNOWN in self.vocabulary
        return [self.vocabulary.id(token if token in self.vocabulary or not known else UNKNOWN) for token in tokens]

    def decode(self, ids: Sequence[int]) -> str:
        """The words with these ``ids``, a sentence a line."""
        return re.sub(f" ?{END} ?", END, " ".join(map(self.vocabulary.token, ids)))


@dataclass(frozen=True, eq=False)
class CorpusCharacters:
    """A token a character."""

    vocabulary: Vocabulary

    def encode(self, text: str) -> list[int]:
        """The id of each character of ``text``.

        Raises:
            UnknownToken: The corpus has no such character.
        """
        return [self.vocabulary.id(character) for character in text]

    def decode(self, ids: Sequence[int]) -> str:
        """The text with these ``ids``."""
        return "".join(map(self.vocabulary.token, ids))


@dataclass(frozen=True, eq=False)
class CorpusBytePairs:
    """Pieces of words, merged pair by pair from the bytes of the corpus; a piece after a space begins with it.

    Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units", 2016; on bytes, as GPT-2.
    """

    vocabulary: Vocabulary
    _tokenizer: Any

    def encode(self, text: str) -> list[int]:
        """The ids of the pieces of ``text``.

        Raises:
            UnknownToken: A character has a byte that the corpus has not.
        """
        ids = self._tokenizer.encode(as_text(text)).ids
        if self.decode(ids) != text:  # such bytes are left out without a word
            raise UnknownToken(next((c for c in text if self.decode(self._tokenizer.encode(c).ids) != c), text))
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """The text with these ``ids``."""
        return self._tokenizer.decode(list(ids))


def fit(
    corpus: Corpus, kind: str, *, min_count: int, bpe_vocab_size: int, report: ProgressCallback
) -> tuple[CorpusTokenizer, NDArray[np.int64]]:
    """Tokens of the given ``kind`` for ``corpus``, and the ids of all of it, one sentence after the other.

    Args:
        corpus: What to learn them from.
        kind: ``"word"``, ``"character"`` or ``"byte-pair"``.
        min_count: Words that are rarer become one token, "<unk>".
        bpe_vocab_size: Size of the vocabulary of byte pairs, 50 to 20,000; smaller where the corpus has no more to
            merge, and refused where it has more different bytes.
        report: Called often with ``(fraction, words)``. What it raises stops the work.

    Raises:
        InvalidInput: There is no such kind, a number is out of range, or the corpus has too few tokens, or more
            different bytes than the vocabulary may hold.
    """
    tokenizer: CorpusTokenizer
    parts: Iterable[list[int]]
    if kind == "word":
        tokenizer = fit_words(corpus, min_count, report)
        parts = (tokenizer.ids((*sentence, END)) for sentence in watched(corpus, report, "Numbering words"))
    elif kind == "character":
        texts = _texts(corpus, report, "Finding characters")
        tokenizer = CorpusCharacters(Vocabulary(sorted(set().union(*texts))))
        parts = map(tokenizer.encode, _texts(corpus, report, "Numbering characters"))
    elif kind == "byte-pair":
        size = as_count(bpe_vocab_size, "The size of the vocabulary", 50, MAX_WORDS)
        tokenizer = _byte_pairs(corpus, size, report)
        parts = _encoded(tokenizer, _texts(corpus, report, "Numbering byte pairs"))
    else:
        raise InvalidInput(f"There are no tokens of the kind {kind!r}. There are: {', '.join(KINDS)}.")
    ids = np.fromiter((token_id for part in parts for token_id in part), dtype=np.int64)
    return tokenizer, ids


def table_rows(kind: str, counts: NDArray[np.int64], characters: int, *, min_count: int, bpe_vocab_size: int) -> int:
    """How many rows a table has for the tokens that ``fit`` makes; of byte pairs it may have fewer, never more.

    Words have one for each that is kept, one for the ends of sentences, and one for all rarer words together.

    Args:
        kind: One of ``KINDS``.
        counts: How often each word of the corpus occurs, [N].
        characters: How many different characters it has, as ``character_count`` says.
        min_count, bpe_vocab_size: As for ``fit``.

    >>> table_rows("word", np.array([6, 2, 1, 1]), 9, min_count=2, bpe_vocab_size=500)
    4
    """
    if kind == "word":
        kept = min(int((counts >= min_count).sum()), MAX_WORDS - 2)
        return 1 + kept + (kept < len(counts))
    return characters if kind == "character" else bpe_vocab_size


def character_count(words: Iterable[str]) -> int:
    """How many different characters a corpus of these ``words`` has, with the space between them and the lines' end.

    >>> character_count(["cat", "act", "at"])
    5
    """
    return len({" ", END}.union(*words))


def _texts(corpus: Corpus, report: ProgressCallback, words: str) -> Iterator[str]:
    return (" ".join(sentence) + END for sentence in watched(corpus, report, words))


def fit_words(corpus: Corpus, min_count: int = 1, report: ProgressCallback = no_progress) -> CorpusWords:
    """Tokens of the kind ``"word"`` for ``corpus``, as ``fit`` makes them, without its ids."""
    count = count_vocabulary(corpus, min_count, report)
    tokens = [token for token in count.vocabulary.tokens if token not in (END, UNKNOWN)][: MAX_WORDS - 2]
    rare = [UNKNOWN] if len(tokens) < count.words else []
    return CorpusWords(Vocabulary([END, *rare, *tokens]))


def _byte_pairs(corpus: Corpus, size: int, report: ProgressCallback) -> CorpusBytePairs:
    with required():
        from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False)
    tokenizer.train_from_iterator(_up_to(_texts(corpus, report, "Merging pairs"), PAIRS_FROM), trainer)
    learned = tokenizer.get_vocab_size()
    if learned > size:  # before any merge it holds every byte that occurs
        raise InvalidInput(
            f"This corpus has {learned:,} different bytes, and each is a token. "
            f"Choose a vocabulary of {learned:,} or more."
        )
    # Bytes are written as letters here, the space and the line's end as these two.
    tokens = (tokenizer.id_to_token(token_id) for token_id in range(learned))
    pieces = [token.replace("Ġ", " ").replace("Ċ", END) for token in tokens if token is not None]
    return CorpusBytePairs(Vocabulary(pieces), tokenizer)


def _up_to(texts: Iterator[str], characters: int) -> Iterator[str]:
    for text in texts:
        yield text
        characters -= len(text)
        if characters <= 0:
            return


def _encoded(tokenizer: CorpusBytePairs, texts: Iterator[str]) -> Iterator[list[int]]:
    for block in _blocks(texts, _AT_ONCE):
        yield from (encoding.ids for encoding in tokenizer._tokenizer.encode_batch(block))


def _blocks(texts: Iterator[str], characters: int) -> Iterator[list[str]]:
    """``texts`` in lists that have at least ``characters`` each, but for the last."""
    texts = iter(texts)
    while block := list(_up_to(texts, characters)):
        yield block
