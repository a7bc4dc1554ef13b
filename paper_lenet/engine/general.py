"""Any layered network for one pattern: forward, backward, and what is made of them.

As in `network`, curvature (Appendix C, eq. 27) is the backward pass with every weight, every state
and every slope squared, descending from zero with a step of -1/P for each of P patterns.
"""

from __future__ import annotations

import numpy as np

from paper_lenet.engine.general_full import full_backward, full_forward
from paper_lenet.engine.general_layout import (
    CONVOLUTION,
    FULL,
    HERE,
    KIND,
    OUTPUTS,
    SIZE,
    SUBSAMPLING,
)
from paper_lenet.engine.general_maps import (
    convolution_forward,
    convolution_inputs,
    convolution_kernels,
    squash_layer,
    subsampling_backward,
    subsampling_forward,
    through_layer,
)
from paper_lenet.engine.general_pixels import (
    find_ink,
    ink_sums,
    pixels_descend,
    pixels_forward,
)
from paper_lenet.engine.kernel import inlined, inner, kernel
from paper_lenet.engine.network import present, square


@inner
def _lowest(plan, w, grey, levels, r):
    """Total inputs of the first layer; returns how many pixels are ink, where that counts."""
    layer, count = plan.layers[0], 0
    if layer[KIND] == FULL:
        count = find_ink(grey, levels, r.pixels)
        ink_sums(layer, w, r.pixels, count, r.x[layer[HERE] :])
    else:
        convolution_forward(layer, w, r.x)
    return count


@inner
def _upward(plan, w, r):
    """All states, from the total inputs of the first layer on."""
    squash_layer(plan, plan.layers[0], r.x)
    for number in range(1, len(plan.layers)):
        layer = plan.layers[number]
        if layer[KIND] == FULL:
            full_forward(layer, w, r.x)
        elif layer[KIND] == CONVOLUTION:
            convolution_forward(layer, w, r.x)
        else:
            subsampling_forward(layer, plan.tables[number], w, r.x, r.sums)
        squash_layer(plan, layer, r.x)


@inner
def _forward(plan, w, grey, levels, r):
    """All states, of weights with nothing held back (`general_pixels`)."""
    present(grey, levels, r.x)
    _lowest(plan, w, grey, levels, r)
    if plan.layers[0, KIND] == FULL:
        pixels_forward(plan.layers[0], w, levels[0], r.pixels, r.x)
    _upward(plan, w, r)


@inner
def _downward(plan, first, w, target, steps, x, r):
    """From the derivatives in the outputs down to layer `first`, descending on the way.

    `w` is what derivatives travel along, `target` what descends, `x` the states that gradients
    multiply: those of the pattern, or their squares. No derivatives are made in the input.
    """
    d, sums = r.d, r.sums
    for number in range(len(plan.layers) - 1, first - 1, -1):
        layer = plan.layers[number]
        through_layer(plan, layer, r.x, d)
        if layer[KIND] == FULL:
            full_backward(layer, w, target, steps, x, d, sums)
        elif layer[KIND] == SUBSAMPLING:
            table = plan.tables[number]
            subsampling_backward(layer, table, plan.second, w, target, steps, x, d, sums)
        else:
            if number:
                convolution_inputs(layer, w, d, sums)
            convolution_kernels(layer, target, steps, x, d)


@inlined
def _answered(x, outputs):
    """The class of the greatest output; of equal ones the first."""
    best = 0
    for unit in range(1, OUTPUTS):
        if x[outputs + unit] > x[outputs + best]:
            best = unit
    return best


@inner
def _loss_of(outputs, label, x, d):
    """E^p, half the squared distance from the targets; its derivatives in the outputs."""
    loss = 0.0
    for unit in range(OUTPUTS):
        off = x[outputs + unit] - np.float32(1.0 if unit == label else -1.0)
        d[outputs + unit] = off
        loss += 0.5 * np.float64(off) * np.float64(off)
    return loss


