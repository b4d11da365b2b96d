"""What the benchmarks measure with."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
CHILD = """
from benchmarks.own_memory import max_resident_bytes, resident_bytes
taken = b"x" * 100_000_000
del taken
print(resident_bytes(), max_resident_bytes())
"""


def test_the_memory_of_a_child_is_its_own_and_not_that_of_a_larger_parent():
    held = b"x" * 400_000_000
    asked = subprocess.run([sys.executable, "-c", CHILD], cwd=REPOSITORY, capture_output=True, text=True, check=True)

    now, most = map(int, asked.stdout.split())

    assert now < 100_000_000 < most < len(held) / 2
