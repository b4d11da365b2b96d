import math
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_info

from embeddings.common.bundled_files import package_file
from embeddings.common.errors import InvalidInput, SourceUnavailable
from embeddings.evaluation.benchmarks import DATASETS, Section, search_seconds, word_analogies, word_pairs
from embeddings.evaluation.datasets import WordIndex, dataset_file, read_questions
from embeddings.vectors.word_vectors import WordVectors


def in_gensim_form(wv: WordVectors):
    pytest.importorskip("gensim")
    from gensim.models import KeyedVectors

    peer = KeyedVectors(wv.dimension)
    peer.add_vectors(list(wv.tokens), np.ascontiguousarray(wv.matrix))
    return peer


def counts_of_gensim(wv: WordVectors, file, limit: int, case_insensitive: bool) -> dict[str, tuple[int, int]]:
    _, sections = in_gensim_form(wv).evaluate_word_analogies(
        str(file), restrict_vocab=limit, case_insensitive=case_insensitive
    )
    return {
        section["section"]: (len(section["correct"]), len(section["correct"]) + len(section["incorrect"]))
        for section in sections
    }


def counts(score) -> dict[str, tuple[int, int]]:
    of_sections = {section.name: (section.correct, section.total) for section in score.sections}
    return of_sections | {"Total accuracy": (score.all.correct, score.all.total)}


WORDS = [word for pair in zip("abcdefgh", "ABCDEFGH", strict=True) for word in pair] + [
    "aa",
    "Aa",
    "aA",
    "AA",
    "straße",
]
FORMS = st.lists(st.sampled_from([*WORDS, "STRASSE", "unknown"]), min_size=4, max_size=4)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("questions") / "questions.txt"


@given(st.lists(FORMS, min_size=1, max_size=12), st.integers(4, 25), st.booleans(), st.integers(0, 2**32 - 1))
def test_a_score_on_a_small_table_is_that_of_gensim(file, questions, limit, case_insensitive, seed):
    tokens = random.Random(seed).sample(WORDS, len(WORDS))
    wv = WordVectors.of("small", tokens, np.random.default_rng(seed).normal(size=(len(tokens), 3)))
    lines = [" ".join(words) for words in questions]
    file.write_text("\n".join([": family", *lines[::2], "too short", ": gram1", *lines[1::2], "a b c d", ""]))

    score = word_analogies(wv, limit=limit, case_insensitive=case_insensitive, file=file)

    assert counts(score) == counts_of_gensim(wv, file, limit, case_insensitive)
    assert score.all.total + score.all.skipped == len(questions) + 1


@given(st.integers(2, 40), st.integers(3, 50), st.integers(0, 2**32 - 1))
def test_many_spellings_of_the_inputs_are_passed_over_as_far_as_gensim_looks(file, variants, limit, seed):
    words = [f"{'K' if i % 2 else 'k'}{'I' if i // 2 % 2 else 'i'}{'N' if i // 4 % 2 else 'n'}" for i in range(8)]
    tokens = [*words, "man", "MAN", "mAn", "Man", "woman", "queen"] + [f"w{i}" for i in range(variants)]
    matrix = np.random.default_rng(seed).normal(size=(len(tokens), 3))
    matrix[:8] = matrix[0] + 0.1 * matrix[:8]  # the spellings lie close together
    wv = WordVectors.of("spellings", tokens, matrix)
    file.write_text(": family\nman kin woman queen\nwoman kin man kin\nman man kin woman\n")

    assert counts(word_analogies(wv, limit=limit, file=file)) == counts_of_gensim(wv, file, limit, True)


