"""What the pages are built from: Streamlit widgets and panels, and figures as pure functions."""
