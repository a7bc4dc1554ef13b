"""The networks that tutorials call LeNet-5: sizes, steps, schedules, bits, and refusals."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.base.errors import RecipeError
from paper_lenet.base.files import file_digest, read_csv
from paper_lenet.digits import excerpt, mnist
from paper_lenet.digits.dataset import Data, Source
from paper_lenet.digits.idx import write_idx
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.params import read_params
from paper_lenet.studies.study import Folders
from paper_lenet.studies.tutorials import command, initial, schedule
from paper_lenet.studies.tutorials.misread import nearest
from paper_lenet.studies.tutorials.network import Dropout, Network
from paper_lenet.studies.tutorials.optimisers import Steps
from paper_lenet.studies.tutorials.record import record
from paper_lenet.studies.tutorials.report import analyse, summary
from paper_lenet.studies.tutorials.runs import RUNS, Run, digest, pack, prepare, unpack
from paper_lenet.studies.tutorials.sets import Sets, sets
from paper_lenet.studies.tutorials.spec import (
    Inputs,
    Layer,
    Optimiser,
    Training,
    Tutorial,
    read_tutorials,
    selected,
    shapes,
)
from paper_lenet.studies.tutorials.train import (
    PassRow,
    TrainingState,
    TutorialError,
    beginning,
    one_pass,
)
from paper_lenet.training import checkpoint
from paper_lenet.training.checkpoint import CheckpointError
from paper_lenet.training.kind import Job
from paper_lenet.training.pool import Pool, Processes, Threads
from paper_lenet.training.runner import trained
from paper_lenet.training.store import Store

ROOT = Path(__file__).parents[2]
FILE = ROOT / "studies/tutorials.yaml"
TUTORIALS = read_tutorials(FILE).tutorials

# Each network once more, in PyTorch's own modules.
conv, dense = torch.nn.Conv2d, torch.nn.Linear
TRANSCRIBED = {
    "keras_sigmoid": lambda: [conv(1, 6, 5), conv(6, 16, 5), *head(16 * 5 * 5, 120, 84)],
    "keras_tanh_max": lambda: [conv(1, 6, 5), conv(6, 16, 5), *head(16 * 5 * 5, 120, 84)],
    "keras_relu_same": lambda: [
        conv(1, 6, 5),
        conv(6, 16, 5),
        conv(16, 120, 5),
        *head(120 * 7 * 7, 84),
    ],
    "keras_cnn": lambda: [conv(1, 32, 3), conv(32, 64, 3), *head(64 * 12 * 12, 128)],
    "torch_tanh_sgd": lambda: [conv(1, 6, 5), conv(6, 16, 5), conv(16, 120, 5), *head(120, 84)],
    "ladder_adam": lambda: [conv(1, 6, 5), conv(6, 16, 5), conv(16, 120, 5), *head(120, 84)],
}
COUNTS = {
    "keras_sigmoid": 61_706,
    "keras_tanh_max": 61_706,
    "keras_relu_same": 545_546,
    "keras_cnn": 1_199_882,
    "torch_tanh_sgd": 61_706,
    "ladder_adam": 61_706,
}


def head(*units: int) -> list[torch.nn.Module]:
    sizes = (*units, 10)
    return [dense(below, above) for below, above in pairwise(sizes)]


SMALL = Tutorial(
    Inputs("mnist"),
    (
        Layer("conv", maps=2, kernel=5, padding="same", activation="relu"),
        Layer("max_pool"),
        Layer("dropout", share=0.25),
        Layer("flatten"),
        Layer("dense", units=10),
    ),
    "keras",
    Optimiser("adam_keras", 0.01),
    Training(8, 3, validation=0.25, patience=3, plateau=1, factor=0.5),
    mistakes=True,
    by_class=True,
)


def images(count: int, stream: int) -> NDArray[np.uint8]:
    words = streams.words(stream, count * 28 * 28)
    return (words >> np.uint64(56)).astype(np.uint8).reshape(count, 28, 28)


def write_data(folder: Path) -> None:
    folder.mkdir(parents=True)
    for (pictures, labels), count, stream in ((mnist.TRAIN, 40, 1), (mnist.TEST, 20, 2)):
        write_idx(folder / pictures, images(count, stream))
        write_idx(folder / labels, (np.arange(count) % 10).astype(np.uint8))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """As in the processes that train: sums over several threads have other last digits."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    write_data(tmp_path / "raw/mnist")
    return tmp_path / "raw/mnist"


