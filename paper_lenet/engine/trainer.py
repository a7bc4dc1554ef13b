"""`Engine`: the network of `paper_lenet.network.protocol`, run by the kernels."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import layout, network
from paper_lenet.engine.state import plan, states
from paper_lenet.network.protocol import Learned
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import Parameters


class Engine:
    """See `paper_lenet.network.protocol.Execution`. Many may run at once, one a thread.

    Attributes:
        update: the kernel of `learn`; a subclass may have another, of the same signature.
    """

    update = staticmethod(network.learn)

    def __init__(self, recipe: Recipe, parameters: Parameters) -> None:
        self.network = recipe.network
        self.places = layout.places(recipe.network)
        # The parameter of each place; the padding's is one beyond the last.
        self.sources = np.full(layout.TOTAL, len(self.places))
        self.sources[self.places] = np.arange(len(self.places))
        self.steps = layout.room(layout.TOTAL)
        self.plan = plan(recipe)
        self.second = plan(recipe, second=True)
        self.weights = layout.pack(recipe.network, parameters)
        self.states = states(recipe)
        self.squares = states(recipe)
        self.derivatives = states(recipe)
        self.sums = layout.room(18 * 16)
        compile_all(self)

    def parameters(self) -> Parameters:
        """A copy of the parameters, by name, float32."""
        return layout.unpack(self.network, self.weights)

    def curvature(self, patterns: Patterns, chosen: NDArray[np.int64]) -> NDArray[np.float32]:
        """h_kk, the mean over the chosen patterns: all parameters end to end in layout order."""
        h = layout.room(layout.TOTAL)
        steps = self._spread(np.full(len(self.places), -1.0 / max(1, len(chosen)), np.float32))
        network.curvature(
            self.plan,
            self.second,
            self.weights,
            *self._shown(patterns),
            _order(chosen, patterns),
            h,
            steps,
            self.states,
            self.squares,
            self.derivatives,
            self.sums,
        )
        return h[self.places]

    def learn(
        self, patterns: Patterns, order: NDArray[np.int64], steps: NDArray[np.float32]
    ) -> Learned:
        """One update (eq. 18) after each pattern of `order`; stops at a loss that is not finite."""
        return Learned(
            *self.update(
                self.plan,
                self.weights,
                self._spread(steps),
                *self._shown(patterns),
                _order(order, patterns),
                self.states,
                self.derivatives,
                self.sums,
            )
        )

    def penalties(self, patterns: Patterns) -> NDArray[np.float32]:
        """The penalty of each class for each pattern, (N, 10)."""
        result = np.empty((len(patterns), 10), np.float32)
        grey, _, levels = self._shown(patterns)
        network.answer(self.plan, self.weights, grey, levels, self.states, self.sums, result)
        return result

    def activations(self, pattern: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """The states of every layer, by name, for one input (1, side, side)."""
        side = self.plan.side
        if pattern.shape != (1, side, side):
            raise ValueError(f"the input must be (1, {side}, {side}), not {pattern.shape}")
        self.states.input[: pattern.size] = pattern.ravel()
        network.states_of(self.plan, self.weights, self.states, self.sums)
        p, x = self.plan, self.states
        top = ("units", 10) if self.network.output == "targets" else ("F6", 84)
        result = {
            "input": x.input[: p.side**2].reshape(1, p.side, p.side),
            "C1": x.c1.reshape(6, p.c1, 32)[:, :, : p.c1],
            "S2": x.s2.reshape(6, p.s2, 16)[:, :, : p.s2],
            "C3": x.c3.reshape(p.c3, 10, 16)[:, : p.c3].transpose(2, 0, 1),
            "S4": x.s4.reshape(p.s4, p.s4, 16).transpose(2, 0, 1),
            "C5": x.c5[:120].reshape(120, 1, 1),
            top[0]: x.f6[: top[1]],
            "output": x.penalties[:10],
        }
        return {name: part.copy() for name, part in result.items()}

    def _spread(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Values of the parameters in their places, zeros in the padding."""
        if values.shape != self.places.shape:
            raise ValueError(f"the steps' shape must be {self.places.shape}, not {values.shape}")
        # Gathering is several times faster than scattering, and `learn` is called often.
        np.take(np.append(values, np.float32(0)), self.sources, out=self.steps, mode="clip")
        return self.steps

    def _shown(
        self, patterns: Patterns
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float32]]:
        # Kernels are compiled for arrays that can be written to and lie end to end.
        side = self.plan.side
        if patterns.grey.shape[1:] != (side, side):
            found = " x ".join(map(str, patterns.grey.shape[1:]))
            raise ValueError(f"the patterns must be {side} x {side}, not {found}")
        grey = np.require(patterns.grey.reshape(-1, side * side), requirements=["C", "W"])
        labels = np.require(patterns.labels, requirements=["C", "W"])
        return grey, labels, np.require(patterns.levels, requirements=["C", "W"])


def _order(order: NDArray[np.int64], patterns: Patterns) -> NDArray[np.int64]:
    """`order` as kernels take it; they do not look whether there is such a pattern or label."""
    if len(order) and (order.min() < 0 or order.max() >= len(patterns)):
        raise ValueError(f"the order names patterns beyond the {len(patterns)} that there are")
    if len(patterns) and patterns.labels.max() > 9:
        raise ValueError(f"labels are 0 to 9, but one is {patterns.labels.max()}")
    return np.require(order, np.int64, ["C", "W"])


_compiling = threading.Lock()


def compile_all(engine: Engine) -> None:
    """Compile what is not compiled yet, by calling it with no patterns, and say so."""
    with _compiling:
        if network.learn.signatures:
            return
        if not any(Path(network.learn.stats.cache_path).glob("network.learn-*.nbc")):
            print("paper-lenet: compiling the engine, once, about ten seconds", file=sys.stderr)
        side = engine.plan.side
        none = Patterns(
            np.zeros((0, side, side), np.uint8), np.zeros(0, np.uint8), np.zeros(256, np.float32)
        )
        order = np.zeros(0, np.int64)
        engine.learn(none, order, np.zeros(len(engine.places), np.float32))
        engine.curvature(none, order)
        engine.penalties(none)
        network.states_of(engine.plan, engine.weights, engine.states, engine.sums)
