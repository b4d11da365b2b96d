"""Exercises of the second chapter, about everyday words in a table of learned vectors."""

import numpy as np

from embeddings.exercises.exercise import (
    Exercise,
    best_by,
    code,
    number_options,
    rounds_the_same,
    shuffled,
    some_of,
    some_words,
    until_fair,
)
from embeddings.similarity import (
    ANALOGIES,
    AXES,
    analogy_rankings,
    cosines_with,
    most_similar,
    nearest,
    odd_one_out,
    project_onto,
    semantic_axis,
)
from embeddings.sources import DEFAULT
from embeddings.vectors import ALL_GROUPS, GROUPS, WordVectors

PLAY = "play"
SOURCE = "source"  # setting of the chapter's pages: which table
MARGIN = 0.08  # of cosines
CLOSE = 0.02  # of cosines of a sum with all words
FREQUENT = 3  # times as far down the table is clearly rarer
SHOWN = 10  # neighbours on the lesson's page


def nearest_word(random: np.random.Generator, table: WordVectors) -> Exercise:
    """Which of four words is most like another."""

    def attempt() -> Exercise | None:
        own, other = shuffled(random, list(GROUPS))[:2]
        asked, *alike = some_of(random, own, 3)
        others = shuffled(random, [*alike, *some_of(random, other, 2)])
        cosines = cosines_with(table, asked, others)
        if (best := best_by(cosines, MARGIN)) is None:
            return None
        measured = ", ".join(f"`{word}` {_signed(cosine)}" for word, cosine in zip(others, cosines, strict=True))
        return Exercise(
            kind="nearest_word",
            chapter=PLAY,
            question=f"Which word has the vector most like that of `{asked}`, by cosine?",
            options=tuple(others),
            answer=others[best],
            why=f"The cosines with `{asked}` are: {measured}. Words that are used alike have similar vectors.",
            page="similar_words",
            settings=_settings(similar_word=asked, similar_words=" ".join((asked, *others))),
        )

    return until_fair(attempt)


def nearer_pair(random: np.random.Generator, table: WordVectors) -> Exercise:
    """Which of three pairs of words is nearer."""

    def attempt() -> Exercise | None:
        one, two, three, four = shuffled(random, list(GROUPS))[:4]
        within = [some_of(random, group, 2) for group in (one, two)]
        across = [*some_of(random, three, 1), *some_of(random, four, 1)]
        pairs = [[*within, across][place] for place in random.permutation(3)]
        words = [word for pair in pairs for word in pair]
        cosines = [float(cosines_with(table, a, [b])[0]) for a, b in pairs]
        if (best := best_by(cosines, MARGIN)) is None:
            return None
        options = tuple(f"{a} and {b}" for a, b in pairs)
        measured = ", ".join(f"{option} {_signed(cosine)}" for option, cosine in zip(options, cosines, strict=True))
        return Exercise(
            kind="nearer_pair",
            chapter=PLAY,
            question="Which pair of words has the higher cosine?",
            options=options,
            answer=options[best],
            why=f"The cosines are: {measured}.",
            page="similar_words",
            settings=_settings(similar_words=" ".join(words)),
        )

    return until_fair(attempt)


def odd_word(random: np.random.Generator, table: WordVectors) -> Exercise:
    """Which word belongs least to the others."""

    def attempt() -> Exercise | None:
        one, other = shuffled(random, list(GROUPS))[:2]
        words = shuffled(random, [*some_of(random, one, 3), *some_of(random, other, 1)])
        found = odd_one_out(table, words)
        if best_by([-mean for _, mean in found.mean_cosines], MARGIN) is None:
            return None
        measured = ", ".join(f"`{word}` {_signed(mean)}" for word, mean in found.mean_cosines)
        return Exercise(
            kind="odd_word",
            chapter=PLAY,
            question=f"Which word belongs least to the others: {code(words)}?",
            options=tuple(words),
            answer=found.word,
            why=f"The mean cosine of each word with the others is: {measured}. That of `{found.word}` is the lowest.",
            page="odd_one_out",
            settings=_settings(odd_words=" ".join(words)),
        )

    return until_fair(attempt)


def analogy_of_all_words(random: np.random.Generator, table: WordVectors) -> Exercise:
    """What is nearest to b − a + c where the three words may be answers too."""

    def attempt() -> Exercise | None:
        a, b, c = _analogy(random)
        rankings = analogy_rankings(table, a, b, c, n=2)
        if best_by([score for _, score in rankings.with_inputs], CLOSE) is None:
            return None
        first, usual = rankings.with_inputs[0][0], rankings.without_inputs[0][0]
        if first not in (usual, a, b, c):
            return None
        inputs = f"`{first}` is one of the three words. Most demonstrations leave these out, and then `{usual}` is "
        return Exercise(
            kind="analogy_of_all_words",
            chapter=PLAY,
            question=f"Of all words of the table, `{a}`, `{b}` and `{c}` among them, which is nearest to `{b} − {a} + "
            f"{c}`?",
            options=tuple(shuffled(random, list(dict.fromkeys((usual, a, b, c))))),
            answer=first,
            why=f"The sum stays close to the words that it is made of. {inputs}first."
            if first in (a, b, c)
            else f"Here `{first}` comes first even when the three words may be answers too.",
            page="analogies",
            settings=_settings(analogy_a=a, analogy_b=b, analogy_c=c),
        )

    return until_fair(attempt)


