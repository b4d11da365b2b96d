import pytest
from safetensors import safe_open

from embeddings.common.errors import InvalidInput, TooLarge
from embeddings.sources.minilm_table import MiniLMTable
from embeddings.tokenizers.subwords import WordPieceTokenizer


@pytest.fixture(scope="module")
def minilm():
    return MiniLMTable.of_minilm()


def test_rows_are_those_of_the_whole_table(minilm):
    with safe_open(minilm.file, framework="numpy") as model:
        table = model.get_tensor("embeddings.word_embeddings.weight")
    assert table.shape == (len(minilm), minilm.dimension) == (30_522, 384)
    assert (minilm.rows([5, 0, 30_521]) == table[[5, 0, 30_521]]).all()


def test_every_id_of_its_tokenizer_is_a_row(minilm):
    assert WordPieceTokenizer().vocabulary_size == len(minilm)


def test_no_ids_give_no_rows_and_ids_outside_are_refused(minilm):
    assert minilm.rows([]).shape == (0, 384)
    with pytest.raises(InvalidInput, match="outside the vocabulary"):
        minilm.rows([30_522])


def test_the_whole_table_is_its_rows_and_cannot_be_written_to(minilm):
    table = minilm.matrix()
    assert table.shape == (30_522, 384)
    assert (table[[5, 30_521]] == minilm.rows([5, 30_521])).all()
    assert not table.flags.writeable


def test_weights_that_find_no_room_are_refused_in_a_sentence(monkeypatch):
    def no_room(*_, **__):
        raise MemoryError

    monkeypatch.setattr("safetensors.safe_open", no_room)
    with pytest.raises(TooLarge, match=r"The weights of MiniLM would take 9\d\.\d MB; at most"):
        MiniLMTable.of_minilm()
