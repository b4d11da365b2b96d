import streamlit as st

st.write("words_in_space")
