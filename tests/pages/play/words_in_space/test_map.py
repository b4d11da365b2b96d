"""The map of words: which words, which map, its colours, its neighbours and how far it can be trusted."""

import base64

import numpy as np
import pytest
import streamlit as st

from components.lessons.play.words_in_space import request
from components.lessons.play.words_in_space.word_choice import AROUND, LIST, MOST_FREQUENT
from embeddings import jobs
from embeddings.sources import load
from tests.pages.play.words_in_space.map_reading import click, linked, mapped, places, style_index
from tests.pages.reading import chart, drawing, guess, run_until, words

GUESS = "1 in 4 to 1 in 2"


@pytest.fixture
def app(open_page):
    return open_page("words_in_space")


def finished(app):
    run_until(app, lambda: "Finished" in words(app))


def metrics(app):
    return {metric.label: metric.value for metric in app.metric}


def test_a_neighbourhood_is_the_word_and_its_nearest(open_page):
    app = open_page("words_in_space", space_from=AROUND, space_around="piano", space_count="20")
    assert mapped(app)[:3] == ["piano", "violin", "cello"]
    assert len(mapped(app)) == 21


def test_the_most_frequent_words_are_words_of_letters(open_page):
    app = open_page("words_in_space", space_from=MOST_FREQUENT, space_frequent="200")
    assert mapped(app)[:3] == ["the", "of", "to"]
    assert len(mapped(app)) == 200
    assert all(word.isalpha() for word in mapped(app))


def test_a_pasted_list_is_mapped_and_unknown_words_are_named(open_page):
    app = open_page("words_in_space", space_from=LIST)
    app.text_area(key="space_list").set_value("zebra, giraffe;\nlion qqzzqq").run()
    assert mapped(app) == ["zebra", "giraffe", "lion"]
    assert "`qqzzqq`" in words(app)


def test_an_empty_list_or_an_unknown_middle_asks_for_words(open_page):
    app = open_page("words_in_space", space_from=AROUND, space_around="qqzzqq")
    assert "Type a word that the table has" in words(app)
    app.segmented_control(key="space_from").set_value(LIST).run()
    app.text_area(key="space_list").set_value("  ").run()
    assert "at least two words" in words(app)


def test_capitals_and_countries_can_be_seen_together(app):
    app.button_group(key="space_groups").set_value(["countries", "capitals"]).run()
    app.multiselect(key="space_words").set_value([]).run()
    assert {"france", "paris", "kenya", "nairobi"} <= set(mapped(app))


@pytest.mark.parametrize("method", ["PCA", "t-SNE", "UMAP"])
@pytest.mark.parametrize("size", ["2-D", "3-D"])
def test_each_method_draws_in_two_dimensions_and_in_three(open_page, method, size):
    app = open_page("words_in_space", space_method=method, space_size=size, space_metric="cosine")
    if method != "PCA":
        finished(app)
    if size == "2-D":
        assert len(mapped(app)) == 48
        assert np.ptp(places(app), axis=0).max() == pytest.approx(1, abs=1e-4)
    else:
        packed = np.frombuffer(base64.b64decode(drawing(app, "space_map")["xyz"]), dtype="<u2").reshape(-1, 3)
        assert len(packed) == 48
        assert np.ptp(packed, axis=0).max() == 65_535
    guess(app, "space_trust_guess", GUESS)
    assert 0.5 < float(metrics(app)["Trustworthiness"]) <= 1


def test_other_components_draw_another_map_and_say_what_they_keep(app):
    first = places(app)
    app.multiselect(key="space_components_2").set_value([3, 4]).run()
    assert [title.split(":")[0] for title in drawing(app, "space_map")["axes"]] == ["component 3", "component 4"]
    assert (places(app) != first).any()


def test_one_component_too_few_is_said_and_the_first_are_drawn(app):
    app.multiselect(key="space_components_2").set_value([3]).run()
    assert "until then the first 2 are drawn" in words(app)
    assert drawing(app, "space_map")["axes"][0].startswith("component 1")


def test_the_address_alone_brings_back_the_same_map(open_page):
    address = {"space_method": "UMAP", "space_seed": "7", "space_neighbours": "8", "space_start": "random"}
    first = open_page("words_in_space", **address)
    finished(first)
    jobs.shared_queue()._answers.clear()  # so that it is computed again
    again = open_page("words_in_space", **address)
    finished(again)
    assert (places(first) == places(again)).all()
    assert first.number_input(key="space_seed").value == 7


def test_another_seed_is_another_map_from_a_random_start(open_page):
    address = {"space_method": "t-SNE", "space_start": "random"}
    first, second = (open_page("words_in_space", **address, space_seed=seed) for seed in ("1", "2"))
    finished(first)
    finished(second)
    assert (places(first) != places(second)).any()


