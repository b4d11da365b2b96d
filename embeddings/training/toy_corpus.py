"""A small world with a grammar of its own: it writes sentences of which it is known what a table should learn.

Words of one category stand in the same places of a sentence, so their vectors should cluster. Inside a category, pairs
differ in one thing alone (he or she, grown or young, country or capital), so that difference should be a direction:
king − man + woman = queen holds by construction wherever the method can find it.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from embeddings.common import as_count

MAX_SENTENCES = 200_000

_Choice = TypeVar("_Choice")

ROYALTY = (  # he, she, what they rule, what they own
    ("king", "queen", "kingdom", "crown"),
    ("prince", "princess", "island", "pony"),
    ("duke", "duchess", "province", "castle"),
    ("emperor", "empress", "empire", "fleet"),
)
PEOPLE = (  # he, she, where they spend the day, what they carry
    ("man", "woman", "workshop", "hammer"),
    ("boy", "girl", "school", "satchel"),
    ("father", "mother", "cottage", "baby"),
    ("shepherd", "shepherdess", "meadow", "crook"),
)
ANIMALS = (  # grown, young, its sound, what it eats, where it sleeps
    ("dog", "puppy", "barks", "bones", "kennel"),
    ("cat", "kitten", "meows", "mice", "basket"),
    ("cow", "calf", "moos", "grass", "barn"),
    ("sheep", "lamb", "bleats", "clover", "fold"),
    ("horse", "foal", "neighs", "hay", "stable"),
    ("duck", "duckling", "quacks", "snails", "pond"),
)
PLACES = (  # country, capital, its language, what it sells
    ("france", "paris", "french", "perfume"),
    ("spain", "madrid", "spanish", "guitars"),
    ("italy", "rome", "italian", "marble"),
    ("greece", "athens", "greek", "statues"),
    ("germany", "berlin", "german", "clocks"),
    ("japan", "tokyo", "japanese", "fans"),
)
FOOD = tuple("bread cheese soup rice cake honey apples pears butter porridge".split())
NUMBERS = tuple("one two three four five six seven eight nine ten eleven twelve".split())

# What a sentence of each kind can be; {his} is "her" where the one before it is a she.
_ROYAL = (
    "the {who} rules the {where} from the throne",
    "the royal {what} belongs to the {who}",
    "the {who} reigns in splendour over the {where}",
    "the royal guards bow to the {who}",
    "the noble {who} shows the {what} to the court",
)
_HUMBLE = (
    "the {who} spends the day at the {where}",
    "the {who} carries the {what} home from the market",
    "at the {where} the neighbours greet the {who}",
    "the poor {who} next door rakes the garden",
    "the {who} walks to the {where} with the {what}",
)
_EITHER = (
    "the {who} says that {he} is tired",
    "the {who} lost {his} gloves and {he} looks for them",
    "{he} is a {who} and everybody knows {him}",
    "the {who} told {his} friend that {he} would come",
)
_GROWN = ("the old {animal} leads the herd", "the strong {animal} guards the others")
_YOUNG = ("the little {animal} is only a few weeks old", "the tiny {animal} sleeps beside its mother")
_ANIMAL = (
    "the {animal} {sound} at the farm gate",
    "the {animal} eats {fodder} on the farm",
    "the farmer feeds {fodder} to the {animal}",
    "the {animal} runs back to its {home}",
    "the {animal} wags its tail and {sound}",
)
_FOOD = (
    "they eat {food} for breakfast",
    "the cook puts {food} on a plate",
    "a spoonful of {food} tastes delicious",
    "there is fresh {food} on the kitchen table",
    "we had {food} and {food} for supper",
)
_COUNTRY = ("the flag of {place} hangs at the border", "the farms and mountains of {place} are wide")
_CAPITAL = ("the streets of the city of {place} are busy", "the mayor of {place} opens the city museum")
_PLACE = (
    "travellers in {place} learn to speak {language}",
    "the shops in {place} sell {goods}",
    "ships sail to {place} to buy {goods}",
    "everybody born in {place} speaks {language}",
)
_NUMBER = (
    "{a} plus {b} is {sum}",
    "{sum} minus {a} leaves {b}",
    "count from {a} to {sum}",
    "{a} and {b} together make {sum}",
)


def toy_categories() -> Mapping[str, tuple[str, ...]]:
    """The ground truth: each category and its words.

    >>> toy_categories()["numbers"][:3]
    ('one', 'two', 'three')
    """
    return MappingProxyType(
        {
            "royalty": tuple(word for he, she, *_ in ROYALTY for word in (he, she)),
            "people": tuple(word for he, she, *_ in PEOPLE for word in (he, she)),
            "animals": tuple(word for grown, young, *_ in ANIMALS for word in (grown, young)),
            "food": FOOD,
            "places": tuple(word for country, capital, *_ in PLACES for word in (country, capital)),
            "numbers": NUMBERS,
        }
    )


def analogies() -> Mapping[str, tuple[tuple[str, str, str, str], ...]]:
    """The analogies that the grammar makes true, in sections; a, b, c, d stand for "a is to b as c is to d".

    >>> ("man", "king", "woman", "queen") in analogies()["rank"]
    True
    """
    he_and_she = [family[:2] for family in ROYALTY + PEOPLE]
    ranks = [(humble[:2], royal[:2]) for humble in PEOPLE for royal in ROYALTY]
    return MappingProxyType(
        {
            "rank": tuple((m, k, w, q) for (m, w), (k, q) in ranks) + tuple((w, q, m, k) for (m, w), (k, q) in ranks),
            "he and she": _crossed(he_and_she),
            "young": _crossed([animal[:2] for animal in ANIMALS]),
            "capital": _crossed([place[:2] for place in PLACES]),
        }
    )


def _crossed(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str, str, str], ...]:
    return tuple((*pair, *other) for pair in pairs for other in pairs if pair != other)


def sentences(size: int = 12_000, seed: int = 0) -> list[tuple[str, ...]]:
    """``size`` sentences of the made-up world; the same seed writes the same ones.

    Args:
        size: 1 to 200,000.
        seed: 0 to 2^32 - 1.

    Raises:
        InvalidInput: A number out of range.

    >>> len(sentences(size=3))
    3
    """
    size = as_count(size, "The number of sentences", 1, MAX_SENTENCES)
    draw = _Draw(as_count(seed, "The seed", 0, 2**32 - 1))
    kinds = (_about_someone, _about_an_animal, _about_food, _about_a_place, _about_numbers)
    return [tuple(kinds[draw.number(len(kinds))](draw).split()) for _ in range(size)]


class _Draw:
    """Choices from a seeded generator; numbers are drawn by the block, singly they would cost most of the time."""

    def __init__(self, seed: int):
        self._random = np.random.default_rng(seed)
        self._numbers: list[float] = []

    def number(self, below: int) -> int:
        if not self._numbers:
            self._numbers = self._random.random(10_000).tolist()
        return int(self._numbers.pop() * below)

    def one(self, choices: Sequence[_Choice]) -> _Choice:
        return choices[self.number(len(choices))]


def _about_someone(draw: _Draw) -> str:
    royal, she = draw.number(2), draw.number(2)
    *names, where, what = draw.one(ROYALTY if royal else PEOPLE)
    template = draw.one((_ROYAL if royal else _HUMBLE) if draw.number(2) else _EITHER)
    pronouns = {"he": "she", "his": "her", "him": "her"} if she else {"he": "he", "his": "his", "him": "him"}
    return template.format(who=names[she], where=where, what=what, **pronouns)


def _about_an_animal(draw: _Draw) -> str:
    *names, sound, fodder, home = draw.one(ANIMALS)
    young = draw.number(2)
    template = draw.one((_YOUNG if young else _GROWN) if draw.number(3) == 0 else _ANIMAL)
    return template.format(animal=names[young], sound=sound, fodder=fodder, home=home)


def _about_food(draw: _Draw) -> str:
    template = draw.one(_FOOD)
    return template.replace("{food}", draw.one(FOOD), 1).replace("{food}", draw.one(FOOD), 1)


def _about_a_place(draw: _Draw) -> str:
    *names, language, goods = draw.one(PLACES)
    capital = draw.number(2)
    template = draw.one((_CAPITAL if capital else _COUNTRY) if draw.number(2) else _PLACE)
    return template.format(place=names[capital], language=language, goods=goods)


def _about_numbers(draw: _Draw) -> str:
    total = 2 + draw.number(len(NUMBERS) - 1)  # 2 to 12
    part = 1 + draw.number(total - 1)
    words = {"a": NUMBERS[part - 1], "b": NUMBERS[total - part - 1], "sum": NUMBERS[total - 1]}
    return draw.one(_NUMBER).format(**words)
