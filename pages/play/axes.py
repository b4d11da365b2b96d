"""A direction with a meaning at each end."""

from components.lessons.play import axes as axis_panels
from components.session.table_picker import choose_source
from components.ui.columns import beside
from components.ui.errors import show_errors

with show_errors():
    table = choose_source()
    picture, settings = beside()
    with settings:
        axis_panels.choose_example()
        poles, words = axis_panels.choose_axes(table)
    with show_errors():
        if poles and len(words) > 1:
            with picture.container(key="picture"):
                axes = axis_panels.show_places(table, poles, words)
            axis_panels.take_home(table, poles, axes, words)
            axis_panels.show_quality(table, axes, words)
        else:
            picture.info("An axis needs a word at each end, and two words or more to place between them.")
    axis_panels.say_bias(table)
