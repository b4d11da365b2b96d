"""What the two models' panels share: the picture, ranks, and the lookup's mirror image."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from components import glossary
from components.figures.lens import lens_figure, rank_over_layers_figure
from components.lessons.language.model_words import as_token
from components.ui import chart
from components.ui.tables import draw_table
from embeddings.common import in_bytes
from embeddings.lookup import multiplications
from embeddings.tokenizers import drawn
from embeddings.transformer import LogitLens
from embeddings.vectors import table_bytes

_HEIGHT = 400  # pixels of the picture


@dataclass(frozen=True, eq=False)
class LensReading:
    """What the output makes of each layer.

    Attributes:
        lens: For all layers and places.
        best: The likeliest tokens, as they are shown, [L + 1][T].
    """

    lens: LogitLens
    best: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, lens: LogitLens, tokens: Sequence[str]) -> "LensReading":
        """``lens`` with the ``tokens`` of the vocabulary as they are shown."""
        return cls(lens, tuple(tuple(drawn(tokens[each]) for each in row) for row in lens.ids.tolist()))

    @property
    def answer(self) -> str:
        """What comes next, as the model says at its end."""
        return self.best[-1][-1]

    @property
    def ranks(self) -> list[int]:
        """The rank of the answer in each layer, at the last place."""
        return self.lens.ranks[:, -1].tolist()


def show_layers(columns: Sequence[str], found: LensReading | None, layers: Sequence[int]) -> go.Figure:
    """The main picture: the likeliest tokens at each place in these ``layers``; empty cells until they are found."""
    names = [f"layer {layer}" if layer else "row" for layer in layers]
    tokens = [found.best[layer] if found else [""] * len(columns) for layer in layers]
    probabilities = [found.lens.probabilities[layer].tolist() if found else [0.0] * len(columns) for layer in layers]
    figure = lens_figure(columns, names, tokens, probabilities, _HEIGHT)
    with st.container(key="picture"):
        chart.show(figure, key="lens_table", alt=_alt(found, names, layers), save_as="back_to_token")
    if found is not None:
        st.caption(
            "Above: the tokens of the text. In each cell: the token that the output finds likeliest to come next."
        )
    return figure


def _alt(found: LensReading | None, names: Sequence[str], layers: Sequence[int]) -> str:
    if found is None:
        return "The model has not answered yet"
    rows = (f"{name}: {' '.join(found.best[layer])}" for name, layer in zip(names, layers, strict=True))
    return "Likeliest next tokens at each place. " + "; ".join(rows)


def show_ranks(found: LensReading, vocabulary_size: int) -> None:
    """The rank of the answer over the layers."""
    st.markdown(f"**The rank of {as_token(found.answer)} after each layer,** among {vocabulary_size:,} tokens.")
    spoken = "; ".join(f"layer {layer}: {rank:,}" for layer, rank in enumerate(found.ranks))
    chart.show(rank_over_layers_figure(found.ranks), key="lens_ranks", alt=f"Rank of the answer: {spoken}")


def show_mirror(rows: int, columns: int, output_table: str) -> None:
    """Lookup and output side by side, with their costs, for a table of this size and another name of the output's.

    Says what the field calls the output, and what it calls the reading of earlier layers.
    """
    st.markdown(glossary.linked(f"{glossary.sentence('unembedding')} {glossary.sentence('logit lens')}"))
    draw_table(
        {
            "": ["from", "to", "in code", "multiplications", "bytes read"],
            "lookup": ["a token's id", "its vector", "W[id]", "0", in_bytes(table_bytes(1, columns))],
            "output": [
                "a vector h",
                "a score for each id",
                f"h @ {output_table}.T",
                f"{multiplications(rows, columns, 1):,}",
                in_bytes(table_bytes(rows, columns)),
            ],
        },
        alt="The lookup and the output, with what each costs for one token",
    )
