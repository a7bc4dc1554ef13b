"""`General`: any layered network, trained and asked, by the kernels of `general`."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import compiled, general, general_layout, layout
from paper_lenet.engine.general_layout import FULL, KIND, SIZE
from paper_lenet.engine.general_pixels import column_sums, settled
from paper_lenet.engine.general_state import work
from paper_lenet.network.layered import Layered, parameter_shapes
from paper_lenet.network.protocol import InputError, Learned, check_side, check_steps, checked_order
from paper_lenet.network.weights import Parameters, fitting_shapes

Shown = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float32]]


class General:
    """A layered network that can be trained and asked (`network.protocol.Trainable`).

    Many may run at once, one a thread; threads that share one take turns.

    Example:
        >>> from paper_lenet.digits.patterns import grey_scale
        >>> from paper_lenet.network.layered_weights import initial
        >>> from paper_lenet.network.lenets import fully_connected
        >>> from paper_lenet.network.recipe import Initial
        >>> layered = fully_connected(28, [300])
        >>> network = General(layered, initial(layered, Initial(), 0))
        >>> network.parameters()["layer0.weight"].shape
        (300, 784)
        >>> grey, labels = np.zeros((2, 28, 28), np.uint8), np.array([7, 2], np.uint8)
        >>> digits = Patterns(grey, labels, grey_scale(-0.1, 1.175))
        >>> before, h = network.penalties(digits), network.curvature(digits, np.array([0, 1]))
        >>> network.learn(digits, np.array([0]), 0.0005 / (0.02 + h)).shown  # eq. 21
        1
        >>> bool(network.penalties(digits)[0, 7] < before[0, 7])
        True
        >>> network.hidden(digits).shape, network.outputs(digits).shape
        ((2, 300), (2, 10))
    """

    def __init__(self, layered: Layered, parameters: Parameters) -> None:
        """Start from a copy of `parameters`, as `layered.initial` names and shapes them.

        Raises:
            CompileError: Numba is told not to compile.
            RecipeError: the parameters are not those of the network, or not finite; or a layer is
                not one that the engine has room for.
        """
        parameters = fitting_shapes(parameters, parameter_shapes(layered))
        self.layered = layered
        self.plan = general_layout.plan(layered)
        self.second = general_layout.plan(layered, second=True)
        self.places = general_layout.places(layered, self.plan)
        self.weights = general_layout.pack(layered, self.plan, parameters)
        # In layout order, as they were handed over, and spread to their places.
        self.given = np.zeros(len(self.places), np.float32)
        self.steps = layout.room(len(self.weights))
        # Asking has room of its own, so that it changes nothing of what is held back in learning.
        self.work, self.asked = work(self.plan), work(self.plan)
        self._lock = threading.Lock()
        _compile(self)
        self._begin()

    def __repr__(self) -> str:
        return f"General({self.layered}, {len(self.places):,} parameters)"

    def parameters(self) -> Parameters:
        """A copy of the parameters, by name, float32."""
        with self._lock:
            return general_layout.unpack(self.layered, self.plan, self._settled())

    def curvature(self, patterns: Patterns, chosen: NDArray[np.int64]) -> NDArray[np.float32]:
        """h_kk, the mean over the chosen patterns: all parameters end to end in layout order.

        Raises:
            InputError: the patterns are of another size, or not there.
        """
        grey, _, levels = self._shown(patterns)
        h, chosen = layout.room(len(self.weights)), checked_order(patterns, chosen)
        share = np.full(len(self.places), -1.0 / max(1, len(chosen)), np.float32)
        steps, squared = self._spread(share), layout.room(len(self.weights))
        with self._lock:
            w = self._whole()
            general.curvature(self.second, w, squared, grey, levels, chosen, h, steps, self.asked)
        return h[self.places]

    def learn(
        self, patterns: Patterns, order: NDArray[np.int64], steps: NDArray[np.float32]
    ) -> Learned:
        """One update (eq. 18) after each pattern of `order`; stops at a loss that is not finite.

        Calls with equal steps go on from each other as one call would.

        Raises:
            InputError: the patterns are of another size, or not there, or the steps not as many as
                the parameters.
        """
        check_steps(steps, len(self.places))
        steps = steps.astype(np.float32, copy=False)
        shown, order = self._shown(patterns), checked_order(patterns, order)
        with self._lock:
            if not np.array_equal(self.given, steps):
                self.weights = self._settled()
                self.given = steps.copy()
                self.steps = self._spread(self.given)
                self._begin()
            learned = general.learn(self.plan, self.weights, self.steps, *shown, order, self.work)
        return Learned(*learned)

    def outputs(self, patterns: Patterns) -> NDArray[np.float32]:
        """The states of the ten outputs for each pattern, (N, 10); the greatest answers.

        Raises:
            InputError: the patterns are of another size.
        """
        return self._states(patterns, len(self.plan.layers) - 1)

    def hidden(self, patterns: Patterns) -> NDArray[np.float32]:
        """The states of the layer before the outputs for each pattern, (N, units).

        Maps are counted one after the other, row by row.

        Raises:
            InputError: the patterns are of another size, or there is no such layer.
        """
        if len(self.plan.layers) < 2:
            raise InputError("the network has no layer before its outputs")
        return self._states(patterns, len(self.plan.layers) - 2)

    def penalties(self, patterns: Patterns) -> NDArray[np.float32]:
        """A penalty of each class for each pattern, (N, 10): its output's negative.

        Half the squared distance to the targets of a class is this but for a factor of 2 and what
        is the same for all classes.

        Raises:
            InputError: the patterns are of another size.
        """
        return -self.outputs(patterns)

    def _states(self, patterns: Patterns, number: int) -> NDArray[np.float32]:
        grey, _, levels = self._shown(patterns)
        result = np.empty((len(grey), self.plan.layers[number, SIZE]), np.float32)
        with self._lock:
            w = self._whole()
            general.answer(self.plan, number, w, grey, levels, self.asked, result)
        return result[:, general_layout.units(self.plan, number)]

    def _begin(self) -> None:
        """Nothing is held back; the sums of the columns are those of the weights as they are."""
        if self._over_pixels:
            self.work.pixels.held[:] = 0
            column_sums(self.plan.layers[0], self.weights, self.work.pixels.columns)
            column_sums(self.plan.layers[0], self.steps, self.work.pixels.step_columns)

    def _settled(self) -> NDArray[np.float32]:
        """The weights with nothing held back."""
        if self._over_pixels:
            return settled(self.plan, self.weights, self.steps, self.work.pixels)
        return self.weights

    def _whole(self) -> NDArray[np.float32]:
        """The same, ready to be asked."""
        w = self._settled()
        if self._over_pixels:
            column_sums(self.plan.layers[0], w, self.asked.pixels.columns)
        return w

    @property
    def _over_pixels(self) -> bool:
        return bool(self.plan.layers[0, KIND] == FULL)

    def _spread(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Values of the parameters in their places, zeros in the padding."""
        result = layout.room(len(self.weights))
        result[self.places] = values
        return result

    def _shown(self, patterns: Patterns) -> Shown:
        # Kernels are compiled for arrays that can be written to and lie end to end.
        side = self.layered.side
        check_side(patterns, side)
        grey = np.require(patterns.grey.reshape(-1, side * side), requirements=["C", "W"])
        labels = np.require(patterns.labels, requirements=["C", "W"])
        return grey, labels, np.require(patterns.levels, requirements=["C", "W"])


def _compile(network: General) -> None:
    """Compile what is not compiled yet, by calls with no patterns, or take what is kept."""
    side = network.layered.side
    grey, labels = np.zeros((0, side * side), np.uint8), np.zeros(0, np.uint8)
    levels, none = np.zeros(256, np.float32), np.zeros(0, np.int64)
    w, room, r = network.weights, layout.room(len(network.weights)), network.work
    plan, second, width = network.plan, network.second, len(network.work.pixels.columns)
    calls: list[compiled.Call] = [
        (general.learn, (plan, w, room, grey, labels, levels, none, r)),
        (general.curvature, (second, w, room, grey, levels, none, room, room, r)),
        (general.answer, (plan, 0, w, grey, levels, r, np.empty((0, width), np.float32))),
        (column_sums, (plan.layers[0], layout.room(len(w)), layout.room(width))),
    ]
    compiled.ready(calls, "the engine of other networks, some seconds")
