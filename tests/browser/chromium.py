"""The Chromium that browser tests and benchmarks drive: found on this machine, or fetched once.

Run as a script, it makes sure that there is one, and fails with a sentence where it cannot.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
_HELP = (
    "The browser tests need Chromium. Install it (Debian, Ubuntu: apt install chromium; macOS: brew install chromium), "
    "or set CHROMIUM to the path of a Chromium or Chrome."
)


def find() -> str | None:
    """Path of a Chromium: ``$CHROMIUM``, one on the PATH, or Playwright's own; ``None`` if there is none."""
    if named := os.environ.get("CHROMIUM"):
        return named if Path(named).is_file() else None
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    if _MAC.is_file():
        return str(_MAC)
    return _playwrights_own()


def arguments() -> list[str]:
    """Switches for a browser that is watched by nobody and has no network but this machine."""
    quiet = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [*quiet, "--no-first-run", "--disable-quic", *sandbox]


def fetch() -> str | None:
    """Install Chromium with apt-get as root, else by Playwright's own download; its path, if that worked."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    if find() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return find()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


if __name__ == "__main__" and find() is None:
    print("Fetching Chromium for the browser tests.", flush=True)
    if fetch() is None:
        sys.exit(_HELP)
