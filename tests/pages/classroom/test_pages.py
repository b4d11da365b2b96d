"""The pages for a class: questions that are checked, a sheet to print, and one's own answers."""

import csv
import io
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import parse_qs

import pytest

from components import classroom
from components.lessons.classroom import my_answers
from components.lessons.classroom.exercise_sets import EVERYTHING, drawn, titles
from components.lessons.classroom.worksheet import sheet
from components.navigation import LESSONS, neighbors
from components.ui.given_answers import GivenAnswer
from components.ui.printable import document, table
from embeddings.exercises import CHAPTERS
from tests.pages.reading import CLASSROOM, PATHS, guess, words

LAYER = "The embedding layer"


def answer(app, exercises, right: bool, prefix: str) -> None:
    """Choose an answer to each, and press the button."""
    for exercise in exercises:
        key = f"{prefix}_{exercise.kind}"
        wrong = next((option for option in exercise.options if option != exercise.answer), "0")
        said = exercise.answer if right else wrong
        if exercise.options:
            app.radio(key=key).set_value(said)
        else:
            app.number_input(key=key).set_value(int(said))
    app.button(key="FormSubmitter:check_form-Check my answers").click().run()
    assert not app.exception


@pytest.fixture
def check(open_page):
    return lambda chapter, seed: open_page("check", check_chapter=chapter, check_seed=str(seed))


def links(app) -> list[tuple[str, dict]]:
    """Title and settings of the links to lessons."""
    shown = [link.proto for link in app.get("page_link") if "these numbers" in link.proto.label]
    return [(proto.label.partition(": ")[2], parse_qs(proto.query_string, keep_blank_values=True)) for proto in shown]


@pytest.mark.parametrize("right", [True, False])
def test_five_answers_are_judged_with_a_reason_and_a_link_to_the_numbers(check, right):
    app = check(LAYER, 3)
    exercises = drawn(LAYER, 3, 5)
    answer(app, exercises, right, "check_3")
    assert f"Right answers: **{5 * right} of 5**." in words(app)
    assert len(app.success) == 5 * right and len(app.info) == 5 * (not right)
    for exercise, box in zip(exercises, [*app.success, *app.info], strict=True):
        assert exercise.why in box.value
    settings = [settings for _, settings in links(app)]
    assert settings == [{key: [value] for key, value in exercise.settings.items()} for exercise in exercises]
    assert not app.radio and not app.number_input(key="check_seed").disabled


def test_a_question_that_is_left_open_stays_and_can_be_answered_later(check):
    app = check(LAYER, 3)
    exercises = drawn(LAYER, 3, 5)
    app.button(key="FormSubmitter:check_form-Check my answers").click().run()
    assert "Choose an answer first" in words(app)
    answer(app, exercises[:2], True, "check_3")
    assert "Right answers: **2 of 2**. Still open: 3 questions." in words(app)
    app.switch_page(PATHS["one_hot"]).run().switch_page(CLASSROOM["check"]).run()
    assert "Right answers: **2 of 2**. Still open: 3 questions." in words(app)
    answer(app, exercises[2:], False, "check_3")
    assert "Right answers: **2 of 5**." in words(app)


def test_new_numbers_and_another_try(check):
    app = check(LAYER, 3)
    asked = [exercise.question for exercise in drawn(LAYER, 3, 5)]
    assert all(question in words(app) for question in asked)
    answer(app, drawn(LAYER, 3, 5), False, "check_3")
    app.button(key="check_again").click().run()
    assert "Right answers" not in words(app) and not app.info
    app.button(key="check_new").click().run()
    assert app.number_input(key="check_seed").value == 4
    assert not any(question in words(app) for question in asked)
    assert all(exercise.question in words(app) for exercise in drawn(LAYER, 4, 5))


def test_ten_questions_over_all_chapters(check):
    app = check(EVERYTHING, 5)
    exercises = drawn(EVERYTHING, 5, 10)
    assert {exercise.chapter for exercise in exercises} == set(CHAPTERS)
    answer(app, exercises, True, "check_all_5")
    assert "Right answers: **10 of 10**." in words(app)


def test_each_chapter_ends_with_a_link_to_its_questions(open_page):
    ends = {}
    for lesson in LESSONS:
        after = neighbors(lesson)[1]
        if after is None or after.chapter != lesson.chapter:
            ends.setdefault(lesson.chapter, lesson)
    assert list(ends) == list(titles().values())
    for chapter, lesson in ends.items():
        app = open_page(lesson.path.split("/")[-1].removesuffix(".py"))
        (found,) = [link.proto for link in app.get("page_link") if link.proto.label.startswith("Check yourself")]
        assert parse_qs(found.query_string) == {"check_chapter": [chapter]}
    assert not [link for link in open_page("one_hot").get("page_link") if link.proto.label.startswith("Check yourself")]


