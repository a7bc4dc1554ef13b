"""The page where the network runs: its frame, its scripts, and the one that is made here.

``touch`` puts the frame into a page. The scripts stand in ``_static/touch``; ``made.js`` among the
built ones has the weights, Table I, the codes and some test digits, all from the pipeline's files.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from paper_lenet.base import streams
from paper_lenet.base.files import read_csv
from paper_lenet.network.architecture import (
    CLASSES,
    CODE_COLUMNS,
    CODE_ROWS,
    SQUASHING_AMPLITUDE,
    SQUASHING_SLOPE,
    TABLE_I,
    Layer,
    Network,
    codes,
    layers,
)
from paper_lenet.network.receptive_field import receptive_fields
from paper_lenet.network.weights import Trained, load

from .measured import DATA_SET, RECIPE, ResultError, value
from .packed import fixed_point, runs

SEED = 0  # the network that `paper-lenet predict` asks
# Noise on the page is drawn from presentations that no training and no study has.
FIRST_NOISE = 2**43
FOLDER, MADE = "touch", "made.js"
SCRIPTS = ("unpack", "forward", "frame", "alter", "connections", "board", "pad", "digits", "page")


def made(root: Path) -> str:
    """The script that defines ``lenet`` with all that the others read."""
    trained = load(root / f"data/models/{DATA_SET}/{RECIPE}/seed-{SEED:02d}.safetensors")
    if trained.recipe.network != Network() or trained.recipe.loss.equation != 9:
        raise ResultError("the page touch shows the paper's network, trained with eq. 9")
    tree = description(trained) | {"digits": digits(root)}
    return f"window.lenet = {{data: {json.dumps(tree, separators=(',', ':'))}}};\n"


def description(trained: Trained) -> dict[str, Any]:
    """The network, its weights, and the sources of noise."""
    return {
        "seed": trained.seed,
        "background": trained.input_scale.background,
        "foreground": trained.input_scale.foreground,
        "amplitude": SQUASHING_AMPLITUDE,
        "slope": SQUASHING_SLOPE,
        "penalty": 0.5 if trained.recipe.loss.half else 1.0,
        "rubbish": trained.recipe.loss.j,
        "layers": [asdict(layer) for layer in layers()],
        "fields": [asdict(field) for field in receptive_fields()],
        "table": TABLE_I,
        "code": {"rows": CODE_ROWS, "columns": CODE_COLUMNS},
        "codes": ["".join("#" if x > 0 else "." for x in code) for code in codes()],
        "parameters": {
            name: fixed_point(part)._asdict() for name, part in trained.parameters.items()
        },
        # As text: a script's numbers have 53 bits.
        "noise": {"prefix": str(streams.prefix(0, "noise")), "first": FIRST_NOISE},
    }


def digits(root: Path) -> dict[str, Any]:
    """The test digits of the stage ``examples``, their pixels end to end."""
    path = root / f"data/results/{DATA_SET}/{RECIPE}/examples.csv"
    rows = read_csv(path)
    return {
        "seeds": value(root, "metrics.seeds"),
        "shown": [[int(row[name]) for name in ("index", "truth", "times")] for row in rows],
        "pixels": runs(b"".join(bytes.fromhex(row["pixels"]) for row in rows)),
    }


class Touch(SphinxDirective):
    """The frame that the scripts fill: an area to draw on, sliders, and a picture a layer."""

    def run(self) -> list[nodes.Node]:
        """The frame."""
        frame = Path(__file__).with_suffix(".html")
        self.env.note_dependency(frame)
        self.env.metadata[self.env.docname]["touch"] = True
        boards = "\n".join(board(layer) for layer in layers()[1:-2])
        bars = "\n".join(map(bar, range(CLASSES)))
        text = frame.read_text(encoding="utf-8")
        text = text.replace("<!-- boards -->", boards).replace("<!-- penalties -->", bars)
        return [nodes.raw("", text, format="html")]


def bar(digit: int) -> str:
    """The place of one class's penalty."""
    return (
        f'<li><span class="touch-digit">{digit}</span> <span class="touch-track">'
        '<span class="touch-bar"></span></span> <span class="touch-number"></span></li>'
    )


def board(layer: Layer) -> str:
    """The place of one layer's feature maps, with what they are above it."""
    maps = f"{layer.maps} feature maps of {layer.size} × {layer.size} units"
    told = maps if layer.size > 1 else f"{layer.maps} feature maps of one unit each"
    return (
        f'<figure class="touch-board" id="touch-{layer.name}">'
        f'<figcaption id="touch-{layer.name}-name"><b>{layer.name}</b> {told}</figcaption>'
        f'<canvas tabindex="0" role="application" aria-labelledby="touch-{layer.name}-name" '
        f'aria-describedby="touch-keys"></canvas></figure>'
    )


def write(app: Sphinx) -> None:
    """Write the script among the built files, before pages name it."""
    root = Path(app.srcdir).parent
    if app.builder.format == "html" and (Path(app.srcdir) / "touch.md").is_file():
        folder = Path(app.outdir) / "_static" / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MADE).write_text(made(root), encoding="utf-8", newline="\n")


def load_scripts(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Let only the page with the frame load its scripts and its styles."""
    if app.env.metadata.get(page, {}).get("touch"):
        app.add_css_file(f"{FOLDER}/touch.css")
        for name in (MADE, *(f"{script}.js" for script in SCRIPTS)):
            app.add_js_file(f"{FOLDER}/{name}", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the directive, and the page's scripts."""
    app.connect("builder-inited", write)
    app.connect("html-page-context", load_scripts)
    app.add_directive("touch", Touch)
