"""The errors that a user may meet. Each says in one line what is wrong, and where."""

from __future__ import annotations

import reprlib
import sys
from collections.abc import Iterable
from typing import Any

LONGEST = 80  # characters of a text that a message shows
MOST = 50  # names that a message lists


class PaperLenetError(Exception):
    """What can be expected to go wrong. Any other exception is a mistake of ours.

    Example:
        >>> issubclass(RecipeError, PaperLenetError)
        True
    """


def tell(text: str) -> None:
    """Print one line for the user beside what a command prints; nothing if nobody can see it.

    Example:
        >>> from contextlib import redirect_stderr
        >>> with redirect_stderr(sys.stdout):
        ...     tell("seed 3   is trained")
        paper-lenet: seed 3 is trained
    """
    if sys.stderr is not None:  # or it would go where results go
        print(f"paper-lenet: {one_line(text)}", file=sys.stderr, flush=True)


class RecipeError(PaperLenetError, ValueError):
    """A value of a recipe, or of another file of parameters, is unknown or impossible.

    Attributes:
        text: what is wrong.
        place: the path of the key, as in ``recipes.paper.loss.j``; empty for the whole.

    Example:
        >>> str(RecipeError("not a number", "loss.j"))
        'loss.j: not a number'
    """

    def __init__(self, text: str, place: str = "") -> None:
        super().__init__(f"{place}: {text}" if place else text)
        self.text: str = text
        self.place: str = place

    def below(self, place: str) -> RecipeError:
        """The same error, of something that itself stands at `place`.

        Example:
            >>> str(RecipeError("not a number", "j").below("recipes.paper.loss"))
            'recipes.paper.loss.j: not a number'
        """
        return RecipeError(self.text, joined(place, self.place))


def refusal(value: object, wanted: str, place: str = "") -> RecipeError:
    """The error that `value` is not what is wanted.

    Example:
        >>> str(refusal(7, "one of 8, 9", "loss.equation"))
        'loss.equation: 7 is not one of 8, 9'
    """
    return RecipeError(f"{shown(value)} is not {wanted}", place)


def expect(condition: object, value: object, wanted: str, place: str = "") -> None:
    """Raise the `refusal` of `value` unless `condition` holds.

    Example:
        >>> expect(2 > 1, 2, "more than 1")
        >>> expect(0 > 1, 0, "more than 1", "seeds")
        Traceback (most recent call last):
            ...
        paper_lenet.base.errors.RecipeError: seeds: 0 is not more than 1
    """
    if not condition:
        raise refusal(value, wanted, place)


def joined(place: str, inner: str) -> str:
    """The path of `inner` at `place`: ``step`` and ``eta[0]`` give ``step.eta[0]``.

    Example:
        >>> joined("step", "eta[0]"), joined("", "eta[0]")
        ('step.eta[0]', 'eta[0]')
    """
    return f"{place}.{inner}" if place and inner else place or inner


class _Short(reprlib.Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxstring, self.maxother = 3, LONGEST, 2 * LONGEST

    def repr_int(self, x: int, level: int) -> str:
        return super().repr_int(x, level) if abs(x) < 2**1000 else "a number of 1,000 bits or more"


def shown(value: object) -> str:
    """The `repr` of any value, cut where it is long or deep.

    Example:
        >>> shown("a" * 1000)[:20], len(shown("a" * 1000))
        ("'aaaaaaaaaaaaaaaaaaa", 80)
    """
    return _Short().repr(value)


def one_line(text: str) -> str:
    """`text` on one line, and nothing in it that a terminal would take for a command.

    Example:
        >>> one_line(" two   words ")
        'two words'
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in " ".join(text.split()))


def as_key(name: object) -> str:
    """A key as it stands in a path and in lists; as `shown` if it is long or cannot be printed.

    Example:
        >>> as_key("eta"), as_key(2), len(as_key("a" * 1000))
        ('eta', '2', 80)
    """
    text = str(name) if isinstance(name, (str, float)) else shown(name)
    return text if text.isprintable() and len(text) <= LONGEST else shown(name)


def listed(names: Iterable[Any]) -> str:
    """The names that there are, as a message lists them.

    Example:
        >>> listed(["engine", "reference"]), listed([])
        ('engine, reference', 'none')
    """
    words = [as_key(name) for name in names]
    return ", ".join(words[:MOST] + ["..."] * (len(words) > MOST)) or "none"
