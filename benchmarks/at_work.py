"""Visitors whose work is under way, over Streamlit's own WebSocket messages: a class's browsers are on other machines.

``python -m benchmarks.at_work URL VISITS``: VISITS is a list in JSON, for each visitor the page's address, the settings
in it and the button that starts the work, "" where opening the page does. Each page stays open and is live: it asks for
its parts again as often as a browser would. The process prints a line when the work of all is under way, and ends when
its standard input is closed; it fails where some work had come to its end by then.
"""

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.connection import PATIENCE, Connection, connected, element, error_on

UNDER_WAY = re.compile(r" · \d+ s$")  # what the line says of work that runs; of what waits it says what is before it
STILL = 20.0  # seconds since the line said so, on a server where all wait


@dataclass(frozen=True)
class Live:
    """What one visitor opens: the page's address, the settings in it, and the button to press, if any."""

    page: str
    query: str
    button: str = ""


@contextmanager
def at_work(url: str, visits: Sequence[Live]) -> Iterator[None]:
    """Visitors in a process of their own, whose work is under way when the block begins; they leave when it ends."""
    command = [sys.executable, "-m", "benchmarks.at_work", url, json.dumps([vars(visit) for visit in visits])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as visitors:
        if not visitors.stdout.readline():
            raise RuntimeError("The visitors with work ended early; why stands above.")
        yield
        visitors.stdin.close()
    if visitors.returncode:
        raise RuntimeError("The visitors with work failed; why stands above.")


class _Visitor:
    """One page that is live."""

    def __init__(self, visit: Live):
        self._visit = visit
        self._button = ""  # the id of the one to press, once it is there
        self._pressed = False
        self._clocks: dict[str, tuple[float, asyncio.Task]] = {}  # of the live parts, by the fragment's id
        self._seen = -float("inf")
        self.under_way = asyncio.Event()

    @property
    def is_at_work(self) -> bool:
        """Whether the work was under way a moment ago."""
        return time.monotonic() < self._seen + STILL

    async def stay(self, url: str) -> None:
        """Open the page and do what a browser does until this is cancelled."""
        async with connected(url, self._visit.query) as connection, asyncio.TaskGroup() as clocks:
            await connection.rerun(page_name=self._visit.page)
            while True:
                message = await connection.receive()
                self._keep_time(message, connection, clocks)
                if (drawn := element(message)) is not None:
                    self._see(drawn)
                if message.WhichOneof("type") == "script_finished":
                    await self._press(connection)

    def _keep_time(self, message: ForwardMsg, connection: Connection, clocks: asyncio.TaskGroup) -> None:
        """Start and stop the clocks by which parts of the page are asked for again."""
        kind = message.WhichOneof("type")
        if kind == "auto_rerun":
            part, seconds = message.auto_rerun.fragment_id, message.auto_rerun.interval
            if part in self._clocks and self._clocks[part][0] == seconds:
                return
            self._stop([part])
            self._clocks[part] = seconds, clocks.create_task(self._ask_again(connection, part, seconds))
        elif kind == "stop_auto_rerun":
            self._stop(message.stop_auto_rerun.fragment_ids)
        elif kind == "new_session" and not message.metadata.run.fragment_ids:  # of the whole page
            self._stop(list(self._clocks))

    def _stop(self, fragments: Sequence[str]) -> None:
        for fragment in fragments:
            if fragment in self._clocks:
                self._clocks.pop(fragment)[1].cancel()

    @staticmethod
    async def _ask_again(connection: Connection, fragment: str, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            await connection.rerun(fragment_id=fragment, is_auto_rerun=True)

    def _see(self, drawn: Any) -> None:
        kind = drawn.WhichOneof("type")
        if error := error_on(drawn):
            raise RuntimeError(f"{self._visit.page} shows an error: {error}")
        if kind == "progress" and UNDER_WAY.search(drawn.progress.text):
            self._seen = time.monotonic()
            self.under_way.set()
        elif kind == "button" and drawn.button.label == self._visit.button and self._visit.button:
            self._button = drawn.button.id

    async def _press(self, connection: Connection) -> None:
        if self._button and not self._pressed:
            self._pressed = True
            await connection.rerun(WidgetState(id=self._button, trigger_value=True))


async def _stay(url: str, visits: Sequence[Live]) -> None:
    """All visitors, one after the other, until standard input ends."""
    async with asyncio.TaskGroup() as group:
        staying = {}
        for visit in visits:
            visitor = _Visitor(visit)
            staying[visitor] = group.create_task(visitor.stay(url))
            await asyncio.wait_for(visitor.under_way.wait(), PATIENCE)
        print("under way", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        if not all(visitor.is_at_work for visitor in staying):
            raise RuntimeError("Some work had come to its end before all was measured.")
        for task in staying.values():
            task.cancel()


if __name__ == "__main__":
    asyncio.run(_stay(sys.argv[1], [Live(**visit) for visit in json.loads(sys.argv[2])]))
