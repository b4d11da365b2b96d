"""A teacher and five students play a question through in real browsers, with the database gone for a while."""

import csv
import io
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import running_app, settle
from tests.postgres import running_postgres

IN = "Your guess is in. The answer comes when your teacher reveals it."
OPTIONS = ("Words", "Words", "Characters", "Words", "Byte pairs (GPT-4o)")
TITLE = "Cutting text into tokens"


@pytest.fixture(scope="module")
def cluster():
    with running_postgres() as found:
        yield found


@pytest.fixture(scope="module")
def room_url(cluster, tmp_path_factory):
    """The app, with its rooms in a PostgreSQL that the test may stop."""
    with running_app(tmp_path_factory.mktemp("rooms") / "log.txt", DATABASE_URL=cluster.url) as url:
        yield url


@pytest.fixture
def visitor(browser: Browser, room_url):
    """Opens an address in a browser that knows nothing of the others."""
    contexts = []

    def open_(path: str) -> Page:
        contexts.append(browser.new_context())
        page = contexts[-1].new_page()
        page.goto(f"{room_url}/{path}")
        settle(page)
        return page

    yield open_
    for context in contexts:
        context.close()


def guess(page: Page, answer: str, number: int) -> None:
    pills = page.locator(f".st-key-tokenizers_guess_round_{number}")
    pills.get_by_role("button", name=answer).or_(pills.get_by_role("radio", name=answer)).click()


def test_a_question_is_played_through_by_a_teacher_and_five_students(visitor, cluster):
    teacher = visitor("room")
    teacher.get_by_role("button", name="Open a room").click()
    code = re.search(r"room=(\w{6})", teacher.get_by_test_id("stCode").first.inner_text())[1]
    students = [visitor(f"room?room={code}") for _ in OPTIONS]

    teacher.get_by_test_id("stSidebar").get_by_role("link", name=TITLE).click()
    for student, answer in zip(students, OPTIONS, strict=True):
        expect(student).to_have_url(re.compile("/tokenizers"))  # led there
        guess(student, answer, 1)
        expect(student.get_by_text(IN)).to_be_visible()
    expect(teacher.get_by_text("5 of 5 have guessed")).to_be_visible()
    students[0].reload()
    expect(students[0].get_by_text(IN)).to_be_visible()  # who loads the page anew guesses no second time

    teacher.get_by_role("button", name="Reveal").click()
    for page in (teacher, *students):
        expect(page.get_by_text("What the class guessed")).to_be_visible()
        expect(page.get_by_text("3 · 60%")).to_be_visible()

    teacher.get_by_role("button", name="Guess again").click()
    expect(students[0].locator(".st-key-tokenizers_guess_round_2")).to_be_visible()
    cluster.stop()
    try:
        guess(students[0], "Characters", 2)
        expect(students[0].get_by_text("Your guess is kept")).to_be_visible()
        field = students[0].get_by_role("textbox", name="Your text")
        expect(field).to_be_editable()  # the page goes on
    finally:
        cluster.start()
    expect(students[0].get_by_text(IN)).to_be_visible()
    expect(teacher.get_by_text("1 of 5 have guessed")).to_be_visible()

    teacher.get_by_test_id("stSidebar").get_by_role("link", name="Classroom").click()
    teacher.get_by_text("End the lesson").click()
    with teacher.expect_download() as download:
        teacher.get_by_role("button", name="All guesses as CSV").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert sorted(row["guess"] for row in rows) == sorted([*OPTIONS, "Characters"])
    assert {row["right"] for row in rows if row["round"] == "1"} == {"yes", "no"}
    teacher.get_by_role("button", name="Close the room").click()
    expect(teacher.get_by_text(f"The room {code[:3]} {code[3:]} is closed")).to_be_visible()
    for student in students:
        expect(student.get_by_text("The teacher has closed the room")).to_be_visible()
