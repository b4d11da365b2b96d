"""Sources: what is published, fetched, and brought along; and one choice for all pages."""

import io
import re
from collections.abc import Iterator
from contextlib import nullcontext

import numpy as np
import pytest

from components import navigation
from components.session import user_tables, visit
from components.session.memory_account import Account
from components.ui import downloads
from embeddings import sources
from embeddings.formats import KINDS, read, write
from embeddings.sources import DEFAULT, MINILM, SMOLLM, gensim_data, load
from tests.loopback import MINILM as MODEL
from tests.loopback import TWITTER, serving
from tests.pages.play.words_in_space.map_reading import mapped
from tests.pages.reading import PATHS, chart, drawing, guess, run_until, words
from tests.spoiling import SPOILT, as_anybody

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
    assert "3,000,000 words × 300 numbers. To fetch: 1.74 GB; in memory: 3.67 GB; licence: not stated" in words(app)


def test_a_published_table_is_fetched_and_used(open_page, server):
    server.offer_twitter(load())
    app = open_page("sources", source_wanted="GloVe Twitter, 25 dimensions")
    app.button(key=f"fetch_{TWITTER}").click().run()
    run_until(app, lambda: TWITTER in app.selectbox(key="source").options)
    app.button(key=f"use_{TWITTER}").click().run()
    assert app.selectbox(key="source").value == TWITTER
    run_until(app, lambda: "50 words × 25 numbers" in words(app))
    app.switch_page("pages/play/frequency.py").run()
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
    assert f"Row 0 took 1,536 bytes: {first} and 379 more numbers" in words(app)
    assert server.sent < 20_000
    app.button(key=f"fetch_hf:{MODEL}").click().run()
    run_until(app, lambda: any(button.key == f"use_hf:{MODEL}" for button in app.button))
    run_until(app, lambda: f"hf:{MODEL}" in app.selectbox(key="source").options)
    app.selectbox(key="source").set_value(f"hf:{MODEL}").run()
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
    assert "Fetching is turned off on this server" in words(app)
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
    assert app.selectbox(key="source").value == name
    for page in PAGES:
        app.switch_page(PATHS[page]).run()
        assert not app.exception
        assert app.selectbox(key="source").value == name
        assert not app.error, app.error[0].value


def test_the_vectors_of_an_own_file_are_those_shown(open_page):
    app = bring(open_page("sources"), ("toy.txt", TOY))
    app.button(key="use_own_your toy.txt").click().run()
    app.switch_page("pages/play/similar_words.py").run()
    assert "Not among the 4 words of the table: `king`" in words(app)
    assert "Take `cat`, which this table has" in [button.label for button in app.button]
    app.text_input(key="similar_words").set_value("cat apple").run()
    assert drawing(app, "similar_matrix")["values"] == [[1, 0], [0, 1]]
    app.switch_page("pages/play/words_in_space.py").run()
    assert {"cat", "apple"} <= set(mapped(app))


def test_a_removed_table_gives_way_to_the_usual_one(open_page):
    app = bring(open_page("sources"), ("toy.txt", TOY))
    app.button(key="use_own_your toy.txt").click().run()
    app.button(key="remove_own_your toy.txt").click().run()
    assert app.selectbox(key="source").value == DEFAULT
    assert "your toy.txt" not in app.selectbox(key="source").options
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


def test_of_two_damaged_files_that_come_one_after_the_other_the_later_gets_its_own_sentence(open_page):
    app = open_page("sources")
    bring(app, ("empty.txt", b""))
    assert "empty.txt is empty" in words(app)
    uploader = app.file_uploader(key="source_files")
    uploader._files = uploader._get_files_to_register()  # a browser's keeps those that are there
    uploader.upload("fake.zip", b"PK\x03\x04 no zip").run()
    assert "empty.txt is empty" not in words(app)
    assert "fake.zip" in words(app)


@pytest.mark.parametrize("kind", downloads.TITLES)
def test_every_format_that_is_offered_to_take_home_is_read_again(open_page, kind):
    toy = read({"toy.txt": io.BytesIO(TOY.replace(b"cat", b"=cat"))}, "toy")
    stream = io.BytesIO()
    write(toy, kind, stream)
    app = bring(open_page("sources"), (f"toy{KINDS[kind]}", stream.getvalue()))
    assert f"Read 4 words × 2 numbers from `toy{KINDS[kind]}`" in words(app)
    app.button(key=f"use_own_your toy{KINDS[kind]}").click().run()
    app.switch_page("pages/play/similar_words.py").run()
    app.text_input(key="similar_words").set_value("=cat apple").run()
    assert drawing(app, "similar_matrix")["values"] == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("first", "off"), [("new york", ["word2vec text"]), ("\u3000", ["For the TensorFlow Projector (two TSV files)"])]
)
def test_what_cannot_be_taken_home_says_so_before_the_click(open_page, first, off):
    app = bring(open_page("sources"), ("toy.csv", f"{first},1,0\n=cat,0,1\n".encode()))
    app.session_state["toy.csv_home"] = True
    app.run()
    assert not app.exception
    buttons = {button.proto.label: button.proto.disabled for button in app.get("download_button")}
    assert [label for label, disabled in buttons.items() if disabled] == off
    assert re.search(r"The word .* which (word2vec's text format|the TensorFlow Projector) cannot keep", words(app))
    assert "In the CSV, a word that begins with =, +, - or @ has an apostrophe" in words(app)


def own_names(app) -> list[str]:
    return [option for option in app.selectbox(key="source").options if option.startswith("your ")]


