"""Half of a surrogate pair, a character to Python and to nobody else: refused with a sentence by all that take text."""

import importlib
import inspect
import io
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import CodeType

import numpy as np
import pytest

import embeddings
from embeddings import evaluation, projection, sources
from embeddings.common.errors import InvalidInput, LabError
from embeddings.evaluation import datasets
from embeddings.formats import KINDS, notebook, read, write
from embeddings.numeric import kmeans
from embeddings.projection import full_table
from embeddings.similarity import analogies, expressions, frequency, neighbors, odd_one_out, semantic_axes
from embeddings.sources import gensim_data, huggingface
from embeddings.tokenizers import TOKENIZERS, TokenIndex, Vocabulary, language_prices, split_words, tokenizer, train_bpe
from embeddings.tokenizers.bpe_training import word_counts
from embeddings.tokenizers.languages import Translation
from embeddings.tokenizers.words import WordTokenizer
from embeddings.training import corpora, corpus_merges, corpus_tokens, language_model, small_network, word2vec
from embeddings.transformer import contextual, position
from embeddings.tsne_pitfalls import decisions
from embeddings.vectors import random_numbers
from embeddings.vectors.word_vectors import WordVectors

HALF = "cat\ud800"
TOY = WordVectors.of("toy", ["cat", "dog", "apple", "pear"], np.eye(4, dtype=np.float32))
BROKEN = WordVectors.of("broken", [HALF, "dog"], np.eye(2, dtype=np.float32))


@cache
def learned(kind: str) -> language_model.LanguageSnapshot:
    corpus = corpora.of_text("a cat and a dog\n" * 30)
    *_, last = language_model.train(corpus, tokens=kind, bpe_vocab_size=50, steps=10, batch=2, context=2, min_count=1)
    return last


@cache
def fasttext() -> word2vec.FastTextSnapshot:
    *_, last = word2vec.train(corpora.of_text("a cat and a dog\n" * 30), min_count=1, epochs=1, fasttext=True)
    return last


POINTS = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
NOT_OF_A_VISITOR = (  # functions, and modules with all of theirs
    *("common.memory.check_fits", "sources.gguf_file"),  # words for a sentence; names of tensors
    "transformer.smollm.SmolLM.encode",  # which calls its tokenizer's
    *("common.bounded_json", "common.errors", "similarity.scores"),  # names for a sentence; what others looked at
    *("projection.tsne.fit_opentsne", "projection.umap.fastumap_layout"),  # options looked at
    "projection.method.start_choice",  # words of a method
    *("formats.binary", "formats.comma", "formats.table_builder", "formats.text"),  # behind read and write
    *("tokenizers.packed_tokens", "tokenizers.subwords.pre_tokenize"),  # behind a vocabulary; texts looked at
    "tokenizers.byte_strings.drawn",  # signs for spaces
    "jobs",  # owners, named by the app
    *("tsne_pitfalls.points", "training.scores"),  # known words
    *("training.small_network.SmallNetwork.probabilities", "training.small_network.count_pairs"),  # known words
    "training.small_network.first_step",  # known words
    *("lookup.__main__", "lookup.cost", "lookup.scaling", "lookup.equivalence", "lookup.hardware", "lookup.results"),
    *("lookup.roofline", "lookup.variants", "lookup.comparison"),  # devices and ways, by the app's own names
    *("sources.http", "sources.text8", "sources.disk"),  # checked addresses
    *("sources.huggingface.list_cached", "sources.huggingface.fetch"),  # checked addresses
    *("transformer.contextual.contextual_similarity", "projection.full_table.rank_on_map"),  # looked at by others
    *("evaluation.datasets.WordIndex.id", "tokenizers.vocabulary.Vocabulary.from_tokens"),  # keep what they get
    *("training.snapshots.Snapshot.word_vectors", "vectors.word_vectors.WordVectors.of"),  # refused when written
    *("training.corpora.watched", "numeric.distance.normalize_for_metric"),  # the app's; a metric looked at
    *("numeric.silhouettes", "tokenizers.measures.characters_per_token"),  # the app's metrics; counts characters alone
    *("training.corpus_tokens.CorpusWords.ids", "training.corpus_tokens.fit"),  # behind encode and train
    *("training.corpus_tokens.table_rows", "training.corpus_tokens.character_count"),  # a kind of the app's; counts
    *("training.skip_gram.SkipGram.learn", "projection.tsne.scikit_learn"),  # behind train; options looked at
    *("training.corpus_tokens.CorpusTokenizer.encode", "tokenizers.base.Tokenizer.encode"),  # protocols
    *("exercises.drawing.draw", "exercises.exercise"),  # the app's own chapters; what was typed is only compared
    *("lookup.lab.run_lab", "projection.map_result.measured_map"),  # the app's own devices; options looked at
    *("training.history.train_with_history", "tsne_pitfalls.decisions.measured_grid"),  # the app's own names
    "transformer.contextual.sense_similarity",  # looked at by others
    *("transformer.position.order_similarity", "transformer.position.sentence_vector"),  # looked at by sentence_tokens
    *("similarity.analogies.analogy_terms", "lookup.models.model_table"),  # names that are looked at elsewhere
)
EXCEPTIONS = tuple(f"{each}." for each in NOT_OF_A_VISITOR)