def bits(state: TrainingState) -> bytes:
    assert state.memory is not None and state.test is not None
    rows = [row._replace(seconds=0) for row in state.rows]
    parts = [part.tobytes() for part in state.parameters.values()]
    return b"".join([*parts, state.memory.tobytes(), state.test.tobytes(), repr(rows).encode()])


def train(tutorial: Tutorial, seed: int, patterns: Sets, passes: int) -> TrainingState:
    state = beginning(tutorial, seed)
    for _ in range(passes):
        state = one_pass(tutorial, seed, patterns, state)
    return state


# The networks.


@pytest.mark.parametrize("name", TUTORIALS)
def test_parameters_are_those_of_a_second_transcription(name: str) -> None:
    modules = TRANSCRIBED[name]()
    expected = [tuple(part.shape) for module in modules for part in module.parameters()]
    assert list(initial.parameter_shapes(TUTORIALS[name]).values()) == expected
    assert initial.parameters(TUTORIALS[name]) == COUNTS[name]


@pytest.mark.parametrize("name", TUTORIALS)
def test_shapes_are_those_of_the_states(name: str) -> None:
    tutorial = TUTORIALS[name]
    state = beginning(tutorial, 0)
    x = torch.rand(2, 1, tutorial.inputs.side, tutorial.inputs.side)
    for length, shape in enumerate(shapes(tutorial.inputs.side, tutorial.layers)):
        part = replace(tutorial, layers=tutorial.layers[:length])
        found = Network(part, state.parameters).logits(x)
        sides = (shape.side, shape.side) if shape.side else ()
        assert found.shape == (2, shape.maps, *sides)


def test_keras_tanh_max_is_the_function_written_out() -> None:
    tutorial = TUTORIALS["keras_tanh_max"]
    p = {k: torch.from_numpy(v) for k, v in initial.initial_parameters(tutorial, 1).items()}
    x = torch.rand(3, 1, 32, 32)
    pool = torch.nn.MaxPool2d(2)
    y = pool(torch.tanh(torch.conv2d(x, p["0.weight"], p["0.bias"])))
    y = pool(torch.tanh(torch.conv2d(y, p["2.weight"], p["2.bias"]))).flatten(1)
    y = torch.tanh(y @ p["5.weight"].T + p["5.bias"])
    y = torch.tanh(y @ p["6.weight"].T + p["6.bias"])
    y = y @ p["7.weight"].T + p["7.bias"]
    network = Network(tutorial, initial.initial_parameters(tutorial, 1))
    torch.testing.assert_close(network.logits(x).detach(), y)


def test_initial_weights_have_each_framework_s_law() -> None:
    layers = (Layer("flatten"), Layer("dense", units=400), Layer("dense", units=10))
    bounds = {
        "keras": math.sqrt(6 / (784 + 400)),
        "torch": 1 / math.sqrt(784),
        "paper": math.sqrt(3 / 784),
    }
    for law, bound in bounds.items():
        parts = initial.initial_parameters(replace(SMALL, layers=layers, initial=law), 0)
        weights, biases = parts["1.weight"], parts["1.bias"]
        assert np.abs(weights).max() == pytest.approx(bound, rel=1e-3)
        assert weights.std() == pytest.approx(bound / math.sqrt(3), rel=0.01)
        if law == "torch":
            assert np.abs(biases).max() == pytest.approx(bound, rel=0.05)
        else:
            assert not biases.any()


def test_dropout_leaves_out_its_share_and_scales_the_rest() -> None:
    x = torch.ones(50, 1003)
    dropped = Dropout(0, 1, 2)(x, 0, 0.25)
    assert set(dropped.unique().tolist()) == {0.0, np.float32(1 / 0.75)}
    assert float((dropped == 0).float().mean()) == pytest.approx(0.25, abs=0.01)
    again = Dropout(0, 1, 2)
    assert torch.equal(again(x, 0, 0.25), dropped)
    assert not torch.equal(again(x, 0, 0.25), dropped), "the next batch has other states left out"
    assert not torch.equal(Dropout(0, 2, 2)(x, 0, 0.25), dropped), "and so has the next pass"
    assert not torch.equal(again(x, 1, 0.25), dropped), "and another layer"


