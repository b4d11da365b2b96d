"""Draws the lesson's figures from real numbers, in the light and the dark theme: python -m img.figures"""

from pathlib import Path

import plotly.graph_objects as go
from playwright.sync_api import Browser, sync_playwright

from components.figures.layer import layer_figure
from components.figures.network import network_figure
from components.figures.vectors import vectors_figure
from embeddings.lookup import seeded_table
from embeddings.projection import project
from embeddings.sources import load
from embeddings.training import EXAMPLE
from embeddings.training.small_network import train
from tests.browser import chromium

FOLDER = Path(__file__).parent
THEMES = {"": ("#fdfcfa", "#22262b"), "-dark": ("#14171b", "#e9e7e2")}  # ending of the name: background, text
WORDS = ("king", "queen", "prince", "cat", "dog", "horse", "bread", "rice", "cheese")
FONT = "Source Sans Pro, Segoe UI, Liberation Sans, sans-serif"


def vectors() -> go.Figure:
    """Nine words' rows of GloVe, and where PCA puts them."""
    rows = load().rows(WORDS)
    return vectors_figure(rows, WORDS, [place // 3 for place in range(len(WORDS))], project(rows, "pca").coordinates)


def neural_network() -> go.Figure:
    """The small network after training on its example, with one word lit."""
    return network_figure(train(EXAMPLE), "queen")


def embedding_layer() -> go.Figure:
    """A table of 4 rows and 5 columns asked for the rows 2, 3 and 1; the lesson's page begins with the same one."""
    return layer_figure(seeded_table(4, 5), [2, 3, 1])


# How each is drawn, and in as few points across as it can be read at: a telephone shows it at half of them.
FIGURES = {"vectors": (vectors, 720), "neuralnetwork": (neural_network, 600), "embeddingLayer": (embedding_layer, 720)}


def draw(browser: Browser, name: str, figure: go.Figure, width: int) -> None:
    """Save ``figure`` as ``name`` in both themes, ``width`` points wide and one and a half pixels to a point."""
    for ending, (background, text) in THEMES.items():
        figure.update_layout(paper_bgcolor=background, font={"color": text, "family": FONT, "size": 15}, width=width)
        page = browser.new_page(viewport={"width": width, "height": figure.layout.height}, device_scale_factor=1.5)
        page.set_content(figure.to_html(include_plotlyjs=True, config={"staticPlot": True}))
        page.locator(".main-svg").first.wait_for()
        page.locator(".plotly-graph-div").screenshot(path=FOLDER / f"{name}{ending}.png")
        page.close()


def main() -> None:
    """Draw every figure beside this file."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.arguments())
        for name, (figure, width) in FIGURES.items():
            draw(browser, name, figure(), width)
        browser.close()


if __name__ == "__main__":
    main()
