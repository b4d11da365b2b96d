"""The front door: the server's start-up, and around every page its menu and sidebar."""

import asyncio
import logging
from contextlib import asynccontextmanager

import streamlit as st

from components.server import collecting_garbage, is_crowded, keep_few_heaps, let_idle_blas_threads_sleep, middleware

OUR_OWN = ("app", "components", "embeddings", "pages")  # that pip cannot install
GENERIC_ERROR = "Something went wrong here. It is noted in the server's log; please reload the page to go on."


@asynccontextmanager
async def start_up(app):
    """Before the first visitor: set up the memory, and open the table.

    After the last: end the work under way, as Python would pull the ground from under its threads.
    """
    let_idle_blas_threads_sleep()  # before what follows loads NumPy
    import pandas  # noqa: F401  # Plotly looks into it as soon as a thread has begun to import it

    from components.rooms import database
    from components.rooms.clearance import clearing_rooms
    from components.rooms.watcher import shared_watcher
    from components.session import visit
    from embeddings import jobs
    from embeddings.sources import quota

    keep_few_heaps()
    # Until st.navigation is first called, Streamlit 1.67 looks for a linked page among the files directly in pages/.
    st.navigation([st.Page(lambda: None, title="start")])
    visit.account()  # a setting that is wrong stops the server here, and not the first visitor
    quota()
    database.check_setting()
    jobs.rest_while(is_crowded)
    open_table()
    shared_watcher().serve(asyncio.get_running_loop())
    with collecting_garbage(), clearing_rooms():
        yield
    shared_watcher().serve(None)
    jobs.shared_queue().close()


def open_table() -> None:
    """Do what the first visitor would wait for; a failure is shown on the pages, and the server starts all the same."""
    from components.session.landmarks import landmark_map
    from embeddings.common import LabError

    try:
        landmark_map()
    except LabError as error:
        logging.getLogger(__name__).error("%s", error)


def on_script_error(error: Exception) -> bool:
    """What a visitor sees of an error that no page has caught; the traceback goes to the log alone."""
    from components.markup import escaped
    from embeddings.common import LabError, missing

    if isinstance(error, ModuleNotFoundError) and (error.name or "components").partition(".")[0] not in OUR_OWN:
        logging.getLogger(__name__).error("%s", error)
        st.error(escaped(missing(error)))
    else:
        st.error(escaped(str(error)) if isinstance(error, LabError) else GENERIC_ERROR)
    return True


app = st.App(__file__, lifespan=start_up, on_script_error=on_script_error, middleware=middleware())


def serve_visitor() -> None:
    """One run of the script: the page that was asked for, with what surrounds it."""
    from components import address, classroom, navigation
    from components.custom import page_history
    from components.own_lesson import visit as own_lesson
    from components.rooms import membership
    from components.session import visit
    from components.session.table_picker import prepare_picker
    from components.ui import predict, presenting, room_line
    from components.ui.pictures import svg
    from components.ui.reach import reach_style

    st.set_page_config(page_icon=svg("logo"), layout="wide")
    st.html(reach_style())
    with st.sidebar:
        page_history.follow()
    st.logo(svg("wordmark"), icon_image=svg("logo"), size="large")
    own = own_lesson.current()
    on_way = own.lessons if own else ()
    page = navigation.menu(own_lesson.menu_title(own), on_way)
    st.set_page_config(page_title=f"{page.title} · Token Embedding Lab")
    address.watch(page.url_path)
    membership.arrive(page.url_path, own_lesson.fields_on(own, page.url_path))
    room_line.show()
    predict.show_switch()
    presenting.show_switch()
    st.sidebar.caption(
        "Every number is computed as you look, or has its source beside it; one picture was drawn beforehand, by "
        "the same code. The address bar holds your settings: copy it to share a view."
    )
    visit.tell(page.url_path)
    own_lesson.show_line(own, page.url_path)
    if navigation.is_lesson(page.url_path):
        lesson = navigation.lesson_at(page.url_path)
        before, after = navigation.neighbors(lesson, on_way)
        presenting.show_panels(page.title, before is not None, after.title if after else None)
        beside = navigation.heading(lesson)
        prepare_picker(beside, before_page=lesson.chapter == navigation.PLAY)
        page.run()
        navigation.foot(lesson, on_way)
        membership.note_place()
    else:
        presenting.show_panels(page.title)
        page.run()  # no table is chosen for it, and nothing comes next
        if page.url_path in classroom.FOLLOWED:
            membership.note_place()


if __name__ == "__main__":  # run for a visitor; otherwise imported by the server
    serve_visitor()
