"""Notes for the teacher: for each lesson what to say, what to ask, and what pupils usually think."""

from dataclasses import dataclass
from types import MappingProxyType

import streamlit as st

from components.address import setting
from components.custom.presenting import followed
from components.navigation import LESSONS, is_lesson, lesson_at, menu_entry, neighbors
from components.rooms import membership
from components.rooms.values import RoomState
from components.ui import class_question, presenting, room_line

_PAGE = "notes_page"  # in the address
_WINDOW = "notes_window"
_CLASS = "notes_class"  # in the session: the room, and the page on which its class was seen last


@dataclass(frozen=True)
class Note:
    """For one lesson.

    Attributes:
        say: What to say while its first picture is in sight.
        ask: What to ask the class.
        think: What pupils usually think, and what helps.
    """

    say: str
    ask: str
    think: str


NOTES = MappingProxyType(  # by the lessons' titles
    {
        "From words to numbers": Note(
            "A computer calculates, and a sentence is no number. We follow one word on its way: piece, number, row, "
            "place on a map.",
            "Which two words of our sentence will lie near each other on the map? Let the class guess first.",
            "“The number of a word says what it means.” It does not: it is a place in a list, as a page number is.",
        ),
        "Cutting text into tokens": Note(
            "Before anything else, text is cut. Where to cut is a choice: words, characters, or pieces in between.",
            "How many pieces will GPT-4o make of our school’s name? Write the guesses on the board, then type it.",
            "“One word is one token.” Type a long or rare word: it falls into pieces. A space belongs to the piece "
            "after it.",
        ),
        "Words as numbers": Note(
            "Each word gets one number, drawn by chance. Look who stands beside whom, and press Shuffle.",
            "Is the word nearest to *cat* on the line more like a cat? What would have to be true of the numbers?",
            "Pupils find a reason for any order they see. Shuffle twice: the reasons change, the words do not.",
        ),
        "One-hot vectors": Note(
            "Now each word has its own row with a single 1. No word is nearer to another than to a third.",
            "How far is *cat* from *dog*, and how far from *car*? Why is it the same?",
            "“So the problem is solved.” Ask how long a row is with 400,000 words, and what it says about meaning.",
        ),
        "Vectors with meaning": Note(
            "We write down what is true of each word: has a tail, can be eaten. A row of such numbers says something.",
            "Fill in a new word together. Between which two words will it lie on the map?",
            "“Somebody decides the numbers.” Here yes; and no two people agree on them. This is why they are learned.",
        ),
        "A network fills in the table": Note(
            "The network sees one word and guesses its neighbours. Each wrong guess moves the numbers a little.",
            "Which words will have similar rows after training? Look at the sentences, then guess.",
            "“The network understands the words.” It only sees neighbours. Change a sentence: a row moves.",
        ),
        "Similar words": Note(
            "Cosine compares directions alone. The dot product also rewards long vectors, as many frequent words have.",
            "Name five words near *king*. Then look: which of yours are there, and which surprise you?",
            "“Near means the same.” *Hot* and *cold* are near, because they stand in the same places in texts.",
        ),
        "Analogies": Note(
            "The step from *man* to *king* is a vector. We take the same step from *woman*, and look where we arrive.",
            "Will *queen* still win if *king* itself may be an answer? Guess, then look at both rankings.",
            "“The computer knows what a queen is.” Open the fold that drops a word: often the sum was hardly needed.",
        ),
        "Axes of meaning": Note(
            "Two opposite words span a line. Every other word has a place on it, also where it should have none.",
            "Put professions between *he* and *she*. Who decided where *nurse* lies?",
            "“The computer is prejudiced.” It has read what people wrote: the texts have left it behind.",
        ),
        "Odd one out": Note(
            "The odd word has the lowest mean cosine with the others. The page only compares, it does not reason.",
            "Make four words where the class disagrees. What does the table say, and why?",
            "“There is one right answer.” *Bat, ball, owl, glove*: it depends on what one looks at.",
        ),
        "Frequency and length": Note(
            "How often a word was read leaves a mark on its vector: on its length and on its neighbours.",
            "Which has the longer vector: *the*, or a word you have never seen? Guess first.",
            "“A longer vector means more.” Length tells of training and frequency. Meaning is mostly direction.",
        ),
        "Report card": Note(
            "Two tests give a table a mark: analogies, and how well its cosines agree with people.",
            "How many of 100 analogies does this table get right? What would you call a good mark?",
            "“A higher score is a better table.” Change one setting and the score moves: it belongs to its settings.",
        ),
        "Sources of vectors": Note(
            "A table is a list of words and a matrix. It can be downloaded, taken out of a model, or brought along.",
            "What would change if the table had read only recipes? Or only law?",
            "“There is one table of all words.” Each comes from its own texts, and lacks the words they lacked.",
        ),
        "Words in space": Note(
            "Fifty dimensions are squeezed into two. Near words stay near, as far as that is possible.",
            "Which group will be the tightest: animals, food or countries? Then change the method. What stays?",
            "“The axes mean something.” With t-SNE and UMAP they do not. Ask how far the map can be trusted.",
        ),
        "The whole table": Note(
            "All 400,000 words at once. The page shows where they lie close together, and where one of them lies.",
            "Where is our word: in the crowd, or at the edge? How many words lie between it and its nearest?",
            "“Near on this map is near in the table.” Two axes keep a small part: the page says how much.",
        ),
        "Six traps": Note(
            "Here the truth is known, as the points were made. So we can see what t-SNE shows that is not there.",
            "Which of these maps is made of pure noise? Let everybody guess before you show it.",
            "“What I see on the map is in the data.” Groups, gaps and sizes can all come from the method.",
        ),
        "word2vec": Note(
            "Training begins with random numbers. Words that stand together are pulled together, random pairs apart.",
            "After how many steps will the first sensible neighbour appear? Stop there and look.",
            "“It looks the words up somewhere.” Its only source is the text. Train on another one and compare.",
        ),
        "A language model's table": Note(
            "A chatbot begins with such a table too. It learns together with all other weights of the model.",
            "One batch of text changes some rows. Which? Guess before the gradient is shown.",
            "“The whole table moves at each step.” Only rows of tokens that were read get a gradient from the lookup.",
        ),
        "What was learned": Note(
            "A small loss is not yet meaning. We ask the table questions of which we know the answers.",
            "What happens to the score if nine tenths of the text are taken away? A little, half, or all of it?",
            "“More text is always worth it.” Look at the costs on the same page: hours, days, money.",
        ),
        "A vocabulary, looked through": Note(
            "An id is a place in a list. Here the list is open, from the first token to the last.",
            "Where will *cat* stand: among the first thousand, or far behind? Collect guesses, then search.",
            "“The list is sorted, as a dictionary is.” Only the small ones are. Nobody looks words up by hand in the "
            "large ones.",
        ),
        "Train your own tokenizer": Note(
            "Nobody wrote GPT-4o’s tokens down. They were counted: the most frequent pair of neighbours becomes one "
            "piece, and then we count again.",
            "Which two letters stand together most often in our text? Count on paper first, then press “Merge it”.",
            "“The pieces are syllables, or parts with a meaning.” Sometimes they look so; but only counts decide, and "
            "the space is counted like a letter.",
        ),
        "The table of a real LLM": Note(
            "This table is out of a model that writes. Each token has a row, and a word has several tokens.",
            "Which rows will be near ` king`, with its space? Collect guesses, then look.",
            "“One word, one row.” With a capital or without a space it is another token, and has another row.",
        ),
        "Change one row": Note(
            "The model reads rows and no words. We put another word’s row in one place, and ask what comes next.",
            "“The capital of France is”, with Italy’s row for France: which city will it name?",
            "“The model sees that it says France.” It sees the row alone. Shuffle the table, and it talks nonsense.",
        ),
        "From vector back to token": Note(
            "The lookup goes from a token to a vector. At its end the model goes back: which row fits best?",
            "After how many of the 30 layers does the model know the answer? Guess before you look.",
            "“It knows the word and only has to say it.” Look at the early layers: other words stand first there.",
        ),
        "Where a token stands": Note(
            "The row of *dog* is the same in both sentences. Something must tell the model who bites whom.",
            "Without positions, how alike are *dog bites man* and *man bites dog*: exactly, nearly, or not at all?",
            "“The model reads from left to right, so it knows.” All tokens go in at once. Order is given to it.",
        ),
        "The embedding layer": Note(
            "The layer is a table. An id goes in, the row with that number comes out. Nothing is multiplied.",
            "How many multiplications does the other way need for the same row, and how many of them by zero?",
            "“A layer must calculate.” Step through both ways slowly: the same row, once copied, once computed.",
        ),
        "Lookup or matmul": Note(
            "Both ways give the same rows. We measure how long each takes on this very machine.",
            "With a vocabulary of 50,257: is the lookup 10, 100 or 1,000 times faster? And with 4 words?",
            "“The lookup is always faster.” With a tiny vocabulary the product wins. Measure it, and ask why.",
        ),
        "After the lookup": Note(
            "*Bank* has one row, whatever stands beside it. The layers after the table make two vectors of it.",
            "From which layer on do the two banks differ? Let the class guess first.",
            "“The table knows both meanings.” It has one row. The difference comes from the sentence, later.",
        ),
    }
)


