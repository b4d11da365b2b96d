"""The proxies of ``deploy/replicas``, with servers on the loopback instead of containers."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.browser.app_server import ROOT, free_port, wait_until_answers

FOLDER = ROOT / "deploy" / "replicas"
REPLICAS = ("172.28.85.11:8501", "172.28.85.12:8501")  # as the shipped files name them
PATHS = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])
SECRET = "3f" * 32  # of the tests' replicas
SOONER = {"fail_timeout=10s": "fail_timeout=1s", "fail_duration 10s": "fail_duration 1s", "interval 5s": "interval 1s"}


def find(program: str) -> str | None:
    """Path of nginx or Caddy; installed with apt-get where there is none and this process may."""
    if not shutil.which(program, path=PATHS) and shutil.which("apt-get") and os.geteuid() == 0:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        package = {"nginx": "nginx-light"}.get(program, program)
        for command in (["update"], ["install", "-y", "--no-install-recommends", package]):
            subprocess.run(["apt-get", "-qq", *command], env=environment, stdout=subprocess.DEVNULL, check=False)
    return shutil.which(program, path=PATHS)


@contextmanager
def nginx(program: str, first: str, second: str) -> Iterator[str]:
    """The shipped ``nginx.conf`` before the servers at these addresses; its own address."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)  # started by the administrator, it serves as somebody else
        port, kept = free_port(), ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        folders = "".join(f"    {kind}_temp_path {name}/{kind};\n" for kind in kept)
        content = _with_servers((FOLDER / "nginx.conf").read_text(), first, second)
        content = _replaced(content, {"http {\n": f"http {{\n{folders}", "listen 80;": f"listen 127.0.0.1:{port};"})
        (file := Path(name, "nginx.conf")).write_text(content)
        switches = ["-p", name, "-c", str(file), "-e", "stderr", "-g", f"daemon off; pid {name}/pid;"]
        with _running([program, *switches], f"http://127.0.0.1:{port}", Path(name)) as url:
            yield url


@contextmanager
def caddy(program: str, first: str, second: str) -> Iterator[str]:
    """The shipped ``Caddyfile`` before the servers at these addresses; its own address."""
    with tempfile.TemporaryDirectory() as name:
        url = f"http://127.0.0.1:{free_port()}"
        (file := Path(name, "Caddyfile")).write_text(_with_servers((FOLDER / "Caddyfile").read_text(), first, second))
        settings = {"LAB_SITE": url, "STREAMLIT_SERVER_COOKIE_SECRET": SECRET, "HOME": name}
        command = [program, "run", "--adapter", "caddyfile", "--config", str(file)]
        with _running(command, url, Path(name), **settings):
            yield url


@contextmanager
def _running(command: list[str], url: str, folder: Path, **environment: str) -> Iterator[str]:
    with (log := folder / "log.txt").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=os.environ | environment)
        try:
            wait_until_answers(f"{url}/_stcore/health", process, log)
            yield url
        finally:
            process.terminate()
            process.wait(10)


def _with_servers(content: str, first: str, second: str) -> str:
    """``content`` with these servers, in its regular expressions too, and with them asked again sooner."""
    changes = dict(SOONER)
    for written, url in zip(REPLICAS, (first, second), strict=True):
        mine = urlsplit(url).netloc
        changes |= {written: mine, written.replace(".", r"\."): mine.replace(".", r"\.")}
    return _replaced(content, changes)


def _replaced(content: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        content = content.replace(old, new)
    return content