def analogy_answer(random: np.random.Generator, table: WordVectors) -> Exercise:
    """Which of four capitals, or past tenses, is nearest to b − a + c."""

    def attempt() -> Exercise | None:
        from_group, to_group = (("countries", "capitals"), ("verbs", "past tense"))[int(random.integers(2))]
        places = random.permutation(len(ALL_GROUPS[from_group]))[:5].tolist()
        starts, ends = ([ALL_GROUPS[group][place] for place in places] for group in (from_group, to_group))
        (a, c, *_), (b, *candidates) = starts, ends
        words = list(dict.fromkeys((a, b, c, *candidates)))
        ranking = most_similar(WordVectors.of(table.name, words, table.rows(words)), [b, c], [a], n=len(candidates))
        if best_by([cosine for _, cosine in ranking], MARGIN) is None:
            return None
        answer = ranking[0][0]
        return Exercise(
            kind="analogy_answer",
            chapter=PLAY,
            question=f"`{a}` is to `{b}` as `{c}` is to … Which of these words is nearest to `{b} − {a} + {c}`?",
            options=tuple(shuffled(random, candidates)),
            answer=answer,
            why=f"The step from `{a}` to `{b}`, taken from `{c}`, ends near `{answer}`: their cosine is "
            f"{_signed(ranking[0][1])}. That of `{ranking[1][0]}`, the next of the four, is {_signed(ranking[1][1])}.",
            page="analogies",
            settings=_settings(analogy_a=a, analogy_b=b, analogy_c=c),
        )

    return until_fair(attempt)


def more_frequent(random: np.random.Generator, table: WordVectors) -> Exercise:
    """Which word stands first in a table that is sorted by frequency."""

    def attempt() -> Exercise | None:
        words = some_words(random, 4)
        ranks = [table.id(word) + 1 for word in words]
        if best_by([-np.log(rank) for rank in ranks], float(np.log(FREQUENT))) is None:
            return None
        answer = words[int(np.argmin(ranks))]
        measured = ", ".join(f"`{word}` {rank:,}" for word, rank in zip(words, ranks, strict=True))
        return Exercise(
            kind="more_frequent",
            chapter=PLAY,
            question=f"GloVe's table begins with the most frequent word. Which of these stands first in it: "
            f"{code(words)}?",
            options=tuple(words),
            answer=answer,
            why=f"The ranks are: {measured}. A rank counts from 1, the most frequent word.",
            page="frequency",
            settings=_settings(frequency_words=" ".join(words)),
        )

    return until_fair(attempt)


def end_of_axis(random: np.random.Generator, table: WordVectors) -> Exercise:
    """Which word lies furthest along an axis of meaning."""

    def attempt() -> Exercise | None:
        preset = AXES[int(random.integers(len(AXES)))]
        words = shuffled(random, preset.words)[:4]
        low, high = shuffled(random, preset.x.low)[:3], shuffled(random, preset.x.high)[:3]
        places = project_onto(semantic_axis(table, low, high), table.rows(words))
        if (best := best_by(places, MARGIN)) is None:
            return None
        measured = ", ".join(f"`{word}` {_signed(place)}" for word, place in zip(words, places, strict=True))
        return Exercise(
            kind="end_of_axis",
            chapter=PLAY,
            question=f"An axis leads from {code(low)} to {code(high)}. Which of these words lies furthest towards its "
            f"second end: {code(words)}?",
            options=tuple(words),
            answer=words[best],
            why=f"The places on the axis are: {measured}. They follow from how the words are used in texts, and not "
            "from the things themselves.",
            page="axes",
            settings=_settings(
                axes_x_low=" ".join(low),
                axes_x_high=" ".join(high),
                axes_y_low="",
                axes_y_high="",
                axes_words=" ".join(words),
            ),
        )

    return until_fair(attempt)


def dot_product(random: np.random.Generator, table: WordVectors) -> Exercise:
    """The dot product of two vectors from their cosine and lengths."""

    def attempt() -> Exercise | None:
        asked = some_words(random, 1)[0]
        other, product = nearest(table, asked, SHOWN, metric="dot", exclude=(asked,))[int(random.integers(SHOWN))]
        cosine = float(cosines_with(table, asked, [other])[0])
        a, b = table.norm(asked), table.norm(other)
        given = (cosine, a, b, product)
        if not other.isalpha() or not all(rounds_the_same(number, digits) for number in given for digits in (1, 2)):
            return None
        options = number_options(random, product, (cosine * a, a * b, cosine * (a + b), a + b), "{:.1f}".format)
        if not options:
            return None
        return Exercise(
            kind="dot_product",
            chapter=PLAY,
            question=f"The vector of `{asked}` has length {a:.2f}, and that of `{other}` has length {b:.2f}. Their "
            f"cosine is {cosine:.2f}. What is their dot product, about?",
            options=options,
            answer=f"{product:.1f}",
            why=f"The dot product is the cosine times both lengths: {cosine:.2f} × {a:.2f} × {b:.2f} is about "
            f"{product:.1f}. So long vectors get large dot products.",
            page="similar_words",
            settings=_settings(similar_word=asked, similar_metric="Dot product"),
        )

    return until_fair(attempt)


def _analogy(random: np.random.Generator) -> tuple[str, str, str]:
    """The words of one of the examples, or of two countries and a capital."""
    if random.integers(2):
        preset = ANALOGIES[int(random.integers(len(ANALOGIES)))]
        return preset.a, preset.b, preset.c
    first, second = random.permutation(len(ALL_GROUPS["countries"]))[:2].tolist()
    return ALL_GROUPS["countries"][first], ALL_GROUPS["capitals"][first], ALL_GROUPS["countries"][second]


def _settings(**settings: str) -> dict[str, str]:
    """These settings with the table that was asked."""
    return {SOURCE: DEFAULT} | settings


def _signed(number: float) -> str:
    return f"{number:.2f}".replace("-", "−")
