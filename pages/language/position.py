"""Positions: what tells a model which token stands where, and what becomes of a sentence without it."""

from components.lessons.language import position
from components.ui.errors import show_errors

picture, beside = position.places()
with beside, show_errors(picture.info):
    asked = position.ask()
    with picture:
        position.show_order(asked)
position.show_tables()
position.show_rotation()
position.show_training()
