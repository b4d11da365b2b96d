"""A PostgreSQL of the tests' own, on a port of its own: Debian's, installed where that is allowed."""

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class Postgres:
    """A cluster that can be stopped and started again.

    Attributes:
        url: As ``DATABASE_URL`` has it.
    """

    def __init__(self, programs: Path, folder: Path):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._programs, self._data, self._folder = programs, folder / "data", folder
        self.url = f"postgresql://lab@127.0.0.1:{port}/postgres"
        self._run("initdb", "--auth=trust", "--username=lab", "--encoding=UTF8", "--locale=C", "--no-sync")
        self._options = f"-F -p {port} -k {folder} -c listen_addresses=127.0.0.1"

    def start(self) -> None:
        self._run("pg_ctl", "--wait", f"--log={self._folder / 'log'}", "--options", self._options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "--wait", "--mode=immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), f"--pgdata={self._data}", *arguments]
        options = {"user": "postgres", "group": "postgres", "extra_groups": []} if _is_root() else {}
        nowhere = subprocess.DEVNULL  # a pipe would be held open by the server
        subprocess.run(command, check=True, stdout=nowhere, stderr=nowhere, cwd="/", **options)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def find() -> Path | None:
    """Where the server's programs are, installed where that is allowed; ``None`` without them or without psycopg."""
    if importlib.util.find_spec("psycopg") is None:
        return None
    if not _found() and _is_root() and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        command = ["apt-get", "install", "--yes", "--no-install-recommends", "postgresql"]
        subprocess.run(command, env=environment, capture_output=True, timeout=120)
    return next(reversed(_found()), None)


def _found() -> list[Path]:
    found = [initdb.parent for initdb in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))]
    elsewhere = shutil.which("initdb")
    return found or ([Path(elsewhere).parent] if elsewhere else [])


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A cluster that runs until the block ends, and leaves nothing behind."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install -r requirements-cluster.txt")
    if (programs := find()) is None:
        pytest.skip("There is no PostgreSQL here, and it cannot be installed: apt install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="lab-postgres-"))
    try:
        if _is_root():
            shutil.chown(folder, "postgres", "postgres")
        cluster = Postgres(programs, folder)
        cluster.start()
        try:
            yield cluster
        finally:
            if (folder / "data" / "postmaster.pid").exists():
                cluster.stop()
    finally:
        shutil.rmtree(folder)
