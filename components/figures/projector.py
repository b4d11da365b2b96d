"""A figure for the projector: read from the last row of a room."""

import re
from typing import Any

import plotly.graph_objects as go

from components.figures.template import LABEL_SIZE

TEXT = 24  # pixels of a letter that is read from the last row, on a screen 1280 wide
HEIGHT = 460  # pixels of a picture that fills such a screen under its title, 720 high
_AXIS = re.compile(r"[xy]axis\d*")


def enlarged(figure: go.Figure) -> go.Figure:
    """``figure`` with letters that the last row can read; what is lower than the screen fills it."""
    plain = _with_large_fonts(figure.to_dict())
    layout, height = plain["layout"], round(TEXT / LABEL_SIZE * figure.layout.height)
    layout["height"] = min(HEIGHT, height) if figure.layout.height < HEIGHT else height
    layout["font"] = layout.get("font", {}) | {"size": TEXT}
    layout["legend"] = {"font": {"size": TEXT}} | layout.get("legend", {})
    for axis in (layout[name] for name in layout if _AXIS.fullmatch(name)):
        axis["tickfont"] = {"size": TEXT} | axis.get("tickfont", {})
        if axis.get("title"):
            axis["title"] |= {"font": {"size": TEXT} | axis["title"].get("font", {})}
    return go.Figure(plain, _validate=False)


def _with_large_fonts(part: Any) -> Any:
    """``part`` of a figure, in which no font has a size below ``TEXT``."""
    if isinstance(part, dict):
        return {key: (_large if key.endswith("font") else _with_large_fonts)(value) for key, value in part.items()}
    return [_with_large_fonts(each) for each in part] if isinstance(part, list | tuple) else part


def _large(font: dict[str, Any]) -> dict[str, Any]:
    size = font.get("size")
    return font | {"size": max(size, TEXT)} if isinstance(size, int | float) else font
