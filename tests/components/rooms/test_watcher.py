"""One thread tells open pages that their room has changed, and sends what waited for the database."""

import asyncio

import pytest

from components.rooms import rooms
from components.rooms.values import Place, Question, Seat, digest
from components.rooms.watcher import Viewer, Watcher
from embeddings.common import SourceUnavailable

QUESTION = Question("which", digest("which", "pets"), "Which?", ("cat", "dog"), Place("home"))


@pytest.fixture
def seats(database, url, monkeypatch) -> tuple[Seat, Seat]:
    """A teacher's and a student's, in a room that is asked something."""
    monkeypatch.setenv("DATABASE_URL", url)
    room = rooms.open_room(database)
    teacher = Seat(room.code, room.teacher_key, True)
    rooms.ask(database, teacher, QUESTION)
    return teacher, rooms.join(database, room.code)


def test_a_guess_that_waits_is_sent_and_the_first_one_counts(database, seats):
    _, student = seats
    watcher, ballot = Watcher(), (student, "which", 1)
    watcher.keep(ballot, 1)
    watcher.keep(ballot, 0)
    assert watcher.waits(ballot)
    watcher.tick()
    assert not watcher.waits(ballot)
    assert watcher.refusal(ballot) == ""
    assert rooms.vote_of(database, student, "which", 1) == 1


def test_a_guess_that_waited_too_long_is_refused_in_a_sentence(database, seats):
    teacher, student = seats
    watcher, ballot = Watcher(), (student, "which", 1)
    watcher.keep(ballot, 1)
    rooms.reveal(database, teacher, "which", 1)
    watcher.tick()
    assert watcher.refusal(ballot) == rooms.TOO_LATE


def test_another_process_sees_what_has_changed(database, seats):
    teacher, student = seats
    here, there = Watcher(), Watcher()
    for watcher, seat in ((here, teacher), (there, student)):
        watcher.enter(Viewer("session", seat), watcher.state_of(seat.code).revision)
    rooms.reveal(database, teacher, "which", 1)
    for watcher in (here, there):
        watcher.tick()
        assert watcher.state_of(teacher.code).rounds["which"].revealed


def test_while_the_database_is_gone_the_last_state_stands(postgres, database, seats, url):
    if not url.startswith("postgresql"):
        pytest.skip("a file does not go")
    teacher, _ = seats
    watcher = Watcher()
    before = watcher.state_of(teacher.code)
    postgres.stop()
    try:
        assert watcher.state_of(teacher.code) == before
        assert watcher.gone
        with pytest.raises(SourceUnavailable):
            Watcher().state_of(teacher.code)
    finally:
        postgres.start()


def test_the_thread_ends_when_no_page_is_open(database, seats):
    teacher, _ = seats
    watcher, loop = Watcher(), asyncio.new_event_loop()
    watcher.serve(loop)
    watcher.enter(Viewer("a session that is closed", teacher), 0)
    thread = watcher._thread
    if thread is not None:  # else it has ended already
        thread.join(10)
    assert watcher._thread is None
    loop.close()
