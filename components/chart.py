"""A figure on the page, the same way everywhere."""

from types import MappingProxyType

import plotly.graph_objects as go
import streamlit as st

# Streamlit's own grey for charts is too pale to be read in a coloured cell.
_TEXT = MappingProxyType({"light": "#22262b", "dark": "#e9e7e2"})


def show(figure: go.Figure, key: str, alt: str, **options) -> None:
    """Draw ``figure`` over the full width, without Plotly's tool bar; ``alt`` is what a screen reader says of it."""
    figure.layout.font.color = _TEXT.get(st.context.theme.type)
    st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False}, **options)
