"""Everything that is asked of Fig. 13's nine panels, in its order."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from paper_lenet.base.bars import tqdm
from paper_lenet.paper import fig13
from paper_lenet.studies.recovered import bootstrap, calibrate, heldout, palette, profile, table_one
from paper_lenet.studies.recovered.recover import LAYERS, RecoveredLayer, recover
from paper_lenet.studies.recovered.recovered import Recovered

LONGER = 0.005


def recovered(widened: Mapping[str, float]) -> Recovered:
    """The network of 1998; `widened` is the known-truth check's factor for each layer."""
    inputs = fig13.drawn("input")
    grey = {name: fig13.drawn(name) for name in LAYERS}
    with tqdm(total=5, desc="the network of 1998", disable=None) as bar:
        found = calibrate.calibrate(inputs, grey)
        bar.update()
        drawn = {name: palette.read(grey[name], found.edges) for name in LAYERS}
        intervals = {name: found.drawing.interval(drawn[name]) for name in LAYERS}
        known = found.drawing.inputs(inputs)
        residuals = heldout.leave_out(drawn, known, found.drawing, found.layers)
        bar.update()
        below = found.layers["S2"].states
        evidence = table_one.evidences(below, intervals["C3"], found.layers["C3"])
        bar.update()
        boots: dict[str, dict[str, list[np.ndarray]]] = {
            name: {
                kind: bootstrap.deviations(name, found.layers[name], intervals[name], kind)
                for kind in bootstrap.KINDS
            }
            for name in LAYERS
        }
        bar.update()
        falls = {n: profile.falls(n, found.layers[n], intervals[n]) for n in LAYERS}
        change = {
            name: 100 * (size(layer) / size(found.layers[name]) - 1)
            for name, layer in longer(found, drawn, inputs).items()
        }
        bar.update()
    connected = table_one.connected(evidence)
    orders = table_one.orders(evidence)
    return Recovered(found, widened, boots, residuals, connected, orders, falls, change)


def longer(
    found: calibrate.Calibrated, drawn: Mapping[str, palette.Drawn], inputs: palette.Grey
) -> dict[str, RecoveredLayer]:
    """The layers, if a step of grey were longer by the share `LONGER`."""
    drawing = found.drawing._replace(step=found.drawing.step * (1 + LONGER))
    return recover(drawn, drawing.inputs(inputs), drawing)


def size(layer: RecoveredLayer) -> float:
    """The root mean square of a layer's weights, without biases."""
    return float(np.sqrt(np.mean(np.concatenate([fit.w[:-1] for fit in layer.fits]) ** 2)))
