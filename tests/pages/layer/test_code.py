"""The code behind each panel of "The embedding layer", run as it stands and compared with what the panel shows."""

import numpy as np
import pytest

from embeddings.common import one_torch_thread
from embeddings.lookup import Sweep, Timing
from tests.pages.reading import chart, drawing, guess, numbers, run_until, words
from tests.pages.test_show_the_code import run

SENTENCES = {"layer_what": "The words of my sentences"}


@pytest.fixture(params=[{}, {"layer_ids": "0 0 5", "layer_v": "6", "layer_d": "3"}, SENTENCES])
def app(open_page, request):
    return open_page("embedding_layer", **request.param)


def values(app, key):
    return pytest.approx(np.array(drawing(app, key)["values"], dtype=float), abs=1e-5)


def metrics(app):
    return [metric.value for metric in app.metric]


def test_steps(app):
    app.button(key="layer_on").click().run()
    names = run(app, "layer_steps")
    assert names["row"][None].numpy() == values(app, "layer_sum")
    assert names["products"].numpy() == values(app, "layer_products")
    assert f"{2 * names['by_zero']:,} of them by zero" in words(app)


def test_identity(app):
    names = run(app, "layer_identity")
    shown = [f"{names['difference']:.2g}", f"{names['gradient_difference']:.2g}", f"{names['avoided']:,}"]
    assert metrics(app)[:3] == shown
    assert names["gradients"][1].numpy() == values(app, "layer_gradient_one-hot @ W")


@pytest.mark.parametrize("dtype", ["float64", "bfloat16"])
def test_identity_with_padding_in_another_type(open_page, dtype):
    app = open_page("embedding_layer", layer_dtype=dtype)
    app.selectbox(key="layer_padding").set_value("3").run()
    names = run(app, "layer_identity")
    assert names["gradients"][0].float().numpy() == values(app, "layer_gradient_nn.Embedding")
    assert (names["gradients"][0][3] == 0).all()


def test_repeated_ids(app):
    guess(app, "layer_repeat")
    assert f"The gradient is {run(app, 'layer_repeated')['times']:.3g} times as long" in words(app)


def test_sparse_gradients(app):
    names = run(app, "layer_sparse_code")
    assert [f"{names[which]} bytes" for which in ("dense_bytes", "sparse_bytes")] == metrics(app)[3:5]
    assert names["rows"].numpy() == values(app, "layer_sparse")


@pytest.mark.parametrize("mode", ["sum", "mean"])
def test_bags(app, mode):
    app.segmented_control(key="layer_bag").set_value(mode).run()
    names = run(app, "layer_bag_code")
    assert names["rows"].numpy() == values(app, "layer_bags")
    assert names["counts"].numpy() == values(app, "layer_bag_counts")


def test_the_trap(app):
    names = run(app, "layer_trap")
    assert names["message"] in [code.value for code in app.code]


def test_the_run_of_the_lab(open_page, monkeypatch):
    monkeypatch.setattr("embeddings.lookup.timing.MIN_RUN_SECONDS", 1e-4)
    monkeypatch.setattr(
        "components.lessons.layer.lookup_or_matmul.settings.SIZES", {"V": (4, 1_000), "D": (5, 64), "B": (1, 64)}
    )
    app = open_page("lookup_or_matmul", lookup_cold="false", lookup_ids="Zipf")
    guess(app, "lookup_guess")
    names = run(app, "lookup_timing")
    assert all(lookup > 0 and matmul > 0 for lookup, matmul in names["times"].values())
    assert names["sweep"] == Sweep((4, 1_000), D=64, B=64, id_distribution="zipf", budget_seconds=2.0)
    assert len([point for point in names["measured"] if isinstance(point, Timing)]) == len(names["sweep"].points())


def test_the_run_of_a_real_table(open_page, monkeypatch):
    monkeypatch.setattr("embeddings.lookup.timing.MIN_RUN_SECONDS", 1e-4)
    app = open_page("lookup_or_matmul", lookup_real="all-MiniLM-L6-v2: 30,522 × 384", lookup_b="1")
    guess(app, "lookup_guess_minilm")
    assert [point.vocabulary_size for point in run(app, "lookup_timing")["measured"]][-1] == 30_522


def test_layers(open_page):
    app = open_page("after_the_lookup")
    guess(app, "after_guess", "0.5 to 0.7")
    run_until(app, lambda: "Finished" in words(app))
    with one_torch_thread():
        names = run(app, "after_layers")
    curves = {trace["name"]: numbers(trace["y"]) for trace in chart(app, "after_chart")["data"]}
    assert names["found"].cosines == pytest.approx(curves["another sense"], abs=1e-4)
    assert names["same_sense"].cosines == pytest.approx(curves["the same sense again"], abs=1e-4)


def test_all_examples(open_page):
    app = open_page("after_the_lookup")
    with one_torch_thread():
        names = run(app, "after_all_code")
    assert names["measured"][0].example.word == app.text_input(key="after_word").value
