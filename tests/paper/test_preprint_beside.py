"""A reading beside the committed file, and the command that says what came of it."""

from __future__ import annotations

import io
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from paper_lenet import cli
from paper_lenet.digits import mnist
from paper_lenet.paper.preprint import document, readings
from paper_lenet.paper.preprint.beside import verdict
from paper_lenet.paper.preprint.reading import Reading, Sure, evidence, over, table

ROOT = Path(__file__).parents[2]
DATA = files("paper_lenet.paper").joinpath("data")
COMMITTED = DATA.joinpath("fig6_sizes.csv").read_bytes()
FIGURES = ("fig3", "fig5", "fig6", "fig7", "fig8", "fig13")


def of(content: bytes, name: str = "fig6_sizes.csv") -> tuple[bool, str]:
    return verdict(Reading(name, content, (), "that is open"))


def test_the_same_bytes_are_well() -> None:
    assert of(COMMITTED) == (True, "fig6_sizes.csv: the same bytes")


def test_one_in_the_last_digit_is_well_and_said() -> None:
    assert of(COMMITTED.replace(b"0.940", b"0.941").replace(b"1.140", b"1.139")) == (
        True,
        "fig6_sizes.csv: 2 of 9 fields differ by one in the last digit (line 3, 4); that is open",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"0.940", b"0.942"),
        (b"0.940", b"0.9401"),
        (b"0.940", b"0.94"),
        (b"0.940", b"none"),
        (b"0.940", b"nan"),
        (b"0.940,", b""),
        (b"60000", b"60001"),
        (b"_patterns", b""),
    ],
)
def test_what_differs_more_is_shown(old: bytes, new: bytes) -> None:
    well, said = of(COMMITTED.replace(old, new))
    assert not well
    assert said.startswith("fig6_sizes.csv: line ")
    assert "in the committed file '" in said


def test_missing_and_further_lines_differ() -> None:
    assert not of(COMMITTED + b"1,2,3\n")[0]
    assert not of(COMMITTED[:-30])[0]


def test_a_file_that_is_not_committed_is_told() -> None:
    assert of(b"", "fig99.csv") == (False, "fig99.csv: no such file is committed")


def packed(arrays: dict[str, np.ndarray], plain: bool = False) -> bytes:
    result = io.BytesIO()
    (np.savez if plain else np.savez_compressed)(result, **arrays)
    return result.getvalue()


def test_arrays_are_compared_where_the_bytes_of_their_file_differ() -> None:
    name = "fig13_states.npz"
    with np.load(io.BytesIO(DATA.joinpath(name).read_bytes())) as file:
        arrays = dict(file)
    well, said = of(packed(arrays, plain=True), name)
    assert well and "the same arrays" in said
    well, said = of(packed(arrays | {"c5": arrays["c5"] + 1}), name)
    assert not well and "other numbers in c5" in said
    well, said = of(packed({"c5": arrays["c5"]}), name)
    assert not well and "holds c5, not input, c1" in said


def test_evidence_lists_each_figures_measures() -> None:
    sure = (over("grey, levels", [3.0, 1.0, 2.0]), Sure("steps", 0.0, 0.25))
    assert evidence([Reading("a.csv", b"", sure), Reading("b.csv", b"", ())]).content.decode() == (
        'file,what,lowest,greatest\na.csv,"grey, levels",1.0000,3.0000\na.csv,steps,0.0000,0.2500\n'
    )


def made(figure: str) -> Reading:
    """What is committed of a figure, as if it had been read."""
    (source,) = (each for each in DATA.iterdir() if each.name.startswith(f"{figure}_"))
    return Reading(source.name, source.read_bytes(), ())


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The command's words, for a preprint of blank pages whose figures read as committed."""

    class Blank:
        pages = (None,) * 46

    monkeypatch.setattr(document, "open_preprint", lambda path: Blank())
    monkeypatch.setattr(readings, "read_page", lambda page: page)
    monkeypatch.setattr(readings, "evidence", lambda done: Reading("evidence.csv", EVIDENCE, ()))
    monkeypatch.setattr(mnist, "load", lambda folder: (mnist.Digits(None, None),) * 2)
    for figure in FIGURES:
        read = getattr(readings, figure)
        monkeypatch.setattr(read, "read", lambda *given, figure=figure: made(figure))
    return ["preprint", "x.pdf", "--params", str(ROOT / "params.yaml"), "--write", str(tmp_path)]


EVIDENCE = DATA.joinpath("evidence.csv").read_bytes()


def test_the_command_says_a_line_a_figure_and_writes_what_is_read(
    pretended: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(pretended) == 0
    names = [made(figure).name for figure in FIGURES] + ["evidence.csv"]
    assert capsys.readouterr().out.splitlines() == [f"{name}: the same bytes" for name in names]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    assert all((tmp_path / n).read_bytes() == DATA.joinpath(n).read_bytes() for n in names)


def test_the_command_exits_with_one_where_a_figure_differs(
    pretended: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Reading("fig8_errors.csv", table("test_index,truth,answer", [(1, 2, 3)]), ())
    monkeypatch.setattr(readings.fig8, "read", lambda *given: other)
    assert cli.main(pretended) == 1
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == len(FIGURES) + 1
    assert printed[4] == ("fig8_errors.csv: line 2 is '1,2,3', in the committed file '247,4,6'")
