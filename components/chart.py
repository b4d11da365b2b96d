"""A figure on the page, the same way everywhere."""

import plotly.graph_objects as go
import streamlit as st


def show(figure: go.Figure, key: str, alt: str, **options) -> None:
    """Draw ``figure`` over the full width, without Plotly's tool bar; ``alt`` is what a screen reader says of it."""
    st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False}, **options)
