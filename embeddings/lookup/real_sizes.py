"""The embedding tables of models that people use: how large they are, and plans that go as far as this machine does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import InvalidInput
from embeddings.lookup.plan import Plan

PARTS = (64, 16, 4, 1)  # the whole table, and these parts of it first, to extrapolate from where the whole is too much


@dataclass(frozen=True)
class RealSize:
    """The embedding table of a model.

    Attributes:
        name: What ``real_size`` takes.
        title: What people call the model.
        V, D: Of its table.
        published: Where the two numbers stand.
        table: Reads its weights, float32 [V, D]; None where they are not here and random numbers take their place.
    """

    name: str
    title: str
    V: int
    D: int
    published: str
    table: Callable[[], NDArray[np.float32]] | None = None

    def plan(self, B: int = 64, **options: Any) -> Plan:
        """A sweep over parts of the table, the whole last; ``options`` are those of ``Plan``.

        What does not fit comes as ``Predicted``, extrapolated from the parts that do.
        """
        return Plan(tuple(self.V // part for part in PARTS), D=self.D, B=B, **options)


def real_sizes() -> tuple[RealSize, ...]:
    """The models, smallest table first."""
    return (
        RealSize(
            "minilm",
            "all-MiniLM-L6-v2",
            30_522,
            384,
            "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
            _minilm,
        ),
        RealSize("gpt-2", "GPT-2", 50_257, 768, "https://huggingface.co/openai-community/gpt2"),
        RealSize("llama-3", "Llama 3 8B", 128_256, 4_096, "https://huggingface.co/meta-llama/Meta-Llama-3-8B"),
    )


def real_size(name: str) -> RealSize:
    """The model called ``name``.

    Raises:
        InvalidInput: There is none.

    >>> real_size("gpt-2").plan().sizes
    (785, 3141, 12564, 50257)
    """
    for size in real_sizes():
        if size.name == name:
            return size
    raise InvalidInput(f"There is no model {name!r}. There are: {', '.join(size.name for size in real_sizes())}.")


def _minilm() -> NDArray[np.float32]:
    from embeddings.transformer_rows import TransformerRows

    return TransformerRows.of_minilm().matrix()
