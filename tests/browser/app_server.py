"""The app in a process of its own, that can be killed and started again at the same address."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds; a loaded machine may be slow, a hung one must not hang the tests


class AppServer:
    """One server of the app on the loopback.

    Attributes:
        url: Its address, the same after each start.
        log: Where all starts write to.
        process: That of the latest start.
    """

    process: subprocess.Popen

    def __init__(self, log: Path, **environment: str):
        self.log, self._environment = log, environment
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it, and wait until it is healthy."""
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
        command += [f"--server.port={self._port}", "--server.address=127.0.0.1"]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env=os.environ | self._environment
            )
        wait_until_answers(f"{self.url}/_stcore/health", self.process, self.log)

    def kill(self) -> None:
        """End it as a machine that fails does: it can do nothing more."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it as an operator does; it is gone afterwards, whatever hung."""
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        finally:
            self.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_answers(url: str, process: subprocess.Popen, log: Path) -> None:
    """Wait until ``url``, which ``process`` is to serve, is answered with status 200."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, f"The server did not start:\n{log.read_text()}"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)  # not listening yet
    raise AssertionError(f"{url} was not answered within {PATIENCE} s:\n{log.read_text()}")
