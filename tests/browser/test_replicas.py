"""Two servers of the app behind a proxy, as ``deploy/replicas`` has them, and one of them killed."""

import itertools
import re
import time
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import postgres
from tests.browser import proxies
from tests.browser.app_server import PATIENCE, AppServer
from tests.browser.conftest import settle
from tests.browser.test_cut_connection import bring, vectors
from tests.browser.test_learning import go_to

LOST = "The connection was lost, and the server no longer knows your visit. Your settings are as they were."
WORDS = "odd_words=king+queen+banana"
IN = "Your guess is in. The answer comes when your teacher reveals it."
PILLS = ".st-key-odd_guess_round_{} button"
KINDS = {"nginx": proxies.nginx, "caddy": proxies.caddy}


@pytest.fixture(scope="module")
def database_url(tmp_path_factory) -> Iterator[str]:
    """Where both keep their rooms: in a PostgreSQL where it can be had, else in one file."""
    if postgres.find() is None:
        yield f"sqlite:///{tmp_path_factory.mktemp('rooms') / 'rooms.sqlite3'}"
        return
    with postgres.running_postgres() as cluster:
        yield cluster.url


@pytest.fixture(scope="module")
def replicas(database_url, tmp_path_factory) -> Iterator[dict[str, AppServer]]:
    """Two servers, told apart by a header; each test leaves both running."""
    folder = tmp_path_factory.mktemp("replicas")
    shared = {"STREAMLIT_SERVER_COOKIE_SECRET": proxies.SECRET, "STREAMLIT_SERVER_ALLOWED_HOSTS": "127.0.0.1"}
    shared |= {"DATABASE_URL": database_url}
    own = {name: {"TOKEN_EMBEDDING_LAB_FRAME_ANCESTORS": f"https://{name}.example"} for name in "ab"}
    servers = {name: AppServer(folder / f"{name}.txt", **shared, **settings) for name, settings in own.items()}
    try:
        for server in servers.values():
            server.start()
        yield servers
    finally:
        for server in servers.values():
            server.stop()
    logs = "".join(server.log.read_text() for server in servers.values())
    assert "Traceback" not in logs, logs


def program(name: str) -> str:
    found = proxies.find(name)
    if found is None:
        pytest.skip(f"There is no {name} on this machine, and it cannot be installed here.")
    return found


def ask(url: str, cookie: str = "") -> tuple[str, str]:
    """Which replica answers, and the visitor's cookie from then on."""
    request = urllib.request.Request(f"{url}/_stcore/health", headers={"Cookie": f"replica={cookie}"} if cookie else {})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        told = re.findall(r"replica=(\w+)", " ".join(answer.headers.get_all("Set-Cookie") or []))
        return re.search(r"https://(\w)\.example", answer.headers["Content-Security-Policy"])[1], [cookie, *told][-1]


