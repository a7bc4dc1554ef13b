"""LeNet-5 in one file is the package's own network and training, and stays one short file."""

from __future__ import annotations

import ast
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from loaded import loaded
from torch.backends import mkldnn

from paper_lenet.base import streams
from paper_lenet.base.files import read_csv
from paper_lenet.digits.idx import write_idx
from paper_lenet.digits.mnist import TEST, TRAIN
from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import Engine
from paper_lenet.network.architecture import parameter_shapes
from paper_lenet.network.params import read_params
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import Parameters, initial_parameters
from paper_lenet.training.reference import Reference

ROOT = Path(__file__).parents[2]
FILE = ROOT / "examples/lenet5_in_one_file.py"
RECIPE = Recipe()
HEADING = "pass    eta  smallest and largest step  wrong on the fly  wrong in the test"

Sets = tuple[Patterns, Patterns]


one = loaded(FILE)


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """PyTorch as the file sets it when it is run, and as it was afterwards."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    monkeypatch.setattr(mkldnn, "enabled", False)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def folder(mnist: Sets, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The four files of MNIST."""
    result = tmp_path_factory.mktemp("mnist")
    for (images, labels), patterns in zip((TRAIN, TEST), mnist, strict=True):
        write_idx(result / images, patterns.cropped(28).grey)
        write_idx(result / labels, patterns.labels)
    return result


def as_theirs(parameters: Parameters, dtype: torch.dtype) -> dict[str, list[torch.Tensor]]:
    """The package's parameters as the file has them."""
    result: dict[str, list[torch.Tensor]] = {}
    for name, part in parameters.items():
        tensor = torch.tensor(part, dtype=dtype, requires_grad=True)
        result.setdefault(name.split(".")[0], []).append(tensor)
    return result


def flattened(parts: list[torch.Tensor]) -> np.ndarray:
    return torch.cat([part.detach().flatten() for part in parts]).numpy()


def rough() -> Parameters:
    """The initial parameters with noise, so that no bias is 0 and no coefficient 1."""
    result = {}
    for index, (name, part) in enumerate(initial_parameters(RECIPE, 1).items()):
        noise = 2 * streams.uniform(streams.key(1, "noise", index), part.size) - 1
        result[name] = (part + 0.1 * noise.reshape(part.shape)).astype(np.float32)
    return result


def epsilon(h: np.ndarray, number: int = 1) -> np.ndarray:
    """Eq. 21 as `paper_lenet.training.passes` has it."""
    return (RECIPE.step.rate(number) / (RECIPE.step.mu + h.astype(np.float64))).astype(np.float32)


def sample(number: int) -> np.ndarray:
    """The patterns that the curvature before a pass is taken from."""
    stream = streams.key(0, "curvature", number)
    return streams.permutation(stream, 60_000)[: RECIPE.step.patterns]


def order() -> np.ndarray:
    return streams.permutation(streams.key(0, "order"), 60_000)


def test_it_stays_short() -> None:
    assert len(FILE.read_text(encoding="utf-8").splitlines()) < 300


