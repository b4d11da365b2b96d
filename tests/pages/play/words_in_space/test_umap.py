"""UMAP's settings on the map of words."""

from tests.pages.play.words_in_space.map_reading import places
from tests.pages.reading import run_until, words
from tests.pages.test_show_the_code import run


def test_the_least_distance_changes_the_map_and_is_in_its_code(open_page):
    app = open_page("words_in_space", space_method="UMAP", space_min_dist="0.5")
    run_until(app, lambda: "Finished" in words(app))
    spread = places(app)
    assert run(app, "space_map")["drawn"].options["min_dist"] == 0.5
    app.slider(key="space_min_dist").set_value(0.05).run()
    run_until(app, lambda: "Finished" in words(app))
    assert (places(app) != spread).any()


def test_it_is_said_that_another_machine_may_draw_another_map(open_page):
    assert "another machine" in words(open_page("words_in_space", space_method="UMAP"))
    assert "another machine" not in words(open_page("words_in_space"))
