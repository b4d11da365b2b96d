import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput
from embeddings.sources.minilm_table import minilm_file
from embeddings.transformer.minilm import CLS, LAYERS, SEP, MiniLM


@pytest.fixture(scope="module")
def minilm(one_thread):
    return MiniLM.load()


@pytest.fixture(scope="module")
def bert(one_thread):
    from transformers import BertModel

    return BertModel.from_pretrained(minilm_file().parent, local_files_only=True).eval()


def states_of(bert, ids):
    with torch.inference_mode():
        states = bert(torch.tensor([ids]), output_hidden_states=True).hidden_states
    return torch.stack(states)[:, 0].numpy()


@settings(max_examples=10)
@given(ids=st.lists(st.integers(0, 30_521), min_size=1, max_size=40))
def test_every_hidden_state_is_that_of_transformers(minilm, bert, ids):
    assert minilm.hidden_states(ids) == pytest.approx(states_of(bert, ids), abs=1e-4)


def test_a_sentence_has_a_state_for_each_layer_and_token(minilm, bert):
    ids = [CLS, *minilm.tokenizer.encode("He sat on the bank of the river.").ids, SEP]

    states = minilm.hidden_states(ids)

    assert states.shape == (1 + LAYERS, len(ids), 384)
    assert states == pytest.approx(states_of(bert, ids), abs=1e-4)


def test_the_longest_text_it_was_trained_for_is_read(minilm, bert):
    ids = [CLS, *[2_000] * 510, SEP]

    assert minilm.hidden_states(ids)[-1] == pytest.approx(states_of(bert, ids)[-1], abs=1e-4)


def test_the_marks_around_a_text_are_those_of_its_tokenizer(minilm):
    assert minilm.tokenizer.decode([CLS]) == minilm.tokenizer.decode([SEP]) == ""
    assert minilm.tokenizer._tokenizer.encode("a").ids == [CLS, *minilm.tokenizer.encode("a").ids, SEP]


def test_a_row_is_the_same_wherever_it_stands(minilm):
    first, second = minilm.rows([2_924, 5, 2_924])[[0, 2]]

    assert np.array_equal(first, second)


@pytest.mark.parametrize("ids", [[], [0] * 513])
def test_a_text_of_no_tokens_or_too_many_is_refused(minilm, ids):
    with pytest.raises(InvalidInput, match="from one to 512 tokens"):
        minilm.hidden_states(ids)


def test_an_id_that_is_no_row_is_refused(minilm):
    with pytest.raises(InvalidInput, match="outside the vocabulary"):
        minilm.hidden_states([30_522])
