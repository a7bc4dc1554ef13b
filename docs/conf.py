"""Sphinx settings. Every number and table of the site comes from the code or from ``data/``."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE / "_ext")]

from paper_lenet import __version__  # noqa: E402

project = "paper_lenet"
author = "The paper_lenet authors"
copyright = "The paper_lenet authors"
version = release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.intersphinx",
    "sphinx.ext.napoleon",
    "sphinxcontrib.bibtex",
    "sphinxext.opengraph",
    "notfound.extension",
    "lenet_docs",
]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
# All names must resolve: ours here, those of others by the inventories in the repository, without a
# network. Of the libraries that are left there is no inventory.
nitpicky = True
nitpick_ignore_regex = [
    (
        "py:class",
        r"(matplotlib|PIL)\..*|Image\.Image|GaussianProcessRegressor|PdfReader|PageObject|sklearn\..*",
    ),
    # Short names for annotations, which have no entry of their own.
    ("py:class", r"Arrays|Grey|Levels|Parameters|Passed|Prior|Readings|Runs|OfData|OfRecipe"),
    ("py:class", r"Path|concurrent\.futures\._base\.Future"),
    # Variables of types.
    ("py:class", r"paper_lenet\.(base\.declared\.T|studies\.claims\.results\.Made)"),
    # An annotation that is cut at its comma, and the limits that it names.
    ("py:obj", r"typing\.(Annotated|Literal).*"),
    ("py:class", r"inf|[0-9.e-]+"),
]
_INVENTORIES = HERE / "_inventories"
intersphinx_mapping = {
    "python": ("https://docs.python.org/3.11", str(_INVENTORIES / "python.inv")),
    "numpy": ("https://numpy.org/doc/stable", str(_INVENTORIES / "numpy.inv")),
    "torch": ("https://docs.pytorch.org/docs/stable", str(_INVENTORIES / "torch.inv")),
}
exclude_patterns = ["_build", "_templates"]

# These are not needed to document what uses them. They are mocked only where they are missing: the
# signature of a class with a mocked base is the mock's, unless it is shown on the constructor.
HEAVY = ("torch", "sklearn", "distributed", "onnx", "pypdf")
autodoc_mock_imports = [name for name in HEAVY if find_spec(name) is None]
autodoc_class_signature = "separated"
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False  # signatures have the type; what stands before a colon is text
napoleon_attr_annotations = False
default_role = "code"
add_module_names = False

bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "lettered"
bibtex_reference_style = "label"

# Translations: a file for each page. What is in none, or has changed since, is shown in English.
# `make translation` says what is left to do.
locale_dirs = ["locale"]
gettext_compact = False
gettext_uuid = False

html_theme = "furo"
html_title = "paper_lenet"
templates_path = ["_templates"]
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_favicon = "_static/favicon.svg"
html_math_renderer = "mathml"
html_copy_source = False
html_show_sourcelink = False

# Where the site is, if anything says so: Read the Docs does. Without it pages name no address of
# their own, and there is no map of them.
SITE = os.environ.get("READTHEDOCS_CANONICAL_URL", "")
html_baseurl = ogp_site_url = SITE
ogp_social_cards = {"enable": False}
if SITE:
    extensions.append("sphinx_sitemap")
    sitemap_url_scheme = "{link}"
    sitemap_excludes = ["404.html", "genindex.html", "py-modindex.html", "search.html"]
    ogp_image = "_static/card.png"
    ogp_image_alt = "LeNet-5: an input of 32 by 32 pixels, six layers of feature maps, ten outputs"
notfound_urls_prefix = urlsplit(SITE).path or "/"
notfound_context = {
    "title": "Page not found",
    "body": "<h1>Page not found</h1><p>There is no page at this address. The list of all pages "
    "stands beside this text, and the search finds what is in them.</p>",
}
