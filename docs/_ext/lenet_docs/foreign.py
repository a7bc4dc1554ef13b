"""Names of Python, NumPy and PyTorch in signatures: written as their own pages list them.

Annotations that are read from the source have the names that the source uses, such as
``np.float32`` or ``NDArray``. Intersphinx looks for the full ones.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

FULL = {
    "NDArray": "numpy.typing.NDArray",
    "np.bool_": "numpy.bool",
    # What autodoc writes where PyTorch is missing.
    "Tensor": "torch.Tensor",
    # Short names for arrays in the studies.
    "Array": "numpy.typing.NDArray",
    "Matrix": "numpy.typing.NDArray",
    "Vector": "numpy.typing.NDArray",
}


def full_name(name: str) -> str:
    """The name under which another project's pages list `name`."""
    return FULL.get(name, f"numpy.{name[3:]}" if name.startswith("np.") else name)


def rename(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.TextElement
) -> None:
    """Give a reference that leads to no page of ours its full name, for intersphinx."""
    node["reftarget"] = full_name(node["reftarget"])


def setup(app: Sphinx) -> None:
    """Connect before intersphinx."""
    app.connect("missing-reference", rename, priority=400)
