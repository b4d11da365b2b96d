"""Damaged and hostile files, made of small real ones by chance, and processes of bounded memory to try them in.

Each mutation is known by its number: ``python -m tests.embeddings.formats.hostile_files 17 18`` tries number 17 again.
"""

import json
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from embeddings.common import LabError
from tests.memory import cap, grown

MAX_GROWTH = 250_000_000  # bytes, while one part of the mutations is made and tried; the largest file has 12 MB
PROCESSES = 2
NUMBERS = (
    *(b"0", b"-1", b"1", b"3", b"255", b"65536", b"4294967296", b"9" * 19, b"9" * 400, b"1e309", b"nan", b"0x7f"),
    *(b"True", b"None", b"0x" + b"f" * 5_000, b"-" * 5_000 + b"1", b"[1]"),
)
PIECES = (
    *(b"", b"\n", b"\r\n", b"\t", b" ", b",", b'"', b"\\", b"\0", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf"),
    *(b"[", b"]", b"{}", b"[],", b"null", b"true", b"\\ud800", b"-", b"(", b"'", b"L", b"'O'", b"inf"),
)


def mutated(content: bytes, chance: random.Random) -> bytes:
    """``content`` after one to three changes."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        content = chance.choice(_CHANGES)(content, chance)
    return content


def _flip(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :]


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _slice(content: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(content) + 1)
    return start, min(len(content), start + chance.choice((1, 2, 4, 8, 40)))


def _leave_out(content: bytes, chance: random.Random) -> bytes:
    start, stop = _slice(content, chance)
    return content[:start] + content[stop:]


def _repeat(content: bytes, chance: random.Random) -> bytes:
    start, stop = _slice(content, chance)
    return content[:start] + content[start:stop] * chance.choice((2, 2, 3, 50)) + content[stop:]


def _put_in(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + chance.choice(PIECES) * chance.choice((1, 1, 2, 300)) + content[place:]


def _other_number(content: bytes, chance: random.Random) -> bytes:
    numbers = list(re.finditer(rb"[0-9.]+", content[:10_000]))
    if not numbers:
        return content
    number = chance.choice(numbers)
    return content[: number.start()] + chance.choice(NUMBERS) + content[number.end() :]


def _swell(content: bytes, chance: random.Random) -> bytes:
    """A piece, rarely some million times: a long line, a deep or a wide JSON, a bomb once it is packed."""
    piece = chance.choice((b"[", b"[],", b'{"a":', b"x", b"a 1\n", b"\n", b"1\t", b'"', b",1"))
    times = 3_000_000 if chance.random() < 0.02 else 2_000
    place = chance.randrange(len(content) + 1)
    return content[:place] + piece * times + content[place:]


_CHANGES = (_flip, _flip, _cut, _leave_out, _repeat, _put_in, _other_number, _other_number, _swell)


def outcomes(warm_up: Callable[[], object], attempt: Callable[[random.Random], object], start: int, stop: int) -> dict:
    """What came of the mutations from ``start`` to before ``stop``, in a process that may take little more memory.

    Args:
        warm_up: Brings in what is imported late, which does not count.
        attempt: Makes a mutation by the chance it is given, and tries it.
    """
    counts: Counter[str] = Counter()
    faults: list[str] = []

    def try_all() -> None:
        for number in range(start, stop):
            try:
                attempt(random.Random(number))
                counts["read"] += 1
            except LabError as error:
                str(error).encode()
                counts["refused"] += 1
            except Exception as error:
                faults.append(f"{number}: {error!r}"[:300])

    warm_up()
    cap(MAX_GROWTH)
    return {"grown": grown(try_all), "faults": faults, **counts}


def tried(module: str, count: int) -> dict:
    """What came of ``count`` mutations in processes of their own, each of which runs ``module`` on a part of them."""
    bounds = [count * part // PROCESSES for part in range(PROCESSES + 1)]

    def run(part: int) -> dict:
        command = [sys.executable, "-m", module, str(bounds[part]), str(bounds[part + 1])]
        ended = subprocess.run(command, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr[-3000:]
        return json.loads(ended.stdout)

    with ThreadPoolExecutor(PROCESSES) as pool:
        parts = list(pool.map(run, range(PROCESSES)))
    return {
        "faults": [fault for part in parts for fault in part["faults"]],
        "grown": max(part["grown"] for part in parts),
        "read": sum(part.get("read", 0) for part in parts),
        "refused": sum(part.get("refused", 0) for part in parts),
    }
