"""The arrows run one way: app.py → pages → components → embeddings, and inside a floor from folder to folder."""

import ast
import importlib
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePosixPath
from types import ModuleType

import pytest

from components.navigation import LESSONS

ROOT = Path(__file__).parent.parent
FLOORS = ("app", "pages", "components", "embeddings")  # each imports from those after it
FOLDERS = {  # inside a floor; each imports from those before it
    "embeddings": (
        *("common", "jobs", "numeric", "tokenizers", "vectors", "formats", "sources", "similarity", "projection"),
        *("evaluation", "tsne_pitfalls", "training", "transformer", "lookup", "exercises"),
    ),
    "components": (
        "markup",
        "glossary",
        "classroom",
        "address",
        "server",
        "figures",
        "custom",
        "rooms",
        "ui",
        "navigation",
        "own_lesson",
        "session",
        "lessons",
    ),
}
MAX_FILES = 20  # of a folder
MAX_PAGE_LINES = 30
HEAVY = (
    *("torch", "gensim", "sklearn", "scipy", "openTSNE", "scranpy", "fastumap", "rapidfuzz", "plotly", "requests"),
    "tokenizers",
)


def files_of(floor: str) -> list[Path]:
    return [ROOT / "app.py"] if floor == "app" else sorted((ROOT / floor).rglob("*.py"))


def nodes_of(file: Path) -> tuple[ast.AST, ...]:
    """All that ``file`` is written of."""
    return _nodes(file.read_text(encoding="utf-8"))


@cache
def _nodes(code: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(code)))


def modules_imported_by(file: Path) -> set[str]:
    """Full names of all that ``file`` imports, at its top or inside its functions."""
    names = set()
    package = file.relative_to(ROOT).parts[:-1]
    for node in nodes_of(file):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = module_imported_from(node, package)
            names |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return names


def module_imported_from(node: ast.ImportFrom, package: tuple[str, ...]) -> str:
    """The full name of the module that ``node`` in a file of ``package`` imports from."""
    above = package[: len(package) - node.level + 1] if node.level else ()
    return ".".join([*above, *filter(None, [node.module])])


def imports_of(files: list[Path]) -> set[tuple[str, str]]:
    """``(file, top-level package)`` for each import."""
    return {(str(f.relative_to(ROOT)), name.split(".")[0]) for f in files for name in modules_imported_by(f)}


def test_every_floor_is_there_to_be_read():
    assert (ROOT / "app.py").is_file()
    assert len(files_of("pages")) > 1
    assert len(files_of("components")) > 1
    assert {"words.py", "queue.py", "timing.py"} <= {file.name for file in files_of("embeddings")}


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


def arrows(*floors: str) -> dict[str, set[str]]:
    """The modules that each module of these floors imports."""
    files = {module_of(file): file for floor in floors for file in files_of(floor)}
    return {
        module: {name for name in modules_imported_by(file) if name in files and name != module}
        for module, file in files.items()
    }


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def within_folders(found: dict[str, set[str]], depth: int) -> dict[str, set[str]]:
    """The same arrows between folders: a module is known by the first ``depth`` parts of its name."""
    folders: dict[str, set[str]] = {}
    for module, imported in found.items():
        folder = folder_of(module, depth)
        others = {folder_of(name, depth) for name in imported} - {folder}
        folders.setdefault(folder, set()).update(others)
    return folders


def folder_of(module: str, depth: int = 2) -> str:
    return ".".join(module.split(".")[:depth])


def without_circle(found: dict[str, set[str]]) -> list[str]:
    """The names, each after those it imports.

    Raises:
        CycleError: There is a circle.
    """
    return list(TopologicalSorter(found).static_order())


def modules_alone(found: dict[str, set[str]]) -> dict[str, set[str]]:
    """Without the arrows from a folder's modules to its own public face, which imports them."""
    return {
        module: {name for name in imported if not module.startswith(f"{name}.")} for module, imported in found.items()
    }


