"""The networks of Fig. 9 but LeNet-5, trained as Appendix C says, pass after pass.

Section III-C says of the fully connected networks that they are trained as in Appendix C, and of
LeNet-1 and LeNet-4 nothing. Open are the schedule, the initial weights, and how many distorted
patterns the bars ``[dist]`` were trained on. The schedule, mu and the curvature's patterns are
those of LeNet-5 here (recipe ``paper``), and so are the order, the distortions and the pass loop
(`training.passes`). Weights start as Appendix A prints it, or as LeNet-5's do in that recipe.

A pass starts from a state and ends in one, so a training may stop after any pass and go on with
the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.declared import Between, Declared
from paper_lenet.base.errors import expect
from paper_lenet.digits.dataset import Scale
from paper_lenet.digits.distort import Presentation
from paper_lenet.digits.mnist import SIDE
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.engine.general_trainer import General
from paper_lenet.network import lenets
from paper_lenet.network.architecture import CLASSES
from paper_lenet.network.layered import Layered, connections, parameters
from paper_lenet.network.layered_weights import initial
from paper_lenet.network.recipe import Initial, Recipe, Step
from paper_lenet.network.weights import Parameters
from paper_lenet.studies.fig9.classifier import Scored
from paper_lenet.training import passes as loop
from paper_lenet.training.job import Data, Job, State
from paper_lenet.training.kind import Watch

LENETS = {"lenet_1": lenets.lenet_1, "lenet_4": lenets.lenet_4}
STEP, START = Step(), Initial()


@dataclass(frozen=True)
class Settings(Declared):
    """What is trained, and how.

    Attributes:
        network: ``full``, or one of `LENETS`, which takes inputs of 28 x 28.
        hidden: units of each hidden layer of ``full``, from the input on.
        bound: of the initial weights: uniform in plus or minus bound / F ** power, see `Initial`.
        power: 1, as the paper prints it, or 0.5, as recipe ``paper`` has it.
        copies: distorted copies of each pattern that join it in the training set; a pass shows as
            many patterns as without.
        eta: (passes, rate) blocks, see `Step.eta`.
        mu: see `Step.mu`.
        patterns: on how many the curvature is estimated before each pass.
    """

    network: Literal["full", "lenet_1", "lenet_4"]
    hidden: tuple[Annotated[int, Between(1, 10_000)], ...] = ()
    bound: Annotated[float, Between(1e-6, 1e3)] = START.bound
    power: float = START.power
    copies: Annotated[int, Between(0, 1000)] = 0
    eta: tuple[tuple[int, float], ...] = STEP.eta
    mu: Annotated[float, Between(1e-9, 1e9)] = STEP.mu
    patterns: Annotated[int, Between(1, 60_000)] = STEP.patterns

    def __post_init__(self) -> None:
        """The schedule is one, and a LeNet has its own layers."""
        super().__post_init__()
        expect(self.network == "full" or not self.hidden, self.hidden, "empty of a LeNet", "hidden")
        _ = self.step, self.start

    @property
    def start(self) -> Initial:
        """The law of the initial weights."""
        return Initial(bound=self.bound, power=self.power)

    @property
    def step(self) -> Step:
        """The step of each weight."""
        return Step(eta=self.eta, mu=self.mu, patterns=self.patterns)


def network(settings: Settings, side: int) -> Layered:
    """The network for inputs of `side` x `side`.

    Raises:
        RecipeError: it takes inputs of another size; or there are to be distorted copies of a form
            smaller than 28 x 28, which has no margin for them.
    """
    full = settings.network == "full"
    expect(full or side == SIDE, side, f"the side {SIDE} of {settings.network}'s inputs")
    good = not settings.copies or side >= SIDE
    expect(good, settings.copies, f"0, as inputs of {side} x {side} need", "copies")
    if full:
        return lenets.fully_connected(side, settings.hidden)
    return LENETS[settings.network]()


def as_patterns(images: NDArray[np.float32], labels: NDArray[np.uint8]) -> Patterns:
    """Images of a form as patterns: 256 grey levels on the paper's scale.

    Args:
        images: (N, side, side), 0 background to 1 foreground.
        labels: (N,).
    """
    scale = Scale()
    levels = grey_scale(scale.background, scale.foreground)
    return Patterns(np.rint(255 * images).astype(np.uint8), labels, levels)


def passes(settings: Settings) -> int:
    """For how many passes a network is trained."""
    return settings.step.passes


def begin(settings: Settings, side: int, seed: int) -> State:
    """The state before the first pass.

    Raises:
        RecipeError: as `network` does.
    """
    return State(initial(network(settings, side), settings.start, seed))


def one_pass(
    settings: Settings, seed: int, training: Patterns, test: Patterns, state: State, watch: Watch
) -> State:
    """The state after one more pass; after the last one the same.

    Args:
        settings: of the training.
        seed: of the streams ``weights``, ``order``, ``curvature`` and ``distortion``.
        training: the patterns that are shown.
        test: the patterns that are judged after the pass.
        state: of `begin`, or of a pass before.
        watch: told of each chunk of patterns; what it raises ends the pass.

    Raises:
        Divergence: a loss is not finite, or the errors stay at chance.
    """
    layered = network(settings, training.grey.shape[1])

    def make(parameters: Parameters) -> General:
        return General(layered, parameters)

    presentation = Presentation(distorted=settings.copies)
    recipe = Recipe(step=settings.step, presentation=presentation)
    job = Job(str(layered), recipe, seed, "engine", thorough=False)
    data = Data(training, test, np.arange(len(training)))
    return next(loop.passes(job, data, state, make, watch), state)


def trained(settings: Settings, side: int, state: State) -> General:
    """The network as it is after the passes of `state`."""
    return General(network(settings, side), state.parameters)


def fitted(settings: Settings, state: State, test: Patterns) -> Scored:
    """The outputs for each test pattern, with what they cost."""
    side = test.grey.shape[1]
    layered = network(settings, side)
    scores = trained(settings, side, state).outputs(test)
    return Scored(scores, connections(layered), parameters(layered))


def cost_below_outputs(settings: Settings) -> tuple[int, int]:
    """Connections and parameters without those of the ten outputs, of a LeNet."""
    layered = network(settings, SIDE)
    outputs = CLASSES * (layered.shapes[-2].units + 1)
    return connections(layered) - outputs, parameters(layered) - outputs