TAKING_TEXT = {
    **{f"{name} tokenizer": lambda name=name: tokenizer(name, TOY.vocabulary).encode(HALF) for name in TOKENIZERS},
    "name of a tokenizer": lambda: tokenizer(HALF),
    "a language model's tokens": lambda: sources.smollm_tokenizer(sources.open_smollm()).encode(HALF),
    "byte pairs of a text": lambda: train_bpe(HALF, 5),
    "byte pairs of a corpus": lambda: corpus_merges(HALF, 5),
    "words before merging": lambda: word_counts(HALF),
    "token of a vocabulary": lambda: TokenIndex.of(WordTokenizer(TOY.vocabulary).pieces()).find(HALF),
    "kind of token": lambda: TokenIndex.of(WordTokenizer(TOY.vocabulary).pieces()).find(kind=HALF),
    "sentence in other languages": lambda: language_prices(tokenizer("character"), [Translation("None", HALF)]),
    "words": lambda: split_words(HALF),
    "vocabulary of a text": lambda: Vocabulary.from_text(HALF),
    "id": lambda: TOY.id(HALF),
    "row": lambda: TOY[HALF],
    "length of a row": lambda: TOY.norm(HALF),
    "rows": lambda: TOY.rows([HALF]),
    "most similar": lambda: neighbors.most_similar(TOY, HALF),
    "nearest": lambda: neighbors.nearest(TOY, HALF),
    "nearest, without": lambda: neighbors.nearest(TOY, "cat", exclude=[HALF]),
    "spellings": lambda: neighbors.closest_spellings(TOY, HALF),
    "sum": lambda: expressions.parse_expression(f"king + {HALF}"),
    "weighted sum": lambda: analogies.combine(TOY, {HALF: 1}),
    "analogy": lambda: analogies.analogy(TOY, "cat", "dog", HALF),
    "ranked sum": lambda: analogies.rank_expression(TOY, {HALF: 1}),
    "sum without": lambda: analogies.terms_without({"cat": 1, "dog": 1}, HALF),
    "parallelogram": lambda: analogies.parallelogram(TOY, "cat", "dog", "apple", HALF),
    "metric of clusters": lambda: kmeans.kmeans_labels(POINTS, 2, metric=HALF),
    "metric of a judgement": lambda: projection.quality(POINTS, POINTS[:, :2], metric=HALF),
    **{
        f"metric of {number.__name__}": lambda number=number: number(POINTS, POINTS[:, :2], metric=HALF)
        for number in (
            projection.trustworthiness,
            projection.continuity,
            projection.neighbor_overlap,
            projection.distance_correlation,
        )
    },
    "metric of a sample": lambda: projection.shepard_sample(POINTS, POINTS[:, :2], metric=HALF),
    "cosines with a word": lambda: neighbors.cosines_with(TOY, HALF, ["cat"]),
    **{
        f"{option.name} of {name}": lambda name=name, option=option: projection.project(
            POINTS, name, **{option.name: HALF}
        )
        for name, method in projection.METHODS.items()
        for option in method.options
        if isinstance(option, projection.Choice | projection.Backend)
    },
    "ends of a map's axes": lambda: projection.METHODS["axes"].arguments(TOY, {"axes": ((["cat"], [HALF]),)}),
    "metric of a method": lambda: projection.project(POINTS, "tsne", metric=HALF),
    "method": lambda: projection.project(POINTS, HALF),
    "time of a method": lambda: projection.estimate_seconds(HALF, 20, 3),
    "judgements": lambda: evaluation.word_pairs(TOY, HALF),
    "file of gensim": lambda: datasets.dataset_file(HALF),
    "trap": lambda: decisions.trap(HALF),
    "choice of points": lambda: full_table.sample_ids(3, 1, by=HALF),
    "small network": lambda: small_network.train(HALF),
    "small network, on its way": lambda: small_network.train_in_steps(HALF, [0, 1]),
    "shared neighbours": lambda: small_network.shared_neighbors(HALF, "a", "b"),
    "neighbours of a word": lambda: small_network.neighbors_of(HALF, "a"),
    "table to fetch": lambda: sources.fetch(HALF),
    "table to load": lambda: sources.load(HALF),
    "table of gensim": lambda: gensim_data.load(HALF),
    "table of gensim to fetch": lambda: gensim_data.fetch(HALF),
    "table on the Hub": lambda: huggingface.find_table(f"owner/{HALF}"),
    "axis": lambda: semantic_axes.semantic_axis(TOY, "cat", HALF),
    "poles of an axis": lambda: semantic_axes.pole_cosine(TOY, "cat", HALF),
    "odd one out": lambda: odd_one_out(TOY, ["cat", "dog", HALF]),
    "ranks": lambda: frequency.neighbor_ranks(TOY, HALF),
    "source": lambda: sources.find(HALF),
    "model on the Hub": lambda: sources.find(f"hf:owner/{HALF}"),
    "corpus": lambda: corpora.load(HALF),
    "own text": lambda: corpora.of_text(f"a dog and a {HALF}"),
    "own file, UTF-8": lambda: corpora.of_file(HALF.encode(errors="surrogatepass")),
    "own file, UTF-16": lambda: corpora.of_file(b"\xff\xfe" + HALF.encode("utf-16-le", "surrogatepass")),
    "own sentences": lambda: corpora.Corpus.of("own", "Own", [["a", HALF]], "", ""),
    "random numbers": lambda: random_numbers.numbers_for(["a", HALF], 0),
    "random neighbours": lambda: random_numbers.nearest(["a", HALF], 0),
    "random neighbours, often": lambda: random_numbers.share_nearest(["a", HALF], 1),
    "training pairs": lambda: word2vec.training_pairs(["a", HALF]),
    "pieces": lambda: word2vec.char_ngrams(HALF),
    "known pieces": lambda: fasttext().known_ngrams(HALF),
    "kind of tokens": lambda: list(language_model.train(corpora.of_text("a cat and a dog\n" * 30), tokens=HALF)),
    "vector of a made-up word": lambda: fasttext().vector(HALF),
    **{f"continuation, {kind}": lambda kind=kind: learned(kind).continuation(HALF) for kind in corpus_tokens.KINDS},
    "heading of a notebook": lambda: notebook(HALF, "1"),
    "code of a notebook": lambda: notebook("Cats", HALF),
    "sentence": lambda: contextual.find_occurrence(f"the {HALF}", "the", tokenizer("wordpiece")),
    "sentence in two orders": lambda: position.sentence_tokens(f"the {HALF}", tokenizer("wordpiece")),
    "word of a sentence": lambda: contextual.find_occurrence("the cat", HALF, tokenizer("wordpiece")),
    **{f"file of {kind}": lambda kind=kind: write(BROKEN, kind, io.BytesIO()) for kind in KINDS},
    "kind of file": lambda: write(TOY, HALF, io.BytesIO()),
    "file of vectors": lambda: read(
        {"a.txt": io.BytesIO(f"{HALF} 1 2\nb 1 2\n".encode(errors="surrogatepass"))}, "own"
    ),
    "name of a file of vectors": lambda: read({f"{HALF}.txt": io.BytesIO(b"a 1 x\nb 1 2\n")}, "own"),
    "name of a file of pairs": lambda: datasets.read_pairs(Path(HALF)),
}


