"""Sources: what is published, fetched, and brought along; and one choice for all pages."""

import io

import numpy as np
import pytest

from components import own_tables
from embeddings import sources
from embeddings.remote import gensim_data
from embeddings.sources import DEFAULT, MINILM, load
from tests.loopback import MINILM as MODEL
from tests.loopback import TWITTER, serving
from tests.pages.map_reading import mapped
from tests.pages.reading import chart, drawing, guess, run_until, words

TOY = b"4 2\ncat 1 0\ndog 0.9 0.1\napple 0 1\npear 0.1 0.8\n"
PAGES = ["similar_words", "analogies", "axes", "odd_one_out", "frequency", "report_card", "sources", "words_in_space"]


@pytest.fixture
def server(monkeypatch, tmp_path):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("GENSIM_DATA_DIR", str(tmp_path / "gensim-data"))
    with serving() as server:
        monkeypatch.setenv("GENSIM_DATA_ENDPOINT", server.url)
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        yield server


def bring(app, *files: tuple[str, bytes]):
    app.file_uploader(key="source_files").set_value([(name, content, "") for name, content in files]).run()
    assert not app.exception
    return app


def npy(rows) -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.array(rows, dtype=np.float32))
    return stream.getvalue()


def test_everything_is_known_before_anything_is_fetched(open_page):
    app = open_page("sources", source_wanted="word2vec Google News, 300 dimensions")
    table = app.dataframe[0].value.set_index("table")
    assert list(table.index) == [source.title for source in sources.catalogue()]
    row = table.loc["word2vec Google News, 300 dimensions"]
    assert (row["words"], row["numbers a word"], row["download"], row["licence"]) == (
        3_000_000,
        300,
        "1.74 GB",
        "not stated",
    )
    assert "3,000,000 words × 300 numbers. To fetch: 1.74 GB; in memory: 4.02 GB; licence: not stated" in words(app)


def test_a_published_table_is_fetched_and_used(open_page, server):
    server.offer_twitter(load())
    app = open_page("sources", source_wanted="GloVe Twitter, 25 dimensions")
    app.button(key=f"fetch_{TWITTER}").click().run()
    run_until(app, lambda: TWITTER in app.sidebar.selectbox(key="source").options)
    app.button(key=f"use_{TWITTER}").click().run()
    assert app.sidebar.selectbox(key="source").value == TWITTER
    run_until(app, lambda: "50 words × 25 numbers" in words(app))
    app.switch_page("pages/frequency.py").run()
    guess(app, "frequency_guess")
    assert "Over all 50 words" in words(app)


