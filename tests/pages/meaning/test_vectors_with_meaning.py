"""The table that the reader fills in."""

from unicodedata import normalize

import numpy as np
import pandas as pd
import pytest

from components.lessons.meaning.vectors_with_meaning.feature_table import (
    MAX_FEATURES,
    MAX_WORDS,
    WORD,
    from_text,
    read_table,
    start_table,
    to_text,
)
from embeddings.common import InvalidInput
from embeddings.similarity import cosine_similarities
from embeddings.sources import load
from tests.pages.reading import chart, drawing, guess, numbers, unfold, words


@pytest.fixture
def app(open_page):
    app = open_page("vectors_with_meaning")
    app.button_group(key="features_guess").set_value("dog").run()
    return app


def test_the_cosines_are_those_of_the_table(app):
    table = read_table(start_table())
    assert (
        drawing(app, "features_cosines")["values"]
        == np.round(cosine_similarities(table.matrix).astype(float), 6).tolist()
    )
    assert "You said `dog`, and that is right" in words(app)


def test_two_rows_that_differ_never_read_as_the_same(app):
    assert "The cosine of the two rows is 0.996." in words(app)
    for key in ("features_cosines", "features_own"):
        shown = drawing(app, key)
        below = [value for value in np.ravel(shown["values"]) if value < 1]
        assert f"{max(below):.{shown['digits']}f}" == "0.996"


def test_a_feature_can_be_added_once_and_everything_started_again(app):
    for _ in range(2):
        app.text_input(key="features_new").set_value("can fly").run()
        app.button(key="features_add").click().run()
    assert "There is a feature `can fly` already" in words(app)
    assert list(app.session_state["features_now"].columns)[-1] == "can fly"
    app.button(key="features_reset").click().run()
    assert "can fly" not in app.session_state["features_now"].columns


def test_a_name_that_is_too_long_is_cut_with_one_sentence_and_added(app):
    app.text_input(key="features_new").set_value("x" * 60).run()
    assert "At most 40 characters are used here" in words(app)
    app.button(key="features_add").click().run()
    assert list(app.session_state["features_now"].columns)[-1] == "x" * 40
    assert "cannot be called" not in words(app)


def test_a_change_can_be_undone(app):
    app.text_input(key="features_new").set_value("can fly").run()
    app.button(key="features_add").click().run()
    app.button(key="features_undo").click().run()
    assert app.session_state["features_now"].equals(start_table())
    assert app.button(key="features_undo").disabled


def test_the_table_travels_in_the_address(open_page, app):
    assert "features_table" not in app.query_params
    app.text_input(key="features_new").set_value("can fly, or glide").run()
    app.button(key="features_add").click().run()
    address = app.query_params["features_table"]
    friend = open_page("vectors_with_meaning", features_table=address)
    assert friend.session_state["features_now"].equals(app.session_state["features_now"])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nonsense", "must name the columns"),
        ("word,a\ncat,much", "The cell 'a' of 'cat' holds 'much'"),
        ("word,a\ncat,7", "The cell 'a' of 'cat' holds '7'"),
        ("a,b\n1,2", "must name the columns"),
        ("word,a,a\ncat,1,1", "no name twice"),
        ("word,a,\ncat,1,1", "cannot be called"),
        ("word,_index\ncat,1", "cannot be called '_index'"),
        ("word,a\ncat,1,1\ndog,0,0", "as many values as the first"),
        ('word,a\n"cat', "commas between them"),
        ("\x00,\x00", "must name the columns"),
        ("word,a\n" + "cat,1\n" * 300, "at most 1,500"),
    ],
)
def test_an_address_without_a_table_says_so_and_opens_with_the_usual_one(open_page, text, sentence):
    app = open_page("vectors_with_meaning", features_table=text)
    assert "The table in the address cannot be read." in words(app)
    assert sentence in words(app)
    assert app.session_state["features_now"].equals(start_table())
    assert not app.exception


def test_a_table_survives_being_written_as_text():
    assert from_text(to_text(start_table())).equals(start_table())


