"""Words in the language of the build: those of this code, and those that a page's directives hold.

Sphinx translates the paragraphs of a page by itself, from ``locale/ko/LC_MESSAGES/PAGE.po``, and
what the theme says from ``sphinx.po``. What this code says stands in ``lenet_docs.po``: `say` looks
it up, for Python, for the frames of the page to touch and for its scripts. What a page hands to a
directive, as a head of a table, is the page's own: `handed` looks it up before it is put together
with other words. A text without translation stays English.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

import furo
from babel.messages.extract import extract_from_dir
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation
from sphinx.util.docutils import SphinxDirective
from sphinx.util.i18n import CatalogInfo, docname_to_domain
from sphinx.util.nodes import extract_messages

FOLDER, MESSAGES = "locale", "LC_MESSAGES"
DOMAIN, THEME = "lenet_docs", "sphinx"  # catalogues of no page; Sphinx itself reads the second
SOURCES = {
    "_ext": [("**.py", "python"), ("**.html", "jinja2")],
    "_static": [("**.js", "javascript")],
    "_templates": [("**.html", "jinja2")],
}
SCRIPTS = "_static/touch"
_own = get_translation(DOMAIN)


def say(text: str) -> str:
    """A text of this code, which is English, in the language of the build."""
    return str(_own(text)) if text else ""


def handed(directive: SphinxDirective, text: str) -> str:
    """A text that a page hands to a directive, in the language of the build."""
    env = directive.env
    domain = docname_to_domain(env.docname, env.config.gettext_compact)
    return _catalogue(Path(env.srcdir), env.config.language, domain).gettext(text)


@cache
def _catalogue(source: Path, language: str, domain: str) -> NullTranslations:
    return translation(domain, source / FOLDER, [language], fallback=True)


def hand_over(directive: SphinxDirective, node: nodes.Element, texts: Iterable[str]) -> None:
    """Mark those of `texts` that `node` shows as the page's own, so that they can be translated."""
    own = set(texts)
    for found in node.findall(nodes.TextElement):
        if found.rawsource in own:
            directive.set_source_info(found)


def messages(docs: Path) -> Iterator[tuple[str, str]]:
    """What the code in the folder `docs` says: file and text."""
    for folder, kinds in SOURCES.items():
        for found in extract_from_dir(docs / folder, kinds, keywords={"say": None}):
            yield f"{folder}/{found[0]}", found[2]


def of_theme() -> Iterator[str]:
    """What the theme says on every page."""
    folder = Path(furo.__file__).parent / "theme/furo"
    for found in extract_from_dir(folder, [("page.html", "jinja2")]):
        if "\n" not in found[2]:  # that is a link alone
            yield found[2]


def words(docs: Path) -> str:
    """What the scripts of the page to touch say, by its English, as JSON to stand in a page."""
    texts = [text for file, text in messages(docs) if file.startswith(SCRIPTS)]
    table = {text: say(text) for text in texts if say(text) != text}
    return json.dumps(table, ensure_ascii=False).replace("<", "\\u003c")


def catalogue(source: str | Path, language: str, page: str) -> Path:
    """Where the translation of a page is, if there is one."""
    return Path(source) / FOLDER / language / MESSAGES / f"{page}.po"


def remember(app: Sphinx, doctree: nodes.document) -> None:
    """Keep a page's messages with it: Sphinx forgets some, once it has translated them."""
    doctree["messages"] = [text for _, text in extract_messages(doctree)]


def setup(app: Sphinx) -> None:
    """Compile this code's own catalogue, if there is one of that language, and load it."""
    app.connect("doctree-read", remember)
    own = catalogue(app.srcdir, app.config.language, DOMAIN)
    if own.is_file():
        CatalogInfo(own.parent, DOMAIN, "utf-8").write_mo(app.config.language)
    app.add_message_catalog(DOMAIN, str(Path(app.srcdir) / FOLDER))