class Text(HTMLParser):
    """The tags of a page, and the text of each of its sections."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags, self.sections = set(), []
        self.feed(page.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "section":
            self.sections.append("")

    def handle_data(self, data):
        if self.sections:
            self.sections[-1] += data


def test_the_sheet_has_its_questions_first_and_its_answers_on_the_next(open_page):
    chapters = list(titles().values())[:2]
    app = open_page("worksheet", worksheet_chapters=chapters, worksheet_seed="6", worksheet_count="3")
    exercises = [exercise for chapter in chapters for exercise in drawn(chapter, 6, 3)]
    assert all(exercise.question in words(app) for exercise in exercises)
    page = Text(sheet({chapter: drawn(chapter, 6, 3) for chapter in chapters}, 6))
    asked, answered = page.sections
    for exercise in exercises:
        assert exercise.question.replace("`", "") in asked
        assert exercise.why.replace("`", "") in answered and exercise.why.replace("`", "") not in asked
    assert page.tags.isdisjoint({"script", "link", "img", "iframe"})
    for exercise in (exercise for exercise in exercises if exercise.options):
        letter = "abcd"[exercise.options.index(exercise.answer)]
        assert f"{letter}) {exercise.answer}" in asked and f"{letter}) {exercise.answer}" in answered
    assert all(f"{what}: " in asked for what in ("Name", "Class", "Date"))
    app.button_group(key="worksheet_chapters").set_value([]).run()
    assert "Choose a chapter" in words(app)


def test_the_sheet_says_to_write_a_number_only_where_one_is_asked_for():
    exercises = [exercise for chapter in titles().values() for exercise in drawn(chapter, 6, 8)]
    chosen = next(exercise for exercise in exercises if exercise.options)
    written = replace(chosen, options=(), answer="7")
    sheets = {"Mark one answer. ": (chosen,), "Write a number. ": (written,), "where no answers": (chosen, written)}
    for sentence, asked in sheets.items():
        assert [each for each in sheets if each in Text(sheet({"A": asked}, 6)).sections[0]] == [sentence]


def test_all_answers_of_the_visit_are_on_one_page(open_page):
    app = open_page("my_answers")
    assert "You have answered nothing yet" in words(app)
    app.switch_page(PATHS["one_hot"]).run()
    guess(app, "onehot_guess", "640 GB")
    app.switch_page(PATHS["odd_one_out"]).run()
    app.text_input(key="odd_words").set_value("king queen <b>x</b> **cat** prince").run()
    guess(app, "odd_guess", "cat")
    app.button(key="odd_guess_again").click().run()
    guess(app, "odd_guess", "king")
    app.switch_page(CLASSROOM["check"]).run()
    answer(app, drawn("From text to meaning", 1, 5)[:1], False, "check_1")
    app.switch_page(CLASSROOM["my_answers"]).run()
    assert "You answered 3 questions. Right: 1 of 3." in words(app)
    assert [each.value for each in app.subheader] == ["One-hot vectors", "Odd one out", "Check yourself"]
    told = [each.value for each in app.markdown if each.value.startswith("- ")]
    assert "You said “640 GB”. **That is right.**" in told[0]
    assert "Which word does not belong?\n\n  You said “king”. The answer is “cat”." in told[1]
    assert drawn("From text to meaning", 1, 5)[0].question in told[2]


def test_what_a_visitor_typed_is_saved_as_text():
    question = 'Which is like ``a`b`` and `=1+2`, a [token](glossary#token "A piece.")?'
    given = GivenAnswer("home", question, "=HYPERLINK(1)", ("<script>x</script>", "b"))
    row = my_answers.as_row(given)
    assert row[1] == "Which is like a`b and =1+2, a token?"
    assert row[3:] == ("<script>x</script> or b", "no")
    (_, written) = csv.reader(io.StringIO(my_answers.as_csv([row]).decode("utf-8-sig")))
    assert written[2] == "'=HYPERLINK(1)"
    page = Text(my_answers.as_page([given]))
    assert "script" not in page.tags and "<script>x</script> or b" in page.sections[0]
    assert my_answers.as_row(GivenAnswer("check", "?", "a", ()))[3:] == ("not known yet", "")


def test_a_printed_table_breaks_no_word_but_a_very_long_one():
    printed = table(["right answer"], [["Check yourself", "<" + "x" * 21]])
    assert "<td>Check yourself</td>" in printed
    assert f"<td>&lt;{'x' * 19}<wbr>x<wbr>x</td>" in printed
    assert "overflow-wrap" not in document("", []).decode().partition("th, td")[2]


def test_pages_for_a_class_are_no_lessons_and_stand_in_the_menu():
    assert set(CLASSROOM).isdisjoint(PATHS)
    assert [page.address for page in classroom.PAGES] == list(classroom.ADDRESSES) == list(CLASSROOM)