def test_the_table_of_a_model_shows_its_cost_and_is_fetched(open_page, server, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    server.offer_minilm()
    app = open_page("sources")
    app.text_input(key="source_hub").set_value(MODEL)
    next(button for button in app.button if button.label == "Look").click().run()
    run_until(app, lambda: "To fetch: 47.3 MB" in words(app))
    assert "30,522 tokens × 384 numbers" in words(app)
    first = ", ".join(f"{number:.3f}" for number in load(MINILM).matrix[0, :5])
    assert f"Row 0 cost 1,536 bytes: {first} and 379 more numbers" in words(app)
    assert server.sent < 20_000
    app.button(key=f"fetch_hf:{MODEL}").click().run()
    run_until(app, lambda: any(button.key == f"use_hf:{MODEL}" for button in app.button))
    run_until(app, lambda: f"hf:{MODEL}" in app.sidebar.selectbox(key="source").options)
    app.sidebar.selectbox(key="source").set_value(f"hf:{MODEL}").run()
    run_until(app, lambda: "30,522 words × 384 numbers" in words(app))


def test_a_model_that_is_not_there_gets_a_sentence(open_page, server):
    app = open_page("sources")
    for name in ("nobody/nothing", "no name", "", "../../etc/passwd", "<script>/x"):
        app.text_input(key="source_hub").set_value(name)
        next(button for button in app.button if button.label == "Look").click().run()
        run_until(app, lambda: bool(app.error))
        assert not app.exception
        assert "Something went wrong" not in words(app)


def test_an_operator_can_turn_fetching_off(open_page, server, monkeypatch):
    monkeypatch.setenv("TOKEN_EMBEDDING_LAB_OFFLINE", "1")
    app = open_page("sources", source_wanted="GloVe Twitter, 25 dimensions")
    assert "Whoever runs this server has turned fetching off" in words(app)
    assert app.button(key=f"fetch_{TWITTER}").disabled
    assert next(button for button in app.button if button.label == "Look").disabled
    assert server.asked == []


def test_without_network_there_is_a_sentence_with_what_to_do(open_page, server, monkeypatch):
    monkeypatch.setenv("GENSIM_DATA_ENDPOINT", "http://127.0.0.1:9")  # where nobody listens
    app = open_page("sources", source_wanted="GloVe Twitter, 25 dimensions")
    app.button(key=f"fetch_{TWITTER}").click().run()
    run_until(app, lambda: bool(app.error))
    assert "127.0.0.1" in words(app)
    assert "network" in words(app)


def test_without_room_there_is_a_sentence(open_page, server, monkeypatch):
    server.offer_twitter(load())
    monkeypatch.setitem(gensim_data.fetch.__kwdefaults__, "free", lambda folder: 0)
    app = open_page("sources", source_wanted="GloVe Twitter, 25 dimensions")
    app.button(key=f"fetch_{TWITTER}").click().run()
    run_until(app, lambda: bool(app.error))
    assert "There is no room for glove-twitter-25.gz" in words(app)


@pytest.mark.parametrize(
    "files",
    [
        [("toy.txt", TOY)],
        [("toy.vec", TOY)],
        [("rows.npy", npy([[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.8]])), ("words.txt", b"cat\ndog\napple\npear\n")],
        [("vectors.tsv", b"1\t0\n0.9\t0.1\n0\t1\n0.1\t0.8\n"), ("metadata.tsv", b"cat\ndog\napple\npear\n")],
    ],
    ids=lambda files: files[0][0],
)
def test_an_own_file_is_read_and_works_on_every_page(open_page, files):
    app = bring(open_page("sources"), *files)
    name = f"your {files[0][0]}"
    assert "Read 4 words × 2 numbers" in words(app)
    app.button(key=f"use_own_{name}").click().run()
    assert app.sidebar.selectbox(key="source").value == name
    for page in PAGES:
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        assert app.sidebar.selectbox(key="source").value == name
        assert not app.error, app.error[0].value


def test_the_vectors_of_an_own_file_are_those_shown(open_page):
    app = bring(open_page("sources"), ("toy.txt", TOY))
    app.button(key="use_own_your toy.txt").click().run()
    app.switch_page("pages/similar_words.py").run()
    assert "Not among the 4 words of the table: `king`" in words(app)
    assert "Take `cat`, which this table has" in [button.label for button in app.button]
    app.text_input(key="similar_words").set_value("cat apple").run()
    assert drawing(app, "similar_matrix")["values"] == [[1, 0], [0, 1]]
    app.switch_page("pages/words_in_space.py").run()
    assert {"cat", "apple"} <= set(mapped(app))


def test_a_removed_table_gives_way_to_the_usual_one(open_page):
    app = bring(open_page("sources"), ("toy.txt", TOY))
    app.button(key="use_own_your toy.txt").click().run()
    app.button(key="remove_own_your toy.txt").click().run()
    assert app.sidebar.selectbox(key="source").value == DEFAULT
    assert "your toy.txt" not in app.sidebar.selectbox(key="source").options
    assert not app.exception


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([("bad.txt", b"cat 1 0\ndog 1\n")], "Line 2 of bad.txt"),
        ([("bad.txt", b"cat 1 0\ndog nan 1\n")], "Line 2 of bad.txt"),
        ([("bad.txt", b"cat 1 0\ncat 0 1\n")], "line 2"),
        ([("bad.txt", b"9 2\ncat 1 0\n")], "bad.txt"),
        ([("bad.pkl", b"\x80\x04K\x01.")], "is a pickle"),
        ([("bad.txt", b"")], "bad.txt"),
        ([("<script>.txt", b"\xff\xfe\x00")], "<script>.txt"),
        ([("a.txt", TOY), ("b.txt", TOY)], "Of two files one must be a table"),
        ([("a.txt", TOY), ("a.txt", TOY)], "have the same name"),
        ([("a.txt", TOY), ("b.txt", TOY), ("c.txt", TOY)], "Choose one file of vectors, or two"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence_and_nothing_is_kept(open_page, files, sentence):
    app = bring(open_page("sources"), *files)
    assert sentence.lower() in words(app).lower()
    assert own_names(app) == []


def own_names(app) -> list[str]:
    return [option for option in app.sidebar.selectbox(key="source").options if option.startswith("your ")]


def test_the_source_is_in_the_address_by_name_and_shared_by_the_pages(open_page):
    app = open_page("similar_words", source=MINILM)
    assert app.sidebar.selectbox(key="source").value == MINILM
    assert "30,522 words × 384 numbers" in words(app)
    app.switch_page("pages/odd_one_out.py").run()
    assert app.sidebar.selectbox(key="source").value == MINILM
    assert app.query_params["source"] in (MINILM, [MINILM])


@pytest.mark.parametrize("path", PAGES)
def test_a_link_that_asks_for_a_table_that_is_not_there_says_so(open_page, path):
    app = open_page(path, source="your **secret**.txt")
    assert app.sidebar.selectbox(key="source").value == DEFAULT
    assert "The link asks for `your **secret**.txt`, which is not here" in words(app)
    app.sidebar.selectbox(key="source").set_value(MINILM).run()
    assert "The link asks for" not in words(app)


def test_two_visitors_files_of_one_name_are_not_mixed_up(open_page, leave):
    medians = []
    for scale in (1, 5):
        leave()
        rows = "".join(f"w{row}x {scale * (row + 1)} 0\n" for row in range(30))
        app = bring(open_page("sources"), ("same.txt", rows.encode()))
        app.button(key="use_own_your same.txt").click().run()
        app.switch_page("pages/frequency.py").run()
        guess(app, "frequency_guess")
        medians.append(chart(app, "frequency_norms")["data"][2]["y"])
    assert medians[0] != medians[1]


def test_the_oldest_of_many_own_tables_makes_room(open_page):
    app = open_page("sources")
    for number in range(own_tables.MOST + 1):
        assert "made room" not in words(app)
        bring(app, (f"{number}.txt", TOY))
    assert "`your 0.txt` made room for it: 3 tables of yours are kept, the latest." in words(app)
    assert own_names(app) == [f"your {number}.txt" for number in range(1, own_tables.MOST + 1)]
