"""`Engine`: the network of `paper_lenet.network.protocol`, run by the kernels."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import compiled, layout, many, network
from paper_lenet.engine.state import plan, states
from paper_lenet.network.protocol import InputError, Learned, check_side, check_steps, checked_order
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import Parameters, fitting


class Engine:
    """See `paper_lenet.network.protocol.Execution`. Many may run at once, one a thread.

    Threads that share one take turns.

    Attributes:
        update: the kernel of `learn`; a subclass may have another, of the same signature.

    Example:
        >>> from paper_lenet.network.weights import initial_parameters
        >>> engine = Engine(Recipe(), initial_parameters(Recipe(), seed=0))
        >>> engine, sum(part.size for part in engine.parameters().values())
        (Engine(Recipe(), 60,000 parameters), 60000)
        >>> digits = Patterns.from_images(np.zeros((2, 28, 28), np.uint8), [7, 2])
        >>> states = engine.activations(digits.inputs(slice(1))[0])
        >>> states["C1"].shape, states["S2"].shape
        ((6, 28, 28), (6, 14, 14))
        >>> before, h = engine.penalties(digits), engine.curvature(digits, np.array([0, 1]))
        >>> engine.learn(digits, np.array([0]), 0.0005 / (0.02 + h)).shown  # eq. 21
        1
        >>> bool(engine.penalties(digits)[0, 7] < before[0, 7])
        True
        >>> engine.update = lambda *rooms: (0.0, 0, 0)  # one that shows no pattern
        >>> engine.learn(digits, np.array([0]), h)
        Learned(loss=0.0, errors=0, shown=0)
    """

    update = staticmethod(network.learn)

    def __init__(self, recipe: Recipe, parameters: Parameters, learns: bool = True) -> None:
        """Start from a copy of `parameters`.

        Args:
            recipe: names the network, the loss and what the curvature starts from.
            parameters: of that network.
            learns: whether to compile at once what learning needs, which takes most of the time;
                else that is done when it is first asked to learn.

        Raises:
            CompileError: Numba is told not to compile.
            RecipeError: the parameters are not those of the recipe's network, or not finite.
        """
        parameters = fitting(parameters, recipe.network)
        self.recipe, self.network = recipe, recipe.network
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
        self.group = many.group(recipe.network, self.plan)
        self._lock = threading.Lock()
        self._learns = learns
        _compile_kernels(self, learns)

    def __repr__(self) -> str:
        return f"Engine({self.recipe!r}, {len(self.places):,} parameters)"

    def parameters(self) -> Parameters:
        """A copy of the parameters, by name, float32."""
        with self._lock:
            return layout.unpack(self.network, self.weights)

    def curvature(self, patterns: Patterns, chosen: NDArray[np.int64]) -> NDArray[np.float32]:
        """h_kk, the mean over the chosen patterns: all parameters end to end in layout order.

        Raises:
            InputError: the patterns are of another size, or not there.
        """
        self._must_learn()
        h, chosen = layout.room(layout.TOTAL), checked_order(patterns, chosen)
        share = np.full(len(self.places), -1.0 / max(1, len(chosen)), np.float32)
        with self._lock:
            network.curvature(
                self.plan,
                self.second,
                self.weights,
                layout.room(layout.TOTAL),
                *self._shown(patterns),
                chosen,
                h,
                self._spread(share),
                self.states,
                self.squares,
                self.derivatives,
                self.sums,
            )
        return h[self.places]

    def learn(
        self, patterns: Patterns, order: NDArray[np.int64], steps: NDArray[np.float32]
    ) -> Learned:
        """One update (eq. 18) after each pattern of `order`; stops at a loss that is not finite.

        Raises:
            InputError: the patterns are of another size, or not there, or the steps not as many as
                the parameters.
        """
        self._must_learn()
        with self._lock:
            return Learned(
                *self.update(
                    self.plan,
                    self.weights,
                    self._spread(steps),
                    *self._shown(patterns),
                    checked_order(patterns, order),
                    self.states,
                    self.derivatives,
                    self.sums,
                )
            )

    def penalties(self, patterns: Patterns) -> NDArray[np.float32]:
        """The penalty of each class for each pattern, (N, 10); sixteen are asked at a time.

        Raises:
            InputError: the patterns are of another size.
        """
        result = np.empty((len(patterns), 10), np.float32)
        grey, _, levels = self._shown(patterns)
        with self._lock:
            many.answer(self.plan, self.weights, grey, levels, self.group, result)
        return result

    def activations(self, pattern: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """The states of every layer, by name, for one input (1, side, side).

        Raises:
            InputError: the input is of another shape, not float32, or not finite.
        """
        side = self.plan.side
        if pattern.shape != (1, side, side) or pattern.dtype != np.float32:
            found = f"{pattern.dtype} {pattern.shape}"
            raise InputError(f"the input must be float32 (1, {side}, {side}), not {found}")
        if not np.isfinite(pattern).all():
            raise InputError("the input has values that are not finite (NaN or infinity)")
        with self._lock:
            self.states.input[: pattern.size] = pattern.ravel()
            network.states_of(self.plan, self.weights, self.states, self.sums)
            return self._states()

    def _must_learn(self) -> None:
        if not self._learns:
            _compile_kernels(self, learns=True)
            self._learns = True

    def _states(self) -> dict[str, NDArray[np.float32]]:
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
        check_steps(values, len(self.places))
        # Gathering is several times faster than scattering, and `learn` is called often.
        ended = np.append(values.astype(np.float32, copy=False), np.float32(0))
        np.take(ended, self.sources, out=self.steps, mode="clip")
        return self.steps

    def _shown(
        self, patterns: Patterns
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float32]]:
        # Kernels are compiled for arrays that can be written to and lie end to end.
        side = self.plan.side
        check_side(patterns, side)
        grey = np.require(patterns.grey.reshape(-1, side * side), requirements=["C", "W"])
        labels = np.require(patterns.labels, requirements=["C", "W"])
        return grey, labels, np.require(patterns.levels, requirements=["C", "W"])


def _compile_kernels(engine: Engine, learns: bool) -> None:
    """Compile what is not compiled yet, by calls with no patterns, or take what is kept."""
    side = engine.plan.side
    none = Patterns(
        np.zeros((0, side, side), np.uint8), np.zeros(0, np.uint8), np.zeros(256, np.float32)
    )
    grey, labels, levels = engine._shown(none)
    order, h = np.zeros(0, np.int64), layout.room(layout.TOTAL)
    p, w, steps, sums = engine.plan, engine.weights, engine.steps, engine.sums
    x, squares, d = engine.states, engine.squares, engine.derivatives
    shown = grey, labels, levels, order
    answers: list[compiled.Call] = [
        (many.answer, (p, w, grey, levels, engine.group, np.empty((0, 10), np.float32))),
        (network.states_of, (p, w, x, sums)),
    ]
    learning: list[compiled.Call] = [
        (network.learn, (p, w, steps, *shown, x, d, sums)),
        (network.curvature, (p, engine.second, w, h, *shown, h, steps, x, squares, d, sums)),
    ]
    if learns:
        compiled.ready(answers + learning, "the engine, ten to twenty seconds")
    else:
        compiled.ready(answers, "the engine's answers, some seconds")
