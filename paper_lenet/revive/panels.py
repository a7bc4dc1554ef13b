"""Everything that is asked of Fig. 13's nine panels, in its order."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from tqdm import tqdm

from paper_lenet import fig13
from paper_lenet.revive import bootstrap, calibrate, heldout, palette, table_one
from paper_lenet.revive.record import Found
from paper_lenet.revive.recover import LAYERS


def recovered(widened: Mapping[str, float]) -> Found:
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
        bar.update(2)
    connected = table_one.connected(evidence)
    return Found(found, widened, boots, residuals, connected, table_one.orders(evidence))