def test_nothing_is_left_out_in_tests() -> None:
    network = Network(SMALL, initial.initial_parameters(SMALL, 0))
    x = torch.rand(4, 1, 28, 28)
    without = replace(SMALL, layers=tuple(each for each in SMALL.layers if each.share == 0))
    parts = initial.initial_parameters(SMALL, 0)
    plain = Network(without, {k.replace("4.", "3."): v for k, v in parts.items()})
    assert torch.equal(network.logits(x), plain.logits(x))


# The steps.


def by_hand(law: str, gradients: list[float], rate: float) -> float:
    """One weight after these gradients, starting at 1."""
    w, m, v = 1.0, 0.0, 0.0
    for t, g in enumerate(gradients, 1):
        if law == "sgd":
            v = 0.9 * v + g
            w -= rate * v
        elif law == "rmsprop":
            v = 0.9 * v + 0.1 * g * g
            w -= rate * g / (math.sqrt(v) + 1e-7)
        else:
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
            m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
            if law == "adam":
                w -= rate * m_hat / (math.sqrt(v_hat) + 1e-8)
            else:  # Keras: the rate is corrected instead
                w -= rate * math.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (math.sqrt(v) + 1e-7)
    return w


@pytest.mark.parametrize("law", ["rmsprop", "adam", "adam_keras", "sgd"])
def test_steps_are_those_written_by_hand(law: str) -> None:
    optimiser = Optimiser(law, 0.01, 0.9 if law == "sgd" else 0.0)
    # Gradients as small as the constants, where these count.
    gradients = [[3e-7, -0.2], [1e-8, 0.1], [-5e-7, 0.4]]
    weights = torch.ones(2, dtype=torch.float64)
    steps = Steps(optimiser, weights, None, 0)
    for gradient in gradients:
        steps.step(torch.tensor(gradient, dtype=torch.float64), 0.01)
    for place in range(2):
        expected = by_hand(law, [pair[place] for pair in gradients], 0.01)
        assert float(weights[place]) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("law", ["rmsprop", "adam", "sgd"])
def test_steps_are_pytorch_s_where_it_has_them(law: str) -> None:
    weights, leaf = torch.ones(3, dtype=torch.float64), torch.ones(3, dtype=torch.float64)
    theirs: torch.optim.Optimizer
    if law == "rmsprop":
        theirs = torch.optim.RMSprop([leaf], lr=0.01, alpha=0.9, eps=1e-7)
    elif law == "adam":
        theirs = torch.optim.Adam([leaf], lr=0.01)
    else:
        theirs = torch.optim.SGD([leaf], lr=0.01, momentum=0.9)
    ours = Steps(Optimiser(law, 0.01, 0.9 if law == "sgd" else 0.0), weights, None, 0)
    for count in range(5):
        leaf.grad = torch.tensor([0.1 * count, -1e-6, 0.3], dtype=torch.float64)
        theirs.step()
        ours.step(leaf.grad, 0.01)
    torch.testing.assert_close(weights, leaf, rtol=1e-14, atol=0)


def test_gradient_is_that_of_the_mean_loss() -> None:
    network = Network(SMALL, initial.initial_parameters(SMALL, 0), torch.float64)
    x, labels = torch.rand(4, 1, 28, 28, dtype=torch.float64), torch.tensor([0, 3, 9, 3])
    loss, _ = network.learn(x, labels, Dropout(0, 1, 5))
    place = int(network.gradient.abs().argmax())
    delta = 1e-6
    values = []
    for sign in (1, -1):
        moved = Network(SMALL, initial.initial_parameters(SMALL, 0), torch.float64)
        with torch.no_grad():
            moved.flat[place] += sign * delta
        values.append(moved.learn(x, labels, Dropout(0, 1, 5))[0])
    assert min(values) < loss < max(values)
    slope = (values[0] - values[1]) / (2 * delta)
    assert float(network.gradient[place]) == pytest.approx(slope, rel=1e-6)


# When a training stops, and when its rate falls.


