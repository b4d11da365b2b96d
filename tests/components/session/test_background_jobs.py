"""Work that is watched from a page."""

import threading

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from components.session import background_jobs
from embeddings.common import InvalidInput
from embeddings.jobs import DOWNLOAD, EVALUATION, LOOK_UP, PROJECTION, READING, TIMING, TRAINING, JobQueue, Seen

PATIENCE = 20  # seconds until a test that hangs gives up


class Rerun(Exception):
    """The page begins anew, as ``st.rerun`` has it do."""


class Held:
    """Work that stands still at a fraction until it is let go."""

    def __init__(self, fraction=0.5):
        self.fraction, self.begun, self.may_end = fraction, threading.Event(), threading.Event()

    def __call__(self, report):
        report(self.fraction, "Half of it")
        self.begun.set()
        assert self.may_end.wait(PATIENCE)
        return "answer"


@pytest.fixture
def started():
    """Puts held work under a name on the visitor's desk; the work and its job."""
    works = []

    def start(name="map", kind=PROJECTION, key=None):
        works.append(Held())
        job = JobQueue().submit("somebody", works[-1], kind, key)
        assert works[-1].begun.wait(PATIENCE)
        background_jobs._session_jobs().jobs[name] = job
        return works[-1], job

    yield start
    for each in works:
        each.may_end.set()


@pytest.fixture
def panels(monkeypatch):
    """What ``live`` hands to Streamlit to be drawn again by itself, in the order in which it was made."""
    made = []

    def fragment(run_every=None):
        return lambda panel: made.append(panel) or panel

    desk = background_jobs.SessionJobs()
    monkeypatch.setattr(background_jobs, "_session_jobs", lambda: desk)
    monkeypatch.setattr(background_jobs.st, "fragment", fragment)
    monkeypatch.setattr(background_jobs.st, "rerun", lambda: (_ for _ in ()).throw(Rerun()))
    return made


def test_a_panel_that_was_drawn_anew_elsewhere_is_not_drawn_again(panels):
    drawn = []
    background_jobs.poll("map", lambda job: drawn.append("first"))
    background_jobs.poll("map", lambda job: drawn.append("second"))
    drawn.clear()

    for panel in panels:
        panel()

    assert drawn == ["second"]


def test_panels_of_different_work_do_not_hinder_each_other(panels):
    drawn = []
    for name in ("map", "trust"):
        background_jobs.poll(name, lambda job, name=name: drawn.append(name))
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

    job = JobQueue().submit("ada", held, PROJECTION)
    assert told.wait(PATIENCE)
    said = background_jobs.how_far(job.seen())
    go_on.set()
    assert job.wait(PATIENCE)
    assert said.startswith(r"your \*\*x\*\*\<b\>\.txt\: 3 of 10 · ")


def test_a_job_that_ends_while_the_page_is_drawn_is_drawn_by_the_next_run_alone(panels, started, monkeypatch):
    held, job = started()
    drawn = []

    def fragment(run_every=None):
        assert run_every  # it was active when the page looked
        held.may_end.set()
        assert job.wait(PATIENCE)
        return lambda panel: panel

    monkeypatch.setattr(background_jobs.st, "fragment", fragment)
    with pytest.raises(Rerun):
        background_jobs.poll("map", drawn.append)
    assert drawn == []
    monkeypatch.setattr(background_jobs.st, "fragment", lambda run_every=None: lambda panel: panel)
    background_jobs.poll("map", drawn.append)
    assert [seen.result for seen in drawn] == ["answer"]


def test_what_is_drawn_is_of_one_moment_though_the_job_ends_meanwhile(panels, started):
    held, job = started()
    states = []

    def draw(seen):
        states.append((seen.state, seen.active, seen.result))
        held.may_end.set()
        assert job.wait(PATIENCE)
        states.append((seen.state, seen.active, seen.result))

    background_jobs.poll("map", draw)

    assert states == [("running", True, None)] * 2


@pytest.mark.parametrize(
    ("asked", "keeps", "shown"),
    [("this", True, "answer"), ("this", False, "answer"), ("other", True, "answer"), ("other", False, None)],
)
def test_what_has_ended_is_shown_under_its_own_question_and_under_another_only_where_that_is_said(
    panels, started, asked, keeps, shown
):
    held, job = started(key="this")
    held.may_end.set()
    assert job.wait(PATIENCE)
    drawn = []

    background_jobs.poll("map", drawn.append, asked=asked, keeps=keeps)

    assert [seen and seen.result for seen in drawn] == [shown]


def test_what_failed_without_a_result_is_not_told_under_another_question(panels):
    def fail(report):
        raise InvalidInput("Choose more words.")

    job = JobQueue().submit("somebody", fail, PROJECTION, key="this")
    assert job.wait(PATIENCE)
    background_jobs._session_jobs().jobs["map"] = job
    drawn = []
    for asked in ("this", "other"):
        background_jobs.poll("map", drawn.append, asked=asked)
    assert [seen and seen.message for seen in drawn] == ["Choose more words.", None]


