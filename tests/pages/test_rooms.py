"""A teacher and students in one room, each a visit of their own: what each of them sees, and what they cannot do."""

import json
from collections.abc import Callable
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from components.classroom import CHECK, NOTES, ROOM
from components.markup import escaped, for_figure
from components.navigation import lesson_at
from components.own_lesson.link import OwnLesson, encode
from components.rooms import gatekeeper, membership, rooms
from components.rooms.database import shared_database
from components.rooms.values import Place, Seat
from components.ui import predict
from tests.pages.reading import APP, PATHS, chart, run_until, shorten_lab, words
from tests.postgres import running_postgres

KEY = "tokenizers_guess"
IN, LATER = "Your guess is in.", "the answer comes when your teacher reveals it"


@pytest.fixture(autouse=True)
def own_database(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'rooms.sqlite3'}")
    membership._gatekeeper.clear()


def visit(path: str = PATHS["home"], **query: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=120).run()
    if path != PATHS["home"]:
        app.switch_page(path)
    app.query_params.update(query)
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def teacher() -> AppTest:
    app = visit(ROOM.path)
    return press(app, "room_open")


@pytest.fixture
def join(teacher) -> Callable[..., AppTest]:
    """Lets a student in who opens a page with the room's code in its address."""
    return lambda page="tokenizers": visit(PATHS[page], room=seat_of(teacher).code)


def seat_of(app: AppTest) -> Seat:
    return app.session_state["room_seat"]


def open_page(app: AppTest, page: str) -> AppTest:
    app.switch_page(PATHS[page]).run()
    assert not app.exception
    return app


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def pills(app: AppTest, number: int = 1) -> list:
    return [group for group in app.button_group if group.key == f"{KEY}_round_{number}"]


def guess(app: AppTest, answer: str, number: int = 1) -> AppTest:
    (asked,) = pills(app, number)
    asked.set_value(answer).run()
    assert not app.exception
    return app


def buttons(app: AppTest) -> set[str]:
    return {button.label for button in app.button}


def test_a_class_guesses_and_sees_the_answer_when_the_teacher_reveals_it(teacher, join):
    students = [join() for _ in range(3)]
    assert KEY in [group.key for group in students[0].button_group]  # nobody has asked yet: a question for oneself
    open_page(teacher, "tokenizers")
    assert "0 of 3 have guessed" in progress(teacher)
    for student, answer in zip(students, ("Words", "Words", "Characters"), strict=True):
        student.run()
        assert LATER in words(student)
        assert "Show me" not in buttons(student)
        guess(student, answer)
        assert IN in words(student)
        assert not pills(student)
    assert "The answer is" not in words(teacher.run())
    assert "3 of 3 have guessed" in progress(teacher)
    assert not teacher.get("plotly_chart") or f"{KEY}_guesses" not in str(teacher)
    press(teacher, f"{KEY}_reveal")
    assert "The answer is" in words(teacher)
    for app in (teacher, *[student.run() for student in students]):
        (bars,) = chart(app, f"{KEY}_guesses")["data"]
        assert bars["x"] == [2, 1, 0, 0]
        assert "3 guesses" in words(app)
    assert "You said" in words(students[0])
    assert "Guess again" not in buttons(students[0])
    press(teacher, f"{KEY}_class_again")
    assert "The answer is" not in words(teacher)
    assert "The answer is" not in words(students[0].run())
    guess(students[0], "Characters", number=2)
    assert "1 of 3 have guessed" in progress(teacher.run())


def progress(app: AppTest) -> str:
    return " ".join(element.proto.text for element in app.get("progress"))


def test_a_student_whose_page_shows_another_subject_guesses_alone_and_is_led_to_the_classs(teacher, join):
    student = join()
    student.text_area(key="tokenizers_text").set_value("another text").run()
    open_page(teacher, "tokenizers")
    student.run()
    assert "Your class is asked: *Which tokenizer needs the fewest tokens" in words(student)
    assert KEY in [group.key for group in student.button_group]
    student.button_group(key=KEY).set_value("Words").run()
    assert "The answer is" in words(student) or "that is right" in words(student)
    press(student, f"{KEY}_open")
    assert "tokenizers?" in guide(student)["address"]
    assert "0 of 1 have guessed" in progress(teacher.run())


def test_a_student_on_another_page_is_told_what_the_class_is_asked_until_they_have_guessed(teacher, join):
    asked = "Your class is asked: *Which tokenizer needs the fewest tokens"
    student = join("one_hot")
    student.toggle(key="room_follow").set_value(False).run()
    assert asked not in words(student)
    open_page(teacher, "tokenizers")
    assert asked in words(student.run())
    press(student, f"{KEY}_open")
    assert "tokenizers?" in guide(student)["address"]
    open_page(student, "tokenizers")
    assert asked not in words(student)
    guess(student, "Words")
    assert asked not in words(open_page(student, "one_hot"))
    press(press(teacher, f"{KEY}_reveal"), f"{KEY}_class_again")
    assert asked in words(student.run())
    open_page(teacher, "home")
    assert asked not in words(student.run())  # the class is elsewhere now


