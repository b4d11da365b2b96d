"""A server on the loopback for each test, and a cache and a folder of gensim-data of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from embeddings.sources.http import Timeouts
from tests.loopback import Server, serving

HURRIED = Timeouts(connect=5, read=0.2)


@pytest.fixture
def server(monkeypatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as server:
        yield server


@pytest.fixture
def hurried() -> Timeouts:
    """A patience that a silent server exhausts at once."""
    return HURRIED


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    """A cache and a folder of gensim-data of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("GENSIM_DATA_DIR", str(tmp_path / "gensim-data"))
    return tmp_path / "cache" / "token-embedding-lab"
