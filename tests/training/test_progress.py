"""What a log says of trainings: of each pass, and of what is fitted at once."""

from __future__ import annotations

import numpy as np
import pytest

from paper_lenet.training.job import Row, State
from paper_lenet.training.kind import DIVERGED, TRAINED, Ending, Finished
from paper_lenet.training.progress import Progress

ANSWERS = np.zeros(200, np.uint8)


def row(shown: int, wrong: int, number: int = 1) -> Row:
    return Row(0, number, 5e-4, 1.0, wrong, shown, None, 10, 200, 1e-4, 0.01)


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (row(160, 40), "25.00% wrong on the fly, 5.00% of the test patterns"),
        (row(0, 0), "5.00% of the test patterns wrong"),
    ],
    ids=["a network", "fitted at once"],
)
def test_a_training_that_ended_is_told_with_its_errors(
    last: Row, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = Progress(0, {"digest": 1})
    job = "the job"
    finished = Finished(job, State({}, (last,), (2.4,)), Ending(TRAINED, ANSWERS))
    progress.ended("digest", finished, 2.4)
    progress.close()
    assert capsys.readouterr().err == f"the job: {said}, 2 s (1 of 1)\n"


def test_a_pass_is_told_with_its_number(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(2, {"digest": 4})
    progress.began("digest", "the job", 2)
    progress.passed("digest", "the job", row(160, 8, 3))
    progress.close()
    assert capsys.readouterr().err.splitlines() == [
        "2 of 3 trainings were done before",
        "the job: 2 of 4 passes were done before",
        "the job, pass 3/4: 5.00% wrong on the fly, 5.00% of the test patterns",
    ]


def test_a_divergence_is_told_with_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(0, {"digest": 1})
    ending = Ending(DIVERGED, ANSWERS[:0], "diverges in pass 1")
    progress.ended("digest", Finished("the job", State({}), ending), 0.6)
    progress.close()
    assert capsys.readouterr().err == "the job: diverges in pass 1, 1 s (1 of 1)\n"


def test_after_a_quiet_minute_it_says_how_far_all_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = Progress(0, {"a": 2, "b": 2})
    monkeypatch.setattr(progress, "_told", -1e9)
    progress.watch("a", "the job")(1, 50, 100, 5)
    monkeypatch.setattr(progress, "_told", -1e9)
    progress.passed("b", "the job", row(160, 8))
    progress.close()
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "0 of 2, 12% of the passes; the job, pass 1/2: 10.00% wrong",
        "the job, pass 1/2: 5.00% wrong on the fly, 5.00% of the test patterns",
    ]
