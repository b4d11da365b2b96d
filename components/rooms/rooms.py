"""Rooms: opened by a teacher, joined with a code, asked questions, and closed; each call one transaction.

Who changes something locks the room's row first and a round's row after it, always in this order, so that no two wait
for each other. A guess shares both locks with other guesses.

Who a caller is, is shown by a ``Seat``: its secret is looked up in every call that changes something or reads guesses.
"""

import csv
import io
import json
import secrets
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from components.markup import plain
from components.rooms.database import Database
from components.rooms.tables import MEMBERS, ROOMS, ROUNDS, VOTES
from components.rooms.values import ALPHABET, CODE_LENGTH, NewRoom, Place, Question, RoomState, Round, Seat
from embeddings.common import InvalidInput
from embeddings.formats import guard_formula

DAY = 86_400  # seconds that a room lives
MAX_MEMBERS = 500
MAX_ROUNDS = 2_000  # of one room
MAX_QUERY = 20_000  # characters of a page's settings
HERE_SECONDS = 30  # after a member was last seen
NO_ROOM = "There is no open room with this code. Look at the code again, or ask your teacher."
FULL = f"This room is full: it has {MAX_MEMBERS} members."
NOT_TEACHER = "Only the teacher of this room can do that."
OVER = "This room is closed."
NOT_MEMBER = "You are not in this room. Join it with its code."
TOO_LATE = "The answer was revealed before your guess came, so it is not counted."


def open_room(database: Database) -> NewRoom:
    """A new room; those that are older than a day go.

    Raises:
        SourceUnavailable: The database does not answer; so for all calls here.
    """
    purge(database)
    with database.writing() as connection:
        code = _random_code()
        while connection.scalar(select(ROOMS.c.code).where(ROOMS.c.code == code)):
            code = _random_code()
        room = NewRoom(code, secrets.token_urlsafe(16))
        connection.execute(insert(ROOMS).values(code=code, key_hash=_hash(room.teacher_key), opened=time.time()))
    return room


def _random_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def join(database: Database, code: str) -> Seat:
    """A new student's seat in the room with this ``code``.

    Raises:
        InvalidInput: There is no open room with the code, or it is full.
    """
    seat = Seat(code, secrets.token_urlsafe(16), teaches=False)
    with database.writing() as connection:
        asked = select(ROOMS).where(_alive(), ROOMS.c.code == code)
        room = connection.execute(asked.with_for_update(key_share=True)).one_or_none()
        if room is None or room.closed:
            raise InvalidInput(NO_ROOM)
        count = connection.scalar(select(func.count()).where(MEMBERS.c.code == code)) or 0
        if count >= MAX_MEMBERS:
            raise InvalidInput(FULL)
        now = time.time()
        connection.execute(insert(MEMBERS).values(token_hash=_hash(seat.secret), code=code, joined=now, seen=now))
    return seat


def is_valid(database: Database, seat: Seat) -> bool:
    """Whether ``seat`` is one of a room that is less than a day old, open or closed."""
    with database.reading() as connection:
        return _may_sit(connection, seat)


def _may_sit(connection: Connection, seat: Seat) -> bool:
    secret = _hash(seat.secret)
    if seat.teaches:
        kept = connection.scalar(select(ROOMS.c.key_hash).where(_alive(), ROOMS.c.code == seat.code))
        return kept is not None and secrets.compare_digest(kept, secret)
    mine = select(MEMBERS.c.code).join(ROOMS).where(_alive(), MEMBERS.c.token_hash == secret)
    return bool(connection.scalar(mine) == seat.code)


def ask(database: Database, seat: Seat, question: Question) -> None:
    """Ask the room ``question``, unless it is what was asked last under its key; for the teacher.

    What was asked under the key before, and that nobody has guessed at, is forgotten.

    Raises:
        InvalidInput: The seat is not the teacher's, the room is closed, or it was asked too much.
    """
    with database.writing() as connection:
        _check_teacher(connection, seat)
        last = _last_round(connection, seat.code, question.key)
        if last is None or last.digest != question.digest:
            _put_round(connection, seat.code, question, last)


def ask_again(database: Database, seat: Seat, question: Question) -> None:
    """Ask the room ``question`` once more, in a round of its own; for the teacher.

    Raises:
        InvalidInput: As ``ask`` does.
    """
    with database.writing() as connection:
        _check_teacher(connection, seat)
        _put_round(connection, seat.code, question, _last_round(connection, seat.code, question.key))


