"""Home: a sentence on its way to a map."""

import re

import pytest

from components import glossary
from components.navigation import LESSONS, MINUTES, path
from components.session.tokenizers import TITLES
from embeddings.similarity import cosine_similarities
from embeddings.sources import MiniLMTable, load
from embeddings.tokenizers import WordPieceTokenizer, tokenizer
from tests.pages.reading import drawing, words


def test_each_word_shows_its_row_number_in_glove(open_page):
    app = open_page("home")
    app.text_input(key="home_text").set_value("The cat, qqqzzz").run()
    assert drawing(app, "home_token")["chips"] == [
        {"text": "the", "id": 0},
        {"text": "cat", "id": 5450},
        {"text": ",", "id": 1},
        {"text": "qqqzzz", "id": None},
    ]


def test_the_one_hot_line_and_the_strip_belong_to_the_followed_word(open_page):
    app = open_page("home")
    app.text_input(key="home_text").set_value("a dog").run()
    assert drawing(app, "home_one_hot") == {"id": 2926, "size": 400_000}
    values = drawing(app, "home_vector")["values"]
    assert len(values) == 50
    assert values[:2] == [0.1101, -0.3878]


def test_words_of_the_sentence_are_dots_and_leave_the_landmarks(open_page):
    app = open_page("home")
    app.text_input(key="home_text").set_value("cat cat zebra").run()
    shown = drawing(app, "home_map")
    assert [dot["text"] for dot in shown["words"]] == ["cat", "zebra"]
    assert "cat" not in [dot["text"] for dot in shown["landmarks"]]


def test_the_frame_of_the_map_does_not_depend_on_the_sentence(open_page):
    app = open_page("home")
    frames = []
    for sentence in ("zebra", "piano"):
        app.text_input(key="home_text").set_value(sentence).run()
        frames.append(drawing(app, "home_map")["frame"])
    assert frames[0] == frames[1]


def test_an_unknown_word_is_named_and_the_rest_goes_on(open_page):
    app = open_page("home")
    app.text_input(key="home_text").set_value("qqqzzz").run()
    assert "`qqqzzz` is not among the 400,000 words" in words(app)
    assert drawing(app, "home_token")["chips"][0]["id"] is None


def test_the_first_word_followed_is_a_known_and_telling_one(open_page):
    app = open_page("home")
    app.text_input(key="home_text").set_value("qqqzzz and the lion sleeps").run()
    assert "`lion` is token" in words(app)
    app.text_input(key="home_text").set_value("qqqzzz the and").run()
    assert "`the` is token 0" in words(app)


@pytest.mark.parametrize(("pick", "followed"), [("3", "sleeps"), ("99", "lion"), ("-1", "lion"), ("x", "lion")])
def test_the_token_followed_is_in_the_address(open_page, pick, followed):
    app = open_page("home", home_pick=pick, home_text="and the lion sleeps")
    assert f"`{followed}` is token" in words(app)


def test_another_token_in_the_chosen_place_is_not_followed(open_page):
    app = open_page("home", home_pick="2", home_text="the cat eats")
    app.text_input(key="home_text").set_value("the cat eats bread").run()
    assert "`eats` is token" in words(app)
    app.text_input(key="home_text").set_value("the dog , bread").run()
    assert "`dog` is token" in words(app)
    assert "home_pick" not in app.query_params


def test_each_definition_has_a_line_of_its_own(open_page):
    lines = words(open_page("home")).splitlines()
    assert {f"- {glossary.sentence(name)}" for name in ("token", "vocabulary", "id", "vector", "embedding")} <= {*lines}


def test_an_empty_sentence_asks_for_words(open_page):
    app = open_page("home")
    app.text_input(key="home_text").set_value("   ").run()
    assert "Type a few words" in words(app)
    assert app.text_input(key="home_text").value == "   "


def test_markup_is_handed_on_as_text(open_page):
    app = open_page("home")
    app.text_input(key="home_text").set_value("x <script>alert(1)</script> **b** שלום 😀").run()
    assert not app.exception
    chips = [chip["text"] for chip in drawing(app, "home_token")["chips"]]
    assert chips == "x < script > alert ( 1 ) < / script > * * b * * שלום 😀".split()
    for chip in (1, 12, 17):  # a sign of HTML, one of Markdown, a word that is not in the table
        app.session_state["home_pick"] = chip
        app.run()
        assert f"`{chips[chip]}`" in words(app)
        assert not re.search(r"<script|\*\*b", words(app).replace("`", ""))


