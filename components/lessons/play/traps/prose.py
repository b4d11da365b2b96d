"""What the traps ask and teach, in words: a title, a question, the answers to guess among, what each of them means."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from embeddings.tsne_pitfalls import COPIED_WORDS


@dataclass(frozen=True)
class Outcome:
    """What may be found out.

    Attributes:
        answer: To choose among; ``{small}`` and ``{large}`` stand for perplexities.
        explanation: What there is to learn from it, should it be the right one.
    """

    answer: str
    explanation: str


@dataclass(frozen=True)
class TrapProse:
    """The words of a trap.

    Attributes:
        title: What the trap is, in a few words.
        lead: What is drawn, in one sentence.
        question: What to guess; ``{small}`` and ``{large}`` stand for perplexities.
        outcomes: For each of the trap's verdicts, in their order.
    """

    title: str
    lead: str
    question: str
    outcomes: Mapping[str, Outcome]


PROSE: Mapping[str, TrapProse] = MappingProxyType(
    {
        "perplexity": TrapProse(
            title="Perplexity changes the story",
            lead="You see your words. Beside them are random points with the same mean and spread, called noise, and "
            "two clusters of made points.",
            question="How many groups of your words will the map show at perplexity {small}, and how many at {large}?",
            outcomes=MappingProxyType(
                {
                    "as many": Outcome(
                        "About as many at {small} as at {large}",
                        "Perplexity says how many neighbours count for each point. Both maps of these words tell about "
                        "the same story. One map alone could not have shown that.",
                    ),
                    "more at the small one": Outcome(
                        "At least twice as many at {small}",
                        "Perplexity says how many neighbours count for each point. With few, the words fall into many "
                        "small groups. With many, small groups join. Trust a story that several perplexities tell.",
                    ),
                    "more at the large one": Outcome(
                        "At least twice as many at {large}",
                        "Perplexity says how many neighbours count for each point. Usually a small one makes more "
                        "groups; with these words the large one does. Trust a story that several perplexities tell.",
                    ),
                }
            ),
        ),
        "sizes": TrapProse(
            title="Sizes mean nothing",
            lead=f"You see the first {COPIED_WORDS} of your words twice: as they are, and as a copy that is ten times "
            "as tight and lies apart. Beside them you see the same with noise: random points.",
            question="In the table one cluster is ten times as wide as the other. How much wider is it on the map?",
            outcomes=MappingProxyType(
                {
                    "wider": Outcome(
                        "Several times as wide",
                        "At least one map keeps some of the difference, but not as large as in the table. The size of "
                        "a cluster on the map is a poor measure of its spread.",
                    ),
                    "as wide": Outcome(
                        "About as wide as the other",
                        "t-SNE compares each distance with those around the same point. So tight clusters and wide "
                        "ones come out alike. "
                        "The size of a cluster on the map says nothing about its spread.",
                    ),
                    "narrower": Outcome(
                        "The other one is wider",
                        "t-SNE compares each distance with those around the same point. Here the tight cluster even "
                        "came out wider. The size of a cluster on the map says nothing about its spread.",
                    ),
                }
            ),
        ),
        "gaps": TrapProse(
            title="Gaps mean little",
            lead=f"You see the first {COPIED_WORDS} of your words three times, in a row. In the table the gap between "
            "the second and the third is ten times the gap between the first and the second. Beside them you see the "
            "same with noise: random points.",
            question="On the map, how far is the third cluster from the second, compared with the gap between the "
            "first and the second?",
            outcomes=MappingProxyType(
                {
                    "farther": Outcome(
                        "Several times as far",
                        "Here the map keeps the order of the gaps, but hardly their size. Once clusters share no "
                        "neighbours, their distance counts for little in t-SNE. The gap between two groups does not "
                        "say how unlike they are.",
                    ),
                    "as far": Outcome(
                        "About as far",
                        "Once clusters share no neighbours, their distance counts for little in t-SNE. The gap between "
                        "two groups does not say how unlike they are.",
                    ),
                    "nearer": Outcome(
                        "Much nearer",
                        "Once clusters share no neighbours, their distance counts for little in t-SNE. Here the far "
                        "cluster even came nearer. The gap between two groups does not say how unlike they are.",
                    ),
                }
            ),
        ),
        "noise": TrapProse(
            title="Noise makes clusters",
            lead="You see noise: random points with the same mean and spread as your words. They have no groups. "
            "Beside them you see your words.",
            question="Will the map show groups in pure noise?",
            outcomes=MappingProxyType(
                {
                    "one group": Outcome(
                        "No, noise stays one cloud",
                        "With these settings the noise stayed together. Still, draw noise beside your words: if noise "
                        "shows groups too, the groups of your words may mean nothing.",
                    ),
                    "groups at the small one": Outcome(
                        "Yes at perplexity {small}, hardly at {large}",
                        "In noise, neighbours are chance. At a low perplexity a map makes groups of them. Draw noise "
                        "beside your words: if noise shows groups too, the groups of your words may mean nothing.",
                    ),
                    "groups at the large one": Outcome(
                        "Yes, at {large} too",
                        "In noise, neighbours are chance. The maps make groups of them, and not at the lowest "
                        "perplexity alone. Draw noise beside your words: if noise shows groups too, the groups of your "
                        "words may mean nothing.",
                    ),
                }
            ),
        ),
        "lines": TrapProse(
            title="Lines and rings come and go",
            lead="You see points on a ring. Beside them are the years of a century, words that follow each other, and "
            "noise for both: random points with the same mean and spread.",
            question="These points lie on a ring. Does the map show it in one piece?",
            outcomes=MappingProxyType(
                {
                    "whole": Outcome(
                        "At every perplexity",
                        "Here every map shows the ring. One map alone could not say so: look at several settings, and "
                        "at noise beside them, before you believe in a line or a ring.",
                    ),
                    "whole at the large one": Outcome(
                        "In pieces at perplexity {small}, whole at {large}",
                        "The ring is there, but only some settings show it, and no map says which setting is right. "
                        "Look at several, and at noise beside them, before you believe in a line or a ring.",
                    ),
                    "in pieces": Outcome(
                        "Never in one piece",
                        "The ring is there, but these maps do not show it whole. If a map shows no ring or line, there "
                        "may still be one.",
                    ),
                }
            ),
        ),
        "seeds": TrapProse(
            title="Seeds differ",
            lead="You see the same words at the same perplexity. Only the seed changes from map to map: t-SNE starts "
            "from other random places. Beside them you see the same with noise: random points.",
            question="What will all maps of your words have in common?",
            outcomes=MappingProxyType(
                {
                    "same layout": Outcome(
                        "Everything: one layout",
                        "Here every start leads to the same layout. One map alone could not have told you that. "
                        "Believe what several seeds show.",
                    ),
                    "same neighbors": Outcome(
                        "Most neighbours, but not the layout",
                        "Most words keep their neighbours. Chance decides on which side a group lies, and what lies "
                        "between two groups. Believe what several seeds show.",
                    ),
                    "nothing in common": Outcome(
                        "Neither neighbours nor layout",
                        "Here even the neighbours change with the seed, so one map alone says little about these "
                        "words. Believe what several seeds show.",
                    ),
                }
            ),
        ),
    }
)
