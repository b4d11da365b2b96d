"""A page's question in a room: the teacher asks it and reveals the answer, the students guess, each once."""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.markup import escaped, shortened
from components.rooms import membership
from components.rooms.membership import Membership
from components.rooms.values import Question, Round, Seat, digest
from embeddings.common import InvalidInput, LabError, SourceUnavailable

POLL_SECONDS = 1.0  # the teacher's page alone
IN = "Your guess is in. The answer comes when your teacher reveals it."
KEPT = "The server cannot reach the room just now. Your guess is kept, and is sent as soon as it can."


@dataclass(frozen=True)
class _Vote:
    """A student's guess in a round.

    Attributes:
        seat: Whose.
        number: Of the round.
        option: Its index.
        about: What the right answer depended on then; ``None`` where it was guessed before the page was loaded anew.
    """

    seat: Seat
    number: int
    option: int
    about: Hashable = None


def asked(text: str, options: Sequence[str], key: str, subject: Hashable) -> Round | None:
    """The round in which the visitor's room is asked just this; ``None`` outside of rooms, and where it is not.

    The teacher's page asks it. A student whose page shows another subject is told what the class is asked about.
    """
    member = membership.current()
    if member is None:
        return None
    here = membership.place_here()
    question = Question(key, digest(key, subject), text, tuple(options), here)
    if member.seat.teaches:
        member = _with_question_asked(member, question)
    found = member.room.rounds.get(key)
    if found is None or found.question.digest == question.digest:
        return found
    if member.seat.teaches:
        _offer_to_ask(member.seat, question)
    elif not found.revealed:
        _lead_to(found)
    return None


def teaches() -> bool:
    """Whether the visitor is the teacher of a room that is open."""
    member = membership.current()
    return member is not None and member.seat.teaches


def _with_question_asked(member: Membership, question: Question) -> Membership:
    """The membership once the room was asked ``question``.

    A page asks it once: two pages of a teacher that show different subjects would else ask in turns for ever.
    """
    place = f"{question.key}_asked"
    if st.session_state.get(place) == (member.seat.code, question.digest):
        return member
    if _try(lambda rooms, database: rooms.ask(database, member.seat, question)):
        st.session_state[place] = (member.seat.code, question.digest)
        membership.caught_up()
    return membership.current() or member


def _offer_to_ask(seat: Seat, question: Question) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Another of your pages asks the class about something else.", width="content")
        _button(
            "Ask this one",
            key=f"{question.key}_ask",
            type="tertiary",
            icon=":material/campaign:",
            on_click=_try_or_say,
            args=(lambda rooms, database: rooms.ask_again(database, seat, question),),
        )


def _lead_to(found: Round) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/groups: Your class is asked: *{found.question.text}*", width="content")
        _button(
            "Open it",
            key=f"{found.question.key}_open",
            type="tertiary",
            icon=":material/arrow_forward:",
            on_click=membership.go_to,
            args=(found.question.place,),
        )


def lead_to_class(member: Membership) -> None:
    """What the class is asked where the teacher is, for a student who is on another page and has not guessed."""
    place = member.room.place
    if member.seat.teaches or place is None or place.page == membership.place_here().page:
        return
    for found in reversed(_asked_on(place.page, member)):  # the latest
        if not found.revealed:
            if _vote_in(member.seat, found) is None:
                _lead_to(found)
            return


def show(standing: Round, before: str, about: Hashable) -> None:
    """The question while it is open: the teacher's view of it, or a student's.

    Args:
        standing: What ``asked`` gave, not yet revealed.
        before: What must be known to understand the question.
        about: What the right answer depends on now.
    """
    member = membership.current()
    st.markdown(f"**Predict first.** {before} {standing.question.text}")
    if member is None:
        return
    if member.seat.teaches:
        _show_to_teacher(member.seat, standing)
    else:
        _show_to_student(member.seat, standing, about)


def show_open(member: Membership) -> None:
    """What the class is asked on the page where the teacher is, each with its counter and *Reveal*; for the teacher."""
    place = member.room.place
    found = [] if place is None else [each for each in _asked_on(place.page, member) if not each.revealed]
    for standing in found:
        st.markdown(f":material/groups: Your class is asked: *{standing.question.text}*")
        _show_state(member.seat, standing)
    if not found:
        st.caption("Your class is asked nothing just now. Open a lesson that asks, and the question stands here.")


def _asked_on(page: str, member: Membership) -> list[Round]:
    """The latest rounds of what is asked on a ``page``, in the order in which they were asked."""
    return [found for found in member.room.rounds.values() if found.question.place.page == page]


def _show_to_teacher(seat: Seat, standing: Round) -> None:
    st.markdown("\n".join(f"- {escaped(option)}" for option in standing.question.options))
    _show_state(seat, standing)


def _show_state(seat: Seat, standing: Round) -> None:
    """How many have guessed, and the teacher's button that ends the round."""
    question = standing.question
    _show_progress(seat, standing)
    _button(
        "Reveal",
        key=f"{question.key}_reveal",
        type="primary",
        icon=":material/visibility:",
        help="Show the guesses and the answer, to all at once. No guess is taken after that.",
        on_click=_try_or_say,
        args=(lambda rooms, database: rooms.reveal(database, seat, question.key, standing.number),),
    )


@st.fragment(run_every=POLL_SECONDS)
def _show_progress(seat: Seat, standing: Round) -> None:
    from components.rooms import rooms
    from components.rooms.database import shared_database

    try:
        guessed, here = rooms.progress(shared_database(), seat, standing.question.key, standing.number)
    except LabError as error:
        st.caption(escaped(str(error)))
        return
    share = min(1.0, guessed / here) if here else 0.0
    st.progress(share, text=f"{guessed} of {max(here, guessed)} have guessed")