@pytest.mark.parametrize("floor", FOLDERS)
def test_no_modules_and_no_folders_import_each_other_in_a_circle(floor):
    found = arrows(floor)
    assert len(without_circle(modules_alone(found))) == len(found) > 50
    assert len(without_circle(within_folders(found, 2))) > 5
    assert without_circle(within_folders(modules_alone(found), 3))


def test_a_circle_is_found_where_one_is_put_in(monkeypatch, tmp_path):
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    for name, text in {
        "one/a.py": "from embeddings.two import b",
        "one/c.py": "",
        "two/b.py": "def f():\n    from embeddings.one import c",
    }.items():
        file = tmp_path / "embeddings" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    found = arrows("embeddings")
    assert len(without_circle(found)) == 3
    with pytest.raises(CycleError):
        without_circle(within_folders(found, 2))
    (tmp_path / "embeddings" / "one" / "c.py").write_text("from embeddings.two.b import f")
    with pytest.raises(CycleError):
        without_circle(arrows("embeddings"))


@pytest.mark.parametrize("floor", FOLDERS)
def test_a_folder_imports_only_from_folders_before_it(floor):
    order = [f"{floor}.{folder}" for folder in FOLDERS[floor]]
    found = within_folders({m: names for m, names in arrows(floor).items() if m != floor}, 2)
    assert set(found) == set(order)
    later = {(a, b) for a, names in found.items() for b in names if b in order and order.index(b) > order.index(a)}
    assert later == set()


FACES = tuple(f"embeddings.{folder}" for folder in FOLDERS["embeddings"])


def test_an_engines_folder_is_entered_by_its_face_alone():
    """Its ``__init__`` exports what others use; a module that it exports is one of these."""
    files = [file for floor in (*FLOORS, "benchmarks", "img") for file in files_of(floor)]
    assert {(module_of(file), name) for file in files for name in past_a_face(file)} == set()


@pytest.mark.parametrize(
    "code",
    [
        "from embeddings.projection.projection_quality import quality",
        "from embeddings.projection import registry",
        "from embeddings.projection import *",
        "from ..projection import registry",
        "import embeddings.projection.registry",
        "import embeddings.projection.registry as methods",
        "import embeddings.projection\nembeddings.projection.registry.project(X)",
        "import embeddings.projection as maps\nmaps.registry.project(X)",
        "import embeddings\nembeddings.projection.registry.project(X)",
        "from embeddings import projection\nprojection.registry.project(X)",
        "from embeddings import projection\nprojection.quality._knn(X)",
        "from embeddings.projection import quality\nquality._knn(X)",
        "from embeddings.training import word2vec\nword2vec._pairs(X)",
        "def late():\n    from embeddings import projection as maps\n    return maps.METHODS and maps.tsne",
    ],
)
def test_a_way_around_a_face_is_found_where_one_is_put_in(code, monkeypatch, tmp_path):
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    file = tmp_path / "embeddings" / "similarity" / "neighbors.py"
    file.parent.mkdir(parents=True)
    file.write_text("from embeddings import projection as p\nfrom embeddings.training import word2vec as w\n")
    assert past_a_face(file) == set()
    file.write_text("import embeddings.projection\nembeddings.projection.quality(X).trustworthiness\n")
    assert past_a_face(file) == set()

    file.write_text(code)

    assert past_a_face(file) != set()


def past_a_face(file: Path) -> set[str]:
    """Full names that ``file`` reaches inside a folder of the engine that is not its own, and its face does not give.

    Reached are names imported, and attributes of these: ``projection.registry.project`` after ``from embeddings import
    projection``. What a face gives may have parts of its own, but none that begins with an underscore.
    """
    return {
        name
        for name in names_reached_by(file)
        if (face := folder_of(name)) in FACES and folder_of(module_of(file)) != face
        if not is_given(face, name.removeprefix(face).split(".")[1:])
    }


def is_given(face: str, parts: list[str]) -> bool:
    return not parts or (parts[0] in exported_by(face) and not any(is_private(part) for part in parts))


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def exported_by(package: str) -> set[str]:
    return set(importlib.import_module(package).__all__)


