"""A training that is killed, stopped or started twice ends with the bits of one that was not."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import fake_training
import pytest
import signalled
import yaml
from fake_training import digits, small_recipe

import paper_lenet
from paper_lenet.base import streams
from paper_lenet.digits.dataset import Data, Scale
from paper_lenet.network.params import Params, Train

HOME = Path(paper_lenet.__file__).parents[1]
REAL = (sys.executable, signalled.__file__)
FAKE = (sys.executable, fake_training.__file__)


class Stage:
    """A folder with patterns and parameters, in which the stage is run as a user runs it."""

    def __init__(
        self,
        folder: Path,
        trainer: str,
        command: Sequence[str],
        patterns: int = 100,
        pause: float = 0,
    ) -> None:
        self.folder, self.command = folder, (*command, "train")
        variables = {"PYTHONPATH": str(HOME), "PAUSE": str(pause), "OMP_NUM_THREADS": "1"}
        self.environment = os.environ | variables
        recipe = small_recipe(passes=6, patterns=patterns)
        params = Params(Data("tiny", (), {}), Scale(), Train("small", 2, trainer), {})
        tree = json.loads(json.dumps(dataclasses.asdict(params)))
        tree["recipes"] = {"small": json.loads(recipe.to_json())}
        (folder / "params.yaml").write_text(yaml.safe_dump(tree))
        processed = folder / "data/processed/tiny"
        processed.mkdir(parents=True)
        digits(patterns + 50, 1).save(processed / "train.safetensors")
        digits(50, 2).save(processed / "test.safetensors")

    def start(
        self, command: Sequence[str] = (), said: str = "", sign: str = "", seconds: float = 0
    ) -> subprocess.Popen[str]:
        """Start the stage; it gets the signal `sign` so many `seconds` after it has `said` that."""
        signalled = {"SAID": said, "SIGNAL": sign, "SECONDS": str(seconds)} if said else {}
        return subprocess.Popen(
            command or self.command,
            cwd=self.folder,
            env=self.environment | signalled,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def finish(self, command: Sequence[str] = ()) -> str:
        """Run to the end; what it said."""
        with self.start(command) as process:
            text = read_all(process)
        assert process.returncode == 0, text
        return text

    def outputs(self) -> dict[str, bytes]:
        folders = [
            self.folder / "data/models/tiny/small",
            self.folder / "data/results/tiny/small/train",
        ]
        return {path.name: path.read_bytes() for part in folders for path in part.iterdir()}

    def kept(self) -> int:
        """How many seeds have a state in the store."""
        return len(list(self.folder.glob("data/work/trainings/*/state.safetensors")))


def read_all(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.read()


def wait_for(process: subprocess.Popen[str], text: str) -> None:
    """Read what the process says up to the line that holds `text`."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if text in line:
            return
    pytest.fail(f"it ended without {text!r}: {''.join(said)}")


def uninterrupted(
    folder: Path, trainer: str, command: Sequence[str], patterns: int = 100
) -> dict[str, bytes]:
    folder.mkdir()
    stage = Stage(folder, trainer, command, patterns)
    stage.finish()
    return stage.outputs()


# Enough patterns that what is left takes longer than the delay of a kill, on any machine.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("trainer", "patterns", "kills"),
    [("reference", 100, [(1, 2)]), ("engine", 6000, [(0, 2), (1, 4)])],
)
def test_sigkill_at_any_moment_loses_the_pass_in_progress_alone(
    tmp_path: Path, trainer: str, patterns: int, kills: list[tuple[int, int]]
) -> None:
    if trainer == "reference":
        pytest.importorskip("torch")
    expected = uninterrupted(tmp_path / "whole", trainer, REAL, patterns)
    stage = Stage(tmp_path, trainer, REAL, patterns)
    delays = 0.05 * streams.uniform(streams.key(0, "noise"), len(kills))
    for (seed, number), delay in zip(kills, delays, strict=True):
        with stage.start((), f"seed {seed}, pass {number}/6", "SIGKILL", delay) as process:
            read_all(process)
        assert process.returncode == -signal.SIGKILL
        assert stage.kept() >= 1
    text = stage.finish()
    seed, number = kills[-1]
    done = re.search(rf"seed {seed}: (\d) of 6 passes were done before", text)
    assert done is not None and int(done[1]) >= number
    assert stage.outputs() == expected


def test_ctrl_c_says_in_one_line_what_is_kept(tmp_path: Path) -> None:
    expected = uninterrupted(tmp_path / "whole", "engine", FAKE)
    stage = Stage(tmp_path, "engine", FAKE, pause=0.001)
    with stage.start((), "pass 2/6", "SIGINT") as process:
        said = read_all(process)
    last = said.splitlines()[-1]
    assert process.returncode == 130 and "Traceback" not in said
    assert last.startswith("paper-lenet: interrupted; 0 of 2 trainings are finished and kept")
    assert "done before" in stage.finish()
    assert stage.outputs() == expected


