import dataclasses
import gzip
import io
import json
import pickle
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from safetensors.numpy import save

from embeddings.common.errors import InvalidInput, LabError, TooLarge
from embeddings.formats import DOWNLOAD, UPLOAD, FileLimits, read
from tests.memory import grown

ROWS = np.float32([[1, 2, 3], [4, 5, 6.5]])
WORDS = b"cat\nnew york\n"
VECTORS_TSV = b"1\t2\t3\n4\t5\t6.5\n"


def npy(array, **options) -> bytes:
    out = io.BytesIO()
    np.save(out, array, **options)
    return out.getvalue()


def zipped(files: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def opened(limits: FileLimits = UPLOAD, report=None, **files: bytes):
    """Read files whose names have ``_`` for the dot: ``table_npy=...``."""
    streams = {name.replace("_", "."): io.BytesIO(content) for name, content in files.items()}
    return read(streams, "mine", limits=limits, report=report)


def refused(sentence: str, error=InvalidInput, limits: FileLimits = UPLOAD, **files: bytes):
    with pytest.raises(error, match=sentence):
        opened(limits, **files)


@pytest.mark.parametrize(
    "files",
    [
        {"table_npy": npy(ROWS), "words_txt": WORDS},
        {"words_txt": WORDS, "table_npy": npy(ROWS)},
        {"table_npy_gz": gzip.compress(npy(ROWS)), "words_txt_gz": gzip.compress(WORDS)},
        {"table_npy": npy(np.asfortranarray(ROWS)), "words_tsv": WORDS},
        {"table_npy": npy(ROWS.astype(np.float64)), "words_txt": WORDS[:-1]},
        {"table_npy": npy(ROWS.astype(">f2")), "words_txt": WORDS.replace(b"\n", b"\r\n")},
        {"table_npy": npy(ROWS), "words_tsv": b"count\tWord\n7\tcat\n5\tnew york\n"},
        {"table_npy": npy(ROWS), "words_tsv": b"what\tcount\ncat\t7\nnew york\t5\n"},
        {"vectors_tsv": VECTORS_TSV, "metadata_tsv": WORDS},
        {"metadata_tsv": WORDS, "vectors_tsv": VECTORS_TSV},
        {"a_tsv": VECTORS_TSV.replace(b"\n", b"\r\n"), "b_tsv": b"token\tcount\r\ncat\t7\r\nnew york\t5\r\n"},
        {"vectors_tsv": b"\xef\xbb\xbf" + VECTORS_TSV, "metadata_tsv": b"\xef\xbb\xbf" + WORDS},
        {"table_safetensors": save({"w": ROWS}), "words_txt": WORDS},
        {"table_safetensors": save({"w": ROWS.astype(np.float16)}), "words_txt": WORDS},
        {"table_safetensors": save({"w": ROWS, "scale": ROWS[0]}), "words_txt": WORDS},
        {"table": save({"w": ROWS}, {"tokens": json.dumps(["cat", "new york"])})},
        {"array": npy(ROWS), "list": WORDS},
        {"table_npy": npy(ROWS), "words_txt": b"cat 712\nnew york\t51\n"},
        {"table_npy": npy(ROWS), "words_txt": b"cat 10.0\nnew york 7.5\n"},
        {"table_npy": npy(ROWS), "words_txt": b"cat 1,000\nnew york 12,345,678 \n"},
        {"table_npy": npy(ROWS), "words_txt": b"     10 cat\n  1,234 new york\n"},
        {"table_npy": npy(ROWS), "words_txt": b"cat,1,000\nnew york, 7\n"},
        {"table_npy": npy(ROWS), "words_txt": b"word\tcount\ncat\t7\nnew york\t5\n"},
        {"table_npy": npy(ROWS), "words_txt": b"Count Token\n  7 cat\n 15 new york\n"},
        {"table_npy": npy(ROWS), "words_txt": WORDS.replace(b"\n", b"\t\r\n")},
        {"table_npy": npy(ROWS), "words_csv": b"cat,10\nnew york,7\n"},
        {"table_npy": npy(ROWS), "words_csv": b'"cat","1,000"\r"new york",7.5\r'},
        {"table_npy": npy(ROWS), "words_csv": b"10,cat\n7,new york\n"},
        {"table_npy": npy(ROWS), "words_csv": b"count,word\n10,cat\n7,new york\n"},
        {"table_npy": npy(ROWS), "words_csv": WORDS},
        {"table_npy": npy(ROWS), "words_tsv": b"cat\t712\nnew york\t51\n"},
        {"table_npy": npy(ROWS), "words_tsv": b"712\tcat\n51\tnew york\n"},
        {"vectors_tsv": VECTORS_TSV.replace(b"\n", b"\t\n"), "metadata_tsv": WORDS.replace(b"\n", b"\t\n")},
        {"vectors_tsv": VECTORS_TSV.replace(b"\t", b" "), "metadata_tsv": WORDS},
        {"two_zip": zipped({"a/vectors.tsv": VECTORS_TSV, "a/metadata.tsv": WORDS, "__MACOSX/x": b""})},
        {"two_zip": zipped({"table.npy": npy(ROWS), "words.txt.gz": gzip.compress(WORDS)})},
    ],
)
def test_a_table_and_its_words_are_read_together(files):
    wv = opened(**files)

    assert wv.name == "mine"
    assert wv.tokens == ("cat", "new york")
    assert wv.matrix.dtype == np.float32
    assert wv.matrix.tolist() == ROWS.tolist()


def test_brain_floats_are_read_as_torch_writes_them():
    import torch
    from safetensors.torch import save as save_torch

    table = torch.tensor([[1.0, -2.5e-3], [3e8, 0.1]], dtype=torch.bfloat16)

    wv = opened(table_safetensors=save_torch({"w": table}), words_txt=WORDS)

    assert wv.matrix.tolist() == table.float().tolist()


@given(
    arrays(
        st.sampled_from(["<f4", ">f4", "<f8", "<i4", "u1"]),
        array_shapes(min_dims=2, max_dims=2),
        elements=st.integers(0, 9),
    )
)
def test_any_array_of_numbers_is_read_as_numpy_reads_it(array):
    words = "".join(f"w{i}\n" for i in range(len(array))).encode()
    for one in (array, np.asfortranarray(array)):
        assert opened(table_npy=npy(one), words_txt=words).matrix.tolist() == array.tolist()


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_table_of_many_blocks_is_read_whole(order):
    array = np.random.default_rng(0).normal(size=(30_000, 10)).astype(np.float32, order=order)
    told = []

    wv = opened(
        table_npy=npy(array),
        words_txt=b"\n".join(b"%d" % i for i in range(30_000)),
        report=lambda fraction, words: told.append(fraction),
    )

    assert (wv.matrix == array).all()
    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.parametrize(
    "files",
    [
        {"metadata_tsv": b"7\n8\n", "vectors_tsv": b"1\n2\n"},
        {"labels_tsv": b"7\n8\n", "table_tsv": b"1\n2\n"},
        {"a_tsv": b"7\n8\n", "b_npy": npy([[1], [2]])},
        {"vectors_txt": b"7\n8\n", "b_npy": npy([[1], [2]])},
    ],
)
def test_words_that_are_numbers_are_told_from_numbers_by_kind_or_name(files):
    wv = opened(**files)

    assert (wv.tokens, wv.matrix.tolist()) == (("7", "8"), [[1], [2]])


def test_words_that_are_numbers_are_told_from_numbers_as_the_single_column():
    assert opened(a_tsv=b"7\n8\n", b_tsv=b"1\t2\t\n3\t4\t\n").tokens == ("7", "8")


def test_names_that_end_in_numbers_are_no_words_with_counts():
    assert opened(t_npy=npy(ROWS), words_txt=b"area 51\narea 52\n").tokens == ("area 51", "area 52")


def test_numbers_beside_some_words_alone_are_no_counts():
    assert opened(t_npy=npy(ROWS), words_txt=b"area 51\ncat\n").tokens == ("area 51", "cat")


@pytest.mark.parametrize(
    "words",
    [
        "route 66\nto be\n",
        "1,000\n2,000\n",
        "x,1\ny, a\n",
        "a\t\nb\n",
        "word count\n3\n",
        "3 cats\ndog\n",
        "2 cats\n3 cats\n",
        "1,00 a\n2 b\n",
    ],
)
def test_words_that_hold_numbers_are_kept_whole_where_not_every_line_has_a_count(words):
    assert opened(t_npy=npy(ROWS), words_txt=words.encode()).tokens == tuple(words.splitlines())


def test_a_list_of_commas_that_is_uneven_is_refused_with_its_row():
    refused(r"Row 2 of words\.csv should have 2 columns", t_npy=npy(ROWS), words_csv=b"cat,1\ndog\n")


@pytest.mark.parametrize("size", [1, 60, 100, 128, 140, 151])
def test_an_array_that_is_cut_off_is_refused(size):
    refused("not a whole .npy file|Row [12] of table.npy breaks off", table_npy=npy(ROWS)[:size], words_txt=WORDS)


def test_the_row_is_said_where_an_array_is_cut_off():
    packed = gzip.compress(npy(np.random.default_rng(0).normal(size=(60_000, 3))))

    refused(r"^Row 2 of table\.npy breaks off; there should be 2", table_npy=npy(ROWS)[:-5], words_txt=WORDS)
    refused(r"^Row [23]\d,\d{3} of t\.npy\.gz breaks off", t_npy_gz=packed[: len(packed) // 2], words_txt=WORDS)


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (np.ones(3), r"array of float64 and shape \(3,\)"),
        (np.ones((2, 2, 2)), r"shape \(2, 2, 2\)"),
        (np.ones((2, 2), complex), "array of complex128"),
        (np.array([["a", "b"]]), "array of <U1"),
        (np.ones(2, [("a", "f4")]), r"not a whole \.npy file of numbers"),
        (np.ones((2, 2), bool), "array of bool"),
        (np.ones((2, 2), "M8[s]"), r"array of datetime64\[s\]"),
        (np.ones((0, 3)), "holds no vectors"),
        (np.float32([[1, 2], [3, np.nan]]), r"^Row 2 of table\.npy holds NaN"),
        (np.float32([[np.inf, 2], [3, 4]]), r"^Row 1 of table\.npy holds NaN or too large"),
        (np.float64([[1, 2], [3, 1e300]]), r"^Row 2 of table\.npy holds NaN or too large"),
    ],
)
def test_an_array_that_is_no_table_is_refused(array, sentence):
    refused(sentence, table_npy=npy(array), words_txt=WORDS)


@pytest.mark.parametrize(
    "change",
    [
        (b"(2, 3)", b"(True, 3)"),
        (b"(2, 3)", b"(0x" + b"f" * 5_000 + b", 3)"),
        (b"(2, 3)", b"(" + b"-" * 5_000 + b"2, 3)"),
        (b"(2, 3)", b"(" + b"9" * 500 + b", 3)"),
        (b"'<f4'", b"'<f5'"),
        (b"'<f4'", b"'" + b"f4," * 3_000 + b"'"),
        (b"'<f4'", b"('<f4', ((1, 2), -1))"),
        (b"'shape'", b"'shapes'"),
        (b"'shape'", b"'shape': (1, 1), 'shape'"),
    ],
)
def test_a_header_of_an_array_that_is_none_is_refused(change):
    content = npy(ROWS).replace(*change)
    size = content.index(b"\n") + 1 - 10
    content = content[:8] + size.to_bytes(2, "little") + content[10:]

    refused(r"not a whole \.npy file of numbers|does not know as a type", table_npy=content, words_txt=WORDS)


class Harmful:
    def __reduce__(self):
        return (pytest.fail, ("This pickle was opened.",))


def test_objects_are_never_unpickled():
    objects = npy(np.array([[Harmful()]], dtype=object), allow_pickle=True)

    refused("never unpickled", table_npy=objects, words_txt=WORDS)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        refused("is a pickle, which could run code", model_bin=pickle.dumps(Harmful(), protocol))


def test_what_an_array_promises_is_refused_before_it_is_read():
    header = npy(np.ones((1, 1), np.float32)).replace(b"(1, 1), }       ", b"(190000, 900), }")

    refused(r"190,000 words of 900 numbers each, would take 684 MB", TooLarge, table_npy=header, words_txt=WORDS)


def test_more_than_an_array_promises_is_refused():
    refused("goes on after the 2 rows", table_npy=npy(ROWS) + b"x", words_txt=WORDS)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (b"cat\n", r"table\.npy has 2 rows and words\.txt 1 word;"),
        (b"word\ncat\ndog\n", "2 rows and words.txt 3 words.*A list of one column has no header"),
        (b"cat\ncat\n", r"Word 2 of words\.txt has the word 'cat' again, which word 1 has already"),
        (b"cat\n\ndog\n", r"Line 2 of words\.txt is empty"),
        (b"cat\n\xff\n", r"Line 2 of words\.txt is not text in UTF-8"),
        (b"x" * 201 + b"\ndog\n", r"Word 1 of words\.txt has 201 characters, 'xxx.*' and so on; at most 200 can"),
        (b"\n", "holds no words"),
        (b"", "is empty"),
    ],
)
def test_a_list_of_words_that_does_not_fit_is_refused(words, sentence):
    refused(sentence, table_npy=npy(ROWS), words_txt=words)


