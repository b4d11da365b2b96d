"""All guesses and answers of a visit, to read over, print or save."""

import csv
import html
import io
from collections.abc import Sequence
from types import MappingProxyType

import streamlit as st

from components import classroom, navigation
from components.markup import escaped, plain
from components.ui.given_answers import GivenAnswer, all_given
from components.ui.printable import document, table
from embeddings.common import count_of
from embeddings.formats import guard_formula

COLUMNS = ("page", "question", "you said", "right answer", "right?")
_JUDGED = MappingProxyType({True: "yes", False: "no", None: ""})
_TOLD = MappingProxyType({True: "right", False: "wrong", None: "open"})
TEXTS = MappingProxyType(
    {
        "lead": "What you answered since you opened this app, on all pages. If you answered a question twice, the "
        "last answer counts. It is kept for this visit only: save it before you close the page.",
        "none": "You have answered nothing yet. Open a lesson, make a guess, and come back.",
        "print": "Save a page to print",
        "csv": "Save as CSV",
        "not_yet": "not known yet",
        "said": "You said “{said}”.",
        "right": "**That is right.**",
        "wrong": "The answer is {right}.",
        "open": "The answer is not known yet.",
        "score": "You answered {all}. Right: {right} of {judged}.",
    }
)


def show() -> None:
    """The list, under the page's heading, and the buttons that save it."""
    st.title(classroom.MY_ANSWERS.title, anchor=False)
    st.markdown(TEXTS["lead"])
    answers = all_given()
    if not answers:
        st.info(TEXTS["none"])
        first = navigation.LESSONS[0]
        st.page_link(navigation.menu_entry(first.path), label=first.title, icon=":material/arrow_forward:")
        return
    rows = [as_row(answer) for answer in answers]
    st.markdown(score(answers))
    with st.container(horizontal=True):
        _save(TEXTS["print"], as_page(answers), "my-answers.html", "text/html", ":material/print:")
        _save(TEXTS["csv"], as_csv(rows), "my-answers.csv", "text/csv", ":material/download:")
    for address in dict.fromkeys(answer.page for answer in answers):
        st.subheader(title_of(address), anchor=False)
        st.markdown("\n".join(_line(answer) for answer in answers if answer.page == address))


def _line(answer: GivenAnswer) -> str:
    """One answer in a Markdown list."""
    right = " or ".join(f"“{escaped(each)}”" for each in answer.right)
    told = TEXTS[_TOLD[answer.is_right]].format(right=right)
    return f"- {answer.question}\n\n  {TEXTS['said'].format(said=escaped(answer.said))} {told}"


def _save(label: str, data: bytes, file: str, mime: str, icon: str) -> None:
    st.download_button(label, data, file, mime, key=f"download_{file}", on_click="ignore", icon=icon)


def score(answers: Sequence[GivenAnswer]) -> str:
    """How many are right, in a sentence."""
    judged = [answer for answer in answers if answer.is_right is not None]
    right = sum(bool(answer.is_right) for answer in judged)
    return TEXTS["score"].format(all=count_of(len(answers), "question"), judged=len(judged), right=right)


def as_row(answer: GivenAnswer) -> tuple[str, ...]:
    """What stands in a line of the list, as text."""
    return (
        title_of(answer.page),
        plain(answer.question),
        answer.said,
        " or ".join(answer.right) or TEXTS["not_yet"],
        _JUDGED[answer.is_right],
    )


def title_of(address: str) -> str:
    """The title of the page at this ``address``."""
    pages = {page.address: page.title for page in classroom.PAGES}
    return pages[address] if address in pages else navigation.lesson_at(address).title


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """The list for a spreadsheet, which takes no cell for a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    writer.writerows([guard_formula(cell) for cell in row] for row in rows)
    return ("\ufeff" + stream.getvalue()).encode(errors="replace")  # the mark tells Excel that it is UTF-8


def as_page(answers: Sequence[GivenAnswer]) -> bytes:
    """The list as a page to print."""
    title = classroom.MY_ANSWERS.title
    head = f"<h1>{html.escape(title)}</h1><p>{html.escape(score(answers))}</p>"
    return document(title, [head + table(COLUMNS, map(as_row, answers))])
