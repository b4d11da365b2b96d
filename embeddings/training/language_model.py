"""A small language model, whose embedding table is learned as one of its weights.

It reads some tokens and says which comes next. Nobody tells it what a row of the table should be; the rows move because
that makes the next token likelier, as in every large language model.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import InvalidInput, ProgressCallback, as_count, as_ids, no_progress, one_torch_thread, required
from embeddings.numeric import nonzero_rows
from embeddings.tokenizers import Vocabulary
from embeddings.training.corpora import Corpus
from embeddings.training.corpus_tokens import END, KINDS, CorpusTokenizer, fit
from embeddings.training.snapshots import (
    MAX_SNAPSHOTS,
    Snapshot,
    TrainingClock,
    check_not_diverged,
    check_snapshots_fit,
    read_only,
)

MODELS = ("average", "transformer")
HEADS = 4  # of attention in each block
MAX_BLOCKS = 4
HELD_OUT = 0.05  # share of the tokens, at the end of the corpus, that is never trained on
HELD_OUT_FROM = 10_000  # tokens; a smaller corpus has none to spare
PROBE = 256  # stretches of text on which the loss is taken, always the same ones
PROBE_LOGITS = 8_000_000  # scores taken at once for it, 32 MB
_COPIES = 4  # of the scores in a step: themselves, their log-softmax, and the gradients of both


@dataclass(frozen=True)
class Settings:
    """What the model is and how it is trained.

    Attributes:
        tokens: ``"word"``, ``"character"`` or ``"byte-pair"``.
        min_count: Words that are rarer share one row.
        bpe_vocab_size: Size of the vocabulary of byte pairs, 50 to 20,000.
        model: ``"average"`` takes the mean of the rows so far, ``"transformer"`` attends to them.
        blocks: Transformer blocks, 1 to 4.
        positions: Whether the transformer adds a row for each place to the tokens' rows; the average has none.
        tied: Whether the output head is the embedding table itself.
        context: Tokens that it reads at most, T, 2 to 256.
        dimension: D, 4 to 512; a multiple of 4 for the transformer.
        batch: Stretches of text in one step, B, 1 to 1,024.
        steps: Of the optimiser, AdamW, 1 to 100,000.
        learning_rate: More than 0.
        seed: Of all that is random, 0 to 2^32 - 1.
        snapshots: How many are handed out after the random start, 1 to 500, evenly spaced.

    Raises:
        InvalidInput: One of them is out of range.
    """

    tokens: str = "word"
    min_count: int = 1
    bpe_vocab_size: int = 500
    model: str = "transformer"
    blocks: int = 1
    positions: bool = True
    tied: bool = False
    context: int = 16
    dimension: int = 64
    batch: int = 64
    steps: int = 1_000
    learning_rate: float = 3e-3
    seed: int = 0
    snapshots: int = 30

    def __post_init__(self) -> None:
        if self.tokens not in KINDS:
            raise InvalidInput(f"There are no tokens of the kind {self.tokens!r}. There are: {', '.join(KINDS)}.")
        if self.model not in MODELS:
            raise InvalidInput(f"There is no model called {self.model!r}. There are: {', '.join(MODELS)}.")
        as_count(self.blocks, "The number of blocks", 1, MAX_BLOCKS)
        as_count(self.context, "The context", 2, 256)
        as_count(self.dimension, "The dimension", 4, 512)
        if self.model == "transformer" and self.dimension % HEADS:
            raise InvalidInput(f"A transformer's dimension must be a multiple of {HEADS}, not {self.dimension}.")
        as_count(self.batch, "The batch", 1, 1_024)
        as_count(self.steps, "The number of steps", 1, 100_000)
        if not 0 < self.learning_rate < float("inf"):
            raise InvalidInput(f"The learning rate must be more than 0, not {self.learning_rate}.")
        as_count(self.seed, "The seed", 0, 2**32 - 1)
        as_count(self.snapshots, "The number of snapshots", 1, MAX_SNAPSHOTS)


@dataclass(frozen=True, eq=False)
class LanguageSnapshot(Snapshot):
    """The whole model at one moment, so that it can be asked to go on with a text.

    Attributes:
        settings: What it is.
        tokenizer: Makes ids of text, and text of ids.
        weights: Each weight by its name, read-only; the table is "embedding.weight".
    """

    settings: Settings
    tokenizer: CorpusTokenizer
    weights: Mapping[str, NDArray[np.float32]]

    @property
    def multiplied_weights(self) -> int:
        """How many weights each token is multiplied with: all but those that are only looked up."""
        looked_up = {"embedding.weight", "place.weight"}  # a tied head counts: its product is taken
        return sum(weight.size for name, weight in self.weights.items() if name not in looked_up)

    @property
    def head(self) -> NDArray[np.float32]:
        """The output embeddings, float32 [V, D], read-only: a table of their own, or W where the head is tied."""
        return self.weights["head.weight"]

    def rows(self, ids: ArrayLike) -> NDArray[np.float32]:
        """The rows of W for ``ids`` [T]: float32 [T, D], a copy.

        Raises:
            InvalidInput: An id is not a row of W.
        """
        return self.W[as_ids(ids, len(self.W))]

    def hidden_states(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """What each layer makes of ``rows`` [T, D]: float32 [L + 1, T, D], the first being the rows themselves.

        Raises:
            InvalidInput: No rows, more than the context, or of another length than D.
        """
        with required():
            import torch

        T, D = self.settings.context, self.settings.dimension
        if rows.ndim != 2 or rows.shape[1] != D or not 1 <= len(rows) <= T:
            raise InvalidInput(f"The model reads 1 to {T} rows of {D}, not {rows.shape}.")
        with one_torch_thread(), torch.no_grad():
            states = _states(self._restored(), self.settings, torch.tensor(rows)[None])  # [1, T, D] each
            return torch.cat(states).numpy()

    def logits(self, states: NDArray[np.float32], head: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """The scores of all tokens after hidden states [..., D], those of any layer: float32 [..., V].

        Args:
            states: Before the last norm, which is taken here.
            head: The output embeddings [V, D]; by default the model's own.
        """
        with required():
            import torch

        network = self._restored()
        if head is not None:
            network["head"].weight = torch.nn.Parameter(torch.tensor(head))
        with one_torch_thread(), torch.no_grad():
            return _read(network, self.settings, torch.tensor(states)).numpy()

    def _restored(self) -> Any:
        """The layers with these weights."""
        with required():
            import torch

        network = _network(self.settings, len(self.vocabulary))
        network.load_state_dict({name: torch.tensor(weight) for name, weight in self.weights.items()})
        return network

    def continuation(self, prompt: str, n: int = 20, temperature: float = 0.8, seed: int = 0) -> str:
        """What the model writes after ``prompt``: ``n`` tokens as text, one drawn after the other.

        Args:
            prompt: May be empty: then the model begins a sentence.
            n: 1 to 500.
            temperature: 0 takes the likeliest token each time; up to 10, more is more random.
            seed: Of the draws, 0 to 2^32 - 1.

        Raises:
            UnknownToken: The prompt has something that the corpus has not.
            InvalidInput: A number is out of range.
        """
        with required():
            import torch

        n = as_count(n, "The number of tokens", 1, 500)
        if not 0 <= temperature <= 10:
            raise InvalidInput(f"The temperature must lie from 0 to 10, not {temperature}.")
        draw = torch.Generator().manual_seed(as_count(seed, "The seed", 0, 2**32 - 1))
        ids = self.tokenizer.encode(prompt) or self.tokenizer.encode(END)
        network = self._restored()
        written = len(ids)
        with one_torch_thread(), torch.no_grad():
            for _ in range(n):
                read = torch.tensor([ids[-self.settings.context :]])  # [1, T]
                scores = _scores(network, self.settings, read)[0, -1]  # [V]
                ids.append(_drawn(scores, temperature, draw))
        return self.tokenizer.decode(ids[written:])


@dataclass(frozen=True, eq=False)
class GradientOfW:
    """How the loss of one batch would have the embedding table change.

    Attributes:
        gradient: float32 [V, D], read-only.
        vocabulary: The tokens of its rows.
        inputs: int64 [B, T], read-only: the ids that were looked up.
        targets: int64 [B, T], read-only: the id that comes after each of them.
        loss: Of the batch, in nats.
        tied: Whether the table was the output head as well.
    """

    gradient: NDArray[np.float32]
    vocabulary: Vocabulary
    inputs: NDArray[np.int64]
    targets: NDArray[np.int64]
    loss: float
    tied: bool

    @property
    def rows(self) -> tuple[int, ...]:
        """Ids of the rows that have a gradient: any entry that is not zero."""
        return tuple(nonzero_rows(self.gradient))

    @property
    def row_norms(self) -> NDArray[np.float32]:
        """The length of each row of the gradient: float32 [V]; 0 where a row is not to change."""
        return np.linalg.norm(self.gradient, axis=1)

    @property
    def looked_up(self) -> tuple[int, ...]:
        """Ids of the tokens that the batch put in, each once."""
        return tuple(np.unique(self.inputs).tolist())


@dataclass(frozen=True)
class RowGradients:
    """What is shown of a gradient of W.

    Attributes:
        norms: Length of the gradient of each row.
        changed: How many rows have a gradient.
        tokens: One for each row.
        looked_up: Ids of the batch's tokens.
        tied: Whether the table was the output head as well.
        inputs, targets: The batch: ids [B, T], and the id after each.
    """

    norms: NDArray[np.float32]
    changed: int
    tokens: Sequence[str]
    looked_up: tuple[int, ...]
    tied: bool
    inputs: NDArray[np.int64]
    targets: NDArray[np.int64]


def gradients_of_W(
    corpus: Corpus, *, report: ProgressCallback | None = None, **settings: Any
) -> tuple[GradientOfW, GradientOfW]:
    """The gradient of the embedding table W after the first batch, from the random start: untied, and with a tied head.

    Only the rows that the batch looked up have one. With a tied head every row does: the softmax compares with all.
    The corpus is read once, and both are asked about the same batch.

    Args:
        corpus: Where the batch is taken from.
        report: Called often with ``(fraction, words)``. What it raises stops the work.
        **settings: See ``Settings``; without ``tied``.

    Raises:
        InvalidInput: A setting out of range, or too little text.
        TooLarge: The model would not fit into memory.
    """
    report = report or no_progress
    untied, tied = (Settings(**settings, tied=tied) for tied in (False, True))
    fitted = _fitted(corpus, untied, report)
    learner = _Learner(fitted, untied, report)
    batch = learner.batch()
    found = _gradient(learner, batch, report)
    del learner  # two need not be held at once
    return found, _gradient(_Learner(fitted, tied, report), batch, report)


def row_gradients(
    corpus: Corpus, *, report: ProgressCallback | None = None, **settings: Any
) -> tuple[RowGradients, RowGradients]:
    """``gradients_of_W`` row by row: all that can be shown of them, in little memory.

    Raises:
        InvalidInput, TooLarge: As ``gradients_of_W``.
    """
    untied, tied = gradients_of_W(corpus, report=report, **settings)
    return _rows(untied), _rows(tied)


def _rows(found: GradientOfW) -> RowGradients:
    return RowGradients(
        found.row_norms,
        len(found.rows),
        found.vocabulary.tokens,
        found.looked_up,
        found.tied,
        found.inputs,
        found.targets,
    )


def _gradient(learner: "_Learner", batch: tuple[Any, Any], report: ProgressCallback) -> GradientOfW:
    report(0.5, "Computing the gradient" + (" with a tied output" if learner.settings.tied else ""))
    inputs, targets = batch
    with one_torch_thread():
        loss = cross_entropy(learner.network, learner.settings, inputs, targets)
        loss.backward()
    ids, after = inputs.numpy(), targets.numpy()
    ids.flags.writeable = after.flags.writeable = False
    gradient = read_only(learner.network["embedding"].weight.grad.numpy())
    return GradientOfW(gradient, learner.tokenizer.vocabulary, ids, after, loss.item(), learner.settings.tied)


def train(corpus: Corpus, *, report: ProgressCallback | None = None, **settings: Any) -> Iterator[LanguageSnapshot]:
    """Train a model on ``corpus`` and hand it out as it learns: at the random start, then ``snapshots`` times.

    The same arguments give the same run, number for number, on the same machine: torch uses one thread for it. Closing
    the iterator ends the training; so does whatever ``report`` raises.

    Args:
        corpus: What to learn from. The last twentieth of 10,000 tokens or more is kept for the held-out loss.
        report: Called at every step with ``(fraction, words)``.
        **settings: See ``Settings``.

    Raises:
        InvalidInput: A setting out of range, or too little text.
        TooLarge: The model would not fit into memory.
        TrainingDiverged: While it trains: the learning rate was too large. It has the last good snapshot.

    References:
        Bengio et al., "A Neural Probabilistic Language Model", 2003. Vaswani et al., "Attention Is All You Need", 2017.
        Tying: Press and Wolf, "Using the Output Embedding to Improve Language Models", 2017.
    """
    return _run(corpus, Settings(**settings), report or no_progress)


def train_untied_and_tied(
    corpus: Corpus, *, report: ProgressCallback | None = None, **settings: Any
) -> tuple[LanguageSnapshot, LanguageSnapshot]:
    """Two models trained alike, as they are at the end: one with a head of its own, then one with a tied head.

    Args:
        corpus, report: As of ``train``.
        **settings: See ``Settings``; without ``tied`` and ``snapshots``.

    Raises:
        InvalidInput, TooLarge, TrainingDiverged: As ``train``.
    """
    report = report or no_progress

    def half(done: int) -> ProgressCallback:
        def told(fraction: float, message: str = "", snapshot: Any = None, /) -> object:
            return report((done + fraction) / 2, message)

        return told

    untied, tied = (
        list(train(corpus, report=half(done), **settings, tied=bool(done), snapshots=1))[-1] for done in (0, 1)
    )
    return untied, tied


@dataclass(frozen=True)
class TrainingSpeed:
    """How fast a small model learns on this machine.

    Attributes:
        multiplied_weights: How many of its weights each token is multiplied with.
        tokens_per_second: Gone through in training, as measured.
    """

    multiplied_weights: int
    tokens_per_second: float


def training_speed(corpus: Corpus, *, report: ProgressCallback | None = None, **settings: Any) -> TrainingSpeed:
    """The speed of a short training on ``corpus``, measured without what comes before the first step.

    Args:
        corpus, report: As of ``train``.
        **settings: See ``Settings``; without ``snapshots``.

    Raises:
        InvalidInput, TooLarge, TrainingDiverged: As ``train``.
    """
    *_, last = train(corpus, report=report, **settings, snapshots=1)
    return TrainingSpeed(last.multiplied_weights, last.words_per_second)


def _run(corpus: Corpus, settings: Settings, report: ProgressCallback) -> Iterator[LanguageSnapshot]:
    learner = _Learner(_fitted(corpus, settings, report), settings, report)
    last = learner.snapshot(0, None)
    yield last
    for step in range(1, settings.steps + 1):
        report((step - 1) / settings.steps, f"Training: step {step:,} of {settings.steps:,}")
        learner.learn(last)
        if step * settings.snapshots // settings.steps > (step - 1) * settings.snapshots // settings.steps:
            last = learner.snapshot(step, last)
            yield last


_Fitted = tuple[CorpusTokenizer, NDArray[np.int64]]


def _fitted(corpus: Corpus, settings: Settings, report: ProgressCallback) -> _Fitted:
    """The tokenizer that ``settings`` ask for, and the corpus as ids."""
    return fit(
        corpus,
        settings.tokens,
        min_count=settings.min_count,
        bpe_vocab_size=settings.bpe_vocab_size,
        report=report,
    )


class _Learner:
    """A model, its optimiser, and the corpus as ids.

    Attributes:
        network: The model.
        tokenizer: Of the corpus.
    """

    def __init__(self, fitted: _Fitted, settings: Settings, report: ProgressCallback):
        report(0.0, "Opening PyTorch")
        with required():
            import torch

        self.settings = settings
        self.tokenizer, ids = fitted
        self._report = report
        if len(ids) <= settings.context:
            raise InvalidInput(
                f"The text has {len(ids):,} tokens, too few for a context of {settings.context}. "
                "Give more text, or choose a smaller context."
            )
        V = len(self.tokenizer.vocabulary)
        if V < 2:
            raise InvalidInput("All of this text is one token, so what comes next is never a question. Vary it.")
        head_and_blocks = V * settings.dimension + 12 * settings.blocks * settings.dimension**2
        logits = max(settings.batch * settings.context * V, PROBE_LOGITS)
        check_snapshots_fit(V, settings.dimension, settings.snapshots, head_and_blocks, _COPIES * logits)
        report(0.0, "Making the model")
        self._random = torch.Generator().manual_seed(settings.seed)
        self.network = _network(settings, V, self._random)
        kept = len(ids) - (round(HELD_OUT * len(ids)) if len(ids) >= HELD_OUT_FROM else 0)
        self._ids, held_out = torch.from_numpy(ids[:kept]), torch.from_numpy(ids[kept:])
        self._probe = self._stretches(self._ids, PROBE)
        self._held_out_probe = self._stretches(held_out, PROBE) if len(held_out) > settings.context else None
        self._guessing = float(np.log(V))
        self._clock = TrainingClock()

    @cached_property
    def _optimiser(self) -> Any:
        """Made for the first step: torch loads much more for it, which a gradient and the random start do without."""
        with required():
            import torch

        return torch.optim.AdamW(self.network.parameters(), lr=self.settings.learning_rate, fused=True)

    def batch(self) -> tuple[Any, Any]:
        """Stretches of text from random places, and for each token the one after it: int64 [B, T] both."""
        return self._stretches(self._ids, self.settings.batch)

    def _stretches(self, ids: Any, count: int) -> tuple[Any, Any]:
        with required():
            import torch

        T = self.settings.context
        starts = torch.randint(len(ids) - T, (count, 1), generator=self._random)
        stretches = ids[starts + torch.arange(T + 1)]  # [count, T + 1]
        return stretches[:, :-1], stretches[:, 1:]

    def learn(self, last: Snapshot) -> None:
        """One step of the optimiser.

        Raises:
            TrainingDiverged: The loss is beyond all bounds; the weights are left as they are.
        """
        optimiser = self._optimiser  # before the clock: what it loads is no part of a step
        with self._clock, one_torch_thread():
            loss = cross_entropy(self.network, self.settings, *self.batch())
            check_not_diverged(loss.item(), self._guessing, last.W, last)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

    def snapshot(self, step: int, last: Snapshot | None) -> LanguageSnapshot:
        """How things stand; ``last`` is the snapshot before.

        Raises:
            TrainingDiverged: Badly.
        """
        weights = {name: read_only(weight.numpy()) for name, weight in self.network.state_dict().items()}
        W = weights["embedding.weight"]
        fraction = step / self.settings.steps
        loss = self._probe_loss(self._probe, fraction)
        check_not_diverged(loss, self._guessing, W, last)
        return LanguageSnapshot(
            step=step,
            fraction=fraction,
            loss=loss,
            held_out_loss=self._probe_loss(self._held_out_probe, fraction) if self._held_out_probe else None,
            W=W,
            vocabulary=self.tokenizer.vocabulary,
            words_per_second=self._clock.speed(step * self.settings.batch * self.settings.context),
            seconds_left=self._clock.left(fraction),
            settings=self.settings,
            tokenizer=self.tokenizer,
            weights=MappingProxyType(weights),
        )

    def _probe_loss(self, probe: tuple[Any, Any], fraction: float) -> float:
        """Mean loss over all of ``probe``, some stretches at a time, so that neither memory nor a report waits."""
        with required():
            import torch

        at_once = max(1, PROBE_LOGITS // (self.settings.context * len(self.tokenizer.vocabulary)))
        total = 0.0
        for inputs, targets in zip(*(half.split(at_once) for half in probe), strict=True):
            self._report(fraction, "Measuring the loss")
            with one_torch_thread(), torch.no_grad():
                total += cross_entropy(self.network, self.settings, inputs, targets).item() * len(inputs)
        return total / len(probe[0])


def _network(settings: Settings, V: int, random: Any = None) -> Any:
    """The layers, at a random start drawn from ``random`` where given."""
    with required():
        from torch import nn

    D = settings.dimension
    layers: dict[str, nn.Module] = {"embedding": nn.Embedding(V, D)}
    if settings.model == "average":
        layers["hidden"] = nn.Linear(D, D)
    else:
        layers["place"] = nn.Embedding(settings.context, D)
        for block in range(settings.blocks):
            layers[f"block_{block}"] = nn.TransformerEncoderLayer(
                D, HEADS, 4 * D, dropout=0, activation="gelu", batch_first=True, norm_first=True
            )
        layers["norm"] = nn.LayerNorm(D)
    layers["head"] = nn.Linear(D, V, bias=False)
    network = nn.ModuleDict(layers)
    if settings.tied:
        network["head"].weight = network["embedding"].weight
    if random is not None:
        for name, weight in network.named_parameters():
            if weight.ndim > 1:
                nn.init.normal_(weight, std=D**-0.5, generator=random)
            elif name.endswith("bias"):  # torch's own start would be drawn without our seed
                nn.init.zeros_(weight)
    if "place" in network and not settings.positions:
        del network["place"]  # drawn all the same: a seed gives the same start and the same batches without it
    return network


def _scores(network: Any, settings: Settings, ids: Any) -> Any:
    """The logits of the next token after each place: ``ids`` [B, T] to float32 [B, T, V]."""
    return _read(network, settings, _states(network, settings, network["embedding"](ids))[-1])


def _states(network: Any, settings: Settings, x: Any) -> list[Any]:
    """What each layer makes of the rows ``x`` [B, T, D], which come first: float32 [B, T, D] each."""
    with required():
        import torch

    T, states = x.shape[1], [x]
    if settings.model == "average":
        x = x.cumsum(dim=1) / torch.arange(1, T + 1)[:, None]  # [B, T, D]: the mean of the rows so far
        return [*states, torch.tanh(network["hidden"](x))]
    if settings.positions:
        x = x + network["place"](torch.arange(T))  # [T, D]: the same rows for every stretch
    future = torch.full((T, T), float("-inf")).triu(1)  # [T, T]: nothing is seen of what comes later
    for block in range(settings.blocks):
        x = network[f"block_{block}"](x, src_mask=future, is_causal=True)
        states.append(x)
    return states


def _read(network: Any, settings: Settings, states: Any) -> Any:
    """What the head makes of ``states`` [..., D], after the last norm: logits, float32 [..., V]."""
    return network["head"](states if settings.model == "average" else network["norm"](states))


def cross_entropy(network: Any, settings: Settings, inputs: Any, targets: Any) -> Any:
    """Mean cross-entropy of the next token, in nats: the loss of a training, and on other text its held-out loss.

    Args:
        network: The layers.
        settings: Those that it was made with.
        inputs: Ids, int64 [B, T], T at most the settings' context.
        targets: The id after each, [B, T].

    Returns:
        A torch scalar with a gradient.
    """
    with required():
        from torch.nn import functional

    return functional.cross_entropy(_scores(network, settings, inputs).flatten(0, 1), targets.flatten())


def _drawn(scores: Any, temperature: float, random: Any) -> int:
    """The id drawn with the probabilities that ``scores`` [V] give at ``temperature``."""
    with required():
        import torch

    if temperature == 0:
        return int(scores.argmax())
    return int(torch.multinomial(torch.softmax(scores / temperature, dim=0), 1, generator=random))