def guide(app: AppTest) -> dict:
    (found,) = [element for element in app.get("bidi_component") if element.proto.id.endswith("-room_guide")]
    return json.loads(found.proto.json)


def test_a_student_is_led_where_the_teacher_goes_unless_they_go_their_own_way(teacher, join):
    student = join("home")
    assert guide_of(student) is None
    teacher.switch_page(PATHS["tokenizers"])
    teacher.query_params["tokenizers_text"] = "led here"
    teacher.run()
    led = guide(student.run())
    assert led["address"].startswith("tokenizers?")
    assert "tokenizers_text=led+here" in led["address"]
    student.toggle(key="room_follow").set_value(False).run()
    assert guide_of(student) is None
    teacher.switch_page(ROOM.path).run()
    student.toggle(key="room_follow").set_value(True).run()
    assert guide(student)["move"] == led["move"]  # the classroom's page is the teacher's alone
    teacher.switch_page(CHECK.path)
    teacher.query_params["check_seed"] = "7"
    teacher.run()
    assert "check_seed=7" in guide(student.run())["address"]  # the questions of a plan are for the class


def guide_of(app: AppTest) -> dict | None:
    return guide(app) if any(each.proto.id.endswith("-room_guide") for each in app.get("bidi_component")) else None


def test_the_notes_count_the_guesses_and_reveal_the_answer(teacher, join):
    notes = visit(NOTES.path, room=seat_of(teacher).code, teacher=seat_of(teacher).secret)
    assert "Your class is asked nothing just now." in words(notes)
    open_page(teacher, "tokenizers")
    student = join()
    assert "Your class is asked: *Which tokenizer needs the fewest tokens" in words(notes.run())
    assert "0 of 1 have guessed" in progress(notes)
    assert notes.selectbox(key="notes_page").value == "Cutting text into tokens"
    press(notes, "notes_next")
    assert notes.selectbox(key="notes_page").value == "Words as numbers"  # what is chosen stays
    guess(student, "Words")
    assert "1 of 1 have guessed" in progress(notes.run())
    assert snapshot(teacher).place.page == "tokenizers"  # the class does not come along to the notes
    press(notes, f"{KEY}_reveal")
    assert "The answer is" in words(teacher.run())
    assert "Your class is asked nothing just now." in words(notes)


def test_the_notes_are_no_way_to_reveal_for_a_student_or_without_a_room(teacher, join):
    open_page(teacher, "tokenizers")
    student = join()
    for app in (student.switch_page(NOTES.path).run(), visit(NOTES.path)):
        assert "Reveal" not in buttons(app)
        assert not progress(app)


def test_who_follows_into_a_teachers_own_lesson_sees_its_words_also_on_the_page_they_have_open(teacher, join):
    student = join("one_hot")
    own = OwnLesson("Food", (lesson_at("one_hot"), lesson_at("tokenizers")), ("bread", "cheese", "soup"), "We eat.")
    teacher.switch_page(PATHS["one_hot"])
    teacher.query_params["lesson"] = encode(own)
    teacher.run()
    assert snapshot(teacher).place == Place("one_hot", {"lesson": [encode(own)], "onehot_words": ["bread cheese soup"]})
    led = parse_qs(guide(student.run())["address"].partition("?")[2])
    assert led == {"room": [seat_of(teacher).code], "lesson": [encode(own)], "onehot_words": ["bread cheese soup"]}
    teacher.text_input(key="onehot_words").set_value("apple cake milk").run()
    assert snapshot(teacher).place.query["onehot_words"] == ["apple cake milk"]


def test_another_page_of_the_same_teacher_does_not_ask_in_turns_with_the_first(teacher, join):
    open_page(teacher, "tokenizers")
    other = visit(PATHS["tokenizers"], room=seat_of(teacher).code, teacher=seat_of(teacher).secret)
    other.text_area(key="tokenizers_text").set_value("another text").run()
    before = snapshot(teacher).revision
    assert "Ask this one" in buttons(teacher.run())
    other.run()
    teacher.run()
    assert snapshot(teacher).revision == before
    press(teacher, f"{KEY}_ask")
    assert "Reveal" in buttons(teacher)
    assert "Ask this one" in buttons(other.run())


def snapshot(app: AppTest):
    return rooms.look(shared_database(), seat_of(app).code)


