"""The lessons in their order: the one list that menu, cards, headings and the links from page to page are made from.

Some of them make a short path; the others go deeper.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import PurePosixPath

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from components import classroom, glossary
from components.ui.folds import go_further


@dataclass(frozen=True)
class Lesson:
    """One page.

    Attributes:
        chapter: What it is a part of.
        path: Its file.
        title: Its name in the menu.
        question: What it answers, on its card.
        lead: What is done on it, under its heading.
        showed: What is to be remembered of it, at its end; true of any settings.
        on_path: Whether it belongs to the short path; the others go deeper.
    """

    chapter: str
    path: str
    title: str
    question: str
    lead: str
    showed: str
    on_path: bool = True

    @property
    def section(self) -> str:
        """Where it stands in the menu."""
        return self.chapter if self.on_path else f"Deeper: {_SHORT[self.chapter]}"


CHAPTERS = MEANING, PLAY, LEARN, LANGUAGE, LAYER = (
    "From text to meaning",
    "Play with embeddings",
    "Watch embeddings being learned",
    "Embeddings inside a language model",
    "The embedding layer",
)
_SHORT = {  # names of chapters, in the menu
    MEANING: "meaning",
    PLAY: "play",
    LEARN: "learning",
    LANGUAGE: "inside a model",
    LAYER: "the layer",
}
MINUTES = "45 to 50"  # estimated: words in sight at 150 or 130 a minute, and a good two minutes a page to try things


LESSONS = (
    Lesson(
        MEANING,
        "pages/meaning/home.py",
        "From words to numbers",
        "What happens to a sentence before a computer can read it?",
        "Computers calculate, and text is not a number. Type a sentence, choose a word, and follow it on its way to "
        "numbers.",
        "A sentence is cut into tokens, each token has an id in a vocabulary, and the id leads to a row of numbers: "
        "the token's vector.",
    ),
    Lesson(
        MEANING,
        "pages/meaning/tokenizers.py",
        "Cutting text into tokens",
        "Words, characters, or something in between?",
        "A *tokenizer* cuts text into tokens. Each is one of its *vocabulary*, the list of all that it knows. Where to "
        "cut is a choice, and each choice has its price.",
        "The same text becomes few long tokens or many short ones. Whole words leave rare ones without an id; "
        "characters make long texts. Language models use pieces of words, which mostly avoid both.",
    ),
    Lesson(
        MEANING,
        "pages/meaning/words_as_numbers.py",
        "Words as numbers",
        "Is a number for each word enough?",
        "Tokens have ids, so are words not numbers already? Here each word gets a number that is drawn by chance. See "
        "what such numbers say.",
        "One number for each word makes some words look near and others far, and this means nothing: the order came "
        "from chance.",
    ),
    Lesson(
        MEANING,
        "pages/meaning/one_hot.py",
        "One-hot vectors",
        "Why not give each word a vector with a single 1?",
        "An id is a poor number to calculate with: word 7 is not more than word 3. So give each word its own row.",
        "One-hot vectors make no false neighbours, as any two different words are equally far apart. So they say "
        "nothing of meaning, and each is as long as the vocabulary.",
    ),
    Lesson(
        MEANING,
        "pages/meaning/vectors_with_meaning.py",
        "Vectors with meaning",
        "What if the numbers said something about the word?",
        "A *feature* is something that can be true of a word: a cat has a tail. Each word gets a row of numbers, one "
        "for each feature, from 0, not at all, to 1, fully. Such a row is a *vector*. Change some numbers, and watch.",
        "Numbers that say something about a word put words that are alike near each other. But somebody must fill in "
        "the table.",
    ),
    Lesson(
        MEANING,
        "pages/meaning/small_network.py",
        "A network fills in the table",
        "Who fills in 400,000 rows?",
        "A network sees a word and guesses which words stand near it. Each step corrects it a little. Press Play, and "
        "watch.",
        "A network that guesses which words stand near each other fills in the table by itself: words with the same "
        "neighbours get similar vectors.",
    ),
    Lesson(
        PLAY,
        "pages/play/similar_words.py",
        "Similar words",
        "Which words are near, and by which measure?",
        "Two words are similar if their vectors are. But by which measure? Choose one, and see which words stay near.",
        "Near words are found by comparing vectors. Cosine looks at direction alone, the dot product also at length, "
        "and they do not always agree.",
        on_path=False,
    ),
    Lesson(
        PLAY,
        "pages/play/analogies.py",
        "Analogies",
        "Is king − man + woman really queen?",
        "The step from one word to another may have a meaning: from *man* to *king*, for instance. Take the same step "
        "from a third word: which word is near?",
        "The steps between vectors often go the same way for similar pairs of words. But the answer is often read only "
        "after the words of the question are left out.",
    ),
    Lesson(
        PLAY,
        "pages/play/axes.py",
        "Axes of meaning",
        "Can a direction mean royalty, danger, or a prejudice?",
        "Two opposite words give a direction with a meaning at each end. Every other word has its place along it.",
        "Two opposite words span a direction, and other words have a place along it. How much the direction says "
        "depends on the words at its ends.",
        on_path=False,
    ),
    Lesson(
        PLAY,
        "pages/play/odd_one_out.py",
        "Odd one out",
        "Which word does not belong?",
        "One word does not belong to the others. Its vector is the least similar to theirs, on average.",
        "The word that belongs least is the one whose vector has the smallest cosines with the others, on average.",
        on_path=False,
    ),
    Lesson(
        PLAY,
        "pages/play/frequency.py",
        "Frequency and length",
        "What do rare words lose?",
        "GloVe's table starts with the most frequent word. Does a vector show how often its word was read?",
        "How often a word was read leaves a mark on its vector: on its length, and on who its neighbours are.",
        on_path=False,
    ),
    Lesson(
        PLAY,
        "pages/play/report_card.py",
        "Report card",
        "How good is a table?",
        "Two usual tests. Can the table answer analogies? Do its cosines agree with people on which words are similar?",
        "A score of a table belongs to its settings: which words take part, and how they are compared.",
        on_path=False,
    ),
    Lesson(
        PLAY,
        "pages/play/sources.py",
        "Sources of vectors",
        "Where do vectors come from, and may I bring my own?",
        "Every page of this chapter works with any table of vectors. Some come with the app. You can fetch more, or "
        "bring your own.",
        "A table of vectors is a list of words and a matrix. It can be fetched, taken out of a language model, or made"
        " by yourself.",
        on_path=False,
    ),
    Lesson(
        PLAY,
        "pages/play/words_in_space.py",
        "Words in space",
        "What if words with similar meanings had similar vectors?",
        "Give each word a vector that was learned from how people use it, and words used alike land close together.",
        "A map squeezes many dimensions into two or three. It keeps some neighbours and loses others, and each method "
        "keeps something else.",
    ),
    Lesson(
        PLAY,
        "pages/play/whole_table.py",
        "The whole table",
        "Where do all 400,000 words lie?",
        "All words of the table on one map. Its axes are two components of PCA, the directions in which the words "
        "spread most.",
        "A whole table has one map too, but its two axes keep only a part of what the rows differ in: near on the map "
        "is not always near in the table.",
        on_path=False,
    ),
    Lesson(
        PLAY,
        "pages/play/traps.py",
        "Six traps",
        "What does a map seem to say, and does not?",
        "*t-SNE* draws each word beside its nearest neighbours; all else may lie anywhere. What can such a map not "
        "show? Guess, then look.",
        "A map by t-SNE can show groups, gaps and sizes that are not in the points. What it shows must be checked "
        "with numbers.",
        on_path=False,
    ),
    Lesson(
        LEARN,
        "pages/learning/word2vec.py",
        "word2vec",
        "How do random vectors become meaning?",
        "Training makes the vectors. It begins with random numbers. Then, step by step, it moves the vectors of words "
        "that stand together in a text closer to each other.",
        "Random vectors get a meaning by many small steps. Each step moves words closer that stand together in a text, "
        "and moves random pairs apart.",
        on_path=False,
    ),
    Lesson(
        LEARN,
        "pages/learning/language_model.py",
        "A language model's table",
        "Where do the vectors of a ChatGPT come from?",
        "A language model begins with an embedding table. The table learns while the model learns to guess the next "
        "token.",
        "In a language model the table starts with random numbers. It learns together with all other weights, and is "
        "fixed when the training ends.",
    ),
    Lesson(
        LEARN,
        "pages/learning/learned.py",
        "What was learned",
        "Is the table good, and what does a large one cost?",
        "A small loss is not yet meaning. Ask the table what it knows, train it on less text, and see what a large "
        "model costs.",
        "What a table knows can be measured, and it depends on how much text it read. A large table costs memory and "
        "computing.",
        on_path=False,
    ),
    Lesson(
        LANGUAGE,
        "pages/language/vocabularies.py",
        "A vocabulary, looked through",
        "In which order do 200,000 tokens stand?",
        "A vocabulary is a long list, and an id is a place in it. Here are some real ones to look through.",
        "This app's small vocabularies are sorted by the alphabet; the large ones here are not. Their ids follow how "
        "often a token was read, or the order in which tokens were made. Text of which a vocabulary has few tokens is "
        "cut into many pieces.",
        on_path=False,
    ),
    Lesson(
        LANGUAGE,
        "pages/language/own_tokenizer.py",
        "Train your own tokenizer",
        "Where do the tokens of a language model come from?",
        "The tokens of a language model are learned from text: the two neighbours that stand together most often "
        "become one token, again and again. Move the slider, and watch your text shrink.",
        "A tokenizer is learned from text: the most frequent pair of neighbours is merged, again and again. Each merge "
        "makes the text shorter and the vocabulary larger by one. Frequent words become one token, rare ones stay in "
        "pieces, and nothing is unknown, as all bytes are tokens.",
        on_path=False,
    ),
    Lesson(
        LANGUAGE,
        "pages/language/real_table.py",
        "The table of a real LLM",
        "What stands in the embedding table of a language model?",
        "A large language model, or LLM, begins with an embedding table. Here is one to look through: that of SmolLM2, "
        "a small model which writes text.",
        "In a language model's table the same word has several rows: with a capital, or without the space before it. "
        "Most of these rows are near each other, though nobody told the model that they are one word.",
        on_path=False,
    ),
    Lesson(
        LANGUAGE,
        "pages/language/change_one_row.py",
        "Change one row",
        "Does a language model read words, or rows of numbers?",
        "A language model looks up a row for each token of your text. Here you can change its table, and see which "
        "token it then finds likeliest to come next.",
        "A language model never sees a word, only its row. With another word's row in its place, the model goes on as "
        "if that other word stood there. With a random table it says nothing that makes sense.",
        on_path=False,
    ),
    Lesson(
        LANGUAGE,
        "pages/language/back_to_token.py",
        "From vector back to token",
        "How does a model turn its last vector into a token?",
        "At its end a language model compares its last vector with every row of a table. The row that fits best is the "
        "likeliest token. Here the same is done with the vectors of earlier layers too.",
        "The end of a language model is the lookup's mirror image: from a vector to a token. It compares the vector "
        "with all rows, so it costs far more than a lookup.",
        on_path=False,
    ),
    Lesson(
        LANGUAGE,
        "pages/language/position.py",
        "Where a token stands",
        "Does a model know that *dog bites man* is not *man bites dog*?",
        "An embedding table has one row for *dog*, wherever it stands. See how a model learns which token stands "
        "where, and what becomes of a sentence without that.",
        "A row of the table says nothing about its token's place. Models add a row for each place, or turn their "
        "vectors by it. Without that, two orders of the same tokens are the same to a model that looks at all of them.",
        on_path=False,
    ),
    Lesson(
        LAYER,
        "pages/layer/embedding_layer.py",
        "The embedding layer",
        "What does an embedding layer do with the ids it is given?",
        "Give the layer ids, and it gives back rows of its table: one row for each id, in the same order.",
        "An embedding layer copies the rows of its table that the ids name. A matrix product with one-hot rows gives "
        "the same numbers.",
    ),
    Lesson(
        LAYER,
        "pages/layer/lookup_or_matmul.py",
        "Lookup or matmul",
        "Why is an embedding layer so fast, and is it always?",
        "Looking up ids gives the same rows as multiplying one-hot rows by the table. Measure here which way is "
        "faster.",
        "Both ways give the same rows. The work of a lookup does not grow with the vocabulary; that of the matrix "
        "product does.",
    ),
    Lesson(
        LAYER,
        "pages/layer/after_the_lookup.py",
        "After the lookup",
        "One row for bank: how does a model tell the two apart?",
        "*Bank* has one row, in *river bank* and in *bank loan*. See where a model turns it into two different "
        "vectors.",
        "The table gives one row for each token, whatever stands beside it. The layers after the table turn this row "
        "into a vector that depends on the sentence.",
        on_path=False,
    ),
)

_PER_ROW = 3  # cards

EXTRAS = (*classroom.PAGES, classroom.Extra(glossary.PATH, glossary.TITLE, glossary.CHAPTER))


def lesson_at(url_path: str) -> Lesson:
    """The lesson whose page has this address; the first one has an empty one."""
    return next((lesson for lesson in LESSONS if PurePosixPath(lesson.path).stem == url_path), LESSONS[0])


def is_lesson(url_path: str) -> bool:
    """Whether the page at this address is a lesson, with a heading and a foot."""
    return url_path not in {extra.address for extra in EXTRAS}


def titles() -> dict[str, str]:
    """The names of all pages by their addresses; the first one has an empty one."""
    lessons = {PurePosixPath(lesson.path).stem: lesson.title for lesson in LESSONS[1:]}
    return {"": LESSONS[0].title} | lessons | {extra.address: extra.title for extra in EXTRAS}


def path() -> list[Lesson]:
    """The lessons of the short path, in their order."""
    return [lesson for lesson in LESSONS if lesson.on_path]


def deeper(chapter: str) -> list[Lesson]:
    """The lessons of a chapter that are not on the short path, in their order."""
    return [lesson for lesson in LESSONS if lesson.chapter == chapter and not lesson.on_path]


def sections() -> dict[str, list[Lesson]]:
    """The lessons under the headings of the menu: of each chapter those of the path, then the deeper ones."""
    found: dict[str, list[Lesson]] = {}
    for chapter in CHAPTERS:
        for lesson in [*(one for one in path() if one.chapter == chapter), *deeper(chapter)]:
            found.setdefault(lesson.section, []).append(lesson)
    return found


@st.cache_resource(max_entries=1, show_spinner=False)
def _pages() -> dict[str, StreamlitPage]:
    """The menu's entries by their files; making one asks the disk where its file is, too long for every run."""
    lessons = {
        lesson.path: st.Page(lesson.path, title=lesson.title, default=lesson is LESSONS[0]) for lesson in LESSONS
    }
    return lessons | {extra.path: st.Page(extra.path, title=extra.title) for extra in EXTRAS}


