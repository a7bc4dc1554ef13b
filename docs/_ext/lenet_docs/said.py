"""Words in the language of the build: those of this code, and those that a page's directives hold.

Sphinx translates the paragraphs of a page by itself, from ``locale/ko/LC_MESSAGES/PAGE.po``, and
what the theme says from ``sphinx.po``. What this code says stands in ``lenet_docs.po``: `say` looks
it up, for Python, for the frames of the page to touch and for its scripts. What a page hands to a
directive, as a head of a table, is the page's own: `handed` looks it up before it is put together
with other words. A text without translation stays English.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Any

import furo
import sphinx
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _, get_translation
from sphinx.transforms import SphinxTransform
from sphinx.transforms.i18n import Locale
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
# What stays as it is: roles, formulas and code.
FIXED = re.compile(r"\{[\w:]+\}`[^`]*`|\$[^$]*\$|`[^`]*`")
_FURO = Path(furo.__file__).parent / "theme/furo"
_TITLES = [
    ("writers", "html5.py", "Link to this"),
    ("ext/intersphinx", "_resolve.py", "(in"),
]
_HARD_CODED = re.compile(r'(?:aria-label="|<title>)([A-Z][\w /,]+)["<]')
_LATIN = re.compile(r"[A-Za-z]{2}")
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
    """What the theme says on every page, and Sphinx where the pointer rests on a link."""
    for found in extract_from_dir(_FURO, [("page.html", "jinja2")]):
        if "\n" not in found[2]:  # that is a link alone
            yield found[2]
    yield from (text for _, text in hard_coded())
    for folder, name, begin in _TITLES:
        for found in extract_from_dir(Path(sphinx.__file__).parent / folder, [(name, "python")]):
            if found[2].startswith(begin):
                yield found[2]


def hard_coded() -> Iterator[tuple[str, str]]:
    """What the theme says in English in every language, to those who hear a page or rest on a sign:
    as it is written there, and the text alone.
    """
    for name in ("page.html", "partials/icons.html"):
        for found in _HARD_CODED.finditer((_FURO / name).read_text(encoding="utf-8")):
            yield found[0], found[1]


def words(docs: Path) -> str:
    """What the scripts of the page to touch say, by its English, as JSON to stand in a page."""
    texts = [text for file, text in messages(docs) if file.startswith(SCRIPTS)]
    table = {text: say(text) for text in texts if say(text) != text}
    return json.dumps(table, ensure_ascii=False).replace("<", "\\u003c")


def retold() -> list[tuple[str, str]]:
    """What the theme says in English alone, and what a page says instead."""
    pairs = [(whole, whole.replace(text, _(text))) for whole, text in hard_coded()]
    return [pair for pair in pairs if pair[0] != pair[1]]


def catalogue(source: str | Path, language: str, page: str) -> Path:
    """Where the translation of a page is, if there is one."""
    return Path(source) / FOLDER / language / MESSAGES / f"{page}.po"


def has_words(text: str) -> bool:
    """Whether there is something to translate in a message."""
    return re.search(r"[^\W\d_]", FIXED.sub("", text)) is not None


def untranslated(found: Iterable[str], path: Path) -> tuple[list[str], list[str]]:
    """The messages of a page that have words, each once, and those that its catalogue leaves in
    English. What a page has handed to a directive is translated already, and so are Sphinx's words.
    """
    texts = [text for text in dict.fromkeys(found) if has_words(text)]
    with path.open("rb") as file:
        known = [each for each in read_po(file) if each.string and not each.fuzzy]
    done = {text for each in known for text in (each.id, each.string)}
    return texts, [text for text in texts if text not in done and _LATIN.search(text)]


class KeepMessages(SphinxTransform):
    """Keep a page's messages with it: Sphinx forgets some, once it has translated them."""

    default_priority = Locale.default_priority - 1

    def apply(self, **options: Any) -> None:
        """Write them to the page, but for its front matter, which says nothing to readers."""
        front = {
            id(node)
            for part in self.document.children
            if isinstance(part, nodes.field_list)
            for node in part.findall()
        }
        self.document["messages"] = [
            text for node, text in extract_messages(self.document) if id(node) not in front
        ]


def setup(app: Sphinx) -> None:
    """Compile this code's own catalogue, if there is one of that language, and load it."""
    app.add_transform(KeepMessages)
    own = catalogue(app.srcdir, app.config.language, DOMAIN)
    if own.is_file():
        CatalogInfo(own.parent, DOMAIN, "utf-8").write_mo(app.config.language)
    app.add_message_catalog(DOMAIN, str(Path(app.srcdir) / FOLDER))
