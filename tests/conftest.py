"""What all tests share: the real MNIST, the built site, and a fixed choice of examples.

That this file is here also lets every test import the helpers that stand beside it.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

# Before NumPy is imported. Several processes share the tests, and threads that wait for each other
# cost more than what they add up.
os.environ["OMP_NUM_THREADS"] = "1"

import pytest
from built import LANGUAGES, build
from filelock import FileLock
from hypothesis import settings

from paper_lenet.digits.download import DataError, download
from paper_lenet.digits.mnist import FILES
from paper_lenet.digits.patterns import Patterns
from paper_lenet.digits.preprocess import preprocess
from paper_lenet.network.params import read_params

ROOT = Path(__file__).parents[1]
NAME = "mnist"

# A shell that starts the tests in the background has Ctrl-C ignored, and children would inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples in every run, however busy the machine is.
settings.register_profile("project", deadline=None, derandomize=True)
settings.load_profile("project")


@pytest.fixture(scope="session")
def raw(pytestconfig: pytest.Config) -> Path:
    """The folder of MNIST's four files, as the stage ``download`` brings them.

    They are those of the checkout; what is missing there is downloaded, once for all processes.
    """
    params = read_params(ROOT / "params.yaml")
    if params.data.name != NAME:
        pytest.fail(f"tests need MNIST, but params.yaml names {params.data.name}", pytrace=False)
    folder = ROOT / "data/raw" / NAME
    if not all((folder / name).is_file() for name in FILES):
        capture = pytestconfig.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled():
            print(f"\n{folder} is not whole: downloading MNIST for the tests")
            try:
                download(params.data, folder)
            except DataError as error:
                raise pytest.fail.Exception(f"tests need MNIST\n{error}", pytrace=False) from None
    return folder


@pytest.fixture(scope="session")
def mnist(request: pytest.FixtureRequest) -> tuple[Patterns, Patterns]:
    """The training and the test patterns of MNIST, as the stage ``preprocess`` writes them.

    They are those of the checkout. Where there are none yet, they are made there, by the stage
    itself.
    """
    processed = ROOT / "data/processed" / NAME
    paths = [processed / "train.safetensors", processed / "test.safetensors"]
    work = ROOT / "data/work"
    work.mkdir(parents=True, exist_ok=True)
    with FileLock(work / "tests.lock"):
        if not all(path.is_file() for path in paths):
            raw = request.getfixturevalue("raw")
            scale = read_params(ROOT / "params.yaml").preprocess
            preprocess(raw, processed, work / "tests-preprocess.json", scale)
    train, test = map(Patterns.load, paths)
    return train, test


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site, in all languages. Processes that share the tests share it."""
    folder = tmp_path_factory.getbasetemp()
    folder = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "site"
    whole = folder / "whole"
    with FileLock(f"{folder}.lock"):
        if not whole.is_file():
            begun = time.monotonic()
            for language in LANGUAGES:
                done = build(ROOT / "docs", folder, language)
                assert (done.stderr, done.returncode) == ("", 0)
                (folder / f"opened{language}").write_text(done.stdout, encoding="utf-8")
            whole.write_text(f"{time.monotonic() - begun:.0f} s", encoding="utf-8")
    return folder / "html"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests measured, also where several processes run them."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties:
            if report.when == "call":
                terminalreporter.write_line(f"{name}: {value}")