def test_the_source_is_in_the_address_by_name_and_shared_by_the_pages(open_page):
    app = open_page("similar_words", source=MINILM)
    assert app.selectbox(key="source").value == MINILM
    assert "30,522 words × 384 numbers" in words(app)
    app.switch_page("pages/play/odd_one_out.py").run()
    assert app.selectbox(key="source").value == MINILM
    assert app.query_params["source"] in (MINILM, [MINILM])


@pytest.fixture
def foreign_page(monkeypatch, tmp_path) -> Iterator[str]:
    """Path of a page of the first chapter that asks for a table; the menu is made anew, and afterwards again."""
    page = tmp_path / "foreign_page.py"
    page.write_text(
        "import streamlit as st\n"
        "from components.session.table_picker import choose_source\n"
        "st.write(f'The table is {choose_source().name}.')\n"
    )
    lesson = navigation.Lesson(navigation.MEANING, str(page), "Foreign page", "?", "A page.", "Nothing.")
    monkeypatch.setattr(navigation, "LESSONS", (*navigation.LESSONS, lesson))
    navigation._pages.clear()
    yield str(page)
    navigation._pages.clear()


def has_picker(app) -> bool:
    return "source" in [box.key for box in app.selectbox]


def test_a_page_of_any_chapter_that_asks_for_a_table_has_the_picker(open_page, foreign_page):
    app = open_page("one_hot")
    assert not has_picker(app)
    app.switch_page(foreign_page).run()
    assert f"The table is {DEFAULT}." in words(app)
    app.selectbox(key="source").set_value(MINILM).run()
    assert f"The table is {MINILM}." in words(app)
    for path in ("pages/play/odd_one_out.py", foreign_page):
        app.switch_page(path).run()
        assert not app.exception
        assert app.selectbox(key="source").value == MINILM
    app.switch_page("pages/meaning/one_hot.py").run()
    assert not has_picker(app)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (MINILM, f"The table is {MINILM}."),
        ("your **secret**.txt", "The link asks for `your **secret**.txt`, which is not here"),
    ],
)
def test_a_link_to_a_page_of_any_chapter_sets_the_picker(open_page, foreign_page, asked, sentence):
    app = open_page("home").switch_page(foreign_page)
    app.query_params["source"] = asked
    app.run()
    assert sentence in words(app)
    assert not app.exception


@pytest.mark.parametrize("path", PAGES)
def test_a_link_that_asks_for_a_table_that_is_not_there_says_so(open_page, path):
    app = open_page(path, source="your **secret**.txt")
    assert app.selectbox(key="source").value == DEFAULT
    assert "The link asks for `your **secret**.txt`, which is not here" in words(app)
    app.selectbox(key="source").set_value(MINILM).run()
    assert "The link asks for" not in words(app)


def test_two_visitors_files_of_one_name_are_not_mixed_up(open_page, leave):
    medians = []
    for scale in (1, 5):
        leave()
        rows = "".join(f"w{row}x {scale * (row + 1)} 0\n" for row in range(30))
        app = bring(open_page("sources"), ("same.txt", rows.encode()))
        app.button(key="use_own_your same.txt").click().run()
        app.switch_page("pages/play/frequency.py").run()
        guess(app, "frequency_guess")
        medians.append(chart(app, "frequency_norms")["data"][2]["y"])
    assert medians[0] != medians[1]


def test_who_comes_back_to_a_new_session_is_told_that_their_table_is_gone(open_page):
    app = open_page("home")
    app.session_state["source"] = "your mine.txt"  # the browser's widgets still have it
    app.switch_page("pages/play/similar_words.py").run()
    assert app.selectbox(key="source").value == DEFAULT
    assert "`your mine.txt` is gone after you reload the page, or after the connection is lost" in words(app)
    app.run()
    assert "`your mine.txt` is gone" in words(app)
    app.switch_page("pages/play/sources.py").run()
    assert "is gone" not in words(app)


def test_who_has_idle_tables_loses_the_oldest_to_others_and_is_told(open_page, monkeypatch):
    account = Account(40_000, 30_000)
    monkeypatch.setattr(visit, "account", lambda: account)
    app, other = open_page("sources"), open_page("sources")
    for each in (app, other):
        bring(each, ("many.txt", b"".join(b"w%d 1 2\n" % row for row in range(150))))
        assert 20_000 < account.used <= 40_000
    app.run()
    assert not own_names(app)
    assert (
        "The server removed your table `your many.txt` because others needed the memory. Bring or train it again."
        in words(app)
    )
    assert own_names(other) == ["your many.txt"]


def test_the_oldest_of_many_own_tables_makes_room(open_page):
    app = open_page("sources")
    for number in range(user_tables.MAX_TABLES + 1):
        assert "made room" not in words(app)
        bring(app, (f"{number}.txt", TOY))
    assert "The server keeps your latest 3 tables, so it removed `your 0.txt`." in words(app)
    assert own_names(app) == [f"your {number}.txt" for number in range(1, user_tables.MAX_TABLES + 1)]


@pytest.mark.parametrize("how", SPOILT)
def test_no_page_ends_because_a_fetched_table_cannot_be_read(open_page, server, monkeypatch, tmp_path, how):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    server.offer_minilm()
    server.offer_twitter(load())
    table = sources.fetch(f"hf:{MODEL}").name
    sources.fetch(TWITTER)
    app = open_page("similar_words")
    assert {table, TWITTER} < set(app.selectbox(key="source").options)
    (note,) = (tmp_path / "token-embedding-lab" / "hub").glob("*/main.json")
    for path in (note, gensim_data.file_of(TWITTER)):
        SPOILT[how](path)
    with as_anybody() if "permitted" in how else nullcontext():
        app.run()
        for path in ("pages/play/similar_words.py", "pages/play/sources.py"):
            app.switch_page(path).run()
            assert not app.exception
            assert app.selectbox(key="source").options == [DEFAULT, MINILM, SMOLLM]
