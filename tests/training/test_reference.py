"""The reference execution: eq. 18 to the letter, and what `Execution` promises."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import digits

from paper_lenet.base.errors import RecipeError
from paper_lenet.network.architecture import Network, parameter_shapes
from paper_lenet.network.curvature import curvature
from paper_lenet.network.lenet5 import LeNet5
from paper_lenet.network.losses import losses
from paper_lenet.network.protocol import InputError
from paper_lenet.network.recipe import Loss, Recipe, Step
from paper_lenet.network.weights import initial_parameters
from paper_lenet.training.execution import execution
from paper_lenet.training.reference import Reference

PATTERNS = digits()
ALL = np.arange(10)
RECIPES = [
    Recipe(),
    Recipe(
        Network(28, "full", "relu", "max", "softmax"),
        loss=Loss(9, math.inf),
        step=Step(output="exact"),
    ),
    Recipe(Network(28, "table", "tanh", "sum", "trainable_rbf"), loss=Loss(8, half=False)),
    Recipe(Network(32, "table", "scaled_tanh", "fixed_average", "targets"), loss=Loss(9, 1.0)),
]


def patterns_for(recipe: Recipe):
    return digits(recipe.network.input)


def flat(parameters: dict[str, np.ndarray]) -> np.ndarray:
    return np.concatenate([part.ravel() for part in parameters.values()])


def steps(count: int, size: float = 1e-3) -> np.ndarray:
    """A different step for every parameter."""
    return (size * np.linspace(0.5, 1.5, count)).astype(np.float32)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: str(recipe.network))
def test_one_update_is_eq_18(recipe):
    """w_k - epsilon_k dE/dw_k, with the gradient of a network that shares nothing with ours."""
    parameters = initial_parameters(recipe, 3)
    reference = Reference(recipe, parameters, torch.float64)
    patterns, order = patterns_for(recipe), np.array([7, 2, 2])
    epsilon = steps(len(flat(parameters)))
    found = reference.learn(patterns, order, epsilon)

    network = LeNet5.from_parameters(parameters, recipe.network, recipe.loss.half).double()
    total, errors = 0.0, 0
    for pattern in order:
        x = torch.from_numpy(patterns.inputs(np.array([pattern]))).double()
        penalties = network(x)
        loss = losses(penalties, torch.tensor([int(pattern)]), recipe.loss)
        gradients = torch.autograd.grad(loss, list(network.parameters()))
        total += loss.item()
        errors += int(penalties.argmin()) != pattern
        start = 0
        for part, gradient in zip(network.parameters(), gradients, strict=True):
            step = torch.from_numpy(epsilon[start : start + part.numel()]).view_as(part)
            part.data = part.data - step * gradient
            start += part.numel()
    assert found.loss == pytest.approx(total, rel=1e-12)
    assert (found.errors, found.shown) == (errors, 3)
    for name, part in network.named_parameters():
        expected = part.detach().numpy()
        got = reference.network.get_parameter(name).detach().numpy()
        np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-14, err_msg=name)


def test_each_pattern_is_judged_before_its_own_update():
    """So an epoch's first loss is that of the initial weights, whatever the steps."""
    parameters = initial_parameters(Recipe(), 0)
    one = np.array([4])
    seen = [
        Reference(Recipe(), parameters).learn(PATTERNS, one, steps(60_000, size))
        for size in (0.0, 1e-3)
    ]
    assert seen[0] == seen[1]
    again = Reference(Recipe(), parameters)
    again.learn(PATTERNS, one, steps(60_000))
    assert again.learn(PATTERNS, one, steps(60_000)).loss < seen[0].loss


