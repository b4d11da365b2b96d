"""The code behind each panel of the chapter, run as it stands and compared with what the panel shows."""

import unicodedata

import pytest

from components.markup import with_minus
from embeddings.common import in_bytes
from embeddings.training import training_pairs
from tests.pages.learning.test_learning import QUICK_LM, QUICK_W2V, metric, opened, train
from tests.pages.reading import chart, guess, numbers, run_until, words
from tests.pages.test_show_the_code import run


def test_training_pairs_and_a_training_on_them(open_page):
    names = run(open_page("word2vec", word2vec_sentence="a b c d", word2vec_window="1"), "word2vec_pairs")
    assert f"gives {len(names['pairs'])} pairs" in words(
        open_page("word2vec", word2vec_sentence="a b c d", word2vec_window="1")
    )
    assert names["pairs"] == [(pair.word, pair.context) for pair in training_pairs("abcd", window=1)]
    assert names["losses"][-1] < 0.95 * names["losses"][0]


@pytest.mark.parametrize("corpus", ["made-up world", "news", "your own text"])
def test_word2vec(open_page, corpus):
    settings = QUICK_W2V | {"word2vec_epochs": 1, "word2vec_min_count": 2, "corpus": corpus}
    app = train(opened(open_page, "word2vec", settings))
    names = run(app, "word2vec_train")
    assert f"{names['snapshot'].loss:.3f}" == metric(app, "Loss")


def test_a_made_up_word(open_page):
    app = train(opened(open_page, "word2vec", QUICK_W2V | {"word2vec_method": "fastText"}))
    names = run(app, "word2vec_made_up")
    shown = chart(app, "word2vec_made_up_near")["data"][0]
    assert [token for token, _ in names["neighbours"]] == shown["hovertext"]
    assert [cosine for _, cosine in names["neighbours"]] == pytest.approx(numbers(shown["x"]), abs=1e-5)


def test_the_gradient(open_page):
    app = opened(open_page, "language_model", QUICK_LM)
    run_until(app, lambda: "rows** change" in words(app))
    app.toggle(key="language_show_tied").set_value(True).run()
    names = run(app, "language_gradient")
    assert f"**{names['changed'][True]} of {names['V']} rows** change" in words(app)
    app.toggle(key="language_show_tied").set_value(False).run()
    assert f"**{names['changed'][False]} of {names['V']} rows** change" in words(app)
    assert sorted(set(names["ids"].flatten().tolist())) == sorted(names["looked_up"])


def test_the_language_model(open_page):
    app = train(opened(open_page, "language_model", QUICK_LM), "language_start", "What it writes")
    names = run(app, "language_train")
    assert f"{names['snapshot'].loss:.3f}" == metric(app, "Loss")


def test_scores_and_cost(open_page):
    app = train(opened(open_page, "language_model", QUICK_LM), "language_start", "What it writes")
    app.switch_page("pages/learning/learned.py").run()
    app.button_group(key="learned_job").set_value("language").run()
    guess(app, "learned_guess")
    guess(app, "learned_cost_guess")
    names = run(app, "learned_score")
    assert with_minus(f"{names['scores'][0].silhouette:.2f}") == metric(app, "Silhouette of the six categories")
    memory = run(app, "learned_memory")
    assert metric(app, "Memory to train it") == in_bytes(memory["memory"])
    assert metric(app, "H100s that hold that") == f"{memory['gpus']:,}"
    names = run(app, "learned_cost")
    (table,) = [frame.value for frame in app.dataframe if "number" in frame.value]
    shown = dict(zip(table["what"], table["number"], strict=True))
    assert shown["Rows of the table, V"] == f"{names['V']:,}"
    assert shown["Weights in the table, V × D"] == f"{names['table']:,}"
    for what, name in (
        ("Operations, 6 × weights × tokens", "operations"),
        ("Operations per second here, as measured", "operations_here"),
    ):
        digits, power = f"{names[name]:.2e}".split("e+")
        assert unicodedata.normalize("NFKC", shown[what]) == f"{digits} × 10{int(power)}"
