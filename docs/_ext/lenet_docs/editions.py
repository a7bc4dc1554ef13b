"""Editions of the site: English at its root, each other language in a folder of its name.

Every page leads to the same page of the other editions, in a switch and for search engines. A page
that nobody has translated is shown in English, and says so at its head, with a link to the English
page; so does one of which a part is in English, because it is new or has changed.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from docutils import nodes
from sphinx.addnodes import toctree
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms import SphinxTransform
from sphinx.transforms.i18n import Locale

from .said import catalogue, retold, say, untranslated

FIRST = "en"
EDITIONS = {FIRST: "English", "ko": "한국어"}


class KeepSlugs(SphinxTransform):
    """Keep what links call the headings of a page, which is by their English.

    A message is read as a page of its own, and MyST then forgets the headings of the page.
    """

    default_priority = Locale.default_priority + 1

    def apply(self, **options: Any) -> None:
        """Give the page its names of headings back, with the headings as they now are."""
        titles = {
            name: section[0].astext()
            for section in self.document.findall(nodes.section)
            for name in section["ids"]
        }
        self.env.metadata[self.env.docname]["myst_slugs"] = {
            slug: (line, name, titles[name])
            for slug, (line, name, _) in self.document.myst_slugs.items()
        }


def place(language: str) -> str:
    """The folder of an edition, from that of English."""
    return "" if language == FIRST else f"{language}/"


def move(app: Sphinx, config: Config) -> None:
    """Give an edition its address, if the site has one, and its page of a 404 its own files."""
    own = place(config.language)
    if config.html_baseurl:
        config.html_baseurl = config.ogp_site_url = config.html_baseurl + own
    if "notfound_urls_prefix" in config:
        config.notfound_urls_prefix += own


def in_english(app: Sphinx, page: str, messages: Sequence[str]) -> tuple[int, int]:
    """How many messages of a page are in English where it should be another language, of how many.

    Of a page that nobody has begun to translate all are.
    """
    path = catalogue(app.srcdir, app.config.language, page)
    if app.config.language == FIRST:
        return 0, len(messages)
    texts, left = untranslated(messages, path) if path.is_file() else (messages, messages)
    return len(left), len(texts)


def notice(left: int, count: int, english: str) -> str:
    """What stands at the head of a page of which `left` of `count` messages are in English: a line
    that says so, with a link to the page `english`.
    """
    told = say("This page has not been translated yet. It is shown in English.")
    if left < count:
        some = say("Some of this page is shown in English: {left} of its {count} passages.")
        told = some.format(left=left, count=count)
    there = say("To the English page")
    link = f'<a href="{english}" hreflang="{FIRST}">{there}</a>'
    return f'<p class="not-translated">{told} {link}</p>'


def lead(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Tell a page where its editions are, and in which language it is."""
    own = place(app.config.language)
    site = app.config.html_baseurl.removesuffix(own)
    up = "../" if own else ""
    context["say"], context["retold"] = say, retold()
    context["editions"] = [
        {
            "language": language,
            "name": name,
            "path": f"{context['content_root']}{up}{place(language)}{page}.html",
        }
        | ({"address": f"{site}{place(language)}{page}.html"} if site else {})
        for language, name in EDITIONS.items()
    ]
    left, count = in_english(app, page, doctree["messages"]) if doctree is not None else (0, 0)
    if left:
        body = context["body"]
        if left == count:
            body = body.replace("<section", f'<section lang="{FIRST}"', 1)
        context["body"] = f"{notice(left, count, context['editions'][0]['path'])}\n{body}"


@lru_cache(maxsize=1)
def labels(app: Sphinx) -> dict[str, str]:
    """What the sidebar calls each page that has a name of its own there, by the page's path."""
    trees = app.env.get_doctree(app.config.root_doc).findall(toctree)
    return {f"{name}.html": label for tree in trees for label, name in tree["entries"] if label}


def name_neighbours(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Call the pages before and after this one as the sidebar does, which is in its language."""
    for side in ("prev", "next"):
        if neighbour := context.get(side):
            path = posixpath.normpath(f"{page}/../{neighbour['link']}")
            neighbour["title"] = labels(app).get(path, neighbour["title"])


def setup(app: Sphinx) -> None:
    """Connect to the pages as they are written."""
    app.add_transform(KeepSlugs)
    app.connect("config-inited", move)
    app.connect("html-page-context", lead)
    app.connect("html-page-context", name_neighbours)
