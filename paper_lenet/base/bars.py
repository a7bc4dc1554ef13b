"""Progress bars: in a terminal, or a notebook that can show them; elsewhere none."""

from __future__ import annotations

import sys
import warnings

from tqdm import TqdmWarning, std

with warnings.catch_warnings():
    warnings.simplefilter("ignore", TqdmWarning)  # a notebook without ipywidgets gets the plain bar
    from tqdm.autonotebook import tqdm as _chosen

# Whether bars are a notebook's, which are seen although its standard error is no terminal.
NOTEBOOK = _chosen is not std.tqdm


def seen() -> bool:
    """Whether a person would see a bar.

    Example:
        >>> import io
        >>> from contextlib import redirect_stderr
        >>> with redirect_stderr(io.StringIO()):  # which is no terminal
        ...     print(seen() == NOTEBOOK)
        True
    """
    return NOTEBOOK or sys.stderr.isatty()


class tqdm(_chosen):  # type: ignore[misc]  # noqa: N801 - it stands in that one's place
    """`tqdm`, for which ``disable=None`` leaves out the bar where nobody sees it.

    Example:
        >>> list(tqdm(range(3), disable=True))
        [0, 1, 2]
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        if NOTEBOOK and kwargs.get("disable", False) is None:
            kwargs["disable"] = False
        super().__init__(*args, **kwargs)
