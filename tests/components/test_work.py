"""Work that is watched from a page."""

import threading

import pytest

from components import work
from embeddings.jobs import PROJECTION, JobLine

PATIENCE = 20  # seconds until a test that hangs gives up


@pytest.fixture
def panels(monkeypatch):
    """What ``live`` hands to Streamlit to be drawn again by itself, in the order in which it was made."""
    made = []

    def fragment(run_every=None):
        return lambda panel: made.append(panel) or panel

    desk = work.Desk("somebody")
    monkeypatch.setattr(work, "_desk", lambda: desk)
    monkeypatch.setattr(work.st, "fragment", fragment)
    return made


def test_a_panel_that_was_drawn_anew_elsewhere_is_not_drawn_again(panels):
    drawn = []
    work.live("map", lambda job: drawn.append("first"))
    work.live("map", lambda job: drawn.append("second"))
    drawn.clear()

    for panel in panels:
        panel()

    assert drawn == ["second"]


def test_panels_of_different_work_do_not_hinder_each_other(panels):
    drawn = []
    for name in ("map", "trust"):
        work.live(name, lambda job, name=name: drawn.append(name))
    drawn.clear()

    for panel in panels:
        panel()

    assert drawn == ["map", "trust"]


def test_a_files_name_in_the_words_of_a_job_is_shown_as_text():
    told, go_on = threading.Event(), threading.Event()

    def held(report):
        report(0.5, "your **x**<b>.txt: 3 of 10")
        told.set()
        assert go_on.wait(PATIENCE)

    job = JobLine().submit("ada", held, PROJECTION)
    assert told.wait(PATIENCE)
    said = work._how_far(job, held=0)
    go_on.set()
    assert job.wait(PATIENCE)
    assert said.startswith(r"your \*\*x\*\*\<b\>\.txt\: 3 of 10 · ")
