"""The panels of the page of sources: the catalogue, models on the Hugging Face Hub, and the visitor's own files."""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from components import own_tables, work
from components.plain_text import code, counted, escaped
from components.source_choice import available, use
from components.take_home import take_table_home
from embeddings import formats, jobs, sources
from embeddings.errors import InvalidInput, LabError, SourceUnavailable, in_bytes
from embeddings.jobs import Job
from embeddings.remote.http import may_fetch
from embeddings.sources import Source
from embeddings.word_vectors import WordVectors

DOWNLOAD, LOOK = "source_download", "source_look"  # names under which the work stands in line
SHOWN = 5  # numbers of a single row
_ON_DISK, _BUNDLED = "on this server", "comes with the app"


def show_catalogue() -> None:
    """All published tables, and a button that fetches the chosen one."""
    st.subheader("Published tables", anchor=False)
    entries = sources.catalogue()
    st.dataframe(
        {
            "table": [source.title for source in entries],
            "words": [source.words for source in entries],
            "numbers a word": [source.dimension for source in entries],
            "download": [in_bytes(source.download_bytes) if source.fetch else "" for source in entries],
            "memory": [in_bytes(source.memory_bytes) for source in entries],
            "licence": [source.licence for source in entries],
            "where": [_where(source) for source in entries],
        },
        hide_index=True,
        height="content",
        column_config={"words": st.column_config.NumberColumn(format="localized")},
        alt="Published tables with their sizes and licences",
    )
    by_name = {source.name: source for source in entries if source.fetch}
    chosen = by_name[
        st.selectbox(
            "Fetch",
            list(by_name),
            format_func=lambda name: by_name[name].title,
            key="source_wanted",
            bind="query-params",
        )
    ]
    st.markdown(
        f"{escaped(chosen.about)} {counted(chosen.words, 'word')} × {chosen.dimension} numbers. To fetch: "
        f"{in_bytes(chosen.download_bytes)}; in memory: {in_bytes(chosen.memory_bytes)}; licence: "
        f"{escaped(chosen.licence)}. [Homepage]({chosen.homepage})"
    )
    if not may_fetch():
        st.info("Whoever runs this server has turned fetching off. What is on this server, and your own file, work.")
    offer(chosen)


def _where(source: Source) -> str:
    return _BUNDLED if source.fetch is None else _ON_DISK if source.local else "to be fetched"


def offer(source: Source) -> None:
    """A button that fetches ``source``, or uses it where it is here already; and how far the fetching is."""
    name = f"{DOWNLOAD}_{source.name}"
    if source.local or source.name in available():  # it may have come since it was looked up
        st.button("Use it on all pages", key=f"use_{source.name}", on_click=use, args=(source.name,))
    else:
        st.button(
            f"Fetch {in_bytes(source.download_bytes)}",
            key=f"fetch_{source.name}",
            icon=":material/download:",
            disabled=not may_fetch(),
            on_click=work.start,
            args=(name, lambda report: sources.fetch(source.name, report).name, jobs.DOWNLOAD),
        )
    if work.current(name) is not None:
        work.live(name, lambda job: None)


def show_hub() -> None:
    """The input embeddings of a model on the Hugging Face Hub: first what they would cost, then the fetching."""
    st.subheader("The table inside a language model", anchor=False)
    st.markdown(
        "Every language model begins with an embedding table. Name a model on the Hugging Face Hub, such as "
        "`openai-community/gpt2`: only its table and its tokenizer are fetched, not the whole model."
    )
    with st.form("source_hub_form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Model", "openai-community/gpt2", key="source_hub", max_chars=100, persist_state="session")
        st.form_submit_button("Look", on_click=_look, icon=":material/search:", disabled=not may_fetch())
    st.caption(
        "The name is sent to the Hub. A table that was fetched stays on this server, and all its visitors see it in "
        "the list of vectors."
    )
    if work.current(LOOK) is not None:
        work.live(LOOK, lambda job: None)
        _show_found(work.current(LOOK))  # not in the live part, whose buttons would leave the picker as it is


def _look() -> None:
    name = sources.HUB + st.session_state["source_hub"].strip()
    work.start(LOOK, lambda report: _found(name), jobs.LOOK_UP)


def _found(name: str) -> tuple[Source, str]:
    """The source, and what its first row alone is, fetched as a sample of what it holds."""
    source = sources.find(name)
    if source.local or source.row is None:
        return source, ""
    try:
        row = source.row(0)
    except SourceUnavailable as error:  # its sizes are known all the same
        return source, f"A single row could not be had: {error}"
    numbers = ", ".join(f"{number:.3f}" for number in row[:SHOWN])
    return source, (
        f"One row can be fetched without the others. Row 0 cost {source.row_bytes:,} bytes: {numbers} and "
        f"{max(len(row) - SHOWN, 0):,} more numbers."
    )


def _show_found(job: Job | None) -> None:
    if job is None or job.state != "done":
        return
    source, row = job.result
    st.markdown(
        f"{code(source.title)}: {counted(source.words, 'token')} × {source.dimension:,} numbers. "
        f"{escaped(source.about)} To fetch: {in_bytes(source.download_bytes)}; "
        f"in memory: {in_bytes(source.memory_bytes)}."
    )
    if row:
        st.caption(escaped(row))
    offer(source)


def show_own_file() -> None:
    """A file of the visitor's own, read at once, and what they have brought so far."""
    st.subheader("Your own file", anchor=False)
    st.markdown(
        "word2vec (text or binary), GloVe text, fastText `.vec`, each plain or `.gz`; `.npy` with a list of words; the "
        "TensorFlow Projector's `vectors.tsv` with `metadata.tsv`; safetensors. It is kept for your visit alone."
    )
    files = st.file_uploader(
        "One file, or the two that belong together", accept_multiple_files=True, key="source_files"
    )
    if files:
        _take(files)
    for name in own_tables.names():
        table = own_tables.get(name)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{code(name)}: {counted(len(table), 'word')} × {table.dimension}")
            st.button("Use it on all pages", key=f"use_own_{name}", on_click=use, args=(name,))
            take_table_home(table, name.removeprefix(own_tables.PREFIX))
            st.button(
                "Remove", key=f"remove_own_{name}", icon=":material/delete:", on_click=own_tables.remove, args=(name,)
            )


def _take(files: Sequence[UploadedFile]) -> None:
    """Put what is in ``files`` on the visitor's shelf, once, and say what came of it."""
    ids, names = [file.file_id for file in files], [file.name for file in files]
    if st.session_state.get("source_files_read") != ids:
        try:
            made_room = own_tables.keep(_read(files, names), names)
        except LabError as error:
            st.error(escaped(str(error)))
            return
        st.session_state["source_files_read"], st.session_state["source_made_room"] = ids, made_room
        st.rerun()  # so that the picker, which stands before this, has it too
    table = own_tables.get(own_tables.PREFIX + names[0])
    if table is not None:
        st.success(f"Read {counted(len(table), 'word')} × {table.dimension} numbers from {code(names[0])}.")
        if made_room := st.session_state.get("source_made_room"):
            st.info(made_room)


def _read(files: Sequence[UploadedFile], names: Sequence[str]) -> WordVectors:
    if len(set(names)) < len(names):
        raise InvalidInput("Two of these files have the same name. Take one of them away.")
    with st.spinner("Reading your file"):
        return formats.read(dict(zip(names, files, strict=True)), own_tables.PREFIX + names[0])
