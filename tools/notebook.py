"""Run the cells of a page, and keep page and outputs as a notebook beside it: `make notebook`.

    python tools/notebook.py docs/build-it.md

The page is the text that is edited. The notebook is what readers download, and where Sphinx finds
the outputs, so that the docs build without PyTorch. It has no times and no random names: running it
again changes nothing but what the cells put out.
"""

from __future__ import annotations

import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

SECONDS = 3600  # for one cell, on a machine with much else to do


def read(page: Path) -> NotebookNode:
    """The cells of a page. Answers of exercises are folded, where the reader's Jupyter can."""
    notebook = jupytext.read(page, fmt="md:myst")
    notebook.metadata.pop("jupytext", None)
    for place, cell in enumerate(notebook.cells):
        cell.id = f"cell-{place}"
        if "answer" in cell.metadata.get("tags", ()):
            cell.metadata["jupyter"] = {"source_hidden": True, "outputs_hidden": True}
    return notebook


def run(page: Path) -> NotebookNode:
    """The notebook of a page, with what its cells put out where the page stands.

    Raises:
        CellExecutionError: a cell fails.
    """
    client = NotebookClient(
        read(page),
        timeout=SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(page.parent)}},
        record_timing=False,
        coalesce_streams=True,
    )
    notebook: NotebookNode = client.execute()
    notebook.metadata.pop("language_info", None)  # the version of this Python
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [each for each in cell.outputs if not _passing(each)]
    return notebook


def _passing(output: NotebookNode) -> bool:
    """Whether it is said in passing: a counter that overwrites itself, or that kernels compile."""
    if output.get("name") != "stderr":
        return False
    lines = output.text.splitlines()
    return output.text.endswith("\r") or all(line.startswith("paper-lenet: ") for line in lines)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        nbformat.write(run(Path(name)), Path(name).with_suffix(".ipynb"))
