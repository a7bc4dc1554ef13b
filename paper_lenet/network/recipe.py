"""The recipe: everything that is not the network's structure, as frozen dataclasses.

Unknown keys, wrong types and impossible values are refused with the key's path in the message, in
code as from ``params.yaml`` (`declared`).

What the paper leaves open, and this project had to choose, is named where it stands below; the
reasons are in the docs, "What the paper leaves open".
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from dataclasses import dataclass, field
from typing import Annotated, Literal

from paper_lenet.base.declared import Between, Declared, Law
from paper_lenet.base.errors import RecipeError, expect
from paper_lenet.digits.distort import Presentation
from paper_lenet.network.architecture import Network

PASSES, SEEDS = 10_000, 1000  # at most, of a recipe
Coefficient = Annotated[float, Between(-1e3, 1e3)]


@dataclass(frozen=True)
class Initial(Declared):
    """The law of the initial weights (Appendix A; open: which law meets the printed step sizes).

    A weight is uniform in plus or minus ``bound / F ** power``, F its unit's inputs, or has the
    same variance under another law.

    Attributes:
        law: ``uniform``, or ``gaussian`` (twelve uniform numbers added up).
        bound: the paper prints 2.4, with `power` 1; the square root of 3 with `power` 0.5 gives
            the standard deviation 1/sqrt(F) of "Efficient BackProp" (1998).
        power: 1 or 0.5.
        biases: ``zero``, or ``same``: drawn from the law of their unit's weights.
        coefficients: how the subsampling coefficients start: ``equal``, all at `coefficient`, or
            ``drawn`` from the law of the weights, F being the four inputs.
        coefficient: where every subsampling coefficient starts if they are equal; two numbers are
            S2's and S4's.

    Example:
        >>> Initial(bound=2.4, power=1.0)
        Initial(bound=2.4, power=1.0)
    """

    law: Literal["uniform", "gaussian"] = "uniform"
    bound: Annotated[float, Between(1e-6, 1e3)] = math.sqrt(3)
    power: Annotated[float, Law("one of 0.5, 1.0", (0.5, 1.0).__contains__)] = 0.5
    biases: Literal["zero", "same"] = "zero"
    coefficients: Literal["equal", "drawn"] = "equal"
    coefficient: Coefficient | tuple[Coefficient, Coefficient] = 1.0


@dataclass(frozen=True)
class Loss(Declared):
    """Which loss (Section II-C; open: which one gave the paper's results, and j).

    Attributes:
        equation: 8 (the penalty of the right class) or 9 (that against all, with a rubbish class).
        j: of eq. 9, the rubbish class's constant penalty; infinite (``.inf``) for no rubbish class.
        half: whether a penalty is half the squared distance (a unit Gaussian's -log likelihood)
            or all of it (eq. 7 as printed).

    Example:
        >>> Loss(), Loss(equation=8)
        (Loss(), Loss(equation=8))
        >>> Loss(equation=7)
        Traceback (most recent call last):
            ...
        paper_lenet.base.errors.RecipeError: equation: 7 is not one of 8, 9
    """

    equation: Literal[8, 9] = 9
    j: Annotated[float, Between(-100.0, math.inf)] = 2.0
    half: bool = True


@dataclass(frozen=True)
class Step(Declared):
    """The step of each weight (Appendix C, eq. 21: epsilon_k = eta / (mu + h_kk)).

    Attributes:
        eta: (passes, rate) blocks: the global rate and for how many passes it holds.
        mu: the constant that keeps steps finite.
        curvature: when h_kk is estimated: ``each_pass`` (the paper), ``originals`` (before each
            pass too, but on no distorted copy), ``once`` (before the first), or ``never``: then
            every weight's step is eta.
        memory: the share of the last pass's h_kk that stays in this pass's: 0 takes the new
            estimate alone; more is a running average, as "Efficient BackProp" (1998) has it.
        patterns: on how many random patterns.
        output: the second derivative that eq. 27 starts from at the last squashed layer (open):
            ``constant`` (that of the penalty of the right class) or ``exact`` (that of the loss).
        coefficient: how h_kk counts the four connections that share a subsampling coefficient:
            ``pooled``, as one (the total input is linear in it), or ``connections``, each by
            itself, as eq. 23 has it for every shared parameter.

    Example:
        >>> Step().passes, Step().rate(1), Step().rate(20)
        (20, 0.0005, 1e-05)
        >>> Step().first_schedule, Step().estimates, Step(curvature="once").estimates
        (20, 20, 1)
        >>> Step(eta=((2, 0.001), (1, 0.0001), (2, 0.001))).first_schedule
        3
    """

    eta: tuple[tuple[int, float], ...] = (
        (2, 0.0005),
        (3, 0.0002),
        (3, 0.0001),
        (4, 0.00005),
        (8, 0.00001),
    )
    mu: Annotated[float, Between(1e-9, 1e9)] = 0.02
    curvature: Literal["each_pass", "originals", "once", "never"] = "each_pass"
    memory: Annotated[float, Between(0.0, 1.0)] = 0.1
    patterns: Annotated[int, Between(1, 60000)] = 500
    output: Literal["constant", "exact"] = "constant"
    coefficient: Literal["pooled", "connections"] = "pooled"

    def __post_init__(self) -> None:
        """The blocks of `eta` are a schedule."""
        super().__post_init__()
        if not self.eta or any(count < 1 or not 0 <= rate < math.inf for count, rate in self.eta):
            raise RecipeError("each block is [passes from 1 on, rate from 0 on]", "eta")
        if self.passes > PASSES:
            raise RecipeError(f"more than {PASSES} passes in all", "eta")

    @property
    def passes(self) -> int:
        """Number of passes, the sum of the blocks."""
        return sum(count for count, _ in self.eta)

    @property
    def first_schedule(self) -> int:
        """Number of passes before the rate rises for the first time; of all, if it does not."""
        passes, last = 0, math.inf
        for count, rate in self.eta:
            if rate > last:
                break
            passes, last = passes + count, rate
        return passes

    @property
    def estimates(self) -> int:
        """How many times h_kk is estimated."""
        return {"once": 1, "never": 0}.get(self.curvature, self.passes)

    def first(self, passes: int) -> Step:
        """The same with the first `passes` alone, which are trained with the same bits.

        Raises:
            RecipeError: the schedule has not so many.

        Example:
            >>> Step().first(3).eta
            ((2, 0.0005), (1, 0.0002))
        """
        good = type(passes) is int and 1 <= passes <= self.passes
        expect(good, passes, f"a number of passes from 1 to {self.passes}", "passes")
        blocks, left = [], passes
        for count, rate in self.eta:
            if left > 0:
                blocks.append((min(count, left), rate))
            left -= count
        return dataclasses.replace(self, eta=tuple(blocks))

    def rate(self, number: int) -> float:
        """The global rate eta in pass `number`, counted from 1."""
        for count, rate in self.eta:
            if number <= count:
                return rate
            number -= count
        raise ValueError(f"the schedule has no pass {number} beyond its last one")


@dataclass(frozen=True)
class Recipe(Declared):
    """One reading of the paper, or one departure from it: all that a training needs but a seed.

    ``Recipe()`` is the paper's, with the choices of this project where the paper is silent.

    Attributes:
        network: what can be chosen of the layers: C3's table, the subsampling, the output.
        initial: the law of the initial weights.
        loss: the equation and its constants.
        step: the schedule of passes and rates, and the step of each weight.
        presentation: which patterns are shown, in which order, how distorted, on which scale.

    Example:
        >>> Recipe(), Recipe(network=Network(c3="full"))
        (Recipe(), Recipe(network=Network(c3='full')))
    """

    network: Network = field(default_factory=Network)
    initial: Initial = field(default_factory=Initial)
    loss: Loss = field(default_factory=Loss)
    step: Step = field(default_factory=Step)
    presentation: Presentation = field(default_factory=Presentation)

    def __post_init__(self) -> None:
        """The parts are possible together."""
        super().__post_init__()
        if self.presentation.order == "originals_first":
            self._come_to_copies()
        if self.network.output != "softmax":
            return
        if self.loss.equation != 9 or self.loss.j != math.inf:
            raise RecipeError("softmax is equation 9 with j .inf (cross-entropy)", "loss")
        if self.step.output != "exact" and self.step.curvature != "never":
            raise RecipeError("softmax has no constant one; choose exact", "step.output")

    def _come_to_copies(self) -> None:
        if not self.presentation.distorted:
            raise RecipeError(
                "there are no copies to come after the originals", "presentation.order"
            )
        if self.step.first_schedule == self.step.passes:
            text = "originals_first waits for the rate to rise, and in step.eta it never does"
            raise RecipeError(text, "presentation.order")

    def to_json(self) -> str:
        """The recipe as sorted JSON, the same bytes for the same recipe.

        Example:
            >>> import json
            >>> json.loads(Recipe(loss=Loss(equation=8)).to_json())["loss"]
            {'equation': 8, 'half': True, 'j': 2.0}
        """
        return json.dumps(dataclasses.asdict(self), sort_keys=True)

    def digest(self) -> str:
        """SHA-256 of `to_json`, hexadecimal.

        Example:
            >>> Recipe().digest() == Recipe(loss=Loss(j=2)).digest()
            True
        """
        return hashlib.sha256(self.to_json().encode()).hexdigest()
