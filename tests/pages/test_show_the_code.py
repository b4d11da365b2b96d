"""The code behind each panel, run as it stands and compared with what the panel shows."""

import ast
import contextlib
import io

import numpy as np
import pytest

from embeddings.sources import DEFAULT, MINILM
from embeddings.vectors import share_nearest
from tests.pages.play.words_in_space import map_reading
from tests.pages.play.words_in_space.map_reading import in_shares
from tests.pages.reading import chart, drawing, guess, numbers, run_until, unfold

# What runs in an empty notebook, without the project; of the tables those that come with the app.
ALONE = frozenset(
    "numbers_line numbers_chance onehot_dictionary onehot_pairs onehot_memory features features_cells network "
    "network_hand space_neighbours similar_ranks similar_strips similar_matrix analogy "
    "word2vec_pairs language_gradient layer_identity layer_repeated layer_sparse_code".split()
)


def run(app, key: str, alone: bool | None = None) -> dict:
    """The names that the code under ``key`` defines, after its fold was opened.

    Where it is to run ``alone``, by default where ``ALONE`` has its key, it imports nothing of the project.
    """
    before = {code.value for code in app.code}
    app.session_state[f"{key}_code"] = True
    app.run()
    (snippet,) = [code.value for code in app.code if code.value not in before]
    names: dict = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(snippet, names)
    assert printed.getvalue()
    if key in ALONE if alone is None else alone:
        assert not imported(snippet) & {"embeddings", "components"}
    return names


def imported(code: str) -> set[str]:
    """The packages that ``code`` imports, wherever in it."""
    nodes = list(ast.walk(ast.parse(code)))
    modules = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    modules += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {module.partition(".")[0] for module in modules}


@pytest.mark.parametrize("title", ["Words", "Word pieces (BERT)", "Characters", "Byte pairs (GPT-4o)"])
def test_home(open_page, title):
    app = open_page("home", home_pick="1")
    app.segmented_control(key="home_tokenizer").set_value(title).run()
    names = run(app, "home")
    shown = [chip["id"] for chip in drawing(app, "home_token")["chips"]]
    assert list(names["ids"][: len(shown)]) == shown
    assert names["row"].argmax() == drawing(app, "home_one_hot")["id"]
    assert ("vector" in names) == (title in ("Words", "Word pieces (BERT)"))
    if "vector" in names:
        assert [round(float(x), 4) for x in names["vector"]] == drawing(app, "home_vector")["values"]
        (dot,) = [dot for dot in drawing(app, "home_map")["words"] if dot["text"] == names["tokens"][1]]
        place = np.abs(names["place"])  # either may be mirrored
        assert place == pytest.approx(np.abs([dot["x"], dot["y"]]), abs=1e-4)


@pytest.mark.parametrize("title", ["Words", "Word pieces (BERT)"])
def test_most_alike(open_page, title):
    app = open_page("home")
    app.segmented_control(key="home_tokenizer").set_value(title).run()
    offered = app.button_group(key="home_guess").options
    guess(app, "home_guess")
    names = run(app, "home_alike")
    told = ", ".join(f"`{word}` {cosine:.2f}" for word, cosine in names["ranking"] if word in offered)
    told = told.replace(" -", " −")
    assert told in [*app.info, *app.success][-1].value


@pytest.mark.parametrize("title", ["Words", "Characters", "Byte pairs (GPT-4o)", "Word pieces (BERT)"])
def test_tokens(open_page, title):
    app = open_page("tokenizers", tokenizers_name=title)
    shown = drawing(app, "tokenizers_tokens")["tokens"]
    names = run(app, "tokenizers_tokens")
    assert list(names["ids"]) == [token["id"] for token in shown]
    assert [list(span) for span in names["spans"]] == [token["span"] for token in shown]
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
    assert shares == share_nearest(["cat", "dog", "banana", "king", "queen", "apple"], 1_000)
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
    ("page", "asked", "key", "shown"),
    [
        ("one_hot", "onehot_guess", "onehot_learned", "onehot_glove_cosines"),
        ("vectors_with_meaning", "features_guess", "features_learned", "features_glove"),
    ],
)
def test_learned_cosines(open_page, page, asked, key, shown):
    app = open_page(page)
    guess(app, asked)
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
    (told,) = [element.value for element in app.markdown if "one a second would take" in element.value]
    assert f"8 words and 5 features: {names['yours']} cells" in told
    assert f"has {names['all_cells']:,}: " in told
    assert f"take {names['days']:,.0f} days" in told


