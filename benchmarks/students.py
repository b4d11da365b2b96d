"""Virtual students on a running server, over Streamlit's own WebSocket messages.

``python -m benchmarks.students URL STUDENTS SECONDS [FEWEST MOST]``: each opens a page, then goes on to another or
types words into a field of the one that is open, and thinks between FEWEST and MOST seconds (2 to 6) before each; on an
app without pages they only type. As browsers do, they say which large elements they have already. It prints one line of
JSON. A run is counted by the second it ends in, once most have arrived; the time is from the message until the server
says that the run has ended.
"""

import asyncio
import json
import random
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import quantiles

import websockets
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.connection import PATIENCE, Connection, connected, element, error_on

WORDS = "king queen cat dog paris tokyo bread music doctor river seven blue".split()
ARRIVING = 20  # seconds, or a third of the whole
SHARE_OF_TYPING = 0.6
AT_LEAST = 2  # times, as quantiles need them


@dataclass(frozen=True)
class Visit:
    """How a class came through.

    Attributes:
        per_second: Script runs that ended each second, once most students were there.
        median, p95, longest: Seconds from a student's action to the end of its run, in the same time.
        runs: All script runs, the arrivals' too.
        lost: Students whose connection broke or who waited in vain.
        turned_away: Students whom the server refused with a sentence.
        errors: What else went wrong, or was shown as an error; the first few.
        megabytes: What all students were sent.
    """

    per_second: float
    median: float
    p95: float
    longest: float
    runs: int
    lost: int
    turned_away: int
    errors: tuple[str, ...]
    megabytes: float


def visit(url: str, students: int, seconds: float, thought: tuple[float, float] = (2, 6)) -> Visit:
    """Send a class in a process of its own, and wait until it has left."""
    command = [sys.executable, "-m", "benchmarks.students", url, str(students), str(seconds), *map(str, thought)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 2 * PATIENCE)
    if told.returncode:
        raise RuntimeError(f"The virtual students failed:\n{told.stderr}")
    content = json.loads(told.stdout)
    return Visit(**content | {"errors": tuple(content["errors"])})


@dataclass
class _Notes:
    """What all students of one class note down."""

    runs: list[tuple[float, float]] = field(default_factory=list)  # when each ended, and its seconds
    errors: list[str] = field(default_factory=list)
    lost: int = 0
    turned_away: int = 0
    bytes_in: int = 0


class _Student:
    """One connection, and what is on its page."""

    def __init__(self, number: int, notes: _Notes, thought: tuple[float, float]):
        self._chance, self._notes, self._thought = random.Random(number), notes, thought
        self._connection: Connection
        self._fields: list[str] = []
        self._typed: dict[str, str] = {}

    async def attend(self, url: str, arrives: float, end: float) -> None:
        """Come after ``arrives`` seconds, and stay until ``end``."""
        await asyncio.sleep(arrives * self._chance.random())
        try:
            async with connected(url, cookies=await asyncio.to_thread(_cookies, url)) as self._connection:
                await self._rerun()
                while time.monotonic() < end:
                    await self._think()
                    await self._act()
        except websockets.InvalidStatus as error:
            self._notes.turned_away += error.response.status_code == 503
            self._notes.lost += error.response.status_code != 503
        except (OSError, TimeoutError, websockets.WebSocketException) as error:
            self._notes.lost += 1
            self._notes.errors.append(f"{type(error).__name__}: {error}")

    async def _think(self) -> None:
        """Look at what comes by itself, such as a live panel's next picture."""
        end = time.monotonic() + self._chance.uniform(*self._thought)
        while (left := end - time.monotonic()) > 0:
            try:
                await asyncio.wait_for(self._look(), left)
            except TimeoutError:
                return

    async def _act(self) -> None:
        pages = self._connection.pages
        if self._fields and (self._chance.random() < SHARE_OF_TYPING or not pages):
            self._typed[self._chance.choice(self._fields)] = " ".join(self._chance.sample(WORDS, 3))
        else:
            self._connection.page = pages[self._chance.choice(sorted(pages))]
            self._fields, self._typed = [], {}
        await self._rerun()

    async def _rerun(self) -> None:
        started = time.perf_counter()
        typed = (WidgetState(id=widget, string_value=text) for widget, text in self._typed.items())
        await self._connection.rerun(*typed)
        while await asyncio.wait_for(self._look(), PATIENCE) != "script_finished":
            pass
        self._notes.runs.append((time.monotonic(), time.perf_counter() - started))

    async def _look(self) -> str:
        """Note what the next message says of fields and errors; its kind."""
        message = await self._connection.receive()
        self._notes.bytes_in += message.ByteSize()
        if (drawn := element(message)) is not None:
            self._see(drawn)
        return message.WhichOneof("type")

    def _see(self, drawn) -> None:
        kind = drawn.WhichOneof("type")
        if kind == "text_input" and drawn.text_input.id not in self._fields:
            self._fields.append(drawn.text_input.id)
        elif error := error_on(drawn):
            self._notes.errors.append(error)


def _cookies(url: str) -> str:
    """What a browser is given when it first asks, before it connects: by it a proxy knows where the student is."""
    with urllib.request.urlopen(f"{url}/_stcore/health", timeout=PATIENCE) as answer:
        return "; ".join(cookie.partition(";")[0] for cookie in answer.headers.get_all("Set-Cookie") or [])


async def attend(url: str, students: int, seconds: float, thought: tuple[float, float]) -> Visit:
    """The whole class, within this process."""
    notes, start = _Notes(), time.monotonic()
    arriving = min(ARRIVING, seconds / 3)
    coming = (_Student(number, notes, thought) for number in range(students))
    await asyncio.gather(*(student.attend(url, arriving, start + seconds) for student in coming))
    return _summary(notes, start + arriving, start + seconds)


def _summary(notes: _Notes, there: float, end: float) -> Visit:
    times = [taken for ended, taken in notes.runs if ended > there]
    median, p95 = percentiles(times)
    in_time = sum(there < ended <= end for ended, _ in notes.runs)
    return Visit(
        per_second=in_time / (end - there),
        median=median,
        p95=p95,
        longest=max(times, default=float("nan")),
        runs=len(notes.runs),
        lost=notes.lost,
        turned_away=notes.turned_away,
        errors=tuple(dict.fromkeys(notes.errors))[:10],
        megabytes=notes.bytes_in / 1e6,
    )


def percentiles(times: Sequence[float]) -> tuple[float, float]:
    if len(times) < AT_LEAST:
        return float("nan"), float("nan")
    hundredths = quantiles(times, n=100, method="inclusive")
    return hundredths[49], hundredths[94]


def main(url: str, students: str, seconds: str, fewest: str = "2", most: str = "6") -> None:
    """Print the visit as JSON."""
    visited = asyncio.run(attend(url, int(students), float(seconds), (float(fewest), float(most))))
    print(json.dumps(vars(visited)))


if __name__ == "__main__":
    main(*sys.argv[1:])
