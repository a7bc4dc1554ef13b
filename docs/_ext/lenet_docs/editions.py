"""Editions of the site: English at its root, each other language in a folder of its name.

Every page leads to the same page of the other editions, in a switch and for search engines. A page
that nobody has translated is shown in English, and says so.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms import SphinxTransform
from sphinx.transforms.i18n import Locale

from .said import catalogue, say

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


def translated(app: Sphinx, page: str) -> bool:
    """Whether somebody has begun to translate a page into the language of the build."""
    language = app.config.language
    return language == FIRST or catalogue(app.srcdir, language, page).is_file()


def lead(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Tell a page where its editions are, and in which language it is."""
    own = place(app.config.language)
    site = app.config.html_baseurl.removesuffix(own)
    up = "../" if own else ""
    context["say"] = say
    context["editions"] = [
        {
            "language": language,
            "name": name,
            "path": f"{context['content_root']}{up}{place(language)}{page}.html",
        }
        | ({"address": f"{site}{place(language)}{page}.html"} if site else {})
        for language, name in EDITIONS.items()
    ]
    if doctree is not None and not translated(app, page):
        told = say("This page has not been translated yet. It is shown in English.")
        body = context["body"].replace("<section", f'<section lang="{FIRST}"', 1)
        context["body"] = f'<p class="not-translated">{told}</p>\n{body}'


def setup(app: Sphinx) -> None:
    """Connect to the pages as they are written."""
    app.add_transform(KeepSlugs)
    app.connect("config-inited", move)
    app.connect("html-page-context", lead)