def test_the_teachers_link_makes_a_teacher_and_leaves_the_address(teacher):
    code, key = seat_of(teacher).code, seat_of(teacher).secret
    assert f"teacher={key}" in "".join(each.value for each in teacher.code)
    other = visit(ROOM.path, room=code, teacher=key)
    assert seat_of(other) == seat_of(teacher)
    assert "teacher" not in other.query_params
    wrong = visit(ROOM.path, room=code, teacher="x" + key)
    assert "This teacher's link belongs to no room" in words(wrong)
    assert "room_seat" not in wrong.session_state


def test_a_code_that_is_no_rooms_gets_a_sentence_and_cannot_be_tried_without_end(teacher, monkeypatch):
    monkeypatch.setattr(gatekeeper, "WRONG_CODES", 30)
    app = visit(ROOM.path, room="<b>AAA")
    assert "There is no open room with this code." in words(app)
    app.text_input(key="room_code").set_value("AAA AAA").run()
    for _ in range(40):
        press(app, "room_join")
    assert "Too many wrong codes came from your network." in words(app)
    app.text_input(key="room_code").set_value(seat_of(teacher).code).run()
    press(app, "room_join")
    assert "room_seat" not in app.session_state


def test_who_leaves_is_out_and_the_room_line_goes(teacher):
    app = visit(ROOM.path)
    app.text_input(key="room_code").set_value(seat_of(teacher).code.lower())  # and at once pressed
    press(app, "room_join")
    assert "You are in room" in "".join(each.value for each in app.subheader)
    assert app.query_params["room"] == seat_of(teacher).code
    press(app, "room_leave")
    assert "room_seat" not in app.session_state
    app.run()
    assert "room" not in app.query_params
    assert "Leave" not in buttons(app)


def test_a_student_who_leaves_and_comes_back_has_the_seat_of_before(join):
    student = join()
    seat = seat_of(student)
    press(student, "room_leave")
    student.switch_page(ROOM.path).run()
    student.text_input(key="room_code").set_value(seat.code)
    press(student, "room_join")
    assert seat_of(student) == seat


def test_who_leaves_is_off_the_teachers_count_at_once_and_students_see_no_count(teacher, join):
    student, other = join(), join()
    open_page(teacher, "tokenizers")
    assert "0 of 2 have guessed" in progress(teacher)
    assert not any(each.value.endswith(" here") for each in student.run().caption)
    press(other, "room_leave")
    assert "0 of 1 have guessed" in progress(teacher.run())


def test_a_teacher_leaves_with_two_presses_and_is_the_teacher_again_with_the_code(teacher):
    seat = seat_of(teacher)
    press(teacher, "room_leave")
    assert "The room stays open; your own link brings you back." in words(teacher)
    press(teacher, "room_stay")
    assert "The room stays open" not in words(teacher)
    assert seat_of(teacher) == seat
    press(press(teacher, "room_leave"), "room_leave_now")
    assert "room_seat" not in teacher.session_state
    teacher.text_input(key="room_code").set_value(seat.code)
    press(teacher, "room_join")
    assert seat_of(teacher) == seat
    press(press(teacher, "room_leave"), "room_leave_now")
    assert "You teach room" in words(teacher)
    press(teacher, f"room_back_{seat.code}")
    assert seat_of(teacher) == seat
    press(press(teacher, "room_leave"), "room_leave_now")
    rooms.close(shared_database(), seat)
    assert "You teach room" not in words(teacher.run())
    assert "The room stays open" not in words(teacher)


def test_a_guess_in_one_room_is_none_in_another(teacher, join):
    open_page(teacher, "tokenizers")
    student = guess(join(), "Words")
    other = press(visit(ROOM.path), "room_open")
    open_page(other, "tokenizers")
    student.query_params["room"] = seat_of(other).code
    student.run()
    assert seat_of(student).code == seat_of(other).code
    assert pills(student)
    assert IN not in words(student)
    assert "0 of 1 have guessed" in progress(other.run())


def test_a_closed_room_ends_for_its_students_and_gives_its_teacher_the_guesses(teacher, join):
    student = join()
    open_page(teacher, "tokenizers")
    guess(student.run(), "Words")
    teacher.switch_page(ROOM.path).run()
    rooms.close(shared_database(), seat_of(teacher))
    teacher.run()
    assert "is closed" in "".join(each.value for each in teacher.subheader)
    assert [each.proto.label for each in teacher.get("download_button")] == ["All guesses as CSV"]
    assert "The teacher has closed the room" in words(student.run())
    assert "room_seat" not in student.session_state
    assert KEY in [group.key for group in student.run().button_group]
    assert "The teacher has closed the room" not in words(student)


