"""A figure for the projector: read from the last row of a room."""

from typing import Any

import plotly.graph_objects as go

TEXT = 24  # pixels of a letter that is read from the last row, on a screen 1280 wide
HEIGHT = 540  # pixels of a picture that fills such a screen, 720 high
_GROWTH = 1.6  # of what is lower than that, so that its rows have room for their letters


def enlarged(figure: go.Figure) -> go.Figure:
    """``figure`` with letters that the last row can read, and of a height that fills the screen."""
    plain = _with_large_fonts(figure.to_dict())
    layout = plain["layout"]
    height = layout.get("height", HEIGHT)
    layout["font"] = layout.get("font", {}) | {"size": TEXT}
    layout["height"] = max(height, min(HEIGHT, round(_GROWTH * height)))
    return go.Figure(plain, _validate=False)


def _with_large_fonts(part: Any) -> Any:
    """``part`` of a figure, in which no font has a size below ``TEXT``."""
    if isinstance(part, dict):
        return {name: _large(value) if name.endswith("font") else _with_large_fonts(value) for name, value in part.items()}
    return [_with_large_fonts(each) for each in part] if isinstance(part, list | tuple) else part


def _large(font: dict[str, Any]) -> dict[str, Any]:
    size = font.get("size")
    return font | {"size": max(size, TEXT)} if isinstance(size, int | float) else font
