"""One sentence, and its whole way from text to a place on a map."""

import streamlit as st

from components import navigation
from components.lessons.meaning import home
from components.own_lesson import visit as own_lesson

home.show_journey()
own = own_lesson.kept()
with st.container(key="lesson_cards"):
    if own:
        st.subheader(own_lesson.menu_title(own), anchor=False)
    navigation.cards(own.lessons if own else ())
