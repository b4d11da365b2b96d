"""Shown code that two lessons of this chapter have in common."""

from collections.abc import Sequence

from components.lessons.bundled_tables import GLOVE, ROWS


def cut_text(tokenizer: str, text: str) -> str:
    """Lines that cut ``text``: its ``tokens``, their ``ids`` and ``spans``, and ``V``, how many ids there are."""
    if tokenizer == "character":
        return f"""\
text = {text!r}
tokens = list(text)
ids = [ord(token) for token in tokens]  # the numbers that Unicode gives to characters
spans = [(place, place + 1) for place in range(len(text))]
V = 0x110000
"""
    if tokenizer == "word":
        opening = """\
from embeddings.sources import load
from embeddings.tokenizers import tokenizer

cut = tokenizer("word", load().vocabulary)  # it knows the table's words
"""
    else:
        opening = f"from embeddings.tokenizers import tokenizer\n\ncut = tokenizer({tokenizer!r})\n"
    return f"""\
{opening}text = {text!r}
encoding = cut.encode(text)
tokens, ids, spans = encoding.tokens, encoding.ids, encoding.spans
V = cut.vocabulary_size
"""


def learned_cosines(words: Sequence[str]) -> str:
    """The cosine of every pair of ``words`` in GloVe."""
    return f"""\
{GLOVE}
{ROWS}
words = {list(words)!r}
rows = matrix[[row_of[word] for word in words]]
units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
cosines = units @ units.T
print(cosines.round(2))
"""