def _put_round(connection: Connection, code: str, question: Question, last: Row | None) -> None:
    if last is not None and not last.revealed and not _is_guessed_at(connection, last):
        connection.execute(delete(ROUNDS).where(*_is_round(ROUNDS, code, question.key, last.number)))
    if (connection.scalar(select(func.count()).where(ROUNDS.c.code == code)) or 0) >= MAX_ROUNDS:
        raise InvalidInput("This room was asked too many questions. Open another one.")
    connection.execute(
        insert(ROUNDS).values(
            code=code,
            key=question.key,
            number=1 if last is None else last.number + 1,
            digest=question.digest,
            page=question.place.page,
            query=_query_text(question.place),
            question=json.dumps(question.text),
            options=json.dumps(question.options),
            asked=time.time(),
        )
    )
    _change(connection, code)


def _is_guessed_at(connection: Connection, asked: Row) -> bool:
    """Whether there is a guess in a round, once those who are guessing just now are done."""
    where = _is_round(ROUNDS, asked.code, asked.key, asked.number)
    connection.execute(select(ROUNDS.c.number).where(*where).with_for_update())
    return _count_votes(connection, asked.code, asked.key, asked.number) > 0


def vote(database: Database, seat: Seat, key: str, number: int, option: int) -> int:
    """Guess ``option``, by its index, in a round; the guess that counts, which is the student's first.

    Raises:
        InvalidInput: The seat is no student's of an open room, there is no such round or option, or it was
            revealed.
    """
    with database.writing() as connection:
        if seat.teaches or not _may_sit(connection, seat):
            raise InvalidInput(NOT_MEMBER)
        closed = select(ROOMS.c.closed).where(_alive(), ROOMS.c.code == seat.code).with_for_update(read=True)
        if connection.scalar(closed) is not False:
            raise InvalidInput(OVER)
        asked = connection.execute(
            select(ROUNDS).where(*_is_round(ROUNDS, seat.code, key, number)).with_for_update(read=True)
        ).one_or_none()
        if asked is None or not 0 <= option < len(json.loads(asked.options)):
            raise InvalidInput("This question is not asked any more.")
        first = _vote_of(connection, seat, key, number)
        if first is not None:
            return first
        if asked.revealed:
            raise InvalidInput(TOO_LATE)
        values = {"code": seat.code, "key": key, "number": number, "member": _hash(seat.secret)}
        try:
            with connection.begin_nested():
                connection.execute(insert(VOTES).values(**values, choice=option, cast=time.time()))
        except IntegrityError:  # from another tab in the same moment
            return connection.scalars(select(VOTES.c.choice).where(*_is_vote(seat, key, number))).one()
        return option


def vote_of(database: Database, seat: Seat, key: str, number: int) -> int | None:
    """What the student guessed in a round, as the index of an option; ``None`` for nothing."""
    with database.reading() as connection:
        return _vote_of(connection, seat, key, number)


def _vote_of(connection: Connection, seat: Seat, key: str, number: int) -> int | None:
    return connection.scalar(select(VOTES.c.choice).where(*_is_vote(seat, key, number)))


def progress(database: Database, seat: Seat, key: str, number: int) -> tuple[int, int]:
    """How many have guessed in a round, and how many members are here; for the teacher.

    Raises:
        InvalidInput: The seat is not the teacher's.
    """
    with database.reading() as connection:
        _check_teacher(connection, seat, closed_too=True, locks=False)
        return _count_votes(connection, seat.code, key, number), _here(connection, [seat.code]).get(seat.code, 0)


def reveal(database: Database, seat: Seat, key: str, number: int) -> None:
    """Show the room the guesses and the answer of a round; for the teacher. No guess is taken after that.

    Raises:
        InvalidInput: The seat is not the teacher's, or the room is closed.
    """
    with database.writing() as connection:
        _check_teacher(connection, seat)
        connection.execute(update(ROUNDS).where(*_is_round(ROUNDS, seat.code, key, number)).values(revealed=True))
        _change(connection, seat.code)


def note_answers(database: Database, seat: Seat, key: str, number: int, answers: Sequence[str]) -> None:
    """Keep what the teacher's page has measured, for the students' pages and the file of guesses.

    Raises:
        InvalidInput: The seat is not the teacher's.
    """
    with database.writing() as connection:
        _check_teacher(connection, seat, closed_too=True)
        this, written = _is_round(ROUNDS, seat.code, key, number), json.dumps(list(answers))
        noted = connection.execute(update(ROUNDS).where(*this, ROUNDS.c.answers != written).values(answers=written))
        if noted.rowcount:
            _change(connection, seat.code)


