"""The published numbers against each other, the layer list and the package's data files."""

from __future__ import annotations

import numpy as np
import pytest

from paper_lenet.digits.dataset import Scale
from paper_lenet.network.architecture import layers
from paper_lenet.network.recipe import Recipe
from paper_lenet.paper import classifiers, numbers

CODE_LAYERS = {layer.name: layer for layer in layers()}


@pytest.mark.parametrize("count", numbers.COUNTS, ids=lambda count: count.layer)
def test_printed_counts_are_those_of_the_layer_list(count):
    layer = CODE_LAYERS[count.layer]
    assert layer.parameters == count.parameters
    assert count.connections in (layer.connections, None)


def test_printed_totals_are_sums_over_the_layers():
    parameters = sum(layer.parameters for layer in layers())
    connections = sum(layer.connections for layer in layers())
    assert (parameters, connections) == (numbers.TOTAL.parameters, numbers.TOTAL.connections)


def test_journal_total_is_the_sum_with_its_own_c3():
    """156,000 for 151,600 is one slip, carried into the journal's total."""
    c3 = next(count for count in numbers.COUNTS if count.layer == "C3")
    assert numbers.TOTAL.journal_connections - numbers.TOTAL.connections == (
        c3.journal_connections - c3.connections
    )
    others = [count for count in numbers.COUNTS if count.layer != "C3"]
    assert all(count.journal_connections == count.connections for count in others)


def test_recipe_has_the_printed_passes_and_scale():
    assert Recipe().step.passes == numbers.PASSES.value
    scale = Scale()
    assert (scale.background, scale.foreground) == (
        numbers.BACKGROUND.value,
        numbers.FOREGROUND.value,
    )


def test_fig5_draws_one_point_more_than_the_text_has_passes():
    points = numbers.fig5()
    assert [point.number for point in points] == list(range(1, int(numbers.PASSES.value) + 2))


def test_fig5_agrees_with_the_text():
    points = numbers.fig5()
    assert points[numbers.TRAINING_ERROR_PASS - 1].training_error == numbers.TRAINING_ERROR.value
    assert points[-1].test_error == points[-2].test_error == numbers.TEST_ERROR.value
    assert all(point.training_error > 0 and point.test_error > 0 for point in points)
    # On the fly the training error starts above the test error and ends below it.
    assert points[0].training_error > points[0].test_error
    assert points[-1].training_error < points[-1].test_error


def test_fig6_agrees_with_the_text_to_its_rounding():
    sizes = numbers.fig6()
    assert [size.patterns for size in sizes] == [15_000, 30_000, numbers.TRAINING_PATTERNS.value]
    assert sizes[-1].test_error == pytest.approx(numbers.TEST_ERROR.value, abs=0.011)
    assert sizes[-1].training_error == pytest.approx(numbers.TRAINING_ERROR.value, abs=0.005)


def test_fig8_shows_82_different_errors_in_order():
    patterns = numbers.fig8()
    indices = [pattern.test_index for pattern in patterns]
    assert len(patterns) == 82
    assert indices == sorted(set(indices))
    assert indices[-1] < numbers.TEST_PATTERNS.value
    assert all(pattern.truth != pattern.answer for pattern in patterns)
    rate = 100 * len(patterns) / numbers.TEST_PATTERNS.value
    assert round(rate, 1) == numbers.DISTORTED_TEST_ERROR.value


def labels_like_the_papers():
    labels = np.zeros(int(numbers.TEST_PATTERNS.value), np.uint8)
    for pattern in numbers.fig8():
        labels[pattern.test_index] = pattern.truth
    return labels


def test_papers_test_set_is_known_by_fig8():
    assert numbers.is_test_set(labels_like_the_papers())


def test_other_test_sets_are_told_apart():
    labels = labels_like_the_papers()
    assert not numbers.is_test_set(labels[:-1])
    labels[numbers.fig8()[40].test_index] += 1
    assert not numbers.is_test_set(labels)


def test_every_published_number_has_its_place():
    values = [*vars(numbers).values(), *vars(classifiers).values()]
    published = [value for value in values if isinstance(value, numbers.Published)]
    assert len(published) > 10
    for number in published:
        assert number.what
        assert number.place.startswith(("Section", "Fig.", "Appendix", "Yadav", "LeCun"))


def test_printed_costs_of_the_other_classifiers_are_those_of_their_shapes():
    """Thousands of multiply-accumulates, as the figures round them."""
    printed = {each.name: each.operations for each in classifiers.CLASSIFIERS}
    assert printed["28x28-300-100-10"] == round((785 * 300 + 301 * 100 + 101 * 10) / 1000)
    assert printed["28x28-1000-10"] == round((785 * 1000 + 1001 * 10) / 1000)
    assert printed["1000 RBF + linear"] == round((784 * 1000 + 1000 * 10) / 1000)


def test_lenet5_of_the_figures_has_the_error_of_the_text():
    errors = {each.name: each.error for each in classifiers.CLASSIFIERS}
    assert errors["LeNet-5"] == numbers.TEST_ERROR.value
    assert errors["[dist] LeNet-5"] == numbers.DISTORTED_TEST_ERROR.value
    assert len(errors) == len(classifiers.CLASSIFIERS)
