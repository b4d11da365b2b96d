"""A figure on the page, the same way everywhere."""

import html
from collections.abc import Collection, Sequence
from types import MappingProxyType
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from components.figures.projector import enlarged
from components.figures.scatter_map import marker_style
from components.ui import presenting

# Streamlit's own grey for charts is too pale to be read in a coloured cell.
_TEXT = MappingProxyType({"light": "#22262b", "dark": "#e9e7e2"})
PICTURES = ("PNG", "SVG")
_SIGNS = MappingProxyType({"circle": "●", "diamond": "◆", "square": "■", "triangle-up": "▲", "cross": "✚"})


def show(figure: go.Figure, key: str, alt: str, save_as: str | None = None, **options) -> None:
    """Draw ``figure`` over the full width, without Plotly's tool bar.

    Args:
        figure: What to draw.
        key: Of the element.
        alt: What a screen reader says of it.
        save_as: File name, without its ending, of the picture that a camera over the figure saves; without it there is
            no camera. ``take_home`` of the same name lets the reader choose the format.
        options: Passed on to ``st.plotly_chart``.
    """
    figure.layout.font.color = _TEXT.get(st.context.theme.type or "")
    st.plotly_chart(
        enlarged(figure) if presenting.is_on() else figure,
        key=key,
        alt=alt,
        config=_camera(save_as) if save_as else {"displayModeBar": False},
        **options,
    )


def picture_key(name: str) -> str:
    """Where the format chosen for the picture ``name`` is kept."""
    return f"{name}_picture"


def _camera(name: str) -> dict[str, Any]:
    """Plotly's tool bar with its camera alone, which appears when the figure is pointed at or tapped."""
    kind = st.session_state.get(picture_key(name)) or PICTURES[0]
    return {
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": kind.lower(), "filename": name, "scale": 2},
    }


def legend(shown: Collection[str], all_groups: Sequence[str], dots: bool = False) -> None:
    """What the colours and signs of a map stand for; ``shown`` are groups of the app's own, among ``all_groups``.

    Where all are drawn as ``dots``, the colours alone tell them apart.

    Beside the figure, as Plotly's legend doubles the time that a figure takes to be drawn.
    """
    marker_styles = [
        (colour, "circle" if dots else symbol) for colour, symbol in map(marker_style, range(len(all_groups)))
    ]
    legend_of([(group, each) for group, each in zip(all_groups, marker_styles, strict=True) if group in shown])


def legend_of(entries: Sequence[tuple[str, tuple[str, str]]]) -> None:
    """Names, each after its colour and symbol."""
    named = [
        f'<span><span style="color:{colour}">{_SIGNS[symbol]}</span> {html.escape(name)}</span>'
        for name, (colour, symbol) in entries
    ]
    st.html(f'<div style="display:flex;flex-wrap:wrap;gap:.1rem 1rem;font-size:.875rem">{"".join(named)}</div>')


def colour_bar(stops: Sequence[tuple[float, str]], low: str, high: str) -> None:
    """What the colours of figures beside one another stand for: a bar of ``stops``, from ``low`` to ``high``."""
    colours = ", ".join(f"{colour} {share:.0%}" for share, colour in stops)
    bar = f"flex:0 1 16rem;height:.7rem;background:linear-gradient(to right, {colours})"
    st.html(
        '<div style="display:flex;align-items:center;gap:.5rem;font-size:.875rem">'
        f'{html.escape(low)}<span style="{bar}"></span>{html.escape(high)}</div>'
    )
