"""What may lie where a file should, and cannot be read."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def take_away(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _folder(path: Path) -> None:
    take_away(path)
    path.mkdir()


def _leads_nowhere(path: Path) -> None:
    take_away(path)
    path.symlink_to(path.with_name("nowhere"))


def _leads_to_itself(path: Path) -> None:
    take_away(path)
    path.symlink_to(path)


def _pipe(path: Path) -> None:
    take_away(path)
    os.mkfifo(path)


SPOILT: dict[str, Callable[[Path], None]] = {
    "a folder": _folder,
    "a link to nowhere": _leads_nowhere,
    "a link to itself": _leads_to_itself,
    "a pipe": _pipe,
    "not permitted": lambda path: path.chmod(0),
    "in a folder that is not permitted": lambda path: path.parent.chmod(0),
    "in what is no folder": lambda path: (take_away(path.parent), path.parent.write_bytes(b"")),
}


@contextmanager
def as_anybody() -> Iterator[None]:
    """Permissions hold for this process too, where it is the administrator's."""
    if os.geteuid():
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)
