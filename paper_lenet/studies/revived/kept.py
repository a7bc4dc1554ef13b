"""One revived network, kept for who wants to ask it: ``top.safetensors`` has its C5 and F6.

The record of the trainings has digests of weights alone. With the lower layers that were recovered
these arrays are a whole network; `network` puts them together.
"""

from __future__ import annotations

from pathlib import Path

from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import Parameters, digest, fitting
from paper_lenet.studies.recovered import file
from paper_lenet.studies.study import Trained

FILE = "top.safetensors"
KIND, SEED = "1998", 0
TOP = ("C5", "F6")


def examine(trained: Trained) -> None:
    """Write ``top.safetensors``."""
    (state,) = (
        one.state for one in trained.trainings if (one.job.name, one.job.seed) == (KIND, SEED)
    )
    write(trained.folder / FILE, state.parameters)


def write(path: Path, parameters: Parameters) -> None:
    """Write C5 and F6 of a network to `path`, with the digest of the whole."""
    top = {name: part for name, part in parameters.items() if name.split(".")[0] in TOP}
    file.write(path, top, {"kind": KIND, "seed": SEED, "network": digest(parameters)})


def network(top: Path, lower: Path) -> Parameters:
    """The whole network, in layout order.

    Args:
        top: of `write`.
        lower: the recovered layers, as `file.save` wrote them.

    Raises:
        FileError: a file is missing or is another, or they do not belong together.
        RecipeError: they are no network.
    """
    arrays, note = file.read(top)
    below, _ = file.load(lower)
    result = fitting({**below, **arrays}, Recipe().network)
    if digest(result) != note["network"]:
        raise file.FileError(f"{top}: trained on other lower layers than {lower}")
    return result
