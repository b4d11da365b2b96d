import re

import pytest

from embeddings.similarity.analogies import analogy_rankings, combine, parallelogram
from embeddings.similarity.examples import ANALOGIES, AXES
from embeddings.similarity.neighbors import cosine_similarities, most_similar, nearest
from embeddings.similarity.semantic_axes import angle, project_onto, semantic_axis

of_each_analogy = pytest.mark.parametrize("preset", ANALOGIES, ids=lambda preset: f"{preset.a}-{preset.b}-{preset.c}")
of_each_axis = pytest.mark.parametrize("preset", AXES, ids=lambda preset: preset.title)


def cosine(glove, first: str, second: str) -> float:
    return float(cosine_similarities(glove.rows([first, second]))[0, 1])


def preset_of(*words: str):
    return next(preset for preset in ANALOGIES if (preset.a, preset.b, preset.c) == words)


def positions(glove, poles, words) -> dict[str, float]:
    return dict(
        zip(words, project_onto(semantic_axis(glove, poles.low, poles.high), glove.rows(words)).tolist(), strict=True)
    )


@of_each_analogy
def test_an_analogy_ends_on_glove_as_its_preset_says(glove, preset):
    rankings = analogy_rankings(glove, preset.a, preset.b, preset.c, n=1)

    assert rankings.without_inputs[0][0] == preset.found
    assert rankings.with_inputs[0][0] == preset.found_with_inputs
    assert preset.expected in glove


def test_there_are_successes_failures_and_some_that_need_the_inputs_left_out():
    assert sum(preset.succeeds for preset in ANALOGIES) >= 5
    assert sum(not preset.succeeds for preset in ANALOGIES) >= 5
    need_it = [preset for preset in ANALOGIES if preset.succeeds and preset.found_with_inputs != preset.expected]
    assert {preset.c for preset in need_it} == {"woman", "large", "dog"}


@of_each_analogy
def test_a_reason_is_made_of_few_whole_sentences(preset):
    assert re.fullmatch(r"([A-Z]([^.]|\.\d)*\.( |$)){1,4}", preset.reason)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("man king woman", "0.83"),
        ("france paris germany", "0.79"),
        ("walk walked talk", "0.62"),
        ("japan japanese china", "0.87"),
        ("father son mother", "0.61"),
        ("good bad happy", "0.37"),
        ("boy girl brother", "0.60"),
    ],
)
def test_the_steps_are_as_parallel_as_a_reason_says(glove, words, said):
    preset = preset_of(*words.split())

    drawn = parallelogram(glove, preset.a, preset.b, preset.c, preset.expected)

    assert f"{drawn.step_cosine:.2f}" == said
    assert said in preset.reason


@pytest.mark.parametrize(
    ("words", "pair", "said"),
    [
        ("small smaller large", "smaller larger", "0.95"),
        ("big bigger cold", "colder warmer", "0.93"),
        ("italy rome australia", "sydney australia", "0.75"),
        ("italy rome australia", "canberra australia", "0.62"),
        ("germany euro japan", "dollar euro", "0.83"),
        ("germany euro japan", "yen euro", "0.57"),
    ],
)
def test_two_words_are_as_near_as_a_reason_says(glove, words, pair, said):
    assert f"{cosine(glove, *pair.split()):.2f}" == said
    assert said in preset_of(*words.split()).reason


@pytest.mark.parametrize(
    ("words", "near", "said"), [("cat kitten dog", "kitten", "0.92"), ("boy girl brother", "brother", "0.93")]
)
def test_a_sum_stays_as_near_to_an_input_as_a_reason_says(glove, words, near, said):
    preset = preset_of(*words.split())
    target = combine(glove, {preset.b: 1, preset.a: -1, preset.c: 1})

    assert f"{dict(nearest(glove, target))[near]:.2f}" == said
    assert said in preset.reason


@pytest.mark.parametrize(("word", "n"), [("calf", 3), ("jobs", 3)])
def test_the_nearest_words_are_those_a_reason_names(glove, word, n):
    reason = next(
        preset.reason for preset in ANALOGIES if f"{word}," in preset.reason or f"and {word} means" in preset.reason
    )

    assert all(neighbor in reason for neighbor, _ in most_similar(glove, word, n=n))


def test_what_else_the_reasons_say_is_so(glove):
    assert glove.id("sydney") < glove.id("canberra")  # written about more
    assert "cousin" in dict(most_similar(glove, "brother"))


@of_each_axis
def test_every_word_of_an_axis_is_in_the_table_and_stands_once(glove, preset):
    poles = [word for side in (preset.x, preset.y) if side for word in side.low + side.high]

    assert all(word in glove for word in [*poles, *preset.words])
    assert len({*poles, *preset.words}) == len(poles) + len(preset.words)


@of_each_axis
def test_the_poles_of_an_axis_are_not_nearly_parallel(glove, preset):
    assert not any(semantic_axis(glove, side.low, side.high).nearly_parallel for side in (preset.x, preset.y) if side)


def test_titles_lie_in_pairs_as_the_note_says(glove):
    preset = AXES[0]
    across, up = (positions(glove, side, preset.words) for side in (preset.x, preset.y))

    for man, woman in (("king", "queen"), ("prince", "princess"), ("duke", "duchess"), ("emperor", "empress")):
        assert across[woman] > across[man] + 0.3
        assert 0.1 < up[man] - up[woman] < 0.15
    first, second = (semantic_axis(glove, side.low, side.high) for side in (preset.x, preset.y))
    assert f"{angle(first, second):.0f}°" in preset.note


def test_animals_lie_as_the_note_says(glove):
    preset = AXES[1]
    size, danger = (positions(glove, side, preset.words) for side in (preset.x, preset.y))

    assert set(sorted(size, key=size.get)[-3:]) == {"bear", "lion", "tiger"}
    assert set(sorted(danger, key=danger.get)[-2:]) == {"wolf", "scorpion"}
    assert size["whale"] < 0
    assert danger["cow"] == pytest.approx(danger["shark"], abs=0.02)


def test_professions_lie_as_the_note_says(glove):
    preset = AXES[2]
    across = sorted(positions(glove, preset.x, preset.words).items(), key=lambda item: item[1])

    assert [word for word, _ in across[:2]] == ["captain", "boss"]
    assert {"nurse", "receptionist"} <= {word for word, position in across if position > 0.3}
