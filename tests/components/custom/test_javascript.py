"""The JavaScript of the custom components, linted as it stands, without a build step."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def faults(folder: Path) -> str:
    """What oxlint finds in ``folder`` by the settings of the project; empty where all is well."""
    places = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    program = shutil.which("oxlint", path=places)
    assert program, "oxlint is missing. Install it with: pip install -r requirements-dev.txt"
    settings = ["--config", str(ROOT / ".oxlintrc.json"), "--deny-warnings", "--format=unix"]
    result = subprocess.run([program, *settings, str(folder)], capture_output=True, text=True)
    assert result.returncode in (0, 1), result.stderr
    assert bool(result.stdout.strip()) == bool(result.returncode)
    return result.stdout


def test_the_linter_finds_nothing_in_the_javascript():
    assert list((ROOT / "components").rglob("*.js"))
    assert faults(ROOT / "components") == ""


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("export default function ( {", "Expected `}`"),
        ("export default () => nowhere();", "no-undef"),
        ("export default () => { const unused = 1; };", "no-unused-vars"),
        ("export default (a) => a == 1;", "eqeqeq"),
    ],
)
def test_the_linter_finds(tmp_path, code, fault):
    (tmp_path / "drawing.js").write_text(code)
    assert fault in faults(tmp_path)