def menu_entry(path: str) -> StreamlitPage:
    """The menu's entry of the file ``path``, to link to: of a path alone, each link asks the disk where it leads."""
    return _pages()[path]


def menu(own_title: str = "", own: Sequence[Lesson] = ()) -> StreamlitPage:
    """Show the menu; the page that was asked for, to be run.

    Args:
        own_title: Markdown over the lessons that stand first, in place of their usual one.
        own: Those lessons, in their order.
    """
    placed = [(own_title, lesson.path) for lesson in own]
    placed += [(name, one.path) for name, lessons in sections().items() for one in lessons if one not in own]
    placed += [(extra.section, extra.path) for extra in EXTRAS]
    pages, entries = _pages(), dict[str, list[StreamlitPage]]()
    for section, file in placed:
        entries.setdefault(section, []).append(copy(pages[file]))  # a run marks its page
    return st.navigation(entries, expanded=True)


def neighbors(lesson: Lesson, own: Sequence[Lesson] = ()) -> tuple[Lesson | None, Lesson | None]:
    """The lessons before and after this one, ``None`` at the ends.

    On the path the way stays on it, and on a teacher's ``own`` way on that. Deeper lessons follow each other; from a
    chapter's last one the way leads back to the path, to the first lesson after that chapter.
    """
    if lesson in own:
        way = list(own)
    elif lesson.on_path:
        way = path()
    else:
        until = CHAPTERS.index(lesson.chapter)
        before = [one for one in path() if CHAPTERS.index(one.chapter) <= until]
        way = [before[-1], *deeper(lesson.chapter), *path()[len(before) : len(before) + 1]]
    at = way.index(lesson)
    return way[at - 1] if at else None, way[at + 1] if at + 1 < len(way) else None


