import csv
import gzip
import io
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from embeddings.common.errors import InvalidInput
from embeddings.formats import KINDS, UPLOAD, check, projector_files, read, write
from embeddings.formats.binary import read_binary
from embeddings.formats.rows import is_number
from embeddings.formats.text import read_text
from embeddings.vectors.word_vectors import WordVectors

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


@given(tables(without=" \t\n\r"))
def test_what_is_written_as_word2vec_text_is_read_back_exactly(wv):
    assert_same(read_text(written(wv, "word2vec text"), "any", limits=UPLOAD), wv)


@given(tables(without=" \n\r"))
def test_what_is_written_as_word2vec_binary_is_read_back_exactly(wv):
    assert_same(read_binary(written(wv, "word2vec binary"), "any", limits=UPLOAD), wv)


@given(tables(without=" \t\n\r0123456789"))
def test_what_is_written_as_glove_text_is_read_back_exactly(wv):
    assert_same(read({"any.txt": written(wv, "glove text")}, "any"), wv)


@given(tables(words=WORDS.filter(lambda word: "".join(word.replace("\ufeff", "").split())), without="\t\n\r"))
def test_what_is_written_for_the_projector_is_read_back_exactly(wv):
    vectors, metadata = map(io.BytesIO, projector_files(wv))

    assert_same(read({"vectors.tsv": vectors, "metadata.tsv": metadata}, "any"), wv)
    assert_same(read({"any.zip": written(wv, "tf projector")}, "any"), wv)


@given(tables())
def test_what_is_written_as_safetensors_is_read_back_exactly_whatever_the_words(wv):
    assert_same(read({"any.safetensors": written(wv, "safetensors")}, "any"), wv)


@given(tables())
def test_what_is_written_as_csv_is_read_back_exactly_whatever_the_words(wv):
    assert_same(read({"any.csv": written(wv, "csv")}, "any"), wv)


ENDINGS = (".txt", ".vec", ".bin", ".csv", ".tsv", ".npy", ".safetensors", ".zip", ".dat", "", ".txt.gz", ".csv.gz")
# Beside these a number or a comma in the first word may make a file fit two kinds, and its ending decides.
CLEAR = WORDS.filter(lambda word: "".join(word.replace("\ufeff", "").split()) and not is_number(word.encode()))


@given(tables(words=CLEAR, without=" ,\t\n\r"), st.sampled_from(list(KINDS)), st.sampled_from(ENDINGS))
def test_what_is_written_is_read_back_whatever_the_ending_of_its_name(wv, kind, ending):
    content = written(wv, kind).getvalue()
    packed = gzip.compress(content) if ending.endswith(".gz") else content

    assert_same(read({f"any{ending}": io.BytesIO(packed)}, "any"), wv)


@given(tables(), st.sampled_from(["csv", "safetensors"]), st.sampled_from(ENDINGS))
def test_csv_and_safetensors_are_told_by_their_content_whatever_the_words(wv, kind, ending):
    assert_same(read({f"any{ending}": written(wv, kind)}, "any"), wv)