@kernel
def learn(plan, w, steps, grey, labels, levels, order, r):
    """One update after each pattern of `order`: (sum of losses, errors, patterns shown).

    Example:
        >>> from paper_lenet.engine.general_trainer import General
        >>> from paper_lenet.network.layered_weights import initial
        >>> from paper_lenet.network.lenets import lenet_1
        >>> from paper_lenet.network.recipe import Initial
        >>> n = General(lenet_1(), initial(lenet_1(), Initial(), 0))
        >>> n.steps[n.places] = 0.001
        >>> grey, labels = np.zeros((1, 784), np.uint8), np.zeros(1, np.uint8)
        >>> shown = grey, labels, np.ones(256, np.float32), np.zeros(1, np.int64)
        >>> first, again = (learn(n.plan, n.weights, n.steps, *shown, n.work) for _ in range(2))
        >>> again[0] < first[0], again[2]  # what was learnt from a pattern lowers its loss
        (True, 1)
    """
    total, errors = 0.0, 0
    layer, outputs = plan.layers[0], plan.layers[len(plan.layers) - 1, HERE]
    over_pixels = layer[KIND] == FULL
    for shown in range(len(order)):
        pattern = order[shown]
        label = labels[pattern]
        present(grey[pattern], levels, r.x)
        count = _lowest(plan, w, grey[pattern], levels, r)
        if over_pixels:
            ink_sums(layer, steps, r.pixels, count, r.pixels.inked)
            pixels_forward(layer, w, levels[0], r.pixels, r.x)
        _upward(plan, w, r)
        loss = _loss_of(outputs, label, r.x, r.d)
        if not np.isfinite(loss):
            return total, errors, shown
        total += loss
        errors += _answered(r.x, outputs) != label
        _downward(plan, 1 if over_pixels else 0, w, w, steps, r.x, r)
        if over_pixels:
            through_layer(plan, layer, r.x, r.d)
            pixels_descend(layer, w, steps, levels[0], r.pixels, count, r.d)
    return total, errors, len(order)


@kernel
def curvature(plan, w, squared, grey, levels, chosen, h, steps, r):
    """Add to `h` the second derivatives of the chosen patterns, each times minus its step.

    `plan` is that of second derivatives, `squared` room for the squares of the weights `w`. The
    loss's second derivative in each output is 1.

    Example:
        >>> from paper_lenet.engine.general_trainer import General
        >>> from paper_lenet.network.layered_weights import initial
        >>> from paper_lenet.network.lenets import lenet_1
        >>> from paper_lenet.network.recipe import Initial
        >>> n = General(lenet_1(), initial(lenet_1(), Initial(), 0))
        >>> h, squared = np.zeros_like(n.weights), np.zeros_like(n.weights)
        >>> n.steps[n.places] = -1.0  # of one pattern
        >>> grey, levels = np.zeros((1, 784), np.uint8), np.zeros(256, np.float32)
        >>> shown = grey, levels, np.zeros(1, np.int64)
        >>> curvature(n.second, n.weights, squared, *shown, h, n.steps, n.work)
        >>> slope = n.plan.steepest - n.plan.bend * n.work.x[n.plan.layers[-1, HERE]] ** 2
        >>> round(float(h[n.places[-10]] / slope**2), 4), bool((h >= 0).all())  # eq. 25 for a bias
        (1.0, True)
    """
    square(w, squared)
    outputs = plan.layers[len(plan.layers) - 1, HERE]
    for pattern in chosen:
        _forward(plan, w, grey[pattern], levels, r)
        square(r.x, r.squares)
        for unit in range(OUTPUTS):
            r.d[outputs + unit] = 1.0
        _downward(plan, 0, squared, h, steps, r.squares, r)


@kernel
def answer(plan, number, w, grey, levels, r, result):
    """The states of layer `number` for each pattern, as they lie, into the rows of `result`.

    Example:
        >>> from paper_lenet.engine.general_trainer import General
        >>> from paper_lenet.network.layered_weights import initial
        >>> from paper_lenet.network.lenets import lenet_1
        >>> from paper_lenet.network.recipe import Initial
        >>> n = General(lenet_1(), initial(lenet_1(), Initial(), 0))
        >>> grey, levels = np.zeros((2, 784), np.uint8), np.zeros(256, np.float32)
        >>> result = np.ones((2, n.plan.layers[0, SIZE]), np.float32)
        >>> answer(n.plan, 0, n.weights, grey, levels, n.work, result)
        >>> result.shape == (2, 24 * 24 * 16), bool(result.any())  # f(0) = 0, biases begin at 0
        (True, False)
    """
    layer = plan.layers[number]
    for pattern in range(len(grey)):
        _forward(plan, w, grey[pattern], levels, r)
        for k in range(layer[SIZE]):
            result[pattern, k] = r.x[layer[HERE] + k]
