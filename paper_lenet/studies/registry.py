"""The studies that do more than train: by name, the module that has their parts as ``STUDY``.

A grid that is not listed here is trained and recorded, and nothing else.
"""

from __future__ import annotations

from importlib import import_module

from paper_lenet.studies.study import Study

MODULES = {
    "collapse": "paper_lenet.studies.collapse",
    "distortions": "paper_lenet.studies.distortions",
    "fig9": "paper_lenet.studies.fig9.report",
    "gain": "paper_lenet.studies.gain",
    "invariance": "paper_lenet.studies.invariance",
    "ladder": "paper_lenet.studies.ladder",
    "padding": "paper_lenet.studies.padding",
    "paper": "paper_lenet.studies.paper",
    "photos": "paper_lenet.studies.photos.photos",
    "posterior": "paper_lenet.studies.posterior.posterior",
    "readings": "paper_lenet.studies.readings",
    "recovered": "paper_lenet.studies.recovered.study",
    "revive": "paper_lenet.studies.recovered.ours",
    "revived": "paper_lenet.studies.revived.study",
    "round_0": "paper_lenet.studies.posterior.steps",
    "settling": "paper_lenet.studies.settling",
    "sizes": "paper_lenet.studies.sizes",
    "small": "paper_lenet.studies.small",
    "tutorials": "paper_lenet.studies.tutorials.report",
    "writers": "paper_lenet.studies.writers",
}


def study(name: str) -> Study:
    """The parts of the study `name`, imported when they are asked for."""
    if name not in MODULES:
        return Study()
    parts: Study = import_module(MODULES[name]).STUDY
    return parts
