"""The app, run page by page without a browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.runtime.caching.cache_resource_api import clear_session_cache
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest, app_test

from embeddings import jobs

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture(scope="session", autouse=True)
def no_job_outlives_the_tests():
    yield
    assert jobs.line().close(seconds=60)


class _Pages(PagesManager):
    """Runs pages inside app.py, as the server does after app.py's start-up; AppTest does not start the server."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        PagesManager.uses_pages_directory = False


@pytest.fixture(scope="session", autouse=True)
def app_py_runs_around_every_page():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app_test, "PagesManager", _Pages)
        yield


@pytest.fixture(autouse=True)
def leave() -> Callable[[], None]:
    """Ends the visit, as a closed tab does: AppTest gives all apps one session, whose jobs and files would stay."""

    def leave_() -> None:
        clear_session_cache("test session id")

    leave_()
    return leave_


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