def heading(lesson: Lesson) -> DeltaGenerator:
    """The page's heading and the sentence that says what is done on it; gives the place beside the heading."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    row.title(lesson.title, anchor=False, width="stretch")
    beside = row.container(horizontal=True, vertical_alignment="center", width="content", key="beside_heading")
    st.markdown(glossary.linked(lesson.lead))
    return beside


def cards(own: Sequence[Lesson] = ()) -> None:
    """How long the path is; in a fold, a card for each of its lessons after the first, and a line for each other.

    On a teacher's ``own`` way there are cards for that alone.
    """
    if own:
        _show_cards(own, own)
        return
    st.markdown(f"The short path has {len(path())} lessons and takes {MINUTES} minutes. “Next” leads along it.")
    _offer_all()


@st.fragment
def _offer_all() -> None:
    """They are drawn once they are asked for: closed, they would take a seventh of what all visitors' runs take."""
    with st.expander("All lessons", icon=":material/list:", key="lessons", on_change="rerun") as fold:
        if fold.open:
            _show_all()


def _show_all() -> None:
    for chapter in CHAPTERS:
        if others := [lesson for lesson in path() if lesson.chapter == chapter and lesson is not LESSONS[0]]:
            st.markdown(f"**{chapter}**")
            _show_cards(others, path())
    with go_further("the other lessons, in any order", "deeper"):
        for lesson in (lesson for chapter in CHAPTERS for lesson in deeper(chapter)):
            with st.container(horizontal=True, vertical_alignment="center"):
                _link(lesson, f"**{lesson.title}**")
                st.caption(lesson.question, width="content")


