"""Deletes the rooms that are over, on a clock: also where nobody opens another room."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from components.rooms.database import is_in_use, shared_database
from embeddings.common import LabError

LOOK_SECONDS = 600  # between two looks

_log = logging.getLogger(__name__)


@contextmanager
def clearing_rooms() -> Iterator[None]:
    """A thread that deletes rooms that are over, with all guesses, as long as the block lasts."""
    stopped = threading.Event()
    thread = threading.Thread(target=_run, args=(stopped,), name="rooms that are over", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _run(stopped: threading.Event) -> None:
    while True:
        try:
            _clear()
        except LabError:
            pass  # gone just now, which is in the log where it happened; there is a next look
        except Exception:
            _log.exception("The rooms that are over could not be deleted; they are looked at again.")
        if stopped.wait(LOOK_SECONDS):
            return


def _clear() -> None:
    if not is_in_use():
        return
    from components.rooms import rooms

    rooms.purge(shared_database())
