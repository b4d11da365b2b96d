"""A question asked of a whole class in a room: how long its guesses take, and whether the teacher's bars hold them all.

The students are ``benchmarks/voters.py``'s; the teacher is a real browser.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from benchmarks.figures import Figure
from benchmarks.served import LONGEST_WORK, Server, open_page, visitor

PAGE, TITLE = "tokenizers", "Cutting text into tokens"  # which asks about its first text, without any work
SECOND = 1.0  # which 95 of 100 guesses may take at most


@dataclass(frozen=True)
class Poll:
    """How a class's guesses came in.

    Attributes:
        median, p95: Seconds from a student's guess until the page says that it is in.
        revealed: Seconds from the first page that shows the answer to the last.
        turned_away: How often one who came was told that the server is full, and came again.
        missing: Guesses that the teacher's bars do not show, or show too much.
        errors: What went wrong for students.
    """

    median: float
    p95: float
    revealed: float
    turned_away: int
    missing: int
    errors: tuple[str, ...]


def poll(browser: Browser, server: Server, students: int) -> Poll:
    """Ask a class of so many ``students`` one question, and reveal the answer."""
    with visitor(browser) as teacher:
        open_page(teacher, server, "room")
        teacher.get_by_role("button", name="Open a room").click()
        code = re.search(r"room=(\w{6})", teacher.get_by_test_id("stCode").first.inner_text())[1]
        teacher.get_by_test_id("stSidebar").get_by_role("link", name=TITLE).click()
        teacher.get_by_role("button", name="Reveal").wait_for(timeout=LONGEST_WORK)
        command = [sys.executable, "-m", "benchmarks.voters", server.url, code, PAGE, str(students)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as voters:
            voted = _told(voters)
            teacher.get_by_text(f"{students} of {students} have guessed").wait_for(timeout=LONGEST_WORK)
            teacher.get_by_role("button", name="Reveal").click()
            shown = _bars(teacher)
            revealed = _told(voters)
    missing = sum(abs(one - other) for one, other in zip(shown, voted["guesses"], strict=True))
    errors = tuple(revealed["errors"])
    return Poll(voted["median"], voted["p95"], revealed["revealed"], voted["turned_away"], missing, errors)


def _told(voters: subprocess.Popen) -> dict:
    line = voters.stdout.readline()
    if not line:
        raise RuntimeError("The virtual students ended early; why stands above.")
    return json.loads(line)


def _bars(teacher: Page) -> list[int]:
    """The guesses for each option, from the chart's text."""
    teacher.get_by_text("What the class guessed").wait_for(timeout=LONGEST_WORK)
    chart = teacher.locator('[aria-label^="Guesses: "]').first
    chart.wait_for(timeout=LONGEST_WORK)
    told = (chart.get_attribute("aria-label") or "").removesuffix(".")
    return [int(option.rpartition(" ")[2]) for option in told.split(", ")]


def figures(who: str, seen: Poll) -> Iterator[Figure]:
    """What students wait for, and what is lost."""
    yield Figure(f"{who}: seconds until a guess is in, median", "s", seen.median)
    yield Figure(f"{who}: 95th percentile", "s", seen.p95, at_most=SECOND)
    yield Figure(f"{who}: seconds from the first page that shows the answer to the last", "s", seen.revealed)
    yield Figure(f"{who}: turned away with a sentence, before they came again", "", seen.turned_away)
    lost = seen.missing + len(seen.errors)
    yield Figure(f"{who}: guesses that the teacher's bars miss, and errors", "", lost, at_most=0)
