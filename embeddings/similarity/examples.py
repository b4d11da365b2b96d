"""Analogies and axes worth trying on the bundled GloVe 6B 50d, successes and failures, each with its reason."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AnalogyPreset:
    """An analogy a : b :: c : ?, with what happens by 3CosAdd and why.

    Attributes:
        a: The word that ``b`` is reached from.
        b: The word reached from ``a``.
        c: The word to go on from.
        expected: What people answer.
        found: What comes first when the inputs are left out, the usual rule.
        found_with_inputs: What comes first when they are left in.
        reason: Why, in a few short sentences.
    """

    a: str
    b: str
    c: str
    expected: str
    found: str
    found_with_inputs: str
    reason: str

    @property
    def succeeds(self) -> bool:
        """Whether the expected word comes first by the usual rule."""
        return self.found == self.expected


ANALOGIES = (
    AnalogyPreset(
        *("man", "king", "woman", "queen", "queen", "king"),
        reason="The steps from man to king and from woman to queen point much the same way (cosine 0.83). But king is "
        "nearer still. Queen comes first only because king is left out.",
    ),
    AnalogyPreset(
        *("france", "paris", "germany", "berlin", "berlin", "berlin"),
        reason="The two steps from country to capital point much the same way (cosine 0.79), and berlin comes "
        "first even when the inputs may be answers.",
    ),
    AnalogyPreset(
        *("walk", "walked", "talk", "talked", "talked", "talked"),
        reason="Both steps lead from a verb to its past tense (cosine 0.62), and talked comes first with or without "
        "the inputs.",
    ),
    AnalogyPreset(
        *("go", "went", "eat", "ate", "ate", "ate"),
        reason="The vectors know nothing of spelling, so a past tense is found however irregular it is.",
    ),
    AnalogyPreset(
        *("japan", "japanese", "china", "chinese", "chinese", "chinese"),
        reason="A country and its people's name differ in the same way here as there: the steps have a cosine of 0.87.",
    ),
    AnalogyPreset(
        *("father", "son", "mother", "daughter", "daughter", "daughter"),
        reason="The two steps from parent to child agree (cosine 0.61), and mother already lies near daughter.",
    ),
    AnalogyPreset(
        *("small", "smaller", "large", "larger", "larger", "smaller"),
        reason="Smaller and larger nearly coincide (cosine 0.95), so smaller itself is nearest. Larger comes "
        "first only because smaller is left out.",
    ),
    AnalogyPreset(
        *("cat", "kitten", "dog", "puppy", "puppy", "kitten"),
        reason="Kitten itself is nearest to the sum (cosine 0.92). Puppy comes first only because kitten is left out.",
    ),
    AnalogyPreset(
        *("man", "doctor", "woman", "doctor", "nurse", "doctor"),
        reason="A woman who is a doctor is a doctor. And doctor is nearest. But it is a word of the question, so it is "
        "left out. What remains first is the stereotype.",
    ),
    AnalogyPreset(
        *("big", "bigger", "cold", "colder", "warmer", "cold"),
        reason="Colder and warmer are used in the same sentences, so their vectors nearly coincide (cosine 0.93), and "
        "the opposite lies nearer.",
    ),
    AnalogyPreset(
        *("good", "bad", "happy", "unhappy", "scared", "scared"),
        reason="Being an opposite is not one direction: the steps from good to bad and from happy to unhappy have a "
        "cosine of only 0.37.",
    ),
    AnalogyPreset(
        *("italy", "rome", "australia", "canberra", "sydney", "sydney"),
        reason="Sydney is written about more than the capital, and lies nearer to australia than canberra does (cosine "
        "0.75 against 0.62).",
    ),
    AnalogyPreset(
        *("germany", "euro", "japan", "yen", "dollar", "dollar"),
        reason="The dollar lies nearer to the euro than the yen does (cosine 0.83 against 0.57), and the euro belongs "
        "to more countries than germany.",
    ),
    AnalogyPreset(
        *("cow", "calf", "dog", "puppy", "legs", "calf"),
        reason="One row must serve every sense of calf, and here the part of the leg prevails: its nearest words are "
        "thigh, groin and knee.",
    ),
    AnalogyPreset(
        *("apple", "jobs", "microsoft", "gates", "employees", "jobs"),
        reason="In lower case a surname cannot be told from a common word, and jobs means work here: its nearest words "
        "are employees, workers and costs.",
    ),
    AnalogyPreset(
        *("boy", "girl", "brother", "sister", "cousin", "brother"),
        reason="The two steps agree only in part (cosine 0.60). The sum stays near brother (cosine 0.93), so a "
        "neighbour of brother comes first.",
    ),
)


@dataclass(frozen=True)
class Poles:
    """The words at the two ends of an axis.

    Attributes:
        title: What the axis is called.
        low: Words at its low end.
        high: Words at its high end.
    """

    title: str
    low: tuple[str, ...]
    high: tuple[str, ...]


@dataclass(frozen=True)
class AxisPreset:
    """Words to place on one axis or two.

    Attributes:
        title: What the picture is called.
        x: The axis from left to right.
        y: The axis from bottom to top; None where there is one axis only.
        words: The words to place.
        note: What to see there, in a sentence or two.
    """

    title: str
    x: Poles
    y: Poles | None
    words: tuple[str, ...]
    note: str


GENDER = Poles("gender", ("man", "boy", "he", "father", "son"), ("woman", "girl", "she", "mother", "daughter"))
ROYALTY = Poles(
    "royalty",
    ("peasant", "worker", "citizen", "commoner", "villager"),
    ("royal", "monarch", "throne", "crown", "dynasty"),
)
SIZE = Poles(
    "size",
    ("small", "tiny", "little", "miniature", "minuscule"),
    ("big", "large", "huge", "enormous", "giant", "gigantic"),
)
DANGER = Poles("danger", ("safe", "harmless", "calm"), ("dangerous", "deadly", "threatening"))
HE_SHE = Poles("he or she", ("he",), ("she",))

AXES = (
    AxisPreset(
        "Gender and royalty",
        GENDER,
        ROYALTY,
        tuple(
            "king queen prince princess duke duchess emperor empress actor actress waiter waitress brother sister "
            "farmer soldier nurse".split()
        ),
        "In each pair of titles the woman stands to the right and a little lower. The axes meet at 107°, not at 90°: "
        "royalty leans to the side of men.",
    ),
    AxisPreset(
        "Size and danger",
        SIZE,
        DANGER,
        tuple("mouse hamster rabbit cat dog cow wolf bear tiger lion elephant whale shark snake scorpion".split()),
        "Bear, lion and tiger are the largest, and wolf and scorpion the most dangerous; but the whale lands on the "
        "small side, and the cow beside the shark: each axis holds little of these words' spread, as measured below, "
        "and what it holds is how words are used, not how animals are.",
    ),
    AxisPreset(
        "Professions between he and she",
        HE_SHE,
        None,
        tuple(
            "captain boss architect philosopher engineer lawyer scientist programmer surgeon teacher doctor librarian "
            "singer dancer nurse hairdresser housekeeper receptionist".split()
        ),
        "No word here says a gender, yet captain and boss lie far on the side of he, and nurse and receptionist "
        "on that of she: the table repeats the habits of the texts it was made from (Bolukbasi and others, 2016).",
    ),
)