@pytest.mark.parametrize(("limit", "case_insensitive"), [(20_000, True), (5_000, False)])
def test_a_score_on_glove_is_that_of_gensim(glove, tmp_path, limit, case_insensitive):
    lines = dataset_file("questions-words.txt").read_text().splitlines()
    kept = [line for i, line in enumerate(lines) if line.startswith(":") or i % 40 == 0]
    file = tmp_path / "some.txt"
    file.write_text("\n".join(kept if case_insensitive else map(str.lower, kept)))

    common = WordVectors.of("common", glove.tokens[:25_000], glove.matrix[:25_000])

    score = word_analogies(common, limit=limit, case_insensitive=case_insensitive, file=file)

    assert counts(score) == counts_of_gensim(common, file, limit, case_insensitive)
    assert 0.3 < score.all.accuracy < 0.8
    assert len(score.sections) == 14
    assert score.all.skipped > 0


def test_sections_add_up_to_semantic_syntactic_and_all(toy, tmp_path):
    file = tmp_path / "questions.txt"
    file.write_text(": animals\ncat dog apple pear\ncat dog apple cow\n: gram1-x\ncat dog apple cat\n: fruit\n")

    score = word_analogies(toy, file=file)

    assert score.sections == (Section("animals", 1, 1, 1), Section("gram1-x", 0, 1, 0), Section("fruit", 0, 0, 0))
    assert score.semantic == Section("semantic", 1, 1, 1)
    assert score.syntactic == Section("syntactic", 0, 1, 0)
    assert score.all == Section("all", 1, 2, 1)
    assert score.all.accuracy == 1 / 2
    assert score.sections[2].accuracy == 0
    assert (score.source, score.questions, score.limit, score.case_insensitive) == ("toy", "questions.txt", 5, True)


def test_the_questions_that_come_along_are_the_google_analogies(toy):
    score = word_analogies(toy)

    assert [section.name for section in score.sections][::5] == [
        "capital-common-countries",
        "gram1-adjective-to-adverb",
        "gram6-nationality-adjective",
    ]
    assert (score.all.total, score.all.skipped) == (0, 19_544)
    assert (score.semantic.skipped, score.syntactic.skipped) == (8_869, 10_675)


def test_what_a_watcher_raises_stops_the_work_and_gives_the_threads_back(glove):
    told, before = [], threads()

    def stop_soon(fraction, words):
        told.append(fraction)
        if len(told) == 3:
            raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        word_analogies(glove, report=stop_soon)
    assert told == sorted(told)
    assert told[-1] < 0.1
    assert threads() == before


def threads() -> list[int]:
    return [each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "must begin with the name of a section"),
        (b"cat dog apple pear\n", "must begin with the name of a section, as in ': family'"),
        (b": family\ntoo short\n", "holds no question"),
        (b": family\n\xff\xfe cat dog apple\n", "cannot be read as text in UTF-8"),
    ],
)
def test_a_file_that_holds_no_questions_is_refused(toy, tmp_path, content, message):
    file = tmp_path / "questions.txt"
    file.write_bytes(content)

    with pytest.raises(InvalidInput, match=message):
        word_analogies(toy, file=file)


def test_a_file_that_is_not_there_or_too_large_is_refused(toy, tmp_path):
    with pytest.raises(InvalidInput, match=r"missing\.txt cannot be read"):
        word_analogies(toy, file=tmp_path / "missing.txt")
    with (tmp_path / "large.txt").open("wb") as large:
        large.truncate(50_000_001)
    with pytest.raises(InvalidInput, match="too large: at most 50 MB"):
        word_analogies(toy, file=tmp_path / "large.txt")


@pytest.mark.parametrize("limit", [0, -1, 2.5])
def test_a_limit_out_of_range_is_refused(toy, limit):
    for ask in (word_analogies, word_pairs):
        with pytest.raises(InvalidInput, match="The limit must be a whole number from 1"):
            ask(toy, limit=limit)