@pytest.mark.parametrize("work", TAKING_TEXT.values(), ids=TAKING_TEXT)
def test_half_a_character_gets_a_sentence_that_can_be_shown(work):
    with pytest.raises(LabError) as refused:
        work()
    assert str(refused.value).encode()


def test_half_a_character_in_a_file_of_questions_gets_a_sentence(tmp_path):
    file = tmp_path / "questions.txt"
    file.write_bytes(f": capitals\na b c {HALF}\n".encode(errors="surrogatepass"))
    with pytest.raises(InvalidInput, match=r"questions\.txt cannot be read as text in UTF-8"):
        datasets.read_questions(file, datasets.WordIndex(["a"], True))


def public_functions() -> Iterator[tuple[str, Callable]]:
    """All that the engine's modules offer, the methods of their classes too, by name."""
    for found in pkgutil.walk_packages(embeddings.__path__, "embeddings."):
        for name, value in public(importlib.import_module(found.name)):
            if getattr(value, "__module__", None) != found.name:
                continue
            short = f"{found.name.removeprefix('embeddings.')}.{name}"
            if inspect.isfunction(value):
                yield short, value
            elif inspect.isclass(value):
                methods = ((f"{short}.{method}", getattr(value, method)) for method, _ in public(value))
                yield from (
                    (each, function)
                    for each, function in methods
                    if inspect.isfunction(function) or inspect.ismethod(function)
                )


