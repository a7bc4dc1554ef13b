"""Initial weights by Appendix A's law, and files that are the same bytes for the same weights."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import struct
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from paper_lenet.base import streams
from paper_lenet.base.errors import RecipeError
from paper_lenet.base.files import read_tensors
from paper_lenet.digits.dataset import Scale
from paper_lenet.digits.distort import Presentation
from paper_lenet.network import weights
from paper_lenet.network.architecture import TABLE_I, Network, codes, parameter_shapes
from paper_lenet.network.recipe import Initial, Loss, Recipe, Step

ROOT = Path(__file__).parents[2]
PRINTED = Recipe(initial=Initial(bound=2.4, power=1.0))


def limits(initial: Initial, fan: int) -> float:
    return initial.bound / (math.sqrt(fan) if initial.power == 0.5 else fan)


@pytest.mark.parametrize("recipe", [Recipe(), PRINTED], ids=["root", "printed"])
def test_weights_are_uniform_within_their_units_bound(recipe):
    parameters = weights.initial_parameters(recipe, 0)
    fans = {"C1.weight": 25, "C5.weight": 400, "F6.weight": 120}
    for name, fan in fans.items():
        bound, part = limits(recipe.initial, fan), parameters[name]
        assert np.abs(part).max() <= bound
        assert np.abs(part).max() > 0.98 * bound
        assert part.std() == pytest.approx(bound / math.sqrt(3), rel=0.1)


def test_the_printed_law_has_the_printed_bounds():
    """Appendix A: 2.4 / F_i, which is 0.096 for C1 and 0.032, 0.024, 0.016 for C3."""
    parameters = weights.initial_parameters(PRINTED, 0)
    assert np.abs(parameters["C1.weight"]).max() == pytest.approx(0.096, rel=0.03)
    kernel = 0
    for sources in TABLE_I:
        part = parameters["C3.weight"][kernel : kernel + len(sources)]
        assert np.abs(part).max() == pytest.approx(2.4 / (25 * len(sources)), rel=0.05)
        kernel += len(sources)


def test_the_default_law_has_standard_deviation_one_over_root_f():
    parameters = weights.initial_parameters(Recipe(), 0)
    assert parameters["C5.weight"].std() * math.sqrt(400) == pytest.approx(1, abs=0.01)
    assert parameters["F6.weight"].std() * math.sqrt(120) == pytest.approx(1, abs=0.02)


def test_biases_and_coefficients_start_where_the_recipe_says():
    parameters = weights.initial_parameters(Recipe(initial=Initial(coefficient=0.25)), 0)
    for name, part in parameters.items():
        if name.endswith("bias"):
            assert not part.any()
        if name.endswith("coefficient"):
            assert (part == 0.25).all()


def test_biases_may_follow_their_units_law():
    """But for subsampling, whose law the paper does not give."""
    parameters = weights.initial_parameters(Recipe(initial=Initial(biases="same")), 0)
    assert not parameters["S2.bias"].any()
    assert not parameters["S4.bias"].any()
    for name, fan in {"C1": 25, "C5": 400, "F6": 120}.items():
        part = parameters[f"{name}.bias"]
        assert 0.5 * limits(Initial(), fan) < np.abs(part).max() <= limits(Initial(), fan)


def test_every_array_is_drawn_from_its_own_stream_in_c_order():
    """A second transcription with Python's integers and floats."""
    for recipe in (Recipe(), PRINTED):
        parameters = weights.initial_parameters(recipe, 11)
        assert list(parameters) == list(parameter_shapes())
        for index, (name, fan) in enumerate(
            [("C1.weight", 25), ("", 0), ("", 0), ("", 0), ("C3.weight", 75)]
        ):
            if not name:
                continue
            stream = streams.key(11, "weights", index)
            words = [int(word) for word in streams.words(stream, 75)]
            bound = limits(recipe.initial, fan)
            drawn = [np.float32((2 * ((word >> 11) / 2**53) - 1) * bound) for word in words]
            assert parameters[name].ravel()[:75].tolist() == drawn


def test_seeds_differ_and_repeat():
    digests = [weights.digest(weights.initial_parameters(Recipe(), seed)) for seed in (0, 1, 0)]
    assert digests[0] == digests[2] != digests[1]


def test_trained_codes_start_as_those_of_figure_3():
    parameters = weights.initial_parameters(Recipe(Network(output="trainable_rbf")), 0)
    assert parameters["output.codes"].tolist() == codes()