@pytest.mark.parametrize(("dataset", "name"), [("wordsim353", "wordsim353.tsv"), ("simlex999", "simlex999.txt")])
@pytest.mark.parametrize(("limit", "case_insensitive"), [(300_000, True), (4_000, True), (10_000, False)])
def test_correlations_with_judgements_are_those_of_gensim(glove, dataset, name, limit, case_insensitive):
    common = WordVectors.of("common", glove.tokens[:40_000], glove.matrix[:40_000])
    pearson, spearman, unknown = in_gensim_form(common).evaluate_word_pairs(
        str(dataset_file(name)), restrict_vocab=limit, case_insensitive=case_insensitive
    )

    score = word_pairs(common, dataset, limit=limit, case_insensitive=case_insensitive)

    assert score.pearson == pytest.approx(pearson[0], abs=5e-5)
    assert score.spearman == pytest.approx(spearman[0], abs=5e-5)
    assert 100 * score.unknown == pytest.approx(unknown)
    assert score.total == {"wordsim353": 353, "simlex999": 999}[dataset]
    assert score.used == round((1 - score.unknown) * score.total)


def test_the_settings_of_a_correlation_are_recorded(glove):
    pytest.importorskip("gensim")
    told = []

    score = word_pairs(glove, "simlex999", report=lambda fraction, words: told.append(fraction))

    assert (score.source, score.dataset, score.limit, score.case_insensitive) == (
        "glove-6b-50d",
        "simlex999",
        300_000,
        True,
    )
    assert (round(score.pearson, 4), round(score.spearman, 4), score.used) == (0.2923, 0.2631, 998)
    assert told == sorted(told)


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_table_that_knows_too_few_pairs_is_refused(toy, dataset):
    pytest.importorskip("gensim")
    with pytest.raises(InvalidInput, match=r"toy knows too few pairs of \w+ for a correlation: [01] of"):
        word_pairs(toy, dataset)


def test_an_unknown_dataset_is_refused_with_those_there_are(toy):
    with pytest.raises(InvalidInput, match="must be one of wordsim353, simlex999, not 'men'"):
        word_pairs(toy, "men")


@pytest.mark.parametrize("name", ["questions-words.txt", "wordsim353.tsv"])
def test_the_files_that_come_with_this_project_are_those_of_gensims_tests(name):
    pytest.importorskip("gensim")
    ours = dataset_file(name)
    assert ours.is_relative_to(Path(__file__).parents[3])
    assert ours.read_bytes() == package_file("gensim", f"gensim/test/test_data/{name}").read_bytes()


def test_a_missing_file_of_gensims_is_told_with_what_would_help():
    pytest.importorskip("gensim")
    with pytest.raises(SourceUnavailable, match="pip install --force-reinstall gensim"):
        dataset_file("missing.txt")


def test_the_most_frequent_spelling_gives_the_vector(tmp_path):
    file = tmp_path / "questions.txt"
    file.write_text(": one\nMAN King woman QUEEN\n")
    spellings = WordIndex(["Man", "man", "king", "woman", "queen", "KING", "King"], case_insensitive=True)

    assert read_questions(file, spellings) == [("one", [(0, 2, 3, 4)])]
    assert spellings.word_of.tolist() == [0, 0, 2, 3, 4, 2, 2]
    assert spellings.others == {0: [1], 2: [5, 6]}


def test_the_questions_are_found_without_importing_gensim():
    script = (
        "import sys, numpy as np; from embeddings.evaluation import word_analogies;"
        "from embeddings.vectors.word_vectors import WordVectors;"
        "word_analogies(WordVectors.of('toy', ['cat'], np.eye(1))); print('gensim' in sys.modules)"
    )
    root = Path(__file__).parents[3]
    asked = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)

    assert asked.stdout.strip() == "False"


def test_how_long_the_search_takes_is_measured_within_the_table():
    table = WordVectors.of("toy", ["cat", "dog", "cow"], np.eye(3, dtype=np.float32))
    assert 0 < search_seconds(table, 400_000) < math.inf
    with pytest.raises(InvalidInput):
        search_seconds(table, 0)