@pytest.mark.parametrize(
    ("metadata", "sentence"),
    [
        (b"word\tcount\ncat\t1\ndog\n", r"Line 3 of metadata\.tsv should have 2 columns"),
        (b"cat\ndog\t1\n", r"Line 2 of metadata\.tsv should have 1 column,"),
        (b"word\tcount\ncat\t1\n\t2\n", r"Line 3 of metadata\.tsv has no word"),
        (b"word\tcount\n", "holds no words"),
    ],
)
def test_metadata_that_is_not_as_the_projector_has_it_is_refused(metadata, sentence):
    refused(sentence, vectors_tsv=VECTORS_TSV, metadata_tsv=metadata)


@pytest.mark.parametrize(
    ("vectors", "sentence"),
    [
        (VECTORS_TSV + b"1\t2\n", r"Line 3 of vectors\.tsv has 2 numbers; 3 are expected"),
        (VECTORS_TSV + b"1\t2\tnan\n", r"Line 3 of vectors\.tsv holds NaN"),
        (VECTORS_TSV + b"1\t2\tx\n", r"Line 3 of vectors\.tsv has 'x' where a number should be.* a tab between"),
        (VECTORS_TSV + b"1\t2\t\n", r"Line 3 of vectors\.tsv has 2 numbers; 3 are expected"),
        (b"cat\t1\ndog\t2\n", "one must be a table of numbers"),
    ],
)
def test_vectors_that_are_not_as_the_projector_has_them_are_refused(vectors, sentence):
    refused(sentence, vectors_tsv=vectors, metadata_tsv=WORDS)


