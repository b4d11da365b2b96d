"""The code behind each panel, run as it stands and compared with what the panel shows."""

import ast
import contextlib
import io

import numpy as np
import pytest

from tests.pages.reading import chart, drawing, guess, numbers, run_until


def run(app, key: str) -> dict:
    """The names that the code under ``key`` defines, after its fold was opened."""
    before = {code.value for code in app.code}
    app.session_state[f"{key}_code"] = True
    app.run()
    (snippet,) = [code.value for code in app.code if code.value not in before]
    names: dict = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(snippet, names)
    assert printed.getvalue()
    return names


@pytest.mark.parametrize("title", ["Words", "Word pieces (BERT)", "Characters", "Byte pairs (GPT-4o)"])
def test_home(open_page, title):
    app = open_page("home", home_pick="1")
    app.segmented_control(key="home_tokenizer").set_value(title).run()
    names = run(app, "home")
    shown = [chip["id"] for chip in drawing(app, "home_token")["chips"]]
    assert list(names["encoding"].ids[: len(shown)]) == shown
    assert names["row"].argmax() == drawing(app, "home_one_hot")["id"]
    assert ("vector" in names) == (title in ("Words", "Word pieces (BERT)"))
    if "vector" in names:
        assert [round(float(x), 4) for x in names["vector"]] == drawing(app, "home_vector")["values"]
        (dot,) = [dot for dot in drawing(app, "home_map")["words"] if dot["text"] == names["encoding"].tokens[1]]
        assert names["place"] == pytest.approx([dot["x"], dot["y"]], abs=1e-4)


@pytest.mark.parametrize("title", ["Words", "Characters", "Byte pairs (GPT-4o)", "Word pieces (BERT)"])
def test_tokens(open_page, title):
    app = open_page("tokenizers", tokenizers_name=title)
    shown = drawing(app, "tokenizers_tokens")["tokens"]
    names = run(app, "tokenizers_tokens")
    assert list(names["encoding"].ids) == [token["id"] for token in shown]
    assert [list(span) for span in names["encoding"].spans] == [token["span"] for token in shown]
    same = next(metric.value for metric in app.metric if metric.label == "Back from the ids")
    assert (names["back"] == names["text"]) == (same == "the same text")


def test_token_counts(open_page):
    app = open_page("tokenizers")
    guess(app, "tokenizers_guess")
    assert list(run(app, "tokenizers_counts")["counts"].values()) == chart(app, "tokenizers_counts")["data"][0]["x"]


def test_of_a_long_text_the_code_holds_the_beginning_and_says_so(open_page):
    app = open_page("tokenizers")
    app.text_area(key="tokenizers_text").set_value("cat dog " * 300).run()
    names = run(app, "tokenizers_tokens")
    assert names["text"] == ("cat dog " * 300)[:2_000]
    assert "The code holds the first 2,000 characters of your text." in [caption.value for caption in app.caption]


def test_words_as_numbers(open_page):
    app = open_page("words_as_numbers", numbers_seed="7")
    assert run(app, "numbers_line")["numbers"] == chart(app, "numbers_line")["data"][0]["x"]


def test_the_chance_of_a_right_neighbour(open_page):
    app = open_page("words_as_numbers")
    guess(app, "numbers_guess")
    shares = run(app, "numbers_chance")["shares"]
    assert f"{1_000 * shares['dog']:,.0f} times in 1,000" in app.info[-1].value


@pytest.mark.parametrize("swapped", [[], ["cat", "king"]])
def test_dictionary(open_page, swapped):
    app = open_page("one_hot")
    app.button_group(key="onehot_swap").set_value(swapped).run()
    shown = ast.literal_eval(app.code[0].value)
    names = run(app, "onehot_dictionary")
    assert names["rows"].tolist() == drawing(app, "onehot_matrix")["values"]
    assert names["vocabulary"] == shown
    assert (shown["cat"], shown["king"]) == ((4, 2) if swapped else (2, 4))


def test_one_hot_pairs(open_page):
    app = open_page("one_hot")
    names = run(app, "onehot_pairs")
    assert names["cosines"].tolist() == drawing(app, "onehot_cosines")["values"]
    assert {f"{distance:.3f}" for distance in names["apart"][np.triu_indices(8, 1)]} == {"1.414"}
    assert any("distance 1.414" in caption.value for caption in app.caption)


@pytest.mark.parametrize(
    ("page", "key", "shown"),
    [
        ("one_hot", "onehot_learned", "onehot_glove_cosines"),
        ("vectors_with_meaning", "features_learned", "features_glove"),
    ],
)
def test_learned_cosines(open_page, page, key, shown):
    app = open_page(page)
    assert np.abs(run(app, key)["cosines"] - drawing(app, shown)["values"]).max() < 1e-5


def test_memory(open_page):
    app = open_page("one_hot")
    guess(app, "onehot_guess", "80 MB")
    assert run(app, "onehot_memory")["sizes"] == chart(app, "onehot_memory")["data"][0]["x"]


def test_vectors_with_meaning(open_page):
    app = open_page("vectors_with_meaning")
    guess(app, "features_guess")
    names = run(app, "features")
    assert np.abs(names["cosines"] - drawing(app, "features_cosines")["values"]).max() < 1e-5
    assert [word for word, _ in names["alike"]] == drawing(app, "features_lit")["rows"]
    dots = chart(app, "features_map")["data"][0]
    shown = np.stack([numbers(dots["x"]), numbers(dots["y"])], axis=1)
    assert np.abs(names["places"]) == pytest.approx(np.abs(shown), abs=1e-4)  # either may be mirrored


def test_cells_to_fill(open_page):
    app = open_page("vectors_with_meaning")
    names = run(app, "features_cells")
    (told,) = [element.value for element in app.markdown if "Filling in one a second" in element.value]
    assert f"8 words and 5 features: {names['yours']} cells" in told
    assert f"has {names['all_cells']:,}." in told
    assert f"take {names['days']:,.0f} days" in told


def test_small_network(open_page):
    app = open_page("small_network", network_word="queen")
    id = drawing(app, "network_table")["framed"][0]
    guess(app, "network_guess")
    table, names = drawing(app, "network_table"), run(app, "network")
    assert names["row"] == pytest.approx(table["values"][id], abs=1e-5)
    shown = chart(app, "network_figure")["data"][-1]["text"]
    assert [f" {word} {share:.0%}" for word, share in names["likely"].items()] == shown
    assert all(f"`{word}`" in [*app.info, *app.success][-1].value for word in names["shared"])
    assert f"`{names['alike'][0][0]}`" in [*app.info, *app.success][-1].value


@pytest.mark.parametrize("options", [{}, {"space_method": "t-SNE", "space_seed": "3", "space_perplexity": "7"}])
def test_the_map(open_page, options):
    app = open_page("words_in_space", space_groups="royalty", space_words="", **options)
    run_until(app, lambda: not options or any("Finished" in caption.value for caption in app.caption))
    places = run(app, "space_map")["places"]
    dots = chart(app, "space_map")["data"][0]
    assert places[:, 0] == pytest.approx(numbers(dots["x"]), abs=1e-4)
    assert places[:, 1] == pytest.approx(numbers(dots["y"]), abs=1e-4)


def test_neighbours(open_page):
    app = open_page("words_in_space", space_chosen="queen")
    guess(app, "space_guess")
    bars = chart(app, "space_neighbours")["data"][0]
    neighbours = run(app, "space_neighbours")["neighbours"]
    assert [word for word, _ in neighbours] == bars["hovertext"]
    assert [cosine for _, cosine in neighbours] == pytest.approx(numbers(bars["x"]))
