"""Any YAML whatever gives parameters, a grid or tutorials, or one line that says what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from paper_lenet.base.errors import PaperLenetError, RecipeError, as_key, listed, shown
from paper_lenet.base.reading import BYTES, VALUES, read_yaml
from paper_lenet.network.params import read_params
from paper_lenet.network.recipe import Recipe
from paper_lenet.studies.grid import read_study
from paper_lenet.studies.prior import read_prior
from paper_lenet.studies.tutorials.spec import read_tutorials

ROOT = Path(__file__).parents[2]
GRID = """
recipe: paper
seeds: 3
draws: 2
prior:
  loss.j: {uniform: [0.0, 5.0]}
  loss.half: {choice: {true: 1, false: 2}}
  initial.coefficient: {logarithmic: [0.5, 2.0]}
  network.subsampling: {choice: {sum: 1, average: 1}}
runs:
  one: &one {loss.j: 1.0, step.eta: [[2, 0.0005], [1, 0.0002]]}
  two: {<<: *one, seeds: [4, 7], network.c3: full}
"""
PATHS = ("params.yaml", "studies/tutorials.yaml")
TEXTS = {Path(name).stem: (ROOT / name).read_text(encoding="utf-8") for name in PATHS}
TEXTS["grid"] = GRID
READERS: dict[str, Callable[[Path], Any]] = {
    "params": read_params,
    "tutorials": read_tutorials,
    "grid": lambda path: read_study(path, {"paper": Recipe()}),
}
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{one}: &{one} [{', '.join(8 * [f'*{last}'])}]\n"
    for last, one in zip("abcdefghijk", "bcdefghijkl", strict=True)
)
# What one place of a file may be changed to.
ODD = (
    "",
    "~",
    "[]",
    "{}",
    "[[]]",
    "{a: b}",
    "[1, 2]",
    "true",
    "-1",
    "0",
    "1.5",
    ".nan",
    ".inf",
    "-.inf",
    "1e400",
    "100000000000",
    "9" * 5000,
    "0x" + "f" * 5000,
    "0b_",
    "1:2:3",
    "2001-01-01",
    "2001-99-99",
    "2001-12-14t21:59:43.10-99:00",
    "0001-01-01t00:00:00+23:00",
    "!!float x",
    "!!int ''",
    "!!bool x",
    "!!binary x",
    "!!timestamp x",
    "!!set {a, b}",
    "!!omap [a: 1]",
    "!!python/object:os.system x",
    "!unknown x",
    "=",
    "<<",
    "*none",
    "&a [*a]",
    '"\\e[31m\\n\\0"',
    "'" + "long" * 300 + "'",
    "? [a, b]\n",
    "[" * 5000,
    "{a: " * 300 + "1" + "}" * 300,
    "paper",
    "../elsewhere",
)


def said(read: Callable[[Path], Any], path: Path, text: str | bytes) -> str:
    """What the reader complains of, or nothing."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    try:
        read(path)
    except PaperLenetError as error:
        return str(error)
    return ""


@st.composite
def changed(draw: st.DrawFn, text: str) -> str:
    """`text` with a few words replaced or set twice, or lines taken out, doubled or moved."""
    for _ in range(draw(st.integers(1, 3))):
        lines = text.splitlines()
        place = draw(st.integers(0, len(lines) - 1))
        what = draw(st.sampled_from(["word", "value", "line", "twice", "out", "in"]))
        line = lines[place]
        odd = draw(st.sampled_from(ODD) | st.text(max_size=12))
        if what == "word" and line.split():
            line = line.replace(draw(st.sampled_from(line.split())), odd, 1)
        elif what == "value":
            line = f"{line.partition(':')[0]}: {odd}"
        elif what == "in":
            line = "  " + line
        lines[place : place + 1] = {"line": [], "twice": [line, line]}.get(what, [line])
        text = "\n".join(lines) + "\n"
    return text


