"""What is to c as b is to a?"""

from components import analogy_panels, lessons
from components.explained import explained
from components.source_choice import choose_source

lessons.title(
    "Analogies",
    "If a step in space has a meaning, then *king* − *man* + *woman* should land near a word that you can guess. "
    "Try it, and look at what most demonstrations leave out.",
)
with explained():
    table = choose_source()
    asked = analogy_panels.ask(table)
    if asked is not None:
        answer = analogy_panels.show_rankings(table, *asked)
        analogy_panels.show_dropped(table, *asked)
        analogy_panels.show_parallelogram(table, *asked, answer)
    analogy_panels.show_sum(table)
lessons.next_link("pages/analogies.py")