@pytest.mark.parametrize(
    ("losses", "stopped"),
    [
        ([], False),
        ([5, 4, 3, 2, 1], False),
        ([5, 1, 2, 2], False),
        ([5, 1, 2, 2, 2], True),
        ([5, 1, 1, 1, 1], True),  # as low as the best is no lower
        ([5, 3, 4, 4, 2.9999], False),  # any fall counts
        ([6, 5, 4, 3, 2, 1], True),  # no pass left
    ],
)
def test_training_stops_after_three_passes_without_a_fall(
    losses: list[float], stopped: bool
) -> None:
    assert schedule.stops(Training(8, 6, validation=0.1, patience=3), losses) is stopped


def test_without_patience_only_the_number_of_passes_stops() -> None:
    assert not schedule.stops(Training(8, 4), [0.0, 0.0, 0.0])
    assert schedule.stops(Training(8, 4), [0.0] * 4)


@pytest.mark.parametrize(
    ("losses", "rate"),
    [
        ([], 8.0),
        ([3, 2, 1], 8.0),
        ([1, 1, 1], 8.0),
        ([1, 1, 1, 1], 4.0),
        ([1, 0.99996, 0.99994, 0.99992], 4.0),  # too little to count
        ([1, 0.99996, 0.99994, 0.99982], 8.0),  # until it adds up
        ([1, 2, 2, 0.5, 2, 2, 2], 4.0),  # a fall begins anew
        ([1, 1, 1, 1, 1, 1, 1], 2.0),  # and so does a fall of the rate
    ],
)
def test_rate_is_halved_on_a_plateau(losses: list[float], rate: float) -> None:
    training = Training(8, 20, validation=0.1, plateau=3, factor=0.5)
    assert schedule.rate(training, 8.0, losses) == rate


# The patterns.


def test_validation_is_the_last_share_of_the_file(raw: Path) -> None:
    found = sets(Inputs("mnist"), 0.25, raw)
    training, test = mnist.load(raw)
    assert np.array_equal(found.training.grey, training.images[:30])
    assert np.array_equal(found.validation.grey, training.images[30:])
    assert np.array_equal(found.test.grey, test.images)


def test_scale_and_size_are_the_tutorial_s(raw: Path) -> None:
    padded = sets(Inputs("mnist", side=32), 0.0, raw).test
    assert not padded.grey[:, :2].any() and not padded.grey[:, :, 30:].any()
    assert np.array_equal(padded.grey[:, 2:30, 2:30], mnist.load(raw)[1].images)
    np.testing.assert_allclose(padded.levels, np.arange(256) / 255, rtol=1e-6)
    torch_like = TUTORIALS["torch_tanh_sgd"].inputs
    resized = sets(torch_like, 0.0, raw).test
    assert resized.grey.shape == (20, 32, 32)
    np.testing.assert_allclose(resized.levels, (np.arange(256) / 255 - 0.1307) / 0.3081, rtol=1e-5)


def test_resizing_keeps_an_even_field_and_a_middle(tmp_path: Path) -> None:
    field = np.full((1, 28, 28), 77, np.uint8)
    field[0, :, 14:] = 177
    for pictures, labels in (mnist.TRAIN, mnist.TEST):
        write_idx(tmp_path / pictures, field)
        write_idx(tmp_path / labels, np.zeros(1, np.uint8))
    grey = sets(Inputs("mnist", side=32, by="resizing"), 0.0, tmp_path).test.grey[0]
    assert (grey[:, :15] == 77).all() and (grey[:, 17:] == 177).all()
    assert (np.diff(grey.astype(int), axis=1) >= 0).all()


# Bits.


def test_same_seed_same_bits_and_another_seed_others(raw: Path) -> None:
    patterns = sets(SMALL.inputs, 0.25, raw)
    first = bits(train(SMALL, 0, patterns, 2))
    torch.manual_seed(5)  # our bits do not hang on PyTorch's generator
    assert bits(train(SMALL, 0, patterns, 2)) == first
    assert bits(train(SMALL, 1, patterns, 2)) != first


