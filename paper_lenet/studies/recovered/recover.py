"""The parameters of C1, S2, C3 and S4 from drawn states, layer by layer, from below.

A layer is fitted with what is known of the states below it. Of a drawn state three things may be
used: the middle of its level (``drawn``), what the recovered layer below computes (``forward``), or
both together (``restored``, the default): the computed state, held inside the drawn level. Clipped
states, which are many, are known by that as well. `truth` measures which one is best.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.network.architecture import TABLE_I
from paper_lenet.studies.recovered import forward, probit
from paper_lenet.studies.recovered.drawing import Drawing, Ends, Known
from paper_lenet.studies.recovered.palette import Drawn
from paper_lenet.studies.recovered.probit import Fit, Units

Array = NDArray[np.float64]
LAYERS = ("C1", "S2", "C3", "S4")
BELOW = {"C1": "input", "S2": "C1", "C3": "S2", "S4": "C3"}
WIDE = 10.0  # the prior's deviation where the data are to speak alone
ROUNDS = 3  # of C3's prior and its fits


class RecoveredLayer(NamedTuple):
    """One recovered layer.

    Attributes:
        fits: one a map.
        sources: of each map, the maps below that it sees.
        prior: deviation of the weights' prior.
        below: what is known of the states below.
        states: what is known of its own states.
    """

    fits: list[Fit]
    sources: tuple[tuple[int, ...], ...]
    prior: float
    below: Known
    states: Known


def sources(layer: str) -> tuple[tuple[int, ...], ...]:
    """The maps below that each map of a layer sees."""
    if layer == "C1":
        return ((0,),) * 6
    return TABLE_I if layer == "C3" else tuple((k,) for k in range(6 if layer == "S2" else 16))


def units(layer: str, below: Known, interval: Ends, seen: Sequence[int], place: int) -> Units:
    """The drawn units of map `place`."""
    if layer in ("C1", "C3"):
        return forward.convolution(below, seen, interval, place)
    return forward.subsampling(below, interval, place)


def recover(
    drawn: Mapping[str, Drawn], inputs: Known, drawing: Drawing, how: str = "restored"
) -> dict[str, RecoveredLayer]:
    """Every layer of `LAYERS`.

    Args:
        drawn: of each layer, (panels, maps, rows, columns).
        inputs: what is known of the inputs, (panels, 32, 32).
        drawing: the scale.
        how: ``restored``, ``forward`` or ``drawn``.
    """
    result: dict[str, RecoveredLayer] = {}
    below = Known(*(part[:, None] for part in inputs))
    for layer in LAYERS:
        interval = drawing.interval(drawn[layer])
        found = fit_layer(layer, below, interval)
        states = known(layer, below, interval, found.fits, how, drawing.middle(drawn[layer]))
        result[layer] = found._replace(states=states)
        below = states
    return result


def fit_layer(
    layer: str, below: Known, interval: Ends, start: RecoveredLayer | None = None
) -> RecoveredLayer:
    """Fit every map of a layer; `start` holds its prior and begins where that one ended.

    C3's weights have a normal prior of zero mean, whose deviation is that of the weights found
    (empirical Bayes); the others' priors are wide.
    """
    seen = sources(layer)
    maps = [probit.distinct(units(layer, below, interval, s, k)) for k, s in enumerate(seen)]
    fits: list[Fit | None] = list(start.fits) if start else [None] * len(maps)
    prior = start.prior if start else (1.0 if layer == "C3" else WIDE)
    for _ in range(1 if start or layer != "C3" else ROUNDS):
        fits = [
            probit.fit(part, priors(part, prior), None if one is None else one.w)
            for part, one in zip(maps, fits, strict=True)
        ]
        if layer == "C3" and start is None:
            squares = [one.w[:-1] ** 2 + one.sd[:-1] ** 2 for one in fits if one is not None]
            prior = float(np.sqrt(np.mean(np.concatenate(squares))))
    return RecoveredLayer([one for one in fits if one is not None], seen, prior, below, below)


def priors(units: Units, prior: float) -> Array:
    """The prior's deviations: `prior` for weights, wide for the bias."""
    result: Array = np.r_[np.full(units.x.shape[1] - 1, prior), WIDE]
    return result


def known(
    layer: str, below: Known, interval: Ends, fits: Sequence[Fit], how: str, middle: Known
) -> Known:
    """What is known of a layer's states, given its parameters and the states below."""
    if how == "drawn":
        return middle
    mean, variance = (np.empty(interval.low.shape) for _ in range(2))
    for k, (fit, seen) in enumerate(zip(fits, sources(layer), strict=True)):
        part = units(layer, below, interval, seen, k)
        shape = mean[:, k].shape
        a = (part.x @ fit.w).reshape(shape)
        uncertain = np.einsum("nk,kl,nl->n", part.x, fit.covariance, part.x)
        sd = np.sqrt(probit.deviations(part, fit.w, fit.tau) ** 2 + uncertain).reshape(shape)
        ends = Ends(interval.low[:, k], interval.high[:, k])
        if how == "forward":
            ends = Ends(np.full(shape, -np.inf), np.full(shape, np.inf))
        mean[:, k], variance[:, k] = forward.restored(a, sd, ends)
    return Known(mean, variance)
