"""Figures: pure functions, data in and a Plotly figure out. No Streamlit in here.

Backgrounds are transparent and zero is drawn transparent, so that one figure serves the light and the dark
theme; fonts and grid lines come from Streamlit's own Plotly theme.
"""