def seen(state="waiting", **rest) -> Seen:
    usual = {"kind": PROJECTION, "key": None, "fraction": 0.0, "message": "", "snapshot": None, "result": None}
    usual |= {"seconds": 0.0, "paused": False, "position": 1, "ahead": (), "wait": None, "pause_left": None}
    return Seen(**usual | {"state": state, "may_pause": True} | rest)


@pytest.mark.parametrize(
    ("job", "said"),
    [
        (
            seen(ahead=(PROJECTION,), wait=37.0),
            "You are next. A map is under way. Yours starts by itself in about 40 s.",
        ),
        (
            seen(position=3, ahead=(TRAINING, TIMING, TRAINING), wait=200.0),
            "2 trainings and a measurement of times are ahead of you. Yours starts by itself in about 3 minutes.",
        ),
        (
            seen(kind=TIMING, ahead=(DOWNLOAD,)),
            "You are next. A download is under way. Yours must run alone. How long that takes is not known yet. "
            "Yours starts by itself.",
        ),
        (
            seen(kind=TRAINING, ahead=(PROJECTION,), wait=0.0, seconds=12.0),
            "You are next. A map is under way. Yours goes on by itself in a few seconds.",
        ),
        (seen(), "You are next. Yours starts in a moment."),
        (
            seen(ahead=(READING, LOOK_UP), wait=2.0),
            "You are next. A short computation and a search for a model are under way. "
            "Yours starts by itself in a few seconds.",
        ),
        (
            seen(position=2, ahead=(PROJECTION,) * 2 + (READING,) * 2 + (EVALUATION,), wait=200.0),
            "2 maps, 2 short computations and a report card are ahead of you. "
            "Yours starts by itself in about 3 minutes.",
        ),
    ],
)
def test_who_waits_is_told_how_long_about_and_for_what(job, said):
    assert background_jobs.how_far(job) == said


def test_who_pauses_is_told_what_comes_of_it():
    job = seen("paused", kind=TRAINING, message="Training: 3 of 9 tokens", seconds=7.2, paused=True, pause_left=1_140.0)
    assert background_jobs.how_far(job) == (
        r"Paused. So far: Training\: 3 of 9 tokens · 7 s. Others can compute now. Your run ends in about 19 minutes, "
        "with what it has, unless you press “Go on”."
    )


@pytest.fixture
def desk(monkeypatch):
    """A visitor's desk with two works under way, as many as one may have, under "one" and "two"."""
    line, held = JobQueue(), [Held(), Held()]
    desk = background_jobs.SessionJobs()
    monkeypatch.setattr(background_jobs, "_session_jobs", lambda: desk)
    monkeypatch.setattr("embeddings.jobs.shared.shared_queue", lambda: line)
    for name, each in zip(("one", "two"), held, strict=True):
        background_jobs.start(name, each, PROJECTION, name)
        assert each.begun.wait(PATIENCE)
    yield desk
    for each in held:
        each.may_end.set()
    assert line.close(PATIENCE)


def test_who_is_refused_another_run_keeps_the_one_that_is_there(desk):
    before = desk.jobs["three"] = JobQueue().submit("ada", lambda report: "shown", PROJECTION, "before")
    assert before.wait(PATIENCE)

    assert background_jobs.start("three", lambda report: None, PROJECTION, "after") is None

    assert desk.jobs["three"] is before
    assert before.result == "shown"


def test_a_page_that_asks_for_something_else_does_not_keep_what_is_of_another_question(desk):
    desk.jobs["three"] = JobQueue().submit("ada", lambda report: "of before", PROJECTION, "before")

    assert background_jobs.get_or_start("three", lambda report: None, PROJECTION, "after") is None

    assert "three" not in desk.jobs


def test_what_takes_the_place_of_another_needs_no_share_of_its_own(desk):
    before = desk.jobs["one"]

    after = background_jobs.start("one", lambda report: None, PROJECTION, "after")

    assert desk.jobs["one"] is after
    assert not before.result
    assert before._stop_reason == "Not needed any more."


def test_a_sentence_of_several_lines_where_there_is_no_job_has_the_height_it_needs():
    def page():
        from components.session import background_jobs

        background_jobs.poll("none", lambda job: None, idle="Nothing is trained yet. " * 9)

    app = AppTest.from_function(page).run()
    assert app.caption[0].value.startswith("Nothing is trained yet.")
    assert not [block for block in blocks(app.main) if block.proto and block.proto.height_config.pixel_height]


def blocks(block):
    """The containers in ``block``, and those in them."""
    inner = [child for child in block.children.values() if isinstance(child, Block)]
    return [*inner, *(each for child in inner for each in blocks(child))]
