"""Where rooms are kept: one SQLite file, or the PostgreSQL that ``DATABASE_URL`` names; one small layer over both."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from embeddings.common import InvalidInput, SourceUnavailable, cache_folder, required

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

GONE = "The server cannot reach its rooms just now. Your page goes on working; try again in a few seconds."
PAUSE_SECONDS = 1.0  # after a failure, in which nobody waits for the same failure
_WAIT_SECONDS = 3  # for a connection, or for the one who writes

_log = logging.getLogger(__name__)


class Database:
    """Transactions on the rooms' tables, which are made when they are first asked for.

    Attributes:
        url: As SQLAlchemy writes it, with the password.
    """

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic):
        self.url = url
        self._clock, self._gone_until = clock, float("-inf")
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._failing = False

    @contextmanager
    def reading(self) -> "Iterator[Connection]":
        """A transaction that only reads.

        Raises:
            SourceUnavailable: The database does not answer.
        """
        with self._transaction(writes=False) as connection:
            yield connection

    @contextmanager
    def writing(self) -> "Iterator[Connection]":
        """A transaction that may write: all of it is kept at the end, or nothing.

        Raises:
            SourceUnavailable: The database does not answer.
        """
        with self._transaction(writes=True) as connection:
            yield connection

    def close(self) -> None:
        """Close all connections; what is asked after that opens new ones."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()

    @contextmanager
    def _transaction(self, writes: bool) -> "Iterator[Connection]":
        with required():
            from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
            from sqlalchemy.exc import TimeoutError as PoolTimeout
        if self._clock() < self._gone_until:
            raise SourceUnavailable(GONE)
        try:
            engine = self._made().execution_options(lab_writes=writes)
            with engine.begin() as connection:
                yield connection
        except (DataError, IntegrityError, ProgrammingError):
            raise  # the app's own mistake
        except (DBAPIError, PoolTimeout, OSError) as error:
            self._fail(error)
            raise SourceUnavailable(GONE) from error
        if self._failing:
            self._failing = False
            _log.warning("The rooms' database answers again.")

    def _fail(self, error: Exception) -> None:
        self._gone_until = self._clock() + PAUSE_SECONDS
        if not self._failing:  # a line for each time it is gone, not one for each who asks
            self._failing = True
            _log.warning("The rooms' database does not answer: %s", _short(error))

    def _made(self) -> "Engine":
        with self._lock:
            if self._engine is None:
                self._engine = _engine_with_tables(self.url)
            return self._engine


def _short(error: Exception) -> str:
    """The first line of what the driver says; SQLAlchemy adds the statement and its values, which are visitors'."""
    said = str(getattr(error, "orig", None) or error)
    return said.splitlines()[0] if said else type(error).__name__


def _engine_with_tables(url: str) -> "Engine":
    from sqlalchemy.exc import DBAPIError

    from components.rooms.tables import METADATA

    engine = _engine(url)
    try:
        METADATA.create_all(engine)
    except DBAPIError:  # another process makes them in the same moment
        METADATA.create_all(engine)
    return engine


def _engine(url: str) -> "Engine":
    with required():
        from sqlalchemy import create_engine, event, make_url
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        options = f"-c statement_timeout={_WAIT_SECONDS}s -c lock_timeout={_WAIT_SECONDS}s"
        return create_engine(
            address,
            pool_pre_ping=True,
            pool_timeout=_WAIT_SECONDS,
            connect_args={
                "connect_timeout": _WAIT_SECONDS,
                "tcp_user_timeout": 1_000 * _WAIT_SECONDS,  # where a network drops what is sent
                "options": options,
            },
        )
    engine = create_engine(address, pool_timeout=_WAIT_SECONDS, connect_args={"timeout": _WAIT_SECONDS})

    @event.listens_for(engine, "connect")
    def set_up(connection, _record) -> None:
        connection.isolation_level = None  # transactions begin where SQLAlchemy says so, and not later
        connection.execute("PRAGMA journal_mode = WAL")  # who reads does not wait for who writes
        connection.execute("PRAGMA synchronous = NORMAL")

    @event.listens_for(engine, "begin")
    def begin(connection: "Connection") -> None:
        writes = connection.get_execution_options().get("lab_writes", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def database_url(environment: Mapping[str, str] = os.environ) -> str:
    """Where this server keeps its rooms, as SQLAlchemy writes it.

    Raises:
        InvalidInput: ``DATABASE_URL`` is not the address of a PostgreSQL or of a SQLite file.
        SourceUnavailable: A package is missing.
    """
    asked = environment.get("DATABASE_URL", "")
    with required():
        from sqlalchemy import URL, make_url
        from sqlalchemy.exc import ArgumentError
    if not asked:
        return URL.create("sqlite", database=str(_usual_file())).render_as_string()
    try:
        address = make_url(asked)
    except (ArgumentError, ValueError):
        raise InvalidInput(_WRONG_URL) from None  # without the address, which has a password
    return _with_driver(address).render_as_string(hide_password=False)


def _usual_file() -> Path:
    return cache_folder() / "rooms.sqlite3"


def is_in_use(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether there may be rooms; where there never was one, nobody need load the database for it."""
    return bool(environment.get("DATABASE_URL")) or _usual_file().exists()


def check_setting(environment: Mapping[str, str] = os.environ) -> None:
    """Pass if ``DATABASE_URL`` is not set, or is an address; for the server's start, which loads no driver without it.

    Raises:
        InvalidInput: It is none.
        SourceUnavailable: A package is missing.
    """
    if environment.get("DATABASE_URL"):
        database_url(environment)


_WRONG_URL = (
    "DATABASE_URL must be the address of a database, as in postgresql://user:password@host/name or "
    "sqlite:////folder/file."
)


def _with_driver(address: "URL") -> "URL":
    kind = address.drivername.partition("+")[0]
    if kind in ("postgres", "postgresql"):
        with required("Without DATABASE_URL the rooms lie in a file."):
            import psycopg  # noqa: F401
        return address.set(drivername="postgresql+psycopg")
    if kind == "sqlite" and address.database:
        return address
    raise InvalidInput(_WRONG_URL)


def shared_database() -> Database:
    """This server's.

    Raises:
        InvalidInput: ``DATABASE_URL`` is wrong.
        SourceUnavailable: A package is missing, or the file's folder cannot be made.
    """
    return _shared(database_url())


@st.cache_resource(max_entries=4, show_spinner=False)
def _shared(url: str) -> Database:
    with required():
        from sqlalchemy import make_url
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database:
        folder = os.path.dirname(address.database)  # noqa: PTH120 (SQLite's own addresses may be no paths)
        try:
            os.makedirs(folder or ".", exist_ok=True)  # noqa: PTH103
        except OSError as error:
            _log.error("The rooms' folder cannot be made: %s", error)
            raise SourceUnavailable(GONE) from error
    return Database(url)