@pytest.mark.parametrize("law", ["rmsprop", "adam_keras", "sgd"])
def test_resumed_training_is_the_uninterrupted_one(law: str, raw: Path, tmp_path: Path) -> None:
    tutorial = replace(SMALL, optimiser=Optimiser(law, 0.01, 0.9 if law == "sgd" else 0.0))
    patterns = sets(tutorial.inputs, 0.25, raw)
    checkpoint.save(tmp_path, pack(train(tutorial, 0, patterns, 1)))
    read = checkpoint.load(tmp_path)
    assert read is not None
    kept = unpack(Run("small", tutorial, 0), read)
    for _ in range(2):
        kept = one_pass(tutorial, 0, patterns, kept)
    assert bits(kept) == bits(train(tutorial, 0, patterns, 3))


def test_each_pass_shows_every_pattern_once_in_another_order() -> None:
    orders = [streams.permutation(initial.stream(0, initial.ORDER, n), 50) for n in (1, 2)]
    assert all(sorted(order) == list(range(50)) for order in orders)
    assert not np.array_equal(*orders)


def test_streams_of_one_seed_are_all_different() -> None:
    keys = [
        initial.stream(0, kind, number)
        for kind in (initial.INITIAL, initial.ORDER, initial.DROPOUT)
        for number in range(400)
    ]
    assert len(set(keys)) == len(keys)


def test_a_training_that_diverges_says_where(raw: Path) -> None:
    run = Run("small", replace(SMALL, inputs=Inputs("mnist", foreground=3e38)), 0)
    store = Store(raw.parent / "kept", RUNS, ["mnist data"])
    message = "small, seed 0: it diverges in pass 1: the loss is"
    with pytest.raises(TutorialError, match=message):
        trained([run], store, Threads(raw.parent, 1))
    assert not list((raw.parent / "kept").rglob("*.*")), "nothing is kept of it"


def test_trainings_side_by_side_are_kept_recorded_and_analysed(raw: Path, tmp_path: Path) -> None:
    runs = [Run("small", SMALL, seed) for seed in range(2)]
    store = Store(tmp_path / "work", RUNS, ["mnist data"])
    states = [each.state for each in trained(runs, store, Processes(raw.parent, prepare))]
    patterns = sets(SMALL.inputs, 0.25, raw)
    for run, state in zip(runs, states, strict=True):
        assert run.finished(state)
        assert bits(state) == bits(train(SMALL, run.seed, patterns, len(state.rows)))
    again = trained(runs, store, Threads(tmp_path / "no data", 1))  # nothing is trained
    assert [each.state.rows for each in again] == [state.rows for state in states]

    done = list(zip(runs, states, strict=True))
    folders = Folders("tutorials", tmp_path / "data", grids=tmp_path)
    names = [f"class {label}" for label in range(10)]
    folder = folders.trained()
    record(done, raw.parent, {"mnist": names}, folder)
    found = read_csv(folder / "runs.csv")
    assert [int(row["test_errors"]) for row in found] == [s.rows[-1].test_errors for s in states]
    assert len(read_csv(folder / "passes.csv")) == sum(len(state.rows) for state in states)
    recall = [float(row["recall"]) for row in read_csv(folder / "classes-small.csv")]
    errors = sum(state.rows[-1].test_errors for state in states)
    assert sum(recall) * 4 == pytest.approx(40 - errors, abs=1e-4)  # 4 answers a class
    mistakes = read_csv(folder / "mistakes-small.csv")
    confidence = [float(row["confidence"]) for row in mistakes]
    assert confidence == sorted(confidence, reverse=True)
    assert all(row["truth"] != row["answer"] for row in mistakes)
    pairs = sum(int(row["count"]) for row in read_csv(folder / "pairs-small.csv"))
    assert 0 < pairs <= errors
    for part, digits, column in zip(
        ("nearest", "misread"), mnist.load(raw), ("nearest_answer", "index"), strict=True
    ):
        pictures = excerpt.read(folder / f"{part}-small.csv")
        expected = [int(row[column]) for row in mistakes[: len(pictures.indices)]]
        assert pictures.indices.tolist() == expected
        assert np.array_equal(pictures.grey, digits.images[expected])

    write_tutorials(tmp_path / "tutorials.yaml", small={"mistakes": True}, untrained={})
    folders.results().mkdir(parents=True)
    analyse(folders)
    tree = json.loads((folders.results() / "summary.json").read_text("utf-8"))
    assert tree == {"small": summary(SMALL, found)}
    (row,) = read_csv(folders.results() / "summary.csv")
    assert float(row["test_mean"]) == tree["small"]["test"]["mean"]
    assert sorted(path.name for path in folders.figures.iterdir()) == [
        "mistakes-small-dark.svg",
        "mistakes-small-light.svg",
    ]


