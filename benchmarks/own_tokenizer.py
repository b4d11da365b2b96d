"""1,000 merges learned from the sample of Wikipedia, by this app and by Hugging Face's ``tokenizers``.

Both begin with the same text in memory, cut it into words by GPT-4o's pattern, and end with the merges, which must be
the same. They take turns; ``tokenizers`` is Rust on all cores, ours is Python on one.
"""

import json
import time
from statistics import median

from benchmarks.figures import Figure
from embeddings.tokenizers import PRE_TOKENIZATION, train_bpe
from embeddings.training import load

MERGES = 1_000
ROUNDS = 5
AT_MOST_TIMES = 10


def measure() -> list[Figure]:
    """Seconds by turns, and how many merges are the same."""
    text = "\n".join(map(" ".join, load("wikipedia").sentences))
    ours, peers = [], []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        training = train_bpe(text, MERGES)
        between = time.perf_counter()
        expected = _merges_of_tokenizers(text)
        ours.append(between - started)
        peers.append(time.perf_counter() - between)
    learned = [(pair.left, pair.right) for pair in training.merges]
    same = sum(own == other for own, other in zip(learned, expected, strict=True))
    return [
        Figure(
            f"{MERGES:,} merges on {len(text):,} characters",
            "s",
            median(ours),
            tuple(ours),
            peer="tokenizers",
            peers=median(peers),
            peers_all=tuple(peers),
            at_most_times=AT_MOST_TIMES,
        ),
        Figure("merges that are the same", "", same, at_least=MERGES),
    ]


def _merges_of_tokenizers(text: str) -> list[tuple[int, int]]:
    """The pairs of ids; both vocabularies begin with the 256 bytes in the same order."""
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

    peer = Tokenizer(models.BPE())
    peer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PRE_TOKENIZATION), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=len(alphabet) + MERGES, min_frequency=2, initial_alphabet=alphabet, show_progress=False
    )
    peer.train_from_iterator(text.splitlines(keepends=True), trainer)
    merges = json.loads(peer.to_str())["model"]["merges"]
    return [(peer.token_to_id(left), peer.token_to_id(right)) for left, right in merges]
