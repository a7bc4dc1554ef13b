"""The recipe: what params.yaml may say, and that everything else is refused by its path."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from allowed import objects
from hypothesis import given
from hypothesis import strategies as st

from paper_lenet.base.declared import build
from paper_lenet.base.errors import RecipeError
from paper_lenet.digits.dataset import Data, Scale, Source
from paper_lenet.digits.distort import Presentation
from paper_lenet.network.architecture import Network
from paper_lenet.network.params import Params, Train, read_params
from paper_lenet.network.recipe import Initial, Loss, Recipe, Step

ROOT = Path(__file__).parents[2]
PATH = ROOT / "params.yaml"


def changed(path: str, value: object) -> dict:
    """params.yaml as parsed, with one value put at a dotted path; numbers are places in lists."""
    result = place = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    *parents, last = [int(name) if name.isdigit() else name for name in path.split(".")]
    for name in parents:
        place = place[name]
    place[last] = value
    return result


def test_the_recipe_paper_is_the_default_one_written_out():
    params = read_params(PATH)
    assert params.recipes["paper"] == Recipe()
    written = yaml.safe_load(PATH.read_text(encoding="utf-8"))["recipes"]["paper"]
    assert set(written) == {field.name for field in dataclasses.fields(Recipe)}
    for name, part in written.items():
        fields = dataclasses.fields(getattr(Recipe(), name))
        assert set(part) == {field.name for field in fields}, name


def test_the_schedule_is_the_papers():
    """Section III-B: 0.0005 twice, 0.0002 and 0.0001 three times, 0.00005 four, then 0.00001."""
    step = Step()
    assert step.passes == 20
    rates = [step.rate(number) for number in range(1, 21)]
    assert rates == [5e-4] * 2 + [2e-4] * 3 + [1e-4] * 3 + [5e-5] * 4 + [1e-5] * 8
    assert (step.mu, step.patterns, step.curvature) == (0.02, 500, "each_pass")
    assert step.first_schedule == step.passes == step.estimates == 20
    with pytest.raises(ValueError, match="beyond its last one"):
        step.rate(21)


def test_a_second_schedule_begins_where_the_rate_rises():
    step = Step(eta=((2, 1e-3), (3, 1e-3), (1, 1e-4), (2, 2e-4), (4, 3e-4)))
    assert (step.first_schedule, step.passes) == (6, 12)
    assert [step.first(count).first_schedule for count in (1, 6, 7)] == [1, 6, 6]
    assert [Step(curvature=when).estimates for when in ("originals", "once", "never")] == [20, 1, 0]


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("recipes.paper.network.c4", 1, r"^recipes\.paper\.network\.c4: unknown key; .*c3"),
        ("trian", {}, r"^trian: unknown key; known here: data, preprocess, train, recipes"),
        ("train.seeds", "ten", r"^train\.seeds: 'ten' is not of type int"),
        ("train.seeds", 1.5, r"^train\.seeds: 1\.5 is not of type int"),
        ("train.seeds", True, r"^train\.seeds: True is not of type int"),
        ("train.seeds", 0, r"^train\.seeds: 0 is not between 1 and"),
        ("data.name", "../elsewhere", r"^data\.name: .* is no name for a folder"),
        ("train.trainer", "gpu", r"^train\.trainer: 'gpu' is not one of engine, reference"),
        ("train.device", "cuda", r"^train\.device: 'cuda' is not cpu, where the engine runs"),
        ("train.device", "CPU!", r"^train\.device: 'CPU!' is not a device as PyTorch names it"),
        ("recipes.paper.loss.half", 1, r"loss\.half: 1 is not of type bool"),
        ("recipes.paper.loss.equation", 10, r"loss\.equation: 10 is not one of 8, 9"),
        ("recipes.paper.loss.j", math.nan, r"^recipes\.paper\.loss\.j: not a number"),
        ("recipes.paper.loss.j", -math.inf, r"loss\.j: -inf is not between"),
        ("recipes.paper.network.input", 30, r"network\.input: 30 is not one of 28, 32"),
        ("recipes.paper.step.mu", 0, r"step\.mu: 0\.0 is not between"),
        ("recipes.paper.step.eta", [], r"^recipes\.paper\.step\.eta: each block"),
        ("recipes.paper.step.eta", [[0, 0.1]], r"step\.eta: each block"),
        ("recipes.paper.step.eta", [[1, -0.1]], r"step\.eta: each block"),
        ("recipes.paper.step.eta", [[1, math.inf]], r"step\.eta: each block"),
        ("recipes.paper.step.eta", [[1, 0.1, 2]], r"step\.eta\[0\]: .* is not a list of 2"),
        ("recipes.paper.step.eta", [[1, "x"]], r"step\.eta\[0\]\[1\]: 'x' is not of type float"),
        ("recipes.paper.step.eta", 0.1, r"step\.eta: 0\.1 is not a list"),
        ("recipes.paper.presentation.inverted", 1.5, r"inverted: 1\.5 is not between 0\.0 and"),
        ("recipes.paper.presentation.patterns", 0, r"patterns: 0 is not between 1 and"),
        ("recipes.paper", None, r"^recipes\.paper: None is not a mapping"),
        ("recipes", [], r"^recipes: \[\] is not a mapping"),
        ("data.sources.0", {"url": "a", "npm": "b"}, r"^data\.sources\[0\]: a source is one of"),
        ("data.sources.0", {}, r"^data\.sources\[0\]: a source is one of url, npm, folder"),
        ("data.sha256", {"a": 1}, r"^data\.sha256\.a: 1 is not of type str"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(path, value, message):
    with pytest.raises(RecipeError, match=message):
        build(Params, changed(path, value), "")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Network(c3="Full"), "c3: 'Full' is not one of table, full"),
        (lambda: Network(squashing="ReLU"), "squashing: 'ReLU' is not one of scaled_tanh, tanh, r"),
        (lambda: Network(input=30), "input: 30 is not one of 28, 32"),
        (lambda: Network(subsampling="Max"), "subsampling: 'Max' is not one of average, sum, "),
        (lambda: Network(output="RBF"), "output: 'RBF' is not one of rbf, trainable_rbf, targets"),
        (lambda: Network(input="32"), "input: '32' is not of type int"),
        (lambda: Network(input=True), "input: True is not of type int"),
        (lambda: Loss(j="a"), "j: 'a' is not of type float"),
        (lambda: Loss(half=1), "half: 1 is not of type bool"),
        (lambda: Step(patterns=True), "patterns: True is not of type int"),
        (lambda: Network(input=32.0), "input: 32.0 is not of type int"),
        (lambda: Initial(power=0.7), "power: 0.7 is not one of 0.5, 1.0"),
        (lambda: Loss(equation=7), "equation: 7 is not one of 8, 9"),
        (lambda: Loss(j=math.nan), "j: not a number"),
        (lambda: Loss(j=10**400), "j: a number of 1,000 bits or more is not of type float, as in"),
        (lambda: Step(eta=((1, "x"),)), "eta[0][1]: 'x' is not of type float"),
        (lambda: Step(eta=((10**6, 0.1),)), "eta: more than 10000 passes in all"),
        (lambda: Step(mu=0.0), "mu: 0.0 is not between 1e-09 and 1000000000.0"),
        (lambda: Presentation(patterns=0), "patterns: 0 is not between 1 and 60000"),
        (lambda: Presentation(scale=(1.0,)), "scale: [background, foreground], or [] for none"),
        (lambda: Presentation(scale=(0, math.inf)), "scale[1]: inf is not between"),
        (lambda: Scale(background=math.inf), "background: inf is not between"),
        (lambda: Recipe(network="full"), "network: 'full' is not a mapping"),
        (lambda: Recipe(Network(output="softmax")), "loss: softmax is equation 9 with j .inf"),
        (lambda: Source(url="a", npm="b"), "a source is one of url, npm, folder"),
        (lambda: Data("../x", (), {}), "name: '../x' is no name for a folder"),
        (lambda: replace(Train("paper", 1), seeds=10**11), "seeds: 100000000000 is not between"),
    ],
)
def test_what_is_made_in_code_is_checked_as_what_is_read(make, message):
    with pytest.raises(RecipeError, match=f"^{re.escape(message)}"):
        make()


def test_what_is_made_in_code_is_what_is_read():
    """Or one recipe would have two digests."""
    assert Recipe(loss=Loss(j=2)).to_json() == Recipe().to_json()
    eta = [[np.int64(2).item(), np.float64(0.1)]]
    assert Step(eta=eta).eta == ((2, 0.1),)
    assert type(Step(eta=eta).eta[0][1]) is float
    assert Recipe(network={"c3": "full"}) == Recipe(Network(c3="full"))
    assert hash(Step(eta=[[20, 1]])) == hash(Step(eta=((20, 1.0),)))


def test_the_bytes_that_name_results_stay_as_they_are():
    digest = hashlib.sha256(Recipe().to_json().encode()).hexdigest()
    assert digest == Recipe().digest()
    assert digest == "9a4082adf1bba6952c4ea63bd29aad85d965f647a71b61d224622d2ff14f27c0"


@pytest.mark.parametrize("path", ["train.seeds", "data.name", "recipes"])
def test_what_is_missing_is_named_by_its_path(path):
    *parents, last = path.split(".")
    given_tree = changed(path, None)
    place = given_tree
    for name in parents:
        place = place[name]
    del place[last]
    with pytest.raises(RecipeError, match=rf"^{path}: missing"):
        build(Params, given_tree, "")


def test_softmax_needs_cross_entropy_and_the_exact_second_derivative():
    softmax = {"network": {"output": "softmax"}}
    with pytest.raises(RecipeError, match=r"^x\.loss: softmax is equation 9 with j \.inf"):
        build(Recipe, softmax, "x")
    softmax["loss"] = {"j": math.inf}
    with pytest.raises(RecipeError, match=r"^x\.step\.output: softmax has no constant"):
        build(Recipe, softmax, "x")
    for step in ({"output": "exact"}, {"curvature": "never"}):
        assert build(Recipe, softmax | {"step": step}, "x").network.output == "softmax"


def test_originals_first_needs_copies_and_a_rate_that_rises():
    """Without, every pass would show the originals, and nothing would say so."""
    first = {"presentation": {"order": "originals_first"}}
    with pytest.raises(RecipeError, match=r"^x\.presentation\.order: there are no copies"):
        build(Recipe, first, "x")
    first["presentation"]["distorted"] = 1
    with pytest.raises(RecipeError, match=r"^x\.presentation\.order: .*it never does"):
        build(Recipe, first, "x")
    rising = {"step": {"eta": [[1, 0.0002], [1, 0.0005]]}}
    assert build(Recipe, first | rising, "x").step.first_schedule == 1


def test_files_that_cannot_be_read_are_named(tmp_path):
    path = tmp_path / "params.yaml"
    with pytest.raises(RecipeError, match=r"params\.yaml: there is no such file"):
        read_params(path)
    for text, message in {
        "a: [": "not YAML",
        "": "None is not a mapping",
        "- 1": "is not a mapping",
    }.items():
        path.write_text(text, encoding="utf-8")
        with pytest.raises(RecipeError, match=message):
            read_params(path)
    text = PATH.read_text(encoding="utf-8").replace("recipe: paper", "recipe: papyrus")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecipeError, match=r"^train\.recipe: no recipe 'papyrus'; .*paper"):
        read_params(path)


def test_whole_numbers_may_stand_for_real_ones_but_not_the_other_way_round():
    assert build(Recipe, {"loss": {"j": 2}}, "").loss == Loss(9, 2.0)
    with pytest.raises(RecipeError, match=r"^loss\.equation: 9\.0 is not of type int"):
        build(Recipe, {"loss": {"equation": 9.0}}, "")


def recipes() -> st.SearchStrategy[Recipe]:
    """Recipes of all kinds, but for what narrows the others: softmax, and originals first."""
    return st.builds(
        Recipe,
        network=objects(Network).filter(lambda network: network.output != "softmax"),
        initial=st.builds(replace, objects(Initial), power=st.sampled_from([0.5, 1.0])),
        loss=objects(Loss),
        step=objects(Step),
        presentation=objects(Presentation).filter(lambda how: how.order != "originals_first"),
    )


@given(recipes())
def test_json_and_back_is_the_same_recipe(recipe):
    assert build(Recipe, json.loads(recipe.to_json()), "") == recipe
    assert json.dumps(json.loads(recipe.to_json()), sort_keys=True) == recipe.to_json()


@given(recipes(), recipes())
def test_digests_tell_recipes_apart(one, other):
    assert (one.digest() == other.digest()) == (one == other)


@given(st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=8), min_size=1))
def test_unknown_keys_never_pass(mapping):
    known = {field.name for field in dataclasses.fields(Network)}
    unknown = {key: value for key, value in mapping.items() if key not in known}
    if unknown:
        with pytest.raises(RecipeError, match="unknown key"):
            build(Network, unknown, "network")


def test_nothing_in_a_recipe_can_be_changed():
    for frozen in (Recipe(), Network(), Step(), Source("a")):
        name = dataclasses.fields(frozen)[0].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(frozen, name, None)
