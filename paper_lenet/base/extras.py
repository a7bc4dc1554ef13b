"""Libraries that only some parts need, and what installs each."""

from __future__ import annotations

from pathlib import Path

from paper_lenet.base.errors import PaperLenetError

# The module, its library's name, and the extra that brings it; others come with the package.
EXTRAS = {
    "distributed": ("Dask", "cluster"),
    "onnx": ("ONNX", "onnx"),
    "pypdf": ("pypdf", "studies"),
    "sklearn": ("scikit-learn", "studies"),
    "torch": ("PyTorch", "reference"),
}
CLONE = Path(__file__).resolve().parents[2]  # where the package lies, if it is not installed


class MissingError(PaperLenetError, ImportError):
    """A library is needed that is not installed.

    Example:
        >>> try:
        ...     raise missing(ModuleNotFoundError(name="pypdf.filters"), "the preprint")
        ... except MissingError as error:
        ...     print(error.name, "[studies]" in str(error))
        pypdf True
    """


def missing(error: ModuleNotFoundError, what: str) -> ImportError:
    """What to raise for `error`, met by `what`: advice, or itself if it is a mistake of ours.

    Example:
        >>> error = missing(ModuleNotFoundError(name="torch"), "the trainer reference")
        >>> str(error).partition(":")[0]
        'the trainer reference needs PyTorch'
    """
    name = (error.name or "").partition(".")[0]
    if name in ("", "paper_lenet"):
        return error
    library, extra = EXTRAS.get(name, (name, ""))
    part = f"[{extra}]" if extra else ""
    cloned = (CLONE / "pyproject.toml").is_file()
    source = f"-e '.{part}'" if cloned else f"'paper-lenet{part}'"
    return MissingError(f"{what} needs {library}: pip install {source}", name=name)
