"""Which word does not belong?"""

from components.lessons.play import odd_one_out
from components.session.table_picker import choose_source
from components.ui.errors import show_errors

with show_errors():
    table = choose_source()
    odd_one_out.show_odd(table)