def test_of_a_word_that_stands_twice_a_published_file_keeps_the_first():
    wv = opened(DOWNLOAD, table_npy=npy(np.eye(3)), words_txt=b"a\na\nb\n")

    assert (wv.tokens, wv.matrix.tolist()) == (("a", "b"), [[1, 0, 0], [0, 0, 1]])


def header_of(content: bytes) -> tuple[int, dict]:
    size = int.from_bytes(content[:8], "little")
    return size, json.loads(content[8 : 8 + size])


def with_header(header: dict | bytes, numbers: bytes) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + numbers


ENTRY = {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (save({"a": ROWS, "b": ROWS}), r"should hold one table .*it holds: F32, F32"),
        (save({"a": ROWS[0]}), "it holds: none"),
        (save({"a": ROWS.astype(np.float64)}), "it holds: F64"),
        (save({"a": ROWS}), "a table without words"),
        (save({"a": ROWS}, {"tokens": "cat"}), "list of tokens in the header of toy.safetensors is not JSON"),
        (save({"a": ROWS}, {"tokens": "[1, 2]"}), "not a list of texts"),
        (save({"a": ROWS}, {"tokens": '["a", "\\ud800"]'}), "list of tokens .* is not JSON"),
        (save({"a": ROWS}, {"tokens": '["a"]'}), "1 word for 2 rows"),
        (save({"a": ROWS}, {"tokens": '["a", "a"]'}), "Row 2 of toy.safetensors has the word 'a' again"),
        (save({"a": ROWS + np.inf}, {"tokens": '["a", "b"]'}), "Row 1 of toy.safetensors holds NaN"),
        (save({"a": ROWS})[:-1], "row 2 of 2 breaks off"),
        (save({"a": ROWS})[:50], "its header cannot be read"),
        (b"\x08\0\0\0\0\0\0\0{", "its header cannot be read"),
        (b"\xff" * 100, "its header cannot be read"),
        (with_header(b"[]", b""), "lists no tensors"),
        (with_header(b"[" * 100_000, b""), "its header cannot be read"),
        (with_header({"a": ENTRY | {"dtype": "\ud800"}}, bytes(24)), "its header cannot be read, as it is not JSON"),
        (with_header({"a": ENTRY}, bytes(25)), "its header and its numbers do not fit"),
        (with_header({"a": ENTRY | {"data_offsets": [0, 23]}}, bytes(23)), "row 2 of 2 breaks off"),
        (with_header({"a": ENTRY | {"data_offsets": [4, 28]}}, bytes(28)), "do not fit"),
        (with_header({"a": ENTRY | {"shape": [0, 3]}}, b""), "holds no vectors"),
        (with_header({"a": ENTRY | {"shape": [-2, 3]}}, bytes(24)), "it holds: none"),
        (with_header({"a": ENTRY | {"shape": "23"}}, bytes(24)), "it holds: none"),
    ],
)
def test_safetensors_that_are_damaged_or_without_words_are_refused(content, sentence):
    refused(sentence, toy_safetensors=content)


