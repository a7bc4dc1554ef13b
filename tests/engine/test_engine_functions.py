"""tanh, exp and log against NumPy in float64, and the vector operations they are made of."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numba import njit

from paper_lenet.engine import choices, functions, simd
from paper_lenet.network.architecture import SQUASHING_AMPLITUDE, SQUASHING_SLOPE

AMPLITUDE, SLOPE = SQUASHING_AMPLITUDE, SQUASHING_SLOPE
NAN, INF = np.nan, np.inf
TINY = np.finfo(np.float32).tiny
finite = st.floats(width=32, allow_nan=False, allow_infinity=False)


@njit
def squash(x, result, amplitude, slope, rectify):
    for i in range(0, len(x), 16):
        y = functions.squash(simd.load(x, i), amplitude, slope, rectify)
        simd.store(result, i, y)


@njit
def squash_slope(x, result, steepest, bend, rectify):
    for i in range(0, len(x), 16):
        y = functions.squash_slope(simd.load(x, i), steepest, bend, rectify)
        simd.store(result, i, y)


@njit
def exp(x, result):
    for i in range(0, len(x), 16):
        simd.store(result, i, functions.exp(simd.load(x, i)))


@njit
def log(z, result):
    for i in range(len(z)):
        result[i] = functions.log(z[i])


@njit
def operations(a, b, c, result):
    """Each operation of `simd` and `choices` on sixteen lanes, one a row."""
    x, y, z = simd.load(a, 0), simd.load(b, 0), simd.load(c, 0)
    simd.store(result[0], 0, x + y)
    simd.store(result[1], 0, x - y)
    simd.store(result[2], 0, x * y)
    simd.store(result[3], 0, x / y)
    simd.store(result[4], 0, simd.fma(x, y, z))
    simd.store(result[5], 0, simd.fma_less(x, y, z))
    simd.store(result[6], 0, choices.larger(x, y))
    simd.store(result[7], 0, choices.smaller(x, y))
    simd.store(result[8], 0, choices.where_equal(x, y, z, simd.splat(7.0)))


@njit
def powers_of_two(x, result):
    for i in range(0, len(x), 16):
        simd.store(result, i, choices.power_of_two(simd.load(x, i)))


def result_of(kernel, x, *arguments):
    """The kernel's float32 results for any number of float32 values."""
    padded = np.zeros(-(-len(x) // 16) * 16, np.float32)
    padded[: len(x)] = x
    result = np.empty_like(padded)
    kernel(padded, result, *arguments)
    return result[: len(x)]


def all_magnitudes() -> np.ndarray:
    """Two million float32 values: both signs, every exponent, 4096 mantissas each, and zero."""
    bits = np.arange(0, 0x7F800000, 1 << 11, dtype=np.uint32)
    positive = bits.view(np.float32)
    return np.concatenate([positive, -positive])


@pytest.mark.parametrize(
    ("amplitude", "slope", "bound"), [(AMPLITUDE, SLOPE, 7e-7), (1.0, 1.0, 4e-7)]
)
def test_squash_is_within_its_bound_everywhere(amplitude, slope, bound):
    x = all_magnitudes()
    found = result_of(squash, x, amplitude, slope, False)
    exact = amplitude * np.tanh(slope * x.astype(np.float64))
    assert np.abs(found - exact).max() <= bound
    # Small values too are right to float32's rounding, not only to the bound.
    normal = np.abs(x) >= 2 * TINY
    assert (np.abs(found - exact)[normal] <= 4e-7 * np.abs(exact[normal])).all()


def test_squash_is_odd_saturates_and_passes_not_a_numbers():
    x = all_magnitudes()
    found = result_of(squash, x, AMPLITUDE, SLOPE, False)
    half = len(x) // 2
    assert np.array_equal(found[:half], -found[half:])
    ends = result_of(squash, np.float32([13.5, 14, 1e30, INF, -INF, NAN]), AMPLITUDE, SLOPE, False)
    assert len(set(ends[:4])) == 1
    assert ends[3] == -ends[4] == pytest.approx(AMPLITUDE, abs=7e-7)
    assert np.isnan(ends[5])


def test_rectified_is_the_maximum_of_zero_and_the_input():
    x = np.concatenate([all_magnitudes(), np.float32([INF, -INF, NAN])])
    found = result_of(squash, x, 1.0, 1.0, True)
    assert np.array_equal(found, np.maximum(x, np.float32(0)), equal_nan=True)
    slopes = result_of(squash_slope, np.maximum(x[:-1], 0), 1.0, 1.0, True)
    assert np.array_equal(slopes, (x[:-1] > 0).astype(np.float32))


@pytest.mark.parametrize(("amplitude", "slope"), [(AMPLITUDE, SLOPE), (1.0, 1.0)])
def test_slope_is_the_derivative_of_squash_at_its_value(amplitude, slope):
    """To three roundings of its greatest value; of total inputs beyond saturation it is 0."""
    a = np.linspace(-12, 12, 100_000)
    states = (amplitude * np.tanh(slope * a)).astype(np.float32)
    found = result_of(squash_slope, states, slope * amplitude, slope / amplitude, False)
    exact = slope * amplitude / np.cosh(slope * a) ** 2
    assert np.abs(found - exact).max() <= 3 * 2.0**-23


def test_exp_is_within_its_bound_down_to_where_float32_ends():
    x = -all_magnitudes()[: 0x7F800000 >> 11]
    # And neighbour by neighbour where the octave changes.
    near = -np.log(2) * np.arange(0.5, 126)[:, None] + np.linspace(-1e-4, 1e-4, 999)
    x = np.concatenate([x, near.ravel().astype(np.float32)])
    found, exact = result_of(exp, x), np.exp(x.astype(np.float64))
    assert (np.abs(found - exact) <= 1e-7 * exact)[x > -87].all()
    assert not found[x <= -87].any()
    assert found[x > -87].min() > TINY


def test_exp_of_zero_is_one_of_minus_infinity_nothing_and_not_a_numbers_pass():
    assert np.array_equal(result_of(exp, np.float32([0, -0.0, -INF])), [1, 1, 0])
    assert np.isnan(result_of(exp, np.float32([NAN]))).all()


def test_log_is_within_its_bound():
    """For all that eq. 9 can hand over, sums of eleven terms of at most 1, and far beyond."""
    root = np.sqrt(2.0)
    near_one = np.logspace(-16, 0, 100_000)
    ends = [1.0, np.nextafter(root, 1), root, np.nextafter(root, 2), 2.0, 11.0, 1e308]
    z = np.concatenate([np.linspace(1, 12, 1_000_000), 1 + near_one, ends])
    found = np.empty_like(z)
    log(z, found)
    exact = np.log(z)
    assert (np.abs(found - exact) <= np.maximum(6e-13, 4e-16 * exact)).all()
    assert (np.abs(found - exact) <= 2e-12 * exact).all()
    missing = np.empty(1)
    log(np.array([NAN]), missing)
    assert np.isnan(missing[0])


def fused(a: float, b: float, c: float) -> np.float32:
    """a b + c, rounded once to float32: exact, then by way of an odd float64.

    A float64 that is not exact gets an odd last bit, so that the second rounding goes where the
    first would have gone.
    """
    exact = Fraction(float(a)) * Fraction(float(b)) + Fraction(float(c))
    near = np.float64(float(exact))
    if np.isfinite(near) and Fraction(float(near)) != exact and not near.view(np.uint64) & 1:
        near = np.nextafter(near, INF if exact > Fraction(float(near)) else -INF)
    return np.float32(near)


@given(arrays(np.float32, (3, 16), elements=finite))
def test_vector_operations_round_once_in_each_lane(values):
    a, b, c = values
    found = np.empty((9, 16), np.float32)
    operations(a, b, c, found)
    with np.errstate(all="ignore"):
        expected = [
            a + b,
            a - b,
            a * b,
            a / b,
            [fused(*lane) for lane in zip(a, b, c, strict=True)],
            [fused(-x, y, z) for x, y, z in zip(a, b, c, strict=True)],
            np.where(a > b, a, b),
            np.where(a < b, a, b),
            np.where(a == b, c, np.float32(7)),
        ]
    for row, wanted in zip(found, expected, strict=True):
        np.testing.assert_array_equal(row, wanted)


def test_fma_rounds_once_where_twice_would_be_wrong():
    """(1 + 2^-12)^2 = 1 + 2^-11 + 2^-24: the last term is half a unit, and 2^-60 decides."""
    a, c = np.full(16, 1 + 2.0**-12, np.float32), np.full(16, 2.0**-60, np.float32)
    found = np.empty((9, 16), np.float32)
    operations(a, a, c, found)
    assert (found[4] == np.float32(1 + 2.0**-11 + 2.0**-23)).all()
    assert np.float32(np.float64(a[0]) ** 2 + np.float64(c[0])) == np.float32(1 + 2.0**-11)


def test_choices_take_the_second_where_either_is_not_a_number():
    a, b = np.full(16, NAN, np.float32), np.full(16, 3, np.float32)
    found = np.empty((9, 16), np.float32)
    operations(a, b, b, found)
    assert (found[6:8] == 3).all()
    assert (found[8] == 7).all()
    operations(b, a, b, found)
    assert np.isnan(found[6:8]).all()


def test_powers_of_two_are_exact():
    exponents = np.arange(-126, 128, dtype=np.float32)
    found = result_of(powers_of_two, exponents)
    assert np.array_equal(found, np.exp2(exponents.astype(np.float64)))