def names_reached_by(file: Path) -> set[str]:
    """Full names of all that ``file`` imports, and of the attributes that it asks of them."""
    names, bound = modules_imported_by(file), full_names_in(file)
    for node in nodes_of(file):
        attributes: list[str] = []
        while isinstance(node, ast.Attribute):
            attributes.insert(0, node.attr)
            node = node.value
        if attributes and isinstance(node, ast.Name) and node.id in bound:
            names.add(".".join([bound[node.id], *attributes]))
    return names


def full_names_in(file: Path) -> dict[str, str]:
    """What each name that ``file`` imports stands for, in full."""
    bound = {}
    package = file.relative_to(ROOT).parts[:-1]
    for node in nodes_of(file):
        if isinstance(node, ast.Import):
            for alias in node.names:
                reached = alias.name if alias.asname else alias.name.split(".")[0]
                bound[alias.asname or reached] = reached
        elif isinstance(node, ast.ImportFrom):
            module = module_imported_from(node, package)
            bound |= {alias.asname or alias.name: f"{module}.{alias.name}" for alias in node.names}
    return bound


def test_no_test_replaces_what_a_face_gives():
    """Whoever imported it before keeps the real one: what is replaced is the name in the module that uses it."""
    replaced = set()
    for file in files_of("tests"):
        names = full_names_in(file)
        for node in nodes_of(file):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "setattr":
                where, *what = [
                    each.value if isinstance(each, ast.Constant) else ast.unparse(each) for each in node.args
                ]
                full = ".".join([names.get(where, where), *what[:-1]])
                replaced |= {(file.name, full)} if full.rpartition(".")[0] in FACES else set()
    assert replaced == set()


def test_a_face_gives_nothing_that_nobody_asks_for():
    """Asked for is what is imported from it elsewhere, or stands in code that is shown to be run by the reader."""
    asked = set()
    folders = (*FLOORS, "benchmarks", "img", "tests")
    for file in (file for floor in folders for file in files_of(floor)):
        text = file.read_text(encoding="utf-8")
        shown = {
            f"{module}.{name.strip()}"
            for module, names in re.findall(r"from (embeddings\.\w+) import ([\w, ]+)", text)
            for name in names.split(",")
        }
        own = f"{folder_of(module_of(file))}."
        asked |= {name for name in names_reached_by(file) | shown if not name.startswith(own)}
    given = {f"{face}.{name}" for face in FACES for name in exported_by(face)}
    assert given - asked == set()


@pytest.mark.parametrize("face", FACES)
def test_no_function_of_a_face_hides_a_module_of_its_folder(face):
    modules = {file.stem for file in (ROOT / face.replace(".", "/")).glob("*.py")}
    given = importlib.import_module(face)
    hidden = {name for name in exported_by(face) & modules if not isinstance(getattr(given, name), ModuleType)}
    assert hidden == set()