def _show_cards(lessons: Sequence[Lesson], way: Sequence[Lesson]) -> None:
    """Rows of cards, numbered by the lessons' places on the ``way``."""
    for first in range(0, len(lessons), _PER_ROW):
        for column, lesson in zip(st.columns(_PER_ROW), lessons[first : first + _PER_ROW], strict=False):
            with column.container(border=True, height="stretch"):
                _link(lesson, f"**{way.index(lesson) + 1}. {lesson.title}**")
                st.markdown(lesson.question)


def foot(lesson: Lesson, own: Sequence[Lesson] = ()) -> None:
    """The end of a page: what it showed, and the links to other lessons; of a chapter also that to its questions.

    Args:
        lesson: The page's.
        own: A teacher's own way, if the visitor is on one.
    """
    st.divider()
    st.markdown(f"**What this page showed.** {glossary.linked(lesson.showed)}")
    before, after = neighbors(lesson, own)
    start = own[0] if lesson in own else LESSONS[0]
    with st.container(horizontal=True, horizontal_alignment="distribute", key="foot_links"):
        if before is not None:
            st.page_link(menu_entry(before.path), label=f"Previous: {before.title}", icon=":material/arrow_back:")
        if after is not None:
            _link(after, f"Next: {after.title}")
        else:
            _link(start, f"Back to the start: {start.title}")
    if lesson in own:
        return
    ends_chapter = after is None or after.chapter != lesson.chapter
    if ends_chapter:
        st.page_link(
            menu_entry(classroom.CHECK.path),
            label="Check yourself: five questions",
            icon=":material/quiz:",
            query_params={classroom.CHECK_CHAPTER: lesson.chapter},
        )
    if lesson.on_path and ends_chapter:
        end = len(CHAPTERS) if after is None else CHAPTERS.index(after.chapter)
        for chapter in CHAPTERS[CHAPTERS.index(lesson.chapter) : end]:
            _links(chapter, "this chapter" if chapter == lesson.chapter else f"“{chapter}”")


def _links(chapter: str, called: str) -> None:
    """To all lessons of ``chapter`` that are not on the path, if there are any."""
    if not deeper(chapter):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Deeper in {called}:", width="content")
        for one in deeper(chapter):
            st.page_link(menu_entry(one.path), label=one.title)


def _link(lesson: Lesson, label: str) -> None:
    st.page_link(menu_entry(lesson.path), label=label, icon=":material/arrow_forward:", icon_position="right")
