"""Ask the package index whether each Python on each system installs the app from wheels alone: ``make wheels``.

Nothing is installed: uv resolves requirements.txt with constraints.txt as each machine would, also those that nobody
has at hand.
"""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).parent.parent
# From a system's name to what uv calls it; the oldest that torch has wheels for.
SYSTEMS: Mapping[str, str] = MappingProxyType(
    {
        "Linux x86-64": "x86_64-manylinux_2_28",
        "Linux ARM": "aarch64-manylinux_2_28",
        "macOS ARM": "aarch64-apple-darwin",
        "Windows": "x86_64-pc-windows-msvc",
    }
)
OLDEST_MACOS = "14.0"


def pythons() -> tuple[str, ...]:
    """The minor versions of Python that pyproject.toml asks for, as in "3.11"."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    low, end = map(int, re.fullmatch(r">=3\.(\d+),<3\.(\d+)", asked).groups())
    return tuple(f"3.{minor}" for minor in range(low, end))


def hindrance(python: str, system: str) -> str:
    """What keeps the app from being installed from wheels there, in uv's words; empty where nothing does."""
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-header", "--only-binary=:all:"),
        *(f"--python-version={python}", f"--python-platform={SYSTEMS[system]}"),
        *("--constraint=constraints.txt", "requirements.txt"),
    ]
    environment = os.environ | {"MACOSX_DEPLOYMENT_TARGET": OLDEST_MACOS}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    return "" if ran.returncode == 0 else " ".join(ran.stderr.split())


def main() -> int:
    """Print a line for each; 1 if one of them does not install."""
    each, complete = list(product(pythons(), SYSTEMS)), True
    with ThreadPoolExecutor(4) as threads:
        for (python, system), why in zip(each, threads.map(lambda asked: hindrance(*asked), each), strict=True):
            print(f"Python {python}  {system:<13} {why or 'installs from wheels'}", flush=True)
            complete = complete and not why
    return int(not complete)


if __name__ == "__main__":
    sys.exit(main())
