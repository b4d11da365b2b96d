"""GGUF files: read as llama.cpp's own reader reads them."""

import numpy as np
import pytest
from gguf import GGMLQuantizationType, GGUFReader, GGUFWriter, dequantize, quantize

from embeddings.common.errors import SourceUnavailable
from embeddings.sources.gguf_file import GGUFFile

KINDS = (GGMLQuantizationType.Q4_1, GGMLQuantizationType.Q8_0)


@pytest.fixture
def written(tmp_path):
    """A small file with a tensor of each kind, and metadata of several."""
    path = tmp_path / "small.gguf"
    writer = GGUFWriter(path, "llama")
    writer.add_array("tokens", ["a", "Ġcat", "é"])
    writer.add_uint32("count", 7)
    writer.add_float32("base", 0.5)
    writer.add_bool("tied", True)
    random = np.random.default_rng(0)
    for kind in KINDS:
        numbers = random.normal(size=(5, 64)).astype(np.float32)
        writer.add_tensor(kind.name, quantize(numbers, kind), raw_dtype=kind)
    writer.add_tensor("norm", random.normal(size=10).astype(np.float32))
    writer.add_tensor("half", random.normal(size=(2, 32)).astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_metadata_and_tensors_are_those_of_the_published_reader(written):
    file, reader = GGUFFile.open(written), GGUFReader(written)
    assert {key: file.metadata[key] for key in ("tokens", "count", "base", "tied")} == {
        "tokens": ("a", "Ġcat", "é"),
        "count": 7,
        "base": 0.5,
        "tied": True,
    }
    for theirs in reader.tensors:
        if theirs.name != "half":
            expected = dequantize(theirs.data, theirs.tensor_type)
            assert np.array_equal(file.tensor(theirs.name), expected), theirs.name


def test_a_kind_that_is_not_read_is_refused(written):
    with pytest.raises(SourceUnavailable, match="half is quantised in a way"):
        GGUFFile.open(written).tensor("half")


@pytest.mark.parametrize("size", [0, 3, 20, 200])
def test_a_file_that_is_cut_short_is_refused_in_a_sentence(written, size):
    written.write_bytes(written.read_bytes()[:size])
    with pytest.raises(SourceUnavailable, match=r"small\.gguf is damaged\. Reinstall"):
        GGUFFile.open(written)


def test_a_file_of_another_kind_is_refused_in_a_sentence(written):
    written.write_bytes(b"PK" + written.read_bytes()[2:])
    with pytest.raises(SourceUnavailable, match="damaged"):
        GGUFFile.open(written)
