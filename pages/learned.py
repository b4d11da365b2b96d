"""Is what was learned any good, and what would a large table cost?"""

from components import learned_panels, lessons
from components.explained import explained

lessons.title(
    "What was learned",
    "A loss that falls is not yet meaning. Ask the table what it knows, take nine tenths of its text away, and work "
    "out what the table of a large language model costs.",
)
with explained():
    chosen = learned_panels.choose_run()
    if chosen is not None:
        learned_panels.show_scores(*chosen)
    learned_panels.show_cost()
lessons.next_link("pages/learned.py")