def public(where: object) -> list[tuple[str, object]]:
    return [(name, value) for name, value in vars(where).items() if not name.startswith("_")]


def takes_text(function: Callable) -> bool:
    """Whether an argument is a text, or several; a name that NumPy or a listener takes is none."""
    annotations = [str(parameter.annotation) for parameter in inspect.signature(function).parameters.values()]
    annotations = [re.sub("<class '(.*)'>", r"\1", annotation) for annotation in annotations]
    return any(re.search(r"\bstr\b", each) and not re.search(r"Callable|numpy", each) for each in annotations)


def called_by(work: Callable) -> set[CodeType]:
    """The code of all functions that ``work`` comes to call."""
    seen = set()
    before = sys.getprofile()
    sys.setprofile(lambda frame, event, argument: seen.add(frame.f_code))
    try:
        with suppress(LabError):
            work()
    finally:
        sys.setprofile(before)
    return seen


def test_whatever_takes_text_is_tried_above_or_known_to_take_no_text_of_a_visitor():
    for work in TAKING_TEXT.values():  # what is kept from the first time is no part of the second
        with suppress(LabError):
            work()
    seen = set().union(*map(called_by, TAKING_TEXT.values()))
    texts = {name: inspect.unwrap(function) for name, function in public_functions() if takes_text(function)}
    fits = {method.fit for method in projection.METHODS.values()}  # which get options that were looked at
    untried = [name for name, function in texts.items() if function.__code__ not in seen and function not in fits]
    assert len(texts) > 80
    assert [name for name in untried if not f"{name}.".startswith(EXCEPTIONS)] == []
    assert [each for each in EXCEPTIONS if not any(f"{name}.".startswith(each) for name in untried)] == []
