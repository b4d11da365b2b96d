"""A download on a disk that fills up meanwhile, and one whose process is killed."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from embeddings.common.errors import SourceUnavailable
from embeddings.sources.http import CHUNK_BYTES, MIN_FREE_BYTES, download, part_of
from tests.loopback import Server

CONTENT = os.urandom(1) * (8 * CHUNK_BYTES) + b"the end"
MD5 = hashlib.md5(CONTENT).hexdigest()
ROOT = Path(__file__).parents[3]
# Says when it has begun, and goes on no further.
BEGINS = """
import sys
from pathlib import Path
from embeddings.sources.http import download
def report(fraction, words):
    if fraction:
        print(fraction, flush=True)
        sys.stdin.read()
download(sys.argv[1], Path(sys.argv[2]), report=report)
"""


@pytest.fixture
def url(server: Server) -> str:
    server.files["/table.gz"] = CONTENT
    return f"{server.url}/table.gz"


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A disk of its own, with room for the file and no more than must stay free."""
    disk = tmp_path / "disk"
    disk.mkdir()
    size = MIN_FREE_BYTES + len(CONTENT) + CHUNK_BYTES
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)]
    if os.name != "posix" or os.geteuid() or subprocess.run(mounting, capture_output=True).returncode:
        pytest.skip("A disk of its own can be mounted by the administrator of a Linux machine alone.")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_fills_up_meanwhile_is_said_and_with_room_again_only_the_rest_is_fetched(server, url, small_disk):
    file, other = small_disk / "table.gz", small_disk / "other"

    def fill(fraction, words):
        if fraction and not other.exists():
            other.write_bytes(bytes(MIN_FREE_BYTES + CHUNK_BYTES + len(CONTENT) // 2))

    with pytest.raises(SourceUnavailable, match=r"^There is no room for table\.gz .* The disk is full\."):
        download(url, file, report=fill)
    assert not file.exists()
    have = part_of(file).stat().st_size
    assert CHUNK_BYTES < have < 0.75 * len(CONTENT)

    other.unlink()
    assert download(url, file, md5=MD5).read_bytes() == CONTENT
    assert server.asked[-1] == ("/table.gz", f"bytes={have}-")


def test_what_a_killed_process_has_fetched_is_no_whole_file_and_is_gone_on_with(server, url, tmp_path):
    file = tmp_path / "table.gz"
    command = [sys.executable, "-c", BEGINS, url, str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as fetching:
        assert 0 < float(fetching.stdout.readline()) < 1
        fetching.kill()
    assert not file.exists()
    have = part_of(file).stat().st_size
    assert have < len(CONTENT)

    assert download(url, file, md5=MD5).read_bytes() == CONTENT
    assert server.asked[-1] == ("/table.gz", f"bytes={have}-" if have else None)