def cookie_to(url: str, replica: str) -> str:
    """The cookie of a new visitor whom ``replica`` has answered."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answered, cookie = ask(url)
        if answered == replica:
            return cookie
    raise AssertionError(f"No new visitor came to {replica} within {PATIENCE} s.")


@pytest.mark.parametrize("kind", KINDS)
def test_a_cookie_keeps_a_visitor_with_a_replica_and_leads_to_the_other_while_that_is_away(replicas, kind):
    with KINDS[kind](program(kind), replicas["a"].url, replicas["b"].url) as url:
        cookies = {replica: cookie_to(url, replica) for replica in "ab"}
        for replica, cookie in itertools.islice(itertools.cycle(cookies.items()), 10):
            assert ask(url, cookie) == (replica, cookie)
        replicas["a"].kill()
        assert [ask(url, cookie) for cookie in cookies.values()] == [("b", cookies["b"])] * 2
        replicas["a"].start()
        assert cookie_to(url, "a") == cookies["a"]
        assert ask(url, cookies["b"]) == ("b", cookies["b"])


def seat(context: BrowserContext) -> str:
    return next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "replica")


def guess(page: Page, word: str) -> None:
    page.get_by_role("radio", name=word, exact=True).click()


def test_a_killed_replicas_visitor_lands_on_the_other_and_the_others_notice_nothing(browser: Browser, replicas):
    with proxies.nginx(program("nginx"), replicas["a"].url, replicas["b"].url) as url:
        contexts = [browser.new_context() for _ in range(2)]
        pages = [context.new_page() for context in contexts]
        for page in pages:
            page.goto(f"{url}/odd_one_out?{WORDS}")
            settle(page)
        moved, stayed = pages
        gone, other = map(seat, contexts)
        assert {gone, other} == {"a", "b"}  # they take turns
        replicas[gone].kill()
        guess(stayed, "banana")
        expect(stayed.get_by_text("You said banana, and that is right.")).to_be_visible()
        expect(stayed.get_by_text(LOST)).to_have_count(0)
        guess(moved, "banana")
        expect(moved.get_by_text("You said banana, and that is right.")).to_be_visible()
        expect(moved.get_by_text(LOST)).to_be_visible()
        assert WORDS in moved.url
        replicas[gone].start()
        bring(moved)  # what is uploaded comes to where the visitor is
        assert [seat(context) for context in contexts] == [other, other]
        for context in contexts:
            context.close()


def test_a_room_spans_both_and_a_killed_replicas_student_is_still_in_it_and_guesses_no_second_time(browser, replicas):
    with proxies.nginx(program("nginx"), replicas["a"].url, replicas["b"].url) as url:
        contexts = [browser.new_context() for _ in range(2)]
        teacher, student = pages = [context.new_page() for context in contexts]
        for page in pages:
            page.goto(f"{url}/room")
            settle(page)
        stays, gone = map(seat, contexts)
        assert {stays, gone} == {"a", "b"}  # they take turns
        teacher.get_by_role("button", name="Open a room").click()
        code = re.search(r"room=(\w{6})", teacher.get_by_test_id("stCode").first.inner_text())[1]
        field = student.get_by_role("textbox", name="The code of your room")
        field.fill(code)
        field.press("Enter")
        expect(teacher.get_by_text("1 student here")).to_be_visible()

        go_to(teacher, "Odd one out")
        expect(student).to_have_url(re.compile(f"/odd_one_out.*room={code}"))  # led there
        chosen = guess_in_class(student, 1)
        expect(teacher.get_by_text("1 of 1 have guessed")).to_be_visible()
        teacher.get_by_role("button", name="Reveal").click()
        for page in pages:
            expect(page.locator(".st-key-odd_guess_guesses .bartext").first).to_have_text("1 · 100%")
        expect(student.get_by_text(f"You said {chosen}")).to_be_visible()
        teacher.get_by_role("button", name="Guess again").click()
        guess_in_class(student, 2)

        replicas[gone].kill()
        expect(student.get_by_text(LOST)).to_be_visible()
        expect(student.get_by_text(IN)).to_be_visible()
        expect(student.locator(PILLS.format(2))).to_have_count(0)
        expect(teacher.get_by_text("1 of 1 have guessed")).to_be_visible()
        assert seat(contexts[1]) == stays
        teacher.get_by_role("button", name="Reveal").click()
        for page in pages:
            expect(page.locator(".st-key-odd_guess_guesses .bartext").first).to_have_text("1 · 100%")
        replicas[gone].start()
        for context in contexts:
            context.close()


def guess_in_class(student: Page, number: int) -> str:
    """Choose the first word in this round, which is sent; the word."""
    word = student.locator(PILLS.format(number)).first
    word.click()
    expect(student.get_by_text(IN)).to_be_visible()
    return re.search("Your guess: “(.+)”", student.get_by_test_id("stAlert").filter(has_text=IN).inner_text())[1]


def test_who_is_here_when_the_server_is_killed_and_started_again_keeps_the_settings(page, replicas):
    server = replicas["a"]
    page.goto(f"{server.url}/odd_one_out")
    settle(page)
    bring(page)
    go_to(page, "Odd one out")
    field = page.get_by_role("textbox", name="Three words or more")
    field.fill("w1 w2 w3")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"odd_words=w1\+w2\+w3"))
    server.kill()
    server.start()
    guess(page, "w2")
    expect(page.get_by_text(LOST)).to_be_visible()
    expect(field).to_have_value("w1 w2 w3")
    expect(vectors(page)).to_have_value("glove-6b-50d")
