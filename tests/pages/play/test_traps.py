"""The six traps: a guess, the grid that fills, and the numbers that judge it."""

import re

import numpy as np
import pytest

from components import navigation
from components.lessons.play.traps.prose import PROSE
from embeddings import jobs
from embeddings.vectors import GROUPS
from tests.pages.reading import chart, guess, numbers, run_until, words

FORTY = {"traps_kind": "my own list", "traps_words": " ".join(word for group in GROUPS.values() for word in group[:6])}
TITLES = {name: prose.title for name, prose in PROSE.items()}


def open_trap(open_page, name: str, **query):
    return open_page("traps", traps_which=TITLES[name], **query)


def commit(app, name: str, answer: str | None = None) -> None:
    """Guess ``answer``, by default the first there is; its label is Markdown, in which signs are escaped."""
    key = f"traps_{name}_guess"
    guess(app, key, answer or re.sub(r"\\(.)", r"\1", app.button_group(key=key).options[0]))
    assert not [pills for pills in app.button_group if pills.key == key]


def finish(app, name: str, answer: str | None = None) -> None:
    commit(app, name, answer)
    run_until(app, lambda: "Finished" in words(app), seconds=240)


def notes(app, *keys: str) -> list[str]:
    """What stands under each map of the charts ``keys``, by default of both."""
    charts = [chart(app, key) for key in keys or ("traps_grid", "traps_others")]
    texts = [note["text"] for each in charts for note in each["layout"]["annotations"]]
    return [text for text in texts if "trust" in text]


def measured(app) -> dict[str, list[str]]:
    (table,) = app.table
    return {
        str(name): [str(value) for value in row]
        for name, row in zip(table.value.index, table.value.values, strict=True)
    }


def test_it_follows_the_map_of_words():
    paths = [lesson.path for lesson in navigation.LESSONS]
    assert paths.index("pages/play/words_in_space.py") < paths.index("pages/play/traps.py")


def drawn(app) -> list[int]:
    """How many points there are in each small map."""
    charts = [chart(app, key) for key in ("traps_grid", "traps_others")]
    return [len(numbers(trace["x"])) for each in charts for trace in each["data"]]


def test_before_a_guess_the_frame_is_empty_and_the_time_is_said(open_page):
    app = open_trap(open_page, "noise")
    assert drawn(app) == [0] * 12
    assert notes(app) == []
    titles = [note["text"] for note in chart(app, "traps_grid")["layout"]["annotations"]]
    assert "<b>noise like them, seed 0</b>" in titles
    assert "No map is drawn yet." in words(app)
    assert re.search(r"12 maps by t-SNE.*about \d+ seconds", words(app))
    assert "Will the map show groups in pure noise?" in words(app)


@pytest.mark.parametrize("name", TITLES)
def test_each_trap_can_be_chosen_and_asks_its_question(open_page, name):
    app = open_trap(open_page, name)
    assert PROSE[name].lead in words(app)
    assert PROSE[name].question.split("{")[0] in words(app)
    assert len(app.button_group(key=f"traps_{name}_guess").options) == 3


def test_a_finished_grid_has_every_map_with_its_figures_and_judges_the_guess(open_page):
    app = open_trap(open_page, "noise", traps_kind="everyday groups")
    finish(app, "noise", "No, noise stays one cloud")
    assert len(notes(app)) == 12
    assert all(re.fullmatch(r"\d+ groups?<br>trust 0\.\d\d<br>overlap 0\.\d\d", note) for note in notes(app))
    assert "You said “No, noise stays one cloud”. The answer is “Yes at perplexity 2, hardly at 25”" in words(app)
    assert re.search(r"Noise falls into \d+( or \d+)* groups? at perplexity 2 and into \d+( or \d+)* at 25", words(app))
    shown = measured(app)["noise like them, seed 0: groups"]
    assert shown == ["1", *(note.split()[0] for note in notes(app, "traps_grid")[:3])]