def test_five_hundred_words_show_the_first_forty(open_page):
    app = open_page("home")
    app.text_input(key="home_text").set_value("cat " * 500).run()
    assert len(drawing(app, "home_token")["chips"]) == 40
    assert "The first 40 of 125 tokens" in words(app)
    assert "At most 500 characters are used here; the rest was left out." in words(app)


def test_every_lesson_has_a_card(open_page):
    app = open_page("home")
    closed = {link.proto.label for link in app.get("page_link")}
    assert f"The short path has {len(path())} lessons and takes {MINUTES} minutes" in words(app)
    assert not [fold for fold in app.expander if fold.proto.expanded]
    app.session_state["lessons"] = True
    app.run()
    numbers = {lesson: f"{number}. " for number, lesson in enumerate(path(), 1)}
    titles = [f"**{numbers.get(lesson, '')}{lesson.title}**" for lesson in LESSONS[1:]]
    assert len(titles) > 3
    assert not set(titles) & closed
    assert set(titles) <= {link.proto.label for link in app.get("page_link")}
    said = {element.value for element in [*app.markdown, *app.caption]}
    assert {lesson.question for lesson in LESSONS[1:]} <= said


def test_word_pieces_have_the_rows_of_a_real_transformer(open_page):
    chosen = {"home_tokenizer": "Word pieces (BERT)", "home_text": "the embeddings", "home_pick": "1"}
    app = open_page("home", show_answers="true", **chosen)
    pieces = WordPieceTokenizer().encode("the embeddings")
    assert [chip["id"] for chip in drawing(app, "home_token")["chips"]] == list(pieces.ids)
    shown = drawing(app, "home_vector")["values"]
    assert shown == [round(float(x), 4) for x in MiniLMTable.of_minilm().rows([pieces.ids[1]])[0]]
    assert "30,522 × 384 numbers" in words(app)
    assert {dot["text"] for dot in drawing(app, "home_map")["words"]} == set(pieces.tokens)


def test_who_is_most_alike_is_told_after_the_guess(open_page):
    app = open_page("home", home_pick="1")
    app.text_input(key="home_text").set_value("the cat saw a dog with bread").run()
    assert "cosines with `cat`" not in words(app)
    app.button_group(key="home_guess").set_value("bread").run()
    assert "You said `bread`. The answer is `dog`" in words(app)
    assert "These are the cosines with `cat`: `dog` 0.92" in words(app)
    app.text_input(key="home_text").set_value("the cat saw a dog with bread and milk").run()
    assert not any(said in words(app) for said in ("You said", "The answer is", "cosines with `cat`"))


def test_the_other_tokens_are_drawn_after_the_guess_and_every_choice_has_its_cosine(open_page):
    app = open_page("home")
    drawn = drawing(app, "home_map")
    assert [dot["text"] for dot in drawn["words"]] == ["cat"]
    assert "dog" not in [dot["text"] for dot in drawn["landmarks"]]
    options = app.button_group(key="home_guess").options
    app.button(key="home_guess_show").click().run()
    assert {"cat", *options} <= {dot["text"] for dot in drawing(app, "home_map")["words"]}
    said = words(app).partition("These are the cosines with")[2].splitlines()[0]
    assert all(f"`{option}`" in said for option in options)


def test_the_right_answer_is_among_the_five_offered(open_page):
    app = open_page("home", home_pick="0", home_text="a the of platypus aardvark ocelot okapi quokka")
    options = app.button_group(key="home_guess").options
    cosines = cosine_similarities(load().rows("a the of platypus aardvark ocelot okapi quokka".split()))[0, 1:]
    assert "the of platypus aardvark ocelot okapi quokka".split()[cosines.argmax()] in options
    assert len(options) <= 5


@pytest.mark.parametrize("title", ["Characters", "Byte pairs (GPT-4o)"])
def test_without_a_table_the_way_ends_with_a_sentence(open_page, title):
    app = open_page("home")
    app.segmented_control(key="home_tokenizer").set_value(title).run()
    assert not app.exception
    assert drawing(app, "home_one_hot")["size"] == tokenizer(TITLES[title]).vocabulary_size
    assert "Without vectors there is no map" in words(app)
