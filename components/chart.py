"""A figure on the page, the same way everywhere."""

import html
from collections.abc import Collection, Sequence
from types import MappingProxyType

import plotly.graph_objects as go
import streamlit as st

from components.figures.space import look

# Streamlit's own grey for charts is too pale to be read in a coloured cell.
_TEXT = MappingProxyType({"light": "#22262b", "dark": "#e9e7e2"})
_SIGNS = MappingProxyType({"circle": "●", "diamond": "◆", "square": "■", "triangle-up": "▲", "cross": "✚"})


def show(figure: go.Figure, key: str, alt: str, **options) -> None:
    """Draw ``figure`` over the full width, without Plotly's tool bar; ``alt`` is what a screen reader says of it."""
    figure.layout.font.color = _TEXT.get(st.context.theme.type)
    st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False}, **options)


def legend(shown: Collection[str], all_groups: Sequence[str]) -> None:
    """What the colours and signs of a map stand for; ``shown`` are groups of the app's own, among ``all_groups``.

    Beside the figure, as Plotly's legend doubles the time that a figure takes to be drawn.
    """
    entries = []
    for number, group in enumerate(all_groups):
        colour, symbol = look(number)
        if group in shown:
            entries.append(f'<span><span style="color:{colour}">{_SIGNS[symbol]}</span> {html.escape(group)}</span>')
    st.html(f'<div style="display:flex;flex-wrap:wrap;gap:.1rem 1rem;font-size:.875rem">{"".join(entries)}</div>')
