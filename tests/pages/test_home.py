"""Home: a sentence on its way to a map."""

import pytest

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
    assert "`lion` is word" in words(app)
    app.text_input(key="home_text").set_value("qqqzzz the and").run()
    assert "`the` is word 0" in words(app)


@pytest.mark.parametrize(("pick", "followed"), [("3", "sleeps"), ("99", "lion"), ("-1", "lion"), ("x", "lion")])
def test_the_token_followed_is_in_the_address(open_page, pick, followed):
    app = open_page("home", home_pick=pick)
    app.text_input(key="home_text").set_value("and the lion sleeps").run()
    assert f"`{followed}` is word" in words(app)


def test_an_empty_sentence_asks_for_words(open_page):
    app = open_page("home")
    app.text_input(key="home_text").set_value("   ").run()
    assert "Type a few words" in words(app)
    assert app.text_input(key="home_text").value == "   "


def test_markup_is_handed_on_as_text(open_page):
    app = open_page("home")
    app.text_input(key="home_text").set_value("x <script>alert(1)</script> **b** שלום 😀").run()
    assert not app.exception
    assert "script" in [chip["text"] for chip in drawing(app, "home_token")["chips"]]


def test_ten_thousand_words_show_the_first_forty(open_page):
    app = open_page("home")
    app.text_input(key="home_text").set_value("cat " * 10_000).run()
    assert len(drawing(app, "home_token")["chips"]) == 40
    assert "The first 40 of 10,000 tokens" in words(app)


def test_every_lesson_has_a_card(open_page):
    app = open_page("home")
    assert {"**2. One-hot vectors**", "**3. Words in space**", "**4. Lookup or matmul**"} <= {
        element.value for element in app.markdown
    }
