import csv
import io
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from embeddings.errors import InvalidInput
from embeddings.formats import KINDS, UPLOAD, projector_files, read, write
from embeddings.formats.binary import read_binary
from embeddings.formats.text import read_text
from embeddings.word_vectors import WordVectors

FLOATS = st.floats(-(2**39), 2**39, width=32)
ODD = "\u00a0\u2003\u2028\x85\x0b\x0c\x1c\x00\t,\"'=#\u200d\ufeff\u00e9e\u0301\U0001f600-+.0aA"
WORDS = st.text(st.one_of(st.sampled_from(ODD), st.characters(codec="utf-8")), max_size=6)
ANY_WORDS = st.one_of(WORDS, st.text('\n\r",', max_size=4))


@st.composite
def tables(draw, words=ANY_WORDS, without: str | None = None):
    """Any table; with ``without`` no word holds one of these, is empty, or begins with a byte order mark."""
    if without is not None:
        words = words.filter(lambda word: word and not word.startswith("\ufeff") and not set(without) & set(word))
    tokens = draw(st.lists(words, min_size=1, max_size=6, unique=True))
    shape = (len(tokens), draw(st.integers(1, 4)))
    return WordVectors.of("any", tokens, draw(arrays(np.float32, shape, elements=FLOATS)))


def written(wv: WordVectors, kind: str) -> io.BytesIO:
    out = io.BytesIO()
    write(wv, kind, out)
    out.seek(0)
    return out


def assert_same(ours: WordVectors, theirs: WordVectors) -> None:
    assert ours.tokens == theirs.tokens
    assert ours.matrix.tobytes() == np.ascontiguousarray(theirs.matrix).tobytes()  # minus zero too


@given(tables(without=" \n\r"))
def test_what_is_written_as_word2vec_text_is_read_back_exactly(wv):
    assert_same(read_text(written(wv, "word2vec text"), "any", limits=UPLOAD), wv)


@given(tables(without=" \n\r"))
def test_what_is_written_as_word2vec_binary_is_read_back_exactly(wv):
    assert_same(read_binary(written(wv, "word2vec binary"), "any", limits=UPLOAD), wv)


@given(tables(without=" \n\r0123456789"))
def test_what_is_written_as_glove_text_is_read_back_exactly(wv):
    assert_same(read({"any.txt": written(wv, "glove text")}, "any"), wv)


@given(tables(without="\t\n\r"))
def test_what_is_written_for_the_projector_is_read_back_exactly(wv):
    vectors, metadata = map(io.BytesIO, projector_files(wv))

    assert_same(read({"vectors.tsv": vectors, "metadata.tsv": metadata}, "any"), wv)


@given(tables())
def test_what_is_written_as_safetensors_is_read_back_exactly_whatever_the_words(wv):
    assert_same(read({"any.safetensors": written(wv, "safetensors")}, "any"), wv)


@given(tables())
def test_what_is_written_as_csv_is_what_pythons_own_reader_finds(wv):
    text = io.StringIO(written(wv, "csv").getvalue().decode(), newline="")
    names, *rows = csv.reader(text)

    assert names == ["token", *map(str, range(wv.dimension))]
    assert tuple(row[0] for row in rows) == wv.tokens
    assert (np.array([row[1:] for row in rows], dtype=np.float32) == wv.matrix).all()


def test_pandas_reads_our_csv():
    import pandas

    wv = WordVectors.of("toy", ['say "no"', "a,b", "two\nlines", "=1+1"], np.float32([[0.1], [-2], [3e-9], [4e8]]))
    frame = pandas.read_csv(written(wv, "csv"), dtype={"0": np.float32}, keep_default_na=False)

    assert tuple(frame["token"]) == wv.tokens
    assert (frame[["0"]].to_numpy() == wv.matrix).all()


def every_float32(count: int) -> np.ndarray:
    """Float32 from all over their range, by their bits."""
    bits = np.random.default_rng(0).integers(0, 2**32, count, dtype=np.uint32)
    numbers = bits.view(np.float32)
    return numbers[np.abs(numbers) <= 1e12]