@pytest.mark.parametrize(("method", "key"), [("t-SNE", "space_perplexity"), ("UMAP", "space_neighbours")])
def test_options_are_bounded_by_the_number_of_words(open_page, method, key):
    app = open_page("words_in_space", space_method=method, space_groups="numbers", space_words="", space_steps="50")
    assert app.slider(key=key).max == (3 if method == "t-SNE" else 9)
    finished(app)


def test_a_vector_of_zeros_has_no_cosine_and_the_page_says_so(open_page, monkeypatch):
    app = open_page("words_in_space", space_groups="numbers", space_words="zebra", space_metric="cosine")
    real = type(load()).rows
    monkeypatch.setattr(
        type(load()), "rows", lambda wv, tokens: real(wv, tokens) * (np.arange(len(tokens)) > 0)[:, None]
    )
    app.multiselect(key="space_words").set_value(["giraffe"]).run()
    assert "no cosine" in words(app)
    assert not app.exception


def test_the_way_to_a_map_can_be_played(open_page):
    app = open_page("words_in_space", space_method="t-SNE")
    finished(app)
    frames = drawing(app, "space_map")["frames"]
    assert len(frames["xy"]) == len(frames["steps"]) == len(frames["loss"]) == 75
    assert frames["steps"][-1] == 750
    assert frames["loss"][-1] < frames["loss"][0]


def test_a_map_by_pca_was_never_on_its_way(app):
    assert drawing(app, "space_map")["frames"] is None


def test_an_added_word_finds_its_place_and_no_other_moves(open_page):
    app = open_page("words_in_space", space_method="t-SNE")
    finished(app)
    before = len(mapped(app))
    whole = app.session_state["space_add"]
    assert not whole
    app.text_input(key="space_add").set_value("goat cat qqzzqq").run()
    assert mapped(app)[before:] == ["goat"]
    assert "On the map already: `cat`" in words(app)
    assert "`qqzzqq`" in words(app)
    here = places(app)
    nearest = np.argsort(np.linalg.norm(here[:before] - here[-1], axis=1))[:8]
    assert {mapped(app)[place] for place in nearest} & {"sheep", "cow", "rabbit", "dog", "cat", "horse"}


@pytest.mark.parametrize("method", ["PCA", "t-SNE", "UMAP"])
def test_added_words_leave_the_others_where_they_are(open_page, method):
    app = open_page("words_in_space", space_method=method)
    if method != "PCA":
        finished(app)
    before = places(app)
    app.text_input(key="space_add").set_value("goat").run()
    after = places(app)[: len(before)]
    scale = np.ptp(before, axis=0) / np.ptp(after, axis=0)  # the square around them may have grown
    assert scale == pytest.approx([scale[0]] * 2, rel=1e-3)
    moved = (after - after.mean(axis=0)) * scale - (before - before.mean(axis=0))
    assert np.abs(moved).max() < 1e-3


@pytest.mark.parametrize("way", ["cluster", "frequency", "similarity", "trust"])
def test_colours_follow_what_they_are_to_show(app, way):
    by_group = style_index(app)
    app.button_group(key="space_colour").set_value(way).run()
    assert style_index(app) != by_group
    assert not app.exception


def test_a_link_to_a_map_coloured_by_trust_waits_until_it_is_measured(open_page):
    app = open_page("words_in_space", space_colour="trust", space_method="UMAP", space_seed="21")
    finished(app)
    assert app.button_group(key="space_colour").value == "trust"
    assert all(note.endswith("of 10 neighbours kept") for note in drawing(app, "space_map")["notes"])


def test_clusters_are_those_of_all_dimensions_whatever_the_map(app):
    app.button_group(key="space_colour").set_value("cluster").run()
    by_pca = style_index(app)
    app.button_group(key="space_method").set_value("UMAP").run()
    finished(app)
    assert style_index(app) == by_pca
    app.slider(key="space_clusters").set_value(3).run()
    assert set(style_index(app)) == {0, 1, 2}


def test_the_notes_say_the_rank_and_the_cosine(app):
    app.button_group(key="space_colour").set_value("frequency").run()
    notes = dict(zip(mapped(app), drawing(app, "space_map")["notes"], strict=True))
    assert notes["cat"] == f"rank {load().id('cat') + 1:,}"
    app.button_group(key="space_colour").set_value("similarity").run()
    notes = dict(zip(mapped(app), drawing(app, "space_map")["notes"], strict=True))
    assert notes["dog"] == "cosine 0.92"


