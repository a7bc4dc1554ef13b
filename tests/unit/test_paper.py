"""The published numbers against each other, the layer list and the package's data files."""

from __future__ import annotations

import numpy as np
import pytest

from paper_lenet import paper, published
from paper_lenet.architecture import layers
from paper_lenet.recipe import Recipe, Scale

CODE_LAYERS = {layer.name: layer for layer in layers()}


@pytest.mark.parametrize("count", paper.COUNTS, ids=lambda count: count.layer)
def test_printed_counts_are_those_of_the_layer_list(count):
    layer = CODE_LAYERS[count.layer]
    assert layer.parameters == count.parameters
    assert count.connections in (layer.connections, None)


def test_printed_totals_are_sums_over_the_layers():
    parameters = sum(layer.parameters for layer in layers())
    connections = sum(layer.connections for layer in layers())
    assert (parameters, connections) == (paper.TOTAL.parameters, paper.TOTAL.connections)


def test_journal_total_is_the_sum_with_its_own_c3():
    """156,000 for 151,600 is one slip, carried into the journal's total."""
    c3 = next(count for count in paper.COUNTS if count.layer == "C3")
    assert paper.TOTAL.journal_connections - paper.TOTAL.connections == (
        c3.journal_connections - c3.connections
    )
    others = [count for count in paper.COUNTS if count.layer != "C3"]
    assert all(count.journal_connections == count.connections for count in others)


def test_recipe_has_the_printed_passes_and_scale():
    assert Recipe().step.passes == paper.PASSES.value
    scale = Scale()
    assert (scale.background, scale.foreground) == (paper.BACKGROUND.value, paper.FOREGROUND.value)


def test_fig5_draws_one_point_more_than_the_text_has_passes():
    points = paper.fig5()
    assert [point.number for point in points] == list(range(1, int(paper.PASSES.value) + 2))


def test_fig5_agrees_with_the_text():
    points = paper.fig5()
    assert points[paper.TRAINING_ERROR_PASS - 1].training_error == paper.TRAINING_ERROR.value
    assert points[-1].test_error == points[-2].test_error == paper.TEST_ERROR.value
    assert all(point.training_error > 0 and point.test_error > 0 for point in points)
    # On the fly the training error starts above the test error and ends below it.
    assert points[0].training_error > points[0].test_error
    assert points[-1].training_error < points[-1].test_error


def test_fig6_agrees_with_the_text_to_its_rounding():
    sizes = paper.fig6()
    assert [size.patterns for size in sizes] == [15_000, 30_000, paper.TRAINING_PATTERNS.value]
    assert sizes[-1].test_error == pytest.approx(paper.TEST_ERROR.value, abs=0.011)
    assert sizes[-1].training_error == pytest.approx(paper.TRAINING_ERROR.value, abs=0.005)


def test_fig8_shows_82_different_errors_in_order():
    patterns = paper.fig8()
    indices = [pattern.test_index for pattern in patterns]
    assert len(patterns) == 82
    assert indices == sorted(set(indices))
    assert indices[-1] < paper.TEST_PATTERNS.value
    assert all(pattern.truth != pattern.answer for pattern in patterns)
    rate = 100 * len(patterns) / paper.TEST_PATTERNS.value
    assert round(rate, 1) == paper.DISTORTED_TEST_ERROR.value


def labels_like_the_papers():
    labels = np.zeros(int(paper.TEST_PATTERNS.value), np.uint8)
    for pattern in paper.fig8():
        labels[pattern.test_index] = pattern.truth
    return labels


def test_papers_test_set_is_known_by_fig8():
    assert paper.is_test_set(labels_like_the_papers())


def test_other_test_sets_are_told_apart():
    labels = labels_like_the_papers()
    assert not paper.is_test_set(labels[:-1])
    labels[paper.fig8()[40].test_index] += 1
    assert not paper.is_test_set(labels)


def test_every_published_number_has_its_place():
    values = [*vars(paper).values(), *vars(published).values()]
    numbers = [value for value in values if isinstance(value, paper.Published)]
    assert len(numbers) > 10
    for number in numbers:
        assert number.what
        assert number.place.startswith(("Section", "Fig.", "Appendix", "Yadav"))


def test_printed_costs_of_the_other_classifiers_are_those_of_their_shapes():
    """Thousands of multiply-accumulates, as the figures round them."""
    printed = {each.name: each.operations for each in published.CLASSIFIERS}
    assert printed["28x28-300-100-10"] == round((785 * 300 + 301 * 100 + 101 * 10) / 1000)
    assert printed["28x28-1000-10"] == round((785 * 1000 + 1001 * 10) / 1000)
    assert printed["1000 RBF + linear"] == round((784 * 1000 + 1000 * 10) / 1000)


def test_lenet5_of_the_figures_has_the_error_of_the_text():
    errors = {each.name: each.error for each in published.CLASSIFIERS}
    assert errors["LeNet-5"] == paper.TEST_ERROR.value
    assert errors["[dist] LeNet-5"] == paper.DISTORTED_TEST_ERROR.value
    assert len(errors) == len(published.CLASSIFIERS)
