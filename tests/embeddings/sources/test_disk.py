"""What lies in the folders of what was fetched: how much may, and what cannot be read."""

import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from safetensors.numpy import save
from tokenizers import Tokenizer
from tokenizers.models import BPE

from embeddings import sources
from embeddings.common.errors import InvalidInput, SourceUnavailable
from embeddings.jobs.queue import Stopped
from embeddings.sources import disk, gensim_data, huggingface
from embeddings.sources.http import download
from tests.loopback import TWITTER
from tests.spoiling import SPOILT, as_anybody

CONTENT = bytes(range(256)) * 1000
DAY = 86_400


@pytest.fixture
def cache(monkeypatch) -> Iterator[Path]:
    """Folders that anybody may come to, with the two models toy/one and toy/two in them, and ``TWITTER``."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    monkeypatch.setenv("GENSIM_DATA_DIR", str(folder / "gensim-data"))
    yield folder
    for place, *_ in os.walk(folder):
        Path(place).chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture
def models(server, cache, monkeypatch) -> Path:
    """The folder of the fetched models toy/one and toy/two."""
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    tokenizer = Tokenizer(BPE(vocab={"a": 0, "b": 1}, merges=[]))
    for name in ("toy/one", "toy/two"):
        server.files[f"/{name}/resolve/main/model.safetensors"] = save({"wte.weight": np.ones((2, 3), np.float32)})
        server.files[f"/{name}/resolve/main/tokenizer.json"] = tokenizer.to_str().encode()
        huggingface.fetch(huggingface.find_table(name))
    assert huggingface.list_cached() == ("toy/one", "toy/two")
    return disk.hub_folder()


@pytest.fixture
def url(server) -> str:
    server.files["/table.gz"] = CONTENT
    return f"{server.url}/table.gz"


@pytest.fixture
def place() -> Path:
    """A folder among those of gensim-data."""
    return disk.gensim_data_folder() / "table"


def allow(monkeypatch, count: int) -> None:
    monkeypatch.setenv("TOKEN_EMBEDDING_LAB_FETCHED_BYTES", str(count))


def begin(url: str, file: Path) -> Path:
    """The beginning of ``file``, as somebody left it who stopped."""

    def stop(fraction, words):
        if fraction:
            raise Stopped

    with pytest.raises(Stopped):
        download(url, file, report=stop)
    return file.with_name(f"{file.name}.part")


def test_what_does_not_fit_is_refused_before_anybody_is_asked(server, url, place, monkeypatch):
    download(url, place / "one.gz")
    allow(monkeypatch, 300_000)
    server.asked.clear()

    with pytest.raises(
        SourceUnavailable, match=r"^two\.gz needs 256 kB\. Fetched tables take 256 kB of the 300 kB .* 44 kB would fit"
    ):
        download(url, place / "two.gz", size=len(CONTENT))

    assert server.asked == []
    assert not (place / "two.gz.part").exists()
    allow(monkeypatch, 512_000)
    assert download(url, place / "two.gz").read_bytes() == CONTENT


def test_beginnings_count_but_their_own_rest_does_not_count_twice(server, url, place, monkeypatch):
    part = begin(url, place / "one.gz")
    allow(monkeypatch, 255_999 + part.stat().st_size)
    with pytest.raises(SourceUnavailable, match="would fit"):
        download(url, place / "two.gz")

    allow(monkeypatch, 256_100)  # its mark of version has some bytes, too
    assert download(url, place / "one.gz").read_bytes() == CONTENT


def test_what_is_on_its_way_counts_as_all_that_it_will_be(url, place, monkeypatch):
    allow(monkeypatch, 500_000)
    under_way, go_on = threading.Event(), threading.Event()

    def report(fraction, words):
        if fraction:
            under_way.set()
            assert go_on.wait(30)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(download, url, place / "one.gz", report=report)
        assert under_way.wait(30)
        try:
            with pytest.raises(SourceUnavailable, match=r"take 256 kB of the 500 kB"):
                download(url, place / "two.gz")
        finally:
            go_on.set()
        assert first.result(30).read_bytes() == CONTENT
    with pytest.raises(SourceUnavailable, match=r"take 256 kB of the 500 kB"):
        download(url, place / "two.gz")


def test_a_table_of_a_model_and_one_of_gensim_data_share_one_quota(server, models, glove, monkeypatch):
    server.offer_twitter(glove)
    monkeypatch.setenv("GENSIM_DATA_ENDPOINT", server.url)
    taken = sum(state.st_size for _, state in disk.files())
    size = len(server.files[f"/{TWITTER}/{TWITTER}.gz"])

    allow(monkeypatch, taken + size - 1)
    with pytest.raises(SourceUnavailable, match=rf"^{TWITTER}\.gz needs"):
        gensim_data.fetch(TWITTER)
    assert server.asked[-1][0] == "/list.json"

    allow(monkeypatch, taken + size)
    assert gensim_data.fetch(TWITTER).is_file()


def test_a_models_table_and_tokenizer_fit_together_or_are_not_begun(server, models, monkeypatch):
    table = huggingface.find_table("toy/one")
    shutil.rmtree(models)
    allow(monkeypatch, table.download_bytes - 1)
    server.asked.clear()
    with pytest.raises(SourceUnavailable, match="The table of toy/one needs"):
        huggingface.fetch(table)
    assert server.asked == []

    allow(monkeypatch, table.download_bytes)
    huggingface.fetch(table)
    allow(monkeypatch, 0)
    huggingface.fetch(table)  # it is there
    assert huggingface.cached("toy/one") == table


@pytest.mark.parametrize("setting", ["", "-1", "20 GB", "1e9", "9" * 30])
def test_a_quota_that_is_no_number_of_bytes_is_refused(url, place, monkeypatch, setting):
    monkeypatch.setenv("TOKEN_EMBEDDING_LAB_FETCHED_BYTES", setting)
    with pytest.raises(InvalidInput, match="TOKEN_EMBEDDING_LAB_FETCHED_BYTES must be a whole number of bytes"):
        download(url, place / "one.gz")


def test_a_beginning_that_nobody_has_gone_on_with_for_days_is_thrown_away(server, url, place):
    old, held, young = (begin(url, place / f"{name}.gz") for name in ("old", "held", "young"))
    for part, days in ((old, 8), (held, 8), (young, 6)):
        changed = part.stat().st_mtime - days * DAY
        os.utime(part, (changed, changed))

    with FileLock(place / "held.gz.lock"):
        download(url, place / "one.gz")

    assert [part.exists() for part in (old, held, young)] == [False, True, True]
    assert not (place / "old.gz.part.etag").exists()


def test_a_beginning_that_is_gone_on_with_after_days_is_not_thrown_away(server, url, place):
    part = begin(url, place / "one.gz")
    changed = part.stat().st_mtime - 8 * DAY
    os.utime(part, (changed, changed))
    length = part.stat().st_size

    assert download(url, place / "one.gz").read_bytes() == CONTENT
    assert server.asked[-1][1] == f"bytes={length}-"


def skipped(caplog, path: Path) -> list[str]:
    return [record.getMessage() for record in caplog.records if repr(str(path))[:-1] in record.getMessage()]


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("file", ["main.json", "*/table.f32", "*/tokenizer.json"])
def test_a_model_that_cannot_be_read_is_skipped_and_the_others_stay(models, caplog, how, file):
    (path,) = models.glob(f"toy--one*/{file}")
    SPOILT[how](path)
    with as_anybody(), caplog.at_level(logging.WARNING):
        found, found_again = huggingface.list_cached(), huggingface.list_cached()
        assert not huggingface.cached("toy/one")
    assert found == found_again == ("toy/two",)
    assert len(skipped(caplog, models / "toy--one")) == 1


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b"{" * 5_000,
        b'{"repo_id": "toy/one"}',
        b" " * 100_000,
        b'"\\ud800"',
    ],
)
def test_a_damaged_note_is_skipped(models, caplog, note):
    (path,) = models.glob("toy--one*/main.json")
    path.write_bytes(note)
    assert huggingface.list_cached() == ("toy/two",)
    assert len(skipped(caplog, path)) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dtype", "F99"),
        ("dtype", ["F32"]),
        ("rows", "2"),
        ("rows", -2),
        ("rows", True),
        ("rows", 10**300),
        ("dimension", None),
        ("repo_id", "toy/two"),
        ("endpoint", "http://elsewhere"),
        ("revision", "../../x"),
        ("tokenizer_bytes", 1.5),
        ("unknown", 1),
    ],
)
def test_a_note_that_says_what_cannot_be_is_skipped(models, name, value):
    import json

    (path,) = models.glob("toy--one*/main.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | {name: value}))
    assert huggingface.list_cached() == ("toy/two",)


@pytest.mark.parametrize("name", ["a b", "x..y", "line\nbreak", "\udcff", "-", ""])
def test_a_folder_that_is_named_as_no_model_is_skipped(models, caplog, name):
    home = next(models.glob("toy--one*")).name.removeprefix("toy--one")
    folder = models / f"{name}{home}"
    folder.mkdir()
    assert huggingface.list_cached() == ("toy/one", "toy/two")
    assert len(skipped(caplog, folder)) == 1


@pytest.mark.parametrize("how", SPOILT)
def test_where_no_model_can_be_looked_for_there_is_none(models, how):
    SPOILT[how](models)
    with as_anybody():
        assert huggingface.list_cached() == ()


@pytest.mark.parametrize("how", SPOILT)
def test_a_published_table_that_cannot_be_read_is_not_on_this_machine(cache, caplog, how):
    file = gensim_data.file_of(TWITTER)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"content")
    SPOILT[how](file)
    with as_anybody():
        catalogue = sources.catalogue()
        with pytest.raises(SourceUnavailable):
            sources.load(TWITTER)
    assert not any(source.local for source in catalogue if source.fetch)
    assert len(skipped(caplog, file)) == 1


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("what", ["one.gz", "one.gz.part", "one.gz.part.etag", "one.gz.lock"])
def test_what_cannot_be_written_over_is_a_sentence_or_is_written_over(url, cache, place, how, what):
    begin(url, place / "one.gz")
    (place / what).touch()
    for path in (disk.gensim_data_folder(), place, *place.iterdir()):
        os.chown(path, 65_534, -1) if not os.geteuid() else None
    SPOILT[how](place / what)
    with as_anybody():
        try:
            assert download(url, place / "one.gz").read_bytes() == CONTENT
        except SourceUnavailable as refusal:
            assert "cannot be written here" in str(refusal)
        for _ in disk.files():
            pass
        disk.clean(lambda: 1e12)
