"""Whether t-SNE is watched while it forms, or drawn by the faster program."""

import numpy as np
import pytest

from components.lessons.play.words_in_space.word_choice import MOST_FREQUENT
from embeddings.projection.map_result import FrameRecorder
from tests.pages.play.words_in_space.map_reading import places
from tests.pages.reading import drawing, run_until, words

TSNE = {"space_from": MOST_FREQUENT, "space_method": "t-SNE", "space_steps": "50"}


def finished(app):
    run_until(app, lambda: "Finished" in words(app))
    return app


def test_a_map_of_a_thousand_words_is_watched_unless_the_reader_wants_it_at_once(open_page):
    app = finished(open_page("words_in_space", space_frequent="1,000", **TSNE))
    watched = places(app)
    assert drawing(app, "space_map")["frames"]["steps"] == [10, 20, 30, 40, 50]
    assert "you see in 5 pictures how the words moved" in words(app)
    app.toggle(key="space_watch").set_value(False).run()
    finished(app)
    assert drawing(app, "space_map")["frames"] is None
    assert (places(app) != watched).any()
    assert "With up to 5,000 words you can watch the map form" in words(app)


def test_five_thousand_words_are_watched_when_the_reader_wants_to(open_page):
    app = open_page("words_in_space", space_frequent="5,000", space_watch_large="true", **TSNE)
    assert app.toggle(key="space_watch_large").value
    finished(app)
    assert drawing(app, "space_map")["frames"]["steps"][-1] == 50


def test_small_maps_are_always_watched(open_page):
    app = finished(open_page("words_in_space", space_frequent="200", **TSNE))
    assert drawing(app, "space_map")["frames"]["steps"][-1] == 50
    assert "Watch it form" not in [toggle.label for toggle in app.toggle]


@pytest.mark.parametrize(("most", "steps"), [(120, 75), (40, 38)])
def test_the_way_to_a_large_map_is_kept_in_fewer_pictures(most, steps):
    recorder = FrameRecorder(most)
    for step in range(10, 760, 10):
        recorder.add(step, 750, np.zeros((3, 2)), 0.0)
    assert len(recorder.frames().steps) == steps
