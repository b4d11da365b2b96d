"""The same questions on paper."""

from components.lessons.classroom import worksheet
from components.ui.errors import show_errors

chosen = worksheet.choose()
with show_errors():
    worksheet.show(chosen)
