"""What the map of words on a page shows."""

import base64

import numpy as np
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from tests.pages.reading import drawing


def mapped(app: AppTest, key: str = "space_map") -> list[str]:
    """The words on the map, in their order."""
    return drawing(app, key)["words"]


def places(app: AppTest, key: str = "space_map") -> NDArray[np.float64]:
    """Where they lie: [n, 2], in shares of the map's longer side."""
    packed = np.frombuffer(base64.b64decode(drawing(app, key)["xy"]), dtype="<u2")
    return packed.reshape(-1, 2) / 65_535


def in_shares(coordinates: NDArray) -> NDArray[np.float64]:
    """``coordinates`` [n, 2] as the map draws them: in shares of the longer side, in the middle of the square."""
    low, high = coordinates.min(axis=0).astype(float), coordinates.max(axis=0).astype(float)
    size = (high - low).max()
    return (coordinates - (low + high - size) / 2) / size


def style_index(app: AppTest, key: str = "space_map") -> list[int]:
    """The class of each word."""
    return list(base64.b64decode(drawing(app, key)["style_index"]))


def linked(app: AppTest, kind: int, key: str = "space_map") -> set[str]:
    """The words at the far end of the links of this ``kind``."""
    words = mapped(app, key)
    return {words[end] for _, end, each in drawing(app, key)["links"] if each == kind}


def click(app: AppTest, word: str, key: str = "space_map") -> None:
    """Choose ``word`` as a click on its point does."""
    app.session_state["space_chosen"] = word
    app.run()