def test_what_safetensors_promise_is_refused_before_it_is_read():
    content = with_header({"a": ENTRY | {"shape": [190_000, 900], "data_offsets": [0, 684_000_000]}}, bytes(24))

    refused("190,000 words of 900 numbers each, would take 684 MB", TooLarge, toy_safetensors=content)


@given(st.binary(max_size=120), st.sampled_from(["t_npy", "t_safetensors", "t_tsv", "t_bin", "t_txt", "t", "t_gz"]))
def test_any_bytes_under_any_name_give_vectors_or_a_sentence(content, name):
    for made in (content, b"\x93NUMPY\x01\x00" + content, with_header(content, b""), gzip.compress(content)):
        for words in ({}, {"words_txt": b"a\nb\n"}):
            try:
                opened(**{name: made}, **words)
            except LabError as error:
                assert str(error)


@given(st.integers(0, 300), st.integers(0, 255), st.sampled_from(["npy", "safetensors"]))
def test_a_flipped_byte_gives_vectors_or_a_sentence(place, byte, kind):
    content = bytearray(npy(ROWS) if kind == "npy" else save({"a": ROWS}))
    content[place % len(content)] = byte
    try:
        wv = opened(**{f"t_{kind}": bytes(content)}, words_txt=WORDS)
    except LabError as error:
        assert str(error)
    else:
        assert wv.tokens == ("cat", "new york")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (zipped({}), "is a zip archive of 0 files. Unpack it"),
        (zipped({f"{i}.txt": b"a 1\n" for i in range(3)}), "is a zip archive of 3 files. Unpack it"),
        (zipped({f"{i}.txt": b"a 1\n" for i in range(1_001)}), "is a zip archive of many files"),
        (zipped({"toy.txt": b"a 1\n"})[:-5], "is a zip archive that cannot be opened"),
        (
            zipped({"toy.txt": b"a 1\n"}, zipfile.ZIP_LZMA),
            "is a zip archive of a kind that few programs write. Unpack it",
        ),
        (zipped({"toy.txt": b"a 1\n"}).replace(b"\0\0\x08\0", b"\1\0\x08\0"), "archive that cannot be opened"),
        (
            zipped({"toy.txt": b"a 1\n"}, zipfile.ZIP_STORED).replace(b"a 1", b"a 2"),
            "is empty, or its packing is damaged",
        ),
        (zipped({"toy.zip": zipped({"toy.txt": b"a 1\n"})}), r"toy\.zip is a zip archive"),
        ((793712314).to_bytes(4, "little") + bytes(40), r"Choose the \.vec file"),
        (b"", "is empty"),
    ],
)
def test_files_of_other_kinds_are_named_with_what_would_work(content, sentence):
    refused(sentence, toy_bin=content)


