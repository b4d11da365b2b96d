"""Words in space: maps and neighbours."""

import threading

import pytest

from components.ui.text_fields import beginning
from embeddings.projection import map_result
from embeddings.sources import load
from tests.pages.play.words_in_space.map_reading import mapped, places
from tests.pages.reading import chart, drawing, guess, numbers, run_until, words


@pytest.fixture
def app(open_page):
    return open_page("words_in_space")


def choose_tsne(app):
    app.button_group(key="space_method").set_value("t-SNE").run()
    run_until(app, lambda: "Finished" in words(app))


def test_groups_and_own_words_are_on_the_map(app):
    app.button_group(key="space_groups").set_value(["numbers"]).run()
    app.multiselect(key="space_words").set_value(["zebra"]).run()
    assert mapped(app) == "one two three four five six seven eight nine ten zebra".split()


def test_pca_says_how_much_it_keeps(app):
    titles = drawing(app, "space_map")["axes"]
    shares = [int(title.split(": ")[1].split("%")[0]) for title in titles]
    assert 0 < shares[1] <= shares[0] < 100


def test_the_neighbours_are_found_among_all_words(app):
    app.selectbox(key="space_chosen").set_value("king").run()
    guess(app, "space_guess", "prince")
    assert "You said `prince`, and that is right. The cosines with `king`: `prince` 0.824, " in words(app)
    figure = chart(app, "space_nearest")
    assert figure["data"][0]["hovertext"][:3] == ["prince", "queen", "ii"]
    assert round(numbers(figure["data"][0]["x"])[0], 4) == 0.8236
    assert "all 400,000 words" in words(app)


def test_an_unknown_word_has_no_neighbours_but_close_spellings(open_page):
    unknown = open_page("words_in_space", space_chosen="violinn")
    assert "For `violinn`, did you mean `violin`" in words(unknown)


def test_tsne_runs_in_line_and_ends_with_a_map(app):
    before = places(app)
    choose_tsne(app)
    assert len(places(app)) == len(before)
    assert (places(app) != before).any()


def test_the_same_seed_draws_the_same_map_and_another_perplexity_another(app):
    choose_tsne(app)
    first = places(app)
    app.slider(key="space_perplexity").set_value(3).run()
    run_until(app, lambda: "Finished" in words(app))
    second = places(app)
    app.slider(key="space_perplexity").set_value(15).run()
    run_until(app, lambda: "Finished" in words(app))
    assert (places(app) == first).all()
    assert (first != second).any()


def test_the_perplexity_is_bounded_by_the_number_of_words(app):
    app.button_group(key="space_groups").set_value(["numbers"]).run()
    app.multiselect(key="space_words").set_value([]).run()
    app.button_group(key="space_method").set_value("t-SNE").run()
    assert app.slider(key="space_perplexity").max == 3


@pytest.mark.parametrize(("own", "sentence"), [([], "at least two words"), (["cat"], "at least two words")])
def test_too_few_words_for_a_map_are_told_so(app, own, sentence):
    app.button_group(key="space_groups").set_value([]).run()
    app.multiselect(key="space_words").set_value(own).run()
    assert sentence in words(app)
    assert not app.exception


def test_three_words_are_too_few_for_tsne_and_it_says_so(app):
    app.button_group(key="space_groups").set_value([]).run()
    app.multiselect(key="space_words").set_value(["cat", "dog", "cow"]).run()
    app.button_group(key="space_method").set_value("t-SNE").run()
    run_until(app, lambda: "t-SNE needs at least 4 words" in words(app))


def test_unknown_words_are_named_with_close_spellings(app):
    app.multiselect(key="space_words").set_value(["embeding", "qqzzqq"]).run()
    assert "Not among the 400,000 words of the table: `embeding`, `qqzzqq`" in words(app)
    assert "For `embeding`, did you mean `embedding`" in words(app)
    assert app.multiselect(key="space_words").value == ["embeding", "qqzzqq"]


def test_a_pasted_list_counts_as_its_words(app):
    app.button_group(key="space_groups").set_value([]).run()
    app.multiselect(key="space_words").set_value(["zebra, giraffe\nlion"]).run()
    assert mapped(app) == ["zebra", "giraffe", "lion"]


def test_a_pasted_list_is_cut_with_sentences(app):
    pasted = " ".join(token for token in load().tokens[:14_000] if token.isalpha())
    app.multiselect(key="space_words").set_value([pasted]).run()
    assert "At most 3,000 characters are used here; the rest was left out." in words(app)
    assert "The first 300 words are used" in words(app)
    assert app.multiselect(key="space_words").value == [beginning(pasted, 3_000)]


def test_without_labels_only_the_chosen_word_is_written(app):
    app.toggle(key="space_labels").set_value(False).run()
    shown = drawing(app, "space_map")
    assert not shown["labels"]
    assert shown["words"][shown["chosen"]] == "cat"


def test_taking_words_away_lowers_a_perplexity_that_is_too_large(app):
    app.button_group(key="space_method").set_value("t-SNE").run()
    app.slider(key="space_perplexity").set_value(14).run()
    app.button_group(key="space_groups").set_value(["numbers"]).run()
    assert app.slider(key="space_perplexity").value == 3
    assert not app.exception


@pytest.fixture
def endless_tsne(monkeypatch):
    """A t-SNE that takes one step again and again until it is stopped; the steps that it took."""
    real, over, steps = map_result.project, threading.Event(), []

    def held(vectors, method, callback=None, report=None, **options):
        start = real(vectors, "pca")
        while report is not None and not over.wait(0.01):
            steps.append(1)
            callback(1, 100, start.coordinates, 0.0)
            report(0.01)  # raises once the job is stopped
        return start

    monkeypatch.setattr(map_result, "project", held)
    yield steps
    over.set()


def test_a_stopped_map_stays_stopped(app, endless_tsne):
    app.multiselect(key="space_words").set_value(["umbrella"]).run()  # a map that no other test has had computed
    app.button_group(key="space_method").set_value("t-SNE").run()
    app.button(key="space_stop").click().run()
    run_until(app, lambda: "Stopped" in words(app))
    assert endless_tsne
    for _ in range(3):
        app.run()
    assert not [button for button in app.button if button.key == "space_stop"]
    app.button(key="space_again").click().run()
    assert [button for button in app.button if button.key == "space_stop"]
