"""The front door: the server's start-up, and around every page its menu and sidebar."""

import logging
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

IMAGES = Path(__file__).parent / "img"
SORRY = "Something went wrong here. It is noted in the server's log; please reload the page to go on."


@asynccontextmanager
async def start_up(app):
    """Before the first visitor: turn off Streamlit's own menu of the files in pages/, and open the table.

    After the last: end the work under way, as Python would pull the ground from under its threads.
    """
    from streamlit.runtime.pages_manager import PagesManager

    # Until st.navigation is first called, Streamlit 1.67 would run a linked page without this file, under a menu
    # of file names.
    PagesManager.uses_pages_directory = False
    open_table()
    yield
    from embeddings import jobs

    jobs.line().close()


def open_table() -> None:
    """Do what the first visitor would wait for; a failure is shown on the pages, and the server starts all the same."""
    from components.landmarks import landmark_map
    from components.quiet_gc import freeze_what_is_loaded
    from embeddings.errors import LabError

    try:
        landmark_map()
    except LabError as error:
        logging.getLogger(__name__).error("%s", error)
    freeze_what_is_loaded()


def apologise(error: Exception) -> bool:
    """What a visitor sees of an error that no page has caught; the traceback goes to the log alone."""
    from components.plain_text import escaped
    from embeddings.errors import LabError

    st.error(escaped(str(error)) if isinstance(error, LabError) else SORRY)
    return True


app = st.App(__file__, lifespan=start_up, on_script_error=apologise)


def serve_visitor() -> None:
    """One run of the script: the page that was asked for, with what surrounds it."""
    from components.lessons import LESSONS, PLAY, chapters
    from components.quiet_gc import freeze_what_is_loaded
    from components.source_choice import show_picker

    st.set_page_config(page_icon=IMAGES / "logo.svg", layout="wide")
    st.logo(IMAGES / "wordmark.svg", icon_image=IMAGES / "logo.svg", size="large")
    pages = {
        chapter: [st.Page(lesson.path, title=lesson.title, default=lesson is LESSONS[0]) for lesson in members]
        for chapter, members in chapters().items()
    }
    page = st.navigation(pages, expanded=True)
    st.set_page_config(page_title=f"{page.title} · Token Embedding Lab")
    st.sidebar.caption(
        "Every number here is computed as you look; three pictures were drawn beforehand, by the same code. "
        "The address bar holds your settings: copy it to share a view."
    )
    if page.title in {lesson.title for lesson in chapters()[PLAY]}:
        show_picker()
    page.run()
    freeze_what_is_loaded()


if __name__ == "__main__":  # run for a visitor; otherwise imported by the server
    serve_visitor()