def go(database: Database, seat: Seat, place: Place) -> None:
    """Note that the teacher is at ``place`` now, for those who follow.

    Raises:
        InvalidInput: The seat is not the teacher's, or the room is closed.
    """
    with database.writing() as connection:
        room = _check_teacher(connection, seat)
        query = _query_text(place)
        if (room.page, room.query) != (place.page, query) or not room.moves:
            values = {"page": place.page, "query": query, "moves": ROOMS.c.moves + 1}
            connection.execute(update(ROOMS).where(ROOMS.c.code == seat.code).values(values))
            _change(connection, seat.code)


def close(database: Database, seat: Seat) -> None:
    """Close the room for its students; for the teacher, who can still take the guesses home.

    Raises:
        InvalidInput: The seat is not the teacher's.
    """
    with database.writing() as connection:
        _check_teacher(connection, seat, closed_too=True)
        connection.execute(update(ROOMS).where(ROOMS.c.code == seat.code).values(closed=True))
        _change(connection, seat.code)


def guesses_as_csv(database: Database, seat: Seat, titles: Mapping[str, str]) -> bytes:
    """All guesses of the room, its questions in the order in which they were asked; for the teacher.

    A student is a number, in the order in which they first guessed. A text that a spreadsheet would take for a formula
    has an apostrophe before it. The time is when the guess came, in UTC.

    Args:
        titles: Of the pages, by their addresses.

    Raises:
        InvalidInput: The seat is not the teacher's.
    """
    same = and_(VOTES.c.code == ROUNDS.c.code, VOTES.c.key == ROUNDS.c.key, VOTES.c.number == ROUNDS.c.number)
    with database.reading() as connection:
        _check_teacher(connection, seat, closed_too=True, locks=False)
        votes = connection.execute(
            select(ROUNDS, VOTES.c.member, VOTES.c.choice, VOTES.c.cast)
            .join(VOTES, same)
            .where(ROUNDS.c.code == seat.code)
            .order_by(ROUNDS.c.asked, ROUNDS.c.key, ROUNDS.c.number, VOTES.c.cast)
        ).all()
    students: dict[str, int] = {}
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["time", "page", "question", "round", "student", "guess", "answer", "right"])
    for each in votes:
        answers = json.loads(each.answers)
        guess = json.loads(each.options)[each.choice]
        student = students.setdefault(each.member, len(students) + 1)
        right = "" if not answers else "yes" if guess in answers else "no"
        texts = [titles.get(each.page, each.page), plain(json.loads(each.question)), guess, " / ".join(answers)]
        page, question, guess, answer = (guard_formula(each) for each in texts)
        came = datetime.fromtimestamp(each.cast, UTC).isoformat(timespec="seconds")
        rows.writerow([came, page, question, each.number, student, guess, answer, right])
    return text.getvalue().encode("utf-8-sig", "replace")


def purge(database: Database) -> None:
    """Delete the rooms that are older than a day, with all that belongs to them."""
    with database.writing() as connection:
        old = connection.scalars(select(ROOMS.c.code).where(ROOMS.c.opened < time.time() - DAY)).all()
        for table in (VOTES, ROUNDS, MEMBERS, ROOMS) if old else ():
            connection.execute(delete(table).where(table.c.code.in_(old)))


def revisions(database: Database, codes: Collection[str]) -> dict[str, int]:
    """The revision of each room that is kept, by its code."""
    with database.reading() as connection:
        rows = connection.execute(select(ROOMS.c.code, ROOMS.c.revision).where(_alive(), ROOMS.c.code.in_(codes)))
        return {row.code: row.revision for row in rows}