def test_words_wear_the_colours_of_their_groups_and_noise_is_grey(open_page):
    app = open_trap(open_page, "noise", traps_kind="everyday groups")
    finish(app, "noise")
    traces, noise = chart(app, "traps_others")["data"], chart(app, "traps_grid")["data"]
    assert len(set(traces[0]["marker"]["color"])) == 7
    assert isinstance(noise[0]["marker"]["color"], str)
    assert traces[0]["hovertext"][0] == "cat"
    assert np.isfinite(numbers(traces[0]["x"])).all()


def test_the_same_seed_shows_the_same_maps_and_another_seed_others(open_page):
    app = open_trap(open_page, "sizes", **FORTY)
    finish(app, "sizes")
    first = [numbers(trace["x"]) for trace in chart(app, "traps_grid")["data"]]
    app.number_input(key="traps_seed").set_value(1).run()
    run_until(app, lambda: "Finished" in words(app), seconds=240)
    second = [numbers(trace["x"]) for trace in chart(app, "traps_grid")["data"]]
    assert first[0] != second[0]
    assert first[3] == second[0]  # the second row of seeds 0 and 1 is the first of 1 and 2


def test_a_grid_can_be_stopped_and_taken_up_again(open_page):
    app = open_trap(open_page, "gaps", traps_seed="7")
    commit(app, "gaps")
    assert "The answer is measured once all 12 maps are there" in words(app)
    app.button(key="traps_stop").click().run()
    run_until(app, lambda: "Stopped" in words(app))
    assert len(notes(app)) < 12
    assert "it is `" not in words(app)
    app.button(key="traps_again").click().run()
    assert [button for button in app.button if button.key == "traps_stop"]
    app.button(key="traps_stop").click().run()
    run_until(app, lambda: "Stopped" in words(app))


def test_choosing_another_trap_lets_go_of_the_grid_under_way(open_page):
    app = open_trap(open_page, "perplexity", traps_seed="8")
    commit(app, "perplexity")
    app.button_group(key="traps_which").set_value(TITLES["sizes"]).run()
    assert not [button for button in app.button if button.key == "traps_stop"]
    assert not any(drawn(app))
    assert not app.exception


def test_draw_skips_the_question_and_the_grid_is_judged_by_nobody(open_page):
    app = open_trap(open_page, "sizes", **FORTY)
    app.button(key="traps_draw").click().run()
    assert "The answer is measured once all 12 maps are there" in words(app)
    assert "traps_draw" not in [button.key for button in app.button]
    run_until(app, lambda: "Finished" in words(app), seconds=240)
    assert all(drawn(app))
    assert "The answer is “" in words(app)
    assert "You said" not in words(app)
    assert "Your guess:" not in words(app)


def test_too_few_words_are_told_so_and_stay_as_they_were_typed(open_page):
    app = open_trap(open_page, "sizes", traps_kind="my own list", traps_words="cat dog qqzzqq")
    assert "need at least 40 words; there are 2" in words(app)
    assert "Not among the 400,000 words of the table: `qqzzqq`" in words(app)
    assert app.text_input(key="traps_words").value == "cat dog qqzzqq"
    assert not app.exception


def test_the_trap_of_lines_needs_no_words(open_page):
    app = open_trap(open_page, "lines")
    assert not [element for element in app.button_group if element.key == "traps_kind"]
    assert "18 maps" in words(app)


def test_from_seed_to_seed_a_point_keeps_its_colour(open_page):
    app = open_trap(open_page, "seeds", **FORTY)
    finish(app, "seeds")
    traces = chart(app, "traps_grid")["data"]
    colours = [numbers(trace["marker"]["color"]) for trace in traces[:3]]
    assert colours[0] == colours[1] == colours[2]
    assert np.argsort(numbers(traces[0]["x"])).tolist() == np.argsort(colours[0]).tolist()


def test_maps_of_typed_words_are_not_kept_for_others(open_page):
    jobs.shared_queue()._answers.clear()
    finish(open_trap(open_page, "sizes", **FORTY), "sizes")
    assert not jobs.shared_queue()._answers
