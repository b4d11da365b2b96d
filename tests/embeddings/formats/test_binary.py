import gzip
import io
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput, LabError, TooLarge
from embeddings.formats import DOWNLOAD, UPLOAD, FileLimits, read
from embeddings.formats.binary import read_binary

THE, CAT = np.float32([0.1, -2]), np.float32([1e-3, 4.5])
# As Google's files and gensim's have it, and as the original program wrote it, a line feed after each vector.
GOOGLE = b"2 2\nthe " + THE.tobytes() + "caf\u00e9 ".encode() + CAT.tobytes()
ORIGINAL = b"2 2\nthe " + THE.tobytes() + b"\n" + "caf\u00e9 ".encode() + CAT.tobytes() + b"\n"


def opened(content: bytes, limits: FileLimits = UPLOAD, **options):
    return read_binary(io.BytesIO(content), "toy.bin", limits=limits, **options)


def many(words: int, dimension: int = 3) -> bytes:
    rows = b"".join(b"w%d " % i + np.full(dimension, i, np.float32).tobytes() for i in range(words))
    return b"%d %d\n" % (words, dimension) + rows


@pytest.mark.parametrize(
    "content", [GOOGLE, ORIGINAL, gzip.compress(GOOGLE, mtime=0), gzip.compress(ORIGINAL, mtime=0)]
)
def test_both_ways_to_write_it_are_read_plain_or_packed(content):
    wv = opened(content)

    assert wv.tokens == ("the", "caf\u00e9")
    assert wv.matrix.tolist() == [THE.tolist(), CAT.tolist()]


def test_bytes_of_numbers_that_look_like_spaces_and_line_feeds_are_numbers():
    row = np.frombuffer(b"    \n\n\n\n \n \n", np.float32)

    wv = opened(b"2 3\na " + row.tobytes() + b"b " + row.tobytes())

    assert wv.tokens == ("a", "b")
    assert wv.matrix.tobytes() == 2 * row.tobytes()


def test_a_file_of_many_blocks_is_read_whole_and_in_order():
    wv = opened(many(60_000, 15))

    assert wv.tokens == tuple(f"w{i}" for i in range(60_000))
    assert (wv.matrix[:, 14] == np.arange(60_000)).all()


def test_the_first_words_are_kept_and_the_rest_is_not_read():
    stream = io.BytesIO(many(150_000))

    wv = read_binary(stream, "toy", limits=UPLOAD, max_rows=10)

    assert wv.tokens == tuple(f"w{i}" for i in range(10))
    assert stream.tell() < len(stream.getvalue())


def test_what_comes_after_the_first_words_may_be_broken():
    for broken in (GOOGLE[:-1], GOOGLE.replace("\u00e9".encode(), b"\xe9"), GOOGLE[:16] + b"\xff" * 9):
        assert opened(broken, max_rows=1).tokens == ("the",)


