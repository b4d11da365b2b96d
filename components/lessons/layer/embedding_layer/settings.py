"""What the embedding layer is asked: ids, or the words of sentences, in a table as large as the reader likes."""

import re
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components.address import setting
from components.markup import as_code
from components.ui.inputs import choice_input, text_setting
from components.ui.text_fields import LIST_LIMIT, text_box
from embeddings.common import InvalidInput
from embeddings.lookup import seeded_table
from embeddings.tokenizers import Vocabulary, split_words

IDS, SENTENCES = "ids", "sentences"
MAX_ROWS, MAX_IDS = 24, 16  # of the table; of a list of ids, or of one sentence
MAX_SENTENCES = 4
DIMENSIONS = (2, 3, 5, 8, 16, 32)
PADDING = "[PAD]"  # fills the places that a shorter sentence leaves empty
_TEXT = "the cat sees the dog\nthe dog sleeps"


@dataclass(frozen=True, eq=False)
class LayerInput:
    """A table and the ids to be looked up in it.

    Attributes:
        W: float32 [V, D].
        ids: int64 [B], or [B, T] for sentences.
        rows: A name for each row of ``W``.
        names: A name for each id, in their order.
        padding: The id that fills shorter sentences; ``None`` where none was needed.
    """

    W: NDArray[np.float32]
    ids: NDArray[np.int64]
    rows: tuple[str, ...]
    names: tuple[str, ...]
    padding: int | None = None

    @property
    def row_names(self) -> list[str]:
        """A name for each row of the output: the id, and what it stands for where that is more."""
        return [
            name if name == str(token_id) else f"{token_id} {name}"
            for token_id, name in zip(self.ids.ravel(), self.names, strict=True)
        ]

    @property
    def limit(self) -> float:
        """The largest number of ``W`` by size, for colours."""
        return float(np.abs(self.W).max()) or 1.0

    @property
    def code(self) -> str:
        """How the table and the ids are made with PyTorch alone."""
        V, D = self.W.shape
        return f"""\
import torch

torch.manual_seed(0)
layer = torch.nn.Embedding({V}, {D})
W = layer.weight.detach().clone()  # [{V}, {D}]
ids = torch.tensor({self.ids.tolist()})  # {list(self.ids.shape)}
"""


def choose() -> LayerInput:
    """The reader's table and ids, the 4 × 5 table and the ids 2, 3 and 1 at first.

    Raises:
        InvalidInput: What was typed cannot be looked up; the message says what can.
    """
    names = {IDS: "Ids", SENTENCES: "The words of my sentences"}
    first, left, middle, right = st.columns([4, 3, 2, 2], gap="medium")
    what = choice_input("Look up", list(names), "layer_what", format_func=names.__getitem__, place=first)
    with middle:
        # Sentences have a row for each of their words.
        V = setting(st.slider, "Rows of the table, V", 2, MAX_ROWS, 4, key="layer_v", disabled=what != IDS)
    with right:
        D = setting(st.select_slider, "Numbers in a row, D", DIMENSIONS, 5, key="layer_d")
    with left:
        if what == IDS:
            ids = read_ids(text_setting("Ids, from 0 to V − 1", "2, 3, 1", "layer_ids"), V)
            return LayerInput(seeded_table(V, D), ids, tuple(f"row {row}" for row in range(V)), tuple(map(str, ids)))
        text = text_box(
            "Your sentences, one on each line",
            _TEXT,
            height=100,
            key="layer_text",
            limit=LIST_LIMIT,
        )
        return read_sentences(text, V, D)


def read_ids(text: str, V: int) -> NDArray[np.int64]:
    """The whole numbers in ``text``: int64 [B].

    >>> read_ids("2, 3, 1", 4).tolist()
    [2, 3, 1]
    """
    parts = re.split(r"[\s,;\[\]]+", text.strip(" ,;[]\n\t"))
    if parts == [""]:
        raise InvalidInput("Type some ids: 2, 3, 1, for instance.")
    wrong = [part for part in parts if not re.fullmatch(r"[0-9]{1,9}", part) or int(part) >= V]
    if wrong:
        raise InvalidInput(
            f"{wrong[0][:20]!r} is no row of this table. Its rows are the whole numbers from 0 to {V - 1}."
        )
    if len(parts) > MAX_IDS:
        raise InvalidInput(f"These are {len(parts)} ids; at most {MAX_IDS} can be drawn. Take some away.")
    return np.array(parts, dtype=np.int64)


def read_sentences(text: str, V: int, D: int) -> LayerInput:
    """The sentences of ``text`` as ids [B, T], with padding where they differ in length, and a table that has them."""
    sentences = [words for line in text.splitlines() if (words := split_words(line.lower()))]
    if not sentences:
        raise InvalidInput("Type a sentence, or several, one on each line.")
    if len(sentences) > MAX_SENTENCES or max(map(len, sentences)) > MAX_IDS:
        raise InvalidInput(f"At most {MAX_SENTENCES} sentences of {MAX_IDS} words can be drawn. Shorten the text.")
    longest = max(map(len, sentences))
    padded = min(map(len, sentences)) < longest
    found = Vocabulary.from_tokens(word for sentence in sentences for word in sentence).tokens
    tokens = (PADDING, *found) if padded else found
    if len(tokens) > MAX_ROWS:
        raise InvalidInput(f"There are {len(found)} different words. At most {MAX_ROWS} rows can be drawn.")
    if len(tokens) > V:
        st.caption(f"Your sentences have {len(tokens)} different tokens, so the table has {len(tokens)} rows.")
    if padded:
        st.caption(
            f"Your sentences differ in length. {as_code(PADDING)}, for *padding*, is a token without meaning that "
            "fills the shorter ones up."
        )
    vocabulary = Vocabulary(tokens)
    filled = [sentence + [PADDING] * (longest - len(sentence)) for sentence in map(list, sentences)]  # B of T
    spare = tuple(f"row {row}" for row in range(len(tokens), V))
    return LayerInput(
        seeded_table(max(V, len(tokens)), D),
        np.array([[vocabulary.id(word) for word in sentence] for sentence in filled]),
        tuple(f"{token_id} {token}" for token_id, token in enumerate(tokens)) + spare,
        tuple(word for sentence in filled for word in sentence),
        0 if padded else None,
    )


def shape(array: NDArray) -> str:
    """The shape of ``array`` as PyTorch writes it, in a code span.

    >>> shape(np.zeros((2, 3)))
    '`[2, 3]`'
    """
    return as_code(str(list(array.shape)))
