"""LeNet5 against a second transcription, its shapes, its input checks, its gradients."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch
from drawn import digits
from torch.autograd import gradcheck

from paper_lenet.base.errors import RecipeError
from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import Engine
from paper_lenet.network import weights
from paper_lenet.network.architecture import TABLE_I, Network, codes, layers, parameter_shapes
from paper_lenet.network.lenet5 import InputError, LeNet5
from paper_lenet.network.losses import losses
from paper_lenet.network.recipe import Initial, Loss, Recipe

VARIANTS = [
    Network(),
    Network(28, "full", "tanh", "sum", "trainable_rbf"),
    Network(32, "full", "relu", "max", "softmax"),
    Network(28, "table", "scaled_tanh", "fixed_average", "targets"),
    Network(28, "table", "relu", "average", "rbf"),
    Network(32, "table", "tanh", "sum", "softmax"),
]


def inputs(side: int = 32, count: int = 2) -> torch.Tensor:
    generator = torch.Generator().manual_seed(3)
    return torch.rand(count, 1, side, side, generator=generator) * 1.275 - 0.1


def wild(network: Network, seed: int = 0) -> LeNet5:
    """A network in float64 whose every array is drawn anew, so that no bias is 0."""
    result = LeNet5(network).double()
    generator = torch.Generator().manual_seed(seed)
    for part in result.parameters():
        noise = torch.randn(part.shape, dtype=torch.float64, generator=generator)
        part.data = part.data + 0.1 * noise
    return result


@pytest.mark.parametrize("network", VARIANTS, ids=str)
def test_state_dict_has_the_names_shapes_and_order_of_the_layer_list(network):
    found = {name: tuple(part.shape) for name, part in LeNet5(network).state_dict().items()}
    assert list(found.items()) == list(parameter_shapes(network).items())


def test_trainable_parameters_are_60000():
    assert sum(part.numel() for part in LeNet5().parameters()) == 60_000


@pytest.mark.parametrize("network", VARIANTS, ids=str)
def test_states_have_the_shapes_of_the_layer_list(network):
    states = LeNet5(network).activations(inputs(network.input, 3))
    for layer in layers(network):
        assert states[layer.name].shape == (3, *layer.shape), layer.name
    extra = {"units"} if network.output == "targets" else set()
    assert set(states) == {layer.name for layer in layers(network)} | extra


def test_forward_returns_ten_penalties_per_pattern():
    network = LeNet5()
    penalties = network(inputs())
    assert penalties.shape == (2, 10)
    assert penalties.dtype == torch.float32
    assert torch.equal(penalties, network.activations(inputs())["output"])
    assert (penalties >= 0).all()


def by_hand(network: LeNet5, image: np.ndarray) -> dict[str, np.ndarray]:
    """Section II-B once more, unit by unit, in NumPy, for the paper's network."""
    part = {name: value.detach().numpy() for name, value in network.state_dict().items()}

    def f(a):
        return 1.7159 * np.tanh(2 / 3 * a)

    def convolve(maps, size, side, terms, bias):
        a = np.zeros((maps, size, size))
        for i, row, column in np.ndindex(maps, size, size):
            a[i, row, column] = bias[i] + sum(
                (kernel * source[row : row + side, column : column + side]).sum()
                for kernel, source in terms(i)
            )
        return f(a)

    def subsample(x, name):
        a = np.zeros((len(x), x.shape[1] // 2, x.shape[1] // 2))
        for i, row, column in np.ndindex(a.shape):
            average = x[i, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2].mean()
            a[i, row, column] = part[f"{name}.coefficient"][i] * average + part[f"{name}.bias"][i]
        return f(a)

    number = {pair: k for k, pair in enumerate((i, j) for i in range(16) for j in TABLE_I[i])}
    x = {}
    x["C1"] = convolve(6, 28, 5, lambda i: [(part["C1.weight"][i, 0], image)], part["C1.bias"])
    x["S2"] = subsample(x["C1"], "S2")
    x["C3"] = convolve(
        16,
        10,
        5,
        lambda i: [(part["C3.weight"][number[i, j]], x["S2"][j]) for j in TABLE_I[i]],
        part["C3.bias"],
    )
    x["S4"] = subsample(x["C3"], "S4")
    x["C5"] = convolve(
        120, 1, 5, lambda i: zip(part["C5.weight"][i], x["S4"], strict=True), part["C5.bias"]
    )
    x["F6"] = f(part["F6.weight"] @ x["C5"].ravel() + part["F6.bias"])
    x["output"] = np.array([((x["F6"] - code) ** 2).sum() / 2 for code in np.array(codes())])
    return x


def test_every_state_matches_a_second_transcription():
    network = wild(Network())
    image = inputs(count=1).double()
    states = network.activations(image)
    for name, expected in by_hand(network, image[0, 0].numpy()).items():
        found = states[name][0].detach().numpy()
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12, err_msg=name)


def test_penalties_of_the_departures_are_as_described():
    x = inputs(28).double()
    targets = wild(VARIANTS[3])
    units = targets.activations(x)["units"]
    own = 2 * torch.eye(10, dtype=torch.float64) - 1
    expected = ((units[:, None] - own) ** 2).sum(2) / 2
    torch.testing.assert_close(targets(x), expected)

    softmax = wild(Network(28, output="softmax"))
    states = softmax.activations(x)
    scores = states["F6"] @ softmax.output.weight.T + softmax.output.bias
    torch.testing.assert_close(states["output"], -scores)


def test_half_halves_the_penalties():
    parameters = weights.initial_parameters(Recipe(), 1)
    half = LeNet5.from_parameters(parameters, half=True)(inputs())
    whole = LeNet5.from_parameters(parameters, half=False)(inputs())
    torch.testing.assert_close(whole, 2 * half)


@pytest.mark.parametrize(("side", "outputs"), [(32, 1), (36, 2), (40, 3)])
def test_a_larger_field_slides_the_network_over_it(side, outputs):
    """Every output is the network's on the 32 x 32 window 4 pixels further (Section II-B, C5)."""
    network, x = LeNet5().double(), inputs(side).double()
    penalties = network(x)
    assert penalties.shape == ((2, 10) if outputs == 1 else (2, 10, outputs, outputs))
    penalties = penalties.view(2, 10, outputs, outputs)
    for row, column in itertools.product(range(outputs), repeat=2):
        window = x[:, :, 4 * row : 4 * row + 32, 4 * column : 4 * column + 32]
        torch.testing.assert_close(network(window), penalties[:, :, row, column])


def test_a_wider_field_may_have_another_height():
    assert LeNet5()(torch.zeros(1, 1, 32, 48)).shape == (1, 10, 1, 5)
    assert LeNet5(Network(28))(torch.zeros(1, 1, 28, 28)).shape == (1, 10)
    assert LeNet5(Network(28, output="targets"))(torch.zeros(1, 1, 32, 28)).shape == (1, 10, 2, 1)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (torch.zeros(1, 1, 28, 28), "must be 32 x 32 pixels, or larger in steps of 4, not 28 x 28"),
        (torch.zeros(1, 1, 32, 34), "not 32 x 34"),
        (torch.zeros(1, 3, 32, 32), "1 channel"),
        (torch.zeros(1, 32, 32), r"\(N, 1, rows, columns\), not \(1, 32, 32\)"),
        (np.zeros((1, 1, 32, 32), np.float32), "tensor .* not ndarray"),
        (torch.zeros(1, 1, 32, 32, dtype=torch.float64), "float32 like the weights, not .*float64"),
        (torch.zeros(1, 1, 32, 32, dtype=torch.uint8), "not torch.uint8"),
        (torch.full((1, 1, 32, 32), math.nan), "not finite"),
        (torch.full((1, 1, 32, 32), math.inf), "not finite"),
    ],
)
def test_wrong_input_is_named(wrong, message):
    with pytest.raises(InputError, match=message):
        LeNet5()(wrong)
    assert issubclass(InputError, ValueError)