def test_reports_rise_to_the_end():
    told = []
    opened(many(60_000, 15), report=lambda fraction, words: told.append((fraction, words)))

    assert len(told) > 2
    assert all(before < after for (before, _), (after, _) in pairwise(told))
    assert told[-1] == (1, "60,000 of 60,000 words read")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"the 0.1 0.2\n", "does not begin with a line of two numbers"),
        (b"", "does not begin with a line of two numbers"),
        (bytes(range(256)) * 9, "does not begin with a line of two numbers"),
        (b"0 2\n", "holds no vectors"),
        (GOOGLE[:-1], r"toy\.bin breaks off in word 2 of 2"),
        (GOOGLE[:16], r"toy\.bin breaks off in word 2 of 2"),
        (GOOGLE[:9], r"toy\.bin breaks off in word 1 of 2"),
        (b"3" + ORIGINAL[1:], r"toy\.bin breaks off in word 3 of 3"),
        (b"1" + GOOGLE[1:], "goes on after the 1 word that its first line promises"),
        (GOOGLE + b"x", "goes on after the 2 words"),
        (GOOGLE.replace(b"the", b""), r"Word 1 of toy\.bin has no word"),
        (GOOGLE.replace("\u00e9".encode(), b"\xe9"), r"Word 2 of toy\.bin is not text in UTF-8"),
        (GOOGLE.replace("caf\u00e9".encode(), b"the"), "Word 2 of toy.bin has the word 'the' again, which word 1 has"),
        (GOOGLE.replace(CAT.tobytes(), np.float32([1, np.nan]).tobytes()), r"Word 2 of toy\.bin holds NaN"),
        (GOOGLE.replace(THE.tobytes(), np.float32([1, -np.inf]).tobytes()), r"Word 1 of toy\.bin holds NaN"),
        (GOOGLE.replace(b"the", b"x" * 201), r"Word 1 of toy\.bin has 201 characters"),
        (b"9 2\n" + b"\xff" * 3_000_000, r"Word 1 of toy\.bin has no end"),
        (gzip.compress(GOOGLE)[:-9], "breaks off after word 2 of 2"),
        (gzip.compress(many(50_000))[:90_000], r"breaks off in word \d+,\d+ of 50,000: its gzip packing has no end"),
    ],
)
def test_what_is_wrong_is_said_with_the_word(content, sentence):
    with pytest.raises(InvalidInput, match=sentence) as caught:
        opened(content)
    assert not re.search(r"b['\"]|\\x", str(caught.value))  # no bytes as Python writes them


def test_of_a_word_that_stands_twice_a_published_file_keeps_the_first():
    wv = opened(GOOGLE.replace("caf\u00e9".encode(), b"the"), DOWNLOAD)

    assert wv.tokens == ("the",)
    assert wv.matrix.tolist() == [THE.tolist()]


SMALL = FileLimits(max_words=100_000, max_dimensions=4, max_decompressed_bytes=1_000, max_matrix_bytes=2_000)


@pytest.mark.parametrize(
    ("header", "error", "sentence"),
    [
        (b"100001 1\n", InvalidInput, "more than 100,000 words"),
        (b"5 5\n", InvalidInput, "at most 4"),
        (b"501 1\n", TooLarge, "would take 2 kB"),
    ],
)
def test_what_the_header_promises_is_refused_before_it_is_read(header, error, sentence):
    stream = io.BytesIO(header + bytes(900))

    with pytest.raises(error, match=sentence):
        read_binary(stream, "toy", limits=SMALL)
    assert stream.tell() <= 50


def test_of_a_bomb_no_more_is_unpacked_than_may_be_kept():
    with pytest.raises(TooLarge, match=r"toy\.bin, unpacked, is larger than 1 kB"):
        opened(gzip.compress(b"300 1\n" + b"a 1234" * 300), SMALL)


@given(st.binary(max_size=60), st.integers(0, 4), st.integers(0, 3))
def test_any_bytes_after_a_header_give_vectors_or_a_sentence(content, words, dimension):
    try:
        wv = opened(b"%d %d\n" % (words, dimension) + content)
    except LabError as error:
        assert "toy.bin" in str(error)
    else:
        assert wv.matrix.shape == (words, dimension)


@pytest.mark.parametrize("name", ["toy.bin", "toy.txt", "toy.csv", "toy"])
def test_a_binary_file_all_of_whose_bytes_are_letters_is_told_by_its_length(name):
    wv = read({name: io.BytesIO(b"2 1\nthe FERRcat ABCD")}, "toy")

    assert (wv.tokens, wv.matrix.tobytes()) == (("the", "cat"), b"FERRABCD")


@pytest.mark.parametrize("name", ["toy.bin", "toy.bin.gz", "toy", "vectors.model", "toy.vec", "toy.txt"])
def test_a_binary_file_is_told_by_its_name_or_its_content(name):
    content = gzip.compress(GOOGLE) if name.endswith(".gz") else GOOGLE

    assert read({name: io.BytesIO(content)}, "toy").tokens == ("the", "caf\u00e9")
