import gzip
import hashlib
import json

import numpy as np
import pytest

from embeddings.common.errors import InvalidInput, SourceUnavailable, TooLarge
from embeddings.common.memory import reading_bytes
from embeddings.sources.gensim_data import PUBLISHED, fetch, file_of, load, published
from embeddings.vectors.word_vectors import WordVectors

GLOVE = "glove-wiki-gigaword-50"
WORDS = 300


@pytest.fixture(scope="module")
def first_words(glove) -> WordVectors:
    """The first rows of the real table."""
    return WordVectors.of(GLOVE, glove.tokens[:WORDS], np.ascontiguousarray(glove.matrix[:WORDS]))


def as_text(vectors: WordVectors) -> bytes:
    """As gensim-data packs it: word2vec's text, with V and D in the first line."""
    lines = [f"{len(vectors)} {vectors.dimension}"]
    lines += [" ".join([word, *map(str, row)]) for word, row in zip(vectors.tokens, vectors.matrix, strict=True)]
    return gzip.compress("\n".join(lines).encode() + b"\n")


def publish(server, content: bytes, name: str = GLOVE, **changes) -> dict[str, str]:
    """Put ``content`` under ``name`` on the server, and it into the list; where both are, as ``fetch`` takes it."""
    entry = {"file_size": len(content), "checksum": hashlib.md5(content).hexdigest(), "parts": 1} | changes
    catalogue = {"corpora": {}, "models": {name: entry | {"file_name": f"{name}.gz"}}}
    server.files["/list.json"] = json.dumps(catalogue).encode()
    server.files[f"/{name}/{name}.gz"] = content
    server.files[f"/{name}/__init__.py"] = b"raise SystemExit('this must never run')"
    return {"list_url": f"{server.url}/list.json", "files_url": server.url}


def put(content: bytes, name: str = GLOVE) -> None:
    """Lay ``content`` where a download would."""
    file_of(name).parent.mkdir(parents=True)
    file_of(name).write_bytes(content)


def test_every_table_of_the_catalogue_is_known_without_network():
    names = {entry.name for entry in PUBLISHED}

    assert names == {
        *(f"glove-wiki-gigaword-{dimension}" for dimension in (50, 100, 200, 300)),
        *(f"glove-twitter-{dimension}" for dimension in (25, 50, 100, 200)),
        "word2vec-google-news-300",
        "fasttext-wiki-news-subwords-300",
        "conceptnet-numberbatch-17-06-300",
    }
    assert all(entry.name.endswith(f"-{entry.dimension}") for entry in PUBLISHED)
    assert all(entry.licence and entry.words and entry.download_bytes for entry in PUBLISHED)


def test_the_table_arrives_as_it_was_published(server, first_words):
    addresses = publish(server, as_text(first_words))
    reports = []

    file = fetch(GLOVE, **addresses, report=lambda *said: reports.append(said))
    vectors = load(GLOVE)

    assert file == file_of(GLOVE)
    assert reports[-1][0] == 1
    assert (vectors.name, vectors.tokens) == (GLOVE, first_words.tokens)
    assert (vectors.matrix == first_words.matrix).all()


def test_code_beside_the_data_is_not_fetched(server, first_words):
    fetch(GLOVE, **publish(server, as_text(first_words)))

    assert [path for path, _ in server.asked] == ["/list.json", f"/{GLOVE}/{GLOVE}.gz"]


def test_a_table_that_is_there_needs_no_network(server, first_words):
    put(as_text(first_words))

    assert fetch(GLOVE, list_url=server.url, files_url=server.url) == file_of(GLOVE)
    assert server.asked == []


def test_gensim_finds_the_file_where_it_looks_for_it(server, first_words):
    pytest.importorskip("gensim")
    from gensim import downloader

    addresses = publish(server, as_text(first_words))
    fetch(GLOVE, **addresses)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(downloader, "BASE_DIR", str(file_of(GLOVE).parent.parent))
        patch.setattr(downloader._load_info, "__defaults__", (addresses["list_url"], "utf-8"))

        assert downloader.load(GLOVE, return_path=True) == str(file_of(GLOVE))


def test_words_in_binary_are_read_as_gensim_writes_them(server, first_words, tmp_path):
    pytest.importorskip("gensim")
    from gensim.models import KeyedVectors

    peer = KeyedVectors(first_words.dimension)
    peer.add_vectors(list(first_words.tokens), first_words.matrix)
    peer.save_word2vec_format(tmp_path / "news.bin", binary=True)
    name = "word2vec-google-news-300"
    fetch(name, **publish(server, gzip.compress((tmp_path / "news.bin").read_bytes()), name))

    vectors = load(name)

    assert vectors.tokens == first_words.tokens
    assert (vectors.matrix == first_words.matrix).all()