def test_the_summary_is_the_papers_table():
    rows = [row.split() for row in LeNet5().summary().splitlines()]
    found = {row[0]: row for row in rows}
    assert found["C1"] == ["C1", "6", "@", "28x28", "5x5", "156", "122,304"]
    assert found["S2"] == ["S2", "6", "@", "14x14", "2x2", "12", "5,880"]
    assert found["C3"] == ["C3", "16", "@", "10x10", "5x5", "1,516", "151,600"]
    assert found["S4"] == ["S4", "16", "@", "5x5", "2x2", "32", "2,000"]
    assert found["C5"] == ["C5", "120", "@", "1x1", "5x5", "48,120", "48,120"]
    assert found["F6"] == ["F6", "84", "@", "1x1", "10,164", "10,164"]
    assert found["output"] == ["output", "10", "@", "1x1", "0", "840"]
    assert found["total"] == ["total", "60,000", "340,908"]


def test_it_starts_from_the_initial_weights_of_its_seed():
    for seed in (0, 5):
        expected = weights.initial_parameters(Recipe(), seed)
        found = LeNet5(seed=seed).state_dict()
        assert all(np.array_equal(found[name], part) for name, part in expected.items())


def test_making_one_leaves_pytorchs_random_numbers_alone():
    before = torch.get_rng_state()
    LeNet5()
    assert torch.equal(torch.get_rng_state(), before)