def test_digest_is_of_the_float32_words_in_order():
    parameters = {"a": np.array([[1.5, -2.0]], np.float32), "b": np.array([0.25], np.float32)}
    expected = hashlib.sha256(struct.pack("<3f", 1.5, -2.0, 0.25)).hexdigest()
    assert weights.digest(parameters) == expected


def test_a_file_gives_back_what_was_saved(tmp_path):
    recipe = Recipe(
        Network(28, output="softmax"), loss=Loss(9, math.inf), step=Step(output="exact")
    )
    trained = weights.Trained(weights.initial_parameters(recipe, 4), recipe, 4)
    path = tmp_path / "new" / "seed-04.safetensors"
    weights.save(str(path), trained)
    back = weights.load(str(path))
    assert (back.recipe, back.seed) == (recipe, 4)
    assert list(back.parameters) == list(trained.parameters)
    for name, part in trained.parameters.items():
        assert np.array_equal(back.parameters[name], part)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_same_weights_are_the_same_bytes(tmp_path):
    for number in range(4):
        trained = weights.Trained(weights.initial_parameters(Recipe(), 0), Recipe(), 0)
        weights.save(tmp_path / f"{number}", trained)
    assert len({(tmp_path / f"{number}").read_bytes() for number in range(4)}) == 1


def test_a_file_has_one_metadata_key_of_sorted_json(tmp_path):
    weights.save(
        tmp_path / "w", weights.Trained(weights.initial_parameters(Recipe(), 2), Recipe(), 2)
    )
    content = (tmp_path / "w").read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    assert list(header["__metadata__"]) == ["recipe"]
    note = json.loads(header["__metadata__"]["recipe"])
    assert note["seed"] == 2
    assert json.dumps(note, sort_keys=True) == header["__metadata__"]["recipe"]


def test_files_that_are_not_ours_are_named(tmp_path):
    path = tmp_path / "other.safetensors"
    with pytest.raises(RecipeError, match=r"other\.safetensors: cannot be read \(No such file"):
        weights.load(path)
    path.write_bytes(b"not safetensors at all")
    with pytest.raises(RecipeError, match="not a file of trained weights"):
        weights.load(path)
    save_file({"a": np.zeros(2, np.float32)}, path)
    with pytest.raises(RecipeError, match="not a file of trained weights"):
        weights.load(path)
    deep, twice, huge = "[" * 10**5, '{"seed": 1, "seed": 2, "recipe": {}}', '{"seed": 1e999}'
    for note in ("", "[]", "{}", '{"seed": 1}', "not json", deep, twice, huge, '{"seed": NaN}'):
        save_file({"a": np.zeros(2, np.float32)}, path, metadata={"recipe": note})
        with pytest.raises(RecipeError, match=r"other\.safetensors"):
            weights.load(path)


def test_the_scale_of_the_inputs_is_kept_where_it_is_not_the_papers(tmp_path):
    path = tmp_path / "w"
    trained = weights.Trained(weights.initial_parameters(Recipe(), 0), Recipe(), 0)
    weights.save(path, trained)
    assert read_tensors(path, "recipe")[1].keys() == {"recipe", "seed"}
    assert weights.load(path).scale == weights.load(path).input_scale == Scale(-0.1, 1.175)
    weights.save(path, trained._replace(scale=Scale(0.0, 1.0)))
    assert weights.load(path).input_scale == Scale(0.0, 1.0)
    own = dataclasses.replace(Recipe(), presentation=Presentation(scale=(-1.0, 1.0)))
    weights.save(path, trained._replace(recipe=own))
    assert weights.load(path).input_scale == Scale(-1.0, 1.0)


def test_a_scale_that_is_none_is_named_with_its_file(tmp_path):
    path = tmp_path / "w.safetensors"
    note = json.dumps({"recipe": {}, "seed": 0, "scale": {"background": "dark"}})
    save_file(weights.initial_parameters(Recipe(), 0), path, metadata={"recipe": note})
    with pytest.raises(RecipeError, match=r"w\.safetensors: scale\.background"):
        weights.load(path)


def test_committed_weights_are_written_in_the_same_bytes(tmp_path):
    for path in sorted((ROOT / "data/models/mnist/paper").iterdir()):
        weights.save(tmp_path / path.name, weights.load(path))
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_a_recipe_that_is_impossible_is_named_with_its_file(tmp_path):
    path = tmp_path / "w.safetensors"
    note = '{"recipe": {"network": {"c3": "half"}}, "seed": 0}'
    save_file({"a": np.zeros(2, np.float32)}, path, metadata={"recipe": note})
    with pytest.raises(
        RecipeError, match=r"w\.safetensors: recipe\.network\.c3: 'half' is not one"
    ):
        weights.load(path)


