"""A lesson of 45 minutes in a room, in real browsers, with the database gone for a while."""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from components import classroom, navigation
from components.lessons.classroom.plans import PLANS, PlanStep
from components.lessons.classroom.teach import page_of
from components.rooms.membership import OWN
from embeddings.training import STEPS
from tests.browser.conftest import running_app, settle, strangers
from tests.postgres import Postgres, running_postgres

IN = "Your guess is in. The answer comes when your teacher reveals it."
GUESSED = "What the class guessed"
STUDENTS = 5


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
def visitor(browser: Browser, room_url) -> Iterator[Callable[[str], Page]]:
    with strangers(browser, room_url) as open_:
        yield open_


def test_a_lesson_of_45_minutes_is_played_through_by_a_teacher_and_five_students(visitor, cluster):
    teacher = visitor("room")
    teacher.get_by_role("button", name="Open a room").click()
    code = re.search(r"room=(\w{6})", teacher.get_by_test_id("stCode").first.inner_text())[1]
    students = [enter(visitor, code, by_link=place % 2 == 0) for place in range(STUDENTS)]
    expect(teacher.get_by_text(f"{STUDENTS} students here")).to_be_visible()

    made = [[] for _ in students]  # of each student: page, round, guess, and whether they were told that it is right
    steps = [step for step in PLANS[45] if step.page != classroom.ROOM.address]  # where they are already
    first = steps[0]
    for step in steps:
        open_step(teacher, step)
        for student in students:
            follow(student, teacher)
        if step.page == classroom.CHECK.address:
            check_themselves(students)
            continue
        assert navigation.is_lesson(step.page)
        if step.page == "small_network":
            teacher.get_by_role("button", name="Play", exact=True).click()  # as the plan says
        choose(students, round_number=1)
        if step is first:
            students[0].reload()
            expect(students[0].get_by_text(IN)).to_be_visible()  # who loads the page anew guesses no second time
        note(made, step, 1, reveal(teacher, students))
        if step is first:
            teacher.get_by_role("button", name="Guess again").click()
            choose_while_the_database_is_gone(students[0], cluster)
            choose(students[1:], round_number=2)
            note(made, step, 2, reveal(teacher, students))
        if step.page == "small_network":
            for page in (teacher, *students):
                expect(page.get_by_text(f"At step {STEPS} it is")).to_be_visible()

    assert taken_home(teacher) == sorted(made)
    teacher.get_by_role("button", name="Close the room").click()
    expect(teacher.get_by_text(f"The room {code[:3]} {code[3:]} is closed")).to_be_visible()
    for student in students:
        expect(student.get_by_text("The teacher has closed the room")).to_be_visible()


def enter(visitor: Callable[[str], Page], code: str, by_link: bool) -> Page:
    """A new student's page."""
    if by_link:
        return visitor(f"room?room={code}")
    page = visitor("room")
    page.get_by_role("textbox", name="The code of your room").fill(f"{code[:3]} {code[3:]}".lower())  # as it is heard
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_text(f"You are in room {code[:3]} {code[3:]}")).to_be_visible()
    return page


def open_step(teacher: Page, step: PlanStep) -> None:
    """Open the plan, and from it the page of this step."""
    _, title = page_of(step)
    teacher.get_by_test_id("stSidebar").get_by_role("link", name=classroom.TEACH.title).click()
    teacher.get_by_test_id("stMain").get_by_role("link", name=title).click()
    expect(teacher.get_by_role("heading", name=title, level=1)).to_be_visible()
    settle(teacher)


def follow(student: Page, teacher: Page) -> None:
    """The student's page comes to where the teacher's is, with the same settings and the same question."""
    student.wait_for_url(lambda url: place_of(url) == place_of(teacher.url))
    heading = teacher.get_by_role("heading", level=1).inner_text()
    expect(student.get_by_role("heading", name=heading, level=1)).to_be_visible()
    for asked in questions(teacher).all():
        expect(questions(student)).to_have_text(asked.text_content())


def place_of(url: str) -> tuple[str, dict[str, list[str]]]:
    parts = urlsplit(url)
    return parts.path, {key: values for key, values in parse_qs(parts.query).items() if key not in OWN}


