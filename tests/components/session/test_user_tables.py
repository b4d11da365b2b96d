"""Files of visitors are read a few at a time."""

import threading

import pytest

from components.session import user_tables
from components.session.user_tables import MAX_READ_AT_ONCE, room_to_read
from embeddings.common.errors import TooLarge

PATIENCE = 60  # seconds until a test that hangs gives up


def test_a_file_waits_until_one_of_those_before_it_has_been_read(monkeypatch):
    monkeypatch.setattr(user_tables, "_WAIT_SECONDS", 0.01)
    begun, go_on, third = threading.Semaphore(0), threading.Event(), threading.Event()

    def read(then: threading.Event | None = None) -> None:
        with room_to_read(1_000):
            begun.release()
            if then is None:
                go_on.wait(PATIENCE)
            else:
                then.set()

    reading = [threading.Thread(target=read) for _ in range(MAX_READ_AT_ONCE)]
    for thread in reading:
        thread.start()
    assert all(begun.acquire(timeout=PATIENCE) for _ in reading)
    waiting = threading.Thread(target=read, args=(third,))
    waiting.start()

    assert not third.wait(0.1)
    go_on.set()
    assert third.wait(PATIENCE)
    for thread in (*reading, waiting):
        thread.join(PATIENCE)


def test_a_refusal_and_a_failure_give_the_turn_back():
    for _ in range(2 * MAX_READ_AT_ONCE):
        with pytest.raises(TooLarge), room_to_read(10**12):
            pass
        with pytest.raises(ZeroDivisionError), room_to_read(1_000):
            _ = 1 / 0

    with room_to_read(1_000):
        pass
