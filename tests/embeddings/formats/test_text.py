import dataclasses
import gzip
import io
import math
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput, LabError, TooLarge
from embeddings.formats import DOWNLOAD, UPLOAD, FileLimits, read
from embeddings.formats.text import read_text

WORD2VEC = b"3 2\nthe 0.1 -2\ncat 1e-3 +4.5\nsat 0 .25\n"
GLOVE = b"the 0.1 -2\ncat 1e-3 +4.5\nsat 0 .25\n"
# As fastText writes it: a space after the last number, and a word that is a no-break space.
FASTTEXT = "3 2\nthe 0.1 -2 \n\u00a0 1e-3 4.5 \nnew\u00a0york\u2003now 0 0.25 \n".encode()


class OneWay(io.RawIOBase):
    """Bytes as they come over the network: a few at once, forwards only."""

    def __init__(self, content: bytes, at_once: int = 7):
        self.content, self.at_once, self.taken = content, at_once, 0

    def read(self, count=-1):
        piece = self.content[self.taken : self.taken + min(count, self.at_once)]
        self.taken += len(piece)
        return piece


def opened(content: bytes, limits: FileLimits = UPLOAD, **options):
    return read_text(io.BytesIO(content), "toy.txt", limits=limits, **options)


def many(words: int, dimension: int = 3) -> bytes:
    return b"".join(b"w%d%s\n" % (i, b" %d.5" % i * dimension) for i in range(words))


@pytest.mark.parametrize("content", [WORD2VEC, GLOVE, gzip.compress(WORD2VEC), gzip.compress(GLOVE)])
def test_word2vec_and_glove_text_are_read_plain_or_packed(content):
    wv = opened(content)

    assert wv.tokens == ("the", "cat", "sat")
    assert wv.matrix.dtype == np.float32
    assert wv.matrix.tolist() == np.float32([[0.1, -2], [1e-3, 4.5], [0, 0.25]]).tolist()


def test_only_the_ascii_space_ends_a_word():
    wv = opened(FASTTEXT)

    assert wv.tokens == ("the", "\u00a0", "new\u00a0york\u2003now")
    assert wv["\u00a0"].tolist() == np.float32([1e-3, 4.5]).tolist()


@pytest.mark.parametrize("header", [b"", b"4 2\n"])
def test_the_last_fields_are_the_numbers_so_that_words_may_hold_spaces(header):
    wv = opened(header + b". . . 1 2\nat name@domain.com 3 4\nthe 5 6\nx 1 y 7 8\n")

    assert wv.tokens == (". . .", "at name@domain.com", "the", "x 1 y")
    assert wv.matrix.tolist() == [[1, 2], [3, 4], [5, 6], [7, 8]]


@pytest.mark.parametrize("word", ["area 51", "$ 5", "3 4", "51", "1,5 2", "x  1"])
def test_where_the_header_says_how_many_numbers_there_are_the_rest_of_a_line_is_its_word(word):
    wv = opened(f"2 2\n{word} 0.5 2\ndog 3 4\n".encode())

    assert (wv.tokens, wv.matrix.tolist()) == ((word, "dog"), [[0.5, 2], [3, 4]])


@pytest.mark.parametrize("header", [b"", b"3 2\n", b" 3\t2 \n"])
@pytest.mark.parametrize("blank", [b" ", b"\t", b"   \t"])
def test_blanks_before_a_word_are_no_part_of_it(header, blank):
    rows = b"".join(blank + row for row in (b"the 1 2\n", b"7 3 4\n", b"at home 5 6\n"))

    assert opened(header + rows).tokens == ("the", "7", "at home")
    assert read({"toy.txt": io.BytesIO(header + rows)}, "toy").matrix.tolist() == [[1, 2], [3, 4], [5, 6]]


@pytest.mark.parametrize("header", ["2 2.0", "-3 2", "9999999999999 2", "1e3 2", "2\t-2"])
def test_a_header_that_is_none_is_said_to_be_one(header):
    with pytest.raises(InvalidInput, match=r"Line 1 of toy.txt looks like word2vec's header, but .* two whole numbers"):
        opened(f"{header}\ncat 1 2\ndog 3 4\n".encode())


def test_words_that_are_numbers_with_one_number_each_are_no_header():
    assert opened(b"2.5 3\n1 4\n").tokens == ("2.5", "1")


@pytest.mark.parametrize("header", [b"", b"3 2\n"])
@pytest.mark.parametrize("row", [b"the\t1\t2\n", b"the\t1 2\n", b"the 1\t2\t\n", b"the  1 \t 2 \n"])
def test_tabs_and_several_spaces_part_fields_too(header, row):
    wv = opened(header + row + row.replace(b"the", b"a b") + b"plain 1 2\n")

    assert wv.tokens == ("the", "a b", "plain")
    assert wv.matrix.tolist() == [[1, 2]] * 3


