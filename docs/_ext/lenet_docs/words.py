"""Names from files as a reader says them: no underscores, no ``e-05``, no keys.

A table shows what stands in a file of results. Names of runs, statistics and keys are made for
programs; `spoken` says them in words, in every table alike.
"""

from __future__ import annotations

import re

from .printed import as_text
from .said import say

_POWER = re.compile(r"(?<![\w.])(-?\d(?:\.(\d+))?e[-+]?\d+)(?!\w)")
_AMOUNT = r"([-−+]?[\d.,]+(?:·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?)"
_RANGE = re.compile(rf"(?<![\w.]){_AMOUNT} to {_AMOUNT}(?!\w)")
_FIGURE = re.compile(r"fig(\d+)_(\w+)\.\w+")
_KEY = re.compile(r"(presentation|network|initial|loss|step|[CSF]\d)\.(\w+)")
_PASS = re.compile(r"\bon_the_fly_(\d+)\b")
_NUMBERED = re.compile(r"\b([a-z]+)-0*(\d+)\b(?!-)")
_NAME = re.compile(r"\b\w+_[\w.]*\w\b")
_SHORT = {"rms": "r.m.s.", "sgd": "SGD"}


def spoken(text: str) -> str:
    """`text` of a cell, with what is written for programs in it put into words.

    >>> spoken("on_the_fly_01"), spoken("draw-021"), spoken("initial.coefficient_S2")
    ('on the fly, pass 1', 'draw 21', 'initial: coefficient S2')
    >>> spoken("7e-05"), spoken("1.93e-02 to 2.34e-02"), spoken("fig3_codes.txt")
    ('7·10⁻⁵', '0.0193 to 0.0234', 'Fig. 3: codes')
    """
    text = _RANGE.sub(_from_to, _POWER.sub(_number, text))
    if figure := _FIGURE.fullmatch(text):
        return f"Fig. {figure[1]}: {_words(figure[2])}"
    if key := _KEY.fullmatch(text):
        return f"{key[1]}: {_words(key[2])}"
    text = _PASS.sub(lambda found: f"on the fly, pass {int(found[1])}", text)
    return _NAME.sub(lambda found: _words(found[0]), _NUMBERED.sub(r"\1 \2", text))


def _number(found: re.Match[str]) -> str:
    return as_text(float(found[1]), f"s{1 + len(found[2] or '')}")


def _from_to(found: re.Match[str]) -> str:
    return say("{low} to {high}").format(low=found[1], high=found[2])


def _words(name: str) -> str:
    return " ".join(_SHORT.get(word, word) for word in name.split("_"))
