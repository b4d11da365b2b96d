"""Rooms in both databases."""

from collections.abc import Iterator

import pytest

from components.rooms.database import Database, database_url
from components.rooms.tables import METADATA
from tests.postgres import Postgres, running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'rooms.sqlite3'}"
    return request.getfixturevalue("postgres").url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An empty one."""
    found = Database(database_url({"DATABASE_URL": url}))
    with found.writing() as connection:
        METADATA.drop_all(connection)
        METADATA.create_all(connection)
    yield found
    found.close()
