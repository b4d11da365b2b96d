"""The link of a teacher's own lesson: what goes in comes out, and nothing else is taken."""

import base64
import json
from dataclasses import replace

import pytest

from components.navigation import LESSONS
from components.own_lesson.fields import fields
from components.own_lesson.link import MAX_CODE, MAX_TEXT, MAX_TITLE, MAX_WORD, OwnLesson, decode, encode, page_of
from embeddings.common import InvalidInput

OWN = OwnLesson("My class about food", (LESSONS[3], LESSONS[0]), ("bread", "cheese", "Äpfel"), "I eat.\nYou eat 😀.")
SOUND = {"title": "Food", "pages": ["home"], "words": ["bread", "cheese", "apple"], "text": ""}


def coded(content: object) -> str:
    plain = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def test_a_lesson_comes_out_of_its_link_as_it_went_in():
    assert decode(encode(OWN)) == OWN
    assert decode(coded(SOUND)).lessons == (LESSONS[0],)


@pytest.mark.parametrize("letter", ["\x01", "😀", '"'])
def test_the_longest_lesson_has_a_link_that_is_taken(letter):
    words = tuple(letter * (MAX_WORD - 2) + f"{number:02}" for number in range(12))
    longest = OwnLesson(letter * MAX_TITLE, LESSONS[:12], words, letter * MAX_TEXT)
    assert len(encode(longest)) <= MAX_CODE
    assert decode(encode(longest)) == longest


def test_the_link_leads_to_the_first_page():
    assert page_of(OWN) == f"./one_hot?lesson={encode(OWN)}"
    assert page_of(replace(OWN, lessons=LESSONS[:2])).startswith("./?lesson=")


@pytest.mark.parametrize(
    "code",
    [
        *("", "a", "abc", "!!!!", "ä", "=" * 8, "A" * (MAX_CODE + 1), coded(SOUND)[:-3], "%00", coded(SOUND) + "\n"),
        *(coded(b"[" * 6_000), coded(b"\xff\xfe"), coded(b"9" * 6_000), coded([]), coded(None), coded("home")),
    ],
)
def test_what_is_no_lesson_is_refused_in_a_sentence(code):
    with pytest.raises(InvalidInput, match="Ask for the link again"):
        decode(code)


@pytest.mark.parametrize(
    "wrong",
    [
        *({"title": ""}, {"title": " \n"}, {"title": "x" * 61}, {"title": 3}, {"title": "Look: www.example.org"}),
        *({"title": "half \ud800"}, {"title": "a@b.org"}, {"title": "https://example.org"}),
        *({"pages": []}, {"pages": ["home"] * 2}, {"pages": ["../../app"]}, {"pages": "home"}, {"pages": [["home"]]}),
        *({"pages": [f"page {n}" for n in range(13)]}, {"pages": ["glossary"]}, {"pages": {"home": 1}}),
        *({"words": ["a", "b"]}, {"words": [f"w{n}" for n in range(13)]}, {"words": ["a", "b", "b"]}),
        *({"words": ["a", "b", "two words"]}, {"words": ["a", "b", ""]}, {"words": ["a", "b", 1]}),
        *({"words": ["a", "b", "x" * 41]}, {"words": None}, {"words": ["a", "b", "\udc00"]}),
        *({"text": "x" * 501}, {"text": None}, {"text": ["a"]}, {"more": 1}),
    ],
    ids=str,
)
def test_each_field_is_checked(wrong):
    with pytest.raises(InvalidInput, match="does not have"):
        decode(coded(SOUND | wrong))
    content = {name: value for name, value in SOUND.items() if name != "text"}
    with pytest.raises(InvalidInput, match="does not have"):
        decode(coded(content))


def test_pages_that_draw_each_word_get_no_more_of_the_text_than_they_can_draw():
    assert fields(replace(OWN, text="one\n\ntwo\nthree\nfour\nfive"))["layer_text"] == "one\ntwo\nthree\nfour"
    many = fields(replace(OWN, text=" ".join(f"w{number}" for number in range(17))))
    assert "layer_text" not in many
    assert many["tokenizers_text"].endswith("w16")
    assert not {"home_text", "layer_text"} & set(fields(replace(OWN, text=" \n")))