def test_of_equal_penalties_the_lower_class_is_the_answer():
    """With all weights 0, ten linear outputs are equal: class 0 is right, class 1 an error."""
    recipe = RECIPES[1]
    shapes = parameter_shapes(recipe.network)
    nothing = {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
    reference, still = Reference(recipe, nothing), steps(len(flat(nothing)), 0.0)
    patterns = patterns_for(recipe)
    assert reference.learn(patterns, np.array([0]), still).errors == 0
    assert reference.learn(patterns, np.array([1, 9]), still).errors == 2
    assert reference.learn(patterns, ALL, still).loss == pytest.approx(10 * math.log(10), rel=1e-6)


def test_learning_stops_at_a_loss_that_is_not_finite():
    """The numbers before it are kept, and the parameters are not touched any more."""
    empty = PATTERNS.grey.copy()
    empty[:3] = 0  # three patterns without ink
    broken = replace(PATTERNS, grey=empty, levels=PATTERNS.levels.copy())
    broken.levels[255] = np.nan
    reference = Reference(Recipe(), initial_parameters(Recipe(), 0))
    order = np.array([0, 1, 2, 5, 6])
    learned = reference.learn(broken, order, steps(60_000))
    assert learned.shown == 3
    assert math.isfinite(learned.loss)
    assert learned.errors <= 3
    assert all(np.isfinite(part).all() for part in reference.parameters().values())


def test_steps_too_large_end_in_a_loss_that_is_not_finite():
    recipe = Recipe(Network(squashing="relu"))
    reference = Reference(recipe, initial_parameters(recipe, 0))
    learned = reference.learn(PATTERNS, np.tile(ALL, 5), steps(60_000, 1e6))
    assert learned.shown < 50


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: str(recipe.network))
def test_parameters_come_back_as_they_went_in(recipe):
    parameters = initial_parameters(recipe, 1)
    back = Reference(recipe, parameters).parameters()
    assert list(back) == list(parameters) == list(parameter_shapes(recipe.network))
    for name, part in parameters.items():
        assert back[name].dtype == np.float32
        assert np.array_equal(back[name], part)


def test_parameters_are_copies():
    parameters = initial_parameters(Recipe(), 1)
    before = flat(parameters).copy()
    reference = Reference(Recipe(), parameters)
    taken = reference.parameters()
    reference.learn(PATTERNS, ALL, steps(60_000))
    assert np.array_equal(flat(parameters), before)
    assert np.array_equal(flat(taken), before)
    assert not np.array_equal(flat(reference.parameters()), before)


def test_curvature_is_appendix_cs_in_layout_order():
    recipe = Recipe(step=Step(output="exact"))
    reference = Reference(recipe, initial_parameters(recipe, 0), torch.float64)
    chosen = np.array([1, 5, 5])
    x = torch.from_numpy(PATTERNS.inputs(chosen)).double()
    expected = curvature(reference.network, x, torch.from_numpy(chosen), recipe.loss, "exact")
    layout = [expected[name].numpy().ravel() for name in parameter_shapes()]
    np.testing.assert_allclose(
        reference.curvature(PATTERNS, chosen), np.concatenate(layout), rtol=1e-9
    )


def test_curvature_of_more_patterns_than_fit_at_once_is_their_mean():
    reference = Reference(Recipe(), initial_parameters(Recipe(), 0))
    many = np.concatenate([np.zeros(500, int), np.ones(250, int)])
    zero, one = (reference.curvature(PATTERNS, np.array([k])) for k in (0, 1))
    expected = (2 * zero.astype(np.float64) + one) / 3
    np.testing.assert_allclose(reference.curvature(PATTERNS, many), expected, rtol=1e-4)


def test_gradient_is_the_losss_slope():
    """Along the gradient, by central differences in float64; nothing is learned."""
    recipe = Recipe(loss=Loss(9, 30.0))
    reference = Reference(recipe, initial_parameters(recipe, 0), torch.float64)
    image = PATTERNS.inputs(slice(3, 4))[0]
    before = flat(reference.parameters())
    loss, gradient = reference.gradient(image, 3)
    assert np.array_equal(flat(reference.parameters()), before)
    assert gradient.shape == (60_000,)
    tiny = 1e-6
    sides = []
    for sign in (1, -1):
        moved = Reference(recipe, initial_parameters(recipe, 0), torch.float64)
        start = 0
        for name in parameter_shapes():
            part = moved.network.get_parameter(name)
            along = torch.from_numpy(gradient[start : start + part.numel()]).view_as(part)
            part.data.add_(along, alpha=sign * tiny)
            start += part.numel()
        sides.append(moved.gradient(image, 3).loss)
    assert (sides[0] - sides[1]) / (2 * tiny) == pytest.approx((gradient**2).sum(), rel=1e-4)
    assert loss == pytest.approx(sum(sides) / 2, rel=1e-6)


def test_penalties_and_activations_are_the_networks():
    reference = Reference(Recipe(), initial_parameters(Recipe(), 0))
    penalties = reference.penalties(PATTERNS)
    assert penalties.shape == (10, 10)
    assert penalties.dtype == np.float32
    states = reference.activations(PATTERNS.inputs(slice(6, 7))[0])
    assert {name: part.shape for name, part in states.items()} == {
        "input": (1, 32, 32),
        "C1": (6, 28, 28),
        "S2": (6, 14, 14),
        "C3": (16, 10, 10),
        "S4": (16, 5, 5),
        "C5": (120, 1, 1),
        "F6": (84,),
        "output": (10,),
    }
    np.testing.assert_allclose(states["output"], penalties[6], rtol=1e-5)


