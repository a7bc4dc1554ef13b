"""The random streams against a second transcription of SplitMix64 and its published words."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper_lenet.base import streams

WORD = 2**64


def splitmix64(state: int):
    """The generator as published in C (Vigna): a running state, not a counter."""
    while True:
        state = (state + 0x9E3779B97F4A7C15) % WORD
        z = state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % WORD
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % WORD
        yield z ^ (z >> 31)


def test_words_are_the_published_ones():
    """The first outputs for the states 0 and 1234567, as test vectors list them."""
    assert streams.words(0, 5).tolist() == [
        0xE220A8397B1DCDAF,
        0x6E789E6AA1B965F4,
        0x06C45D188009454F,
        0xF88BB8A8724C81EC,
        0x1B39896A51A8749B,
    ]
    assert streams.words(1234567, 5).tolist() == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


@given(st.integers(0, WORD - 1), st.integers(0, 50), st.integers(0, 50))
def test_words_match_a_second_transcription_from_any_start(key, start, count):
    expected = list(itertools.islice(splitmix64(key), start, start + count))
    assert streams.words(key, count, start).tolist() == expected


@given(st.integers(0, WORD - 1), st.sampled_from(sorted(streams.PURPOSES)), st.integers(0, 10**6))
def test_keys_chain_the_output_function(seed, purpose, index):
    """A key is the first word from the state: the key so far plus the part."""
    expected = 0
    for part in (seed, streams.PURPOSES[purpose], index):
        expected = next(splitmix64((expected + part) % WORD))
    assert streams.key(seed, purpose, index) == expected


@given(st.lists(st.integers(0, 2**62), min_size=1, max_size=5), st.integers(0, 30))
def test_several_streams_at_once_are_each_by_itself(indices, count):
    keys = streams.keys(3, "noise", np.array(indices))
    assert keys.tolist() == [streams.key(3, "noise", index) for index in indices]
    assert np.array_equal(streams.words(keys, count), [streams.words(key, count) for key in keys])
    assert np.array_equal(streams.words(keys, 4, 9), [streams.words(key, 4, 9) for key in keys])


@given(st.integers(0, WORD - 1), st.floats(0, 1) | st.integers(0, 39))
def test_chosen_is_where_the_uniform_number_is_below(key, probability):
    numbers = streams.uniform(key, 40)
    if isinstance(probability, int):  # one of the numbers themselves
        probability = float(numbers[probability])
    assert np.array_equal(streams.chosen(key, 40, probability), numbers < probability)


def test_streams_of_different_seeds_purposes_and_indices_differ():
    keys = {
        streams.key(seed, purpose, index)
        for seed in range(20)
        for purpose in streams.PURPOSES
        for index in range(25)
    }
    assert len(keys) == 20 * len(streams.PURPOSES) * 25
    assert len(set(streams.PURPOSES.values())) == len(streams.PURPOSES)


def test_an_unknown_purpose_is_refused():
    with pytest.raises(KeyError):
        streams.key(0, "luck")


def test_uniform_is_the_upper_53_bits():
    drawn = streams.uniform(7, 1000)
    words = list(itertools.islice(splitmix64(7), 1000))
    assert drawn.tolist() == [(word >> 11) / 2**53 for word in words]


def test_uniform_fills_the_unit_interval_evenly():
    """100,000 draws in 20 bins: chi squared with 19 degrees of freedom, 0.1% to 99.9%."""
    drawn = streams.uniform(streams.key(0, "weights"), 100_000)
    assert drawn.min() >= 0
    assert drawn.max() < 1
    counts = np.bincount((drawn * 20).astype(int), minlength=20)
    assert 5.4 < ((counts - 5000) ** 2 / 5000).sum() < 43.8


def test_permutation_sorts_by_one_word_each():
    words = list(itertools.islice(splitmix64(99), 500))
    expected = sorted(range(500), key=lambda index: words[index])
    assert streams.permutation(99, 500).tolist() == expected


@given(st.integers(0, WORD - 1), st.integers(0, 300))
def test_permutation_has_every_index_once(key, count):
    order = streams.permutation(key, count)
    assert order.dtype == np.int64
    assert sorted(order.tolist()) == list(range(count))
