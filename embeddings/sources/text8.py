"""text8, 17 million words of Wikipedia, fetched from gensim-data and read straight from its .gz."""

import os
from pathlib import Path

from embeddings.common import ProgressCallback
from embeddings.sources.disk import gensim_data_folder
from embeddings.sources.gensim_data import FILES_URL
from embeddings.sources.http import DEFAULT_TIMEOUTS, Timeouts, download

TEXT8_BYTES = 33_182_058
MD5 = "68799af40b6bda07dfa47a32612e5364"  # gensim-data's own list has it


def file_of_text8() -> Path:
    """Where the .gz lies, or would: in ``GENSIM_DATA_DIR``, by default ``~/gensim-data``, as for gensim."""
    return gensim_data_folder() / "text8" / "text8.gz"


def fetch_text8(
    report: ProgressCallback | None = None,
    *,
    files_url: str | None = None,
    md5: str = MD5,
    size: int | None = TEXT8_BYTES,
    timeouts: Timeouts = DEFAULT_TIMEOUTS,
) -> Path:
    """Fetch the file, unless it is there, and say where it is.

    Args:
        report: Called as ``report(fraction, words)``; what it raises ends the work, and a later call goes on.
        files_url: Where gensim-data's files are; by default its own place, or the mirror that the environment names as
            ``GENSIM_DATA_ENDPOINT``.
        md5: Published checksum, in hexadecimal.
        size: Published length.
        timeouts: How long to wait for the server.

    Raises:
        SourceUnavailable: It cannot be had, is not the published file, or does not fit on the disk.
    """
    mirror = os.environ.get("GENSIM_DATA_ENDPOINT", "").rstrip("/")
    url = f"{files_url or mirror or FILES_URL}/text8/text8.gz"
    return download(url, file_of_text8(), md5=md5, size=size, report=report, timeouts=timeouts)
