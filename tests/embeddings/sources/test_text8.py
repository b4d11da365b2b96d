"""text8 from a server on the loopback."""

import gzip
import hashlib

import pytest

from embeddings.common.errors import SourceUnavailable
from embeddings.sources.text8 import fetch_text8, file_of_text8
from embeddings.training.corpora import of_text8

TEXT = gzip.compress(b" anarchism originated as a term of abuse " * 300, mtime=0)


def publish(server, content: bytes = TEXT) -> dict:
    server.files["/text8/text8.gz"] = content
    return {"files_url": server.url, "size": len(TEXT), "md5": hashlib.md5(TEXT).hexdigest()}


def test_the_words_are_read_from_the_gz_that_was_fetched(server):
    file = fetch_text8(**publish(server))
    sentences = list(of_text8(file).sentences)
    assert sentences[0][:3] == ["anarchism", "originated", "as"]
    assert sum(map(len, sentences)) == 7 * 300


def test_what_is_there_is_not_fetched_again(server):
    arguments = publish(server)
    assert fetch_text8(**arguments) == fetch_text8(**arguments) == file_of_text8()
    assert len(server.asked) == 1


def test_another_file_than_the_published_one_is_refused(server):
    with pytest.raises(SourceUnavailable):
        fetch_text8(**publish(server, TEXT[:-9] + b"elsewhere"))
    assert not file_of_text8().exists()


def test_without_the_network_it_says_so(server):
    with pytest.raises(SourceUnavailable):
        fetch_text8(files_url="http://127.0.0.1:9")


@pytest.mark.parametrize("content", [b"no gzip", TEXT[:50], TEXT[:30] + b"damage" + TEXT[36:]])
def test_a_file_that_is_damaged_says_so(content):
    file_of_text8().parent.mkdir(parents=True)
    file_of_text8().write_bytes(content)
    with pytest.raises(SourceUnavailable, match=r"text8\.gz is damaged"):
        list(of_text8(file_of_text8()).sentences)
