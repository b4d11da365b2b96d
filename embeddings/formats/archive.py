"""A zip archive that holds one table: one file of vectors, or a table and its words."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from embeddings.common import InvalidInput
from embeddings.formats.input_stream import BLOCK, BrokenOff, InputStream

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")  # with files in it, and without
_MAX_ENTRIES = 1_000
_WORKS = "Unpack it, and choose the file of vectors in it, or the two that belong together."


def members(source: InputStream) -> Mapping[str, BinaryIO]:
    """The one or two files in the zip archive, by name and open for reading; nothing is unpacked before it is read.

    Raises:
        InvalidInput: It holds none or more, is damaged, or is packed in another way than Deflate.
        TooLarge: It is larger than may be.
    """
    try:
        content = b"".join(iter(lambda: source.read(BLOCK), b""))
    except BrokenOff as fault:
        raise InvalidInput(f"{source.name} breaks off: {fault}") from None
    if content.count(b"PK\x01\x02") > _MAX_ENTRIES:
        raise InvalidInput(f"{source.name} is a zip archive of many files. {_WORKS}")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        files = [info for info in archive.infolist() if not info.is_dir() and not _is_note(info.filename)]
        if len({info.filename for info in files}) != len(files) or len(files) not in (1, 2):
            raise InvalidInput(f"{source.name} is a zip archive of {len(files):,} files. {_WORKS}")
        if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in files):
            raise InvalidInput(f"{source.name} is a zip archive of a kind that few programs write. {_WORKS}")
        return {info.filename: cast(BinaryIO, archive.open(info)) for info in files}
    except InvalidInput:
        raise
    except (
        Exception
    ) as error:  # zipfile has many: BadZipFile, NotImplementedError, RuntimeError for a password, struct's
        raise InvalidInput(f"{source.name} is a zip archive that cannot be opened. {_WORKS}") from error


def _is_note(name: str) -> bool:
    """Whether macOS put it there beside the files."""
    return name.startswith("__MACOSX/") or PurePosixPath(name).name == ".DS_Store"
