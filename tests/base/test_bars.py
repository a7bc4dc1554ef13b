"""Bars are seen in a terminal and in a notebook, and a notebook that cannot show them is quiet."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from paper_lenet.base import bars

NOTEBOOK = """
import sys, types
sys.modules['ipykernel.zmqshell'] = types.ModuleType('zmqshell')
sys.modules['IPython'] = types.SimpleNamespace(get_ipython=lambda: None)
sys.modules['ipywidgets'] = None
from paper_lenet.base import bars
assert not bars.NOTEBOOK
list(bars.tqdm(range(3), disable=None))
"""


def shown(**how: object) -> str:
    file = io.StringIO()
    file.isatty = lambda: False  # type: ignore[method-assign]
    list(bars.tqdm(range(3), file=file, **how))
    return file.getvalue()


@pytest.mark.parametrize("notebook", [False, True])
def test_where_nobody_sees_it_there_is_none_but_in_a_notebook(
    notebook: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bars, "NOTEBOOK", notebook)
    assert bool(shown(disable=None)) == notebook
    assert "3/3" in shown() and shown(disable=True) == ""
    assert bars.seen() == (notebook or sys.stderr.isatty())


def test_a_notebook_without_its_widgets_is_not_warned() -> None:
    command = [sys.executable, "-W", "error", "-c", NOTEBOOK]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
