"""The app, run page by page without a browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from embeddings import jobs

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture(scope="session", autouse=True)
def no_job_outlives_the_tests():
    yield
    assert jobs.line().close(seconds=60)


@pytest.fixture
def open_page() -> Callable[[str], AppTest]:
    """Opens ``pages/<name>.py`` the way a visitor does, through app.py."""

    def open_(name: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=120).run()
        for key, value in query.items():
            app.query_params[key] = value
        app.switch_page(f"pages/{name}.py").run()
        assert not app.exception
        return app

    return open_
