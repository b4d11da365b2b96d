"""What the server refuses, and whom it lets in."""

import itertools
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus

from components.server.back_messages import MAX_STRINGS, is_allowed
from components.server.careful_reading import MAX_FRAGMENTS
from components.server.limits import MB, ServerLimits, limits_from
from components.server.session_limits import BUSY, FULL
from tests.browser.app_server import ROOT
from tests.browser.conftest import running_app
from tests.server.visitor import CONTINUED, FINAL, FRAGMENT, PATIENCE, Visitor, connection, fetch, frame, rerun, upload


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> Iterator[str]:
    with running_app(tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield address


@pytest.fixture(scope="module")
def small_url(tmp_path_factory) -> Iterator[str]:
    """A server whose operator lets three sessions of an address in, shows metrics and allows one site's frames."""
    settings = {"SESSIONS_PER_ADDRESS": "3", "METRICS": "1", "FRAME_ANCESTORS": "https://school.example"}
    environment = {f"TOKEN_EMBEDDING_LAB_{name}": value for name, value in settings.items()}
    with running_app(tmp_path_factory.mktemp("small") / "log.txt", **environment) as address:
        yield address


@pytest.fixture(scope="module")
def impatient_url(tmp_path_factory) -> Iterator[str]:
    """A server on which no run is quick enough."""
    with running_app(tmp_path_factory.mktemp("i") / "log.txt", TOKEN_EMBEDDING_LAB_LONGEST_WAIT="0.001") as address:
        yield address


def page_of(url: str, address: str) -> tuple[int, str]:
    return fetch(urllib.request.Request(url, headers={"Accept": "text/html", "X-Forwarded-For": address}))


def test_a_whole_school_behind_one_address_is_let_in(url):
    with ExitStack() as school:
        visitors = [school.enter_context(connection(url, "203.0.113.1")) for _ in range(100)]
        assert len(visitors) == 100


def test_an_address_has_so_many_sessions_and_hears_a_sentence_instead_of_one_more(small_url):
    with ExitStack() as full:
        for _ in range(3):
            full.enter_context(connection(small_url, "203.0.113.7"))
        with pytest.raises(InvalidStatus) as refused:
            connection(small_url, "203.0.113.7")
        status, page = page_of(small_url, "203.0.113.7")
        with connection(small_url, "203.0.113.8"):
            assert page_of(small_url, "203.0.113.8")[0] == 200
    assert (refused.value.response.status_code, refused.value.response.body.decode()) == (503, FULL)
    assert status == 503
    assert FULL in page
    with connection(small_url, "203.0.113.7"):
        pass  # there is room again


def test_where_visitors_wait_too_long_a_newcomer_hears_a_sentence_and_who_comes_back_is_let_in(impatient_url):
    crowd = "203.0.113.9"
    with ExitStack() as full:
        visitors = [full.enter_context(Visitor(impatient_url, address=crowd)) for _ in range(3)]
        for visitor in itertools.cycle(visitors):
            visitor.click()
            if page_of(impatient_url, crowd)[0] == 503:
                break
        with pytest.raises(InvalidStatus) as refused:
            connection(impatient_url, crowd)
        assert (refused.value.response.status_code, refused.value.response.body.decode()) == (503, BUSY)
        assert BUSY in page_of(impatient_url, crowd)[1]
        with connection(impatient_url, crowd, session=visitors[0].session):
            pass
        with connection(impatient_url, "203.0.113.10"):
            pass  # who is alone does not stand back for a crowd of another address


@pytest.mark.parametrize("address", ["2001:db8::1", "2001:db8::ffff:2"])
def test_a_network_of_one_client_counts_as_one_address(small_url, address):
    with ExitStack() as full:
        for end in ("a", "b", "c"):
            full.enter_context(connection(small_url, f"2001:db8::{end}"))
        with pytest.raises(InvalidStatus):
            connection(small_url, address)


@pytest.mark.parametrize(
    ("message", "code"),
    [(b"\xff" * 20, 1002), (b"", 1002), ("text", 1002)],
    ids=["bytes", "nothing", "text"],
)
def test_what_is_no_message_closes_the_connection_and_nothing_else(url, message, code):
    with connection(url) as line:
        line.send(message)
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                line.recv(timeout=PATIENCE)
    assert closed.value.rcvd.code == code


def test_a_message_that_is_too_long_is_not_read(url):
    with connection(url) as line, pytest.raises(ConnectionClosed):
        line.send(rerun("a" * 3_000_000))
        while True:
            line.recv(timeout=PATIENCE)


def test_a_message_in_pieces_without_end_closes_the_connection(url):
    with connection(url) as line:
        line.socket.sendall(frame(b"", FRAGMENT) + frame(b"", CONTINUED) * (MAX_FRAGMENTS + 1_000))
        with pytest.raises(ConnectionClosed):
            while True:
                line.recv(timeout=PATIENCE)


def test_a_message_in_some_pieces_is_read_whole(url):
    with Visitor(url) as visitor:
        message = rerun("a" * 300_000)
        pieces = [message[start : start + 1_000] for start in range(0, len(message), 1_000)]
        kinds = [FRAGMENT, *[CONTINUED] * (len(pieces) - 2), CONTINUED | FINAL]
        visitor.socket.socket.sendall(b"".join(map(frame, pieces, kinds)))
        visitor.run()
        assert visitor.has("From words to numbers")


def test_a_text_of_nearly_two_megabytes_is_answered_as_soon_as_others(url):
    with Visitor(url) as visitor:
        calm = sorted(visitor.click() for _ in range(5))[2]
        assert visitor.type("home_text", "acgt" * 475_000) < max(5, 25 * calm)
        assert visitor.has("At most 500 characters are used here")


@pytest.mark.parametrize("kind", ["clear_cache", "set_run_on_save", "load_git_info", "debug_shutdown_runtime"])
def test_a_message_that_no_visitor_needs_is_passed_over(url, kind):
    with Visitor(url) as visitor:
        visitor.socket.send(BackMsg(**{kind: True}).SerializeToString())
        visitor.run()
        assert visitor.has("From words to numbers")


@pytest.mark.parametrize("widget", ["nonsense", "", "home_text", "$$ID-0-nonsense", "$$STREAMLIT_INTERNAL_KEY_a"])
def test_a_widget_that_is_not_there_changes_no_page_and_leaves_no_traceback_in_the_log(url, widget):
    with Visitor(url) as visitor:
        visitor.socket.send(chosen(widget, 1).SerializeToString())
        visitor.run()
        assert visitor.has("One-hot")
        assert not visitor.has("Something went wrong here")


def chosen(widget: str, count: int) -> BackMsg:
    """A message that chooses ``count`` options."""
    message = BackMsg()
    message.rerun_script.widget_states.widgets.add(id=widget).string_array_value.data.extend(["a"] * count)
    return message


def test_so_many_options_may_be_chosen_and_no_more():
    assert is_allowed(chosen("$$ID-0-a", MAX_STRINGS))
    assert not is_allowed(chosen("$$ID-0-a", MAX_STRINGS + 1))
    in_two = chosen("$$ID-0-a", MAX_STRINGS)
    in_two.rerun_script.widget_states.widgets.extend(chosen("$$ID-0-b", 1).rerun_script.widget_states.widgets)
    assert not is_allowed(in_two)
    for count in (1, MAX_STRINGS, MAX_STRINGS + 1):
        asked = BackMsg.FromString(rerun("&".join(["space_words=a"] * count)))
        assert is_allowed(asked) == (count <= MAX_STRINGS)


def test_half_a_million_options_are_passed_over_and_others_are_served_meanwhile(url):
    with Visitor(url, "words_in_space") as greedy, Visitor(url) as other:
        calm = sorted(other.click() for _ in range(5))[2]
        widget = re.search(rb"\$\$ID-\w+-space_words", greedy.page)[0].decode()
        for _ in range(3):
            greedy.socket.send(chosen(widget, 500_000).SerializeToString())
        assert other.click() < max(2, 25 * calm)
        greedy.run()
        assert greedy.has("Your own words")
        assert not greedy.has("At most 2,000 characters are used here")


def test_a_heartbeat_is_answered(url):
    with Visitor(url) as visitor:
        visitor.socket.send(BackMsg(app_heartbeat=True).SerializeToString())
        while not ForwardMsg.FromString(visitor.socket.recv(timeout=PATIENCE)).heartbeat_ack:
            pass


def test_a_visit_holds_so_many_files_and_the_others_have_room(url):
    with Visitor(url) as greedy, Visitor(url) as other:
        answers = [upload(url, greedy.session, bytes(100)) for _ in range(ServerLimits.files_per_session + 1)]
        assert [status for status, _ in answers] == [204] * ServerLimits.files_per_session + [413]
        assert "You have 16 files here" in answers[-1][1]
        assert upload(url, other.session, bytes(100))[0] == 204


def test_a_visit_holds_so_many_bytes(url):
    with Visitor(url) as greedy:
        answers = [upload(url, greedy.session, bytes(5 * MB - 1_000)) for _ in range(7)]
        assert [status for status, _ in answers] == [204] * 6 + [413]


def test_a_file_for_a_session_that_is_not_there_is_refused(url):
    assert upload(url, "nobody", bytes(100))[0] == 400


def test_a_page_tells_the_browser_what_it_may_do(url, small_url):
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        headers = answer.headers
    assert (
        "frame-ancestors 'self' https://share.streamlit.io https://*.streamlit.app"
        in (headers["Content-Security-Policy"])
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    with urllib.request.urlopen(small_url, timeout=PATIENCE) as answer:
        assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'self' https://school.example")


def test_metrics_are_shown_only_where_the_operator_wants_them(url, small_url):
    assert fetch(f"{url}/_stcore/metrics")[0] == 404
    assert fetch(f"{small_url}/_stcore/metrics")[0] == 200


@pytest.mark.parametrize(
    ("asked", "address", "hosts"),
    [("", "127.0.0.1", ["localhost", "127.0.0.1"]), ("--server.address=0.0.0.0", "0.0.0.0", [])],
)
def test_make_run_is_for_this_computer_alone_unless_it_is_told_otherwise(asked, address, hosts):
    plan = subprocess.run(["make", "-n", "run", f"ARGS={asked}"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.findall(r"--server\.address=(\S+)", plan.stdout) == [address]
    assert re.findall(r"--server\.allowedHosts=(\S+)", plan.stdout) == hosts


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", "²", ""])
def test_an_operators_setting_that_is_no_number_is_named(value):
    with pytest.raises(ValueError, match="SESSIONS_PER_ADDRESS"):
        limits_from({"TOKEN_EMBEDDING_LAB_SESSIONS_PER_ADDRESS": value})


@pytest.mark.parametrize("value", ["-1", "nan", "1e9", "soon", "²", ""])
def test_an_operators_longest_wait_is_a_number_of_seconds(value):
    with pytest.raises(ValueError, match="LONGEST_WAIT"):
        limits_from({"TOKEN_EMBEDDING_LAB_LONGEST_WAIT": value})


def test_an_operators_frame_ancestors_are_sites_alone():
    with pytest.raises(ValueError, match="FRAME_ANCESTORS"):
        limits_from({"TOKEN_EMBEDDING_LAB_FRAME_ANCESTORS": "https://a.example; script-src *"})
