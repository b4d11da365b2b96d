"""The code behind each panel, run as it stands and compared with what the panel shows."""

import contextlib
import io

import numpy as np
import pytest

from tests.pages.reading import chart, drawing, numbers


def run(app, number=0) -> dict:
    """The names that the page's snippet with this ``number`` defines."""
    names: dict = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(app.code[number].value, names)
    assert printed.getvalue()
    return names


@pytest.mark.parametrize("title", ["Words", "Word pieces (BERT)", "Characters", "Byte pairs (GPT-4o)"])
def test_home(open_page, title):
    app = open_page("home", home_pick="1")
    app.segmented_control(key="home_tokenizer").set_value(title).run()
    names = run(app)
    shown = [chip["id"] for chip in drawing(app, "home_token")["chips"]]
    assert list(names["encoding"].ids[: len(shown)]) == shown
    assert names["row"].argmax() == drawing(app, "home_one_hot")["id"]
    if names["vector"] is not None:
        assert [round(float(x), 4) for x in names["vector"]] == drawing(app, "home_vector")["values"]


def test_tokenizers(open_page):
    app = open_page("tokenizers")
    app.button_group(key="tokenizers_guess").set_value("Words").run()
    assert list(run(app)["counts"].values()) == chart(app, "tokenizers_counts")["data"][0]["x"]


def test_words_as_numbers(open_page):
    app = open_page("words_as_numbers", numbers_seed="7")
    assert run(app)["numbers"] == chart(app, "numbers_line")["data"][0]["x"]


def test_one_hot(open_page):
    app = open_page("one_hot")
    names = run(app, number=1)  # the first is the dictionary
    assert names["rows"].tolist() == drawing(app, "onehot_matrix")["values"]
    assert names["cosines"].tolist() == drawing(app, "onehot_cosines")["values"]


def test_vectors_with_meaning(open_page):
    app = open_page("vectors_with_meaning")
    app.button_group(key="features_guess").set_value("dog").run()
    assert np.abs(run(app)["cosines"] - drawing(app, "features_cosines")["values"]).max() < 1e-5


def test_small_network(open_page):
    app = open_page("small_network", network_word="queen")
    table, names = drawing(app, "network_table"), run(app)
    assert names["row"] == pytest.approx(table["values"][table["framed"][0]], abs=1e-5)
    assert sum(names["likely"].values()) == pytest.approx(1, abs=1e-5)


def test_words_in_space(open_page):
    app = open_page("words_in_space", space_chosen="queen")
    bars = chart(app, "space_neighbours")["data"][0]
    neighbours = run(app)["neighbours"]
    assert [word for word, _ in neighbours] == bars["hovertext"]
    assert [cosine for _, cosine in neighbours] == pytest.approx(numbers(bars["x"]))


def test_lookup_or_matmul(open_page):
    app = open_page("lookup_or_matmul")
    names = run(app)
    assert names["lookup"].numpy() == pytest.approx(np.array(drawing(app, "lookup_nn.Embedding")["values"]), abs=1e-5)
    assert names["matmul"].equal(names["lookup"])
    assert names["linear"].equal(names["lookup"])