@pytest.mark.parametrize("kind", ["word2vec text", "glove text", "csv"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_the_mark_of_utf8_is_taken_off_and_that_of_utf16_is_named(kind, ending):
    wv = WordVectors.of("toy", ["caf\u00e9", "the"], np.float32([[0.5, 1], [2, 3]]))
    text = written(wv, kind).getvalue().decode()

    assert_same(read({f"toy{ending}": io.BytesIO(text.encode("utf-8-sig"))}, "toy"), wv)
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        with pytest.raises(InvalidInput, match=r"is text in UTF-16\. Save it as text in UTF-8"):
            read({f"toy{ending}": io.BytesIO(text.encode(encoding))}, "toy")


@pytest.mark.parametrize("ending", [".npy", ".safetensors", ".bin"])
def test_words_alone_under_the_name_of_a_table_are_said_to_be_text(ending):
    with pytest.raises(InvalidInput, match=rf"looks like plain text, which the ending \{ending} does not fit.* \.txt"):
        read({f"words{ending}": io.BytesIO(b"cat\nnew york\n")}, "words")


def test_rows_of_numbers_alone_under_the_name_of_text_are_said_to_be_that():
    vectors, _ = projector_files(WordVectors.of("toy", ["a", "b"], np.float32([[0.5, 1], [2, 3]])))

    with pytest.raises(InvalidInput, match=r"vectors\.txt looks like rows of numbers without words\. Call it \.tsv"):
        read({"vectors.txt": io.BytesIO(vectors)}, "toy")


@pytest.mark.parametrize("ending", [".txt", ".csv", ".tsv", ""])
def test_a_binary_file_with_a_broken_header_is_told_what_it_should_begin_with(ending):
    content = b"-1 2\ncat " + np.float32([1, 2]).tobytes()

    with pytest.raises(InvalidInput, match="does not begin with a line of two numbers"):
        read({f"toy{ending}": io.BytesIO(content)}, "toy")


@pytest.mark.parametrize("name", ["toy.txt", "toy.vec", "toy"])
@pytest.mark.parametrize("content", ["cat 1,5\ndog 2,5\n", "cat 1,5 2,5\n", ", 0.5\na,b 1\n", ", 1 2\n"])
def test_commas_within_text_make_no_csv_of_it(name, content):
    try:
        words = read({name: io.BytesIO(content.encode())}, "toy").tokens
    except InvalidInput as error:
        assert "where a number should be" in str(error) or "has no numbers" in str(error)
    else:
        assert words[0] == ","


@given(tables(without="=+-@'\t\r\n"))
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

    assert tuple(frame["token"]) == (*wv.tokens[:-1], "'=1+1")
    assert (frame[["0"]].to_numpy() == wv.matrix).all()


@pytest.mark.parametrize("word", ["=1+1", "+49", "-", "@name", "\tx", "'=1", "''@"])
def test_no_cell_of_our_csv_begins_a_formula_and_the_word_comes_back(word):
    wv = WordVectors.of("toy", ["'", "'cat", word], np.eye(3, dtype=np.float32))
    content = written(wv, "csv")
    cells = [row[0] for row in csv.reader(io.StringIO(content.getvalue().decode(), newline=""))]

    assert cells == ["token", "'", "'cat", f"'{word}"]
    assert_same(read({"toy.csv": content}, "toy"), wv)


@pytest.mark.parametrize(
    ("content", "tokens"),
    [
        ("word,x,y\ncat,1,0\ndog,0,1\n", ("cat", "dog")),
        ("cat,0,1\r\ndog,1,0\r\n", ("cat", "dog")),
        ('\ufeff,0,1\n"new, york",1,0\n"two\nlines",0,1\n\n', ("new, york", "two\nlines")),
        ("'-,0,1\n-,1,0\n", ("'-", "-")),
        ("Term,valence,n/a or so\rcat,1,0\rdog,0,1\r", ("cat", "dog")),
        ('cat,1,0\r"two\rlines",0,1', ("cat", "two\rlines")),
    ],
)
def test_csv_of_other_programs_is_read(content, tokens):
    wv = read({"their.csv": io.BytesIO(content.encode())}, "their")

    assert wv.tokens == tokens
    assert sorted(wv.matrix.tolist()) == [[0, 1], [1, 0]]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "their.csv is empty"),
        (b"\n\n", "their.csv is empty"),
        (b"cat;1;2\n", "Row 1 of their.csv has no numbers.*commas between"),
        (b"token,0,1\ncat,1\n", "Row 2 of their.csv has 1 number; 2 are expected"),
        (b"token,0,1\ncat,1,x\n", "Row 2 of their.csv has 'x' where a number should be.* a comma between"),
        (b"token,0,1\ncat,1,nan\n", "Row 2 of their.csv holds NaN"),
        (b"cat,1\ndog,2\ncat,3\n", "Row 3 of their.csv has the word 'cat' again, which row 1 has"),
        (b"token,0\n", "holds no vectors"),
        (b'cat,"1,5"\ndog,2\n', "Row 1 of their.csv has '1,5' where a number should be"),
        (b"cat,n/a\ndog,2\n", "Row 1 of their.csv has 'n/a' where a number should be"),
        (b"cat,1_0\ndog,2\n", "Row 1 of their.csv has '1_0' where a number should be"),
        (b"word,NA\ndog,2\n", "Row 1 of their.csv has 'NA' where a number should be"),
        (b"cat,one\ndog,2\n", "Row 1 of their.csv has no number: 'cat, one'. If it names the columns, call the first"),
        (b"cat,one,2\ndog,1,2\n", "Row 1 of their.csv has 'one' where a number should be"),
        (b'"cat,1\n', "Line 1 of their.csv has a quote that is not as a CSV file has it"),
        (b'"cat"x,1\n', "Line 1 of their.csv has a quote that is not as a CSV file has it"),
        (b'"' + b"cat,1\n" * 40_000, "belongs to a row too long"),
        (b'cat,"' + b"1" * 140_000 + b'"\n', "Line 1 of their.csv belongs to a row too long"),
        (b"cat" + b",11" * 3_000_000, "too long a line"),
        (b"cat\xff,1\n", "Line 1 of their.csv is not text in UTF-8"),
        (b"x" * 201 + b",1\n", "Row 1 of their.csv has a word of 201 characters"),
    ],
)
def test_csv_that_is_no_table_is_refused_with_its_place(content, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        read({"their.csv": io.BytesIO(content)}, "their")


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
@pytest.mark.parametrize(
    ("word", "what"),
    [
        ("new york", "holds a space"),
        ("two\nlines", "holds a line break"),
        ("cr\rhere", "holds a line break"),
        ("", "is empty"),
    ],
)
def test_a_word_with_a_space_or_a_line_break_is_refused_before_anything_is_written(kind, word, what):
    out = io.BytesIO()

    with pytest.raises(
        InvalidInput, match=rf"The word '.*' {what}, which (word2vec|GloVe)'s .* cannot keep\. Choose safet"
    ):
        write(WordVectors.of("toy", ["fine", word], np.eye(2)), kind, out)
    assert out.getvalue() == b""


@pytest.mark.parametrize("word", ["a\tb", "a\nb", "a\rb", "", " ", "\u00a0", "\u3000", "\ufeff", "\u2028 "])
def test_a_word_that_would_break_the_projectors_table_is_refused(word):
    for ask in (projector_files, lambda wv: written(wv, "tf projector"), lambda wv: check(wv, "tf projector")):
        with pytest.raises(InvalidInput, match=r"which the TensorFlow Projector cannot keep\. Choose safetensors"):
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
    pytest.importorskip("gensim")
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
    pytest.importorskip("gensim")
    from gensim.models import KeyedVectors

    file = tmp_path / "vectors"
    file.write_bytes(written(part_of_glove, "word2vec binary" if binary else "word2vec text").getvalue())
    peer = KeyedVectors.load_word2vec_format(file, binary=binary, limit=most)

    with file.open("rb") as stream:
        ours = (read_binary if binary else read_text)(stream, "first", limits=UPLOAD, max_rows=most)

    assert ours.tokens == tuple(peer.index_to_key)
    assert (ours.matrix == peer.vectors).all()