def test_after_a_cut_line_the_file_is_gone_on_with(server, first_words):
    addresses = publish(server, as_text(first_words))
    server.cut_after = 40_000
    with pytest.raises(SourceUnavailable, match="was cut"):
        fetch(GLOVE, **addresses)
    server.cut_after = None

    fetch(GLOVE, **addresses)

    assert server.asked[-1] == (f"/{GLOVE}/{GLOVE}.gz", "bytes=40000-" + str(file_of(GLOVE).stat().st_size - 1))
    assert load(GLOVE).tokens == first_words.tokens


def test_a_file_that_is_not_the_listed_one_is_not_kept(server, first_words):
    addresses = publish(server, as_text(first_words), checksum="0" * 32)

    with pytest.raises(SourceUnavailable, match="not the published file: its MD5 differs"):
        fetch(GLOVE, **addresses)

    assert not file_of(GLOVE).exists()


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b'{"models": {}}', b'{"models": {"glove-wiki": 1}}'])
def test_a_list_that_says_nothing_of_it_is_an_answer_in_words(server, first_words, content):
    addresses = publish(server, as_text(first_words))
    server.files["/list.json"] = content

    with pytest.raises(SourceUnavailable, match="list no longer tells what glove-wiki-gigaword-50 is"):
        fetch(GLOVE, **addresses)


def test_a_table_in_several_parts_is_refused(server, first_words):
    with pytest.raises(SourceUnavailable, match="now comes in 2 parts"):
        fetch(GLOVE, **publish(server, as_text(first_words), parts=2))


def test_without_network_or_room_it_is_said_so(server, first_words, hurried):
    with pytest.raises(SourceUnavailable, match="cannot be reached"):
        fetch(GLOVE, list_url="http://127.0.0.1:1/list.json")
    addresses = publish(server, as_text(first_words))
    with pytest.raises(SourceUnavailable, match=f"no room for {GLOVE}"):
        fetch(GLOVE, **addresses, free=lambda folder: 0)
    server.silent = True
    with pytest.raises(SourceUnavailable, match="did not answer within"):
        fetch(GLOVE, **addresses, timeouts=hurried)


def test_only_names_of_the_catalogue_are_taken():
    for call in (fetch, load, file_of, published):
        with pytest.raises(InvalidInput, match=r"gensim-data has no '\.\./secret' here\. There are: glove-wiki"):
            call("../secret")


def test_a_table_that_was_not_fetched_is_said_to_be():
    with pytest.raises(SourceUnavailable, match=r"is not on this machine yet\. Fetch it first"):
        load(GLOVE)


def test_the_first_words_can_be_had_alone(first_words):
    put(as_text(first_words))

    vectors = load(GLOVE, max_rows=10)

    assert vectors.tokens == first_words.tokens[:10]
    assert (vectors.matrix == first_words.matrix[:10]).all()


def test_where_memory_is_short_the_most_frequent_words_are_read(first_words):
    put(as_text(first_words))

    assert len(load(GLOVE, allowed=20 * reading_bytes(1, 50) + 1)) == 20
    with pytest.raises(TooLarge, match="21 words of GloVe"):
        load(GLOVE, max_rows=21, allowed=20 * reading_bytes(1, 50) + 1)
    with pytest.raises(TooLarge):
        load(GLOVE, allowed=0)


def test_a_table_in_another_order_is_not_cut_by_itself(first_words):
    name = "conceptnet-numberbatch-17-06-300"
    put(as_text(first_words), name)

    with pytest.raises(TooLarge, match="1,917,247 words of ConceptNet"):
        load(name, allowed=10**6)
    assert len(load(name, max_rows=10, allowed=10**6)) == 10


def test_a_damaged_file_is_said_to_be(first_words):
    put(as_text(first_words)[:-1000])

    with pytest.raises(SourceUnavailable, match=rf"^{GLOVE}\.gz is damaged\. Delete it, and fetch it again\."):
        load(GLOVE)


def test_reading_says_how_far_it_is(first_words):
    put(as_text(first_words))
    fractions = []

    load(GLOVE, report=lambda fraction, words: fractions.append(fraction))

    assert fractions[-1] == 1