def test_a_word_as_long_as_may_be_is_read():
    assert opened(b"\xc3\xa9" * 200 + b" 1 2\n").tokens == ("\u00e9" * 200,)


@pytest.mark.parametrize("name", ["w2v.bin", "w2v.bin.gz", "toy.vec", "toy"])
@pytest.mark.parametrize("content", [WORD2VEC, GLOVE, b"new york 1 2\nthe 3 4\n"])
def test_text_is_read_as_text_whatever_its_name(name, content):
    content = gzip.compress(content) if name.endswith(".gz") else content

    assert "the" in read({name: io.BytesIO(content)}, "toy")


@pytest.mark.parametrize("change", [lambda c: c.replace(b"\n", b"\r\n"), lambda c: c[:-1], lambda c: c + b"\n \n\n"])
@pytest.mark.parametrize("content", [WORD2VEC, GLOVE])
def test_line_ends_of_any_system_and_empty_lines_at_the_end_are_taken(content, change):
    assert opened(change(content)).tokens == ("the", "cat", "sat")


def test_a_byte_order_mark_is_no_part_of_the_first_word():
    assert opened(b"\xef\xbb\xbf" + GLOVE).tokens[0] == "the"
    assert opened(b"\xef\xbb\xbf" + WORD2VEC).tokens[0] == "the"


@pytest.mark.parametrize("content", [many(500), gzip.compress(many(500))])
def test_a_stream_that_gives_a_few_bytes_at_once_is_read_whole(content):
    wv = read_text(OneWay(content), "toy", limits=UPLOAD)

    assert len(wv) == 500
    assert wv["w499"].tolist() == [499.5] * 3


def test_a_file_of_many_blocks_is_read_whole_and_in_order():
    wv = opened(many(120_000, 4))

    assert wv.tokens == tuple(f"w{i}" for i in range(120_000))
    assert (wv.matrix[:, 3] == np.arange(120_000) + 0.5).all()


def test_the_first_words_are_kept_and_the_rest_is_not_read():
    stream = OneWay(many(200_000), at_once=1 << 16)

    wv = read_text(stream, "toy", limits=UPLOAD, max_rows=10)

    assert wv.tokens == tuple(f"w{i}" for i in range(10))
    assert wv.matrix.shape == (10, 3)
    assert stream.taken < len(stream.content) / 2


def test_what_comes_after_the_first_words_may_be_broken():
    for broken in (b"on 1\n", b"\xff 1 2\n", b"on nan 2\n", b"the 1 2\n"):
        assert opened(GLOVE + broken, max_rows=3).tokens == ("the", "cat", "sat")
        assert opened(WORD2VEC.replace(b"3 2", b"9 2") + broken, max_rows=3).tokens == ("the", "cat", "sat")


def test_asking_for_more_words_than_there_are_gives_all():
    assert opened(WORD2VEC, max_rows=10**9).tokens == opened(GLOVE, max_rows=4).tokens == ("the", "cat", "sat")


def test_no_words_to_keep_is_refused():
    with pytest.raises(InvalidInput, match="words to keep"):
        opened(GLOVE, max_rows=0)


def test_reports_rise_to_the_end_where_the_header_says_how_many():
    told = []
    opened(b"120000 4\n" + many(120_000, 4), report=lambda fraction, words: told.append((fraction, words)))

    assert len(told) > 2
    assert all(before < after for (before, _), (after, _) in pairwise(told))
    assert told[-1] == (1, "120,000 of 120,000 words read")


def test_reports_without_a_header_count_the_words():
    told = []
    opened(GLOVE, report=lambda fraction, words: told.append((fraction, words)))

    assert math.isnan(told[-1][0])
    assert told[-1][1] == "3 words read"


