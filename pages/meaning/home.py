"""One sentence, and its whole way from text to a place on a map."""

import streamlit as st

from components import navigation
from components.lessons.meaning import home

home.show_journey()
with st.container(key="lesson_cards"):
    st.subheader("The lessons", anchor=False)
    navigation.cards()