def test_the_rows_alike_light_up(app):
    app.selectbox(key="features_chosen").set_value("apple").run()
    lit = drawing(app, "features_lit")
    assert [lit["rows"][place] for place in lit["framed"]] == ["apple", "banana"]


def test_the_rows_most_alike_are_listed(app):
    app.selectbox(key="features_chosen").set_value("apple").run()
    assert chart(app, "features_neighbours")["data"][0]["hovertext"][0] == "banana"


def test_the_cells_of_a_whole_table_are_counted(app):
    assert "8 words and 5 features: 40 cells" in words(app)
    assert "has 20,000,000" in words(app)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda table: table.iloc[:0], "The table is empty"),
        (lambda table: table[[WORD]], "The table is empty"),
        (lambda table: table.assign(**{WORD: "cat"}), "'cat' stands in the table twice"),
        (
            lambda table: pd.concat([table[[WORD]], pd.DataFrame(np.zeros((8, 500)))], axis=1),
            f"and {MAX_FEATURES} features",
        ),
        (lambda table: table.sample(MAX_WORDS + 1, replace=True, random_state=0), f"At most {MAX_WORDS} words"),
        (lambda table: table.assign(**{"is a pet": 2.0}), "The cell 'is a pet' of 'cat' holds '2.0'"),
        (lambda table: table.replace({"is edible": {0.6: "very"}}), "The cell 'is edible' of 'cow' holds 'very'"),
        (lambda table: table.rename(columns={"is a pet": "_index"}), "cannot be called '_index'"),
    ],
)
def test_a_table_that_cannot_be_read_gets_a_sentence(change, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        read_table(change(start_table()))


def test_empty_cells_count_as_0_and_rows_without_a_word_are_left_out():
    table = start_table()
    table.loc[0, "is a pet"], table.loc[2, WORD] = None, "  "
    read = read_table(table)
    assert read.tokens == ("cat", "dog", "goldfish", "apple", "banana", "car", "piano")
    assert read["cat"][4] == 0


def test_an_empty_cell_is_named_and_travels_in_the_address(open_page):
    app = open_page("vectors_with_meaning", features_table="word,a,b\ncat,,1\ndog,1,0.5\n")
    assert "Empty cells count as 0: `a of cat`." in words(app)
    assert app.query_params["features_table"] == "word,a,b\ncat,,1\ndog,1,0.5\n"
    assert "cannot be read" not in words(app)


@pytest.mark.parametrize("name", ["_index", "_pos:1", "__"])
def test_a_name_that_streamlit_keeps_to_itself_is_refused(app, name):
    app.text_input(key="features_new").set_value(name).run()
    app.button(key="features_add").click().run()
    assert f"cannot be called '{name}'" in words(app)
    assert app.session_state["features_now"].equals(start_table())
    assert not app.exception


def test_a_first_row_of_zeros_leaves_the_rest_of_the_page(open_page):
    app = open_page("vectors_with_meaning", features_table="word,a,b\nvoid,0,0\ncat,1,1\ndog,1,1\ncar,0,1")
    assert "most like that of `cat`" in words(app)
    app.button_group(key="features_guess").set_value("dog").run()
    assert "You said `dog`, and that is right" in words(app)
    assert len(drawing(app, "features_glove")["rows"]) == 4


def test_rows_of_zeros_alone_ask_for_a_feature(open_page):
    app = open_page("vectors_with_meaning", features_table="word,a\ncat,0\ndog,0")
    assert "All numbers are 0" in words(app)
    assert drawing(app, "features_glove")["rows"] == ["cat", "dog"]


def test_the_right_answer_is_offered_wherever_it_stands(open_page):
    lines = [f"w{n},1,0" for n in range(12)]
    app = open_page("vectors_with_meaning", features_table="\n".join(["word,a,b", "cat,0,1", *lines, "dog,0.1,1"]))
    app.button_group(key="features_guess").set_value("dog").run()
    assert "You said `dog`, and that is right" in words(app)
    assert "0.5 or more in both: `b`" in words(app)


def test_no_cosine_is_drawn_before_the_question_is_answered(open_page):
    app = open_page("vectors_with_meaning")
    drawn = ("-features_cosines", "-features_own", "-features_glove")
    assert not [each for each in app.get("bidi_component") if each.proto.id.endswith(drawn)]
    app.button(key="features_guess_show").click().run()
    assert len([each for each in app.get("bidi_component") if each.proto.id.endswith(drawn)]) == len(drawn)
    app.button(key="features_guess_again").click().run()
    assert not [each for each in app.get("bidi_component") if each.proto.id.endswith(drawn)]


def test_learned_rows_and_the_network_are_drawn_in_folds_that_are_open(open_page):
    app = open_page("vectors_with_meaning")
    assert not [each for each in app.get("plotly_chart") if each.proto.id.endswith(("-features_strips", "-network"))]
    unfold(app, "features_rows")
    assert len(chart(app, "features_strips")["data"][0]["y"]) == 9
    assert sum(len(numbers(trace["x"])) for trace in chart(app, "features_kinds")["data"]) == 9
    unfold(app, "features_network_fold")
    assert "*queen* goes in" in words(app)
    assert chart(app, "features_network")


def test_a_guess_is_not_judged_by_another_table(app):
    app.text_input(key="features_new").set_value("can fly").run()
    app.button(key="features_add").click().run()
    assert not any(said in words(app) for said in ("You said", "Your guess:"))
    assert "The answer is `dog`" in words(app)
    assert "You changed the table after your guess." in words(app)
    app.button(key="features_undo").click().run()
    assert "You changed the table" not in words(app)


def test_a_table_that_cannot_be_read_leaves_the_rest_about_the_one_before(app):
    app.session_state["features_now"] = pd.concat([start_table(), start_table().iloc[:1]])
    app.session_state["features_version"] = 9
    app.run()
    assert "'cat' stands in the table twice. Each word may have one row only. What follows" in words(app)
    assert len(drawing(app, "features_cosines")["rows"]) == len(drawing(app, "features_glove")["rows"]) == 8
    assert "features_table" not in app.query_params


def test_a_chosen_word_that_leaves_the_table_is_forgotten(app):
    app.toggle(key="show_answers").set_value(True).run()
    app.selectbox(key="features_chosen").set_value("piano").run()
    app.session_state["features_now"] = start_table().iloc[:3]
    app.session_state["features_version"] = 9
    app.run()
    assert app.selectbox(key="features_chosen").value == "cat"
    assert not app.exception


@pytest.mark.parametrize(
    "name",
    [
        "hot dog",
        "Hot  Dog",
        "salt, pepper",
        "l'été",
        "e\u0301t\u00e9",
        "😀",
        "=1+1",
        "<b>x</b>",
        "`**b**`",
        "a\tb",
        "x" * 40,
    ],
)
def test_a_word_may_have_any_name(open_page, name):
    text = to_text(pd.DataFrame([("cat", 1.0, 1.0), (name, 1.0, 0.5), ("car", 0.0, 1.0)], columns=[WORD, "a", "b"]))
    app = open_page("vectors_with_meaning", features_table=text)
    guess(app, "features_guess", "car")
    assert not app.exception
    assert not app.error
    assert len(drawing(app, "features_cosines")["rows"]) == 3
    known = [word for word in from_text(text)[WORD] if normalize("NFC", word) in load()]
    assert len(drawing(app, "features_glove")["rows"]) == len(known)


def test_a_name_of_several_words_is_said_to_have_no_row_in_glove(open_page):
    app = open_page("vectors_with_meaning", features_table="word,a,b\nhot dog,1,0\ncat,1,1\n")
    guess(app, "features_guess")
    assert "Not among the 400,000 words of the table: `hot dog`." in words(app)
    assert "none for a name of several words" in words(app)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (("hot dog", "Hot  Dog "), "'hot dog' stands in the table twice"),
        (("caf\u00e9", "cafe\u0301"), "stands in the table twice"),
        (("x" * 41, "cat"), "is too long: a word may have 40 characters"),
    ],
)
def test_names_that_cannot_be_told_apart_or_shown_get_a_sentence(names, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        read_table(start_table().iloc[:2].assign(**{WORD: names}))