def test_from_parameters_copies_and_refuses_what_does_not_fit():
    parameters = weights.initial_parameters(Recipe(initial=Initial(bound=1.0)), 2)
    network = LeNet5.from_parameters(parameters)
    parameters["C1.bias"] += 1
    assert network.C1.bias.abs().max() == 0
    with pytest.raises(RecipeError, match=r"C5\.weight"):
        LeNet5.from_parameters(parameters, Network(28))


@pytest.mark.parametrize("network", VARIANTS, ids=str)
def test_gradients_in_float64(network):
    """Of the loss in all parameters and the input, along random directions."""
    net = wild(network)
    names = [name for name, _ in net.named_parameters()]
    loss = Loss(9, math.inf if network.output == "softmax" else 30.0)
    labels = torch.tensor([3, 8])

    def function(x, *parts):
        given = dict(zip(names, parts, strict=True))
        return losses(torch.func.functional_call(net, given, (x,)), labels, loss)

    parts = [part.detach().clone().requires_grad_() for part in net.parameters()]
    x = inputs(network.input).double().requires_grad_()
    assert gradcheck(function, (x, *parts), fast_mode=True)


def test_drawn_digits_fill_the_field_that_the_network_takes():
    patterns = digits()
    x = torch.from_numpy(patterns.inputs(slice(None)))
    assert LeNet5()(x).shape == (10, 10)
    assert (x.min(), x.max()) == (torch.tensor(-0.1), torch.tensor(1.175))


def test_pretrained_is_the_shipped_network(mnist: tuple[Patterns, Patterns]) -> None:
    _, test = mnist
    some = test.subset(slice(0, 500))
    trained = weights.load(weights.PRETRAINED)
    answers = LeNet5.pretrained()(torch.from_numpy(some.inputs(slice(None)))).argmin(1).numpy()
    expected = Engine(trained.recipe, trained.parameters).penalties(some).argmin(1)
    assert (answers == expected).all()
    assert (answers == some.labels).mean() > 0.97


def test_a_trained_network_is_what_its_recipe_says() -> None:
    recipe = Recipe(Network(c3="full", subsampling="sum"), loss=Loss(half=False))
    trained = weights.Trained(weights.initial_parameters(recipe, 4), recipe, 4)
    network = LeNet5.from_trained(trained)
    assert network.network == recipe.network and network.output.scale == 1.0
    for name, part in network.named_parameters():
        assert np.array_equal(part.detach().numpy(), trained.parameters[name]), name


def test_every_seed_of_a_clone_can_be_had() -> None:
    committed = weights.load(weights.OTHERS / "seed-07.safetensors")
    network = LeNet5.pretrained(7)
    assert committed.seed == 7
    assert np.array_equal(network.C1.weight.detach().numpy(), committed.parameters["C1.weight"])
    assert not torch.equal(network.C1.weight, LeNet5.pretrained().C1.weight)


def test_an_input_on_another_device_than_the_weights_is_told() -> None:
    network = LeNet5().to("meta")
    with pytest.raises(InputError, match="must be on meta like the weights, not on cpu"):
        network(inputs())
    assert network(inputs().to("meta")).shape == (2, 10)
    with pytest.raises(InputError, match="must be on cpu like the weights, not on meta"):
        LeNet5()(inputs().to("meta"))


@pytest.mark.parametrize("network", VARIANTS, ids=str)
def test_all_of_a_network_is_made_on_pytorchs_default_device(network) -> None:
    with torch.device("meta"):
        made = LeNet5(network)
    assert {part.device.type for part in (*made.parameters(), *made.buffers())} == {"meta"}


def test_its_repr_has_the_sizes_and_the_function_of_each_layer() -> None:
    text = repr(LeNet5())
    for line in (
        "(squash): ScaledTanh(amplitude=1.7159, slope=0.6667)",
        "6, kind=average",
        "(C3): SparseConv2d(6, 16, kernel_size=(5, 5), kernels=60 of 96)",
        "(output): RadialBasis(84, 10, scale=0.5, trainable=False)",
    ):
        assert line in text