@pytest.mark.parametrize("kind", ["word2vec text", "glove text"])
def test_any_float32_comes_back_from_text_as_it_was(kind):
    numbers = every_float32(200_000)
    matrix = numbers[: len(numbers) // 100 * 100].reshape(-1, 100)
    wv = WordVectors.of("bits", [f"w{i}" for i in range(len(matrix))], matrix)

    assert_same(read_text(written(wv, kind), "bits", limits=UPLOAD), wv)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("kind", ["word2vec text", "word2vec binary", "safetensors"])
def test_a_table_of_many_blocks_is_written_whole_in_either_order(kind, order):
    matrix = np.random.default_rng(0).normal(size=(9_001, 3)).astype(np.float32, order=order)
    wv = WordVectors.of("many", [f"w{i}" for i in range(9_001)], matrix)

    assert_same(read({f"many{KINDS[kind]}": written(wv, kind)}, "many"), wv)


def test_the_bytes_are_those_each_format_has():
    wv = WordVectors.of("toy", ["the", "caf\u00e9"], np.float32([[0.1, -2], [1e-3, 4]]))
    numbers = [row.tobytes() for row in wv.matrix]

    assert written(wv, "word2vec text").getvalue() == "2 2\nthe 0.1 -2\ncaf\u00e9 0.001 4\n".encode()
    assert written(wv, "glove text").getvalue() == "the 0.1 -2\ncaf\u00e9 0.001 4\n".encode()
    assert written(wv, "word2vec binary").getvalue() == b"2 2\nthe %scaf\xc3\xa9 %s" % tuple(numbers)
    assert written(wv, "csv").getvalue() == "token,0,1\r\nthe,0.1,-2\r\ncaf\u00e9,0.001,4\r\n".encode()
    assert projector_files(wv) == (b"0.1\t-2\n0.001\t4\n", "the\ncaf\u00e9\n".encode())


def test_the_projectors_files_come_as_one_zip():
    wv = WordVectors.of("toy", ["the"], np.float32([[0.5]]))

    with zipfile.ZipFile(written(wv, "tf projector")) as archive:
        assert (archive.read("vectors.tsv"), archive.read("metadata.tsv")) == projector_files(wv)


@pytest.mark.parametrize("kind", ["word2vec text", "word2vec binary", "glove text"])
@pytest.mark.parametrize("word", ["new york", "two\nlines", "cr\rhere", ""])
def test_a_word_with_a_space_or_a_line_break_is_refused_before_anything_is_written(kind, word):
    out = io.BytesIO()

    with pytest.raises(InvalidInput, match=r"The word '.*' (holds a space or a line break|is empty), which"):
        write(WordVectors.of("toy", ["fine", word], np.eye(2)), kind, out)
    assert out.getvalue() == b""


@pytest.mark.parametrize("word", ["a\tb", "a\nb", "a\rb", ""])
def test_a_word_that_would_break_the_projectors_table_is_refused(word):
    for ask in (projector_files, lambda wv: written(wv, "tf projector")):
        with pytest.raises(InvalidInput, match="tf projector cannot keep"):
            ask(WordVectors.of("toy", ["fine", word], np.eye(2)))


@pytest.mark.parametrize("kind", KINDS)
def test_half_a_character_is_refused(kind):
    with pytest.raises(InvalidInput, match="half a character"):
        written(WordVectors.of("toy", ["fine", "a\ud800"], np.eye(2)), kind)


def test_what_would_be_read_otherwise_than_it_was_written_is_refused():
    with pytest.raises(InvalidInput, match="for a header"):
        written(WordVectors.of("toy", ["5"], np.float32([[3]])), "glove text")
    with pytest.raises(InvalidInput, match="byte order mark"):
        written(WordVectors.of("toy", ["\ufeffa"], np.float32([[3, 4]])), "glove text")


def test_an_unknown_kind_is_refused_with_those_there_are():
    with pytest.raises(InvalidInput, match=r"called 'pickle'\. There are: word2vec text, .*safetensors"):
        written(WordVectors.of("toy", ["a"], np.eye(1)), "pickle")


@pytest.fixture(scope="module")
def part_of_glove(glove) -> WordVectors:
    """Words from all over GloVe, with its numbers."""
    ids = np.unique(np.geomspace(1, len(glove), 3_000).astype(int)) - 1
    return WordVectors.of("part", [glove.tokens[i] for i in ids], glove.matrix[ids])


@pytest.fixture(scope="module")
def odd_words() -> WordVectors:
    tokens = ["</s>", "\u00a0", "na\u00efve", "\u2003x", "\U0001f600", "a\x85b", ",", '"', "#", "1e5", "nan"]
    return WordVectors.of("odd", tokens, np.random.default_rng(0).normal(size=(len(tokens), 3)))


@pytest.mark.parametrize(("binary", "no_header"), [(False, False), (False, True), (True, False)])
@pytest.mark.parametrize("table", ["part_of_glove", "odd_words"])
def test_gensim_reads_what_we_write_and_we_read_what_gensim_writes(table, binary, no_header, request, tmp_path):
    from gensim.models import KeyedVectors

    wv = request.getfixturevalue(table)
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    kind = "word2vec binary" if binary else "glove text" if no_header else "word2vec text"
    ours.write_bytes(written(wv, kind).getvalue())

    keyed = KeyedVectors.load_word2vec_format(ours, binary=binary, no_header=no_header)
    keyed.save_word2vec_format(theirs, binary=binary, write_header=not no_header)

    assert tuple(keyed.index_to_key) == wv.tokens
    assert keyed.vectors.tobytes() == np.ascontiguousarray(wv.matrix).tobytes()
    with theirs.open("rb") as stream:
        assert_same(read({"theirs" + KINDS[kind]: stream}, "theirs"), wv)


@pytest.mark.parametrize(("most", "binary"), [(1, False), (100, False), (1, True), (100, True)])
def test_the_first_words_are_those_gensim_keeps(part_of_glove, most, binary, tmp_path):
    from gensim.models import KeyedVectors

    file = tmp_path / "vectors"
    file.write_bytes(written(part_of_glove, "word2vec binary" if binary else "word2vec text").getvalue())
    peer = KeyedVectors.load_word2vec_format(file, binary=binary, limit=most)

    with file.open("rb") as stream:
        ours = (read_binary if binary else read_text)(stream, "first", limits=UPLOAD, most=most)

    assert ours.tokens == tuple(peer.index_to_key)
    assert (ours.matrix == peer.vectors).all()
