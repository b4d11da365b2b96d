"""What holds for each method of the registry, whichever it is."""

import numpy as np
import pytest

from embeddings.common.errors import InvalidInput
from embeddings.projection import METHODS, Choice, Range, Steps, estimate_seconds, options_of, project
from tests.embeddings.projection.methods import FROM_VECTORS, ITERATIVE, needs_opentsne

VECTORS = np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32)
EACH = pytest.mark.parametrize("method", [METHODS[name] for name in FROM_VECTORS], ids=lambda method: method.name)


@EACH
def test_every_bound_that_a_page_offers_is_taken_and_nothing_beyond_it(method):
    for option in method.options:
        if isinstance(option, Range):
            low, high = option.bounds(40)
            taken = [options_of((40, 6), method.name, **{option.name: value})[option.name] for value in (low, high)]
            assert taken == [low, high]
            for beyond in (low - 1, high + 1):
                with pytest.raises(InvalidInput):
                    options_of((40, 6), method.name, **{option.name: beyond})


@EACH
def test_every_choice_that_a_page_offers_is_taken(method):
    for option in method.options:
        if isinstance(option, Choice):
            for choice in option.choices.values():
                assert options_of((40, 6), method.name, **{option.name: choice})[option.name] == choice


@EACH
def test_the_options_of_a_finished_map_are_those_of_its_method_and_the_metric(method):
    assert {option.name for option in method.options} | {"metric"} == set(project(VECTORS, method.name).options)


@EACH
def test_the_fewest_points_are_drawn_and_one_less_is_refused(method):
    assert project(VECTORS[: method.min_points], method.name).coordinates.shape == (method.min_points, 2)
    with pytest.raises(InvalidInput):
        project(VECTORS[: method.min_points - 1], method.name)


@EACH
@needs_opentsne
def test_only_a_method_that_streams_tells_its_steps(method):
    steps = []
    project(VECTORS, method.name, callback=lambda step, *more: steps.append(step))
    assert bool(steps) == method.streams


def test_what_a_reader_chooses_is_what_is_drawn_by_and_words_become_axes_of_their_table(glove):
    ends = ((("man",), ("woman",)), (("cold",), ("hot",)))
    chosen = METHODS["axes"].arguments(glove, {"method": "axes", "n_components": 2, "axes": ends})

    assert project(glove.rows(["king", "queen", "ice"]), **chosen).options["axes"] == chosen["axes"]
    assert [(each.low, each.high) for each in chosen["axes"]] == list(ends)
    assert METHODS["tsne"].arguments(glove, {"perplexity": 5, "seed": 1}) == {"perplexity": 5, "seed": 1}


@EACH
@needs_opentsne
def test_the_steps_that_a_page_offers_are_taken(method):
    if steps := method.option(Steps):
        for count in (steps.low, steps.high):
            assert options_of((40, 6), method.name, **{steps.name: count})[steps.name] == count


@pytest.mark.parametrize("method", ITERATIVE, ids=lambda method: method.name)
@needs_opentsne
def test_twice_the_steps_are_expected_to_take_longer(method):
    few, many = (estimate_seconds(method.name, 500, 50, n_iter=steps) for steps in (200, 400))
    assert 1.2 < many / few <= 2


def test_what_is_not_iterative_has_nothing_random_in_it():
    for method in METHODS.values():
        if not method.iterative and method.name in FROM_VECTORS:
            first, other = (project(VECTORS, method.name, seed=seed).coordinates for seed in (0, 1))
            assert np.array_equal(first, other)


def test_each_method_is_registered_by_its_name_and_has_a_title_of_its_own():
    assert all(name == method.name for name, method in METHODS.items())
    assert len({method.title for method in METHODS.values()}) == len(METHODS)
