"""Tables that do not come with the app are read in line, with progress and Stop, while the page waits."""

import numpy as np
import pytest

from components.session import table_cache
from embeddings.common import no_progress
from embeddings.sources import DEFAULT, gensim_data, load
from embeddings.vectors import WordVectors
from tests.loopback import TWITTER, serving
from tests.pages.full_places import full_places
from tests.pages.reading import run_until, words


@pytest.fixture
def fetched(monkeypatch, tmp_path):
    """A published table on this machine that nobody has read yet; where it lies."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("GENSIM_DATA_DIR", str(tmp_path))
    table_cache._table_cache.clear()
    with serving() as server:
        server.offer_twitter(load())
        monkeypatch.setenv("GENSIM_DATA_ENDPOINT", server.url)
        yield gensim_data.fetch(TWITTER)
    table_cache._table_cache.clear()


@pytest.fixture
def full_line():
    """Every place for heavy work taken, until the event that is given is set."""
    with full_places() as go_on:
        yield go_on


def test_the_page_waits_in_line_and_opens_when_the_table_is_read(open_page, fetched, full_line):
    app = open_page("similar_words", source=TWITTER)
    assert any("You are next" in str(bar.proto) for bar in app.get("progress"))
    assert not app.text_input
    full_line.set()
    run_until(app, lambda: "50 words × 25 numbers" in words(app))
    assert app.text_input(key="similar_words")
    assert not app.get("progress")


def test_a_table_that_was_cut_is_said_to_be(open_page, fetched):
    app = open_page("similar_words", source=TWITTER)
    run_until(app, lambda: "50 words × 25 numbers" in words(app))
    assert "These are the first 50 of 1,193,514 words" in words(app)
    app.selectbox(key="source").set_value(DEFAULT).run()
    assert "These are the first" not in words(app)


def test_reading_can_be_stopped_and_started_again(open_page, fetched, full_line):
    app = open_page("similar_words", source=TWITTER)
    app.button(key=f"reading_{TWITTER}_stop").click().run()
    assert "Stopped." in words(app)
    assert not app.text_input
    full_line.set()
    app.button(key=f"reading_{TWITTER}_again").click().run()
    run_until(app, lambda: "50 words × 25 numbers" in words(app))


def test_a_damaged_table_gets_a_sentence_and_the_page_of_sources_stays_open(open_page, fetched):
    fetched.write_bytes(fetched.read_bytes()[:-100])
    app = open_page("sources", source=TWITTER)
    run_until(app, lambda: bool(app.error))
    assert f"{TWITTER}.gz is damaged. Delete it, and fetch it again" in words(app)
    assert app.file_uploader(key="source_files")


def test_the_tables_read_last_are_kept_and_no_more():
    read = []
    shelf = table_cache.TableCache(lambda name, report: read.append(name) or WordVectors.of(name, ["cat"], np.eye(1)))
    for name in ("a", "b", "a", "c"):
        shelf.read(name, no_progress)
    assert read == ["a", "b", "c"]
    assert [name for name in "abc" if shelf.get(name) is not None] == ["a", "c"]