def _show_to_student(seat: Seat, standing: Round, about: Hashable) -> None:
    question = standing.question
    vote = _vote_in(seat, standing)
    if vote is None:
        _ask_student(seat, standing, about)
        return
    watcher, ballot = membership.watcher(), (seat, question.key, standing.number)
    told = KEPT if watcher.waits(ballot) else watcher.refusal(ballot) or IN
    st.info(f"Your guess: {_quoted(question.options[vote.option])}. {told}")


def _ask_student(seat: Seat, standing: Round, about: Hashable) -> None:
    question = standing.question
    key = f"{question.key}_round_{standing.number}"

    def guess() -> None:
        if (chosen := st.session_state[key]) is not None:
            _cast(seat, standing, _Vote(seat, standing.number, question.options.index(chosen), about))

    st.pills(
        "Your guess",
        question.options,
        key=key,
        format_func=escaped,
        label_visibility="collapsed",
        on_change=guess,
        wrap=True,
    )
    st.caption("Your class is asked. Choose one; the answer comes when your teacher reveals it.")


def _cast(seat: Seat, standing: Round, vote: _Vote) -> None:
    """Send the guess, or keep it until the database is back."""
    from components.rooms import rooms
    from components.rooms.database import shared_database

    key, option = standing.question.key, vote.option
    try:
        option = rooms.vote(shared_database(), seat, key, standing.number, vote.option)
    except SourceUnavailable:
        try:
            membership.watcher().keep((seat, key, standing.number), vote.option)
        except SourceUnavailable as error:
            membership.say(str(error))
            return
    except InvalidInput as error:
        membership.say(str(error))
        return
    st.session_state[_place(key)] = _Vote(seat, standing.number, option, vote.about)


def _vote_in(seat: Seat, standing: Round) -> _Vote | None:
    """The student's guess in this round, also one from before the page was loaded anew."""
    key = standing.question.key
    kept: _Vote | None = st.session_state.get(_place(key))
    if kept is not None and (kept.seat, kept.number) == (seat, standing.number):
        return kept
    looked = f"{key}_looked"  # once in a round
    if st.session_state.get(looked) == (seat, standing.number):
        return None
    from components.rooms import rooms
    from components.rooms.database import shared_database

    try:
        option = rooms.vote_of(shared_database(), seat, key, standing.number)
    except SourceUnavailable:
        return None
    st.session_state[looked] = (seat, standing.number)
    if option is None:
        return None
    st.session_state[_place(key)] = _Vote(seat, standing.number, option)
    return st.session_state[_place(key)]


def said(revealed: Round, about: Hashable) -> tuple[str | None, bool]:
    """What the visitor guessed in a round, and whether it is still about what is shown."""
    member = membership.current()
    if member is None or member.seat.teaches:
        return None, True
    vote = _vote_in(member.seat, revealed)
    ballot = (member.seat, revealed.question.key, revealed.number)
    if vote is None or membership.watcher().refusal(ballot):
        return None, True
    return revealed.question.options[vote.option], vote.about in (None, about)


def show_guesses(revealed: Round, answers: Collection[str] = ()) -> None:
    """The class's guesses, with the right ``answers`` marked; without any, those of the teacher's page."""
    from components.figures.guesses import guesses_figure, guesses_text  # Plotly, which no first page needs
    from components.ui import chart

    question = revealed.question
    total = sum(revealed.counts)
    st.markdown(f"**What the class guessed** · {total} {'guess' if total == 1 else 'guesses'}")
    right = answers or revealed.answers
    figure = guesses_figure(question.options, revealed.counts, right)
    chart.show(figure, f"{question.key}_guesses", guesses_text(question.options, revealed.counts, right))
    member = membership.current()
    if member is not None and member.seat.teaches and answers:
        _note_answers(member.seat, revealed, answers)


def _note_answers(seat: Seat, revealed: Round, answers: Collection[str]) -> None:
    """Tell the room what was measured, once: for the pages of those who have not, and the file of guesses."""
    place, noted = f"{revealed.question.key}_noted", (revealed.number, *answers)
    if st.session_state.get(place) == noted:
        return
    key, number = revealed.question.key, revealed.number
    if _try(lambda rooms, database: rooms.note_answers(database, seat, key, number, tuple(answers))):
        st.session_state[place] = noted
        membership.caught_up()


def offer_again(revealed: Round) -> None:
    """The teacher's button that asks the room the same once more."""
    member = membership.current()
    if member is None or not member.seat.teaches:
        return
    seat, question = member.seat, revealed.question
    _button(
        "Guess again",
        key=f"{question.key}_class_again",
        type="tertiary",
        icon=":material/replay:",
        help="Ask the class the same in a new round.",
        on_click=_try_or_say,
        args=(lambda rooms, database: rooms.ask_again(database, seat, question),),
    )


def _button(label: str, **options: Any) -> None:
    """A button for what changes all of the page, drawn in a panel that may run alone."""
    if st.button(label, **options):
        st.rerun()


def _try(act: Callable) -> bool:
    """Let ``act`` change the room; whether it did, else a sentence says why not."""
    return _did(act, lambda sentence: st.warning(escaped(sentence)))


def _try_or_say(act: Callable) -> None:
    """The same for callbacks: the sentence is said in the next run, which shows what has changed."""
    if _did(act, membership.say):
        membership.caught_up()


def _did(act: Callable, tell: Callable[[str], object]) -> bool:
    from components.rooms import rooms
    from components.rooms.database import shared_database

    try:
        act(rooms, shared_database())
    except LabError as error:
        tell(str(error))
        return False
    return True


def _place(key: str) -> str:
    return f"{key}_vote"


def _quoted(option: str) -> str:
    return f"“{escaped(shortened(option, 80))}”"
