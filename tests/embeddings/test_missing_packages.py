"""Packages that are not installed: whatever needs one says so in a sentence, and everything else goes on."""

import ast
import importlib
import io
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from embeddings.common import bundled_files, installed, memory, memory_limits
from embeddings.common.errors import InvalidInput, SourceUnavailable
from embeddings.evaluation import missing_datasets, word_analogies, word_pairs
from embeddings.formats import write
from embeddings.lookup.hardware import this_machine
from embeddings.numeric.kmeans import kmeans_labels
from embeddings.projection.registry import options_of, project
from embeddings.similarity.neighbors import closest_spellings, distances
from embeddings.similarity.outliers import seriate
from embeddings.sources.registry import load
from embeddings.tokenizers.subwords import WordPieceTokenizer
from embeddings.training import corpora, word2vec
from embeddings.transformer.minilm import MiniLM
from embeddings.vectors.word_vectors import WordVectors
from tests.embeddings.projection.methods import needs_opentsne

ROOT = Path(__file__).parents[2]
KNOWN = WordVectors.of("known", ["tiger", "cat", "love", "sex", "old", "new"], np.eye(6, dtype=np.float32))
POINTS = np.random.default_rng(0).normal(size=(40, 5)).astype(np.float32)


@pytest.fixture
def hide(monkeypatch):
    """Makes a package, whether it is loaded or not, look as if it were not installed."""

    def hide_(name: str) -> None:
        for loaded in [name, *(module for module in sys.modules if module.startswith(f"{name}."))]:
            monkeypatch.setitem(sys.modules, loaded, None)
        hidden.add(name)

    def distribution(name: str) -> metadata.Distribution:
        if name in hidden:
            raise metadata.PackageNotFoundError(name)
        return found(name)

    hidden, found = set(), metadata.distribution
    monkeypatch.setattr(metadata, "distribution", distribution)
    bundled_files._packages_folder.cache_clear()
    yield hide_
    bundled_files._packages_folder.cache_clear()


def drawn(**options):
    return lambda: project(POINTS, **options)


def trained(**options):
    return word2vec.train(corpora.of_text("a cat and a dog"), min_count=1, **options)


NEEDING = {
    "CBOW": ("gensim", lambda: next(trained(skip_gram=False))),
    "hierarchical softmax": ("gensim", lambda: next(trained(hierarchical_softmax=True))),
    "fastText": ("gensim", lambda: next(trained(fasttext=True))),
    "news": ("gensim", lambda: corpora.load("news")),
    "SimLex-999": ("gensim", lambda: word_pairs(KNOWN, "simlex999")),
    "UMAP": ("fastumap", drawn(method="umap")),
    "live t-SNE": ("openTSNE", drawn(method="tsne", backend="live")),
    "t-SNE in a stead": ("scikit-learn", drawn(method="tsne", backend="plain")),
    "one thread": ("threadpoolctl", drawn(method="umap")),
    "k-means": ("scikit-learn", lambda: kmeans_labels(POINTS, 2)),
    "distances": ("scipy", lambda: distances(POINTS)),
    "order of leaves": ("scipy", lambda: seriate(POINTS)),
    "word pieces": ("tokenizers", WordPieceTokenizer),
    "transformer": ("safetensors", MiniLM.load),
    "transformer's arithmetic": ("torch", lambda: MiniLM.load().hidden_states([101, 102])),
    "GloVe": ("pyarrow", load),
}


@pytest.mark.parametrize(("package", "work"), NEEDING.values(), ids=NEEDING)
def test_what_needs_a_missing_package_says_how_to_install_it(hide, package, work):
    hide({"scikit-learn": "sklearn"}.get(package, package))
    with pytest.raises(SourceUnavailable, match=rf"^The package {package} is missing\. .*: pip install {package}$"):
        work()


def test_texts_and_tests_that_come_with_this_project_need_no_gensim(hide, tmp_path):
    hide("gensim")
    assert missing_datasets() == ("simlex999",)
    assert corpora.load("wikipedia").tokens == 452_944
    assert word_analogies(KNOWN).all.skipped == 19_544
    (tmp_path / "text8").write_text("a cat and a dog")
    assert list(corpora.of_text8(tmp_path / "text8").sentences) == [["a", "cat", "and", "a", "dog"]]


