"""Rooms that are over are deleted while the server runs, also where nobody opens another one."""

import time

import pytest
from sqlalchemy import func, select, update

from components.rooms import clearance, rooms
from components.rooms.clearance import clearing_rooms
from components.rooms.database import is_in_use
from components.rooms.tables import ROOMS

PATIENCE = 30  # seconds


@pytest.fixture(autouse=True)
def often(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setattr(clearance, "LOOK_SECONDS", 0.05)


def count(database) -> int:
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(ROOMS))


def test_a_room_that_gets_too_old_while_the_server_runs_is_deleted(database):
    kept, over = rooms.open_room(database), rooms.open_room(database)
    with clearing_rooms():
        time.sleep(0.2)
        assert count(database) == 2
        with database.writing() as connection:
            old = update(ROOMS).where(ROOMS.c.code == over.code).values(opened=ROOMS.c.opened - rooms.DAY - 1)
            connection.execute(old)
        end = time.monotonic() + PATIENCE
        while count(database) == 2 and time.monotonic() < end:
            time.sleep(0.05)
    assert rooms.look(database, kept.code) is not None
    assert count(database) == 1


def test_a_failure_does_not_end_the_looking(monkeypatch, database):
    looks = []

    def fail(_database) -> None:
        looks.append(1)
        raise RuntimeError("a mistake")

    monkeypatch.setattr(rooms, "purge", fail)
    with clearing_rooms():
        end = time.monotonic() + PATIENCE
        while len(looks) < 2 and time.monotonic() < end:
            time.sleep(0.05)
    assert len(looks) >= 2


def test_where_there_never_was_a_room_no_file_is_made(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert not is_in_use()
    with clearing_rooms():
        time.sleep(0.1)
    assert not list(tmp_path.iterdir())