def show() -> None:
    """The notes to one page: the one that is chosen, or that another window of this browser presents."""
    st.title("Teacher's notes", anchor=False)
    st.markdown(
        "Open this page in a window on your own screen, and present in another one: these notes follow it. What you "
        "choose here stays here. In a room they also follow your class, count its guesses, and can reveal the answer."
    )
    _show_room()
    titles = [lesson.title for lesson in LESSONS]
    title = setting(st.selectbox, "Page", titles, key=_PAGE)
    followed(title, _WINDOW, _turn)
    note, lesson = NOTES[title], next(lesson for lesson in LESSONS if lesson.title == title)
    st.markdown(f"**Say.** {note.say}")
    st.markdown(f"**Ask.** {note.ask}")
    st.markdown(f"**What pupils usually think.** {note.think}")
    st.markdown(f"**To be remembered.** {lesson.showed}")
    after = neighbors(lesson)[1]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            menu_entry(lesson.path),
            label=f"Present “{title}”",
            icon=":material/present_to_all:",
            query_params={presenting.SWITCH: "true"},
        )
        if after is not None:
            st.button(f"Notes to the next page: {after.title}", key="notes_next", on_click=_open, args=(after.title,))


def _show_room() -> None:
    """What the teacher's class is asked just now, or the way into the room; nothing for who teaches none."""
    member = membership.current()
    if member is None and membership.seat_taken() is None:
        room_line.offer_taught()
    elif member is not None and member.seat.teaches:
        _follow(member.room)
        with st.container(border=True, key="notes_room"):
            class_question.show_open(member)


def _follow(room: RoomState) -> None:
    """Open the notes to the page where the class is, when it has come to another one."""
    here = room.code, room.place.page if room.place else None
    if st.session_state.get(_CLASS) != here:
        st.session_state[_CLASS] = here
        if room.place and is_lesson(room.place.page):
            _open(lesson_at(room.place.page).title)


def _turn() -> None:
    _open(st.session_state[_WINDOW].page)


def _open(title: str) -> None:
    if title in NOTES:  # what is said in a browser may be anything
        st.session_state[_PAGE] = title