def test_the_neighbours_of_the_chosen_word_are_linked_after_the_guess(app):
    assert drawing(app, "space_map")["links"] == []
    app.button(key="space_guess_show").click().run()
    click(app, "king")
    near = linked(app, 0) | linked(app, 1)
    assert {"queen", "prince"} <= near
    assert len(near) == 10
    assert "**On this map.** Of the 10 words" in words(app)


def test_kept_missed_and_made_up_neighbours_add_up(app):
    app.button(key="space_guess_show").click().run()
    click(app, "piano")
    assert len(linked(app, 0)) + len(linked(app, 1)) == 10
    assert len(linked(app, 1)) == len(linked(app, 2)) > 0


def test_a_word_beside_the_map_can_be_asked_for_too(app):
    app.button(key="space_guess_show").click().run()
    click(app, "piano")
    app.multiselect(key="space_words").set_value(["computer"]).run()
    assert "`piano` is not among the words of this map" in words(app)
    assert drawing(app, "space_map")["links"] == []


def test_an_unknown_middle_leaves_the_choice_of_three_dimensions(open_page):
    app = open_page("words_in_space", space_from=AROUND, space_size="3-D")
    app.text_input(key="space_around").set_value("qqzzqq").run()
    app.text_input(key="space_around").set_value("tea").run()
    assert app.segmented_control(key="space_size").value == "3-D"


def test_trust_is_revealed_after_a_guess_and_the_verdict_follows_the_overlap(app):
    assert not app.metric
    guess(app, "space_trust_guess", GUESS)
    overlap = int(metrics(app)["Neighbour overlap"].rstrip("%"))
    assert f"On average {overlap}% of them are the same" in words(app)
    assert len(chart(app, "space_shepard")["data"]) == 2
    assert chart(app, "space_spectrum")["data"][0]["marker"]["color"][:2] == ["#3a86c8"] * 2


def test_two_words_make_a_map_that_cannot_be_judged(open_page):
    app = open_page("words_in_space", space_groups="", space_words="cat,dog")
    app.button_group(key="space_groups").set_value([]).run()
    app.multiselect(key="space_words").set_value(["cat", "dog"]).run()
    assert len(mapped(app)) == 2
    assert "How far can this map be trusted?" not in [heading.value for heading in app.subheader]


def test_a_long_map_is_announced_and_starts_when_told_to(open_page, monkeypatch):
    monkeypatch.setattr(request, "LONG_SECONDS", 0.01)
    app = open_page("words_in_space", space_method="t-SNE", space_seed="99")
    assert "would take about a minute" in words(app)
    assert not [element for element in app.get("bidi_component") if element.proto.id.endswith("-space_map")]
    app.button(key="space_agree").click().run()
    finished(app)
    assert len(mapped(app)) == 48


def test_a_map_of_thousands_of_words_is_stopped_when_told_to(open_page):
    app = open_page("words_in_space", space_from=MOST_FREQUENT, space_frequent="5,000", space_method="UMAP")
    app.button(key="space_stop").click().run()
    run_until(app, lambda: "Stopped" in words(app))
    assert "ended early" in words(app)


@pytest.mark.parametrize(("typed", "kept"), [({}, 1), ({"space_list": "violin piano cello drum flute oboe harp"}, 0)])
def test_a_map_of_typed_words_is_not_kept_for_others(open_page, typed, kept):
    jobs.shared_queue()._answers.clear()
    finished(open_page("words_in_space", space_from=LIST, space_method="t-SNE", **typed))
    assert len(jobs.shared_queue()._answers) == kept


@pytest.mark.parametrize(
    ("asked", "computed"),
    [
        ({}, 1),
        ({"space_words": ["violin", "flute"]}, 2),
        ({"space_from": LIST, "space_list": "violin piano cello drum flute"}, 2),
        ({"space_from": AROUND, "space_around": "violin", "space_count": "20"}, 2),
        ({"space_from": AROUND, "space_count": "20"}, 1),
        ({"space_method": "Axes", "space_x_low": "violin"}, 2),
    ],
    ids=["usual", "own words", "a list", "around a word", "around the usual word", "axes"],
)
def test_nobody_can_tell_by_the_time_whether_somebody_else_typed_the_same_words(
    open_page, monkeypatch, asked, computed
):
    made, make = [], request._make
    monkeypatch.setattr(request, "_make", lambda *arguments: (made.append(1), make(*arguments))[1])
    st.cache_resource.clear()
    for _ in range(2):
        app = open_page("words_in_space", **({"space_method": "PCA"} | asked))
        assert mapped(app)
        app.run()
    assert len(made) == computed