def test_without_gensim_skip_gram_is_trained_in_torch(hide):
    assert (word2vec.word2vec_stand_in() == "") == installed("gensim")
    hide("gensim")
    assert list(trained(epochs=3))[-1].fraction == 1
    assert "CBOW, fastText and hierarchical softmax need gensim" in word2vec.word2vec_stand_in()
    hide("torch")
    with pytest.raises(SourceUnavailable, match="pip install torch"):
        next(trained())


def test_spellings_and_files_that_need_a_missing_package_say_so(hide, toy):
    hide("rapidfuzz")
    hide("safetensors")
    with pytest.raises(SourceUnavailable, match="pip install rapidfuzz"):
        closest_spellings(toy, "kat")
    with pytest.raises(SourceUnavailable, match="pip install safetensors"):
        write(toy, "safetensors", io.BytesIO())


@pytest.mark.parametrize("package", ["scranpy", "knncolle"])
@needs_opentsne
def test_without_the_fast_engine_the_live_one_draws(hide, package):
    hide(package)
    assert options_of((5_000, 50), "tsne")["backend"] == "live"
    with pytest.raises(InvalidInput, match="pip install scranpy knncolle"):
        project(POINTS, "tsne", backend="fast")


def test_without_psutil_the_system_is_asked(monkeypatch, tmp_path):
    with_psutil = memory.total_bytes()
    monkeypatch.setattr(memory, "psutil", None)
    monkeypatch.setattr(memory_limits, "psutil", None)
    memory._free_bytes.cache_clear()
    facts = tmp_path / "meminfo"
    facts.write_text("MemTotal:  9000 kB\nMemAvailable:    3000 kB\n")

    assert memory.system_free(facts) == 3_072_000
    assert memory.system_free(tmp_path / "nowhere") > 0
    assert 0 < memory.allowed_bytes() < with_psutil
    assert this_machine().memory_bytes == pytest.approx(with_psutil, rel=0.05)


def test_a_system_that_tells_nothing_is_trusted_with_little(monkeypatch, tmp_path):
    monkeypatch.setattr(memory, "psutil", None)
    monkeypatch.delattr(memory.os, "sysconf", raising=False)
    assert memory.system_free(tmp_path / "nowhere") == memory.USUAL_FREE
    assert memory.total_bytes() == 0


def test_the_engine_is_imported_without_psutil(hide, monkeypatch):
    hide("psutil")
    for module in ("memory", "memory_limits"):
        monkeypatch.delitem(sys.modules, f"embeddings.common.{module}")
    assert importlib.import_module("embeddings.common.memory").allowed_bytes() > 0


def test_a_package_that_will_not_load_is_to_be_installed_again():
    with (
        pytest.raises(SourceUnavailable, match=r"The package torch is damaged.*--force-reinstall torch"),
        bundled_files.required(),
    ):
        raise ImportError("libtorch.so: cannot open shared object file", name="torch._C")


def explains(block: ast.AST) -> bool:
    """Whether a package that is missing does no harm within ``block``."""
    if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
        return True
    if isinstance(block, ast.Try):
        return any("ImportError" in ast.unparse(handler) for handler in block.handlers)
    return isinstance(block, ast.With) and "required(" in ast.unparse(block.items[0])


def test_every_import_of_a_package_inside_a_function_is_explained_where_it_fails():
    needed_by_all = {*sys.stdlib_module_names, "embeddings", "numpy"}
    bare = []
    for file in sorted((ROOT / "embeddings").rglob("*.py")):
        tree = ast.parse(file.read_text())
        explained = {id(inner) for block in ast.walk(tree) if explains(block) for inner in ast.walk(block)}
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names = [node.module] if isinstance(node, ast.ImportFrom) else names
            if {name.partition(".")[0] for name in names} - needed_by_all and id(node) not in explained:
                bare.append((file.relative_to(ROOT).as_posix(), names[0]))

    assert bare == [
        (f"embeddings/tokenizers/{name}.py", "regex") for name in ("subwords", "token_index", "word_split", "words")
    ]  # without which no text is cut, and there is no app