@pytest.mark.parametrize("kind", READERS)
@given(data=st.data())
@settings(max_examples=60)
def test_any_change_of_a_file_is_read_or_refused_in_one_line(
    kind: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = data.draw(changed(TEXTS[kind]))
    line = said(READERS[kind], tmp_path_factory.getbasetemp() / f"{kind}.yaml", text)
    assert line == "" or (line.isprintable() and len(line) < 1500), line


@pytest.mark.parametrize("kind", READERS)
@given(text=st.text(max_size=60) | st.binary(max_size=60))
@settings(max_examples=60)
def test_any_bytes_are_refused_in_one_line(
    kind: str, text: str | bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    line = said(READERS[kind], tmp_path_factory.getbasetemp() / f"{kind}.yaml", text)
    assert line and line.isprintable() and len(line) < 1500, line


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("params", "    equation: 9"),
        ("params", "  seeds: 20"),
        ("params", "        - [2, 0.0005]"),
        ("params", "  background: -0.1"),
        ("grid", "seeds: 3"),
        ("grid", "draws: 2"),
        ("grid", "recipe: paper"),
        ("grid", "  loss.j: {uniform: [0.0, 5.0]}"),
        ("tutorials", "    printed: {training: 91.6, validation: 90.0}"),
    ],
)
def test_odd_values_are_read_or_refused_in_one_line(kind: str, key: str, tmp_path: Path) -> None:
    before, sign = (key.partition("[")[0], "") if "- [" in key else (key.partition(":")[0], ": ")
    text = TEXTS[kind]
    assert key in text
    for odd in ODD:
        line = said(READERS[kind], tmp_path / "a.yaml", text.replace(key, before + sign + odd, 1))
        assert line == "" or (line.isprintable() and len(line) < 1500), (odd, line)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3", r"the key 'a' stands twice at line 3, column 1"),
        ("a: {1: x, 0x1: y}", "the key 1 stands twice"),
        ("? [a]\n: b", "a key is a scalar"),
        ("a: 2001-99-99", r"'2001-99-99' is no timestamp at line 1, column 4"),
        ("a: !!float x", "'x' is no float"),
        ("a: " + "9" * 30, "is no int"),
        ("[" * 5000, "nested too deeply"),
        (BOMB, f"more than {VALUES} values"),
        ("&a [*a]", f"more than {VALUES} values"),
        ("a: 1\n---\nb: 2", "expected a single document"),
        ("\x1b", "special characters are not allowed"),
        (b"\xff\xfe\xff", "not YAML"),
        ("# " + "x" * BYTES, f"more than {BYTES} bytes"),
    ],
    ids=range(13),
)
def test_what_is_not_yaml_is_told(text: str | bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=message) as error:
        read_yaml(write(tmp_path / "a.yaml", text))
    assert str(error.value).startswith(f"{tmp_path / 'a.yaml'}: ")
    assert "\n" not in str(error.value)


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_yaml_s_own_means_are_kept(tmp_path: Path) -> None:
    text = "a: &a {x: 1, y: [1.5, true, null, word]}\nb: {<<: *a, x: 2}\n"
    path = write(tmp_path / "a.yaml", text)
    assert read_yaml(path) == yaml.safe_load(text)
    for path in [ROOT / "params.yaml", *sorted((ROOT / "studies").glob("*.yaml"))]:
        if path.stem != "dvc":
            assert read_yaml(path) == yaml.safe_load(path.read_text(encoding="utf-8"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(RecipeError, match=f"{path.name}: there is no such file"):
            read_yaml(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("recipe: paper\nseeds: 100000000000\nruns: {a: {}}", "runs.a.seeds: 100000000000 is n"),
        ("recipe: paper\nseeds: 1\nruns: {a: {seeds: [-1]}}", "runs.a.seeds: .* is neither a n"),
        ("recipe: [a]\nseeds: 1\nruns: {a: {}}", r"runs.a.recipe: no recipe \['a'\]; there are"),
        ("recipe: paper\ndraws: 1000000000\nprior: {loss.j: {uniform: [0, 1]}}", "draws: 10000"),
        ("recipe: paper\ndraws: 1\nprior: {loss.j: {uniform: [0, .inf]}}", "prior.loss.j: {'un"),
        ("recipe: paper\nseeds: 1\nruns: {a: {loss.j: 1}, a: {}}", "the key 'a' stands twice"),
    ],
)
def test_a_grid_s_numbers_have_bounds(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=message):
        read_study(write(tmp_path / "a.yaml", text), {"paper": Recipe()})


def test_a_grid_s_trainings_have_a_bound(tmp_path: Path) -> None:
    runs = "".join(f"  run_{number}: {{}}\n" for number in range(101))
    path = write(tmp_path / "a.yaml", f"recipe: paper\nseeds: 1000\nruns:\n{runs}")
    with pytest.raises(RecipeError, match=r"a\.yaml: 101000 trainings, more than 100000"):
        read_study(path, {"paper": Recipe()})


def test_a_prior_is_read_alone_and_checked(tmp_path: Path) -> None:
    assert list(read_prior(write(tmp_path / "a.yaml", GRID))) == [
        "loss.j",
        "loss.half",
        "initial.coefficient",
        "network.subsampling",
    ]
    with pytest.raises(RecipeError, match=r"a\.yaml: prior: not a mapping of keys to laws"):
        read_prior(write(tmp_path / "a.yaml", "recipe: paper"))
    with pytest.raises(RecipeError, match=r"a\.yaml: prior\.loss\.j: 3 is not one of"):
        read_prior(write(tmp_path / "a.yaml", "prior: {loss.j: 3}"))


@given(
    st.recursive(
        st.integers() | st.text() | st.floats(),
        lambda part: st.lists(part) | st.dictionaries(st.text(), part),
    )
)
def test_what_messages_show_is_one_short_line(value: Any) -> None:
    assert len(shown(value)) < 2000 and shown(value).isprintable()
    assert as_key(value).isprintable()


def test_messages_show_small_values_as_they_are_and_cut_others() -> None:
    for value in (3, -1.5, "word", [1, [2, 3]], {"a": None}, True):
        assert shown(value) == repr(value)
    assert len(shown("x" * 10**6)) < 100
    assert shown(10**5000) == "a number of 1,000 bits or more"
    assert listed([]) == "none"
    assert listed(["a", 8, "b\n"]) == r"a, 8, 'b\n'"
    assert listed(map(str, range(100))).endswith("48, 49, ...")