def test_a_second_trainer_stops_at_once_and_the_first_does_not_notice(tmp_path: Path) -> None:
    expected = uninterrupted(tmp_path / "whole", "engine", FAKE)
    stage = Stage(tmp_path, "engine", FAKE)
    with stage.start((), "pass 1/6", "SIGSTOP") as first:
        wait_for(first, "pass 1/6")
        # Another recipe writes to the same place too.
        text = (stage.folder / "params.yaml").read_text()
        (stage.folder / "params.yaml").write_text(text.replace("mu: 0.02", "mu: 0.03"))
        with stage.start() as second:
            said = read_all(second)
        first.send_signal(signal.SIGCONT)
        assert second.returncode == 1
        assert said.count("\n") == 1 and f"is running (pid {first.pid};" in said
        read_all(first)
    assert first.returncode == 0
    assert stage.outputs() == expected


PIPELINE = """
stages:
  train:
    cmd: exec {command}
    params: [train, recipes]
    outs:
      - data/models/tiny/small: {{cache: false, persist: true}}
      - data/results/tiny/small/train: {{cache: false}}
"""


REPRO = (sys.executable, "-m", "dvc", "repro")


def under_dvc(folder: Path, pipeline: str) -> Stage:
    """The stage in a repository of its own, which `REPRO` runs."""
    pytest.importorskip("dvc")
    folder.mkdir()
    stage = Stage(folder, "engine", FAKE)
    shutil.copytree(HOME / ".dvc", folder / ".dvc", ignore=lambda *_: ["tmp", "cache"])
    (folder / "dvc.yaml").write_text(pipeline.format(command=" ".join(stage.command)))
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return stage


def test_sigkill_of_dvc_leaves_a_trainer_whose_work_the_next_repro_finds(tmp_path: Path) -> None:
    expected = uninterrupted(tmp_path / "whole", "engine", FAKE)
    stage = under_dvc(tmp_path / "clone", PIPELINE)
    with stage.start(REPRO, "pass 1/6", "SIGSTOP") as dvc:
        wait_for(dvc, "pass 1/6")
        dvc.kill()
        dvc.wait()
        with stage.start(REPRO) as second:
            said = read_all(second)
        os.killpg(dvc.pid, signal.SIGCONT)  # the trainer, which lives on in the same group
        assert second.returncode != 0 and "another training into data/models/tiny/small" in said
        read_all(dvc)
    assert stage.outputs() == expected and stage.kept() == 2
    said = stage.finish(REPRO)
    assert "2 of 2 trainings were done before" in said and "pass 1/6" not in said
    assert stage.outputs() == expected
    assert "didn't change" in stage.finish(REPRO)


# Once, DVC is killed by its own stage: the trainer has ended, and the lock is not written.
KILLS = "test -e killed || {{ touch killed; kill -KILL $PPID; }}"


@pytest.mark.slow
def test_sigkill_of_dvc_before_the_lock_is_written_trains_nothing_anew(tmp_path: Path) -> None:
    expected = uninterrupted(tmp_path / "whole", "engine", FAKE)
    folder = tmp_path / "clone"
    stage = under_dvc(folder, PIPELINE.replace("exec {command}", f"{{command}} && {KILLS}"))
    stage.environment |= {"PAPER_LENET_ANEW": "1"}  # as `make reproduce` has it

    def killed() -> str:
        with stage.start((*REPRO, "--force")) as dvc:
            said = read_all(dvc)
        assert dvc.returncode == -signal.SIGKILL and not (folder / "dvc.lock").exists()
        (folder / "killed").unlink()
        return said

    assert "pass 1/6" in killed()
    assert "pass 1/6" in killed(), "what is begun anew takes nothing from a run that was killed"
    del stage.environment["PAPER_LENET_ANEW"]
    said = killed()
    assert "2 of 2 trainings were done before" in said and "pass 1/6" not in said
    (folder / "killed").touch()
    said = stage.finish(REPRO)
    assert "2 of 2 trainings were done before" in said and "pass 1/6" not in said
    assert stage.outputs() == expected and (folder / "dvc.lock").exists()


def test_a_second_run_that_begins_anew_is_refused_before_it_removes_anything(
    tmp_path: Path,
) -> None:
    expected = uninterrupted(tmp_path / "whole", "engine", FAKE)
    stage = Stage(tmp_path, "engine", FAKE)
    compiled = stage.folder / "data/work/compiled/engine-0"
    compiled.mkdir(parents=True)
    stage.environment |= {"PAPER_LENET_CACHE": str(compiled.parent)}
    with stage.start((), "pass 2/6", "SIGSTOP") as first:
        wait_for(first, "pass 2/6")
        kept = stage.kept()
        stage.environment |= {"PAPER_LENET_ANEW": "1"}
        with stage.start() as second:
            said = read_all(second)
        assert second.returncode == 1 and f"is running (pid {first.pid};" in said
        assert compiled.is_dir() and stage.kept() == kept > 0
        first.send_signal(signal.SIGCONT)
        read_all(first)
    assert stage.outputs() == expected
    stage.finish()
    assert not compiled.exists() and stage.outputs() == expected
