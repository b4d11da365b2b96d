"""How good is a table, by the usual tests?"""

from components.lessons.play import report_card
from components.session.table_picker import choose_source
from components.ui.errors import show_errors

with show_errors():
    table = choose_source()
    report_card.show_report(table)
