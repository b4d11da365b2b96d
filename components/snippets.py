"""The few lines of Python behind a panel, as they stand runnable from the project's folder.

Each function writes the reader's own choices into the code as Python literals.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import streamlit as st
from numpy.typing import NDArray

MOST_TEXT = 2_000  # characters of a text that are written into code


def show_code(code: str, key: str, note: str = "") -> None:
    """``code`` behind a fold, with a button that copies it; sent only when it is opened, as its colours are heavy.

    A ``note`` of the app's own says where it does less than the panel.
    """
    with st.expander("Show the code", icon=":material/code:", key=f"{key}_code", on_change="rerun") as fold:
        if fold.open:
            st.code(code, language="python")
            if note:
                st.caption(note)


def cut_note(text: str) -> str:
    """What is to be said of code that holds only the first ``MOST_TEXT`` characters of ``text``."""
    return f"The code holds the first {MOST_TEXT:,} characters of your text." if len(text) > MOST_TEXT else ""


def token_row(text: str, tokenizer: str, place: int) -> str:
    """Tokens, ids, and the one-hot row, the vector and the place on the map of the token at ``place``."""
    return f"""\
from embeddings.one_hot import one_hot
from embeddings.tokens import tokenizer

cut = tokenizer({tokenizer!r})
encoding = cut.encode({text!r})
id = encoding.ids[{place}]
row = one_hot([id], cut.vocabulary_size)[0]
print(encoding.tokens, encoding.ids, row, sep="\\n")
{_VECTOR_AND_PLACE.get(tokenizer, "")}"""


_TABLE_ROWS = MappingProxyType(
    {
        "word": "from embeddings.sources import load\n\ntable = load()\nrows = lambda ids: table.matrix[list(ids)]",
        "wordpiece": "from embeddings.transformer_rows import TransformerRows\n\n"
        "rows = TransformerRows.of_minilm().rows",
    }
)
_VECTOR_AND_PLACE = MappingProxyType(
    {
        name: f"""
from embeddings.projection import principal_axes
from embeddings.word_lists import GROUPS
{opening}
vector = rows([id])[0]
landmarks = [cut.encode(word).ids[0] for group in GROUPS.values() for word in group]
place = principal_axes(rows(landmarks), n_components=2).place(vector)
print(vector, place, sep="\\n")
"""
        for name, opening in _TABLE_ROWS.items()
    }
)


def most_alike(tokenizer: str, ids: Mapping[str, int]) -> str:
    """The cosines of the vector of the first of the tokens in ``ids`` with those of the others."""
    return f"""\
from embeddings.neighbors import cosine_similarities
{_TABLE_ROWS[tokenizer]}
ids = {dict(ids)!r}
token, *others = ids
cosines = cosine_similarities(rows(list(ids.values())))[0, 1:]
ranking = sorted(zip(others, cosines.tolist()), key=lambda pair: -pair[1])
print(token, ranking, sep="\\n")
"""


def token_spans(text: str, tokenizer: str) -> str:
    """Tokens, ids and spans of ``text``, and the text that comes back from the ids."""
    return f"""\
from embeddings.tokens import tokenizer

text = {text!r}
cut = tokenizer({tokenizer!r})
encoding = cut.encode(text)
for token, id, (start, end) in zip(encoding.tokens, encoding.ids, encoding.spans):
    print(id, repr(token), "stands for", repr(text[start:end]))
back = cut.decode([id for id in encoding.ids if id is not None])
print(back)
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


def chance(words: Sequence[str], shuffles: int) -> str:
    """How often each word is the nearest to the first."""
    return f"""\
from embeddings.random_numbers import share_nearest

shares = share_nearest({list(words)!r}, shuffles={shuffles})
print(shares)
"""


def dictionary(words: Sequence[str], swapped: Sequence[str]) -> str:
    """From ``words`` to their ids and one-hot rows; two of them ``swapped``, or none."""
    exchange = (
        f"a, b = (tokens.index(word) for word in {list(swapped)!r})\ntokens[a], tokens[b] = tokens[b], tokens[a]\n"
        if swapped
        else ""
    )
    return f"""\
import numpy as np

words = {list(words)!r}
tokens = sorted(set(words))
{exchange}vocabulary = {{token: id for id, token in enumerate(tokens)}}
rows = np.zeros((len(words), len(tokens)))
rows[np.arange(len(words)), [vocabulary[word] for word in words]] = 1
print(vocabulary, rows, sep="\\n")
"""


def one_hot_pairs(words: Sequence[str]) -> str:
    """The cosine and the distance of every pair of one-hot rows."""
    return f"""\
from embeddings.neighbors import cosine_similarities, distances
from embeddings.one_hot import one_hot

words = {list(words)!r}
rows = one_hot(range(len(words)), len(words))
cosines = cosine_similarities(rows)
apart = distances(rows)
print(cosines, apart, sep="\\n")
"""


def learned_cosines(words: Sequence[str]) -> str:
    """The cosine of every pair of ``words`` in GloVe."""
    return f"""\
from embeddings.neighbors import cosine_similarities
from embeddings.sources import load

words = {list(words)!r}
cosines = cosine_similarities(load().rows(words))
print(cosines.round(2))
"""


def memory(counts: Sequence[int], D: int) -> str:
    """Bytes of one-hot rows for ``counts`` words, and of a table of ``D`` numbers for the last of them."""
    return f"""\
counts = {list(counts)!r}
sizes = [4 * V * V for V in counts] + [4 * counts[-1] * {D}]
print(sizes)
"""


def row_cosines(words: Sequence[str], matrix: NDArray, chosen: str) -> str:
    """The cosine of every pair of rows of a small ``matrix`` [N, D], their map, and who is like ``chosen``."""
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

_, _, axes = np.linalg.svd(rows - rows.mean(axis=0))
places = (rows - rows.mean(axis=0)) @ axes[:2].T  # PCA; a mirrored map is the same map
seen_from = cosines[words.index({chosen!r})]
alike = sorted(zip(words, seen_from.tolist()), key=lambda pair: -pair[1])
print(places.round(2), alike, sep="\\n")
"""


def cells_to_fill(words: int, features: int) -> str:
    """The cells of the reader's table and of GloVe's, and the days that these take at one a second."""
    return f"""\
from embeddings.sources import load

table = load()
yours, all_cells = {words} * {features}, table.matrix.size
days = all_cells / (24 * 60 * 60)
print(yours, all_cells, days)
"""


def trained_network(text: str, D: int, word: str) -> str:
    """The small network's guess for ``word``, its row, and the rows most like it."""
    return f"""\
from embeddings.neighbors import most_similar
from embeddings.small_network import shared_neighbours, train
from embeddings.word_vectors import WordVectors

text = {text!r}
network = train(text, D={D})
row = network.W[network.vocabulary.id({word!r})]
likely = dict(zip(network.vocabulary.tokens, network.probabilities({word!r}).tolist()))
alike = most_similar(WordVectors.of("W", network.vocabulary.tokens, network.W), {word!r}, n=3)
shared = shared_neighbours(text, {word!r}, alike[0][0])
print(row, likely, alike, shared, sep="\\n")
"""