def test_nothing_of_the_package_is_imported_but_the_codes() -> None:
    ours = []
    for node in ast.walk(ast.parse(FILE.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            ours += [alias.name for alias in node.names if alias.name.startswith("paper_lenet")]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            if str(node.module).startswith("paper_lenet"):
                ours += [alias.name for alias in node.names]
    assert ours == ["codes"]


def test_its_constants_are_those_of_the_recipe_paper() -> None:
    params = read_params(ROOT / "params.yaml")
    assert params.recipes["paper"] == RECIPE, "the file has the recipe paper as it was"
    step = RECIPE.step
    assert [step.rate(number + 1) for number in range(step.passes)] == one.ETA
    assert (step.mu, step.patterns, step.memory) == (one.MU, one.SAMPLE, one.MEMORY)
    assert RECIPE.loss.j == one.J
    scale = params.preprocess
    assert (scale.background, scale.foreground) == (one.BACKGROUND, one.FOREGROUND)


@pytest.mark.parametrize("purpose", ["weights", "order", "curvature"])
def test_its_random_words_are_the_package_s(purpose: str) -> None:
    number = getattr(one, purpose.upper())
    for index in (0, 3, 20):
        stream = streams.key(one.SEED, purpose, index)
        assert one.words(number, index, 50) == streams.words(stream, 50).tolist()
        assert one.permutation(number, index, 777) == streams.permutation(stream, 777).tolist()


def test_its_initial_parameters_have_the_same_bits() -> None:
    found, expected = one.initial_parameters(), initial_parameters(RECIPE, 0)
    assert list(found) == [name.split(".")[0] for name in list(parameter_shapes())[::2]]
    for part, (name, exact) in zip(one.flat(found), expected.items(), strict=True):
        assert part.dtype == torch.float32
        assert np.array_equal(part.detach().numpy(), exact), name


@pytest.mark.parametrize(("name", "which"), [("train", 0), ("t10k", 1)])
def test_it_reads_the_patterns(mnist: Sets, folder: Path, name: str, which: int) -> None:
    inputs, labels = one.read_patterns(folder, name)
    assert inputs.dtype == torch.float32
    assert labels.tolist() == mnist[which].labels.tolist()
    for first in range(0, len(labels), 5000):
        part = slice(first, first + 5000)
        assert np.array_equal(inputs[part].numpy(), mnist[which].inputs(part))


# Errors relative to the greatest value; the second is float32's rounding.
@pytest.mark.parametrize(("dtype", "bound"), [(torch.float64, 1e-13), (torch.float32, 3e-6)])
def test_everything_is_the_reference_s(mnist: Sets, dtype: torch.dtype, bound: float) -> None:
    """Penalties, loss, gradient, curvature; the reference computes in float64."""
    shown, parameters = mnist[0].subset(slice(0, 50)), rough()
    exact = Reference(RECIPE, parameters, torch.float64)
    mine = as_theirs(parameters, dtype)
    inputs = torch.from_numpy(shown.inputs(slice(None))).to(dtype)
    labels = torch.from_numpy(shown.labels.astype(np.int64))

    def near(found: np.ndarray, expected: np.ndarray) -> None:
        assert found.shape == expected.shape
        assert np.abs(found - expected).max() <= bound * np.abs(expected).max()

    near(one.penalties(mine, inputs).detach().numpy(), exact.penalties(shown))
    for k in range(5):
        loss = one.loss(one.penalties(mine, inputs[k : k + 1]), labels[k : k + 1])
        expected = exact.gradient(shown.inputs(slice(k, k + 1))[0], int(labels[k]))
        assert loss.item() == pytest.approx(expected.loss, rel=bound)
        gradients = torch.autograd.grad(loss, one.flat(mine))
        start = 0
        for part in gradients:
            near(part.flatten().numpy(), expected.flat[start : start + part.numel()])
            start += part.numel()
    h, expected_h = one.curvature(mine, inputs), exact.curvature(shown, np.arange(50))
    found = flattened(one.flat(h))
    np.testing.assert_allclose(found, expected_h, rtol=10 * bound)
    np.testing.assert_allclose(
        one.ETA[0] / (one.MU + found), epsilon(expected_h), rtol=max(bound, 1e-7)
    )


def test_the_mean_loss_is_that_of_the_patterns() -> None:
    y = torch.linspace(0, 30, 40, dtype=torch.float64).view(4, 10)
    labels = torch.tensor([0, 3, 3, 9])
    each = [one.loss(y[k : k + 1], labels[k : k + 1]).item() for k in range(4)]
    assert one.loss(y, labels).item() == pytest.approx(sum(each) / 4, rel=1e-14)


def test_the_first_thousand_patterns_go_as_with_reference_and_engine(mnist: Sets) -> None:
    """The same errors in each hundred, and weights that stay together."""
    train, start = mnist[0], initial_parameters(RECIPE, 0)
    engine, reference = Engine(RECIPE, start), Reference(RECIPE, start)
    chosen = sample(1)
    inputs = torch.from_numpy(train.inputs(order()[:1000]))
    labels = torch.from_numpy(train.labels[order()[:1000]].astype(np.int64))
    mine = one.initial_parameters()
    h = one.flat(one.curvature(mine, torch.from_numpy(train.inputs(chosen))))
    steps = [one.ETA[0] / (one.MU + part) for part in h]
    theirs = epsilon(reference.curvature(train, chosen))
    np.testing.assert_allclose(flattened(steps), theirs, rtol=1e-5)
    for first in range(0, 1000, 100):
        here = range(first, first + 100)
        wrong = one.learn(mine, inputs, labels, list(here), steps)
        places = order()[first : first + 100]
        assert reference.learn(train, places, theirs).errors == wrong
        assert engine.learn(train, places, theirs).errors == wrong
    for part, name in zip(one.flat(mine), start, strict=True):
        found = part.detach().numpy()
        for other in (reference.parameters()[name], engine.parameters()[name]):
            way = np.abs(other - start[name]).max()
            assert np.abs(found - other).max() <= 1e-4 * way, name


def printed(options: str) -> list[str]:
    """The lines that the file says a command prints."""
    text = one.__doc__ or ""
    found = re.search(
        rf"^    \$ python examples/{FILE.name} {options}\n((?:    .*\n)+)", text, re.M
    )
    assert found is not None
    return [line.removeprefix("    ") for line in found[1].splitlines()]


def row(number: int, low: float, high: float, counts: tuple[int, int, int, int]) -> str:
    wrong, shown, tested, test = counts
    return (
        f"{number:4}  {RECIPE.step.rate(number):.0e}  {low:12.2e} {high:11.2e}"
        f"  {wrong:9,} {wrong / shown:7.2%}  {tested:9,} {tested / test:7.2%}"
    )


def test_it_prints_what_it_says_and_what_the_engine_finds(mnist: Sets, folder: Path) -> None:
    """Two passes over the first thousand patterns: memory, a new sample, the same order."""
    options = "--passes 2 --patterns 1000"
    command = [sys.executable, str(FILE), str(folder), *options.split()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == printed(options)
    assert re.fullmatch(r"(1,000 patterns, \d+ wrong\r?\n?){2}", done.stderr)

    train, test = mnist
    engine = Engine(RECIPE, initial_parameters(RECIPE, 0))
    lines, h = [HEADING], np.zeros(0, np.float32)
    for number in (1, 2):
        new = engine.curvature(train, sample(number))
        memory = np.float32(RECIPE.step.memory)
        h = memory * h + (1 - memory) * new if number > 1 else new
        steps = epsilon(h, number)
        wrong = engine.learn(train, order()[:1000], steps).errors
        tested = np.count_nonzero(engine.penalties(test).argmin(1) != test.labels)
        lines.append(row(number, steps.min(), steps.max(), (wrong, 1000, tested, len(test))))
    assert done.stdout.splitlines() == lines


def test_the_first_pass_is_that_of_the_record_but_for_rounding() -> None:
    """After tens of thousands of updates last bits have become other errors, here and there."""
    first = read_csv(ROOT / "data/results/mnist/paper/train/passes.csv")[0]
    heading, line = printed("--passes 1")
    number, eta, low, high, wrong, percent, tested, percent_tested = line.split()
    assert (heading, number, first["seed"], first["pass"]) == (HEADING, "1", "0", "1")
    assert float(eta) == float(first["eta"])
    steps = [f"{float(first[name]):.2e}" for name in ("smallest_step", "largest_step")]
    assert [low, high] == steps
    for count, share, name, of in (
        (wrong, percent, "errors_on_the_fly", "patterns"),
        (tested, percent_tested, "test_errors", "test_patterns"),
    ):
        found, recorded = int(count.replace(",", "")), int(first[name])
        assert abs(found - recorded) < recorded**0.5
        assert share == f"{found / int(first[of]):.2%}"


def test_control_c_ends_it_with_one_word(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-u", str(FILE), str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == HEADING + "\n"
        process.send_signal(signal.SIGINT)
        out, error = process.communicate()
    assert process.returncode == 130
    assert out == ""
    assert error.endswith("\ninterrupted\n") and "Traceback" not in error


def test_without_data_it_says_where_they_come_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [FILE.name, str(tmp_path)])
    with pytest.raises(SystemExit, match="2"):
        one.main()
    assert f"{tmp_path}: no MNIST there; `paper-lenet download`" in capsys.readouterr().err
