"""How good is a table, by the usual tests?"""

from components import lessons, report_panels
from components.explained import explained
from components.source_choice import choose_source

lessons.title(
    "Report card",
    "Two usual tests: can the table answer analogies, and do its cosines follow people's judgement of how similar two "
    "words are? A score depends on the settings of the test, so they stand beside it.",
)
with explained():
    table = choose_source()
    tables, limit, case_insensitive = report_panels.choose(table)
    report_panels.show(tables, limit, case_insensitive)
lessons.next_link("pages/report_card.py")
