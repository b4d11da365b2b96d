"""What may be done in a room, by whom, and what is kept; in SQLite and in PostgreSQL."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, update

from components.rooms import rooms
from components.rooms.tables import MEMBERS, METADATA, ROOMS, ROUNDS, VOTES
from components.rooms.values import NewRoom, Place, Question, Seat, digest
from embeddings.common import InvalidInput

OPTIONS = ("cat", "=1+1", "dog")


def question(about: object = "pets", key: str = "which") -> Question:
    place = Place("home", {"home_text": ["a\x00b \ud800 ö"]})
    return Question(key, digest(key, about), f"Which of *{about}*?", OPTIONS, place)


@pytest.fixture
def teacher(database) -> Seat:
    room = rooms.open_room(database)
    return Seat(room.code, room.teacher_key, True)


@pytest.fixture
def student(database, teacher) -> Seat:
    return rooms.join(database, teacher.code)


def standing(database, code: str, key: str = "which"):
    return rooms.look(database, code).rounds[key]


def test_a_question_is_asked_guessed_revealed_and_asked_again(database, teacher):
    students = [rooms.join(database, teacher.code) for _ in range(5)]
    rooms.ask(database, teacher, question())
    assert standing(database, teacher.code).question == question()
    for student, option in zip(students, (0, 0, 2, 1, 2), strict=True):
        assert rooms.vote(database, student, "which", 1, option) == option
    assert rooms.progress(database, teacher, "which", 1) == (5, 5)
    assert standing(database, teacher.code).counts == ()
    rooms.reveal(database, teacher, "which", 1)
    assert standing(database, teacher.code).counts == (2, 1, 2)
    rooms.ask(database, teacher, question())  # as each run of the teacher's page does
    assert standing(database, teacher.code).revealed
    rooms.ask_again(database, teacher, question())
    again = standing(database, teacher.code)
    assert (again.number, again.revealed, again.counts) == (2, False, ())
    assert rooms.vote_of(database, students[0], "which", 2) is None
    assert rooms.vote_of(database, students[0], "which", 1) == 0


def test_a_vote_changes_nothing_that_other_students_see(database, teacher, student):
    rooms.ask(database, teacher, question())
    before = rooms.look(database, teacher.code)
    rooms.vote(database, student, "which", 1, 2)
    assert rooms.look(database, teacher.code) == before
    rooms.reveal(database, teacher, "which", 1)
    assert rooms.look(database, teacher.code).revision > before.revision


def test_the_first_guess_of_a_student_counts(database, teacher, student):
    rooms.ask(database, teacher, question())
    assert rooms.vote(database, student, "which", 1, 2) == 2
    assert rooms.vote(database, student, "which", 1, 0) == 2
    with ThreadPoolExecutor(8) as threads:
        other = rooms.join(database, teacher.code)
        counted = set(threads.map(lambda option: rooms.vote(database, other, "which", 1, option % 3), range(16)))
    assert len(counted) == 1
    rooms.reveal(database, teacher, "which", 1)
    assert sum(standing(database, teacher.code).counts) == 2


def test_no_guess_is_lost_when_a_class_guesses_at_once(database, teacher):
    students = [rooms.join(database, teacher.code) for _ in range(24)]
    rooms.ask(database, teacher, question())
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda student: rooms.vote(database, student, "which", 1, 0), students))
    assert rooms.progress(database, teacher, "which", 1) == (24, 24)


def test_the_teacher_reveals_and_asks_again_while_the_class_guesses(database, teacher):
    students = [rooms.join(database, teacher.code) for _ in range(12)]
    rooms.ask(database, teacher, question())

    def guess(student: Seat) -> int:
        told = 0
        for number in range(1, 9):
            with suppress(InvalidInput):  # revealed, or not asked any more
                rooms.vote(database, student, "which", number, 1)
                told += 1
        return told

    with ThreadPoolExecutor(len(students)) as threads:
        guessing = [threads.submit(guess, student) for student in students]
        for number in range(1, 9):
            rooms.reveal(database, teacher, "which", number)
            rooms.ask_again(database, teacher, question())
        told = sum(each.result() for each in guessing)
    rows = list(csv.DictReader(io.StringIO(rooms.guesses_as_csv(database, teacher, {}).decode("utf-8-sig"))))
    assert len(rows) == told  # nobody was told that a guess is in which is not


def test_a_student_can_neither_ask_nor_reveal_nor_close_nor_read_the_guesses(database, teacher, student):
    rooms.ask(database, teacher, question())
    for seat in (student, Seat(teacher.code, student.secret, True), Seat(teacher.code, "", True)):
        for act in (
            lambda seat: rooms.ask(database, seat, question("other")),
            lambda seat: rooms.ask_again(database, seat, question()),
            lambda seat: rooms.reveal(database, seat, "which", 1),
            lambda seat: rooms.close(database, seat),
            lambda seat: rooms.go(database, seat, Place("traps")),
            lambda seat: rooms.progress(database, seat, "which", 1),
            lambda seat: rooms.note_answers(database, seat, "which", 1, ["cat"]),
            lambda seat: rooms.guesses_as_csv(database, seat, {}),
        ):
            with pytest.raises(InvalidInput, match="Only the teacher"):
                act(seat)
    assert not standing(database, teacher.code).revealed


def test_the_code_of_another_room_opens_nothing_there(database, teacher, student):
    other = rooms.open_room(database)
    rooms.ask(database, Seat(other.code, other.teacher_key, True), question())
    assert not rooms.is_valid(database, Seat(other.code, student.secret, False))
    assert not rooms.is_valid(database, Seat(other.code, teacher.secret, True))
    with pytest.raises(InvalidInput, match="not in this room"):
        rooms.vote(database, Seat(other.code, student.secret, False), "which", 1, 0)
    with pytest.raises(InvalidInput, match="Only the teacher"):
        rooms.guesses_as_csv(database, Seat(other.code, teacher.secret, True), {})
    with pytest.raises(InvalidInput, match="not in this room"):
        rooms.vote(database, teacher, "which", 1, 0)


def test_a_guess_after_the_reveal_or_for_what_is_not_asked_is_refused(database, teacher, student):
    rooms.ask(database, teacher, question())
    for number, option in ((2, 0), (1, 3), (1, -1)):
        with pytest.raises(InvalidInput, match="not asked any more"):
            rooms.vote(database, student, "which", number, option)
    rooms.reveal(database, teacher, "which", 1)
    with pytest.raises(InvalidInput, match="before your guess came"):
        rooms.vote(database, student, "which", 1, 0)


def test_what_nobody_has_guessed_at_makes_room_for_the_next_subject(database, teacher, student):
    for about in "abc":
        rooms.ask(database, teacher, question(about))
    with database.reading() as connection:
        assert len(connection.execute(select(ROUNDS)).all()) == 1
    number = standing(database, teacher.code).number
    rooms.vote(database, student, "which", number, 0)
    rooms.ask(database, teacher, question("d"))
    with database.reading() as connection:
        assert len(connection.execute(select(ROUNDS)).all()) == 2


def test_a_closed_room_takes_nobody_and_nothing_but_keeps_the_guesses(database, teacher, student):
    rooms.ask(database, teacher, question())
    rooms.vote(database, student, "which", 1, 1)
    rooms.reveal(database, teacher, "which", 1)
    rooms.note_answers(database, teacher, "which", 1, ["=1+1", "dog"])
    rooms.close(database, teacher)
    with pytest.raises(InvalidInput, match="no open room"):
        rooms.join(database, teacher.code)
    with pytest.raises(InvalidInput, match="closed"):
        rooms.vote(database, student, "which", 1, 0)
    with pytest.raises(InvalidInput, match="closed"):
        rooms.ask_again(database, teacher, question())
    assert rooms.look(database, teacher.code).closed
    file = rooms.guesses_as_csv(database, teacher, {"home": "The first page"}).decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(file)))
    with database.reading() as connection:
        (cast,) = connection.scalars(select(VOTES.c.cast))
    assert [row.pop("time") for row in table] == [datetime.fromtimestamp(int(cast), UTC).isoformat()]
    assert table == [
        {
            "page": "The first page",
            "question": "Which of pets?",
            "round": "1",
            "student": "1",
            "guess": "'=1+1",
            "answer": "'=1+1 / dog",
            "right": "yes",
        }
    ]


def test_a_room_takes_500_members(database, teacher):
    with database.writing() as connection:
        values = [{"token_hash": str(n), "code": teacher.code, "joined": 0, "seen": 0} for n in range(499)]
        connection.execute(insert(MEMBERS), values)
    rooms.join(database, teacher.code)
    with pytest.raises(InvalidInput, match="full"):
        rooms.join(database, teacher.code)


def test_a_room_of_yesterday_is_over_and_deleted_with_all_that_belongs_to_it(database, teacher, student):
    rooms.ask(database, teacher, question())
    rooms.vote(database, student, "which", 1, 0)
    with database.writing() as connection:
        connection.execute(update(ROOMS).values(opened=ROOMS.c.opened - rooms.DAY - 1))
    assert rooms.look(database, teacher.code) is None
    with pytest.raises(InvalidInput, match="no open room"):
        rooms.join(database, teacher.code)
    kept = rooms.open_room(database)
    with database.reading() as connection:
        assert [len(connection.execute(select(table)).all()) for table in (MEMBERS, ROUNDS, VOTES)] == [0, 0, 0]
        assert connection.scalars(select(ROOMS.c.code)).all() == [kept.code]


def test_no_secret_is_written_to_a_log(teacher, student):
    assert teacher.secret not in repr(teacher)
    assert student.secret not in repr((student, NewRoom("ABCDEF", student.secret)))


def test_no_secret_is_kept(database, teacher, student):
    with database.reading() as connection:
        kept = str([connection.execute(select(table)).all() for table in METADATA.sorted_tables])
    assert teacher.code in kept
    assert teacher.secret not in kept
    assert student.secret not in kept


def test_where_the_teacher_is_is_told_once(database, teacher):
    place = Place("home", {"home_text": ["half a character \ud800 and a zero \x00"]})
    assert rooms.look(database, teacher.code).place is None
    rooms.go(database, teacher, place)
    seen = rooms.look(database, teacher.code)
    assert (seen.place, seen.moves) == (place, 1)
    rooms.go(database, teacher, place)
    assert rooms.look(database, teacher.code) == seen


def test_who_was_not_seen_for_a_while_is_not_here(database, teacher, student):
    other = rooms.join(database, teacher.code)
    with database.writing() as connection:
        connection.execute(update(MEMBERS).values(seen=MEMBERS.c.seen - rooms.HERE_SECONDS - 1))
    rooms.mark_seen(database, [other.secret])
    assert rooms.here(database, [teacher.code]) == {teacher.code: 1}
