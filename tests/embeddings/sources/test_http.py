import hashlib
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from embeddings.common.errors import SourceUnavailable
from embeddings.jobs.queue import Stopped
from embeddings.sources.http import MAX_SKIPPED, NotFound, Timeouts, download, fetch_range, fetch_whole

CONTENT = bytes(range(256)) * 1000
MD5 = hashlib.md5(CONTENT).hexdigest()


@pytest.fixture
def url(server) -> str:
    server.files["/table.gz"] = CONTENT
    return f"{server.url}/table.gz"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "folder" / "table.gz"


def beside(file) -> set[str]:
    """What lies in the file's folder, but for the lock."""
    return {other.name for other in file.parent.iterdir() if other.suffix != ".lock"}


def break_off(server, url, file, after: int = 100_000) -> None:
    server.cut_after = after
    with pytest.raises(SourceUnavailable, match=r"^The connection to 127\.0\.0\.1 was cut\. Try again"):
        download(url, file)
    server.cut_after = None


def test_a_file_arrives_whole_and_says_how_far_it_is(url, file):
    reports = []

    download(url, file, md5=MD5, size=len(CONTENT), report=lambda *said: reports.append(said))

    assert file.read_bytes() == CONTENT
    assert beside(file) == {"table.gz"}
    assert (1.0, "256 kB of 256 kB") in reports
    assert [fraction for fraction, _ in reports] == sorted(fraction for fraction, _ in reports)


def test_a_file_that_is_there_is_not_fetched_again(server, url, file):
    download(url, file)
    download(url, file)

    assert len(server.asked) == 1


def test_after_a_cut_line_only_the_rest_is_fetched(server, url, file):
    break_off(server, url, file)
    assert not file.exists()

    download(url, file, md5=MD5)

    assert file.read_bytes() == CONTENT
    assert server.asked[-1] == ("/table.gz", "bytes=100000-")
    assert server.sent == len(CONTENT)


def test_without_a_mark_of_version_only_a_checksum_allows_to_go_on(server, url, file):
    server.etag = None
    break_off(server, url, file)
    break_off(server, url, file)
    assert server.asked == [("/table.gz", None)] * 2

    download(url, file, md5=MD5)

    assert file.read_bytes() == CONTENT
    assert server.asked[-1] == ("/table.gz", "bytes=100000-")


def test_a_file_that_changed_meanwhile_is_fetched_from_its_beginning(server, url, file):
    break_off(server, url, file)
    server.files["/table.gz"], server.etag = CONTENT[::-1], '"second"'

    download(url, file)

    assert file.read_bytes() == CONTENT[::-1]


def test_a_server_that_heeds_ranges_but_not_versions_is_caught(server, url, file):
    break_off(server, url, file)
    server.files["/table.gz"], server.etag, server.heeds_versions = CONTENT[::-1], '"second"', False

    download(url, file)

    assert file.read_bytes() == CONTENT[::-1]


def test_a_file_that_became_shorter_is_fetched_from_its_beginning(server, url, file):
    break_off(server, url, file)
    server.files["/table.gz"] = CONTENT[:1000]

    download(url, file)

    assert file.read_bytes() == CONTENT[:1000]


def test_a_server_without_ranges_sends_the_file_again(server, url, file):
    server.ranges = False
    break_off(server, url, file)

    download(url, file)

    assert file.read_bytes() == CONTENT


def test_a_stretch_of_a_file_is_a_file_and_can_be_gone_on_with(server, url, file):
    server.cut_after = 1000
    with pytest.raises(SourceUnavailable):
        download(url, file, start=500, stop=5000)
    server.cut_after = None

    download(url, file, start=500, stop=5000)

    assert file.read_bytes() == CONTENT[500:5000]
    assert server.sent == 4500