def look(database: Database, code: str) -> RoomState | None:
    """What the members of a room see; ``None`` where it is over. For those who have shown a valid seat."""
    numbers = select(ROUNDS.c.key, func.max(ROUNDS.c.number).label("number")).where(ROUNDS.c.code == code)
    latest = numbers.group_by(ROUNDS.c.key).subquery()
    with database.reading() as connection:
        room = connection.execute(select(ROOMS).where(_alive(), ROOMS.c.code == code)).one_or_none()
        if room is None:
            return None
        rows = connection.execute(
            select(ROUNDS)
            .join(latest, (ROUNDS.c.key == latest.c.key) & (ROUNDS.c.number == latest.c.number))
            .where(ROUNDS.c.code == code)
            .order_by(ROUNDS.c.asked)
        ).all()
        rounds = {row.key: _round(connection, row) for row in rows}
    place = _place(room.page, room.query) if room.moves else None
    return RoomState(code, room.revision, room.closed, place, room.moves, rounds)


def _round(connection: Connection, row: Row) -> Round:
    options = tuple(json.loads(row.options))
    question = Question(row.key, row.digest, json.loads(row.question), options, _place(row.page, row.query))
    if not row.revealed:
        return Round(row.number, question)
    found = _counts(connection, row.code, row.key, row.number)
    counts = tuple(found.get(place, 0) for place in range(len(options)))
    return Round(row.number, question, True, counts, tuple(json.loads(row.answers)))


def mark_seen(database: Database, tokens: Collection[str]) -> None:
    """Note that the pages of these students are open now."""
    with database.writing() as connection:
        hashes = [_hash(token) for token in tokens]
        connection.execute(update(MEMBERS).where(MEMBERS.c.token_hash.in_(hashes)).values(seen=time.time()))


def leave(database: Database, seat: Seat) -> None:
    """Count a student no longer among those who are here; the seat stays theirs."""
    with database.writing() as connection:
        connection.execute(update(MEMBERS).where(MEMBERS.c.token_hash == _hash(seat.secret)).values(seen=0))


def here(database: Database, codes: Collection[str]) -> Mapping[str, int]:
    """How many members of each room have their page open, by its code."""
    with database.reading() as connection:
        return _here(connection, codes)


def _here(connection: Connection, codes: Collection[str]) -> dict[str, int]:
    asked = select(MEMBERS.c.code, func.count().label("count")).where(
        MEMBERS.c.code.in_(codes), MEMBERS.c.seen > time.time() - HERE_SECONDS
    )
    return {row.code: row[1] for row in connection.execute(asked.group_by(MEMBERS.c.code))}


def _counts(connection: Connection, code: str, key: str, number: int) -> dict[int, int]:
    asked = select(VOTES.c.choice, func.count()).where(*_is_round(VOTES, code, key, number)).group_by(VOTES.c.choice)
    return {row[0]: row[1] for row in connection.execute(asked)}


def _count_votes(connection: Connection, code: str, key: str, number: int) -> int:
    return sum(_counts(connection, code, key, number).values())


def _check_teacher(connection: Connection, seat: Seat, closed_too: bool = False, locks: bool = True) -> Row:
    """The row of the room of which ``seat`` is the teacher's; locked, for who changes something."""
    if not seat.teaches or not _may_sit(connection, seat):
        raise InvalidInput(NOT_TEACHER)
    asked = select(ROOMS).where(ROOMS.c.code == seat.code)
    room = connection.execute(asked.with_for_update(key_share=True) if locks else asked).one()
    if room.closed and not closed_too:
        raise InvalidInput(OVER)
    return room


def _last_round(connection: Connection, code: str, key: str) -> Row | None:
    asked = select(ROUNDS).where(ROUNDS.c.code == code, ROUNDS.c.key == key).order_by(ROUNDS.c.number.desc()).limit(1)
    return connection.execute(asked).one_or_none()


def _change(connection: Connection, code: str) -> None:
    """Let all who are in the room look at it anew."""
    connection.execute(update(ROOMS).where(ROOMS.c.code == code).values(revision=ROOMS.c.revision + 1))


def _alive() -> ColumnElement[bool]:
    return ROOMS.c.opened >= time.time() - DAY


def _is_round(table: Any, code: str, key: str, number: int) -> tuple[ColumnElement[bool], ...]:
    return table.c.code == code, table.c.key == key, table.c.number == number


def _is_vote(seat: Seat, key: str, number: int) -> tuple[ColumnElement[bool], ...]:
    return *_is_round(VOTES, seat.code, key, number), VOTES.c.member == _hash(seat.secret)


def _query_text(place: Place) -> str:
    text = json.dumps({key: list(values) for key, values in place.query.items()}, sort_keys=True)
    return text if len(text) <= MAX_QUERY else "{}"


def _place(page: str, query: str) -> Place:
    return Place(page, json.loads(query))


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