def test_small_network(open_page):
    app = open_page("small_network", network_word="queen", network_step="400")
    token_id = drawing(app, "network_table")["framed"][0]
    guess(app, "network_guess")
    table, names = drawing(app, "network_table"), run(app, "network")
    assert names["row"] == pytest.approx(table["values"][token_id], abs=1e-5)
    shown = chart(app, "network_figure")["data"][-1]["text"]
    assert [f" {word} {share:.0%}" for word, share in names["likely"].items()] == shown
    assert all(f"`{word}`" in [*app.info, *app.success][-1].value for word in names["shared"])
    assert f"`{names['alike'][0][0]}`" in [*app.info, *app.success][-1].value


@pytest.mark.parametrize(
    "text", ["Don't panic,\ndon't   PANIC\u00a0now", "caf\u0065\u0301 'a' \"b\"\n\n{x} \\n", "a b\u2028c d"]
)
def test_the_small_network_of_any_text_trains_in_an_empty_notebook(open_page, text):
    app = open_page("small_network", network_text=text, network_step="400")
    names = run(app, "network")
    table = drawing(app, "network_table")
    assert names["words"] == table["rows"]
    assert names["W"] == pytest.approx(np.array(table["values"]), abs=1e-5)


@pytest.mark.parametrize("options", [{}, {"space_method": "t-SNE", "space_seed": "3", "space_perplexity": "7"}])
def test_the_map(open_page, options):
    app = open_page("words_in_space", space_groups="royalty", space_words="", **options)
    run_until(app, lambda: not options or any("Finished" in caption.value for caption in app.caption))
    places = run(app, "space_map", alone=not options)["places"]
    assert np.abs(in_shares(places) - map_reading.places(app)).max() < 1e-4


def test_neighbours(open_page):
    app = open_page("words_in_space", space_chosen="queen")
    guess(app, "space_guess")
    bars = chart(app, "space_nearest")["data"][0]
    neighbors = run(app, "space_neighbours")["neighbours"]
    assert [word for word, _ in neighbors] == bars["hovertext"]
    assert [cosine for _, cosine in neighbors] == pytest.approx(numbers(bars["x"]))


def shown_bars(app, key: str) -> dict[str, float]:
    bars = chart(app, key)["data"][0]
    return dict(zip(bars["hovertext"], numbers(bars["x"]), strict=True))


SOURCES = pytest.mark.parametrize("source", [DEFAULT, MINILM])


@SOURCES
@pytest.mark.parametrize("metric", ["Cosine", "Dot product", "Distance"])
def test_similar_words(open_page, source, metric):
    app = open_page("similar_words", source=source, similar_metric=metric, similar_vectors="centred")
    guess(app, "similar_guess")
    names = run(app, "similar_ranks")
    assert dict(names["neighbours"]) == pytest.approx(shown_bars(app, "similar_scores"))
    left = chart(app, "similar_ranks")["data"][-2]["text"]
    assert [word for word, _ in names["by_cosine"]] == [word.strip() for word in left]


@SOURCES
@pytest.mark.parametrize("by_agreement", ["true", "false"])
def test_strips(open_page, source, by_agreement):
    app = open_page("similar_words", source=source, similar_words="cat dog rice bread", similar_sorted=by_agreement)
    shown = np.array(numbers(chart(app, "similar_strips")["data"][0]["z"]))
    assert run(app, "similar_strips")["strips"] == pytest.approx(shown, abs=1e-5)


@SOURCES
def test_matrix(open_page, source):
    app = open_page("similar_words", source=source, similar_words="cat dog rice bread")
    names = run(app, "similar_matrix")
    assert names["words"] == drawing(app, "similar_matrix")["rows"]
    assert names["cosines"] == pytest.approx(np.array(drawing(app, "similar_matrix")["values"]), abs=1e-5)


def test_matrix_in_the_order_typed(open_page):
    app = open_page("similar_words", similar_words="cat bread dog", similar_clustered="false")
    names = run(app, "similar_matrix")
    assert names["words"] == drawing(app, "similar_matrix")["rows"]
    assert names["cosines"] == pytest.approx(np.array(drawing(app, "similar_matrix")["values"]), abs=1e-5)


@SOURCES
@pytest.mark.parametrize("method", ["add and subtract (3CosAdd)", "multiply and divide (3CosMul)"])
def test_analogies(open_page, source, method):
    app = open_page("analogies", source=source, analogy_method=method)
    guess(app, "analogy_guess")
    names = run(app, "analogy")
    assert dict(names["best"][:8]) == pytest.approx(shown_bars(app, "analogy_with"))
    assert dict(names["others"][:8]) == pytest.approx(shown_bars(app, "analogy_without"))


