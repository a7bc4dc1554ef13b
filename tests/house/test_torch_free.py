"""What must work without PyTorch, and what must work without Numba as well."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import paper_lenet

# What imports PyTorch when it is imported. Rooms are looked at whole, but for those of benchmarks
# and of tutorials, which train in PyTorch.
TORCH = {
    "network.curvature",
    "network.layers",
    "network.lenet5",
    "network.losses",
    "pipeline.fingerprint",
    "training.reference",
}
APART = ("bench", "studies.tutorials")
LIGHT = (
    "cli",
    "base.declared",
    "base.reading",
    "base.streams",
    "digits.dataset",
    "digits.patterns",
    "network.architecture",
    "network.params",
    "network.receptive_field",
    "network.recipe",
    "network.weights",
    "paper",
)

SCRIPT = """
import importlib, sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ModuleNotFoundError(f"no module named {{name}} here")

sys.meta_path.insert(0, Missing())
for name in {modules!r}:
    importlib.import_module(name)
"""


def imported_without(blocked: list[str], modules: list[str]) -> str:
    """What a fresh interpreter, without the blocked packages, complains of on importing these."""
    script = SCRIPT.format(blocked=blocked, modules=modules)
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def test_all_but_the_reference_network_imports_without_torch():
    home = "paper_lenet."
    found = {each.name for each in pkgutil.walk_packages(paper_lenet.__path__, home)}
    names = {name.removeprefix(home) for name in found} - {"__main__"}
    assert names >= TORCH
    free = sorted(name for name in names - TORCH if not name.startswith(APART))
    assert imported_without(["torch"], [home + name for name in free]) == ""


def test_lists_numbers_and_recipes_import_without_torch_and_numba():
    modules = [f"paper_lenet.{name}" for name in LIGHT]
    assert imported_without(["torch", "numba"], modules) == ""


def test_the_reference_network_says_that_torch_is_missing():
    error = imported_without(["torch"], ["paper_lenet.training.reference"])
    assert "ModuleNotFoundError: no module named torch here" in error
