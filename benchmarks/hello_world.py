"""The peer: about the smallest Streamlit app that takes something in."""

import streamlit as st

st.title("Hello, world")
name = st.text_input("Your name", "world")
loud = st.toggle("Loud", False)
st.write(f"Hello, {name.upper() if loud else name}")
