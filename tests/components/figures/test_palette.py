"""Groups on a map are told apart by people with any colour vision, on both themes' backgrounds."""

import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from components.figures.scatter_map import marker_style
from components.figures.template import CATEGORICAL
from components.ui.chart import _SIGNS
from embeddings.vectors import GROUPS as everyday_groups

CONFIG = tomllib.loads((Path(__file__).parents[3] / ".streamlit" / "config.toml").read_text())
GROUPS = range(10)
# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009:
# severity 1.0, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = XYZ @ np.ones(3)


def linear(colour: str) -> np.ndarray:
    """Linear RGB [3] of a colour such as #3a86c8."""
    rgb = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* [3] of linear RGB [3]."""
    share = XYZ @ np.clip(rgb, 0, 1) / WHITE
    x, y, z = np.where(share > (6 / 29) ** 3, np.cbrt(share), share * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(a: str, b: str) -> float:
    """WCAG's ratio of two colours' luminances."""
    darker, lighter = sorted(XYZ[1] @ linear(colour) for colour in (a, b))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_and_white_are_as_far_apart_as_the_norms_say():
    assert np.linalg.norm(lab(linear("#ffffff")) - lab(linear("#000000"))) == pytest.approx(100)
    assert contrast("#ffffff", "#000000") == pytest.approx(21)


@pytest.mark.parametrize("vision", VISION)
def test_no_two_groups_look_alike(vision):
    assert len(everyday_groups) + 1 <= len(GROUPS)  # and the words of the reader
    for (a, sign), (b, other) in combinations(map(marker_style, GROUPS), 2):
        apart = np.linalg.norm(lab(VISION[vision] @ linear(a)) - lab(VISION[vision] @ linear(b)))
        assert sign != other or apart > 20, f"{a} and {b} are {apart:.1f} apart and both a {sign}"


def test_the_first_five_groups_differ_in_colour_and_symbol():
    colours, symbols = zip(*map(marker_style, range(5)), strict=True)
    assert len(set(colours)) == len(set(symbols)) == 5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_stands_out_from_the_background(theme):
    assert min(contrast(colour, CONFIG["theme"][theme]["backgroundColor"]) for colour in CATEGORICAL) >= 3


def test_streamlits_own_charts_have_the_same_colours_and_every_symbol_its_sign():
    assert tuple(CONFIG["theme"]["chartCategoricalColors"]) == CATEGORICAL
    assert {marker_style(number)[1] for number in GROUPS} == set(_SIGNS)
