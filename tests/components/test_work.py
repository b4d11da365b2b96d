"""Work that is watched from a page."""

import pytest

from components import work


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