def test_the_bits_do_not_depend_on_the_number_of_threads():
    before = torch.get_num_threads()
    seen = []
    for threads in (1, 2):
        torch.set_num_threads(threads)
        reference = Reference(Recipe(), initial_parameters(Recipe(), 0))
        h = reference.curvature(PATTERNS, np.tile(ALL, 5))
        learned = reference.learn(PATTERNS, ALL, (5e-4 / (0.02 + h)).astype(np.float32))
        seen.append((h.tobytes(), learned, flat(reference.parameters()).tobytes()))
        assert torch.get_num_threads() == threads
    torch.set_num_threads(before)
    assert seen[0] == seen[1]


@pytest.mark.parametrize("equation", [8, 9])
def test_ten_drawn_digits_are_learned_to_zero_error(equation):
    """With the paper's step: curvature before each pass, epsilon_k = eta / (mu + h_kk)."""
    recipe = Recipe(loss=Loss(equation))
    reference = Reference(recipe, initial_parameters(recipe, 0))
    first = last = reference.learn(PATTERNS, ALL, np.zeros(60_000, np.float32))
    for _ in range(20):
        h = reference.curvature(PATTERNS, ALL)
        epsilon = (recipe.step.rate(1) / (recipe.step.mu + h)).astype(np.float32)
        last = reference.learn(PATTERNS, ALL, epsilon)
    assert first.errors > 5
    assert last.errors == 0
    assert last.loss < 0.1 * first.loss
    assert (reference.penalties(PATTERNS).argmin(1) == ALL).all()


def test_what_it_is_handed_is_looked_at_as_the_engine_does():
    """One look for both executions (`protocol`)."""
    reference, right = Reference(Recipe(), initial_parameters(Recipe(), 0)), steps(60_000)
    for order in (np.array([0, 10]), np.array([-1]), np.array([0.0]), np.array([[1]])):
        with pytest.raises(InputError, match="order"):
            reference.learn(PATTERNS, order, right)
        with pytest.raises(InputError, match="order"):
            reference.curvature(PATTERNS, order)
    for wrong in (right[:-1], right[:1], right.astype(int), right[None]):
        with pytest.raises(InputError, match=r"the steps must be real numbers \(60000,\)"):
            reference.learn(PATTERNS, ALL, wrong)
    for call in (reference.penalties, lambda shown: reference.learn(shown, ALL, right)):
        with pytest.raises(InputError, match="the patterns must be 32 x 32, not 28 x 28"):
            call(PATTERNS.cropped(28))
    spoilt = initial_parameters(Recipe(), 0)
    spoilt["F6.bias"][1] = np.inf
    with pytest.raises(RecipeError, match=r"^F6\.bias: it has numbers that are not finite"):
        Reference(Recipe(), spoilt)


def outputs(recipe: Recipe, *, device: torch.device | str = "cpu") -> list[np.ndarray]:
    """All that an execution gives."""
    parameters, patterns = initial_parameters(recipe, 0), patterns_for(recipe)
    reference = Reference(recipe, parameters, device=device)
    h = reference.curvature(patterns, ALL)
    learned = reference.learn(patterns, ALL, steps(len(h)))
    return [
        h,
        np.array(learned),
        flat(reference.parameters()),
        reference.penalties(patterns),
        reference.gradient(patterns.inputs(ALL)[0], 0).flat,
        *reference.activations(patterns.inputs(ALL)[0]).values(),
    ]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: str(recipe.network))
def test_all_of_it_is_on_the_device_that_is_asked_for(recipe):
    """Where PyTorch's own default is another device, what is made without a word of it fails."""
    expected = outputs(recipe)
    with torch.device("meta"):
        found = outputs(recipe, device=torch.device("cpu"))
    assert all(map(np.array_equal, expected, found))


@pytest.mark.parametrize("device", ["meta", "gpu", "mtia:3", ""])
def test_a_device_that_is_none_or_cannot_compute_is_named(device):
    with pytest.raises(
        RecipeError, match=rf"^device: PyTorch cannot compute on '{device}' here \("
    ):
        Reference(Recipe(), initial_parameters(Recipe(), 0), device=device)


@pytest.mark.parametrize(
    ("trainer", "device", "message"),
    [
        ("Engine", "cpu", "trainer: 'Engine' is not one of engine, reference"),
        ("engine", "cuda", "device: 'cuda' is not cpu, where the engine runs"),
        ("reference", "gpu", "device: PyTorch cannot compute on 'gpu' here"),
    ],
)
def test_an_execution_that_there_is_not_is_named(trainer, device, message):
    with pytest.raises(RecipeError, match=f"^{message}"):
        execution(trainer, Recipe(), initial_parameters(Recipe(), 0), device)
