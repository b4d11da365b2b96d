"""Embedding tables of published models: how large they are, and sweeps that go as far as this machine does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.common import InvalidInput
from embeddings.lookup.sweep import Sweep

PARTS = (64, 16, 4, 1)  # the whole table, and these parts of it first, to extrapolate from where the whole is too much


@dataclass(frozen=True)
class ModelTable:
    """The embedding table of a model.

    Attributes:
        name: What ``model_table`` takes.
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

    def sweep(self, B: int = 64, **options: Any) -> Sweep:
        """A sweep over parts of the table, the whole last; ``options`` are those of ``Sweep``.

        What does not fit comes as ``Extrapolated``, extrapolated from the parts that do.
        """
        return Sweep(tuple(self.V // part for part in PARTS), D=self.D, B=B, **options)


def model_tables() -> tuple[ModelTable, ...]:
    """The models, smallest table first."""
    return (
        ModelTable(
            "minilm",
            "all-MiniLM-L6-v2",
            30_522,
            384,
            "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
            _minilm,
        ),
        ModelTable("gpt-2", "GPT-2", 50_257, 768, "https://huggingface.co/openai-community/gpt2"),
        ModelTable("llama-3", "Llama 3 8B", 128_256, 4_096, "https://huggingface.co/meta-llama/Meta-Llama-3-8B"),
    )


def model_table(name: str) -> ModelTable:
    """The model called ``name``.

    Raises:
        InvalidInput: There is none.

    >>> model_table("gpt-2").sweep().sizes
    (785, 3141, 12564, 50257)
    """
    for size in model_tables():
        if size.name == name:
            return size
    raise InvalidInput(f"There is no model {name!r}. There are: {', '.join(size.name for size in model_tables())}.")


def _minilm() -> NDArray[np.float32]:
    from embeddings.sources import MiniLMTable

    return MiniLMTable.of_minilm().matrix()