def test_of_a_zip_bomb_no_more_is_unpacked_than_may_be_kept():
    limits = dataclasses.replace(UPLOAD, max_decompressed_bytes=1_500_000, keep_first=True)

    refused(r"toy\.txt is larger than 1\.5 MB", TooLarge, limits, toy_zip=zipped({"toy.txt": b"a 1\n" * 400_000}))


@pytest.mark.parametrize("piece", [b"[],", b'{"a":[]},'])
@pytest.mark.parametrize("inside", [b'{"__metadata__":{"tokens":"[%s"', b"{%s"])
def test_a_header_that_would_swell_in_memory_is_refused_before_it_is_parsed(piece, inside):
    packed = gzip.compress(with_header(inside % (piece.replace(b'"', b'\\"') * 1_700_000), b""))

    assert len(packed) < 60_000
    assert grown(lambda: refused("its header cannot be read", toy_safetensors=packed)) < 100_000_000


@pytest.mark.parametrize("files", [{}, {"a_txt": b"a 1", "b_txt": b"b 1", "c_txt": b"c 1"}])
def test_other_than_one_or_two_files_are_refused(files):
    refused("one file of vectors, or two", **files)


@pytest.mark.parametrize(
    "files",
    [
        {"a_txt": WORDS, "b_txt": WORDS},
        {"a_npy": npy(ROWS), "b_npy": npy(ROWS)},
        {"a_bin": b"1 1\na 1234", "words_txt": WORDS},
    ],
)
def test_two_files_that_are_no_pair_are_refused(files):
    refused("Of two files one must be a table of numbers", **files)


def test_a_table_alone_asks_for_its_words():
    refused("Choose a .txt beside it", table_npy=npy(ROWS))
    refused("Choose a .txt beside it", vectors_tsv=VECTORS_TSV)
