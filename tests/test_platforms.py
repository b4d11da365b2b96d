"""Which Pythons and systems the app is for: every file that says so says the same."""

import ast
import re
import tomllib
from itertools import product
from pathlib import Path

from packaging.requirements import Requirement

from tests.wheels import SYSTEMS, pythons

ROOT = Path(__file__).parent.parent
# What markers ask about each of ``SYSTEMS``.
MARKED = {
    "Linux x86-64": {"sys_platform": "linux", "platform_machine": "x86_64"},
    "Linux ARM": {"sys_platform": "linux", "platform_machine": "aarch64"},
    "macOS ARM": {"sys_platform": "darwin", "platform_machine": "arm64"},
    "Windows": {"sys_platform": "win32", "platform_machine": "AMD64"},
}
MACHINES = [
    {"python_version": python, "python_full_version": f"{python}.0", **MARKED[system]}
    for python, system in product(pythons(), SYSTEMS)
]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pinned() -> list[Requirement]:
    """The lines of requirements.txt."""
    return [Requirement(line) for line in text_of("requirements.txt").splitlines() if not line.startswith("#")]


def asked_on(machine: dict[str, str], requirements: list[Requirement]) -> list[str]:
    """The names of what is installed on ``machine``, those that stand twice twice."""
    return [r.name for r in requirements if r.marker is None or r.marker.evaluate(machine)]


def test_there_are_twenty_machines_and_each_has_one_version_of_a_package():
    assert len(MACHINES) == 20
    for machine in MACHINES:
        names = asked_on(machine, pinned())
        assert sorted(names) == sorted(set(names)), machine


def test_the_engine_asks_on_each_machine_for_what_the_app_is_tested_with_there():
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    engine = [Requirement(line) for line in project["dependencies"]]
    for machine in MACHINES:
        of_the_pages = {"streamlit", "plotly", "orjson", "pandas", "SQLAlchemy", "segno"}
        assert set(asked_on(machine, engine)) == set(asked_on(machine, pinned())) - of_the_pages, machine


def test_makefile_readme_and_workflow_name_the_same_pythons():
    first, last = (python.split(".")[1] for python in (pythons()[0], pythons()[-1]))
    makefile = text_of("Makefile")
    listed = f"{', '.join(pythons()[:-1])} or {pythons()[-1]}"

    assert f"(3, {first}) <= sys.version_info < (3, {int(last) + 1})" in makefile
    assert {f"python{python}" for python in pythons()} == set(re.findall(r"python3\.\d+", makefile))
    assert f"needs Python {listed}," in makefile
    assert f"Python {' · '.join(pythons())} on " in text_of("README.md")
    assert f"exist for Python {pythons()[0]} to {pythons()[-1]}:" in text_of("requirements.txt")
    assert f"python: {list(pythons())}".replace("'", '"') in text_of(".github/workflows/test.yml")


def test_constraints_hold_the_same_versions_and_one_of_each_package_on_each_machine():
    lines = [line for line in text_of("constraints.txt").splitlines() if not line.startswith("#")]
    held = [Requirement(line) for line in lines]
    for machine in MACHINES:
        there = {r.name.lower(): r.specifier for r in held if r.marker is None or r.marker.evaluate(machine)}
        assert len(there) == len(asked_on(machine, held)), machine
        pinned_there = {r.name.lower(): r.specifier for r in pinned() if r.name in asked_on(machine, [r])}
        assert pinned_there.items() <= there.items(), machine


def test_community_cloud_gets_the_same_torch_without_cuda_for_each_python_it_may_choose():
    lines = [line for line in text_of("deploy/community_cloud/requirements.txt").splitlines() if line[0] not in "#-"]
    held = [Requirement(line) for line in lines]
    for python in pythons()[:-1]:
        machine = {"python_version": python, **MARKED["Linux x86-64"]}
        (torch,) = [r for r in pinned() if r.name == "torch" and r.marker.evaluate(machine)]
        (wheel,) = [r.url for r in held if r.marker.evaluate(machine)]
        tag = f"cp{python.replace('.', '')}"
        version = next(iter(torch.specifier)).version
        assert wheel.endswith(f"/whl/cpu/torch-{version}%2Bcpu-{tag}-{tag}-manylinux_2_28_x86_64.whl")


def test_community_cloud_starts_the_app_with_all_that_the_front_door_gives_it():
    given = [
        {keyword.arg for keyword in node.keywords}
        for file in ("app.py", "deploy/community_cloud/streamlit_app.py")
        for node in ast.walk(ast.parse(text_of(file)))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.App"
    ]
    assert given[0] == given[1] == {"lifespan", "on_script_error", "middleware"}


def test_the_container_has_every_floor_and_a_python_of_ours():
    dockerfile = text_of("Dockerfile")
    assert re.search(r"FROM python:(3\.\d+)-slim", dockerfile)[1] in pythons()
    copied = {name for line in re.findall(r"^COPY (.+)$", dockerfile, re.MULTILINE) for name in line.split()[:-1]}
    let_in = {line[1:] for line in text_of(".dockerignore").splitlines() if line.startswith("!")}
    assert copied == let_in
    assert {"app.py", "pages", "components", "embeddings", "img", ".streamlit"} < copied
    assert "/_stcore/health" in dockerfile


def test_ruff_and_mypy_look_with_the_eyes_of_the_oldest():
    tools = tomllib.loads(text_of("pyproject.toml"))["tool"]
    oldest = pythons()[0]
    assert tools["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"
    assert tools["mypy"]["python_version"] == oldest


def test_what_a_package_reads_beside_its_code_is_installed_with_it():
    named = tomllib.loads(text_of("pyproject.toml"))["tool"]["setuptools"]["package-data"]
    folders = [folder.relative_to(ROOT) for folder in (ROOT / "embeddings").rglob("data") if folder.is_dir()]
    assert set(named) == {".".join(folder.parent.parts) for folder in folders}
    assert set(map(tuple, named.values())) == {("data/*",)}
