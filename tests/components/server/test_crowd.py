"""What tells that several visitors are answered at once."""

import threading

from streamlit.testing.v1 import AppTest

from components.server.crowd import SCRIPT_THREAD, is_crowded


def test_streamlit_names_the_threads_of_runs_as_they_are_counted():
    app = AppTest.from_string("import threading, streamlit as st\nst.text(threading.current_thread().name)").run()
    assert app.text[0].value == SCRIPT_THREAD


def test_it_is_crowded_where_two_scripts_run():
    over = threading.Event()
    scripts = [threading.Thread(target=over.wait, name=SCRIPT_THREAD) for _ in range(2)]
    assert not is_crowded()
    try:
        scripts[0].start()
        assert not is_crowded()
        scripts[1].start()
        assert is_crowded()
    finally:
        over.set()
        for script in scripts:
            script.join()
