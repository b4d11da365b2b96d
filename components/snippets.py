"""The few lines of Python behind a panel, as they stand runnable from the project's folder.

Each function writes the reader's own choices into the code as Python literals.
"""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray


def show_code(code: str) -> None:
    """``code`` behind a fold, with a button that copies it."""
    with st.expander("Show the code", icon=":material/code:"):
        st.code(code, language="python")


def token_row(text: str, tokenizer: str, place: int) -> str:
    """Tokens, ids, and the one-hot row and vector of the token at ``place``."""
    table = (
        "from embeddings.transformer_rows import TransformerRows\n\nvector = TransformerRows.of_minilm().rows([id])[0]"
        if tokenizer == "wordpiece"
        else "from embeddings.sources import load\n\nvector = load().matrix[id]"
    )
    return f"""\
from embeddings.one_hot import one_hot
from embeddings.tokens import tokenizer

cut = tokenizer({tokenizer!r})
encoding = cut.encode({text!r})
id = encoding.ids[{place}]
row = one_hot([id], cut.vocabulary_size)[0]
{table if tokenizer in ("word", "wordpiece") else "vector = None  # no table of this tokenizer is at hand"}
print(encoding.tokens, encoding.ids, row, vector, sep="\\n")
"""


def token_counts(text: str, tokenizers: Sequence[str]) -> str:
    """How many tokens each of ``tokenizers`` needs."""
    return f"""\
from embeddings.tokens import tokenizer

text = {text!r}
counts = {{name: len(tokenizer(name).encode(text).tokens) for name in {list(tokenizers)!r}}}
print(counts)
"""


def random_numbers(words: Sequence[str], seed: int) -> str:
    """A random number for each of ``words``."""
    return f"""\
import numpy as np

words = {list(words)!r}
numbers = np.random.default_rng({seed}).permutation(100)[: len(words)].tolist()
print(dict(zip(words, numbers)))
"""


def one_hot_rows(words: Sequence[str]) -> str:
    """The one-hot rows of ``words``, and the cosine of every pair."""
    return f"""\
from embeddings.neighbors import cosine_similarities
from embeddings.one_hot import one_hot
from embeddings.vocabulary import Vocabulary

words = {list(words)!r}
vocabulary = Vocabulary.from_tokens(words)
rows = one_hot([vocabulary.id(word) for word in words], len(vocabulary))
cosines = cosine_similarities(rows)
print(rows, cosines, sep="\\n")
"""


def row_cosines(words: Sequence[str], matrix: NDArray) -> str:
    """The cosine of every pair of rows of a small ``matrix`` [N, D]."""
    rows = ",\n    ".join(str(np.round(row.astype(float), 4).tolist()) for row in matrix)
    return f"""\
import numpy as np

words = {list(words)!r}
rows = np.array([
    {rows},
])
lengths = np.linalg.norm(rows, axis=1, keepdims=True)
units = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
cosines = units @ units.T
print(cosines.round(2))
"""


def trained_network(text: str, D: int, word: str) -> str:
    """The small network's table, and its guess for ``word``."""
    return f"""\
from embeddings.small_network import train

network = train({text!r}, D={D})
row = network.W[network.vocabulary.id({word!r})]
likely = dict(zip(network.vocabulary.tokens, network.probabilities({word!r}).tolist()))
print(row, likely, sep="\\n")
"""


def nearest_words(word: str) -> str:
    """The words nearest to ``word``."""
    return f"""\
from embeddings.neighbors import most_similar
from embeddings.sources import load

neighbours = most_similar(load(), {word!r})
print(neighbours)
"""


def identity(W: NDArray, ids: Sequence[int]) -> str:
    """The three ways to the rows ``ids`` of the random table ``W`` [V, D]."""
    V, D = W.shape
    return f"""\
import numpy as np
import torch

W = torch.from_numpy(np.random.default_rng(0).standard_normal(({V}, {D}), dtype=np.float32))
ids = torch.tensor({list(map(int, ids))!r})
one_hot = torch.nn.functional.one_hot(ids, {V}).float()
lookup = torch.nn.functional.embedding(ids, W)
matmul = one_hot @ W
linear = torch.nn.functional.linear(one_hot, W.T)
print(lookup, matmul.equal(lookup), linear.equal(lookup), sep="\\n")
"""
