"""The app for Streamlit Community Cloud, which installs the requirements.txt that stands beside the file it starts.

The one beside this file takes PyTorch's CPU build. The app is the same; Streamlit looks for ``st.App`` in this file.
"""

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import app as front_door
from components.server import middleware

app = st.App(
    front_door.__file__,
    lifespan=front_door.start_up,
    on_script_error=front_door.on_script_error,
    middleware=middleware(),
)
