"""Nearest neighbours by tangent distance (Section III-C; Simard, LeCun, Denker 1993).

Small transformations move a pattern along a surface, whose tangent plane at the pattern is spanned
by seven vectors: horizontal and vertical translation, scaling, the two hyperbolic transformations
(squeezing and skewing), rotation, and the thickness of lines. The distance of two patterns is that
of their two planes. It is computed for the templates that are nearest by Euclidean distance alone.

The paper does not give k, how derivatives are smoothed, or how many templates are left by its
filters, of several resolutions. Here derivatives are those of the pattern after a Gaussian blur,
the patterns themselves stay as they are, and one filter at full resolution leaves `filtered`
templates.

With orthonormal rows T in one plane, S in the other, and d the difference of the patterns, the
squared distance is the least ``|d - T' a - S' b|^2`` over a and b. T is projected out of d and S
first; what is left is a system of seven equations, of the matrix 1 - (S T') (S T')'. It is nearly
singular where planes have a direction in common. So moving a template along its plane costs
`SPRING` times the square of b: Simard et al. name such springs for the same reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from paper_lenet.base.declared import Between, Declared
from paper_lenet.studies.fig9.classifier import Scored, Sets
from paper_lenet.studies.fig9.neighbours import distances, scores
from paper_lenet.studies.fig9.squares import Array, flat

TANGENTS = 7
SPRING = 0.1
BLOCK = 1000  # patterns at a time, whose planes are computed

Single = NDArray[np.float32]


@dataclass(frozen=True)
class Settings(Declared):
    """What the paper leaves open.

    Attributes:
        k: how many neighbours vote.
        blur: the standard deviation of the Gaussian, in pixels.
        filtered: how many templates the tangent distance is computed for.
    """

    k: Annotated[int, Between(1, 1000)] = 3
    blur: Annotated[float, Between(0.1, 10.0)] = 1.0
    filtered: Annotated[int, Between(1, 60_000)] = 200


def fit(settings: Settings, sets: Sets, seed: int) -> Scored:
    """Compare each test pattern with the templates that are left; nothing is drawn."""
    templates, patterns = flat(sets.training), flat(sets.test)
    theirs, own = (planes(images, settings.blur) for images in (sets.training, sets.test))
    left = min(settings.filtered, len(templates))
    rows, found = 0, []
    for square in distances(patterns, templates):
        for chosen in np.argpartition(square, left - 1, axis=1)[:, :left]:
            difference = (templates[chosen] - patterns[rows]).astype(np.float32)
            apart = tangent_distances(difference, own[rows], theirs[chosen])
            found.append(scores(apart[None], sets.labels[chosen], settings.k))
            rows += 1
    operations = templates.size + left * _operations(templates.shape[1])
    return Scored(np.concatenate(found), operations, (1 + TANGENTS) * templates.size)


def planes(images: Single, blur: float) -> Single:
    """Orthonormal vectors in the tangent planes of images (N, side, side): (N, 7, side * side)."""
    found = []
    for first in range(0, len(images), BLOCK):
        vectors = tangents(images[first : first + BLOCK].astype(np.float64), blur)
        basis = np.linalg.qr(vectors.transpose(0, 2, 1))[0]
        found.append(basis.transpose(0, 2, 1).astype(np.float32))
    return np.concatenate(found)


def tangents(images: Array, blur: float) -> Array:
    """The tangent vectors of images (N, side, side), about their middle: (N, 7, side * side)."""
    side = images.shape[1]
    y, x = np.indices((side, side)) - (side - 1) / 2
    down, right = (
        ndimage.gaussian_filter(images, (0, blur, blur), (0, *order), mode="constant")
        for order in ((1, 0), (0, 1))
    )
    vectors = (
        right,
        down,
        x * right + y * down,  # scaling
        x * right - y * down,  # squeezing: parallel hyperbolic
        y * right + x * down,  # skewing: diagonal hyperbolic
        y * right - x * down,  # rotation
        right**2 + down**2,  # thickness
    )
    return np.stack(vectors, axis=1).reshape(len(images), TANGENTS, side * side)


def tangent_distances(difference: Single, own: Single, theirs: Single) -> Array:
    """The squared distances of a pattern's plane from those of n templates, (n,).

    Args:
        difference: (n, pixels), of each template and the pattern.
        own: (7, pixels), orthonormal, in the pattern's plane.
        theirs: (n, 7, pixels), orthonormal, in the templates' planes.
    """
    inside = (difference @ own.T).astype(np.float64)  # T d
    common = (theirs @ own.T).astype(np.float64)  # S T'
    along = (theirs @ difference[:, :, None]).astype(np.float64)
    along -= common @ inside[:, :, None]  # S d, without what T has of it
    matrix = (1 + SPRING) * np.eye(TANGENTS) - common @ common.transpose(0, 2, 1)
    removed = (along * np.linalg.solve(matrix, along)).sum(axis=(1, 2))
    whole = (difference.astype(np.float64) ** 2).sum(axis=1)
    square: Array = np.maximum(whole - (inside**2).sum(axis=1) - removed, 0)
    return square


def _operations(pixels: int) -> int:
    """Multiply-accumulates of one tangent distance; the pattern's own plane is not counted."""
    products = pixels * (1 + 2 * TANGENTS + TANGENTS**2)  # d d, T d, S d and S T'
    return products + TANGENTS**3 + TANGENTS**3 // 3 + 3 * TANGENTS**2  # the system
