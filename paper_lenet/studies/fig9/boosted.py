"""The boosted LeNet-4 (Section III-C): three networks, the later ones trained on harder patterns.

The first is trained on distorted copies as any other is. The second is trained on patterns of which
the first misreads half, the third on patterns about which the first two disagree; both are picked
from distorted copies that the first was not trained on, both times from the same. Outputs are added
at test time, and where the first is confident it answers alone, so that on the average fewer than
three are asked.

The paper leaves open how many patterns pass the filter, how many copies the first is trained on,
and when the first is confident. Here `filtered` patterns pass, and the first is confident where its
two greatest outputs are so far apart that the printed mean cost, 1.75 networks, would come out on
its own training patterns: the cost is the paper's, and no threshold is chosen. Means of outputs
stand for sums, which give the same answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.declared import Between, Declared
from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine.general_trainer import General
from paper_lenet.network.layered import connections, parameters
from paper_lenet.network.recipe import SEEDS
from paper_lenet.network.weights import Parameters
from paper_lenet.paper.classifiers import BOOSTED_COST
from paper_lenet.studies.fig9 import networks
from paper_lenet.studies.fig9.classifier import Scored
from paper_lenet.studies.fig9.filters import copies, picked
from paper_lenet.training.job import State
from paper_lenet.training.kind import Watch

MEMBERS = 3
ITEMS, SURE = "items", "sure"  # beside the parameters, whose names have dots


@dataclass(frozen=True)
class Settings(Declared):
    """What the paper leaves open.

    Attributes:
        copies: distorted copies of each pattern that the first is trained on.
        filtered: on how many patterns the second and the third are trained; fewer if
            `filters.ROUNDS` copies of each pattern have no more.
        eta: (passes, rate) blocks of each member, see `Step.eta`.
    """

    copies: Annotated[int, Between(0, 1000)] = 9
    filtered: Annotated[int, Between(2, 1_000_000)] = 60_000
    eta: tuple[tuple[int, float], ...] = networks.STEP.eta

    def __post_init__(self) -> None:
        """The schedule is one."""
        super().__post_init__()
        _ = self.member(0)

    def member(self, number: int) -> networks.Settings:
        """What one member is trained by."""
        copies = 0 if number else self.copies
        return networks.Settings(network="lenet_4", copies=copies, eta=self.eta)


def passes(settings: Settings) -> int:
    """Passes of all members together."""
    return MEMBERS * networks.passes(settings.member(0))


def begin(settings: Settings, side: int, seed: int) -> State:
    """The state before the first pass of the first member."""
    first = networks.begin(settings.member(0), side, seed)
    return State(_named(first.parameters, 0))


def one_pass(
    settings: Settings, seed: int, training: Patterns, test: Patterns, state: State, watch: Watch
) -> State:
    """The state after one more pass of the member whose turn it is; see `networks.one_pass`.

    Raises:
        Divergence: a loss is not finite, or the errors stay at chance.
        FilterError: no pattern passes the filter before a member.
    """
    whole = networks.passes(settings.member(0))
    number, done = divmod(len(state.rows), whole)
    if number and not done:
        state = _next(settings, number, seed, training, state)
    first = number * whole
    before = State(
        _member(state.parameters, number),
        tuple(row._replace(number=row.number - first) for row in state.rows[first:]),
        state.seconds[first:],
        state.curvature if done else None,
    )
    patterns = training
    if number:
        copy, pattern = state.parameters[ITEMS].astype(np.int64)
        patterns = copies(training, copy * len(training) + pattern, seed)
    own = settings.member(number)
    after = networks.one_pass(own, seed + number * SEEDS, patterns, test, before, watch)
    row = after.rows[-1]._replace(seed=seed, number=len(state.rows) + 1)
    return State(
        state.parameters | _named(after.parameters, number),
        (*state.rows, row),
        (*state.seconds, after.seconds[-1]),
        after.curvature,
    )


def fitted(settings: Settings, state: State, test: Patterns) -> Scored:
    """The mean outputs of the members that are asked, for each test pattern, with their cost."""
    side = test.grey.shape[1]
    members = [_network(settings, state, number, side) for number in range(MEMBERS)]
    outputs = [member.outputs(test) for member in members]
    asked = gaps(outputs[0]) < state.parameters[SURE]
    scores = np.where(asked[:, None], np.mean(outputs, axis=0), outputs[0]).astype(np.float32)
    layered = members[0].layered
    cost = connections(layered) * (1 + (MEMBERS - 1) * float(asked.mean()))
    return Scored(scores, round(cost), MEMBERS * parameters(layered))


def gaps(outputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far the two greatest outputs are apart, (N,), of outputs (N, 10)."""
    ordered = np.sort(outputs, axis=1)
    found: NDArray[np.float32] = ordered[:, -1] - ordered[:, -2]
    return found


def _next(settings: Settings, number: int, seed: int, training: Patterns, state: State) -> State:
    """Before the first pass of member `number`: its patterns are picked, its weights drawn."""
    side = training.grey.shape[1]
    members = [_network(settings, state, each, side) for each in range(number)]
    first = len(training) * (1 + settings.copies)  # of the items that it was not trained on
    items = picked(members, training, first, settings.filtered, seed)
    # Kept as parameters are, which hold such numbers exactly: (2, items), the copy and the pattern.
    extra: Parameters = {ITEMS: np.array(np.divmod(items, len(training)), np.float32)}
    if number == 1:
        share = (BOOSTED_COST.value - 1) / (MEMBERS - 1)
        sure = np.quantile(gaps(members[0].outputs(training)), share)
        extra[SURE] = np.array([sure], np.float32)
    begun = networks.begin(settings.member(number), side, seed + number * SEEDS)
    return state._replace(parameters=state.parameters | extra | _named(begun.parameters, number))


def _network(settings: Settings, state: State, number: int, side: int) -> General:
    member = State(_member(state.parameters, number))
    return networks.trained(settings.member(number), side, member)


def _member(parts: Parameters, number: int) -> Parameters:
    """The parameters of one member, under their own names."""
    start = f"{number}."
    return {name[len(start) :]: part for name, part in parts.items() if name.startswith(start)}


def _named(parts: Parameters, number: int) -> Parameters:
    return {f"{number}.{name}": part for name, part in parts.items()}
