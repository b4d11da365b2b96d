"""What CONTRIBUTING.md names is there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_every_file_and_folder_that_it_names_is_there():
    named = [name for name in re.findall(r"`([\w./]+)`", TEXT) if re.search(r"/|\.py$", name)]
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists() and not list(ROOT.glob(f"*/*/{name}"))] == []


def test_every_name_stands_in_the_file_that_it_gives():
    named = re.findall(r"`(\w+)` in\s`([\w/]+\.py)`", TEXT)
    assert len(named) >= 5
    for name, file in named:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        assigned = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)]
        targets = {
            ast.unparse(t) for node in assigned for t in getattr(node, "targets", [getattr(node, "target", None)])
        }
        assert name in defined | targets, f"{file} has no {name}"


def test_every_command_is_one_of_the_makefile():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    asked = set(re.findall(r"`make ([\w-]+)", TEXT))
    assert len(asked) >= 3
    assert asked <= targets
