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
    """Path of a Chromium that runs: ``$CHROMIUM`` alone if it is set, or one on the PATH, or Playwright's own."""
    if named := os.environ.get("CHROMIUM"):
        return _if_it_runs(named)
    return next(filter(None, map(_if_it_runs, (*_NAMES, str(_MAC)))), None) or _if_it_runs(_playwrights_own())


def arguments() -> list[str]:
    """Switches for a browser that is watched by nobody and has no network but this machine."""
    quiet = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    bare = ["--disable-extensions", "--disable-component-extensions-with-background-pages"]
    return [*quiet, *bare, "--no-first-run", "--disable-quic", *sandbox]


def fetch() -> str | None:
    """Install Chromium with apt-get as root, else by Playwright's own download; its path, if that worked."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    if find() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return find()


def _if_it_runs(program: str) -> str | None:
    """Its path, unless it fails to name its version: Ubuntu's ``chromium-browser`` may only say what to install."""
    path = shutil.which(program)
    return path if path and subprocess.run([path, "--version"], capture_output=True).returncode == 0 else None


def _playwrights_own() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


if __name__ == "__main__" and find() is None:
    if named := os.environ.get("CHROMIUM"):
        sys.exit(f"CHROMIUM is {named}, which does not run. Set it to the path of a Chromium or Chrome, or to nothing.")
    print("Fetching Chromium for the browser tests.", flush=True)
    if fetch() is None:
        sys.exit(_HELP)
