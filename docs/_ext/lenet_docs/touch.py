"""The page where the network runs: its frames, its scripts, and those that are made here.

``touch`` puts a frame into a page: the pad with the layers, or with an argument ``learning`` or
``strip``; with ``home``, on another page, the pad and the answer alone. The scripts stand in
``_static/touch``; what `touch_data` makes stands among the built ones.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from jinja2 import Template
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from paper_lenet.network.architecture import CLASSES, Layer, layers

from . import touch_data, touch_small
from .said import say, words

FOLDER, MADE = "touch", "made"
PAD = Path(__file__).with_name("touch_pad.html")  # the pad and the answer, in two frames
NETWORKS = PAD.with_name("touch_networks.html")  # the switch, below the answer
SMALL = PAD.with_name("touch_small.html")  # what cheaper classifiers answer
HOME = (MADE, "say", "unpack", "forward", "frame", "board", "pad", "answer", "home", "skip")
WHOLE = (
    *(MADE, "say", "unpack", "forward", "frame", "alter", "connections", "arithmetic", "board"),
    *("pad", "digits", "answer", "layers", "learning", "strip", "forms", "small", "page", "skip"),
)


class Touch(SphinxDirective):
    """A frame that the scripts fill."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The frame."""
        name = "_".join(["touch", *self.arguments])
        frame = Path(__file__).with_name(f"{name}.html")
        self.env.note_dependency(frame)
        root = self.env.srcdir.parent
        for path in (touch_data.RECORD, touch_small.TABLE):
            self.env.note_dependency(root / path)
        self.env.metadata[self.env.docname]["touch"] = HOME if self.arguments == ["home"] else WHOLE
        made = parts(touch_data.passes(root))
        made["words"] = words(Path(self.env.srcdir))
        made["networks"] = "" if self.arguments == ["home"] else _filled(NETWORKS, made)
        made["pad"] = _filled(PAD, made)
        made["small"] = _filled(SMALL, {"answers": touch_small.rows(root)})
        for part in (NETWORKS, PAD, SMALL):
            self.env.note_dependency(part)
        text = _filled(frame, made)
        return [nodes.raw("", text, format="html")]


def _filled(frame: Path, made: dict[str, str]) -> str:
    return Template(frame.read_text(encoding="utf-8")).render(made, say=say)


def parts(passes: int) -> dict[str, str]:
    """What stands in the frames where they name it."""
    first, *others = (board(layer) for layer in layers()[1:-2])
    classes = [*map(str, range(CLASSES)), say("no digit")]
    return {
        "C1": first,
        "boards": "\n".join(others),
        "penalties": "\n".join(map(bar, classes)),
        "classes": "".join(f"<li>{name}</li>" for name in [*classes[:-1], "–"]),
        "passes": str(passes),
    }


def bar(name: str) -> str:
    """The place of the penalty and the probability of one class, or of the rubbish class."""
    return (
        f'<li><span>{name}</span> <span><span class="touch-bar"></span></span> '
        '<span class="touch-number"></span> <span class="touch-share"></span></li>'
    )


def board(layer: Layer) -> str:
    """The place of one layer's feature maps, with what they are above it."""
    one, several = (
        say("{maps} feature maps of one unit each"),
        say("{maps} feature maps of {size} × {size} units"),
    )
    told = (several if layer.size > 1 else one).format(maps=layer.maps, size=layer.size)
    return (
        f'<figure class="touch-board" id="touch-{layer.name}">'
        f'<figcaption id="touch-{layer.name}-name"><b>{layer.name}</b> {told}</figcaption>'
        f'<canvas tabindex="0" role="application" aria-labelledby="touch-{layer.name}-name" '
        f'aria-describedby="touch-keys"></canvas></figure>'
    )


def write(app: Sphinx) -> None:
    """Write the scripts among the built files, before pages name them."""
    root = Path(app.srcdir).parent
    if app.builder.format == "html" and (Path(app.srcdir) / "touch.md").is_file():
        folder = Path(app.outdir) / "_static" / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        scripts = {MADE: touch_data.made(root)} | touch_data.fetched(root)
        for name, text in scripts.items():
            (folder / f"{name}.js").write_text(text, encoding="utf-8", newline="\n")


def load_scripts(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Let only a page with a frame load its scripts and its styles."""
    scripts = app.env.metadata.get(page, {}).get("touch", ())
    if scripts:
        app.add_css_file(f"{FOLDER}/touch.css")
        for name in scripts:
            app.add_js_file(f"{FOLDER}/{name}.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the directive, and the page's scripts."""
    app.connect("builder-inited", write)
    app.connect("html-page-context", load_scripts)
    app.add_directive("touch", Touch)
