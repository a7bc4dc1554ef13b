"""Where PyTorch comes from on Linux: its own index if that answers in time, else what pip finds."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from loaded import loaded

PATH = Path(__file__).parents[2] / "tools/cpu_torch.py"
cpu_torch = loaded(PATH)
PLENTY = 60.0  # seconds, where an answer comes: a machine may be crowded


class Handler(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.send_response(200 if self.path == "/cpu/torch/" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def index() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_an_index_that_answers_is_one(index: str) -> None:
    assert cpu_torch.answers(f"{index}/cpu", PLENTY)
    assert not cpu_torch.answers(f"{index}/other", PLENTY)


def test_what_refuses_has_no_name_or_is_silent_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert not cpu_torch.answers(f"http://127.0.0.1:{closed.getsockname()[1]}", PLENTY)
        assert not cpu_torch.answers(f"http://127.0.0.1:{silent.getsockname()[1]}", 0.1)
    assert not cpu_torch.answers("http://[::1", PLENTY)
    assert not cpu_torch.answers("http://nowhere.invalid", 0.1)


INDEX = "http://127.0.0.1:1/cpu"
WORDS = {
    ("auto", True, 0): ("the build for the CPU, from http://127.0.0.1:1/cpu (or", 0, True),
    ("auto", True, 1): ("what pip finds, maybe gigabytes, because http", 0, True),
    ("auto", False, 0): ("what pip finds, maybe gigabytes, because http", 0, False),
    ("cpu", False, 0): ("the build for the CPU, from http", 0, True),
    ("cpu", False, 1): ("the build for the CPU, from http", 1, True),
    ("pip", True, 0): ("what pip finds, maybe gigabytes, as you chose (or", 0, False),
}


@pytest.mark.parametrize(("case", "expected"), WORDS.items())
def test_one_line_says_which_is_taken(
    case: tuple[str, bool, int],
    expected: tuple[str, int, bool],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    choice, answering, code = case
    installed: list[str] = []
    monkeypatch.setattr(cpu_torch.sys, "platform", "linux")
    monkeypatch.setattr(cpu_torch, "is_there", lambda: False)
    monkeypatch.setattr(cpu_torch, "answers", lambda _: answering)
    monkeypatch.setattr(cpu_torch, "install", lambda index: installed.append(index) or code)
    words, result, tried = expected
    assert cpu_torch.main(choice, INDEX) == result
    assert installed == [INDEX] * tried
    assert f"PyTorch: {words}" in capsys.readouterr().out.splitlines()[-1]


def test_elsewhere_and_where_it_is_nothing_is_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cpu_torch, "answers", lambda _: pytest.fail("it was asked"))
    for system, there in (("darwin", False), ("linux", True)):
        monkeypatch.setattr(cpu_torch.sys, "platform", system)
        monkeypatch.setattr(cpu_torch, "is_there", lambda there=there: there)
        assert cpu_torch.main("auto", INDEX) == 0
    assert capsys.readouterr().out == ""


def test_the_pin_is_that_of_the_constraints_and_any_build_of_it_will_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pin = cpu_torch.pinned()
    for version, there in ((pin, True), (f"{pin}+cpu", True), (f"{pin}.1", False)):
        monkeypatch.setattr(cpu_torch, "version", lambda _, version=version: version)
        assert cpu_torch.is_there() == there


def test_another_choice_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cpu_torch.main("gpu", INDEX) == 1
    assert capsys.readouterr().err == "make: TORCH=gpu: choose auto, cpu or pip\n"