def test_a_file_that_is_not_the_published_one_is_thrown_away(server, url, file):
    server.files["/table.gz"] = CONTENT[:-1] + b"?"
    with pytest.raises(SourceUnavailable, match=r"^table\.gz is not the published file: its MD5 differs"):
        download(url, file, md5=MD5)
    assert beside(file) == set()

    server.files["/table.gz"] = CONTENT
    assert download(url, file, md5=MD5).read_bytes() == CONTENT


def test_a_file_of_another_length_than_published_is_not_fetched(server, url, file):
    with pytest.raises(SourceUnavailable, match=r"has 256,000 bytes, not 255,999"):
        download(url, file, size=len(CONTENT) - 1)

    assert beside(file) == set()


def test_what_report_raises_ends_the_work_and_keeps_the_part(server, url, file):
    def stop(fraction, words):
        if fraction:
            raise Stopped

    with pytest.raises(Stopped):
        download(url, file, report=stop)
    assert beside(file) == {"table.gz.part", "table.gz.part.etag"}

    download(url, file)

    assert file.read_bytes() == CONTENT
    assert server.asked[-1][1] is not None


def test_without_room_nothing_is_written(url, file):
    with pytest.raises(SourceUnavailable, match=r"^There is no room for table\.gz .* 256 kB more are needed"):
        download(url, file, free=lambda folder: 100_000)

    assert beside(file) == set()


def test_a_folder_that_cannot_be_written_is_said(url, tmp_path):
    (tmp_path / "folder").write_bytes(b"a file, so nothing can lie in it")

    with pytest.raises(SourceUnavailable, match=r"^table\.gz cannot be written here \("):
        download(url, tmp_path / "folder" / "table.gz")


def test_two_that_want_one_file_fetch_it_once(server, url, file):
    other_waits = threading.Event()

    def first(fraction, words):
        assert other_waits.wait(30)

    def second(fraction, words):
        if words.startswith("Somebody else"):
            other_waits.set()

    with ThreadPoolExecutor(2) as pool:
        fetched = [pool.submit(download, url, file, report=report) for report in (first, second)]
        assert [work.result(60) for work in fetched] == [file, file]
    assert len(server.asked) == 1
    assert file.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "answered with status 400"),
        (401, "private, gated, or misspelt"),
        (403, "private, gated, or misspelt"),
        (404, "Check the name"),
        (429, "in a few minutes"),
        (503, r"trouble of its own \(status 503\)"),
    ],
)
def test_a_refusal_is_a_sentence(server, url, file, status, words):
    server.status["/table.gz"] = status

    with pytest.raises(SourceUnavailable, match=words) as refusal:
        download(url, file)

    assert isinstance(refusal.value, NotFound) == (status == 404)


def test_a_silent_server_is_given_up(server, url, file, hurried):
    server.silent = True

    with pytest.raises(SourceUnavailable, match=r"did not answer within 0\.2 s"):
        download(url, file, timeouts=hurried)


def test_a_server_that_trickles_is_given_up(server, url, file):
    server.endless = True

    with pytest.raises(SourceUnavailable, match=r"too slowly, .* a second"):
        download(url, file, timeouts=Timeouts(read=0.2, slowest=1e15))


def test_a_port_where_nobody_listens_is_out_of_reach(file):
    with pytest.raises(SourceUnavailable, match=r"cannot be reached\. Check the network"):
        download("http://127.0.0.1:1/table.gz", file)


def test_a_connection_that_is_not_secure_is_refused(server, url, file):
    with pytest.raises(SourceUnavailable, match=r"secure connection to 127\.0\.0\.1 failed"):
        download(url.replace("http:", "https:"), file)


