"""Data that comes in installed packages: found by path, and checked, with none of a package's code run."""

import hashlib
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from embeddings.common.errors import SourceUnavailable

_log = logging.getLogger(__name__)


_INSTALLED_AS = MappingProxyType({"sklearn": "scikit-learn", "umap": "umap-learn"})


@contextmanager
def required(instead: str = "") -> Iterator[None]:
    """Around the import of a package: where it is missing, or will not load, a sentence says how to install it.

    Args:
        instead: A sentence on what works without it.

    Raises:
        SourceUnavailable: It cannot be imported.

    >>> with required():
    ...     import nowhere
    Traceback (most recent call last):
    embeddings.common.errors.SourceUnavailable: The package nowhere is missing. Install it with: pip install nowhere
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise SourceUnavailable(_missing(_package_of(error), instead)) from error
    except ImportError as error:
        package = _package_of(error)
        raise SourceUnavailable(
            f"The package {package} is damaged. Reinstall it with: pip install --force-reinstall {package}"
        ) from error


def missing(error: ModuleNotFoundError) -> str:
    """The sentence on a package that was not found.

    >>> missing(ModuleNotFoundError(name="sklearn.manifold"))
    'The package scikit-learn is missing. Install it with: pip install scikit-learn'
    """
    return _missing(_package_of(error))


def _missing(package: str, instead: str = "", install: str = "") -> str:
    sentences = (f"The package {package} is missing.", instead, f"Install it with: pip install {install or package}")
    return " ".join(filter(None, sentences))


def installed(module: str) -> bool:
    """Whether there is a ``module`` of that name; it is not imported."""
    if module in sys.modules:
        return sys.modules[module] is not None
    return _can_be_found(module)


@lru_cache(
    maxsize=32
)  # whoever installs a package starts the server again, as an import that failed is not tried again
def _can_be_found(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _package_of(error: ImportError) -> str:
    """What pip calls the package that was not found."""
    module = (error.name or "that is needed").partition(".")[0]
    return _INSTALLED_AS.get(module, module)


def package_file(package: str, path: str, instead: str = "", install: str = "") -> Path:
    """Where the installed ``package`` keeps the file ``path``.

    Args:
        package: As pip calls it.
        path: From the folder that packages are installed in.
        instead: A sentence on what works without it.
        install: What pip is asked to install for it; by default the package.

    Raises:
        SourceUnavailable: The package is not installed, or lacks the file.
    """
    try:
        file = _packages_folder(package) / path
    except metadata.PackageNotFoundError:
        raise SourceUnavailable(_missing(package, instead, install)) from None
    if not file.is_file():
        raise SourceUnavailable(
            f"{file.name} is missing from the package {package}. "
            f"Reinstall it with: pip install --force-reinstall {install or package}"
        )
    return file


@lru_cache(maxsize=32)  # which packages are there is asked in every run of a page; one that is missing may come
def _packages_folder(package: str) -> Path:
    """The folder in which the ``package`` is installed, beside others."""
    return Path(str(metadata.distribution(package).locate_file("")))


def verify(file: Path, sha256: str) -> None:
    """Compare the file's SHA-256 with the published one, once for each machine and version of the file.

    Raises:
        SourceUnavailable: They differ.
    """
    state = file.stat()
    seen = f"{sha256} {file} {state.st_size} {state.st_mtime_ns}"
    receipt = cache_folder() / f"{file.name}.{hashlib.sha256(str(file).encode()).hexdigest()[:12]}.verified"
    try:
        if receipt.is_file() and receipt.read_text() == seen:
            return
    except (OSError, UnicodeDecodeError):
        pass  # never verified here, or the note is damaged: do it now
    with file.open("rb") as content:
        if hashlib.file_digest(content, "sha256").hexdigest() != sha256:
            raise SourceUnavailable(
                f"{file.name} is not the published file: its SHA-256 differs. Reinstall the package it came with."
            )
    try:
        receipt.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=receipt.parent) as folder:
            draft = Path(folder) / receipt.name
            draft.write_text(seen)
            draft.replace(receipt)  # whole or not at all
    except OSError as error:
        _log.info("%s was verified, which could not be noted for next time: %s", file.name, error)


def cache_folder() -> Path:
    """Where this user's machine keeps what can be had again: under ``XDG_CACHE_HOME``, by default ``~/.cache``."""
    home = os.path.expanduser("~")  # noqa: PTH111 (a server's user may have no home)
    return Path(os.environ.get("XDG_CACHE_HOME") or f"{home}/.cache") / "token-embedding-lab"
