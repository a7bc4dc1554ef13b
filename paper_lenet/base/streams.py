"""The random streams: a counter-based generator of our own, the same on every machine.

Library generators may change their streams between releases, and the paper names none. A stream
here is a key and a counter: word i of the stream with key k is ``mix(k + (i + 1) * GAMMA)``, the
output function of SplitMix64 (Steele, Lea, Flood 2014), in 64-bit integers that wrap around.
Any word can be computed without those before it.

The key of a stream is made from the seed and from what it is drawn for, one of `PURPOSES`, and an
index within the purpose (the pass, or the parameter array): ``mix`` is chained over the three.

Real numbers are made by IEEE-754 operations that round correctly (never by libm), so that they are
the same everywhere: a word's upper 53 bits over 2^53 give a uniform number in [0, 1).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

GAMMA = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1
PURPOSES = {
    "weights": 1,
    "order": 2,
    "curvature": 3,
    "distortion": 4,
    "noise": 5,
    "subset": 6,
    "prior": 7,
    "tutorial": 8,
    "behaviour": 9,
    "photos": 10,
}


def mix(word: int) -> int:
    """SplitMix64's output function on one 64-bit word.

    Example:
        >>> hex(mix(1))
        '0x5692161d100b05e5'
    """
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & MASK
    return word ^ (word >> 31)


def prefix(seed: int, purpose: str) -> int:
    """What the keys of all streams that `seed` draws for `purpose` are made from.

    Example:
        >>> hex(prefix(0, "weights"))
        '0x2a98f501af37e97f'
    """
    return _chain(_chain(0, seed), PURPOSES[purpose])


def key(seed: int, purpose: str, index: int = 0) -> int:
    """The 64-bit key of the stream that `seed` draws for `purpose`, at `index`.

    Example:
        >>> key(0, "order", 1) == key(0, "order", 2)
        False
        >>> hex(key(0, "order", 1))
        '0xc8315586ca169443'
    """
    return _chain(prefix(seed, purpose), index)


def keys(seed: int, purpose: str, indices: NDArray[np.int64]) -> NDArray[np.uint64]:
    """`key` at each of the indices, which are not negative: the same shape.

    Example:
        >>> keys(0, "noise", np.array([3]))[0] == key(0, "noise", 3)
        np.True_
    """
    return _mixed(indices.astype(np.uint64) + np.uint64((prefix(seed, purpose) + GAMMA) & MASK))


def _chain(word: int, part: int) -> int:
    return mix((word + GAMMA + part) & MASK)


def _mixed(word: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """`mix` of each word, in place."""
    word ^= word >> np.uint64(30)
    word *= np.uint64(0xBF58476D1CE4E5B9)
    word ^= word >> np.uint64(27)
    word *= np.uint64(0x94D049BB133111EB)
    word ^= word >> np.uint64(31)
    return word


def words(stream: int | NDArray[np.uint64], count: int, start: int = 0) -> NDArray[np.uint64]:
    """Words `start` to `start + count - 1` of the stream with key `stream`, shape (count,).

    Of several streams, keys of shape (n,), it is (n, count); so below.

    Example:
        >>> stream = key(0, "order")
        >>> bool(words(stream, 3)[2] == words(stream, 1, start=2)[0])
        True
    """
    counter = np.arange(start + 1, start + count + 1, dtype=np.uint64)
    return _mixed(np.asarray(stream, np.uint64)[..., None] + counter * np.uint64(GAMMA))


def uniform(stream: int | NDArray[np.uint64], count: int) -> NDArray[np.float64]:
    """Uniform numbers in [0, 1), shape (count,), float64.

    Example:
        >>> uniform(key(0, "order"), 3).round(4)
        array([0.4659, 0.5726, 0.2601])
    """
    return (words(stream, count) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def chosen(stream: int | NDArray[np.uint64], count: int, probability: float) -> NDArray[np.bool_]:
    """Where the numbers of `uniform` are below `probability`, shape (count,).

    Example:
        >>> chosen(key(0, "order"), 6, 0.5)
        array([ True, False,  True, False,  True, False])
    """
    return words(stream, count) >> np.uint64(11) < np.uint64(math.ceil(probability * 2.0**53))


def permutation(stream: int, count: int) -> NDArray[np.int64]:
    """A random order of ``0 .. count - 1``, shape (count,): sorted by one random word each.

    Every order is equally likely but for ties among 64-bit words, which keep their order.

    Example:
        >>> permutation(key(0, "order"), 6)
        array([2, 4, 0, 5, 1, 3])
    """
    return np.argsort(words(stream, count), kind="stable")
