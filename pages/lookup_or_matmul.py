import streamlit as st

st.write("lookup_or_matmul")