def write_tutorials(path: Path, **changes: dict[str, Any]) -> None:
    """A file of tutorials that are `SMALL` with changes, two seeds each."""
    tree = {name: json.loads(SMALL.to_json()) | change for name, change in changes.items()}
    path.write_text(yaml.safe_dump({"seeds": 2, "tutorials": tree}), encoding="utf-8")


@pytest.fixture
def command_at(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[str]]:
    """The command on two tiny tutorials: it returns what was trained, in this process."""
    sums = {name: file_digest(raw / name) for name in mnist.FILES}
    data = Data("mnist", (Source(folder=str(raw)),), sums)
    params = replace(read_params(ROOT / "params.yaml"), data=data)
    path = tmp_path / "tutorials.yaml"
    write_tutorials(path, one={}, two={"seeds": 1, "initial": "torch"})
    asked: list[str] = []

    def here(runs: list[Job], store: Store, pool: Pool) -> None:
        trained(runs, store, pool)
        asked.extend(map(str, runs))

    monkeypatch.setattr(command, "trained", here)
    monkeypatch.setattr(command, "Processes", lambda raw, prepare: Threads(raw, 1))

    def run(**options: Any) -> list[str]:
        asked.clear()
        command.tutorials(path, params, tmp_path / "data", **options)
        return list(asked)

    return run


def test_command_trains_what_is_asked_for_and_records_what_is_finished(
    command_at: Callable[..., list[str]], tmp_path: Path
) -> None:
    table = tmp_path / "data/trainings/tutorials/runs.csv"
    assert command_at(only=["two"]) == ["two, seed 0"]
    assert [row["tutorial"] for row in read_csv(table)] == ["two"]
    assert command_at() == ["one, seed 0", "one, seed 1", "two, seed 0"]
    assert [row["tutorial"] for row in read_csv(table)] == ["one", "one", "two"]
    first = table.read_bytes()
    assert command_at(only=["one"]) == ["one, seed 0", "one, seed 1"]
    assert table.read_bytes() == first
    assert command_at(only=["two"], seeds=2) == ["two, seed 0", "two, seed 1"]
    seconds = json.loads((tmp_path / "data/timings/studies/tutorials.json").read_text("utf-8"))
    assert [row["tutorial"] for row in seconds["trainings"]] == ["one", "two"]
    for row in seconds["trainings"]:
        parts = seconds["seconds_per_pass"][row["tutorial"]].values()
        assert row["seconds"] * len(parts) == pytest.approx(sum(map(sum, parts)), abs=0.01)


def test_command_refuses_what_there_is_not(
    command_at: Callable[..., list[str]], tmp_path: Path
) -> None:
    for seeds in (-1, 10**11):
        with pytest.raises(RecipeError, match=f"--seeds: {seeds} is not a number of seeds up to"):
            command_at(seeds=seeds)
    path = tmp_path / "tutorials.yaml"
    path.write_text(path.read_text("utf-8").replace("data: mnist", "data: letters"), "utf-8")
    with pytest.raises(RecipeError, match=r"tutorials\.one\.inputs\.data: no data set 'letters'"):
        command_at()


def test_a_digest_hangs_on_what_decides_the_result_alone() -> None:
    def of(tutorial: Tutorial, seed: int = 0, data: str = "a", other: str = "a") -> str:
        return digest(Run("name", tutorial, seed), [f"mnist {data}", f"letters {other}"])

    same = of(SMALL)
    assert of(replace(SMALL, printed={"test": 99.0}, seeds=7, mistakes=False)) == same
    assert of(SMALL, other="b") == same
    others = {
        of(SMALL, seed=1),
        of(SMALL, data="b"),
        of(replace(SMALL, initial="torch")),
        of(replace(SMALL, training=Training(9, 3))),
    }
    assert len(others | {same}) == 5


