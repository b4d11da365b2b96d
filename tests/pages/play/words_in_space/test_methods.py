"""All methods of the map, one after the other, with the guess on the neighbours made and answers that are known."""

from pathlib import Path

import numpy as np
import pytest

from components.lessons.play.words_in_space.word_choice import MOST_FREQUENT
from embeddings.projection import METHODS, Choice, Range, Steps
from tests.pages.play.words_in_space.map_reading import in_shares, mapped, places
from tests.pages.reading import chart, drawing, guess, run_until, words
from tests.pages.test_show_the_code import run

FEW, MANY = {}, {"space_from": MOST_FREQUENT, "space_frequent": "1,000"}
TITLES = [method.title for method in METHODS.values()]
README = Path(__file__).parents[4] / "README.md"


def finished(app):
    run_until(app, lambda: not app.get("progress"))
    return app


@pytest.mark.parametrize(("address", "count"), [(FEW, 48), (MANY, 1_000)])
def test_the_methods_follow_one_another_with_the_neighbours_guessed(open_page, address, count):
    app = open_page("words_in_space", **address)
    guess(app, "space_guess")
    for method in (*TITLES[1:], *TITLES[-2::-1]):  # there and back: each after the one before and the one behind it
        app.segmented_control(key="space_method").set_value(method).run()
        run_until(app, lambda: not app.get("progress"))
        assert not app.exception
        assert len(mapped(app)) == count
        assert chart(app, "space_nearest")["data"]


def test_the_page_and_the_readme_name_the_methods_of_the_registry_in_its_order(open_page):
    assert open_page("words_in_space").segmented_control(key="space_method").options == TITLES
    assert f"with {', '.join(TITLES[:-1])} or {TITLES[-1]}".lower() in README.read_text().lower()


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.title)
def test_a_page_says_what_a_method_does_and_offers_its_options_within_their_bounds(open_page, method):
    app = open_page("words_in_space", space_method=method.title, space_groups="animals", space_words="")
    count = len(mapped(finished(app)))
    assert method.about in words(app)
    for option in method.options:
        if isinstance(option, Range):
            low, high = option.bounds(count)
            slider = app.slider(key=f"space_{option.address}")
            assert (slider.min, slider.max) == (low, min(high, option.shown_up_to or high))
        elif isinstance(option, Choice):
            control = app.segmented_control(key=f"space_{option.address}")
            assert control.options == ["usual", *option.choices]
            assert option.usual in control.help
        elif isinstance(option, Steps):
            steps = app.number_input(key="space_steps")
            assert option.usual in steps.help
            assert (steps.min, steps.max) == (option.low, option.high)
    assert bool([each for each in app.number_input if each.key == "space_seed"]) == method.iterative
    assert ("3-D" in app.segmented_control(key="space_size").options) == method.in_3d


@pytest.mark.parametrize("method", [each for each in METHODS.values() if each.streams], ids=lambda each: each.title)
def test_the_way_to_a_map_whose_method_has_steps_can_be_played(open_page, method):
    app = finished(open_page("words_in_space", space_method=method.title, space_seed="41"))
    frames = drawing(app, "space_map")["frames"]
    assert len(frames["steps"]) > 1
    assert frames["loss"][-1] < frames["loss"][0]
    assert method.reading in words(app)


def test_mds_says_what_its_map_means_and_its_code_draws_the_same(open_page):
    app = finished(open_page("words_in_space", space_method="MDS", space_start="random", space_seed="5"))
    assert "the further apart are their vectors" in words(app)
    assert "Read here only which words are near each other" not in words(app)
    drawn = run(app, "space_map")["drawn"]
    assert (drawn.method, drawn.seed, drawn.options["init"]) == ("mds", 5, "random")
    assert np.abs(in_shares(drawn.coordinates) - places(app)).max() < 1e-3


def test_more_words_than_mds_draws_are_refused_with_what_would_do(open_page):
    app = open_page("words_in_space", space_from=MOST_FREQUENT, space_frequent="5,000", space_method="MDS")
    assert "MDS draws at most 2,000 words; there are 5,000. Choose fewer, or use PCA." in words(app)
    assert not app.exception
