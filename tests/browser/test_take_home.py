"""What is taken home arrives: every file with the right bytes, in a real Chromium."""

import csv
import io
import json
import zipfile
from pathlib import Path

import nbformat
import numpy as np
import pytest
from playwright.sync_api import Download, Page, expect
from safetensors.numpy import load as load_safetensors

from embeddings.formats import read
from embeddings.sources import load
from tests.browser.conftest import settle

WORDS = ["breakfast", "lunch", "dinner", "piano"]


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    return load().rows(WORDS)


@pytest.fixture
def home(visit) -> Page:
    """The page with the odd one out, guessed, and what can be taken home unfolded."""
    page = visit("odd_one_out")
    page.get_by_role("radio", name="piano").click()
    page.get_by_role("button", name="Take it home").click()
    expect(page.get_by_role("button", name="Notebook")).to_be_visible()
    settle(page)
    return page


def taken(page: Page, name: str) -> tuple[str, bytes]:
    """Name and content of the file that the button called ``name`` downloads."""
    page.get_by_role("button", name="Take it home").scroll_into_view_if_needed()  # a map above may have moved it
    with page.expect_download() as waiting:
        page.get_by_test_id("stPopoverBody").get_by_role("button", name=name).click()
    return arrived(waiting.value)


def arrived(download: Download) -> tuple[str, bytes]:
    return download.suggested_filename, Path(download.path()).read_bytes()


def test_word2vec_text(home, rows):
    name, content = taken(home, "word2vec text")
    assert name == "odd_one_out-word2vec-text.txt"
    assert content.startswith(b"4 50\nbreakfast ")
    table = read({name: io.BytesIO(content)}, "back")
    assert list(table.tokens) == WORDS
    assert np.array_equal(table.matrix, rows)


def test_two_files_for_the_projector(home, rows):
    name, content = taken(home, "For the TensorFlow Projector")
    assert name.endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("metadata.tsv").decode().split() == WORDS
        vectors = np.loadtxt(archive.open("vectors.tsv"), delimiter="\t", dtype=np.float32)
    assert np.array_equal(vectors, rows)


def test_csv(home, rows):
    _, content = taken(home, "CSV")
    first, *others = csv.reader(io.StringIO(content.decode()))
    assert first == ["token", *map(str, range(50))]
    assert [row[0] for row in others] == WORDS
    assert np.array_equal(np.array([row[1:] for row in others], dtype=np.float32), rows)


def test_safetensors(home, rows):
    _, content = taken(home, "safetensors")
    assert np.array_equal(load_safetensors(content)["embeddings"], rows)


def test_the_figure_as_a_page_of_its_own(home, page, tmp_path):
    name, content = taken(home, "HTML")
    file = tmp_path / name
    file.write_bytes(content)
    page.goto(file.as_uri())
    expect(page.locator(".ytick")).to_have_text(["dinner", "breakfast", "lunch", "piano"])


def test_a_notebook_that_redoes_the_view(home, capsys):
    name, content = taken(home, "Notebook")
    assert name == "odd_one_out.ipynb"
    notebook = nbformat.reads(content.decode(), as_version=4)
    nbformat.validate(notebook)
    names: dict = {}
    exec(next(cell.source for cell in notebook.cells if cell.cell_type == "code"), names)
    assert names["odd"] == "piano"
    assert "piano" in capsys.readouterr().out


@pytest.mark.parametrize(("kind", "start"), [("PNG", b"\x89PNG"), ("SVG", b"<svg")])
def test_the_figure_as_a_picture(home, kind, start):
    home.get_by_role("radio", name=kind).click()
    settle(home)
    home.keyboard.press("Escape")
    home.locator(".st-key-odd_means .js-plotly-plot").hover()
    with home.expect_download() as waiting:
        home.locator(".st-key-odd_means .modebar-btn").click()
    name, content = arrived(waiting.value)
    assert name == f"odd_one_out.{kind.lower()}"
    assert content.startswith(start)
    assert len(content) > 2_000
    if kind == "SVG":
        assert b"breakfast" in content


@pytest.mark.parametrize(
    ("path", "key", "guess"),
    [
        ("similar_words", "similar_words", None),
        ("analogies", "analogy", None),
        ("axes", "axes_of_meaning", None),
        ("frequency", "frequency", "longer vectors"),
        ("words_in_space", "words_in_space", None),
    ],
)
def test_every_page_offers_its_own_view(visit, path, key, guess):
    page = visit(path)
    if guess:
        page.get_by_role("radio", name=guess).click()
    page.get_by_role("button", name="Take it home").click()
    expect(page.get_by_role("button", name="Notebook")).to_be_visible()
    settle(page)
    name, content = taken(page, "Notebook")
    assert name == f"{key}.ipynb"
    assert "matrix = np.load(" in "".join(json.loads(content)["cells"][1]["source"])
    _, content = taken(page, "CSV")
    assert content.count(b"\n") > 3


@pytest.mark.parametrize("path", ["frequency", "vectors_with_meaning"])
def test_no_table_offers_a_file_of_its_own_in_which_a_word_could_be_a_formula(visit, path):
    page = visit(path)
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    table.hover()

    expect(page.get_by_test_id("stElementToolbarButton").get_by_role("button", name="Search")).to_be_visible()
    expect(page.get_by_role("button", name="Download as CSV")).to_have_count(0)
