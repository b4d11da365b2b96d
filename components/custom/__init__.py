"""Streamlit components of our own: Python beside its JavaScript and CSS."""
