"""The panels of the page of sources: the catalogue, models on the Hugging Face Hub, and the visitor's own files."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from components import glossary
from components.address import setting
from components.markup import as_code, escaped
from components.session import background_jobs, user_tables, visit
from components.session.table_picker import available, select_table
from components.ui.downloads import whole_table_downloads
from components.ui.tables import draw_table
from components.ui.text_fields import beginning, text_line
from embeddings import formats, jobs, sources
from embeddings.common import InvalidInput, LabError, ProgressCallback, SourceUnavailable, count_of, in_bytes
from embeddings.formats import NoPair
from embeddings.jobs import Call, Job
from embeddings.sources import Source, downloads_allowed
from embeddings.vectors import WordVectors

DOWNLOAD, LOOK = "source_download", "source_look"  # names under which the work stands in line
SHOWN = 5  # numbers of a single row
MAX_NAME = 2 * 96 + 240 + 2  # letters of an owner, a model and a revision, with what parts them
_UNPACKED = 4  # times as many bytes as a plain file has, at most, hold its table: numbers of one digit and a blank
_ON_DISK, _BUNDLED = "on this server", "with the app"
_HEIGHT = 420  # pixels of the catalogue


def show_catalogue() -> None:
    """All published tables, and a button that fetches the chosen one."""
    entries = sources.catalogue()
    draw_table(
        {
            "where": [_where(source) for source in entries],
            "table": [source.title for source in entries],
            "words": [source.words for source in entries],
            "numbers a word": [source.dimension for source in entries],
            "download": [in_bytes(source.download_bytes) if source.fetch else "" for source in entries],
            "memory": [in_bytes(source.memory_bytes) for source in entries],
            "licence": [source.licence for source in entries],
        },
        place=st.container(key="picture"),
        height=_HEIGHT,
        column_config={
            "where": st.column_config.TextColumn(width=120),
            "words": st.column_config.NumberColumn(format="localized"),
        },
        alt="Published tables with their sizes and licences",
    )
    by_name = {source.name: source for source in entries if source.fetch}
    chosen = by_name[
        setting(st.selectbox, "Fetch", list(by_name), format_func=lambda name: by_name[name].title, key="source_wanted")
    ]
    st.markdown(
        f"{escaped(chosen.about)} {count_of(chosen.words, 'word')} × {chosen.dimension} numbers. To fetch: "
        f"{in_bytes(chosen.download_bytes)}; in memory: {in_bytes(chosen.memory_bytes)}; licence: "
        f"{escaped(chosen.licence)}. [Homepage]({chosen.homepage})"
    )
    if not downloads_allowed():
        st.info("Fetching is turned off on this server. The tables that are here work, and so does your own file.")
    offer(chosen)


def _where(source: Source) -> str:
    return _BUNDLED if source.fetch is None else _ON_DISK if source.local else "to be fetched"


def offer(source: Source) -> None:
    """A button that fetches ``source``, or uses it where it is here already; and how far the fetching is."""
    name = f"{DOWNLOAD}_{source.name}"
    if source.local or source.name in available():  # it may have come since it was looked up
        st.button("Use it on all pages", key=f"use_{source.name}", on_click=select_table, args=(source.name,))
    else:

        def fetch() -> None:
            background_jobs.start(name, Call(_fetched, (source.name,), travels=False), jobs.DOWNLOAD)

        st.button(
            f"Fetch {in_bytes(source.download_bytes)}",
            key=f"fetch_{source.name}",
            icon=":material/download:",
            disabled=not downloads_allowed(),
            on_click=fetch,
        )
    if background_jobs.current(name) is not None:
        background_jobs.poll(name, lambda job: None)


def _fetched(name: str, report: ProgressCallback) -> str:
    return sources.fetch(name, report).name


def show_hub() -> None:
    """The input embeddings of a model on the Hugging Face Hub: first what they would cost, then the fetching."""
    st.subheader("The table inside a language model", anchor=False)
    st.markdown(
        f"Every language model begins with an {glossary.linked('embedding')} table. Name a model on the Hugging Face "
        "Hub, such as `openai-community/gpt2`. The app fetches only its table and its tokenizer, not the whole model."
    )
    with st.form("source_hub_form", border=False):
        row, below = st.container(horizontal=True, vertical_alignment="bottom"), st.container()
        with row:
            text_line("Model", "openai-community/gpt2", key="source_hub", limit=MAX_NAME, below=below, shared=False)
            st.form_submit_button("Look", on_click=_look, icon=":material/search:", disabled=not downloads_allowed())
    st.caption(
        "The name is sent to the Hub. A fetched table stays on this server, and every visitor sees it in the list of "
        "vectors."
    )
    if background_jobs.current(LOOK) is not None:
        background_jobs.poll(LOOK, lambda job: None)
        # not in the live part, whose buttons would leave the picker as it is
        _show_found(background_jobs.current(LOOK))


def _look() -> None:
    name = sources.HUB + beginning(st.session_state["source_hub"].strip(), MAX_NAME)
    background_jobs.start(LOOK, Call(_found, (name,), travels=False), jobs.LOOK_UP)


def _found(name: str, report: ProgressCallback) -> tuple[Source, str]:
    """The source, and what its first row alone is, fetched as a sample of what it holds."""
    source = sources.find(name, report)
    if source.local or source.row is None:
        return source, ""
    try:
        row = source.row(0, report=report)
    except SourceUnavailable as error:  # its sizes are known all the same
        return source, f"A single row could not be fetched: {error}"
    numbers = ", ".join(f"{number:.3f}" for number in row[:SHOWN])
    return source, (
        f"One row can be fetched without the others. Row 0 took {source.row_bytes:,} bytes: {numbers} and "
        f"{max(len(row) - SHOWN, 0):,} more numbers."
    )


def _show_found(job: Job | None) -> None:
    if job is None or job.state != "done":
        return
    source, row = job.result
    st.markdown(
        f"{as_code(source.title)}: {count_of(source.words, 'token')} × {source.dimension:,} numbers. "
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
        f"The app reads word2vec (text or binary), {glossary.linked('GloVe')} text, fastText "
        "`.vec`, CSV and safetensors. It also reads "
        "`.npy` with a list of words, and the TensorFlow Projector's `vectors.tsv` with `metadata.tsv`. A file may be "
        "plain, `.gz` or in a `.zip`. Every file that you take home from this app can be read here again. Your file is "
        "kept for this visit only."
    )
    files = st.file_uploader(
        "One file, or the two that belong together", accept_multiple_files=True, key="source_files"
    )
    if files:
        _take(files)
    for name in user_tables.names():
        table = user_tables.get(name)
        if table is None:
            continue
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{as_code(name)}: {count_of(len(table), 'word')} × {table.dimension}")
            st.button("Use it on all pages", key=f"use_own_{name}", on_click=select_table, args=(name,))
            whole_table_downloads(table, name.removeprefix(user_tables.PREFIX))
            st.button(
                "Remove", key=f"remove_own_{name}", icon=":material/delete:", on_click=user_tables.remove, args=(name,)
            )


@dataclass(frozen=True)
class _Tried:
    """The files that were looked at last, and what came of it.

    Attributes:
        ids: Of the files that were given together.
        name: Of the first file whose table was kept; "" where none was.
        sentence: What was wrong, or which tables made room.
    """

    ids: tuple[str, ...]
    name: str
    sentence: str


def _take(files: Sequence[UploadedFile]) -> None:
    """Put what is new among ``files`` on the visitor's shelf, once, and say what came of it.

    The uploader keeps every file until it is taken out by hand. One that was read, or could not be, is left alone; but
    a file that lacked its other half is tried again with the next that comes.
    """
    ids = [file.file_id for file in files]
    seen: Collection[str] = st.session_state.get("source_files_seen", ())
    tried: _Tried | None = st.session_state.get("source_files_tried")
    if new := [file for file in files if file.file_id not in seen]:
        alone = [file for file in files if tried and not tried.name and tried.ids == (file.file_id,)]
        tried = _tried(new, alone, tried.sentence if tried else "")
        st.session_state["source_files_seen"], st.session_state["source_files_tried"] = ids, tried
        if tried.name:
            st.rerun()  # so that the picker, which stands before this, has it too
    if tried is None or not set(tried.ids) <= set(ids):
        return
    if not tried.name:
        st.error(escaped(tried.sentence))
        return
    table = user_tables.get(user_tables.PREFIX + tried.name)
    if table is not None:
        st.success(f"Read {count_of(len(table), 'word')} × {table.dimension} numbers from {as_code(tried.name)}.")
        if tried.sentence:
            st.info(tried.sentence)


def _tried(new: Sequence[UploadedFile], alone: Sequence[UploadedFile], said: str) -> _Tried:
    """Keep the table in the files ``new``; or in the one that came ``alone`` before and the one that is new.

    What was ``said`` of the one before is not said again of the two.
    """
    ids = tuple(file.file_id for file in new)
    why = ""
    if len(alone) == len(new) == 1 and alone[0].name != new[0].name:
        try:
            return _kept([*alone, *new])
        except NoPair:
            pass  # nothing to do with each other
        except LabError as error:
            why = str(error) if str(error) != said else ""
    try:
        return _kept(new)
    except LabError as error:
        return _Tried(ids, "", why or str(error))


def _kept(files: Sequence[UploadedFile]) -> _Tried:
    names = [file.name for file in files]
    made_room = user_tables.keep(_read(files, names), names)
    return _Tried(tuple(file.file_id for file in files), names[0], made_room)


def _read(files: Sequence[UploadedFile], names: Sequence[str]) -> WordVectors:
    if len(set(names)) < len(names):
        raise InvalidInput("Two of these files have the same name. Take one of them away.")
    for file in files:
        file.seek(0)
    with st.spinner("Reading your file"), user_tables.room_to_read(_most_held(files)):
        return formats.read(dict(zip(names, files, strict=True)), user_tables.PREFIX + names[0])


def _most_held(files: Sequence[UploadedFile]) -> int:
    """Bytes that the table in ``files`` may take while it is read; half of what one visitor may hold at most."""
    limit = min(user_tables.MAX_TABLE_BYTES, visit.account().max_each // 2)
    packed = any(file.name.lower().endswith((".gz", ".zip")) for file in files)
    return limit if packed else min(limit, _UNPACKED * sum(file.size for file in files))
