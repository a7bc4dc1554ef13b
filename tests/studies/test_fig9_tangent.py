"""Tangent distance: its vectors against small transformations, its planes against least squares."""

from __future__ import annotations

import numpy as np
import pytest
from few import few, wrong
from scipy import ndimage

from paper_lenet.studies.fig9 import neighbours, tangent
from paper_lenet.studies.fig9.tangent import SPRING, Settings, planes, tangent_distances, tangents

# Where a pixel (x, y) about the middle is taken from, for each vector but thickness.
MOVED = (
    lambda x, y: (1 + 0 * x, 0 * y),
    lambda x, y: (0 * x, 1 + 0 * y),
    lambda x, y: (x, y),
    lambda x, y: (x, -y),
    lambda x, y: (y, x),
    lambda x, y: (y, -x),
)


@pytest.mark.parametrize("number", range(6))
def test_vectors_are_what_a_small_transformation_changes(number):
    blurred = ndimage.gaussian_filter(np.eye(33)[:, ::-1] + np.eye(33)[5], 2.5)
    y, x = np.indices((33, 33)) - 16.0
    right, down = MOVED[number](x, y)
    step = 1e-3
    ends = [
        ndimage.map_coordinates(blurred, (y + 16 + s * down, x + 16 + s * right), order=5)
        for s in (step, -step)
    ]
    expected = (ends[0] - ends[1]) / (2 * step)
    start = ndimage.gaussian_filter(np.eye(33)[:, ::-1] + np.eye(33)[5], np.sqrt(2.5**2 - 1.5**2))
    found = tangents(start[None], 1.5)[0, number].reshape(33, 33)
    inside = (slice(10, 23), slice(10, 23))
    assert np.allclose(found[inside], expected[inside], atol=0.02 * np.abs(expected).max())


def test_thicker_lines_are_along_the_last_vector(mnist):
    image = np.pad(few(mnist, "reduced")[0].training[0], 2).astype(np.float64)
    thicker = ndimage.grey_dilation(image, (3, 3)) - image
    vectors = tangents(image[None], 0.7)[0]
    cosines = vectors @ thicker.ravel() / np.linalg.norm(vectors, axis=1)
    assert cosines[6] > 0 and np.abs(cosines).argmax() == 6


def test_planes_hold_the_vectors_and_are_orthonormal(mnist):
    images = few(mnist, "reduced")[0].test[:5]
    for vectors, basis in zip(
        tangents(images.astype(float), 0.8), planes(images, 0.8), strict=True
    ):
        assert np.allclose(basis @ basis.T, np.eye(7), atol=1e-5)
        assert np.allclose(vectors @ basis.T @ basis, vectors, atol=1e-4 * np.abs(vectors).max())


def test_distances_are_those_of_least_squares(mnist):
    sets, _ = few(mnist, "reduced")
    pattern, templates = sets.test[0], sets.training[:40]
    own, theirs = planes(sets.test[:1], 0.8)[0], planes(templates, 0.8)
    difference = (templates - pattern).reshape(40, -1)
    found = tangent_distances(difference, own, theirs)
    for each, d, basis in zip(found, difference.astype(float), theirs.astype(float), strict=True):
        springs = np.c_[np.zeros((7, 7)), np.sqrt(SPRING) * np.eye(7)]
        rows = np.r_[np.c_[own.astype(float).T, basis.T], springs]
        wanted = np.r_[d, np.zeros(7)]
        rest = wanted - rows @ np.linalg.lstsq(rows, wanted)[0]
        assert each == pytest.approx(rest @ rest, rel=1e-4)


def test_nearest_templates_are_those_of_a_whole_search(mnist):
    sets, truth = few(mnist, "reduced")
    whole = tangent.fit(Settings(1, 0.8, filtered=300), sets, 0)
    own, theirs = planes(sets.test, 0.8), planes(sets.training, 0.8)
    flat = sets.training.reshape(300, -1)
    for pattern, basis, row in zip(sets.test, own, whole.scores, strict=True):
        apart = tangent_distances(flat - pattern.ravel(), basis, theirs)
        assert row.argmax() == sets.labels[apart.argmin()]
        assert row.max() == pytest.approx(1 + 1 / (1 + np.sqrt(apart.min())), rel=1e-5)
    plain = neighbours.fit(neighbours.Settings(1), sets, 0)
    filtered = tangent.fit(Settings(1, 0.8, filtered=30), sets, 0)
    assert wrong(whole, truth) <= wrong(plain, truth)
    assert wrong(filtered, truth) <= wrong(plain, truth)
    assert filtered.variables == 300 * 256 * 8
    assert plain.operations < filtered.operations < whole.operations
