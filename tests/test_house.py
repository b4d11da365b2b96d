"""The house's arrows run one way: app.py → pages → components → embeddings, and the engine loads nothing heavy."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("app", "pages", "components", "embeddings")  # each imports from those after it
HEAVY = (
    "torch",
    "gensim",
    "sklearn",
    "scipy",
    "openTSNE",
    "scranpy",
    "fastumap",
    "rapidfuzz",
    "plotly",
    "requests",
    "tokenizers",
)


def files_of(floor: str) -> list[Path]:
    return [ROOT / "app.py"] if floor == "app" else sorted((ROOT / floor).rglob("*.py"))


def modules_imported_by(file: Path) -> set[str]:
    """Full names of all that ``file`` imports, at its top or inside its functions."""
    names = set()
    package = file.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *filter(None, [node.module])])
            names |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return names


def imports_of(files: list[Path]) -> set[tuple[str, str]]:
    """``(file, top-level package)`` for each import."""
    return {(str(f.relative_to(ROOT)), name.split(".")[0]) for f in files for name in modules_imported_by(f)}


def test_every_floor_is_there_to_be_read():
    assert (ROOT / "app.py").is_file()
    assert len(files_of("pages")) > 1
    assert len(files_of("components")) > 1
    assert {"tokens.py", "jobs.py", "lookup.py"} <= {file.name for file in files_of("embeddings")}


def test_imports_are_found_wherever_and_however_they_are_written(monkeypatch, tmp_path):
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    file = tmp_path / "components" / "figures" / "map.py"
    file.parent.mkdir(parents=True)
    file.write_text("import a.b as c\nfrom d import e\nfrom . import f\nfrom ..g import h\ndef i():\n    import j\n")

    found = modules_imported_by(file)

    assert {"a.b", "d.e", "components.figures.f", "components.g.h", "j"} <= found


@pytest.mark.parametrize("floor", FLOORS)
def test_no_floor_imports_from_above_it(floor):
    above = FLOORS[: FLOORS.index(floor)]

    assert {(file, package) for file, package in imports_of(files_of(floor)) if package in above} == set()


def test_a_page_imports_no_page():
    assert {file for file, package in imports_of(files_of("pages")) if package == "pages"} == set()


def test_the_engine_imports_neither_streamlit_nor_plotly():
    found = imports_of(files_of("embeddings"))

    assert ("embeddings/one_hot.py", "numpy") in found
    assert {(file, package) for file, package in found if package in ("streamlit", "plotly")} == set()


def test_figures_are_drawn_without_streamlit():
    figures = [file for file in files_of("components") if "figures" in file.parts]

    assert {file for file, package in imports_of(figures) if package == "streamlit"} == set()


def test_importing_the_whole_engine_loads_nothing_heavy():
    files = [file for file in files_of("embeddings") if file.stem != "__init__"]
    modules = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files]
    script = f"import sys, {', '.join(modules)}; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert set(modules) <= set(loaded.stdout.split())
    assert set(HEAVY) & set(loaded.stdout.split()) == set()