def questions(page: Page) -> Locator:
    """What the page asks, or of the page of exercises all of them."""
    return page.locator("p", has=page.get_by_text("Predict first.")).or_(page.get_by_test_id("stForm"))


def pills(page: Page, round_number: int) -> Locator:
    return page.locator(f"[class*=_guess_round_{round_number}] button")


def choose(students: Sequence[Page], round_number: int) -> None:
    """Each guesses something else than the one before; all at once."""
    options = pills(students[0], round_number)
    expect(options.first).to_be_visible()
    count = options.count()
    for place, student in enumerate(students):
        pills(student, round_number).nth(place % count).click()
    for student in students:
        expect(student.get_by_text(IN)).to_be_visible()


def choose_while_the_database_is_gone(student: Page, cluster: Postgres) -> None:
    expect(pills(student, 2).first).to_be_visible()
    cluster.stop()
    try:
        pills(student, 2).last.click()
        expect(student.get_by_text("Your guess is kept")).to_be_visible()
        expect(student.get_by_role("textbox").first).to_be_editable()  # the page goes on
    finally:
        cluster.start()
    expect(student.get_by_text(IN)).to_be_visible()


def reveal(teacher: Page, students: Sequence[Page]) -> list[tuple[str, str]]:
    """The teacher sees how many have guessed, and nothing of what; then all see it. What each said, and was told."""
    everybody = (teacher, *students)
    expect(teacher.get_by_text(f"{STUDENTS} of {STUDENTS} have guessed")).to_be_visible()
    options = questions(teacher).locator("xpath=following::ul[1]").locator("li").all_inner_texts()
    for page in everybody:
        expect(page.get_by_text(GUESSED)).to_have_count(0)
        expect(page.get_by_text(re.compile("The answer is"))).to_have_count(0)
        expect(bars(page)).to_have_count(0)
    teacher.get_by_role("button", name="Reveal").click()
    told = [verdict(student) for student in students]
    chosen = Counter(said for said, _ in told)
    assert set(chosen) <= set(options)
    counts = [chosen[option] for option in options]
    for page in everybody:
        expect(bars(page)).to_have_text([f"{count} · {count / STUDENTS:.0%}" if count else "0" for count in counts])
    return told


def bars(page: Page) -> Locator:
    return page.locator("[class*=_guess_guesses] .bartext")


def verdict(student: Page) -> tuple[str, str]:
    """What the student's page says that they said, and whether it is right."""
    box = student.get_by_test_id("stAlert").filter(has_text="You said")
    expect(box).to_be_visible()
    found = re.search(r"You said (.+?)(, and that is right)?\.( |$)", box.inner_text())
    return found[1].strip("“”"), "yes" if found[2] else "no"


def note(made: Sequence[list], step: PlanStep, number: int, told: Sequence[tuple[str, str]]) -> None:
    for guesses, (said, right) in zip(made, told, strict=True):
        guesses.append((page_of(step)[1], str(number), said, right))


def check_themselves(students: Sequence[Page]) -> None:
    """One student answers: an exercise is each student's own."""
    answering, *others = students
    answering.get_by_test_id("stRadio").first.get_by_role("radio").first.check(force=True)
    answering.get_by_role("button", name="Check my answers").click()
    expect(answering.get_by_text(re.compile("Right answers:"))).to_be_visible()
    for other in others:
        expect(other.get_by_text(re.compile("Right answers:"))).to_have_count(0)


def taken_home(teacher: Page) -> list[list[tuple[str, ...]]]:
    """The guesses of each student in the file, in the order in which they were made."""
    teacher.get_by_test_id("stSidebar").get_by_role("link", name=classroom.ROOM.title, exact=True).click()
    teacher.get_by_text("End the lesson").click()
    with teacher.expect_download() as download:
        teacher.get_by_role("button", name="All guesses as CSV").click()
    found = defaultdict(list)
    for row in csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))):
        found[row["student"]].append((row["page"], row["round"], row["guess"], row["right"]))
    return sorted(found.values())
