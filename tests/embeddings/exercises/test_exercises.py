"""Whatever the seed, an exercise is fair, and its answer is what plain Python, NumPy or torch give too."""

import csv
import io
import re
from collections import Counter

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from components.navigation import LESSONS, lesson_at
from embeddings.common import InvalidInput
from embeddings.exercises import CHAPTERS, KINDS, MAX_SEED, Exercise, draw, draw_final

BY_NAME = {kind.name: kind for kind in KINDS}
SEEDS = st.integers(0, MAX_SEED)
FEW = settings(max_examples=12)


@pytest.fixture(scope="module", autouse=True)
def table(glove):
    return glove


def exercises(name: str, table) -> list[Exercise]:
    return [BY_NAME[name].draw([seed], table) for seed in range(20)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@FEW
@given(seed=SEEDS)
def test_an_exercise_is_fair_and_the_same_for_the_same_seed(kind, seed, table):
    exercise = kind.draw([seed], table)
    assert (exercise.kind, exercise.chapter, exercise.page) == (kind.name, kind.chapter, kind.page)
    assert lesson_at(exercise.page).path == f"pages/{exercise.chapter}/{exercise.page}.py"
    assert exercise.is_right(exercise.answer)
    if exercise.options:
        assert 3 <= len(exercise.options) == len(set(exercise.options)) <= 5
        assert [option for option in exercise.options if exercise.is_right(option)] == [exercise.answer]
    else:
        assert exercise.answer.isdigit()
    assert exercise.question.endswith("?")
    assert exercise.question.count("`") % 2 == exercise.why.count("`") % 2 == 0
    assert exercise.why.endswith(".") and exercise.settings
    assert kind.draw([seed], table) == exercise


def test_each_chapter_has_kinds_enough_and_each_seed_other_numbers(table):
    assert {lesson.path.split("/")[1] for lesson in LESSONS} == set(CHAPTERS)
    assert min(Counter(kind.chapter for kind in KINDS).values()) >= 8
    assert len(BY_NAME) == len(KINDS)
    for kind in KINDS:
        asked = {(exercise.question, exercise.answer) for exercise in exercises(kind.name, table)}
        assert len(asked) > 5, kind.name
        assert len({exercise.answer for exercise in exercises(kind.name, table)}) > 2, kind.name


@FEW
@given(seed=SEEDS)
def test_a_draw_has_different_kinds_from_as_many_lessons_as_there_are(seed, table):
    for chapter in CHAPTERS:
        drawn = draw(chapter, seed, 5, table)
        kinds = [exercise.kind for exercise in drawn]
        assert len(set(kinds)) == 5
        assert kinds == [kind.name for kind in KINDS if kind.name in kinds]  # in the order of the lessons
        lessons = {kind.page for kind in KINDS if kind.chapter == chapter}
        assert len({exercise.page for exercise in drawn}) == min(5, len(lessons))


def test_the_final_draw_has_ten_from_all_chapters_and_no_question_of_a_chapters_draw(table):
    for seed in range(5):
        drawn = draw_final(seed, 10, table)
        assert len({exercise.kind for exercise in drawn}) == 10
        assert sorted(Counter(exercise.chapter for exercise in drawn).values()) == [2, 2, 2, 2, 2]
        before = {exercise.question for chapter in CHAPTERS for exercise in draw(chapter, seed, 8, table)}
        repeated = [exercise.question for exercise in drawn if exercise.question in before]
        assert len(repeated) <= 1  # some kinds have few numbers to draw from


@pytest.mark.parametrize(
    ("chapter", "seed", "count"),
    [("nobody", 1, 5), ("meaning", -1, 5), ("meaning", MAX_SEED + 1, 5), ("meaning", 1, 0), ("meaning", 1, 99)],
)
def test_what_cannot_be_drawn_is_refused(chapter, seed, count):
    with pytest.raises(InvalidInput):
        draw(chapter, seed, count)


def test_a_chapter_about_words_needs_their_table():
    with pytest.raises(InvalidInput, match="need a table"):
        draw("play", 1)
    assert len(draw("layer", 1)) == 5


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def spans(text: str) -> list[str]:
    return re.findall("`([^`]+)`", text)


def test_ids_and_one_hot_rows_as_python_counts_them(table):
    for exercise in exercises("token_id", table):
        asked = spans(exercise.question)[-1]
        assert int(exercise.answer) == sorted(exercise.settings["onehot_words"].split()).index(asked)
    for exercise in exercises("one_hot_length", table):
        assert int(exercise.answer) == len(set(exercise.settings["onehot_words"].split()))
    for exercise in exercises("one_hot_zeros", table):
        n = len(exercise.settings["onehot_words"].split())
        assert int(exercise.answer) == n * n - np.eye(n).sum()
    for exercise in exercises("character_tokens", table):
        assert int(exercise.answer) == len(exercise.settings["tokenizers_text"])


def test_the_nearest_row_as_numpy_finds_it(table):
    for exercise in exercises("nearest_row", table):
        _, *lines = csv.reader(io.StringIO(exercise.settings["features_table"]))
        (asked, *first), *others = [(word, *map(float, numbers)) for word, *numbers in lines]
        found = {word: cosine(np.array(first), np.array(numbers)) for word, *numbers in others}
        assert exercise.answer == max(found, key=found.__getitem__)
        assert f"`{asked}`" in exercise.question


def test_words_as_numpy_compares_them(table):
    for exercise in exercises("nearest_word", table):
        asked, *others = exercise.settings["similar_words"].split()
        assert exercise.answer == max(others, key=lambda word: cosine(table[asked], table[word]))
    for exercise in exercises("nearer_pair", table):
        best = max(exercise.options, key=lambda pair: cosine(*(table[word] for word in pair.split(" and "))))
        assert exercise.answer == best
    for exercise in exercises("odd_word", table):
        units = {word: table[word] / np.linalg.norm(table[word]) for word in exercise.options}
        assert exercise.answer == min(units, key=lambda word: units[word] @ sum(units.values()))
    for exercise in exercises("dot_product", table):
        asked, other = spans(exercise.question)
        assert float(exercise.answer) == pytest.approx(float(table[asked] @ table[other]), abs=0.051)
    for exercise in exercises("analogy_answer", table):
        a, b, c = (exercise.settings[f"analogy_{letter}"] for letter in "abc")
        units = {word: table[word] / np.linalg.norm(table[word]) for word in (a, b, c, *exercise.options)}
        target = units[b] - units[a] + units[c]
        assert exercise.answer == max(exercise.options, key=lambda word: units[word] @ target)


def test_pairs_and_rows_as_plain_loops_count_them(table):
    for exercise in exercises("pairs_of_sentence", table):
        words, window = exercise.settings["word2vec_sentence"].split(), int(exercise.settings["word2vec_window"])
        places = range(len(words))
        assert int(exercise.answer) == sum(0 < abs(a - b) <= window for a in places for b in places)
    for exercise in exercises("words_with_row", table):
        counts = Counter(exercise.settings["corpus_text"].split())
        least = int(exercise.settings["word2vec_min_count"])
        assert int(exercise.answer) == sum(count >= least for count in counts.values())
    for exercise in exercises("rows_of_language_model", table):
        assert int(exercise.answer) == len(set(exercise.settings["corpus_text"].split())) + 1
    for exercise in exercises("rows_changed_by_batch", table):
        batch = spans(exercise.question)
        assert int(exercise.answer) == len({token for piece in batch for token in piece.split()})


def ids_of(exercise: Exercise) -> list[int]:
    return [int(each) for each in exercise.settings["layer_ids"].split(",")]


def test_gradients_as_torch_computes_them(table):
    def gradient(exercise: Exercise, ids: list[int]) -> torch.Tensor:
        torch.manual_seed(0)
        layer = torch.nn.Embedding(int(exercise.settings["layer_v"]), int(exercise.settings["layer_d"]))
        layer(torch.tensor(ids)).square().sum().backward()
        return layer.weight.grad

    for exercise in exercises("rows_with_gradient", table):
        rows = torch.nonzero(gradient(exercise, ids_of(exercise)).any(dim=1)).flatten().tolist()
        assert re.findall(r"\d+", exercise.answer) == list(map(str, rows))
    for exercise in exercises("longer_gradient", table):
        ids = ids_of(exercise)
        before, after = (gradient(exercise, given)[ids[0]].norm().item() for given in (ids, [*ids, ids[0]]))
        assert exercise.answer == f"{after / before:.3g} times"


def test_multiplications_shapes_and_bytes_as_counted_by_hand(table):
    for exercise in exercises("zeros_multiplied", table):
        V, D = (int(exercise.settings[f"layer_{letter}"]) for letter in "vd")
        ones = torch.nn.functional.one_hot(torch.tensor(ids_of(exercise)), V)
        assert int(exercise.answer) == int((ones == 0).sum()) * D
    for exercise in exercises("output_shape", table):
        assert exercise.answer == str([len(ids_of(exercise)), int(exercise.settings["layer_d"])])
    for exercise in exercises("bytes_of_table", table):
        shape = [int(exercise.settings[f"layer_{letter}"]) for letter in "vd"]
        assert (
            exercise.answer
            == f"{torch.zeros(shape, dtype=getattr(torch, exercise.settings['layer_dtype'])).nbytes:,} bytes"
        )
    for exercise in exercises("days_on_gpus", table):
        hours = float(re.search(r"about ([\d,]+) GPU hours", exercise.question)[1].replace(",", ""))
        days = hours / int(exercise.settings["learned_gpu_count"].replace(",", "")) / 24
        assert float(exercise.answer.replace(",", "")) == pytest.approx(days, rel=0.08)  # two digits of each


def test_a_language_models_rows_logits_and_tables_as_numpy_finds_them(table):
    def row(text: str) -> np.ndarray:
        return np.array([float(each) for each in re.search(r"\[(.*)\]", text)[1].replace("−", "-").split(",")])

    for exercise in exercises("longest_row", table):
        lengths = {span.split()[0]: np.linalg.norm(row(span)) for span in spans(exercise.question)}
        assert exercise.answer == max(lengths, key=lengths.__getitem__)
    for exercise in exercises("largest_logit", table):
        h, *rows = spans(exercise.question)
        scores = {span.split()[0]: row(h) @ row(span) for span in rows}
        assert exercise.answer == max(scores, key=scores.__getitem__)
    for exercise in exercises("mixed_row", table):
        _, own, _, other, *_ = spans(exercise.question)
        share = int(exercise.settings["row_share"]) / 100
        assert row(exercise.answer) == pytest.approx((1 - share) * row(own) + share * row(other))
    for exercise in exercises("times_as_likely", table):
        high, low = map(int, re.findall(r"logit (\d)", exercise.question))
        assert float(exercise.answer) == pytest.approx(np.exp(high - low), rel=0.05)
    for exercise in exercises("weights_of_both_tables", table):
        V, D = (int(each.replace(",", "")) for each in re.findall(r"([\d,]+) (?:rows|numbers)", exercise.question))
        tied = exercise.settings["lens_tied"] == "true"
        layers = torch.nn.Embedding(V, D, device="meta"), torch.nn.Linear(D, V, bias=False, device="meta")
        if tied:
            layers[1].weight = layers[0].weight
        counted = sum(weight.numel() for weight in torch.nn.ModuleList(layers).parameters())
        assert exercise.answer == f"{counted:,}"


def test_a_replaced_row_is_read_wherever_its_token_stands(table):
    for exercise in exercises("places_with_other_row", table):
        text, token = exercise.settings["row_text"], exercise.settings["row_token"].removeprefix("␣")
        assert int(exercise.answer) == text.split().count(token)
    for exercise in exercises("text_as_read", table):
        settings = exercise.settings
        assert exercise.answer == settings["row_text"].replace(settings["row_token"][1:], settings["row_other"])