@pytest.mark.parametrize("lesson", ["lookup_or_matmul", "report_card", "words_in_space", "traps", "learned"])
def test_questions_of_all_kinds_are_asked_of_a_room(teacher, join, lesson):
    """Those that are asked inside a panel that runs alone, two at once, or where something is started first."""
    open_page(teacher, lesson)
    found = snapshot(teacher).rounds
    student = join(lesson)
    for key, standing in found.items():
        assert [group.key for group in student.button_group if group.key == f"{key}_round_{standing.number}"]
    assert found or lesson == "learned"


def test_what_is_measured_while_the_room_is_asked_stays_out_of_sight_until_the_answer_is_revealed(
    teacher, join, monkeypatch
):
    shorten_lab(monkeypatch, {"V": (4, 1_000), "D": (64,), "B": (64,)})
    open_page(teacher, "lookup_or_matmul")
    student = join("lookup_or_matmul")
    for app in (teacher, student):
        press(app, "lookup_measure")
        run_until(app, lambda app=app: predict.HIDDEN in words(app))
        assert "The answer is" not in words(app)
    press(teacher, "lookup_guess_reveal")
    run_until(student, lambda: "The answer is" in words(student))
    assert "The answer is" in words(teacher)


def test_what_the_teachers_page_has_measured_is_told_on_the_page_of_who_has_not(teacher, join, monkeypatch):
    shorten_lab(monkeypatch, {"V": (4, 1_000), "D": (64,), "B": (64,)})
    open_page(teacher, "lookup_or_matmul")
    student = join("lookup_or_matmul")
    press(teacher, "lookup_guess_reveal")
    assert "Press Measure." in words(student.run())
    assert "your teacher’s page the answer" not in words(student)
    assert not any("✓" in name for name in names(student, "lookup_guess"))
    press(teacher, "lookup_measure")
    run_until(teacher, lambda: "The answer is" in words(teacher))
    (answer,) = snapshot(teacher).rounds["lookup_guess"].answers
    assert f"On your teacher’s page the answer is “{escaped(answer)}”" in words(student.run())
    assert [name for name in names(student, "lookup_guess") if "✓" in name] == [f"<b>✓ {for_figure(answer, 28)}</b>"]
    before = snapshot(teacher).revision
    assert not teacher.run().exception
    assert snapshot(teacher).revision == before  # it is told once


def names(app: AppTest, key: str) -> list[str]:
    return chart(app, f"{key}_guesses")["layout"]["yaxis"]["ticktext"]


def test_a_guess_waits_for_a_database_that_is_gone_and_is_sent_when_it_is_back(monkeypatch):
    with running_postgres() as cluster:
        monkeypatch.setenv("DATABASE_URL", cluster.url)
        teacher = press(visit(ROOM.path), "room_open")
        student = visit(PATHS["tokenizers"], room=seat_of(teacher).code)
        open_page(teacher, "tokenizers")
        student.run()
        cluster.stop()
        try:
            guess(student, "Characters")
            assert "Your guess is kept, and is sent as soon as it can." in words(student)
            assert "The room cannot be reached just now." in words(student)
            student.text_area(key="tokenizers_text").set_value("the page goes on").run()
            assert not student.exception
            assert not teacher.run().exception
            student.text_area(key="tokenizers_text").set_value("").run()
        finally:
            cluster.start()
        run_until(teacher, lambda: "1 of 1 have guessed" in progress(teacher))
        press(teacher, f"{KEY}_reveal")
        shared_database().close()


def test_the_switch_that_shows_all_answers_does_nothing_to_what_a_class_is_asked(teacher, join):
    student = join()
    teacher.toggle(key="show_answers").set_value(True).run()
    open_page(teacher, "tokenizers")
    student.toggle(key="show_answers").set_value(True).run()
    guess(student, "Words")
    assert "The answer is" not in words(teacher.run()) + words(student)
    assert "1 of 1 have guessed" in progress(teacher)
    press(teacher, f"{KEY}_reveal")
    assert "The answer is" in words(teacher)
    assert "You said" in words(student.run())


def test_who_is_led_keeps_what_is_their_own_and_takes_nothing_that_is_the_teachers(teacher):
    teacher.toggle(key="show_answers").set_value(True).run()
    own = {"show_answers": "true", "present": "true"}
    teacher.switch_page(PATHS["one_hot"])
    teacher.query_params.update(own | {"onehot_words": "cat dog"})
    teacher.run()
    assert snapshot(teacher).place == Place("one_hot", {"onehot_words": ["cat dog"]})
    student = visit(PATHS["tokenizers"], room=seat_of(teacher).code, show_answers="true")
    assert parse_qs(guide(student)["address"].partition("?")[2]) == {
        "room": [seat_of(teacher).code],
        "onehot_words": ["cat dog"],
        "show_answers": ["true"],
    }
