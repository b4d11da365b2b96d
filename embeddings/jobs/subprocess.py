"""Run one function in a subprocess that can be killed; arrays travel as .npy.

Libraries that compute for many seconds in one call can neither be watched nor stopped from within, and while they
compute the other threads of this process may have to wait. So such a call is made in another Python process: arrays
travel through files in a folder of their own, everything else as JSON, and nothing is ever pickled.

The way there and back costs about the start of a Python with NumPy and the library: 0.3 to 0.8 s.
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from embeddings.common import OWN_PROCESS_NICENESS, InvalidInput, LabError, SourceUnavailable, make_way

POLL_SECONDS = 0.1  # between two looks; what stops a run takes effect within this
_ENGINE = Path(__file__).parents[1]

_log = logging.getLogger(__name__)


def run_in_subprocess(
    function: Callable[..., NDArray], *arrays: NDArray, poll: Callable[[float], None] | None = None, **options: Any
) -> NDArray:
    """``function(*arrays, **options)``, computed in another process.

    Args:
        function: Of the engine, at the top of its module; it returns an array.
        *arrays: What it is given first.
        poll: Called about ten times a second with the seconds that have passed. What it raises kills the process,
            and is raised here once the process is gone.
        **options: Further arguments: numbers, strings, ``None``, or lists of them.

    Returns:
        What the function returned, equal to what it would have returned here.

    Raises:
        LabError: The function's own, with the same sentence.
        RuntimeError: The process ended in another way; the log has its stderr.
    """
    with tempfile.TemporaryDirectory(prefix="token-embedding-lab-") as name:
        folder = Path(name)
        for number, array in enumerate(arrays):
            np.save(folder / f"{number}.npy", array, allow_pickle=False)
        call = {"module": function.__module__, "function": function.__qualname__, "arrays": len(arrays)}
        (folder / "call.json").write_text(json.dumps(call | {"options": options}, allow_nan=False))
        with (folder / "stderr.txt").open("w+b") as stderr:
            status = _wait(_start(folder, stderr), poll)
            stderr.seek(0)
            said = stderr.read().decode(errors="replace")
        return _answer(folder, function, status, said)


def _start(folder: Path, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    search_path = os.pathsep.join(filter(None, [str(_ENGINE.parent), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        [sys.executable, "-m", "embeddings.jobs", str(folder)],
        stdin=subprocess.PIPE,  # closed by the system when this process ends, however it ends: see _end_with_parent
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        env=os.environ | {"PYTHONPATH": search_path},
        cwd=folder,
    )


def _wait(process: subprocess.Popen[bytes], poll: Callable[[float], None] | None) -> int:
    """The exit status; whatever happens, the process is gone afterwards."""
    started = time.monotonic()
    try:
        while True:
            try:
                return process.wait(POLL_SECONDS)
            except subprocess.TimeoutExpired:
                if poll is not None:
                    poll(time.monotonic() - started)
    finally:
        process.kill()
        process.wait()
        if process.stdin is not None:
            process.stdin.close()


def _answer(folder: Path, function: Callable, status: int, said: str) -> NDArray:
    error_file = folder / "error.json"
    if error_file.exists():
        kind, sentence = json.loads(error_file.read_text())
        raise _error(kind, sentence)
    if status != 0:
        _log.error("%s ended with status %d: %s", function.__qualname__, status, said[-2000:])
        raise RuntimeError(f"{function.__qualname__} ended with status {status} in a process of its own.")
    return np.load(folder / "answer.npy", allow_pickle=False)


def _error(kind: str, sentence: str) -> LabError:
    """The engine's error of that name; those that are built from more than a sentence come as ``InvalidInput``."""
    plain = {"InvalidInput": InvalidInput, "SourceUnavailable": SourceUnavailable}
    return plain.get(kind, InvalidInput)(sentence)


def main() -> None:
    """The other process's part: read the call from the folder named to it, make it, write the answer down."""
    folder = Path(sys.argv[1])
    make_way(OWN_PROCESS_NICENESS)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    call = json.loads((folder / "call.json").read_text())
    function = getattr(import_module(call["module"]), call["function"])
    arrays = [np.load(folder / f"{number}.npy", allow_pickle=False) for number in range(call["arrays"])]
    try:
        answer = function(*arrays, **call["options"])
    except LabError as error:
        (folder / "error.json").write_text(json.dumps([type(error).__name__, str(error)]))
    else:
        np.save(folder / "answer.npy", answer, allow_pickle=False)


def _end_with_parent() -> None:
    """Nothing is ever written to this process's input, so that its end means the end of the other side."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)
