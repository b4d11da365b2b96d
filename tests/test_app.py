"""The front door: what visitors see of errors, how the server starts, and what the first page loads."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import app as front_door
from embeddings.common import SourceUnavailable

ROOT = Path(__file__).parent.parent


def page_with_two_errors() -> None:
    from app import on_script_error
    from embeddings.common.errors import InvalidInput

    assert on_script_error(RuntimeError("a secret path"))
    assert on_script_error(InvalidInput("Two **words** are needed."))
    assert on_script_error(ModuleNotFoundError("No module named 'sklearn.manifold'", name="sklearn.manifold"))
    assert on_script_error(ModuleNotFoundError("No module named 'components.secret'", name="components.secret"))
    assert on_script_error(ModuleNotFoundError("secret"))


def test_a_visitor_sees_an_apology_and_no_detail_of_an_error_that_nobody_expected():
    app = AppTest.from_function(page_with_two_errors).run()
    assert [error.value for error in app.error] == [
        front_door.GENERIC_ERROR,
        r"Two \*\*words\*\* are needed\.",
        r"The package scikit\-learn is missing\. Install it with\: pip install scikit\-learn",
        front_door.GENERIC_ERROR,
        front_door.GENERIC_ERROR,
    ]
    assert not app.exception
    assert "secret" not in str(app)


def test_a_source_that_cannot_be_read_is_logged_and_the_server_starts_all_the_same(monkeypatch, caplog):
    def broken():
        raise SourceUnavailable("The table is damaged.")

    monkeypatch.setattr("components.session.landmarks.landmark_map", broken)
    with caplog.at_level(logging.ERROR):
        front_door.open_table()
    assert "The table is damaged." in caplog.text


@pytest.mark.parametrize("package", ["torch", "sklearn", "plotly", "gensim", "scipy", "sqlalchemy", "segno"])
def test_home_opens_without(package, loaded_by_home):
    assert "components.session.landmarks" in loaded_by_home
    assert package not in loaded_by_home


@pytest.fixture(scope="module")
def loaded_by_home() -> set[str]:
    """The modules in a fresh process that has drawn the first page."""
    script = """
import sys
from streamlit.testing.v1 import AppTest
for name in [name for name in sys.modules if name.startswith("plotly")]:
    del sys.modules[name]  # AppTest's own import
app = AppTest.from_file("app.py", default_timeout=120).run()
assert app.title[0].value == "From words to numbers" and not app.exception
print(*sys.modules)
"""
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(ran.stdout.split())
