"""The app, run page by page without a browser."""

from collections.abc import Callable, Iterator

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.elements.lib import utils
from streamlit.runtime.caching.cache_resource_api import clear_session_cache
from streamlit.testing.v1 import AppTest

from embeddings import jobs
from tests.pages import reading


@pytest.fixture(scope="session", autouse=True)
def no_job_outlives_the_tests():
    yield
    assert jobs.shared_queue().close(seconds=60)


@pytest.fixture(scope="module", autouse=True)
def no_job_outlives_its_tests():
    """What goes on in this process would take the processor, and memory, of the tests that follow."""
    yield
    left = jobs.shared_queue()._all()
    for job in left:
        job.cancel()
    assert all(job.wait(60) for job in left)


@pytest.fixture(scope="session", autouse=True)
def no_package_is_searched_for_components():
    with pytest.MonkeyPatch.context() as patch:
        # AppTest looks through all installed packages for components at each run, for a third of a second or more.
        patch.setattr(manifest_scanner, "scan_component_manifests", list)
        yield


@pytest.fixture(scope="session")
def kinds_of_keys() -> Iterator[dict[str, set[str]]]:
    """The kinds of elements that were drawn under each key, on whatever page and in whatever state."""
    seen: dict[str, set[str]] = {}
    register = utils._register_element_id

    def noted(ctx, element_type, element_id):
        if key := utils.user_key_from_element_id(element_id):
            seen.setdefault(key, set()).add(element_type)
        register(ctx, element_type, element_id)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(utils, "_register_element_id", noted)
        yield seen


@pytest.fixture(autouse=True)
def no_two_elements_share_a_key(kinds_of_keys):
    """Two of a kind are refused by Streamlit when they meet; two that only may meet are found here."""
    yield
    assert not {key: kinds for key, kinds in kinds_of_keys.items() if len(kinds) > 1}


@pytest.fixture(autouse=True)
def leave() -> Callable[[], None]:
    """Ends the visit, as a closed tab does: AppTest gives all apps one session, whose jobs and files would stay."""

    def leave_() -> None:
        clear_session_cache("test session id")

    leave_()
    return leave_


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    """Opens the page at ``/<name>`` the way a visitor does, through app.py."""
    return reading.open_page
