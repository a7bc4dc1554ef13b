"""A folder is held by one process, and let go however that ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from paper_lenet.training.holding import BusyError, held

HOLDER = """
import sys, time
from pathlib import Path
from paper_lenet.training.holding import held
with held(Path(sys.argv[1]), "of recipe small, seed 3"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_process_is_told_at_once_and_a_kill_frees_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "jobs/one"
    command = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        text = rf"another training of recipe small, seed 3 is running \(pid {holder.pid};"
        with (
            pytest.raises(BusyError, match=text),
            held(folder, "of recipe small, seed 3"),
        ):
            pass
        assert holder.poll() is None, "it was not waited for"
        holder.send_signal(signal.SIGKILL)
    with held(folder, "of recipe small, seed 3"):
        (folder / "kept").touch()
    assert [path.name for path in folder.iterdir()] == ["kept"]
    with held(folder, "of recipe small, seed 3"):
        (folder / "kept").unlink()
    assert not folder.exists()


def test_one_process_holds_a_folder_once(tmp_path: Path) -> None:
    with (
        held(tmp_path / "one", "a"),
        held(tmp_path / "two", "b"),
        pytest.raises(BusyError, match="another training c is running"),
        held(tmp_path / "one", "c"),
    ):
        pass