def test_passwords_of_the_machine_are_not_sent(server, url, file, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password secret")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))

    download(url, file)

    assert "Authorization" not in server.headers


def test_a_stretch_costs_what_it_has(server, url):
    stretch = fetch_range(url, 1000, 3000)

    assert stretch.content == CONTENT[1000:3000]
    assert stretch.file_bytes == len(CONTENT)
    assert server.sent == 2000


def test_without_ranges_a_file_is_read_up_to_the_stretch(server, url):
    server.ranges = False

    assert fetch_range(url, 1000, 3000).content == CONTENT[1000:3000]


def test_without_ranges_a_small_stretch_far_inside_is_not_worth_it(server, url):
    server.files["/table.gz"] = bytes(MAX_SKIPPED + 10)
    server.ranges = False

    with pytest.raises(SourceUnavailable, match=r"sends only whole files, and 1 MB of table\.gz"):
        fetch_range(url, MAX_SKIPPED + 1, MAX_SKIPPED + 5)


def test_a_stretch_beyond_the_end_is_refused(server, url):
    for start in (len(CONTENT) - 10, len(CONTENT)):
        with pytest.raises(SourceUnavailable):
            fetch_range(url, start, len(CONTENT) + 10)


def test_a_small_file_is_read_whole_and_a_large_one_is_not(url):
    assert fetch_whole(url, len(CONTENT)).content == CONTENT
    with pytest.raises(SourceUnavailable, match=r"^table\.gz is larger than the 256 kB"):
        fetch_whole(url, len(CONTENT) - 1)


def test_where_fetching_is_turned_off_no_server_is_asked(server, tmp_path, monkeypatch):
    monkeypatch.setenv("TOKEN_EMBEDDING_LAB_OFFLINE", "1")
    server.files["/file"] = CONTENT
    with pytest.raises(SourceUnavailable, match="turned fetching off"):
        download(f"{server.url}/file", tmp_path / "file")
    assert server.asked == []


PUBLIC = "http://93.184.215.14/table"  # asked for by way of the server, which stands in as a proxy


@pytest.mark.parametrize(
    "private",
    [
        "http://127.0.0.1:{port}/table.gz",
        "http://localhost:{port}/table.gz",
        "http://[::ffff:127.0.0.1]:{port}/table.gz",
        "//0.0.0.0:{port}/table.gz",
        "http://10.0.0.1/table.gz",
        "http://169.254.169.254/latest/meta-data",
        "http://[fd00::1]/table.gz",
    ],
)
def test_a_public_server_does_not_lead_into_the_own_network(server, url, monkeypatch, private):
    monkeypatch.setenv("HTTP_PROXY", server.url)
    server.elsewhere[PUBLIC] = private.format(port=server.url.rpartition(":")[2])

    with pytest.raises(SourceUnavailable, match="within this server's own network"):
        fetch_whole(PUBLIC, 10**6)
    assert [path for path, _ in server.asked] == [PUBLIC]


def test_a_name_that_turns_into_an_address_of_the_own_network_is_asked_for_nothing(server, url, monkeypatch):
    look_up, addresses = socket.getaddrinfo, iter(["93.184.215.14"])

    def turning(host, *others, **options):
        return look_up(next(addresses, "127.0.0.1") if host == "turning.example" else host, *others, **options)

    monkeypatch.setattr(socket, "getaddrinfo", turning)

    with pytest.raises(SourceUnavailable, match="within this server's own network"):
        fetch_whole(url.replace("127.0.0.1", "turning.example"), 10**6)
    assert server.asked == []


def test_a_public_server_may_send_on_to_another_public_one(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", server.url)
    server.elsewhere[PUBLIC], server.files["http://93.184.215.15/store"] = "http://93.184.215.15/store", b"far"

    assert fetch_whole(PUBLIC, 10**6).content == b"far"


def test_a_server_of_the_own_network_may_send_on_within_it(server, url):
    server.elsewhere["/start"] = "/table.gz"

    assert fetch_whole(f"{server.url}/start", 10**6).content == CONTENT


def test_a_server_that_sends_on_to_no_address_is_said_to(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", server.url)
    server.elsewhere[PUBLIC] = "http://[/x"

    with pytest.raises(SourceUnavailable, match="no address"):
        fetch_whole(PUBLIC, 10**6)
