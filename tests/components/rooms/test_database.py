"""Which database is taken, and what is said while it is gone."""

import logging

import pytest
from sqlalchemy import text

from components.rooms.database import GONE, PAUSE_SECONDS, Database, database_url
from embeddings.common import InvalidInput, SourceUnavailable
from tests.clock import Clock


def test_without_a_setting_rooms_lie_in_a_file_among_the_apps_own(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert database_url({}) == f"sqlite:///{tmp_path}/token-embedding-lab/rooms.sqlite3"


@pytest.mark.parametrize("address", ["postgres://me:secret@host/name", "postgresql://me:secret@host/name"])
def test_postgresql_is_asked_through_psycopg(address):
    assert database_url({"DATABASE_URL": address}) == "postgresql+psycopg://me:secret@host/name"


@pytest.mark.parametrize("address", ["nothing", "mysql://me:secret@host/name", "sqlite://", "postgresql://h:secret/n"])
def test_what_is_no_address_of_a_database_is_refused_without_its_password(address):
    with pytest.raises(InvalidInput, match="DATABASE_URL must be") as refused:
        database_url({"DATABASE_URL": address})
    assert "secret" not in str(refused.value)


def test_a_database_that_fails_is_told_once_and_left_alone_for_a_moment(tmp_path, caplog):
    clock = Clock()
    file = tmp_path / "missing" / "rooms.sqlite3"
    database = Database(f"sqlite:///{file}", clock)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            with pytest.raises(SourceUnavailable, match="cannot reach its rooms"), database.reading():
                raise AssertionError("never begun")
        file.parent.mkdir()
        with pytest.raises(SourceUnavailable, match=GONE), database.reading():
            raise AssertionError("not tried so soon")
        clock.now += PAUSE_SECONDS
        with database.writing() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "The rooms' database does not answer",
        "The rooms' database answers again.",
    ]
    database.close()


def test_a_damaged_file_is_a_sentence(tmp_path):
    file = tmp_path / "rooms.sqlite3"
    file.write_bytes(b"this is no database" * 100)
    with pytest.raises(SourceUnavailable, match="cannot reach its rooms"), Database(f"sqlite:///{file}").reading():
        raise AssertionError("never begun")


def test_postgresql_that_was_gone_is_asked_again_through_new_connections(postgres):
    clock = Clock()
    database = Database(database_url({"DATABASE_URL": postgres.url}), clock)
    with database.reading() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    postgres.stop()
    try:
        with pytest.raises(SourceUnavailable, match="cannot reach its rooms"), database.reading():
            raise AssertionError("never begun")
    finally:
        postgres.start()
    clock.now += PAUSE_SECONDS
    with database.writing() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    database.close()
