"""tanh, exp and log as arithmetic of our own.

The C library's versions differ from machine to machine in the last bit. These are made of
additions, multiplications, divisions and fused multiply-adds alone, so they do not. Their error
bounds are tested over their whole ranges. The coefficients are minimax fits made for this project.
"""

from __future__ import annotations

from paper_lenet.engine.choices import larger, power_of_two, smaller, where_equal
from paper_lenet.engine.kernel import inlined
from paper_lenet.engine.simd import fma, fma_less, splat

# tanh(u) = u P(u^2) / Q(u^2) for |u| <= 9, where float32's tanh has become 1.
P0, P1, P2 = 1.0, 0.13388015471983153, 0.00350330445716739
P3, P4 = 2.0710660338329003e-05, 1.3445437528128968e-08
Q1, Q2 = 0.4672134769558217, 0.025907883341403735
Q3, Q4 = 0.0003297177569272056, 7.824360450696277e-07
TANH_LIMIT = 9.0


# exp(r) = 1 + r + r^2 E(r) for |r| <= ln(2) / 2; ln(2) in two parts, the first of few bits.
E0, E1, E2 = 0.49999993411345844, 0.16666520105680535, 0.04166839450743936
E3, E4 = 0.00836878054156474, 0.0013814449978865719
LOG2_E, LN2_HIGH, LN2_LOW = 1.4426950408889634, 0.693359375, -0.00021219444005469057
EXP_LIMIT = -87.0
ROUNDER = 12582912.0  # 1.5 * 2^23: adding and subtracting it rounds to a whole number


@inlined
def squash(a, amplitude, slope, rectify):
    """amplitude * tanh(slope * a) (eq. 6), or max(a, 0) if `rectify`; not-a-numbers pass through.

    Within 7e-7 of the exact value for the paper's constants.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.simd import load, store
        >>> x = np.array([-1, 0, 1, 100] * 4, np.float32)
        >>> kernel(lambda x: store(x, 0, squash(load(x, 0), 1.7159, 2 / 3, False)))(x)
        >>> print(x[:4].round(4))
        [-1.      0.      1.      1.7159]
    """
    if rectify:
        return larger(splat(0.0), a)
    u = larger(splat(-TANH_LIMIT), smaller(splat(TANH_LIMIT), splat(slope) * a))
    t = u * u
    p = fma(t, fma(t, fma(t, fma(t, splat(P4), splat(P3)), splat(P2)), splat(P1)), splat(P0))
    q = fma(t, fma(t, fma(t, fma(t, splat(Q4), splat(Q3)), splat(Q2)), splat(Q1)), splat(1.0))
    return splat(amplitude) * u * p / q


@inlined
def squash_slope(x, steepest, bend, rectify):
    """The derivative of `squash` where its value is `x`: 1 where x > 0 if `rectify`.

    Else steepest - bend x^2, where `steepest` is slope * amplitude, `bend` slope / amplitude.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.simd import load, store
        >>> x = np.array([0, 1] * 8, np.float32)
        >>> slope = kernel(lambda x: store(x, 0, squash_slope(load(x, 0), 1.14393, 0.38852, False)))
        >>> slope(x)
        >>> print(x[:2].round(2))  # f'(0) and f'(1) of the paper's constants
        [1.14 0.76]
    """
    if rectify:
        return where_equal(x, splat(0.0), splat(0.0), splat(1.0))
    return fma_less(splat(bend) * x, x, splat(steepest))


@inlined
def exp(x):
    """e to the x for x <= 0; 0 from -87 down, where float32 ends.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.engine.kernel import kernel
        >>> from paper_lenet.engine.simd import load, store
        >>> x = np.array([0, -1, -87, -1000] * 4, np.float32)
        >>> kernel(lambda x: store(x, 0, exp(load(x, 0))))(x)
        >>> print(x[:4].round(4))
        [1.     0.3679 0.     0.    ]
    """
    x = larger(splat(EXP_LIMIT), x)
    n = fma(x, splat(LOG2_E), splat(ROUNDER)) - splat(ROUNDER)
    r = fma(n, splat(-LN2_LOW), fma(n, splat(-LN2_HIGH), x))
    e = fma(r, fma(r, fma(r, fma(r, splat(E4), splat(E3)), splat(E2)), splat(E1)), splat(E0))
    result = (splat(1.0) + fma(r * r, e, r)) * power_of_two(n)
    return where_equal(x, splat(EXP_LIMIT), splat(0.0), result)


@inlined
def log(z):
    """The natural logarithm of a float64 z >= 1, in float64.

    z = 2^k m with m in [0.707, 1.414); log m = 2 artanh((m - 1) / (m + 1)) by its power series.

    Example:
        >>> log(1.0), round(log(10.0), 12)
        (0.0, 2.302585092994)
    """
    k = 0.0
    while z >= 1.4142135623730951:
        z *= 0.5
        k += 1.0
    s = (z - 1.0) / (z + 1.0)
    t = s * s
    series = 1.0 / 13.0
    for odd in range(11, 0, -2):
        series = series * t + 1.0 / odd
    return k * 0.6931471805599453 + 2.0 * s * series
