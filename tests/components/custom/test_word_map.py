"""The map of words: what is handed to the browser."""

import base64

import numpy as np
from streamlit.testing.v1 import AppTest

from tests.pages.reading import drawing


def draw() -> None:
    """A map whose way began with one word thrown far off."""
    import numpy as np

    from components.custom.word_map import Frames, word_map

    grid = np.stack(np.meshgrid(np.arange(10.0), np.arange(10.0)), axis=-1).reshape(-1, 2)
    thrown = np.concatenate([grid[:-1], [[1_000.0, -1_000.0]]])
    frames = Frames((thrown, grid), (10, 20), (2.0, 1.0))
    words = [f"w{number}" for number in range(len(grid))]
    word_map(
        thrown,
        words,
        [0] * len(words),
        [("#000000", "circle")],
        identity="map",
        alt="Map",
        key="map",
        save_as="map",
        frames=frames,
    )


def shares(packed: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(packed), "<u2").reshape(-1, 2) / 65_535


def test_on_the_way_one_word_far_off_does_not_press_the_others_into_a_corner():
    drawn = drawing(AppTest.from_function(draw).run(), "map")
    first, last = map(shares, drawn["frames"]["xy"])
    assert (np.ptp(first[:-1], axis=0) > 0.5).all()
    assert (np.ptp(last, axis=0) == 1).all()  # a step without such a word is drawn as it is
    assert (np.ptp(shares(drawn["xy"])[:-1], axis=0) < 0.01).all()  # and so is the finished map
