"""The front door: the pages in order, and what surrounds each of them."""

import streamlit as st

from components.lessons import LESSONS
from components.quiet_gc import freeze_what_is_loaded

st.set_page_config(page_title="Token Embedding Lab", page_icon="img/logo.svg", layout="wide")
st.logo("img/wordmark.svg", icon_image="img/logo.svg", size="large")

pages = [st.Page(lesson.path, title=lesson.title, default=lesson is LESSONS[0]) for lesson in LESSONS]
page = st.navigation(pages)
with st.sidebar:
    st.caption(
        "Every number here is computed as you look. The address bar holds your settings: copy it to share a view."
    )
page.run()
freeze_what_is_loaded()
