"""Whatever is typed, uploaded or asked for in an address: a sentence, no error, no markup, and bounded memory."""

import subprocess
import sys
from pathlib import Path


def test_no_page_yields_to_hostile_input():
    pages = Path(__file__).with_name("hostile_pages.py")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", str(pages)]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout[-6000:]