def test_no_two_public_classes_share_a_name():
    names = Counter(
        node.name
        for floor in FOLDERS
        for file in files_of(floor)
        for node in nodes_of(file)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert len(names) > 50
    assert {name for name, count in names.items() if count > 1} == set()


def test_a_lesson_imports_no_lesson():
    lessons = {
        ".".join(("components", "lessons", *PurePosixPath(lesson.path).with_suffix("").parts[1:])) for lesson in LESSONS
    }
    found = within_folders(arrows("components"), 4)
    assert {(a, b) for a, names in found.items() for b in names if a in lessons and b in lessons} == set()


def test_no_folder_holds_more_files_than_can_be_looked_over():
    counts = Counter(file.parent for floor in FOLDERS for file in (ROOT / floor).rglob("*") if is_kept(file))
    assert {str(folder.relative_to(ROOT)): n for folder, n in counts.items() if n > MAX_FILES} == {}


def is_kept(file: Path) -> bool:
    return file.is_file() and "__pycache__" not in file.parts


def test_a_page_imports_no_page():
    assert {file for file, package in imports_of(files_of("pages")) if package == "pages"} == set()


@pytest.mark.parametrize("file", files_of("pages"), ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_page_is_a_short_script_without_functions(file):
    code = file.read_text(encoding="utf-8")
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)

    assert len(code.splitlines()) <= MAX_PAGE_LINES
    assert [node.lineno for node in ast.walk(ast.parse(code)) if isinstance(node, functions)] == []


@pytest.mark.parametrize("file", files_of("pages"), ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_page_sets_no_constant(file):
    sets = [node for node in nodes_of(file) if isinstance(node, ast.Assign | ast.AnnAssign)]

    assert [ast.unparse(node) for node in sets if not isinstance(node.value, ast.Call)] == []


def test_the_engine_imports_neither_streamlit_nor_plotly():
    found = imports_of(files_of("embeddings"))

    assert ("embeddings/vectors/one_hot_rows.py", "numpy") in found
    assert {(file, package) for file, package in found if package in ("streamlit", "plotly")} == set()


def test_figures_are_drawn_without_streamlit():
    figures = [file for file in files_of("components") if "figures" in file.parts]

    assert {file for file, package in imports_of(figures) if package == "streamlit"} == set()


def test_importing_the_whole_engine_loads_nothing_heavy():
    files = [file.relative_to(ROOT) for file in files_of("embeddings") if not file.stem.startswith("__")]
    modules = [".".join(file.with_suffix("").parts) for file in files]
    script = f"import sys, {', '.join(modules)}; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert set(modules) <= set(loaded.stdout.split())
    assert set(HEAVY) & set(loaded.stdout.split()) == set()


def calls_in(floors: tuple[str, ...]) -> list[tuple[str, ast.Call, str]]:
    """``(file, call, name of what is called)`` for each call of a method or function."""
    return [
        (file.name, node, getattr(node.func, "attr", getattr(node.func, "id", "")))
        for floor in floors
        for file in files_of(floor)
        for node in nodes_of(file)
        if isinstance(node, ast.Call)
    ]


def test_every_field_for_text_goes_through_those_with_a_limit():
    kinds = ("text_input", "text_area", "chat_input")
    used_in = {
        file.name
        for floor in ("app", "pages", "components")
        for file in files_of(floor)
        for node in nodes_of(file)
        if isinstance(node, ast.Attribute) and node.attr in kinds
    }

    assert used_in == {"text_fields.py"}


def test_widgets_that_take_new_options_or_rows_are_those_whose_limits_are_tested():
    open_ended = {
        (file, call.args[0].attr if name == "setting" else name)
        for file, call, name in calls_in(("app", "pages", "components"))
        if {"accept_new_options", "num_rows"} & {keyword.arg for keyword in call.keywords}
    }
    assert open_ended == {
        ("neighbors.py", "selectbox"),
        ("word_choice.py", "multiselect"),
        ("feature_table.py", "data_editor"),
    }


def test_every_cache_of_the_pages_has_a_bound_or_ends_with_its_visit():
    caches = [call for _, call, name in calls_in(("pages", "components")) if name in ("cache_data", "cache_resource")]
    assert len(caches) > 10
    for call in caches:
        options = {keyword.arg: keyword.value for keyword in call.keywords}
        assert "max_entries" in options or options["scope"].value == "session", ast.unparse(call)


def test_the_readme_has_every_setting_in_the_environment():
    names = set()
    for file in (file for floor in FLOORS for file in files_of(floor)):
        code = file.read_text(encoding="utf-8")
        asked = re.findall(r'environ(?:ment)?(?:\.get\(|\[)f?"([^"]+)"', code)
        asked += re.findall(r'^[A-Z_]+ = "(TOKEN_EMBEDDING_LAB_\w+)"', code, re.MULTILINE)
        names |= {name.replace("{prefix}", "TOKEN_EMBEDDING_LAB_") for name in asked} - {"PYTHONPATH"}
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("| name | default |")[2]
    assert len(names) > 10
    assert {name for name in names if f"`{name}`" not in table} == set()
