"""Collects garbage on a thread of its own, so that no visitor waits for it.

Streamlit would collect everything after each script run (``runner.postScriptGC``, switched off in
``.streamlit/config.toml``). Such a collection walks what all visitors' sessions hold, so that each run costs more the
more visitors there are. Here it is done for all of them at once, by growth: when the process holds a good deal more
than after the last one. What never becomes garbage, the modules and tables, is frozen and not walked at all.
``python -m benchmarks class`` measures the gain, and that memory stays bounded.
"""

import gc
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from streamlit import runtime

from components.server.heaps import give_back

LOOK_SECONDS = 1.0  # between two looks at how much there is
GROWTH_BLOCKS = 250_000  # of memory (about 25 MB) since the last collection
MAX_SHARE = 0.03  # of the time that collections may take, as nothing else runs meanwhile
THOROUGH_SECONDS = 600  # between two that walk what is frozen too, at least while visitors are there
_NEVER = 1_000_000_000


class GarbageCollector:
    """Decides when to collect, and whether what is frozen is looked through too.

    When modules have been imported, what they hold is frozen with the rest, and so are the sessions of that moment:
    what is frozen is walked again when the last visitor has left, and now and then.
    """

    def __init__(self) -> None:
        self._modules = 0
        self._blocks = 0
        self._took = 0.0
        self._ended = self._thorough = -float("inf")
        self._empty = False

    def look(self, now: float, blocks: int, modules: int, empty: bool) -> str:
        """What is to be done.

        Args:
            now: A monotonic clock's seconds.
            blocks: Those that the process has allocated, ``sys.getallocatedblocks()``.
            modules: How many are loaded.
            empty: Whether no visitor is there.

        Returns:
            "thorough", which looks through what is frozen too; "freezing", which freezes what is left; "usual"; or ""
            for nothing.
        """
        if now < self._ended + self._took / MAX_SHARE:
            return ""
        emptied, self._empty = empty and not self._empty, empty
        grown = abs(blocks - self._blocks) > GROWTH_BLOCKS  # fewer: so many were freed that the rest may be garbage
        if emptied or (grown and now > self._thorough + THOROUGH_SECONDS):
            return "thorough"
        if modules != self._modules:
            return "freezing"
        return "usual" if grown else ""

    def collect(self, how: str) -> None:
        """Collect, and note how long it took and what is left."""
        started = time.monotonic()
        self._modules = len(sys.modules)
        if how == "thorough":
            gc.unfreeze()
        gc.collect()
        if how != "usual":
            gc.freeze()
        if how == "thorough":
            self._thorough = started
        give_back()
        self._ended = time.monotonic()
        self._took = self._ended - started
        self._blocks = sys.getallocatedblocks()

    def run(self, stopped: threading.Event) -> None:
        """Look again and again until ``stopped`` is set; the collections that Python makes by itself stay small."""
        young, middle, _ = usual = gc.get_threshold()
        gc.set_threshold(young, middle, _NEVER)
        try:
            while not stopped.wait(LOOK_SECONDS):
                empty = runtime.get_instance().state is runtime.RuntimeState.NO_SESSIONS_CONNECTED
                how = self.look(time.monotonic(), sys.getallocatedblocks(), len(sys.modules), empty)
                if how:
                    self.collect(how)
        finally:
            gc.set_threshold(*usual)
            gc.unfreeze()


@contextmanager
def collecting_garbage() -> Iterator[None]:
    """A thread that collects as long as the block lasts."""
    stopped = threading.Event()
    thread = threading.Thread(target=GarbageCollector().run, args=(stopped,), name="garbage", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