def test_a_report_that_raises_stops_reading():
    class Enough(Exception):
        pass

    def stop(fraction, words):
        raise Enough

    stream = OneWay(many(200_000), at_once=1 << 16)
    with pytest.raises(Enough):
        read_text(stream, "toy", limits=UPLOAD, report=stop)
    assert stream.taken < len(stream.content) / 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"the\n", "Line 1 of toy.txt has no numbers"),
        (b"the,0.1,0.2\n", "Line 1 of toy.txt has no numbers"),
        (GLOVE + b"on 1\n", "Line 4 of toy.txt has 1 number; 2 are expected"),
        (GLOVE + b"on 1 2 3\n", "Line 4 of toy.txt has 3 numbers; 2 are expected"),
        (b"cat 1\ndog 1 2\n", r"Line 2 of toy.txt has 2 numbers; 1 is expected in each row\."),
        (GLOVE + b"on\n", "Line 4 of toy.txt has 0 numbers; 2 are expected"),
        (GLOVE + b"area 51 1 2\n", "Line 4 of toy.txt has 3 numbers; 2 are expected"),
        (GLOVE + b"new york 1,5 2\n", "Line 4 of toy.txt has '1,5' where a number should be"),
        (b"cat 1,5 2\n", "Line 1 of toy.txt has '1,5' where a number should be"),
        (
            GLOVE + b"x" * 201 + b" 1 2\n",
            "Line 4 of toy.txt has a word of 201 characters, 'xxx.*at most 200 can be read",
        ),
        (GLOVE + b"on 1,5 2\n", "Line 4 of toy.txt has '1,5' where"),
        (GLOVE + b"on 1_0 2\n", "Line 4 of toy.txt has '1_0' where"),
        (GLOVE + b"on 0x1 2\n", "Line 4 of toy.txt has '0x1' where"),
        (GLOVE + b"on nan 2\n", "Line 4 of toy.txt holds NaN or too large"),
        (GLOVE + b"on 1 -inf\n", "Line 4 of toy.txt holds NaN or too large"),
        (GLOVE + b"on 1 1e39\n", "Line 4 of toy.txt holds NaN or too large"),
        (GLOVE + b" 1 2\n", "Line 4 of toy.txt has no word"),
        (GLOVE + b"\xff\xfe 1 2\n", "Line 4 of toy.txt is not text in UTF-8"),
        (GLOVE + b"\non 1 2\n", "Line 4 of toy.txt is empty"),
        (b"\n" + GLOVE, "Line 1 of toy.txt is empty"),
        (GLOVE + b"cat 1 2\n", "Line 4 of toy.txt has the word 'cat' again, which line 2 has already"),
        (WORD2VEC + b"cat 1 2\n", "Line 1 of toy.txt promises 3 words, but there are more"),
        (WORD2VEC.replace(b"3 2", b"4 2"), "ends after line 4, with 3 words; its first line promises 4"),
        (WORD2VEC.replace(b"3 2", b"3 4"), "Line 2 of toy.txt has 2 numbers; 4 are expected"),
        (WORD2VEC.replace(b"3 2", b"0 2"), "holds no vectors"),
        (WORD2VEC.replace(b"3 2", b"3 0"), "holds no vectors"),
        (b"3 2\n", "ends after line 1, with 0 words"),
        (WORD2VEC.replace(b"sat", b"the"), "Line 4 of toy.txt has the word 'the' again, which line 2 has already"),
        (WORD2VEC[:-6], "Line 4 of toy.txt has 0 numbers; 2 are expected"),
        (b"the " + b"1 " * 5_000, "have 5,000 numbers each; at most 4,096"),
        (bytes(range(256)) * 10_000, "Line 1 of toy.txt"),
        (b"x" * 3_000_000, "too long a line"),
        (gzip.compress(GLOVE)[:-9], "breaks off in line"),
        (gzip.compress(GLOVE)[:10] + b"\xff" * 40, "breaks off in line 1: its gzip packing is damaged"),
        (gzip.compress(GLOVE)[:-8] + b"bad!sums", "breaks off in line 4: its gzip packing is damaged"),
    ],
)
def test_what_is_wrong_is_said_with_the_line(content, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        opened(content)


def test_the_line_is_right_in_a_file_of_many_blocks():
    with pytest.raises(InvalidInput, match=r"Line 50,001 of toy.txt has 'x' where"):
        opened(many(50_000) + b"bad x 1 2\n" + many(10))
    with pytest.raises(InvalidInput, match=r"Line 50,001 of toy.txt has the word 'w77' again, which line 78 has"):
        opened(many(50_000) + b"w77 1 2 3\n")
    with pytest.raises(InvalidInput, match=r"Line 50,002 of toy.txt is empty"):
        opened(b"50001 3\n" + many(50_000) + b"\nlast 1 2 3\n")


def test_a_packed_file_that_was_cut_off_is_read_up_to_the_line_where_it_ends():
    random = np.random.default_rng(0).normal(size=(20_000, 3)).astype(str).tolist()
    packed = gzip.compress("".join(f"w{i} {' '.join(row)}\n" for i, row in enumerate(random)).encode())
    told = []

    with pytest.raises(InvalidInput, match=r"breaks off in line 1\d,\d{3}: its gzip packing has no end"):
        opened(packed[: int(0.75 * len(packed))], report=lambda fraction, words: told.append(words))


def test_of_a_word_that_stands_twice_a_published_file_keeps_the_first():
    wv = opened(b"4 1\na 1\nb 2\na 3\nc 4\n", DOWNLOAD)

    assert wv.tokens == ("a", "b", "c")
    assert wv.matrix.tolist() == [[1], [2], [4]]
    assert opened(b"a 1\nb 2\na 3\nc 4\nd 5\n", DOWNLOAD, max_rows=3).tokens == ("a", "b", "c")


SMALL = FileLimits(max_words=5, max_dimensions=4, max_decompressed_bytes=1_000, max_matrix_bytes=48)


@pytest.mark.parametrize(
    ("content", "error", "sentence"),
    [
        (many(6, 1), InvalidInput, "more than 5 words"),
        (b"6 1\n" + many(6, 1), InvalidInput, "more than 5 words"),
        (many(1, 5), InvalidInput, "have 5 numbers each; at most 4"),
        (many(5, 3), TooLarge, "5 words of 3 numbers each, would take 60 bytes; at most 48 bytes"),
        (b"5 3\n", TooLarge, "would take 60 bytes"),
        (b"a 1" + b"0" * 1_000, TooLarge, r"toy.txt is larger than 1 kB"),
        (gzip.compress(b"a 1" + b"0" * 1_000), TooLarge, r"toy.txt, unpacked, is larger than 1 kB"),
    ],
)
def test_what_is_larger_than_its_limits_is_refused(content, error, sentence):
    with pytest.raises(error, match=sentence):
        opened(content, SMALL)


def test_a_table_exactly_at_its_limits_is_read():
    assert opened(many(4, 3), SMALL).matrix.shape == (4, 3)
    assert opened(many(5, 2), SMALL).matrix.shape == (5, 2)


def test_a_published_file_may_take_the_memory_that_is_free_when_it_is_opened(monkeypatch):
    answers = iter([60, 0])
    monkeypatch.setattr("embeddings.formats.limits.allowed_bytes", lambda: next(answers))

    assert opened(many(5, 3), DOWNLOAD).matrix.nbytes == 60
    with pytest.raises(TooLarge, match="would take 12 bytes; at most 0 bytes"):
        opened(many(5, 3), DOWNLOAD)


def test_a_visitors_table_may_not_take_more_than_is_free_either(monkeypatch):
    monkeypatch.setattr("embeddings.formats.limits.allowed_bytes", lambda: 12)

    with pytest.raises(TooLarge, match="would take 60 bytes; at most 12 bytes"):
        opened(many(5, 3))


@pytest.mark.parametrize("line", [b"a 1\n" * 40_000, b"\n" * 200_000, bytes(200_000)])
def test_of_a_bomb_no_more_is_unpacked_than_may_be_kept(line):
    limits = dataclasses.replace(UPLOAD, max_decompressed_bytes=1_500_000, keep_first=True)
    bomb = gzip.compress(line * 100, compresslevel=1)
    stream = OneWay(bomb, at_once=1 << 10)

    with pytest.raises(LabError, match=r"is larger than 1\.5 MB|too long a line"):
        read_text(stream, "toy.gz", limits=limits)
    assert stream.taken < len(bomb) / 5


def test_a_file_larger_than_may_be_uploaded_is_not_read_to_its_end():
    limits = dataclasses.replace(UPLOAD, max_file_bytes=100_000)
    stream = OneWay(many(50_000), at_once=1 << 10)

    with pytest.raises(TooLarge, match="toy is larger than 100 kB, the most that may be read"):
        read_text(stream, "toy", limits=limits)
    assert stream.taken <= 101 << 10


@given(st.binary(max_size=200))
def test_any_bytes_give_vectors_or_a_sentence(content):
    try:
        wv = opened(content)
    except LabError as error:
        assert str(error).endswith((".", "'"))
    else:
        assert np.isfinite(wv.matrix).all()


@given(st.text("ab1. -e\n\t\r", max_size=60))
def test_any_text_gives_vectors_or_a_sentence_and_read_agrees(content):
    def outcome(call):
        try:
            return call().tokens
        except LabError as error:
            return str(error)

    direct = outcome(lambda: opened(content.encode()))
    looks_otherwise = re.search(r"\A[^\n]*\.[^\n]*\t", content)  # rows of decimals may be a table without words
    if content and not looks_otherwise:
        assert outcome(lambda: read({"toy.txt": io.BytesIO(content.encode())}, "toy")) == direct


def test_a_name_with_braces_is_said_as_it_is():
    with pytest.raises(InvalidInput, match=r"Line 1 of \{0\.x\}\.txt"):
        read_text(io.BytesIO(b"a\n"), "{0.x}.txt", limits=UPLOAD)