def test_a_broken_checkpoint_is_named(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/state.safetensors").write_bytes(b"nothing")
    with pytest.raises(CheckpointError, match=r"state\.safetensors: not a readable checkpoint"):
        Store(tmp_path, RUNS, []).state(Run("small", SMALL, 0), "kept")


# The report.


def test_summary_has_the_last_pass_and_the_author_s_error(tmp_path: Path) -> None:
    def training(seed: int, errors: int) -> tuple[Run, TrainingState]:
        rows = [
            PassRow(n, 0.1, 1.0, 9, 90, 0.5, 1, 10, wrong, 100, 1.0)
            for n, wrong in enumerate((0, errors), 1)
        ]
        tutorial = replace(SMALL, mistakes=False, by_class=False)
        return Run("small", tutorial, seed), TrainingState({}, rows=tuple(rows))

    record([training(0, 1), training(1, 3)], tmp_path, {}, tmp_path)
    rows = read_csv(tmp_path / "runs.csv")
    found = summary(replace(SMALL, printed={"test": 98.5}), rows)
    assert found["test"]["mean"] == 2.0
    assert found["test"]["sd"] == pytest.approx(math.sqrt(2), abs=1e-6)
    assert found["test"]["author"] == 1.5
    assert found["training"]["author"] is None
    assert found["training"]["mean"] == 10.0
    assert found["passes_least"] == found["passes_greatest"] == 2
    assert found["parameters"] == initial.parameters(SMALL)


def test_without_validation_its_error_is_empty(tmp_path: Path) -> None:
    row = PassRow(1, 0.1, 1.0, 9, 90, 0.0, 0, 0, 5, 100, 1.0)
    tutorial = replace(SMALL, mistakes=False, by_class=False)
    record([(Run("small", tutorial, 0), TrainingState({}, rows=(row,)))], tmp_path, {}, tmp_path)
    found = summary(SMALL, read_csv(tmp_path / "runs.csv"))
    assert set(found["validation"].values()) == {None}
    assert found["test"]["mean"] == 5.0


def test_the_committed_analysis_is_what_the_committed_record_says(tmp_path: Path) -> None:
    (tmp_path / "trainings").mkdir()
    committed = Folders("tutorials", ROOT / "data", grids=ROOT / "studies")
    (tmp_path / "trainings/tutorials").symlink_to(committed.trained())
    folders = Folders("tutorials", tmp_path, grids=ROOT / "studies")
    folders.results().mkdir(parents=True)
    analyse(folders)
    for name in ("summary.json", "summary.csv"):
        expected = (committed.results() / name).read_bytes()
        assert (folders.results() / name).read_bytes() == expected
    drawn = sorted(path.name for path in folders.figures.iterdir())
    assert drawn == sorted(path.name for path in committed.figures.iterdir())


def test_nearest_is_that_of_a_search_by_hand() -> None:
    training = mnist.Digits(images(40, 1), (np.arange(40) % 10).astype(np.uint8))
    image = images(1, 3)[0]
    best = min(
        (math.sqrt(((training.images[i].astype(float) - image) ** 2).mean()), i)
        for i in range(40)
        if training.labels[i] == 4
    )
    found = nearest(image, 4, training)
    assert (found.place, found.distance) == (best[1], pytest.approx(best[0]))


# Refusals.


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("seeds", 0, "seeds: 0 is not at least 1"),
        ("classes.fashion-mnist", ["a"], "classes.fashion-mnist: 1 is not 10 names"),
        ("tutorials", {}, "tutorials: 'nothing' is not one tutorial or more"),
        ("T.inputs.side", 30, "T.inputs.side: 30 is not one of 28, 32"),
        ("T.inputs.by", "magic", "T.inputs.by: 'magic' is not one of padding, resizing"),
        ("T.inputs.size", 28, "T.inputs.size: unknown key; known here: data, side"),
        ("T.inputs.deviation", 0.0, "T.inputs.deviation: 0.0 is not above 0"),
        ("T.initial", "he", "T.initial: 'he' is not one of keras, torch, paper"),
        ("T.optimiser.law", "lion", "T.optimiser.law: 'lion' is not one of rmsprop, adam,"),
        ("T.optimiser.rate", 0.0, "T.optimiser.rate: 0.0 is not above 0"),
        ("T.optimiser.rate", "1e-3", "T.optimiser.rate: '1e-3' is not of type float"),
        ("T.optimiser.momentum", 0.9, "T.optimiser.momentum: 0.9 is not a share below 1, of"),
        ("T.training.batch", 0, "T.training.batch: 0 is not at least 1"),
        ("T.training.validation", 1.0, "T.training.validation: 1.0 is not a share below 1"),
        ("T.training.patience", -1, "T.training.patience: -1 is not at least 0"),
        ("T.training.validation", 0.0, "T.training.patience: 5 is not at least 0, and 0 without"),
        ("T.training.factor", 2.0, "T.training.factor: 2.0 is not in (0, 1]"),
        ("T.printed", {"best": 1.0}, "T.printed: 'best' is not one of training, validation, test"),
        ("T.printed", {"test": 990.0}, "T.printed.test: 990.0 is not a percentage"),
        ("T.layers.0.layer", "attention", "T.layers[0].layer: 'attention' is not one of conv"),
        ("T.layers.0.units", 3, "T.layers[0].units: 3 is not a key of conv"),
        ("T.layers.0.kernel", 33, "T.layers[0].kernel: 33 is not a kernel for maps of side 32"),
        ("T.layers.0.maps", 0, "T.layers[0].maps: 0 is not at least 1"),
        ("T.layers.0.padding", "full", "T.layers[0].padding: 'full' is not one of valid, same"),
        ("T.layers.0.activation", "gelu", "T.layers[0].activation: 'gelu' is not one of linear"),
        ("T.layers.1", {"layer": "dense", "units": 9}, "T.layers[1].layer: 'dense' is not possibl"),
        ("T.layers.1", {"layer": "dropout", "share": 1.0}, "T.layers[1].share: 1.0 is not a share"),
        ("T.layers.7.units", 11, "T.layers: Layer(layer='dense'"),
        ("T.layers", [], "T.layers: None is not a list that ends in 10 linear dense units"),
    ],
)
def test_a_wrong_value_is_named_in_one_line(
    path: str, value: object, message: str, tmp_path: Path
) -> None:
    tree = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    name = "keras_tanh_max"
    keys = path.replace("T.", f"tutorials.{name}.").split(".")
    part = tree
    for key in keys[:-1]:
        part = part[int(key)] if isinstance(part, list) else part[key]
    part[int(keys[-1]) if isinstance(part, list) else keys[-1]] = value
    (tmp_path / "t.yaml").write_text(yaml.safe_dump(tree), encoding="utf-8")
    expected = message.replace("T.", f"tutorials.{name}.", 1)
    with pytest.raises(RecipeError, match=f"^{re.escape(expected)}") as error:
        read_tutorials(tmp_path / "t.yaml")
    assert "\n" not in str(error.value)


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="there is no such file"):
        read_tutorials(tmp_path / "none.yaml")
    (tmp_path / "t.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(RecipeError, match="not YAML"):
        read_tutorials(tmp_path / "t.yaml")


def test_same_padding_asks_for_odd_kernels() -> None:
    with pytest.raises(RecipeError, match="4 is not odd"):
        replace(SMALL.layers[0], kernel=4)


def test_only_names_known_tutorials() -> None:
    assert list(selected(TUTORIALS, ["keras_cnn"])) == ["keras_cnn"]
    assert list(selected(TUTORIALS, [])) == list(TUTORIALS)
    with pytest.raises(RecipeError, match="--only: 'x' is not one of keras_sigmoid"):
        selected(TUTORIALS, ["x"])


def test_a_pattern_kept_apart_is_not_trained_on(raw: Path) -> None:
    patterns = sets(SMALL.inputs, 0.25, raw)
    other = Patterns(255 - patterns.validation.grey, *_rest(patterns.validation))
    first = train(SMALL, 0, patterns, 1)
    second = train(SMALL, 0, replace(patterns, validation=other), 1)
    assert first.parameters["0.weight"].tobytes() == second.parameters["0.weight"].tobytes()
    assert first.rows[0].validation_loss != second.rows[0].validation_loss


def _rest(patterns: Patterns) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    return patterns.labels, patterns.levels