def test_arrays_that_do_not_fit_the_recipe_are_refused(tmp_path):
    parameters = weights.initial_parameters(Recipe(Network(28)), 0)
    path = tmp_path / "w"
    weights.save(path, weights.Trained(parameters, Recipe(), 0))
    with pytest.raises(RecipeError, match=r"w: C5\.weight: float32 \(120, 16, 4, 4\) is not"):
        weights.load(path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(RecipeError, match="not a file of trained weights"):
        weights.load(path)


@pytest.mark.parametrize("spoilt", [np.nan, np.inf, np.int32, np.bool_, np.float64, np.float16])
def test_numbers_that_cannot_be_weights_are_refused_by_name(tmp_path, spoilt):
    path = tmp_path / "w"
    parameters = weights.initial_parameters(Recipe(), 0)
    part = parameters["F6.weight"]
    if isinstance(spoilt, type):
        parameters["F6.weight"] = part.astype(spoilt)
    else:
        part[83, 119] = spoilt
    weights.save(path, weights.Trained(parameters, Recipe(), 0))
    with pytest.raises(RecipeError, match=r"w: F6\.weight: .*(not finite|is not float32)"):
        weights.load(path)


@settings(max_examples=60)
@given(st.data())
def test_a_file_of_weights_that_is_damaged_is_told_or_answers_as_one(data):
    """Cut, or with one byte changed: never another exception, never weights that are no numbers."""
    whole = (ROOT / "data/models/mnist/paper/seed-00.safetensors").read_bytes()
    header = 8 + int.from_bytes(whole[:8], "little")
    place = data.draw(st.integers(0, header) | st.integers(0, len(whole) - 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "w"
        if data.draw(st.booleans()):
            path.write_bytes(whole[:place])
        else:
            path.write_bytes(whole[:place] + data.draw(st.binary(min_size=1)) + whole[place + 1 :])
        try:
            found = weights.load(path)
        except RecipeError as error:
            assert str(error).startswith(f"{path}: ")
        else:
            assert all(np.isfinite(part).all() for part in found.parameters.values())


def test_the_gaussian_law_has_the_uniform_laws_variance_and_a_gaussians_kurtosis():
    parameters = weights.initial_parameters(Recipe(initial=Initial(law="gaussian")), 0)
    part = parameters["C5.weight"].astype(float) * math.sqrt(400)
    assert part.std() == pytest.approx(1, abs=0.01)
    # 3 for a Gaussian, 1.8 for a uniform law; twelve uniform numbers have 3 - 1.2 / 12.
    assert np.mean(part**4) / part.var() ** 2 == pytest.approx(2.9, abs=0.05)


def test_s2_and_s4_may_start_from_coefficients_of_their_own():
    both = Recipe(initial=Initial(coefficient=(0.5, 2.0)))
    parameters = weights.initial_parameters(both, 0)
    assert set(parameters["S2.coefficient"]) == {0.5}
    assert set(parameters["S4.coefficient"]) == {2.0}
    with pytest.raises(RecipeError, match="is not a list of 2"):
        Initial(coefficient=(1.0, 2.0, 3.0))


def test_coefficients_may_be_drawn_from_the_law_of_four_inputs():
    printed = Initial(bound=2.4, power=1.0, coefficients="drawn")
    parameters = weights.initial_parameters(Recipe(initial=printed), 0)
    part = np.concatenate([parameters["S2.coefficient"], parameters["S4.coefficient"]])
    assert 0.3 < np.abs(part).max() <= 0.6
    assert part.min() < 0 < part.max()
    assert not parameters["S4.bias"].any()


@pytest.mark.parametrize(
    ("seed", "message"),
    [
        (10**6, r"^seed 1000000: there is no .*data/models/mnist/.*seed-1000000\.safetensors; the"),
        (-1, "^seed: -1 is not between 0 and"),
        (True, "^seed: True is not of type int"),
        ("0", "^seed: '0' is not of type int"),
    ],
)
def test_a_pretrained_network_that_is_not_here_is_told(seed, message):
    with pytest.raises(RecipeError, match=message):
        weights.pretrained(seed)