@SOURCES
def test_the_parallelogram_and_a_sum(open_page, source):
    app = unfold(open_page("analogies", source=source), "analogy_exact")
    names = run(app, "analogy_parallelogram")
    drawn = np.abs(numbers(chart(app, "analogy_parallelogram")["data"][0]["y"]))
    assert np.abs(names["corners"][:, 1]) == pytest.approx(drawn, abs=1e-5)  # either may be mirrored
    assert f"{names['step_cosine']:.2f}" == app.metric[0].value
    assert f"{names['kept']:.0%}" == app.metric[2].value
    names = run(app, "analogy_sum")
    assert dict(names["best"][:8]) == pytest.approx(shown_bars(app, "analogy_sum_with"))
    assert dict(names["others"][:8]) == pytest.approx(shown_bars(app, "analogy_sum_without"))


@SOURCES
def test_axes(open_page, source):
    app = open_page("axes", source=source)
    points = chart(app, "axes_places")["data"][0]
    names = run(app, "axes_places")
    assert list(names["words"]) == points["hovertext"]
    assert names["places"][0] == pytest.approx(numbers(points["x"]), abs=1e-5)
    assert names["places"][1] == pytest.approx(numbers(points["y"]), abs=1e-5)
    assert f"{names['shares'][1]:.1%}" in [metric.value for metric in app.metric]


def test_bias(open_page):
    app = open_page("axes")
    guess(app, "axes_guess")
    names = run(app, "axes_bias")
    shown = shown_bars(app, "axes_bias")
    assert dict(zip(names["words"], names["places"][0].tolist(), strict=True)) == pytest.approx(shown, abs=1e-5)


def test_odd_one_out(open_page):
    app = open_page("odd_one_out")
    guess(app, "odd_guess")
    names = run(app, "odd_means")
    assert dict(zip(names["words"], names["means"], strict=True)) == pytest.approx(shown_bars(app, "odd_means"))
    assert f"`{names['odd']}`" in [*app.info, *app.success][-1].value


@SOURCES
def test_frequency(open_page, source):
    app = open_page("frequency", source=source, frequency_words="king the")
    guess(app, "frequency_guess")
    names = run(app, "frequency_norms")
    assert names["medians"] == pytest.approx(numbers(chart(app, "frequency_norms")["data"][2]["y"]))
    first = app.dataframe[0].value.iloc[0]
    assert (names["me"] + 1, names["median_rank"]) == (first["its rank"], first["median rank of its ten nearest"])


def test_company(open_page):
    app = open_page("frequency", source=MINILM)
    run_until(app, lambda: any("Each dot is one of" in caption.value for caption in app.caption))
    medians = run(app, "frequency_company")["medians"]
    assert medians == numbers(chart(app, "frequency_company")["data"][1]["y"])


def test_report_card(open_page):
    app = open_page("report_card", report_limit="10,000", report_case="false")
    guess(app, "report_guess")
    app.button(key="report_start").click().run()
    run_until(app, lambda: any("Finished" in caption.value for caption in app.caption))
    names = run(app, "report")
    for scores, bars in zip(names["scores"].values(), chart(app, "report_sections")["data"], strict=True):
        assert [scores[section] for section in bars["y"]] == numbers(bars["x"])
    for scores, bars in zip(names["scores"].values(), chart(app, "report_scores")["data"], strict=True):
        assert [scores[dataset] for dataset in bars["y"][2:]] == pytest.approx(numbers(bars["x"])[2:])


@pytest.mark.parametrize(
    "files",
    [{"toy.txt": b"cat 1 0\ndog 0 1\n"}, {"vectors.tsv": b"1\t0\n0\t1\n", "metadata.tsv": b"cat\ndog\n"}],
    ids=["one file", "two files"],
)
def test_the_code_of_a_view_of_an_own_file_reads_that_file(open_page, monkeypatch, tmp_path, files):
    app = open_page("sources")
    app.file_uploader(key="source_files").set_value([(*file, "") for file in files.items()]).run()
    app.switch_page("pages/play/similar_words.py").run()
    app.selectbox(key="source").set_value(f"your {next(iter(files))}").run()
    app.text_input(key="similar_words").set_value("cat dog").run()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    assert run(app, "similar_matrix", alone=False)["cosines"].tolist() == [[1, 0], [0, 1]]
