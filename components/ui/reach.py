"""What Streamlit's own style keeps from a part of the readers: contrast, and lines to see the keyboard's place by."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "reach.css"


@dataclass(frozen=True)
class Style:
    """A style sheet for ``st.html``, which would look on the disk for a text, and read a file anew in each run."""

    text: str

    def _repr_html_(self) -> str:
        return f"<style>{self.text}</style>"


@cache
def reach_style() -> Style:
    """The style sheet of every page."""
    return Style(_FILE.read_text(encoding="utf-8"))
